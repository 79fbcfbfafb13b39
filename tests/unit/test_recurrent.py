"""Recurrent steps and sequences: by hand, against PyTorch's stored values, finite differences and Keras."""

from pathlib import Path

import numpy as np
import pytest

from course_utils.from_scratch.recurrent import (
    gru,
    gru_step,
    lstm,
    lstm_gates,
    lstm_step,
    rnn,
    rnn_gradients,
    rnn_step,
)

TORCH = Path(__file__).parents[1] / "reference" / "values_torch.npz"


@pytest.fixture(scope="module")
def torch_values():
    with np.load(TORCH, allow_pickle=False) as values:
        return {name.removeprefix("rec_"): values[name] for name in values if name.startswith("rec_")}


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_three_steps_by_hand():
    hidden = rnn([[1.0], [0.0], [2.0]], [[0.5]], [[-1.0]], [0.1])
    first = np.tanh(0.6)
    second = np.tanh(0.1 - first)
    np.testing.assert_allclose(hidden[:, 0], [first, second, np.tanh(1.1 - second)])
    np.testing.assert_allclose(rnn_step([1.0], [0.0], [[0.5]], [[-1.0]], [0.1]), [first])


def lstm_weights(bias):
    """One input, one unit, all weights 0: the gates are what the biases i, f, c, o say."""
    return np.zeros((1, 4)), np.zeros((1, 4)), np.array(bias, dtype=float)


@pytest.mark.parametrize(
    ("bias", "cell"),
    [((-50, 50, 0, 50), 0.8), ((50, -50, 50, 50), 1.0), ((50, 50, -50, 50), -0.2), ((-50, -50, 50, 50), 0.0)],
    ids=["keep", "overwrite", "add", "empty"],
)
def test_open_and_shut_gates_do_what_their_names_say(bias, cell):
    hidden, new_cell = lstm_step([0.0], [0.3], [0.8], *lstm_weights(bias))
    assert new_cell[0] == pytest.approx(cell)
    assert hidden[0] == pytest.approx(np.tanh(cell))


def test_gates_come_in_the_order_i_f_c_o():
    i, f, candidate, o = lstm_gates([0.0], [0.0], *lstm_weights([1, 2, 3, 4]))
    sigmoid = [1 / (1 + np.exp(-z)) for z in (1, 2, 4)]
    np.testing.assert_allclose([i[0], f[0], candidate[0], o[0]], [*sigmoid[:2], np.tanh(3), sigmoid[2]])


def test_lstm_equals_pytorch(torch_values):
    v = torch_values
    hiddens, cells = lstm(v["inputs"], v["kernel"], v["recurrent_kernel"], v["bias"])
    np.testing.assert_allclose(hiddens, v["hiddens"], atol=1e-12)
    np.testing.assert_allclose(cells[:, -1], v["last_cell"], atol=1e-12)


def test_rnn_and_its_gradients_equal_pytorch(torch_values):
    v = torch_values
    weights = v["rnn_kernel"], v["rnn_recurrent_kernel"], v["rnn_bias"]
    np.testing.assert_allclose(rnn(v["inputs"], *weights), v["rnn_hiddens"], atol=1e-12)
    names = ("input", "kernel", "recurrent", "bias")
    for ours, name in zip(rnn_gradients(v["inputs"], *weights, v["rnn_slope"]), names, strict=True):
        np.testing.assert_allclose(ours, v[f"rnn_{name}_gradient"], atol=1e-12)


def test_gradients_through_time_equal_finite_differences():
    arrays = random(2, 5, 3), random(3, 4, seed=1), random(4, 4, seed=2), random(4, seed=3)
    slope = random(2, 5, 4, seed=4)
    for ours, array in zip(rnn_gradients(*arrays, slope), arrays, strict=True):
        expected = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + 1e-6
            above = np.sum(rnn(*arrays) * slope)
            array[index] = kept - 1e-6
            expected[index] = (above - np.sum(rnn(*arrays) * slope)) / 2e-6
            array[index] = kept
        np.testing.assert_allclose(ours, expected, atol=1e-7)


