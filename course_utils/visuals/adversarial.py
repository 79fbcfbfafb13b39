"""The figures of lesson 08 about attacks: many small steps, the ε slider, the ball, PGD step by step, one pixel."""
import numpy as np

from course_utils.from_scratch.neuron import sigmoid, softmax

from . import style
from .canvas import Plane
from .interactive import InteractiveFigure, choice, slider
from .style import minus

LECTURE = (4, 8)  # grey levels that the lecture shows
LEVELS = np.array([0, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 56, 64])
AWAY = "away from the truth"


def picture_axes(axes, title, **options):
    """An axes for one picture, without ticks, and its image artist."""
    axes.set(xticks=[], yticks=[])
    axes.set_title(title, loc="center")
    for side in axes.spines.values():
        side.set_visible(True)
    return axes.imshow(np.zeros((2, 2)), **({"cmap": "gray_r", "vmin": 0, "vmax": 1} | options))


def change_axes(axes, title, size=1.0):
    """An axes for a change around 0: blue for darker paper taken away, orange for ink added."""
    return picture_axes(axes, title, cmap=style.FIELD, vmin=-size, vmax=size)


def many_small_steps(w, b, x, classes=(3, 7)):
    """A linear model: how far its sum z moves when so many pixels of the picture each take a step of ε grey levels.

    w: (784,), b: number, x: (784,) in 0..1. The pixels with the largest weights move first; nothing is clipped here,
    so that the step is the formula's.
    """
    figure, (left, right) = style.figure(1, 2, size=(9.4, 4.2), width_ratios=(1, 1.7))
    shown = picture_axes(left, "")
    order = np.argsort(-np.abs(w))
    start = float(x @ w + b)
    right.axvline(0, color=style.COLORS["grey"], linewidth=1)
    rows = ("best steps, ε·Σ|w|", "random steps", "no change")
    bars = right.barh(rows, [0, 0, 0], color=[style.COLORS[c] for c in ("vermillion", "sky", "blue")])
    reach = 1.15 * max(abs(start), abs(start - np.sign(start) * 64 / 255 * np.abs(w).sum()))
    right.set(xlim=(-reach, reach))
    right.set_xlabel(f"← a {classes[0]}      sum z      a {classes[1]} →", loc="center")
    signs = np.random.default_rng(0).choice([-1, 1], w.shape)

    def update(level, pixels):
        epsilon, moved = level / 255, order[:pixels]
        step = np.zeros_like(w)
        step[moved] = -np.sign(start) * epsilon * np.sign(w[moved])
        random = np.zeros_like(w)
        random[moved] = epsilon * signs[moved]
        values = [start + float(step @ w), start + float(random @ w), start]
        for bar, value in zip(bars, values, strict=True):
            bar.set_width(value)
        shown.set_data((x + step).reshape(28, 28))
        side = classes[int(values[0] > 0)]
        left.set_title(f"taken for a {side}", loc="center",
                       color=style.COLORS["ink" if (values[0] > 0) == (start > 0) else "vermillion"])
        return minus(f"{pixels} pixels move by {level} grey levels: z goes from {start:.2f} to {values[0]:.2f} "
                     f"(random steps: {values[1]:.2f}). It is taken for a {side}, sure by "
                     f"{sigmoid(abs(values[0])):.2f}.")

    return InteractiveFigure(figure, update, name="Many small steps", controls={
        "level": slider("ε, grey levels of 255", 0, 64, 8, 1), "pixels": slider("pixels that move", 0, 784, 784, 8)})


def one_of_each(model, images, labels):
    """The row numbers of the first picture of each class that the network gets right."""
    from course_utils.keras_tools.attacks import logits

    right = logits(model, images[:200]).argmax(axis=1) == labels[:200]
    return [int(np.flatnonzero(right & (labels[:200] == k))[0]) for k in range(10)]


def fgsm_curve(model, images, labels, levels=LEVELS):
    """Accuracy under FGSM and under random ±ε noise at each level. One gradient serves all: FGSM only scales it."""
    from course_utils.keras_tools.attacks import accuracy, loss_and_gradient

    sign = np.sign(loss_and_gradient(model)(images, labels)[1])
    noise = np.random.default_rng(0).choice([-1, 1], images.shape).astype("float32")
    return [[accuracy(model, np.clip(images + np.float32(level / 255) * step, 0, 1), labels) for level in levels]
            for step in (sign, noise)]


