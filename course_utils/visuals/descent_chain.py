"""The figures of lesson 03 about backpropagation: a net small enough for paper, each slope beside its measurement."""
import numpy as np
from matplotlib.patches import Circle

from course_utils.from_scratch.neuron import sigmoid

from . import style
from .interactive import InteractiveFigure, slider
from .style import minus
from .typed import typed

SLOPES = ("dy", "dw2", "db2", "da1", "dz1", "dw1", "db1")  # in the order in which they are computed
SIGNS = {"dy": "ŷ", "dw2": "w₂", "db2": "b₂", "da1": "a₁", "dz1": "z₁", "dw1": "w₁", "db1": "b₁"}


def forward(x, t, w1, b1, w2, b2):
    """z1, a1, y and E of the net x → sigmoid neuron → linear neuron with E = ½ (ŷ − t)²."""
    z1 = w1 * x + b1
    a1 = sigmoid.__wrapped__(z1)
    y = w2 * a1 + b2
    return {"z1": z1, "a1": a1, "y": y, "E": 0.5 * (y - t) ** 2}


def backward(x, t, w1, b1, w2, b2):
    """The slopes of E by every intermediate and every weight, from the output back: a dict with the keys SLOPES."""
    values = forward(x, t, w1, b1, w2, b2)
    return local_slopes(values, {}, x, t, w2)


def local_slopes(values, given, x, t, w2):
    """The slopes, each from the one before it; those in `given` are taken from there when a later one needs them."""
    right = {}

    def before(name):
        return given.get(name, right[name])

    a1 = values["a1"]
    right["dy"] = values["y"] - t
    right["dw2"] = before("dy") * a1
    right["db2"] = before("dy")
    right["da1"] = before("dy") * w2
    right["dz1"] = before("da1") * a1 * (1 - a1)
    right["dw1"] = before("dz1") * x
    right["db1"] = before("dz1")
    return right


def measured(x, t, w1, b1, w2, b2, little=1e-5):
    """The same slopes as finite differences: move one quantity by ±little, compute on from there, see how E moves."""
    numbers = {"x": x, "t": t, "w1": w1, "b1": b1, "w2": w2, "b2": b2}

    def loss(**moved):
        n = {key: value + moved.get(key, 0.0) for key, value in numbers.items()}
        z1 = n["w1"] * n["x"] + n["b1"] + moved.get("z1", 0.0)
        a1 = sigmoid.__wrapped__(z1) + moved.get("a1", 0.0)
        y = n["w2"] * a1 + n["b2"] + moved.get("y", 0.0)
        return 0.5 * (y - n["t"]) ** 2

    return {name: float((loss(**{name[1:]: little}) - loss(**{name[1:]: -little})) / (2 * little)) for name in SLOPES}


def inspect(slopes, x, t, w1, b1, w2, b2, tolerance=1e-4):
    """Which slopes of a backward pass are wrong in themselves: a list of sentences, empty if all are right.

    slopes: a dict with the keys SLOPES. A slope that follows rightly from a wrong one before it is not blamed.
    """
    values = forward(x, t, w1, b1, w2, b2)
    right = local_slopes(values, slopes, x, t, w2)
    wrong = [name for name in SLOPES if not np.isclose(slopes[name], right[name], rtol=tolerance, atol=tolerance)]
    return [f"`{name}` is {slopes[name]:.4g}, expected {right[name]:.4g}"
            + (" (given your slopes before it)" if number else "") for number, name in enumerate(wrong)]


