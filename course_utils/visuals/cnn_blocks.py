"""The figures of lesson 04's last section: receptive fields, augmentation, the ImageNet story, transfer."""

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.keras_tools.models import shaken

from . import style
from .interactive import InteractiveFigure, slider

# Top-5 error in percent. 2010 to 2014: the winners of the challenge (O. Russakovsky et al., "ImageNet Large Scale
# Visual Recognition Challenge", 2015); 2015: as announced, see the lesson for what became of each.
IMAGENET = (
    ("2010", 28.2, "by hand"), ("2011", 25.8, "by hand"), ("2012 AlexNet", 16.4, "network"),
    ("2013", 11.7, "network"), ("2014 GoogLeNet", 6.7, "network"), ("Feb 2015 Microsoft", 4.94, "network"),
    ("Feb 2015 Google", 4.82, "network"), ("May 2015 Baidu", 4.58, "withdrawn"),
    ("Dec 2015 Microsoft", 3.57, "network"),
)  # fmt: skip
HUMAN = 5.1
PIXELS = 25


def field(kernels, strides):
    """How many pixels, and how far apart, the neurons behind each layer see: lists of both, starting with one pixel."""
    sizes, jumps = [1], [1]
    for kernel, stride in zip(kernels, strides, strict=True):
        sizes.append(sizes[-1] + (kernel - 1) * jumps[-1])
        jumps.append(jumps[-1] * stride)
    return sizes, jumps


def receptive_field():
    """Stack layers and see how many pixels one neuron of the last layer depends on (in one direction)."""
    figure, axes = style.figure(size=(9.4, 4.6))
    axes.set(xlim=(-PIXELS / 2, PIXELS / 2), ylim=(-0.6, 5.2))
    axes.set_yticks(range(6), ["pixels"] + [f"layer {k}" for k in range(1, 6)])
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
    cells = [[axes.add_patch(Rectangle((0, 0), 0.8, 0.5, edgecolor=style.COLORS["ink"], linewidth=1))
              for _ in range(PIXELS)] for _ in range(6)]
    links = [axes.plot([], [], color=style.COLORS["vermillion"], linewidth=1.5, linestyle="-")[0] for _ in range(5)]

    def update(layers, kernel, stride):
        sizes, jumps = field([kernel] * layers, [stride] * layers)
        seen = 1  # how many neurons of this layer the last one depends on, counted from above
        counts = [seen]
        for _ in range(layers):
            seen = (seen - 1) * stride + kernel
            counts.append(seen)
        counts.reverse()
        for level, row in enumerate(cells):
            for k, cell in enumerate(row):
                shown = level <= layers and k < min(counts[level], PIXELS)
                cell.set_visible(shown)
                if shown:
                    cell.set_xy((k - min(counts[level], PIXELS) / 2 + 0.1, level - 0.25))
                    cell.set_facecolor(style.COLORS["yellow" if level in (0, layers) else "sky"])
        for level, link in enumerate(links):
            if level >= layers:
                link.set_data([], [])
                continue
            low, high = (min(counts[k], PIXELS) / 2 for k in (level, level + 1))
            link.set_data([-low, -high, np.nan, low, high], [level + 0.25, level + 0.75, np.nan] + [level + 0.25,
                                                                                                level + 0.75])
        beyond = f" (only {PIXELS} are drawn)" if sizes[-1] > PIXELS else ""
        weights = f"{layers} · {kernel}·{kernel} = {layers * kernel**2}"
        plural = "s" * (layers > 1)
        return (f"{layers} layer{plural} of {kernel} × {kernel}, stride {stride}: a neuron at the top sees {sizes[-1]} "
                f"× {sizes[-1]} pixels{beyond}. Weights for one channel: {weights}; a single kernel of that size has "
                f"{sizes[-1] ** 2:,}.")

    return InteractiveFigure(figure, update, name="Receptive field", controls={
        "layers": slider("layers", 1, 5, 2), "kernel": slider("kernel k", 1, 5, 3),
        "stride": slider("stride s", 1, 2, 1)})