def epsilon_slider(model, images, labels, *, curve, name="The ε slider"):
    """The attack of one step on one picture of each class: picture, change, attacked picture, ten probabilities.

    images, labels: many test pictures; curve: what `fgsm_curve` gave for them.
    """
    from course_utils.keras_tools.attacks import logits, loss_and_gradient

    rows = one_of_each(model, images, labels)
    x, y = images[rows], labels[rows]
    # FGSM for every picture and every goal: row 0 goes away from the truth, row 1 + k towards class k.
    goals = np.concatenate([y[None], np.repeat(np.arange(10)[:, None], 10, axis=1)])
    _, gradient = loss_and_gradient(model)(np.tile(x, (11, 1, 1, 1)), goals.reshape(-1).astype("int32"))
    steps = np.sign(gradient).reshape(11, *x.shape)
    steps[1:] *= -1

    figure, axes = style.figure(2, 3, size=(9.4, 6.0), height_ratios=(1.25, 1))
    before, after = picture_axes(axes[0, 0], ""), picture_axes(axes[0, 2], "")
    change = change_axes(axes[0, 1], "")
    grid = axes[1, 0].get_gridspec()
    for empty in axes[1]:
        empty.remove()
    bars_axes, accuracy_axes = figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 1:])
    bars = bars_axes.bar(range(10), np.zeros(10))
    bars_axes.set(ylim=(0, 1), xticks=range(10), xlabel="class", ylabel="probability")
    accuracy_axes.plot(LEVELS, curve[1], color=style.COLORS["grey"], linestyle="--", label="random ±ε")
    accuracy_axes.plot(LEVELS, curve[0], color=style.COLORS["vermillion"], marker="o", label="FGSM")
    for level in LECTURE:
        accuracy_axes.axvline(level, color=style.COLORS["sky"], linestyle="-", linewidth=1.5)
        accuracy_axes.text(level, 1.06, f"{level}", color=style.COLORS["blue"], ha="center", fontsize=12)
    now = accuracy_axes.axvline(0, color=style.COLORS["ink"], linestyle=":", linewidth=3)
    accuracy_axes.set(xlim=(-1, 65), ylim=(0, 1.03), xlabel="ε, grey levels of 255", ylabel="accuracy")
    accuracy_axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.86))

    def update(picture, level, goal):
        which = 0 if goal == AWAY else 1 + int(goal.split()[-1])
        if which == 1 + y[picture]:
            return f"This already is a {y[picture]}: choose another goal. (The picture below is the last one.)"
        original = x[picture, ..., 0]
        attacked = np.clip(original + level / 255 * steps[which, picture, ..., 0], 0, 1).astype("float32")
        shares = softmax(logits(model, np.stack([original, attacked])[..., None]))
        answer = int(shares[1].argmax())
        before.set_data(original)
        after.set_data(attacked)
        change.set_data(attacked - original)
        change.set_clim(-max(level, 1) / 255, max(level, 1) / 255)
        axes[0, 0].set_title(f"a {y[picture]}, {shares[0, y[picture]]:.3f}", loc="center")
        axes[0, 1].set_title(f"change × {255 / max(level, 1):.0f}", loc="center")
        axes[0, 2].set_title(f"taken for a {answer}, {shares[1, answer]:.3f}", loc="center",
                             color=style.COLORS["ink" if answer == y[picture] else "vermillion"])
        for k, bar in enumerate(bars):
            bar.set_height(shares[1, k])
            bar.set_color(style.COLORS["blue" if k == y[picture] else "vermillion" if k == answer else "sky"])
        now.set_xdata([level, level])
        lecture = ", a value of the lecture" if level in LECTURE else ""
        return (f"ε = {level}/255{lecture}: this {y[picture]} is taken for a {answer} with probability "
                f"{shares[1, answer]:.3f}; the true class has {shares[1, y[picture]]:.3f}. Over {len(labels)} pictures "
                f"(goal: away from the truth) the accuracy is {np.interp(level, LEVELS, curve[0]):.3f}.")

    return InteractiveFigure(figure, update, name=name, controls={
        "picture": slider("picture", 0, 9, 3, 1), "level": slider("ε, grey levels of 255", 0, 64, 8, 1),
        "goal": choice("goal", [AWAY, *(f"make it a {k}" for k in range(10))])})


