"""From a key to changed pixels, for every interactive figure of a lesson, in a real JupyterLab::

    python tests/browser/latency.py 01 04               # medians on this machine; limits 40 ms (canvas), 75 ms (others)
    python tests/browser/latency.py 04 --delay 80       # through a proxy that adds 80 ms to each round trip
    python tests/browser/latency.py --strokes           # lesson 04's pad: from ink to the answer of every layer

It also says by how much 50 keys make the kernel grow; the limit is 20 MB. A slow or busy machine shows in all numbers.
"""

import argparse
import asyncio
import contextlib
import shutil
import socket
import statistics
import sys
import tempfile
import threading
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))
import lab

from course_utils.publish import editions

LIMITS, GROWTH_MB, KEYS = {"canvas": 40, "picture": 75}, 20, 50
REST = 150  # milliseconds
# A key's time is that of its event; the change is seen in the frame that paints it.
WATCH = """figure => {
    const paper = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    paper.canvas.width = 96; paper.canvas.height = 54;
    const look = () => Array.from(figure.querySelectorAll('img, canvas')).map(one => {
        if (one.dataset.picture) return one.dataset.picture;
        paper.clearRect(0, 0, 96, 54);
        paper.drawImage(one, 0, 0, 96, 54);
        return paper.getImageData(0, 0, 96, 54).data.reduce((sum, value, k) => (sum * 31 + value * (k + 1)) % 1e9, 7);
    });
    window.__press = new Promise(done => {
        const before = look();
        figure.addEventListener('keydown', event => {
            const began = event.timeStamp;
            const frame = () => {
                const now = look();
                if (!now.includes(null) && now.some((value, k) => value !== before[k]))
                    return done(performance.now() - began);
                if (performance.now() - began > 2500) return done(null);
                requestAnimationFrame(frame);
            };
            requestAnimationFrame(frame);
        }, {once: true, capture: true});
    }); }"""

# Of one stroke: when the pointer left ink, and when a new picture of the layers could be seen.
WATCH_STROKE = """figure => {
    const seen = window.__stroke = {ink: [], pictures: []}, once = figure.dataset.watched;
    const shown = () => figure.querySelector('.course-picture canvas').dataset.picture;
    let before = shown();
    const frame = () => {
        if (shown() !== before) { before = shown(); seen.pictures.push(performance.now()); }
        if (window.__stroke === seen) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    if (once) return;
    figure.dataset.watched = 'yes';
    const inked = event => { if (event.buttons) window.__stroke.ink.push(event.timeStamp); };
    const canvas = figure.querySelector('.course-canvas canvas');
    for (const name of ['pointerdown', 'pointermove']) canvas.addEventListener(name, inked, true); }"""
DRAW = (
    """import course_utils as course

course.start(keras=True)
from course_utils.datasets import digits
from course_utils.keras_tools import models
from course_utils.visuals import cnn_inside as inside

model, (_, test) = models.digit_cnn(), digits()""",
    "inside.draw_a_digit(model, *test)",
)
STROKE_LIMIT = 100  # milliseconds


def press(page, figure, control, key):
    """Milliseconds from this key to changed pixels, or None if nothing changed; the page has come to rest before."""
    control.focus()
    page.wait_for_timeout(REST)
    figure.evaluate(WATCH)
    page.keyboard.press(key)
    return page.evaluate("Promise.race([window.__press, new Promise(done => setTimeout(() => done(null), 3000))])")


