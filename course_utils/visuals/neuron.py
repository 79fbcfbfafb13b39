"""The figures of lesson 01 that show one neuron at work: its inside, its line, its learning."""
import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from course_utils.from_scratch._checks import checked, numbers, real
from course_utils.from_scratch.neuron import learning_step, neuron

from . import style
from .canvas import Plane
from .interactive import InteractiveFigure, choice, slider
from .style import minus

NAMES = ("rabbit", "unicorn")
LIMITS = (0, 10)


def state(weights, bias):
    """The two weights and the bias in words."""
    return minus(f"w = ({weights[0]:.2f}, {weights[1]:.2f}), b = {bias:.2f}")


def _two_features(x):
    if x.shape[1] != 2:
        return f"x has {x.shape[1]} columns, but this picture has two axes: give two features."


def _one_class_each(x, t):
    if len(x) != len(t) or not np.isin(t, (0, 1)).all():
        return f"t must be one 0 or 1 for each of the {len(x)} rows of x: give the classes of these animals."


_animals = checked(_two_features, _one_class_each, x=numbers(2), t=numbers(1))


@checked(weights=numbers(1), bias=real())
def boundary(weights, bias, limits=LIMITS):
    """Two points (2, 2) of the line weights · x + bias = 0, far enough out to cross the square; NaN without weights."""
    weights = np.asarray(weights, dtype=float)
    length = np.hypot(*weights)
    if length < 1e-9:
        return np.full((2, 2), np.nan)
    foot = -bias * weights / length**2
    middle = np.full(2, np.mean(limits))
    direction = np.array([-weights[1], weights[0]]) / length
    nearest = foot + direction * np.dot(middle - foot, direction)
    reach = 2 * (limits[1] - limits[0])
    return np.array([nearest - reach * direction, nearest + reach * direction])


def scatter(axes, x, t, names=NAMES, labels=("speed (score)", "size (score)"), size=70):
    """Draw the examples x (n, 2) with color and shape by class t; returns one artist per class."""
    artists = [axes.scatter(*x[t == k].T, s=size, c=style.CLASS_COLORS[k], marker=style.CLASS_MARKERS[k],
                            edgecolors="white", linewidths=0.8, label=names[k], zorder=3) for k in (0, 1)]
    axes.set(xlabel=labels[0], ylabel=labels[1])
    return artists


@_animals
def animals(x, t, line=False):
    """A static picture of the animals, with the line speed + size = 10 on demand."""
    figure, axes = style.figure()
    scatter(axes, x, t)
    axes.set(xlim=LIMITS, ylim=LIMITS, aspect="equal")
    words = f"{np.sum(t == 0)} rabbits, slow and small, and {np.sum(t == 1)} unicorns, fast and large"
    if line:
        axes.plot(*boundary([1, 1], -10).T, color=style.COLORS["ink"], label="speed + size = 10")
        words += ", on the two sides of the line speed + size = 10"
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return style.show(figure, words + ".")


