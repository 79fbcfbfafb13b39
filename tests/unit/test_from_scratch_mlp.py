"""The multilayer perceptron: by hand, against finite differences, PyTorch's stored values and Keras."""

from pathlib import Path

import numpy as np
import pytest

from course_utils.from_scratch import neuron
from course_utils.from_scratch.mlp import MLP, train_epoch
from course_utils.from_scratch.optimizers import adam, sgd

TORCH = Path(__file__).parents[1] / "reference" / "values_torch.npz"
SMOOTH = ("sigmoid", "linear", "tanh", "softsign")


@pytest.fixture(scope="module")
def torch_values():
    with np.load(TORCH, allow_pickle=False) as values:
        return {name.removeprefix("net_"): values[name] for name in values if name.startswith("net_")}


def xor_net():
    """Two step neurons, OR and AND, and one that fires for OR without AND."""
    net = MLP([2, 2, 1], "step", output="step")
    net.weights[0][:] = [[1, 1], [1, 1]]
    net.biases[0][:] = [-0.5, -1.5]
    net.weights[1][:] = [[1], [-1]]
    net.biases[1][:] = [-0.5]
    return net


def test_xor_by_hand():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(xor_net().forward(x), [[0], [1], [1], [0]])
    np.testing.assert_array_equal(xor_net().forward([1, 0]), [1])


def test_layers_hold_every_intermediate():
    zs, activations = xor_net().layers(np.array([[1.0, 0.0]]))
    np.testing.assert_array_equal(zs[0], [[0.5, -0.5]])
    np.testing.assert_array_equal(activations[0], [[1, 0]])
    np.testing.assert_array_equal(activations[1], [[1, 0]])
    np.testing.assert_array_equal(zs[1], [[0.5]])


@pytest.mark.parametrize(("sizes", "count"), [([2, 3, 1], 13), ([784, 30, 10], 23_860), ([4, 1], 5)])
def test_parameters_are_counted_with_their_biases(sizes, count):
    assert MLP(sizes).count_params() == count


def test_first_weights_are_glorots_and_follow_the_seed():
    net = MLP([200, 300, 10], seed=3)
    limit = np.sqrt(6 / 500)
    assert np.abs(net.weights[0]).max() <= limit
    assert net.weights[0].std() == pytest.approx(limit / np.sqrt(3), rel=0.02)
    assert all((b == 0).all() for b in net.biases)
    np.testing.assert_array_equal(net.weights[1], MLP([200, 300, 10], seed=3).weights[1])
    assert (net.weights[1] != MLP([200, 300, 10], seed=4).weights[1]).any()


def slopes_by_differences(net, x, t, step=1e-5):
    """The slope of the loss by every parameter, from two losses each."""
    slopes = []
    for p in net.parameters():
        slope = np.zeros_like(p)
        for index in np.ndindex(p.shape):
            kept = p[index]
            p[index] = kept + step
            above = net.loss(x, t)
            p[index] = kept - step
            slope[index] = (above - net.loss(x, t)) / (2 * step)
            p[index] = kept
        slopes.append(slope)
    return slopes


@pytest.mark.parametrize("activation", SMOOTH)
@pytest.mark.parametrize("output", [*SMOOTH, "softmax"])
@pytest.mark.parametrize("sizes", [[3, 2], [3, 5, 2], [3, 4, 4, 2]])
def test_gradients_equal_finite_differences(activation, output, sizes):
    rng = np.random.default_rng(len(sizes))
    net = MLP(sizes, activation, seed=1, output=output, decay=0.03)
    for b in net.biases:
        b += rng.normal(size=b.shape)
    x = rng.normal(size=(7, 3))
    t = np.eye(2)[rng.integers(0, 2, 7)]
    weight_gradients, bias_gradients = net.gradients(x, t)
    expected = np.concatenate([s.ravel() for s in slopes_by_differences(net, x, t)])
    ours = np.concatenate([g.ravel() for g in weight_gradients + bias_gradients])
    assert np.linalg.norm(ours - expected) < 1e-6 * np.linalg.norm(expected)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_gradients_with_a_kink_equal_finite_differences_away_from_it(activation):
    rng = np.random.default_rng(0)
    net = MLP([3, 6, 2], activation, seed=2)
    x, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    assert np.abs(net.layers(x)[0][0]).min() > 1e-3  # no example so near the kink that a difference straddles it
    weight_gradients, bias_gradients = net.gradients(x, t)
    for ours, expected in zip(weight_gradients + bias_gradients, slopes_by_differences(net, x, t), strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-8)


def test_step_neurons_have_no_slope_to_learn_from():
    weight_gradients, bias_gradients = xor_net().gradients([[1, 0]], [[0]])
    assert all((g == 0).all() for g in weight_gradients + bias_gradients)


@pytest.mark.parametrize("name", ["squared", "softmax"])
def test_loss_and_gradients_equal_pytorch(torch_values, name):
    v = torch_values
    net = MLP([3, 4, 4, 2], "tanh", output="softmax" if name == "softmax" else "linear", decay=0.1)
    net.weights = [v[f"w_{i}"] for i in range(3)]
    net.biases = [v[f"b_{i}"] for i in range(3)]
    t = np.eye(2)[v["labels"]] if name == "softmax" else v["t"]
    assert net.loss(v["x"], t) == pytest.approx(float(v[f"{name}_loss"]), abs=1e-12)
    weight_gradients, bias_gradients = net.gradients(v["x"], t)
    for i in range(3):
        np.testing.assert_allclose(weight_gradients[i], v[f"{name}_w_{i}"], atol=1e-12)
        np.testing.assert_allclose(bias_gradients[i], v[f"{name}_b_{i}"], atol=1e-12)


