"""The full MNIST, from a file you have or by a download that is checked."""

import gzip
import hashlib
import http.client
import os
import sys
import tempfile
import time
import urllib.request
import zipfile
import zlib
from pathlib import Path

import numpy as np

from course_utils.datasets._folder import data_folder
from course_utils.from_scratch._checks import checked, describe, one_of

ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"  # where Keras takes it from
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
TIMEOUT = 30  # seconds without a byte

# How often each digit comes. Fashion-MNIST and others have the same file names and shapes, but not these counts.
COUNTS = {
    "train": (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    "test": (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009),
}
ORIGINALS = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
# What a damaged or foreign archive makes NumPy, zipfile and gzip raise.
UNREADABLE = (OSError, EOFError, ValueError, TypeError, KeyError, NotImplementedError, zipfile.BadZipFile, zlib.error)
MEND = "replace it, or delete it and call mnist(download=True)"


@checked(download=one_of(True, False))
def mnist(path=None, download=False):
    """The full MNIST: 60,000 handwritten digits to train on and 10,000 to test with.

    Gives ``(x_train, y_train), (x_test, y_test)``, all uint8: pictures (n, 28, 28) with ink 255 on paper 0,
    labels (n,).

    path: Keras' ``mnist.npz``, or a folder with the four original files (``train-images-idx3-ubyte`` and so on, each
    plain or ``.gz``). Without it, the environment variable COURSE_MNIST is asked, then ``~/.keras/datasets/mnist.npz``,
    then ``mnist.npz`` in the course's ``data/``. Only if none of these exists does ``download=True`` fetch 11 MB from
    the address Keras uses, check them by their SHA-256 hash and keep them at ``path`` or in ``data/``.

    It gives MNIST or an error, never other data: FileNotFoundError if there is no file, ConnectionError if the
    download fails, ValueError if a file is damaged or is not MNIST.

    Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", 1998.
    """
    named = _named(path)
    candidates = [named] if named else [Path.home() / ".keras/datasets/mnist.npz", data_folder() / "mnist.npz"]
    found = next((place for place in candidates if place.exists()), None)
    if found is None and not download:
        raise FileNotFoundError(
            f"mnist: there is no file at {' or '.join(str(place) for place in candidates)}, but MNIST does not come "
            "with the course: call mnist(download=True) once (11 MB), give path= (mnist.npz, or a folder with the four "
            "original ubyte files), set COURSE_MNIST to such a path, or work on with digits(), which needs no file."
        )
    if found is None:
        found = candidates[-1]
        _download(found)
    if (found / "mnist.npz").is_file():
        found = found / "mnist.npz"
    arrays = _read_folder(found) if found.is_dir() else _read_npz(found)
    _check(arrays, found)
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _named(path):
    """The path the caller or the environment names, or None."""
    if path is not None and not isinstance(path, (str, os.PathLike)) or path == "":
        raise TypeError(f"mnist: path is {describe(path)}, but the path of a file or folder is expected: give a text.")
    path = path or os.environ.get("COURSE_MNIST")
    return Path(path).expanduser() if path else None


def _read_npz(file):
    try:
        with np.load(file, allow_pickle=False) as archive:
            missing = sorted(set(ORIGINALS) - set(archive))
            arrays = {name: archive[name] for name in ORIGINALS if name in archive}
    except UNREADABLE as problem:
        raise _unreadable(file, problem) from None
    if missing:
        raise ValueError(
            f"mnist: {file} has no array {missing[0]}, but x_train, y_train, x_test and y_test are expected (the names "
            f"Keras uses): {MEND}."
        )
    return arrays


def _read_folder(folder):
    arrays = {}
    for name, original in ORIGINALS.items():
        # The third dash is a dot where the files were unpacked by some programs.
        spellings = [original, original.replace("-idx", ".idx")]
        places = [folder / (spelling + ending) for spelling in spellings for ending in ("", ".gz")]
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            raise FileNotFoundError(
                f"mnist: the folder {folder} has no file {original} or {original}.gz, but the four original files are "
                "expected: put it there, or give the path of an mnist.npz."
            )
        try:
            content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        except UNREADABLE as problem:
            raise _unreadable(file, problem) from None
        arrays[name] = _parse_idx(file, content)
    return arrays


def _parse_idx(file, content):
    """Read the original format: two zero bytes, type 8 (uint8), number of axes, each axis as 4 bytes, the values."""
    axes = content[3] if len(content) > 3 else 0
    if content[:3] != b"\0\0\x08" or axes not in (1, 3) or len(content) < 4 + 4 * axes:
        raise _unreadable(file, "its first bytes are not those of an original MNIST file")
    shape = tuple(int(n) for n in np.frombuffer(content, ">u4", count=axes, offset=4))
    expected, came = int(np.prod(shape)), len(content) - 4 - 4 * axes
    if came != expected:
        raise _unreadable(file, f"it has {came:,} bytes of data where its head announces {expected:,}")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape).copy()


