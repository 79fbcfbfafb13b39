"""Four ways to walk downhill: sgd, momentum, RMSprop and Adam, as lesson 03 races them.

Each takes the arrays to be learned and returns ``update(gradients)``, which changes those arrays in place and remembers
what it needs for the next step; ``update(gradients, learning_rate=...)`` takes one step at another rate. The formulas
are those of Keras 3, down to where epsilon stands, so the same gradients give the same steps.

Sources: Robbins & Monro 1951 (sgd), Polyak 1964 (momentum), Hinton, "Neural networks for machine learning", lecture 6
(RMSprop), Kingma & Ba, "Adam: a method for stochastic optimization", 2015.
"""

import functools

import numpy as np

from ._checks import all_finite, checked, describe, numbers, real


def _float_arrays(function, argument, value):
    """Rule: a list of float arrays, passed on untouched because the optimizer changes them in place."""
    if not isinstance(value, (list, tuple)) or not len(value):
        raise TypeError(
            f"{function}: {argument} is {describe(value)}, but a list of arrays is expected: "
            "give net.parameters(), or [w] for one array w."
        )
    for i, p in enumerate(value):
        if not isinstance(p, np.ndarray) or p.dtype.kind != "f":
            kind = f"an array of {p.dtype} numbers" if isinstance(p, np.ndarray) else describe(p)
            raise TypeError(
                f"{function}: {argument}[{i}] is {kind}, but a float array that can be changed in place is expected: "
                "make it with np.array(..., dtype=float)."
            )
        numbers()(function, f"{argument}[{i}]", p)
    return value


def _fitting_gradients(name, parameters, gradients):
    """The gradients as arrays that fit the parameters; stops a diverged run while its weights are still finite."""
    if not isinstance(gradients, (list, tuple)) or len(gradients) != len(parameters):
        raise ValueError(
            f"{name}: gradients is {describe(gradients)}, but a list of {len(parameters)} arrays is expected: "
            "give one gradient per parameter."
        )
    return [
        g if type(g) is np.ndarray and g.shape == p.shape and all_finite(g) else _mended(f"gradients[{i}]", name, p, g)
        for i, (p, g) in enumerate(zip(parameters, gradients, strict=True))
    ]


def _mended(argument, name, p, g):
    """One gradient as an array, if that is all it lacks."""
    g = numbers(allow_nan=True)(name, argument, g)
    if g.shape != p.shape:
        raise ValueError(
            f"{name}: {argument} has shape {g.shape}, but its parameter has shape {p.shape}: give one slope per number."
        )
    if not all_finite(g):
        raise FloatingPointError(
            f"{name}: {argument} contains inf or nan, so the run has diverged: "
            "take the last finite weights, which are unchanged, and a smaller learning rate."
        )
    return g


def _optimizer(**rules):
    """Decorator: check the optimizer's own arguments and those of every update it makes."""

    def decorate(function):
        make = checked(parameters=_float_arrays, learning_rate=real(above=0), **rules)(function)
        name = function.__name__

        @functools.wraps(function)
        def optimizer(*args, **kwargs):
            bare = make(*args, **kwargs)
            parameters = args[0] if args else kwargs["parameters"]

            @functools.wraps(bare)
            def update(gradients, learning_rate=None):
                gradients = _fitting_gradients(name, parameters, gradients)
                if learning_rate is None:
                    return bare(gradients)
                return bare(gradients, real(above=0)(name, "learning_rate", learning_rate))

            return update

        return optimizer

    return decorate


@_optimizer()
def sgd(parameters, learning_rate=0.01):
    """Stochastic gradient descent: one step against the gradient, w ← w − η g.

    parameters: list of float arrays, changed in place. Returns update(gradients), gradients being a list of the same
    shapes; it raises FloatingPointError, and changes nothing, once a gradient is no longer finite.
    """

    def update(gradients, learning_rate=learning_rate):
        for w, g in zip(parameters, gradients, strict=True):
            w -= learning_rate * g

    return update


@_optimizer(momentum=real(0, 1))
def momentum(parameters, learning_rate=0.01, momentum=0.9):
    """Gradient descent with a velocity v that keeps a share of the last step. Arguments and errors as `sgd`.

    v ← μ v − η g, w ← w + v
    """
    velocities = [np.zeros_like(w) for w in parameters]

    def update(gradients, learning_rate=learning_rate):
        for w, g, v in zip(parameters, gradients, velocities, strict=True):
            v *= momentum
            v -= learning_rate * g
            w += v

    return update


@_optimizer(rho=real(0, below=1), epsilon=real(above=0))
def rmsprop(parameters, learning_rate=0.001, rho=0.9, epsilon=1e-7):
    """Divide each step by the running size of the gradient. Arguments and errors as `sgd`.

    s ← ρ s + (1 − ρ) g², w ← w − η g / √(s + ε)
    """
    squares = [np.zeros_like(w) for w in parameters]

    def update(gradients, learning_rate=learning_rate):
        for w, g, s in zip(parameters, gradients, squares, strict=True):
            s *= rho
            s += (1 - rho) * g**2
            w -= learning_rate * g / np.sqrt(s + epsilon)

    return update


@_optimizer(beta_1=real(0, below=1), beta_2=real(0, below=1), epsilon=real(above=0))
def adam(parameters, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    """Momentum m and RMSprop's s together, both corrected for their start at 0. Arguments and errors as `sgd`.

    m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², w ← w − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√s + ε) at step t = 1, 2, …
    This is the paper's second form ("epsilon hat"), which Keras has too; it differs from the first in ε only.
    """
    means = [np.zeros_like(w) for w in parameters]
    squares = [np.zeros_like(w) for w in parameters]
    t = 0

    def update(gradients, learning_rate=learning_rate):
        nonlocal t
        t += 1
        rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        for w, g, m, s in zip(parameters, gradients, means, squares, strict=True):
            m += (1 - beta_1) * (g - m)
            s += (1 - beta_2) * (g**2 - s)
            w -= rate * m / (np.sqrt(s) + epsilon)

    return update
