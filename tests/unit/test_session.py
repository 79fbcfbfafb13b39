"""`start` says one line, sets the seeds, and is quiet about everything else."""

import logging
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils.exercises import start

ROOT = Path(__file__).resolve().parents[2]


def fresh(code, tmp_path):
    """What a new Python prints that runs the code, with no caches of Matplotlib's."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(tmp_path / "matplotlib")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_cold_start_says_one_line_and_loads_no_keras(tmp_path):
    code = "import sys, course_utils as course; course.start(); print({'keras', 'tensorflow'} & set(sys.modules))"
    done = fresh(code, tmp_path)
    first, loaded = done.stdout.splitlines()
    assert re.fullmatch(r"Course ready: Python 3\.1\d, NumPy 2\.\d+, running on the processor \(\d+ cores?\)", first)
    assert loaded == "set()"
    assert done.stderr == ""


@pytest.mark.keras
def test_a_start_with_keras_is_as_quiet(tmp_path):
    code = (
        "import course_utils as course; course.start(keras=True, seed=3); import keras; a = keras.random.normal((2,));"
        "course.start(keras=True, seed=3); print(bool(keras.ops.all(a == keras.random.normal((2,)))))"
    )
    done = fresh(code, tmp_path)
    first, second, same = done.stdout.splitlines()
    assert first == second
    assert re.fullmatch(r"Course ready: .*, Keras 3\.\d+ on (TensorFlow|JAX|PyTorch), running on .+", first)
    assert same == "True"
    assert done.stderr == ""


def test_starting_again_begins_the_random_numbers_again(capsys):
    drawn = []
    for seed in (5, 5, np.int64(6)):
        start(seed=seed)
        drawn.append((random.random(), np.random.rand()))  # noqa: NPY002 - the global generator is what is tested
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_only_two_messages_of_matplotlib_are_kept_out(caplog, capsys):
    start()
    start()
    fonts, other = logging.getLogger("matplotlib.font_manager"), logging.getLogger("matplotlib")
    with caplog.at_level(logging.WARNING):
        fonts.warning("Matplotlib is building the font cache; this may take a moment.")
        other.warning("Matplotlib created a temporary cache directory at %s because ...", "/somewhere")
        fonts.warning("findfont: Font family %r not found.", "Nowhere Sans")
    assert [record.getMessage() for record in caplog.records] == ["findfont: Font family 'Nowhere Sans' not found."]
    assert len(fonts.filters) == len(other.filters) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"keras": "yes"}, "start: keras is the text 'yes', expected True or False."),
        ({"keras": 1}, "start: keras is 1, expected"),
        ({"seed": -1}, "start: seed is -1, expected a whole number from 0 to 2**32 - 1."),
        ({"seed": 2**32}, "start: seed is"),
        ({"seed": 1.0}, "start: seed is 1.0, expected"),
        ({"seed": True}, "start: seed is True, expected"),
        ({"seed": None}, "start: seed is None, expected"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(arguments, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        start(**arguments)
    assert words in str(caught.value)
