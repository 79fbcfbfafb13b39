"""Attention and the Transformer block, as lesson 06 builds them, in pieces that equal Keras' layers.

Sources: Vaswani et al., "Attention is all you need", 2017; Ba, Kiros & Hinton, "Layer normalization", 2016.
Axes: (…, positions, width); with several heads (…, heads, positions, width of a head).
"""

import numpy as np

from ._checks import checked, describe, numbers, real, whole
from .neuron import relu, softmax


def _mask(function, argument, value):
    """Rule: True or False per pair (query, key); numbers are refused because nobody knows which way round they are."""
    mask = np.asarray(value)
    if mask.dtype != bool:
        came = f"an array of {mask.dtype} numbers" if mask.ndim and mask.dtype.kind in "uif" else describe(value)
        raise TypeError(
            f"{function}: {argument} is {came}, but True (may attend) and False (may not) are expected: "
            "give a boolean array such as causal_mask(length)."
        )
    if mask.ndim < 2 or not mask.size:
        raise ValueError(
            f"{function}: {argument} is {describe(mask)}, but one row per query and one column per key are expected: "
            "give an array with two axes or more."
        )
    if not mask.any(axis=-1).all():
        row = tuple(int(i) for i in np.argwhere(~mask.any(axis=-1))[0])
        raise ValueError(
            f"{function}: {argument} is False in all of row {row[0] if len(row) == 1 else row}, but every query needs "
            "something to attend to: set at least one True in each row."
        )
    return mask


def _pairs(scores_shape, mask):
    """What is wrong with the mask's shape for these scores, or None."""
    try:
        fits = np.broadcast_shapes(scores_shape, mask.shape) == tuple(scores_shape)
    except ValueError:
        fits = False
    if not fits:
        leading = f", or that with the leading axes {tuple(scores_shape[:-2])}" if len(scores_shape) > 2 else ""
        return (
            f"mask has shape {mask.shape}, but there are {scores_shape[-2]} queries and {scores_shape[-1]} keys: "
            f"give {tuple(scores_shape[-2:])}{leading}."
        )


def _q_k_v_fit(q, k, v, mask):
    if q.shape[-1] != k.shape[-1]:
        return f"k is {k.shape[-1]} wide, but q is {q.shape[-1]} wide: give queries and keys the same width."
    if k.shape[-2] != v.shape[-2]:
        return f"v has {v.shape[-2]} rows, but k has {k.shape[-2]}: give one value per key."
    if not q.shape[:-2] == k.shape[:-2] == v.shape[:-2]:
        return (
            f"q, k and v have shapes {q.shape}, {k.shape} and {v.shape}: give all three the same leading axes "
            "(batch and heads)."
        )
    if mask is not None:
        return _pairs((*q.shape[:-1], k.shape[-2]), mask)


@checked(_q_k_v_fit, q=numbers(2, 3, 4), k=numbers(2, 3, 4), v=numbers(2, 3, 4), mask=_mask)
def scaled_dot_product_attention(q, k, v, mask=None):
    """Every query looks at all keys and takes a weighted mean of the values.

    q: (…, queries, d_k), k: (…, keys, d_k), v: (…, keys, d_v); mask: booleans (…, queries, keys), True may attend.
    Returns the output (…, queries, d_v) and the weights (…, queries, keys), whose rows sum to 1.
    Raises ValueError or TypeError for shapes that do not fit, a mask that is not boolean, a row that may see nothing.
    """
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e9)  # exp(-1e9) is 0
    weights = softmax(scores)
    return weights @ v, weights


@checked(length=whole(1))
def causal_mask(length):
    """The mask of a text model: position t may attend to itself and to what came before. Booleans (length, length)."""
    return np.tril(np.ones((length, length), dtype=bool))


NAMES = ("w_q", "b_q", "w_k", "b_k", "w_v", "b_v", "w_o", "b_o")


def _eight_arrays(function, argument, value):
    """Rule: the weights of one attention layer, in Keras' order."""
    if not isinstance(value, (list, tuple)) or len(value) != 8:
        raise ValueError(
            f"{function}: {argument} is {describe(value)}, but eight arrays are expected: give {', '.join(NAMES)}, "
            "as layer.get_weights() does."
        )
    ndims = (3, 2, 3, 2, 3, 2, 3, 1)
    return [numbers(n)(function, f"{argument}[{i}]", w) for i, (n, w) in enumerate(zip(ndims, value, strict=True))]


def _projections_fit(x, memory, parameters, mask):
    w_q, b_q, w_k, b_k, w_v, b_v, w_o, b_o = parameters
    _, heads, d_k = w_q.shape
    d_v, width = w_v.shape[2], w_o.shape[2]
    expected = [
        *((x.shape[-1], heads, d_k), (heads, d_k), (memory.shape[-1], heads, d_k), (heads, d_k)),
        *((memory.shape[-1], heads, d_v), (heads, d_v), (heads, d_v, width), (width,)),
    ]
    for i, (name, array, shape) in enumerate(zip(NAMES, parameters, expected, strict=True)):
        if array.shape != shape:
            return (
                f"parameters[{i}] ({name}) has shape {array.shape}, but {shape} is expected for x {x.shape}, memory "
                f"{memory.shape} and {heads} heads: give the weights in the order of NAMES."
            )
    if x.shape[:-2] != memory.shape[:-2]:
        return f"memory has shape {memory.shape}, but x has shape {x.shape}: give both the same leading axes."
    if mask is not None:
        return _pairs((*x.shape[:-1], memory.shape[-2]), mask)


