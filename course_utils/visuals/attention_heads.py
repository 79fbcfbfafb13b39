"""The figures of lesson 06 about heads, blocks and sizes: weights set by hand or drawn at random, nothing trained."""
import numpy as np

from course_utils.from_scratch.attention import (
    feed_forward,
    layer_normalization,
    multi_head_attention,
    positional_encoding,
)

from . import style
from .interactive import InteractiveFigure, choice, slider, text, toggle

KINDS = {"article": ("the", "a"), "adjective": ("old", "small", "red"), "noun": ("dog", "cat", "girl", "bird"),
         "verb": ("sees", "likes", "chases", "sleeps")}
KIND = {word: kind for kind, words in KINDS.items() for word in words}
WINDOW = 8
PLACES = 8  # numbers of a word vector that hold its position; the first four hold its kind
START = "the small dog chases a red bird"


def read_words(sentence):
    """The words of a sentence: a list; one sentence of trouble (ValueError) if it is empty, too long or unknown."""
    words = sentence.lower().split()
    if not words:
        raise ValueError("The sentence is empty: type some of the words " + ", ".join(KIND) + ".")
    if len(words) > WINDOW:
        raise ValueError(f"The sentence has {len(words)} words, but the window holds {WINDOW}: leave "
                         f"{len(words) - WINDOW} out.")
    for word in words:
        if word not in KIND:
            shown = word if len(word) <= 20 else word[:19] + "…"
            raise ValueError(f"The word “{shown}” is unknown: use " + ", ".join(KIND) + ".")
    return words


def word_vectors(words, with_positions=True):
    """One row a word: four numbers for its kind (one-hot), eight for its position (zeros without)."""
    kinds = np.array([[float(KIND[word] == kind) for kind in KINDS] for word in words])
    places = positional_encoding(len(words), PLACES) * with_positions
    return np.hstack([kinds, places])


def one_back():
    """The matrix that turns the positional encoding of place p into that of place p − 1, whatever p is."""
    turn = np.zeros((PLACES, PLACES))
    for i, rate in enumerate(10000.0 ** (-np.arange(0, PLACES, 2) / PLACES)):
        c, s = np.cos(rate), np.sin(rate)
        turn[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]  # row vectors: (sin, cos) @ turn
    return turn


def hand_made_heads(strength=40.0, pull=12.0):
    """The eight arrays of `multi_head_attention` for three heads set by hand, on vectors of `word_vectors`.

    Head 1 looks one place back. Head 2: a noun looks for an adjective near before it. Head 3: a verb looks for a noun
    near before it. Values and outputs are left as they come.
    """
    width = len(KINDS) + PLACES
    w_q, w_k = np.zeros((2, width, 3, width))
    kind = list(KINDS).index
    for head, near in enumerate((strength, pull, pull)):
        w_q[4:, head, 4:] = near * one_back()
        w_k[4:, head, 4:] = np.eye(PLACES)
    for head, (asks, wanted) in ((1, ("noun", "adjective")), (2, ("verb", "noun"))):
        w_q[kind(asks), head, kind(wanted)] = strength
        w_k[kind(wanted), head, kind(wanted)] = 1
    w_v = np.repeat(np.eye(width)[:, None], 3, axis=1)
    w_o = np.repeat(np.eye(width)[None], 3, axis=0) / 3
    zeros = np.zeros((3, width))
    return [w_q, zeros, w_k, zeros, w_v, zeros, w_o, np.zeros(width)]


