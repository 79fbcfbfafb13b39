"""The canvas kit: pictures drawn in the browser from bytes, quick enough to drag (source of the idea: anywidget).

    plane = Plane((0, 10), (0, 10), labels=("speed", "size"), name="animals", on_drag=lambda key, x, y: update(x, y))
    plane.points(animals, kinds).handle("A", (3, 4), "A")
    plane.field(values).line("border", [(0, 2), (10, 8)]).refresh()
    plane  # last line of a cell: shows it

`Matrix` and `Graph` live in their own rooms and are named here too.
"""

import numpy as np
import traitlets

from course_utils.from_scratch._checks import describe
from course_utils.visuals import style
from course_utils.visuals.ahead import script
from course_utils.visuals.canvas_base import (
    CLASS_COLORS,
    MARKERS,
    Canvas,
    CanvasWidget,
    array_of,
    color_of,
    color_table,
    fail,
    shades,
)
from course_utils.visuals.graph import Graph
from course_utils.visuals.matrix import Matrix

__all__ = ["Graph", "Matrix", "Plane"]


class PlaneWidget(CanvasWidget):
    _esm = script("ahead", "stage", "plane")
    field = traitlets.Dict().tag(sync=True)
    points = traitlets.Dict().tag(sync=True)
    shapes = traitlets.List().tag(sync=True)
    handles = traitlets.List().tag(sync=True)