def cell_and_neuron():
    """A nerve cell beside the artificial neuron: inputs arrive, are weighed and summed, one output leaves."""
    figure, (left, right) = style.figure(1, 2, size=(10.4, 4.3))
    ink, blue, orange = (style.COLORS[c] for c in ("ink", "blue", "orange"))
    for axes, title in ((left, "nerve cell"), (right, "artificial neuron")):
        axes.set(xlim=(0, 10), ylim=(0, 6.4), aspect="equal", title=title)
        axes.axis("off")
    for y, bend in ((4.9, -0.25), (3.1, 0.0), (1.3, 0.25)):
        left.add_patch(FancyArrowPatch((1.0, y), (3.3, 3.1), arrowstyle="-", connectionstyle=f"arc3,rad={bend}",
                                       linewidth=3, color=blue))
        for tip in (-0.5, 0.5):
            left.plot([0.0, 1.0], [y + tip, y], color=blue, linewidth=2, linestyle="-")
    left.add_patch(Circle((4, 3.1), 1.15, facecolor="white", edgecolor=ink, linewidth=3))
    left.add_patch(Circle((4, 3.1), 0.35, color=ink))
    left.add_patch(FancyArrowPatch((5.15, 3.1), (9.6, 3.1), arrowstyle="-|>", mutation_scale=28, linewidth=4,
                                   color=orange))
    for x, y, text in ((1.6, 5.7, "dendrites"), (4, 0.9, "cell body"), (7.4, 3.7, "axon")):
        left.text(x, y, text, ha="center", fontsize=15)
    for y, name in ((4.9, "$x_1$"), (3.1, "$x_2$"), (1.3, "1")):
        right.text(0.4, y, name, fontsize=20, ha="center", va="center")
        right.add_patch(FancyArrowPatch((0.8, y), (3.7, 3.1), arrowstyle="-|>", mutation_scale=18, linewidth=2.5,
                                        color=blue))
    for x, y, name in ((2.0, 4.75, "$w_1$"), (1.9, 3.4, "$w_2$"), (2.0, 1.4, "$b$")):
        right.text(x, y, name, fontsize=18, ha="center", color=blue)
    right.add_patch(Circle((4.5, 3.1), 0.85, facecolor="white", edgecolor=ink, linewidth=3))
    right.text(4.5, 3.1, r"$\Sigma$", fontsize=26, ha="center", va="center")
    right.text(5.75, 3.45, "$z$", fontsize=20, ha="center")
    right.add_patch(FancyBboxPatch((6.2, 2.35), 1.5, 1.5, boxstyle="round,pad=0.05", facecolor="white", edgecolor=ink,
                                   linewidth=3))
    right.plot([6.35, 6.95, 6.95, 7.55], [2.6, 2.6, 3.6, 3.6], color=ink, linestyle="-")
    right.plot([5.35, 6.15], [3.1, 3.1], color=ink, linestyle="-")
    right.add_patch(FancyArrowPatch((7.8, 3.1), (9.4, 3.1), arrowstyle="-|>", mutation_scale=28, linewidth=4,
                                    color=orange))
    right.text(9.7, 3.1, "$a$", fontsize=20, va="center")
    right.text(4.5, 1.5, "weighted\nsum", ha="center", fontsize=15, va="center")
    right.text(6.95, 1.5, "activation", ha="center", fontsize=15, va="center")
    return style.show(figure, "Left, a nerve cell: dendrites bring signals to the cell body, the axon carries one "
                              "signal away. Right, the artificial neuron: inputs times weights plus the bias give the "
                              "weighted sum z, the activation turns z into the output a.")


def inside_a_neuron():
    """Sliders for two inputs, two weights and the bias; every number on its way is shown."""
    figure, axes = style.figure()
    axes.set(xlim=(0, 10), ylim=(-0.4, 6))
    axes.axis("off")
    rows = {"speed": 5.2, "size": 3.0, "bias": 0.8}
    edges, numbers = {}, {}
    for name, y in rows.items():
        axes.text(0.05, y, "1" if name == "bias" else name, fontsize=17, va="center", ha="left", weight="bold")
        numbers[name] = axes.text(2.2, y + (-0.6 if name == "bias" else 0.5), "", fontsize=16, va="center", ha="left")
        edges[name], = axes.plot([1.7, 6.0], [y, 3.0], linestyle="-", solid_capstyle="round", zorder=1)
    axes.add_patch(Circle((6.5, 3), 0.8, facecolor="white", edgecolor=style.COLORS["ink"], linewidth=2.5, zorder=2))
    total = axes.text(6.5, 3, "", fontsize=17, ha="center", va="center", zorder=3)
    axes.text(6.5, 4.15, "z", fontsize=17, ha="center", style="italic")
    axes.annotate("", (8.3, 3), (7.3, 3), arrowprops={"arrowstyle": "-|>", "linewidth": 2.5})
    axes.text(7.8, 3.3, "step", fontsize=15, ha="center")
    answer = axes.text(9.2, 3, "", fontsize=18, ha="center", va="center", weight="bold")

    def update(speed, size, w1, w2, bias):
        products = {"speed": w1 * speed, "size": w2 * size, "bias": bias}
        numbers["speed"].set_text(minus(f"{speed:g} · {w1:g} = {products['speed']:g}"))
        numbers["size"].set_text(minus(f"{size:g} · {w2:g} = {products['size']:g}"))
        numbers["bias"].set_text(minus(f"1 · {bias:g} = {bias:g}"))
        for name, edge in edges.items():
            edge.set_linewidth(1 + min(abs(products[name]), 12))
            edge.set_color(style.COLORS["orange" if products[name] > 0 else "blue" if products[name] < 0 else "grey"])
        z = sum(products.values())
        kind = int(neuron([speed, size], [w1, w2], bias))
        total.set_text(minus(f"{z:.3g}"))
        answer.set_text(f"{kind}\n{NAMES[kind]}")
        answer.set_color(style.COLORS["vermillion" if kind else "blue"])  # orange text would be too pale
        return minus(f"z = {speed:g}·({w1:g}) + {size:g}·({w2:g}) + ({bias:g}) = {z:.3g}, so the output is {kind}: "
                     f"{NAMES[kind]}.")

    return InteractiveFigure(figure, update, name="Inside a neuron", controls={
        "speed": slider("speed", 0, 10, 4, 0.5), "size": slider("size", 0, 10, 5, 0.5),
        "w1": slider("weight of speed", -2, 2, 1, 0.25), "w2": slider("weight of size", -2, 2, 1, 0.25),
        "bias": slider("bias", -15, 5, -10, 0.5)})


