"""The longer comparisons of lesson 04, made once and read from their recordings.

Each is remade, in at most twenty minutes on two quiet cores, by one of::

    python -m course_utils.keras_tools.studies placed      five methods on placed digits, as they are and shuffled
    python -m course_utils.keras_tools.studies centred     five methods on centered digits, two ways to split
    python -m course_utils.keras_tools.studies transfer    few examples of new classes, with and without pretraining
"""

import sys

import numpy as np

from course_utils.datasets import digits, placed_digits, shuffle_pixels
from course_utils.from_scratch._checks import checked, numbers, one_of, whole
from course_utils.keras_tools.models import as_input, digit_cnn, shaken

COMMAND = "python -m course_utils.keras_tools.studies"
METHODS = ("dense net", "pixels + SVM", "HOG + SVM", "CNN", "CNN, augmented")
SEEDS = (0, 1, 2)
BATCH = 64
# Passes through the plain pictures, and how many shaken copies stand for one picture in the augmented training: as
# many copies fewer passes, so that both train for the same number of steps.
PASSES = {36: (20, 5), 28: (32, 8)}
FEW = (5, 20, 50)
WAYS = ("from scratch", "frozen", "fine-tuned")
TRANSFER_STEPS = 300


@checked(method=one_of(*METHODS), seed=whole(0))
def compare(method, train, test, seed=0, *, shuffled=False):
    """Train one method and test it: gives (accuracy, numbers it stores, training steps).

    train, test: (pictures (n, side, side) uint8, labels (n,)), side 36 or 28. shuffled: all pictures with their pixels
    in one other order, the same for all; augmentation comes before that, so that the same pictures are seen. A support
    vector machine is not trained in steps: they are given as 0.
    """
    (pictures, labels), (test_pictures, test_labels) = train, test
    order = shuffle_pixels if shuffled else np.asarray
    if method.endswith("SVM"):
        return _svm(method, order(pictures), labels, order(test_pictures), test_labels)
    passes, copies = PASSES[pictures.shape[1]]
    values = pictures / 255
    if method == "CNN, augmented":
        passes, labels = passes // copies, np.tile(labels, copies)
        values = shaken(np.tile(values, (copies, 1, 1)), seed)
    model = _model(method, pictures.shape[1], seed)
    steps = passes * -(-len(values) // BATCH)
    fit(model, order(values)[..., None], labels, steps)
    return accuracy(model, as_input(order(test_pictures)), test_labels), model.count_params(), steps


def fit(model, inputs, labels, steps, *, batch=BATCH, rate=3e-3, callbacks=()):
    """Train for that many steps (the last pass may be cut): Adam, its step size falling to 0 along half a cosine.

    inputs: as the model takes them, or uint8 pictures (n, height, width): these become floats batch by batch, which
    takes a quarter of the memory. Gives Keras' history, a dict of lists with one value a pass.
    """
    import keras

    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=keras.optimizers.schedules.CosineDecay(rate, steps)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    options = {"epochs": -(-steps // -(-len(inputs) // batch)), "verbose": 0, "callbacks": list(callbacks)}
    if inputs.dtype == np.uint8:
        return model.fit(_batches(inputs, labels, batch), **options).history
    return model.fit(np.asarray(inputs, np.float32), labels, batch_size=batch, **options).history


def _batches(pictures, labels, size):
    """Batches of uint8 pictures as inputs, in another order in every pass."""
    import keras

    class Batches(keras.utils.PyDataset):
        def __init__(self):
            super().__init__()
            self.rng = np.random.default_rng(0)
            self.on_epoch_end()

        def __len__(self):
            return -(-len(pictures) // size)

        def __getitem__(self, number):
            some = self.order[number * size : (number + 1) * size]
            return as_input(pictures[some]), labels[some]

        def on_epoch_end(self):
            self.order = self.rng.permutation(len(pictures))

    return Batches()


def _model(method, side, seed):
    import keras

    keras.utils.set_random_seed(seed)
    if method == "dense net":
        return dense_net(side)
    return {36: anywhere_cnn, 28: lambda: digit_cnn(weights=None)}[side]()


@checked(side=whole(1))
def dense_net(side):
    """A fully connected net for pictures (n, side, side, 1): 128 and 64 ReLU neurons, ten logits, random weights."""
    import keras

    layers = [keras.layers.Dense(128, "relu"), keras.layers.Dense(64, "relu"), keras.layers.Dense(10, name="logits")]
    return keras.Sequential([keras.Input((side, side, 1)), keras.layers.Flatten(), *layers], name="dense_net")


def anywhere_cnn(filters=(16, 32, 64)):
    """A CNN for pictures (n, 36, 36, 1) that asks *whether* something is there, not where; ten logits, random weights.

    Three convolutions with pooling, then the largest number of each map (global max pooling): 23,946 numbers.
    """
    import keras

    layers = [keras.Input((36, 36, 1))]
    for number, count in enumerate(filters, start=1):
        layers += [
            keras.layers.Conv2D(count, 3, padding="same", activation="relu", name=f"conv_{number}"),
            keras.layers.MaxPooling2D(2, name=f"pool_{number}"),
        ]
    layers += [keras.layers.GlobalMaxPooling2D(name="anywhere"), keras.layers.Dense(10, name="logits")]
    return keras.Sequential(layers, name="anywhere_cnn")


def logits(model, inputs):
    """The model's output for inputs (n, ...) or uint8 pictures, as an array; few at a time, which takes less memory."""
    import keras

    found = []
    for k in range(0, len(inputs), 32):
        part = inputs[k : k + 32]
        part = as_input(part) if part.dtype == np.uint8 else part
        found.append(keras.ops.convert_to_numpy(model(part, training=False)))
    return np.concatenate(found)


def accuracy(model, inputs, labels):
    """Share of the inputs whose largest logit is the label's."""
    return float((logits(model, inputs).argmax(axis=1) == labels).mean())


@checked(pictures=numbers(3))
def hog(pictures):
    """Features by hand: histograms of edge directions in small squares, (n, height, width) to (n, features).

    Source: N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005; scikit-image's
    implementation with 9 directions, squares of 6 x 6 pixels (4 x 4 below 36), normalized in blocks of 2 x 2.
    """
    from skimage.feature import hog as one

    cell = 6 if pictures.shape[1] >= 36 else 4
    options = {"orientations": 9, "pixels_per_cell": (cell, cell), "cells_per_block": (2, 2)}
    return np.stack([one(picture, **options) for picture in pictures])


def _svm(method, pictures, labels, test_pictures, test_labels):
    from sklearn.svm import SVC

    features = hog if method.startswith("HOG") else lambda some: some.reshape(len(some), -1)
    machine = SVC(C=10).fit(features(pictures / 255), labels)
    stored = machine.support_vectors_.size + machine.dual_coef_.size + machine.intercept_.size
    return float(machine.score(features(test_pictures / 255), test_labels)), int(stored), 0


def placed():
    """Record the comparison on placed digits: as they are, and shuffled."""
    conditions = ("as they are", "pixels shuffled")

    def case(condition, seed):
        return placed_digits(seed=seed), {"shuffled": condition == conditions[1]}

    _record("cnn_comparison_placed", "placed", conditions, case, "3,000 training and 1,000 test pictures, 36 x 36")


def centred():
    """Record the comparison on centered digits: split at random, and by writers."""

    def case(condition, seed):
        return digits(condition, seed=seed), {}

    _record("cnn_comparison_centred", "centred", ("random", "writers"), case, "1,257 training and 540 test pictures")


def _record(name, word, conditions, case, notes):
    from course_utils.datasets.recordings import write

    scores = np.zeros((len(METHODS), len(conditions), len(SEEDS)))
    stored, steps = np.zeros((2, len(METHODS)), int)
    for row, method in enumerate(METHODS):
        for column, condition in enumerate(conditions):
            for seed in SEEDS:
                (train, test), options = case(condition, seed)
                scores[row, column, seed], numbers_stored, steps[row] = compare(method, train, test, seed, **options)
                stored[row] = numbers_stored if column == seed == 0 else stored[row]
            print(f"{method}, {condition}: {np.round(scores[row, column], 4)}", flush=True)
    arrays = {"methods": np.array(METHODS), "conditions": np.array(conditions), "accuracy": scores,
              "stored": stored, "training_steps": steps}  # fmt: skip
    write(name, arrays, seed=0, command=f"{COMMAND} {word}", notes=f"accuracy[method, condition, seed]; {notes}")


def transfer():
    """Record the transfer: pretrained on placed 0-4, then few examples a class of 5-9, in three ways."""
    from course_utils.datasets.recordings import write

    scores, pretrained = np.zeros((len(FEW), len(WAYS), len(SEEDS))), np.zeros(len(SEEDS))
    for seed in SEEDS:
        old, new = transfer_data(seed)
        base = pretrain(old, seed)
        pretrained[seed] = accuracy(base, *old[1])
        for row, few in enumerate(FEW):
            for column, way in enumerate(WAYS):
                scores[row, column, seed] = learn_new(way, base, new, few, seed)
            print(f"seed {seed}, {few} a class: {np.round(scores[row, :, seed], 3)}", flush=True)
    arrays = {"few": np.array(FEW), "ways": np.array(WAYS), "accuracy": scores, "pretrained": pretrained}
    write("cnn_transfer", arrays, seed=0, command=f"{COMMAND} transfer", notes="accuracy[few, way, seed]; guessing 0.2")


@checked(seed=whole(0))
def transfer_data(seed):
    """Placed digits in two halves: 0-4 to pretrain on and 5-9 (as labels 0-4) to learn from few examples.

    Gives two of ((pictures, labels), (test pictures, test labels)), pictures as the networks take them.
    """
    parts = placed_digits(6000, 2000, seed=seed)
    old = [(as_input(pictures[labels < 5]), labels[labels < 5]) for pictures, labels in parts]
    new = [(as_input(pictures[labels > 4]), labels[labels > 4] - 5) for pictures, labels in parts]
    return old, new


def pretrain(old, seed):
    """An anywhere_cnn trained on the first part of ``old`` for 700 steps."""
    model = _model("CNN", 36, seed)
    fit(model, *old[0], 700)
    return model


@checked(way=one_of(*WAYS), few=whole(1), seed=whole(0))
def learn_new(way, base, new, few, seed):
    """Accuracy on the new classes' test pictures after training on ``few`` pictures of each.

    from scratch: random weights. frozen: the convolutions of ``base`` as they are, and a new last layer. fine-tuned:
    the same start, but everything may move.
    """
    (pictures, labels), test = new
    rng = np.random.default_rng(seed)
    chosen = np.concatenate([rng.choice(np.flatnonzero(labels == k), few, replace=False) for k in range(5)])
    model = _model("CNN", 36, seed)
    if way != "from scratch":
        for layer, trained in zip(model.layers[:-1], base.layers[:-1], strict=True):
            layer.set_weights(trained.get_weights())
            layer.trainable = way == "fine-tuned"
    rate = 3e-2 if way == "frozen" else 3e-3  # a last layer alone can take, and needs, larger steps
    fit(model, pictures[chosen], labels[chosen], TRANSFER_STEPS, batch=25, rate=rate)
    return accuracy(model, *test)


def main(words):
    """Run the studies named, or say which there are."""
    studies = {"placed": placed, "centred": centred, "transfer": transfer}
    if not words or any(word not in studies for word in words):
        print(f"studies: name one or more of {', '.join(studies)}.")
        return 2
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    for word in words:
        studies[word]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
