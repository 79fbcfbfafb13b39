"""The figures of lesson 09 that put explanations to the test: pointing, deletion, random weights, a hidden mark."""
import numpy as np
from matplotlib.patches import Rectangle

from . import style
from .interactive import InteractiveFigure, choice, slider
from .painter import cells
from .saliency import MAP, bare, ink, show_map

COVER = 5  # pixels


def square(axes, color, size, dashed=False):
    """An empty square that can be moved by set_xy; its corner is (column, row)."""
    frame = Rectangle((0, 0), size, size, fill=False, edgecolor=style.COLORS[color], linewidth=3,
                      linestyle="--" if dashed else "-")
    return axes.add_patch(frame)


def pointing_browser(pictures, labels, corners, maps, scores, size):
    """One picture of the made task and one method's map: does its strongest pixel lie in the patch that decides?

    maps: {method: (n, h, w)}; scores: {method or floor: share}.
    """
    figure, (left, middle, right) = style.figure(1, 3, size=(10.4, 4.0), width_ratios=(1, 1, 1.25))
    picture, artist = ink(left, pictures[0, ..., 0], "picture"), cells(bare(middle).imshow(pictures[0, ..., 0], MAP))
    frames = [square(left, "vermillion", size), square(middle, "ink", size)]
    cross, = middle.plot([], [], "x", color=style.COLORS["ink"], markersize=14, markeredgewidth=3)
    bars = right.barh(list(scores), list(scores.values()), color=style.COLORS["sky"])
    right.invert_yaxis()
    right.set(xlim=(0, 1), title="points at the patch")

    def update(number, method):
        one, (row, column) = maps[method][number - 1], corners[number - 1]
        i, j = np.unravel_index(one.argmax(), one.shape)
        picture.set_data(pictures[number - 1, ..., 0])
        show_map(artist, one)
        cross.set_data([j], [i])
        for frame in frames:
            frame.set_xy((column - 0.5, row - 0.5))
        for bar, name in zip(bars, scores, strict=True):
            bar.set_color(style.COLORS["vermillion" if name == method else "sky"])
        hit = row <= i < row + size and column <= j < column + size
        middle.set_title(f"{method}: {'hit' if hit else 'miss'}")
        return (f"Picture {number}, stripes {('lying', 'standing')[labels[number - 1]]} at row {row}, column {column}: "
                f"{method} points at row {i}, column {j}, a {'hit' if hit else 'miss'}. Over all pictures it hits "
                f"{scores[method]:.0%}.")

    return InteractiveFigure(figure, update, name="Which patch decides", controls={
        "number": slider("picture", 1, len(pictures), 1), "method": choice("method", list(maps), "gradient")})


def deletion_browser(images, deleted, inserted, curves, shares):
    """Take away, or bring back, the important blocks first: one picture at each stage, and the mean curves.

    deleted, inserted: {method: (shares, n, h, w)}; curves: {(method, insert): (n, shares)}, floors included.
    """
    figure, (left, right) = style.figure(1, 2, size=(9.6, 4.0), width_ratios=(1, 1.7))
    picture = ink(left, images[0, ..., 0])
    methods = list(deleted)
    floors = {name: right.plot(shares, shares, color=style.COLORS[color], linestyle=dash, label=name)[0]
              for name, color, dash in (("random order", "grey", ":"), ("darkest first", "ink", "--"))}
    mean, = right.plot(shares, shares, color=style.COLORS["vermillion"], linestyle="-", linewidth=4)
    here, = right.plot([], [], "o", color=style.COLORS["vermillion"], markersize=13)
    right.set(xlim=(0, 1), ylim=(0, 1.03), xlabel="share of the picture", ylabel="probability, mean")
    right.legend(loc="lower left")

    def update(method, what, stage, digit):
        insert = what == "insert"
        picture.set_data((inserted if insert else deleted)[method][stage, digit - 1])
        for name, line in floors.items():
            line.set_ydata(curves[name, insert].mean(axis=0))
        along = curves[method, insert].mean(axis=0)
        mean.set_ydata(along)
        here.set_data([shares[stage]], [along[stage]])
        left.set_title(f"this one: {curves[method, insert][digit - 1, stage]:.2f}")
        right.set_title(method)
        area, random, dark = (curves[name, insert].mean() for name in (method, "random order", "darkest first"))
        return (f"{method}, {shares[stage]:.0%} {'sharp' if insert else 'blurred'}: mean probability "
                f"{along[stage]:.2f}. Mean over all shares {area:.2f}; random order {random:.2f}, darkest first "
                f"{dark:.2f}. {'Higher' if insert else 'Lower'} is better.")

    return InteractiveFigure(figure, update, name="Deletion and insertion", controls={
        "method": choice("method", methods, "gradient"), "what": choice("blocks", ["delete", "insert"]),
        "stage": slider("stage", 0, len(shares) - 1, 5), "digit": slider("digit", 1, len(images), 1)})


