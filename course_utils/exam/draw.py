"""Chance with a memory: one stream of random numbers for each (exam seed, question, slot).

Only `random.Random(seed).random()` is used, because its sequence is the part of Python's module that is promised to
stay the same. So a drawn exam can be drawn again in ten years, and a new question in the bank changes no other.
"""

import functools
import hashlib
import random
from fractions import Fraction

from course_utils.exam.errors import ExamError


def stream(*key):
    """A generator of its own for this key: the first 64 bits of SHA-256 over the key's words are its seed."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def rounded(x, decimals):
    """x rounded as on paper: halves away from zero (2.5 becomes 3, 0.125 becomes 0.13); returned as a float."""
    scaled = abs(x) * 10**decimals
    whole = int(scaled + 0.5 + 1e-9)
    return (whole if x >= 0 else -whole) / 10**decimals


def terms(weights, inputs):
    """The sum of products in LaTeX, as in `2 \\cdot 3 + 1 \\cdot (-4)`, for worked steps."""
    parts = [f"{w:g} \\cdot {f'({x:g})' if x < 0 else f'{x:g}'}" for w, x in zip(weights, inputs, strict=True)]
    return " + ".join(f"({part})" if part.startswith("-") and i else part for i, part in enumerate(parts))


@functools.lru_cache(maxsize=1024)
def _grid(low, high, step):
    low, high, step = (Fraction(str(x)) for x in (low, high, step))
    return tuple(float(low + step * i) for i in range(int((high - low) / step) + 1))


class Draw:
    """What `generate(draw)` draws its numbers from.

    `way` says how a calculation on paper rounds in between: "exact" not at all, "half up" and "half even" to the
    decimals that the question allows. The stress run solves every variant all three ways.
    """

    def __init__(self, *key, way="exact"):
        self.random = stream(*key).random
        self.way = way

    def whole(self, low, high):
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def grid(self, low, high, step):
        """A number on the decimal grid low, low + step, …, high: exact decimals, so what is printed is what is used."""
        numbers = _grid(low, high, step)
        return numbers[int(self.random() * len(numbers))]

    def wholes(self, count, low, high):
        """A list of whole numbers."""
        return [self.whole(low, high) for _ in range(count)]

    def grids(self, count, low, high, step):
        """A list of numbers on the decimal grid."""
        return [self.grid(low, high, step) for _ in range(count)]

    def table(self, rows, columns, low, high):
        """A list of rows of whole numbers."""
        return [self.wholes(columns, low, high) for _ in range(rows)]

    def choice(self, options):
        """One of the options."""
        return options[int(self.random() * len(options))]

    def shuffled(self, options):
        """The options in a random order, as a new list (Fisher and Yates)."""
        options = list(options)
        for i in range(len(options) - 1, 0, -1):
            j = int(self.random() * (i + 1))
            options[i], options[j] = options[j], options[i]
        return options

    def sample(self, options, count):
        """`count` different options."""
        if count > len(options):
            raise ExamError(f"draw.sample: count is {count}, but there are {len(options)} options: ask for fewer.")
        return self.shuffled(options)[:count]

    def rounding(self, x, decimals):
        """A value on the way to the answer, which a solver may round to that many decimals."""
        if self.way == "exact":
            return float(x)
        return round(float(x), decimals) if self.way == "half even" else rounded(float(x), decimals)
