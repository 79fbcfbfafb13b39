"""Watching a training: loops, Keras, buttons, replay, SIGINT, NaN; in real kernels where that is what counts."""

import math
import os
import queue
import signal
import time

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from course_utils.visuals.curves import Curves, round_up
from course_utils.visuals.training import LivePlot, Replay, Training

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Kernel:
    """A real kernel: `run(code)` gives the text it printed; `start(code)` and `finish()` do that in two steps."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(cwd=ROOT)

    def start(self, code):
        self.request = self.client.execute(code)

    def finish(self, seconds=60):
        text, self.displays = "", []
        while True:
            message = self.client.get_iopub_msg(timeout=seconds)
            if message["parent_header"].get("msg_id") != self.request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "error":
                raise AssertionError("\n".join(content["traceback"]))
            if kind in ("display_data", "update_display_data"):
                self.displays.append((kind, content["data"]))
            text += content.get("text", "") if kind == "stream" else ""
            if kind == "status" and content["execution_state"] == "idle":
                self.client.get_shell_msg(timeout=seconds)
                return text

    def run(self, code):
        self.start(code)
        return self.finish()

    def wait_for_display(self, seconds=60):
        """Until the cell at work shows something."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if message["msg_type"] == "display_data":
                return
        raise AssertionError("nothing was shown")


@pytest.fixture(scope="module")
def kernel():
    made = Kernel()
    made.run("import os, sys, time, asyncio; sys.path.insert(0, '.'); os.environ.pop('COURSE_STRICT', None)\n"
             "from course_utils.visuals.training import LivePlot, Training")
    yield made
    made.client.stop_channels()
    made.manager.shutdown_kernel(now=True)


def test_loop_logs_shows_and_ends():
    live = LivePlot("loop")
    for step in live.watch(range(300)):
        live.log(loss=1 / (step + 1), accuracy=step / 300)
    assert live.done == 300 and not live.stopped
    assert live.words == "Done after 300 steps: loss from 1 to 0.00333, accuracy from 0 to 0.997."
    assert len(live.history["loss"]) == 300
    data, metadata = live._repr_mimebundle_()
    assert data["text/plain"] == "loop: " + live.words == "loop: " + metadata["image/png"]["alt"]
    assert "image/png" in data and "application/vnd.jupyter.widget-view+json" in data


def test_second_watch_goes_on():
    live = LivePlot("loop")
    for count in (3, 4):
        for _ in live.watch(range(count)):
            live.log(loss=1.0)
    assert live.done == 7
    assert live._curves.points["loss"][0] == [1, 2, 3, 4, 5, 6, 7]


def test_leaving_a_loop_early_is_said_and_gives_the_handler_back():
    before = signal.getsignal(signal.SIGINT)
    live = LivePlot("loop")
    for step in live.watch(range(10)):
        assert signal.getsignal(signal.SIGINT) != before
        live.log(loss=1.0)
        if step == 4:
            break
    assert live.words.startswith("Left after 4 steps")
    assert signal.getsignal(signal.SIGINT) == before


def test_not_a_number_stops_and_says_when():
    live = LivePlot("loop")
    values = [3.0, 2.0, math.nan, 1.0]
    for step in live.watch(range(4)):
        live.log(loss=values[step])
    assert live.stopped and live.done == 3
    assert "loss became nan in step 3" in live.words


def test_sigint_in_a_loop_stops_after_the_step_at_work():
    live = LivePlot("loop")
    for step in live.watch(range(10)):
        if step == 5:
            os.kill(os.getpid(), signal.SIGINT)
        live.log(loss=1.0)
    assert live.done == 6 and live.reason == "the stop button was pressed"
    with pytest.raises(KeyboardInterrupt):  # a second press breaks off a step that takes too long
        for _ in LivePlot("loop").watch([0]):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("act", [
    lambda: LivePlot(""),
    lambda: LivePlot("l").log(loss="much"),
    lambda: LivePlot("l").log(loss=[1, 2]),
    lambda: Training(None, 3),
    lambda: Training(dict, 0),
    lambda: Training(dict, 2.5),
    lambda: Training(dict, 3, restart=7),
    lambda: Training(dict, 3).press("Fly"),
    lambda: Replay({"loss": np.zeros(3)}, name="r"),
    lambda: Replay({"steps": np.arange(3), "maps": np.zeros((3, 2))}, name="r"),
    lambda: Replay({"steps": np.arange(3), "loss": np.zeros(3)}, print, name="r"),
])  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(act):
    with pytest.raises((ValueError, TypeError)) as error:
        act()
    text = str(error.value)
    assert text.endswith(".") and ": " in text and "\n" not in text


