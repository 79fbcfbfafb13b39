"""The figures of lesson 03 about walking downhill: on one weight, and on two with four optimizers at once."""
import contourpy
import numpy as np

from course_utils.from_scratch._checks import checked, real, whole
from course_utils.from_scratch.optimizers import adam, momentum, rmsprop, sgd

from . import style
from .canvas import Plane
from .descent_functions import LIMITS, OWN, examples, made, own_function
from .descent_functions import Landscape as _Landscape
from .interactive import InteractiveFigure, choice, slider, text
from .style import minus

OPTIMIZERS = {"SGD": sgd, "momentum": momentum, "RMSprop": rmsprop, "Adam": adam}
COLORS = ("blue", "orange", "green", "purple")  # the colors of the kit's four classes
STEPS = 200
FAR = 1e6  # a weight beyond this has flown off


def one_weight(x, t, start=0.0, steps=20):
    """The loss of ŷ = w·x over its one weight, and the steps of gradient descent from `start`.

    x, t: (n,). The slider goes from rates that hardly move to rates that fly off.
    """
    x, t = np.asarray(x, float), np.asarray(t, float)
    curve = np.mean(x**2)
    best = np.mean(x * t) / curve

    def loss(w):
        return 0.5 * np.mean((np.multiply.outer(w, x) - t) ** 2, axis=-1)

    figure, (left, right) = style.figure(1, 2, size=(8.8, 4.3))
    fine = np.linspace(best - 4, best + 4, 201)
    left.plot(fine, loss(fine), color=style.COLORS["grey"], linestyle="-")
    walk, = left.plot([], [], "o-", color=style.COLORS["vermillion"], markersize=7, linewidth=1.5)
    tangent, = left.plot([], [], color=style.COLORS["blue"], linestyle="--", linewidth=2)
    left.set(xlim=(fine[0], fine[-1]), ylim=(-2, loss(fine).max()), xlabel="weight w", ylabel="loss L(w)")
    course, = right.plot([], [], "o-", color=style.COLORS["vermillion"], markersize=5, linewidth=1.5)
    right.set(xlim=(0, steps), ylim=(1e-8, 1e8), yscale="log", xlabel="step", ylabel="loss, powers of ten")

    def update(rate, start):
        ws = [start]
        for _ in range(steps):
            ws.append(ws[-1] - rate * curve * (ws[-1] - best))
        ws = np.array(ws)
        walk.set_data(ws, loss(ws))
        course.set_data(np.arange(steps + 1), np.maximum(loss(ws), 1e-8))
        slope = curve * (start - best)
        tangent.set_data([start - 1, start + 1], [loss(start) - slope, loss(start) + slope])
        factor = 1 - rate * curve  # each step multiplies the distance to the bottom by this
        if abs(factor) > 1 + 1e-9:
            how = "every step lands higher on the other side: it flies off"
        elif abs(ws[-1] - best) > 0.1:
            how = f"after {steps} steps it has not arrived" if factor > 0 else "it jumps from side to side for long"
        else:
            how = "it arrives" + (", jumping from side to side" if factor < -0.05 else "")
        return minus(f"Learning rate {rate:.3g}, start w = {start:g}: the slope there is {slope:.3g}, the first step "
                     f"goes to w = {ws[1]:.3g}; {how}. Loss {loss(ws[0]):.3g} at first, {loss(ws[-1]):.3g} after "
                     f"{steps} steps.")

    return InteractiveFigure(figure, update, name="Steps on one weight", controls={
        "rate": slider("learning rate", 0.001, 1, 0.1, log=True), "start": slider("start", -1, 5, start, 0.5)})


def _knows(optimizer):
    if optimizer not in OPTIMIZERS:
        return f"optimizer is {optimizer!r}, but only {', '.join(OPTIMIZERS)} are known: choose one of them."


def _no_larger(place, batch):
    if place.examples and batch > place.examples:
        return f"batch is {batch}, but there are only {place.examples} examples: choose {place.examples} or less."


@checked(_knows, _no_larger, learning_rate=real(above=0), steps=whole(1), batch=whole(1), seed=whole(0))
def walk(place, optimizer, start, learning_rate, steps=STEPS, batch=200, seed=0):
    """The places (k, 2) one optimizer goes through on a landscape, beginning with `start`.

    place: a Landscape; batch: examples a step, where it has examples. A walk that leaves all numbers, or goes beyond a
    million, ends with its last good place, so that k may be smaller than steps + 1.
    """
    return walks(place, [optimizer], start, learning_rate, steps, batch, seed)[0]


def walks(place, optimizers, start, learning_rate, steps=STEPS, batch=200, seed=0):
    """What `walk` gives for each of several optimizers (names): a list of paths (k, 2), k of their own for each.

    Their slopes are computed together, which takes half of the time.
    """
    ws = np.tile(np.array(start, dtype=float), (len(optimizers), 1))
    updates = [OPTIMIZERS[name]([w], learning_rate=learning_rate) for name, w in zip(optimizers, ws, strict=True)]
    rng, paths, going = np.random.default_rng(seed), [[w.copy()] for w in ws], list(range(len(ws)))
    for _ in range(steps):
        some = rng.integers(0, place.examples, batch) if batch < place.examples else None
        for k, slopes in zip(tuple(going), place.gradients(ws[going], some), strict=True):
            try:
                updates[k]([slopes])
            except FloatingPointError:
                going.remove(k)
                continue
            if np.abs(ws[k]).max() < FAR:
                paths[k].append(ws[k].copy())
            else:
                going.remove(k)
    for path in paths:
        while len(path) > 1 and not np.isfinite(place.value(*path[-1])):  # such as log(a) left of 0
            path.pop()
    return [np.array(path) for path in paths]


