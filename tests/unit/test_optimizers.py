"""The optimizers: by hand, against PyTorch's stored paths and against Keras' updates."""

from pathlib import Path

import numpy as np
import pytest

from course_utils.from_scratch.optimizers import adam, momentum, rmsprop, sgd

TORCH = Path(__file__).parents[1] / "reference" / "values_torch.npz"
ALL = [sgd, momentum, rmsprop, adam]


def walk(make, start, gradients, **settings):
    """The places after each step."""
    w = np.array(start, dtype=float)
    update = make([w], **settings)
    path = []
    for g in gradients:
        update([g])
        path.append(w.copy())
    return np.array(path)


def test_sgd_and_momentum_by_hand():
    np.testing.assert_allclose(walk(sgd, [1.0], [np.array([2.0])] * 2, learning_rate=0.1), [[0.8], [0.6]])
    # v: -0.2, then 0.5 · -0.2 - 0.2 = -0.3
    path = walk(momentum, [1.0], [np.array([2.0])] * 2, learning_rate=0.1, momentum=0.5)
    np.testing.assert_allclose(path, [[0.8], [0.5]])


def test_the_first_steps_of_rmsprop_and_adam_do_not_depend_on_the_size_of_the_gradient():
    for size in (1e-2, 1.0, 1e4):
        g = [np.array([size])]
        assert walk(adam, [0.0], g, learning_rate=0.1)[0, 0] == pytest.approx(-0.1, rel=1e-3)
        assert walk(rmsprop, [0.0], g, learning_rate=0.1)[0, 0] == pytest.approx(-0.1 / np.sqrt(0.1), rel=1e-2)


@pytest.mark.parametrize(
    ("make", "settings"),
    [
        (sgd, {"learning_rate": 0.1}),
        (rmsprop, {"learning_rate": 0.01, "epsilon": 1e-30}),
        (adam, {"learning_rate": 0.01, "epsilon": 1e-16}),
    ],
)
def test_paths_equal_pytorch(make, settings):
    with np.load(TORCH, allow_pickle=False) as values:
        start, gradients, expected = (values[f"opt_{name}"] for name in ("start", "gradients", make.__name__))
    np.testing.assert_allclose(walk(make, start, gradients, **settings), expected, atol=1e-12)


@pytest.mark.parametrize("make", ALL)
def test_every_optimizer_reaches_the_bottom_of_a_bowl(make):
    w = np.array([3.0, -2.0])
    update = make([w], learning_rate=0.05)
    for _ in range(600):
        update([w * [1.0, 10.0]])
    assert np.linalg.norm(w) < 0.2  # RMSprop keeps jumping by about the rate


@pytest.mark.parametrize("make", ALL)
def test_one_step_at_another_rate(make):
    slow, fast = (np.array([1.0]) for _ in range(2))
    make([slow], learning_rate=0.01)([np.array([1.0])])
    make([fast], learning_rate=0.01)([np.array([1.0])], learning_rate=0.02)
    assert 1 - fast == pytest.approx(2 * (1 - slow))


@pytest.mark.parametrize("make", ALL)
def test_gradients_are_left_as_they_are_and_lists_will_do(make):
    w, g = np.array([1.0, 2.0]), np.array([0.5, 0.5])
    update = make([w])
    update([g])
    update([[0.5, 0.5]])
    np.testing.assert_array_equal(g, [0.5, 0.5])
    assert (w < [1, 2]).all()


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize(
    ("use", "error", "words"),
    [
        (lambda make: make(np.ones(2)), TypeError, "parameters is an array of shape .* a list of arrays is expected"),
        (lambda make: make([]), TypeError, "parameters is an empty list"),
        (lambda make: make([1.0]), TypeError, r"parameters\[0\] is 1.0"),
        (lambda make: make([np.ones(2, int)]), TypeError, r"parameters\[0\] is an array of int64 numbers"),
        (lambda make: make([np.ones(2)], learning_rate=0), ValueError, "learning_rate is 0, but .*above 0"),
        (lambda make: make([np.ones(2)], learning_rate="fast"), TypeError, "learning_rate is the text 'fast'"),
        (lambda make: make([np.ones(2)])([]), ValueError, "gradients is an empty list, but a list of 1 arrays"),
        (lambda make: make([np.ones(2)])([np.ones(3)]), ValueError, r"gradients\[0\] has shape \(3,\)"),
        (lambda make: make([np.ones(2)])([np.ones(2)], -1), ValueError, "learning_rate is -1"),
    ],
)
def test_bad_input_gets_a_sentence(make, use, error, words):
    with pytest.raises(error, match=f"^{make.__name__}: {words}"):
        use(make)


@pytest.mark.parametrize("make", ALL)
def test_a_gradient_that_is_not_finite_changes_nothing(make):
    first, second = np.ones(2), np.ones(2)
    update = make([first, second])
    with pytest.raises(FloatingPointError, match=rf"{make.__name__}: gradients\[1\] contains inf or nan"):
        update([np.ones(2), np.array([1.0, np.nan])])
    np.testing.assert_array_equal([first, second], 1)


@pytest.mark.keras
@pytest.mark.parametrize("make", ALL)
def test_twenty_steps_equal_keras(make):
    import keras

    rate = 0.01
    theirs = {
        sgd: keras.optimizers.SGD(learning_rate=rate),
        momentum: keras.optimizers.SGD(learning_rate=rate, momentum=0.9),
        rmsprop: keras.optimizers.RMSprop(learning_rate=rate),
        adam: keras.optimizers.Adam(learning_rate=rate),
    }[make]
    rng = np.random.default_rng(1)
    start, gradients = rng.normal(size=(4, 3)), rng.normal(size=(20, 4, 3)) * 10.0 ** rng.integers(-4, 1, (20, 4, 3))
    variable = keras.Variable(start)
    path = []
    for g in gradients:
        theirs.apply([keras.ops.convert_to_tensor(g, dtype="float32")], [variable])
        path.append(keras.ops.convert_to_numpy(variable).copy())
    np.testing.assert_allclose(walk(make, start, gradients, learning_rate=rate), path, atol=1e-6)
