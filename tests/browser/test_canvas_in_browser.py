"""The canvas kit and the drawing pad in a real JupyterLab: pointer, keys, words, sharp pixels, nothing from outside."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import lab

pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(lab.chromium() is None, reason="no Chromium is installed on this machine")]

IMPORTS = """
import numpy as np
from course_utils.visuals.canvas import Graph, Matrix, Plane
from course_utils.visuals.pad import Pad
"""
PLANE = """
def moved(key, x, y):
    plane.field(np.full((100, 100), x - 5) + plane.grid()[..., 1])
    plane.words(f"{key} at {x:.1f}, {y:.1f}")

plane = Plane((0, 10), (0, 10), name="the plane", on_drag=moved, keys="Delete empties",
              on_click=lambda x, y, shift: plane.words(f"click {x:.1f}, {y:.1f}, {shift}"),
              on_key=lambda key: plane.words("key " + key))
plane.handle("A", (5, 5), "A").points([(1, 1), (2, 2)], [0, 1])
plane
"""
STILL = """
Plane((0, 1), (0, 1), name="a still plane").line("l", [(0, 0), (1, 1)])
"""
MATRIX = """
matrix = Matrix("the matrix", np.arange(12).reshape(3, 4), on_cell=lambda r, c: matrix.words(f"cell {r}, {c}"),
                on_click=lambda r, c, shift: matrix.words(f"press {r}, {c}"))
matrix
"""
GRAPH = """
graph = Graph("the graph", [2, 3, 1], editable=True, on_node=lambda layer, i: graph.words(f"neuron {layer}, {i}"),
              on_edge=lambda *edge: graph.words("edge %d, %d, %d, %.2f" % edge))
graph.weights([np.full((2, 3), 0.5), np.full((3, 1), -0.5)])
"""
PAD = """
told = []
def hear(image):
    told.append(image.sum())
    rows = np.ptp(np.nonzero(image.sum(1))[0]) + 1 if image.any() else 0
    pad.words(f"ink {told[-1]:.0f}, rows {rows}, told {len(told)}" if rows else "nothing")

pad = Pad("the pad", hear)
pad
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    path = lab.write_notebook(work / "demo.ipynb", IMPORTS, PLANE, STILL, MATRIX, GRAPH, PAD)
    with lab.open_notebook(path, tmp_path_factory.mktemp("home"), height=2600) as opened:
        opened.run_all()
        yield opened


def canvas(notebook, name):
    return notebook.page.locator(f".course-{name} canvas")


def wait_for_words(notebook, name, part):
    notebook.page.wait_for_function(
        "([css, part]) => document.querySelector(css).textContent.includes(part)",
        arg=[f".course-{name} .course-canvas-words", part], timeout=10_000)


def drag(notebook, name, places):
    """Press the mouse at the first place, given in parts of the canvas, and move it along the others."""
    edge = canvas(notebook, name).bounding_box()
    mouse = notebook.page.mouse
    for number, (across, down) in enumerate(places):
        mouse.move(edge["x"] + across * edge["width"], edge["y"] + down * edge["height"], steps=4)
        if number == 0:
            mouse.down()
    mouse.up()


def plane_place(x, y):
    """Where (x, y) of the demo plane lies, in parts of its canvas of 560 x 440."""
    return (66 + x / 10 * (540 - 66)) / 560, (386 - y / 10 * (386 - 14)) / 440


def test_plane_by_pointer(notebook):
    drag(notebook, "the-plane", [plane_place(5, 5), plane_place(7, 3), plane_place(7.5, 2.5)])
    wait_for_words(notebook, "the-plane", "A at 7.5, 2.5")
    drag(notebook, "the-plane", [plane_place(2, 8)])
    wait_for_words(notebook, "the-plane", "click 2.0, 8.0, False")


