"""Going downhill: a loss seen as a landscape, training that stops when it diverges, and what keeps training healthy.

Sources: A. Köpf, "Deep down the rabbit hole" (its gradient step is printed with a plus; it must be a minus), Glorot &
Bengio 2010, He et al. 2015 (the lecture's "MSR"), Saxe et al. 2014 (orthogonal), Srivastava et al. 2014 (dropout),
Ioffe & Szegedy 2015 (batch normalization).
"""

import numpy as np

from ._checks import checked, numbers, real, whole
from .mlp import ACTIVATIONS, SLOPES, _batch_fits, _targets_fit, train_epoch


def _equally_many(x, t):
    if len(x) != len(t):
        return f"x has {len(x)} numbers, but t has {len(t)}: give one target per input."


@checked(_equally_many, w1=numbers(), w2=numbers(), x=numbers(1), t=numbers(1))
def landscape(w1, w2, x, t):
    """The loss L of the net ŷ = w2 · tanh(w1 · x) for every pair of weights; shape: what w1 and w2 broadcast to.

    w1, w2: numbers or arrays, such as the two of ``np.meshgrid(..., sparse=True)``; x, t: (n,).
    """
    y = w2[..., None] * np.tanh(w1[..., None] * x)
    return 0.5 * np.mean((y - t) ** 2, axis=-1)


@checked(_equally_many, w=numbers(1), x=numbers(1), t=numbers(1))
def landscape_gradient(w, x, t):
    """The two slopes (2,) of `landscape` at w = (w1, w2), for the examples x, t (n,): all of them, or a batch."""
    a = np.tanh(w[0] * x)
    error = w[1] * a - t
    return np.array([np.mean(error * w[1] * (1 - a**2) * x), np.mean(error * a)])


@checked(_targets_fit, _batch_fits, x=numbers(2), t=numbers(2), epochs=whole(1), batch_size=whole(1), seed=whole(0))
def fit(net, x, t, update, epochs, batch_size, seed=0, watch=()):
    """Train for some epochs; returns losses (epochs + 1, 1 + len(watch)): on x, t, then on each watched pair (x, t).

    A run that diverges stops by itself, says so, and leaves the last weights that were good for a whole epoch; then
    there are fewer rows. net: an MLP; update: what an optimizer made for net.parameters().
    """
    rng = np.random.default_rng(seed)
    sets = [(x, t), *watch]
    losses = [[net.loss(*pair) for pair in sets]]
    for epoch in range(1, epochs + 1):
        kept = [p.copy() for p in net.parameters()]
        try:
            with np.errstate(over="raise", invalid="raise"):  # no inf, no nan: an error we can catch
                train_epoch(net, x, t, update, batch_size, rng)
                losses.append([net.loss(*pair) for pair in sets])
        except FloatingPointError:
            for p, last in zip(net.parameters(), kept, strict=True):
                p[...] = last
            print(f"Stopped in epoch {epoch}: the loss has grown past all numbers. The weights of epoch {epoch - 1} "
                  "are kept: take a smaller learning rate.")
            break
    return np.array(losses)


def _one_number_each(a, u):
    if a.shape != u.shape:
        return f"u has shape {u.shape}, but a has shape {a.shape}: draw one random number per activation."


@checked(_one_number_each, a=numbers(), u=numbers(), rate=real(0, below=1))
def dropout(a, u, rate):
    """Activations a with a share `rate` of them set to 0 and the others enlarged, so that the mean stays the same.

    u: random numbers from 0 to 1, shaped as a; where u < rate the activation is dropped. Only for training.
    """
    return np.where(u < rate, 0.0, a / (1 - rate))


@checked(n_in=whole(1), n_out=whole(1))
def glorot(n_in, n_out, rng):
    """Weights (n_in, n_out), uniform with variance 2 / (n_in + n_out): Keras' default, made for tanh."""
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out))


@checked(n_in=whole(1), n_out=whole(1))
def he(n_in, n_out, rng):
    """Weights (n_in, n_out), normal with variance 2 / n_in: made for ReLU, which cuts half of the signal off."""
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


@checked(n_in=whole(1), n_out=whole(1))
def orthogonal(n_in, n_out, rng):
    """Weights (n_in, n_out) whose shorter side is a set of perpendicular unit vectors; a square one keeps all lengths.
    """
    q, r = np.linalg.qr(rng.normal(size=(max(n_in, n_out), min(n_in, n_out))))
    q = q * np.sign(np.diag(r))  # makes every rotation equally likely
    return q if n_in >= n_out else q.T


@checked(z=numbers(2), epsilon=real(above=0))
def batch_norm(z, epsilon=1e-3):
    """Weighted sums z (n, neurons), each column with mean 0 and (nearly) variance 1 over the batch."""
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + epsilon)


def _batch_norm_backward(delta, z, normal, epsilon=1e-3):
    """The slope by z, given the slope delta by normal = batch_norm(z): mean and variance depend on z as well."""
    centered = delta - delta.mean(axis=0) - normal * (delta * normal).mean(axis=0)
    return centered / np.sqrt(z.var(axis=0) + epsilon)


@checked(x=numbers(2))
def deep_forward(weights, x, activation="tanh", normalize=False):
    """Weighted sums and activations of a net without biases whose layers all use `activation`, the last one none.

    weights: list of arrays; normalize: put every hidden layer's sums through `batch_norm`. Returns zs and activations;
    the first activation is x, and zs holds the sums before normalization.
    """
    zs, activations = [], [x]
    for w in weights[:-1]:
        zs.append(activations[-1] @ w)
        activations.append(ACTIVATIONS[activation](batch_norm(zs[-1]) if normalize else zs[-1]))
    zs.append(activations[-1] @ weights[-1])
    return zs, [*activations, zs[-1]]


def deep_backward(weights, zs, activations, delta, activation="tanh", normalize=False):
    """Gradients of the weights and the slopes by each z, for a slope delta by the output; two lists, first layer first.
    """
    gradients, deltas = [], []
    for i in reversed(range(len(weights))):
        gradients.insert(0, activations[i].T @ delta)
        deltas.insert(0, delta)
        if i > 0:
            back = delta @ weights[i].T
            if normalize:
                normal = batch_norm.__wrapped__(zs[i - 1])
                delta = _batch_norm_backward(back * SLOPES[activation](normal), zs[i - 1], normal)
            else:
                delta = back * SLOPES[activation](zs[i - 1])
    return gradients, deltas


@checked(_targets_fit, x=numbers(2), t=numbers(2), rate=real(0, below=1))
def dropout_gradients(net, x, t, rate, rng):
    """As net.gradients, but with dropout of a share `rate` on every hidden layer: other neurons are out each time."""
    zs, activations, masks = [], [x], []
    for i, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        zs.append(activations[-1] @ w + b)
        last = i == len(net.weights) - 1
        a = ACTIVATIONS[net.output if last else net.activation](zs[-1])
        masks.append(np.ones_like(a) if last else dropout(np.ones_like(a), rng.uniform(size=a.shape), rate))
        activations.append(a * masks[-1])
    delta = (activations[-1] - t) / len(x)
    if net.output != "softmax":
        delta = delta * SLOPES[net.output](zs[-1])
    weight_gradients, bias_gradients = [], []
    for i in reversed(range(len(net.weights))):
        weight_gradients.insert(0, activations[i].T @ delta + net.decay * net.weights[i])
        bias_gradients.insert(0, delta.sum(axis=0))
        if i > 0:
            delta = delta @ net.weights[i].T * masks[i - 1] * SLOPES[net.activation](zs[i - 1])
    return weight_gradients, bias_gradients
