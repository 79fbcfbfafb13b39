"""The exercises of lesson 06: references, fresh inputs, and the mistakes that learners really make."""
import numpy as np

from ..registry import exercise
from . import transformer_block  # noqa: F401 - it registers the exercises of the second sitting


def _softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


# --- transformer.look_up -----------------------------------------------------------------------------------------


def _look_up_inputs(rng):
    d, n = int(rng.integers(2, 4)), int(rng.integers(3, 6))
    return np.round(rng.normal(size=d), 1), np.round(rng.normal(size=(n, d)), 1), np.round(rng.normal(size=(n, d)), 1)


exercise(
    "transformer.look_up",
    reference=lambda q, keys, values: _softmax(keys @ q) @ values,
    inputs=_look_up_inputs,
    wrong=[
        (lambda q, keys, values: values[np.argmax(keys @ q)],
         "You take the value of the best key alone. Attention takes a mean of *all* values, the best one with the "
         "largest weight."),
        (lambda q, keys, values: np.exp(keys @ q) @ values,
         "Your weights do not sum to 1: divide the powers of e by their sum."),
        (lambda q, keys, values: (keys @ q) / np.sum(keys @ q) @ values,
         "You divide the scores themselves by their sum. Scores may be negative; softmax takes e to the score first."),
        (lambda q, keys, values: _softmax(values @ q) @ values,
         "You compare the query with the *values*. The keys say where to look; the values say what is handed over."),
        (lambda q, keys, values: _softmax(keys @ q) @ keys,
         "You mix the *keys*. The weights come from the keys, but what is mixed are the values."),
        (lambda q, keys, values: _softmax(keys @ q),
         "Those are the weights. Now take the mean of the values with them."),
    ],
    hints=("Three lines: one score per key, softmax, weighted mean of the rows of values.",
           "keys @ q gives all scores at once; weights @ values the weighted mean."),
)

# --- transformer.attention ---------------------------------------------------------------------------------------


def _q_k_v(rng):
    queries, keys, d = int(rng.integers(2, 4)), int(rng.integers(4, 7)), int(rng.choice([3, 5, 8]))
    return tuple(np.round(rng.normal(size=(n, d)), 1) for n in (queries, keys, keys))


def _attention(q, k, v, divide=lambda d: np.sqrt(d)):
    return _softmax(q @ k.T / divide(k.shape[-1])) @ v


exercise(
    "transformer.attention",
    reference=_attention,
    inputs=_q_k_v,
    wrong=[
        (lambda q, k, v: _attention(q, k, v, lambda d: 1),
         "√d_k is missing: with wide vectors the scores get so large that one key takes all."),
        (lambda q, k, v: _attention(q, k, v, lambda d: d),
         "You divide by d_k. The scores spread by √d_k, so divide by the *root*; otherwise all weights become nearly "
         "equal."),
        (lambda q, k, v: _softmax(q @ k.T / np.sqrt(k.shape[-1]), axis=0) @ v,
         "Your softmax runs over the queries. Each *query* shares out a weight of 1 over the keys: rows sum to 1."),
        (lambda q, k, v: _attention(q, v, v),
         "V is in the scores. Queries are compared with *keys*; the values come in only at the end."),
        (lambda q, k, v: _attention(q, k, k),
         "You mix the keys in the end. The weights belong to the values: weights @ v."),
        (lambda q, k, v: _attention(q, k, v, lambda d: np.sqrt(len(k))),
         "You divide by the root of the *number* of keys. It is their *width* that makes the scores large."),
        (lambda q, k, v: _softmax(q @ k.T) / np.sqrt(k.shape[-1]) @ v,
         "You divide after the softmax, so the weights no longer sum to 1. Divide the scores."),
    ],
    hints=("All scores at once: q @ k.T has one row per query, one column per key.",
           "softmax(scores / √d_k) row by row, then @ v. d_k is k.shape[-1]."),
)

# --- transformer.entropy -----------------------------------------------------------------------------------------


