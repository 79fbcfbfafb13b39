"""One neuron and its activation functions, as lesson 01 builds them.

Sources: 35C3 "Introduction to Deep Learning" (the neuron that tells rabbits from unicorns) and A. Köpf, "Deep down
the rabbit hole" (the list of transfer functions). Each activation stands beside its slope (its derivative).
"""
import numpy as np

from ._checks import checked, describe, numbers, real, whole

_any_shape = numbers(0, 1, 2, 3, 4)


def _one_weight_per_feature(inputs, weights):
    if inputs.shape[-1] != weights.shape[0]:
        return (f"weights has {weights.shape[0]} numbers, but inputs has {inputs.shape[-1]} in its last axis: give one "
                "weight per input.")


def _one_target_per_row(inputs, targets):
    if len(targets) != len(inputs):
        return f"targets has {len(targets)} numbers, but inputs has {len(inputs)} rows: give one target per row."


def _for_one_neuron(function, argument, value):
    if not callable(value):
        raise TypeError(f"{function}: {argument} is {describe(value)}, but a function such as step or sigmoid is "
                        "expected: pass the function itself, without quotes or brackets.")
    if getattr(value, "__name__", "") == "softmax":
        raise ValueError(f"{function}: {argument} is softmax, which shares 1 among several neurons, so that one neuron "
                         "alone would always give 1: use sigmoid here.")
    return value


@checked(z=_any_shape)
def step(z):
    """1 where z > 0, else 0; step(0) is 0. Any shape in, the same shape out (McCulloch & Pitts 1943)."""
    return np.where(z > 0, 1.0, 0.0)


@checked(z=_any_shape)
def step_slope(z):
    """The slope of `step`: 0 everywhere it exists, and 0 by convention at the jump."""
    return np.zeros_like(z)


@checked(z=_any_shape)
def sigmoid(z):
    """The Fermi or logistic function 1 / (1 + exp(-z)), between 0 and 1. Any shape in, the same shape out."""
    z = np.clip(z, -80, 80)  # exp(80) still fits into a float32; beyond it sigmoid is 0 or 1 to 34 digits
    return 1 / (1 + np.exp(-z))


@checked(z=_any_shape)
def sigmoid_slope(z):
    """The slope of `sigmoid` at z: a (1 - a) with a = sigmoid(z), at most 1/4."""
    a = sigmoid(z)
    return a * (1 - a)


@checked(z=_any_shape)
def linear(z):
    """z itself."""
    return z


@checked(z=_any_shape)
def linear_slope(z):
    """The slope of `linear`: 1 everywhere."""
    return np.ones_like(z)


@checked(z=_any_shape)
def tanh(z):
    """The hyperbolic tangent, between -1 and 1; tanh(z) = 2 sigmoid(2z) - 1."""
    return np.tanh(z)


@checked(z=_any_shape)
def tanh_slope(z):
    """The slope of `tanh` at z: 1 - tanh(z)², at most 1."""
    return 1 - np.tanh(z) ** 2


@checked(z=_any_shape)
def softsign(z):
    """z / (1 + |z|), between -1 and 1; it reaches its ends far more slowly than tanh."""
    return z / (1 + np.abs(z))


@checked(z=_any_shape)
def softsign_slope(z):
    """The slope of `softsign` at z: 1 / (1 + |z|)², at most 1."""
    return 1 / (1 + np.abs(z)) ** 2


@checked(z=_any_shape)
def relu(z):
    """The rectified linear unit max(0, z)."""
    return np.maximum(z, 0)


@checked(z=_any_shape)
def relu_slope(z):
    """The slope of `relu`: 1 where z > 0, else 0 (at the kink 0, as Keras has it)."""
    return np.where(z > 0, 1.0, 0.0)


@checked(z=_any_shape, negative_slope=real())
def leaky_relu(z, negative_slope=0.01):
    """z where z > 0, else negative_slope · z (Maas, Hannun & Ng 2013)."""
    return np.where(z > 0, z, negative_slope * z)


@checked(z=_any_shape, negative_slope=real())
def leaky_relu_slope(z, negative_slope=0.01):
    """The slope of `leaky_relu`: 1 where z > 0, else negative_slope."""
    return np.where(z > 0, 1.0, negative_slope)


@checked(z=numbers(1, 2, 3, 4))
def softmax(z):
    """Shares that sum to 1 along the last axis, each proportional to exp(z). (…, classes) in, the same shape out."""
    z = z - np.max(z, axis=-1, keepdims=True)  # the shares stay the same and exp cannot overflow
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@checked(_one_weight_per_feature, inputs=numbers(1, 2), weights=numbers(1), bias=real(), activation=_for_one_neuron)
def neuron(inputs, weights, bias=0.0, activation=step):
    """The output of one neuron: activation(inputs · weights + bias).

    inputs: (d,) for one example or (n, d) for n of them; weights: (d,); bias: one number.
    Returns a 0-d array for one example, (n,) for n.
    Raises ValueError or TypeError, naming the argument, for other shapes, NaN, text, or softmax as the activation.
    Source: 35C3 "Introduction to Deep Learning"; the bias stands there as a constant input 10 with weight -1.
    """
    z = inputs @ weights + bias
    return activation(z)


@checked(_one_weight_per_feature, inputs=numbers(1), target=real(), weights=numbers(1), bias=real(),
         learning_rate=real(above=0), activation=_for_one_neuron)
def learning_step(inputs, target, weights, bias, learning_rate, activation=step):
    """Correct a neuron by one example: every weight moves by learning rate · error · its input.

    inputs: (d,); target: the output wanted; weights: (d,); bias: one number. Returns the new (weights, bias) and leaves
    the old ones as they are. With `step` this is the perceptron rule (Rosenblatt, Principles of Neurodynamics, 1962);
    with `sigmoid` it is gradient descent on the cross-entropy of this one example.
    """
    error = target - neuron(inputs, weights, bias, activation)
    new_weights = weights + learning_rate * error * inputs
    new_bias = bias + learning_rate * error  # the bias is a weight whose input is always 1
    return new_weights, new_bias


@checked(_one_target_per_row, _one_weight_per_feature, inputs=numbers(2), targets=numbers(1), weights=numbers(1),
         bias=real(), learning_rate=real(above=0), passes=whole(1), activation=_for_one_neuron)
def train(inputs, targets, weights, bias, learning_rate, passes, activation=step):
    """Apply `learning_step` to every example in turn, `passes` times over.

    inputs: (n, d); targets: (n,). Returns the list of all (weights, bias), the start first, one entry a step:
    1 + n · passes entries, so that a figure can go backwards too.
    """
    history = [(weights, bias)]
    for _ in range(passes):
        for x, t in zip(inputs, targets, strict=True):
            weights, bias = learning_step(x, t, weights, bias, learning_rate, activation)
            history.append((weights, bias))
    return history


ACTIVATIONS = {"step": step, "sigmoid": sigmoid, "linear": linear, "tanh": tanh, "softsign": softsign, "relu": relu,
               "leaky_relu": leaky_relu}
SLOPES = {"step": step_slope, "sigmoid": sigmoid_slope, "linear": linear_slope, "tanh": tanh_slope,
          "softsign": softsign_slope, "relu": relu_slope, "leaky_relu": leaky_relu_slope}
