"""What the playground learns from: points of two kinds on a square, and the features that can be made of x₁ and x₂.

The four made data sets follow the idea of the public TensorFlow Playground; the formulas are our own.
"""

import numpy as np

LIMITS = (-6.0, 6.0)
COUNT = 400  # points of a made data set, half of each kind
MOST_OWN = 200  # points a reader may draw

# name -> (how it is written, how it is coded in NumPy, the feature itself)
FEATURES = {
    "x1": ("x₁", "x1", lambda x1, x2: x1),
    "x2": ("x₂", "x2", lambda x1, x2: x2),
    "x1_squared": ("x₁²", "x1**2", lambda x1, x2: x1**2),
    "x2_squared": ("x₂²", "x2**2", lambda x1, x2: x2**2),
    "product": ("x₁x₂", "x1 * x2", lambda x1, x2: x1 * x2),
    "sin_x1": ("sin x₁", "np.sin(x1)", lambda x1, x2: np.sin(x1)),
    "sin_x2": ("sin x₂", "np.sin(x2)", lambda x1, x2: np.sin(x2)),
}


def features(x, names):
    """The chosen features of points x (n, 2) as columns (n, len(names))."""
    return np.column_stack([FEATURES[name][2](x[:, 0], x[:, 1]) for name in names])


def _gaussians(rng, n, noise):
    kinds = np.arange(n) % 2
    return (2 * kinds - 1)[:, None] * 2.0 + rng.normal(0, 0.7 + 2 * noise, (n, 2)), kinds


def _circle(rng, n, noise):
    kinds = np.arange(n) % 2
    radius = np.where(kinds == 1, rng.uniform(0, 2.5, n), rng.uniform(3.5, 5.5, n))
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None] + rng.normal(0, 2 * noise, (n, 2)), kinds


def _xor(rng, n, noise):
    x = rng.uniform(0.3, 5.5, (n, 2)) * rng.choice([-1, 1], (n, 2))
    kinds = (x[:, 0] * x[:, 1] < 0).astype(int)
    return x + rng.normal(0, 3 * noise, (n, 2)), kinds


def _spiral(rng, n, noise):
    kinds = np.arange(n) % 2
    along = np.sqrt(rng.uniform(0.0004, 1, n))  # even along the arm, which grows as it turns
    angle = 1.75 * 2 * np.pi * along + np.pi * kinds
    x = 5.5 * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    return x + rng.normal(0, noise, (n, 2)), kinds


MADE = {"Gaussians": _gaussians, "circle": _circle, "XOR": _xor, "spiral": _spiral}
OWN = "your own points"
DATA = (*MADE, OWN)


def made(data, noise, seed):
    """A made data set: x (400, 2) and kinds (400,) of 0 and 1. noise: 0 to 50 percent; points stay in the square."""
    x, kinds = MADE[data](np.random.default_rng(seed), COUNT, noise / 100)
    return np.clip(x, *LIMITS), kinds


def split(x, kinds, percent):
    """Training and test points: ((x, kinds), (x, kinds)). Of each kind the first trains, the others in an even rhythm.

    A point keeps its side while others are added behind it, so a drawn set can grow during the training.
    """
    turn = np.zeros(len(kinds))
    for kind in (0, 1):
        turn[kinds == kind] = np.arange(np.sum(kinds == kind))
    train = np.ceil((turn + 1) * percent / 100 - 1e-9) > np.ceil(turn * percent / 100 - 1e-9)
    return (x[train], kinds[train]), (x[~train], kinds[~train])


def own_points(x, kinds):
    """Points that somebody drew, checked: x (n, 2) in the square, kinds (n,) of 0 and 1. Raises one sentence."""
    try:
        x, kinds = np.asarray(x, dtype=float).reshape(-1, 2), np.asarray(kinds, dtype=float).ravel()
    except (TypeError, ValueError):
        raise ValueError("Playground: your points must be a table with two columns of numbers, and one kind, 0 or 1, "
                         "for each of its rows.") from None
    if len(x) != len(kinds):
        raise ValueError(f"Playground: there are {len(x)} points and {len(kinds)} kinds: give one kind for each point.")
    if not np.isfinite(x).all():
        raise ValueError(f"Playground: the points contain {x[~np.isfinite(x)][0]}, which is no place: remove that row.")
    if not np.isin(kinds, (0, 1)).all():
        raise ValueError(f"Playground: one kind is {kinds[~np.isin(kinds, (0, 1))][0]:g}, expected 0 or 1: there are "
                         "two kinds of points.")
    if np.abs(x).max(initial=0) > LIMITS[1]:
        raise ValueError(f"Playground: a point lies at {np.abs(x).max():g}, but the square goes from -6 to 6: scale "
                         "your points.")
    if len(x) > MOST_OWN:
        raise ValueError(f"Playground: there are {len(x)} points, but at most {MOST_OWN} can be drawn: take fewer.")
    return np.round(x * 20) / 20, kinds.astype(int)
