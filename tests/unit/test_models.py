"""The trained networks of lessons 04, 08 and 09: as good as promised, alike on every backend, verified on loading."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils.datasets import digits, placed_digits, recordings
from course_utils.keras_tools import models

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "data" / "weights"
PROMISED = {"digit_cnn": (20_490, 0.98), "placed_cnn": (33_546, 0.90)}
TEST_PARTS = {"digit_cnn": digits, "placed_cnn": placed_digits}
pytestmark = pytest.mark.keras


@pytest.mark.parametrize("name", PROMISED)
def test_trained_networks_hold_their_promise(name):
    parameters, promised = PROMISED[name]
    model = getattr(models, name)()
    pictures, labels = TEST_PARTS[name]()[1]
    assert model.count_params() == parameters
    assert models.accuracy(model, pictures, labels) >= promised
    logits = np.asarray(model(models.as_input(pictures[:5]), training=False))
    assert logits.shape == (5, 10)
    assert logits.min() < 0  # logits, no shares


@pytest.mark.parametrize("name", PROMISED)
def test_the_stored_weights_say_how_they_were_made(name):
    recording = recordings.read(WEIGHTS / f"{name}.npz")
    assert recording.metadata["command"] == models.COMMAND
    assert (WEIGHTS / f"{name}.npz").stat().st_size < 2_000_000
    three = [float(number) for number in re.findall(r"0\.\d{4}", recording.metadata["notes"])]
    assert len(three) == 3
    assert np.mean(three) >= PROMISED[name][1]


def test_untrained_networks_follow_the_seed():
    import keras

    first, again, other = (
        keras.utils.set_random_seed(seed) or models.digit_cnn(weights=None).get_weights() for seed in (1, 1, 2)
    )
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[0] != other[0]).any()


def test_damaged_or_missing_weights_are_refused_with_the_command(tmp_path, monkeypatch):
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    models.digit_cnn()
    file = tmp_path / "weights" / "digit_cnn.npz"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(models.COMMAND)):
        models.digit_cnn()
    file.unlink()
    with pytest.raises(FileNotFoundError, match=re.escape(models.COMMAND)):
        models.digit_cnn()


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_the_weights_mean_the_same_on_other_backends(backend, tmp_path):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    code = """
import sys
import numpy as np
import keras
from course_utils.datasets import digits, placed_digits
from course_utils.keras_tools import models
for model, data in ((models.digit_cnn(), digits), (models.placed_cnn(), placed_digits)):
    logits = keras.ops.convert_to_numpy(model(models.as_input(data()[1][0][:100]), training=False))
    np.save(f"{sys.argv[1]}/{model.name}.npy", logits)
"""
    environment = {**os.environ, "KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for name, data in TEST_PARTS.items():
        ours = np.asarray(getattr(models, name)()(models.as_input(data()[1][0][:100]), training=False))
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), ours, atol=1e-4)


def test_a_short_training_learns_and_repeats_itself():
    model, history = models.train_digit_cnn(seed=3, epochs=1, copies=1)
    _, again = models.train_digit_cnn(seed=3, epochs=1, copies=1)
    assert model.name == "digit_cnn"
    assert sorted(history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert history["val_accuracy"][0] > 0.5
    assert history["val_loss"] == pytest.approx(again["val_loss"], rel=1e-3)


@pytest.mark.slow
def test_trainings_reach_the_promised_accuracy():
    scores = [models.train_digit_cnn(seed)[1]["val_accuracy"][-1] for seed in (0, 1, 2)]
    assert np.mean(scores) >= 0.98


def test_shaking_without_force_changes_nothing():
    pictures = np.random.default_rng(0).random((3, 9, 7))
    still = models.shaken(pictures, shift=0, turn=0, zoom=0)
    assert still.dtype == np.float32
    np.testing.assert_allclose(still, pictures, atol=1e-6)


def test_shaking_moves_turns_and_keeps_the_range():
    pictures = digits()[0][0][:50] / 255
    moved = models.shaken(pictures, seed=1)
    assert moved.shape == pictures.shape
    assert moved.min() >= 0 and moved.max() <= 1
    assert (moved == models.shaken(pictures, seed=1)).all()
    assert all(abs(new - old).max() > 0.2 for new, old in zip(moved, pictures, strict=True))
    line = np.zeros((200, 21, 21))
    line[:, 10] = 1
    middles = models.shaken(line, shift=3, turn=0, zoom=0)[:, :, 10] @ np.arange(21)
    assert np.ptp(middles) == pytest.approx(6, abs=0.2)  # from 3 up to 3 down
    turned = models.shaken(line, shift=0, turn=30, zoom=0)
    np.testing.assert_allclose(turned[:, 10, 10], 1, atol=1e-6)  # about the middle
    heights = np.einsum("nrc,r->nc", turned, np.arange(21)) / np.maximum(turned.sum(axis=1), 1e-6)
    slopes = (heights[:, 15] - heights[:, 5]) / 10
    assert np.abs(slopes).max() == pytest.approx(np.tan(np.deg2rad(30)), abs=0.05)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: models.digit_cnn(weights="best"), "the text 'best'"),
        (lambda: models.train_digit_cnn(epochs=0), "epochs is 0"),
        (lambda: models.train_digit_cnn(seed=-1), "seed is -1"),
        (lambda: models.shaken(np.ones((28, 28))), "shape (28, 28)"),
        (lambda: models.shaken(np.ones((1, 28, 28)), zoom=2), "zoom is 2"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises((ValueError, TypeError), match=re.escape(words)):
        call()
