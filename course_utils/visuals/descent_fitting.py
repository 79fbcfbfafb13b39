"""The figures of lesson 03 about under- and overfitting: weight decay, remedies on a wave, learning curves."""
import numpy as np

from course_utils.datasets import recordings
from course_utils.datasets.descent_runs import COUNTS, DECAY_SIZES, FINE, LAMBDAS, NOISE, REMEDIES, scores, wave
from course_utils.from_scratch.mlp import MLP

from . import style
from .interactive import InteractiveFigure, choice, slider
from .neuron import scatter
from .style import minus

FLOOR = NOISE**2
TOLD = {"too small": "one hidden neuron", "nothing": "two layers of 40", "decay": "with decay λ = 0.003",
        "dropout": "with dropout of 20 %", "more data": "with 200 points", "noise": "with noise of 0.1 on the inputs"}


def shortest(values):
    """A number as a reader says it: 0.0003 and 3000, not 0.000300 or 3.00e+03."""
    return f"{values:,.0f}" if values >= 1000 else f"{values:.3g}"


def decay_explorer():
    """Slide λ: the boundary of a trained net, its weights as a histogram, and both errors (recorded)."""
    run = recordings.read("descent_decay").arrays
    x, t = scores(40, 0)
    net = MLP(DECAY_SIZES, "tanh", output="tanh")
    grid = np.stack(np.meshgrid(np.linspace(-3, 3, 61), np.linspace(-3, 3, 61)), axis=-1).reshape(-1, 2)
    figure, (left, right) = style.figure(1, 2, size=(9.2, 4.4))
    field = left.imshow(np.zeros((61, 61)), extent=(-3, 3, -3, 3), origin="lower", cmap=style.FIELD, vmin=-1, vmax=1,
                        aspect="auto", zorder=0)
    border, = left.plot([], [], "s", color=style.COLORS["ink"], markersize=2.5)
    scatter(left, x, (t[:, 0] > 0).astype(int), labels=("speed, centered", "size, centered"), size=55)
    left.set(xlim=(-3, 3), ylim=(-3, 3))
    edges = np.linspace(-6, 6, 49)
    bars = right.bar((edges[1:] + edges[:-1]) / 2, np.zeros(48), width=0.25, color=style.COLORS["blue"])
    right.set_yscale("symlog", linthresh=3)  # most weights end near 0, and the few others are to be seen
    right.set(xlim=(-6, 6), ylim=(0, 200), yticks=(0, 1, 2, 5, 10, 50, 180), yticklabels=(0, 1, 2, 5, 10, 50, 180),
              xlabel="weight", ylabel="how many of 180")
    right.minorticks_off()
    names = ["0"] + [f"{value:g}" for value in LAMBDAS[1:]]

    def update(strength):
        i = names.index(strength)
        _fill(net, run["numbers"][i])
        y = net.forward(grid)[:, 0].reshape(61, 61)
        field.set_data(y)
        turn = (np.diff(np.sign(y), axis=1)[:-1] != 0) | (np.diff(np.sign(y), axis=0)[:, :-1] != 0)
        rows, cols = np.nonzero(turn)
        border.set_data(-3 + 0.1 * cols + 0.05, -3 + 0.1 * rows + 0.05)
        weights = np.concatenate([w.ravel() for w in net.weights])
        for bar, count in zip(bars, np.histogram(np.clip(weights, -5.99, 5.99), edges)[0], strict=True):
            bar.set_height(count)
        train, test = run["errors"][i, 0]
        return (f"λ = {strength}: squared length of the weights {shortest(run['lengths'][i, 0])}, mean squared error "
                f"{train:.3f} on the 40 animals, {test:.3f} on 2,000 fresh ones.")

    return InteractiveFigure(figure, update, name="Weight decay",
                             controls={"strength": choice("decay λ", names, "0")})


def _fill(net, numbers):
    """Put the numbers of one recorded net into `net`."""
    at = 0
    for p in net.parameters():
        p[...] = numbers[at:at + p.size].reshape(p.shape)
        at += p.size


