"""Two networks at play, as lesson 07 builds them: a generator that makes points, a discriminator that tells them apart.

Source: I. Goodfellow and others, "Generative Adversarial Nets", NeurIPS 2014. The value function is theirs; the
discriminator gives logits, the sums before the sigmoid, so that no logarithm of 0 can come up.

x a real point, z noise, G(z) a made one, D the chance that a point is real, s the logit of D:

    V = mean ln D(x) + mean ln(1 - D(G(z))),  best D = p / (p + q) for densities p (real) and q (made).
"""

import numpy as np

from ._checks import checked, numbers, one_of, real, whole
from .mlp import MLP, SLOPES
from .neuron import sigmoid
from .optimizers import adam

LOSSES = ("non-saturating", "minimax")


def _densities(p, q):
    if p.shape != q.shape:
        return f"q has shape {q.shape}, but p has shape {p.shape}: give both heights at the same places."
    if (p < 0).any() or (q < 0).any():
        return "p or q has a negative height, which no density has: give heights of at least 0."


@checked(_densities, p=numbers(), q=numbers())
def best_discriminator(p, q):
    """The D that no other beats, where real points have the density p and made ones q; ½ where there are neither."""
    total = p + q
    return np.where(total > 0, p / np.where(total > 0, total, 1), 0.5)


@checked(_densities, p=numbers(1), q=numbers(1), width=real(above=0))
def value_at_best(p, q, width):
    """V for the best discriminator; p, q (n,): densities at places `width` apart. -ln 4 if they are equal, else more.
    """
    total = 0.0
    for one, other in ((p, q), (q, p)):  # 1 - p / (p + q) = q / (p + q)
        d = best_discriminator(one, other)
        total += np.sum(one * np.log(np.where(d > 0, d, 1)))  # 0 · ln 0 counts as 0
    return total * width


@checked(s=numbers())
def softplus(s):
    """ln(1 + eˢ), which is -ln σ(-s), without an overflow."""
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


@checked(real=numbers(1), made=numbers(1))
def discriminator_loss(real, made):
    """-V from logits: of real points (n,) and of made ones (m,)."""
    return np.mean(softplus(-real)) + np.mean(softplus(made))


@checked(made=numbers(1), kind=one_of(*LOSSES))
def generator_loss(made, kind="non-saturating"):
    """The generator's loss from the logits of what it made: -mean ln D, or (minimax) mean ln(1 - D)."""
    return np.mean(softplus(-made)) if kind == "non-saturating" else -np.mean(softplus(made))


@checked(made=numbers(), kind=one_of(*LOSSES))
def generator_slope(made, kind="non-saturating"):
    """The slope of one point's generator loss for its logit: D - 1, or (minimax) -D."""
    return sigmoid(made) - 1 if kind == "non-saturating" else -sigmoid(made)


def backward(net, x, slope):
    """The gradients of an MLP's parameters and of its inputs x (n, inputs), for a slope (n, outputs) at its outputs."""
    zs, activations = net.layers(x)
    weight_gradients, bias_gradients = [], []
    for i in reversed(range(len(net.weights))):
        if i < len(net.weights) - 1:
            slope = slope * SLOPES[net.activation](zs[i])
        weight_gradients.insert(0, activations[i].T @ slope)
        bias_gradients.insert(0, slope.sum(axis=0))
        slope = slope @ net.weights[i].T
    return weight_gradients + bias_gradients, slope


def _rates(function, argument, value):
    """Rule: two numbers of at least 0, as a tuple of floats."""
    pair = numbers(1)(function, argument, value)
    if len(pair) != 2 or (pair < 0).any():
        raise ValueError(f"{function}: {argument} is {list(pair)}, but two step sizes of at least 0 are expected: give "
                         "one for the generator and one for the discriminator.")
    return tuple(map(float, pair))