def measure(page, figure, times):
    """(kind, milliseconds of the first key, median of ``times`` more); None where no key changes a picture.

    For the first key nothing has been painted ahead; of the others most find their picture in the page.
    """
    for control in figure.locator("[role=slider], canvas[tabindex='0']").all():
        control.scroll_into_view_if_needed()
        tries = (press(page, figure, control, key) for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"))
        first = next((one for one in tries if one is not None), None)
        if first is None:
            continue
        found = [press(page, figure, control, ("ArrowRight", "ArrowLeft")[k // 3 % 2]) for k in range(times)]
        found = [one for one in found if one is not None]
        if found:
            own = control.evaluate("one => one.tagName === 'CANVAS'")  # the key goes to what the browser draws itself
            kind = "picture" if not own and figure.locator("[data-picture]").count() else "canvas"
            return kind, first, statistics.median(found)
    return None


def kernel_megabytes():
    """The resident memory of the kernels that this process's server has started."""
    kernels = [one for one in psutil.Process().children(recursive=True) if "ipykernel" in " ".join(one.cmdline())]
    return sum(one.memory_info().rss for one in kernels) / 1e6


@contextlib.contextmanager
def slow(address, delay):
    """Gives the address of a proxy before ``address`` that holds back every byte by ``delay`` / 2 milliseconds."""
    port, loop = int(address.rsplit(":", 1)[1]), asyncio.new_event_loop()

    async def pump(reader, writer):
        waiting = asyncio.Queue()

        async def write():
            while (item := await waiting.get()) is not None:
                await asyncio.sleep(max(0, item[0] - loop.time()))
                writer.write(item[1])
                await writer.drain()
            writer.close()

        task = loop.create_task(write())
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                waiting.put_nowait((loop.time() + delay / 2000, data))
        waiting.put_nowait(None)
        with contextlib.suppress(OSError):
            await task

    async def meet(reader, writer):
        there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        own = probe.getsockname()[1]
    loop.run_until_complete(asyncio.start_server(meet, "127.0.0.1", own))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{own}"
    finally:
        loop.call_soon_threadsafe(loop.stop)


def lesson(stem, delay, times):
    """Measure one lesson and print its rows; gives whether all limits hold (with a delay there are none)."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("work", "home"):
            Path(folder, name).mkdir()
        path = shutil.copy(lab.ROOT / "notebooks" / "solutions" / f"{stem}.ipynb", Path(folder, "work"))
        through = (lambda address: slow(address, delay)) if delay else contextlib.nullcontext
        with lab.open_notebook(path, Path(folder, "home"), through=through) as opened:
            page, holds = opened.page, True
            opened.run_all(600)
            if opened.errors():
                sys.exit(f"latency: {stem} did not run to its end: {opened.errors()[0][:300]}")
            page.set_viewport_size({"width": 1280, "height": 720})
            figures = page.locator(".course-figure").all()
            for figure in figures:
                found = measure(page, figure, times)
                if found:
                    kind, first, milliseconds = found
                    name = figure.get_attribute("class").rsplit("course-", 1)[1]
                    fine = delay > 0 or milliseconds <= LIMITS[kind]
                    holds &= fine
                    print(f"{stem:16}{kind:9}{milliseconds:6.0f} ms, the first {first:4.0f}  "
                          f"{'' if fine else 'OVER  '}{name}", flush=True)
            before = kernel_megabytes()
            for k in range(KEYS):
                figure = figures[k % len(figures)]
                control = figure.locator("[role=slider], canvas[tabindex='0']").first
                if control.count():
                    press(page, figure, control, ("ArrowRight", "ArrowLeft")[k % 2])
            grown = kernel_megabytes() - before
            print(f"{stem:16}kernel   {before:6.0f} MB, {grown:+.1f} MB by {KEYS} keys, limit {GROWTH_MB}", flush=True)
            return holds and grown <= GROWTH_MB


def strokes(delay, times):
    """Draw on lesson 04's pad, print how long the layers take to answer; gives whether the median holds its limit.

    A touch: the pointer comes down, or moves on by one piece, and rests. A stroke: thirty moves in half a second; the
    kernel answers while the pointer is on its way, and after the end once more.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name in ("work", "home"):
            Path(folder, name).mkdir()
        path = lab.write_notebook(Path(folder, "work", "draw.ipynb"), *DRAW)
        through = (lambda address: slow(address, delay)) if delay else contextlib.nullcontext
        with lab.open_notebook(path, Path(folder, "home"), through=through) as opened:
            page = opened.page
            opened.run_all(300)
            figure = page.locator(".course-draw-a-digit").first
            figure.scroll_into_view_if_needed()
            box = figure.locator(".course-canvas canvas").bounding_box()
            found = {"one touch": [], "first ink of a stroke to its first picture": [],
                     "last ink of a stroke to its last picture": [], "between two pictures of a stroke": []}
            for k in range(times + 1):
                touches, (first, last, between) = _touches(page, figure, box), _stroke(page, figure, box, k)
                if k:  # the first one warms up
                    found["one touch"] += touches
                    for name, one in zip(list(found)[1:], (first, last, between), strict=True):
                        found[name].append(one)
            print(f"load {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores, limit {STROKE_LIMIT} ms")
            over = 0
            for name, all_of_them in found.items():
                middle = statistics.median(all_of_them)
                over += (bad := middle > STROKE_LIMIT and not delay and not name.startswith("between"))
                print(f"{'OVER  ' if bad else ''}{name}: median {middle:.0f} ms ({min(all_of_them):.0f} to "
                      f"{max(all_of_them):.0f}, {len(all_of_them)} times)")
            return not over


def _touches(page, figure, box, count=5):
    """Milliseconds from a single piece of ink to the picture that answers it, for a few of them."""
    figure.get_by_role("button", name="Clear").last.click()
    page.wait_for_timeout(400)
    found = []
    for k in range(count):
        figure.evaluate(WATCH_STROKE)
        page.mouse.move(box["x"] + 40 + 12 * k, box["y"] + 60 + 20 * k)  # ends in a piece of ink where the pen is down
        if not k:
            page.mouse.down()
        page.wait_for_timeout(500)
        seen = page.evaluate("window.__stroke")
        found.append(seen["pictures"][0] - seen["ink"][0])
    page.mouse.up()
    return found


def _stroke(page, figure, box, number, moves=30):
    """(first ink to first picture, last ink to last picture, between two pictures) of one stroke, in milliseconds."""
    figure.get_by_role("button", name="Clear").last.click()
    page.wait_for_timeout(400)
    figure.evaluate(WATCH_STROKE)
    page.mouse.move(box["x"] + 50 + 5 * number, box["y"] + 40)
    page.mouse.down()
    for k in range(moves):
        page.mouse.move(box["x"] + 50 + 5 * number + 2 * k, box["y"] + 40 + 4 * k)
        page.wait_for_timeout(12)
    page.mouse.up()
    page.wait_for_timeout(700)
    seen = page.evaluate("window.__stroke")
    ink, pictures = seen["ink"], seen["pictures"]
    between = (pictures[-1] - pictures[0]) / max(1, len(pictures) - 1)
    return pictures[0] - ink[0], pictures[-1] - ink[-1], between


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", help="such as 01; all without")
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds added to each round trip")
    parser.add_argument("--strokes", action="store_true", help="measure lesson 04's drawing pad instead")
    parser.add_argument("--keys", type=int, default=9, help="keys for each figure")
    chosen = parser.parse_args()
    if lab.chromium() is None:
        sys.exit("latency: no Chromium is installed on this machine: install chromium.")
    if chosen.strokes:
        return 0 if strokes(chosen.delay, chosen.keys) else 1
    stems = [path.stem for path in editions.lesson_sources(chosen.lessons or None)]
    fine = [lesson(stem, chosen.delay, chosen.keys) for stem in stems]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
