"""What goes wrong on real machines: a full disk, a read-only folder, a stopped training, a dead kernel, damaged files.

Nothing is left half-written, and what the reader sees is one sentence. The full disk and the read-only folder are real:
small file systems, mounted in a namespace of their own, which an ordinary user may make on most Linuxes.
"""

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from test_training import Kernel

from course_utils import cli
from course_utils.datasets import handwriting, recordings
from course_utils.datasets._folder import write_whole

NAMESPACE = ["unshare", "--map-root-user", "--mount"]
CAN_MOUNT = bool(shutil.which("unshare")) and subprocess.run(
    [*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0
mounts = pytest.mark.skipif(not CAN_MOUNT, reason="this system lets no ordinary user mount a small file system")


def on_a_small_disk(folder, code, kilobytes=100, read_only=False):
    """Run Python in a folder that is a disk of its own; gives (status, stdout, stderr, {file left there: size})."""
    program = textwrap.dedent(code) + textwrap.dedent("""
        import json, os
        left = {os.path.relpath(os.path.join(place, name)): os.path.getsize(os.path.join(place, name))
                for place, _, names in os.walk(".") for name in names}
        print(json.dumps(left))
    """)
    options = "ro" if read_only else f"size={kilobytes}k"
    script = f'mount -t tmpfs -o {options} none "$0" && cd "$0" && exec "$1" -c "$2"'
    done = subprocess.run([*NAMESPACE, "sh", "-c", script, str(folder), sys.executable, program], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(ROOT), "COURSE_ENVIRONMENT": "here"})
    assert done.stdout, done.stderr
    *said, left = done.stdout.splitlines()
    return done.returncode, "\n".join(said), done.stderr, json.loads(left)


def is_a_sentence(text):
    assert text.endswith(".") and "\n" not in text and "Traceback" not in text and ": " in text, text


# ---------------------------------------------------------------- a full disk, a read-only folder

RECORDING = """
import numpy as np
from course_utils.datasets import recordings
recordings.write("./one.npz", {"a": np.arange(5)}, seed=0, command="x")
noise = np.random.default_rng(0).integers(0, 255, 200_000).astype(np.uint8)
try:
    recordings.write("./one.npz", {"a": noise}, seed=1, command="y")
except OSError as error:
    print(error)
print(recordings.read("./one.npz").arrays["a"].tolist(), recordings.read("./one.npz").metadata["seed"])
"""


@mounts
def test_a_recording_on_a_full_disk_is_the_old_one(tmp_path):
    status, said, _, left = on_a_small_disk(tmp_path, RECORDING)
    sentence, old = said.splitlines()
    assert status == 0 and old == "[0, 1, 2, 3, 4] 0" and sorted(left) == ["one.json", "one.npz"]
    is_a_sentence(sentence)
    assert "No space left on device" in sentence and "it is as it was" in sentence


EXAM = """
from course_utils import cli
from course_utils.exam import bank
from course_utils.exam.lock import dump, make
names = ["cnn.conv_valid", "neuron.forward", "society.deepfakes"]
lock = make({{"en": "E", "de": "E"}}, [bank.load()[name] for name in names], seed=1, forms=1, date="2026-07-02")
open("exam.lock.json", "w").write(dump(lock))
print(cli.main({line}))
"""


@mounts
@pytest.mark.parametrize("line, kilobytes", [
    (["exam", "build", "exam.lock.json", "--out", "out", "--format", "html"], 32),
    (["exam", "export", "exam.lock.json", "--moodle", "--out", "out"], 20),
    (["exam", "draw", str(ROOT / "data/blueprints/ninety_minutes.yaml"), "--seed", "1", "--out", "new.lock.json"], 60),
], ids=["build", "export", "draw"])  # fmt: skip
def test_an_exam_on_a_full_disk_leaves_nothing(tmp_path, line, kilobytes):
    _, said, errors, left = on_a_small_disk(tmp_path, EXAM.format(line=line), kilobytes)
    assert said == "2" and list(left) == ["exam.lock.json"], (said, errors, left)
    is_a_sentence(errors.strip())
    assert "No space left on device" in errors and "free some space" in errors


LESSON = """
import os
from pathlib import Path
from course_utils.publish import build
os.makedirs("notebooks/src"); os.makedirs("course_utils/exercises")
source = Path("notebooks/src/90_tiny.py")
tiny = '# %% id="setup"\\nclass course:\\n    start = staticmethod(lambda: print(1))\\ncourse.start()\\n'
source.write_text(tiny + '# %% id="value"\\nprint(6 * 7)\\n')
build.build(root=Path("."))
before = {path: path.read_bytes() for path in Path(".").rglob("*.ipynb")}
source.write_text(tiny + '# %% id="value"\\nprint(("x" * 99 + chr(10)) * 2000)\\n')
try:
    build.build(root=Path("."))
except OSError as error:
    print("|" + str(error))
print("|" + str({path: path.read_bytes() for path in Path(".").rglob("*.ipynb")} == before))
"""


@mounts
def test_a_build_on_a_full_disk_keeps_both_editions(tmp_path):
    _, said, errors, left = on_a_small_disk(tmp_path, LESSON)
    sentence, same = [line[1:] for line in said.splitlines() if line.startswith("|")]
    is_a_sentence(sentence)
    assert same == "True" and "No space left on device" in sentence and not [name for name in left if "part" in name]


@mounts
def test_a_read_only_folder(tmp_path):
    code = EXAM.split("lock = make")[0] + f"""
print(cli.main(["exam", "draw", {str(ROOT / "data/blueprints/ninety_minutes.yaml")!r}, "--seed", "1",
                "--out", "new.lock.json"]))
import course_utils as course
course.start()
course.claim("a half", 0.5, at_least=0.4)
from course_utils.visuals.training import LivePlot
live = LivePlot("loop")
for step in live.watch(range(3)):
    live.log(loss=1.0)
print(live.words)
"""
    _, said, errors, left = on_a_small_disk(tmp_path, code, read_only=True)
    is_a_sentence(errors.strip().splitlines()[0])
    assert "Read-only file system" in errors and left == {}
    assert said.splitlines()[0] == "2" and said.splitlines()[-1].startswith("Done after 3 steps")  # lessons only read


def test_other_errors_of_the_system_are_not_hidden(monkeypatch, capsys):
    def missing(argv):
        raise FileNotFoundError(2, "No such file or directory", "x")

    monkeypatch.setattr(cli, "run", missing)
    with pytest.raises(FileNotFoundError):
        cli.main(["exam"])

    def refused(argv):
        raise PermissionError(13, "Permission denied", "/place/x")

    monkeypatch.setattr(cli, "run", refused)
    assert cli.main(["exam"]) == 2
    said = capsys.readouterr().err.strip()
    is_a_sentence(said)
    assert "/place/x" in said


def test_a_write_that_is_interrupted_keeps_what_was_there(tmp_path, monkeypatch):
    write_whole(tmp_path / "new" / "file", b"old")

    def stop(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "new" / "file", b"new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]
    assert (tmp_path / "new" / "file").read_bytes() == b"old"


# ---------------------------------------------------------------- a stopped training, a killed kernel

KERAS = """
import os, sys, time; sys.path.insert(0, '.'); os.environ.pop('COURSE_STRICT', None)
os.environ.update(CUDA_VISIBLE_DEVICES='-1')
import course_utils as course
course.start(keras=True)
import numpy as np
from course_utils.keras_tools import studies
from course_utils.visuals.training import LivePlot
rng = np.random.default_rng(0)
x, t = rng.integers(0, 255, (2000, 36, 36)).astype(np.uint8), rng.integers(0, 10, 2000)
import keras
class Pace(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        self.began = time.time()
    def on_train_batch_end(self, batch, logs=None):
        self.slowest = max(getattr(self, 'slowest', 0), time.time() - self.began)
model, live, pace = studies.anywhere_cnn(), LivePlot('digits'), Pace()
"""
FIT = "_ = studies.fit(model, x, t, {steps}, callbacks=[live.callback(), pace])\nended = time.time()"


@pytest.mark.keras
@pytest.mark.slow
def test_the_stop_button_in_a_training_of_the_lessons_and_going_on():
    kernel = Kernel()
    try:
        kernel.run(KERAS)
        # compiled once: a first compilation can take seconds and cannot be broken off
        kernel.run(FIT.format(steps=3) + "; pace.slowest = 0")
        before = kernel.run("print(float(np.abs(model.get_weights()[0]).sum()))")
        kernel.start(FIT.format(steps=10**6))
        kernel.wait_for_display()
        time.sleep(3)
        pressed = time.time()
        kernel.manager.interrupt_kernel()
        kernel.finish()  # an error in the cell would raise here
        ended, done, words, slowest = eval(kernel.run("print((ended, live.done, live.words, pace.slowest))"))
        # the batch at work is finished: on a busy machine that alone can take more than the second
        assert ended - pressed < max(1, 4 * slowest) and done > 0
        assert "the stop button was pressed; the weights are as they were then" in words
        kept = kernel.run("kept = model.get_weights(); print(float(np.abs(kept[0]).sum()))")
        assert kept != before  # what was learned is there
        more = FIT.format(steps=3) + "\nprint(live.done, float(np.abs(model.get_weights()[0] - kept[0]).max()))"
        more = kernel.run(more).split()
        assert float(more[0]) > done and 0 < float(more[1]) < 0.1  # it went on from there
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)


@pytest.mark.keras
@pytest.mark.slow
def test_a_training_against_attacks_is_stopped_and_goes_on():
    from course_utils.keras_tools import robust
    from course_utils.keras_tools.models import digit_cnn
    from course_utils.visuals.training import LivePlot

    rng = np.random.default_rng(0)
    batches = [(rng.random((8, 28, 28, 1), np.float32), rng.integers(0, 10, 8)) for _ in range(6)]
    model, live, pressed = digit_cnn(weights=None), LivePlot("robust"), []

    def press(step):
        if step == 2 and not pressed:
            pressed.append(os.kill(os.getpid(), signal.SIGINT))

    before = model.get_weights()[0]
    robust.train_against(model, batches, 0.1, steps=1, watch=press, live=live)
    assert live.stopped and live.done == 3 and "the stop button was pressed" in live.words
    kept = model.get_weights()[0]
    assert np.abs(kept - before).max() > 0
    robust.train_against(model, batches[3:], 0.1, steps=1, live=live)
    assert live.done == 6 and len(live.history["loss"]) == 6 and 0 < np.abs(model.get_weights()[0] - kept).max() < 0.1


def test_a_kernel_killed_in_the_middle_starts_again_and_nothing_is_broken(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    recordings.write("kept", {"a": np.arange(5)}, seed=0, command="x")
    setup = ("import sys, time; sys.path.insert(0, '.')\nimport numpy as np\n"
             "from course_utils.datasets import recordings\n"
             "from course_utils.visuals.training import LivePlot\nlive = LivePlot('loop')")
    training = ("for step in live.watch(range({})):\n    time.sleep(0.001); live.log(loss=1 / (step + 1))\n"
                "    recordings.write('kept', {{'a': np.arange(5) + step}}, seed=step, command='x')")
    kernel = Kernel()
    try:
        kernel.run(setup)
        kernel.start(training.format(10**6))
        kernel.wait_for_display()
        time.sleep(0.7)
        os.kill(kernel.manager.provisioner.pid, signal.SIGKILL)  # as the system does to one that takes too much memory
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=60)
        try:
            kept = recordings.read("kept")
            assert (kept.arrays["a"] == np.arange(5) + kept.metadata["seed"]).all()
        except ValueError as between:  # killed between the two files: said, with the command that mends it
            assert "one was changed: remake it by `x`" in str(between) or "does not describe" in str(between)
        kernel.run(setup)
        kernel.run(training.format(20))  # the cells from above, and all is well
        assert kernel.run("print(live.words)").startswith("Done after 20 steps")
        assert recordings.read("kept").metadata["seed"] == 19
        assert recordings.names() == ["kept"]
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)


