"""The figures of lesson 04 about the X and the O: features, the way through the network, votes."""

import numpy as np

from course_utils.datasets import features, x_and_o, x_and_o_samples
from course_utils.from_scratch.convolution import convolve2d, max_pool2d

from . import style
from .interactive import InteractiveFigure, choice, slider
from .style import minus
from .typed import typed

NAMES = ("X", "O")
FEATURES = ("falling stroke", "crossing", "rising stroke")
KINDS = {"as drawn": {}, "noisy": {"noise": 0.06}, "shifted": {"shift": 1}, "another size": {"scale": 1},
         "all of these": {"noise": 0.03, "shift": 1, "scale": 1}}  # fmt: skip


def stages(picture):
    """The way of a picture (9, 9) of -1 and 1 through the network: a list of its four stages, three maps each.

    Mean of the nine products (7 x 7), ReLU (7 x 7), pooling that keeps the cut windows (4 x 4), and again (2 x 2).
    """
    maps = [convolve2d(picture, feature) / 9 for feature in features()]
    clean = [np.maximum(one, 0) for one in maps]
    small = [max_pool2d(one, partial=True) for one in clean]
    return [maps, clean, small, [max_pool2d(one, partial=True) for one in small]]


def flattened(pictures):
    """The 12 numbers that are left of each picture: (n, 9, 9) to (n, 12)."""
    return np.array([np.ravel(stages(picture)[-1]) for picture in pictures])


def drawn(n, seed):
    """n X's and O's, noisy, shifted and of different sizes: pictures (n, 9, 9) and kinds (n,), 0 for X and 1 for O."""
    return x_and_o_samples(n, seed=seed, **KINDS["all of these"])


def pictures_and_features():
    """The X, the O and the three features, as a static picture."""
    figure, axes = style.figure(1, 5, size=(10.4, 2.9), width_ratios=(3, 3, 2, 2, 2))
    for axis, picture, title in zip(axes, [*x_and_o()[0], *features()], (*NAMES, *FEATURES), strict=True):
        axis.imshow(picture, "gray_r", vmin=-1.6, vmax=1.6)
        axis.set_title(title, fontsize=12)
        axis.axis("off")
        if len(picture) == 3:
            for (i, j), number in np.ndenumerate(picture):
                axis.text(j, i, minus(f"{number:g}"), ha="center", va="center", fontsize=13,
                          color="white" if number > 0 else "black")
    return style.show(figure, "An X and an O of 9 × 9 pixels, dark for 1 and light for −1, and three features of "
                              "3 × 3: a falling stroke, a crossing, a rising stroke.")


