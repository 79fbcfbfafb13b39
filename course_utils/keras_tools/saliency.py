"""Saliency: which pixels made the network answer as it did. Seven methods, all for the logit of a label.

Each is called as ``method(model, images, labels, ...)`` and gives an array of the images' shape (``grad_cam`` and
``occlusion``: one map (height, width) for each picture). Pictures are floats (n, height, width, channels), labels whole
numbers (n,), and the models return logits: a softmax output mixes all classes into each of them.

Sources: K. Simonyan and others, "Deep Inside Convolutional Networks", 2014 (the gradient); D. Smilkov and others,
"SmoothGrad", 2017; M. Sundararajan and others, "Axiomatic Attribution for Deep Networks", 2017 (integrated gradients);
R. Selvaraju and others, "Grad-CAM", 2017; J. Springenberg and others, "Striving for Simplicity", 2015 (guided
backpropagation); M. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", 2014 (occlusion);
R. Fong and A. Vedaldi, "Interpretable Explanations of Black Boxes by Meaningful Perturbation", 2017.
"""

import numpy as np

from course_utils.from_scratch._checks import describe, real, whole
from course_utils.from_scratch.optimizers import adam
from course_utils.keras_tools.autodiff import once_per_model, value_and_gradient

BATCH = 32  # pictures that go through the network at once; more take more memory and hardly less time
MANY = 4 * BATCH  # where one pass follows another: a third less time


def vanilla_gradient(model, images, labels):
    """The slope of the logit for every pixel: how much the logit moves if that pixel moves a little."""
    images, labels = _checked("vanilla_gradient", model, images, labels)
    return _gradient(model, images, labels)


def smooth_grad(model, images, labels, *, noise=0.15, samples=25, seed=0):
    """The mean gradient over ``samples`` noisy copies of each picture.

    noise: the standard deviation of what is added to each pixel, in the pictures' units.
    """
    images, labels = _checked("smooth_grad", model, images, labels)
    noise, samples = real(0)("smooth_grad", "noise", noise), whole(1)("smooth_grad", "samples", samples)
    generator = np.random.default_rng(whole(0)("smooth_grad", "seed", seed))
    return _mean_gradient(
        model, lambda _: images + np.float32(noise) * generator.normal(size=images.shape).astype(np.float32), labels,
        samples)


def integrated_gradients(model, images, labels, baseline=None, steps=50):
    """The mean gradient along the straight path from the baseline to the picture, times (picture - baseline).

    baseline: one picture (height, width, channels) or one for each; all zeros (black; with our digits, empty paper)
    unless given. steps: points on the path, each in the middle of one of as many equal parts. The sum over the pixels
    comes near logit(picture) - logit(baseline), the nearer the more steps: the completeness of the method.
    """
    images, labels = _checked("integrated_gradients", model, images, labels)
    steps = whole(1)("integrated_gradients", "steps", steps)
    start = _baseline("integrated_gradients", images, baseline)
    way = images - start
    return way * _mean_gradient(model, lambda k: start + np.float32((k + 0.5) / steps) * way, labels, steps)


def grad_cam(model, images, labels, layer=None, *, resize=True):
    """A coarse map of where a layer's feature maps speak for the label: (n, height, width), nowhere below 0.

    Each feature map is weighted by its mean slope over space; the weighted maps are summed, and what is negative is
    cut. layer: name of a convolution, the last one unless given. resize: enlarge to the pictures' size, linearly
    between the corners; False gives the layer's own size.
    """
    images, labels = _checked("grad_cam", model, images, labels)
    name = _convolution(model, layer)
    maps, slopes = maps_and_slopes(model, name, images, labels)
    weights = slopes.mean(axis=(1, 2), keepdims=True)
    cam = np.maximum((weights * maps).sum(axis=-1), 0)
    return enlarge(cam, images.shape[1:3]) if resize else cam


def guided_backprop(model, images, labels, *, guidance=1.0):
    """Back through the layers as for the gradient, but at each ReLU only what is positive on the way back passes.

    guidance: 1 stops all that is negative, 0 nothing, which is the plain gradient. The model must be a chain of layers,
    its ReLUs given as ``activation="relu"`` or as layers.
    """
    images, labels = _checked("guided_backprop", model, images, labels)
    keep = np.float32(1 - real(0, 1)("guided_backprop", "guidance", guidance))
    layers = _chain("guided_backprop", model)
    parts = []
    for some in _parts(len(images)):
        inputs = [images[some]]
        for layer in layers[:-1]:
            inputs.append(_numpy(layer(inputs[-1], training=False) if _trains(layer) else layer(inputs[-1])))
        signal = np.eye(model.output_shape[-1], dtype=np.float32)[labels[some]]
        for number in reversed(range(len(layers))):
            if _has_relu(layers[number]):
                signal = np.where(signal > 0, signal, keep * signal)
            _, signal = _back(model, number)(inputs[number], signal)
        parts.append(signal)
    return np.concatenate(parts)


