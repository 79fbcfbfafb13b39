"""The Transformers of lesson 06: encoder and decoder, or a decoder alone, with heads that can be switched and watched.

Every function takes the array module it computes with, ``ops``: ``keras.ops`` to train on any backend, ``numpy`` to run
the trained weights in a figure, with the same lines of code. Weights are a dict from name to array; an attention's
eight have the names and shapes of ``from_scratch.attention.multi_head_attention``. Blocks normalize before each part
(R. Xiong and others, "On Layer Normalization in the Transformer Architecture", 2020), which trains without trouble from
the first step; everything else is as in "Attention Is All You Need", 2017.
"""

from functools import cache

import numpy as np

from course_utils.from_scratch._checks import checked, whole
from course_utils.from_scratch.attention import NAMES, positional_encoding

HIDDEN = -1e9  # the score of a pair that the mask forbids
WINDOW = 512  # the longest text of all


def attend(ops, w, name, x, memory, mask=None, gates=None, seen=None, cache=None):
    """Multi-head attention: x (n, t, width) asks, memory (n, s, width) answers; gives (n, t, width).

    mask: booleans that broadcast to (n, heads, t, s), True may be attended. gates: a number a head; its output is
    multiplied by it, so that 0 switches it off. seen: a dict in which the weights (n, heads, t, s) are left under
    ``name``. cache: a dict in which keys and values stay, so that a text can be written one letter at a time: those of
    x are put behind those that are there, or, where memory is None, those that are there are all.
    """
    q = _heads(ops, w, name, "q", x)
    if memory is not None:
        k, v = _heads(ops, w, name, "k", memory), _heads(ops, w, name, "v", memory)
        if cache is not None:
            if name in cache:
                k, v = (ops.concatenate([old, new], axis=2) for old, new in zip(cache[name], (k, v), strict=True))
            cache[name] = k, v
    else:
        k, v = cache[name]
    scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / float(np.sqrt(w[f"{name}/w_q"].shape[-1]))
    if mask is not None:
        scores = ops.where(mask, scores, HIDDEN)
    weights = softmax(ops, scores)
    if seen is not None:
        seen[name] = weights
    heads = ops.matmul(weights, v)
    if gates is not None:
        heads = heads * ops.reshape(gates, (-1, 1, 1))
    heads = ops.transpose(heads, (0, 2, 1, 3))
    w_o = w[f"{name}/w_o"]
    inner = w_o.shape[0] * w_o.shape[1]
    heads = ops.reshape(heads, (-1, ops.shape(x)[1], inner))
    return ops.matmul(heads, ops.reshape(w_o, (inner, -1))) + w[f"{name}/b_o"]


def _heads(ops, w, name, which, x):
    """x projected once for each head: (n, t, width) to (n, heads, t, d)."""
    kernel, bias = w[f"{name}/w_{which}"], w[f"{name}/b_{which}"]
    flat = ops.matmul(x, ops.reshape(kernel, (kernel.shape[0], -1))) + ops.reshape(bias, (-1,))
    return ops.transpose(ops.reshape(flat, (-1, ops.shape(x)[1], *kernel.shape[1:])), (0, 2, 1, 3))


def softmax(ops, scores):
    """Softmax over the last axis."""
    powers = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
    return powers / ops.sum(powers, axis=-1, keepdims=True)


def normalize(ops, w, name, x):
    """Layer normalization over the last axis."""
    centered = x - ops.mean(x, axis=-1, keepdims=True)
    variance = ops.mean(centered * centered, axis=-1, keepdims=True)
    return w[f"{name}/gamma"] * centered / ops.sqrt(variance + 1e-3) + w[f"{name}/beta"]


def feed_forward(ops, w, name, x):
    """Two dense layers with a ReLU between them."""
    inner = ops.maximum(ops.matmul(x, w[f"{name}/w_1"]) + w[f"{name}/b_1"], 0.0)
    return ops.matmul(inner, w[f"{name}/w_2"]) + w[f"{name}/b_2"]


def tower(ops, w, name, x, *, mask=None, memory=None, memory_mask=None, gates=None, seen=None, cache=None):
    """The blocks of one tower, ``name`` "encoder" or "decoder", over x (n, t, width).

    A block attends to its own tower, to ``memory`` (the encoder's output, or what is kept of it in ``cache``) if its
    weights know of one, and passes a feed-forward part if they have one; each part's output is added to its input.
    gates: dict from "self" and "cross" to (blocks, heads).
    """
    gates = gates or {}
    block = 0
    while f"{name}/{block}/self/w_q" in w:
        here = f"{name}/{block}"
        normal = normalize(ops, w, f"{here}/norm_self", x)
        own = gates["self"][block] if "self" in gates else None
        x = x + attend(ops, w, f"{here}/self", normal, normal, mask, own, seen, cache)
        if f"{here}/cross/w_q" in w:
            asked = memory
            if cache is not None and f"{here}/cross" in cache:
                asked = None  # its keys and values were kept when the first letter was written
            normal = normalize(ops, w, f"{here}/norm_cross", x)
            own = gates["cross"][block] if "cross" in gates else None
            x = x + attend(ops, w, f"{here}/cross", normal, asked, memory_mask, own, seen, cache)
        if f"{here}/forward/w_1" in w:
            x = x + feed_forward(ops, w, f"{here}/forward", normalize(ops, w, f"{here}/norm_forward", x))
        block += 1
    return normalize(ops, w, f"{name}/norm", x)