def heads():
    """Three heads set by hand read the reader's sentence: one by place, two by kind of word and place."""
    figure, axes = style.figure(1, 3, size=(10.0, 4.1))
    titles = ("1: one place back", "2: noun → adjective", "3: verb → noun")
    images = [panel.imshow(np.zeros((1, 1)), cmap="Blues", vmin=0, vmax=1, extent=(-0.5, 0.5, 0.5, -0.5))
              for panel in axes]
    for panel, title in zip(axes, titles, strict=True):
        panel.set_title(title, fontsize=13)
        panel.spines[:].set_visible(True)
    axes[0].set_ylabel("who asks")
    parameters = hand_made_heads()
    state = {"told": ""}

    def update(sentence, with_positions):
        try:
            words = read_words(sentence)
        except ValueError as trouble:
            return f"{trouble} The picture still shows the sentence before. {state['told']}"
        n = len(words)
        x = word_vectors(words, with_positions)
        weights = multi_head_attention(x, x, parameters)[1]
        for number, (panel, image) in enumerate(zip(axes, images, strict=True)):
            image.set_data(weights[number])
            image.set_extent((-0.5, n - 0.5, n - 0.5, -0.5))
            panel.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
            panel.set_xticks(range(n), words, rotation=90)
            panel.set_yticks(range(n), words if number == 0 else [""] * n)
        said = []
        for head, asks in ((0, None), (1, "noun"), (2, "verb")):
            rows = [i for i in range(1 if asks is None else 0, n) if asks is None or KIND[words[i]] == asks]
            said += [f"head {head + 1}: “{words[i]}” looks at “{words[weights[head, i].argmax()]}” "
                     f"({weights[head, i].max():.2f})" for i in rows[-1:]]
        state["told"] = f"“{' '.join(words)}”, {'with' if with_positions else 'without'} positions. "
        state["told"] += ("; ".join(said) or "One word can only look at itself") + "."
        return state["told"]

    return InteractiveFigure(figure, update, name="Three heads", controls={
        "sentence": text("sentence (Enter)", START), "with_positions": toggle("with positions", True)})


TALLEST, TOWER_WIDTH, TOWER_WORDS = 24, 16, 8


