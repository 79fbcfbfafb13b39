"""An interactive figure and a shown picture in a real JupyterLab: keys, words, names, and nothing from outside."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import lab

pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(lab.chromium() is None, reason="no Chromium is installed on this machine")]

IMPORTS = "from course_utils.visuals.interactive import *\nfrom course_utils.visuals.style import figure, show"
FIGURE = """
fig, axes = figure()
line, = axes.plot([], [])
axes.set(xlim=(-1, 1), ylim=(-3, 3))
pressed = []

def update(slope, kind, grow):
    if slope > 2.5:
        raise ValueError("too steep for this demo")
    line.set_data([-1, 1], [-slope, slope])
    return f"slope {slope:.1f}, {kind}, grow {grow}, pressed {len(pressed)}"

InteractiveFigure(fig, update, {
    "slope": slider("learning rate η", -3, 3, 0, 0.5, unit="units a step"),
    "kind": choice("activation", ["step", "sigmoid", "tanh"]),
    "grow": toggle("let it grow")}, name="Demo figure", actions={"Press me": lambda: pressed.append(1)})
"""
SHOWN = """
fig, axes = figure()
axes.plot([1, 3, 2])
show(fig, "A zigzag: η goes up, then down.")
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    path = lab.write_notebook(work / "demo.ipynb", IMPORTS, FIGURE, SHOWN)
    with lab.open_notebook(path, tmp_path_factory.mktemp("home")) as opened:
        opened.run_all()
        opened.box = opened.page.locator(".course-demo-figure")
        opened.box.scroll_into_view_if_needed()
        yield opened


def words(notebook):
    return notebook.box.locator("[role=status]").inner_text()


def wait_for_words(notebook, part):
    notebook.page.wait_for_function(
        "part => document.querySelector('.course-demo-figure [role=status]').textContent.includes(part)", arg=part,
        timeout=10_000)


def pixels(notebook):
    """The picture's number; a new one comes with every new picture."""
    return notebook.box.locator("canvas").get_attribute("data-picture")


def test_arrow_key_changes_pixels_words_and_alt_text(notebook):
    handle = notebook.box.locator("[role=slider]")
    handle.focus()
    before = notebook.box.locator("canvas").screenshot()
    number = pixels(notebook)
    notebook.page.keyboard.press("ArrowRight")
    wait_for_words(notebook, "slope 0.5")
    notebook.page.wait_for_function(
        "old => document.querySelector('.course-demo-figure canvas').dataset.picture !== old", arg=number,
        timeout=10_000)
    assert notebook.box.locator("canvas").screenshot() != before
    assert notebook.box.locator("canvas[role=img]").get_attribute("aria-label") == words(notebook)
    notebook.page.keyboard.press("ArrowLeft")
    wait_for_words(notebook, "slope 0.0")


def test_slider_is_named_and_says_its_state(notebook):
    handle = notebook.box.locator("[role=slider]")
    assert handle.get_attribute("aria-label") == "learning rate η in units a step"
    assert handle.get_attribute("aria-valuetext") == "0.0"


def test_label_is_not_cut_off(notebook):
    for label in notebook.box.locator(".widget-label:visible").all():
        assert label.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), label.inner_text()


def test_choice_toggle_and_button_by_keyboard(notebook):
    page, box = notebook.page, notebook.box
    active = page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    box.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    wait_for_words(notebook, "sigmoid")
    box.locator("input[type=checkbox]").focus()
    page.keyboard.press("Space")
    wait_for_words(notebook, "grow True")
    box.locator("button").focus()
    page.keyboard.press("Enter")
    wait_for_words(notebook, "pressed 1")
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == active


def test_trouble_becomes_a_sentence_and_the_picture_stays(notebook):
    notebook.box.locator("[role=slider]").focus()
    notebook.page.keyboard.press("End")
    wait_for_words(notebook, "too steep for this demo")
    assert notebook.box.locator("canvas").is_visible()
    assert notebook.box.locator(".course-trouble").count() == 1
    notebook.page.keyboard.press("Home")
    wait_for_words(notebook, "slope -3.0")
    assert notebook.box.locator(".course-trouble").count() == 0


def test_shown_picture_has_alt_text(notebook):
    alts = notebook.page.locator(".jp-RenderedImage img").evaluate_all("images => images.map(image => image.alt)")
    assert alts == ["A zigzag: η goes up, then down."]


def test_nothing_from_outside_and_no_errors(notebook):
    assert notebook.errors() == []
    assert notebook.outside == []
    assert notebook.console == []
