"""The dashboard of lesson 03: what the inputs, the first weights and batch normalization do to a deep network."""
import numpy as np

from course_utils.datasets import recordings
from course_utils.datasets.descent_runs import KINDS, STARTS, WIDTH
from course_utils.from_scratch.descent import deep_backward, deep_forward

from . import style
from .interactive import InteractiveFigure, choice, slider, toggle
from .style import minus

INPUTS = ("raw", "centered", "normalized", "whitened")
BINS = np.linspace(-12, 4, 65)  # powers of ten


def measurements(n=200, seed=0):
    """Two features that hang together: height in cm and weight in kg, x (n, 2); and a target (n,) made from them."""
    rng = np.random.default_rng(seed)
    height = rng.normal(172, 9, n)
    weight = 70 + 0.9 * (height - 172) + rng.normal(0, 8, n)
    t = 0.05 * (height - 172) - 0.04 * (weight - 70) + rng.normal(0, 0.1, n)
    return np.column_stack([height, weight]), t


def prepared(x, how):
    """The inputs x (n, 2) as they are, centered, normalized (spread 1 each), or whitened (uncorrelated as well)."""
    if how == "raw":
        return x
    x = x - x.mean(axis=0)
    if how == "normalized":
        return x / x.std(axis=0)
    if how == "whitened":
        values, vectors = np.linalg.eigh(x.T @ x / len(x))
        return x @ vectors / np.sqrt(values)
    return x


def descent_course(x, t, goal=1e-3):
    """How gradient descent at its best fixed rate goes for a linear neuron with bias on inputs x (n, d), t (n,).

    Returns the condition number of the landscape (its largest curvature over its smallest), the number of steps until
    the loss above the minimum has fallen to `goal` times its first value, and a function from steps to that share.
    """
    design = np.column_stack([x, np.ones(len(x))])
    values, vectors = np.linalg.eigh(design.T @ design / len(x))
    best = np.linalg.lstsq(design, t, rcond=None)[0]
    parts = values * (vectors.T @ best) ** 2  # what each direction adds to the loss at the start, w = 0
    factors = (1 - 2 * values / (values[0] + values[-1])) ** 2  # by which one step shrinks it

    def share(k):
        return np.sum(parts * factors ** np.asarray(k, float)[..., None], axis=-1) / parts.sum()

    low, high = 0, 1
    while share(high) > goal:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if share(middle) > goal else (low, middle)
    return values[-1] / values[0], high, share


def _heat(values):
    """For each layer the share of its numbers in each bin of powers of ten: an array (bins, layers)."""
    columns = []
    for layer in values:
        size = np.abs(layer[layer != 0])
        bins = np.clip((np.log10(size) - BINS[0]) * 4, 0, len(BINS) - 2).astype(int)  # four bins a power of ten
        columns.append(np.bincount(bins, minlength=len(BINS) - 1) / layer.size)
    return np.array(columns).T


