"""Controls, interactive figures and their static form; the last tests run notebooks through nbval."""

import base64
import gc
import io
import os
import subprocess
import sys
import weakref
from pathlib import Path

import ipywidgets
import nbformat
import pytest
from PIL import Image

from course_utils.visuals import interactive, style
from course_utils.visuals.interactive import InteractiveFigure, choice, close_all, drive_all, slider, text, toggle

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def clean():
    close_all()
    yield
    close_all()


def demo(actions=None, name="Demo figure", update=None):
    """A figure with one control of each kind; `.seen` collects what update was called with."""
    fig, axes = style.figure()
    line, = axes.plot([], [])
    axes.set(xlim=(-1, 1), ylim=(-9, 9))
    seen = []

    def default(slope, count, rate, kind, shape, grow, title):
        if slope > 8:
            raise ValueError("too steep\nfor this demo")
        seen.append((slope, count, rate, kind, shape, grow, title))
        line.set_data([-1, 1], [-slope, slope])
        return f"slope {slope:.1f}, {kind}"

    figure = InteractiveFigure(fig, update or default, {
        "slope": slider("slope", -5.0, 5.0, 0.5, unit="m"), "count": slider("count", 0, 10, 4),
        "rate": slider("learning rate η", 0.001, 1, 0.1, log=True), "kind": choice("kind", ["step", "tanh"]),
        "shape": choice("shape", list("abcde"), "c"), "grow": toggle("grow", True), "title": text("title", "hi"),
    }, name=name, actions=actions)
    figure.seen = seen
    return figure


def test_first_picture_and_words():
    figure = demo()
    assert figure.words == "slope 0.5, step"
    assert figure.values == {"slope": 0.5, "count": 4, "rate": 0.1, "kind": "step", "shape": "c", "grow": True,
                             "title": "hi"}
    assert Image.open(io.BytesIO(figure.png())).size == (760, 430)


def test_set_drives_the_real_widgets_and_updates_once():
    figure = demo()
    before, calls = figure.png(), len(figure.seen)
    figure.set(slope=2, kind="tanh")
    assert figure.words == "slope 2.0, tanh"
    assert len(figure.seen) == calls + 1
    assert figure._widgets["slope"].value == 2 and figure._widgets["kind"].value == "tanh"
    assert figure.png() != before
    assert figure._shown.alt == figure._shown.words == figure.words
    assert figure._shown.png == figure.png()


def test_a_moved_widget_updates_the_figure():
    figure = demo()
    figure._widgets["slope"].value = -3
    assert figure.words == "slope -3.0, step"


def test_whole_sliders_give_ints_and_others_floats():
    figure = demo()
    figure.set(count=7.0, slope=1)
    assert [type(figure.values[name]) for name in ("count", "slope", "rate")] == [int, float, float]


@pytest.mark.parametrize(("values", "part"), [
    ({"slop": 1}, "there is no control 'slop'; there is: slope, count, rate"),
    ({"slope": 6}, "slope is 6, but the slider goes from -5.0 to 5.0"),
    ({"slope": float("nan")}, "slope is nan"),
    ({"slope": "1"}, "slope is '1'"),
    ({"count": 1.5}, "count is 1.5, but the slider takes whole numbers"),
    ({"kind": "relu"}, "kind is 'relu', but it must be one of: step, tanh"),
    ({"grow": 1}, "grow is 1, but it must be True or False"),
    ({"title": None}, "title is None, but it must be a text"),
])
def test_set_refuses_in_one_sentence_and_changes_nothing(values, part):
    figure = demo()
    before = figure.values
    with pytest.raises(ValueError) as error:
        figure.set(**{"rate": 0.5, **values})
    assert part in str(error.value) and "\n" not in str(error.value)
    assert figure.values == before