def paper_net():
    """The net for paper: forward values above each neuron, slopes below, each beside its finite difference."""
    figure, axes = style.figure(size=(9.6, 5.0))
    axes.set(xlim=(0, 13.2), ylim=(-4.3, 3.6))
    axes.axis("off")
    ink, blue, vermillion = (style.COLORS[c] for c in ("ink", "blue", "vermillion"))
    places = {"x": 0.8, "z1": 4.2, "y": 8.6, "E": 12.2}
    for left, right in (("x", "z1"), ("z1", "y"), ("y", "E")):
        axes.annotate("", (places[right] - 0.75, 1.2), (places[left] + 0.75, 1.2),
                      arrowprops={"arrowstyle": "-|>", "linewidth": 2.5, "color": blue})
        axes.annotate("", (places[left] + 0.75, 0.75), (places[right] - 0.75, 0.75),
                      arrowprops={"arrowstyle": "-|>", "linewidth": 2.5, "color": vermillion, "linestyle": "--"})
    for name, label in (("x", "x"), ("z1", "σ"), ("y", "ŷ"), ("E", "E")):
        axes.add_patch(Circle((places[name], 1.0), 0.62, facecolor="white", edgecolor=ink, linewidth=2.5, zorder=3))
        axes.text(places[name], 1.0, label, fontsize=19, ha="center", va="center", zorder=4)
    above = {name: axes.text(places[name], 2.7, "", fontsize=13, ha="center", va="center", color=blue)
             for name in places}
    edges = {name: axes.text(x, 1.75, "", fontsize=12.5, ha="center", va="center", color=blue)
             for name, x in (("w1", 2.45), ("w2", 6.4))}
    for column, (x, title) in enumerate(((0.3, "slope of E by"), (2.4, "chain rule"), (4.8, "measured"))):
        for shift in (0.0, 6.9):
            axes.text(x + shift, -0.55, title, fontsize=12.5, weight="bold", va="center",
                      color=vermillion if column == 1 else ink)
    rows = {}
    for i, name in enumerate(SLOPES):
        shift, y = (6.9, -1.25 - 0.75 * (i - 4)) if i >= 4 else (0.0, -1.25 - 0.75 * i)
        axes.text(0.9 + shift, y, SIGNS[name], fontsize=14, va="center")
        rows[name] = (typed(axes, 2.4 + shift, y, "", fontsize=13, va="center", color=vermillion),
                      typed(axes, 4.8 + shift, y, "", fontsize=13, va="center"))

    def update(x, t, w1, b1, w2, b2):
        numbers = {"x": x, "t": t, "w1": w1, "b1": b1, "w2": w2, "b2": b2}
        numbers = {name: round(value, 6) for name, value in numbers.items()}  # a slider may give 0.5000000000000002
        values, slopes, tested = forward(**numbers), backward(**numbers), measured(**numbers)
        above["x"].set_text(minus(f"x = {x:g}"))
        above["z1"].set_text(minus(f"z₁ = {values['z1']:.3g}\na₁ = {values['a1']:.3g}"))
        above["y"].set_text(minus(f"ŷ = {values['y']:.3g}"))
        above["E"].set_text(minus(f"t = {t:g}\nE = {values['E']:.3g}"))
        edges["w1"].set_text(minus(f"w₁ = {w1:g}, b₁ = {b1:g}"))
        edges["w2"].set_text(minus(f"w₂ = {w2:g}, b₂ = {b2:g}"))
        for name, (rule, test) in rows.items():
            rule.set_text(minus(f"{slopes[name]:.4f}"))
            test.set_text(minus(f"{tested[name]:.4f}"))
        gap = max(abs(slopes[name] - tested[name]) for name in SLOPES)
        return minus(f"Forward: z₁ = {values['z1']:.3g}, a₁ = {values['a1']:.3g}, ŷ = {values['y']:.3g}, E = "
                     f"{values['E']:.3g}. Slopes of E, backwards: "
                     + ", ".join(f"{SIGNS[name]} {slopes[name]:.3g}" for name in SLOPES)
                     + f". Largest gap to the measured slopes: {'below 0.000001' if gap < 1e-6 else f'{gap:.1g}'}.")

    return InteractiveFigure(figure, update, name="A net for paper", controls={
        "x": slider("input x", -3, 3, 2, 0.5), "t": slider("target t", -3, 3, 3, 0.5),
        "w1": slider("w₁", -2, 2, 0.5, 0.25), "b1": slider("b₁", -3, 3, -1, 0.5),
        "w2": slider("w₂", -3, 3, 2, 0.25), "b2": slider("b₂", -2, 2, 0, 0.5)})