def test_stop_button_in_a_real_kernel_within_a_second(kernel):
    kernel.start("live = LivePlot('long')\nweights = 0\n"
                 "for step in live.watch(range(10**6)):\n"
                 "    weights += 1; time.sleep(0.01); live.log(loss=1 / weights)\n"
                 "ended = time.time()")
    kernel.wait_for_display()
    time.sleep(0.7)
    pressed = time.time()
    kernel.manager.interrupt_kernel()
    kernel.finish()
    ended, done, weights, stopped = eval(kernel.run("print((ended, live.done, weights, live.stopped))"))
    assert ended - pressed < 1
    assert stopped and done == weights > 10
    assert "the stop button was pressed" in kernel.run("print(live.words)")


def test_one_display_is_replaced_in_place(kernel):
    kernel.run("live = LivePlot('short')\nfor step in live.watch(range(60)):\n    time.sleep(0.01); live.log(loss=1.0)")
    assert [kind for kind, _ in kernel.displays] == ["display_data", "update_display_data"]
    assert kernel.displays[-1][1]["text/plain"].startswith("short: Done after 60 steps")


RUN = """
state = {"w": 8.0, "calls": 0}
def step():
    state["w"] *= 0.99; state["calls"] += 1; time.sleep(0.004)
    return {"loss": state["w"] ** 2}
def restart():
    state["w"] = 8.0
training = Training(step, 100, name="sliced", restart=restart)
"""


def test_run_in_a_cell_and_continue_restart_differ(kernel):
    kernel.run(RUN + "await training.run()")
    assert eval(kernel.run("print((training.done, state['calls'], training.running))")) == (100, 100, False)
    assert kernel.displays == []
    kernel.run("training.press('Run'); training.press('Step')")  # both have nothing left to do
    assert kernel.run("print(state['calls'])").strip() == "100"
    before = float(kernel.run("print(state['w'])"))
    kernel.run("training.press('Continue'); await training._task")
    assert eval(kernel.run("print((training.done, training.total, state['calls']))")) == (200, 200, 200)
    assert float(kernel.run("print(state['w'])")) < before
    kernel.run("training.press('Restart'); training.press('Step')")
    assert eval(kernel.run("print((training.done, training.total, state['w'], training.history['loss']))")) == (
        1, 100, pytest.approx(7.92), [pytest.approx(7.92**2)])


def test_the_page_is_served_while_a_figure_trains(kernel):
    kernel.run(RUN.replace("100,", "1000,") + "training.press('Run')")  # no cell waits for it
    waits = []
    for _ in range(5):
        begin = time.monotonic()
        kernel.run("pass")
        waits.append(time.monotonic() - begin)
    assert sorted(waits)[2] < 0.3
    done = int(kernel.run("print(training.done)"))
    assert 0 < done < 1000
    kernel.run("training.press('Pause'); await asyncio.sleep(0.1); held = training.done; await asyncio.sleep(0.2)")
    assert kernel.run("print(training.done == held, training.words[:12])").strip() == "True Paused after"
    kernel.run("training.press('Run'); await training._task")
    assert kernel.run("print(training.done, state['calls'])").strip() == "1000 1000"


def test_no_slice_is_longer_than_50_ms(kernel):
    code = ("gaps, last = [], [time.perf_counter()]\n"
            "async def clock():\n    while True:\n        await asyncio.sleep(0)\n        now = time.perf_counter()\n"
            "        gaps.append(now - last[0]); last[0] = now\n"
            "watch = asyncio.ensure_future(clock())\nawait training.run()\nwatch.cancel()\n"
            "slices = sorted(gap for gap in gaps if gap > 0.02)\nprint(slices[len(slices) // 2])")
    assert float(kernel.run(RUN + code)) < 0.05


def test_stop_button_pauses_an_awaited_run(kernel):
    kernel.start(RUN + "training = Training(step, 10**6, name='sliced')\nawait training.run()\nended = time.time()")
    kernel.wait_for_display()
    time.sleep(0.5)
    pressed = time.time()
    kernel.manager.interrupt_kernel()
    kernel.finish()
    ended, done, calls = eval(kernel.run("print((ended, training.done, state['calls']))"))
    assert ended - pressed < 1 and done == calls > 10
    assert kernel.run("print(training.stopped, training.words[:6])").strip() == "False Paused"
    kernel.run("training.press('Step')")
    assert int(kernel.run("print(training.done)")) == done + 1


def test_a_step_that_fails_is_said_and_restart_mends_it(kernel):
    kernel.run("data = []\ndef pick():\n    return {'loss': data[0]}\n"
               "training = Training(pick, 5, restart=lambda: data.append(1.0))\nawait training.run()")
    assert "IndexError: list index out of range" in kernel.run("print(training.words)")
    kernel.run("training.press('Restart')\nawait training.run()")
    assert kernel.run("print(training.done, training.stopped)").strip() == "5 False"