def occlusion(model, images, labels, *, size=5, stride=2, value=0.0):
    """How far the logit falls when a square covers the pixel: (n, height, width), the mean over the squares on it.

    size: the square's side in pixels; stride: how far it moves; value: what it is filled with, 0 is paper.
    """
    images, labels = _checked("occlusion", model, images, labels)
    height, width = images.shape[1:3]
    size = whole(1, min(height, width))("occlusion", "size", size)
    stride = whole(1, size)("occlusion", "stride", stride)
    value = real()("occlusion", "value", value)
    places = [(top, left) for top in _places(height, size, stride) for left in _places(width, size, stride)]
    squares = np.zeros((len(places), height, width), np.float32)
    for square, (top, left) in zip(squares, places, strict=True):
        square[top : top + size, left : left + size] = 1
    left_over = np.zeros(len(images) * len(places), np.float32)
    for some in _parts(len(left_over), MANY):
        number, place = np.divmod(np.arange(len(left_over))[some], len(places))
        covered = np.where(squares[place][..., None] > 0, np.float32(value), images[number])
        left_over[some] = _logit(model, covered, labels[number])
    drops = _logit(model, images, labels)[:, None] - left_over.reshape(len(images), -1)
    return np.tensordot(drops, squares, 1) / squares.sum(axis=0)


