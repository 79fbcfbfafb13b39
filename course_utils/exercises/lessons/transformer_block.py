"""The exercises of lesson 06's second sitting: normalization, the block, what goes in, what comes out, and how much.

`transformer.py` imports this file, so that the exercises are found under their topic.
"""
import numpy as np

from course_utils.from_scratch.neuron import softmax as _softmax

from ..registry import exercise

# --- transformer.normalize ---------------------------------------------------------------------------------------


def _normalize_inputs(rng):
    x = np.round(rng.normal(1, 2, (4, 6)), 1)
    return x, np.round(rng.uniform(0.5, 2, 6), 1), np.round(rng.normal(0, 1, 6), 1), float(rng.choice([0.1, 0.3]))


def _normalize(x, gamma, beta, epsilon, axis=-1, ddof=0):
    mean, variance = x.mean(axis=axis, keepdims=True), x.var(axis=axis, keepdims=True, ddof=ddof)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


exercise(
    "transformer.normalize",
    reference=_normalize,
    inputs=_normalize_inputs,
    wrong=[
        (lambda x, gamma, beta, epsilon: _normalize(x, gamma, beta, epsilon, axis=0),
         "You normalize each column over the positions, as batch normalization would. Here each *position* gets mean 0 "
         "and variance 1 by itself."),
        (lambda x, gamma, beta, epsilon: _normalize(x, gamma, beta, epsilon, axis=None),
         "One mean for the whole table. Each position has a mean and a variance of its own: axis=-1, keepdims=True."),
        (lambda x, gamma, beta, epsilon:
         gamma * (x - x.mean(-1, keepdims=True)) / (x.var(-1, keepdims=True) + epsilon) + beta,
         "You divide by the variance. Divide by its *root*, the spread."),
        (lambda x, gamma, beta, epsilon:
         gamma * (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + epsilon) + beta,
         "ε stands outside the root. Keras adds it to the *variance*, before the root."),
        (lambda x, gamma, beta, epsilon: _normalize(x, gamma, beta, epsilon, ddof=1),
         "You divide by n − 1 in the variance. Layer normalization divides by n."),
        (lambda x, gamma, beta, epsilon: _normalize(x, 1, 0, epsilon),
         "gamma and beta are missing: they give the layer back the freedom to stretch and shift."),
        (lambda x, gamma, beta, epsilon: gamma * (_normalize(x, 1, 0, epsilon) + beta),
         "You shift before you stretch. First times gamma, then plus beta."),
    ],
    hints=("Mean and variance along the last axis, one per position.",
           "(x − mean) / np.sqrt(variance + epsilon), with keepdims=True; then gamma and beta."),
)

# --- transformer.block -------------------------------------------------------------------------------------------


class _Mix:
    """Stands for attention: every row gets a share of the others. Its name is what a message would show."""

    __name__ = "attend"

    def __init__(self, rng):
        self.matrix = _softmax(rng.normal(size=(3, 3)))

    def __call__(self, x):
        return self.matrix @ x


class _Dense(_Mix):
    """Stands for the feed-forward part."""

    __name__ = "feed"

    def __init__(self, rng):
        self.matrix = rng.normal(size=(4, 4))

    def __call__(self, x):
        return np.maximum(x @ self.matrix, 0)


def _norm(x):
    return _normalize(x, 1, 0, 1e-3)


def _block(x, attend, feed, norm):
    x = norm(x + attend(x))
    return norm(x + feed(x))


exercise(
    "transformer.block",
    reference=_block,
    inputs=lambda rng: (np.round(rng.normal(size=(3, 4)), 1), _Mix(rng), _Dense(rng), _norm),
    wrong=[
        (lambda x, attend, feed, norm: norm(feed(norm(attend(x)))),
         "The residual is missing: add the input of each part to what the part gives."),
        (lambda x, attend, feed, norm: (lambda y: norm(y + feed(x)))(norm(x + attend(x))),
         "The feed-forward part got the *first* x. It works on what the attention and its normalization made."),
        (lambda x, attend, feed, norm: norm(x + feed(norm(x + attend(x)))),
         "The second residual adds the *first* x. It adds the input of its own part."),
        (lambda x, attend, feed, norm: (lambda y: y + feed(norm(y)))(x + attend(norm(x))),
         "You normalize *before* each part. Later models do that; the paper normalizes after the sum."),
        (lambda x, attend, feed, norm: (lambda y: y + norm(feed(y)))(x + norm(attend(x))),
         "You normalize the part and then add. The paper adds first and normalizes the sum."),
        (lambda x, attend, feed, norm: (lambda y: y + feed(y))(x + attend(x)),
         "The normalization is missing, twice."),
        (lambda x, attend, feed, norm: norm(x + attend(x)),
         "That is the first half. The feed-forward part follows, with its own residual and normalization."),
    ],
    hints=("Twice the same: part, plus its input, normalized.",
           "x = norm(x + attend(x)), then the same with feed."),
)

# --- transformer.decoder_input -----------------------------------------------------------------------------------


def _targets(rng):
    return rng.integers(2, 30, (3, 6)), int(rng.integers(0, 2))


def _behind(target, start):
    return np.hstack([np.full((len(target), 1), start), target[:, :-1]])