@pytest.mark.parametrize(("make", "part"), [
    (lambda: slider("s", 2, 1, 1), "low is 2 and high is 1"),
    (lambda: slider("s", 1, 1, 1), "low is 1 and high is 1"),
    (lambda: slider("s", 0, 1, 2), "start is 2"),
    (lambda: slider("s", 0, 1, 0, step=0), "step is 0"),
    (lambda: slider("s", 0, 1, 0, step=-1), "step is -1"),
    (lambda: slider("s", 0, 1, 0, step="x"), "step is 'x'"),
    (lambda: slider("s", 0, float("inf"), 0), "high is inf"),
    (lambda: slider("s", None, 1, 0), "low is None"),
    (lambda: slider("s", 0, 1, True), "start is True"),
    (lambda: slider("s", 0, 1, 0.5, log=True), "needs a low above 0"),
    (lambda: slider("", 0, 1, 0), "label is ''"),
    (lambda: choice("c", []), "at least two"),
    (lambda: choice("c", ["a"]), "at least two"),
    (lambda: choice("c", ["a", "a"]), "at least two different"),
    (lambda: choice("c", "abc"), "list of texts"),
    (lambda: choice("c", ["a", 1]), "list of texts"),
    (lambda: choice("c", ["a", "b"], "d"), "c is 'd'"),
    (lambda: toggle("t", "yes"), "t is 'yes'"),
    (lambda: text("t", 3), "t is 3"),
    (lambda: toggle(None), "label is None"),
])
def test_controls_refuse_in_one_sentence(make, part):
    with pytest.raises((ValueError, TypeError)) as error:
        make()
    assert part in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(("arguments", "part"), [
    ({"picture": (1, 2)}, "picture is tuple"),
    ({"update": None}, "update is None"),
    ({"controls": [slider("a", 0, 1, 0)]}, "controls must be a dict"),
    ({"controls": {"a": 3}}, "controls must be a dict"),
    ({"controls": {"b": slider("b", 0, 1, 0)}}, "update is called with b"),
    ({"name": ""}, "name"),
    ({"actions": {"go": 1}}, "the action 'go' is 1"),
    ({"update": lambda a: None}, "words is None"),
    ({"update": lambda a: "  "}, "words is '  '"),
])
def test_figure_refuses_in_one_sentence_and_leaves_no_widget(arguments, part):
    good = {"picture": style.figure()[0], "update": lambda a: "words", "controls": {"a": slider("a", 0, 1, 0)},
            "name": "n"}
    before = len(ipywidgets.widget._instances)
    with pytest.raises((ValueError, TypeError)) as error:
        InteractiveFigure(**{**good, **arguments})
    assert part in str(error.value) and "\n" not in str(error.value)
    assert len(ipywidgets.widget._instances) == before


def test_widgets_have_names_and_units():
    names = {name: widget.description for name, widget in demo()._widgets.items()}
    assert names["slope"] == "slope in m" and names["rate"] == "learning rate η"
    assert all(names.values())


@pytest.mark.parametrize(("low", "high", "step", "digits"), [
    (0.0, 1.0, 0.01, 2), (-5.0, 5.0, 0.1, 1), (0.0, 90.0, 1.0, 0), (0.0, 300.0, 5.0, 0), (0.0, 0.3, 0.005, 3)])
def test_step_is_a_round_hundredth(low, high, step, digits):
    widget = slider("s", low, high, low).widget()
    assert widget.step == pytest.approx(step) and widget.readout_format == f".{digits}f"


def test_trouble_in_a_callback_is_a_sentence_for_readers(monkeypatch):
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    figure = demo(update=lambda **values: steep(values["slope"]))
    picture = figure.png()
    figure._widgets["slope"].value = 4
    assert "too steep" in figure._shown.words and "\n" not in figure._shown.words
    assert figure._shown.trouble and figure._shown.png == picture and figure.words == "slope 0.5"
    figure._widgets["slope"].value = 1
    assert not figure._shown.trouble and figure._shown.words == "slope 1.0"


def steep(slope):
    if slope > 3:
        raise ValueError("too steep\nfor this demo")
    return f"slope {slope}"


def test_trouble_is_raised_for_tests(monkeypatch):
    figure = demo(update=lambda **values: steep(values["slope"]))
    with pytest.raises(ValueError, match="too steep"):
        figure.set(slope=4)
    figure.set(slope=0)
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(ValueError, match="too steep"):
        figure._widgets["slope"].value = 4


def test_press_acts_and_updates():
    pressed = []
    figure = demo(actions={"Go": lambda: pressed.append(1)})
    calls = len(figure.seen)
    figure.press("Go")
    assert pressed == [1] and len(figure.seen) == calls + 1
    with pytest.raises(ValueError, match="no button 'Stop'; there is: Go"):
        figure.press("Stop")


def test_static_form():
    figure = demo()
    data, metadata = figure._repr_mimebundle_()
    assert data["text/plain"] == "Demo figure: slope 0.5, step"
    assert base64.b64decode(data["image/png"]) == figure.png()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"]["alt"] == figure.words
    figure.close()
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png"}


def test_box_can_be_found_by_its_name():
    assert {"course-figure", "course-demo-figure"} <= set(demo()._box._dom_classes)


class Canvas:
    """What an InteractiveFigure needs of a canvas."""

    def __init__(self):
        self.widget, self.refreshed = ipywidgets.HTML(), 0

    def refresh(self):
        self.refreshed += 1

    def png(self):
        return b"png"


def test_a_canvas_is_refreshed_after_each_update():
    canvas = Canvas()
    figure = InteractiveFigure(canvas, lambda a: f"a is {a}", {"a": slider("a", 0, 9, 3)}, name="canvas")
    figure.set(a=4)
    assert canvas.refreshed == 2 and figure.png() == b"png" and figure._shown.words == "a is 4"


def test_a_canvas_with_words_says_them_itself():
    class Talking(Canvas):
        def words(self, text):
            self.said = text

    canvas = Talking()
    figure = InteractiveFigure(canvas, lambda a: f"a is {a}", {"a": slider("a", 0, 9, 3)}, name="canvas")
    figure.set(a=5)
    assert canvas.said == "a is 5" and figure._shown is None


