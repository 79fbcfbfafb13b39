"""Gradients on every Keras backend that is installed: right, up to date with the weights, and alike.

Keras takes its backend once for a process, so this file is also a program: ``python test_autodiff.py out.npz`` takes
all the gradients on the backend named by KERAS_BACKEND, in double precision, and stores them for the tests to look at.
"""

import gc
import importlib.util
import os
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.keras


def all_results():
    """Everything the tests look at, as a dict of arrays."""
    import keras
    from keras import ops

    from course_utils.keras_tools.autodiff import once_per_model, value_and_gradient

    keras.config.set_floatx("float64")
    rng = np.random.default_rng(0)

    def with_fixed_weights(model):
        model.set_weights([rng.normal(0, 0.4, w.shape) if w.dtype.kind == "f" else w for w in model.get_weights()])
        return model

    # Smooth on purpose (no ReLU, no maximum): finite differences must not step over a kink.
    convolution = keras.layers.Conv2D(4, 3, padding="same", activation="tanh", name="conv")
    model = with_fixed_weights(
        keras.Sequential(
            [keras.Input((6, 6, 1)), convolution, keras.layers.AveragePooling2D(2), keras.layers.Flatten()]
            + [keras.layers.Dense(3)]
        )
    )
    images, labels = rng.random((2, 6, 6, 1)), np.array([0, 2], np.uint8)

    def loss(images, labels):
        return ops.sum(keras.losses.sparse_categorical_crossentropy(labels, model(images), from_logits=True))

    found = {}
    by_images = value_and_gradient(loss, "images", model)
    found["value"], found["by_images"] = by_images(images, labels)
    found["eager"] = value_and_gradient(loss, 0, model, compile=False)(images, labels)[1]
    found["one_image"] = by_images(images[:1], labels[:1])[1]
    found["again"] = by_images(images=images, labels=labels.astype(int))[1]
    found["by_images_slopes"] = slopes(lambda x: by_images(x, labels)[0], images)

    by_weights = value_and_gradient(loss, model)
    _, gradients = by_weights(images, labels)
    for number, (gradient, weight) in enumerate(zip(gradients, model.get_weights(), strict=True)):

        def at(changed, number=number):
            kept = model.get_weights()
            model.set_weights([changed if n == number else w for n, w in enumerate(kept)])
            value, _ = by_weights(images, labels)
            model.set_weights(kept)
            return value

        found[f"by_weight_{number}"] = gradient
        found[f"by_weight_{number}_slopes"] = slopes(at, weight)

    # The weights as they are at the call, in the form compiled before.
    before = model.get_weights()
    model.set_weights([2 * w for w in before])
    found["doubled"] = by_images(images, labels)[1]
    found["doubled_anew"] = value_and_gradient(loss, "images", model)(images, labels)[1]
    model.set_weights([0 * w for w in before])
    found["zero_weights"] = by_images(images, labels)[1]
    model.set_weights(before)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        variable.assign(variable - 0.01 * gradient)
    found["value_after_a_step"] = by_weights(images, labels)[0]
    optimizer = keras.optimizers.SGD(learning_rate=0.01)
    optimizer.apply([ops.convert_to_tensor(g) for g in by_weights(images, labels)[1]], model.trainable_variables)
    found["value_after_two_steps"] = by_weights(images, labels)[0]
    convolution.trainable = False
    found["frozen"] = np.array([g.size for g in by_weights(images, labels)[1]])
    convolution.trainable = True
    model.set_weights(before)

    # Grad-CAM: the logit for the feature maps; all of it together is the chain rule.
    maps_of = keras.Model(model.inputs[0], convolution.output)
    rest = keras.Model(convolution.output, model.outputs[0])

    def logit(maps, label):
        return ops.sum(rest(maps) * ops.one_hot(label, 3, dtype="float64"))

    by_maps = value_and_gradient(logit, "maps", rest)
    maps = ops.convert_to_numpy(maps_of(images))
    found["by_maps"] = by_maps(maps_of(images), 1)[1]
    found["by_maps_other_label"] = by_maps(maps, 2)[1]
    found["by_maps_slopes"] = slopes(lambda m: by_maps(m, 1)[0], maps)

    # Training: batch normalization learns its averages, dropout draws anew, training=False does neither.
    normal = with_fixed_weights(
        keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.BatchNormalization()])
    )
    normal.set_weights([abs(w) for w in normal.get_weights()])  # a variance is not negative
    x = rng.random((8, 4))
    step = value_and_gradient(lambda x, training=False: ops.sum(normal(x, training=training) ** 2), normal)
    averages = [normal.get_weights()[-2]]
    for training in (False, True, True):
        found[f"normal_{training}"] = step(x, training=training)[1][0]
        averages.append(normal.get_weights()[-2])
    found["averages"] = np.array(averages)
    dropped = keras.Sequential([keras.Input((50,)), keras.layers.Dropout(0.5, seed=1)])
    count = value_and_gradient(lambda x, training: ops.sum(dropped(x, training=training)), "x", dropped)
    found["dropout"] = np.array([count(np.ones((1, 50)), flag)[1] for flag in (False, True, True)])

    # A GAN's generator step: two models, one of them learns.
    generator = with_fixed_weights(keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="tanh")]))
    judge = with_fixed_weights(keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)]))

    def fooled(noise):
        return ops.mean(ops.softplus(-judge(generator(noise))))

    fool = value_and_gradient(fooled, generator, judge)
    noise = rng.normal(size=(6, 2))
    found["gan_kernel"], found["gan_bias"] = fool(noise)[1]
    judge.set_weights([-w for w in judge.get_weights()])
    found["gan_other_judge"] = fool(noise)[1][0]

    @ops.custom_gradient
    def guided(z):
        def back(*arguments, upstream=None):
            upstream = arguments[0] if upstream is None else upstream
            return ops.relu(upstream) * ops.cast(z > 0, z.dtype)

        return ops.relu(z), back

    signs = ops.convert_to_tensor(np.array([1.0, -1.0, 1.0]))
    found["guided"] = value_and_gradient(lambda z: ops.sum(guided(z) * signs), "z")(np.array([1.0, 2.0, -3.0]))[1]
    found["unused"] = value_and_gradient(lambda x, y: ops.sum(y), "x")(np.ones(3), 2.0)[1]
    found["scalar"] = value_and_gradient(lambda x: x**3, "x")(2.0)[1]

    made = once_per_model(lambda model, power: value_and_gradient(lambda x: ops.sum(model(x) ** power), "x", model))
    found["kept"] = np.array([made(judge, 2) is made(judge, 2), made(judge, 2) is made(judge, 3)])
    passing = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    made(passing, 2)(noise)
    gone = weakref.ref(passing)
    del passing
    gc.collect()
    found["gone"] = np.array(gone() is None)

    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    for name, mistake in {
        "no scalar": lambda: value_and_gradient(lambda x: x * 2, "x")(np.ones(3)),
        "whole numbers": lambda: by_images((images * 255).astype("uint8"), labels),
        "nan": lambda: by_images(images * np.nan, labels),
        "no argument": lambda: value_and_gradient(loss, "pictures", model),
        "no wrt": lambda: value_and_gradient(loss, None, model),
        "no function": lambda: value_and_gradient(3, "x"),
        "no model": lambda: value_and_gradient(loss, "images", "cnn"),
        "no weights": lambda: value_and_gradient(loss, keras.Sequential([keras.layers.Dense(2)])),
        "no return": lambda: value_and_gradient(lambda x: None, "x")(1.0),
        "a count": lambda: value_and_gradient(lambda x: ops.argmax(x), "x")(np.ones(3)),
        "numpy": lambda: value_and_gradient(lambda x: ops.sum(np.square(model(x))), "x", model)(images),
        "a stranger": lambda: value_and_gradient(lambda x: ops.sum(other(x)), "x", model)(np.ones((2, 3))),
        "objects": lambda: value_and_gradient(lambda x, y: ops.sum(x), "x")(1.0, [object()]),
        "a missing argument": lambda: by_images(images),
    }.items():
        try:
            mistake()
            found[f"error {name}"] = np.array("none")
        except (TypeError, ValueError) as error:
            found[f"error {name}"] = np.array(f"{type(error).__name__}: {error}")
    return found


