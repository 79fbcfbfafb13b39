"""The neuron of lesson 01: its numbers, its slopes, its learning, its errors, and its figures."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.datasets import bayes_accuracy, line_accuracy, rabbits_and_unicorns
from course_utils.from_scratch.neuron import (
    ACTIVATIONS,
    SLOPES,
    learning_step,
    neuron,
    sigmoid,
    softmax,
    step,
    train,
)
from course_utils.visuals import activations as limits
from course_utils.visuals import neuron as figures

finite = st.floats(-50, 50)


def test_the_lectures_neuron_by_hand():
    assert neuron([4, 5], [1, 1], -10) == 0
    assert neuron([7, 4], [1, 1], -10) == 1
    assert neuron([5, 5], [1, 1], -10) == 0, "step(0) is 0"
    assert neuron([[4, 5], [7, 4]], [1, 1], -10).tolist() == [0, 1]
    assert neuron([4, 5], [1, 1], -10).shape == () and neuron([[4, 5]], [1, 1]).shape == (1,)
    assert neuron([4, 5, 10], [1, 1, -1]) == neuron([4, 5], [1, 1], -10)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_against_finite_differences(name):
    z = np.array([-3.0, -1.2, -0.4, 0.3, 1.0, 2.5])
    little = 1e-6
    measured = (ACTIVATIONS[name](z + little) - ACTIVATIONS[name](z - little)) / (2 * little)
    assert np.allclose(SLOPES[name](z), measured, atol=1e-8)


@given(st.lists(finite, min_size=1, max_size=6), finite)
def test_softmax_shares_and_shift(z, shift):
    shares = softmax(z)
    assert np.isclose(shares.sum(), 1) and (shares >= 0).all()
    assert np.allclose(shares, softmax(np.array(z) + shift), atol=1e-9)


@given(finite, finite)
def test_softmax_of_two_is_the_sigmoid_of_the_difference(a, b):
    assert np.isclose(softmax([a, b])[1], sigmoid(b - a), atol=1e-12)


def test_nothing_overflows_far_out():
    far = np.array([-1e4, 1e4])
    for name, activation in ACTIVATIONS.items():
        assert np.isfinite(activation(far)).all() and np.isfinite(SLOPES[name](far)).all(), name
    assert np.isfinite(sigmoid(far.astype(np.float32))).all()
    assert softmax(far).tolist() == [0, 1]


@pytest.mark.keras
def test_activations_equal_keras():
    import keras

    z = np.linspace(-5, 5, 41).astype("float32")
    for name in ("sigmoid", "linear", "tanh", "softsign", "relu"):
        assert np.allclose(ACTIVATIONS[name](z), keras.ops.convert_to_numpy(keras.activations.get(name)(z)), atol=1e-6)
    leaky = keras.ops.leaky_relu(z, negative_slope=0.01)
    assert np.allclose(ACTIVATIONS["leaky_relu"](z), keras.ops.convert_to_numpy(leaky), atol=1e-6)
    rows = z[:40].reshape(8, 5)
    assert np.allclose(softmax(rows), keras.ops.convert_to_numpy(keras.ops.softmax(rows)), atol=1e-6)


def test_learning_step_by_hand():
    weights, bias = learning_step([6, 7], 1, [1, -1], 0.0, 0.1)
    assert np.allclose(weights, [1.6, -0.3]) and np.isclose(bias, 0.1)
    kept = np.array([1.0, 1.0])
    weights, bias = learning_step([6, 7], 1, kept, -10.0, 0.1)
    assert weights.tolist() == [1, 1] and bias == -10, "no error, no change"
    learning_step([6, 7], 0, kept, -10.0, 0.1)
    assert kept.tolist() == [1, 1], "the old weights stay as they are"


def test_sigmoid_learning_follows_the_gradient_of_the_cross_entropy():
    x, t, w, b = np.array([0.5, -1.5]), 1.0, np.array([0.3, 0.2]), -0.1
    new_w, new_b = learning_step(x, t, w, b, 1.0, sigmoid)

    def loss(w, b):
        a = sigmoid(x @ w + b)
        return -(t * np.log(a) + (1 - t) * np.log(1 - a))

    little = 1e-6
    for i in range(2):
        nudge = little * np.eye(2)[i]
        assert np.isclose(new_w[i] - w[i], -(loss(w + nudge, b) - loss(w - nudge, b)) / (2 * little), atol=1e-7)
    assert np.isclose(new_b - b, -(loss(w, b + little) - loss(w, b - little)) / (2 * little), atol=1e-7)


def test_training_learns_separable_animals_and_keeps_every_state():
    x, t = rabbits_and_unicorns()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        history = train(x, t, rng.normal(size=2), rng.normal(), 0.1, 20)
        assert len(history) == 1 + 20 * len(x)
        assert (neuron(x, *history[-1]) == t).all()


def test_animals():
    x, t = rabbits_and_unicorns(500, seed=3)
    assert x.shape == (500, 2) and set(t) == {0, 1} and (x >= 0).all() and (x <= 10).all()
    assert (step(x @ [1, 1] - 10) == t).all()
    assert np.abs(x.sum(axis=1) - 10).min() > 0.9
    again, _ = rabbits_and_unicorns(500, seed=3)
    assert (x == again).all()


@pytest.mark.parametrize("spread", [0.5, 1.5, 2.5])
def test_bayes_accuracy_is_what_the_best_line_reaches(spread):
    x, t = rabbits_and_unicorns(200_000, overlap=True, spread=spread, seed=5)
    assert np.isclose(np.mean((x.sum(axis=1) > 10) == t), bayes_accuracy(spread), atol=0.004)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: neuron([1, 2, 3], [1, 1]), ValueError, "weights has 2 numbers, but inputs has 3"),
        (lambda: neuron([1, np.nan], [1, 1]), ValueError, "inputs contains nan"),
        (lambda: neuron([], [1]), ValueError, "inputs is an empty list"),
        (lambda: neuron("ab", [1]), TypeError, "inputs is the text 'ab'"),
        (lambda: neuron([1, 2], [1, 1], bias="0"), TypeError, "bias is the text '0'"),
        (lambda: neuron([1, 2], [1, 1], activation="step"), TypeError, "activation is the text 'step'"),
        (lambda: neuron([1, 2], [1, 1], activation=softmax), ValueError, "activation is softmax"),
        (lambda: step(None), TypeError, "z is None"),
        (lambda: softmax(3), ValueError, "z is the single number 3"),
        (lambda: learning_step([1], 1, [1, 2], 0, 0.1), ValueError, "weights has 2 numbers, but inputs has 1"),
        (lambda: learning_step([1], 1, [1], 0, 0), ValueError, "learning_rate is 0"),
        (lambda: train([[1, 2]], [1, 0], [1, 1], 0, 0.1, 1), ValueError, "targets has 2 numbers, but inputs has 1"),
        (lambda: train([[1, 2]], [1], [1, 1], 0, 0.1, 0), ValueError, "passes is 0"),
        (lambda: rabbits_and_unicorns(1), ValueError, "n is 1"),
        (lambda: rabbits_and_unicorns(overlap=True, spread=0), ValueError, "spread is 0"),
        (lambda: rabbits_and_unicorns(seed=-1), ValueError, "seed is -1"),
        (lambda: bayes_accuracy("wide"), TypeError, "spread is the text 'wide'"),
        (lambda: line_accuracy([1, 1], None), TypeError, "bias is None"),
        (lambda: figures.animals([[1, np.nan]], [0]), ValueError, "x contains nan"),
        (lambda: figures.animals([], []), ValueError, "x is an empty list|x has shape"),
        (lambda: figures.animals("x", 1), TypeError, "x is the text 'x'"),
        (lambda: figures.dragged_line([[1, 2, 3]], [0]), ValueError, "x has 3 columns"),
        (lambda: figures.learning_steps([[1, 2]], [2], [], 0.1), ValueError, "t must be one 0 or 1"),
        (lambda: figures.own_animals(-1), ValueError, "learning_rate is -1"),
        (lambda: figures.boundary([[1, 2]], 0), ValueError, "weights has shape"),
        (lambda: limits.wiggle(np.sin, ["a"], [1], [1], [1]), TypeError, "x is a list of 1 value"),
        (lambda: limits.overlap_explorer(3), ValueError, "n is 3"),
    ],
)
def test_bad_input_gets_one_sentence(call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert str(caught.value).count("\n") == 0 and str(caught.value).endswith(".")


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-12, 12))
def test_boundary_lies_where_z_is_zero(w1, w2, b):
    if np.hypot(w1, w2) > 0.05:
        points = figures.boundary([w1, w2], b)
        assert np.allclose(points @ [w1, w2] + b, 0, atol=1e-6)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-30, 30), st.floats(0.3, 3))
def test_no_line_beats_the_bayes_accuracy(w1, w2, b, spread):
    assert line_accuracy([w1, w2], b, spread) <= bayes_accuracy(spread) + 1e-12


def test_line_accuracy_is_what_counting_gives():
    x, t = rabbits_and_unicorns(200_000, overlap=True, seed=6)
    counted = np.mean(neuron(x, [1, 0.3], -7) == t)
    assert np.isclose(line_accuracy([1, 0.3], -7), counted, atol=0.004)


def test_line_through_two_points():
    weights, bias = figures.line_through((0, 10), (10, 0))
    assert np.allclose(weights, [1, 1]) and np.isclose(bias, -10)
    assert figures.line_through((1, 1), (1, 1))[0].tolist() == [0, 0], "no line through one point, and no crash"


def test_dragging_the_line_counts_the_four_cases():
    x, t = rabbits_and_unicorns()
    plane = figures.dragged_line(x, t)
    plane.drag("A", 0, 10)
    plane.drag("B", 10, 0)
    assert "0 of 60 animals wrong" in plane._repr_mimebundle_()[0]["text/plain"]
    plane.drag("B", 10, 10)
    plane.drag("A", 9.9, 10)
    assert "30 unicorns called rabbit" in plane._repr_mimebundle_()[0]["text/plain"]


def test_own_animals_are_learned():
    own = figures.OwnAnimals()
    figure = own.figure
    for x, y in ((1, 2), (2, 1), (3, 2)):
        own.plane.click(x, y)
    figure.set(animal="unicorn")
    for x, y in ((7, 8), (8, 6), (9, 9)):
        own.plane.click(x, y)
    own.plane.click(2, 2, shift=True)
    assert "4 rabbits, 3 unicorns" in figure.words
    for _ in range(10):
        figure.press("Learn 20 passes")
    assert " 0 wrong" in figure.words
    figure.press("Remove animals")
    assert "No animals yet" in figure.words
    figure.press("Learn from one")
    assert "No animals yet" in figure.words


def test_mistakes_can_be_walked_in_both_directions():
    x, t = rabbits_and_unicorns()
    history = train(x, t, np.array([1.0, -1.0]), 0.0, 0.1, 3)
    figure = figures.learning_steps(x, t, history, 0.1)
    figure.press("Next mistake")
    first = figure.values["step"]
    assert first > 0 and "error" in figure.words and "moves by" in figure.words
    figure.press("Next mistake")
    figure.press("Mistake before")
    assert figure.values["step"] == first
    figure.press("Mistake before")
    assert figure.values["step"] == 0


def test_xor_never_gets_four_corners():
    figure = limits.gates()
    figure.set(gate="OR", bias=-0.5)
    assert "4 of 4" in figure.words
    figure.set(gate="AND", bias=-1.5)
    assert "4 of 4" in figure.words
    figure.set(gate="NOT x₁", w1=-1, w2=0, bias=0.5)
    assert "4 of 4" in figure.words
    figure.set(gate="XOR")
    for w1 in (-2, 0, 1):
        for bias in (-1.5, -0.5, 0.5):
            figure.set(w1=w1, bias=bias)
            assert "4 of 4" not in figure.words
