"""One class for figures with controls: a picture that stays, artists that move, and words for what is seen."""

import base64
import contextlib
import inspect
import os
import re
import time
import weakref

from IPython import get_ipython
from ipywidgets import Box, Button, HBox, VBox, Widget
from ipywidgets.widgets import widget as ipywidgets_widget
from matplotlib.figure import Figure

from course_utils.visuals.ahead import LookAhead
from course_utils.visuals.controls import choice, slider, text, toggle
from course_utils.visuals.painter import Painter
from course_utils.visuals.picture import Picture, name_page
from course_utils.visuals.style import sentence

__all__ = ["InteractiveFigure", "choice", "close_all", "drive_all", "slider", "text", "toggle"]

# Else every move of a control is sent back to the browser before its picture, for the sake of several pages that show
# the same kernel: a message more on the way of each key.
ipywidgets_widget.JUPYTER_WIDGETS_ECHO = False

_live = weakref.WeakSet()


class InteractiveFigure:
    """Controls beside one persistent picture; every change calls `update`, which moves the picture's artists.

    picture: a Matplotlib Figure (of `style.figure`), or a canvas object with `.widget`, `.refresh()` and `.png()`.
    update(**values): changes the picture for these values of the controls (set_data, set_array, set_text ...) and
        returns the words for what the picture shows now. It is called once at construction. It must not make a figure.
    controls: name -> slider(...), choice(...), toggle(...) or text(...); the names are update's arguments.
    name: what the figure is called; "separating line" gives the class "course-separating-line" on its box.
    actions: label -> function without arguments, each a button; after it `update` is called again.
    ahead: whether to paint, while the reader rests, what a slider's next step will show (see `LookAhead`). `update` is
        then called for values that the reader may never choose, so it must do no more than show them.

    Shown in a notebook, the figure is its live widget; its static form is the picture with "name: words" as its text.
    Raises TypeError or ValueError with one sentence for arguments that do not fit together.
    """

    def __init__(self, picture, update, controls, *, name, actions=None, ahead=True):
        self.name = sentence("InteractiveFigure: name", name)
        _fits(picture, update, controls, actions or {})
        _close_earlier_runs(self)
        self._update, self._controls, self._actions = update, dict(controls), dict(actions or {})
        self._picture = picture
        if isinstance(picture, Figure):
            self._painter, self._shown = Painter(picture), Picture(width=round(picture.get_figwidth() * picture.dpi))
        else:  # a canvas shows itself, and says its own words if it can
            self._painter, self._shown = None, None if hasattr(picture, "words") else Picture()
        self._png, self._held, self._closed, self.words = b"", False, False, ""
        self._widgets = {name: control.widget() for name, control in self._controls.items()}
        buttons = [Button(description=label) for label in self._actions]
        for widget in self._widgets.values():
            widget.observe(self._on_change, "value")
        for button in buttons:
            button.on_click(self._on_click)
        self._box = self._arrange(buttons)
        pictures = [*([self._shown] if self._shown else []), *getattr(picture, "foreseen", ())]
        able = ahead and (self._painter or hasattr(picture, "look"))
        self._ahead = LookAhead(pictures, self._widgets, self._look, self._back) if able else None
        try:
            self.refresh()
        except BaseException:
            self.close()
            raise
        _live.add(self)

    def _arrange(self, buttons):
        rows = list(self._widgets.values()) + ([HBox(buttons)] if buttons else [])
        for row in rows:
            row.add_class("course-control").add_class(f"course-is-{row.model_id}")
        shown = ([] if self._painter else [self._picture.widget]) + ([self._shown] if self._shown else [])
        parts = ([("course-controls", rows)] if rows else []) + [("course-shown", shown)]
        box = Box([VBox(children, _dom_classes=(css,)) for css, children in parts])
        box.add_class("course-figure").add_class("course-" + (re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")))
        return box

    # What the reader's hand and the tests do

    @property
    def values(self):
        """The controls' values now, by name."""
        return {name: widget.value for name, widget in self._widgets.items()}

    def set(self, **values):
        """Moves the real controls to these values and updates once; raises what `update` raises."""
        unknown = [name for name in values if name not in self._controls]
        if unknown:
            raise ValueError(f"{self.name}: there is no control {unknown[0]!r}; there is: {', '.join(self._controls)}.")
        values = {name: self._controls[name].accept(value) for name, value in values.items()}
        self._held = True
        try:
            for name, value in values.items():
                self._widgets[name].value = value
        finally:
            self._held = False
        self.refresh()

    def press(self, label):
        """Presses the button with this label; raises what its function or `update` raises."""
        if label not in self._actions:
            labels = ", ".join(self._actions) or "none"
            raise ValueError(f"{self.name}: there is no button {label!r}; there is: {labels}.")
        self._actions[label]()
        self.refresh()

    def refresh(self):
        """Updates the picture and its words for the controls' present values; raises what `update` raises."""
        self._refresh(fresh=True)

    def _refresh(self, fresh):
        self.words = self._updated(self.values)
        if self._painter:
            self._png = self._painter.png()
        with self._ahead.stamped(fresh) if self._ahead else contextlib.nullcontext():
            self._say(self.words, trouble=False)
            if not self._painter:
                self._picture.refresh()

    def _updated(self, values):
        return sentence(f"{self.name}: what update returned", self._update(**values))

    def _look(self, values):
        """How the figure would look with these values of its controls: the traits of each of its pictures."""
        words = self._updated(values)
        if self._shown is None:
            self._picture.words(words)
            return self._picture.look()
        png = self._painter.png() if self._painter else self._png
        mine = {"png": png, "words": words, "alt": words, "trouble": False}
        return [mine, *([] if self._painter else self._picture.look())]

    def _back(self):
        self._update(**self.values)
        if self._shown is None:
            self._picture.words(self.words)

    def _say(self, words, trouble):
        if self._shown is None:
            self._picture.words(words)
            return
        with self._shown.hold_sync():
            self._shown.words, self._shown.trouble = words, trouble
            if not trouble:
                self._shown.png, self._shown.alt = self._png, words

    def _on_change(self, change):
        if self._held:
            return
        began = time.perf_counter()
        self._guarded(lambda: self._refresh(fresh=False))
        if self._ahead:
            name = next(name for name, widget in self._widgets.items() if widget is change["owner"])
            self._ahead.stepped(name, change["old"], time.perf_counter() - began)

    def _on_click(self, button):
        self._guarded(lambda: self.press(button.description))

    def _guarded(self, act):
        """Acts on an event of the browser: a reader gets a sentence and the last good picture, a test the exception."""
        try:
            act()
        except Exception as trouble:
            if os.environ.get("COURSE_STRICT") == "1":
                raise
            first = (str(trouble).strip() or type(trouble).__name__).splitlines()[0]
            self._say(f"This step did not work, so the picture is the one before it: {first}", trouble=True)
            if self._shown is None:
                self._picture.refresh()

    # What Jupyter and the tests read

    def png(self):
        """The picture as it is now, as PNG bytes."""
        return self._png if self._painter or self._closed else self._picture.png()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": f"{self.name}: {self.words}"}
        png = self.png()
        if png:
            data["image/png"] = base64.b64encode(png).decode("ascii")
        if not self._closed:
            name_page()
            data = {**self._box._repr_mimebundle_(), **data}
        return data, {"image/png": {"alt": self.words}}

    def close(self):
        """Takes the figure out of the page and frees what it holds; its words and its last picture stay readable."""
        if self._closed:
            return
        if not self._painter:
            try:
                self._png = self._picture.png()
            finally:
                self._picture.widget.close()
        self._closed = True
        if self._ahead:
            self._ahead.stop()
        _live.discard(self)
        for widget in self._widgets.values():
            widget.unobserve_all()
        for widget in _family(self._box):
            widget.close()
        self._update, self._picture, self._actions, self._painter, self._ahead = None, None, {}, None, None


def _fits(picture, update, controls, actions):
    """Raises one sentence if an InteractiveFigure cannot be made of these."""
    if not isinstance(picture, Figure) and not all(hasattr(picture, part) for part in ("widget", "refresh", "png")):
        raise TypeError(f"InteractiveFigure: picture is {type(picture).__name__}, but it must be a Matplotlib Figure "
                        "(the first of the two that style.figure() gives) or a canvas such as a Plane.")
    if not callable(update):
        raise TypeError(f"InteractiveFigure: update is {update!r}, but it must be a function of the controls' values.")
    if not isinstance(controls, dict) or not all(hasattr(control, "tries") for control in controls.values()):
        raise TypeError("InteractiveFigure: controls must be a dict from a name to a slider(...), choice(...), "
                        "toggle(...) or text(...).")
    for label, function in actions.items():
        if not callable(function):
            raise TypeError(f"InteractiveFigure: the action {label!r} is {function!r}, but it must be a function.")
    try:
        inspect.signature(update).bind(**controls)
    except TypeError as error:
        raise TypeError(f"InteractiveFigure: update is called with {', '.join(controls) or 'nothing'}, the names in "
                        f"controls, but it does not fit: {error}.") from None


def _family(widget):
    """The widget, all widgets inside it, and the layouts and styles that each of them has as widgets of their own."""
    parts = [getattr(widget, name) for name in ("layout", "style") if isinstance(getattr(widget, name, None), Widget)]
    return [widget, *parts, *(inner for child in getattr(widget, "children", ()) for inner in _family(child))]


# Running a cell again makes its figures anew. The earlier ones can be seen no more, but the widget registry and Out[]
# would keep them and their pixels alive for as long as the kernel lives.
_made = {}


def _run():
    """(the id of the running cell, the id of this run of it), or (None, None) outside of a notebook."""
    parent = getattr(get_ipython(), "get_parent", dict)()
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")


def _close_earlier_runs(figure):
    cell, run = _run()
    if cell is None:
        return
    earlier, figures = _made.get(cell, (run, weakref.WeakSet()))
    if earlier != run:
        for old in list(figures):
            old.close()
        figures = weakref.WeakSet()
    figures.add(figure)
    _made[cell] = (run, figures)


def live():
    """The figures that are not closed, in order of their names."""
    return sorted(_live, key=lambda figure: figure.name)


def close_all():
    """Closes every live figure."""
    for figure in live():
        figure.close()


def drive_all():
    """Drives every control of every live figure over its range and presses every button, as the tests do.

    Returns one row (figure, control or button, times driven) for each; raises what an `update` or an action raises,
    and ValueError where a figure has no words to say. The controls end where they began.
    """
    rows = []
    for figure in live():
        for name, control in figure._controls.items():
            before, tries = figure.values[name], control.tries()
            for value in tries:
                figure.set(**{name: value})
            figure.set(**{name: before})
            rows.append((figure.name, name, len(tries) + 1))
        for label in list(figure._actions):
            figure.press(label)
            rows.append((figure.name, label, 1))
    return rows


def check_ahead():
    """Tries, for every slider of every live figure, that what is painted ahead is what then comes, as the tests do.

    Returns the names (figure, slider) that were tried. Raises AssertionError where looking ahead changed the figure or
    its look was not that of the step: then `update` does more than show values, and the figure wants ahead=False.
    """
    tried = []
    for figure in live():
        sliders = [name for name, control in figure._controls.items() if hasattr(control, "low") and figure._ahead]
        for name in sliders:
            before = figure.values[name]
            for value in dict.fromkeys(figure._controls[name].tries()):
                here = figure._look(figure.values)
                there = figure._ahead.peek({name: value})
                figure.refresh()
                what = f"{figure.name}, {name} {value}"
                assert figure._look(figure.values) == here, f"{what}: looking ahead changed the figure."
                figure.set(**{name: value})
                assert figure._look(figure.values) == there, f"{what}: what was painted ahead is not what then came."
            figure.set(**{name: before})
            tried.append((figure.name, name))
    return tried