def meaningful_perturbation(model, images, labels, *, area=1.0, blur=5.0, smoothness=0.2, steps=60, rate=0.15):
    """The smallest region whose blurring destroys the answer, learned by descent: 1 is blurred, 0 is left alone.

    The region is a mask at half the pictures' resolution. The loss is the share of the logit that survives (1: all of
    it, 0: as little as in the picture blurred everywhere), plus ``area`` times the share of the picture that is
    blurred, plus ``smoothness`` times the mean step between neighbors. area: one number, or one for each picture.
    blur: standard deviation of the blur in pixels. steps, rate: of the descent (Adam).
    """
    from scipy.ndimage import gaussian_filter

    name = "meaningful_perturbation"
    images, labels = _checked(name, model, images, labels)
    prices = _prices(name, area, len(images))
    blur, smoothness = real(above=0)(name, "blur", blur), real(0)(name, "smoothness", smoothness)
    steps, rate = whole(1)(name, "steps", steps), real(above=0)(name, "rate", rate)
    blurred = gaussian_filter(images, (0, blur, blur, 0))
    lowest = _logit(model, blurred, labels)
    span = np.maximum(_logit(model, images, labels) - lowest, 1e-3)
    loss = _perturbation_loss(model)
    masks = np.full((len(images), -(-images.shape[1] // 2), -(-images.shape[2] // 2), 1), 0.5, np.float32)
    for some in _parts(len(images), 2 * BATCH):  # each picture's search is its own
        fixed = [values[some] for values in (images, blurred, labels, lowest, span, prices)]
        mask = masks[some]
        update = adam([mask], rate)
        for _ in range(steps):
            _, slope = loss(mask, *fixed, np.float32(smoothness))
            update([slope])
            np.clip(mask, 0, 1, out=mask)
    return np.repeat(enlarge(masks[..., 0], images.shape[1:3])[..., None], images.shape[-1], axis=-1)


METHODS = {
    "gradient": vanilla_gradient,
    "SmoothGrad": smooth_grad,
    "integrated gradients": integrated_gradients,
    "Grad-CAM": grad_cam,
    "guided backprop": guided_backprop,
    "occlusion": occlusion,
    "perturbation": meaningful_perturbation,
}


# Settings light enough for hundreds of pictures.
LIGHT = {"SmoothGrad": {"samples": 10}, "integrated gradients": {"steps": 16}, "occlusion": {"stride": 4},
         "perturbation": {"steps": 40}}


def all_maps(model, images, labels):
    """The maps of all seven methods, {name: (n, height, width)}, with settings for many pictures."""
    return {name: flat(method(model, images, labels, **LIGHT.get(name, {}))) for name, method in METHODS.items()}


def flat(maps):
    """One strength a pixel, (n, height, width): over several channels the sum of the absolute values.

    A map that has one channel keeps its sign.
    """
    maps = np.asarray(maps)
    if maps.ndim == 3:
        return maps
    return maps[..., 0] if maps.shape[-1] == 1 else np.abs(maps).sum(axis=-1)


def enlarge(maps, shape):
    """Maps (n, h, w) stretched to ``shape`` (height, width): linear, with the corners on the corners."""
    from scipy.ndimage import zoom

    return zoom(maps, (1, shape[0] / maps.shape[1], shape[1] / maps.shape[2]), order=1)


def logits(model, images):
    """The network's logits (n, classes) as an array; many pictures go through in parts."""
    forward, images = _forward(model), np.asarray(images)
    ones = np.ones((len(images), model.output_shape[-1]), np.float32)
    return np.concatenate([forward(images[some], ones[some])[1] for some in _parts(len(images), MANY)])


def maps_and_slopes(model, layer, images, labels):
    """A layer's feature maps (n, h, w, k) and the slopes of the label's logit for them, of the same shape."""
    head, slope = _cut(model, layer)
    found = [(maps := _numpy(head(images[some], training=False)), slope(maps, labels[some])[1])
             for some in _parts(len(images))]
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))


# --- what is compiled once for each model ----------------------------------------------------------------------------


@once_per_model
def logit_and_gradient(model):
    """The function (images, labels) -> (sum of the labels' logits, its gradient for the images) of this network.

    A sum, not a mean: no picture's logit depends on another picture, so each gets its own gradient.
    """
    from keras import ops

    def logit(images, labels):
        return ops.sum(model(images, training=False) * ops.one_hot(labels, model.output_shape[-1]))

    return value_and_gradient(logit, "images", model)


@once_per_model
def _forward(model):
    """The network compiled: (images, weights) -> (sum of the logits times weights, its slopes for those: the logits).

    Layer by layer, as ``model(images)`` goes, a pass takes twice as long.
    """
    from keras import ops

    def weighed(images, weights):
        return ops.sum(model(images, training=False) * weights)

    return value_and_gradient(weighed, "weights", model)


@once_per_model
def _cut(model, layer):
    """The part of the model up to a layer, and the slope of the logit for that layer's maps."""
    import keras
    from keras import ops

    middle = model.get_layer(layer).output
    head, rest = keras.Model(model.inputs[0], middle), keras.Model(middle, model.outputs[0])

    def logit(maps, labels):
        return ops.sum(rest(maps, training=False) * ops.one_hot(labels, model.output_shape[-1]))

    return head, value_and_gradient(logit, "maps", rest)


@once_per_model
def _back(model, number):
    """One layer's step of backpropagation: (its input, the signal at its output) -> (..., the signal at its input)."""
    from keras import ops

    layer = model.layers[number]

    def carried(inputs, signal):
        outputs = layer(inputs, training=False) if _trains(layer) else layer(inputs)
        return ops.sum(outputs * signal)

    return value_and_gradient(carried, "inputs", model, compile=False)


@once_per_model
def _perturbation_loss(model):
    from keras import ops

    def loss(mask, images, blurred, labels, lowest, span, prices, smoothness):
        soft = ops.image.resize(mask, images.shape[1:3], data_format="channels_last")
        found = model(images * (1 - soft) + blurred * soft, training=False)
        logit = ops.sum(found * ops.one_hot(labels, model.output_shape[-1]), axis=1)
        kept = ops.relu((logit - lowest) / span)
        steps = ops.mean(ops.abs(mask[:, 1:] - mask[:, :-1]), axis=(1, 2, 3))
        steps = steps + ops.mean(ops.abs(mask[:, :, 1:] - mask[:, :, :-1]), axis=(1, 2, 3))
        return ops.sum(kept + prices * ops.mean(mask, axis=(1, 2, 3)) + smoothness * steps)

    return value_and_gradient(loss, "mask", model)


# --- small parts -----------------------------------------------------------------------------------------------------


def _gradient(model, images, labels, size=BATCH):
    function = logit_and_gradient(model)
    return np.concatenate([function(images[some], labels[some])[1] for some in _parts(len(images), size)])


def _mean_gradient(model, pictures, labels, count):
    """The mean gradient at pictures(0), pictures(1), ..., several of them at once where there are few pictures."""
    n, total = len(labels), 0
    at_once = max(1, MANY // n)
    for first in range(0, count, at_once):
        some = np.concatenate([pictures(k) for k in range(first, min(first + at_once, count))])
        found = _gradient(model, some, np.tile(labels, len(some) // n), MANY)
        total = total + found.reshape(-1, n, *found.shape[1:]).sum(axis=0)
    return total / np.float32(count)


def _logit(model, images, labels):
    return logits(model, images)[np.arange(len(labels)), labels]


def _numpy(tensor):
    import keras

    return keras.ops.convert_to_numpy(tensor)


def _parts(n, size=BATCH):
    return [slice(start, start + size) for start in range(0, n, size)]


def _places(length, size, stride):
    """Where the square stands: every ``stride`` pixels, and once at the far edge."""
    return sorted({*range(0, length - size + 1, stride), length - size})


def _trains(layer):
    """Whether the layer behaves otherwise in training."""
    return type(layer).__name__ in {"Dropout", "SpatialDropout2D", "GaussianNoise", "BatchNormalization"}


def _has_relu(layer):
    return type(layer).__name__ == "ReLU" or getattr(getattr(layer, "activation", None), "__name__", "") == "relu"


def _names(model):
    return ", ".join(layer.name for layer in model.layers)


def _convolution(model, layer):
    found = [one.name for one in model.layers if type(one).__name__.endswith("Conv2D")]
    if not found:
        raise ValueError(f"grad_cam: the model {model.name!r} has no convolution, but Grad-CAM reads feature maps; its "
                         f"layers are {_names(model)}: use integrated_gradients or occlusion for it.")
    if layer is None:
        return found[-1]
    if layer not in [one.name for one in model.layers]:
        raise ValueError(f"grad_cam: layer is {describe(layer)}, but the model {model.name!r} has the layers "
                         f"{_names(model)}: choose a convolution among them ({', '.join(found)}).")
    if len(model.get_layer(layer).output.shape) != 4:
        raise ValueError(f"grad_cam: layer is {describe(layer)}, but it gives no feature maps: choose one of "
                         f"{', '.join(found)}.")
    return layer


def _chain(function, model):
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    if len(layers) != len(model.layers) or type(model).__name__ != "Sequential":
        raise ValueError(f"{function}: the model {model.name!r} is a {type(model).__name__}, but a chain of layers is "
                         "expected, for the way back is walked layer by layer: make it a keras.Sequential.")
    return layers


def _baseline(function, images, baseline):
    if baseline is None:
        return np.zeros_like(images)
    came = np.asarray(baseline)
    if came.shape not in (images.shape, images.shape[1:]):
        raise ValueError(f"{function}: baseline is {describe(came)}, but the pictures have the shape "
                         f"{images.shape[1:]}: give one picture of that shape, or one for each ({images.shape}).")
    if came.dtype.kind not in "fiu" or not np.isfinite(came).all():
        raise ValueError(f"{function}: baseline is {describe(came)} with values that are no finite numbers: replace "
                         "them.")
    return np.broadcast_to(came.astype(np.float32), images.shape)


def _prices(function, area, n):
    prices = np.asarray(area, dtype=np.float32) if np.asarray(area).dtype.kind in "fiu" else None
    if prices is None or prices.shape not in ((), (n,)) or not np.isfinite(prices).all() or prices.min() < 0:
        raise ValueError(f"{function}: area is {describe(area)}, but one number from 0 on, or one for each of the {n} "
                         "pictures, is expected: choose for example 1.")
    return np.broadcast_to(prices, (n,)).copy()


def _checked(function, model, images, labels):
    """The pictures as float32 and the labels as int32, or one sentence."""
    came, wanted = np.asarray(images), tuple(model.input_shape[1:])
    shape = ", ".join("any" if side is None else str(side) for side in wanted)
    if came.ndim != 4 or not len(came) or any(w not in (None, c) for c, w in zip(came.shape[1:], wanted, strict=True)):
        raise ValueError(f"{function}: images is {describe(came)}, but the network takes (n, {shape}): reshape them, "
                         "and put a single picture into a list.")
    if came.dtype.kind != "f":
        raise TypeError(f"{function}: images holds whole numbers ({came.dtype}), which have no slope, but floats are "
                        "expected: divide grey levels by 255.")
    if not np.isfinite(came).all():
        raise ValueError(f"{function}: images contains {came[~np.isfinite(came)].flat[0]}, but finite numbers are "
                         "expected: replace that value.")
    labels, n, classes = np.asarray(labels), len(came), model.output_shape[-1]
    if labels.dtype.kind not in "ui" or labels.shape != (n,):
        raise ValueError(f"{function}: labels is {describe(labels)}, but {n} whole numbers are expected, one class for "
                         "each picture.")
    if labels.min() < 0 or labels.max() >= classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(f"{function}: labels contains {wrong}, but the network has the classes 0 to {classes - 1}.")
    return came.astype(np.float32, copy=False), labels.astype(np.int32)
