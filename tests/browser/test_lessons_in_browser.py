"""Every lesson as its reader meets it: opened in a real JupyterLab and a real browser, run, and moved by hand."""

import shutil
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
import controls  # noqa: E402
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


def test_every_figure_says_in_words_what_it_shows(lesson):
    figures = lesson.page.locator(".course-figure").all()
    words = ".course-words, .course-canvas-words"
    # Text content and not inner text: of a cell that is out of sight (a lesson is longer than any window) that is "".
    silent = [number for number, figure in enumerate(figures)
              if not any(len(text.strip()) > 20 for text in figure.locator(words).all_text_contents())]
    assert figures and silent == []


# What a reader sees of a figure: its words, and of each picture its number or a sum of its pixels.
SEEN = """figure => {
    const paper = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    paper.canvas.width = 160; paper.canvas.height = 120;
    const words = Array.from(figure.querySelectorAll('.course-words, .course-canvas-words'), one => one.textContent);
    return [...words, ...Array.from(figure.querySelectorAll('img, canvas'), one => {
        if (one.dataset.picture) return one.dataset.picture;
        paper.clearRect(0, 0, 160, 120);
        paper.drawImage(one, 0, 0, 160, 120);
        return paper.getImageData(0, 0, 160, 120).data.reduce((sum, value, k) => (sum * 31 + value * (k + 1)) % 1e9, 7);
    })]; }"""


def kernel_rests(page, seconds=60):
    """Wait until the kernel has answered all that was asked of it."""
    idle = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"
    page.wait_for_timeout(100)
    page.wait_for_function(idle, timeout=1000 * seconds)


def test_every_control_of_every_figure_is_moved(lesson):
    by = {"learner": "keyboard", "solutions": "pointer"}[lesson.edition]  # the figures are the same ones
    page, moved, stuck, still = lesson.page, 0, [], []
    for figure in page.locator(".course-figure").all():
        found = [one for one in figure.locator(controls.ALL).all() if one.is_visible()]
        if not found:
            continue  # such as the curve of a training
        kernel_rests(page)
        before, changed, called = figure.evaluate(SEEN), False, figure.get_attribute("class").rsplit("course-", 1)[1]
        # Some sliders rightly change no picture while nothing trains (a learning rate), so one of them has to.
        for control in sorted(found, key=lambda one: controls.kind(one) == "button"):
            if not controls.move(page, control, by):
                stuck.append((called, controls.kind(control), controls.name(control)))
            kernel_rests(page)
            moved, changed = moved + 1, changed or figure.evaluate(SEEN) != before
        for _ in range(20):
            if changed:
                break
            page.wait_for_timeout(100)
            changed = figure.evaluate(SEEN) != before
        else:
            still.append(called)
        looks = [one.evaluate(LOOK) for one in figure.locator("img, canvas").all()]
        assert all(look["drawn"] and look["colors"] > 2 for look in looks), (called, looks)
    assert moved and stuck == [] and still == []
    assert lesson.errors() == []


def test_what_was_scrolled_out_of_sight_is_there_again(lesson):
    page = lesson.page
    high = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": 720})
    figures = [one for one in page.locator(".course-figure").all() if one.locator(controls.ALL).count()]
    figure = figures[0]
    figure.scroll_into_view_if_needed()
    kernel_rests(page)
    page.wait_for_timeout(500)
    before = figure.evaluate(SEEN)
    figures[-1].scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    figure.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert figure.evaluate(SEEN) == before
    assert any(controls.move(page, one, "keyboard") for one in figure.locator(controls.ALL).all() if one.is_visible())
    page.set_viewport_size(high)
    assert lesson.errors() == []


def test_axe_finds_nothing_serious_in_the_text_and_the_outputs(lesson):
    found = Axe().run(lesson.page, context={"include": [[".jp-RenderedMarkdown"], [".jp-OutputArea"]]})
    assert found.response["passes"], "axe looked at nothing"
    serious = [(rule["id"], rule["help"], [node["html"][:200] for node in rule["nodes"][:3]])
               for rule in found.response["violations"] if rule["impact"] in ("serious", "critical")]
    assert serious == []


def test_nothing_was_asked_of_the_network_and_the_browser_has_no_complaint(lesson):
    assert lesson.outside == []
    assert lesson.console == []


def test_reloaded_the_lesson_runs_again(lesson):
    if lesson.edition == "solutions":
        pytest.skip("the learner's edition, which has the same figures, is run twice")
    page = lesson.page
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")  # else the page asks before it goes
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext", timeout=90_000)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.ready")
    whole_page(page)
    run(lesson)
    whole_page(page)
    looks = pictures(page)
    assert lesson.errors() == [] and looks and all(look["drawn"] and look["colors"] > 2 for look in looks), looks
    figure = next(one for one in page.locator(".course-figure").all() if one.locator(controls.ALL).count())
    before = figure.evaluate(SEEN)
    assert any(controls.move(page, one, "keyboard") for one in figure.locator(controls.ALL).all())
    for _ in range(20):
        page.wait_for_timeout(100)
        if figure.evaluate(SEEN) != before:
            break
    assert figure.evaluate(SEEN) != before and lesson.errors() == [] and lesson.console == []
