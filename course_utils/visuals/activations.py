"""The figures of lesson 01 about activations, and about what one neuron can and cannot do."""
import numpy as np

from course_utils.datasets.animals import bayes_accuracy, line_accuracy, rabbits_and_unicorns
from course_utils.from_scratch._checks import checked, numbers, whole
from course_utils.from_scratch.neuron import ACTIVATIONS, SLOPES, neuron, sigmoid, softmax

from . import style
from .interactive import InteractiveFigure, choice, slider
from .neuron import boundary, scatter


def activation_explorer():
    """Choose an activation, move z: the value on the left, the slope on the right, the tangent between them."""
    figure, (left, right) = style.figure(1, 2, size=(8.6, 4.3))
    z = np.linspace(-4, 4, 401)
    curves, dots = [], []
    for axes, title, limits in ((left, "activation a", (-2.2, 2.2)), (right, "slope of a", (-0.3, 1.3))):
        axes.set(xlim=(-4, 4), ylim=limits, xlabel="z", title=title)
        axes.axhline(0, color=style.COLORS["grey"], linewidth=1)
        axes.axvline(0, color=style.COLORS["grey"], linewidth=1)
        curves += axes.plot([], [], color=style.COLORS["blue"])
        dots += axes.plot([], [], "o", markersize=11, color=style.COLORS["vermillion"], zorder=4)
    tangent, = left.plot([], [], color=style.COLORS["vermillion"], linestyle="--", linewidth=2)

    def update(kind, at):
        a, slope = float(ACTIVATIONS[kind](at)), float(SLOPES[kind](at))
        values = ACTIVATIONS[kind](z)
        if kind == "step":
            values = np.where(z == 0, np.nan, values)  # a jump, not a steep line
        curves[0].set_data(z, values)
        curves[1].set_data(z, SLOPES[kind](z))
        dots[0].set_data([at], [a])
        dots[1].set_data([at], [slope])
        tangent.set_data([at - 1, at + 1], [a - slope, a + slope])
        by_convention = " (by convention)" if at == 0 and kind in ("step", "relu", "leaky_relu") else ""
        return (f"{kind.replace('_', ' ')}: at z = {at:g} the output is {a:.3f} and the slope "
                f"{slope:.3f}{by_convention}.")

    return InteractiveFigure(figure, update, name="Activation and slope", controls={
        "kind": choice("activation", list(ACTIVATIONS), "sigmoid"), "at": slider("z", -4, 4, 1, 0.25)})


def _learned(x, t, learning_rate=0.5, steps=300):
    """Sigmoid neuron after full-batch steps of the learning rule, on centered inputs so that few steps are enough."""
    middle = x.mean(axis=0)
    weights, bias = np.zeros(2), 0.0
    for _ in range(steps):
        error = t - sigmoid((x - middle) @ weights + bias)
        weights, bias = weights + learning_rate * error @ (x - middle) / len(x), bias + learning_rate * error.mean()
    return weights, bias - weights @ middle


@checked(n=whole(20))
def overlap_explorer(n=400):
    """Widen the two clouds: the best possible accuracy falls, and a learned neuron follows it."""
    spreads = np.arange(0.5, 2.51, 0.25)
    runs = []
    for spread in spreads:
        x, t = rabbits_and_unicorns(n, overlap=True, spread=spread)
        weights, bias = _learned(x, t)
        runs.append((x[:120], t[:120], weights, bias, line_accuracy(weights, bias, spread)))
    figure, (left, right) = style.figure(1, 2, size=(8.6, 4.3))
    clouds = scatter(left, *runs[0][:2], size=45)
    line, = left.plot([], [], color=style.COLORS["ink"])
    left.set(xlim=(-1, 11), ylim=(-1, 11))
    fine = np.linspace(0.4, 2.6, 100)
    right.plot(fine, [bayes_accuracy(s) for s in fine], color=style.COLORS["green"], label="best possible")
    now, = right.plot([], [], "D", markersize=11, color=style.COLORS["vermillion"], label="this neuron")
    right.set(xlabel="spread of each cloud", ylabel="accuracy", ylim=(0.7, 1.01))
    right.legend(loc="lower left")

    def update(spread):
        x, t, weights, bias, accuracy = runs[int(np.argmin(np.abs(spreads - spread)))]
        for k, cloud in enumerate(clouds):
            cloud.set_offsets(x[t == k])
        line.set_data(*boundary(weights, bias).T)
        now.set_data([spread], [accuracy])
        return (f"Spread {spread:g}: the best possible rule is right about {bayes_accuracy(spread):.3f} of all "
                f"animals, the learned neuron about {accuracy:.3f}.")

    return InteractiveFigure(figure, update, name="Clouds that overlap",
                             controls={"spread": slider("spread", 0.5, 2.5, 1.5, 0.25)})