def accuracy_curves(curves, words, xlabel="ε, grey levels of 255"):
    """A static picture: accuracy against ε. curves: name -> (levels, accuracies); the lecture's 4 and 8 are marked."""
    figure, axes = style.figure(size=(8.6, 4.2))
    for level in LECTURE:
        axes.axvline(level, color=style.COLORS["sky"], linestyle="-", linewidth=1.5)
    for (name, (levels, values)), marker in zip(curves.items(), "o^sDvP", strict=False):
        axes.plot(levels, values, marker=marker, label=name)
    axes.set(ylim=(0, 1.03), xlabel=xlabel, ylabel="accuracy")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return style.show(figure, words)


def ball(epsilon=0.25, original=(0.8, 0.35)):
    """A picture of two pixels: drag the attacked one; it is put back into the ball round the original, and clipped."""
    from course_utils.keras_tools.attacks import project

    place = {"now": (1.15, 0.75)}
    angle = np.linspace(0, 2 * np.pi, 73)
    rings = {"linf": np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]),
             "l2": np.stack([np.cos(angle), np.sin(angle)], axis=1)}

    def moved(key, x, y):
        place[key] = (float(x), float(y))
        shown.refresh()

    plane = Plane((-0.1, 1.3), (-0.1, 1.1), labels=("first pixel", "second pixel"), name="The ball round the original",
                  width=520, height=430, on_drag=moved, classes=("original", "projected"))

    def update(norm):
        norm = {"L∞": "linf", "L2": "l2"}[norm]
        now = np.array(place["now"])
        put = project(now.reshape(1, 1, 2, 1), np.reshape(original, (1, 1, 2, 1)), epsilon, norm)[0, 0, :, 0]
        change = put - original
        plane.line("ball", np.array(original) + epsilon * rings[norm], color="blue")
        plane.line("range", [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], color="grey", dashed=True)
        plane.line("way", [now, put], color="vermillion")
        plane.points(np.array([original, put]), [0, 1])
        plane.handle("now", now, "after the step")
        outside = np.hypot(*(now - put)) > 1e-6
        return minus(f"The step led to ({now[0]:.2f}, {now[1]:.2f}). "
                     + (f"Projected: ({put[0]:.2f}, {put[1]:.2f})" if outside else "That is allowed: nothing to do")
                     + f". Largest change of a pixel {np.abs(change).max():.2f}, length of the change "
                     f"{np.hypot(*change):.2f}; ε is {epsilon}.")

    shown = InteractiveFigure(plane, update, name="The ball round the original",
                              controls={"norm": choice("norm", ["L∞", "L2"])})
    return shown


