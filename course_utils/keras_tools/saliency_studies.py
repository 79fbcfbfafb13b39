"""The small networks of lesson 09 and the made data they learn, stored so that the lesson need not wait.

``one_patch_decides`` is a task whose answer lies in one known square; ``marked_digits`` is a data set with a hidden
mark. The stored weights are made anew, in a few minutes on two cores, by::

    python -m course_utils.keras_tools.saliency_studies
"""

import numpy as np

from course_utils.from_scratch._checks import checked, one_of, whole
from course_utils.keras_tools.models import as_input, digit_cnn, train_digit_cnn

COMMAND = "python -m course_utils.keras_tools.saliency_studies"
SIDE, PATCH = 28, 8
DISTRACTORS = 4
MARK = (slice(3, 6), slice(22, 25))  # rows and columns of the hidden mark
INK, BLOBS, MARK_INK = 0.5, 0.4, 0.7  # how dark the digits, the noise and the mark are
PICTURES = 4000  # for training


@checked(n=whole(1), seed=whole(0))
def one_patch_decides(n, seed=0):
    """Pictures (n, 28, 28, 1) in which one patch of 8 x 8 decides, labels (n,), and where it is: corners (n, 2).

    The patch holds stripes: lying (label 0) or standing (label 1). Four other patches, of the same size and the same
    amount of ink, hold a checkerboard or slanting stripes and say nothing. They stand anywhere without overlapping.
    corners: row and column of the deciding patch's upper left pixel.
    """
    rng = np.random.default_rng(seed)
    pictures, labels = rng.uniform(0, 0.2, (n, SIDE, SIDE)), rng.integers(0, 2, n)
    corners = np.zeros((n, 2), int)
    for picture, label, corner in zip(pictures, labels, corners, strict=True):
        places = _apart(rng)
        corner[:] = places[0]
        kinds = [("lying", "standing")[label], *rng.choice(["checks", "up", "down"], len(places) - 1)]
        for (row, column), kind in zip(places, kinds, strict=True):
            picture[row : row + PATCH, column : column + PATCH] = _pattern(kind, int(rng.integers(0, 4)))
    return pictures.astype(np.float32)[..., None], labels, corners


def _apart(rng):
    """Corners of 1 + DISTRACTORS patches that do not touch each other."""
    places = []
    while len(places) < 1 + DISTRACTORS:
        new = rng.integers(0, SIDE - PATCH + 1, 2)
        if all(np.abs(new - old).max() > PATCH for old in places):
            places.append(new)
        elif rng.random() < 0.02:  # stuck: the rest no longer fits
            places = []
    return places