class Game:
    """A generator and a discriminator, each an MLP with tanh, and the real points (n, dimensions) they play about.

    latent: numbers in a noise vector; width: neurons in each of two hidden layers; rates: the step sizes of generator
    and discriminator (Adam); kind: the generator's loss; calm: how much the discriminator is punished for changing its
    mind when a real point trembles; batch: points for a step. ``real``, the rates, kind and calm may be changed
    while the game goes on.
    """

    @checked(real=numbers(2), latent=whole(1), width=whole(1), rates=_rates, kind=one_of(*LOSSES), calm=real(0),
             batch=whole(1), seed=whole(0))
    def __init__(self, real, latent=4, width=16, rates=(0.002, 0.005), kind="non-saturating", calm=0.3, batch=128,
                 seed=0):
        self.real, self.rates, self.kind, self.calm, self.batch = real, rates, kind, calm, batch
        self.generator = MLP([latent, width, width, real.shape[1]], "tanh", seed)
        self.discriminator = MLP([real.shape[1], width, width, 1], "tanh", seed + 1)
        betas = {"beta_1": 0.5, "beta_2": 0.99}
        self.move_generator = adam(self.generator.parameters(), **betas)
        self.move_discriminator = adam(self.discriminator.parameters(), **betas)
        self.rng = np.random.default_rng(seed)

    def noise(self, n):
        """Noise (n, latent) for n points."""
        return self.rng.normal(size=(n, self.generator.sizes[0]))

    def judge(self, x):
        """D for points x (n, dimensions): the chance (n,) that each is real."""
        return sigmoid(self.discriminator.forward(x)[:, 0])

    def step_discriminator(self):
        """One step of the discriminator; the generator holds still. Returns the discriminator's loss."""
        x = self.real[self.rng.integers(0, len(self.real), self.batch)]
        made = self.generator.forward(self.noise(self.batch))
        s_real, s_made = self.discriminator.forward(x), self.discriminator.forward(made)
        from_real, _ = backward(self.discriminator, x, (sigmoid(s_real) - 1) / len(x))
        from_made, _ = backward(self.discriminator, made, sigmoid(s_made) / len(made))
        gradients = [a + b for a, b in zip(from_real, from_made, strict=True)]
        if self.calm > 0:
            gradients = [g + c for g, c in zip(gradients, self.calming(x), strict=True)]
        if self.rates[1] > 0:
            self.move_discriminator(gradients, learning_rate=self.rates[1])
        return discriminator_loss(s_real[:, 0], s_made[:, 0])

    def step_generator(self):
        """One step of the generator; the discriminator holds still and passes the slope on. Returns the loss."""
        z = self.noise(self.batch)
        made = self.generator.forward(z)
        s = self.discriminator.forward(made)
        _, slope = backward(self.discriminator, made, generator_slope(s, self.kind) / len(s))
        gradients, _ = backward(self.generator, z, slope)
        if self.rates[0] > 0:
            self.move_generator(gradients, learning_rate=self.rates[0])
        return generator_loss(s[:, 0], self.kind)

    def arrows(self, made):
        """Where each made point (n, dimensions) would move to please the discriminator: minus the slope of its loss."""
        s = self.discriminator.forward(made)
        return -backward(self.discriminator, made, generator_slope(s, self.kind))[1]

    def calming(self, x, tremble=0.1):
        """The gradients of calm / 2 · (change of the logit / change of the point)², for small random changes of x."""
        moved = x + self.rng.normal(0, tremble, x.shape)
        change = self.discriminator.forward(moved) - self.discriminator.forward(x)
        slope = self.calm * change / tremble**2 / len(x)
        there, _ = backward(self.discriminator, moved, slope)
        here, _ = backward(self.discriminator, x, -slope)
        return [a + b for a, b in zip(there, here, strict=True)]


def _same_axes(x, y):
    if x.shape[1] != y.shape[1]:
        return f"y has {y.shape[1]} numbers for a point, but x has {x.shape[1]}: give points of the same space."


@checked(_same_axes, x=numbers(2), y=numbers(2))
def distance(x, y, directions=12):
    """How far two crowds of points (n, dimensions) and (m, dimensions) lie apart.

    In one dimension: sort both, pair the first with the first and so on, and take the mean gap (of 101 places if the
    crowds differ in size). In two: the mean of that over directions. It is 0 for equal crowds.
    """
    angles = np.pi * np.arange(directions) / directions
    ways = np.ones((1, 1)) if x.shape[1] == 1 else np.stack([np.cos(angles), np.sin(angles)])
    if len(x) == len(y):
        return np.mean(np.abs(np.sort(x @ ways, axis=0) - np.sort(y @ ways, axis=0)))
    places = np.linspace(0, 1, 101)
    return np.mean(np.abs(np.quantile(x @ ways, places, axis=0) - np.quantile(y @ ways, places, axis=0)))
