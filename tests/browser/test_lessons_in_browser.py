"""Every lesson as its reader meets it: opened in a real JupyterLab and a real browser, run, and moved by keyboard."""

import shutil
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
import lab  # noqa: E402
from conftest import ROOT, lesson_stems  # noqa: E402

pytestmark = pytest.mark.browser

# Looks at a picture: is it drawn, in how many colors, and a number that changes with its pixels.
LOOK = """element => {
    if (element.tagName === 'IMG' && !(element.complete && element.naturalWidth)) return {drawn: false};
    const small = document.createElement('canvas'); small.width = 480; small.height = 360;
    const pen = small.getContext('2d', {willReadFrequently: true});
    pen.drawImage(element, 0, 0, 480, 360);
    const pixels = pen.getImageData(0, 0, 480, 360).data, colors = new Set();
    let hash = 2166136261;
    for (let i = 0; i < pixels.length; i += 4) {
        const color = pixels[i] | pixels[i + 1] << 8 | pixels[i + 2] << 16;
        colors.add(color); hash = Math.imul(hash ^ color ^ pixels[i + 3] << 24, 16777619); }
    return {drawn: true, colors: colors.size, hash: hash >>> 0}; }"""
PICTURES = ".jp-OutputArea-output img, .jp-OutputArea-output canvas"


def pictures(page):
    """What LOOK finds on every picture that is laid out with more than 60 pixels."""
    shown = [one for one in page.locator(PICTURES).all() if (one.bounding_box() or {"width": 0})["width"] > 60]
    return [one.evaluate(LOOK) for one in shown]


def whole_page(page):
    """Make the window as high as the notebook, so that JupyterLab draws every cell."""
    height = page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer')?.scrollHeight || 4000")
    page.set_viewport_size({"width": 1280, "height": min(int(height) + 300, 16000)})
    page.wait_for_timeout(1500)


def run(opened):
    """Run All once the kernel is there; where it does not come to an end, say what the page showed then."""
    opened.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=90_000)
    try:
        opened.run_all(seconds=180)
    except Exception as error:
        prompts = opened.page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
        dialogs = opened.page.locator(".jp-Dialog").all_inner_texts()
        pytest.fail(f"Run All did not end: {error}\nprompts {prompts}\ndialogs {dialogs}\nerrors {opened.errors()}\n"
                    f"console {opened.console}")


EDITIONS = [(stem, edition) for stem in lesson_stems() for edition in ("learner", "solutions")]


@pytest.fixture(scope="module", params=EDITIONS, ids="-".join)
def lesson(request, chromium, tmp_path_factory):
    """One edition of a lesson after Run All; `.before` holds what its pictures looked like with no kernel."""
    stem, edition = request.param
    work = tmp_path_factory.mktemp("work")
    folder = ROOT / "notebooks" / ("solutions" if edition == "solutions" else "")
    path = Path(shutil.copy(folder / f"{stem}.ipynb", work))
    with lab.open_notebook(path, tmp_path_factory.mktemp("home")) as opened:
        opened.edition = edition
        whole_page(opened.page)
        opened.before = pictures(opened.page)
        run(opened)
        whole_page(opened.page)
        yield opened


def test_stored_pictures_show_without_a_kernel_in_the_solutions_edition_only(lesson):
    if lesson.edition == "learner":
        assert lesson.before == []
    else:
        assert lesson.before and all(look["drawn"] and look["colors"] > 2 for look in lesson.before)


def test_every_cell_runs_without_an_error_or_a_log_line(lesson):
    assert lesson.errors() == []
    # From the model, not from the page: JupyterLab leaves the prompts of cells that are out of sight empty.
    counts = lesson.page.evaluate("""() => {
        const cells = Array.from(window.jupyterapp.shell.currentWidget.content.model.cells);
        return cells.filter(cell => cell.type === 'code').map(cell => cell.executionCount); }""")
    assert counts and all(counts), counts


def test_every_picture_is_drawn(lesson):
    looks = pictures(lesson.page)
    assert looks and all(look["drawn"] and look["colors"] > 2 for look in looks), looks


def answers(page, figure, control):
    """Whether an arrow key on this control changes one of the figure's pictures within two seconds."""
    control.scroll_into_view_if_needed()
    shown = figure.locator("img, canvas")
    before = [one.evaluate(LOOK).get("hash") for one in shown.all()]
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):  # a slider may stand at its end
        control.focus()
        page.keyboard.press(key)
        for _ in range(20):
            page.wait_for_timeout(100)
            now = [one.evaluate(LOOK).get("hash") for one in shown.all()]
            if None not in now and now != before:
                return True
    return False


def test_a_key_moves_every_figure(lesson):
    page, moved = lesson.page, []
    for number, figure in enumerate(page.locator(".course-figure").all()):
        controls = figure.locator("[role=slider], canvas[tabindex='0']")
        if not controls.count():
            continue  # only buttons or menus: driven in the kernel by the controls step
        # Some sliders rightly change no picture while nothing trains (a learning rate), so one of them has to.
        if not any(answers(page, figure, control) for control in controls.all()):
            pytest.fail(f"figure {number} did not change: {figure.get_attribute('class')}")
        moved.append(number)
    assert moved, "no figure with a slider or a canvas was found"
    assert lesson.errors() == []


def test_axe_finds_nothing_serious_in_the_text_and_the_outputs(lesson):
    found = Axe().run(lesson.page, context={"include": [[".jp-RenderedMarkdown"], [".jp-OutputArea"]]})
    assert found.response["passes"], "axe looked at nothing"
    serious = [(rule["id"], rule["help"], [node["html"][:200] for node in rule["nodes"][:3]])
               for rule in found.response["violations"] if rule["impact"] in ("serious", "critical")]
    assert serious == []


def test_every_figure_says_in_words_what_it_shows(lesson):
    figures = lesson.page.locator(".course-figure").all()
    words = ".course-words, .course-canvas-words"
    silent = [number for number, figure in enumerate(figures)
              if not any(len(text.strip()) > 20 for text in figure.locator(words).all_inner_texts())]
    assert figures and silent == []


def test_nothing_was_asked_of_the_network_and_the_browser_has_no_complaint(lesson):
    assert lesson.outside == []
    assert lesson.console == []
