"""The canvas kit: what is sent, that it is one message, what events do, and how bad input is refused."""

import base64
import struct

import numpy as np
import pytest

from course_utils.visuals.canvas import Graph, Matrix, Plane
from course_utils.visuals.canvas_base import CLASS_COLORS, shades


def plane(**options):
    return Plane((0, 10), (-1, 1), name="test plane", **options)


def sent_by(monkeypatch, canvas):
    """The messages the widget sends from now on, as lists of trait names."""
    messages = []
    monkeypatch.setattr(canvas.widget, "_send", lambda message, buffers=None: messages.append(sorted(message["state"])))
    return messages


def check_sentence(error):
    text = str(error.value)
    assert text.endswith(".") and "expected" in text and "\n" not in text


def test_one_message_for_everything_that_changed(monkeypatch):
    canvas = plane()
    canvas.refresh()
    messages = sent_by(monkeypatch, canvas)
    canvas.field(np.zeros((4, 5))).points([(1, 0)], [1]).line("l", [(0, 0), (1, 1)]).handle("A", (5, 0))
    canvas.words("all new")
    assert messages == []
    canvas.refresh()
    assert messages == [["field", "handles", "points", "shapes", "text"]]
    canvas.refresh()
    assert len(messages) == 1


def test_an_event_and_what_follows_are_one_message(monkeypatch):
    canvas = plane(on_drag=lambda key, x, y: canvas.field(np.full((2, 2), y)).words(f"at {x:g}"))
    canvas.handle("A", (5, 0))
    canvas.refresh()
    messages = sent_by(monkeypatch, canvas)
    canvas.widget._handle_custom_msg({"kind": "drag", "key": "A", "x": 7, "y": 0.5, "view": "v", "seq": 3}, [])
    assert messages == [["ack", "field", "handles", "text"]]
    assert canvas.widget.ack == ["v", 3]


def test_arrays_travel_as_bytes():
    canvas = plane().field([[-1, 0], [0.5, 3]]).points([(1, 0.5), (2, 0)], [0, 1], [True, False])
    canvas.refresh()
    assert canvas.widget.field == {"rows": 2, "cols": 2, "data": bytes([0, 128, 191, 255])}
    points = canvas.widget.points
    assert struct.unpack("<4f", points["xy"]) == (1, 0.5, 2, 0)
    assert (points["classes"], points["marked"]) == (b"\0\1", b"\1\0")


def test_grid_runs_from_corner_to_corner():
    grid = plane().grid(5, 3)
    assert grid.shape == (3, 5, 2)
    assert (*grid[0, 0], *grid[-1, -1]) == (0, -1, 10, 1)


def test_drag_stays_inside_and_moves_the_handle():
    seen = []
    canvas = plane(on_drag=lambda *event: seen.append(event)).handle("A", (5, 0), "knob")
    canvas.drag("A", 99, -0.5)
    assert seen == [("A", 10.0, -0.5)]
    assert canvas.handles == {"A": (10.0, -0.5)}
    assert canvas.widget.handles[0]["label"] == "knob"


def test_click_key_and_what_wants_to_be_heard():
    seen = []
    canvas = plane(on_click=lambda *event: seen.append(event), on_key=seen.append)
    canvas.click(1, 0.5)
    canvas.click(2, 0, shift=True)
    canvas.key("Delete")
    assert seen == [(1.0, 0.5, False), (2.0, 0.0, True), "Delete"]
    assert canvas.widget.events == {"click": True, "drag": False, "key": True}


def test_none_removes():
    canvas = plane().field(np.zeros((2, 2))).points([(0, 0)]).line("l", [(0, 0), (1, 1)]).arrow("a", (0, 0), (1, 1))
    canvas.handle("A", (1, 1))
    canvas.field(None).points(None).line("l", None).arrow("a", None, None).handle("A", None)
    canvas.refresh()
    widget = canvas.widget
    assert (widget.field, widget.points, widget.shapes, widget.handles) == ({}, {}, [], [])


def test_a_line_may_have_gaps_and_look_at_its_own_color():
    canvas = plane().line("l", [(0, 0), (np.nan, np.nan), (1, 1)], color="#ABCDEF", dashed=True)
    canvas.refresh()
    shape = canvas.widget.shapes[0]
    assert (shape["color"], shape["dashed"], len(shape["xy"])) == ("#abcdef", True, 24)


def test_mistake_in_a_callback_is_a_sentence_or_a_failed_test(monkeypatch):
    canvas = plane(on_click=lambda x, y, shift: 1 / 0)
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    canvas.click(1, 0)
    assert canvas.words() == "This did not work: ZeroDivisionError: division by zero"
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(ZeroDivisionError):
        canvas.click(1, 0)


def test_static_form_is_the_same_state_as_a_picture_with_words():
    canvas = plane(classes=("rabbit", "unicorn"))
    canvas.field(np.linspace(-1, 1, 12).reshape(3, 4)).points([(1, 0), (9, 0.5)], [0, 1], [False, True])
    canvas.line("l", [(0, 0), (10, 1)]).arrow("a", (2, 0), (4, 0.5)).handle("A", (5, 0)).words("one point is ringed")
    before = canvas.png()
    data, metadata = canvas._repr_mimebundle_()
    assert data["text/plain"] == "test plane: one point is ringed"
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
    assert struct.unpack(">2I", before[16:24]) == (560, 440)
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"]["alt"] == data["text/plain"]
    assert {"course-figure", "course-test-plane"} <= set(canvas.widget._dom_classes)
    assert canvas.handle("A", (1, 0.5)).png() != before


