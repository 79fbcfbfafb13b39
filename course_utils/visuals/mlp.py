"""The figures of lesson 02 about layers: two lines for XOR, layers that stay one line, the forward pass in numbers."""

import numpy as np

from course_utils.from_scratch.mlp import ACTIVATIONS, MLP
from course_utils.from_scratch.neuron import neuron

from .canvas import Graph, Plane
from .interactive import InteractiveFigure, choice, slider, toggle
from .neuron import boundary
from .style import minus

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])
SQUARE = (-0.5, 1.5)
LAYOUT = "output", "neuron A", "neuron B"


def line_weights(start, end):
    """Weights (2,) and bias of the neuron that answers 1 above (or right of) the line through two points."""
    (x1, y1), (x2, y2) = start, end
    weights = np.array([y1 - y2, x2 - x1], dtype=float)
    if weights.sum() < 0 or (weights.sum() == 0 and weights[0] < 0):
        weights = -weights
    size = np.abs(weights).sum()
    if size < 1e-9:
        return np.zeros(2), 0.0
    weights *= 2 / size
    return weights, -float(weights @ np.asarray(start, dtype=float))


def two_lines(x=CORNERS, t=XOR):
    """Two hidden neurons, each a line with two knobs; the output neuron answers 1 where A does and B does not.

    x (n, 2) in the square from -0.5 to 1.5, t (n,) of 0 and 1.
    """
    ends = {"A1": (-0.3, 1.3), "A2": (1.0, 1.3), "B1": (0.6, -0.4), "B2": (1.4, 0.4)}
    x, t = np.asarray(x, dtype=float), np.asarray(t)

    def answers(points):
        a = neuron(points, *line_weights(ends["A1"], ends["A2"]))
        b = neuron(points, *line_weights(ends["B1"], ends["B2"]))
        return {"output": neuron(np.column_stack([a, b]), [1, -1], -0.5), "neuron A": a, "neuron B": b}

    def update(shown):
        for key, name, dashed in (("A", "A", False), ("B", "B", True)):
            plane.line(name, boundary(*line_weights(ends[key + "1"], ends[key + "2"]), SQUARE), dashed=dashed)
        for key, xy in ends.items():
            plane.handle(key, xy, key)
        plane.field(1.6 * answers(grid)[shown].reshape(81, 81) - 0.8)
        at = answers(x)
        y = at["output"]
        plane.points(x, t, marked=y != t)
        rows = "; ".join(f"({p[0]:g}, {p[1]:g}): A {a:.0f}, B {b:.0f}, out {out:.0f}"
                         for p, a, b, out in zip(x, at["neuron A"], at["neuron B"], y, strict=True))
        seen = "output, A and not B" if shown == "output" else shown
        return f"{np.sum(y == t)} of {len(t)} right. {rows}. The square shows: {seen}."

    def moved(key, px, py):
        ends[key] = (px, py)
        figure.refresh()

    plane = Plane(SQUARE, SQUARE, labels=("x₁", "x₂"), name="Two lines: the plane", classes=("wanted 0", "wanted 1"),
                  size=9, on_drag=moved)
    grid = plane.grid(81).reshape(-1, 2)
    figure = InteractiveFigure(plane, update, name="Two lines", controls={"shown": choice("show", LAYOUT)})
    return figure


def stacked_layers(most=5):
    """Random networks of 1 to 5 hidden layers: without activation the boundary stays one straight line."""
    plane = Plane((-3, 3), (-3, 3), labels=("x₁", "x₂"), name="Stacked layers: the plane", width=460, height=420)
    grid = plane.grid(61).reshape(-1, 2)

    def update(depth, activation, seed):
        net = MLP([2, *[6] * depth, 1], activation, seed=seed)
        rng = np.random.default_rng(seed)
        for w, b in zip(net.weights, net.biases, strict=True):
            w *= 1.8
            b[:] = rng.normal(0, 0.5, b.shape)
        z = net.forward(grid)[:, 0]
        net.biases[-1] -= np.median(z)  # so that both kinds of answer are in the picture
        z -= np.median(z)
        straight = _straight(grid, z)
        plane.field(np.tanh(3 * z / max(np.abs(z).max(), 1e-9)).reshape(61, 61))
        what = "a straight line" if straight else "bent"
        return (f"{depth} hidden layer{'s' * (depth > 1)} of 6 neurons with {activation}, {net.count_params()} "
                f"parameters: the boundary is {what}.")

    return InteractiveFigure(plane, update, name="Stacked layers", controls={
        "depth": slider("hidden layers", 1, most, 2), "activation": choice("activation", ["linear", "tanh", "relu"]),
        "seed": slider("random weights no.", 0, 9, 0)})


def _straight(points, z):
    """Whether a straight line tells positive from negative z: whether z is a plane over the points."""
    columns = np.column_stack([points, np.ones(len(points))])
    return bool(np.abs(columns @ np.linalg.lstsq(columns, z, rcond=None)[0] - z).max() < 1e-8 * np.abs(z).max())


EXAMPLE_WEIGHTS = ([[1.0, -1.0, 0.5], [0.5, 1.0, -1.0]], [[1.0], [-2.0], [0.5]])
EXAMPLE_BIASES = ([0.0, 0.5, -0.5], [0.2])


def example_net(activation="tanh"):
    """The 2-3-1 network of the lesson, with round numbers."""
    net = MLP([2, 3, 1], activation)
    for mine, given in zip(net.parameters(), [*EXAMPLE_WEIGHTS, *EXAMPLE_BIASES], strict=True):
        mine[:] = given
    return net


def forward_pass():
    """A 2-3-1 network with its numbers: move the inputs, change a weight, see z or a at every neuron."""
    net = example_net()
    said = {"edge": ""}

    def update(x1, x2, activation, sums):
        net.activation = activation
        zs, activations = net.layers(np.array([x1, x2]))
        graph.weights(net.weights).values([activations[0], *(zs if sums else activations[1:])])
        hidden = ", ".join(f"{z:.2f} → {a:.2f}" for z, a in zip(zs[0], activations[1], strict=True))
        y = activations[-1][0]
        return minus(f"{said['edge']}x = ({x1:g}, {x2:g}). Hidden, z → a: {hidden}. Output: ŷ = {y:.2f}. "
                     f"At the neurons stands {'z' if sums else 'a'}.")

    def changed(layer, source, target, weight):
        old = net.weights[layer][source, target]
        net.weights[layer][source, target] = weight
        verb = "is" if old == weight else "is now"
        said["edge"] = f"The weight from {names[layer][source]} to {names[layer + 1][target]} {verb} {weight:.2f}. "
        figure.refresh()

    def back():
        fresh = example_net()
        net.weights, net.biases, said["edge"] = fresh.weights, fresh.biases, ""

    names = [["x₁", "x₂"], ["h₁", "h₂", "h₃"], ["ŷ"]]
    graph = Graph("Forward pass: the network", names, titles=("inputs", "hidden layer", "output"), editable=True,
                  width=600, height=340, on_edge=changed)
    figure = InteractiveFigure(graph, update, name="Forward pass", actions={"First weights": back}, controls={
        "x1": slider("x₁", -2.0, 2.0, 1.0, 0.25), "x2": slider("x₂", -2.0, 2.0, 2.0, 0.25),
        "activation": choice("hidden activation", [n for n in ACTIVATIONS if n != "softmax"], "tanh"),
        "sums": toggle("show z instead of a")})
    return figure
