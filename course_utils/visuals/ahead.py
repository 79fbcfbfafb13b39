"""Looking ahead: while the reader rests, an interactive figure paints what the next step of a slider will show.

The browser keeps it, and a key shows it at once instead of after a journey to the kernel and back. The kernel then
answers as always, so a look that came ahead only bridges that time.
"""

import asyncio
import contextlib
import math
from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent / "js"
REST = 0.04  # seconds after a step before looking ahead: a held key comes sooner, and nothing is painted in vain
PATIENCE = 0.15  # seconds: a figure slower than that would keep the next key waiting


def script(*names):
    """Join ES module texts: modules shown in a notebook cannot import each other by relative path."""
    return "\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in names)


class Foreseen(anywidget.AnyWidget):
    """A picture that can show what came ahead. Subclasses name in `parts` the traits that make up its look."""

    controls = traitlets.List(traitlets.Unicode()).tag(sync=True)  # model ids of the controls it depends on
    parts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    at = traitlets.List().tag(sync=True)  # [version, the controls' values] of the look it has
    ahead = traitlets.Dict().tag(sync=True)  # {"at": such a list, "look": {trait: value}}


class LookAhead:
    """Paints ahead for one figure.

    pictures: its Foreseen widgets; widgets: name -> widget of the controls; look(values): what each picture would look
    like, as {trait: value}; back(): brings everything to the controls' present values again.
    """

    def __init__(self, pictures, widgets, look, back):
        self._pictures, self._widgets, self._look, self._back = pictures, widgets, look, back
        self._version, self._timer, self._seconds = 0, None, 0.0
        pictures[0].on_msg(self._heard)
        for picture in pictures:
            picture.controls = [widget.model_id for widget in widgets.values()]

    @contextlib.contextmanager
    def stamped(self, fresh):
        """Whatever is changed in here goes out in one message for each picture, with the values that it shows.

        fresh: earlier looks are no longer true.
        """
        self._version += fresh
        with contextlib.ExitStack() as held:
            for picture in self._pictures:
                held.enter_context(picture.hold_sync())
                picture.at = self._at({})
            yield

    def stepped(self, name, before, seconds):
        """After the reader moved this control from `before`: if that was one step, paint the next when all is quiet."""
        self._seconds = seconds
        lower, higher = _neighbors(self._widgets[name])
        onward = [after for came, after in ((lower, higher), (higher, lower)) if came is not None and after is not None
                  and math.isclose(came, before, rel_tol=1e-6, abs_tol=1e-9)]
        self._soon([{name: after} for after in onward])

    def stop(self):
        """Paint nothing more ahead."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _heard(self, _, content, buffers):
        """The keyboard has come to a control: its first key is likely to be one of two."""
        if content.get("kind") == "near":
            name = list(self._widgets)[content["control"]]
            self._soon([{name: one} for one in reversed(_neighbors(self._widgets[name])) if one is not None])

    def _soon(self, wanted):
        self.stop()
        with contextlib.suppress(RuntimeError):  # there is no loop, so no kernel and no reader
            loop = asyncio.get_running_loop()
            if wanted and self._seconds <= PATIENCE:
                self._timer = loop.call_later(REST, self._one_of, wanted)

    def _one_of(self, wanted):
        self.peek(wanted[0])
        self._soon(wanted[1:])

    def peek(self, changes):
        """Paint ahead what these values (name -> value) would show, send it, come back; gives the looks.

        Trouble sends nothing and gives None: when the reader goes there, it is told.
        """
        try:
            try:
                looks = self._look({name: changes.get(name, widget.value) for name, widget in self._widgets.items()})
            finally:
                self._back()
        except Exception:
            return None
        for picture, look in zip(self._pictures, looks, strict=True):
            picture.ahead = {"at": self._at(changes), "look": look}
        return looks

    def _at(self, changes):
        return [self._version, [getattr(widget, "index", changes.get(name, widget.value))
                                for name, widget in self._widgets.items()]]


def _neighbors(slider):
    """The values one step below and one above a slider's, None beyond its ends; (None, None) for other controls."""
    if not hasattr(slider, "step"):
        return None, None
    base, room = getattr(slider, "base", None), slider.step / 100  # a logarithmic slider's steps are powers
    now, found = math.log(slider.value, base) if base else slider.value, []
    for place in (now - slider.step, now + slider.step):
        inside = slider.min - room <= place <= slider.max + room
        place = min(max(place, slider.min), slider.max)
        found.append((base**place if base else place) if inside else None)
    return tuple(found)
