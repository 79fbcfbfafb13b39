"""Real handwritten digits that need no download, in the shape of MNIST."""

import functools
import importlib.util
import zlib
from pathlib import Path

import numpy as np

from course_utils.from_scratch._checks import checked, one_of, whole

TRAIN_SHARE = 0.7


@checked(split=one_of("random", "writers"), seed=whole(0), size=whole(8, 256))
def digits(split="random", seed=0, size=28):
    """1,797 handwritten digits, enlarged from 8x8 to ``size`` x ``size`` pixels: 1,257 for training, 540 for testing.

    Same form as ``mnist()``: ``(x_train, y_train), (x_test, y_test)``, all uint8, pictures (n, size, size) with ink
    255 on paper 0, labels (n,) from 0 to 9.

    split: "random" shuffles everything by ``seed``, so test digits come from hands that also wrote training digits, and
    the result flatters. "writers" keeps the order of collection, in which each person's digits follow each other: the
    first 70 % train, the last 30 % test, written by other people (``seed`` plays no part). The file does not name its
    writers, so one person may sit astride the cut.

    These digits are easy: a support vector machine on the bare pixels (C = 10) gets 0.99 of a random split right and
    0.97 by writers (measured by this project). To compare methods, take ``placed_digits``.

    Source: scikit-learn's ``load_digits``, the test part of E. Alpaydin and C. Kaynak, "Optical Recognition of
    Handwritten Digits", UCI Machine Learning Repository, 1998 (CC BY 4.0). Enlarged by cubic spline interpolation.
    """
    pictures, labels = enlarged(size)
    train, test = split_indices(len(labels), split, seed)
    return (pictures[train], labels[train]), (pictures[test], labels[test])


def split_indices(n, split, seed):
    """Row numbers for training and for testing, with no row in both."""
    order = np.random.default_rng(seed).permutation(n) if split == "random" else np.arange(n)
    cut = int(n * TRAIN_SHARE)
    return order[:cut], order[cut:]


@functools.lru_cache(maxsize=4)
def enlarged(size):
    """All digits in the order of collection, as read-only arrays (1797, size, size) and (1797,), kept in memory."""
    # The file load_digits() reads; importing scikit-learn for it would cost a second and 100 MB.
    package = Path(importlib.util.find_spec("sklearn").origin).parent
    table = _table(package / "datasets" / "data" / "digits.csv.gz")
    # Interpolation is linear and works on rows and columns alike: one matrix enlarges every picture.
    enlarge = _splines(np.linspace(0, 7, size)) @ np.linalg.inv(_splines(np.arange(8)))
    pictures = np.empty((len(table), size, size), np.uint8)
    for k in range(0, len(table), 100):  # all at once would take 45 MB for a moment, which the process keeps
        values = enlarge @ table[k : k + 100, :64].reshape(-1, 8, 8) @ enlarge.T * (255 / 16)  # the source's ink: 0-16
        pictures[k : k + 100] = np.clip(values, 0, 255) + (0.5 + 1e-9)  # to the nearest; a half up on every machine
    labels = table[:, 64].astype(np.uint8)
    pictures.flags.writeable = labels.flags.writeable = False
    return pictures, labels


def _splines(places):
    """The cubic B-splines over the points 0 to 7, mirrored at both ends, at each of the places: (places, 8).

    The numbers of ``scipy.ndimage.zoom(..., order=3)`` without its import, which takes a third of a second.
    """
    away = np.abs(places[:, None] - np.arange(-1, 9))
    values = np.where(away < 1, 2 / 3 - away**2 + away**3 / 2, np.clip(2 - away, 0, None) ** 3 / 6)
    values[:, 2] += values[:, 0]
    values[:, -3] += values[:, -1]
    return values[:, 1:-1]


def _table(file):
    """One row for each digit: 64 pixels and the label. Raises ValueError where the file is not what it should be."""
    try:
        table = np.loadtxt(file, delimiter=",")
        if table.shape == (1797, 65) and set(np.unique(table[:, 64])) == set(range(10)):
            return table
        reason = f"it holds a table of shape {table.shape}"
    except (OSError, EOFError, ValueError, zlib.error) as problem:
        reason = getattr(problem, "strerror", None) or "it is cut short or damaged"
    raise ValueError(
        f"digits: {file} is not the file of digits that scikit-learn brings ({reason}): remove the folder .venv and "
        "run `python -m course_utils lab`, which installs it anew."
    )
