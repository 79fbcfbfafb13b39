"""FGSM on 64 pictures, beside a plain compiled TensorFlow function and beside cleverhans, in the same run.

cleverhans comes with the extra "reference"; without it that row is left out and says so.
"""

import time

import numpy as np

from course_utils.keras_tools.quiet import import_keras

LIMIT = 1.0
EPSILON = 8 / 255


def seconds(*functions, repeats=60):
    """The median of several runs of each, taken in turn."""
    times = [[] for _ in functions]
    for _ in range(repeats):
        for function, measured in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            measured.append(time.perf_counter() - start)
    return [float(np.median(measured)) for measured in times]


def plain(model, x, y):
    """What one would write by hand for this one network: no checks, nothing kept apart from the attack."""
    import tensorflow as tf

    cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def attack(images, labels):
        with tf.GradientTape() as tape:
            tape.watch(images)
            loss = cross_entropy(labels, model(images, training=False))
        return tf.clip_by_value(images + EPSILON * tf.sign(tape.gradient(loss, images)), 0, 1)

    images, labels = tf.constant(x), tf.constant(y)
    return lambda: attack(images, labels).numpy()


def cleverhans(model, x, y):
    """cleverhans' FGSM, or None where it is not installed."""
    try:
        from cleverhans.tf2.attacks.fast_gradient_method import fast_gradient_method
    except ImportError:
        return None
    import tensorflow as tf

    images, labels = tf.constant(x), tf.constant(y)
    return lambda: fast_gradient_method(model, images, EPSILON, np.inf, y=labels, clip_min=0.0, clip_max=1.0).numpy()


def rows():
    keras = import_keras()
    from course_utils.datasets import digits
    from course_utils.keras_tools.attacks import fgsm
    from course_utils.keras_tools.models import as_input, digit_cnn

    _, (pictures, labels) = digits()
    x, y = as_input(pictures[:64]), labels[:64].astype("int32")
    model = digit_cnn()

    def ours():
        return fgsm(model, x, y, EPSILON)

    if keras.config.backend() != "tensorflow":
        ours()
        (own,) = seconds(ours)
        return [{"name": "FGSM, 64 pictures", "value": round(1000 * own, 2), "limit": None, "unit": "ms",
                 "holds": True}]
    functions = {"ours": ours, "plain": plain(model, x, y), "cleverhans": cleverhans(model, x, y)}
    functions = {name: function for name, function in functions.items() if function}
    made = {name: function() for name, function in functions.items()}
    for name, pictures in made.items():
        assert np.mean(np.abs(pictures - made["ours"]) > 1e-6) < 1e-3, name
    taken = dict(zip(functions, seconds(*functions.values()), strict=True))
    table = [{"name": f"FGSM, 64 pictures: {name}", "value": round(1000 * value, 2), "limit": None, "unit": "ms",
              "holds": True} for name, value in taken.items()]
    if "cleverhans" not in taken:
        return [*table, {"name": "cleverhans is not installed (extra: reference)", "value": None, "limit": None,
                         "unit": "", "holds": True}]
    ratio = taken["ours"] / taken["cleverhans"]
    return [*table, {"name": "FGSM, 64 pictures: ours / cleverhans", "value": round(ratio, 3), "limit": LIMIT,
                     "unit": "times", "holds": ratio <= LIMIT}]


if __name__ == "__main__":
    for row in rows():
        print(row)
