"""The playground's settings, its state as a short string, and the Keras model that is the same network.

The string is `play1.` and base64 of: settings, then drawn points, then weights as float32, deflated, with a CRC-32.
"""

import base64
import binascii
import math
import re
import struct
import zlib
from dataclasses import dataclass, replace

import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.visuals.playground_data import DATA, FEATURES, MOST_OWN

ACTIVATIONS = ("tanh", "relu", "sigmoid", "softsign", "leaky_relu", "linear")  # those with a slope to learn by
OUTPUTS = ("tanh", "linear", "sigmoid", "softsign", "relu", "leaky_relu", "step")
PENALTIES = ("none", "L1", "L2")
MOST_LAYERS, MOST_NEURONS = 4, 8
PREFIX = "play1."


@dataclass(frozen=True)
class Settings:
    """Everything one can choose; `check` says in one sentence what cannot be."""

    data: str = "XOR"
    noise: int = 0
    training: int = 50
    features: tuple = ("x1", "x2")
    layers: tuple = (4, 4)
    activation: str = "tanh"
    learning_rate: float = 0.1
    penalty: str = "none"
    strength: float = 0.001
    batch: int = 10
    seed: int = 0

    def check(self):
        """Return the settings with tidy types, or raise ValueError with one sentence."""
        for name, options in (("data", DATA), ("activation", ACTIVATIONS), ("penalty", PENALTIES)):
            if getattr(self, name) not in options:
                came = describe(getattr(self, name))
                raise ValueError(f"Playground: {name} is {came}, expected one of {', '.join(options)}.")
        for name, low, high in (("noise", 0, 50), ("training", 10, 90), ("batch", 1, 100), ("seed", 0, 2**32 - 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
                raise ValueError(f"Playground: {name} is {describe(value)}, expected a whole number from {low} to "
                                 f"{high}.")
        for name in ("learning_rate", "strength"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 100:
                raise ValueError(f"Playground: {name} is {describe(value)}, expected a number above 0, at most 100.")
        unknown = [name for name in self.features if name not in FEATURES]
        if unknown or not self.features:
            came = repr(unknown[0]) if unknown else "missing"
            raise ValueError(f"Playground: a feature is {came}, expected at least one of {', '.join(FEATURES)}.")
        ordered = tuple(name for name in FEATURES if name in self.features)
        return replace(self, features=ordered, layers=hidden_layers(self.layers))


def hidden_layers(layers):
    """Sizes of hidden layers, from "4, 4", 4 or [4, 4], as a tuple; raises ValueError with one sentence."""
    wanted = f"up to {MOST_LAYERS} whole numbers from 1 to {MOST_NEURONS}, such as 4 4"
    if isinstance(layers, str):
        words = re.split(r"[\s,;·\-]+", layers.strip()) if layers.strip() else []
        if not all(re.fullmatch(r"\d{1,3}", word) for word in words):
            raise ValueError(f"hidden layers is {describe(layers.strip())}, expected {wanted}.")
        layers = [int(word) for word in words]
    try:
        layers = tuple(layers) if not isinstance(layers, (int, np.integer)) else (layers,)
    except TypeError:
        raise ValueError(f"hidden layers is {describe(layers)}, expected {wanted}.") from None
    for size in layers:
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or not 1 <= size <= MOST_NEURONS:
            raise ValueError(f"A hidden layer has {describe(size)} neurons, expected {wanted}.")
    if len(layers) > MOST_LAYERS:
        raise ValueError(f"There are {len(layers)} hidden layers, expected {wanted}.")
    return tuple(int(size) for size in layers)


# --- the state as a string ---------------------------------------------------------------------------------------

_HEAD = struct.Struct("<BBBBBfBfBIIBBB")


def encode(settings, net, epoch, points, kinds):
    """The state as a short text. net: the MLP; epoch: passes done; points (n, 2), kinds (n,): what was drawn."""
    s = settings
    mask = sum(1 << i for i, name in enumerate(FEATURES) if name in s.features)
    head = _HEAD.pack(DATA.index(s.data), s.noise, s.training, mask, ACTIVATIONS.index(s.activation), s.learning_rate,
                      PENALTIES.index(s.penalty), s.strength, s.batch, s.seed, epoch, OUTPUTS.index(net.output),
                      len(s.layers), len(kinds))
    body = head + bytes(s.layers) + np.round(np.asarray(points) * 20).astype(np.int8).tobytes() + bytes(list(kinds))
    body += np.concatenate([p.ravel() for p in net.parameters()]).astype("<f4").tobytes()
    packed = zlib.compress(body, 9)
    return PREFIX + base64.urlsafe_b64encode(packed + struct.pack("<I", zlib.crc32(packed))).decode().rstrip("=")


def decode(text):
    """What `encode` packed: (settings, output, epoch, points, kinds, numbers); raises ValueError with one sentence."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"The state is {describe(text)}, expected a text that Share gave, beginning with {PREFIX}")
    text = "".join(text.split())
    version = re.match(r"play(\d+)\.", text)
    if not version:
        raise ValueError(f"The state begins with {text[:6]!r}, expected {PREFIX!r}: copy the whole text from Share.")
    if version.group() != PREFIX:
        raise ValueError(f"The state is of version {version.group(1)}, but this playground reads version 1: update "
                         "the course.")
    damaged = ValueError("The state is damaged (its checksum does not fit): copy the whole text again.")
    try:
        raw = base64.b64decode(text[len(PREFIX):] + "=" * (-len(text[len(PREFIX):]) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        raise damaged from None
    if len(raw) < 8 or zlib.crc32(raw[:-4]) != struct.unpack("<I", raw[-4:])[0]:
        raise damaged
    try:
        return _unpack(zlib.decompress(raw[:-4]))
    except (struct.error, IndexError, zlib.error):
        raise ValueError("The state is not one that this playground wrote: press Share there again.") from None


def _unpack(body):
    (data, noise, training, mask, activation, rate, penalty, strength, batch, seed, epoch, output, depth,
     count) = _HEAD.unpack_from(body)
    at = _HEAD.size
    layers, at = tuple(body[at:at + depth]), at + depth
    points, at = np.frombuffer(body[at:at + 2 * count], np.int8).reshape(count, 2) / 20, at + 2 * count
    kinds, at = np.frombuffer(body[at:at + count], np.uint8).astype(int), at + count
    settings = Settings(DATA[data], noise, training, tuple(n for i, n in enumerate(FEATURES) if mask >> i & 1), layers,
                        ACTIVATIONS[activation], _float(rate), PENALTIES[penalty], _float(strength), batch,
                        seed).check()
    numbers = np.frombuffer(body[at:], "<f4").astype(float)
    sizes = [len(settings.features), *layers, 1]
    expected = sum((a + 1) * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))
    if len(numbers) != expected or not np.isfinite(numbers).all() or count > MOST_OWN:
        raise IndexError
    return settings, OUTPUTS[output], epoch, points, kinds, numbers


def _float(value):
    """A float32 as the short number that was meant: 0.1, not 0.10000000149."""
    return float(f"{value:.6g}") if math.isfinite(value) else value


# --- the same network in Keras -----------------------------------------------------------------------------------

_HELPERS = {
    "leaky_relu": 'def leaky_relu(z):\n    return keras.ops.leaky_relu(z, negative_slope=0.01)\n',
    "step": 'def step(z):\n    return keras.ops.cast(z > 0, "float32")\n',
}


def keras_code(settings, net):
    """Python source that builds `model`, the Keras model equal to net, with its weights, and `features(x)`."""
    names = [FEATURES[name][1] for name in settings.features]
    used = dict.fromkeys([net.activation] * (len(net.sizes) > 2) + [net.output])
    said = {name: name if name in _HELPERS else f'"{name}"' for name in used}
    penalty = {"none": "", "L1": f", kernel_regularizer=keras.regularizers.L1({settings.strength:g})",
               "L2": f", kernel_regularizer=keras.regularizers.L2({settings.strength:g} / 2)"}[settings.penalty]
    dense = [f"    keras.layers.Dense({size}, activation={said[name]}{penalty}),"
             for size, name in zip(net.sizes[1:], [net.activation] * (len(net.sizes) - 2) + [net.output], strict=True)]
    arrays = []
    for w, b in zip(net.weights, net.biases, strict=True):
        arrays += [_literal(w), _literal(b)]
    return "\n".join([
        "import keras",
        "import numpy as np",
        "",
        "",
        *[line for name in used if name in _HELPERS for line in [*_HELPERS[name].splitlines(), "", ""]],
        "def features(x):",
        '    """The inputs of the network, made of points x (n, 2)."""',
        "    x1, x2 = x[:, 0], x[:, 1]",
        f"    return np.column_stack([{', '.join(names)}])",
        "",
        "",
        "def half_squared_error(t, y):",
        "    return 0.5 * keras.ops.mean((y - t) ** 2, axis=-1)",
        "",
        "",
        "model = keras.Sequential([",
        f"    keras.Input(({net.sizes[0]},)),",
        *dense,
        "])",
        f"model.compile(optimizer=keras.optimizers.SGD(learning_rate={settings.learning_rate:g}), "
        "loss=half_squared_error)",
        f"# to train it further: model.fit(features(x), t, batch_size={settings.batch}, epochs=10, verbose=0)",
        "",
        "model.set_weights([  # of each layer the weights (inputs, neurons), then the biases",
        *arrays,
        "])",
    ]) + "\n"


def _literal(array):
    """An array as source text with 9 digits, which is all that a float32 holds."""
    rows = [f"[{', '.join(f'{value:.9g}' for value in row)}]" for row in np.atleast_2d(array)]
    if array.ndim == 1:
        return f"    np.array({rows[0]}),"
    return "    np.array([\n" + "\n".join(f"        {row}," for row in rows) + "\n    ]),"
