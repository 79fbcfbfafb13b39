"""Two networks at play: one makes pictures of digits from noise, the other tells made from real.

I. Goodfellow and others, "Generative Adversarial Nets", 2014; the losses are the non-saturating ones. Batch
normalization and LeakyReLU as in A. Radford and others, "Unsupervised Representation Learning with Deep Convolutional
Generative Adversarial Networks", 2016, but with dense layers: so small a game is played to the end in seconds. What
keeps it steady is a discriminator that must not change its mind for a little noise. Asked for a class, it judges by
projection (T. Miyato, M. Koyama, "cGANs with Projection Discriminator", 2018).
"""

import functools
from types import SimpleNamespace

import numpy as np

from course_utils.from_scratch._checks import checked, describe, numbers, real, whole
from course_utils.keras_tools.gan_measures import as_floats

LATENT = 24
BATCH = 256
RATES = (2e-3, 2e-3)
CALM, TREMBLE = 1.0, 0.1
AVERAGED, MEMORY = 8, 0.95  # the average takes the weights in every 8 steps and keeps 0.95 of what it was
SAFE = 50  # steps between two looks whether the weights are good ones to go back to
LOSSES = ("generator", "discriminator", "real", "fake")


@checked(latent=whole(1))
def generator(latent=LATENT, *, conditional=False, width=(256, 256), switch=10):
    """From noise (n, latent) to pictures (n, 28, 28, 1) in 0..1; conditional: from [noise, one-hot classes (n, 10)].

    Dense layers with batch normalization, so it matters whether it is called with ``training=True``; the last writes
    14 x 14 numbers, which are enlarged smoothly (cubic splines) before the sigmoid makes pixels of them. switch: so
    many numbers of the noise go in a second time through a steep softmax, which makes it easier to change from one kind
    of picture to another at once: digits, unlike faces, come in kinds.
    """
    import keras

    layers = keras.layers
    noise = keras.Input((latent,), name="noise")
    inputs = [noise, keras.Input((10,), name="digit")] if conditional else noise
    x = layers.Concatenate()(inputs) if conditional else noise
    if switch:
        kinds = layers.Activation("softmax")(layers.Rescaling(6.0)(noise[:, : min(switch, latent)]))
        x = layers.Concatenate()([x, kinds])
    for units in width:
        x = layers.LeakyReLU(0.2)(layers.BatchNormalization(momentum=0.9)(layers.Dense(units)(x)))
    x = parts().Enlarge()(layers.Reshape((14, 14))(layers.Dense(196)(x)))
    return keras.Model(inputs, layers.Reshape((28, 28, 1))(layers.Activation("sigmoid")(x)), name="generator")


@checked(dropout=real(0, 0.9), jitter=real(0), pool=whole(1))
def discriminator(*, conditional=False, width=(256, 256), dropout=0.0, jitter=0.0, pool=2):
    """From pictures (n, 28, 28, 1) to logits (n, 1), positive for "real"; conditional: from [pictures, one-hot].

    No sigmoid at the end: the loss takes logits. jitter: noise of that size on all it sees, in training. It sees
    means of 2 x 2 pixels, with pool=1 every pixel.
    """
    import keras

    layers = keras.layers
    picture = keras.Input((28, 28, 1), name="picture")
    x = layers.GaussianNoise(jitter)(picture) if jitter else picture
    x = layers.Flatten()(layers.AveragePooling2D(pool)(x) if pool > 1 else x)
    for units in width:
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
        x = layers.Dropout(dropout)(x) if dropout else x
    logit = layers.Dense(1)(x)
    if not conditional:
        return keras.Model(picture, logit, name="discriminator")
    digit = keras.Input((10,), name="digit")
    fits = layers.Dot(1)([layers.Dense(width[-1], use_bias=False)(digit), x])
    return keras.Model([picture, digit], layers.Add()([logit, fits]), name="discriminator")


@checked(n=whole(1), latent=whole(1), seed=whole(0))
def noise(n, latent=LATENT, seed=0):
    """Noise for n pictures: (n, latent) normal random numbers, float32; the first stay the same when n grows."""
    return np.random.default_rng(seed).normal(size=(n, latent)).astype(np.float32)


