"""Small networks learn a curve from one number to one number: the runs that lesson 02 shows as recordings.

    python -m course_utils.visuals.mlp_runs      makes data/recordings/mlp_curves anew, in about three minutes
"""

import numpy as np

from course_utils.from_scratch.mlp import MLP, train_epoch
from course_utils.from_scratch.optimizers import adam

CURVES = {
    "wave": lambda x: np.sin(2 * np.pi * x),
    "bump": lambda x: np.exp(-20 * x**2),
    "jump": lambda x: np.where(x > 0.2, 0.7, -0.5),
    "corner": lambda x: 0.8 - 1.6 * np.abs(x),
}
X = np.linspace(-1, 1, 101)
ACTIVATIONS = ("tanh", "relu")
WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
DEPTHS = ((33,), (8, 8), (6, 6, 6), (5, 5, 5, 5))  # 100, 97, 103 and 106 parameters
DEPTH_CURVES = ("wave", "bump")
STEPS = np.arange(0, 3001, 100)
SEEDS = 10
COMMAND = "python -m course_utils.visuals.mlp_runs"


def rms(net, t, x=X):
    """Root of the mean squared error of net on the curve t (n,) at x (n,)."""
    return float(np.sqrt(np.mean((net.forward(x[:, None])[:, 0] - t) ** 2)))


def learn(layers, activation, curve, seed, steps=STEPS):
    """The error of a network with these hidden layers while Adam trains it on all points at once, at `steps` (k,).

    The first biases are drawn at random too, so that the bends of the neurons do not all lie at x = 0.
    """
    t = CURVES[curve](X)
    net = MLP([1, *layers, 1], activation, seed=seed)
    rng = np.random.default_rng(seed)
    for w, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        b[:] = rng.uniform(-1, 1, b.shape) * np.abs(w).max(axis=0)
    update = adam(net.parameters(), 0.01)
    errors = []
    for step in range(steps[-1] + 1):
        if step in steps:
            errors.append(rms(net, t))
        train_epoch(net, X[:, None], t[:, None], update, len(X), rng)
    return errors


def record(seeds=SEEDS, steps=STEPS):
    """Arrays of all runs: width (k, activations, widths, seeds) and depth (k, activations, curves, depths, seeds)."""
    width = [[[learn((n,), a, "wave", seed, steps) for seed in range(seeds)] for n in WIDTHS] for a in ACTIVATIONS]
    depth = [[[[learn(layers, a, curve, seed, steps) for seed in range(seeds)] for layers in DEPTHS]
              for curve in DEPTH_CURVES] for a in ACTIVATIONS]
    return {"steps": np.asarray(steps), "width": np.moveaxis(np.array(width, np.float32), -1, 0),
            "depth": np.moveaxis(np.array(depth, np.float32), -1, 0)}


if __name__ == "__main__":
    from course_utils.datasets.recordings import write

    write("mlp_curves", record(), seed=0, command=COMMAND,
          notes="errors (root mean square) of small networks that learn a curve; Adam, 0.01, all 101 points at once")