def tower(residual, normalize, seed=0):
    """Size of the vectors and likeness of the positions after each of 24 blocks with random weights: two arrays (25,).

    Size: the root mean square of all numbers. Likeness: the mean cosine between the vectors of different positions.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(TOWER_WORDS, TOWER_WIDTH))
    ones, zeros = np.ones(TOWER_WIDTH), np.zeros(TOWER_WIDTH)
    sizes, likeness = [], []

    def weights(*shape, fan):
        return rng.normal(0, fan**-0.5, shape)

    def put(x, part):
        x = x + part if residual else part
        return layer_normalization(x, ones, zeros, epsilon=1e-9) if normalize else x

    for depth in range(TALLEST + 1):
        if depth:
            heads, d = 2, TOWER_WIDTH // 2
            parameters = []
            for _ in "qkv":
                parameters += [weights(TOWER_WIDTH, heads, d, fan=TOWER_WIDTH), np.zeros((heads, d))]
            parameters += [weights(heads, d, TOWER_WIDTH, fan=TOWER_WIDTH), zeros]
            x = put(x, multi_head_attention(x, x, parameters)[0])
            inner = 4 * TOWER_WIDTH
            w_1, w_2 = weights(TOWER_WIDTH, inner, fan=TOWER_WIDTH), weights(inner, TOWER_WIDTH, fan=inner)
            x = put(x, feed_forward(x, w_1, np.zeros(inner), w_2, zeros))
        sizes.append(np.sqrt(np.mean(x**2)))
        unit = x / np.linalg.norm(x, axis=1, keepdims=True)
        cosines = unit @ unit.T
        likeness.append((cosines.sum() - TOWER_WORDS) / (TOWER_WORDS * (TOWER_WORDS - 1)))
    return np.array(sizes), np.array(likeness)


def tower_of_blocks():
    """Up to 24 untrained blocks on top of each other: what the residual and the normalization are good for."""
    runs = {(r, n): [tower(r, n, seed) for seed in range(5)] for r in (False, True) for n in (False, True)}
    means = {key: (np.exp(np.mean([np.log(s) for s, _ in run], axis=0)), np.mean([c for _, c in run], axis=0))
             for key, run in runs.items()}
    figure, (left, right) = style.figure(1, 2, size=(9.6, 4.0))
    for pair in means.values():  # all four, so that the chosen one can be compared
        for panel, values in zip((left, right), pair, strict=True):
            panel.plot(values, color=style.COLORS["grey"], linewidth=1.2, linestyle=":")
    lines = [panel.plot([], [], linestyle="-", color=style.COLORS["blue"])[0] for panel in (left, right)]
    spots = [panel.plot([], [], "o", color=style.COLORS["vermillion"], markersize=11)[0] for panel in (left, right)]
    left.set(title="size of the vectors", xlabel="blocks", yscale="log", xlim=(-0.5, 24.5), ylim=(1e-9, 1e7))
    right.set(title="likeness of the positions", xlabel="blocks", xlim=(-0.5, 24.5), ylim=(-0.3, 1.05))

    def update(blocks, residual, normalize):
        for values, line, spot in zip(means[residual, normalize], lines, spots, strict=True):
            line.set_data(range(TALLEST + 1), values)
            spot.set_data([blocks], [values[blocks]])
        size, alike = (values[blocks] for values in means[residual, normalize])
        parts = [name for name, on in (("residual", residual), ("normalization", normalize)) if on]
        return (f"{blocks} block{'s' * (blocks != 1)} with {' and '.join(parts) or 'neither'}: the numbers have a size "
                f"of {size:.2g}, and two positions are alike by a cosine of {alike:.2f} (1: the same direction). Mean "
                "of five random towers; dotted: the other three choices.")

    return InteractiveFigure(figure, update, name="A tower of blocks", controls={
        "blocks": slider("blocks", 0, TALLEST, 12), "residual": toggle("residual (add the input)", True),
        "normalize": toggle("layer normalization", True)})


def parameter_parts(layers, width, inner, vocabulary):
    """The weights of the paper's encoder-decoder by part, without biases in the attention: a dict of whole numbers.

    The embedding is counted once: the paper uses it for both languages and, turned over, as the last layer.
    """
    attention = 4 * width * width
    dense = 2 * width * inner + inner + width
    return {"embedding, shared": vocabulary * width, "encoder, attention": layers * attention,
            "encoder, feed-forward": layers * dense, "decoder, attention (two each)": layers * 2 * attention,
            "decoder, feed-forward": layers * dense, "normalization": layers * (2 + 3) * 2 * width}


MODELS = {"base": (6, 512, 2048, 8), "big": (6, 1024, 4096, 16)}
VOCABULARY = 37_000  # pieces of words shared by English and German, as the paper says ("about 37000")


def parameter_counter():
    """Where the weights of the paper's model sit, for any number of layers, heads and any width."""
    figure, axes = style.figure(size=(9.4, 3.9))
    names = list(parameter_parts(1, 1, 1, 1))
    bars = axes.barh(names, np.zeros(len(names)), color=style.COLORS["sky"], edgecolor=style.COLORS["blue"])
    told = [axes.text(0, i, "", va="center", fontsize=12) for i in range(len(names))]
    axes.set(xlim=(0, 150), ylim=(len(names) - 0.5, -0.5), xlabel="million weights")

    def update(model, layers, vocabulary):
        _, width, inner, count = MODELS[model]
        parts = parameter_parts(layers, width, inner, vocabulary)
        for bar, label, number in zip(bars, told, parts.values(), strict=True):
            bar.set_width(number / 1e6)
            label.set(x=min(number / 1e6, 130) + 1, text=f"{number / 1e6:.2f}")
        total = sum(parts.values())
        return (f"{model}: width {width}, inner width {inner}, {layers} + {layers} layers, {vocabulary:,} pieces of "
                f"words: {total / 1e6:.1f} million weights, {parts['embedding, shared'] / total:.0%} of them in the "
                f"embedding. The {count} heads add none: they share the width ({width} / {count} = {width // count} "
                "each).")

    return InteractiveFigure(figure, update, name="Counting weights", controls={
        "model": choice("model", list(MODELS)), "layers": slider("layers on each side", 1, 12, 6),
        "vocabulary": slider("pieces of words", 1000, 100_000, VOCABULARY, 1000)})