exercise(
    "transformer.decoder_input",
    reference=_behind,
    inputs=_targets,
    wrong=[
        (lambda target, start: target.copy(),
         "The target is not shifted: at each place the decoder is shown the very letter it should guess. It learns to "
         "copy, and in use it has nothing to copy."),
        (lambda target, start: np.hstack([target[:, 1:], np.full((len(target), 1), start)]),
         "You shifted to the *left*: the decoder sees the letter after the one it should guess. Shift to the right."),
        (lambda target, start: np.hstack([np.full((len(target), 1), start), target]),
         "One letter too many: the last letter is guessed, never shown. Leave it out, so the length stays."),
        (lambda target, start: np.roll(target, 1, axis=1),
         "np.roll brings the *last* letter to the front and gives the end of the answer away. In front stands the "
         "start sign."),
        (lambda target, start: np.vstack([np.full((1, target.shape[1]), start), target[:-1]]),
         "You shifted the rows: each number gets the answer of the one above it. Shift along each row."),
    ],
    hints=("At place 0 nothing has been written yet: the decoder sees the start sign. At place 1 it sees letter 0.",
           "A column of start signs, then target[:, :-1]."),
)

# --- transformer.count_weights -----------------------------------------------------------------------------------


def _count(layers, width, inner, vocabulary, projections=4, attentions=3, biases=1, norms=5, tables=1, sides=2):
    attention = attentions * projections * width * width
    dense = sides * (2 * width * inner + biases * (inner + width))
    return layers * (attention + dense + norms * 2 * width) + tables * vocabulary * width


exercise(
    "transformer.count_weights",
    reference=lambda layers, width, inner, vocabulary: _count(layers, width, inner, vocabulary),
    inputs=lambda rng: (int(rng.integers(1, 8)), 64 * int(rng.integers(1, 9)), 256 * int(rng.integers(1, 9)),
                        int(rng.integers(100, 40_000))),
    wrong=[
        (lambda layers, width, inner, vocabulary: _count(layers, width, inner, vocabulary, attentions=2),
         "One attention is missing in each decoder layer: it has two, one on its own text, one on the encoder's."),
        (lambda layers, width, inner, vocabulary: _count(layers, width, inner, vocabulary, projections=3),
         "Each attention has *four* matrices: for queries, keys, values, and the one that brings the heads together."),
        (lambda layers, width, inner, vocabulary: _count(layers, width, inner, vocabulary, tables=3),
         "You count three embeddings. The paper shares one table between both languages and the last layer."),
        (lambda layers, width, inner, vocabulary:
         _count(layers, width, inner, vocabulary, attentions=1, sides=1, norms=2),
         "That is the encoder alone. The decoder has as many layers again, each with an attention more."),
        (lambda layers, width, inner, vocabulary: _count(layers, width, inner, vocabulary, biases=0),
         "The biases of the feed-forward layers are missing: inner + width in each."),
        (lambda layers, width, inner, vocabulary: _count(layers, width, inner, vocabulary, norms=0),
         "The normalizations are missing: gamma and beta, two per encoder layer, three per decoder layer."),
        (lambda layers, width, inner, vocabulary: _count(layers, width, inner, vocabulary, tables=0),
         "The embedding is missing: one row of `width` numbers for each piece of a word."),
    ],
    hints=("Per layer: encoder one attention, decoder two; both a feed-forward part; normalizations 2 and 3.",
           "attention 4·width², feed-forward 2·width·inner + inner + width, normalization 2·width, embedding once."),
)

# --- transformer.top_p -------------------------------------------------------------------------------------------


def _probabilities(rng):
    return rng.dirichlet(np.full(8, 0.6)), float(np.round(rng.uniform(0.5, 0.9), 2))


def _kept(probabilities, keep):
    kept = np.where(keep, probabilities, 0)
    return kept / kept.sum()


def _nucleus(probabilities, p, extra=1, order=-1):
    ranked = np.argsort(order * probabilities)
    count = np.sum(np.cumsum(probabilities[ranked]) < p) + extra
    keep = np.zeros(len(probabilities), bool)
    keep[ranked[:count]] = True
    return keep


exercise(
    "transformer.top_p",
    reference=lambda probabilities, p: _kept(probabilities, _nucleus(probabilities, p)),
    inputs=_probabilities,
    wrong=[
        (lambda probabilities, p: _kept(probabilities, _nucleus(probabilities, p, extra=0)),
         "Your letters do not reach p yet. The one with which the sum *reaches* p is kept too; so at least one always "
         "stays."),
        (lambda probabilities, p: np.where(_nucleus(probabilities, p), probabilities, 0),
         "What is left does not sum to 1: divide by its sum."),
        (lambda probabilities, p: _kept(probabilities, _nucleus(probabilities, p, order=1)),
         "You begin with the *smallest*. Keep the largest ones."),
        (lambda probabilities, p: _kept(probabilities, np.cumsum(probabilities) - probabilities < p),
         "You add up in the order of the alphabet. Sort by size first; the result stays in the old order."),
        (lambda probabilities, p: np.sort(_kept(probabilities, _nucleus(probabilities, p)))[::-1],
         "You return them sorted. The places are the letters: leave every probability at its place."),
        (lambda probabilities, p: _kept(probabilities, probabilities >= (1 - p) * probabilities.max()),
         "You compare single probabilities with a bar. Top-p asks for the *sum* of the kept ones."),
    ],
    hints=("Sort by size, add up until the sum reaches p, keep those, set the rest to 0, divide by the sum.",
           "ranked = np.argsort(-probabilities); the number kept is np.sum(np.cumsum(probabilities[ranked]) < p) + 1."),
)
