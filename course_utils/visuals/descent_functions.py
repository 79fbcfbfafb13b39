"""Landscapes to walk on: functions of two variables with their slopes, among them the one the reader types."""
import ast

import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.from_scratch.descent import landscape

OWN = "my own"
LIMITS = (-4.0, 4.0)
CALLS = {name: getattr(np, name) for name in ("sin", "cos", "tan", "tanh", "exp", "log", "sqrt", "abs", "minimum",
                                              "maximum")}
_PARTS = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub,
          ast.Load)


def examples(n=200, seed=0):
    """What the net with two weights learns from: x (n,) and t (n,), made by the weights (2, 1.5) and a little noise."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.5, 1.5, n)
    return x, 1.5 * np.tanh(2 * x) + rng.normal(0, 0.3, n)


def own_function(text):
    """The function of a and b that a reader wrote, such as "a**2 + sin(3*b)"; raises ValueError with one sentence.

    Numbers, a, b, + - * / ** (or ^), brackets and the functions in CALLS are allowed; nothing else is run.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError("Your function is empty: write one of a and b, such as a**2 + 3*b**2.")
    if len(text) > 200:
        raise ValueError(f"Your function has {len(text)} signs: keep it below 200.")
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"Your function {describe(text.strip())} is no formula that Python can read: look for a "
                         "missing * or bracket.") from None
    for node in ast.walk(tree):
        _allowed(node)
    code = compile(tree, "your function", "eval")

    def function(a, b):
        with np.errstate(all="ignore"):
            value = eval(code, {"__builtins__": {}}, {**CALLS, "pi": np.pi, "a": a, "b": b})  # every part was checked
            return np.broadcast_to(np.asarray(value, dtype=float), np.broadcast_shapes(np.shape(a), np.shape(b)))

    try:
        values = function(*np.meshgrid(np.linspace(*LIMITS, 21), np.linspace(*LIMITS, 21)))
    except OverflowError:
        raise ValueError("Your function cannot be computed: a number in it grows too large.") from None
    except Exception as error:  # such as a wrong number of arguments
        raise ValueError(f"Your function cannot be computed: {error}.") from None
    if not np.isfinite(values).any():
        raise ValueError(f"Your function has no value anywhere from {LIMITS[0]:g} to {LIMITS[1]:g}.")
    return function


def _allowed(node):
    if isinstance(node, ast.Name) and node.id not in {*CALLS, "a", "b", "pi"}:
        raise ValueError(f"Your function knows a, b, pi and {', '.join(CALLS)}, but not {node.id!r}.")
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)) or abs(node.value) > 1e6:
            raise ValueError(f"Your function holds {node.value!r}, expected numbers up to a million.")
        node.value = float(node.value)  # so that 9**9**9 overflows at once and does not count for hours
    elif isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in CALLS or node.keywords:
            raise ValueError(f"Your function may call only {', '.join(CALLS)}.")
    elif not isinstance(node, (*_PARTS, ast.Name)):
        raise ValueError("Your function may hold numbers, a, b, + - * / **, brackets and "
                         f"{', '.join(CALLS)} only; remove the part {ast.unparse(node)!r}.")


class Landscape:
    """A function of two weights. value(a, b) takes arrays; gradients(ws, batch) gives the slopes (n, 2) at ws (n, 2).

    batch: positions of examples, for the net's loss; the others have no examples and ignore it.
    """

    def __init__(self, name, function, start, slopes=None):
        self.name, self._function, self._slopes, self.start = name, function, slopes, start
        self.examples = 0

    def value(self, a, b):
        with np.errstate(all="ignore"):
            return self._function(a, b)

    def gradients(self, ws, batch=None):
        with np.errstate(all="ignore"):
            a, b = np.transpose(ws)
            if self._slopes:
                return np.stack(self._slopes(a, b), axis=1)
            h = 1e-5
            right, left, up, down = self._function(a + h * np.array([[1.0], [-1], [0], [0]]),
                                                   b + h * np.array([[0.0], [0], [1], [-1]]))
            return np.stack([right - left, up - down], axis=1) / (2 * h)


class NetLoss(Landscape):
    """The loss of the net ŷ = w₂ · tanh(w₁ · x) on the examples x, t (n,)."""

    def __init__(self, name="net's loss", x=None, t=None):
        self.x, self.t = examples() if x is None else (np.asarray(x, float), np.asarray(t, float))
        super().__init__(name, lambda a, b: landscape.__wrapped__(np.asarray(a, float), np.asarray(b, float), self.x,
                                                                  self.t), (-0.6, 3.0))
        self.examples = len(self.x)

    def gradients(self, ws, batch=None):
        """What `landscape_gradient` gives for each of the ws (n, 2), all at once."""
        x, t = (self.x, self.t) if batch is None else (self.x[batch], self.t[batch])
        with np.errstate(all="ignore"):
            w1, w2 = ws[:, :1], ws[:, 1:]
            a = np.tanh(w1 * x)
            error = w2 * a - t
            sums = [(error * (1 - a * a) * x).sum(axis=1) * ws[:, 1], (error * a).sum(axis=1)]
            return np.stack(sums, axis=1) / len(x)


def made():
    """The landscapes to choose from, by name; OWN is added by the figure."""
    return {place.name: place for place in (
        NetLoss(),
        Landscape("long valley", lambda a, b: 0.02 * a**2 + b**2, (-3.5, 2.0), lambda a, b: (0.04 * a, 2 * b)),
        Landscape("saddle", lambda a, b: 0.1 * a**4 - 0.5 * a**2 + 0.5 * b**2 + 0.625, (-0.01, 3.0),
                  lambda a, b: (0.4 * a**3 - a, b)),
        Landscape("two valleys", lambda a, b: 0.05 * (a**2 - 4)**2 + 0.3 * a + 0.4 * b**2 + 0.6, (3.0, -2.5),
                  lambda a, b: (0.2 * a * (a**2 - 4) + 0.3, 0.8 * b)))}
