"""What figures of lesson 04 share: canvases side by side as one picture, and a control that moves by itself."""

import asyncio

import ipywidgets as widgets

from . import style
from .interactive import InteractiveFigure
from .painter import Painter


class Board:
    """Canvases (Matrix, Pad ...) in columns, each under its name, as one picture for an `InteractiveFigure`.

    columns: lists of canvases, from left to right.
    """

    def __init__(self, *columns):
        self._columns = columns
        boxes = []
        for column in columns:
            shown = []
            for part in column:
                shown += [widgets.HTML(f"<span style='font-size:16px'>{part.name}</span>"), part.widget]
            boxes.append(widgets.VBox(shown, layout={"overflow": "visible"}))
        self.widget = widgets.HBox(boxes, layout={"flex_flow": "row wrap", "overflow": "visible"})
        self._parts = [part for column in columns for part in column]
        self.foreseen = [part.widget for part in self._parts]

    def look(self):
        """What each canvas would show after a refresh, in the order of `foreseen`; nothing is sent."""
        return [look for part in self._parts for look in part.look()]

    def refresh(self):
        """Bring every canvas up to date."""
        for part in self._parts:
            part.refresh()

    def png(self):
        """All canvases in one picture, drawn by Matplotlib."""
        widths = [max(part.widget.setup["width"] for part in column) for column in self._columns]
        heights = [sum(part.widget.setup["height"] + 34 for part in column) for column in self._columns]
        figure, _ = style.figure(size=(sum(widths) / 100 + 0.2 * len(widths), max(heights) / 100))
        figure.clear()
        grid = figure.add_gridspec(1, len(widths), width_ratios=widths)
        for place, column in zip(grid, self._columns, strict=True):
            rows = place.subgridspec(len(column), 1, height_ratios=[part.widget.setup["height"] for part in column])
            for row, part in zip(rows, column, strict=True):
                axes = figure.add_subplot(row)
                part._paint(axes)
                axes.set_title(part.name, fontsize=12)
        return Painter(figure).png(level=9)


class Playing:
    """Moves one control of an interactive figure forward by itself, so that the page keeps answering.

    `press()` starts it, or holds it; without a running event loop (in a plain script) it goes to the end at once.
    """

    def __init__(self, control, last, pause=0.4):
        self.figure, self._control, self._last, self._pause = None, control, last, pause
        self._task = None

    def press(self):
        """Start from the beginning if the end is reached, otherwise go on; hold if it moves."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            return
        if self.figure.values[self._control] >= self._last():
            self.figure.set(**{self._control: 0})
        try:
            self._task = asyncio.get_running_loop().create_task(self._go())
        except RuntimeError:
            self.figure.set(**{self._control: self._last()})

    async def _go(self):
        while self._step():
            await asyncio.sleep(self._pause)

    def _step(self):
        """One move; False at the end, or where the figure was closed meanwhile."""
        if self.figure._closed or self.figure.values[self._control] >= self._last():
            return False
        self.figure.set(**{self._control: self.figure.values[self._control] + 1})
        return True


def played(picture, update, controls, *, name, control, last, actions=None):
    """An `InteractiveFigure` with a button "Play or hold" that moves ``control`` up to ``last()``."""
    playing = Playing(control, last)
    actions = {"Play or hold": playing.press, **(actions or {})}
    playing.figure = InteractiveFigure(picture, update, controls, name=name, actions=actions)
    return playing.figure
