"""How good are made pictures? Four measures for digits, each to be read beside its floor and its ceiling.

The real digits are cut into two halves. Networks that make pictures learn from the first; the judge, a classifier,
learns from the second, so that it never saw what they saw. Distances are taken in the space of the judge's features, as
in M. Heusel and others, "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", 2017,
where a much larger classifier of photographs plays its part. The judge is a recording, made anew by::

    python -m course_utils.keras_tools.gan_studies judge
"""

import functools

import numpy as np

from course_utils.from_scratch._checks import checked, describe, numbers, whole
from course_utils.keras_tools.models import shaken

SURE = 0.9  # a picture is recognized if the judge gives one class at least this probability
PRESENT = 0.02  # a class is covered if at least this share of all pictures is recognized as it; a fair share is 0.1
FEATURES = 32
MEASURES = ("recognized", "coverage", "frechet", "own")


@functools.cache
def halves():
    """(pictures, labels) to learn from, and the (pictures, labels) of the judge: 898 and 899 digits, uint8.

    The same halves always, dealt at random, so that the same hands wrote in both.
    """
    from course_utils.datasets import digits

    (x, y), (tx, ty) = digits()  # shuffled already
    x, y = np.concatenate([x, tx]), np.concatenate([y, ty])
    cut = len(x) // 2
    for array in (x, y):
        array.flags.writeable = False
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])


def as_floats(pictures, function="as_floats"):
    """Pictures (n, 28, 28) or (n, 28, 28, 1), uint8 or 0..1, as float32 (n, 28, 28) in 0..1."""
    array = np.asarray(pictures)
    if array.ndim == 4 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 3 or array.shape[1:] != (28, 28) or not len(array) or array.dtype.kind not in "uif":
        raise ValueError(f"{function}: pictures is {describe(pictures)}, but pictures (n, 28, 28) are expected: "
                         "give at least one, of 28 x 28 pixels.")
    array = array.astype(np.float32) / (255 if array.dtype == np.uint8 else 1)
    return numbers(3, name="pictures")(function, "pictures", array)


def judge_model():
    """The judge's untrained network: two convolutions, 32 features, ten logits."""
    import keras

    layers = [keras.Input((28, 28, 1))]
    for count in (12, 24):
        layers += [keras.layers.Conv2D(count, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dropout(0.3),
               keras.layers.Dense(FEATURES, "relu", name="features"), keras.layers.Dense(10, name="logits")]
    return keras.Sequential(layers, name="judge")


@checked(seed=whole(0), steps=whole(1))
def train_judge(seed=0, steps=500):
    """A judge trained on shaken copies of the second half."""
    import keras

    from course_utils.keras_tools.studies import fit

    _, (x, y) = halves()
    keras.utils.set_random_seed(seed)
    model = judge_model()
    copies = -(-64 * steps // (4 * len(x)))  # seen four times each
    fit(model, shaken(np.tile(x / 255, (copies, 1, 1)), seed)[..., None], np.tile(y, copies), steps)
    return model


class Judge:
    """The classifier that measures: what it thinks a picture shows, and the 32 numbers it sees in it."""

    def __init__(self, model):
        import keras

        self.model = model
        self._both = keras.Model(model.inputs[0], [model.get_layer("features").output, model.outputs[0]])

    def look(self, pictures):
        """(features (n, 32), probabilities (n, 10)) of the pictures."""
        import keras

        pictures = as_floats(pictures, "Judge.look")[..., None]
        parts = [self._both(pictures[k : k + 128], training=False) for k in range(0, len(pictures), 128)]
        features, logits = (np.concatenate([keras.ops.convert_to_numpy(p[i]) for p in parts]) for i in (0, 1))
        raised = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
        return features.astype(np.float64), raised / raised.sum(axis=1, keepdims=True)


@functools.cache
def judge():
    """The recorded judge."""
    from course_utils.datasets import read

    arrays = read("gan_judge").arrays
    model = judge_model()
    model.set_weights([arrays[f"weights/{number}"] for number in range(len(model.weights))])
    return Judge(model)


def frechet_distance(features, others):
    """Fréchet distance of the two normal distributions with the means and covariances of features and others (n, k).

    |μ₁ - μ₂|² + trace(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½); the trace of the root is the sum of the roots of Σ₁ Σ₂'s eigenvalues,
    which are those of the symmetric Σ₁^½ Σ₂ Σ₁^½.
    """
    first, second = np.cov(features.T), np.cov(others.T)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ second @ root), 0)).sum()
    apart = ((features.mean(axis=0) - others.mean(axis=0)) ** 2).sum()
    return float(max(0.0, apart + np.trace(first) + np.trace(second) - 2 * shared))  # rounding can take it below 0


