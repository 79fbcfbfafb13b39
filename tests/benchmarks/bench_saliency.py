"""How long integrated gradients take on 64 pictures, beside PAIR's `saliency` in the same run (extra: reference)."""

import time

import numpy as np

from course_utils.keras_tools.quiet import import_keras

LIMIT = 1.0
STEPS = 50


def seconds(*functions, repeats=7):
    """The shortest of several runs of each, taken in turn, because other programs can only make a run longer."""
    times = [[] for _ in functions]
    for _ in range(repeats):
        for function, measured in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            measured.append(time.perf_counter() - start)
    return [min(measured) for measured in times]


def pair(model, images, labels):
    """PAIR's integrated gradients, all steps of a picture in one batch, or None where it is not installed.

    Its model function is compiled, as ours is, so that the libraries are compared and not TensorFlow with itself.
    """
    try:
        from saliency.core import INPUT_OUTPUT_GRADIENTS, IntegratedGradients
    except ImportError:
        return None
    import tensorflow as tf

    @tf.function
    def slopes(batch, label):
        with tf.GradientTape() as tape:
            tape.watch(batch)
            logit = model(batch, training=False)[:, label]
        return tape.gradient(logit, batch)

    def call(batch, call_model_args, expected_keys):
        return {INPUT_OUTPUT_GRADIENTS: slopes(tf.constant(batch, tf.float32), call_model_args).numpy()}

    method = IntegratedGradients()
    return lambda: np.stack([
        method.GetMask(image, call, tf.constant(label), np.zeros_like(image), x_steps=STEPS, batch_size=STEPS)
        for image, label in zip(images, labels, strict=True)])


def rows():
    keras = import_keras()
    from course_utils.datasets import digits
    from course_utils.keras_tools.models import as_input, digit_cnn
    from course_utils.keras_tools.saliency import integrated_gradients

    _, (pictures, labels) = digits()
    images, labels = as_input(pictures[:64]), labels[:64].astype("int32")
    model = digit_cnn()

    def ours():
        return integrated_gradients(model, images, labels, steps=STEPS)

    theirs = pair(model, images, labels) if keras.config.backend() == "tensorflow" else None
    own = ours()
    name = f"integrated gradients, 64 pictures, {STEPS} steps"
    if theirs is None:
        (taken,) = seconds(ours)
        return [{"name": f"{name}: ours", "value": round(taken, 3), "limit": None, "unit": "s", "holds": True},
                {"name": "PAIR saliency is not installed (extra: reference), or the backend is not TensorFlow",
                 "value": None, "limit": None, "unit": "", "holds": True}]
    # Other points on the same path (ends included, not middles), so nearly but not exactly the same map.
    assert np.abs(theirs() - own).max() < 0.05 * np.abs(own).max()
    mine, pairs = seconds(ours, theirs)
    return [{"name": f"{name}: ours", "value": round(mine, 3), "limit": None, "unit": "s", "holds": True},
            {"name": f"{name}: PAIR", "value": round(pairs, 3), "limit": None, "unit": "s", "holds": True},
            {"name": f"{name}: ours / PAIR", "value": round(mine / pairs, 3), "limit": LIMIT, "unit": "times",
             "holds": mine <= LIMIT * pairs}]


if __name__ == "__main__":
    for row in rows():
        print(row)