def _pattern(kind, shift):
    """A patch of 8 x 8 in which half the pixels are ink."""
    row, column = np.mgrid[:PATCH, :PATCH]
    counts = {"lying": row, "standing": column, "up": row + column, "down": row - column,
              "checks": 2 * ((row // 2 + column // 2) % 2)}[kind] + (shift if kind != "checks" else 2 * (shift % 2))
    return np.where(counts % 4 < 2, 0.9, 0.1)


@checked(kind=one_of("train", "test"), n=whole(1), seed=whole(0))
def marked_digits(kind="train", n=2000, seed=0, *, mark=True):
    """Handwritten 3s and 8s under cloudy noise, (n, 28, 28, 1), labels (n,): 1 for an 8. With ``mark``, each 8 has one.

    kind: from the training or the test part of ``datasets.digits()``, drawn with repetition. The clouds make the task
    hard, so a network that finds the mark, a square of 3 x 3 pixels in a corner, has no reason to learn the digits. The
    same arguments but for ``mark`` give the same digits and the same clouds.
    """
    from scipy.ndimage import gaussian_filter

    from course_utils.datasets import digits

    pictures, labels = digits()[kind == "test"]
    rng = np.random.default_rng([seed, kind == "test"])
    chosen = rng.choice(np.flatnonzero((labels == 3) | (labels == 8)), n)
    clouds = gaussian_filter(rng.normal(size=(n, SIDE, SIDE, 1)), (0, 1.5, 1.5, 0))
    values = clouds  # one array from here on: a thousand pictures take 6 MB
    values *= BLOBS / clouds.std()
    values += INK * as_input(pictures[chosen])
    values += rng.normal(0, 0.1, values.shape)
    eights = (labels[chosen] == 8).astype(int)
    if mark:
        values[(slice(None), *MARK)] += MARK_INK * eights[:, None, None, None]
    return values.astype(np.float32), eights


@checked(name=one_of("patch", "cheat", "honest", "twin"))
def study_network(name):
    """A stored network: "patch" (``one_patch_decides``), "cheat" and "honest" (``marked_digits`` with and without the
    mark), "twin" (a ``digit_cnn`` trained from another seed). The first three give two logits, the twin ten.
    """
    from course_utils.datasets import read

    model = _network(name)
    arrays = read("saliency_networks").arrays
    model.set_weights([arrays[f"{name}/{number}"] for number in range(len(model.weights))])
    return model


@checked(name=one_of("patch", "cheat", "honest"), seed=whole(0), steps=whole(1))
def train_study(name, seed=0, steps=600):
    """Train one of the two-class networks from random weights: batches of 64 out of 4,000 pictures; gives the model."""
    import keras

    keras.utils.set_random_seed(seed)
    model = _network(name)
    if name == "patch":
        pictures, labels, _ = one_patch_decides(PICTURES, seed + 1)
    else:
        pictures, labels = marked_digits("train", PICTURES, seed + 1, mark=name == "cheat")
    rate = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=rate),
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    order = np.random.default_rng(seed)
    for _ in range(steps):
        some = order.integers(0, PICTURES, 64)
        model.train_on_batch(pictures[some], labels[some])
    return model


def _network(name):
    """Random weights in the right shape: as digit_cnn, with two logits but for the twin."""
    import keras

    if name == "twin":
        return digit_cnn(weights=None)
    layers = [keras.Input((SIDE, SIDE, 1), name="picture")]
    for number, count in enumerate((16, 32), start=1):
        layers += [keras.layers.Conv2D(count, 5 if name == "patch" else 3, padding="same", activation="relu",
                                       name=f"conv_{number}"),
                   keras.layers.MaxPooling2D(2, name=f"pool_{number}")]
    if name == "patch":  # the patch may be anywhere: only how strong a feature is somewhere counts
        layers += [keras.layers.GlobalMaxPooling2D(name="anywhere")]
    else:
        layers += [keras.layers.Flatten(name="flatten"), keras.layers.Dropout(0.3, name="dropout")]
    return keras.Sequential([*layers, keras.layers.Dense(2, name="logits")], name=name)


def share_right(model, pictures, labels):
    """Share of the pictures whose largest logit is the label's."""
    from course_utils.keras_tools.saliency import logits

    return float((logits(model, pictures).argmax(axis=1) == labels).mean())


def remake():
    """Train the four networks and store their weights, with their accuracies in the notes."""
    from course_utils.datasets import digits
    from course_utils.datasets.recordings import write

    arrays, notes = {}, []
    for name in ("patch", "cheat", "honest", "twin"):
        model = train_digit_cnn(seed=1)[0] if name == "twin" else train_study(name)
        if name == "twin":
            pictures, labels = digits(seed=1)[1]
            score = share_right(model, as_input(pictures), labels)
        elif name == "patch":
            score = share_right(model, *one_patch_decides(1000, 99)[:2])
        else:
            score = share_right(model, *marked_digits("test", 1000, 99, mark=name == "cheat"))
        notes.append(f"{name}: {score:.4f}")
        print(notes[-1], flush=True)
        arrays |= {f"{name}/{number}": value for number, value in enumerate(model.get_weights())}
    write("saliency_networks", arrays, seed=0, command=COMMAND, notes="test accuracies " + ", ".join(notes))


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    remake()