def line_through(a, b):
    """Weights (2,) and bias of the neuron whose line runs through a and b and whose 1-side is the upper right.

    Scaled so that the two weights sum to 2 in absolute value, which makes the lecture's 1, 1, -10 easy to recognize.
    """
    (x1, y1), (x2, y2) = a, b
    weights = np.array([y1 - y2, x2 - x1], dtype=float)
    if weights.sum() < 0 or (weights.sum() == 0 and weights[0] < 0):
        weights = -weights
    size = np.abs(weights).sum()
    if size < 1e-9:
        return np.zeros(2), 0.0
    weights *= 2 / size
    return weights, -float(weights @ np.asarray(a, dtype=float))


@_animals
def dragged_line(x, t):
    """Drag the two ends of a line and watch the four cases (computed 0 or 1, expected 0 or 1)."""
    ends = {"A": (1.0, 4.0), "B": (9.0, 6.0)}  # wrong about some of each class, so that there is something to mend

    def show():
        weights, bias = line_through(*ends.values())
        y = neuron(x, weights, bias)
        plane.points(x, t, marked=y != t)
        plane.line("boundary", boundary(weights, bias))
        for key, xy in ends.items():
            plane.handle(key, xy, key)
        wrong = int(np.sum(y != t))
        plane.words(
            f"{wrong} of {len(t)} animals wrong (ringed): {np.sum((y == 1) & (t == 0))} rabbits called unicorn, "
            f"{np.sum((y == 0) & (t == 1))} unicorns called rabbit. Right: {np.sum((y == 0) & (t == 0))} rabbits, "
            f"{np.sum((y == 1) & (t == 1))} unicorns. Neuron: " + state(weights, bias) + ".")
        plane.refresh()

    def moved(key, px, py):
        ends[key] = (float(px), float(py))
        show()

    plane = Plane(LIMITS, LIMITS, labels=("speed (score)", "size (score)"), name="Drag the line", classes=NAMES,
                  on_drag=moved)
    show()
    return plane


@_animals
def learning_steps(x, t, history, learning_rate):
    """Step forwards and backwards through a training: one animal at a time, the line before and after.

    history: the list of (weights, bias) that `from_scratch.neuron.train` returns for x (n, 2) and t (n,).
    """
    figure, axes = style.figure()
    scatter(axes, x, t)
    grid = np.stack(np.meshgrid(np.linspace(0, 10, 61), np.linspace(0, 10, 61)), axis=-1).reshape(-1, 2)
    sides = axes.imshow(np.zeros((61, 61)), extent=(0, 10, 0, 10), origin="lower", cmap=style.FIELD, vmin=-2, vmax=2,
                        aspect="auto", zorder=0)
    before, = axes.plot([], [], color=style.COLORS["grey"], linestyle="--", label="line before")
    after, = axes.plot([], [], color=style.COLORS["ink"], label="line after")
    ring = axes.scatter([], [], s=420, facecolors="none", edgecolors=style.COLORS["vermillion"], linewidths=3,
                        label="this animal")
    axes.set(xlim=LIMITS, ylim=LIMITS)
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    changes = [k for k in range(1, len(history)) if np.any(history[k][0] != history[k - 1][0])]

    def update(step):
        (weights, bias), (old, old_bias) = history[step], history[max(step - 1, 0)]
        after.set_data(*boundary(weights, bias).T)
        before.set_data(*boundary(old, old_bias).T)
        sides.set_data(neuron(grid, weights, bias).reshape(61, 61) * 2 - 1)
        wrong = int(np.sum(neuron(x, weights, bias) != t))
        rest = f"{state(weights, bias)}; {wrong} of {len(t)} wrong"
        if step == 0:
            ring.set_offsets(np.empty((0, 2)))
            return f"Start: {rest}."
        i = (step - 1) % len(t)
        ring.set_offsets(x[i:i + 1])
        kind = int(t[i])
        error = kind - int(neuron(x[i], old, old_bias))
        if error == 0:
            return f"Step {step}: this {NAMES[kind]} was right, error 0, nothing moves. {rest}."
        return minus(f"Step {step}: this {NAMES[kind]} was called {NAMES[1 - kind]}, error {error:+d}: w moves by "
                     f"{learning_rate:g}·({error:+d})·({x[i, 0]:g}, {x[i, 1]:g}), b by {learning_rate * error:+g}. "
                     f"{rest}.")

    def jump(candidates, fallback):
        shown.set(step=next(iter(candidates), fallback))

    def forward():
        jump((k for k in changes if k > shown.values["step"]), len(history) - 1)

    def back():
        jump((k for k in reversed(changes) if k < shown.values["step"]), 0)

    shown = InteractiveFigure(figure, update, name="Learning step by step",
                              controls={"step": slider("step", 0, len(history) - 1, 0, 1)},
                              actions={"Mistake before": back, "Next mistake": forward})
    return shown


