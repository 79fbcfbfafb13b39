"""What a neuron wants to see: pictures that grow by gradient ascent, and a dream on a photograph by the same step.

After J. Yosinski and others, "Understanding Neural Networks Through Deep Visualization", 2015, whose four
regularizations are the four options here, and A. Mordvintsev and others, "Inceptionism", 2015 (the dream).
"""

import numpy as np

from course_utils.from_scratch._checks import checked, describe, numbers, real, whole
from course_utils.keras_tools.autodiff import once_per_model, value_and_gradient

EVERY = 4  # steps between two blurs


def activation_maximization(model, units, layer=None, *, steps=60, rate=0.05, decay=0.0, blur=0.0, small_norm=0.0,
                            small_contribution=0.0, seed=0):
    """Pictures (n, height, width, channels), values from 0 to 1, that drive the units' weighted sums up, from noise.

    units: whole numbers (n,), one for each picture: neurons of a dense layer, or channels of a convolution, where the
    neuron in the middle of the channel's map is driven. layer: its name, the last one unless given. rate: how far the
    most moved pixel goes in one step.

    The four regularizations, each one number or one for each picture, 0 is off: decay, the share that each pixel loses
    in each step (L2 decay); blur, the standard deviation in pixels of a Gaussian blur every fourth step; small_norm,
    the share of the pixels, those of smallest size, that are set to 0; small_contribution, the same for the pixels of
    smallest |pixel · slope|, which matter least.
    """
    name = "activation_maximization"
    layer, units = _goal(name, model, layer, units)
    steps, rate = whole(1)(name, "steps", steps), np.float32(real(above=0)(name, "rate", rate))
    options = {"decay": decay, "blur": blur, "small_norm": small_norm, "small_contribution": small_contribution}
    options = {key: _each(name, key, value, len(units)) for key, value in options.items()}
    climb = weighted_sum_and_gradient(model, layer)
    noise = np.random.default_rng(whole(0)(name, "seed", seed)).uniform(0.0, 0.4, model.input_shape[1:])
    pictures = np.repeat(noise[None].astype(np.float32), len(units), axis=0)
    for step in range(1, steps + 1):
        _, slope = climb(pictures, units)
        pictures = pictures + rate * slope / (np.abs(slope).max(axis=(1, 2, 3), keepdims=True) + 1e-12)
        pictures = np.clip(regularized(pictures, slope, step, **options), 0, 1).astype(np.float32)
    return pictures


def regularized(pictures, slope, step, decay, blur, small_norm, small_contribution):
    """The four regularizations, one after the other; each option is an array with one number for each picture."""
    from scipy.ndimage import gaussian_filter

    pictures = pictures * (1 - decay[:, None, None, None])
    if step % EVERY == 0:
        pictures = np.stack([gaussian_filter(picture, (width, width, 0)) if width else picture
                             for picture, width in zip(pictures, blur, strict=True)])
    pictures = clip_smallest(pictures, np.linalg.norm(pictures, axis=-1), small_norm)
    return clip_smallest(pictures, np.abs(np.sum(pictures * slope, axis=-1)), small_contribution)


def clip_smallest(pictures, sizes, share):
    """Set the pixels with the smallest ``sizes`` (n, h, w) to 0, that ``share`` (n,) of each picture (n, h, w, c)."""
    ranks = sizes.reshape(len(sizes), -1).argsort(axis=1).argsort(axis=1).reshape(sizes.shape)
    keep = ranks >= share[:, None, None] * ranks[0].size
    return pictures * keep[..., None]


