"""Recorded runs: what a long training went through, to be scrubbed by a slider instead of waited for.

A recording called ``name`` is two files in ``data/recordings``: ``name.npz`` holds arrays and nothing else, at most
2 MB; ``name.json`` says how they were made (seed, command, versions), what they are (types, shapes) and a checksum over
all of it. The JSON lies beside the arrays so that it can be read without any program, and still names the command that
makes the recording anew when the arrays are missing or damaged.

Most recordings go along with ``steps``: one row of every array for each recorded step of the training.
"""

import hashlib
import io
import json
import os
import platform
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np

from course_utils.datasets._folder import data_folder, write_whole
from course_utils.from_scratch._checks import checked, describe, real, whole

FORMAT = 1
LARGEST = 2_000_000  # bytes of the .npz
UNREADABLE = (OSError, EOFError, ValueError, TypeError, KeyError, NotImplementedError, zipfile.BadZipFile, zlib.error)


class Recording:
    """A recorded run as ``read`` gives it.

    arrays: dict from name to read-only array. steps: 1-D array of the recorded steps, rising; empty for a recording
    that is no course of events (trained weights, say). series: names of the arrays that have one row for each step.
    metadata: dict with seed, command, notes, versions and checksum. ``len(recording)`` is the number of steps.
    """

    def __init__(self, name, arrays, metadata):
        self.name = name
        self.arrays = arrays
        self.metadata = metadata
        self.steps = arrays.get("steps", np.empty(0, int))
        self.series = tuple(metadata["series"])

    def __len__(self):
        return len(self.steps)

    def __repr__(self):
        return f"<recording {self.name}: {', '.join(self.arrays)}; {len(self)} steps>"

    def at(self, step):
        """What was recorded nearest to ``step`` (the earlier of two equally near), as a dict.

        ``"step"`` is the step it really belongs to, every series gives its row; arrays that do not go along with the
        steps are left out.
        """
        step = real()("Recording.at", "step", step)
        if not len(self):
            raise ValueError(f"Recording.at: the recording {self.name} has no steps to go to: use its arrays.")
        row = int(np.abs(self.steps - step).argmin())
        return {"step": self.steps[row].item(), **{name: self.arrays[name][row] for name in self.series}}


@checked(seed=whole(0))
def write(name, arrays, *, seed, command, notes="", fixed=()):
    """Write a recording and give it back as ``read`` would.

    name: a plain name for ``data/recordings``, or a path ending in ``.npz``. arrays: dict from name to array of
    numbers, truth values or texts. With an array ``"steps"`` (1-D, rising), every other array needs one row for each
    step, except those named in ``fixed``. seed, command: what makes the recording again; a test can then remake its
    beginning and compare it by ``follows``. The size limit is on the compressed file.

    Nothing is written unless all is well, and each file is replaced whole.
    """
    file = _file("write", name)
    if not isinstance(command, str) or not command.strip():
        raise ValueError(f"write: command is {describe(command)}, but the command that remakes it is expected: add it.")
    if not isinstance(notes, str):
        raise TypeError(f"write: notes is {describe(notes)}, but a text is expected: give a text, or leave it out.")
    arrays = _plain("write", arrays)
    series = _series(arrays, fixed)
    packed = _pack(arrays)
    size = len(packed)
    if size > LARGEST:
        largest = max(arrays, key=lambda key: arrays[key].nbytes)
        raise ValueError(
            f"write: the recording {file.stem} is {size / 1e6:.1f} MB, but at most {LARGEST / 1e6:.0f} MB are allowed "
            f"(the largest array is {largest}, {arrays[largest].dtype} of shape {arrays[largest].shape}): record fewer "
            "steps, or use float16 or uint8."
        )
    metadata = {
        "format": FORMAT,
        "seed": seed,
        "command": command.strip(),
        "notes": notes,
        "versions": _versions(),
        "arrays": {key: {"dtype": array.dtype.str, "shape": list(array.shape)} for key, array in arrays.items()},
        "series": series,
    }
    metadata["checksum"] = _checksum(arrays, metadata)
    write_whole(file, packed)
    write_whole(file.with_suffix(".json"), (json.dumps(metadata, indent=1, ensure_ascii=False) + "\n").encode())
    return read(file)


