"""Looking ahead: what a slider's next step will show is painted while the reader rests, and nothing else changes."""

import asyncio

import ipywidgets
import numpy as np
import pytest

from course_utils.visuals import ahead, interactive, style
from course_utils.visuals.ahead import _neighbors
from course_utils.visuals.canvas import Plane
from course_utils.visuals.interactive import InteractiveFigure, choice, slider


@pytest.fixture(autouse=True)
def clean():
    interactive.close_all()
    yield
    interactive.close_all()


def line(update=None, **more):
    """A figure with a line whose slope and height are set; `.asked` collects what update was called with."""
    fig, axes = style.figure()
    drawn, = axes.plot([], [])
    axes.set(xlim=(-1, 1), ylim=(-20, 20))
    asked = []

    def default(slope, height, kind):
        asked.append(slope)
        drawn.set_data([-1, 1], [height - slope, height + slope])
        return f"slope {slope}, height {height:.2f}, {kind}"

    figure = InteractiveFigure(fig, update or default, {
        "slope": slider("slope", 0, 10, 4), "height": slider("height", 0.01, 10, 1, log=True),
        "kind": choice("kind", ["a", "b", "c"])}, name="line", **more)
    figure.asked = asked
    return figure


def after(moves, rest=0.3):
    """Do these moves (functions) one after the other as the reader's events in a kernel, then let it rest."""
    async def live():
        for move in moves:
            move()
            await asyncio.sleep(0)
        await asyncio.sleep(rest)

    asyncio.run(live())


def to(figure, **values):
    return [lambda name=name, value=value: setattr(figure._widgets[name], "value", value)
            for name, value in values.items()]


def test_after_one_step_the_next_is_in_the_page_and_nothing_else_has_changed():
    figure = line()
    after(to(figure, slope=5))
    shown, sent = figure._shown, figure._shown.ahead
    assert figure.words == shown.words == "slope 5, height 1.00, a" and shown.png == figure.png()
    assert shown.at == [1, [5, 1.0, 0]] and sent["at"] == [1, [6, 1.0, 0]]
    assert figure.asked == [4, 5, 6, 5]  # the last call comes back
    before = figure.png()
    figure.set(slope=6)
    assert {name: getattr(shown, name) for name in sent["look"]} == sent["look"] and figure.png() != before


def test_it_looks_the_way_that_the_slider_goes():
    figure = line()
    after(to(figure, slope=3))
    assert figure._shown.ahead["at"][1][0] == 2
    after(to(figure, height=10**0.1))
    assert figure._shown.ahead["at"][1] == [3, pytest.approx(10**0.2), 0]


def test_a_jump_an_end_and_another_control_have_no_next_step():
    figure = line()
    after([*to(figure, slope=9)])
    assert not figure._shown.ahead  # dragged over several steps
    after([*to(figure, slope=10)])
    assert not figure._shown.ahead
    after([lambda: setattr(figure._widgets["kind"], "index", 1)])
    assert not figure._shown.ahead and figure._shown.at[1] == [10, 1.0, 1]


def test_of_quick_steps_only_the_last_is_followed():
    figure = line()
    after([*to(figure, slope=5), *to(figure, slope=6), *to(figure, slope=7)])
    assert figure.asked == [4, 5, 6, 7, 8, 7]


def test_without_a_kernel_and_where_it_is_not_wanted_nothing_is_painted_ahead():
    figure = line()
    to(figure, slope=5)[0]()
    assert figure.asked == [4, 5]
    figure = line(ahead=False)
    after(to(figure, slope=5))
    assert figure.asked == [4, 5] and not figure._shown.ahead


def test_a_slow_figure_does_not_look_ahead(monkeypatch):
    monkeypatch.setattr(ahead, "PATIENCE", 0.0)
    figure = line()
    after(to(figure, slope=5))
    assert figure.asked == [4, 5]


def test_a_closed_figure_looks_no_further():
    figure = line()
    after([*to(figure, slope=5), figure.close])
    assert figure.asked == [4, 5]