def responses(model, pictures, units, layer=None):
    """The weighted sums (n,) that `activation_maximization` drives, for these pictures."""
    import keras

    layer, units = _goal("responses", model, layer, units)
    z = keras.ops.convert_to_numpy(_weighted_sums(model, model.get_layer(layer))(pictures))
    if z.ndim == 4:
        z = z[:, z.shape[1] // 2, z.shape[2] // 2]
    return z[np.arange(len(units)), units]


def field_of_view(model, layer):
    """Rows and columns (slices) of the picture that the middle neuron of a convolution can see."""
    layer, _ = _goal("field_of_view", model, layer, [0])
    low = high = model.get_layer(layer).output.shape[1] // 2
    for one in reversed(model.layers[: [other.name for other in model.layers].index(layer) + 1]):
        size, stride = (one.kernel_size[0], one.strides[0]) if hasattr(one, "kernel_size") else (0, 0)
        if size:
            low, high = low * stride - (size - 1) // 2, high * stride + size // 2
        elif hasattr(one, "pool_size"):
            low, high = low * one.pool_size[0], (high + 1) * one.pool_size[0] - 1
    side = model.input_shape[1]
    return (slice(max(low, 0), min(high + 1, side)),) * 2


@checked(picture=numbers(2), steps=whole(1), octaves=whole(1), rate=real(above=0))
def dream(model, picture, layer, *, steps=8, octaves=3, rate=0.03):
    """A gray picture (height, width), values from 0 to 1, changed so that a convolution's feature maps grow stronger.

    What is driven is the mean square of all the layer's weighted sums, so whatever the layer sees a little of grows.
    octaves: sizes worked on, from small to large, each 1.4 times the last; steps: of ascent at each size.
    """
    from scipy.ndimage import zoom

    _goal("dream", model, layer, [0])
    climb = _strength_and_gradient(model, layer)
    picture = np.asarray(picture, np.float32)
    added = np.zeros((1, 1), np.float32)
    for octave in reversed(range(octaves)):
        shape = np.round(np.array(picture.shape) / 1.4**octave).astype(int)
        base = zoom(picture, shape / np.array(picture.shape), order=1, grid_mode=True, mode="nearest")
        added = zoom(added, shape / np.array(added.shape), order=1, grid_mode=True, mode="nearest")
        for _ in range(steps):
            _, slope = climb(np.clip(base + added, 0, 1)[None, ..., None])
            added = np.clip(base + added + rate * slope[0, ..., 0] / (np.abs(slope).mean() + 1e-12), 0, 1) - base
    return np.clip(base + added, 0, 1)


@once_per_model
def weighted_sum_and_gradient(model, layer):
    """The function (images, units) -> (sum of the units' weighted sums, its gradient for the images)."""
    from keras import ops

    goal = model.get_layer(layer)
    forward = _weighted_sums(model, goal)
    width = goal.output.shape[-1]

    def driven(images, units):
        z = forward(images)
        if len(z.shape) == 4:
            z = z[:, z.shape[1] // 2, z.shape[2] // 2]
        return ops.sum(z * ops.one_hot(units, width))

    return value_and_gradient(driven, "images", model)


@once_per_model
def _strength_and_gradient(model, layer):
    from keras import ops

    forward = _weighted_sums(model, model.get_layer(layer))
    return value_and_gradient(lambda images: ops.mean(ops.relu(forward(images)) ** 2), "images", model)


def _weighted_sums(model, goal):
    """The function from images to a layer's sums before its activation: a ReLU that is off would have no slope."""
    from keras import ops

    before = model.layers[: [layer.name for layer in model.layers].index(goal.name)]

    def forward(x):
        for layer in before:
            if type(layer).__name__ != "Dropout":
                x = layer(x)
        if hasattr(goal, "kernel_size"):
            return ops.conv(x, goal.kernel, goal.strides, goal.padding, "channels_last") + goal.bias
        return ops.matmul(x, goal.kernel) + goal.bias

    return forward


def _goal(function, model, layer, units):
    """The layer's name and the units as int32, or one sentence."""
    names = [one.name for one in model.layers if hasattr(one, "kernel")]
    layer = names[-1] if layer is None else layer
    if layer not in names:
        raise ValueError(f"{function}: layer is {describe(layer)}, but the model {model.name!r} has the layers with "
                         f"weights {', '.join(names)}: choose one of them.")
    width, came = model.get_layer(layer).output.shape[-1], np.asarray(units)
    if came.ndim != 1 or not came.size or came.dtype.kind not in "ui" or came.min() < 0 or came.max() >= width:
        raise ValueError(f"{function}: units is {describe(units)}, but a list of whole numbers from 0 to {width - 1} "
                         f"is expected, for {layer} has {width} units: choose among them.")
    return layer, came.astype(np.int32)


def _each(function, argument, value, n):
    """One number for each picture, from 0 to below 1 (a blur may be larger)."""
    came = np.asarray(value)
    most = np.inf if argument == "blur" else 1
    if came.dtype.kind not in "fiu" or came.shape not in ((), (n,)) or not ((came >= 0) & (came < most)).all():
        raise ValueError(f"{function}: {argument} is {describe(value)}, but one number from 0 on"
                         f"{'' if argument == 'blur' else ' and below 1'}, or one for each of the {n} pictures, is "
                         "expected: 0 switches it off.")
    return np.broadcast_to(came.astype(np.float32), (n,))
