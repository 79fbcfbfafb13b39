"""The figures of lesson 04 that look at trained networks: shifts, mistakes, feature maps, a pad that they answer to."""

import ipywidgets as widgets
import numpy as np

from course_utils.datasets import shuffle_pixels
from course_utils.datasets.handwriting import enlarged, split_indices

from . import style
from .interactive import InteractiveFigure, choice, slider, toggle
from .pad import Pad
from .painter import Painter, cells
from .picture import Picture
from .style import minus

DIGIT = 22  # pixels a side, as in placed_digits


def _numbers(tensor):
    """A tensor of any backend as an array."""
    import keras

    return keras.ops.convert_to_numpy(tensor)


def _shares(logits):
    """Softmax of each row."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def as_they_are_and_shuffled(images, labels, count=8):
    """Some pictures, and below them the same ones with their pixels shuffled, all in the same way."""
    figure, axes = style.figure(2, count, size=(10.4, 3.0))
    for row, pictures in zip(axes, (images, shuffle_pixels(images[:count])), strict=True):
        for axis, picture, label in zip(row, pictures, labels, strict=False):
            axis.imshow(picture, "gray_r")
            axis.axis("off")
            if row is axes[0]:
                axis.set_title(str(label))
    named = ", ".join(map(str, labels[:count]))
    return style.show(figure, f"Above, handwritten digits ({named}) somewhere on 36 × 36 pixels among scraps of "
                              "others. Below, the same pictures with their pixels shuffled: nothing can be recognized.")


def comparison(recording, low=0.0):
    """The accuracies in a recorded comparison: one group a method, one bar a condition, a dot a seed.

    low: where the axis begins; above 0 the means are marks, because bars that do not begin at 0 mislead.
    """
    methods, conditions = (list(recording.arrays[name]) for name in ("methods", "conditions"))
    accuracy = recording.arrays["accuracy"]
    figure, axes = style.figure(size=(9.4, 4.3))
    colors, hatches = (style.COLORS["blue"], style.COLORS["orange"]), ("", "//")
    for column, condition in enumerate(conditions):
        places = np.arange(len(methods)) + 0.4 * column - 0.2
        means = accuracy[:, column].mean(axis=-1)
        if low:
            axes.plot(places, means, "os"[column], markersize=13, color=colors[column], alpha=0.7, label=condition)
        else:
            axes.bar(places, means, 0.38, color=colors[column], hatch=hatches[column], edgecolor="white",
                     label=condition)
        for seed in range(accuracy.shape[-1]):
            axes.plot(places, accuracy[:, column, seed], ".", color=style.COLORS["ink"], markersize=7)
    if not low:
        axes.axhline(0.1, color=style.COLORS["grey"], linestyle=":", label="guessing")
    axes.set(ylim=(low, 1.02 - 0.02 * low), ylabel="test accuracy")
    axes.set_xticks(range(len(methods)), [method.replace(", ", ",\n") for method in methods])
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    digits = 3 if low else 2
    told = "; ".join(
        f"{method}: " + ", ".join(f"{mean:.{digits}f} {word}" for mean, word in zip(row, conditions, strict=True))
        for method, row in zip(methods, accuracy.mean(axis=-1), strict=True))
    return style.show(figure, f"Mean test accuracy of three seeds, a dot for each. {told}.")


def shifts(models, size=36):
    """Move a digit over the picture and see what two networks say at every place.

    models: {name: network from (n, size, size, 1) to (n, 10) logits}.
    """
    pictures, labels = enlarged(DIGIT)
    unseen = split_indices(len(labels), "random", 0)[1]  # `placed_digits` keeps them for its test part, too
    test = [int(unseen[labels[unseen] == kind][0]) for kind in range(10)]  # one digit of each class
    free = size - DIGIT

    def placed(kind, top, left):
        picture = np.zeros((size, size), np.float32)
        picture[top : top + DIGIT, left : left + DIGIT] = pictures[test[kind]] / 255
        return picture

    shares = {name: np.zeros((10, free + 1, free + 1, 10)) for name in models}
    for kind in range(10):
        for top in range(free + 1):
            row = np.stack([placed(kind, top, left) for left in range(free + 1)])[..., None]
            for name, model in models.items():
                shares[name][kind, top] = _shares(_numbers(model(row, training=False)))
    figure, (left_axes, *axes) = style.figure(1, 1 + len(models), size=(10.4, 3.9))
    shown = left_axes.imshow(placed(0, 0, 0), "gray_r", vmin=0, vmax=1)
    left_axes.set(xticks=[], yticks=[], title="picture")
    bars = {}
    for axis, name in zip(axes, models, strict=True):
        bars[name] = axis.bar(range(10), np.zeros(10), color=style.COLORS["grey"])
        axis.set(ylim=(0, 1), xticks=range(10), title=name, xlabel="digit")

    def update(digit, right, down):
        kind, top, left = int(digit), down + free // 2, right + free // 2
        shown.set_data(placed(kind, top, left))
        told = []
        for name, values in shares.items():
            here = values[kind, top, left]
            said = int(here.argmax())
            for number, (bar, share) in enumerate(zip(bars[name], here, strict=True)):
                bar.set_height(share)
                bar.set_color(style.COLORS["blue" if number == kind else "orange" if number == said else "grey"])
            count = int((values[kind].argmax(axis=-1) == kind).sum())
            told.append(f"the {name} says {said} ({here[said]:.2f}), right at {count} of {(free + 1) ** 2} places")
        return minus(f"A {kind}, {right:+d} pixels to the right and {down:+d} down: {'; '.join(told)}.")

    return InteractiveFigure(figure, update, name="Move the digit", controls={
        "digit": choice("digit", [str(k) for k in range(10)], "3"),
        "right": slider("to the right", -(free // 2), free // 2, 0),
        "down": slider("down", -(free // 2), free // 2, 0)})


def confusion(labels, predicted):
    """The confusion matrix: rows are the true digits, columns what the network said, in counts."""
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, predicted), 1)
    figure, axes = style.figure(size=(7.0, 5.4))
    axes.imshow(np.log1p(counts), "Blues", vmax=1.6 * np.log1p(counts.max()))
    for (i, j), count in np.ndenumerate(counts):
        if count:
            weight = "normal" if i == j else "bold"
            color = style.COLORS["ink" if i == j else "vermillion"]
            axes.text(j, i, str(count), ha="center", va="center", fontsize=12, weight=weight, color=color)
    axes.set(xticks=range(10), yticks=range(10), xlabel="the network says", ylabel="true digit")
    wrong = len(labels) - np.trace(counts)
    off = counts - np.diag(np.diag(counts))
    i, j = np.unravel_index(off.argmax(), off.shape)
    most = f" The most frequent mistake, {off[i, j]} times: a {i} read as {j}." if off[i, j] > 1 else ""
    return style.show(figure, f"Confusion matrix of {len(labels)} test digits: {np.trace(counts)} on the diagonal are "
                              f"right, {wrong} beside it are wrong.{most}")


def worst_mistakes(images, labels, logits, count=8):
    """The test digits that the network is most sure of and wrong about; if too few are wrong, the least sure ones."""
    shares = _shares(logits)
    said, own = shares.argmax(axis=1), shares[np.arange(len(labels)), labels]
    order = np.argsort(own)[:count]
    figure, axes = style.figure(1, count, size=(10.4, 2.3))
    for axis, k in zip(axes, order, strict=True):
        axis.imshow(images[k], "gray_r")
        axis.set_title(f"{labels[k]}, read {said[k]}\n({shares[k, said[k]]:.2f})", fontsize=11)
        axis.axis("off")
    return style.show(figure, f"The {count} test digits whose true class gets the smallest share, "
                              f"{int((said != labels).sum())} of {len(labels)} are wrong: "
                              + ", ".join(f"{labels[k]} read as {said[k]}" for k in order) + ".")


def _mosaic(maps, cols):
    """Maps (height, width, count) as one picture, with a gap between them."""
    height, width, count = maps.shape
    rows = -(-count // cols)
    sheet = np.full((rows * (height + 1) - 1, cols * (width + 1) - 1), np.nan, np.float32)
    for k in range(count):
        top, left = (k // cols) * (height + 1), (k % cols) * (width + 1)
        sheet[top : top + height, left : left + width] = maps[:, :, k]
    return sheet


class Layers:
    """One picture on its way through a trained network: all maps of its convolutions and poolings, and the answer.

    model: a network in which convolutions and poolings take turns, (n, 28, 28, 1) to (n, 10) logits.
    """

    def __init__(self, model, size=(7.8, 4.8)):
        import keras

        self.shown = [layer for layer in model.layers if layer.name.startswith(("conv", "pool"))]
        self._probe = keras.Model(model.inputs[0], [*(layer.output for layer in self.shown), model.outputs[0]])
        self.figure, _ = style.figure(size=size)
        self.figure.clear()
        names = [layer.name for layer in self.shown]
        rows = [["input", *names[k : k + 2], "answer"] for k in range(0, len(names), 2)]
        panels = self.figure.subplot_mosaic(rows, width_ratios=(1.4, 3, 3, 1.6))
        self._input = cells(panels["input"].imshow(np.zeros((28, 28)), "gray_r", vmin=0, vmax=1))
        panels["input"].set_title("input", fontsize=12)
        self._images = []
        for layer in self.shown:
            axis = panels[layer.name]
            *_, height, width, count = layer.output.shape
            sheet = _mosaic(np.zeros((height, width, count)), self._cols(count))
            self._images.append(cells(axis.imshow(sheet, "viridis", vmin=0, vmax=1)))
            axis.set_title(f"{layer.name}\n{count} of {height} × {width}", fontsize=11)
        panels["input"].set(xticks=[], yticks=[])
        panels["input"].spines[:].set_visible(True)  # an empty pad is white paper on white
        for name in names:
            panels[name].axis("off")
        self._bars = panels["answer"].barh(range(10), np.zeros(10), color=style.COLORS["grey"])
        panels["answer"].set(xlim=(0, 1), ylim=(9.6, -0.6), yticks=range(10), xticks=[0, 1], title="answer")

    @staticmethod
    def _cols(count):
        return 4 if count <= 16 else 8

    def show(self, picture):
        """Bring all to the picture (28, 28) from 0 to 1; returns the shares of the ten digits."""
        *maps, logits = (out[0] for out in self._probe.predict_on_batch(picture[None, :, :, None]))  # compiled once
        self._input.set_data(picture)
        for image, one in zip(self._images, maps, strict=True):
            image.set_data(_mosaic(one / max(one.max(), 1e-6), self._cols(one.shape[2])))
        shares = _shares(logits)
        for number, (bar, share) in enumerate(zip(self._bars, shares, strict=True)):
            bar.set_width(share)
            bar.set_color(style.COLORS["blue" if number == shares.argmax() else "grey"])
        return shares


def feature_maps(model, images, labels):
    """Choose a test digit and see every map of every layer. images: uint8 (n, 28, 28)."""
    layers = Layers(model)

    def update(number):
        shares = layers.show((images[number] / 255).astype("float32"))
        said = int(shares.argmax())
        return f"Test digit {number}, a {labels[number]}: the network says {said} with a share of {shares[said]:.2f}."

    return InteractiveFigure(layers.figure, update, name="Every layer", controls={
        "number": slider("test digit", 0, min(len(images), 100) - 1, 0)})


def exciting_patches(model, images, count=10):
    """Choose a layer and a filter: the patches of the first 100 pictures that excite it most, one a picture.

    images: uint8 (n, 28, 28).
    """
    import keras

    convs = [layer for layer in model.layers if layer.name.startswith("conv")]
    probe = keras.Model(model.inputs[0], [layer.output for layer in convs])
    inputs = (images[:100] / 255).astype("float32")
    found = [[] for _ in convs]  # of each layer: for every picture and filter the strongest answer, and its place
    for k in range(0, len(inputs), 10):
        for kept, out in zip(found, probe(inputs[k : k + 10, :, :, None], training=False), strict=True):
            flat = _numbers(out).reshape(len(out), -1, out.shape[-1])
            kept.append((flat.max(axis=1), flat.argmax(axis=1)))
    best = {}
    for depth, (layer, kept) in enumerate(zip(convs, found, strict=True)):
        top, place = (np.concatenate(part) for part in zip(*kept, strict=True))
        jump, field = 2**depth, 5 * 2**depth - 2  # 3, 8, 18 pixels: convolutions of 3, a pooling by 2 between them
        best[layer.name] = top, np.stack(np.divmod(place, layer.output.shape[2])), jump, field
    figure, axes = style.figure(2, count // 2 + 1, size=(10.4, 4.0))
    kernel_axes, kernel_words = axes[0, 0], axes[1, 0]
    kernel = kernel_axes.imshow(np.zeros((3, 3)), style.FIELD, vmin=-1, vmax=1)
    note = kernel_words.text(0.5, 0.6, "", ha="center", va="center", fontsize=12, transform=kernel_words.transAxes)
    kernel_axes.set_title("kernel")
    patches = [axis.imshow(np.zeros((2, 2)), "gray_r", vmin=0, vmax=1, extent=(0, 1, 1, 0))
               for axis in axes[:, 1:].ravel()]
    for axis in axes.ravel():
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(axis is not kernel_words)
    padded = np.pad(inputs, ((0, 0), (8, 8), (8, 8)))

    def update(layer, number):
        top, place, jump, field = best[layer]
        number = min(number, top.shape[1] - 1)
        weights = _numbers(model.get_layer(layer).kernel)[:, :, :, number]
        kernel.set_data(weights.mean(axis=2) / np.abs(weights.mean(axis=2)).max())
        note.set_text("" if weights.shape[2] == 1 else f"mean over its\n{weights.shape[2]} channels")
        order = np.argsort(-top[:, number])[:count]
        for image, k in zip(patches, order, strict=True):
            row, col = place[:, k, number] * jump - (2 * jump - 1) + 8  # the padding of every layer reaches left
            image.set_data(padded[k, row : row + field, col : col + field])
        strongest, middle = top[order[0], number], np.median(top[:, number])
        silent = "; it never answers at all" if strongest <= 0 else ""
        return (f"Filter {number} of {layer} sees {field} × {field} pixels; its strongest answers, up to "
                f"{strongest:.2f} (the median picture reaches {middle:.2f}), come from these {count} patches{silent}.")

    most = max(top.shape[1] for top, *_ in best.values())
    return InteractiveFigure(figure, update, name="What excites a filter", controls={
        "layer": choice("layer", list(best), convs[-1].name), "number": slider("filter", 0, most - 1, 0)})


class PadBoard:
    """A drawing pad beside the layers of a network, as one picture for an `InteractiveFigure`."""

    def __init__(self, pad, figure):
        self._pad, self._painter = pad, Painter(figure)
        self._picture = Picture(width=round(figure.get_figwidth() * figure.dpi))
        pad.widget.layout.width = "200px"  # its words wrap below it, so that the layers stay beside it
        self._picture.layout.flex = "0 0 auto"
        self.widget = widgets.HBox([pad.widget, self._picture], layout={"flex_flow": "row wrap", "overflow": "visible"})

    def refresh(self):
        """Send the drawing and the layers as they are now."""
        self._pad.refresh()
        self._picture.png = self._painter.png()

    def png(self):
        """The layers, whose first panel is the drawing as the network gets it."""
        return self._painter.png()


def draw_a_digit(model, images, labels):
    """Draw on a pad and watch every layer answer. images: uint8 (n, 28, 28), digits to put on the pad, with labels."""
    layers = Layers(model, size=(5.4, 4.6))
    pad = Pad("your digit", width=196)
    board = PadBoard(pad, layers.figure)
    turn = {"next": 0, "true": None}

    def update(fit):
        picture = pad.fitted() if fit else pad.array
        shares = layers.show(np.asarray(picture, "float32"))
        if not picture.any():
            return ("The pad is empty: draw a digit by mouse, finger or keys, or take a test digit. (Shown is what the "
                    f"network makes of white paper: it says {shares.argmax()}, {shares.max():.2f}.)")
        first, second = np.argsort(-shares)[:2]
        known = "" if turn["true"] is None else f" This test digit is a {turn['true']}."
        return (f"The network reads a {first} with a share of {shares[first]:.2f}, then {second} with "
                f"{shares[second]:.2f}.{known}")

    def drawn(_):
        turn["true"] = None
        shown.refresh()

    def take():
        k = turn["next"] % len(images)
        turn.update(next=k + 1, true=int(labels[k]))
        pad.fill(images[k])

    pad.on_change = drawn
    shown = InteractiveFigure(board, update, {"fit": toggle("enlarge the drawing until it fills the frame", True)},
                              name="Draw a digit", actions={"Take a test digit": take, "Clear": pad.clear})
    shown.pad = pad
    return shown