def randomization_browser(images, maps, scores, layers):
    """Destroy the network layer by layer, from the answer down, and watch seven maps.

    maps: {method: (stages, n, h, w)}, stage 0 is the trained network; scores: {method: (stages,)} similarity on ink.
    """
    figure, axes = style.figure(2, 4, size=(9.6, 5.6))
    picture = ink(axes[0, 0], images[0, ..., 0], "picture")
    panels = dict(zip(maps, axes.flat[1:], strict=False))
    artists = {name: cells(bare(one).imshow(images[0, ..., 0], MAP)) for name, one in panels.items()}
    for unused in axes.flat[1 + len(maps):]:
        unused.set_visible(False)

    def update(stage, digit):
        picture.set_data(images[digit - 1, ..., 0])
        for name, artist in artists.items():
            show_map(artist, maps[name][stage, digit - 1])
            panels[name].set_title(f"{name}\n" + f"{scores[name][stage]:.2f}".replace("-", "−"))
        if stage == 0:
            return "The trained network: every map is compared with itself, similarity 1."
        most = max(scores, key=lambda name: scores[name][stage])
        numbers = ", ".join(f"{name} {scores[name][stage]:.2f}" for name in scores).replace(" -", " −")
        gone = ", ".join(layers[-stage:])
        return f"Random weights in {gone}. Similarity to the trained network's maps: {numbers}. Least moved: {most}."

    return InteractiveFigure(figure, update, name="Random weights", controls={
        "stage": slider("layers made random", 0, len(layers), 0), "digit": slider("digit", 1, len(images), 1)})


def cover_browser(model, pictures, labels, maps, names=("3", "8")):
    """Average the maps of more and more pictures, lay a square over a suspect spot, and see the accuracy fall.

    maps: (n, h, w), of pictures whose true class is 1.
    """
    from course_utils.keras_tools.saliency import logits

    strengths, shown = np.abs(maps), np.flatnonzero(labels == 1)[0]
    side = pictures.shape[1]
    plain = pictures.mean()
    figure, (left, right) = style.figure(1, 2, size=(9.0, 4.3))
    picture = ink(left, pictures[shown, ..., 0], f"one of the {names[1]}s", low=float(pictures[shown].min()),
                  high=float(pictures[shown].max()))
    artist = cells(bare(right).imshow(strengths[0], MAP))
    frames = [square(axes, "ink", COVER, dashed=True) for axes in (left, right)]

    def update(count, row, column):
        covered = pictures.copy()
        covered[:, row:row + COVER, column:column + COVER] = plain
        answers = logits(model, covered).argmax(axis=1)
        picture.set_data(covered[shown, ..., 0])
        show_map(artist, strengths[:count].mean(axis=0))
        right.set_title(f"mean strength of {count} map{'s' * (count > 1)}")
        for frame in frames:
            frame.set_xy((column - 0.5, row - 0.5))
        right_share = np.mean(answers == labels)
        called = np.mean(answers[labels == 1] == 1)
        return (f"Covered: rows {row} to {row + COVER - 1}, columns {column} to {column + COVER - 1}. Accuracy "
                f"{right_share:.2f}; of the {names[1]}s it still finds {called:.0%}.")

    return InteractiveFigure(figure, update, name="Cover a spot", controls={
        "count": slider("maps averaged", 1, len(maps), 1), "row": slider("row of the square", 0, side - COVER, 12),
        "column": slider("column of the square", 0, side - COVER, 12)})