def pgd_steps(model, image, label, *, level=32, length=2.0, steps=20):
    """PGD step by step on one picture (28, 28, 1), in L∞ (ε of ``level`` grey levels) and in L2 (ε = ``length``)."""
    from course_utils.keras_tools.attacks import logits, loss_and_gradient, project

    paths = {}
    for norm, epsilon in (("linf", level / 255), ("l2", length)):
        path = [image[None]]
        for _ in range(steps):
            _, gradient = loss_and_gradient(model)(path[-1], np.array([label]))
            push = np.sign(gradient) if norm == "linf" else gradient / max(np.linalg.norm(gradient), 1e-12)
            path.append(project(path[-1] + 2.5 * epsilon / steps * push, image[None], epsilon, norm))
        path = np.concatenate(path)
        paths[norm] = path, softmax(logits(model, path))
    figure, (left, middle, right) = style.figure(1, 3, size=(9.8, 3.7), width_ratios=(1, 1, 1.5))
    now, change = picture_axes(left, ""), change_axes(middle, "change", 0.2)
    colors = {"linf": style.COLORS["vermillion"], "l2": style.COLORS["blue"]}
    for norm, (_, shares) in paths.items():
        right.plot(shares[:, label], color=colors[norm], linestyle="-" if norm == "linf" else "--",
                   label={"linf": "L∞", "l2": "L2"}[norm])
    line = right.axvline(0, color=style.COLORS["ink"], linestyle=":")
    right.set(ylim=(-0.02, 1.02), xlabel="step", ylabel=f"probability of {label}", xticks=range(0, steps + 1, 5))
    right.legend(loc="upper right")

    def update(norm, step):
        path, shares = paths["linf" if norm == "L∞" else "l2"]
        answer, moved = int(shares[step].argmax()), path[step] - image
        now.set_data(path[step, ..., 0])
        change.set_data(moved[..., 0])
        line.set_xdata([step, step])
        left.set_title(f"taken for a {answer}", loc="center")
        return (f"{norm}, step {step}: taken for a {answer} ({shares[step, answer]:.3f}), true class {label} "
                f"{shares[step, label]:.3f}. Largest change {255 * np.abs(moved).max():.0f} grey levels, length of the "
                f"change {np.linalg.norm(moved):.2f}, pixels changed by more than one level "
                f"{np.mean(np.abs(moved) > 1 / 255):.0%}.")

    return InteractiveFigure(figure, update, name="PGD step by step", controls={
        "norm": choice("norm", ["L∞", "L2"]), "step": slider("step", 0, steps, 3, 1)})


def one_pixel_map(images, labels, leads, model):
    """For each picture a map: how far ahead a wrong class gets when that one pixel turns to paper or to ink.

    images (n, 28, 28, 1), labels (n,), leads (n, 28, 28, 2): the last axis is paper (0) and ink (1), as recorded.
    Pictures come in the order of their best lead, the weakest first.
    """
    from course_utils.keras_tools.attacks import logits

    leads = np.asarray(leads, dtype=float)
    order = np.argsort(-leads.max(axis=(1, 2, 3)))
    figure, (left, middle, right) = style.figure(1, 3, size=(9.8, 3.9))
    high, wide = images.shape[1:3]
    before = picture_axes(left, "")
    after = picture_axes(right, "", extent=(-0.5, wide - 0.5, high - 0.5, -0.5))  # the ring counts in pixels
    field = change_axes(middle, "lead of a wrong class")
    ring, = right.plot([], [], "o", markersize=17, markerfacecolor="none", markeredgewidth=2.5,
                       color=style.COLORS["vermillion"])
    figure.colorbar(field, ax=middle, shrink=0.8)

    def update(picture, color):
        i = order[picture]
        inks = (0, 1) if color == "either" else ({"paper": 0, "ink": 1}[color],)
        map_ = leads[i][..., list(inks)]
        row, column, which = np.unravel_index(map_.argmax(), map_.shape)
        changed = images[i].copy()
        old, changed[row, column] = float(changed[row, column, 0]), inks[which]
        answer = int(logits(model, changed[None])[0].argmax())
        best = map_.max(axis=-1)
        before.set_data(images[i, ..., 0])
        after.set_data(changed[..., 0])
        field.set_data(best)
        reach = 2.0 ** np.ceil(np.log2(np.abs(best).max()))  # in few sizes: a new one paints all anew
        field.set_clim(-reach, reach)
        ring.set_data([column], [row])
        left.set_title(f"a {labels[i]}", loc="center")
        right.set_title(f"taken for a {answer}", loc="center",
                        color=style.COLORS["ink" if answer == labels[i] else "vermillion"])
        return minus(f"Picture {picture + 1} of {len(order)}: the best single pixel is row {row}, column {column}, "
                     f"from grey level {255 * old:.0f} to {255 * inks[which]}. A wrong class is then {best.max():.2f} "
                     f"ahead: {'it fools, a ' + str(answer) if best.max() > 0 else 'still a ' + str(labels[i])}.")

    return InteractiveFigure(figure, update, name="One pixel", controls={
        "picture": slider("picture, weakest first", 0, len(order) - 1, 0, 1),
        "color": choice("the pixel becomes", ["either", "paper", "ink"])})
