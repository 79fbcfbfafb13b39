"""Attacks on classifiers: pictures changed a little, so that a network changes its answer.

The networks return logits; pictures are floats of the range the network was trained on (``bounds``), (n, height, width,
channels); labels are whole numbers. Every attack gives the attacked pictures, float32, of the same shape.

``fgsm`` is one step along the sign of the gradient (I. Goodfellow, J. Shlens, C. Szegedy, "Explaining and Harnessing
Adversarial Examples", 2015), ``pgd`` many steps with a projection (A. Madry and others, "Towards Deep Learning Models
Resistant to Adversarial Attacks", 2018), ``one_pixel`` a search without any gradient (J. Su, D. Vargas, K. Sakurai,
"One Pixel Attack for Fooling Deep Neural Networks", 2019).
"""
import itertools
import math

import numpy as np

from course_utils.from_scratch._checks import describe, one_of, real, whole
from course_utils.keras_tools.autodiff import once_per_model, value_and_gradient

BATCH = 64  # pictures that go through the network at once, so that many need no more memory than these


def fgsm(model, images, labels, epsilon, *, targeted=False, bounds=(0, 1)):
    """One step of the fast gradient sign method: every value moves by ``epsilon`` or not at all, then is clipped.

    labels: the true classes; with ``targeted=True`` the classes wanted instead, and a picture that the network already
    gives that class is refused. epsilon: in the units of ``bounds``, so 8 grey levels of 255 are 8/255.
    """
    images, labels = _checked("fgsm", model, images, labels, targeted, bounds)
    epsilon = _size("fgsm", epsilon, bounds)
    _, gradient = loss_and_gradient(model)(images, labels)
    step = np.sign(gradient)
    step *= np.float32(-epsilon if targeted else epsilon)
    step += images
    return np.clip(step, *bounds, out=step)


def pgd(model, images, labels, epsilon, *, norm="linf", steps=20, step_size=None, restarts=0, seed=0, targeted=False,
        bounds=(0, 1)):
    """Projected gradient: ``steps`` steps uphill in the loss, each followed by a projection round the *original*.

    norm: "linf" (no value changes by more than ``epsilon``; steps along the sign of the gradient) or "l2" (the whole
    change is no longer than ``epsilon``; steps along the gradient). step_size: 2.5 · epsilon / steps unless given.
    restarts: so many further attempts from random points of the ball (``seed``); for each picture the attempt is kept
    that brings another class (with ``targeted=True`` the wanted class) furthest ahead. Else as ``fgsm``.
    """
    images, labels = _checked("pgd", model, images, labels, targeted, bounds)
    norm = one_of("linf", "l2")("pgd", "norm", norm)
    epsilon = _size("pgd", epsilon, bounds, math.sqrt(images[0].size) if norm == "l2" else 1.0)
    steps, restarts = whole(1)("pgd", "steps", steps), whole(0)("pgd", "restarts", restarts)
    step_size = 2.5 * epsilon / steps if step_size is None else real(above=0)("pgd", "step_size", step_size)
    generator = np.random.default_rng(whole(0)("pgd", "seed", seed))
    attack, push = loss_and_gradient(model), np.float32(-step_size if targeted else step_size)
    best, ahead = images, np.full(len(images), -np.inf, np.float32)
    for attempt in range(1 + restarts):
        now = images
        if attempt:
            now = np.clip(images + _random_change(images.shape, epsilon, norm, generator), *bounds).astype("float32")
        for _ in range(steps):
            _, gradient = attack(now, labels)
            direction = gradient / np.maximum(length(gradient), 1e-12) if norm == "l2" else np.sign(gradient)
            now = project(now + push * direction, images, epsilon, norm, bounds)
        if not restarts:
            return now
        margin = lead(logits(model, now), labels, targeted)
        better = margin > ahead
        best = np.where(better[:, None, None, None], now, best)
        ahead = np.where(better, margin, ahead)
    return best