@checked(_projections_fit, x=numbers(2, 3), memory=numbers(2, 3), parameters=_eight_arrays, mask=_mask)
def multi_head_attention(x, memory, parameters, mask=None):
    """Several attentions side by side, each with its own projections; their outputs are projected back and summed.

    x asks and memory answers (self-attention: the same array twice): (…, positions, width). parameters: w_q, b_q, w_k,
    b_k, w_v, b_v, w_o, b_o in the shapes and order of keras.layers.MultiHeadAttention.get_weights(). mask: booleans
    (…, positions of x, positions of memory), True may attend, the same for all heads.
    Returns the output (…, positions of x, width) and the weights (…, heads, positions of x, positions of memory).
    """
    w_q, b_q, w_k, b_k, w_v, b_v, w_o, b_o = parameters
    q = split_heads(x, w_q, b_q)
    k = split_heads(memory, w_k, b_k)
    v = split_heads(memory, w_v, b_v)
    if mask is not None:
        mask = np.broadcast_to(np.expand_dims(mask, -3), (*q.shape[:-1], k.shape[-2]))
    heads, weights = scaled_dot_product_attention(q, k, v, mask)
    output = np.einsum("...htd,hdw->...tw", heads, w_o, optimize=True) + b_o
    return output, weights


def _kernel_fits(x, kernel, bias):
    if x.shape[-1] != kernel.shape[0]:
        return f"kernel has {kernel.shape[0]} rows, but x is {x.shape[-1]} wide: give one row per number of x."
    if bias.shape != kernel.shape[1:]:
        return f"bias has shape {bias.shape}, but kernel has shape {kernel.shape}: give a bias {kernel.shape[1:]}."


@checked(_kernel_fits, x=numbers(2, 3), kernel=numbers(3), bias=numbers(2))
def split_heads(x, kernel, bias):
    """Project x once per head: (…, positions, width) with a kernel (width, heads, d) to (…, heads, positions, d)."""
    return np.einsum("...tw,whd->...htd", x, kernel, optimize=True) + bias[:, None, :]


@checked(length=whole(1), width=whole(1))
def positional_encoding(length, width):
    """One row per position, in which column 2i is sin(position / 10000^(2i / width)) and column 2i + 1 its cosine.

    Returns (length, width). Source: Vaswani et al. 2017, section 3.5 (sine and cosine interleaved).
    """
    positions = np.arange(length)[:, None]
    rates = 10000.0 ** (-np.arange(0, width, 2) / width)
    encoding = np.zeros((length, width))
    encoding[:, 0::2] = np.sin(positions * rates)
    encoding[:, 1::2] = np.cos(positions * rates[: width // 2])
    return encoding


def _as_wide_as_x(x, gamma, beta):
    for name, array in (("gamma", gamma), ("beta", beta)):
        if array.shape != x.shape[-1:]:
            return f"{name} has {len(array)} numbers, but x is {x.shape[-1]} wide: give one number per column of x."


@checked(_as_wide_as_x, x=numbers(2, 3), gamma=numbers(1), beta=numbers(1), epsilon=real(above=0))
def layer_normalization(x, gamma, beta, epsilon=1e-3):
    """Give every position's vector mean 0 and variance 1, then stretch it by gamma and shift it by beta.

    x: (…, positions, width), gamma and beta: (width,). epsilon as in Keras (PyTorch has 1e-5).
    """
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def _layers_fit(x, w_1, b_1, w_2, b_2):
    shapes = [("w_1", w_1, (x.shape[-1], w_1.shape[1])), ("b_1", b_1, w_1.shape[1:])]
    shapes += [("w_2", w_2, (w_1.shape[1], w_2.shape[1])), ("b_2", b_2, w_2.shape[1:])]
    for name, array, expected in shapes:
        if array.shape != expected:
            return f"{name} has shape {array.shape}, but {expected} is expected: let each layer take what came before."


@checked(_layers_fit, x=numbers(2, 3), w_1=numbers(2), b_1=numbers(1), w_2=numbers(2), b_2=numbers(1))
def feed_forward(x, w_1, b_1, w_2, b_2):
    """Two dense layers with a ReLU between them, the same for every position. x: (…, positions, width)."""
    return relu(x @ w_1 + b_1) @ w_2 + b_2


def _block_parts(function, argument, value):
    """Rule: the weights of one block by the names of its parts."""
    parts = {"attention": 8, "norm_1": 2, "feed_forward": 4, "norm_2": 2}
    if not isinstance(value, dict) or set(value) != set(parts):
        named = isinstance(value, dict) and value
        came = f"a dict with the parts {', '.join(map(str, value))}" if named else describe(value)
        raise ValueError(
            f"{function}: {argument} is {came}, but a dict with the parts {', '.join(parts)} is expected: "
            "give the list of arrays of each part."
        )
    for part, count in parts.items():
        if len(value[part]) != count:
            raise ValueError(
                f"{function}: {argument}[{part!r}] is {describe(value[part])}, but {count} arrays are expected: "
                "give them in the order of that function's arguments."
            )
    return value


@checked(x=numbers(2, 3), parameters=_block_parts, mask=_mask)
def transformer_block(x, parameters, mask=None):
    """One encoder block of the paper: attention, then feed-forward, each added to its input and then normalized.

    x: (…, positions, width). parameters: a dict with "attention" (the eight arrays of `multi_head_attention`), "norm_1"
    and "norm_2" (gamma, beta), "feed_forward" (w_1, b_1, w_2, b_2). Returns x's shape. With causal_mask it is the block
    of a text model. (Later models normalize before each part instead of after it.)
    """
    attended, weights = multi_head_attention(x, x, parameters["attention"], mask)
    x = layer_normalization(x + attended, *parameters["norm_1"])
    return layer_normalization(x + feed_forward(x, *parameters["feed_forward"]), *parameters["norm_2"])
