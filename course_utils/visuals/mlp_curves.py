"""The figures of lesson 02 about curves: a hidden layer put together by hand, and what training made of it."""

import numpy as np

from course_utils.datasets.recordings import read
from course_utils.from_scratch.mlp import MLP

from . import style
from .canvas import Plane
from .interactive import InteractiveFigure, choice, slider
from .mlp_runs import ACTIVATIONS, CURVES, DEPTH_CURVES, DEPTHS, SEEDS, WIDTHS, X, rms

OWN = "your own"
MOST = 32


def recorded():
    """The arrays of the recorded trainings: steps, width (step, activation, width, start), depth (step, activation,
    curve, network, start); the numbers are errors (root mean square)."""
    return read("mlp_curves").arrays


def placed(t, width, activation):
    """A 1-width-1 network put together by hand for the curve t at X: bends evenly spaced, best output weights.

    The hidden neurons differ only in where they bend; what each contributes is found by least squares, not learned.
    """
    net = MLP([1, width, 1], activation)
    if activation == "relu":  # a bend at -1, then one every so often
        steep, at = 1.0, np.linspace(-1, 1, width, endpoint=False)
    else:
        steep, at = max(2.0, 0.75 * width), np.linspace(-1, 1, 2 * width + 1)[1::2]
    net.weights[0][:] = steep
    net.biases[0][:] = -steep * at
    hidden = net.layers(X[:, None])[1][1]
    solution = np.linalg.lstsq(np.column_stack([hidden, np.ones(len(X))]), t, rcond=1e-6)[0]
    net.weights[1][:, 0], net.biases[1][:] = solution[:-1], solution[-1]
    return net


def put_together():
    """Pick or draw a curve, add hidden neurons: the share of each, and their sum."""
    knots = np.linspace(-1, 1, 11)
    heights = np.array([0.0, 0.6, 0.8, 0.3, -0.4, -0.6, -0.2, 0.5, 0.3, -0.5, -0.2])

    def update(curve, width, activation):
        own = curve == OWN
        t = np.interp(X, knots, heights) if own else CURVES[curve](X)
        for i, (x, y) in enumerate(zip(knots, heights, strict=True)):
            plane.handle(f"{i + 1}", (x, y) if own else None, "")
        net = placed(t, width, activation)
        shares = net.layers(X[:, None])[1][1] * net.weights[1][:, 0]
        plane.line("curve", np.column_stack([X, t]), color="grey", dashed=True, width=4)
        for k in range(MOST):
            ends = np.column_stack([X, np.clip(shares[:, k], -1.6, 1.6)]) if k < width else None
            plane.line(f"share {k}", ends, color="sky", width=1.5)
        plane.line("network", None)  # drawn last, so that it lies above shares that have only just come
        plane.line("network", np.column_stack([X, net.forward(X[:, None])[:, 0]]), color="vermillion", width=4)
        name = "your curve" if own else f"the {curve}"
        bias = round(net.biases[1][0], 2) + 0.0  # never -0.00
        return (f"{width} hidden {activation} neuron{'s' * (width > 1)} for {name}: error {rms(net, t):.3f}. Thin: "
                f"what each neuron adds. Bold: their sum plus the output bias {bias:.2f}. Dashed: {name}.")

    def moved(key, x, y):
        heights[int(key) - 1] = y
        figure.refresh()

    plane = Plane((-1, 1), (-1.5, 1.5), labels=("x", "ŷ"), name="A curve of neurons: the plane", width=600, height=400,
                  on_drag=moved)
    figure = InteractiveFigure(plane, update, name="A curve of neurons", controls={
        "curve": choice("curve", [*CURVES, OWN]), "width": slider("hidden neurons", 1, MOST, 3),
        "activation": choice("activation", ["relu", "tanh"])})
    return figure


def learned_widths(recording=None):
    """Recorded trainings: error against width after so many steps, beside what the network by hand reaches."""
    recording = recording or read("mlp_curves")
    errors = recording.arrays["width"]
    possible = {a: [rms(placed(CURVES["wave"](X), n, a), CURVES["wave"](X)) for n in WIDTHS] for a in ACTIVATIONS}
    figure, axes = style.figure()
    dots, = axes.plot([], [], "o", color=style.COLORS["sky"], markersize=6, label=f"learned, {SEEDS} starts")
    middle, = axes.plot([], [], color=style.COLORS["blue"], label="learned, median")
    hand, = axes.plot([], [], color=style.COLORS["vermillion"], linestyle="--", label="put together by hand")
    axes.set(xscale="log", yscale="log", xlabel="hidden neurons", ylabel="error (root mean square)", ylim=(2e-4, 1.5),
             xlim=(0.9, 36))
    axes.set_xticks(WIDTHS, [str(n) for n in WIDTHS])
    axes.minorticks_off()
    axes.legend(loc="lower left")

    def update(activation, step):
        now = errors[int(np.abs(recording.steps - step).argmin()), ACTIVATIONS.index(activation)]
        dots.set_data(np.repeat(WIDTHS, SEEDS), now.ravel())
        median = np.median(now, axis=1)
        middle.set_data(WIDTHS, median)
        hand.set_data(WIDTHS, possible[activation])
        at = WIDTHS.index(16)
        return (f"{activation} after {step} steps: with 16 neurons the 10 starts reach errors from {now[at].min():.3f} "
                f"to {now[at].max():.3f}, median {median[at]:.3f}; by hand {possible[activation][at]:.3f}.")

    last = int(recording.steps[-1])
    return InteractiveFigure(figure, update, name="Learned widths", controls={
        "activation": choice("activation", ACTIVATIONS), "step": slider("training steps", 0, last, last, 100)})


def width_or_depth(recording=None):
    """Recorded trainings: one wide hidden layer against two, three and four narrow ones with as many parameters."""
    recording = recording or read("mlp_curves")
    errors = recording.arrays["depth"]
    names = ["1-" + "-".join(map(str, layers)) + "-1" for layers in DEPTHS]
    figure, axes = style.figure()
    dots = [axes.plot([], [], marker, linestyle="none", color=style.COLORS[color], label=name)[0]
            for name, marker, color in zip(names, "o^sD", ("blue", "orange", "green", "purple"), strict=True)]
    bars, = axes.plot([], [], color=style.COLORS["ink"], linewidth=4, linestyle="-", label="median")
    axes.set(yscale="log", ylabel="error (root mean square)", ylim=(2e-4, 1.5), xlim=(-0.5, 3.5))
    axes.set_xticks(range(4), names)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))

    def update(curve, activation, step):
        now = errors[int(np.abs(recording.steps - step).argmin()), ACTIVATIONS.index(activation),
                     DEPTH_CURVES.index(curve)]
        medians = np.median(now, axis=1)
        xs, ys = [], []
        for k, (one, median) in enumerate(zip(now, medians, strict=True)):
            dots[k].set_data(k + np.linspace(-0.2, 0.2, SEEDS), one)
            xs, ys = [*xs, k - 0.3, k + 0.3, np.nan], [*ys, median, median, np.nan]
        bars.set_data(xs, ys)
        return f"{curve}, {activation}, {step} steps, median error: " + ", ".join(
            f"{name} {median:.4f}" for name, median in zip(names, medians, strict=True)) + "."

    last = int(recording.steps[-1])
    return InteractiveFigure(figure, update, name="Width or depth", controls={
        "curve": choice("curve", DEPTH_CURVES), "activation": choice("activation", ACTIVATIONS),
        "step": slider("training steps", 0, last, last, 100)})
