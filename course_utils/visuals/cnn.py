"""The figures of lesson 04 about pictures as numbers and about filtering them."""

import itertools

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.datasets import photographs
from course_utils.from_scratch.convolution import convolve2d, output_size

from . import style
from .canvas import Matrix
from .cnn_board import Board, played
from .interactive import InteractiveFigure, choice, slider, toggle
from .painter import cells
from .style import minus

CHANNELS = ("all three", "red", "green", "blue")
# Kernels of 3 x 3, to be laid on the picture as they stand here.
EMBOSS = np.array([[4, 0, 0], [0, 0, 0], [0, 0, -4]])
KERNELS = {
    "leave as it is": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "blur": np.full((3, 3), 1 / 9),
    "edges, left to right": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "edges, top to bottom": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "emboss": EMBOSS,
}
# A small hill of gray; rows 1 to 3 and columns 1 to 3 hold the lecture's patch.
HILL = np.array([
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 1, 1, 1, 1, 0, 0],
    [0, 0, 1, 2, 3, 2, 1, 0],
    [0, 0, 1, 3, 5, 3, 1, 0],
    [0, 0, 1, 2, 3, 2, 1, 0],
    [0, 0, 0, 1, 1, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0],
])  # fmt: skip


def as_numbers(name="chelsea"):
    """Zoom from a whole photograph down to 8 x 8 pixels until the numbers show, in one channel or in all three."""
    photo = photographs(name)
    words = photographs()[name]
    side = min(photo.shape[:2])
    top, left = (photo.shape[0] - side) // 2, (photo.shape[1] - side) // 2
    photo = np.ascontiguousarray(photo[top : top + side, left : left + side])
    middle = np.array([0.43, 0.36]) * side  # an eye of the cat
    figure, (whole, near) = style.figure(1, 2, size=(9.2, 4.7))
    whole_image = cells(whole.imshow(photo))
    frame = whole.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.COLORS["yellow"], linewidth=3))
    near_image = cells(near.imshow(photo[:8, :8], vmin=0, vmax=255, extent=(0, 1, 1, 0)))
    labels = [near.text(0, 0, "", ha="center", va="center", fontsize=13) for _ in range(81)]
    for axes, title in ((whole, f"{side} × {side} pixels"), (near, "the part in the frame")):
        axes.set(title=title)
        axes.axis("off")

    def update(across, channel):
        row, col = (middle - across / 2).clip(0, side - across).astype(int)
        part = photo[row : row + across, col : col + across]
        layer = CHANNELS.index(channel) - 1
        whole_image.set_data(photo if layer < 0 else _tinted(photo, layer))
        near_image.set_data(part if layer < 0 else _tinted(part, layer))
        frame.set_bounds(col, row, across, across)
        numbers = part.mean(axis=2).round() if layer < 0 else part[:, :, layer]
        shown = across <= 9 and layer >= 0
        for k, label in enumerate(labels):
            inside = shown and k < across * across
            label.set_visible(inside)
            if inside:
                i, j = divmod(k, across)
                label.set_text(f"{int(numbers[i, j])}")
                label.set_position(((j + 0.5) / across, (i + 0.5) / across))
                label.set_color("black" if layer == 1 and numbers[i, j] > 150 else "white")
        place = f"{words}: {across} × {across} of {side} × {side} pixels"
        if layer < 0:
            return f"{place}, {across * across * 3:,} numbers in three channels; choose one channel to read them."
        return (f"{place}, the {channel} channel alone: numbers from {numbers.min():.0f} to {numbers.max():.0f}"
                + ("." if shown else "; zoom in to at most 9 pixels to read them."))

    return InteractiveFigure(figure, update, name="What a computer sees", controls={
        "across": slider("pixels across", 8, side, side, 1),
        "channel": choice("channel", CHANNELS, "all three")})


def _tinted(photo, layer):
    """One channel of the photograph in its own color."""
    tinted = np.zeros_like(photo)
    tinted[:, :, layer] = photo[:, :, layer]
    return tinted


