"""The recorded trainings of lesson 03; `python -m course_utils.datasets.descent_runs` makes them anew in some minutes.

The functions named `..._run` do one training each, so that a test can repeat one and compare.
"""
import sys

import numpy as np

from course_utils.datasets import recordings
from course_utils.datasets.animals import rabbits_and_unicorns
from course_utils.from_scratch.descent import (
    deep_backward,
    deep_forward,
    dropout_gradients,
    glorot,
    he,
    orthogonal,
)
from course_utils.from_scratch.mlp import MLP, train_epoch
from course_utils.from_scratch.optimizers import adam, momentum, sgd

COMMAND = "python -m course_utils.datasets.descent_runs"
SEEDS = range(5)
NOISE = 0.3  # of the wave; its square is the smallest mean squared error that can be hoped for

# --- under- and overfitting on a wave --------------------------------------------------------------------------------

LARGE, SMALL = (1, 40, 40, 1), (1, 1, 1)
REMEDIES = {
    "too small": {"sizes": SMALL}, "nothing": {}, "decay": {"decay": 0.003}, "dropout": {"dropped": 0.2},
    "more data": {"n": 200}, "noise": {"shaken": 0.1},
}
MARKS = np.unique(np.round(np.geomspace(1, 4000, 61)).astype(int))
FINE = np.linspace(-2, 2, 121)
COUNTS = np.array([10, 20, 40, 80, 160, 320])