def pipeline(weights, bias):
    """Send X's and O's through the network and watch every stage and the votes.

    weights (12, 2) and bias (2,) turn the 12 numbers left at the end into a vote for X and one for O.
    """
    samples = {kind: x_and_o_samples(20, seed=1, **options) for kind, options in KINDS.items()}
    figure, _ = style.figure(size=(10.4, 5.6))
    figure.clear()
    names = [[f"{stage}{row}" for stage in ("map", "relu", "pool", "small")] for row in range(3)]
    panels = figure.subplot_mosaic([["picture", *row, "votes"] for row in names],
                                   width_ratios=(3, 2, 2, 2, 1.4, 2.2))
    shown = panels["picture"].imshow(np.zeros((9, 9)), "gray_r", vmin=-1.6, vmax=1.6)
    maps = [[panels[names[row][k]].imshow(np.zeros((2, 2)), style.FIELD, vmin=-1, vmax=1, extent=(0, 1, 1, 0))
             for row in range(3)] for k in range(4)]
    numbers = {(k, row): [typed(panels[names[row][k]], (j + 0.5) / side, (i + 0.5) / side, "", ha="center",
                                va="center", fontsize=9 if k == 2 else 11)
                          for i in range(side) for j in range(side)]
               for k, side in ((2, 4), (3, 2)) for row in range(3)}
    for panel, title in zip(names[0], ("convolution", "ReLU", "pooling", "again"), strict=True):
        panels[panel].set_title(title, fontsize=12)
    panels["picture"].set_title("picture", fontsize=12)
    for name, panel in panels.items():
        if name != "votes":
            panel.axis("off")
    votes = panels["votes"]
    bars = votes.bar(NAMES, [0, 0], color=style.CLASS_COLORS, hatch=["", "//"], edgecolor="white")
    votes.set(ylim=(-0.3, 1.3), title="votes")
    votes.axhline(0, color=style.COLORS["ink"], linewidth=1, linestyle="-")

    def update(kind, number):
        pictures, labels = samples[kind]
        picture, label = pictures[number], labels[number]
        way = stages(picture)
        shown.set_data(picture)
        for images, stage in zip(maps, way, strict=True):
            for image, one in zip(images, stage, strict=True):
                image.set_data(one)
        for (k, row), labels_shown in numbers.items():
            for text, value in zip(labels_shown, way[k][row].ravel(), strict=True):
                text.set_text(f"{value:.2f}".removeprefix("0") if value < 1 else "1")
        out = np.ravel(way[-1]) @ weights + bias
        for bar, vote in zip(bars, out, strict=True):
            bar.set_height(np.clip(vote, -0.3, 1.3))
        winner = NAMES[int(np.argmax(out))]
        right = "right" if winner == NAMES[label] else "wrong"
        return minus(f"An {NAMES[label]}, {kind}, number {number + 1}: {out[0]:.2f} for X, {out[1]:.2f} for O, so the "
                     f"network says {winner}: {right}.")

    return InteractiveFigure(figure, update, name="The way of an X", controls={
        "kind": choice("drawn", list(KINDS), "as drawn"), "number": slider("number", 0, 19, 0)})


def learned_votes(history, values, targets):
    """Follow the learning of the votes: the lecture's table of errors, and the mean error of all examples.

    history: list of (weights (12, 2), bias (2,)), one a step; values (n, 12) and targets (n, 2) of the examples.
    """
    x_values = flattened(x_and_o()[0])[0]
    errors = [np.abs(values @ weights + bias - targets).sum(axis=1).mean() for weights, bias in history]
    own = [np.abs(x_values @ weights + bias - (1, 0)).sum() for weights, bias in history]
    figure, (left, right) = style.figure(1, 2, size=(9.4, 4.3), width_ratios=(2, 3))
    bars = left.bar(NAMES, [0, 0], color=style.CLASS_COLORS, hatch=["", "//"], edgecolor="white")
    left.plot([-0.4, 0.4], [1, 1], color=style.COLORS["ink"], linestyle="--", label="right answer")
    left.plot([0.6, 1.4], [0, 0], color=style.COLORS["ink"], linestyle="--")
    left.set(ylim=(-0.15, 1.2), title="votes for the X as drawn")
    left.legend(loc="upper right")
    steps = np.arange(len(history))
    right.plot(steps, errors, label="mean of the examples")
    right.plot(steps, own, label="the X as drawn")
    now = right.axvline(0, color=style.COLORS["grey"], linestyle=":")
    right.set(xlabel="step", ylabel="error (both votes)", ylim=(0, None))
    right.legend()

    def update(step):
        weights, bias = history[step]
        out = x_values @ weights + bias
        for bar, vote in zip(bars, out, strict=True):
            bar.set_height(vote)
        now.set_xdata([step, step])
        return minus(f"Step {step}: the X gets {out[0]:.2f} for X (right: 1, error {abs(1 - out[0]):.2f}) and "
                     f"{out[1]:.2f} for O (right: 0, error {abs(out[1]):.2f}); mean error of all examples "
                     f"{errors[step]:.2f}.")

    return InteractiveFigure(figure, update, name="Learning the votes",
                             controls={"step": slider("step", 0, len(history) - 1, 0)})