class OwnAnimals:
    """Click in animals of your own; the neuron learns them, one at a time or in passes.

    The state is plain: `x` (n, 2), `t` (n,), `weights` (2,), `bias`. `figure` is the interactive figure.
    """

    @checked(learning_rate=real(above=0))
    def __init__(self, learning_rate=0.1, seed=1):
        self.learning_rate, self.seed = learning_rate, seed
        self.plane = Plane(LIMITS, LIMITS, labels=("speed (score)", "size (score)"), name="Your own animals",
                           classes=NAMES, on_click=self.add)
        self.forget_animals()
        self.forget_weights()
        self.figure = InteractiveFigure(
            self.plane, self._show, name="Your own animals",
            controls={"animal": choice("a click adds a", NAMES, NAMES[0])},
            actions={"Learn from one": self.learn_one, "Learn 20 passes": self.learn_passes,
                     "New start": self.forget_weights, "Remove animals": self.forget_animals})

    def add(self, x, y, shift=False):
        """Add one animal at (x, y); shift adds the other kind."""
        kind = NAMES.index(self.figure.values["animal"])
        self.x = np.vstack([self.x, [round(float(x), 1), round(float(y), 1)]])
        self.t = np.append(self.t, 1 - kind if shift else kind)
        self.figure.refresh()

    def learn_one(self):
        """Learn from the next animal."""
        if len(self.t):
            i = self.turn % len(self.t)
            self.weights, self.bias = learning_step(self.x[i], self.t[i], self.weights, self.bias, self.learning_rate)
            self.turn += 1

    def learn_passes(self, passes=20):
        """Learn from every animal in turn, `passes` times."""
        for _ in range(passes * len(self.t)):
            self.learn_one()

    def forget_weights(self):
        """Start again from random weights."""
        rng = np.random.default_rng(self.seed)
        self.seed += 1
        self.weights, self.turn = rng.normal(size=2), 0
        self.bias = -float(self.weights @ rng.uniform(3, 7, 2))  # so that the first line is in the picture

    def forget_animals(self):
        """Remove all animals."""
        self.x, self.t, self.turn = np.empty((0, 2)), np.empty(0, dtype=int), 0

    def _show(self, animal):
        grid = np.stack(np.meshgrid(np.linspace(0, 10, 41), np.linspace(0, 10, 41)), axis=-1).reshape(-1, 2)
        self.plane.field((0.8 * neuron(grid, self.weights, self.bias) - 0.4).reshape(41, 41))
        self.plane.line("boundary", boundary(self.weights, self.bias))
        if not len(self.t):
            self.plane.points(self.x, self.t)
            return f"No animals yet: click to add a {animal}. The neuron starts with {state(self.weights, self.bias)}."
        wrong = neuron(self.x, self.weights, self.bias) != self.t
        self.plane.points(self.x, self.t, marked=wrong)
        return (f"{np.sum(self.t == 0)} rabbits, {np.sum(self.t == 1)} unicorns, {np.sum(wrong)} wrong after "
                f"{self.turn} steps; {state(self.weights, self.bias)}.")


def own_animals(learning_rate=0.1):
    """The interactive figure of a fresh `OwnAnimals`."""
    return OwnAnimals(learning_rate).figure