def wave(n, seed):
    """Points on a noisy wave: x (n, 1) and t (n, 1)."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-2, 2, (n, 1))
    return x, np.sin(3 * x) + rng.normal(0, NOISE, (n, 1))


def _error(net, x, t):
    return np.mean((net.forward(x) - t) ** 2)


def wave_run(seed, marks=MARKS, n=20, sizes=LARGE, decay=0.0, dropped=0.0, shaken=0.0):
    """Train on n points; at each mark the errors on training, validation (20) and test (1,000) points and the curve."""
    train, validation, test = wave(n, seed), wave(20, 500 + seed), wave(1000, 1000 + seed)
    net = MLP(list(sizes), "tanh", seed=seed, decay=decay)
    update, rng = adam(net.parameters(), 0.005), np.random.default_rng(seed)
    errors, curves = [], []
    for step in range(1, marks[-1] + 1):
        x = train[0] + rng.normal(0, shaken, train[0].shape) if shaken else train[0]
        gradients = dropout_gradients(net, x, train[1], dropped, rng) if dropped else net.gradients(x, train[1])
        update(gradients[0] + gradients[1])
        if step in marks:
            errors.append([_error(net, *pair) for pair in (train, validation, test)])
            curves.append(net.forward(FINE[:, None])[:, 0])
    return np.array(errors), np.array(curves)


def fitting():
    """Errors (marks, remedies, seeds, 3), curves of the first seed, and learning curves (2 nets, counts, seeds, 2)."""
    runs = [[wave_run(seed, **how) for seed in SEEDS] for how in REMEDIES.values()]
    last = MARKS[MARKS <= 1500]
    learning = [[[wave_run(seed, last, n=int(n), sizes=sizes)[0][-1, ::2] for seed in SEEDS] for n in COUNTS]
                for sizes in (SMALL, LARGE)]
    return {"steps": MARKS,
            "errors": np.array([[run[0] for run in row] for row in runs]).transpose(2, 0, 1, 3).astype("f4"),
            "curves": np.array([row[0][1] for row in runs]).transpose(1, 0, 2).astype("f2"),
            "learning": np.array(learning).astype("f4")}


# --- weight decay: weights and boundary ------------------------------------------------------------------------------

LAMBDAS = np.array([0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1])
DECAY_SIZES = [2, 12, 12, 1]


def scores(n, seed):
    """Animals whose clouds overlap: x (n, 2) centered at 0, and targets (n, 1) of −1 and 1."""
    x, t = rabbits_and_unicorns(n, overlap=True, seed=seed)
    return (x - 5) / 2, (2.0 * t - 1)[:, None]


def decay_run(strength, seed, steps=3000):
    """The numbers of a net trained on 40 animals with decay λ, and its mean squared errors on them and on 2,000 more.
    """
    train, test = scores(40, seed), scores(2000, 100 + seed)
    net = MLP(DECAY_SIZES, "tanh", seed=seed, output="tanh", decay=float(strength))
    update = adam(net.parameters(), 0.01)
    for _ in range(steps):
        gradients = net.gradients(*train)
        update(gradients[0] + gradients[1])
    return np.concatenate([p.ravel() for p in net.parameters()]), [_error(net, *train), _error(net, *test)]


def decay():
    """Numbers of the nets (λ, n) for the first seed; squared lengths and errors (λ, seeds, ...) for all."""
    runs = [[decay_run(strength, seed) for seed in SEEDS] for strength in LAMBDAS]
    count = MLP(DECAY_SIZES).count_params() - sum(DECAY_SIZES[1:])
    return {"numbers": np.array([row[0][0] for row in runs]).astype("f4"),
            "lengths": np.array([[np.sum(run[0][:count] ** 2) for run in row] for row in runs]).astype("f4"),
            "errors": np.array([[run[1] for run in row] for row in runs]).astype("f4")}


# --- twenty layers ---------------------------------------------------------------------------------------------------

def small(n_in, n_out, rng):
    """Weights as many people began with before 2010: normal with spread 0.1, whatever the width."""
    return rng.normal(0, 0.1, (n_in, n_out))


def large(n_in, n_out, rng):
    """Weights that are too large for their number: normal with spread 0.5."""
    return rng.normal(0, 0.5, (n_in, n_out))


STARTS = {"small (0.1)": small, "large (0.5)": large, "Glorot": glorot, "He": he, "orthogonal": orthogonal}
KINDS = ("tanh", "relu")
WIDTH, DEPTH = 32, 20


def ring(n, seed):
    """Points x (n, 2) and targets (n, 1): 1 inside a circle that holds half of them, −1 outside."""
    x = np.random.default_rng(seed).normal(size=(n, 2))
    return x, np.where(np.sum(x**2, axis=1, keepdims=True) < 2 * np.log(2), 1.0, -1.0)


def deep_run(start, kind, normalize, seed, steps=400, rate=0.02):
    """Loss (half the mean squared error) of a net with twenty layers before and after `steps` steps; nan: it diverged.
    """
    rng = np.random.default_rng(seed)
    sizes = [2] + [WIDTH] * (DEPTH - 1) + [1]
    weights = [STARTS[start](n_in, n_out, rng) for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)]
    x, t = ring(200, seed)
    update, losses = sgd(weights, rate), []
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            zs, activations = deep_forward(weights, x, kind, normalize)
            losses.append(0.5 * np.mean((activations[-1] - t) ** 2))
            if step == steps or not losses[-1] < 1e6:
                break
            gradients, _ = deep_backward(weights, zs, activations, (activations[-1] - t) / len(x), kind, normalize)
            try:
                update(gradients)
            except FloatingPointError:
                losses.append(np.inf)
                break
    return losses[0], losses[-1] if losses[-1] < 1e6 else np.nan


def deep():
    """Losses (starts, kinds, with and without normalization, seeds, 2) before and after the training."""
    runs = [[[[deep_run(start, kind, normalize, seed) for seed in SEEDS]
              for normalize in (False, True)] for kind in KINDS] for start in STARTS]
    return {"losses": np.array(runs).astype("f4")}


# --- the failure gallery ---------------------------------------------------------------------------------------------

EPOCHS = 400
FLIPPED = 0.1  # share of targets that are wrong on purpose, so that nobody can be perfect
FLOOR = 0.5 * (1 - (1 - 2 * FLIPPED) ** 2)  # half the squared error of the best answer, ±0.8, on fresh points
HEALTHY = {"rate": 0.02, "bias": 0.0, "scale": 1.0, "shift": 0.0}
FAULTS = {
    "sound": {},
    "shuffled labels": {"shuffled": True},
    "inputs not normalized": {"scale": 3.0, "shift": 9.0},
    "sum for mean": {"summed": True},
    "dead ReLUs": {"bias": -4.0},
    "test data leaked": {"leaked": True},
    "rate too high": {"rate": 0.4},
}
GALLERY_SIZES = [2, 32, 32, 1]
BATCH = 20


def noisy_ring(n, seed):
    """The ring with a tenth of the targets turned around."""
    x, t = ring(n, seed)
    return x, np.where(np.random.default_rng(seed + 1).uniform(size=t.shape) < FLIPPED, -t, t)


def gallery_run(fault, seed=1, epochs=EPOCHS):
    """One training: losses (epochs + 1, 2) on training and test points, its inputs, the activations of its hidden
    neurons at the end, and the sizes of all slopes in its first step."""
    how = {**HEALTHY, **FAULTS[fault]}
    x, t = noisy_ring(100, 10 + seed)
    test_x, test_t = noisy_ring(100, 50 + seed)
    rng = np.random.default_rng(seed)
    if how.get("shuffled"):
        t = t[rng.permutation(len(t))]
    if how.get("leaked"):
        x, t = np.vstack([x, test_x]), np.vstack([t, test_t])
    x, test_x = x * how["scale"] + how["shift"], test_x * how["scale"] + how["shift"]
    net = MLP(GALLERY_SIZES, "relu", seed=seed)
    for b in net.biases[:-1]:
        b += how["bias"]
    step = momentum(net.parameters(), how["rate"])
    sizes = []

    def update(gradients):
        gradients = [BATCH * g for g in gradients] if how.get("summed") else gradients
        sizes.append(np.concatenate([np.abs(g).ravel() for g in gradients]))
        step(gradients)

    losses = [[net.loss(x, t), net.loss(test_x, test_t)]]
    for _ in range(epochs):
        try:
            with np.errstate(over="raise", invalid="raise"):
                train_epoch(net, x, t, update, BATCH, rng)
                losses.append([net.loss(x, t), net.loss(test_x, test_t)])
        except FloatingPointError:
            break
    losses += [[np.nan, np.nan]] * (epochs + 1 - len(losses))
    hidden = np.concatenate([a.ravel() for a in net.layers(x)[1][1:-1]])
    return np.array(losses), x, hidden, sizes[0]


def gallery():
    """For each training, a letter and what `gallery_run` gives: losses_A, inputs_A, hidden_A, slopes_A ..."""
    arrays = {}
    for letter, fault in zip("0ABCDEF", FAULTS, strict=True):
        arrays |= {f"{name}_{letter}": part.astype("f4") for name, part in
                   zip(("losses", "inputs", "hidden", "slopes"), gallery_run(fault), strict=True)}
    return arrays


PARTS = {"descent_fitting": fitting, "descent_decay": decay, "descent_deep": deep, "descent_gallery": gallery}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        arrays = PARTS[name]()
        recordings.write(name, arrays, seed=0, command=COMMAND, fixed=["learning"] if "learning" in arrays else [])
        print(name, "recorded")