def embed(ops, w, name, codes, start=0, backwards=False):
    """A vector for each symbol, plus one for its position: codes (n, t) to (n, t, width).

    Positions are sines and cosines, or learned if the weights have "places". start: the position of the first, one
    number or one for each text (n, 1). backwards: positions are counted from the
    end, so that texts padded in front end in the same place at any length.
    """
    table = w[name]
    length = ops.shape(codes)[1]
    if "places" in w:  # learned ones
        places = w["places"][start : start + length]
    elif backwards:
        places = ops.array(_places(table.shape[1])[::-1])[WINDOW - length :]
    elif isinstance(start, int):
        places = ops.array(_places(table.shape[1]))[start : start + length]
    else:
        places = ops.take(ops.array(_places(table.shape[1])), start + ops.arange(length), axis=0)
    return ops.take(table, codes, axis=0) + places


@cache
def _places(width):
    return positional_encoding(WINDOW, width).astype("float32")


def causal(ops, codes):
    """The mask of a text model for codes (n, t): (t, t), each position may look at itself and at those before it."""
    length = ops.shape(codes)[1]
    return ops.array(np.tril(np.ones((WINDOW, WINDOW), bool)))[:length, :length]


@checked(width=whole(2), heads=whole(1), blocks=whole(1), seed=whole(0))
def tower_weights(name, width, heads, blocks, *, cross=False, forward=4, seed=0):
    """Random weights of a tower. forward: how many times as wide the feed-forward part is as the rest; 0 for none."""
    rng, w, d = np.random.default_rng(seed), {}, width // heads
    if d * heads != width:
        raise ValueError(f"tower_weights: heads is {heads}, but width is {width}: choose a number that divides it.")

    def normal(shape, inputs, scale=1.0):
        return (rng.normal(size=shape) * scale / np.sqrt(inputs)).astype("float32")

    def norm(path):
        w[f"{path}/gamma"], w[f"{path}/beta"] = np.ones(width, "float32"), np.zeros(width, "float32")

    # What is added to the stream starts small, so that many parts together do not drown it.
    small = 1 / np.sqrt(blocks * (1 + cross + (forward > 0)))
    for block in range(blocks):
        for kind in ("self", "cross")[: 1 + cross]:
            path = f"{name}/{block}/{kind}"
            norm(f"{name}/{block}/norm_{kind}")
            for part in NAMES[:-2]:
                shape = (width, heads, d) if part[0] == "w" else (heads, d)
                w[f"{path}/{part}"] = normal(shape, width, part[0] == "w")
            w[f"{path}/w_o"], w[f"{path}/b_o"] = normal((heads, d, width), width, small), np.zeros(width, "float32")
        if forward:
            norm(f"{name}/{block}/norm_forward")
            path = f"{name}/{block}/forward"
            w[f"{path}/w_1"] = normal((width, forward * width), width, np.sqrt(2))
            w[f"{path}/b_1"] = np.zeros(forward * width, "float32")
            w[f"{path}/w_2"] = normal((forward * width, width), forward * width, small)
            w[f"{path}/b_2"] = np.zeros(width, "float32")
    norm(f"{name}/norm")
    return w


def ends(letters, width, *, name="letters", seed=0):
    """Weights at both ends: a table of vectors for the symbols, and the last layer's."""
    rng = np.random.default_rng((seed, 7))
    return {name: rng.normal(size=(letters, width)).astype("float32") * 0.5,
            "last/w": (rng.normal(size=(width, letters)) / np.sqrt(width)).astype("float32"),
            "last/b": np.zeros(letters, "float32")}


def logits(ops, w, x):
    """The last layer: (n, t, width) to one number for each symbol."""
    return ops.matmul(x, w["last/w"]) + w["last/b"]


def decoder_only(ops, w, codes, start=0, gates=None, seen=None, cache=None):
    """A text model: codes (n, t) to logits (n, t, letters), each position seeing itself and what came before.

    start: as in ``embed``. gates: (blocks, heads). With a cache that is not empty, codes holds the one next symbol of
    each text.
    """
    done = cache["decoder/0/self"][0].shape[2] if cache else 0
    mask = None if done else causal(ops, codes)
    x = embed(ops, w, "letters", codes, start + done)
    gates = None if gates is None else {"self": gates}
    return logits(ops, w, tower(ops, w, "decoder", x, mask=mask, gates=gates, seen=seen, cache=cache))


def parameters(w):
    """How many numbers the weights hold."""
    return int(sum(np.size(array) for array in w.values()))


def keras_model(w, function, name):
    """A Keras model that starts with the weights ``w`` and computes ``function(ops, w, inputs)``.

    All weights lie in one long variable: a hundred small ones take the optimizer longer than the network itself.
    """
    import keras

    class Model(keras.Model):
        def __init__(self):
            super().__init__(name=name)
            flat = np.concatenate([array.ravel() for array in w.values()])
            self.flat = self.add_weight(shape=flat.shape, name="all")
            self.flat.assign(flat)
            self.built = True

        def call(self, inputs):
            return function(keras.ops, _named(keras.ops, self.flat, w), inputs)

        def plain(self):
            """The weights as a dict of arrays."""
            return _named(np, keras.ops.convert_to_numpy(self.flat), w)

    return Model()


def _named(ops, flat, w):
    """The long variable cut into arrays with the names and shapes of ``w``."""
    pieces = ops.split(flat, np.cumsum([array.size for array in w.values()])[:-1].tolist())
    return {key: ops.reshape(piece, array.shape) for (key, array), piece in zip(w.items(), pieces, strict=True)}


def compile_with(model, rate, steps, *, warmup=100, ignore=None, jit=False, **options):
    """Compile with Adam: the step size rises to ``rate`` in the first steps, then falls to 0 along half a cosine.

    ignore: the symbol that pads, whose loss does not count.
    """
    import keras

    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 20, max(steps - warmup, 1), warmup_target=rate, warmup_steps=warmup)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=schedule, beta_2=0.98, clipnorm=1.0), jit_compile=jit,
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=ignore), **options)
    return model
