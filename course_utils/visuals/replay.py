"""Scrub through a recorded training by a slider, instead of waiting for it.

    Replay(recordings.read("spiral"), name="learning the spiral")
"""

import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.visuals import style
from course_utils.visuals.curves import Curves, say, short
from course_utils.visuals.interactive import InteractiveFigure, slider


class Replay(InteractiveFigure):
    """A recorded run with a slider over its steps.

    ``recording``: what `datasets.recordings.read` gives, or a dict of arrays with "steps" (n,). Its series of single
    numbers (n,), such as "loss", are drawn as curves (``log``: on a logarithmic axis) with a line at the step chosen.
    For more than curves give ``picture`` (a canvas or a Figure) and ``draw(row)``: it brings the picture to the row
    {"step": ..., name: value or array at that step} and may return a sentence.
    """

    def __init__(self, recording, draw=None, *, picture=None, name, log=False):
        arrays = getattr(recording, "arrays", recording)
        if not isinstance(arrays, dict) or np.ndim(arrays.get("steps")) != 1 or not len(arrays["steps"]):
            came = describe(recording)
            raise ValueError(f"Replay: recording is {came}, but arrays with steps are expected: give what read() gave.")
        if (picture is None) != (draw is None):
            raise ValueError("Replay: picture and draw belong together, but only one came: give both or none.")
        self._steps = np.asarray(arrays["steps"])
        names = getattr(recording, "series", None) or [key for key in arrays if key != "steps"]
        self._series = {key: np.asarray(arrays[key]) for key in names if len(arrays[key]) == len(self._steps)}
        plain = [key for key, values in self._series.items() if values.ndim == 1 and values.dtype.kind in "iuf"]
        self._curves = {key: self._series[key] for key in plain}
        if picture is None and not self._curves:
            raise ValueError("Replay: recording has no single number for each step to draw: give picture and draw.")
        self._draw = draw
        first, last = self._steps[0].item(), self._steps[-1].item()
        if picture is None:
            picture = self._plot(log)
        gaps = np.unique(np.diff(self._steps))
        step = gaps[0].item() if len(gaps) == 1 else None
        super().__init__(picture, self._move, {"step": slider("step", first, last, first, step)}, name=name)

    def _plot(self, log):
        curves = Curves("step", self._steps[-1].item(), log)
        for row, place in enumerate(self._steps):
            curves.add(place.item(), {key: values[row].item() for key, values in self._curves.items()})
        curves.png("")  # draws the lines and sets the limits
        self._markers = [axes.axvline(0, color=style.COLORS["ink"], linestyle="-") for axes in curves.figure.axes]
        return curves.figure

    def _move(self, step):
        row = int(np.abs(self._steps - step).argmin())
        now = {"step": self._steps[row].item(), **{key: values[row] for key, values in self._series.items()}}
        numbers = ", ".join(f"{say(key)} {short(values[row])}" for key, values in self._curves.items())
        words = f"Step {now['step']:g} of {self._steps[-1]:g}" + (f": {numbers}." if numbers else ".")
        if self._draw is not None:
            return f"{words} {self._draw(now) or ''}".strip()
        for marker in self._markers:
            marker.set_xdata([now["step"]] * 2)
        return words
