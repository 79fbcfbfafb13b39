"""The figures of lesson 07 about the idea: a decoder without right answers, the best discriminator, the two losses."""

import numpy as np

from course_utils.from_scratch._checks import whole
from course_utils.from_scratch.gan import best_discriminator, generator_loss, generator_slope, value_at_best
from course_utils.from_scratch.neuron import sigmoid
from course_utils.visuals import style
from course_utils.visuals.interactive import InteractiveFigure, choice, slider
from course_utils.visuals.painter import cells
from course_utils.visuals.style import minus

GAP = 5  # pixels of paper between two pictures


def as_tiles(pictures, columns):
    """Pictures (n, h, w) side by side as one picture, with some paper between them."""
    n, height, width = pictures.shape
    rows = -(-n // columns)
    wall = np.zeros((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP))
    for k, picture in enumerate(pictures):
        top, left = (k // columns) * (height + GAP), (k % columns) * (width + GAP)
        wall[top : top + height, left : left + width] = picture
    return wall


def tiles(axes, pictures, columns, title=""):
    """An image of pictures 0..1 side by side, ink dark on paper; returns function(pictures) that shows others."""
    image = cells(axes.imshow(as_tiles(pictures, columns), cmap="gray_r", vmin=0, vmax=1))
    axes.set(xticks=[], yticks=[])
    axes.set_title(title)
    for side in axes.spines.values():
        side.set_visible(False)
    return lambda some: image.set_data(as_tiles(some, columns))


def beside(size=(8.4, 5.2), width_ratios=(1.15, 1)):
    """A figure with one large panel, for tiles, and two above each other beside it: (figure, left, (top, bottom))."""
    figure, whole_ = style.figure(size=size)
    whole_.remove()
    panels = figure.subplot_mosaic([["left", "top"], ["left", "bottom"]], width_ratios=width_ratios)
    return figure, panels["left"], (panels["top"], panels["bottom"])


def fit_to_pairs(noise, pictures):
    """The linear decoder (weights, bias) with the least squared error for these pairs of noise and picture."""
    table = np.column_stack([noise, np.ones(len(noise))])
    solution = np.linalg.lstsq(table, pictures.reshape(len(pictures), -1), rcond=None)[0]
    return solution[:-1], solution[-1]


def decoder(decoders, latent):
    """Three of a decoder's numbers to turn, and the picture it makes; eight more pictures from random numbers.

    decoders: name -> function from numbers (n, latent) to pictures (n, 28, 28).
    """
    latent = whole(3)("decoder", "latent", latent)
    names = list(decoders)
    figure, (left, right) = style.figure(1, 2, size=(9.0, 4.0), width_ratios=(1, 2))
    others = np.random.default_rng(0).normal(size=(8, latent))
    show, show_others = (tiles(axes, np.zeros((count, 28, 28)), columns, title) for axes, count, columns, title in
                         ((left, 1, 1, "your numbers"), (right, 8, 4, "random numbers")))

    def update(which, first, second, third):
        numbers = np.zeros((1, latent))
        numbers[0, :3] = first, second, third
        make = decoders[which]
        show(np.clip(make(numbers), 0, 1))
        many = np.clip(make(others), 0, 1)
        show_others(many)
        apart = np.sqrt(np.mean((many - many.mean(axis=0)) ** 2))
        return minus(f"{which}: the picture for ({first:.1f}, {second:.1f}, {third:.1f}, 0 …). The eight pictures from "
                     f"random numbers differ from their mean by {apart:.3f} a pixel (root mean square).")

    return InteractiveFigure(figure, update, name="The decoder", controls={
        "which": choice("decoder", names, names[-1]),
        **{name: slider(f"{name} number", -3.0, 3.0, start, 0.1)
           for name, start in (("first", 1.0), ("second", 0.0), ("third", 0.0))}})


def one_place():
    """At one place x: what each answer D is worth, p ln D + q ln(1 - D), and where it is best."""
    figure, axes = style.figure(size=(8.2, 4.0))
    d = np.linspace(0.001, 0.999, 400)
    line, = axes.plot(d, d, color=style.COLORS["blue"], label="p ln D + q ln(1 − D)")
    best = axes.axvline(0.5, color=style.COLORS["ink"], linestyle=":", label="the best D")
    mine, = axes.plot([0], [0], "D", markersize=12, color=style.COLORS["vermillion"], label="your D")
    axes.set(xlim=(0, 1), ylim=(-5, 0.1), xlabel="D, the discriminator's answer at x", ylabel="worth")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))

    def worth(p, q, d):
        return p * np.log(d) + q * np.log(1 - d)

    def update(p, q, answer):
        peak = float(best_discriminator(np.array(p), np.array(q)))
        line.set_ydata(worth(p, q, d))
        best.set_xdata([peak, peak])
        mine.set_data([answer], [worth(p, q, answer)])
        inside = min(max(peak, 0.001), 0.999)
        return minus(f"Heights p = {p:.1f} (real) and q = {q:.1f} (made): D = {answer:.2f} is worth "
                     f"{worth(p, q, answer):.2f}; the best, D = p / (p + q) = {peak:.2f}, is worth "
                     f"{worth(p, q, inside):.2f}.")

    return InteractiveFigure(figure, update, name="The best answer at one place", controls={
        "p": slider("p, height of the real density", 0.1, 2.0, 0.6, 0.1),
        "q": slider("q, height of the made density", 0.1, 2.0, 0.2, 0.1),
        "answer": slider("your D", 0.05, 0.95, 0.5, 0.05)})