def directions(shape):
    """Eight random directions, the same in every process."""
    return np.random.default_rng(8).normal(size=(8, *shape))


def slopes(function, point):
    """How steeply the function rises in each of the directions, by central differences."""
    width = 1e-6 if os.environ["KERAS_BACKEND"] == "tensorflow" else 1e-3
    steps = width * directions(point.shape)
    return np.array([(function(point + step) - function(point - step)) / (2 * width) for step in steps])


def installed(backend):
    missing = importlib.util.find_spec(backend) is None
    return pytest.param(backend, marks=pytest.mark.skipif(missing, reason=f"{backend} is not installed"))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A function from a backend to its results, each computed once."""
    known = {}

    def of(backend):
        if backend not in known:
            file = tmp_path_factory.mktemp("autodiff") / f"{backend}.npz"
            environment = {
                **os.environ,
                "KERAS_BACKEND": backend,
                "CUDA_VISIBLE_DEVICES": "-1",
                "JAX_PLATFORMS": "cpu",
                "JAX_ENABLE_X64": "1",
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            }
            done = subprocess.run(
                [sys.executable, __file__, str(file)], env=environment, capture_output=True, text=True, timeout=300
            )
            known[backend] = done.stderr
            if done.returncode == 0 and "retracing" not in done.stderr:
                with np.load(file, allow_pickle=False) as arrays:
                    known[backend] = dict(arrays)
        assert isinstance(known[backend], dict), known[backend][-3000:]
        return known[backend]

    return of


# Keras takes some steps in single precision even so: convolutions on JAX, dense layers on PyTorch. Differences there
# have to be wider, and results agree to single precision only.
BACKENDS = [installed("tensorflow"), installed("jax"), installed("torch")]


@pytest.fixture(params=BACKENDS)
def found(request, results):
    return results(request.param)


CHECKED_BY_SLOPES = ["by_images", "by_maps", *(f"by_weight_{number}" for number in range(4))]


@pytest.mark.parametrize("name", CHECKED_BY_SLOPES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_gradients_equal_finite_differences(results, backend, name):
    gradient, measured = results(backend)[name], results(backend)[f"{name}_slopes"]
    assert abs(gradient).max() > 1e-3
    predicted = [(gradient * direction).sum() for direction in directions(gradient.shape)]
    tolerance = 1e-6 if backend == "tensorflow" else 2e-3
    np.testing.assert_allclose(predicted, measured, atol=tolerance * abs(measured).max())


@pytest.mark.parametrize("backend", BACKENDS[1:])
def test_the_backends_agree(results, backend):
    ours, theirs = results("tensorflow"), results(backend)
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        # Each backend drops other units, and differences of close numbers are no exact measure.
        if array.dtype.kind == "f" and name != "dropout" and not name.endswith("_slopes"):
            np.testing.assert_allclose(theirs[name], array, rtol=1e-5, atol=1e-4, err_msg=name)


def test_compiled_and_step_by_step_agree_for_any_batch(found):
    for name in ("eager", "again", "one_image"):
        np.testing.assert_allclose(found[name], found["by_images"][: len(found[name])], rtol=1e-4, atol=1e-6)


def test_the_compiled_form_sees_new_weights(found):
    assert abs(found["doubled"] - found["by_images"]).max() > 0.1
    np.testing.assert_allclose(found["doubled"], found["doubled_anew"], rtol=1e-4, atol=1e-6)
    assert (found["zero_weights"] == 0).all()
    assert abs(found["gan_other_judge"] - found["gan_kernel"]).max() > 0.01


def test_a_step_against_the_gradient_lowers_the_loss(found):
    assert found["value"] > found["value_after_a_step"] > found["value_after_two_steps"]
    assert found["frozen"].tolist() == [found["by_weight_2"].size, found["by_weight_3"].size]


def test_labels_may_change_without_a_new_form(found):
    assert abs(found["by_maps"] - found["by_maps_other_label"]).max() > 0.1


def test_training_changes_the_state_and_only_training_does(found):
    start, untouched, once, twice = found["averages"]
    assert (start == untouched).all()
    assert (once != start).any() and (twice != once).any()
    plain, first, second = found["dropout"]
    assert (plain == 1).all()
    assert set(first.ravel()) == set(second.ravel()) == {0, 2}
    assert (first != second).any()


def test_small_cases(found):
    assert found["guided"].tolist() == [1, 0, 0]
    assert found["unused"].tolist() == [0, 0, 0]
    assert found["scalar"] == pytest.approx(12)
    assert found["kept"].tolist() == [True, False]
    assert found["gone"]


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("no scalar", "ValueError", "shape (3,)"),
        ("whole numbers", "TypeError", "'images' holds whole numbers (uint8)"),
        ("nan", "ValueError", "'images' contains nan"),
        ("no argument", "ValueError", "the text 'pictures', but an argument of the function ('images', 'labels')"),
        ("no wrt", "ValueError", "wrt is None"),
        ("no function", "TypeError", "function is 3"),
        ("no model", "TypeError", "model is the text 'cnn'"),
        ("no weights", "ValueError", "has no weights yet"),
        ("no return", "TypeError", "is a return missing?"),
        ("a count", "ValueError", "a whole number"),
        ("numpy", "TypeError", "keras.ops"),
        ("a stranger", "ValueError", "which belongs to no model that was named"),
        ("objects", "TypeError", "'y' is a list of 1 value"),
        ("a missing argument", "TypeError", "missing a required argument: 'labels'"),
    ],
)
def test_mistakes_are_explained_in_one_sentence(found, name, kind, words):
    said = str(found[f"error {name}"])
    assert said.startswith(f"{kind}: value_and_gradient: ")
    assert words in said
    assert said.endswith(".") and "\n" not in said and len(said) < 260


if __name__ == "__main__":
    np.savez(sys.argv[1], **all_results())
