"""The small convolutional networks of lessons 04, 08 and 09, with trained weights that load in a moment.

Plain layers only (convolution, ReLU, max-pooling, dropout, dense), because the later lessons attack them and look
inside. Pictures go in as floats from 0 (paper) to 1 (ink), shape (n, height, width, 1); logits come out, (n, 10).

The stored weights are made anew, in under a minute on two cores, by::

    python -m course_utils.keras_tools.models
"""
import numpy as np

from course_utils.datasets._folder import data_folder
from course_utils.from_scratch._checks import checked, numbers, one_of, real, whole

COMMAND = "python -m course_utils.keras_tools.models"
BATCH = 64
# How much the copies of a training picture may differ from it: pixels, degrees, share of the size.
SHIFT, TURN, ZOOM = 2.0, 12.0, 0.12


@checked(weights=one_of(None, "trained"))
def digit_cnn(weights="trained"):
    """A CNN for handwritten digits of 28 x 28 pixels: (n, 28, 28, 1) floats in 0..1 to (n, 10) logits.

    weights: "trained" loads the stored ones, 20,490 numbers trained on the training part of ``datasets.digits()`` (seed
    0), so that its test part is still new to the network; None leaves them random (``keras.utils.set_random_seed``).

    Layers: ``conv_1`` (16 filters 3 x 3, ReLU), ``pool_1``, ``conv_2`` (32 filters, ReLU), ``pool_2``, ``flatten``,
    ``dropout``, ``logits``: the pattern of LeNet (Y. LeCun et al., "Gradient-Based Learning Applied to Document
    Recognition", 1998).

    Raises FileNotFoundError or ValueError, with the command that remakes it, if the stored file is missing or damaged.
    """
    return _cnn("digit_cnn", 28, (16, 32), weights)


@checked(weights=one_of(None, "trained"))
def placed_cnn(weights="trained"):
    """A CNN for ``datasets.placed_digits``: (n, 36, 36, 1) floats in 0..1 to (n, 10) logits; 33,546 parameters.

    As ``digit_cnn``, with a third convolution ``conv_3`` (64 filters) and ``pool_3``. The stored weights were trained
    on the training part of ``placed_digits()`` (seed 0).
    """
    return _cnn("placed_cnn", 36, (16, 32, 64), weights)


@checked(seed=whole(0), epochs=whole(1), copies=whole(1))
def train_digit_cnn(seed=0, epochs=4, *, copies=8, callbacks=()):
    """Train a ``digit_cnn`` from random weights; gives (model, history).

    Always the same number of steps: ``copies`` shaken copies of the 1,257 training pictures of ``digits(seed=seed)`` in
    batches of 64 are 158 steps an epoch. Adam, the step size falling to 0 along half a cosine. history: dict of lists,
    one value an epoch: ``loss`` and ``accuracy`` in training, ``val_loss`` and ``val_accuracy`` on the test part, which
    decides nothing here. callbacks go to ``fit``, for a live view.
    """
    from course_utils.datasets import digits

    model = _random(digit_cnn, seed)
    return model, _train(model, *digits(seed=seed), seed=seed, epochs=epochs, copies=copies, callbacks=callbacks)


@checked(seed=whole(0), epochs=whole(1), n_train=whole(1))
def train_placed_cnn(seed=0, epochs=8, *, n_train=9000, callbacks=()):
    """Train a ``placed_cnn`` from random weights on ``placed_digits(n_train, seed=seed)``; gives (model, history).

    9,000 training pictures show each of the 1,257 training digits about seven times, in other places among other
    scraps, which is all the augmentation there is; in batches of 64 they are 141 steps an epoch.
    """
    from course_utils.datasets import placed_digits

    model = _random(placed_cnn, seed)
    parts = placed_digits(n_train, seed=seed)
    return model, _train(model, *parts, seed=seed, epochs=epochs, copies=0, callbacks=callbacks)


@checked(pictures=numbers(3), seed=whole(0), shift=real(0), turn=real(0), zoom=real(0, 0.9))
def shaken(pictures, seed=0, *, shift=SHIFT, turn=TURN, zoom=ZOOM):
    """Augmentation: each picture a little shifted, turned and resized at random, as if another hand had written it.

    pictures: (n, height, width). shift: at most so many pixels; turn: at most so many degrees; zoom: at most this share
    larger or smaller. Gives float32 of the same shape; what comes in from outside is 0 (paper). Values between pixels
    are interpolated from the four neighbors (bilinear).
    """
    generator = np.random.default_rng(seed)
    n = len(pictures)
    angle = np.deg2rad(generator.uniform(-turn, turn, (n, 1, 1)))
    scale = 1 + generator.uniform(-zoom, zoom, (n, 1, 1))
    down, right = generator.uniform(-shift, shift, (2, n, 1, 1))
    moved = np.empty(pictures.shape, np.float32)
    for start in range(0, n, 256):  # a dozen arrays of this size are needed on the way: 10,000 pictures took 800 MB
        part = slice(start, start + 256)
        moved[part] = _moved(pictures[part], angle[part], scale[part], down[part], right[part])
    return moved


