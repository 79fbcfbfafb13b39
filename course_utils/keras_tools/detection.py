"""Detecting attacked pictures: three detectors, and an attack that knows them. For lesson 08.

A detector gives each picture a score; the larger, the more suspicious. ``response_entropy`` follows M. Amirian,
F. Schwenker and T. Stadelmann, "Trace and Detect Adversarial Attacks on CNNs Using Feature Response Maps", 2018: the
responses are propagated *back* to the picture (guided backpropagation), then the mean local spatial entropy of that map
is taken. ``squeezing`` follows W. Xu, D. Evans and Y. Qi, "Feature Squeezing", 2018. The recording is made anew by::

    python -m course_utils.keras_tools.detection
"""
import numpy as np

from course_utils.from_scratch._checks import checked, numbers, whole
from course_utils.keras_tools import attacks

COMMAND = "python -m course_utils.keras_tools.detection"
LEVELS = (32, 48)  # of 255
PICTURES = 200
SHADES = 16  # steps of brightness a response map is rounded to before its entropy is taken


@checked(maps=numbers(3), size=whole(2), shades=whole(2))
def local_entropy(maps, size=3, shades=SHADES):
    """The mean local spatial entropy of each map (n, height, width), in bits: (n,).

    Each map is stretched to 0..1 and rounded to ``shades`` values. Round every pixel, the entropy -Σ p log2 p of the
    values in a window of ``size`` x ``size`` says how mixed they are (0 where all are equal); edges are mirrored.
    """
    low = maps.min(axis=(1, 2), keepdims=True)
    span = np.maximum(maps.max(axis=(1, 2), keepdims=True) - low, 1e-12)
    rounded = np.minimum((maps - low) / span * shades, shades - 1).astype(int)
    before = (size - 1) // 2
    framed = np.pad(rounded, ((0, 0), (before, size - 1 - before), (before, size - 1 - before)), mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(framed, (size, size), axis=(1, 2))
    entropy = np.zeros(maps.shape)
    for shade in range(shades):
        share = (windows == shade).mean(axis=(3, 4))
        entropy -= share * np.log2(np.where(share > 0, share, 1))
    return entropy.mean(axis=(1, 2))


def response_maps(model, images):
    """What guided backpropagation brings back to the picture for the class the network answers: (n, height, width)."""
    from course_utils.keras_tools.saliency import guided_backprop

    answers = attacks.logits(model, images).argmax(axis=1)
    return guided_backprop(model, images, answers)[..., 0]


def response_entropy(model, images):
    """Score: the mean local spatial entropy of the response maps."""
    return local_entropy(response_maps(model, images))


def unsure(model, images):
    """Score: one minus the largest probability."""
    return 1 - probabilities(model, images).max(axis=1)


def squeezing(model, images):
    """Score: how far the probabilities move (sum of absolute differences) when a 3 x 3 median smooths the picture."""
    from scipy.ndimage import median_filter

    smooth = median_filter(images, size=(1, 3, 3, 1)).astype("float32")
    return np.abs(probabilities(model, images) - probabilities(model, smooth)).sum(axis=1)


def probabilities(model, images):
    """The softmax of the logits, (n, classes)."""
    from course_utils.from_scratch.neuron import softmax

    return softmax(attacks.logits(model, images).astype(float))


DETECTORS = {"entropy of the response map": response_entropy, "how unsure": unsure, "smoothing": squeezing}


@checked(clean=numbers(1), attacked=numbers(1))
def roc(clean, attacked):
    """The ROC curve: (share of false alarms, share of attacks caught) for every threshold, from (0, 0) to (1, 1)."""
    thresholds = np.unique(np.concatenate([clean, attacked]))[::-1]
    shares = [1 - np.searchsorted(np.sort(scores), thresholds) / len(scores) for scores in (clean, attacked)]
    return tuple(np.concatenate([[0.0], share]) for share in shares)


@checked(clean=numbers(1), attacked=numbers(1))
def area(clean, attacked):
    """The area under the ROC curve: the chance that an attacked picture scores above a clean one (ties count half)."""
    above = attacked[:, None] > clean
    ties = attacked[:, None] == clean
    return float(np.mean(above + 0.5 * ties))


def least_suspicious(model, images, labels, score, made):
    """Of the attacked versions ``made``, for each picture the one that fools with the lowest score.

    This is the attack that knows the detector. It asks the detector for nothing but scores, so it works against any.
    Pictures that no version fools come back as the first version left them.
    """
    best, lowest = made[0], np.full(len(images), np.inf)
    for candidate in made:
        value = np.where(_fools(model, candidate, labels), score(model, candidate), np.inf)
        better = value < lowest
        best = np.where(better[:, None, None, None], candidate, best)
        lowest = np.where(better, value, lowest)
    return best


def versions(model, images, labels, epsilon, *, seed=0, classes=10):
    """Attacked versions within ``epsilon``: towards each other class; away from the true one at random sizes and
    starts, with the network alone and with the network and its answer to the smoothed picture together; and each of
    these once more, taken back part of the way to the clean picture.
    """
    import keras

    generator = np.random.default_rng(seed)
    smooth = keras.layers.AveragePooling2D(3, strides=1, padding="same")
    entrance = keras.Input(images.shape[1:])
    both = keras.Model(entrance, (model(entrance) + model(smooth(entrance))) / 2)
    made = [attacks.pgd(model, images, labels, epsilon, steps=10)]
    for other in range(1, classes):
        made.append(attacks.pgd(model, images, (labels + other) % classes, epsilon, steps=10, targeted=True))
    for source in (model, both):
        made.append(attacks.pgd(source, images, labels, epsilon, steps=20))
        for _ in range(4):
            reach = epsilon * generator.uniform(0.5, 1)
            start = np.clip(images + generator.uniform(-reach, reach, images.shape) / 2, 0, 1).astype("float32")
            attacked = attacks.pgd(source, start, labels, reach, steps=int(generator.integers(3, 21)))
            made.append(attacks.project(attacked, images, epsilon))
    shares = generator.uniform(0.5, 1, len(made))
    return made + [(images + share * (one - images)).astype("float32") for share, one in zip(shares, made, strict=True)]


def _fools(model, images, labels):
    return attacks.logits(model, images).argmax(axis=1) != labels


def record(count=PICTURES):
    """What is recorded: each detector's scores of clean pictures and of those attacked without and with its knowledge.

    Only pictures that the network gets right when clean; NaN marks an attack that did not fool. Arrays (detectors, n)
    for clean pictures, (detectors, levels, n) for attacked ones.
    """
    from course_utils.keras_tools.models import digit_cnn
    from course_utils.keras_tools.robust import data

    model = digit_cnn()
    _, (x, y) = data()
    right = np.flatnonzero(attacks.logits(model, x).argmax(axis=1) == y)[:count]
    x, y = x[right], y[right]
    scores = {"clean": [score(model, x) for score in DETECTORS.values()]}
    fgsm = [attacks.fgsm(model, x, y, level / 255) for level in LEVELS]
    pgd = [attacks.pgd(model, x, y, level / 255, steps=10) for level in LEVELS]
    for kind, made in (("fgsm", fgsm), ("pgd", pgd)):
        scores[kind] = [[_scored(model, images, y, score) for images in made] for score in DETECTORS.values()]
    made = [versions(model, x, y, level / 255) for level in LEVELS]
    scores["evading"] = [
        [_scored(model, least_suspicious(model, x, y, score, some), y, score) for some in made]
        for score in DETECTORS.values()
    ]
    arrays = {kind: np.array(values, "float32") for kind, values in scores.items()}
    return {"names": np.array(list(DETECTORS)), "levels": np.array(LEVELS), "which": right, **arrays}


def _scored(model, images, labels, score):
    return np.where(_fools(model, images, labels), score(model, images), np.nan)


def remake():
    """Make and store the recording ``adversarial_detection``."""
    import time

    from course_utils.datasets.recordings import write

    start = time.perf_counter()
    arrays = record()
    seconds = time.perf_counter() - start
    write("adversarial_detection", arrays, seed=0, command=COMMAND, notes=f"{seconds:.0f} s on two cores")
    for number, name in enumerate(arrays["names"]):
        for kind in ("fgsm", "pgd", "evading"):
            areas = []
            for values in arrays[kind][number]:
                values = values[~np.isnan(values)]
                areas.append((len(values), round(area(arrays["clean"][number], values), 3)))
            print(name, kind, areas)
    print(f"{seconds:.0f} s")


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    remake()