def one_pixel(model, images, labels, *, search="evolution", generations=30, population=40, seed=0, targeted=False,
              bounds=(0, 1)):
    """Change one pixel of each picture, as much as it takes; the best that was found, whether it fools or not.

    search: "evolution" is SciPy's differential evolution over row, column and value, at most ``generations`` of
    ``population`` candidates, stopped as soon as the picture fools; "exhaustive" tries every pixel with the ends of the
    range (for one channel: black and white), which finds the best of these but no value in between.
    """
    images, labels = _checked("one_pixel", model, images, labels, targeted, bounds)
    search = one_of("evolution", "exhaustive")("one_pixel", "search", search)
    generations = whole(1)("one_pixel", "generations", generations)
    population = whole(5)("one_pixel", "population", population)
    seed = whole(0)("one_pixel", "seed", seed)
    attacked = images.copy()
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        if search == "exhaustive":
            found, colors = pixel_leads(model, image, label, targeted=targeted, bounds=bounds)
            row, column, which = np.unravel_index(found.argmax(), found.shape)
            attacked[number, row, column] = colors[which]
        else:
            attacked[number] = _evolved(model, image, label, generations, population, seed + number, targeted, bounds)
    return attacked


def pixel_leads(model, image, label, *, targeted=False, bounds=(0, 1)):
    """The lead of a wrong class after changing each single pixel: (height, width, colors), and the colors tried.

    Above 0 the changed picture fools. The colors are the ends of the range in each channel: (2 ** channels, channels).
    """
    (image,), (label,) = _checked("pixel_leads", model, np.asarray(image)[None], [label], False, bounds)
    colors = np.array(list(itertools.product(bounds, repeat=image.shape[-1])), np.float32)
    places = list(itertools.product(range(image.shape[0]), range(image.shape[1]), range(len(colors))))
    found = np.empty(len(places), np.float32)
    for start in range(0, len(places), BATCH):
        part = np.array(places[start : start + BATCH])
        candidates = np.repeat(image[None], len(part), axis=0)
        candidates[np.arange(len(part)), part[:, 0], part[:, 1]] = colors[part[:, 2]]
        found[start : start + BATCH] = lead(logits(model, candidates), np.full(len(part), label), targeted)
    return found.reshape(*image.shape[:2], len(colors)), colors


def project(images, originals, epsilon, norm="linf", bounds=(0, 1)):
    """The nearest pictures to ``images`` within ``epsilon`` of ``originals`` and within ``bounds``.

    In "l2" the change is shortened first and clipped then: both limits are kept, since clipping never lengthens it.
    """
    change = images - originals
    if norm == "l2":
        change = change * np.minimum(1, epsilon / np.maximum(length(change), 1e-12))
    else:
        change = np.clip(change, -epsilon, epsilon)
    return np.clip(originals + change, *bounds).astype("float32")


def length(change):
    """The Euclidean length of each picture's change, (n, 1, 1, 1)."""
    return np.sqrt(np.sum(change**2, axis=(1, 2, 3), keepdims=True))


def logits(model, images):
    """The network's logits (n, classes) as an array; many pictures go through in parts."""
    import keras

    parts = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
    return np.concatenate([keras.ops.convert_to_numpy(model(part, training=False)) for part in parts])


def lead(logits, labels, targeted=False):
    """By how much the best other class is ahead of the label's; with ``targeted`` the label's of the best other.

    Above 0 an attack has what it wants. (n,)
    """
    rows = np.arange(len(labels))
    others = logits.copy()
    others[rows, labels] = -np.inf
    ahead = others.max(axis=1) - logits[rows, labels]
    return -ahead if targeted else ahead


def accuracy(model, images, labels):
    """Share of the pictures (floats, with channels) whose largest logit is the label's."""
    return float(np.mean(logits(model, images).argmax(axis=1) == labels))


@once_per_model
def loss_and_gradient(model):
    """The function (images, labels) -> (sum of the cross-entropies, its gradient for the images) of this network.

    It is a sum and no mean, so each picture gets its own gradient whatever the size of the batch.
    """
    import keras

    def loss(images, labels):
        return keras.ops.sum(
            keras.losses.sparse_categorical_crossentropy(labels, model(images, training=False), from_logits=True)
        )

    whole_batch = value_and_gradient(loss, "images", model)

    def in_parts(images, labels):
        if len(images) <= BATCH:
            return whole_batch(images, labels)
        starts = range(0, len(images), BATCH)
        parts = [whole_batch(images[at : at + BATCH], labels[at : at + BATCH]) for at in starts]
        return sum(value for value, _ in parts), np.concatenate([gradient for _, gradient in parts])

    return in_parts


def _random_change(shape, epsilon, norm, generator):
    """Random points of the ball: uniform for each value in "linf"; in "l2" in a random direction, evenly filling it."""
    if norm == "linf":
        return generator.uniform(-epsilon, epsilon, shape)
    direction = generator.normal(size=shape)
    reach = epsilon * generator.uniform(0, 1, (shape[0], 1, 1, 1)) ** (1 / math.prod(shape[1:]))
    return direction / length(direction) * reach