def test_drive_all_reaches_ends_options_and_buttons_and_comes_back():
    pressed = []
    figure = demo(actions={"Go": lambda: pressed.append(1)})
    figure.set(slope=1.5)
    start = figure.values
    rows = drive_all()
    assert [row[:2] for row in rows] == [("Demo figure", name) for name in [*figure.values, "Go"]]
    slopes, counts, rates, kinds, shapes, grows, titles = (set(column) for column in zip(*figure.seen, strict=True))
    assert {-5.0, 0.0, 5.0} <= slopes and {0, 5, 10} <= counts and {"step", "tanh"} == kinds
    assert min(rates) == pytest.approx(0.001) and max(rates) == pytest.approx(1)
    assert shapes == set("abcde") and grows == {True, False} and "" in titles
    assert pressed == [1] and figure.values == start


def test_drive_all_raises_what_an_update_raises():
    demo(update=lambda **values: steep(values["slope"]))
    with pytest.raises(ValueError, match="too steep"):
        drive_all()


def test_drive_all_needs_words_everywhere():
    demo(update=lambda **values: "" if values["count"] == 10 else "words")
    with pytest.raises(ValueError, match="words is ''"):
        drive_all()


def test_fifty_changes_leave_no_widget_behind():
    figure = demo(actions={"Go": lambda: None})
    before = len(ipywidgets.widget._instances)
    for step in range(50):
        figure.set(slope=step / 10)
        figure.press("Go")
    assert len(ipywidgets.widget._instances) == before


def test_running_a_cell_again_closes_what_it_showed_before(monkeypatch):
    before, pictures, kept, opened = len(ipywidgets.widget._instances), [], [], []
    for run in range(50):
        monkeypatch.setattr(interactive, "_run", lambda run=run: ("cell", run))
        figure = demo()
        pictures.append(weakref.ref(figure._picture))
        kept.append(figure)  # as Out[...] does
        opened.append(len(ipywidgets.widget._instances) - before)
    assert len(set(opened)) == 1
    gc.collect()
    assert sum(picture() is not None for picture in pictures) == 1
    monkeypatch.setattr(interactive, "_run", lambda: ("another cell", 99))
    demo()
    assert len(interactive.live()) == 2
    close_all()
    assert len(ipywidgets.widget._instances) == before


def test_two_figures_of_one_run_stay_open(monkeypatch):
    monkeypatch.setattr(interactive, "_run", lambda: ("cell", 1))
    demo(name="one"), demo(name="two")
    assert [figure.name for figure in interactive.live()] == ["one", "two"]


SETUP = "from course_utils.visuals.interactive import *\nfrom course_utils.visuals.style import figure, show"
BUILD = """
fig, axes = figure()
line, = axes.plot([], [])

def update(slope):
    if slope == 3:
        raise ValueError("too steep")
    line.set_data([0, 1], [0, slope])
    return f"slope {slope}"

shown = InteractiveFigure(fig, update, {"slope": slider("slope", 0, 3, 1)}, name="Line")
shown
"""
# What arrives when a reader moves the slider in the browser.
MOVE = """
shown._widgets["slope"].comm.handle_msg(
    {"content": {"data": {"method": "update", "state": {"value": %d}}}, "buffers": []})
assert shown.values == {"slope": %d}
"""


def nbval(folder, cells, strict="1"):
    """Run pytest --nbval-lax on a notebook of (source, tags, stored text); gives its exit code and what it wrote."""
    notebook = nbformat.v4.new_notebook()
    for source, tags, stored in cells:
        cell = nbformat.v4.new_code_cell(source, metadata={"tags": tags}, execution_count=1)
        if stored:
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": stored, "image/png": "AAAA"},
                                                   execution_count=1)]
        notebook.cells.append(cell)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "it.ipynb")
    environment = dict(os.environ, COURSE_STRICT=strict, PYTHONPATH=str(ROOT), IPYTHONDIR=str(folder / "ipython"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "it.ipynb"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=180)
    return done.returncode, done.stdout + done.stderr


CHECKED = ["nbval-check-output"]


@pytest.mark.slow
def test_nbval_compares_the_words_and_not_the_pixels(tmp_path):
    shown = "fig, axes = figure()\nshow(fig, 'Nothing yet.')"
    good = [(SETUP, [], ""), (BUILD, CHECKED, "Line: slope 1"), (MOVE % (2, 2), [], ""),
            (shown, CHECKED, "Nothing yet.")]
    code, written = nbval(tmp_path, good)
    assert code == 0, written
    good[1] = (BUILD, CHECKED, "Line: slope 2")
    code, written = nbval(tmp_path, good)
    assert code == 1 and "Line: slope 1" in written


@pytest.mark.slow
def test_nbval_sees_an_exception_in_a_callback(tmp_path):
    cells = [(SETUP, [], ""), (BUILD, [], ""), (MOVE % (3, 3), [], "")]
    code, written = nbval(tmp_path, cells)
    assert code == 1 and "too steep" in written
    code, written = nbval(tmp_path, cells, strict="0")
    assert code == 0, written


@pytest.mark.slow
def test_nbval_sees_what_drive_all_raises(tmp_path):
    code, written = nbval(tmp_path, [(SETUP, [], ""), (BUILD, [], ""), ("drive_all()", [], "")], strict="0")
    assert code == 1 and "too steep" in written
