"""Quiet Keras: no log line gets into a notebook, and nothing else is kept out of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.keras_tools import quiet

ROOT = Path(__file__).resolve().parents[2]
LOG = b"I0000 00:00:1795358149.980796   10823 port.cc:153] oneDNN custom operations are on.\n"
posix = pytest.mark.skipif(os.name != "posix", reason="the filter is for Linux and macOS; elsewhere none is needed")


def python(code, **environment):
    """Run code in a new interpreter; gives (exit status, standard output, standard error)."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "-1", **environment}
    environment = {key: value for key, value in environment.items() if value is not None}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, timeout=240)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    "line",
    [
        LOG,
        b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n",
        b"W0000 00:00:1795358149.980796   10823 gpu_device.cc:2342] Cannot dlopen some GPU libraries.\n",
        b"E0000 00:00:1795358149.980796   10823 cuda_dnn.cc:8310] Unable to register cuDNN factory\n",
        b"2026-11-22 14:41:49.000001: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.\n",
        b"2026-11-22 14:41:49.000001: E external/local_xla/xla/stream_executor/cuda/cuda_platform.cc:51] failed call "
        b"to cuInit: CUDA_ERROR_NO_DEVICE\n",
        b"I0000 00:00:1795358150.690994   10823 cpu_feature_guard.cc:227] This TensorFlow binary is optimized.\n"
        b"To enable the following instructions: AVX2 FMA, rebuild TensorFlow.\n",
    ],
)
def test_known_log_lines_are_dropped_however_they_are_cut(line):
    for cut in range(len(line) + 1):
        lines = quiet._Lines()
        out = lines.feed(b"before\n" + line[:cut]) + lines.feed(line[cut:] + b"after\n") + lines.flush()
        assert out == b"before\nafter\n", cut


@pytest.mark.parametrize(
    "line",
    [
        b"real problem\n",
        b"I0000 is a room number\n",
        b"\n",
        b"****************************************\n",
        b"To enable the following instructions: read them\n",
        b"F0000 00:00:1795358149.980796   10823 cuda_dnn.cc:12] Check failed\n",
        b"E0000 00:00:1795358149.980796   10823 bfc_allocator.cc:12] out of memory\n",
        b"E0000 00:00:1795358149.980796   10823 cuda_dnn.cc:12] Could not create cudnn handle\n",
        b"RuntimeWarning: W0000 00:00\n",
        b"\xff\xfe not text\r\x00\n",
    ],
)
def test_everything_else_comes_through_however_it_is_cut(line):
    for cut in range(len(line) + 1):
        lines = quiet._Lines()
        assert lines.feed(line[:cut]) + lines.feed(line[cut:]) + lines.flush() == line
        lines = quiet._Lines()
        assert lines.feed(line[:cut]) + lines.flush() + lines.feed(line[cut:]) + lines.flush() == line


def test_the_rest_of_a_line_that_went_out_does_not_wait():
    lines = quiet._Lines()
    assert (lines.feed(b"half"), lines.flush(), lines.feed(b" an hour")) == (b"", b"half", b" an hour")
    assert lines.feed(b"\n" + LOG + b"next\n") == b"\nnext\n"


@posix
def test_the_filter_loses_nothing_and_keeps_the_order():
    status, _, written = python(f"""
import os, subprocess, sys, threading
from course_utils.keras_tools import quiet
first = quiet._Filter()
assert first.in_place()
for number in range(20000):
    os.write(2, b"line %d\\n" % number)
    if number % 10 == 0:
        os.write(2, {LOG!r})
print("from Python", file=sys.stderr)
subprocess.run(["sh", "-c", "echo from a child >&2"], check=True)
if os.fork() == 0:
    os.write(2, b"from a fork\\n")
    os._exit(0)
os.wait()
os.write(2, b"the end, without a line feed")
""")
    expected = [f"line {number}" for number in range(20000)]
    expected += ["from Python", "from a child", "from a fork", "the end, without a line feed"]
    assert status == 0
    assert written.split("\n") == expected


@posix
def test_an_incomplete_line_goes_on_after_a_moment():
    _, seen, _ = python("""
import os, select
from course_utils.keras_tools import quiet
out, into = os.pipe()
os.dup2(into, 2)
quiet._Filter()
os.write(2, b"Continue? [y/n] ")
ready, _, _ = select.select([out], [], [], 5)
print(os.read(out, 100) if ready else "nothing")
""")
    assert seen.strip() == "b'Continue? [y/n] '"


def test_what_a_failing_import_wrote_is_shown(tmp_path):
    package = tmp_path / "keras"
    package.mkdir()
    broken = "import os\nos.write(2, b'no such instruction\\n')\nraise RuntimeError('broken')"
    (package / "__init__.py").write_text(broken)
    code = "from course_utils.keras_tools import quiet\nquiet.import_keras()"
    status, _, written = python(code, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert status == 1
    assert written.startswith("no such instruction\n")
    assert written.endswith("RuntimeError: broken\n")


@pytest.mark.keras
def test_a_backend_that_is_not_installed_is_named_in_one_sentence(tmp_path):
    code = """
import sys
sys.modules["jax"] = None  # as if it were not installed
from course_utils.keras_tools import quiet
try:
    quiet.import_keras()
except ModuleNotFoundError as error:
    print(error)
"""
    _, said, _ = python(code, KERAS_BACKEND="jax")
    assert said.count(".") <= 2 and "Keras is told to use jax" in said and "KERAS_BACKEND=tensorflow" in said


def test_the_room_loads_no_keras():
    status, _, written = python(
        "import sys\nfrom course_utils.keras_tools import quiet\nassert 'keras' not in sys.modules\n"
        "assert 'tensorflow' not in sys.modules"
    )
    assert (status, written) == (0, "")


@pytest.mark.keras
def test_words_for_the_device():
    _, said, written = python(
        "from course_utils.keras_tools import quiet\nquiet.import_keras()\nprint(quiet.device_words())",
        KERAS_BACKEND=None,
    )
    assert said.strip() == f"the processor ({quiet.cores_words()})"
    assert written == ""


@pytest.mark.keras
def test_a_notebook_stays_quiet_but_hears_real_problems():
    import nbformat
    from nbclient import NotebookClient

    cells = [
        f"import os, sys, time, warnings\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from course_utils.keras_tools import quiet\nkeras = quiet.import_keras()\n"
        "assert quiet.import_keras() is keras",
        "import numpy as np\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\n"
        "model.compile(optimizer='sgd', loss='mse', jit_compile=keras.config.backend() != 'torch')\n"
        "model.fit(np.zeros((8, 4)), np.zeros((8, 2)), epochs=2, verbose=0)\ntime.sleep(0.3)",
        f"os.write(2, {LOG!r})\nos.write(2, b'real problem\\n')\ntime.sleep(0.3);",
        "print('printed', file=sys.stderr)\nwarnings.warn('look out')",
        "os.system('echo from a child >&2')\ntime.sleep(0.3)",
        "os.write(2, b'no line feed')\ntime.sleep(0.5)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    # Where this variable is set, ipykernel leaves descriptor 2 alone, and nothing would be tested.
    as_in_a_lesson = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    NotebookClient(notebook, timeout=240, kernel_name="python3").execute(env=as_in_a_lesson)
    heard = [
        "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stderr")
        for cell in notebook.cells
    ]
    assert heard[:2] == ["", ""]
    assert heard[2] == "real problem\n"
    assert "printed\n" in heard[3] and "UserWarning: look out" in heard[3]
    assert heard[4] == "from a child\n"
    assert heard[5] == "no line feed"