def on_a_photograph(name="camera"):
    """Choose a kernel and see what it makes of a photograph; flip it to compare convolution and cross-correlation."""
    photo = photographs(name).mean(axis=2)[40:296, 110:366]
    figure, (before, middle, after) = style.figure(1, 3, size=(10.4, 4.2), width_ratios=(5, 2, 5))
    before.imshow(photo, "gray", vmin=0, vmax=255)
    before.set(title="picture")
    grid = middle.imshow(np.zeros((3, 3)), style.FIELD, vmin=-4, vmax=4)
    labels = [middle.text(j, i, "", ha="center", va="center", fontsize=14) for i in range(3) for j in range(3)]
    middle.set(title="kernel")
    result = after.imshow(photo, "gray", vmin=0, vmax=255)
    after.set(title="filtered")
    for axes in (before, middle, after):
        axes.axis("off")

    def update(kind, flip):
        kernel = KERNELS[kind][::-1, ::-1] if flip else KERNELS[kind]
        filtered = convolve2d(photo, kernel)
        grid.set_data(kernel)
        for label, number in zip(labels, kernel.ravel(), strict=True):
            label.set_text(minus(f"{number:.2g}"))
        total = kernel.sum()
        shift = 128 if abs(total) < 1e-9 else 0  # a kernel that sums to zero gives gray where nothing changes
        result.set_data(filtered + shift)
        told = "; zero is shown as middle gray" if shift else ""
        same = "the kernel as it stands"
        if flip:
            mirrored = np.allclose(kernel, KERNELS[kind])
            same = "flipped in both directions" + (", which changes nothing" if mirrored else "")
        return minus(f"{kind}: {same}; its nine numbers sum to {total:.2g}, the result goes from {filtered.min():.0f} "
                     f"to {filtered.max():.0f}{told}.")

    return InteractiveFigure(figure, update, name="Filters on a photograph", controls={
        "kind": choice("kernel", list(KERNELS), "edges, left to right"), "flip": toggle("flip the kernel")})


def step_over(image, kernels, *, name, mean=False, digits=0, start=(1, 1), cell=None):
    """Step over a picture pixel by pixel and see the products that make each number of the result.

    image: (h, w); kernels: {name: (3, 3) array}; mean: the mean of the products instead of their sum; digits: behind
    the point, in the result; start: the place of the result shown first; cell: pixels a number of the result takes.
    """
    image = np.asarray(image, float)
    first = np.asarray(next(iter(kernels.values())), float)
    size = first.size if mean else 1
    largest = max(np.abs(convolve2d(image, kernel)).max() for kernel in kernels.values()) / size
    highest = max(np.abs(kernel).max() for kernel in kernels.values())
    rows, cols = convolve2d(image, first).shape
    place = {"at": start}

    def over_picture(row, col):
        visit(row - 1, col - 1)  # the pixel under the pointer is the middle of the window

    def visit(row, col):
        place["at"] = int(np.clip(row, 0, rows - 1)), int(np.clip(col, 0, cols - 1))
        shown.refresh()

    picture = Matrix("picture (hover, or arrow keys)", image, on_cell=over_picture, digits=0)
    top = np.abs(image).max() * highest
    weights = Matrix("kernel", first, colors="field", low=-highest, high=highest, digits=0)
    products = Matrix("products", first * 0, colors="field", low=-top, high=top, digits=0, labels=True)
    result = Matrix("result", np.zeros((rows, cols)), colors="field", low=-largest, high=largest, digits=digits,
                    labels=True, cell=cell, on_cell=visit)

    def update(kernel="", flip=False):
        weight = np.asarray(kernels.get(kernel, first), float)
        weight = weight[::-1, ::-1] if flip else weight
        row, col = place["at"]
        patch = image[row : row + 3, col : col + 3]
        total = (patch * weight).sum() / size
        weights.values(weight)
        products.values(patch * weight)
        result.values(convolve2d(image, weight) / size).mark("here", row, col)
        picture.mark("window", row, col, 3, 3)
        sums = " + ".join(f"{pixel:g}·{number:g}" if min(pixel, number) >= 0 else f"({pixel:g})·({number:g})"
                          for pixel, number in zip(patch.ravel(), weight.ravel(), strict=True))
        told = f"({sums}) / {size}" if mean else sums
        return minus(f"Row {row + 1}, column {col + 1} of the result: {told} = {total:.{digits}f}.")

    controls = {"kernel": choice("kernel", list(kernels), next(iter(kernels)))} if len(kernels) > 1 else {}
    if not mean:
        controls["flip"] = toggle("flip the kernel")
    shown = InteractiveFigure(Board([picture], [weights, products], [result]), update, controls, name=name)
    return shown