def test_not_a_number_stops_a_training(kernel):
    kernel.run("numbers = iter([1.0, 0.5, float('inf'), 0.2])\n"
               "training = Training(lambda: {'loss': next(numbers)}, 4)\nawait training.run()")
    assert "loss became inf in step 3" in kernel.run("print(training.words)")
    assert kernel.run("print(training._buttons['Continue'].disabled, training._buttons['Run'].disabled)").strip() == (
        "True True")


def test_picture_of_a_training_is_kept_up_to_date():
    class Picture:
        def __init__(self):
            import ipywidgets

            self.widget, self.refreshed = ipywidgets.HTML(), 0

        def refresh(self):
            self.refreshed += 1

    picture, drawn = Picture(), []
    training = Training(lambda: {"loss": 1.0}, 5, picture=picture, draw=lambda: drawn.append(picture.refreshed))
    training.press("Step")
    training.press("Step")
    assert drawn == [0, 1, 2] and picture.refreshed == 3  # each time first drawn, then sent
    assert training.words == "Paused after 2 of 5 steps: loss from 1 to 1."


def test_replay_scrubs():
    steps = np.arange(0, 50, 5)
    replay = Replay({"steps": steps, "loss": np.exp(-steps / 10), "accuracy": steps / 50}, name="replayed")
    assert replay.words == "Step 0 of 45: loss 1, accuracy 0."
    before = replay.png()
    replay.set(step=20)
    assert replay.words == "Step 20 of 45: loss 0.135, accuracy 0.4."
    assert replay.png() != before


def test_replay_hands_over_the_row():
    from course_utils.visuals.canvas import Matrix

    rows = []
    matrix = Matrix("m", np.zeros((2, 2)))

    def draw(row):
        rows.append(row)
        matrix.values(row["weights"])
        return "See the weights."

    arrays = {"steps": np.array([1, 10, 100]), "weights": np.arange(12.0).reshape(3, 2, 2), "loss": np.ones(3)}
    replay = Replay(arrays, draw, picture=matrix, name="weights")
    replay.set(step=90)
    assert rows[-1]["step"] == 100 and rows[-1]["weights"].tolist() == [[8, 9], [10, 11]]
    assert replay.words == "Step 100 of 100: loss 1. See the weights."


def test_long_runs_are_thinned():
    curves = Curves()
    for step in range(10_000):
        curves.add(step, {"loss": step})
    places, values = curves.points["loss"]
    assert len(places) <= 2000 and places == values and places[0] == 0 and places[-1] == 9999
    assert curves.course() == "loss from 0 to 1e+04"


def test_round_limits():
    assert [round_up(value) for value in (0.2, 1.01, 7, 99, 0.0034)] == pytest.approx([0.2, 1.5, 8, 100, 0.004])


@pytest.mark.keras
def test_keras_fit_is_watched_stopped_and_continued(kernel):
    kernel.run(
        "import os; os.environ['CUDA_VISIBLE_DEVICES'] = '-1'\nimport keras, numpy as np\n"
        "x = np.random.default_rng(0).normal(size=(256, 4)); t = x.sum(1, keepdims=True)\n"
        "model = keras.Sequential([keras.layers.Dense(1)])\n"
        "model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.05), loss='mse')\n"
        "live = LivePlot('fit')\n"
        "fit = dict(batch_size=32, verbose=0, validation_data=(x, t), callbacks=[live.callback()])\n"
        "_ = model.fit(x, t, epochs=3, **fit)")
    assert eval(kernel.run("print((live.done, sorted(live.history)))")) == (3, ["loss", "val_loss"])
    kernel.run("_ = model.fit(x, t, epochs=2, **fit)")
    assert kernel.run("print(live.words[:19])").strip() == "Done after 5 epochs"
    kernel.start("_ = model.fit(x, t, epochs=10**5, **fit)\nended = time.time()\n"
                 "kept = float(model.evaluate(x, t, verbose=0))")
    kernel.wait_for_display()
    time.sleep(1)
    pressed = time.time()
    kernel.manager.interrupt_kernel()
    kernel.finish()
    assert float(kernel.run("print(ended)")) - pressed < 1
    assert "the stop button was pressed" in kernel.run("print(live.words)")
    assert float(kernel.run("print(kept)")) < 1e-3
    kernel.run("_ = model.fit(x * np.nan, t, epochs=5, batch_size=32, verbose=0, callbacks=[live.callback()])")
    assert "loss became nan in epoch" in kernel.run("print(live.words)")
