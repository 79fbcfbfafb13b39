"""What a trained generator is good for: filling a hole in a picture; and a game between two worlds without pairs.

The hole: R. Yeh and others, "Semantic Image Inpainting with Deep Generative Models", 2017. The two worlds: J.-Y. Zhu
and others, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017, in the smallest
size that trains in a minute.
"""

import functools

import numpy as np

from course_utils.from_scratch._checks import checked, describe, one_of, real, whole
from course_utils.keras_tools.autodiff import once_per_model, value_and_gradient
from course_utils.keras_tools.gan import Match, discriminator, held_still, make, parts
from course_utils.keras_tools.gan_measures import as_floats, halves, judge

HOLES = {"middle": (slice(9, 19), slice(6, 22)), "lower half": (slice(14, 28), slice(0, 28)),
         "right half": (slice(0, 28), slice(14, 28))}  # rows and columns
CYCLE = 10.0


@checked(kind=one_of(*HOLES))
def hole(kind="middle"):
    """A mask (28, 28), True where the picture is hidden."""
    mask = np.zeros((28, 28), bool)
    mask[HOLES[kind]] = True
    return mask


def _mask(function, mask):
    array = np.asarray(mask)
    if array.shape != (28, 28) or array.dtype.kind != "b":
        raise TypeError(f"{function}: mask is {describe(mask)}, but truth values (28, 28) are expected, True where the "
                        'picture is hidden: take hole("middle"), or compare an array with a number.')
    if array.all() or not array.any():
        what, advice = (("everything", "leave some pixels visible") if array.all() else
                        ("nothing", "hide some pixels"))
        raise ValueError(f"{function}: mask hides {what}, but some hidden and some visible pixels are expected: "
                         f"{advice}.")
    return array


@once_per_model
def _misfit(model):
    """The value and slope, for the noise, of: squared error on the visible part, and a little for unlikely noise."""
    from keras import ops

    def misfit(noise, pictures, visible, weight):
        error = ops.sum(visible * (model(noise, training=False) - pictures) ** 2, axis=(1, 2, 3))
        return ops.sum(error) + weight * ops.sum(noise**2)

    return value_and_gradient(misfit, "noise", model)


@checked(starts=whole(1), steps=whole(1), rate=real(above=0), prior=real(0), seed=whole(0))
def fill(model, pictures, mask, *, starts=8, steps=120, rate=0.1, prior=0.3, seed=0):
    """Fill what ``mask`` hides in each picture by searching a generator's noise.

    Adam walks from ``starts`` random places, and the pictures found are averaged: each counts by e to the minus of its
    squared error on the *visible* part, so that one which fits badly hardly counts. Gives (filled (n, 28, 28), noise
    (n, latent), course (steps / 10, n)): visible pixels stay as they are; noise: of the search that fits best; course:
    its root mean square error on the visible part in every tenth step.
    """
    if len(model.inputs) != 1:
        raise ValueError("fill: model wants labels too, but a generator of noise alone is expected: take the recorded "
                         "gan_film.")
    hidden, pictures = _mask("fill", mask), as_floats(pictures, "fill")
    wanted = np.repeat(pictures, starts, axis=0)[..., None]
    visible = (~hidden).astype(np.float32)[None, :, :, None]
    noise = np.random.default_rng(seed).normal(size=(len(wanted), model.inputs[0].shape[1])).astype(np.float32)
    misfit, mean, square = _misfit(model), 0, 0
    course = []
    for step in range(1, steps + 1):
        _, slope = misfit(noise, wanted, visible, np.float32(prior))
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        noise = noise - np.float32(rate) * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        if step % 10 == 0 or step == steps:  # looking costs a third of a step
            made = make(model, noise)
            errors = _error(made, wanted[..., 0], ~hidden).reshape(-1, starts)
            course.append(errors.min(axis=1))
    squares = errors**2 * visible.sum()
    weights = np.exp(squares.min(axis=1, keepdims=True) - squares)
    weights /= weights.sum(axis=1, keepdims=True)
    filled = np.einsum("ns,nshw->nhw", weights, made.reshape(-1, starts, 28, 28))
    best = errors.argmin(axis=1) + starts * np.arange(len(pictures))
    return np.where(hidden, filled, pictures), noise[best], np.array(course)


def _error(made, pictures, where):
    return np.sqrt(((made - pictures) ** 2)[:, where].mean(axis=1))


def hidden_error(filled, pictures, mask):
    """Root mean square difference of filled and true pictures on the hidden part: (n,)."""
    return _error(as_floats(filled, "hidden_error"), as_floats(pictures, "hidden_error"), _mask("hidden_error", mask))


def mean_fill(pictures, mask):
    """The hidden part filled with the mean of the pictures the generator learned from: the simplest guess."""
    return np.where(_mask("mean_fill", mask), halves()[0][0].mean(axis=0) / 255, as_floats(pictures, "mean_fill"))


@functools.cache
def worlds():
    """Two worlds without pairs and a test: ((thin, labels), (thick, labels), (thin, thick, labels)).

    Thin digits (each pixel the least of its 3 x 3 neighbors) and thick ones (the most) of 350 *different* digits each:
    of no digit both forms are in the worlds. Of the 198 test digits both are given, to measure. All uint8.
    """
    from scipy.ndimage import grey_dilation, grey_erosion

    (x, y), _ = halves()
    thin, thick = grey_erosion(x, (1, 3, 3)), grey_dilation(x, (1, 3, 3))
    return (thin[:350], y[:350]), (thick[350:700], y[350:700]), (thin[700:], thick[700:], y[700:])


