"""Watch a training: one line and one plot that are replaced in place five times a second, and ways to stop and go on.

In a cell that waits for it, from NumPy or Keras (Jupyter's own stop button ends it, and the weights stay):

    live = LivePlot("learning XOR")
    for step in live.watch(range(500)):
        live.log(loss=train_one_step())

    model.fit(x, y, epochs=5, verbose=0, callbacks=[live.callback()])

With buttons, in slices so short that the page keeps answering:

    training = Training(lambda: {"loss": train_one_step()}, 500, name="learning XOR", restart=new_weights)
    training               # last line of a cell: shows it; or: await training.run()

A recorded run is scrubbed by a slider: ``Replay(recordings.read("xor"), name="learning XOR")``.
"""

import asyncio
import base64
import html
import math
import os
import re
import signal
import threading
import time

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from course_utils.from_scratch._checks import describe, whole
from course_utils.visuals.curves import Curves, say, short
from course_utils.visuals.interactive import _close_earlier_runs
from course_utils.visuals.picture import Picture
from course_utils.visuals.replay import Replay

__all__ = ["LivePlot", "Replay", "Training"]

EVERY = 0.2  # seconds between two pictures
SLICE = 0.03  # seconds of training before the page gets its turn


class _Watched:
    """What LivePlot and Training share: numbers, their curves, a line of status, the picture, the static form."""

    def __init__(self, name, unit, total, log):
        if not isinstance(name, str) or not name.strip():
            kind, came = type(self).__name__, describe(name)
            raise ValueError(f"{kind}: name is {came}, but a short text is expected: say what is trained.")
        self.name, self.words = name, "No step has been done yet."
        self.stopped, self.reason = False, ""
        self._curves, self._log = Curves(unit, total, log), log
        self._shown_at = 0.0
        self._began, self._began_at = time.monotonic(), 0
        self._png = b""
        self._line, self._plot = widgets.HTML(), Picture(width=760)
        self._box = widgets.Box([widgets.VBox([self._line, self._plot], _dom_classes=("course-shown",))])
        self._box.add_class("course-figure")
        self._box.add_class("course-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
        _close_earlier_runs(self)

    @property
    def history(self):
        """What was logged: {name: list of values}; a run of more than 2,000 numbers is thinned evenly."""
        return {name: list(values) for name, (_, values) in self._curves.points.items()}

    def _note(self, place, numbers):
        """Take the numbers of one step; the first that is not a finite number ends the run."""
        numbers = {name: float(value) for name, value in (numbers or {}).items()}
        self._curves.add(place, numbers)
        for name, value in numbers.items():
            if not math.isfinite(value):
                self._stop(f"{say(name)} became {short(value)} in {self._curves.unit} {math.ceil(place)}")
                break

    def _stop(self, reason):
        if not self.stopped:
            self.stopped, self.reason = True, reason

    def _status(self, done, total):
        """ "step 120 of 500 · loss 0.0321 · 3 s left", as HTML."""
        unit = self._curves.unit
        now = min(math.floor(done) + (unit == "epoch"), total or done)  # the third epoch runs when two are done
        parts = [f"{unit} {now:,.9g}" + ("" if total is None else f" of {total:,.9g}")]
        parts += [self._curves.last()] if self._curves.points else []
        gone = done - self._began_at
        if total is not None and gone > 0 and done < total:
            left = (time.monotonic() - self._began) / gone * (total - done)
            parts.append(f"{left:.0f} s left" if left < 90 else f"{left / 60:.0f} min left")
        return f"<span style='font-size:17px'>{html.escape(' · '.join(parts))}</span>"

    def _due(self):
        return time.monotonic() - self._shown_at >= EVERY

    def _show(self, done, total):
        """Replace the line and the plot. Words are announced only at the end: five times a second helps nobody."""
        self._shown_at = time.monotonic()
        self._line.value = self._status(done, total)
        self._png = self._curves.png(self.words)
        with self._plot.hold_sync():
            self._plot.png, self._plot.alt = self._png, self._curves.last() or self.words

    def _conclude(self, done, total, sentence):
        self.words = sentence
        self._show(done, total)
        self._plot.alt = self._plot.words = sentence

    def _summary(self, done, total):
        unit = self._curves.unit
        count = f"{done:,.9g} {unit}{'s' * (done != 1)}"
        course = self._curves.course()
        if self.stopped:
            kept = f"Stopped after {count}: {self.reason}; the weights are as they were then"
            return kept + (f" ({course})." if course else ".")
        how = "Left" if total is not None and done < total else "Done"
        return f"{how} after {count}" + (f": {course}." if course else ".")

    def png(self):
        """The curves as PNG bytes."""
        return self._png or self._curves.png(self.words)

    def close(self):
        """Remove the widgets from the page and from memory."""
        for widget in (self._box, self._line, self._plot):
            widget.close()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = dict(self._box._repr_mimebundle_() or {})
        data["text/plain"] = f"{self.name}: {self.words}"
        data["image/png"] = base64.b64encode(self.png()).decode("ascii")
        return data, {"image/png": {"alt": self.words}}


class LivePlot(_Watched):
    """Shows a training that a cell waits for. One plot may watch several in a row: its curves go on.

    ``name``: what is trained. ``log``: show the loss on a logarithmic axis. Jupyter's stop button ends the training
    after the step at work, without an error: then ``stopped`` is True, ``reason`` says why, and nothing is lost. (If
    one step takes very long, a second press breaks it off by KeyboardInterrupt.) A number that is not finite does the
    same.
    """

    def __init__(self, name="training", *, log=False):
        super().__init__(name, "step", None, log)
        self.done, self._handle, self._before = 0, None, None

    def watch(self, steps):
        """Go through ``steps`` (a range, a list, any iterable), and show what `log` hears meanwhile."""
        try:
            total = self.done + len(steps)
        except TypeError:
            total = None
        self._begin("step", total)
        try:
            for step in steps:
                if self.stopped:
                    break
                yield step
                self.done += 1
                if self._due():
                    self._show(self.done, total)
        finally:
            self._end()

    def log(self, **numbers):
        """Note numbers of the step at work: ``live.log(loss=0.3, accuracy=0.9)``."""
        for name, value in numbers.items():
            try:
                float(value)
            except (TypeError, ValueError):
                came = describe(value)
                raise TypeError(f"LivePlot.log: {name} is {came}, but one number is expected: give a number.") from None
        self._note(self.done + 1, numbers)

    def callback(self):
        """A Keras callback for ``model.fit(..., verbose=0, callbacks=[live.callback()])``, on any backend.

        The loss of an epoch at work is Keras' mean over its batches so far; validation numbers come once an epoch.
        """
        import keras

        live = self

        class Watch(keras.callbacks.Callback):
            def on_train_begin(self, logs=None):
                self.first = None
                live._begin("epoch", None)

            def on_epoch_begin(self, epoch, logs=None):
                self.part = 0.0
                if self.first is None:  # epoch is not 0 where fit was given initial_epoch
                    self.first = epoch
                    live._total = live._curves.total = live.done + self.params["epochs"] - epoch

            def on_train_batch_end(self, batch, logs=None):
                self.part = (batch + 1) / max(self.params.get("steps") or 1, batch + 1)
                place = live.done + min(self.part, 0.999)
                if live._due() or not all(map(math.isfinite, (logs or {}).values())):
                    live._note(place, logs)
                    live._show(place, live._total)
                if live.stopped:
                    self.model.stop_training = True

            def on_test_batch_end(self, batch, logs=None):
                if live.stopped:
                    self.model.stop_evaluating = True

            def on_epoch_end(self, epoch, logs=None):
                if live.stopped:  # the validation may have been cut short, and then its numbers are worth nothing
                    logs = {name: value for name, value in (logs or {}).items() if not name.startswith("val_")}
                live.done = round(live.done + self.part, 2)
                live._note(live.done, logs)
                if live.stopped:
                    self.model.stop_training = True

            def on_train_end(self, logs=None):
                live._end()

        return Watch()

    def _begin(self, unit, total):
        self._curves.unit, self._curves.total, self._total = unit, total, total
        self.stopped, self.reason = False, ""
        self._began, self._began_at = time.monotonic(), self.done
        self._line.value, self._plot.words = "<span style='font-size:17px'>starting ...</span>", ""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        if get_ipython() is not None:
            self._handle = display(self, display_id=True)

    def _interrupted(self, number, frame):
        if self.stopped:
            raise KeyboardInterrupt
        self._stop("the stop button was pressed")

    def _end(self):
        if self._before is not None and signal.getsignal(signal.SIGINT) == self._interrupted:
            signal.signal(signal.SIGINT, self._before)
        self._before = None
        self._conclude(self.done, self._total, self._summary(self.done, self._total))
        if self._handle is not None:  # the stored output shows the end, not the beginning
            self._handle.update(self)


class Training(_Watched):
    """A training with buttons, done in slices of at most 50 ms between which the page is served.

    ``step()`` does a small piece and returns the numbers to draw, {name: number}, or None. ``steps``: how many.
    ``restart()`` makes everything new; without it there is no such button. ``picture``: a canvas (or anything with
    `.widget` and `.refresh()`) shown above the curves, which ``draw()`` brings up to date after every slice, about 25
    times a second.

    Run goes on to the end (Pause holds it), Step does one step, Continue adds as many steps again to a finished run
    and keeps what was learned, Restart forgets it. ``await training.run()`` does the same in a cell that waits.
    """

    def __init__(self, step, steps, *, name="training", restart=None, picture=None, draw=None, log=False):
        for argument, value in (("step", step), ("restart", restart), ("draw", draw)):
            if not callable(value) and not (value is None and argument != "step"):
                came = describe(value)
                raise TypeError(f"Training: {argument} is {came}, but a function is expected: leave out its ().")
        steps = whole(1)("Training", "steps", steps)
        super().__init__(name, "step", steps, log)
        self._step, self._steps, self._restart, self._picture, self._draw = step, steps, restart, picture, draw
        self.done, self.total, self.running, self.error = 0, steps, False, None
        self._task = None
        labels = ["Run", "Step", "Continue"] + ["Restart"] * (restart is not None)
        self._buttons = {label: widgets.Button(description=label) for label in labels}
        for label, button in self._buttons.items():
            button.on_click(lambda _, label=label: self.press(label))
        row = widgets.HBox(list(self._buttons.values()))
        above = [] if picture is None else [picture.widget]
        self._box.children[0].children = (*above, row, self._line, self._plot)
        self._refresh_picture()
        self._settle("No step has been done yet.")

    def press(self, label):
        """Do what pressing the button does: "Run" (or "Pause"), "Step", "Continue", "Restart"."""
        if label not in (*self._buttons, "Pause"):
            came, labels = describe(label), ", ".join(self._buttons)
            raise ValueError(f"Training.press: label is {came}, but a button is expected: choose from {labels}.")
        if label in ("Run", "Pause"):
            if self.running:
                self.pause()
            else:
                self._start()
        elif label == "Step" and not self.running and self._can_go():
            self._slice(once=True)
            self._refresh_picture()
            self._settle()
        elif label == "Continue" and not self.running and self.done >= self.total and not self.stopped:
            self.total += self._steps
            self._curves.total = self.total
            self._start()
        elif label == "Restart":
            self._again()

    def pause(self):
        """Hold the run after the step at work."""
        self.running = False

    async def run(self):
        """Show the training and do the steps that are left; Jupyter's stop button pauses it, and nothing is lost."""
        if not self._can_go():
            self._settle()
            return
        shown = display(self, display_id=True) if get_ipython() is not None else None
        before = None
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGINT, lambda number, frame: self.pause())
        try:
            self._start()
            await self._task
        finally:
            if before is not None:
                signal.signal(signal.SIGINT, before)
        if shown is not None:
            shown.update(self)

    def _can_go(self):
        return self.done < self.total and not self.stopped

    def _start(self):
        if not self._can_go() or self.running:
            return
        self.running, self._plot.words = True, ""
        self._began, self._began_at = time.monotonic(), self.done
        self._label_buttons()
        self._task = asyncio.ensure_future(self._go())

    def _again(self):
        self._restart()
        self.done, self.total = 0, self._steps
        self.stopped, self.reason, self.error = False, "", None
        self._began, self._began_at = time.monotonic(), 0
        self._curves = Curves("step", self.total, self._log)
        self._refresh_picture()
        if not self.running:
            self._settle("Everything is new; no step has been done yet.")

    async def _go(self):
        try:
            while self.running and self._can_go():
                self._slice()
                self._refresh_picture()
                if self._due():
                    self._show(self.done, self.total)
                await asyncio.sleep(0.001)
        finally:
            self.running = False
            self._refresh_picture()
            self._settle()

    def _slice(self, once=False):
        end = time.perf_counter() + SLICE
        while self._can_go():
            try:
                numbers = self._step()
                self.done += 1
                self._note(self.done, numbers)
            except Exception as error:
                self.error = error
                self._stop(f"{type(error).__name__}: {error}")
                if os.environ.get("COURSE_STRICT") == "1":
                    raise
            if once or time.perf_counter() >= end:
                break

    def _refresh_picture(self):
        if self._draw is not None:
            self._draw()
        if self._picture is not None:
            self._picture.refresh()

    def _settle(self, words=None):
        """Say where the training stands now that it rests, and which buttons make sense."""
        if words is None and self._can_go():
            course = self._curves.course()
            words = f"Paused after {self.done:,} of {self.total:,} steps" + (f": {course}." if course else ".")
        self._conclude(self.done, self.total, words or self._summary(self.done, self.total))
        self._label_buttons()

    def _label_buttons(self):
        self._buttons["Run"].description = "Pause" if self.running else "Run"
        self._buttons["Run"].disabled = not self._can_go()
        self._buttons["Step"].disabled = self.running or not self._can_go()
        self._buttons["Continue"].disabled = self.running or self.done < self.total or self.stopped

    def close(self):
        """Hold the run and remove the widgets."""
        self.running = False
        for button in self._buttons.values():
            button.close()
        super().close()