# ---------------------------------------------------------------- damaged files


@pytest.mark.parametrize("damage", ["cut", "text", "other", "gone"])
def test_a_damaged_file_of_digits_is_one_sentence(tmp_path, damage):
    import sklearn

    good = (Path(sklearn.__file__).parent / "datasets" / "data" / "digits.csv.gz").read_bytes()
    file = tmp_path / "digits.csv.gz"
    rows = gzip.decompress(good).splitlines(keepends=True)
    content = {"cut": good[: len(good) // 2], "text": b"no archive", "other": gzip.compress(b"".join(rows[:500]))}
    if damage != "gone":
        file.write_bytes(content[damage])
    with pytest.raises(ValueError) as caught:
        handwriting._table(file)
    is_a_sentence(str(caught.value))
    assert str(file) in str(caught.value) and "installs it anew" in str(caught.value)
    file.write_bytes(good)
    assert handwriting._table(file).shape == (1797, 65)


def test_damaged_weights_are_one_sentence(tmp_path, monkeypatch):
    from course_utils.keras_tools import models

    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    shutil.copytree(ROOT / "data" / "weights", tmp_path / "weights")
    file = tmp_path / "weights" / "digit_cnn.npz"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ValueError) as caught:
        recordings.read(models._file("digit_cnn"))
    is_a_sentence(str(caught.value))
    assert f"remake it by `{models.COMMAND}`" in str(caught.value)


def test_a_damaged_file_of_solutions_costs_the_solution_and_not_the_check(tmp_path, monkeypatch):
    from course_utils.exercises import registry

    one = registry.find("neuron.learn")
    assert one.solution.startswith("def ")
    (tmp_path / "solutions.json").write_text('{"neuron.output": "def')
    monkeypatch.setattr(registry, "SOLUTIONS", tmp_path / "solutions.json")
    assert one.solution is None


# ---------------------------------------------------------------- a notebook opened untrusted

EDITIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))
SAFE = {"text/plain", "image/png", "image/jpeg", "text/latex", "text/markdown"}  # JupyterLab shows these in any case
# What its sanitizer takes out of an untrusted text/html: an output must not need it.
UNSAFE = re.compile(r"<(?:script|iframe|object|embed|form|link|style|svg|canvas)\b|<[^>]*\son\w+\s*=|javascript:", re.I)


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
def test_a_notebook_that_nobody_has_trusted_shows_all_there_is_to_see(path):
    """A clone of the course is untrusted: the reader sees the stored outputs, without HTML that could run something."""
    shown = 0
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            shown += bool(data)
            assert set(data) <= SAFE | {"text/html"}, f"{path.stem}, {cell['id']}: {sorted(data)}"
            page = "".join(data.get("text/html", ""))
            assert not UNSAFE.search(page), f"{path.stem}, {cell['id']}: {UNSAFE.search(page)[0]}"
            if data:
                words = "".join(data.get("text/plain", "")).strip()
                assert words and not re.match(r"<[\w.]+ (object|at) |<Figure size", words), (cell["id"], words[:80])
    assert shown > 5


def test_the_search_for_unsafe_pages_finds_one():
    for page in ("<SCRIPT>x</script>", '<img onerror="x">', '<a href="javascript:x">', "<style>p{}</style>"):
        assert UNSAFE.search(page)
    assert not UNSAFE.search('<div style="margin:1em"><details><summary>is one = two?</summary></details></div>')