class Race:
    """Four optimizers from one start on one landscape, scrubbed together by a slider.

    The state is plain: `place` (a Landscape), `start` (2,), `paths` {optimizer: (k, 2)}. `figure` is the picture.
    """

    def __init__(self):
        self.places = made()
        self.place, self.start, self.seed, self.trouble = self.places["net's loss"], None, 0, ""
        self.paths, self._walked, self._drawn = {}, None, None
        self.plane = Plane(LIMITS, LIMITS, labels=("first weight a", "second weight b"), classes=tuple(OPTIMIZERS),
                           name="Race downhill", width=620, height=500, size=8, on_click=self.start_at,
                           on_drag=lambda key, a, b: self.start_at(a, b))
        self.figure = InteractiveFigure(self.plane, self._show, name="Race downhill", controls={
            "where": choice("landscape", [*self.places, OWN], self.place.name),
            "formula": text("my own f(a, b) =", "sin(2*a) + cos(2*b) + 0.1*(a**2 + b**2)"),
            "rate": slider("learning rate", 0.001, 10, 0.1, log=True),
            "batch": slider("batch size (200: all)", 1, 200, 200, 1),
            "step": slider("step", 0, STEPS, STEPS, 1)},
            actions={"Other batches": self._other_batches})

    def start_at(self, a, b, shift=False):
        """Begin the walk at (a, b)."""
        self.start = (round(float(a), 2), round(float(b), 2))
        self.figure.refresh()

    def _other_batches(self):
        self.seed += 1

    def _choose(self, where, formula):
        """The landscape to show; a formula with an error leaves the last good one in place and says so."""
        self.trouble = ""
        if where != OWN:
            return self.places[where]
        known = self.places.get(OWN)
        if known is not None and known.formula == formula:
            return known
        try:
            function = own_function(formula)
        except ValueError as problem:
            self.trouble = f"{problem} The picture shows the landscape before. "
            return self.place
        self.places[OWN] = _Landscape(OWN, function, (3.0, 3.0))
        self.places[OWN].formula = formula
        return self.places[OWN]

    def _show(self, where, formula, rate, batch, step):
        place = self._choose(where, formula)
        if place is not self.place:
            self.place, self.start = place, None
        start = self.start or place.start
        key = (id(place), start, rate, batch, self.seed)
        if key != self._walked:
            found = walks(place, OPTIMIZERS, start, rate, STEPS, min(batch, place.examples or batch), self.seed)
            self.paths = dict(zip(OPTIMIZERS, found, strict=True))
            self._walked = key
        if self._drawn is not place:
            self._draw_field(place)
        ends = []
        for (name, path), color in zip(self.paths.items(), COLORS, strict=True):
            ends.append(path[min(step, len(path) - 1)])
            self.plane.line(name, path[:step + 1], color=color, width=2.5)
        self.plane.points(ends, range(len(ends)))
        self.plane.handle("start", start, "start")
        return self._words(start, rate, batch, step, ends)

    def _draw_field(self, place):
        grid = self.plane.grid(100)
        values = place.value(grid[:1, :, 0], grid[:, :1, 1])
        good = np.isfinite(values)
        low, high = values[good].min(), values[good].max()
        height = np.sqrt(np.clip((values - low) / max(high - low, 1e-12), 0, 1))  # shows the valleys better
        height[~good] = 1.0
        self.plane.field(2 * height - 1)
        lines = contourpy.contour_generator(grid[0, :, 0], grid[:, 0, 1], height)
        for level in np.arange(0.1, 1.0, 0.1):
            gap = np.full((1, 2), np.nan)
            parts = [part for line in lines.lines(level) for part in (line[::2], gap)]
            self.plane.line(f"height {level:.1f}", np.vstack(parts) if parts else None, color="#9aa0a6", width=1)
        self._drawn, self._lowest = place, low

    def _words(self, start, rate, batch, step, ends):
        told = []
        for (name, path), end in zip(self.paths.items(), ends, strict=True):
            value = float(self.place.value(*end))
            flown = len(path) <= step
            told.append(f"{name} {value:.3g}" + (f" (flew off, stopped after step {len(path) - 1})" if flown else ""))
        some = f", batches of {batch}" if self.place.examples and batch < self.place.examples else ""
        unused = " This landscape has no examples, so the batch size does nothing." if not self.place.examples else ""
        return minus(f"{self.trouble}{self.place.name}, start ({start[0]:g}, {start[1]:g}), learning rate "
                     f"{rate:.3g}{some}. Height after {step} steps: {', '.join(told)}; lowest in the picture "
                     f"{self._lowest:.3g}.{unused}")


def race():
    """Click a start, choose a landscape, a rate and a batch size, and scrub all four walks by one slider."""
    return Race().figure


def net_with_two_weights():
    """The examples of the net ŷ = w₂ · tanh(w₁ · x), with the curve of the weights that made them, as a picture."""
    x, t = examples()
    figure, axes = style.figure()
    axes.plot(x, t, "o", color=style.COLORS["blue"], markersize=5, label="200 examples")
    fine = np.linspace(-1.5, 1.5, 100)
    axes.plot(fine, 1.5 * np.tanh(2 * fine), color=style.COLORS["ink"], linestyle="-", label="1.5 · tanh(2 · x)")
    axes.plot(fine, 3.0 * np.tanh(-0.6 * fine), color=style.COLORS["vermillion"], linestyle="--",
              label="3 · tanh(−0.6 · x)")
    axes.set(xlabel="x", ylabel="t")
    axes.legend()
    return style.show(figure, "200 examples on an S-shaped curve with some noise; the weights 2 and 1.5 follow it, the "
                              "weights −0.6 and 3 slope the wrong way.")