@checked(x=numbers(1), y=numbers(1), validation_x=numbers(1), validation_y=numbers(1))
def wiggle(curve, x, y, validation_x, validation_y):
    """Raise the degree of a polynomial: training error falls, validation error falls and then climbs.

    curve: the true function, known because the data are made; x, y and validation_x, validation_y: (n,) each.
    """
    degrees = np.arange(len(x))
    fits = [np.polynomial.Polynomial.fit(x, y, d) for d in degrees]
    errors = {"training": [np.mean((f(x) - y) ** 2) for f in fits],
              "validation": [np.mean((f(validation_x) - validation_y) ** 2) for f in fits]}
    figure, (left, right) = style.figure(1, 2, size=(8.6, 4.3))
    fine = np.linspace(x.min(), x.max(), 300)
    left.plot(fine, curve(fine), color=style.COLORS["grey"], linestyle="--", label="truth")
    left.plot(x, y, "o", color=style.COLORS["blue"], label="training")
    left.plot(validation_x, validation_y, "^", color=style.COLORS["orange"], label="validation")
    fitted, = left.plot([], [], color=style.COLORS["ink"])
    left.set(xlabel="x", ylabel="y", ylim=(-2, 2))
    for (name, values), color, marker in zip(errors.items(), style.CLASS_COLORS, style.CLASS_MARKERS, strict=True):
        right.semilogy(degrees, np.maximum(values, 1e-4), color=color, marker=marker, label=name)
    now = right.axvline(0, color=style.COLORS["ink"], linestyle=":")
    right.set(xlabel="degree of the curve", ylabel="mean squared error", xticks=degrees[::2])
    right.legend(loc="lower left")

    def update(degree):
        fitted.set_data(fine, fits[degree](fine))
        now.set_xdata([degree, degree])
        return (f"Degree {degree}: mean squared error {errors['training'][degree]:.3f} on the training points, "
                f"{errors['validation'][degree]:.3f} on the validation points.")

    return InteractiveFigure(figure, update, name="From stiff to wiggly",
                             controls={"degree": slider("degree", 0, int(degrees[-1]), 1, 1)})


CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NOT x₁": [1, 1, 0, 0], "XOR": [0, 1, 1, 0]}


def gates():
    """Set two weights and a bias so that the neuron computes a logic gate; XOR stays at three of four."""
    figure, axes = style.figure()
    grid = np.stack(np.meshgrid(np.linspace(-0.5, 1.5, 81), np.linspace(-0.5, 1.5, 81)), axis=-1)
    field = axes.imshow(np.zeros((81, 81)), extent=(-0.5, 1.5, -0.5, 1.5), origin="lower", cmap=style.FIELD, vmin=-2,
                        vmax=2, aspect="auto", zorder=0)
    kinds = [axes.scatter([], [], s=320, c=style.CLASS_COLORS[k], marker=style.CLASS_MARKERS[k], edgecolors="white",
                          label=f"wanted {k}", zorder=3) for k in (0, 1)]
    rings = axes.scatter([], [], s=900, facecolors="none", edgecolors=style.COLORS["vermillion"], linewidths=3,
                         label="wrong")
    line, = axes.plot([], [], color=style.COLORS["ink"])
    axes.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1], xlabel="$x_1$", ylabel="$x_2$")
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), labelspacing=1.2)

    def update(gate, w1, w2, bias):
        t = np.array(GATES[gate])
        y = neuron(CORNERS, [w1, w2], bias)
        field.set_data(2 * neuron(grid.reshape(-1, 2), [w1, w2], bias).reshape(81, 81) - 1)
        for k, corners in enumerate(kinds):
            corners.set_offsets(CORNERS[t == k])
        rings.set_offsets(CORNERS[y != t])
        line.set_data(*boundary([w1, w2], bias).T)
        table = ", ".join(f"{a:.0f}{b:.0f} → {out:.0f}" for (a, b), out in zip(CORNERS, y, strict=True))
        return f"{gate}: {np.sum(y == t)} of 4 right ({table})."

    return InteractiveFigure(figure, update, name="Logic gates", controls={
        "gate": choice("gate", list(GATES), "OR"), "w1": slider("weight w₁", -2, 2, 1, 0.25),
        "w2": slider("weight w₂", -2, 2, 1, 0.25), "bias": slider("bias", -3, 3, -0.5, 0.25)})


def softmax_shares(names=("rabbit", "unicorn", "horse")):
    """Three neurons, three sums z: how softmax shares 1 among them."""
    figure, (left, right) = style.figure(1, 2, size=(8.6, 4.3))
    colors = [style.COLORS[c] for c in ("blue", "orange", "green")]
    bars = left.barh(names, [0, 0, 0], color=colors), right.barh(names, [0, 0, 0], color=colors)
    left.axvline(0, color=style.COLORS["ink"], linewidth=1)
    left.set(xlim=(-4, 4), xlabel="weighted sum z")
    right.set(xlim=(0, 1), xlabel="share after softmax", yticks=[])
    labels = [right.text(0, i, "", va="center", fontsize=15) for i in range(3)]

    def update(z1, z2, z3):
        z = np.array([z1, z2, z3])
        shares = softmax(z)
        for i in range(3):
            bars[0][i].set_width(z[i])
            bars[1][i].set_width(shares[i])
            labels[i].set_text(f"{shares[i]:.2f}")
            labels[i].set_position((min(shares[i] + 0.02, 0.86), i))
        return "Shares: " + ", ".join(f"{n} {s:.2f}" for n, s in zip(names, shares, strict=True)) + "."

    starts = {"z1": 1, "z2": 2, "z3": 0}
    return InteractiveFigure(figure, update, name="Softmax shares", controls={
        key: slider(f"z of {name}", -3, 3, start, 0.25)
        for (key, start), name in zip(starts.items(), names, strict=True)})