def _weights_inputs(rng):
    scores = np.round(rng.normal(size=(3, 5)) * 2, 1)
    scores[:, 0] = -1e9  # a masked key: its weight is exactly 0
    return (_softmax(scores),)


def _bits(weights):
    return -np.sum(weights * np.log2(np.where(weights > 0, weights, 1)), axis=-1)


exercise(
    "transformer.entropy",
    reference=_bits,
    inputs=_weights_inputs,
    wrong=[
        (lambda weights: -np.sum(weights * np.log2(weights), axis=-1),
         "A weight of 0 gives 0 · log 0, which NumPy calls nan. Such a key adds nothing: put a 1 into the logarithm "
         "there."),
        (lambda weights: _bits(weights) * np.log(2),
         "That is the natural logarithm. In bits it is the logarithm to base 2."),
        (lambda weights: -_bits(weights),
         "The minus is missing: logarithms of weights are negative, the entropy is not."),
        (lambda weights: -np.sum(weights * np.log2(np.where(weights > 0, weights, 1)), axis=0),
         "You sum down the columns. Each *row* is the attention of one query and has an entropy of its own."),
        (lambda weights: np.sum(_bits(weights)),
         "You sum everything to one number: give one for each row."),
    ],
    hints=("−Σ w · log₂ w along each row. What should a weight of 0 add?",
           "np.where(weights > 0, weights, 1) keeps the logarithm harmless, for log₂ 1 is 0."),
)

# --- transformer.masked_weights ----------------------------------------------------------------------------------


def _scores_and_mask(rng):
    n = 5
    mask = rng.random((n, n)) < 0.6
    for row in range(n):
        opened, shut = rng.choice(n, 2, replace=False)
        mask[row, opened], mask[row, shut] = True, False
    return np.round(rng.normal(size=(n, n)) * 1.5, 1), mask


exercise(
    "transformer.masked_weights",
    reference=lambda scores, mask: _softmax(np.where(mask, scores, -1e9)),
    inputs=_scores_and_mask,
    wrong=[
        (lambda scores, mask: _softmax(scores) * mask,
         "You mask *after* the softmax. The rows no longer sum to 1: the shut keys have taken their share. Mask the "
         "scores."),
        (lambda scores, mask: _softmax(np.where(mask, -1e9, scores)),
         "The mask is the wrong way round: True means *may* attend."),
        (lambda scores, mask: _softmax(scores * mask),
         "A score of 0 is a score like any other: e⁰ = 1. To shut a key out, its score must be far below all others."),
        (lambda scores, mask: _softmax(np.where(mask, scores, -1e9), axis=0),
         "Your softmax runs down the columns. Each row must sum to 1."),
        (lambda scores, mask: _softmax(np.where(mask.T, scores, -1e9)),
         "Rows and columns of the mask are swapped: the row is who asks, the column who is looked at."),
        (lambda scores, mask: np.where(mask, _softmax(scores), -1e9),
         "You put the −10⁹ in after the softmax, so it ends up as a weight. It belongs into the scores."),
    ],
    hints=("Which score gives a weight of 0 after softmax?",
           "np.where(mask, scores, -1e9), then softmax row by row."),
)

# --- transformer.position_row ------------------------------------------------------------------------------------


