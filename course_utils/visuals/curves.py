"""The curves of one training: loss (and accuracy beside it) against steps, in one figure whose artists only move."""

import math
from itertools import cycle

import numpy as np

from course_utils.visuals import style
from course_utils.visuals.painter import Painter

MOST = 2000  # points kept of one curve; more cannot be seen
COLORS = ("blue", "vermillion", "green", "purple", "ink")
DASHES = ("-", "--", "-.", ":", (0, (8, 2)))


class Curves:
    """Numbers by name over steps. ``unit``: what a step is called; ``total``: how far the axis goes; ``log``: loss on
    a logarithmic axis. Names that contain "acc" get a panel of their own from 0 to 1, if they are there from the start.
    """

    def __init__(self, unit="step", total=None, log=False):
        self.unit, self.total, self.log = unit, total, log
        self.points = {}  # name -> (list of x, list of values)
        self._first = {}
        self._painter = None

    def add(self, x, numbers):
        """Note the numbers {name: value} at place x."""
        for name, value in numbers.items():
            places, values = self.points.setdefault(name, ([], []))
            self._first.setdefault(name, value)
            if len(places) >= MOST:
                del places[1::2], values[1::2]
            places.append(x)
            values.append(value)

    def last(self):
        """The newest numbers in words: "loss 0.0321, accuracy 0.912"."""
        return ", ".join(f"{say(name)} {short(values[-1])}" for name, (_, values) in self.points.items())

    def course(self):
        """Where each number began and ended, in words."""
        return ", ".join(
            f"{say(name)} from {short(self._first[name])} to {short(values[-1])}"
            for name, (_, values) in self.points.items()
        )

    def png(self, words):
        """The picture as PNG bytes."""
        if self._painter is None or (self.points and not self._lines):
            self._build()  # made anew when the first numbers say which panels it takes
        for name, (places, values) in self.points.items():
            if name not in self._lines:
                self._add_line(name)
            self._lines[name].set_data(places, values)
        for axes in self._axes:
            self._limit(axes)
        return self._painter.png(words)

    @property
    def figure(self):
        if self._painter is None:
            self._build()
        return self._painter.figure

    def _build(self):
        apart = [name for name in self.points if "acc" in name]
        both = 0 < len(apart) < len(self.points)
        figure, axes = style.figure(1, 2 if both else 1, size=(7.6, 3.4))
        self._axes = list(np.atleast_1d(axes))
        self._lines, self._looks = {}, {id(one): cycle(zip(COLORS, DASHES, strict=True)) for one in self._axes}
        for one in self._axes:
            one.set(xlabel=self.unit)
        self._axes[0].set_ylabel("accuracy" if apart and not both else "loss")
        if both:
            self._axes[1].set_ylabel("accuracy")
        if self.log and (both or not apart):
            self._axes[0].set_yscale("log")
        self._painter = Painter(figure)
        for name in self.points:
            self._add_line(name)

    def _add_line(self, name):
        axes = self._axes[-1] if "acc" in name else self._axes[0]
        color, dashes = next(self._looks[id(axes)])
        sparse = name.startswith("val_")
        look = {"marker": "o", "markersize": 5} if sparse else {}
        (self._lines[name],) = axes.plot([], [], color=style.COLORS[color], linestyle=dashes, label=say(name), **look)
        if len(axes.get_lines()) > 1:  # a single curve is named by its axis
            axes.legend(loc="lower right" if "acc" in name else "upper right")

    def _limit(self, axes):
        """Round limits, which change rarely, so that the painted frame can mostly stay."""
        lines = [line for line in axes.get_lines() if len(line.get_xdata())]
        if not lines:
            return
        far = max(line.get_xdata()[-1] for line in lines)
        right = max(self.total or 0, round_up(far) if far > (self.total or 0) else 0)
        values = np.concatenate([np.asarray(line.get_ydata(), float) for line in lines])
        values = values[np.isfinite(values)]
        axes.set_xlim(0, right or 1)
        if not len(values):
            return
        if axes.get_yscale() == "log":
            values = values[values > 0] if (values > 0).any() else np.ones(1)
            axes.set_ylim(10 ** math.floor(math.log10(values.min())), 10 ** math.ceil(math.log10(values.max() * 1.01)))
        elif axes.get_ylabel() == "accuracy":
            axes.set_ylim(0, 1.02 if values.max() <= 1 else round_up(values.max()))
        else:
            low, high = min(0.0, values.min()), max(0.0, values.max())
            axes.set_ylim(-round_up(-low) if low < 0 else 0, round_up(high) if high > 0 else 0.1)


def round_up(value):
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(k * power for k in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if k * power >= value * (1 - 1e-9))


def short(value):
    """A number in three digits; what is not finite in a word a reader knows from NumPy."""
    return f"{value:.3g}" if math.isfinite(value) else str(value)


def say(name):
    """The name of a number as a reader says it: val_loss is "validation loss"."""
    return name.replace("val_", "validation ").replace("_", " ")
