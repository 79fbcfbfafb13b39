"""A grid of numbers as colored cells: images, kernels, feature maps, attention. Part of the canvas kit.

    image = Matrix("the picture", pixels, on_cell=lambda row, col: show_window(row, col))
    image.mark("window", 2, 3, height=3, width=3).refresh()
    image.values(changed).refresh()
"""

import numpy as np
import traitlets

from course_utils.from_scratch._checks import describe
from course_utils.visuals import style
from course_utils.visuals.ahead import script
from course_utils.visuals.canvas_base import Canvas, CanvasWidget, array_of, color_of, color_table, fail, shades

LETTER = 9.5  # pixels a letter of 15 pixels takes at most


def _table(colors):
    """256 RGB colors: "field" diverges (blue, near white, orange); "ink" goes from white to black, "light" back."""
    if colors == "field":
        return color_table()
    ramp = np.repeat(np.arange(256, dtype=np.uint8), 3)
    return (ramp if colors == "light" else 255 - ramp).tobytes()


class MatrixWidget(CanvasWidget):
    _esm = script("ahead", "stage", "matrix")
    cells = traitlets.Dict().tag(sync=True)
    marks = traitlets.List().tag(sync=True)


class Matrix(Canvas):
    """A grid of ``values`` (rows, cols) that the reader walks over by pointer or arrow keys.

    ``colors``: "field" for numbers around 0, "ink" for 0 = white paper, "light" for 0 = dark; by default "field" if a
    number is negative, else "ink". ``low``, ``high``: the numbers of the end colors; by default what comes first, and
    symmetric for "field". ``labels``: write the numbers into the cells, with ``digits`` behind the point; by default
    where they fit. ``row_labels``, ``col_labels``: words beside and above. ``cell``: pixels a cell.
    ``on_cell(row, col)``: a cell is visited; ``on_click(row, col, shift)``: it is clicked, or Enter pressed on it.
    """

    Widget = MatrixWidget
    callbacks = ("cell", "click")

    def __init__(self, name, values, *, colors=None, low=None, high=None, labels=None, digits=None, row_labels=(),
                 col_labels=(), cell=None, on_cell=None, on_click=None):  # fmt: skip
        self._values = values = array_of("Matrix", "values", values, (None, None))
        if not values.size:
            fail("Matrix", "values", describe(values), "at least one row and one column", "give some numbers")
        rows, cols = values.shape
        colors = colors or ("field" if values.min() < 0 else "ink")
        if colors not in ("field", "ink", "light"):
            fail("Matrix", "colors", describe(colors), "'field', 'ink' or 'light'", "choose one of these")
        for argument, words, count in (("row_labels", row_labels, rows), ("col_labels", col_labels, cols)):
            if len(words) not in (0, count):
                fail("Matrix", argument, describe(words), f"{count} words, one each", "give as many, or none")
        largest = np.abs(values).max() or 1.0
        self.low = (-largest if colors == "field" else 0.0) if low is None else float(low)
        self.high = largest if high is None else float(high)
        if not self.low < self.high:
            fail("Matrix", "low", f"{self.low:g} with high={self.high:g}", "a number below high", "swap or change them")
        digits = digits if digits is not None else 0 if np.all(values == np.round(values)) else 2
        extremes = (self.low, self.high, values.min(), values.max())
        needs = max(len(f"{value:.{digits}f}") for value in extremes) * LETTER + 8
        if labels is None:
            labels = cols * needs <= 960 and rows * cols <= 1024
        if cell is None:
            cell = max(30, needs) if labels else min(40, max(4, 420 // max(rows, cols)))
        left = 4 + (max(map(len, row_labels)) * LETTER + 8 if len(row_labels) else 0)
        top = 4 + (max(map(len, col_labels)) * LETTER + 8 if len(col_labels) else 0)
        self.on_cell, self.on_click = on_cell, on_click
        self._marks = {}
        super().__init__(
            name, rows=rows, cols=cols, cell=cell, table=_table(colors), row_labels=tuple(map(str, row_labels)),
            col_labels=tuple(map(str, col_labels)), left=left, top=top, width=left + cols * cell + 4,
            height=top + rows * cell + 4, lettered=bool(labels), digits=digits,
        )  # fmt: skip

    @property
    def shape(self):
        """(rows, cols)."""
        return self._values.shape

    def values(self, values):
        """Show other numbers of the same shape (rows, cols); the colors keep their meaning."""
        self._values = array_of("Matrix.values", "values", values, self.shape)
        self._stale.add("cells")
        return self

    def mark(self, key, row, col=0, height=1, width=1, color="vermillion"):
        """Draw (or move) the frame ``key`` around cells from (row, col) on; ``row`` None removes it."""
        self._stale.add("marks")
        if row is None:
            self._marks.pop(key, None)
            return self
        rows, cols = self.shape
        if min(row, col) < 0 or min(height, width) < 1 or row + height > rows or col + width > cols:
            came = f"rows {row} to {row + height - 1}, columns {col} to {col + width - 1}"
            fail("Matrix.mark", "the frame", came, f"cells of a grid of {rows} x {cols}", "move it or make it smaller")
        where = {"row": int(row), "col": int(col), "height": int(height), "width": int(width)}
        self._marks[key] = {**where, "color": color_of("Matrix.mark", color)}
        return self

    def visit(self, row, col):
        """Do what moving to a cell does."""
        self._receive({"kind": "cell", "row": row, "col": col})

    def click(self, row, col, shift=False):
        """Do what a click on a cell does."""
        self._receive({"kind": "click", "row": row, "col": col, "shift": shift})

    def _inside(self, row, col):
        rows, cols = self.shape
        if not (0 <= row < rows and 0 <= col < cols):
            fail("Matrix", "the cell", f"({row}, {col})", f"a place in {rows} rows and {cols} columns", "count from 0")
        return int(row), int(col)

    def _on_cell(self, row, col):
        self._call(self.on_cell, *self._inside(row, col))

    def _on_click(self, row, col, shift):
        self._call(self.on_click, *self._inside(row, col), bool(shift))

    def _send_cells(self):
        return {
            "data": shades(self._values, self.low, self.high).tobytes(),
            "values": self._values.astype("<f4").tobytes(),
        }

    def _send_marks(self):
        return list(self._marks.values())

    def _paint(self, axes):
        from matplotlib.colors import ListedColormap

        setup = self._widget.setup
        table = np.frombuffer(setup["table"], np.uint8).reshape(256, 3)
        picture = shades(self._values, self.low, self.high)
        axes.imshow(picture, ListedColormap(table / 255), vmin=0, vmax=255, interpolation="nearest")
        if setup["lettered"]:
            for (row, col), value in np.ndenumerate(self._values):
                dark = table[picture[row, col]] @ (0.299, 0.587, 0.114) > 140
                text = f"{value:.{setup['digits']}f}".replace("-", "\u2212")
                axes.text(col, row, text, ha="center", va="center", size=10.5, color="black" if dark else "white")
        for frame in self._marks.values():
            corner = frame["col"] - 0.5, frame["row"] - 0.5
            for color, width in (("white", 5), (frame["color"], 3)):
                axes.add_patch(_rectangle(corner, frame["width"], frame["height"], color, width))
        axes.spines[:].set(visible=True, color=style.COLORS["ink"])
        axes.set_xticks(range(len(setup["col_labels"])), setup["col_labels"], rotation=90)
        axes.set_yticks(range(len(setup["row_labels"])), setup["row_labels"])
        axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False, labelsize=10.8)


def _rectangle(corner, width, height, color, line):
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, height, fill=False, edgecolor=color, linewidth=line)
