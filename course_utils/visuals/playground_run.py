"""What runs inside the playground: data, the lesson's own MLP, its training, and what every neuron sees.

No widgets here, so that it can be tested and timed by itself.
"""

import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.from_scratch.mlp import ACTIVATIONS, MLP, train_epoch
from course_utils.from_scratch.optimizers import sgd
from course_utils.visuals.playground_data import LIMITS, OWN, features, made, split
from course_utils.visuals.playground_state import Settings

SIDE = 50  # points along one side of the field; every second one makes the small pictures


class Outsider:
    """A model that is no stack of dense layers: it can be looked at, not trained. function: (n, 2) to (n, 1)."""

    output, activation = "linear", "linear"

    def __init__(self, function):
        self.function, self.sizes, self.weights, self.biases = function, (2, 1), [], []

    def layers(self, x):
        """As `MLP.layers`: the inputs and the outputs are all that can be seen."""
        y = self.function(x)
        return [y], [x, y]

    def forward(self, x):
        """The outputs (n, 1) for points x (n, 2)."""
        return self.function(x)


class Experiment:
    """Points, a network and its training. settings: a checked `Settings`; points (n, 2), kinds (n,): drawn ones."""

    def __init__(self, settings, points, kinds):
        self.settings, self.epoch = settings, 0
        self.net = MLP([len(settings.features), *settings.layers, 1], settings.activation, settings.seed, "tanh")
        self.restart_clock()
        self.load(points, kinds)
        axis = np.linspace(*LIMITS, SIDE)
        self._grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)

    def restart_clock(self):
        """Begin to train the present network: the optimizer holds its arrays."""
        self._step = sgd(self.net.parameters(), 0.1) if self.net.weights else None
        self._rng = np.random.default_rng(self.settings.seed)

    def load(self, points, kinds):
        """Take the points: the drawn ones if the data are one's own, else made ones."""
        s = self.settings
        x, kinds = (points, kinds) if s.data == OWN else made(s.data, s.noise, s.seed)
        self.train, self.test = split(x, kinds, s.training)

    def trouble(self):
        """Why there can be no training, in one sentence; empty if there can."""
        x, kinds = self.train
        if isinstance(self.net, Outsider):
            return "This model is not a stack of dense layers: it can be looked at, but not trained here."
        if not len(x):
            return "There are no points yet: click into the square to add some."
        if len(set(kinds)) < 2:
            return "All points are of one kind: add some of the other (Shift-click), or there is nothing to tell apart."
        return ""

    @property
    def span(self):
        """Smallest and largest output that the last layer can give, or -1 and 1: the targets of the two kinds."""
        return (0.0, 1.0) if self.net.output in ("sigmoid", "step") else (-1.0, 1.0)

    def _targets(self, kinds):
        low, high = self.span
        return (low + (high - low) * kinds)[:, None].astype(float)

    def pass_once(self):
        """One epoch: every training point once, in mini-batches. Raises FloatingPointError when it diverges."""
        s, net = self.settings, self.net
        net.decay = s.strength if s.penalty == "L2" else 0.0

        def update(gradients):
            if s.penalty == "L1":
                n = len(net.weights)
                slopes = [g + s.strength * np.sign(w) for g, w in zip(gradients[:n], net.weights, strict=True)]
                gradients = slopes + gradients[n:]
            self._step(gradients, learning_rate=s.learning_rate)

        x, kinds = self.train
        with np.errstate(all="ignore"):
            train_epoch(net, features(x, s.features), self._targets(kinds), update, min(s.batch, len(x)), self._rng)
        self.epoch += 1

    def losses(self):
        """(training loss, test loss), each half the mean squared error without penalty; NaN where no points are."""
        return self._loss(*self.train), self._loss(*self.test)

    def _loss(self, x, kinds):
        if not len(x):
            return float("nan")
        with np.errstate(all="ignore"):
            y = self.net.forward(features(x, self.settings.features))
            return float(0.5 * np.mean((y - self._targets(kinds)) ** 2))

    def wrong(self):
        """(truth values for the training points, for the test points): which lie on the wrong side."""
        return tuple((self._outputs(x) > np.mean(self.span)) != kinds for x, kinds in (self.train, self.test))

    def _outputs(self, x):
        with np.errstate(all="ignore"):
            return self.net.forward(features(x, self.settings.features))[:, 0] if len(x) else np.zeros(0)

    def maps(self):
        """What every neuron answers on the square, from one forward pass: for each layer an array (n, SIDE, SIDE)."""
        with np.errstate(all="ignore"):
            answers = self.net.layers(features(self._grid, self.settings.features))[1]
        return [np.nan_to_num(a.T, posinf=1e300, neginf=-1e300).reshape(-1, SIDE, SIDE) for a in answers]


