"""What every canvas of the course shares: the widget, one message for a refresh, events, words and the static form.

A canvas keeps its state in Python. Its methods only note what changed; `refresh()` sends all of that in one message,
with arrays as raw bytes, and the browser draws. Without a kernel the page shows the same state as a Matplotlib picture
with words (`_repr_mimebundle_`).
"""

import os
import re

import numpy as np
import traitlets

from course_utils.from_scratch._checks import describe
from course_utils.visuals import style
from course_utils.visuals.ahead import HERE, Foreseen
from course_utils.visuals.interactive import _close_earlier_runs

MARKERS = ("o", "^", "s", "D")
CLASS_COLORS = (*style.CLASS_COLORS, style.COLORS["green"], style.COLORS["purple"])[:4]


def color_table():
    """The diverging colours of the course as 256 RGB triples (bytes)."""
    return (style.FIELD(np.linspace(0, 1, 256))[:, :3] * 255).round().astype(np.uint8).tobytes()


def shades(values, low, high):
    """Values from ``low`` to ``high`` as the numbers 0..255 of the color table; anything beyond takes the end color."""
    scaled = (np.asarray(values, np.float32) - low) * (255 / (high - low))
    return np.clip(scaled + 0.5, 0, 255).astype(np.uint8)


def fail(who, argument, came, expected, advice):
    """Refuse an argument in one sentence."""
    raise ValueError(f"{who}: {argument} is {came}, but {expected} is expected: {advice}.")


def array_of(who, argument, values, shape, allow_nan=False):
    """Return ``values`` as a float array of ``shape`` (None: any length), or refuse them in one sentence."""
    lengths = ", ".join("n" if n is None else str(n) for n in shape)
    expected = f"an array of shape ({lengths}{',' if len(shape) == 1 else ''})" if shape else "one number"
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        fail(who, argument, describe(values), expected, "give numbers in rows of equal length")
    if array.ndim != len(shape) or any(n not in (None, m) for n, m in zip(shape, array.shape, strict=True)):
        fail(who, argument, describe(array), expected, "reshape it")
    if not allow_nan and not np.isfinite(array).all():
        bad = array[~np.isfinite(array)].flat[0]
        fail(who, argument, f"an array that contains {bad}", "finite numbers", "replace or remove that value")
    return array


def color_of(who, name):
    """Turn the name of a course color (or "#rrggbb") into "#rrggbb"."""
    if isinstance(name, str) and re.fullmatch("#[0-9a-fA-F]{6}", name):
        return name.lower()
    if name not in style.COLORS:
        fail(who, "color", describe(name), "one of " + ", ".join(style.COLORS), "choose one of these or '#rrggbb'")
    return style.COLORS[name]


class CanvasWidget(Foreseen):
    """The part that lives in the browser too. Subclasses add one trait for each layer that changes on its own."""

    _css = (HERE / "stage.css").read_text(encoding="utf-8")
    setup = traitlets.Dict().tag(sync=True)
    events = traitlets.Dict().tag(sync=True)  # which events the kernel wants to hear of
    text = traitlets.Unicode("").tag(sync=True)
    ack = traitlets.List(["", 0]).tag(sync=True)  # view and number of the last event that was dealt with


class Canvas:
    """Base of Plane, Matrix, Graph and Pad.

    A subclass names its widget class in `Widget`, gives for each layer a method ``_send_<layer>`` returning what the
    browser draws, for each kind of event a method ``_on_<kind>(**content)``, and `_paint(axes)` for the static picture.
    """

    Widget = CanvasWidget
    callbacks = ()  # kinds of events, each with an attribute on_<kind> holding a function or None

    def __init__(self, name, **setup):
        if not isinstance(name, str) or not name.strip():
            fail(type(self).__name__, "name", describe(name), "a short text", "say what the picture shows")
        self.name = name
        self._text = ""
        self._stale = set(self._layers())
        self._widget = self.Widget(setup={"name": name, **setup}, parts=[*self._layers(), "text"])
        self._widget.on_msg(lambda _, content, buffers: self._receive(content, buffers))
        _close_earlier_runs(self)

    @property
    def widget(self):
        """The widget to show beside other widgets; `refresh()` brings it up to date."""
        return self._widget

    def words(self, text=None):
        """Set the sentence below the canvas that says what it shows now (sent with the next `refresh()`); return it."""
        if text is not None:
            self._text = str(text)
        return self._text

    def refresh(self):
        """Send everything that changed since the last time, in one message."""
        with self._widget.hold_sync():
            for layer in self._stale:
                setattr(self._widget, layer, getattr(self, f"_send_{layer}")())
            self._stale.clear()
            self._widget.text = self._text
            self._widget.events = {kind: getattr(self, f"on_{kind}") is not None for kind in self.callbacks}

    @property
    def foreseen(self):
        """The widgets that `look` tells of: this canvas' own."""
        return [self._widget]

    def look(self):
        """Return [what `refresh()` would make the browser show, as {trait of the widget: value}], and send nothing."""
        return [{layer: getattr(self, f"_send_{layer}")() for layer in self._layers()} | {"text": self._text}]

    def png(self):
        """Return the picture as PNG bytes, drawn by Matplotlib from the same state."""
        return self._shown().png

    def close(self):
        """Remove the widget from the page and from memory."""
        self._widget.layout.close()  # a widget of its own, which nothing else would close
        self._widget.close()

    def _shown(self):
        setup = self._widget.setup
        figure, axes = style.figure(size=(setup["width"] / 100, setup["height"] / 100))
        self._paint(axes)
        return style.show(figure, f"{self.name}: {self._text}" if self._text else self.name)

    def _layers(self):
        return [name.removeprefix("_send_") for name in dir(self) if name.startswith("_send_")]

    def _call(self, function, *arguments):
        """Run a callback. Its mistakes stop a test; in front of a class they become a sentence below the picture."""
        if function is None:
            return
        try:
            function(*arguments)
        except Exception as error:
            if os.environ.get("COURSE_STRICT") == "1":
                raise
            self.words(f"This did not work: {type(error).__name__}: {error}")

    def _receive(self, content, buffers=()):
        """Deal with one event, from the browser or simulated; all that follows from it goes out in one message."""
        content = dict(content)
        if content["kind"] == "near":  # for LookAhead
            return
        view, number = content.pop("view", ""), content.pop("seq", 0)
        with self._widget.hold_sync():
            self._widget.ack = [view, number]
            if buffers:
                content["data"] = bytes(buffers[0])
            getattr(self, "_on_" + content.pop("kind"))(**content)
            self.refresh()

    def _repr_mimebundle_(self, include=None, exclude=None):
        self.refresh()
        slug = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")
        self._widget.add_class("course-figure").add_class("course-" + slug)
        live, live_metadata = self._widget._repr_mimebundle_()
        data, metadata = self._shown()._repr_mimebundle_()
        return {**live, **data}, {**live_metadata, **metadata}
