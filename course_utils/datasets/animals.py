"""Rabbits and unicorns, the lecture's first example: two classes told apart by speed and size.

Source of the example: 35C3 "Introduction to Deep Learning". The numbers are made here, so that the best possible
accuracy is known: each class is a round normal cloud, and both clouds are equally wide.
"""
from math import erf, sqrt

import numpy as np

from course_utils.from_scratch._checks import checked, numbers, one_of, real, whole

RABBIT_CENTER, UNICORN_CENTER = 3.5, 6.5  # of both scores; half way between them speed + size is the lecture's 10
GAP = 1.0  # separable animals keep |speed + size - 10| at least this large


@checked(n=whole(2), overlap=one_of(False, True), spread=real(above=0), seed=whole(0))
def rabbits_and_unicorns(n=60, *, overlap=False, spread=1.5, seed=0):
    """Make n animals, rabbits and unicorns by turns.

    Returns x, (n, 2) floats rounded to 0.1: the scores speed and size, about 0 to 10; and t, (n,) integers: 0 for a
    rabbit, 1 for a unicorn. Without overlap the line speed + size = 10 separates them; with overlap=True the clouds
    (standard deviation `spread`) run into each other and no rule is right about more than `bayes_accuracy(spread)`.
    Raises ValueError or TypeError, naming the argument, for n below 2, a spread of 0 or below, a negative seed.
    """
    rng = np.random.default_rng(seed)
    t = np.arange(n) % 2
    centers = np.where(t == 1, UNICORN_CENTER, RABBIT_CENTER)[:, None].repeat(2, axis=1)
    x = rng.normal(centers, spread if overlap else 1.2)
    if not overlap:
        wrong = _unusable(x, t)
        while wrong.any():
            x[wrong] = rng.normal(centers[wrong], 1.2)
            wrong = _unusable(x, t)
    return np.round(x, 1), t


def _unusable(x, t):
    beyond = np.round(x, 1).sum(axis=1) - 10
    outside = (x < 0).any(axis=1) | (x > 10).any(axis=1)
    return outside | (np.abs(beyond) < GAP) | ((beyond > 0) != (t == 1))


@checked(spread=real(above=0))
def bayes_accuracy(spread=1.5):
    """The share that the best possible rule gets right on overlapping animals of this spread (Bayes accuracy).

    Two round normal clouds at distance d with standard deviation s: Phi(d / 2s), where Phi is the normal distribution
    function (Bishop 2006, section 1.5).
    """
    return line_accuracy([1, 1], -(RABBIT_CENTER + UNICORN_CENTER), spread)


@checked(weights=numbers(1), bias=real(), spread=real(above=0))
def line_accuracy(weights, bias, spread=1.5):
    """The exact share of overlapping animals of this spread that a neuron with these weights (2,) and bias gets right.

    z is normally distributed in each class, with the standard deviation spread · |weights|, so no animals are needed.
    """
    deviation = spread * sqrt(sum(w * w for w in weights))
    if deviation == 0:
        return 0.5  # no line: every animal gets the same answer, and half of them are unicorns
    rabbits = -(RABBIT_CENTER * sum(weights) + bias) / deviation
    unicorns = (UNICORN_CENTER * sum(weights) + bias) / deviation
    return (_normal(rabbits) + _normal(unicorns)) / 2


def _normal(z):
    """Phi(z), the normal distribution function."""
    return 0.5 * (1 + erf(z / sqrt(2)))
