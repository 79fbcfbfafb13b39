"""Texts of a typewriter font that are painted quickly: every sign is drawn once and then only put in its place.

Matplotlib lays out and draws each sign of a changed text anew, 0.1 ms for each; a page of text is 50 ms. Here a sign
begins at a whole pixel, so that it always has the same pixels.
"""

import math
from functools import lru_cache

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

LINE = 1.2  # height of a line, in parts of the font's size
REST = 0.25  # of it below the line on which the letters stand
ABOVE = 0.12  # of it above the letters
ADVANCE = 0.60205  # from one sign of Matplotlib's monospace font to the next, in parts of its size


class Typed(Text):
    """A text in Matplotlib's monospace font, black on nothing or in a color, in one or more lines.

    Use it as `typed(axes, x, y, text, ...)`. Of Text's options it knows transform, fontsize, color, ha, va and zorder;
    it is neither turned nor framed, and it may stand outside of its axes.
    """

    def draw(self, renderer):
        """Paint it; another canvas than Agg's, such as a PDF, gets Matplotlib's own text."""
        if not isinstance(renderer, RendererAgg):
            super().draw(renderer)
        elif self.get_visible() and self.get_text():
            pixels = self._pixels(renderer)
            x, y = self.get_transform().transform(self.get_unitless_position())
            high, wide = pixels.shape[:2]
            high -= ABOVE * renderer.points_to_pixels(self.get_fontsize())
            x -= {"left": 0, "center": wide / 2, "right": wide}[self.get_ha()]
            y -= {"top": high, "center": high / 2}.get(self.get_va(), 0)
            renderer.draw_image(renderer.new_gc(), round(x), round(y), pixels[::-1])
        self.stale = False

    def _pixels(self, renderer):
        size = renderer.points_to_pixels(self.get_fontsize())
        signs, lines = _signs(size, to_rgba(self.get_color())), self.get_text().split("\n")
        high, wide = signs(" ").shape[:2]
        starts = np.round(ADVANCE * size * np.arange(max(map(len, lines)))).astype(int)
        page = np.zeros((high * len(lines), max([0, *starts]) + wide, 4), np.uint8)
        for row, line in enumerate(lines):
            short = starts[-1] - starts[len(line) - 1] if line else 0
            begin = round(short * {"left": 0, "center": 0.5, "right": 1}[self.get_ha()])
            for start, sign in zip(begin + starts, line, strict=False):
                place = page[row * high : (row + 1) * high, start : start + wide]
                np.maximum(place, signs(sign), out=place)  # two neighbors may share a column of pixels
        return page


def typed(axes, x, y, text, **options):
    """A Typed text in an axes, as `axes.text(x, y, text, family="monospace")` would make one; returns it."""
    options = {"transform": axes.transData, "family": "monospace", "clip_on": False} | options
    return axes._add_text(Typed(x, y, text, **options))


@lru_cache(maxsize=16)
def _signs(size, color):
    """A function from a sign to its pixels (height, width, 4), for a font size in pixels."""
    wide, high = math.ceil(size * ADVANCE), round(size * LINE)
    font = FontProperties(family="monospace", size=size)
    sheet = RendererAgg(wide, high, 72)

    @lru_cache(maxsize=512)
    def sign(letter):
        sheet.clear()
        if not letter.isspace():
            pen = sheet.new_gc()
            pen.set_foreground(color, isRGBA=True)
            sheet.draw_text(pen, 0, high - round(REST * size), letter, font, 0)
        return np.array(sheet.buffer_rgba())

    return sign