def one_hot(labels, function="one_hot"):
    """Classes (n,) as rows (n, 10) of zeros and a one, float32; refuses what is no digit."""
    array = np.asarray(labels)
    if array.ndim != 1 or array.dtype.kind not in "ui" or not len(array):
        raise TypeError(f"{function}: labels is {describe(labels)}, but a list of whole numbers 0 to 9 is expected: "
                        "give one digit for each picture.")
    wrong = array[(array < 0) | (array > 9)]
    if len(wrong):
        raise ValueError(f"{function}: labels holds the class {wrong[0]}, but only 0 to 9 are known here: ask for one "
                         "of the ten digits.")
    return np.eye(10, dtype=np.float32)[array]


def make(model, noise, labels=None):
    """Pictures (n, 28, 28), float32 in 0..1, that a generator makes of noise (n, latent), of the classes asked for."""
    import keras

    noise = numbers(2)("make", "noise", noise).astype(np.float32)
    conditional = len(model.inputs) == 2
    latent = model.inputs[0].shape[1]
    if noise.shape[1] != latent:
        raise ValueError(f"make: noise has {noise.shape[1]} numbers for a picture, but this generator takes {latent}: "
                         f"draw noise(n, {latent}).")
    if conditional != (labels is not None):
        wanted = "classes, one for each picture, are" if conditional else "no labels are"
        raise ValueError(f"make: labels is {describe(labels)}, but {wanted} expected by this generator: "
                         + ("give labels (n,)." if conditional else "leave them out."))
    parts = [noise] if labels is None else [noise, one_hot(labels, "make")]
    if len(parts[-1]) != len(noise):
        raise ValueError(f"make: labels holds {len(parts[-1])} classes for {len(noise)} rows of noise, but one for "
                         "each is expected: give as many.")
    made = []
    for k in range(0, len(noise), 256):
        some = [part[k : k + 256] for part in parts]
        made.append(keras.ops.convert_to_numpy(model(some if conditional else some[0], training=False))[..., 0])
    return np.concatenate(made)


def held_still(model, inputs):
    """What the model gives in training, as if its weights were constants: gradients flow through it, not into it."""
    from keras import ops

    weights = [ops.stop_gradient(v.value) for v in model.trainable_variables]
    return model.stateless_call(weights, [v.value for v in model.non_trainable_variables], inputs, training=True)[0]


@functools.cache
def parts():
    """Keras classes, defined when they are wanted: importing this file is quick."""
    import keras
    from keras import ops
    from scipy import ndimage

    enlarge = ndimage.zoom(np.eye(14), (2, 1), order=3).astype(np.float32)

    class Enlarge(keras.layers.Layer):
        """Tables (n, 14, 14) to (n, 28, 28), by cubic splines."""

        def call(self, x):
            return ops.matmul(ops.matmul(enlarge, x), enlarge.T)

    class TwoRates(keras.optimizers.Adam):
        """Adam with a step size of its own for each variable, so that each player has one."""

        def __init__(self, rates, betas, planned):
            fall = keras.optimizers.schedules.CosineDecay(1.0, planned, alpha=0.05) if planned else 1.0
            super().__init__(fall, *betas)
            self.rates = rates

        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient, variable, learning_rate * self.rates[self._get_variable_index(variable)])

    class Players(keras.Model):
        """All networks of a game in one model, whose loss is the sum of all losses; each is felt by its player only."""

        def __init__(self, names):
            super().__init__()
            self.means = [keras.metrics.Mean(name) for name in names]

        def call(self, x):
            return x

        def note(self, *values):
            for mean, value in zip(self.means, values, strict=True):
                mean.update_state(value)

    class Two(Players):
        def __init__(self, generator, discriminator, calm, smooth):
            super().__init__(LOSSES)
            self.maker, self.teller, self.calm, self.smooth = generator, discriminator, calm, smooth

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            def also(first):
                return first if y is None else [first, y]

            x, noise, *trembling = map(ops.convert_to_tensor, x)  # PyTorch gives them as they came
            y = None if y is None else ops.convert_to_tensor(y)
            made = self.maker(also(noise), training=True)
            real = self.teller(also(x), training=True)
            fake = self.teller(also(ops.stop_gradient(made)), training=True)
            fooled = held_still(self.teller, also(made))
            of_discriminator = ops.mean(ops.softplus(-real) + self.smooth * real) + ops.mean(ops.softplus(fake))
            of_generator = ops.mean(ops.softplus(-fooled))
            self.note(of_generator, of_discriminator, ops.mean(ops.sigmoid(real)), ops.mean(ops.sigmoid(fake)))
            total = of_generator + of_discriminator
            if self.calm:
                trembled = self.teller(also(trembling[0]), training=True)
                total += self.calm / 2 * ops.mean((trembled - real) ** 2) / TREMBLE**2
            return total

    return SimpleNamespace(Enlarge=Enlarge, TwoRates=TwoRates, Players=Players, Two=Two)