def _evolved(model, image, label, generations, population, seed, targeted, bounds):
    """One picture with the pixel that differential evolution found."""
    from scipy.optimize import differential_evolution

    height, width, channels = image.shape

    def drawn(points):  # points (variables, n): row, column, and a value for each channel
        row, column = (points[:2].T.astype(int) % (height, width)).T
        candidates = np.repeat(image[None], points.shape[1], axis=0)
        candidates[np.arange(points.shape[1]), row, column] = points[2:].T
        return candidates

    def behind(points):
        points = points.reshape(2 + channels, -1)
        return -lead(logits(model, drawn(points)), np.full(points.shape[1], label), targeted)

    limits = [(0, height - 1e-6), (0, width - 1e-6)] + [tuple(bounds)] * channels
    found = differential_evolution(
        behind, limits, vectorized=True, updating="deferred", maxiter=generations, mutation=0.5, recombination=1.0,
        popsize=max(1, round(population / len(limits))), init="random", polish=False, tol=0, atol=-1, rng=seed,
        callback=lambda intermediate_result: intermediate_result.fun < 0,
    )
    return drawn(found.x.reshape(-1, 1))[0]


def _checked(function, model, images, labels, targeted, bounds):
    """The pictures as float32 and the labels as int32, or one sentence."""
    low, high = _range(function, bounds)
    came = np.asarray(images)
    wanted = tuple(model.input_shape[1:])
    if came.ndim != 4 or came.shape[1:] != wanted or not len(came):
        raise ValueError(f"{function}: images is {describe(came)}, but the network takes (n, "
                         f"{', '.join(map(str, wanted))}): reshape them, and put a single picture into a list.")
    if came.dtype.kind != "f":
        raise TypeError(f"{function}: images holds whole numbers ({came.dtype}), but floats from {low} to {high} are "
                        "expected: divide grey levels by 255.")
    came = came.astype("float32", copy=False)
    least, most = float(came.min()), float(came.max())  # NaN fails the comparison too
    if not (least >= low - 1e-6 and most <= high + 1e-6):
        raise ValueError(f"{function}: images goes from {least:g} to {most:g}, but the network's range is {low} to "
                         f"{high}: scale the pictures, or name their range by bounds=.")
    return came, _labels(function, model, came, labels, targeted)


def _labels(function, model, images, labels, targeted):
    classes, n = model.output_shape[-1], len(images)
    labels = np.asarray(labels)
    if labels.dtype.kind not in "ui" or labels.shape != (n,):
        raise ValueError(f"{function}: labels is {describe(labels)}, but {n} whole numbers are expected, one class for "
                         "each picture.")
    if labels.min() < 0 or labels.max() >= classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(f"{function}: labels contains {wrong}, but the network has the classes 0 to {classes - 1}.")
    if not isinstance(targeted, bool | np.bool_):
        raise TypeError(f"{function}: targeted is {describe(targeted)}, but True or False is expected: with True the "
                        "labels are the classes wanted.")
    labels = labels.astype("int32")
    if targeted:
        already = np.flatnonzero(logits(model, images).argmax(axis=1) == labels)
        if len(already):
            raise ValueError(f"{function}: the target of picture {already[0]} is {labels[already[0]]}, which is the "
                             "class it already has: choose another target, or leave that picture out.")
    return labels


def _range(function, bounds):
    try:
        low, high = (float(end) for end in bounds)
    except (TypeError, ValueError):
        low, high = 1, 0
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"{function}: bounds is {describe(bounds)}, but the lowest and the highest value of a picture "
                         "are expected: give for example (0, 1).")
    return tuple(int(end) if end == int(end) else end for end in (low, high))


def _size(function, epsilon, bounds, room=1.0):
    """epsilon as a float: from 0 to the width of the range (times ``room``, what a picture's diagonal is to a side)."""
    epsilon = real()(function, "epsilon", epsilon)
    most = (bounds[1] - bounds[0]) * room
    if epsilon < 0:
        raise ValueError(f"{function}: epsilon is {epsilon:g}, but a size is expected: give a number from 0 to "
                         f"{most:g}.")
    if epsilon > most:
        levels = f" (8 grey levels are {8 * (bounds[1] - bounds[0]) / 255:.3g})" if room == 1 else ""
        raise ValueError(f"{function}: epsilon is {epsilon:g}, but no change can be larger than {most:g} here: give it "
                         f"in the units of the pictures{levels}.")
    return epsilon
