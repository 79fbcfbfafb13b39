"""Recurrent networks, as lesson 05 builds them: one step each, then the same step over a whole sequence.

Weights have Keras' shapes and order: kernel (inputs, units) and recurrent_kernel (units, units), with the blocks of the
gates side by side where there are several. A sequence is (time, inputs), or (n, time, inputs) for a batch; every
network starts from a hidden state of zeros, and all steps share the same weights. A sequence is checked once: its
steps then run without their own checks (`__wrapped__`), which take four times as long as the step.

Sources: Elman 1990 (simple RNN); Hochreiter & Schmidhuber 1997 and Gers et al. 2000 (LSTM with a forget gate); Cho et
al. 2014 (GRU).
"""

import numpy as np

from ._checks import checked, numbers
from .neuron import sigmoid


def _shapes(words, inputs, kernel, recurrent_kernel, bias, blocks, hidden=None):
    """What does not fit between the weights of a layer with ``blocks`` gates and its input, or None."""
    units = recurrent_kernel.shape[0]
    if recurrent_kernel.shape != (units, blocks * units):
        return (
            f"recurrent_kernel has shape {recurrent_kernel.shape}, but {units} units need ({units}, {blocks * units}): "
            f"give {words}."
        )
    if kernel.shape[1] != blocks * units:
        return (
            f"kernel has {kernel.shape[1]} columns, but recurrent_kernel has {blocks * units}: "
            "give both the same number of columns."
        )
    if bias.shape[-1] != blocks * units:
        return f"bias has {bias.shape[-1]} numbers, but kernel has {blocks * units} columns: give one bias per column."
    if inputs.shape[-1] != kernel.shape[0]:
        return (
            f"inputs has {inputs.shape[-1]} numbers in its last axis, but kernel has {kernel.shape[0]} rows: "
            "give one row per input."
        )
    if hidden is not None and hidden.shape != (*inputs.shape[:-1], units):
        expected = (*inputs.shape[:-1], units)
        return f"hidden has shape {hidden.shape}, but {expected} is expected: give one number per unit and example."


def _rnn_fits(inputs, hidden, kernel, recurrent_kernel, bias):
    return _shapes("a square matrix", inputs, kernel, recurrent_kernel, bias, 1, hidden)


def _rnn_sequence_fits(inputs, kernel, recurrent_kernel, bias):
    return _shapes("a square matrix", inputs, kernel, recurrent_kernel, bias, 1)


def _lstm_fits(inputs, hidden, kernel, recurrent_kernel, bias):
    return _shapes("the blocks i, f, c, o side by side", inputs, kernel, recurrent_kernel, bias, 4, hidden)


def _lstm_sequence_fits(inputs, kernel, recurrent_kernel, bias):
    return _shapes("the blocks i, f, c, o side by side", inputs, kernel, recurrent_kernel, bias, 4)


def _gru_fits(inputs, hidden, kernel, recurrent_kernel, bias):
    words = "the blocks z, r, h side by side"
    return _gru_bias(bias) or _shapes(words, inputs, kernel, recurrent_kernel, bias, 3, hidden)


def _gru_sequence_fits(inputs, kernel, recurrent_kernel, bias):
    return _gru_bias(bias) or _shapes("the blocks z, r, h side by side", inputs, kernel, recurrent_kernel, bias, 3)


def _gru_bias(bias):
    if len(bias) != 2:
        return f"bias has {len(bias)} rows, but 2 are expected: give one for the input and one for the hidden state."


def _cell_as_hidden(hidden, cell):
    if cell.shape != hidden.shape:
        return f"cell has shape {cell.shape}, but hidden has shape {hidden.shape}: give both the same shape."


_weights = {"kernel": numbers(2), "recurrent_kernel": numbers(2), "bias": numbers(1)}
_gru_weights = {"kernel": numbers(2), "recurrent_kernel": numbers(2), "bias": numbers(2)}
_step = {"inputs": numbers(1, 2), "hidden": numbers(1, 2)}
_sequence = {"inputs": numbers(2, 3)}


@checked(_rnn_fits, **_step, **_weights)
def rnn_step(inputs, hidden, kernel, recurrent_kernel, bias):
    """One step of a simple recurrent layer: the new hidden state from the input and the old one.

    inputs: (d,) or (n, d); hidden: (units,) or (n, units). Returns the new hidden state.
    """
    z = inputs @ kernel + hidden @ recurrent_kernel + bias
    return np.tanh(z)


@checked(_rnn_sequence_fits, **_sequence, **_weights)
def rnn(inputs, kernel, recurrent_kernel, bias):
    """`rnn_step` unrolled over a sequence (…, time, d). Returns all hidden states (…, time, units)."""
    hidden = np.zeros((*inputs.shape[:-2], len(recurrent_kernel)))
    hiddens = []
    for t in range(inputs.shape[-2]):
        hidden = rnn_step.__wrapped__(inputs[..., t, :], hidden, kernel, recurrent_kernel, bias)
        hiddens.append(hidden)
    return np.stack(hiddens, axis=-2)


