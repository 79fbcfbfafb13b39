"""The playground in a real JupyterLab: it plays and shows pictures, stays answerable, and works by keyboard."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import lab

pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(lab.chromium() is None, reason="no Chromium is installed on this machine")]

CELLS = ("from course_utils.visuals.playground import Playground\nplay = Playground('full', data='circle')\nplay",
         "other = Playground('simple', data='your own points', name='Another')\nother")
PANEL = "document.querySelector('.course-playground pre')"
WORDS = "document.querySelector('.course-playground .course-words')"
# Counts the different pictures that a canvas shows, and how often it is blank, until told to stop.
COUNT = """(canvas) => { const small = document.createElement('canvas'); small.width = small.height = 32;
  const pen = small.getContext('2d', {willReadFrequently: true}); let last = null;
  window.__seen = {frames: 0, on: true};
  const tick = () => { if (!window.__seen.on) return; pen.drawImage(canvas, 0, 0, 32, 32);
    const now = pen.getImageData(0, 0, 32, 32).data.join(); if (now !== last) { last = now; window.__seen.frames++; }
    requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    path = lab.write_notebook(work / "demo.ipynb", *CELLS)
    with lab.open_notebook(path, tmp_path_factory.mktemp("home"), height=2600) as opened:
        opened.run_all()
        yield opened


def box(notebook, which):
    return notebook.page.locator(".course-playground").nth(which)


def words(notebook, which):
    return box(notebook, which).locator(".course-words").inner_text()


def line(notebook, which):
    return int(re.search(r"epoch ([\d,]+)", box(notebook, which).inner_text()).group(1).replace(",", ""))


def wait_for_words(notebook, which, part):
    notebook.page.wait_for_function(
        "([k, part]) => document.querySelectorAll('.course-playground')[k].querySelector('.course-words')"
        ".textContent.includes(part)", arg=[which, part], timeout=20_000)


def test_it_plays_in_pictures_while_a_control_moves(notebook):
    one, page = box(notebook, 0), notebook.page
    square = one.locator("canvas").nth(1)
    one.get_by_role("button", name="Play", exact=True).click()
    wait_for_words(notebook, 0, "Playing")
    square.evaluate(COUNT)
    one.get_by_role("slider", name="learning rate").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(150)
    page.wait_for_timeout(1500)
    before, frames = line(notebook, 0), page.evaluate("() => window.__seen.frames")
    page.wait_for_timeout(700)
    assert line(notebook, 0) > before > 0
    page.evaluate("() => { window.__seen.on = false; }")
    one.get_by_role("button", name="Pause", exact=True).click()
    page.wait_for_function(f"() => !{WORDS}.textContent.includes('Playing')")
    assert frames > 12, "in three seconds; a quiet machine shows more than 60"
    page.wait_for_timeout(800)
    rest = line(notebook, 0)
    page.wait_for_timeout(400)
    assert line(notebook, 0) == rest, "Pause holds it"


def test_network_and_square_stand_side_by_side(notebook):
    left, right = (box(notebook, 0).locator("canvas").nth(k).bounding_box() for k in (0, 1))
    assert right["x"] > left["x"] + left["width"] and abs(left["y"] - right["y"]) < 30


def test_a_neuron_and_a_connection_by_keyboard(notebook):
    one, page = box(notebook, 0), notebook.page
    one.locator("canvas").nth(0).focus()
    page.keyboard.press("ArrowRight")
    wait_for_words(notebook, 0, "neuron 1 of hidden layer 1")
    page.keyboard.press("c")
    page.keyboard.press("+")
    wait_for_words(notebook, 0, "The weight from neuron 1 to neuron 1 of layer 2 is")


def test_points_by_pointer_and_by_keyboard(notebook):
    other, page = box(notebook, 1), notebook.page
    square = other.locator("canvas").nth(1)
    wait_for_words(notebook, 1, "no points yet")
    square.click(position={"x": 150, "y": 150})
    square.click(position={"x": 250, "y": 250}, modifiers=["Shift"])
    wait_for_words(notebook, 1, "of 2 training")
    for key in ("ArrowUp", "ArrowUp", "Enter", "ArrowLeft", "ArrowLeft", "Shift+Enter"):
        page.keyboard.press(key)
    wait_for_words(notebook, 1, "of 2 test points")
    other.get_by_role("button", name="Step", exact=True).click()
    wait_for_words(notebook, 1, "after 1 epochs")


def test_code_and_state_are_printed_and_a_state_is_loaded(notebook):
    one, page = box(notebook, 0), notebook.page
    one.get_by_role("button", name="Show code").click()
    page.wait_for_function(f"() => {PANEL}?.textContent.includes('import keras')")
    one.get_by_role("button", name="Share").click()
    page.wait_for_function(f"() => {PANEL}?.textContent.startsWith('play1.')")
    state = one.locator("pre").inner_text()
    one.get_by_role("button", name="Reset").click()
    wait_for_words(notebook, 0, "after 0 epochs")
    field = one.get_by_label("load a state")
    field.fill(state[:-9])
    field.press("Enter")
    wait_for_words(notebook, 0, "damaged")
    field.fill(state)
    field.press("Enter")
    wait_for_words(notebook, 0, "a 2-4-4-1 network")
    assert "after 0 epochs" not in words(notebook, 0)


def test_nothing_failed_and_nothing_came_from_outside(notebook):
    assert notebook.errors() == [] and notebook.console == [] and notebook.outside == []