def test_trouble_ahead_is_not_told_before_the_reader_is_there():
    told = []

    def steep(slope, height, kind):
        told.append(slope)
        if slope > 5:
            raise ValueError("too steep")
        return f"slope {slope}"

    figure = line(steep)
    after(to(figure, slope=5))
    assert told == [4, 5, 6, 5] and figure._shown.words == "slope 5" and not figure._shown.trouble
    assert not figure._shown.ahead


def test_what_a_button_changes_makes_earlier_looks_untrue():
    figure = line(actions={"Go": lambda: None})
    version = figure._shown.at[0]
    to(figure, slope=5)[0]()
    assert figure._shown.at[0] == version
    figure.press("Go")
    assert figure._shown.at[0] == version + 1
    figure.set(slope=2)
    assert figure._shown.at[0] == version + 2


def test_a_canvas_looks_ahead_as_well():
    plane = Plane((0, 9), (0, 9), name="plane")

    def update(x):
        plane.points([[x, 1]]).field(np.full((2, 2), x / 9))
        return f"x is {x}"

    figure = InteractiveFigure(plane, update, {"x": slider("x", 0, 9, 3)}, name="on a plane")
    after([lambda: setattr(figure._widgets["x"], "value", 4)])
    sent = plane.widget.ahead
    assert sent["at"] == [1, [5]] and sent["look"]["text"] == "x is 5" and plane.words() == "x is 4"
    assert set(sent["look"]) == set(plane.widget.parts) == {"field", "points", "shapes", "handles", "text"}
    figure.set(x=5)
    assert {name: getattr(plane.widget, name) for name in sent["look"]} == sent["look"]


@pytest.mark.parametrize(("widget", "lower", "higher"), [
    (ipywidgets.IntSlider(value=4, min=0, max=5), 3, 5), (ipywidgets.IntSlider(value=5, min=0, max=5), 4, None),
    (ipywidgets.IntSlider(value=0, min=0, max=5, step=2), None, 2),
    (ipywidgets.FloatSlider(value=0.3, min=0, max=1, step=0.1), 0.2, 0.4),
    (ipywidgets.FloatSlider(value=0.9, min=0, max=1, step=0.1), 0.8, 1.0),
    (ipywidgets.FloatLogSlider(value=0.1, min=-3, max=0, step=0.5), 10**-1.5, 10**-0.5),
    (ipywidgets.FloatLogSlider(value=1, min=-3, max=0, step=0.5), 10**-0.5, None),
    (ipywidgets.Checkbox(value=True), None, None), (ipywidgets.Text(value="a"), None, None)])  # fmt: skip
def test_neighbors(widget, lower, higher):
    for found, expected in zip(_neighbors(widget), (lower, higher), strict=True):
        assert found == (expected if expected is None else pytest.approx(expected))
        assert found is None or type(found) is type(widget.value)
        assert found is None or hasattr(widget, "base") or widget.min <= found <= widget.max


def test_a_control_that_the_keyboard_comes_to_is_painted_both_ways():
    figure = line()
    seen = []
    figure._shown.observe(lambda change: seen.append(change["new"]["at"][1]), "ahead")
    after([lambda: figure._shown._handle_custom_msg({"kind": "near", "control": 0}, [])])
    assert seen == [[5, 1.0, 0], [3, 1.0, 0]] and figure.values["slope"] == 4
    after([lambda: figure._shown._handle_custom_msg({"kind": "near", "control": 2}, [])])
    assert len(seen) == 2  # a choice has no next step
    plane = Plane((0, 9), (0, 9), name="plane")
    InteractiveFigure(plane, lambda x: f"x is {x}", {"x": slider("x", 0, 9, 9)}, name="on a plane")
    after([lambda: plane.widget._handle_custom_msg({"kind": "near", "control": 0}, [])])
    assert plane.widget.ahead["at"][1] == [8]


def test_check_ahead_finds_what_does_more_than_show():
    figure = line()
    assert interactive.check_ahead() == [("line", "slope"), ("line", "height")]
    figure.close()
    calls = []

    def counts(slope, height, kind):
        calls.append(slope)
        return f"call {len(calls)}"

    line(counts)
    with pytest.raises(AssertionError, match="line, slope 0: looking ahead changed the figure"):
        interactive.check_ahead()