def remedies():
    """Training and test error of six trainings on a wave, over five seeds, beside the curve of the first (recorded)."""
    recording = recordings.read("descent_fitting")
    steps, errors, curves = recording.steps, recording.arrays["errors"], recording.arrays["curves"]
    figure, (left, right) = style.figure(1, 2, size=(9.6, 4.5))
    left.plot(FINE, np.sin(3 * FINE), color=style.COLORS["grey"], linestyle="--", label="truth")
    dots, = left.plot([], [], "o", color=style.COLORS["blue"], markersize=6, label="training points")
    fitted, = left.plot([], [], color=style.COLORS["ink"], linestyle="-", label="net")
    left.set(xlim=(-2, 2), ylim=(-2.2, 2.6), xlabel="x", ylabel="y")
    left.legend(loc="upper center", ncols=3, handlelength=1.2, columnspacing=0.8)
    right.axhline(FLOOR, color=style.COLORS["grey"], linestyle=":", label="floor: the noise")
    lines, bands = {}, {}
    for name, color, dashes, column in (("training", "blue", "-", 0), ("test", "vermillion", "--", 2)):
        lines[name, column], = right.plot(steps, np.ones(len(steps)), color=style.COLORS[color], linestyle=dashes,
                                          label=name)
        bands[name, column] = right.fill_between(steps, 0.1, 1, color=style.COLORS[color], alpha=0.2, linewidth=0)
    now = right.axvline(steps[-1], color=style.COLORS["ink"], linestyle="-", linewidth=1.5)
    right.set(xscale="log", yscale="log", xlim=(1, steps[-1]), ylim=(8e-4, 3), xlabel="step",
              ylabel="mean squared error")
    right.legend(loc="lower left")
    names = list(REMEDIES)

    def update(help_, place):
        i, row = names.index(help_), int(np.argmin(np.abs(steps - round(10 ** place))))
        n = REMEDIES[help_].get("n", 20)
        dots.set_data(*(column[:, 0] for column in wave(n, 0)))
        dots.set_alpha(1.0 if n == 20 else 0.35)
        fitted.set_data(FINE, curves[row, i].astype(float))
        for (name, column), line in lines.items():
            values = errors[:, i, :, column].astype(float)
            line.set_ydata(np.median(values, axis=1))
            bands[name, column].set_data(steps, values.min(axis=1), values.max(axis=1))
        now.set_xdata([steps[row]] * 2)
        train, test = errors[row, i, :, 0], errors[row, i, :, 2]
        return (f"{help_} ({TOLD[help_]}), step {steps[row]:,}: training error {np.median(train):.3f} "
                f"({train.min():.3f} to {train.max():.3f} over five seeds), test error {np.median(test):.3f} "
                f"({test.min():.3f} to {test.max():.3f}); the noise alone makes {FLOOR:.2f}.")

    last = float(np.log10(steps[-1]))
    return InteractiveFigure(figure, update, name="What helps", controls={
        "help_": choice("remedy", names, "nothing"),
        "place": slider("step, as a power of ten", 0.0, round(last, 2), round(last, 2), 0.05)})


def learning_curves():
    """Training and test error against the number of training points, for a small and a large net (recorded)."""
    values = recordings.read("descent_fitting").arrays["learning"].astype(float)
    figure, panels = style.figure(1, 2, size=(9.2, 4.3), sharey=True)
    for axes, title, runs in zip(panels, ("one hidden neuron", "two layers of 40"), values, strict=True):
        axes.axhline(FLOOR, color=style.COLORS["grey"], linestyle=":", label="floor: the noise")
        for column, (name, color, marker, dashes) in enumerate((("training", "blue", "o", "-"),
                                                                ("test", "vermillion", "^", "--"))):
            axes.fill_between(COUNTS, runs[..., column].min(axis=1), runs[..., column].max(axis=1), alpha=0.2,
                              color=style.COLORS[color], linewidth=0)
            axes.plot(COUNTS, np.median(runs[..., column], axis=1), color=style.COLORS[color], marker=marker,
                      linestyle=dashes, label=name)
        axes.set(xscale="log", yscale="log", xticks=COUNTS, xticklabels=COUNTS, xlabel="training points", title=title)
        axes.minorticks_off()
    panels[0].set_ylabel("mean squared error")
    panels[1].legend(loc="lower right")
    small, large = (np.median(runs, axis=1) for runs in values)
    return style.show(figure, minus(
        f"Two learning curves. One hidden neuron: training and test error meet at {small[-1, 0]:.2f} and "
        f"{small[-1, 1]:.2f} with 320 points, far above the floor {FLOOR:.2f}. Two layers of 40: with 10 points "
        f"{large[0, 0]:.3f} and {large[0, 1]:.2f}, with 320 points {large[-1, 0]:.2f} and {large[-1, 1]:.2f}."))