def test_a_batch_gives_the_mean_of_its_examples_gradients():
    rng = np.random.default_rng(5)
    net = MLP([3, 4, 2], seed=5)
    x, t = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    single = [net.gradients(x[i : i + 1], t[i : i + 1])[0][0] for i in range(6)]
    np.testing.assert_allclose(net.gradients(x, t)[0][0], np.mean(single, axis=0), atol=1e-14)


def test_a_copy_goes_its_own_way():
    net = MLP([2, 2, 1])
    twin = net.copy()
    twin.weights[0] += 1
    twin.biases[0] += 1
    assert (net.weights[0] != twin.weights[0]).all()
    assert (net.biases[0] == 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_xor_is_learned(seed):
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    t = np.array([[0], [1], [1], [0]], dtype=float)
    net = MLP([2, 4, 1], "tanh", seed=seed, output="sigmoid")
    update = adam(net.parameters(), 0.05)
    rng = np.random.default_rng(seed)
    for _ in range(1500):
        train_epoch(net, x, t, update, 4, rng)
    np.testing.assert_array_equal(net.forward(x) > 0.5, t > 0.5)


def test_an_epoch_uses_every_example_once():
    x = np.arange(23.0).reshape(-1, 1)
    seen = []

    class Spy(MLP):
        def gradients(self, x, t):
            seen.extend(x[:, 0])
            assert len(x) == 5 or len(seen) == 23
            return super().gradients(x, t)

    net = Spy([1, 1])
    train_epoch(net, x / 23, x / 23, sgd(net.parameters(), 0.01), 5, np.random.default_rng(0))
    np.testing.assert_allclose(sorted(seen), x[:, 0] / 23)


def test_a_diverging_training_stops_with_finite_weights():
    net = MLP([1, 4, 1], "tanh")
    x = np.linspace(-1, 1, 10).reshape(-1, 1)
    update = sgd(net.parameters(), 1e6)
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(FloatingPointError, match="diverged"):
        for _ in range(1000):
            train_epoch(net, x, x**2, update, 10, np.random.default_rng(0))
    assert all(np.isfinite(p).all() for p in net.parameters())


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: MLP([2, 0, 1]), ValueError, r"MLP: sizes\[1\] is 0"),
        (lambda: MLP([2]), TypeError, "MLP: sizes is a list of 1 value"),
        (lambda: MLP(3), TypeError, "MLP: sizes is 3"),
        (lambda: MLP("231"), TypeError, "MLP: sizes is the text '231'"),
        (lambda: MLP([2, 1.5]), TypeError, r"MLP: sizes\[1\] is 1.5"),
        (lambda: MLP([2, 1], "gelu"), ValueError, "MLP: activation is the text 'gelu', but only 'step', "),
        (lambda: MLP([2, 3, 2], "softmax"), ValueError, "MLP: activation is the text 'softmax'"),
        (lambda: MLP([2, 1], output="softmax"), ValueError, "MLP: output is softmax for a last layer of 1 neuron"),
        (lambda: MLP([2, 1], decay=-1), ValueError, "MLP: decay is -1"),
        (lambda: MLP([2, 1], seed=0.5), TypeError, "MLP: seed is 0.5"),
        (lambda: MLP([2, 1]).forward([1, 2, 3]), ValueError, r"MLP.forward: x has shape \(3,\), .* has 2 inputs"),
        (lambda: MLP([2, 1]).forward([1, np.nan]), ValueError, "MLP.forward: x contains nan"),
        (lambda: MLP([2, 1]).gradients([[1, 2]], [1]), ValueError, r"MLP.gradients: t has shape \(1,\)"),
        (lambda: MLP([2, 1]).gradients(np.ones((5, 2)), np.ones((1, 5))), ValueError, r"t has shape \(1, 5\).*5, 1"),
        (lambda: MLP([2, 1]).loss(np.ones((5, 2)), np.ones((5, 2))), ValueError, r"MLP.loss: t has shape \(5, 2\)"),
        (
            lambda: train_epoch(MLP([1, 1]), [[1]], [[1]], print, 2, np.random.default_rng()),
            ValueError,
            "train_epoch: batch_size is 2, but x has only 1 examples",
        ),
    ],
)
def test_bad_input_gets_a_sentence(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.keras
@pytest.mark.parametrize("activation", sorted(set(neuron.ACTIVATIONS) - {"step", "leaky_relu"}))
@pytest.mark.parametrize("output", ["linear", "sigmoid", "softmax"])
def test_the_same_weights_in_keras_give_the_same_outputs(activation, output):
    import keras

    net = MLP([3, 6, 5, 4], activation, seed=7, output=output)
    for b in net.biases:
        b += np.random.default_rng(1).normal(size=b.shape)
    dense = [keras.layers.Dense(n, activation=activation) for n in (6, 5)]
    model = keras.Sequential([keras.Input((3,)), *dense, keras.layers.Dense(4, activation=output)])
    model.set_weights([array for pair in zip(net.weights, net.biases, strict=True) for array in pair])
    x = np.random.default_rng(2).normal(size=(20, 3))
    np.testing.assert_allclose(net.forward(x), keras.ops.convert_to_numpy(model(x)), atol=1e-5)
    assert net.count_params() == model.count_params()