@pytest.mark.parametrize(("run", "blocks"), [(rnn, 1), (lstm, 4), (gru, 3)])
def test_one_sequence_equals_a_batch_of_one(run, blocks):
    inputs = random(6, 3)
    bias = random(2, 5 * blocks, seed=3) if run is gru else random(5 * blocks, seed=3)
    weights = random(3, 5 * blocks, seed=1), random(5, 5 * blocks, seed=2), bias
    np.testing.assert_allclose(np.asarray(run(inputs[None], *weights))[..., 0, :, :], run(inputs, *weights))


def test_a_gru_keeps_its_state_where_the_gate_is_open():
    kernel, recurrent_kernel = np.zeros((1, 3)), np.zeros((1, 3))
    keep, replace = np.array([[50.0, 0, 1], [0, 0, 0]]), np.array([[-50.0, 0, 1], [0, 0, 0]])
    assert gru_step([1.0], [0.4], kernel, recurrent_kernel, keep)[0] == pytest.approx(0.4)
    assert gru_step([1.0], [0.4], kernel, recurrent_kernel, replace)[0] == pytest.approx(np.tanh(1))


@pytest.mark.parametrize(
    ("use", "error", "words"),
    [
        (lambda: rnn_step([1, 2], [0], [[1]], [[1]], [0]), ValueError, "rnn_step: inputs has 2 numbers"),
        (lambda: rnn_step([1], [0, 0], [[1]], [[1]], [0]), ValueError, r"rnn_step: hidden has shape \(2,\)"),
        (lambda: rnn([[1]], [[1]], [[1, 2]], [0]), ValueError, r"rnn: recurrent_kernel has shape \(1, 2\)"),
        (lambda: rnn([], [[1]], [[1]], [0]), ValueError, "rnn: inputs is an empty list"),
        (lambda: lstm([[1]], np.ones((1, 3)), np.ones((1, 4)), np.ones(4)), ValueError, "lstm: kernel has 3 columns"),
        (lambda: lstm([[1]], np.ones((1, 4)), np.ones((1, 4)), np.ones(3)), ValueError, "lstm: bias has 3 numbers"),
        (
            lambda: lstm_step([1], [0], [0, 0], np.ones((1, 4)), np.ones((1, 4)), np.ones(4)),
            ValueError,
            r"lstm_step: cell has shape \(2,\)",
        ),
        (lambda: gru([[1]], np.ones((1, 3)), np.ones((1, 3)), np.ones((1, 3))), ValueError, "gru: bias has 1 rows"),
        (lambda: gru([[1]], np.ones((1, 3)), np.ones((1, 3)), "b"), TypeError, "gru: bias is the text 'b'"),
        (
            lambda: rnn_gradients(np.ones((1, 2, 1)), [[1]], [[1]], [0], np.ones((1, 3, 1))),
            ValueError,
            r"rnn_gradients: hidden_gradients has shape \(1, 3, 1\), but \(1, 2, 1\) is expected",
        ),
    ],
)
def test_bad_input_gets_a_sentence(use, error, words):
    with pytest.raises(error, match=words):
        use()


@pytest.mark.keras
@pytest.mark.parametrize(("name", "run"), [("SimpleRNN", rnn), ("LSTM", lstm), ("GRU", gru)])
def test_sequences_equal_keras(name, run):
    import keras

    inputs = random(4, 12, 3)
    layer = getattr(keras.layers, name)(6, return_sequences=True, return_state=True)
    layer.build(inputs.shape)
    weights = [random(*w.shape, seed=i) / 2 for i, w in enumerate(layer.weights)]
    layer.set_weights(weights)
    theirs, *states = [keras.ops.convert_to_numpy(array) for array in layer(inputs)]
    ours = run(inputs, *weights)
    hiddens = ours[0] if run is lstm else ours
    np.testing.assert_allclose(hiddens, theirs, atol=1e-5)
    np.testing.assert_allclose(hiddens[:, -1], states[0], atol=1e-5)
    if run is lstm:
        np.testing.assert_allclose(ours[1][:, -1], states[1], atol=1e-5)