@pytest.mark.parametrize("act", [
    lambda: Plane((1, 0), (0, 1), name="p"),
    lambda: Plane((0, 1), (0, np.nan), name="p"),
    lambda: Plane((0, 1), (0, 1), name=""),
    lambda: Plane((0, 1), (0, 1), name="p", classes="abcde"),
    lambda: plane().field(np.zeros(4)),
    lambda: plane().field([[0, np.inf], [0, 0]]),
    lambda: plane().field(np.zeros((1, 5))),
    lambda: plane().field(np.zeros((2, 2)), low=1, high=0),
    lambda: plane().points([(1, 2, 3)]),
    lambda: plane().points([(1, np.nan)]),
    lambda: plane().points("abc"),
    lambda: plane().points([(1, 1)], [4]),
    lambda: plane().points([(1, 1)], [0, 1]),
    lambda: plane().line("l", [(0, 0)], color="pink"),
    lambda: plane().arrow("a", (0, np.nan), (1, 1)),
    lambda: plane().handle("A", (1,)),
    lambda: plane().drag("Z", 1, 1),
    lambda: Matrix("m", np.zeros(3)),
    lambda: Matrix("m", np.zeros((0, 3))),
    lambda: Matrix("m", np.zeros((2, 2)), row_labels=["a"]),
    lambda: Matrix("m", np.zeros((2, 2)), colors="rainbow"),
    lambda: Matrix("m", np.zeros((2, 2)), low=2, high=1),
    lambda: Matrix("m", np.zeros((2, 2))).values(np.zeros((3, 2))),
    lambda: Matrix("m", np.zeros((2, 2))).mark("w", 1, 1, 2, 2),
    lambda: Matrix("m", np.zeros((2, 2))).visit(2, 0),
    lambda: Graph("g", []),
    lambda: Graph("g", [2, 0]),
    lambda: Graph("g", [2, 1], limit=0),
    lambda: Graph("g", [2, 1], titles=["in"]),
    lambda: Graph("g", [200, 1]),
    lambda: Graph("g", [2, 1]).weights([np.zeros((1, 2))]),
    lambda: Graph("g", [2, 1]).weights([]),
    lambda: Graph("g", [2, 1]).pictures([np.zeros((2, 3, 3)), np.zeros((1, 4, 4))]),
    lambda: Graph("g", [2, 1]).edge(0, 2, 0),
    lambda: Graph("g", [2, 1]).edge(0, 0, 0, 1.0),
    lambda: Graph("g", [2, 1]).node(2, 0),
])  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(act):
    with pytest.raises(ValueError) as error:
        act()
    check_sentence(error)


def test_matrix_visits_marks_and_colors():
    seen = []
    matrix = Matrix("m", [[-2.0, 1.0], [0.0, 0.5]], on_cell=lambda *cell: seen.append(cell),
                    on_click=lambda *cell: seen.append(cell))
    matrix.mark("w", 0, 1, height=2, color="blue").visit(1, 0)
    matrix.click(0, 1, shift=True)
    assert seen == [(1, 0), (0, 1, True)]
    assert matrix.widget.cells["data"] == shades([[-2, 1], [0, 0.5]], -2, 2).tobytes()
    assert matrix.widget.marks == [{"row": 0, "col": 1, "height": 2, "width": 1, "color": "#0072B2"}]
    assert matrix.mark("w", None).png() != b""
    assert (matrix.low, matrix.high) == (-2, 2)


def test_matrix_writes_numbers_only_where_they_fit():
    assert Matrix("m", np.zeros((32, 32))).widget.setup["lettered"]
    assert not Matrix("m", np.full((32, 32), 0.25)).widget.setup["lettered"]
    assert Matrix("m", np.full((32, 32), 0.25), labels=True).widget.setup["cell"] >= 4 * 9
    assert not Matrix("m", np.zeros((200, 200))).widget.setup["lettered"]


def test_graph_edits_its_own_weights_and_tells():
    seen = []
    weights = [np.full((2, 3), 0.5), np.full((3, 1), -0.5)]
    graph = Graph("g", [["a", "b"], 3, 1], editable=True, on_edge=lambda *edge: seen.append(edge),
                  on_node=lambda *node: seen.append(node))
    graph.weights(weights).values([[1, 0], [0, 0, 1], [0.5]])
    graph.edge(0, 1, 2)
    graph.edge(1, 2, 0, 0.75)
    graph.node(1, 2)
    assert seen == [(0, 1, 2, 0.5), (1, 2, 0, 0.75), (1, 2)]
    assert graph.weight(1, 2, 0) == 0.75
    assert weights[1][2, 0] == -0.5  # the caller's arrays are not touched
    assert np.frombuffer(graph.widget.weights[1], "<f4").tolist() == [-0.5, -0.5, 0.75]


def test_graph_pictures_in_one_buffer():
    graph = Graph("g", [2, 1], pictured=True).pictures([np.zeros((2, 4, 4)), np.ones((1, 4, 4))])
    graph.refresh()
    assert graph.widget.pictures == {"side": 4, "data": b"\x80" * 32 + b"\xff" * 16}
    assert graph.png()[:4] == b"\x89PNG"


def test_classes_differ_in_color_too():
    assert len(set(CLASS_COLORS)) == 4


def test_running_a_cell_again_closes_what_it_made_before(monkeypatch):
    from course_utils.visuals import interactive

    monkeypatch.setattr(interactive, "_run", lambda: ("a cell", "run 1"))
    first, second = plane(), plane()
    assert first.widget.comm is not None and second.widget.comm is not None
    monkeypatch.setattr(interactive, "_run", lambda: ("a cell", "run 2"))
    third = plane()
    assert first.widget.comm is None and second.widget.comm is None and third.widget.comm is not None