def read(name):
    """Read a recording and check it: FileNotFoundError if it is missing, ValueError if it is not what was written."""
    file = _file("read", name)
    metadata = _metadata(file)
    remake = f"remake it by `{metadata['command']}`"
    if not file.is_file():
        raise FileNotFoundError(f"read: the arrays of the recording {file.stem} are missing at {file}: {remake}.")
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive}
    except UNREADABLE as problem:
        objects = "Object arrays" in str(problem) or "pickle" in str(problem)
        what = "holds Python objects, which are not loaded because they can run code" if objects else "cannot be read"
        raise ValueError(f"read: {file} {what}, so it is damaged or no recording: {remake}.") from None
    for key in sorted({*arrays, *metadata["arrays"]}):
        described = metadata["arrays"].get(key)
        if key not in arrays or described != {"dtype": arrays[key].dtype.str, "shape": list(arrays[key].shape)}:
            raise ValueError(f"read: the array {key} in {file} is not as its .json describes it: {remake}.")
    if _checksum(arrays, metadata) != metadata["checksum"]:
        raise ValueError(f"read: {file} and its .json do not match their checksum, so one was changed: {remake}.")
    for array in arrays.values():
        array.flags.writeable = False
    return Recording(file.stem, arrays, metadata)


def _pack(arrays):
    """The bytes of a compressed .npz; the same arrays give the same bytes, for no time of day is in them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for key, array in arrays.items():
            entry = zipfile.ZipInfo(f"{key}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return packed.getvalue()


def names():
    """The names of all recordings in ``data/recordings``, sorted."""
    folder = data_folder() / "recordings"
    return sorted({file.stem for ending in ("npz", "json") for file in folder.glob(f"*.{ending}")})


def verify():
    """Read every recording in ``data/recordings`` and give their names; the first that fails raises as in ``read``."""
    return [read(name).name for name in names()]


@checked(tolerance=real(0))
def follows(recording, arrays, tolerance):
    """Whether a short remake follows a recording: True if every number is near the recorded one.

    arrays: dict like that given to ``write``, from a shorter run of the same command; its ``"steps"`` must all
    have been recorded. Arrays may be left out; one that does not go along with the steps is compared as a whole.
    tolerance: the largest difference allowed, as a share of the recorded array's range (largest minus smallest value
    over the whole recording), so that one number suits losses and pixels. Texts and truth values must be equal.
    """
    return all(share <= tolerance for share in deviations(recording, arrays).values())


def deviations(recording, arrays):
    """What ``follows`` compares: for each array its largest difference from the recording, as a share of its range."""
    if not isinstance(recording, Recording):
        recording = read(recording)
    arrays = _plain("follows", arrays)
    unknown = sorted(set(arrays) - set(recording.arrays))
    if unknown:
        raise ValueError(
            f"follows: arrays has {unknown[0]}, but the recording {recording.name} has only "
            f"{', '.join(recording.arrays)}: leave it out or rename it."
        )
    steps = arrays.pop("steps", None)
    if steps is None and recording.series and set(arrays) & set(recording.series):
        raise ValueError("follows: arrays has no steps, but they say which rows to compare: give the array steps.")
    if steps is not None and not np.isin(steps, recording.steps).all():
        other = steps[~np.isin(steps, recording.steps)][0]
        raise ValueError(
            f"follows: step {other} is not in the recording {recording.name}: remake it with the same steps."
        )
    rows = np.searchsorted(recording.steps, steps) if steps is not None else None
    result = {}
    for name, array in arrays.items():
        recorded = recording.arrays[name]
        expected = recorded[rows] if name in recording.series else recorded
        if array.shape != expected.shape:
            raise ValueError(
                f"follows: {name} has shape {array.shape}, but the recording has {expected.shape} for these steps: "
                "give it as it was recorded."
            )
        result[name] = _share(array, expected, recorded)
    return result


def _share(array, expected, recorded):
    """Largest difference over the range of ``recorded``; values that are not finite must be equally so."""
    numeric = array.dtype.kind in "iuf" and recorded.dtype.kind in "iuf"
    if not numeric:
        return 0.0 if np.array_equal(array, expected) else float("inf")
    array, expected, recorded = (np.asarray(a, float) for a in (array, expected, recorded))
    finite = np.isfinite(expected)
    if not np.array_equal(array[~finite], expected[~finite], equal_nan=True) or not np.isfinite(array[finite]).all():
        return float("inf")
    difference = float(np.abs(array[finite] - expected[finite]).max(initial=0.0))
    known = recorded[np.isfinite(recorded)]
    span = float(np.ptp(known)) if known.size else 0.0
    return difference / (span or float(np.abs(known).max(initial=0.0)) or 1.0)


def _file(function, name):
    """The .npz a name or a path stands for."""
    if not isinstance(name, (str, os.PathLike)) or not str(name).strip():
        raise TypeError(f"{function}: name is {describe(name)}, but the name of a recording is expected: give a text.")
    path = Path(name)
    if path.suffix == ".npz":
        return path.expanduser()
    if str(path) != path.name or path.suffix:
        raise ValueError(
            f"{function}: name is {describe(str(name))}, but a plain name or a path that ends in .npz is expected: "
            "give one of these."
        )
    return data_folder() / "recordings" / f"{name}.npz"


def _plain(function, arrays):
    """The arrays given, as a new dict of NumPy arrays of plain values."""
    if not isinstance(arrays, dict) or not arrays or not all(isinstance(key, str) and key for key in arrays):
        raise TypeError(f"{function}: arrays is {describe(arrays)}, but names with arrays are expected: give a dict.")
    plain = {}
    for key, value in arrays.items():
        try:
            plain[key] = np.asarray(value)
        except ValueError:  # rows of unequal length
            plain[key] = np.empty(0, object)
        if plain[key].dtype.kind not in "biufU":
            raise TypeError(
                f"{function}: arrays[{key!r}] is {describe(value)}, but numbers, truth values or texts are expected: "
                "convert it to an array of one of these."
            )
    return plain


def _series(arrays, fixed):
    """Names of the arrays with one row for each step; checks that all have as many."""
    steps = arrays.get("steps")
    unknown = [name for name in fixed if name not in arrays]
    if isinstance(fixed, str) or unknown:
        raise ValueError(
            f"write: fixed is {describe(fixed)}, but names of arrays that do not go along with the steps are expected: "
            f"choose from {', '.join(arrays)}."
        )
    if steps is None:
        return []
    if steps.ndim != 1 or steps.dtype.kind not in "iuf" or not len(steps) or not (np.diff(steps) > 0).all():
        raise ValueError(
            f"write: steps is {describe(steps)}, but numbers in one row that rise from each to the next are expected: "
            "sort them and drop doubles."
        )
    series = [name for name in arrays if name != "steps" and name not in fixed]
    for name in series:
        if arrays[name].shape[:1] != steps.shape:
            raise ValueError(
                f"write: {name} has shape {arrays[name].shape}, but one row for each of the {len(steps)} steps is "
                f"expected: record it at every step, or name it in fixed=."
            )
    return series


def _versions():
    """What the numbers may depend on; Keras only where it was used."""
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    keras = sys.modules.get("keras")
    if keras is not None:
        backend = keras.backend.backend()
        engine = sys.modules.get(backend)
        versions |= {"keras": keras.__version__, "backend": f"{backend} {getattr(engine, '__version__', '')}".strip()}
    return versions


def _checksum(arrays, metadata):
    """SHA-256 over names, types, shapes and bytes of the arrays and over everything else in the metadata."""
    described = {key: value for key, value in metadata.items() if key != "checksum"}
    digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode())
    for key in sorted(arrays):
        array = np.ascontiguousarray(arrays[key])
        digest.update(f"\n{key} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _metadata(file):
    """Read and check the .json beside the arrays."""
    beside = file.with_suffix(".json")
    if not beside.is_file():
        known = ", ".join(names()) or "none yet"
        raise FileNotFoundError(
            f"read: there is no recording {file.stem} ({beside} is missing), but there are: {known}: choose one of "
            "them, or get the file back with git."
        )
    try:
        metadata = json.loads(beside.read_text(encoding="utf-8"))
        version = metadata["format"]
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"read: {beside} is damaged or no recording's description: get it back with git.") from None
    if version != FORMAT:
        raise ValueError(
            f"read: the recording {file.stem} has format {version}, but this course reads format {FORMAT}: update the "
            "course, or remake the recording."
        )
    wanted = {"seed": int, "command": str, "arrays": dict, "series": list, "checksum": str}
    if any(not isinstance(metadata.get(key), kind) for key, kind in wanted.items()):
        raise ValueError(f"read: {beside} is damaged or no recording's description: get it back with git.")
    return metadata
