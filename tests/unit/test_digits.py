"""Digits, placed digits, photographs and the X-or-O pictures."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils import datasets
from course_utils.datasets import (
    digits,
    features,
    handwriting,
    photographs,
    placed_digits,
    shuffle_pixels,
    x_and_o,
    x_and_o_samples,
)
from course_utils.datasets.handwriting import enlarged

ROOT = Path(datasets.__file__).parents[2]


def rows(images):
    return {image.tobytes() for image in images}


def test_digits_have_the_form_of_mnist():
    for split in ("random", "writers"):
        (x_train, y_train), (x_test, y_test) = digits(split)
        assert x_train.shape == (1257, 28, 28) and x_test.shape == (540, 28, 28)
        assert y_train.shape == (1257,) and y_test.shape == (540,)
        assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
        assert x_train.min() == 0 and x_train.max() == 255
        assert set(y_train) == set(y_test) == set(range(10))


def test_enlarging_is_the_spline_of_scipy():
    from scipy import ndimage
    from sklearn.datasets import load_digits

    source = load_digits()
    pictures, labels = enlarged(28)
    for i in (0, 1, 500, 1796):
        direct = np.clip(ndimage.zoom(source.images[i], 3.5, order=3) * 255 / 16, 0, 255)
        assert np.abs(pictures[i] - direct).max() <= 0.5 + 1e-9
    assert len(pictures) == 1797 and np.array_equal(labels, source.target)


@pytest.mark.parametrize("size", [8, 13, 32])
def test_the_matrix_that_enlarges_is_the_one_of_scipy(size):
    from scipy import ndimage

    ours = handwriting._splines(np.linspace(0, 7, size)) @ np.linalg.inv(handwriting._splines(np.arange(8)))
    assert np.abs(ours - ndimage.zoom(np.eye(8), (size / 8, 1), order=3)).max() < 1e-12


def test_digits_are_split_by_seed_or_by_writer():
    pictures, _ = enlarged(28)
    (x_train, _), (x_test, _) = digits("writers", seed=3)
    assert np.array_equal(x_train, pictures[:1257]) and np.array_equal(x_test, pictures[1257:])
    (first, _), (rest, _) = digits(seed=1)
    assert np.array_equal(first, digits(seed=1)[0][0]) and not np.array_equal(first, digits(seed=2)[0][0])
    assert sorted(rows(first) | rows(rest)) == sorted(rows(pictures))


def test_digits_come_without_the_weight_of_scikit_learn():
    code = ("import sys; from course_utils.datasets import digits; digits(); "
            "assert not {'sklearn', 'scipy'} & {*sys.modules}")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_changing_digits_does_not_change_the_next_call():
    (x_train, _), _ = digits("writers")
    before = x_train.copy()
    x_train[:] = 7
    assert np.array_equal(digits("writers")[0][0], before)


def test_placed_digits_show_no_handwriting_twice_over_the_split(monkeypatch):
    from course_utils.datasets import placed

    pictures, _ = enlarged(placed.DIGIT)
    used = []
    original = placed._place

    def spy(part, *rest):
        used.append(rows(part))
        return original(part, *rest)

    monkeypatch.setattr(placed, "_place", spy)
    placed_digits(20, 10)
    train, test = used
    both = train & test  # two people may have written the very same 8x8 digit, but no entry is used twice
    assert len(train | test) == len(rows(pictures)) and len(both) <= len(pictures) - len(rows(pictures))


def test_placed_digits_are_deterministic_and_of_the_size_asked_for():
    (x_train, y_train), (x_test, y_test) = placed_digits(30, 12, size=40, seed=5)
    assert x_train.shape == (30, 40, 40) and x_test.shape == (12, 40, 40)
    assert x_train.dtype == y_train.dtype == np.uint8 and y_test.shape == (12,)
    again = placed_digits(30, 12, size=40, seed=5)
    assert np.array_equal(x_train, again[0][0]) and np.array_equal(x_test, again[1][0])
    assert not np.array_equal(x_train, placed_digits(30, 12, size=40, seed=6)[0][0])


def test_a_placed_digit_is_whole_and_stands_anywhere():
    from course_utils.datasets import placed

    pictures, labels = enlarged(placed.DIGIT)
    (images, classes), _ = placed_digits(200, 1)
    corners = set()
    for image, label in zip(images[:40], classes[:40], strict=True):
        candidates = pictures[labels == label].astype(int)
        windows = np.lib.stride_tricks.sliding_window_view(image, (placed.DIGIT, placed.DIGIT)).reshape(225, -1)
        # the digit's ink is never covered by something lighter, so somewhere one candidate lies wholly below the image
        fits = [(candidates.reshape(len(candidates), -1) <= window).all(axis=1).any() for window in windows]
        assert any(fits)
        corners.update(np.flatnonzero(fits))
    assert len(corners) > 20


def test_placed_digits_are_hard_for_pixels():
    from sklearn.svm import SVC

    (x_train, y_train), (x_test, y_test) = placed_digits(1000, 500)
    flat = SVC(C=10).fit(x_train.reshape(1000, -1) / 255, y_train)
    assert 0.25 < flat.score(x_test.reshape(500, -1) / 255, y_test) < 0.6


def test_shuffled_pixels_are_the_same_pixels_elsewhere():
    images = np.arange(2 * 36, dtype=np.uint8).reshape(2, 6, 6)
    shuffled = shuffle_pixels(images, seed=4)
    assert shuffled.shape == images.shape and shuffled.dtype == np.uint8 and not np.array_equal(shuffled, images)
    assert np.array_equal(np.sort(shuffled.reshape(2, -1)), images.reshape(2, -1))
    assert np.array_equal(shuffled[1] - shuffled[0], np.full((6, 6), 36))  # both in the same order
    assert np.array_equal(shuffled, shuffle_pixels(images, seed=4))


def test_the_x_gives_the_maps_of_the_lecture():
    pictures, labels = x_and_o()
    assert pictures.shape == (2, 9, 9) and set(np.unique(pictures)) == {-1, 1} and labels.tolist() == [0, 1]
    for picture in pictures:  # both are their own mirror images
        assert np.array_equal(picture, picture[::-1]) and np.array_equal(picture, picture[:, ::-1])
    first = [(pictures[0][:3, j : j + 3] * features()[0]).mean() for j in range(7)]
    assert np.allclose(first, [0.78, -0.11, 0.11, 0.33, 0.56, -0.11, 0.33], atol=0.005)
    assert features().shape == (3, 3, 3) and (features()[1].sum(), features()[0].sum()) == (1, -3)


def test_the_lectures_printed_x_differs_in_six_cells():
    printed = -np.ones((9, 9))
    printed[[1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8], [1, 7, 2, 6, 3, 5, 4, 5, 3, 6, 1, 6, 7]] = 1
    assert (printed != x_and_o()[0][0]).sum() == 6


def test_x_and_o_samples_vary_as_asked():
    pictures, labels = x_and_o_samples(60)
    assert np.array_equal(pictures, x_and_o()[0][labels])
    noisy, labels = x_and_o_samples(400, noise=0.1)
    assert (noisy != x_and_o()[0][labels]).mean() == pytest.approx(0.1, abs=0.01)
    shifted, labels = x_and_o_samples(200, shift=1, seed=2)
    assert ((shifted == 1).sum(axis=(1, 2)) == (x_and_o()[0][labels] == 1).sum(axis=(1, 2))).all()
    assert len(rows(shifted)) == 2 * 9  # nine places for each
    scaled, _ = x_and_o_samples(200, scale=2)
    assert len(rows(scaled)) == 2 * 4  # reaches 1, 2, 3, 4
    assert abs(labels.mean() - 0.5) < 0.1
    assert np.array_equal(noisy, x_and_o_samples(400, noise=0.1)[0])


def test_photographs_are_there_without_a_network():
    assert len(photographs()) == 9
    for name, words in photographs().items():
        picture = photographs(name)
        assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3 and picture.flags.writeable
        assert picture.std() > 10 and len(words) > 10
    assert np.array_equal(photographs("camera")[..., 0], photographs("camera")[..., 2])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: digits("wrters"), ["split", "'wrters'", "'writers'"]),
        (lambda: digits(seed="1"), ["seed", "'1'", "int"]),
        (lambda: digits(seed=1.5), ["seed", "1.5"]),
        (lambda: digits(size=7), ["size", "7", "8"]),
        (lambda: placed_digits(n_train=0), ["n_train", "0"]),
        (lambda: placed_digits(n_test=-3), ["n_test", "-3"]),
        (lambda: placed_digits(size=20), ["size", "20", "22"]),
        (lambda: shuffle_pixels(np.zeros((4, 4))), ["images", "(4, 4)", "height"]),
        (lambda: x_and_o_samples(-1), ["n", "-1"]),
        (lambda: x_and_o_samples(5, noise=1.5), ["noise", "1.5"]),
        (lambda: x_and_o_samples(5, shift=9), ["shift", "9"]),
        (lambda: photographs("dog"), ["name", "'dog'", "chelsea"]),
        (lambda: photographs(3), ["name", "3", "chelsea"]),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert all(word in str(caught.value) for word in words)
    assert "\n" not in str(caught.value)


def test_names_load_lazily_and_stay_functions():
    code = (
        "import sys, course_utils.datasets as d; "
        "assert not {'numpy', 'sklearn', 'scipy', 'skimage', 'keras'} & set(sys.modules); "
        "import course_utils.datasets.placed, course_utils.datasets.mnist_file; "
        "from course_utils.datasets import digits, mnist, photographs, placed_digits, recordings; "
        "assert callable(digits) and callable(mnist) and callable(photographs) and callable(d.markup); "
        "assert not {'sklearn', 'scipy', 'skimage', 'keras', 'tensorflow'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
    assert all(callable(getattr(datasets, name)) for name in datasets.__all__ if name != "recordings")
    with pytest.raises(AttributeError, match="no attribute 'mnst'"):
        _ = datasets.mnst