def _unreadable(file, problem):
    reason = getattr(problem, "strerror", None) or str(problem).rstrip(".")
    if not reason or isinstance(problem, (ValueError, TypeError, KeyError)):  # NumPy speaks of pickles and headers here
        reason = "it is cut short or holds something else than plain arrays"
    return ValueError(f"mnist: {file} cannot be read as MNIST ({reason}): {MEND}.")


def _check(arrays, file):
    """Raise unless the arrays have MNIST's shapes, types, and number of each digit."""
    for part, counts in COUNTS.items():
        n = sum(counts)
        for name, shape in ((f"x_{part}", (n, 28, 28)), (f"y_{part}", (n,))):
            array = arrays[name]
            if array.shape != shape or array.dtype != np.uint8:
                raise ValueError(
                    f"mnist: {name} in {file} is {array.dtype} of shape {array.shape}, but uint8 of shape {shape} is "
                    f"expected: {MEND}."
                )
        labels = arrays[f"y_{part}"]
        if labels.max() > 9:
            raise ValueError(f"mnist: y_{part} in {file} has the label {labels.max()}, but MNIST has 0 to 9: {MEND}.")
        came = tuple(int(count) for count in np.bincount(labels, minlength=10))
        if came != counts:
            digit = next(d for d in range(10) if came[d] != counts[d])
            raise ValueError(
                f"mnist: y_{part} in {file} has the label {digit} {came[digit]:,} times, but MNIST has it "
                f"{counts[digit]:,} times, so this is other data in the same form: {MEND}."
            )


def _download(target):
    """Fetch the file to ``target``; until its hash is right it lies under another name beside it."""
    digest, done, temporary = hashlib.sha256(), 0, None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            urllib.request.urlopen(ADDRESS, timeout=TIMEOUT) as reply,
            tempfile.NamedTemporaryFile(dir=target.parent, prefix="mnist-", suffix=".part", delete=False) as part,
        ):
            temporary = Path(part.name)
            total = int(reply.headers.get("Content-Length") or 0)
            for block in _blocks(reply, total):
                digest.update(block)
                part.write(block)
                done += len(block)
        if total and done != total:
            raise ConnectionError(
                f"mnist: the download stopped after {done:,} of {total:,} bytes: call mnist(download=True) once more."
            )
        if digest.hexdigest() != SHA256:
            raise ConnectionError(
                f"mnist: what came from {ADDRESS} is not Keras' mnist.npz (its SHA-256 hash begins with "
                f"{digest.hexdigest()[:8]}, not {SHA256[:8]}), so it was thrown away: try again from another network, "
                "or give path=."
            )
        temporary.chmod(0o644)
        temporary.replace(target)
    except (OSError, http.client.HTTPException) as problem:
        if str(problem).startswith("mnist:"):
            raise
        reason = problem if hasattr(problem, "code") else getattr(problem, "reason", problem)  # with the HTTP code
        raise ConnectionError(
            f"mnist: the download to {target} failed ({reason}): check the network and the free space, or take "
            "mnist.npz from a machine that has it and give path=."
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _blocks(reply, total):
    """Yield what comes, block by block, and keep one line of progress up to date, five times a second at most."""
    done, shown = 0, 0.0
    of = f" of {total / 1e6:.1f}" if total else ""
    while block := reply.read(1 << 16):
        done += len(block)
        yield block
        if time.monotonic() - shown > 0.2:
            shown = time.monotonic()
            sys.stdout.write(f"\rmnist: {done / 1e6:.1f}{of} MB")
            sys.stdout.flush()
    sys.stdout.write(f"\rmnist: {done / 1e6:.1f}{of} MB\n")