def _slopes_fit(inputs, recurrent_kernel, hidden_gradients):
    expected = (*inputs.shape[:-1], len(recurrent_kernel))
    if hidden_gradients.shape != expected:
        return (
            f"hidden_gradients has shape {hidden_gradients.shape}, but {expected} is expected: "
            "give one slope per hidden state, 0 where a step has no target."
        )


@checked(_rnn_sequence_fits, _slopes_fit, inputs=numbers(3), hidden_gradients=numbers(3), **_weights)
def rnn_gradients(inputs, kernel, recurrent_kernel, bias, hidden_gradients):
    """Backpropagation through time: the way back through `rnn`.

    inputs: (n, time, d); hidden_gradients: (n, time, units), the slope of the loss by every hidden state as the layers
    above see it. Returns the gradients of inputs, kernel, recurrent_kernel and bias: the weights' are sums over the
    steps, because all steps share them.
    """
    hiddens = rnn.__wrapped__(inputs, kernel, recurrent_kernel, bias)
    before = np.concatenate([np.zeros_like(hiddens[:, :1]), hiddens[:, :-1]], axis=1)
    deltas = np.zeros_like(hiddens)  # the slope of the loss by every z
    carried = 0.0  # what the later steps hand back
    for t in reversed(range(inputs.shape[1])):
        deltas[:, t] = (hidden_gradients[:, t] + carried) * (1 - hiddens[:, t] ** 2)
        carried = deltas[:, t] @ recurrent_kernel.T
    kernel_gradient = np.tensordot(inputs, deltas, axes=((0, 1), (0, 1)))
    recurrent_gradient = np.tensordot(before, deltas, axes=((0, 1), (0, 1)))
    return deltas @ kernel.T, kernel_gradient, recurrent_gradient, deltas.sum(axis=(0, 1))


@checked(_lstm_fits, **_step, **_weights)
def lstm_gates(inputs, hidden, kernel, recurrent_kernel, bias):
    """The four layers inside an LSTM, each (units,) or (n, units), in Keras' order.

    Returns the input gate i, the forget gate f, the candidate c (what could be written) and the output gate o.
    """
    z = inputs @ kernel + hidden @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=-1)
    return sigmoid(z_i), sigmoid(z_f), np.tanh(z_c), sigmoid(z_o)


@checked(_lstm_fits, _cell_as_hidden, **_step, cell=numbers(1, 2), **_weights)
def lstm_step(inputs, hidden, cell, kernel, recurrent_kernel, bias):
    """One step of an LSTM: forget a share of the cell state, write something new, show a share of it.

    inputs: (d,) or (n, d); hidden, cell: (units,) or (n, units); kernel: (d, 4·units), recurrent_kernel:
    (units, 4·units), bias: (4·units,), blocks in the order i, f, c, o. Returns the new hidden and cell state.
    """
    i, f, candidate, o = lstm_gates.__wrapped__(inputs, hidden, kernel, recurrent_kernel, bias)
    cell = f * cell + i * candidate
    hidden = o * np.tanh(cell)
    return hidden, cell


@checked(_lstm_sequence_fits, **_sequence, **_weights)
def lstm(inputs, kernel, recurrent_kernel, bias):
    """`lstm_step` unrolled over a sequence (…, time, d). Returns all hidden and all cell states (…, time, units)."""
    hidden = np.zeros((*inputs.shape[:-2], len(recurrent_kernel)))
    cell = np.zeros_like(hidden)
    hiddens, cells = [], []
    for t in range(inputs.shape[-2]):
        hidden, cell = lstm_step.__wrapped__(inputs[..., t, :], hidden, cell, kernel, recurrent_kernel, bias)
        hiddens.append(hidden)
        cells.append(cell)
    return np.stack(hiddens, axis=-2), np.stack(cells, axis=-2)


@checked(_gru_fits, **_step, **_gru_weights)
def gru_step(inputs, hidden, kernel, recurrent_kernel, bias):
    """One step of a GRU: one gate z both keeps the old and lets in the new, and there is no separate cell state.

    Shapes as `lstm_step` with three blocks z, r, h; bias: (2, 3·units), for the input and for the hidden state. This is
    Keras' default form (reset_after=True), where the reset gate r acts after the recurrent product; in Cho et al. it
    acts before. Returns the new hidden state.
    """
    x_z, x_r, x_h = np.split(inputs @ kernel + bias[0], 3, axis=-1)
    h_z, h_r, h_h = np.split(hidden @ recurrent_kernel + bias[1], 3, axis=-1)
    z = sigmoid(x_z + h_z)
    r = sigmoid(x_r + h_r)
    candidate = np.tanh(x_h + r * h_h)
    return z * hidden + (1 - z) * candidate


@checked(_gru_sequence_fits, **_sequence, **_gru_weights)
def gru(inputs, kernel, recurrent_kernel, bias):
    """`gru_step` unrolled over a sequence (…, time, d). Returns all hidden states (…, time, units)."""
    hidden = np.zeros((*inputs.shape[:-2], len(recurrent_kernel)))
    hiddens = []
    for t in range(inputs.shape[-2]):
        hidden = gru_step.__wrapped__(inputs[..., t, :], hidden, kernel, recurrent_kernel, bias)
        hiddens.append(hidden)
    return np.stack(hiddens, axis=-2)