class Plane(Canvas):
    """A plane with axes that shows a field of colors, points of up to four classes, lines, arrows and knobs to drag.

    ``xlim``, ``ylim``: (low, high). ``labels``: what the axes mean. ``classes``: names for the legend (a class has a
    shape as well as a color). ``size``: radius of a point in pixels. All drawing methods return the plane; nothing is
    sent before `refresh()`, which callbacks need not call.

    ``on_click(x, y, shift)``: a click, or Enter/Space at the crosshair that the arrow keys move.
    ``on_drag(key, x, y)``: a handle was moved, by pointer or keys. ``on_key(key)``: any other key, such as "Delete";
    ``keys`` is the sentence that tells the reader about those.
    """

    Widget = PlaneWidget
    callbacks = ("click", "drag", "key")

    def __init__(self, xlim, ylim, *, labels=("x", "y"), width=560, height=440, name, classes=(), size=6,
                 on_click=None, on_drag=None, on_key=None, keys=""):  # fmt: skip
        for argument, limits in (("xlim", xlim), ("ylim", ylim)):
            low, high = array_of("Plane", argument, limits, (2,))
            if low >= high:
                fail("Plane", argument, f"({low:g}, {high:g})", "a lower and a higher end", "swap the numbers")
        if len(classes) > len(MARKERS):
            fail("Plane", "classes", describe(classes), f"at most {len(MARKERS)} names", "merge some classes")
        self.xlim, self.ylim = tuple(map(float, xlim)), tuple(map(float, ylim))
        self.labels, self.classes = tuple(map(str, labels)), tuple(map(str, classes))
        self.on_click, self.on_drag, self.on_key = on_click, on_drag, on_key
        self._field, self._points, self._shapes, self._handles = None, None, {}, {}
        super().__init__(
            name, xlim=self.xlim, ylim=self.ylim, width=width, height=height, labels=self.labels, classes=self.classes,
            colors=CLASS_COLORS, size=size, keys=keys, table=color_table(),
        )  # fmt: skip

    def grid(self, cols=100, rows=None):
        """Return the places where `field` wants its values: an array (rows, cols, 2) from corner to corner."""
        return np.stack(np.meshgrid(np.linspace(*self.xlim, cols), np.linspace(*self.ylim, rows or cols)), axis=-1)

    def field(self, values, low=-1.0, high=1.0):
        """Color the plane by ``values`` (rows, cols) on `grid()`; row 0 lies at ``ylim[0]``. None removes it."""
        self._stale.add("field")
        if values is None:
            self._field = None
            return self
        values = array_of("Plane.field", "values", values, (None, None))
        if min(values.shape) < 2:
            fail("Plane.field", "values", describe(values), "at least 2 rows and 2 columns", "use a finer grid")
        if not low < high:
            fail("Plane.field", "low", f"{low} with high={high}", "a number below high", "swap them")
        self._field = shades(values, low, high)
        return self

    def points(self, xy, classes=None, marked=None):
        """Draw ``xy`` (n, 2) with ``classes`` (n,) of whole numbers 0..3; ``marked`` (n,) of truth values puts rings
        around points, such as errors. None removes all points."""
        self._stale.add("points")
        if xy is None or np.size(xy) == 0:
            self._points = None
            return self
        xy = array_of("Plane.points", "xy", xy, (None, 2))
        classes = array_of("Plane.points", "classes", np.zeros(len(xy)) if classes is None else classes, (len(xy),))
        marked = array_of("Plane.points", "marked", np.zeros(len(xy)) if marked is None else marked, (len(xy),))
        if not np.isin(classes, range(len(MARKERS))).all():
            bad = classes[~np.isin(classes, range(len(MARKERS)))][0]
            fail("Plane.points", "classes", f"{bad:g} in one place", "0, 1, 2 or 3", "number the classes from 0")
        self._points = xy, classes.astype(np.uint8), marked.astype(bool)
        return self

    def line(self, key, ends, color="ink", dashed=False, width=3):
        """Draw (or move) the polyline ``key`` through ``ends`` [(x, y), ...]; NaN makes a gap, None removes it."""
        return self._shape("line", key, ends, color, dashed, width)

    def arrow(self, key, start, end, color="ink", width=3):
        """Draw (or move) the arrow ``key``; ``start`` and ``end`` are (x, y). ``start`` None removes it."""
        return self._shape("arrow", key, None if start is None else [start, end], color, False, width)

    def _shape(self, kind, key, ends, color, dashed, width):
        self._stale.add("shapes")
        if ends is None:
            self._shapes.pop((kind, key), None)
            return self
        xy = array_of(f"Plane.{kind}", "ends", ends, (None, 2), allow_nan=kind == "line")
        color = color_of(f"Plane.{kind}", color)
        self._shapes[kind, key] = {"xy": xy, "color": color, "dashed": bool(dashed), "width": width}
        return self

    def handle(self, key, xy, label=None):
        """Put (or move) the knob ``key`` at ``xy`` (x, y); None removes it. ``label`` stays as it was unless given."""
        self._stale.add("handles")
        if xy is None:
            self._handles.pop(key, None)
            return self
        xy = array_of("Plane.handle", "xy", xy, (2,))
        old = self._handles.get(key, (None, str(key)))
        self._handles[key] = tuple(map(float, xy)), old[1] if label is None else str(label)
        return self

    @property
    def handles(self):
        """Where the knobs are now: {key: (x, y)}."""
        return {key: xy for key, (xy, _) in self._handles.items()}

    def click(self, x, y, shift=False):
        """Do what a click at (x, y) does."""
        self._receive({"kind": "click", "x": x, "y": y, "shift": shift})

    def drag(self, key, x, y):
        """Do what moving the handle ``key`` to (x, y) does."""
        if key not in self._handles:
            have = ", ".join(map(repr, self._handles)) or "none"
            fail("Plane.drag", "key", describe(key), f"the key of a handle ({have})", "make it with handle(...) first")
        self._receive({"kind": "drag", "key": key, "x": x, "y": y})

    def key(self, key):
        """Do what pressing ``key`` does."""
        self._receive({"kind": "key", "key": key})

    def _on_click(self, x, y, shift=False):
        x, y = array_of("Plane.click", "x, y", (x, y), (2,))
        self._call(self.on_click, float(x), float(y), bool(shift))

    def _on_drag(self, key, x, y):
        x, y = array_of("Plane.drag", "x, y", (x, y), (2,))
        if key not in self._handles:  # removed while the browser still showed it
            return
        self.handle(key, (np.clip(x, *self.xlim), np.clip(y, *self.ylim)))
        self._call(self.on_drag, key, *self._handles[key][0])

    def _on_key(self, key):
        self._call(self.on_key, key)

    def _send_field(self):
        if self._field is None:
            return {}
        rows, cols = self._field.shape
        return {"rows": rows, "cols": cols, "data": self._field.tobytes()}

    def _send_points(self):
        if self._points is None:
            return {}
        xy, classes, marked = self._points
        return {"xy": xy.astype("<f4").tobytes(), "classes": classes.tobytes(), "marked": marked.tobytes()}

    def _send_shapes(self):
        return [
            {**shape, "arrow": kind == "arrow", "xy": shape["xy"].astype("<f4").tobytes()}
            for (kind, _), shape in self._shapes.items()
        ]

    def _send_handles(self):
        return [{"key": key, "at": xy, "label": label} for key, (xy, label) in self._handles.items()]

    def _paint(self, axes):
        if self._field is not None:
            look = {"vmin": 0, "vmax": 255, "interpolation": "bilinear", "aspect": "auto"}
            axes.imshow(self._field, style.FIELD, origin="lower", extent=(*self.xlim, *self.ylim), **look)
        for (kind, _), shape in self._shapes.items():
            look = {"color": shape["color"], "linewidth": shape["width"] * 0.7}
            if kind == "line":
                axes.plot(*shape["xy"].T, linestyle="--" if shape["dashed"] else "-", **look)
            else:
                arrow = {"arrowstyle": "-|>", "mutation_scale": 18, "shrinkA": 0, "shrinkB": 0, **look}
                axes.annotate("", shape["xy"][1], shape["xy"][0], arrowprops=arrow, annotation_clip=False)
        if self._points is not None:
            xy, classes, marked = self._points
            for kind in np.unique(classes):
                look = {"c": CLASS_COLORS[kind], "marker": MARKERS[kind], "edgecolors": "white", "linewidths": 0.8}
                axes.scatter(*xy[classes == kind].T, s=45, zorder=3, **look)
            axes.scatter(*xy[marked].T, s=170, facecolors="none", edgecolors="black", linewidths=1.8, zorder=4)
        for xy, label in self._handles.values():
            look = {"markerfacecolor": "white", "markeredgecolor": "black", "markeredgewidth": 2.5}
            axes.plot(*xy, "o", markersize=13, zorder=5, **look)
            axes.annotate(label, xy, (11, -4), textcoords="offset points", weight="bold", zorder=6)
        for kind, name in enumerate(self.classes):
            axes.plot([], [], MARKERS[kind], color=CLASS_COLORS[kind], label=name)
        if self.classes:
            ncols = len(self.classes) if len(self.classes) < 4 else 2  # four names in a row would leave the picture
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=ncols, frameon=False, columnspacing=1)
        axes.set(xlim=self.xlim, ylim=self.ylim, xlabel=self.labels[0], ylabel=self.labels[1])