def nearest(pictures, references):
    """Distance of each picture to the nearest of the references: root mean square over the pixels, (n,)."""
    a, b = (as_floats(p, "nearest").reshape(len(p), -1).astype(np.float64) for p in (pictures, references))
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squares.min(axis=1), 0) / a.shape[1])


@functools.cache
def _yardsticks():
    (x, _), (other, _) = halves()
    return judge().look(other)[0], float(np.median(nearest(other, x)))


def measures(pictures):
    """Measure pictures: a dict of four numbers.

    recognized: share of which the judge is at least 0.9 sure. coverage: of how many of the ten classes it recognizes at
    least 2 in 100. frechet: Fréchet distance to the judge's half in its feature space; it needs several hundred
    pictures and depends on their number: compare like with like, 898 say. own: median distance to the nearest picture
    that was learned from, as a share of that distance for new real digits; copies give 0, new digits 1.
    """
    pictures = as_floats(pictures, "measures")
    if len(pictures) < 2 * FEATURES:
        raise ValueError(f"measures: pictures holds {len(pictures)} pictures, but a Fréchet distance needs at least "
                         f"{2 * FEATURES}: make more (898 for numbers like the lesson's).")
    features, chances = judge().look(pictures)
    real, ordinary = _yardsticks()
    sure = chances.max(axis=1) >= SURE
    present = np.bincount(chances.argmax(axis=1)[sure], minlength=10) >= PRESENT * len(pictures)
    return {"recognized": float(sure.mean()), "coverage": int(present.sum()),
            "frechet": frechet_distance(features, real),
            "own": float(np.median(nearest(pictures, halves()[0][0])) / ordinary)}


@functools.cache
def real_to_real():
    """The floor of the Fréchet distance: of the half that networks learn from to the judge's half."""
    return frechet_distance(judge().look(halves()[0][0])[0], _yardsticks()[0])


def asked_for(pictures, labels):
    """Share of the pictures whose most likely class, for the judge, is the label."""
    return float((judge().look(pictures)[1].argmax(axis=1) == np.asarray(labels)).mean())


@checked(seed=whole(0))
def scales(seed=0):
    """What the measures give where the answer is known: {name: measures}, from floors to ceilings.

    noise: every pixel at random. blurred noise: smoothed, with the digits' own mean and spread. mean pictures: the mean
    of each class, with a little noise so that they are not all alike. copies: the training half itself. new real
    digits: the judge's half, whose Fréchet distance to itself is 0; real_to_real() says what an honest draw gives.
    """
    from scipy.ndimage import gaussian_filter

    (x, y), (other, _) = halves()
    rng, values = np.random.default_rng(seed), x / 255
    noise = rng.random(x.shape)
    blurred = gaussian_filter(rng.normal(size=x.shape), (0, 2, 2))
    blurred = np.clip(values.mean() + values.std() * blurred / blurred.std(), 0, 1)
    means = np.stack([values[y == k].mean(axis=0) for k in range(10)])[y]
    means = np.clip(means + rng.normal(0, 0.02, x.shape), 0, 1)
    cases = {"noise": noise, "blurred noise": blurred, "mean pictures": means, "copies": x, "new real digits": other}
    return {name: measures(pictures) for name, pictures in cases.items()}