class Match:
    """A game of networks, step by step; it can be stopped anywhere and goes on where it was.

    .steps: how many are done. .stopped: "" or, after a loss or a weight that is no number, when it happened, why, and
    of which step the weights are that the game went back to.
    """

    def __init__(self, players, rates, names, seed, betas=(0.5, 0.99), planned=0):
        """rates: a step size for each network, names: of the losses (first) and what else a step tells."""
        import keras

        each = {id(v): rate for model, rate in rates for v in model.trainable_variables}
        optimizer = parts().TwoRates([each[id(v)] for v in players.trainable_variables], betas, planned)
        # XLA would take several seconds to compile and saves nothing here.
        players.compile(optimizer, jit_compile=False)
        optimizer.build(players.trainable_variables)
        self._players, self._names, self._rng = players, names, np.random.default_rng(seed)
        self._numpy = keras.ops.convert_to_numpy
        self.steps, self.stopped = 0, ""
        self._good = 0, self._state()

    def _batch(self):
        """(x, y) of the next step."""
        raise NotImplementedError

    def step(self):
        """One step of every player: a dict of losses, and of what the discriminators say as probabilities."""
        logs = self._players.train_on_batch(*self._batch(), return_dict=True)
        told = {name: float(logs[name]) for name in self._names}
        self.steps += 1
        wrong = [f"{name} became {value}" for name, value in told.items() if not np.isfinite(value)]
        if not wrong and self.steps % SAFE == 0:
            state = self._state()
            if all(np.isfinite(part).all() for part in state):
                self._good = self.steps, state
            else:
                wrong = ["a weight is no number any more"]
        if wrong:
            self._go_back(wrong[0])
        return told

    @checked(steps=whole(0), every=whole(0))
    def run(self, steps, *, every=0, watch=None):
        """So many more steps, or until something is no number; gives {name: list}. ``watch(self)`` every so often."""
        history, self.stopped = {name: [] for name in self._names}, ""
        for _ in range(steps):
            for name, value in self.step().items():
                history[name].append(value)
            if self.stopped:
                break
            if watch and every and self.steps % every == 0:
                watch(self)
        return history

    def _variables(self):
        return [*self._players.variables, *self._players.optimizer.variables]

    def _state(self):
        return [np.array(self._numpy(v.value)) for v in self._variables()]

    def _go_back(self, why):
        at, state = self._good
        for variable, value in zip(self._variables(), state, strict=True):
            variable.assign(value)
        self.stopped = f"Stopped in step {self.steps}: {why}. The weights of step {at} are back: take smaller steps."
        self.steps = at