def dashboard(seed=0):
    """Inputs, descent on them, and histograms of activations and gradients through up to twenty layers."""
    x, t = measurements()
    courses = {how: descent_course(prepared(x, how), t) for how in INPUTS}
    figure, axes = style.figure(2, 2, size=(9.6, 7.4))
    (cloud, course), (forward, backward) = axes
    dots, = cloud.plot([], [], "o", color=style.COLORS["blue"], markersize=4, alpha=0.7)
    cloud.set(title="inputs", xlabel="first feature", ylabel="second feature", xlim=(-1, 1), ylim=(-1, 1), xticks=[],
              yticks=[])  # the limits stay, so that the painted frame can stay; a text says what they mean
    cloud.axhline(0, color=style.COLORS["grey"], linewidth=1, linestyle="-")
    cloud.axvline(0, color=style.COLORS["grey"], linewidth=1, linestyle="-")
    reach_told = cloud.text(-0.97, 0.88, "", fontsize=11)
    ks = np.unique(np.round(np.geomspace(1, 1e8, 80)))
    for how, color, dashes in zip(INPUTS, ("vermillion", "orange", "blue", "green"), ("-", "--", "-.", ":"),
                                  strict=True):
        course.plot(ks, np.maximum(courses[how][2](ks), 1e-12), color=style.COLORS[color], linestyle=dashes, label=how)
    now, = course.plot([], [], "o", color=style.COLORS["ink"], markersize=11)
    course.axhline(1e-3, color=style.COLORS["grey"], linewidth=1, linestyle="-")
    course.set(title="one linear neuron", xscale="log", yscale="log", xlim=(1, 1e8), ylim=(1e-6, 2), xlabel="step",
               ylabel="loss above the minimum")
    course.legend(loc="center", fontsize=10)
    look = {"origin": "lower", "aspect": "auto", "cmap": "Blues", "vmin": 0, "vmax": 0.3}
    images = []
    for panel, title in ((forward, "activations, hidden layers"), (backward, "slopes of the loss by z")):
        images.append(panel.imshow(np.zeros((64, 19)), extent=(0.5, 19.5, BINS[0], BINS[-1]), **look))
        panel.set(title=title, xlabel="layer", ylabel="size, power of ten", xlim=(0.5, 20.5), ylim=(BINS[0], BINS[-1]),
                  xticks=(1, 5, 10, 15, 20))

    def update(inputs, start, kind, normalize, depth):
        ready = prepared(x, inputs)
        reach = {"raw": 220, "centered": 40}.get(inputs, 4)
        dots.set_data(*(ready.T / reach))
        reach_told.set_text(minus(f"both axes from -{reach} to {reach}"))
        condition, steps, share = courses[inputs]
        now.set_data([steps], [share(steps)])
        rng = np.random.default_rng(seed)
        sizes = [2] + [WIDTH] * (depth - 1) + [1]
        weights = [STARTS[start](*pair, rng) for pair in zip(sizes[:-1], sizes[1:], strict=True)]
        with np.errstate(all="ignore"):
            some = ready[:60]  # enough for a histogram
            zs, activations = deep_forward.__wrapped__(weights, some, kind, normalize)
            _, deltas = deep_backward(weights, zs, activations, activations[-1] - t[:60, None], kind, normalize)
        hidden = activations[1:-1]
        for image, layers in zip(images, (hidden, deltas), strict=True):
            image.set_data(_heat(layers))
            image.set_extent((0.5, len(layers) + 0.5, BINS[0], BINS[-1]))
        spread = np.std(hidden[0]), np.std(hidden[-1])
        slopes = [np.sqrt(np.mean(delta**2)) for delta in (deltas[0], deltas[-1])]
        if kind == "relu":
            tail = f"{np.mean([np.mean(a == 0) for a in hidden]):.0%} of the activations are 0."
        else:
            tail = f"{np.mean([np.mean(np.abs(a) > 0.99) for a in hidden]):.0%} of the activations lie beyond 0.99."
        need = f"{_said(steps)} steps" if steps > 1 else "1 step"
        return minus(f"{inputs} inputs: condition number {_said(condition)}, {need} to a thousandth of the first loss. "
                     f"{depth} layers, {kind}, {start}{', batch normalization' if normalize else ''}: the spread of "
                     f"the activations goes from {spread[0]:.2g} in the first layer to {spread[1]:.2g} in the last "
                     f"hidden one; the slopes by z go from {slopes[1]:.1g} in the last layer back to {slopes[0]:.1g} "
                     f"in the first. {tail}")

    return InteractiveFigure(figure, update, name="Tricks of the trade", controls={
        "inputs": choice("inputs", INPUTS, "raw"), "start": choice("first weights", list(STARTS), "small (0.1)"),
        "kind": choice("activation", ("tanh", "relu", "sigmoid"), "tanh"),
        "normalize": toggle("batch normalization"), "depth": slider("layers", 3, 20, 20, 1)})


def _said(number):
    """A number in three digits, as one says it: 4.94, 164, 16.6 million."""
    return f"{number / 1e6:.3g} million" if number >= 1e6 else f"{number:.3g}"


def deep_table():
    """The recorded trainings of twenty layers as lines: median and range of the loss after 400 steps, five seeds."""
    losses = recordings.read("descent_deep").arrays["losses"].astype(float)[..., 1]
    lines = [f"{'first weights':14} {'plain tanh':>22} {'plain ReLU':>22} {'tanh, batch norm':>22} "
             f"{'ReLU, batch norm':>22}"]
    for name, row in zip(STARTS, losses, strict=True):
        cells = [_cell(row[k, b]) for b in (0, 1) for k in range(len(KINDS))]
        lines.append(f"{name:14} " + " ".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines)


def _cell(values):
    good = values[np.isfinite(values)]
    if not len(good):
        return "all five diverge"
    lost = f", {len(values) - len(good)} div." if len(good) < len(values) else ""
    return f"{np.median(good):.2f} ({good.min():.2f}–{good.max():.2f}){lost}"
