"""A network as neurons in columns with weighted connections. Part of the canvas kit.

    graph = Graph("2-3-1 network", [["x₁", "x₂"], 3, ["y"]], editable=True, on_edge=change_weight)
    graph.weights(mlp.weights).pictures([maps(layer) for layer in range(3)]).refresh()
"""

import numpy as np
import traitlets

from course_utils.from_scratch._checks import describe
from course_utils.visuals import style
from course_utils.visuals.ahead import script
from course_utils.visuals.canvas_base import Canvas, CanvasWidget, array_of, color_table, fail, shades

PLUS, MINUS = style.COLORS["orange"], style.COLORS["blue"]  # as high and low values in a field


def _margin(labels):
    """Pixels beside a column for its labels, and for half of the title above it."""
    return max(50, 20 + 9.5 * max(map(len, labels)))


class GraphWidget(CanvasWidget):
    _esm = script("ahead", "stage", "graph")
    weights = traitlets.List().tag(sync=True)
    values = traitlets.List().tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)


class Graph(Canvas):
    """Layers of neurons; a connection is orange for a positive weight, blue and dashed for a negative one, and the
    wider the larger it is (``limit``: the weight of the widest).

    ``layers``: for each layer the number of its neurons, or their names. ``titles``: words above the columns.
    ``pictured``: neurons are squares that hold a small picture. ``editable``: the reader may change a weight (drag up
    and down, or + and - by ``step``). ``on_node(layer, index)``: a neuron is chosen. ``on_edge(layer, source, target,
    weight)``: the connection from neuron ``source`` of ``layer`` to ``target`` of the next is chosen or changed;
    ``weight`` is what it is now, and the graph already shows it.
    """

    Widget = GraphWidget
    callbacks = ("node", "edge")

    def __init__(self, name, layers, *, titles=(), pictured=False, editable=False, limit=2.0, step=0.1, width=640,
                 height=360, on_node=None, on_edge=None):  # fmt: skip
        labels = [[""] * layer if isinstance(layer, (int, np.integer)) else list(map(str, layer)) for layer in layers]
        if not labels or not all(labels):
            fail("Graph", "layers", describe(layers), "layers of at least one neuron", "add neurons")
        if len(titles) not in (0, len(labels)):
            fail("Graph", "titles", describe(titles), f"{len(labels)} words, one a layer", "give as many, or none")
        if not limit > 0:
            fail("Graph", "limit", describe(limit), "a weight above 0", "use the largest weight you expect")
        self.sizes = [len(names) for names in labels]
        top = 30 if len(titles) else 14
        radius = min(24 if pictured else 28, (height - top - 24) / max(self.sizes) / 2 - (6 if pictured else 3))
        if radius < 6:
            fail("Graph", "height", describe(height), f"room for {max(self.sizes)} neurons", "make it higher")
        self.editable, self.on_node, self.on_edge = bool(editable), on_node, on_edge
        self._weights = [np.zeros(shape) for shape in zip(self.sizes, self.sizes[1:], strict=False)]
        self._values, self._pictures = [], None
        super().__init__(
            name, sizes=self.sizes, labels=labels, titles=tuple(map(str, titles)) or ("",) * len(labels), width=width,
            height=height, top=top, left=_margin(labels[0]), right=_margin(labels[-1]), radius=radius, plus=PLUS,
            minus=MINUS, table=color_table(), pictured=bool(pictured), editable=self.editable, limit=float(limit),
            step=float(step),
        )  # fmt: skip

    def weights(self, weights):
        """Show these weights: for each pair of neighboring layers an array (n_in, n_out)."""
        self._weights = self._each("weights", weights, zip(self.sizes, self.sizes[1:], strict=False))
        self._stale.add("weights")
        return self

    def values(self, values):
        """Write a number at every neuron: for each layer an array (n,). None removes them."""
        self._values = [] if values is None else self._each("values", values, [(n,) for n in self.sizes])
        self._stale.add("values")
        return self

    def pictures(self, pictures, low=-1.0, high=1.0):
        """Put a picture into every neuron: for each layer an array (n, side, side), row 0 at the bottom as in
        `Plane.field`; all of one side. None removes them."""
        self._stale.add("pictures")
        if pictures is None:
            self._pictures = None
            return self
        side = np.shape(pictures[0])[-1]
        arrays = self._each("pictures", pictures, [(n, side, side) for n in self.sizes])
        self._pictures = shades(np.concatenate(arrays), low, high)
        return self

    def weight(self, layer, source, target):
        """The weight of one connection as it is shown now."""
        return float(self._weights[layer][source, target])

    def node(self, layer, index):
        """Do what choosing a neuron does."""
        self._receive({"kind": "node", "layer": layer, "index": index})

    def edge(self, layer, source, target, weight=None):
        """Do what choosing a connection does, and with ``weight`` what changing it does."""
        self._receive({"kind": "edge", "layer": layer, "source": source, "target": target, "weight": weight})

    def _each(self, argument, arrays, shapes):
        shapes = list(shapes)
        if len(arrays) != len(shapes):
            fail(f"Graph.{argument}", argument, describe(arrays), f"{len(shapes)} arrays", "give one for each")
        return [
            array_of(f"Graph.{argument}", f"{argument}[{i}]", array, shape).copy()
            for i, (array, shape) in enumerate(zip(arrays, shapes, strict=True))
        ]

    def _on_node(self, layer, index):
        if not (0 <= layer < len(self.sizes) and 0 <= index < self.sizes[layer]):
            fail("Graph.node", "the neuron", f"({layer}, {index})", f"one of layers of {self.sizes}", "count from 0")
        self._call(self.on_node, layer, index)

    def _on_edge(self, layer, source, target, weight):
        shape = self._weights[layer].shape if 0 <= layer < len(self._weights) else (0, 0)
        if not (0 <= source < shape[0] and 0 <= target < shape[1]):
            came = f"({layer}, {source}, {target})"
            fail("Graph.edge", "the connection", came, f"one between layers of {self.sizes}", "count from 0")
        if weight is not None:
            if not self.editable:
                fail("Graph.edge", "weight", describe(weight), "None, for this graph is fixed", "set editable=True")
            self._weights[layer][source, target] = array_of("Graph.edge", "weight", weight, ())
            self._stale.add("weights")
        self._call(self.on_edge, layer, source, target, self.weight(layer, source, target))

    def _send_weights(self):
        return [array.astype("<f4").tobytes() for array in self._weights]

    def _send_values(self):
        return [array.astype("<f4").tobytes() for array in self._values]

    def _send_pictures(self):
        return {} if self._pictures is None else {"side": self._pictures.shape[1], "data": self._pictures.tobytes()}

    def _paint(self, axes):
        from matplotlib.patches import Circle, Rectangle

        setup = self._widget.setup
        width, height, radius, top = (setup[key] for key in ("width", "height", "radius", "top"))
        left, right = setup["left"], setup["right"]
        across = (width - left - right - 2 * radius) / max(1, len(self.sizes) - 1)
        places = [
            [(left + radius + layer * across, top + (i + 0.5) * (height - top - 24) / count) for i in range(count)]
            for layer, count in enumerate(self.sizes)
        ]
        for layer, weights in enumerate(self._weights):
            for (source, target), weight in np.ndenumerate(weights):
                (x0, y0), (x1, y1) = places[layer][source], places[layer + 1][target]
                wide = 0.7 * (1 + 8 * min(1, abs(weight) / setup["limit"]))
                color, dashes = (PLUS, "-") if weight >= 0 else (MINUS, "--")
                axes.plot([x0 + radius, x1 - radius], [y0, y1], dashes, color=color, linewidth=wide, zorder=1)
        pictures = iter(self._pictures) if self._pictures is not None else None
        for layer, column in enumerate(places):
            for index, (x, y) in enumerate(column):
                square = (x - radius, y - radius), 2 * radius, 2 * radius
                outline = Rectangle(*square) if setup["pictured"] else Circle((x, y), radius)
                inside = "white" if pictures is None else "none"
                outline.set(facecolor=inside, edgecolor="black", linewidth=1.5, zorder=3)
                axes.add_patch(outline)
                if pictures is not None:
                    extent = (x - radius, x + radius, y + radius, y - radius)  # the y axis points down
                    axes.imshow(next(pictures)[::-1], style.FIELD, vmin=0, vmax=255, extent=extent, zorder=2)
                self._write(axes, layer, index, x, y, radius)
            axes.text(column[0][0], 14, setup["titles"][layer], ha="center", va="center")
        axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
        axes.axis("off")

    def _write(self, axes, layer, index, x, y, radius):
        setup = self._widget.setup
        look = {"va": "center", "size": 11, "zorder": 4}
        if self._values:
            text = f"{self._values[layer][index]:.2f}".replace("-", "\u2212")
            axes.text(x, y + radius + 11 if setup["pictured"] else y, text, ha="center", **look)
        label = setup["labels"][layer][index]
        if layer == 0:
            axes.text(x - radius - 8, y, label, ha="right", **look)
        elif layer == len(self.sizes) - 1:
            axes.text(x + radius + 8, y, label, ha="left", **look)
        else:
            axes.text(x, y - radius - 11, label, ha="center", **look)