def _moved(pictures, angle, scale, down, right):
    """Pictures (n, height, width) turned, resized and shifted, each by its own numbers (n, 1, 1)."""
    n, height, width = pictures.shape
    row, column = np.mgrid[:height, :width]
    row, column = row - (height - 1) / 2 - down, column - (width - 1) / 2 - right
    # For each new pixel the place in the old picture that comes to lie on it; + 1 for the border of paper added below.
    cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
    from_row = np.clip(cosine * row - sine * column + (height - 1) / 2 + 1, 0, height + 0.999)
    from_column = np.clip(sine * row + cosine * column + (width - 1) / 2 + 1, 0, width + 0.999)
    top, left = from_row.astype(int), from_column.astype(int)
    below, beside = from_row - top, from_column - left
    framed = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    which = np.arange(n)[:, None, None]
    upper = (1 - beside) * framed[which, top, left] + beside * framed[which, top, left + 1]
    lower = (1 - beside) * framed[which, top + 1, left] + beside * framed[which, top + 1, left + 1]
    return (1 - below) * upper + below * lower


def accuracy(model, pictures, labels):
    """Share of the pictures (n, height, width), uint8, whose largest logit is the label's."""
    import keras

    logits = keras.ops.convert_to_numpy(model(as_input(pictures), training=False))
    return float((logits.argmax(axis=1) == labels).mean())


def as_input(pictures):
    """uint8 pictures (n, height, width) as the networks take them: float32 from 0 to 1, (n, height, width, 1)."""
    return (np.asarray(pictures, np.float32) / np.float32(255))[..., None]  # never in float64: four times the memory


def _cnn(name, size, filters, weights):
    import keras

    layers = [keras.Input((size, size, 1), name="picture")]
    for number, count in enumerate(filters, start=1):
        layers += [
            keras.layers.Conv2D(count, 3, padding="same", activation="relu", name=f"conv_{number}"),
            keras.layers.MaxPooling2D(2, name=f"pool_{number}"),
        ]
    layers += [
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dropout(0.3, name="dropout"),
        keras.layers.Dense(10, name="logits"),
    ]
    model = keras.Sequential(layers, name=name)
    if weights == "trained":
        from course_utils.datasets import read

        arrays = read(_file(name)).arrays
        model.set_weights([arrays[variable.path.removeprefix(f"{name}/")] for variable in model.weights])
    return model


def _random(make, seed):
    import keras

    keras.utils.set_random_seed(seed)
    return make(weights=None)


def _train(model, train, test, *, seed, epochs, copies, callbacks):
    import keras

    (pictures, labels), (test_pictures, test_labels) = train, test
    if copies:
        pictures = shaken(np.tile(pictures / 255, (copies, 1, 1)), seed)[..., None]
        labels = np.tile(labels, copies)
    else:
        pictures = as_input(pictures)
    steps = epochs * -(-len(pictures) // BATCH)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=keras.optimizers.schedules.CosineDecay(3e-3, steps)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model.fit(
        pictures,
        labels,
        batch_size=BATCH,
        epochs=epochs,
        validation_data=(as_input(test_pictures), test_labels),
        callbacks=list(callbacks),
        verbose=0,
    ).history


def _file(name):
    return data_folder() / "weights" / f"{name}.npz"


def remake():
    """Train both networks with seeds 0, 1 and 2, store the weights of seed 0, print the accuracies and the seconds."""
    import time

    from course_utils.datasets import digits, placed_digits
    from course_utils.datasets.recordings import write

    for train, data in ((train_digit_cnn, digits), (train_placed_cnn, placed_digits)):
        scores, seconds = [], []
        for seed in (0, 1, 2):
            start = time.perf_counter()
            model, _ = train(seed)
            seconds.append(time.perf_counter() - start)
            scores.append(accuracy(model, *data(seed=seed)[1]))
            if seed == 0:
                kept = model
        words = f"test accuracy {', '.join(f'{score:.4f}' for score in scores)} with seeds 0, 1, 2; these are of seed 0"
        names = [variable.path.removeprefix(f"{kept.name}/") for variable in kept.weights]
        arrays = dict(zip(names, kept.get_weights(), strict=True))
        write(_file(kept.name), arrays, seed=0, command=COMMAND, notes=words)
        print(f"{kept.name}: {kept.count_params():,} parameters, {words}; {np.mean(seconds):.1f} s each")


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    remake()