def thickness(pictures):
    """Mean stroke width in pixels, (n,): twice the ink over the length of its edge (the sum of all slopes)."""
    pictures = np.pad(as_floats(pictures, "thickness"), ((0, 0), (1, 1), (1, 1)))
    down, right = np.gradient(pictures, axis=(1, 2))
    return 2 * pictures.sum(axis=(1, 2)) / np.maximum(np.hypot(down, right).sum(axis=(1, 2)), 1e-9)


def translator(name, *, shortcut=True, width=256):
    """From pictures (n, 28, 28, 1) to pictures of the other world; with the shortcut it starts from what is there."""
    import keras

    layers = keras.layers
    picture = keras.Input((28, 28, 1))
    flat = layers.Flatten()(layers.AveragePooling2D(2)(picture))
    x = layers.LeakyReLU(0.2)(layers.BatchNormalization(momentum=0.9)(layers.Dense(width)(flat)))
    x = layers.Dense(196)(x)
    x = layers.Add()([x, layers.Rescaling(6.0, -3.0)(flat)]) if shortcut else x
    x = layers.Activation("sigmoid")(parts().Enlarge()(layers.Reshape((14, 14))(x)))
    return keras.Model(picture, layers.Reshape((28, 28, 1))(x), name=name)


@functools.cache
def _four():
    from keras import ops

    class Four(parts().Players):
        """Two translators and two discriminators."""

        def __init__(self, there, back, thin, thick, cycle):
            super().__init__(("translators", "discriminators", "cycle"))
            self.there, self.back, self.thin, self.thick, self.weight = there, back, thin, thick, cycle

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)  # PyTorch gives them as they came
            told = fooled = returned = 0
            for mine, other, there, back, teller in ((x, y, self.there, self.back, self.thick),
                                                     (y, x, self.back, self.there, self.thin)):
                made = there(mine, training=True)
                told += ops.mean(ops.softplus(-teller(other, training=True)))
                told += ops.mean(ops.softplus(teller(ops.stop_gradient(made), training=True)))
                fooled += ops.mean(ops.softplus(-held_still(teller, made)))
                returned += ops.mean(ops.abs(back(made, training=True) - mine))
            self.note(fooled, told, returned)
            return fooled + told + self.weight * returned

    return Four


class Worlds(Match):
    """A tiny CycleGAN between thin and thick digits; cycle: the weight of the cycle loss, 0 without it.

    shortcut: whether the translators start from the picture they get; planned: as of Game.
    """

    @checked(cycle=real(0), shortcut=one_of(True, False), batch=whole(2), rate=real(above=0), planned=whole(0),
             seed=whole(0))
    def __init__(self, cycle=CYCLE, *, shortcut=True, batch=64, rate=1e-3, planned=600, seed=0):
        import keras

        keras.utils.set_random_seed(seed)
        self._there, self._back = (translator(name, shortcut=shortcut) for name in ("there", "back"))
        tellers = discriminator(width=(256, 128), pool=1), discriminator(width=(256, 128), pool=1)
        players = _four()(self._there, self._back, *tellers, cycle)
        self._size, self._worlds = batch, [as_floats(pictures)[..., None] for pictures, _ in worlds()[:2]]
        rates = [(model, rate) for model in (self._there, self._back, *tellers)]
        super().__init__(players, rates, ("translators", "discriminators", "cycle"), seed, planned=planned)

    def _batch(self):
        return tuple(world[self._rng.integers(0, len(world), self._size)] for world in self._worlds)

    def there(self, thin):
        """Thin digits made thick, (n, 28, 28)."""
        return _through(self._there, as_floats(thin, "Worlds.there"))

    def back(self, thick):
        """Thick digits made thin, (n, 28, 28)."""
        return _through(self._back, as_floats(thick, "Worlds.back"))

    def measures(self):
        """On the test digits, thin to thick: changed, kept, true_error and return_error, each a float."""
        thin, thick, labels = worlds()[2]
        there = self.there(thin)
        errors = {"true_error": _apart(there, thick), "return_error": _apart(self.back(there), thin)}
        return judged(there, labels) | errors


def _through(model, pictures):
    import keras

    return keras.ops.convert_to_numpy(model(pictures[..., None], training=False))[..., 0]


def _apart(pictures, others):
    return float(np.sqrt(((as_floats(pictures) - as_floats(others)) ** 2).mean()))


def judged(pictures, labels):
    """changed: share that is nearer to the thick digits' mean stroke width than to the thin ones'. kept: share in which
    the judge still sees the digit ``labels``."""
    middle = np.mean([thickness(world).mean() for world, _ in worlds()[:2]])
    seen = judge().look(pictures)[1].argmax(axis=1)
    return {"changed": float((thickness(pictures) > middle).mean()), "kept": float((seen == labels).mean())}


def return_floor():
    """Error of a return that always brings the mean thin digit of the test, whatever was sent."""
    thin = as_floats(worlds()[2][0])
    return _apart(np.broadcast_to(thin.mean(axis=0), thin.shape), thin)


def world_scales():
    """What the measures give without any network: {name: measures} for the thin digits as they are (floor of changed),
    the true thick ones (ceiling), and other thick digits of the test in their place (what chance keeps)."""
    thin, thick, labels = worlds()[2]
    cases = {"left as they are": thin, "the true thick ones": thick, "other thick digits": np.roll(thick, 1, axis=0)}
    return {name: judged(some, labels) | {"true_error": _apart(some, thick)} for name, some in cases.items()}
