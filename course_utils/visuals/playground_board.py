"""The board of the playground: network, square, losses, a line of numbers and a panel of text as one picture."""

import html
import math

import ipywidgets as widgets
import numpy as np

from course_utils.visuals import style
from course_utils.visuals.painter import Painter
from course_utils.visuals.picture import Picture


class Board:
    """The canvases of the playground as one picture: network, square, losses, a line of numbers, a panel of text."""

    def __init__(self, plane):
        self.plane, self.graph = plane, None
        self._row = widgets.Box(layout=widgets.Layout(display="flex", flex_flow="row wrap", overflow="visible"))
        self._places = [widgets.Box(layout=widgets.Layout(width=width, overflow="visible", flex="0 0 auto"))
                        for width in ("560px", "440px")]  # as wide as the canvases, however long their words are
        self._row.children = self._places
        self._line, self._curve, self._panel = widgets.HTML(), Picture(width=560), widgets.HTML()
        self.widget = widgets.VBox([self._line, self._row, self._curve, self._panel],
                                   layout=widgets.Layout(overflow="visible", width="100%"))
        figure, self._axes = style.figure(size=(5.6, 1.8))
        self._lines = [self._axes.plot([], [], color=style.COLORS[color], linestyle=dashes, label=label)[0]
                       for color, dashes, label in (("blue", "-", "training"), ("vermillion", "--", "test"))]
        self._axes.set(xlabel="epoch", ylabel="loss", xlim=(0, 50), ylim=(0, 0.6))
        self._axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
        self._painter = Painter(figure)

    def network(self, graph):
        """Show another network."""
        if self.graph is not None:
            self.graph.close()
        self.graph = graph
        for place, canvas in zip(self._places, (graph, self.plane), strict=True):
            place.children = (canvas.widget,)

    def losses(self, history):
        """Draw the losses [(epoch, training, test), ...]."""
        epochs, *both = np.array(history, dtype=float).T
        for line, values in zip(self._lines, both, strict=True):
            line.set_data(epochs, values)
        far = max(50.0, epochs[-1])
        unit = 10 ** math.floor(math.log10(far))
        finite = np.concatenate(both)[np.isfinite(np.concatenate(both))]
        high = 0.6 if not len(finite) or finite.max() < 0.6 else math.ceil(finite.max() * 1.05)
        self._axes.set(xlim=(0, next(k * unit for k in (1, 2, 5, 10) if k * unit >= far)), ylim=(0, high))
        self._curve.png = self._painter.png()

    def say(self, line):
        """The line of numbers that changes all the time and is not announced."""
        self._line.value = f"<span style='font-size:17px'>{html.escape(line)}</span>"

    def panel(self, title, content):
        """Show a text to be copied; an empty one removes the panel."""
        look = "max-height:22em;overflow:auto;padding:8px;border:1px solid #767676;font-size:15px;white-space:pre-wrap;"
        self._panel.value = content and (
            f"<b>{html.escape(title)}</b><pre tabindex='0' aria-label='{html.escape(title)}' "
            f"style='{look}word-break:break-all'>{html.escape(content)}</pre>")

    def words(self, sentence):
        """The sentence below the picture; screen readers announce it."""
        self._curve.words = self._curve.alt = sentence

    def refresh(self):
        """Send what changed."""
        self.graph.refresh()
        self.plane.refresh()

    def png(self):
        """Network and square side by side, drawn by Matplotlib."""
        figure, (left, right) = style.figure(1, 2, size=(11, 4.4), width_ratios=(1.35, 1))
        self.graph._paint(left)
        self.plane._paint(right)
        return Painter(figure).png()