def two_densities():
    """Two bumps to move apart: the best D everywhere, and V with it, between −ln 4 and 0."""
    x = np.linspace(-8, 8, 801)
    figure, (left, right) = style.figure(1, 2, size=(9.8, 4.0), width_ratios=(1.6, 1))

    def bump(middle, width):
        return np.exp(-0.5 * ((x - middle) / width) ** 2) / (width * np.sqrt(2 * np.pi))

    p = bump(0, 1)
    left.plot(x, p, color=style.COLORS["blue"], linestyle="-", label="p, real")
    made, = left.plot(x, p, color=style.COLORS["orange"], linestyle="-", label="q, made")
    answer, = left.plot(x, p, color=style.COLORS["ink"], linestyle="--", label="best D")
    left.axhline(0.5, color=style.COLORS["grey"], linestyle=":", linewidth=1.5)
    left.set(xlim=(-6, 6), ylim=(0, 1.05), xlabel="x")
    left.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    shifts = np.linspace(0, 6, 121)
    curve, = right.plot(shifts, shifts, color=style.COLORS["vermillion"], linestyle="-")
    right.axhline(-np.log(4), color=style.COLORS["grey"], linestyle=":", linewidth=1.5)
    right.annotate("−ln 4", (6, -np.log(4)), (-4, 5), textcoords="offset points", ha="right")
    point, = right.plot([0], [0], "D", markersize=11, color=style.COLORS["vermillion"])
    right.set(xlim=(0, 6), ylim=(-1.5, 0.05), xlabel="shift of the made bump", ylabel="V with the best D")
    known = {}

    def update(shift, width):
        q = bump(shift, width)
        made.set_ydata(q)
        answer.set_ydata(best_discriminator(p, q))
        if width not in known:
            known[width] = [value_at_best(p, bump(one, width), x[1] - x[0]) for one in shifts]
        value = value_at_best(p, q, x[1] - x[0])
        curve.set_ydata(known[width])
        point.set_data([shift], [value])
        same = "; the bumps are equal, and the best D says ½ everywhere" if shift == 0 and width == 1 else ""
        return minus(f"Made bump shifted by {shift:.1f}, width {width:.1f}: V = {value:.3f}, and −ln 4 = "
                     f"{-np.log(4):.3f}{same}.")

    return InteractiveFigure(figure, update, name="Two bumps and the best discriminator", controls={
        "shift": slider("shift of the made bump", 0.0, 6.0, 2.0, 0.1),
        "width": slider("width of the made bump", 0.5, 2.0, 1.0, 0.1)})


def two_losses():
    """The two losses of the generator for one made point, and their slopes for the logit, against D."""
    figure, (left, right) = style.figure(1, 2, size=(9.8, 4.0))
    s = np.linspace(-7, 7, 281)
    looks = {"minimax": ("blue", "--", "minimax: ln(1 − D)"),
             "non-saturating": ("vermillion", "-", "non-saturating: −ln D")}
    points = {}
    for kind, (color, dashes, label) in looks.items():
        losses = [generator_loss(np.array([one]), kind) for one in s]
        left.plot(s, losses, color=style.COLORS[color], linestyle=dashes, label=label)
        right.plot(s, -generator_slope(s, kind), color=style.COLORS[color], linestyle=dashes)
        points[kind] = [axes.plot([0], [0], mark, markersize=10, color=style.COLORS[color])[0]
                        for axes, mark in ((left, "o"), (right, "o"))]
    left.set(xlabel="logit s of the made point", ylabel="generator's loss", xlim=(-7, 7))
    right.set(xlabel="logit s of the made point", ylabel="push towards “real”", xlim=(-7, 7), ylim=(-0.05, 1.05))
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=2)

    def update(logit):
        words = []
        for kind, both in points.items():
            push = float(-generator_slope(np.array(logit), kind))
            both[0].set_data([logit], [generator_loss(np.array([logit]), kind)])
            both[1].set_data([logit], [push])
            words.append(f"{kind} {push:.3f}")
        d = float(sigmoid(np.array(logit)))
        return minus(f"Logit {logit:.1f}, so D = {d:.3f}. The push on the logit (minus the slope): " + ", ".join(words)
                     + ".")

    return InteractiveFigure(figure, update, name="Two losses for the generator", controls={
        "logit": slider("logit of the made point", -7.0, 7.0, -5.0, 0.1)})