def test_losses(epochs, starts=5, **settings):
    """The test losses (starts,) after so many epochs from as many different starts, without any picture.

    settings: as `Settings` has them, but for the seed.
    """
    losses = []
    for seed in range(starts):
        run = Experiment(Settings(**settings, seed=seed).check(), np.empty((0, 2)), np.empty(0, dtype=int))
        for _ in range(epochs):
            run.pass_once()
        losses.append(run.losses()[1])
    return losses


def put_in(model):
    """The network for a model with two inputs and one output that somebody hands in.

    An MLP (also one that a lesson built cell by cell) and a Keras stack of dense layers become our MLP with a copy of
    the weights; any other Keras model an Outsider. Raises TypeError or ValueError with one sentence.
    """
    if _is_keras(model):
        dense = _dense_stack(model)
        return dense or _outsider(model)
    if not all(hasattr(model, part) for part in ("sizes", "weights", "biases", "activation", "output")):
        raise TypeError(f"Playground.put: model is {describe(model)}, expected an MLP or a Keras model with two "
                        "inputs and one output.")
    return _copied([np.asarray(w) for w in model.weights], [np.asarray(b) for b in model.biases], model.activation,
                   model.output)


def _copied(weights, biases, activation, output):
    sizes = [weights[0].shape[0], *(w.shape[1] for w in weights)]
    if sizes[0] != 2 or sizes[-1] != 1:
        raise ValueError(f"Playground.put: the model has {sizes[0]} inputs and {sizes[-1]} outputs, expected two "
                         "inputs and one output.")
    net = MLP(sizes, activation, output=output)
    for mine, theirs in zip(net.parameters(), [*weights, *biases], strict=True):
        if mine.shape != theirs.shape or not np.isfinite(theirs).all():
            raise ValueError(f"Playground.put: the model's weights have shape {theirs.shape} or are not all finite, "
                             f"expected finite numbers of shape {mine.shape}.")
        mine[:] = theirs
    return net


def _is_keras(model):
    """Whether this is a Keras model, found out without importing Keras."""
    return hasattr(model, "get_weights") and any(b.__module__.split(".")[0] == "keras" for b in type(model).__mro__)


def _dense_stack(model):
    """The Keras model as our MLP if it is a plain stack of dense layers with activations we know, else None."""
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    if not layers or not all(type(layer).__name__ == "Dense" and layer.use_bias for layer in layers):
        return None
    names = [getattr(layer.activation, "__name__", "") for layer in layers]
    hidden = set(names[:-1]) or {"linear"}
    known = set(ACTIVATIONS) - {"leaky_relu", "softmax", "step"}  # Keras' leaky_relu has another slope
    if len(hidden) > 1 or not hidden | {names[-1]} <= known:
        return None
    arrays = [layer.get_weights() for layer in layers]
    if any(a[0].shape[1] != b[0].shape[0] for a, b in zip(arrays[:-1], arrays[1:], strict=True)):
        return None
    net = _copied([w for w, _ in arrays], [b for _, b in arrays], hidden.pop(), names[-1])
    probe = np.random.default_rng(0).uniform(*LIMITS, (20, 2))
    same = np.allclose(net.forward(probe), _outsider(model).forward(probe), atol=1e-4)
    return net if same else None  # layers can be joined in other ways than one after the other


def _outsider(model):
    import keras

    def function(x):
        return np.asarray(keras.ops.convert_to_numpy(model(x.astype("float32"), training=False)), dtype=float)

    try:
        y = function(np.zeros((3, 2)))
    except Exception as trouble:
        first = (str(trouble).strip() or type(trouble).__name__).splitlines()[0][:100]
        raise ValueError(f"Playground.put: the model does not take points (n, 2) ({first}), expected two inputs and "
                         "one output.") from None
    if y.shape != (3, 1) or not np.isfinite(y).all():
        raise ValueError(f"Playground.put: for 3 points the model gives an array of shape {y.shape}, expected (3, 1) "
                         "and finite numbers: one output.")
    return Outsider(function)
