"""A pad to draw on with mouse, finger, pen or keys; it gives what a digit network takes: 28 x 28 values from 0 to 1.

    pad = Pad("your digit", on_change=lambda image: pad.words(f"I read a {classify(image)}."))
    pad         # last line of a cell: shows it
    pad.array   # what is on it now
"""

import numpy as np
import traitlets

from course_utils.from_scratch._checks import describe
from course_utils.visuals.ahead import script
from course_utils.visuals.canvas_base import Canvas, CanvasWidget, array_of, fail

SIDE = 28
PEN = 2.2  # half the width of a stroke of `datasets.digits()`, in pixels; 1.3 is that of MNIST
FADE = 1.5  # over how many pixels a stroke fades, for each pixel of half its width


class PadWidget(CanvasWidget):
    _esm = script("ahead", "stage", "pad")
    image = traitlets.Dict().tag(sync=True)


class Pad(Canvas):
    """A drawing pad of 28 x 28 pixels, 0 = paper, 1 = ink, edges as soft as those of scanned digits.

    ``on_change(array)`` is called while the reader draws, at most 33 times a second, at the end of a stroke that
    left ink since, and after clearing; ``array`` is (28, 28), float32. `words()` set there appear below the pad;
    without ``on_change`` the pad says how much ink it holds. ``width``: pixels on the screen. ``pen``: half the width
    of a stroke in pixels of the 28, as wide as in `datasets.digits()` unless told otherwise (1.3 for MNIST).
    """

    Widget = PadWidget

    def __init__(self, name="drawing pad", on_change=None, *, width=280, pen=PEN):
        if not 0.5 <= pen <= 6:
            fail("Pad", "pen", describe(pen), "half a stroke's width from 0.5 to 6", f"leave it at {PEN}")
        self.on_change, self.pen = on_change, pen
        self._ink, self._from = np.zeros((SIDE, SIDE), np.float32), "kernel"
        super().__init__(name, side=SIDE, width=width, height=width, radius=pen, soft=FADE * pen)
        self._say()

    @property
    def array(self):
        """What is on the pad: (28, 28) float32 from 0 (paper) to 1 (ink), row 0 at the top; a copy."""
        return self._ink.copy()

    def fitted(self, margin=1):
        """The drawing moved and enlarged until its ink fills the pad but for ``margin`` pixels: (28, 28) float32.

        The course's digits fill their frame. Measured with six drawn digits and a support vector machine trained on
        `datasets.digits()`: of drawings 14 pixels high it read 2, of the same drawings fitted all 6.
        """
        from scipy.ndimage import affine_transform

        rows, cols = np.nonzero(self._ink > 0.25)
        if not len(rows):
            return self.array
        middle = np.array([rows.min() + rows.max(), cols.min() + cols.max()]) / 2
        factor = (max(np.ptp(rows), np.ptp(cols)) + 1) / (SIDE - 2 * margin)
        offset = middle - factor * (SIDE - 1) / 2
        return affine_transform(self._ink, [factor, factor], offset, order=1).clip(0, 1)

    def fill(self, array):
        """Put a picture on the pad: (28, 28) from 0 to 1 (or uint8 from 0 to 255); `on_change` is not called."""
        scale = 255 if getattr(array, "dtype", None) == np.uint8 else 1
        values = array_of("Pad.fill", "array", array, (SIDE, SIDE)) / scale
        if values.min() < 0 or values.max() > 1:
            came = f"an array with values from {values.min():g} to {values.max():g}"
            fail("Pad.fill", "array", came, "values from 0 to 1", "divide by the largest value")
        self._take(values, "kernel")
        self.refresh()
        return self

    def clear(self):
        """Do what the Clear button does."""
        self._receive({"kind": "ink", "data": np.zeros((SIDE, SIDE), "<f4").tobytes(), "final": True})

    def draw(self, strokes):
        """Do what drawing does: ``strokes`` is a list of (n, 2) arrays of places x (right), y (down), 0 to 28."""
        if not len(strokes):
            fail("Pad.draw", "strokes", describe(strokes), "a list of strokes", "give at least one array of places")
        ink = self._ink
        for stroke in strokes:
            places = array_of("Pad.draw", "strokes", stroke, (None, 2))
            for start, end in zip(places, np.vstack([places[1:], places[-1:]]), strict=True):
                ink = np.maximum(ink, _piece(start, end, self.pen))
            self._receive({"kind": "ink", "data": ink.astype("<f4").tobytes(), "final": True})

    def _take(self, values, source):
        self._ink, self._from = values.astype(np.float32), source
        self._stale.add("image")
        self._say()

    def _say(self):
        share = self._ink.mean()
        self.words(f"Ink on {share:.0%} of the pad." if share else "The pad is empty.")

    def _on_ink(self, data, final):
        values = np.frombuffer(data, "<f4").reshape(SIDE, SIDE)
        self._take(np.clip(values, 0, 1), self._widget.ack[0])
        self._call(self.on_change, self.array)

    def _send_image(self):
        return {"data": self._ink.astype("<f4").tobytes(), "from": self._from}

    def _paint(self, axes):
        axes.imshow(self._ink, "gray_r", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(True)


def _piece(start, end, radius):
    """Ink (28, 28) of one straight piece of a stroke; js/pad.js draws by the same formula."""
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    place, way = np.stack([x, y], axis=-1) - start, end - start
    length = way @ way
    along = np.clip(place @ way / length, 0, 1) if length else np.zeros((SIDE, SIDE))
    far = np.linalg.norm(place - along[..., None] * way, axis=-1)
    return np.clip(0.5 + (radius - far) / (FADE * radius), 0, 1)