def test_plane_by_keys(notebook):
    page = notebook.page
    active = page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    canvas(notebook, "the-plane").focus()
    page.keyboard.press("ArrowRight")
    wait_for_words(notebook, "the-plane", "A at 7.7, 2.5")
    page.keyboard.press("Shift+ArrowUp")
    wait_for_words(notebook, "the-plane", "A at 7.7, 2.5")
    page.keyboard.press("n")
    before = canvas(notebook, "the-plane").screenshot()
    page.keyboard.press("ArrowDown")
    assert canvas(notebook, "the-plane").screenshot() != before
    page.keyboard.press("Shift+Enter")
    wait_for_words(notebook, "the-plane", "click 2.0, 7.8, True")
    page.keyboard.press("Delete")
    wait_for_words(notebook, "the-plane", "key Delete")
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == active


def test_name_role_and_help(notebook):
    plane = canvas(notebook, "the-plane")
    assert (plane.get_attribute("role"), plane.get_attribute("aria-label")) == ("application", "the plane")
    ids = plane.get_attribute("aria-describedby").split()
    texts = [notebook.page.locator("#" + one).text_content() for one in ids]
    assert "arrow keys move a knob" in texts[1] and "Delete empties" in texts[1]
    still = canvas(notebook, "a-still-plane")
    assert (still.get_attribute("role"), still.get_attribute("tabindex")) == ("img", None)


def test_matrix_by_keys_and_pointer(notebook):
    canvas(notebook, "the-matrix").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        notebook.page.keyboard.press(key)
    wait_for_words(notebook, "the-matrix", "press 1, 1")
    edge = canvas(notebook, "the-matrix").bounding_box()
    notebook.page.mouse.move(edge["x"] + edge["width"] * 0.9, edge["y"] + edge["height"] * 0.9)
    wait_for_words(notebook, "the-matrix", "cell 2, 3")


def test_graph_by_keys_and_pointer(notebook):
    canvas(notebook, "the-graph").focus()
    notebook.page.keyboard.press("ArrowRight")
    wait_for_words(notebook, "the-graph", "neuron 1, 0")
    for key in ("c", "c", "+"):
        notebook.page.keyboard.press(key)
    wait_for_words(notebook, "the-graph", "edge 0, 1, 0, 0.60")
    # the middle of the straight connection from the middle hidden neuron to the output, dragged up
    drag(notebook, "the-graph", [(0.74, 175 / 360), (0.74, 155 / 360)])
    wait_for_words(notebook, "the-graph", "edge 1, 1, 0, -0.10")


def test_pad_by_pointer_keys_and_button(notebook):
    drag(notebook, "the-pad", [(0.5, 0.2), (0.5, 0.8)])
    wait_for_words(notebook, "the-pad", "rows 2")
    ink = canvas(notebook, "the-pad").evaluate(
        "c => c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[0]")
    assert ink < 30  # drawn in the browser at once, and not washed away when the kernel answers
    canvas(notebook, "the-pad").focus()
    notebook.page.keyboard.press("Delete")
    wait_for_words(notebook, "the-pad", "nothing")
    for key in ("Space", "ArrowDown", "ArrowDown", "ArrowDown", "Space"):
        notebook.page.keyboard.press(key)
    wait_for_words(notebook, "the-pad", "ink")
    notebook.page.locator(".course-the-pad button").click()
    wait_for_words(notebook, "the-pad", "nothing")


def test_the_kernel_hears_of_the_same_ink_once(notebook):
    canvas(notebook, "the-pad").focus()
    notebook.page.keyboard.press("Space")  # the pen comes down and leaves ink
    wait_for_words(notebook, "the-pad", "told")
    words = notebook.page.locator(".course-the-pad .course-canvas-words").inner_text()
    notebook.page.keyboard.press("Space")
    notebook.page.wait_for_timeout(500)
    assert notebook.page.locator(".course-the-pad .course-canvas-words").inner_text() == words
    notebook.page.keyboard.press("Delete")
    wait_for_words(notebook, "the-pad", "nothing")


def test_pixels_are_as_fine_as_the_screen(notebook):
    wide = canvas(notebook, "the-plane").evaluate("c => [c.width, c.getBoundingClientRect().width * devicePixelRatio]")
    assert wide[0] == wide[1]


def test_nothing_from_outside_and_no_errors(notebook):
    assert notebook.errors() == []
    assert notebook.outside == []
    assert notebook.console == []
