"""The multilayer perceptron, as lesson 02 (forward) and lesson 03 (backward) build it.

Sources: A. Köpf, "Deep down the rabbit hole" (layers, transfer functions; its formulas leave the bias out), and
Rumelhart, Hinton & Williams, "Learning representations by back-propagating errors", Nature 1986.

x input, w and b weights and biases, z weighted sum including the bias, a activation, t target, E a sum, L a mean:

    E = ½ Σ ‖ŷ − t‖²  (for a softmax output: E = −Σ t·ln ŷ),  L = E / N + λ/2 ‖w‖²,  biases are not decayed.
"""

import copy

import numpy as np

from . import neuron
from ._checks import checked, describe, numbers, one_of, real, whole

# Bare functions: a training that diverges should show inf in its loss, not stop inside an activation function.
ACTIVATIONS = {name: function.__wrapped__ for name, function in neuron.ACTIVATIONS.items()}
ACTIVATIONS["softmax"] = neuron.softmax.__wrapped__
SLOPES = {name: function.__wrapped__ for name, function in neuron.SLOPES.items()}


def _layer_sizes(function, argument, value):
    """Rule: at least two whole numbers of at least 1, returned as a tuple."""
    if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__len__") or len(value) < 2:
        raise TypeError(
            f"{function}: {argument} is {describe(value)}, but at least two layer sizes are expected: "
            "give a list such as [2, 3, 1]."
        )
    return tuple(whole(1)(function, f"{argument}[{i}]", size) for i, size in enumerate(value))


def _softmax_needs_company(sizes, output):
    if output == "softmax" and sizes[-1] == 1:
        return "output is softmax for a last layer of 1 neuron, which would always give 1: use sigmoid or two neurons."


def _one_column_per_input(self, x):
    if x.shape[-1] != self.sizes[0]:
        return (
            f"x has shape {x.shape}, but the network has {self.sizes[0]} inputs: "
            f"give {self.sizes[0]} numbers in the last axis."
        )


def _one_target_row_per_example(self, x, t):
    expected = (len(x), self.sizes[-1])
    if t.shape != expected:
        return f"t has shape {t.shape}, but the network's output has shape {expected}: give one row per example."


class MLP:
    """A multilayer perceptron: layers of neurons, each layer fully connected to the next.

    sizes: neurons per layer, inputs first, such as [2, 3, 1]. activation: name of the hidden neurons' activation,
    output: that of the last layer; one of ACTIVATIONS. With output "softmax" the loss is the cross-entropy and targets
    are one-hot rows. seed: for the first weights, uniform within ±√(6 / (n_in + n_out)) (Glorot & Bengio 2010, the
    default of Keras too); biases start at 0. decay: λ of the weight decay.

    `weights` holds one (n_in, n_out) array per layer, `biases` one (n_out,) array. Everything is float64.
    """

    @checked(
        _softmax_needs_company,
        sizes=_layer_sizes,
        activation=one_of(*neuron.ACTIVATIONS),
        seed=whole(0),
        output=one_of(*ACTIVATIONS),
        decay=real(0),
    )
    def __init__(self, sizes, activation="tanh", seed=0, output="linear", decay=0.0):
        self.sizes = sizes
        self.activation = activation
        self.output = output
        self.decay = decay
        rng = np.random.default_rng(seed)
        self.weights = []
        self.biases = []
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
            limit = np.sqrt(6 / (n_in + n_out))
            self.weights.append(rng.uniform(-limit, limit, (n_in, n_out)))
            self.biases.append(np.zeros(n_out))

    def parameters(self):
        """All weights, then all biases: the arrays themselves, so that an optimizer can change them in place."""
        return self.weights + self.biases

    def count_params(self):
        """How many numbers the network learns: its weights and its biases."""
        return sum(p.size for p in self.parameters())

    def copy(self):
        """A network with the same numbers that can be changed independently."""
        return copy.deepcopy(self)

    @checked(_one_column_per_input, x=numbers(1, 2))
    def layers(self, x):
        """The weighted sums z and the activations a of every layer: two lists; the first activation is the input.

        x: (n, inputs), or (inputs,) for one example.
        """
        zs = []
        activations = [x]
        for i in range(len(self.weights)):
            z = activations[-1] @ self.weights[i] + self.biases[i]
            name = self.output if i == len(self.weights) - 1 else self.activation
            zs.append(z)
            activations.append(ACTIVATIONS[name](z))
        return zs, activations

    @checked(_one_column_per_input, x=numbers(1, 2))
    def forward(self, x):
        """The output ŷ: (n, outputs) for x of shape (n, inputs), (outputs,) for one example."""
        zs, activations = self.layers(x)
        return activations[-1]

    @checked(_one_column_per_input, _one_target_row_per_example, x=numbers(2), t=numbers(2))
    def loss(self, x, t):
        """The loss L: half the squared error (softmax: the cross-entropy), mean over the examples, plus the decay."""
        y = self.forward(x)
        e = 0.5 * np.sum((y - t) ** 2)
        if self.output == "softmax":
            e = -np.sum(t * np.log(np.maximum(y, 1e-300)))  # never the logarithm of 0
        return e / len(x) + self.decay / 2 * sum(np.sum(w**2) for w in self.weights)

    @checked(_one_column_per_input, _one_target_row_per_example, x=numbers(2), t=numbers(2))
    def gradients(self, x, t):
        """The slopes of the loss L by backpropagation: a list for the weights and a list for the biases, same shapes.

        x: (n, inputs), t: (n, outputs). delta is the slope of L by the z of a layer.
        """
        zs, activations = self.layers(x)
        delta = (activations[-1] - t) / len(x)
        if self.output != "softmax":  # in softmax with cross-entropy the slope cancels
            delta = delta * SLOPES[self.output](zs[-1])
        weight_gradients = []
        bias_gradients = []
        for i in reversed(range(len(self.weights))):
            weight_gradients.insert(0, activations[i].T @ delta)
            bias_gradients.insert(0, delta.sum(axis=0))
            if self.decay > 0:
                weight_gradients[0] += self.decay * self.weights[i]
            if i > 0:
                delta = delta @ self.weights[i].T * SLOPES[self.activation](zs[i - 1])
        return weight_gradients, bias_gradients


def _targets_fit(net, x, t):
    return _one_column_per_input(net, x) or _one_target_row_per_example(net, x, t)


def _batch_fits(x, batch_size):
    if batch_size > len(x):
        return f"batch_size is {batch_size}, but x has only {len(x)} examples: choose {len(x)} or less."


@checked(_targets_fit, _batch_fits, x=numbers(2), t=numbers(2), batch_size=whole(1))
def train_epoch(net, x, t, update, batch_size, rng):
    """One pass over all examples in a random order, one update per mini-batch; the last one may be smaller.

    net: an MLP; x: (n, inputs); t: (n, outputs); update: what an optimizer made for net.parameters(); rng: a NumPy
    Generator.
    """
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        weight_gradients, bias_gradients = net.gradients(x[batch], t[batch])
        update(weight_gradients + bias_gradients)