class Game(Match):
    """Generator against discriminator on real pictures.

    pictures: (n, 28, 28); labels: (n,) digits, given for the conditional game. rates: the step sizes of generator and
    discriminator: far apart, the game fails. calm: how much the discriminator is punished for changing its logit when a
    little noise falls on a real picture: R1 (L. Mescheder and others, "Which Training Methods for GANs do actually
    Converge?", 2018), estimated in random directions; 0 for the plain game. smooth: what the discriminator is asked to
    leave for "real", 0.1 say (one-sided label smoothing, T. Salimans and others, "Improved Techniques for Training
    GANs", 2016). planned: the number of steps in which the step sizes fall to a twentieth; 0 leaves them.
    networks: (generator, discriminator) of your own instead; betas: of Adam.

    ``make`` takes the mean of the generator's recent weights, which makes the better pictures (Y. Yazici and others,
    "The Unusual Effectiveness of Averaging in GAN Training", 2019).
    """

    @checked(latent=whole(1), batch=whole(2), calm=real(0), smooth=real(0, 0.5), planned=whole(0),
             seed=whole(0))
    def __init__(self, pictures, labels=None, *, latent=LATENT, batch=BATCH, rates=RATES, calm=CALM, smooth=0.0,
                 networks=None, betas=(0.5, 0.99), planned=0, seed=0):
        import keras

        self._x = as_floats(pictures, "Game")[..., None]
        self._y = None if labels is None else one_hot(labels, "Game")
        if labels is not None and len(self._y) != len(self._x):
            raise ValueError(f"Game: labels holds {len(self._y)} classes for {len(self._x)} pictures, but one for each "
                             "is expected: give as many.")
        rates = [real(0)("Game", "rates", rate) for rate in rates]
        keras.utils.set_random_seed(seed)
        asked = labels is not None
        self.generator, self.discriminator = networks or (generator(latent, conditional=asked),
                                                          discriminator(conditional=asked))
        self._average = keras.models.clone_model(self.generator)
        self._size, self._latent, self._calm, self._mean = batch, latent, calm, self.generator.get_weights()
        players = parts().Two(self.generator, self.discriminator, calm, smooth)
        super().__init__(players, [(self.generator, rates[0]), (self.discriminator, rates[1])], LOSSES, seed, betas,
                         planned)

    def _batch(self):
        # Random numbers from here, not from the backend: every backend then plays the same game, and a remake the same.
        rows = self._rng.integers(0, len(self._x), self._size)
        x = [self._x[rows], self._rng.standard_normal((self._size, self._latent), np.float32)]
        if self._calm:
            x.append(x[0] + np.float32(TREMBLE) * self._rng.standard_normal(x[0].shape, np.float32))
        return x, None if self._y is None else self._y[rows]

    def step(self):
        """One step of both players: a dict of both losses and of what the discriminator says, as probabilities."""
        told = super().step()
        if not self.stopped and self.steps % AVERAGED == 0:
            keep = np.float32(min(MEMORY, self.steps / (self.steps + 10 * AVERAGED)))
            self._mean = [keep * old + (1 - keep) * new
                          for old, new in zip(self._mean, self.generator.get_weights(), strict=True)]
        return told

    def make(self, noise, labels=None):
        """Pictures (n, 28, 28) of noise (n, latent), by the generator with averaged weights."""
        return make(self.averaged(), noise, labels)

    def averaged(self):
        """The generator with averaged weights; the next call changes it."""
        self._average.set_weights(self._mean)
        return self._average

    def _go_back(self, why):
        super()._go_back(why)
        self._mean = self.generator.get_weights()


def recorded_generator(name="gan_film"):
    """The generator of a recording, "gan_film" or "gan_conditional", with the weights it ended with."""
    from course_utils.datasets import read

    arrays = read(name).arrays
    latent = arrays["noise"].shape[1]
    model = generator(latent, conditional=name == "gan_conditional")
    model.set_weights([arrays[f"weights/{number}"].astype(np.float32) for number in range(len(model.weights))])
    return model


@checked(start=numbers(1), end=numbers(1), count=whole(2))
def walk(start, end, count):
    """Noise (count, latent) on the way from start to end, at even angles.

    Along the arc, not the straight line: random noise lies near a sphere, and the middle of the line is deep inside it,
    where the generator never practiced.
    """
    first, last = np.linalg.norm(start), np.linalg.norm(end)
    angle = np.arccos(np.clip(start @ end / (first * last), -1, 1)) if first and last else 0
    share = np.linspace(0, 1, count)[:, None]
    if angle < 1e-3:
        return ((1 - share) * start + share * end).astype(np.float32)
    arc = (np.sin((1 - share) * angle) * start / first + np.sin(share * angle) * end / last) / np.sin(angle)
    return (arc * ((1 - share) * first + share * last)).astype(np.float32)