def augmentation(images, labels):
    """One training digit and eleven shaken copies; how much they may differ is set by sliders. images: (n, 28, 28)."""
    figure, axes = style.figure(2, 6, size=(9.4, 3.5))
    shown = [axis.imshow(np.zeros((28, 28)), "gray_r", vmin=0, vmax=1) for axis in axes.ravel()]
    for axis in axes.ravel():
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(True)
    axes[0, 0].set_title("original", fontsize=12)

    def update(number, shift, turn, zoom):
        original = images[number] / 255
        copies = shaken(np.tile(original, (11, 1, 1)), 0, shift=shift, turn=turn, zoom=zoom / 100)
        for image, picture in zip(shown, [original, *copies], strict=True):
            image.set_data(picture)
        return (f"A {labels[number]} and eleven copies: shifted by up to {shift:g} pixels, turned by up to {turn:g}°, "
                f"up to {zoom:g} % larger or smaller. The label stays {labels[number]}: does it still fit?")

    return InteractiveFigure(figure, update, name="Augmentation", controls={
        "number": slider("training digit", 0, 49, 0), "shift": slider("shift", 0.0, 10.0, 2.0, 0.5, unit="pixels"),
        "turn": slider("turn", 0, 180, 12, 3, unit="degrees"), "zoom": slider("size", 0, 60, 12, 4, unit="%")})


def imagenet():
    """The error rates of the ImageNet challenge, 2010 to 2015."""
    figure, axes = style.figure(size=(10.0, 4.9))
    looks = {"by hand": ("grey", "..", "features by hand"), "network": ("blue", "", "convolutional network"),
             "withdrawn": ("orange", "//", "withdrawn")}  # fmt: skip
    named = set()
    for k, (_, error, kind) in enumerate(IMAGENET):
        color, hatch, words = looks[kind]
        axes.barh(k, error, color=style.COLORS[color], hatch=hatch, edgecolor="white",
                  label=None if kind in named else words)
        named.add(kind)
        axes.text(max(error, HUMAN) + 0.3, k, f"{error:g}", va="center", fontsize=12)  # never on the line
    axes.axvline(HUMAN, color=style.COLORS["vermillion"], linestyle="--", label=f"one annotator, {HUMAN}")
    axes.set_yticks(range(len(IMAGENET)), [name for name, _, _ in IMAGENET])
    axes.set(xlabel="top-5 error in percent", xlim=(0, 31), ylim=(len(IMAGENET) - 0.4, -0.6))
    axes.legend(loc="lower right")
    told = "; ".join(f"{name} {error:g} %" for name, error, _ in IMAGENET)
    return style.show(figure, f"Top-5 error on ImageNet: {told}. A line at {HUMAN} %, the error of one annotator.")


def transfer(recording):
    """Accuracy on new classes against examples a class, for each way of learning; a dot a seed."""
    few, ways, accuracy = (recording.arrays[name] for name in ("few", "ways", "accuracy"))
    figure, axes = style.figure(size=(9.4, 4.3))
    for column, way in enumerate(ways):
        line, = axes.plot(few, accuracy[:, column].mean(axis=-1), marker="os^"[column], label=str(way))
        for seed in range(accuracy.shape[-1]):
            axes.plot(few, accuracy[:, column, seed], ".", color=line.get_color(), markersize=6)
    axes.axhline(0.2, color=style.COLORS["grey"], linestyle=":", label="guessing")
    axes.set(xscale="log", xlabel="examples of each new class", ylabel="test accuracy", ylim=(0, 1))
    axes.set_xticks(few, [str(n) for n in few])
    axes.minorticks_off()
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    told = "; ".join(f"{n} examples: " + ", ".join(f"{way} {mean:.2f}" for way, mean in zip(ways, row, strict=True))
                     for n, row in zip(few, accuracy.mean(axis=-1), strict=True))
    return style.show(figure, f"Mean test accuracy on the new classes 5 to 9, three seeds. {told}.")
