"""Convolution and pooling: by hand, against SciPy, PyTorch's stored values, finite differences and Keras."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate2d

from course_utils.from_scratch.convolution import (
    conv_layer,
    conv_layer_gradients,
    convolve2d,
    convolve2d_loops,
    max_pool2d,
    max_pool_layer,
    max_pool_layer_gradient,
    output_size,
)

TORCH = Path(__file__).parents[1] / "reference" / "values_torch.npz"


@pytest.fixture(scope="module")
def torch_values():
    with np.load(TORCH, allow_pickle=False) as values:
        return {name.removeprefix("conv_"): values[name] for name in values if name.startswith("conv_")}


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_a_convolution_by_hand_is_not_flipped():
    image = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(convolve2d(image, [[1, 0], [0, -2]]), [[0 - 8, 1 - 10], [3 - 14, 4 - 16]])
    np.testing.assert_array_equal(convolve2d([[1]], [[3]], padding=1), [[0, 0, 0], [0, 3, 0], [0, 0, 0]])


@st.composite
def places(draw):
    """A side, a kernel that fits, a stride and a padding."""
    padding, n = draw(st.integers(0, 3)), draw(st.integers(1, 9))
    return n, draw(st.integers(1, n + 2 * padding)), draw(st.integers(1, 4)), padding


@given(places(), st.integers(0, 1000))
def test_fast_loops_and_scipy_agree_everywhere(place, seed):
    n, size, stride, padding = place
    image, kernel = random(n, n + 2, seed=seed), random(size, min(size, 2), seed=seed + 1)
    expected = correlate2d(np.pad(image, padding), kernel, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(convolve2d(image, kernel, stride, padding), expected, atol=1e-12)
    np.testing.assert_allclose(convolve2d_loops(image, kernel, stride, padding), expected, atol=1e-12)
    assert expected.shape[0] == output_size(n, size, stride, padding)


@given(places())
def test_output_size_counts_the_places(place):
    n, size, stride, padding = place
    starts = [s for s in range(0, n + 2 * padding, stride) if s + size <= n + 2 * padding]
    assert output_size(n, size, stride, padding) == len(starts)


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "padding", "size"),
    [(5, 3, 2, 1, 3), (9, 3, 1, 0, 7), (224, 7, 2, 3, 112), (7, 7, 1, 0, 1)],
)
def test_known_output_sizes(n, kernel, stride, padding, size):
    assert output_size(n, kernel, stride, padding) == size


@given(st.floats(-5, 5), st.integers(0, 1000))
def test_convolution_is_linear(factor, seed):
    a, b, kernel = random(6, 7, seed=seed), random(6, 7, seed=seed + 1), random(3, 2, seed=seed + 2)
    left = convolve2d(a + factor * b, kernel, padding=1)
    np.testing.assert_allclose(left, convolve2d(a, kernel, 1, 1) + factor * convolve2d(b, kernel, 1, 1), atol=1e-10)


@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 1000))
def test_a_shifted_picture_gives_a_shifted_map(down, right, seed):
    image, kernel = random(8, 8, seed=seed), random(3, 3, seed=seed + 1)
    shifted = np.roll(image, (down, right), axis=(0, 1))
    np.testing.assert_allclose(convolve2d(shifted, kernel)[down:, right:], convolve2d(image, kernel)[:-down, :-right])


def test_pooling_by_hand():
    image = np.arange(25.0).reshape(5, 5)
    np.testing.assert_array_equal(max_pool2d(image), [[6, 8], [16, 18]])
    np.testing.assert_array_equal(max_pool2d(image, partial=True), [[6, 8, 9], [16, 18, 19], [21, 23, 24]])
    np.testing.assert_array_equal(max_pool2d(-image, partial=True)[2], [-20, -22, -24])
    np.testing.assert_array_equal(max_pool2d(image, 3, 1), [[12, 13, 14], [17, 18, 19], [22, 23, 24]])


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 4), st.data())
def test_partial_windows_see_every_pixel(rows, columns, size, data):
    size = min(size, rows, columns)
    stride = data.draw(st.integers(1, size))
    where = data.draw(st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1)))
    image = np.zeros((rows, columns))
    image[where] = 1
    pooled = max_pool2d(image, size, stride, partial=True)
    assert pooled.max() == 1
    whole = max_pool2d(image, size, stride)
    np.testing.assert_array_equal(pooled[: whole.shape[0], : whole.shape[1]], whole)


def test_relu_and_max_pooling_commute():
    image = random(6, 6)
    np.testing.assert_array_equal(max_pool2d(np.maximum(image, 0)), np.maximum(max_pool2d(image), 0))


def test_pooling_equals_pytorch(torch_values):
    v = torch_values
    np.testing.assert_array_equal(max_pool2d(v["picture"]), v["pool_whole"])
    np.testing.assert_array_equal(max_pool2d(v["picture"], partial=True), v["pool_partial"])
    np.testing.assert_array_equal(max_pool2d(v["picture"], 3, 2, partial=True), v["pool_3"])


def test_layer_and_its_gradients_equal_pytorch(torch_values):
    v = torch_values
    output = conv_layer(v["images"], v["kernels"], v["biases"], stride=2, padding=1)
    np.testing.assert_allclose(output, v["output"], atol=1e-12)
    gradients = conv_layer_gradients(v["images"], v["kernels"], v["slope"], stride=2, padding=1)
    for ours, name in zip(gradients, ("image_gradient", "kernel_gradient", "bias_gradient"), strict=True):
        np.testing.assert_allclose(ours, v[name], atol=1e-12)


def test_a_layer_of_one_channel_and_one_filter_is_convolve2d():
    image, kernel = random(7, 6), random(3, 2, seed=1)
    layer = conv_layer(image[None, :, :, None], kernel[:, :, None, None], [0.5], stride=2, padding=1)
    np.testing.assert_allclose(layer[0, :, :, 0], convolve2d(image, kernel, 2, 1) + 0.5)


def differences(function, array, slope, step=1e-6):
    """The slope of sum(function() · slope) by every number of array, from two values each."""
    slopes = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = np.sum(function() * slope)
        array[index] = kept - step
        slopes[index] = (above - np.sum(function() * slope)) / (2 * step)
        array[index] = kept
    return slopes


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (3, 2)])
def test_layer_gradients_equal_finite_differences(stride, padding):
    images, kernels, biases = random(2, 5, 6, 2), random(3, 2, 2, 3, seed=1), random(3, seed=2)
    output = conv_layer(images, kernels, biases, stride, padding)
    slope = random(*output.shape, seed=3)
    gradients = conv_layer_gradients(images, kernels, slope, stride, padding)
    for ours, array in zip(gradients, (images, kernels, biases), strict=True):
        expected = differences(lambda: conv_layer(images, kernels, biases, stride, padding), array, slope)
        np.testing.assert_allclose(ours, expected, atol=1e-7)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (2, 1), (3, 2), (1, 2)])
def test_pooling_gradient_equals_finite_differences(size, stride):
    images = random(2, 5, 6, 2)
    slope = random(*max_pool_layer(images, size, stride).shape, seed=1)
    expected = differences(lambda: max_pool_layer(images, size, stride), images, slope)
    np.testing.assert_allclose(max_pool_layer_gradient(images, slope, size, stride), expected, atol=1e-8)


def test_equal_numbers_hand_the_slope_to_the_first():
    gradient = max_pool_layer_gradient(np.ones((1, 2, 2, 1)), np.ones((1, 1, 1, 1)))
    np.testing.assert_array_equal(gradient[0, :, :, 0], [[1, 0], [0, 0]])


@pytest.mark.parametrize(
    ("use", "error", "words"),
    [
        (lambda: convolve2d(np.ones((3, 3)), np.ones((5, 2))), ValueError, "convolve2d: kernel is 5 high.*only 3 high"),
        (lambda: convolve2d(np.ones((3, 3)), np.ones((2, 6)), 1, 1), ValueError, "kernel is 6 wide.*only 5 wide"),
        (lambda: convolve2d(np.ones((3, 3)), [[1]], -1), ValueError, "convolve2d: stride is -1"),
        (lambda: convolve2d(np.ones((3, 3)), [[1]], padding="same"), TypeError, "padding is the text 'same'"),
        (lambda: convolve2d(np.ones((3, 3, 3)), [[1]]), ValueError, r"convolve2d: image has shape \(3, 3, 3\)"),
        (lambda: convolve2d_loops("x", [[1]]), TypeError, "convolve2d_loops: image is the text 'x'"),
        (lambda: convolve2d([[np.nan]], [[1]]), ValueError, "convolve2d: image contains nan"),
        (lambda: output_size(3, 5), ValueError, "output_size: kernel is 5 wide, but there are only 3 places"),
        (lambda: output_size(3, 1, 0), ValueError, "output_size: stride is 0"),
        (lambda: max_pool2d([[1]]), ValueError, "max_pool2d: size is 2, but the image has shape"),
        (lambda: max_pool2d(np.ones((4, 4)), 1, 2, True), ValueError, "max_pool2d: stride is 2 and size is 1"),
        (lambda: conv_layer(np.ones((1, 4, 4, 3)), np.ones((2, 2, 1, 5)), np.ones(5)), ValueError, "for 1 channels"),
        (lambda: conv_layer(np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 5)), [1]), ValueError, "biases has 1 numbers"),
        (
            lambda: conv_layer_gradients(np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 5)), np.ones((1, 4, 4, 5))),
            ValueError,
            r"output_gradient has shape \(1, 4, 4, 5\), but the layer's output has shape \(1, 3, 3, 5\)",
        ),
        (lambda: max_pool_layer(np.ones((1, 1, 4, 1))), ValueError, "max_pool_layer: size is 2"),
        (
            lambda: max_pool_layer_gradient(np.ones((1, 4, 4, 1)), np.ones((1, 4, 4, 1))),
            ValueError,
            r"but the layer's output has shape \(1, 2, 2, 1\)",
        ),
    ],
)
def test_bad_input_gets_a_sentence(use, error, words):
    with pytest.raises(error, match=words):
        use()


@pytest.mark.keras
@pytest.mark.parametrize(("stride", "padding"), [(1, "valid"), (1, "same"), (2, "valid")])
def test_layers_equal_keras(stride, padding):
    import keras

    images, kernels, biases = random(3, 9, 8, 3), random(3, 3, 3, 5, seed=1), random(5, seed=2)
    layer = keras.layers.Conv2D(5, 3, strides=stride, padding=padding)
    layer.build((None, 9, 8, 3))
    layer.set_weights([kernels, biases])
    ours = conv_layer(images, kernels, biases, stride, int(padding == "same"))
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(layer(images)), atol=1e-5)
    pool = keras.layers.MaxPooling2D(3, strides=stride)
    np.testing.assert_allclose(
        max_pool_layer(images, 3, stride), keras.ops.convert_to_numpy(pool(images)), atol=1e-6
    )
    image = random(7, 7)
    same = keras.layers.MaxPooling2D(2, padding="same")(image[None, :, :, None])
    np.testing.assert_allclose(max_pool2d(image, partial=True), keras.ops.convert_to_numpy(same)[0, :, :, 0], atol=1e-6)