def sliding(most=8):
    """Stride and padding as an animation: two filters of any size step over a small picture, place by place."""
    rng = np.random.default_rng(3)
    numbers = rng.integers(0, 3, (most, most)).astype(float)
    filters = rng.integers(-1, 2, (2, 5, 5)).astype(float)
    figure, _ = style.figure(size=(10.4, 5.2))
    figure.clear()
    panels = figure.subplot_mosaic([["picture", "map 1", "map 2"], ["picture", "kernel 1", "kernel 2"]],
                                   width_ratios=(5, 3, 3), height_ratios=(3, 2))
    left, *right = (panels[name] for name in ("picture", "map 1", "map 2"))
    below = [panels[name] for name in ("kernel 1", "kernel 2")]
    unit = {"extent": (0, 1, 1, 0)}  # the axes stay as they are, whatever the sizes: only then is their frame kept
    grid = left.imshow(np.zeros((2, 2)), style.FIELD, vmin=-4, vmax=4, **unit)
    maps = [axes.imshow(np.zeros((2, 2)), style.FIELD, vmin=-6, vmax=6, **unit) for axes in right]
    window = left.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.COLORS["vermillion"], linewidth=4))
    inner = left.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.COLORS["ink"], linewidth=2))
    squares = [axes.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.COLORS["vermillion"], linewidth=4))
               for axes in right]
    weights_shown = [axes.imshow(np.zeros((2, 2)), style.FIELD, vmin=-2, vmax=2, **unit) for axes in below]
    texts = [[axes.text(0, 0, "", ha="center", va="center", fontsize=11) for _ in range(count)]
             for axes, count in zip((left, *right, *below), (49, 36, 36, 25, 25), strict=True)]
    left.set_title("picture with its padding")
    titles = ("map of filter 1", "map of filter 2", "filter 1", "filter 2")
    for axes, title in zip((*right, *below), titles, strict=True):
        axes.set_title(title)
    for axes in (left, *right, *below):
        axes.set(xlim=(-0.02, 1.02), ylim=(1.02, -0.02))
        axes.axis("off")

    def hide(*artists):
        for artist in artists:
            artist.set_visible(False)

    def fill(image, values, labels, shown):
        image.set_data(values)
        fitting = np.ndenumerate(values) if values.size <= len(labels) else ()
        for label, cell in itertools.zip_longest(labels, fitting):
            label.set_visible(cell is not None and bool(shown[cell[0]]))
            if label.get_visible():
                (i, j), value = cell
                label.set_text(minus(f"{value:g}"))
                place = (j + 0.5) / len(values), (i + 0.5) / len(values)
                if label.get_position() != place:  # a text that is the same as before need not be painted again
                    label.set_position(place)

    def frame(rectangle, row, col, size, of):
        rectangle.set(visible=True)
        rectangle.set_bounds(col / of, row / of, size / of, size / of)

    def last():
        return places(**{k: v for k, v in shown.values.items() if k != "step"}) - 1

    def places(n, kernel, stride, padding):
        return output_size(n, kernel, stride, padding) ** 2 if kernel <= n + 2 * padding else 1

    def update(n, kernel, stride, padding, step):
        padded = np.pad(numbers[:n, :n], padding)
        frame(inner, padding, padding, n, len(padded))
        fill(grid, padded, texts[0], np.ones_like(padded))
        for image, labels, weights in zip(weights_shown, texts[3:], filters, strict=True):
            fill(image, weights[:kernel, :kernel], labels, np.ones((kernel, kernel)))
        through = f"({n} + 2·{padding} − {kernel}) / {stride} + 1"
        if kernel > n + 2 * padding:
            hide(window, *squares)
            for image, labels in zip(maps, texts[1:3], strict=True):
                fill(image, np.full((1, 1), np.nan), labels, np.zeros((1, 1)))
            places_told = minus(f"{(n + 2 * padding - kernel) / stride + 1:.3g}")
            return (f"No place for this kernel: it is {kernel} wide, the picture with its padding only "
                    f"{n + 2 * padding}. The formula gives {places_told}: take a smaller kernel or more padding.")
        side = output_size(n, kernel, stride, padding)
        step = min(step, side * side - 1)
        row, col = divmod(step, side)
        frame(window, row * stride, col * stride, kernel, len(padded))
        values = []
        for image, labels, square, weights in zip(maps, texts[1:3], squares, filters, strict=True):
            result = convolve2d(padded, weights[:kernel, :kernel], stride)
            done = np.arange(side * side).reshape(side, side) <= step
            fill(image, np.where(done, result, np.nan), labels, done)
            frame(square, row, col, 1, side)
            values.append(f"{result[row, col]:g}")
        left_over = (n + 2 * padding - kernel) % stride
        told = (f"⌊{through}⌋ = {side}; the division leaves {left_over}, so the last {left_over} rows and columns are "
                "never seen") if left_over else f"{through} = {side}"
        return (f"{told}: the result is {side} × {side}. Place {step + 1} of {side * side}: "
                + minus(f"filter 1 gives {values[0]}, filter 2 gives {values[1]}."))

    shown = played(figure, update, name="Stride and padding", control="step", last=last, controls={
        "n": slider("side of the picture n", 3, most, 5), "kernel": slider("kernel k", 1, 5, 3),
        "stride": slider("stride s", 1, 4, 2), "padding": slider("padding p", 0, 2, 1),
        "step": slider("step", 0, (most + 4) ** 2 - 1, 0)})
    return shown
