"""A recording is what was written, or one sentence."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from course_utils.datasets import recordings
from course_utils.datasets.recordings import deviations, follows, names, read, verify, write


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    return tmp_path / "recordings"


def run(steps, rate=0.1):
    """A made-up training: a weight and a loss that fall, and a picture that goes along."""
    steps = np.asarray(steps)
    weights = np.exp(-rate * steps)[:, None] * np.array([1.0, -2.0, 3.0])
    return {"steps": steps, "weights": weights, "loss": (weights**2).sum(axis=1)}


def recorded(name="run", **more):
    arrays = run(range(0, 100, 10)) | {"classes": np.array(["rabbit", "unicorn"])}
    return write(name, arrays, seed=3, command="python make_run.py", fixed=("classes",), **more)


def refused(call, kind, *words):
    with pytest.raises(kind) as caught:
        call()
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_what_is_written_comes_back(folder):
    recorded(notes="a note with ä")
    recording = read("run")
    expected = run(range(0, 100, 10))
    assert set(recording.arrays) == {"steps", "weights", "loss", "classes"}
    assert all(np.array_equal(recording.arrays[name], array) for name, array in expected.items())
    assert recording.arrays["classes"].tolist() == ["rabbit", "unicorn"]
    assert (recording.metadata["seed"], recording.metadata["command"]) == (3, "python make_run.py")
    assert recording.metadata["notes"] == "a note with ä"
    assert recording.metadata["versions"]["numpy"] == np.__version__
    assert sorted(file.name for file in folder.iterdir()) == ["run.json", "run.npz"]
    with pytest.raises(ValueError):
        recording.arrays["loss"][0] = 0.0
    assert names() == verify() == ["run"] and "run" in repr(recording)


def test_every_type_of_plain_array_survives(folder):
    arrays = {"file": np.float16([1.5]), "a/b": np.array(True), "c": np.zeros((0, 3), np.uint8), "d": np.array("ä")}
    recording = write("types", arrays, seed=0, command="x")
    for name, array in arrays.items():
        back = recording.arrays[name]
        assert back.dtype == array.dtype and back.shape == array.shape and np.array_equal(back, array)


def test_writing_again_gives_the_same_bytes(folder):
    recorded()
    first = [(folder / f"run.{ending}").read_bytes() for ending in ("npz", "json")]
    recorded()
    assert first == [(folder / f"run.{ending}").read_bytes() for ending in ("npz", "json")]


def test_scrubbing_goes_to_the_nearest_step():
    recording = recorded()
    assert len(recording) == 10 and recording.steps.tolist() == list(range(0, 100, 10))
    for asked, given in ((-5, 0), (0, 0), (14, 10), (15, 10), (15.1, 20), (1000, 90)):
        moment = recording.at(asked)
        assert moment["step"] == given and set(moment) == {"step", "weights", "loss"}
        assert np.array_equal(moment["weights"], run([given])["weights"][0])
    refused(lambda: recording.at("first"), TypeError, "step", "'first'")


def test_a_recording_without_steps_has_arrays_only():
    recording = write("weights", {"kernel": np.eye(3), "bias": np.zeros(3)}, seed=0, command="train")
    assert len(recording) == 0 and recording.series == ()
    refused(lambda: recording.at(3), ValueError, "no steps", "weights")


def test_a_path_may_be_given(tmp_path):
    write(tmp_path / "elsewhere" / "mine.npz", {"a": [1, 2]}, seed=0, command="x")
    assert read(str(tmp_path / "elsewhere" / "mine.npz")).arrays["a"].tolist() == [1, 2]
    assert names() == []


def test_versions_name_keras_only_where_it_was_used(monkeypatch):
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    assert set(recorded().metadata["versions"]) == {"python", "numpy"}
    fake = type(sys)("keras")
    fake.__version__ = "3.0"
    fake.backend = type(sys)("backend")
    fake.backend.backend = lambda: "enginename"
    engine = type(sys)("enginename")
    engine.__version__ = "9.1"
    monkeypatch.setitem(sys.modules, "keras", fake)
    monkeypatch.setitem(sys.modules, "enginename", engine)
    assert recorded().metadata["versions"]["backend"] == "enginename 9.1"


def test_too_large_says_how_large_and_writes_nothing(folder):
    recorded()
    before = (folder / "run.npz").read_bytes()
    noise = np.random.default_rng(0).random((300, 1000))
    refused(lambda: write("run", {"a": np.ones(3), "noise": noise}, seed=0, command="x"), ValueError, "2.3 MB", "noise")
    assert (folder / "run.npz").read_bytes() == before


def test_missing_names_the_command_and_the_others(folder):
    recorded()
    recorded("second")
    refused(lambda: read("third"), FileNotFoundError, "third", "run, second")
    (folder / "run.npz").unlink()
    refused(lambda: read("run"), FileNotFoundError, "run", "`python make_run.py`")
    refused(verify, FileNotFoundError, "`python make_run.py`")  # verify does not pass over half a recording


def test_every_damage_is_noticed(folder):
    recorded()
    file = folder / "run.npz"
    content = file.read_bytes()
    for damaged in (b"", b"text", content[: len(content) // 2], content[:-5], content[40:]):
        file.write_bytes(damaged)
        refused(lambda: read("run"), ValueError, "run.npz", "`python make_run.py`")
    generator = np.random.default_rng(1)
    original, kept = run(range(0, 100, 10)), 0
    for _ in range(150):
        changed = bytearray(content)
        changed[generator.integers(len(changed))] ^= 1 << generator.integers(8)
        file.write_bytes(changed)
        try:
            arrays = read("run").arrays
        except ValueError as problem:
            assert "`python make_run.py`" in str(problem)
        else:  # a bit that holds no data, such as a date
            assert all(np.array_equal(arrays[name], array) for name, array in original.items())
            kept += 1
    assert kept < 100


@pytest.mark.parametrize("change", ["value", "type", "name", "less", "seed", "command"])
def test_a_change_that_reads_well_fails_the_checksum(folder, change):
    recorded()
    with np.load(folder / "run.npz") as archive:
        arrays = dict(archive)
    if change == "value":
        arrays["loss"][3] += 1e-9
    elif change == "type":
        arrays["loss"] = arrays["loss"].astype(np.float32)
    elif change == "name":
        arrays["lost"] = arrays.pop("loss")
    elif change == "less":
        del arrays["classes"]
    else:
        file = folder / "run.json"
        metadata = json.loads(file.read_text()) | {"seed": {"seed": 4}.get(change, 3)}
        metadata["command"] += " --other" if change == "command" else ""
        file.write_text(json.dumps(metadata))
    np.savez_compressed(folder / "run.npz", **arrays)
    refused(lambda: read("run"), ValueError, "remake it by `python make_run.py")


def test_objects_are_not_loaded(folder):
    recorded()
    np.savez(folder / "run.npz", steps=np.array([{}, None], object))
    refused(lambda: read("run"), ValueError, "Python objects", "`python make_run.py`")


def test_a_damaged_or_newer_description(folder):
    recorded()
    file = folder / "run.json"
    metadata = json.loads(file.read_text())
    file.write_text(json.dumps(metadata | {"format": 2}))
    refused(lambda: read("run"), ValueError, "format 2", "format 1", "update")
    half = (json.dumps(metadata | {"arrays": 3}), json.dumps({"format": 1}))
    for damaged in ("", "{", "[]", "7", "{}", *half, '"\udcff"'):
        file.write_bytes(damaged.encode(errors="surrogateescape"))
        refused(lambda: read("run"), ValueError, "run.json", "git")


def test_a_short_remake_follows_or_does_not():
    recording = recorded()
    assert follows(recording, run([0, 10, 20]), tolerance=0)
    assert follows("run", run([20, 50]), tolerance=1e-12)
    other = run([0, 10, 20], rate=0.11)
    assert not follows(recording, other, tolerance=0.01) and follows(recording, other, tolerance=0.2)
    loss = recording.arrays["loss"]
    expected = np.abs(other["loss"] - run([0, 10, 20])["loss"]).max() / (loss.max() - loss.min())
    assert deviations(recording, other)["loss"] == pytest.approx(expected)
    assert follows(recording, {"classes": ["rabbit", "unicorn"]}, tolerance=0)
    assert not follows(recording, {"classes": ["unicorn", "rabbit"]}, tolerance=1000)


def test_a_loss_that_is_not_a_number_must_be_so_in_both():
    recording = write("bad", {"steps": [1, 2, 3], "loss": [1.0, np.nan, np.inf]}, seed=0, command="x")
    assert follows(recording, {"steps": [1, 2, 3], "loss": [1.0, np.nan, np.inf]}, tolerance=0)
    assert not follows(recording, {"steps": [1, 2], "loss": [1.0, 2.0]}, tolerance=10)
    assert not follows(recording, {"steps": [1], "loss": [np.nan]}, tolerance=10)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": [0, 5]}, ["step 5"]),
        ({"loss": [1.0]}, ["loss", "(1,)", "(2,)"]),
        ({"lost": [1.0, 2.0]}, ["lost", "steps, weights, loss, classes"]),
        ({"steps": None}, ["steps"]),
    ],
)
def test_a_remake_that_cannot_be_compared(change, words):
    recording = recorded()
    arrays = {name: array for name, array in (run([0, 10]) | change).items() if array is not None}
    refused(lambda: follows(recording, arrays, tolerance=1), ValueError, *words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, ["name"]),
        ({"name": None}, ["name", "None"]),
        ({"name": "a/b"}, ["name", "a/b"]),
        ({"name": "../run"}, ["name", "../run"]),
        ({"name": "run.zip"}, ["name", ".npz"]),
        ({"arrays": {}}, ["arrays", "empty dict"]),
        ({"arrays": [1, 2]}, ["arrays", "list"]),
        ({"arrays": {1: [2]}}, ["arrays"]),
        ({"arrays": {"a": [{}, None]}}, ["arrays['a']", "list"]),
        ({"arrays": {"a": [[1], [2, 3]]}}, ["arrays['a']", "list"]),
        ({"arrays": {"a": 1j}}, ["arrays['a']"]),
        ({"arrays": {"steps": [2, 1], "a": [1, 2]}}, ["steps", "rise"]),
        ({"arrays": {"steps": [[1, 2]]}}, ["steps", "(1, 2)"]),
        ({"arrays": {"steps": []}}, ["steps"]),
        ({"arrays": {"steps": [1, 2], "a": [1, 2, 3]}}, ["a has shape (3,)", "2 steps", "fixed="]),
        ({"fixed": ("b",)}, ["fixed", "choose from a"]),
        ({"fixed": "a"}, ["fixed"]),
        ({"seed": -1}, ["seed", "-1"]),
        ({"seed": None}, ["seed", "None"]),
        ({"command": " "}, ["command"]),
        ({"notes": 3}, ["notes", "3"]),
    ],
)
def test_bad_input_gets_one_sentence_and_writes_nothing(folder, change, words):
    good = {"name": "run", "arrays": {"a": [1.0, 2.0]}, "seed": 0, "command": "x"}
    refused(lambda: write(**(good | change)), (ValueError, TypeError), *words)
    assert not folder.exists()


def test_recordings_of_the_course_are_whole(monkeypatch):
    monkeypatch.delenv("COURSE_DATA")
    place = recordings.data_folder() / "recordings"
    assert (place.parent / "README.md").is_file()
    assert verify() == names()
    for name in names():
        assert (place / f"{name}.npz").stat().st_size <= recordings.LARGEST
        assert not re.search(r"(?:^|\s)(/|[A-Z]:\\)", read(name).metadata["command"])  # no path of one machine


def test_reading_needs_no_keras():
    recorded()
    code = "import sys; from course_utils.datasets import read; read('run'); assert 'keras' not in sys.modules"
    root = recordings.__file__.rpartition("course_utils")[0]
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