def _row(position, width, rate=lambda pair, width: 10000.0 ** (-2 * pair / width), waves=(np.sin, np.cos)):
    pairs = np.arange(width // 2)
    row = np.empty(width)
    for first, wave in enumerate(waves):
        row[first::2] = wave(position * rate(pairs, width))
    return row


exercise(
    "transformer.position_row",
    reference=_row,
    inputs=lambda rng: (int(rng.integers(1, 60)), int(rng.choice([4, 6, 8, 12]))),
    wrong=[
        (lambda position, width: np.r_[_row(position, width)[0::2], _row(position, width)[1::2]],
         "First all sines, then all cosines: that works too, but here they take turns, sine in the even columns and "
         "cosine in the odd ones."),
        (lambda position, width: _row(position, width, lambda pair, width: 10000.0 ** (-pair / width)),
         "The exponent is 2i / width: the slowest wave must be close to 10000 times as slow as the first."),
        (lambda position, width: _row(position, width, waves=(np.cos, np.sin)),
         "Sine and cosine are swapped: the even columns hold the sine."),
        (lambda position, width: _row(position, width, waves=(np.sin, np.sin)),
         "Only sines: a sine alone cannot tell rising from falling. The odd columns hold the cosine of that angle."),
        (lambda position, width: _row(position, width, lambda pair, width: 10000.0 ** (2 * pair / width)),
         "You multiply by 10000^(2i / width), so the waves get *faster*. Divide."),
        (lambda position, width: _row(position + 1, width),
         "You count from 1. The first position is 0, whose row is 0, 1, 0, 1, …"),
    ],
    hints=("Column 2i holds a sine, column 2i + 1 the cosine of the same angle, position / 10000^(2i/width).",
           "i = np.arange(width // 2); row[0::2] = np.sin(angle); row[1::2] = np.cos(angle)."),
)

# --- transformer.embed -------------------------------------------------------------------------------------------


def _tokens_inputs(rng):
    kinds, width, length = 7, 4, 5
    tokens = rng.integers(0, kinds, length)
    tokens[1] = tokens[3]  # the same word twice, so that only its place tells which
    return tokens, np.round(rng.normal(size=(kinds, width)), 2), np.round(rng.normal(size=(kinds + 2, width)), 2)


exercise(
    "transformer.embed",
    reference=lambda tokens, table, places: table[tokens] + places[: len(tokens)],
    inputs=_tokens_inputs,
    wrong=[
        (lambda tokens, table, places: table[tokens],
         "The positions are forgotten: a word looks the same at every place, and attention cannot tell the order."),
        (lambda tokens, table, places: table[tokens] + places[tokens],
         "You took the position from the *number of the word*. The first word is at place 0, whatever word it is."),
        (lambda tokens, table, places: np.hstack([table[tokens], places[: len(tokens)]]),
         "You put the two side by side. The Transformer *adds* them, so the width stays the same."),
        (lambda tokens, table, places: table[: len(tokens)] + places[: len(tokens)],
         "You took the first rows of the table. Take the row of each word: table[tokens]."),
        (lambda tokens, table, places: table[tokens] * places[: len(tokens)],
         "You multiply. The position is added."),
        (lambda tokens, table, places: places[: len(tokens)],
         "Now only the places are left. Add the vectors of the words."),
    ],
    hints=("Two tables: one row per word of the vocabulary, one row per place.",
           "table[tokens] picks the rows of the words; places[:len(tokens)] those of the places."),
)

# --- transformer.split -------------------------------------------------------------------------------------------


def _split_inputs(rng):
    heads = int(rng.choice([2, 3]))
    return np.round(rng.normal(size=(6, 2 * heads)), 1), heads


def _split(x, heads):
    return x.reshape(len(x), heads, -1).transpose(1, 0, 2)


exercise(
    "transformer.split",
    reference=_split,
    inputs=_split_inputs,
    wrong=[
        (lambda x, heads: x.reshape(heads, len(x), -1),
         "The shape is right, the numbers are not: reshape reads row after row and mixes positions into one another. "
         "Split the width first, then swap axes."),
        (lambda x, heads: x.reshape(len(x), heads, -1),
         "The heads come second. They must come first, so that each head is a table (positions, d): swap the first two "
         "axes."),
        (lambda x, heads: x.reshape(len(x), -1, heads).transpose(2, 0, 1),
         "You deal the columns out one by one. Head 0 gets the *first* d columns, head 1 the next d."),
        (lambda x, heads: x.reshape(heads, -1, x.shape[1]),
         "You cut the sentence into pieces. Every head sees all positions, but only a part of the *width*."),
    ],
    hints=("First (positions, heads, d), then move the heads to the front.",
           "x.reshape(len(x), heads, -1) and then .transpose(1, 0, 2)."),
)
