# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 06 · Attention and the Transformer
#
# **You will build attention from three words on paper up to a Transformer that translates numbers, and prove what its
# parts do by switching them off.**
#
# *Two sittings of 90 minutes, split at the Transformer block: the core sections (attention), then those marked "deeper"
# (the Transformer). You need the dot product and softmax (lessons 01 and 02). The LSTM of lesson 05 appears as the
# network to beat.*
#
# Afterwards you can
# - compute attention for three words on paper, and for any number of words in three lines,
# - say what the root of $d_k$, the mask, the heads and the positions are for, and what happens without them,
# - build a Transformer block that gives the same numbers as Keras' layers,
# - count the weights of the paper's model,
# - prove what a head does, instead of guessing it from a picture.
#
# Follows: *Machine Learning I: Neural Networks & Deep Learning* (the page on "Attention Is All You Need"); A. Köpf,
# *Deep down the rabbit hole* (translation by encoder, summary vector, decoder).

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing of the first sitting: section 1 takes 8 minutes, 2 and 3 take 25, 4 and 5 take 23, 6 to 8 take
# 34. Let everybody do the three words of section 2 with pencil before anybody drags. Do not explain heads before
# section 7, nor training: in this sitting every weight is set by hand, and that is the point.

# %% id="setup"
import course_utils as course

course.start()

import numpy as np

from course_utils.datasets import recordings
from course_utils.datasets.text import english, german
from course_utils.from_scratch import attention as library
from course_utils.from_scratch.neuron import relu, softmax
from course_utils.keras_tools import induction, markup_transformer, translation, translation_studies
from course_utils.visuals import attention as figures
from course_utils.visuals import attention_heads as heads
from course_utils.visuals import attention_studies as studies
from course_utils.visuals.training import LivePlot

# %% [markdown] id="summary" tags=["core"]
# ## 1 · One vector for everything
#
# The lecture shows how networks translate. One LSTM, the *encoder*, reads the German text (ours letter by letter); its
# last state is the *summary vector*. A second one, the *decoder*, starts from that vector and writes. Whatever it needs
# to know must have gone through this one vector.
#
# We take a translation that a program can mark: numbers in words, from 0 to 999,999.

# %% id="numbers" tags=["nbval-check-output"]
for number in (0, 30, 101, 617, 721, 1001, 76_021):
    print(number, german(number), "→", english(number), sep="  ")
try:
    german(1_000_000)
except ValueError as error:
    print(error)
parts = np.arange(1000)
crossing = (parts % 100 >= 21) & (parts % 10 > 0)  # ones are said before the tens
course.claim("share of all numbers in which something crosses", 1 - np.mean(~crossing) ** 2, equals=0.92, within=0.005)

# %% [markdown] id="numbers-told" tags=["core"]
# Our German is spelled one way: *eins* stands only at the very end, elsewhere it is *ein* (einhunderteins,
# einundzwanzig); a hundred and a thousand are always counted (*ein*hundert); *sechzehn* and *siebzig* are shortened, as
# they should be; *dreißig* has its ß; 0 is *null*.
#
# The difficulty is at the end. German says the ones before the tens, *ein-und-zwanzig*; English and digits after
# them. In 92 of 100 numbers something has to change places, before or after *tausend*.
#
# Two LSTM translators learned it, letter by letter, in the same 1,500 steps. One has the summary vector alone; the
# other may also look *back* at every letter while it writes. Both were tested on numbers never trained on.
# **Predict:** how does the share of exact *English* answers change with the length of the German word?

# %% id="summary-vector" tags=["nbval-check-output"]
runs = {name: recordings.read(f"transformer_translation_{kind}") for name, kind in
        (("LSTM", "LSTM"), ("LSTM + attention", "attention"), ("Transformer", "transformer"))}
studies.by_length({"one vector": runs["LSTM"], "looks back": runs["LSTM + attention"]}, to="English")

# %% id="summary-claims" tags=["nbval-check-output"]
one, back = (runs[name].arrays["by_letters"] for name in ("LSTM", "LSTM + attention"))  # columns: English, digits
course.claim("one vector, into English: words of up to 20 letters", one[0, 0], at_least=0.5)
course.claim("one vector, into English: words of more than 40 letters, at best", one[3:, 0].max(), at_most=0.15)
course.claim("looks back, into English: any length, at worst", back[:, 0].min(), at_least=0.9)
course.claim("one vector, into digits: any length, at worst", one[:, 1].min(), at_least=0.6)
course.claim("floor: word by word, right where nothing crosses", runs["LSTM"].arrays["floor"], at_most=0.1)

# %% [markdown] id="summary-told" tags=["core"]
# One vector does for six in ten of the short words and for next to none of the long ones. Looking back, nearly
# everything is right, at every length.
#
# Is the vector too narrow for long numbers? Asked for *digits*, the same network, with the same vector, gets most
# numbers right, even the longest words (the claim says how many at worst). So the number did get through. What fails is
# to *write* sixty letters of English from memory, without a look at the text (after these 1,500 steps; section 11 shows
# it still learning). How a network looks back is what this lesson is about.

# %% [markdown] id="look" tags=["core"]
# ## 2 · One word looks around
#
# *Attention (Aufmerksamkeit)* keeps one vector for every word and lets each word look at all of them. Three words,
# **big dog barks**, and we are at *barks*. It wants to know who barks, so it asks for a *thing*. Every word brings two
# vectors along:
# - a *key (Schlüssel)* $k$: what can be found here,
# - a *value (Wert)* $v$: what is handed over.
#
# And the word that asks has a *query (Anfrage)* $q$. Three steps:
#
# $$s_i = q \cdot k_i, \qquad w_i = \frac{e^{s_i}}{\sum_j e^{s_j}}, \qquad \text{output} = \sum_i w_i\, v_i$$
#
# The dot product says how well a key fits. Softmax turns the *scores* $s$ into weights that sum to 1. The output is a
# mean of the values with these weights. Unlike a Python dictionary it never takes one entry alone: it takes a bit of
# all.
#
# **In numbers.** Let the first number of a vector say "how much of a thing", the second "how much of a quality". The
# query is $(2, 0)$, the keys are big $(0, 1.5)$, dog $(1, 0.5)$ and barks $(-1, -0.5)$, the values 10, 20 and 30.
#
# **Predict**, with pencil: the three scores, which weight is the largest, and roughly the output. You need
# $e^2 \approx 7.39$ and $e^{-2} \approx 0.14$.

# %% id="by-hand" tags=["nbval-check-output"]
q = np.array([2.0, 0.0])
keys = np.array([[0.0, 1.5], [1.0, 0.5], [-1.0, -0.5]])
values = np.array([10.0, 20.0, 30.0])

scores = keys @ q
weights = np.exp(scores) / np.exp(scores).sum()
print("scores ", scores)
print("weights", weights.round(3))
course.claim("output", weights @ values, equals=18.99, within=0.005)

# %% [markdown] id="drag" tags=["core"]
# Now drag. (1) Turn the query until *big* gets the largest weight. (2) Make the query twice as long. What happens to
# the weights? (3) For which query are all three weights equal?

# %% id="three-words" tags=["nbval-check-output"]
figures.three_words()

# %% [markdown] id="drag-told" tags=["core"]
# (1) Point it up, towards "quality". (2) A longer query pulls all scores apart (2 becomes 4, −2 becomes −4), and the
# largest weight grows: the direction says *what* to look for, the length says *how strictly*. (3) The query $(0, 0)$
# asks for nothing, all scores are 0, and the output is the plain mean, 20.
#
# Nothing here knows the order of the words: shuffle keys and values together and the output stays the same. Keep that
# in mind until section 6.

# %% [markdown] id="look-up-task" tags=["core"]
# ### Exercise 1 · Look up
# `q` is one query (d,), `keys` a table (n, d) and `values` a table (n, m). Return the output, m numbers.

# %% id="look-up" tags=["exercise"]
def look_up(q, keys, values):
    """The mean of the values, weighted by softmax of the scores."""
    ### BEGIN SOLUTION
    scores = keys @ q
    weights = np.exp(scores - scores.max())
    weights = weights / weights.sum()
    return weights @ values
    ### END SOLUTION


# %% id="check-look-up"
course.check("transformer.look_up", look_up)

# %% [markdown] id="all-at-once" tags=["core"]
# ## 3 · All words at once
#
# Every word asks. Put the queries into the rows of $Q$, the keys into $K$, the values into $V$. One product gives all
# scores, one row per query and one column per key:
#
# $$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{QK^\top}{\sqrt{d_k}}\right) V$$
#
# The softmax runs along each *row*: each query shares out a weight of 1. $d_k$ is the width of a key; why we divide by
# its root is the next section. This is *scaled dot-product attention*, in code with the same names:

# %% id="sdpa" tags=["from_scratch", "core"]
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(k.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e9)  # exp(-1e9) is 0
    weights = softmax(scores)
    return weights @ v, weights


# %% [markdown] id="sdpa-told" tags=["core"]
# (`np.swapaxes` transposes the last two axes, so that the same line works for many sentences and heads at once. The
# mask comes in section 5.)
#
# In *self-attention (Selbstaufmerksamkeit)* queries, keys and values are made from the same words, by three matrices
# that are learned. **Predict:** with three words, which shape do the weights have, and what do the rows sum to?

# %% id="self-attention"
rng = np.random.default_rng(3)
words = rng.normal(size=(3, 4))  # three words, four numbers each
w_q, w_k, w_v = rng.normal(size=(3, 4, 2)) * 0.6
output, weights = scaled_dot_product_attention(words @ w_q, words @ w_k, words @ w_v)
print("weights, a row for each word that asks\n", weights.round(2))
print("shapes: weights", weights.shape, "output", output.shape)
course.claim("largest gap of a row's sum to 1", np.abs(weights.sum(axis=1) - 1).max(), at_most=1e-12)

# %% [markdown] id="attention-task" tags=["core"]
# ### Exercise 2 · Attention
# `q` (queries, d_k), `k` (keys, d_k), `v` (keys, d_v). Return the output (queries, d_v). Write the softmax yourself or
# use `softmax`, which runs along the last axis.

# %% id="attention" tags=["exercise"]
def attention(q, k, v):
    """softmax(q kᵀ / √d_k) v, one row per query."""
    ### BEGIN SOLUTION
    scores = q @ k.T / np.sqrt(k.shape[-1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) @ v
    ### END SOLUTION


# %% id="check-attention"
course.check("transformer.attention", attention)

# %% [markdown] id="root" tags=["core"]
# ## 4 · Why the root of $d_k$
#
# Take queries and keys whose numbers are independent, with mean 0 and spread 1. A score is a sum of $d$ products, each
# with mean 0 and variance 1. Variances add, so the score has variance $d$ and spread $\sqrt d$. For $d = 64$ the spread
# is 8, so scores of 8 and −8 are ordinary; under a softmax one weight is then nearly 1, the others nearly 0. Where
# softmax is so sure, its slope is nearly 0: that query learns next to nothing, while another, with two keys close
# together, gets a push many times too large.
#
# To measure how *sure* weights are, we take their *entropy (Entropie)* in bits, $H = -\sum_i w_i \log_2 w_i$: 0 if one
# key takes all, $\log_2 n$ if all $n$ are alike; with 16 keys that is 4.
#
# **Predict:** the entropy for width 64, without the root and with it. And if somebody divides by $d$ instead?

# %% id="root-figure" tags=["nbval-check-output"]
figures.root_of_d()

# %% id="root-claims" tags=["nbval-check-output"]
sure = {}
for d in (1, 16, 64, 256):
    raw = figures.random_scores(d)
    sure[d] = [figures.entropy(softmax(raw / by)).mean() for by in (1, np.sqrt(d), d)]
    print(f"d {d:3}: spread {raw.std():5.2f}   entropy: as they are {sure[d][0]:.2f}, "
          f"over √d {sure[d][1]:.2f}, over d {sure[d][2]:.2f} bits")
course.claim("spread of the scores over √d, d = 256", raw.std() / 16, equals=1, within=0.03)
course.claim("entropy at d = 64 as they are", sure[64][0], at_most=0.8)
course.claim("entropy at d = 64 over √d", sure[64][1], at_least=3.2, at_most=3.6)
course.claim("entropy at d = 64 over d", sure[64][2], at_least=3.95)
stuck = [np.mean(softmax(figures.random_scores(64) / by).max(axis=1) > 0.99) for by in (1, 8)]
course.claim("queries with one weight above 0.99, d = 64, as they are", stuck[0], at_least=0.2)
course.claim("the same over √d", stuck[1], at_most=0.01)

# %% [markdown] id="root-told" tags=["core"]
# With the root the entropy hardly depends on the width. Without it, wide vectors look at one key alone, chosen by
# chance before anything is learned. Divided by $d$, every key gets the same and the query does not matter.
#
# The argument holds for the *start* of a training, when weights are random. A trained network may well make scores
# large on purpose, where it is sure.

# %% [markdown] id="entropy-task" tags=["core"]
# ### Exercise 3 · How sure?
# `weights` has one row per query; some weights are exactly 0. Return the entropy of each row in bits.

# %% id="entropy" tags=["exercise"]
def entropy(weights):
    """The entropy of each row, in bits."""
    ### BEGIN SOLUTION
    logs = np.log2(np.where(weights > 0, weights, 1))
    return -np.sum(weights * logs, axis=-1)
    ### END SOLUTION


# %% id="check-entropy"
course.check("transformer.entropy", entropy)

# %% [markdown] id="mask" tags=["core"]
# ## 5 · The mask: who may look where
#
# Two reasons to forbid a look:
# - Sentences in a batch have different lengths. Short ones are filled up with a *padding* sign, at which nobody should
#   look.
# - A network that writes must not look at words it has not written yet. This is the *causal* mask: position $t$ sees
#   positions up to $t$, itself included.
#
# A mask holds True where a look is allowed. Where it is False, the *score* is set to −10⁹ before the softmax, whose
# power of $e$ is 0. **Predict:** what is wrong with setting the *weight* to 0 after the softmax?

# %% id="causal" tags=["from_scratch", "core"]
def causal_mask(length):
    return np.tril(np.ones((length, length), dtype=bool))


# %% id="causal-shown" tags=["nbval-check-output"]
print(causal_mask(4).astype(int))
some = rng.normal(size=(4, 4))
before, after = softmax(np.where(causal_mask(4), some, -1e9)), softmax(some) * causal_mask(4)
print("sums of the rows: masked before", before.sum(axis=1).round(2), "  after", after.sum(axis=1).round(2))
course.claim("smallest sum of a row, masked after the softmax", after.sum(axis=1).min(), at_most=0.9)

# %% [markdown] id="mask-try" tags=["core"]
# Masked after the softmax, the rows no longer sum to 1: the keys that are shut out have taken their share before.
#
# Choose a mask, then click single cells to shut or open them. **Try** to shut a whole row.

# %% id="masks" tags=["nbval-check-output"]
figures.masks()

# %% [markdown] id="mask-empty" tags=["core"]
# A row without a single open cell makes no sense: a mean of nothing. With −10⁹ everywhere, softmax would share out
# equal weights, over exactly the keys you forbade, and nobody would notice. The course's version of our function
# refuses:

# %% id="mask-refused" tags=["nbval-check-output"]
q, k, v = np.ones((2, 3)), np.ones((4, 3)), np.ones((4, 5))
for mask in (np.ones((4, 2), bool), np.array([[True] * 4, [False] * 4]), np.ones((2, 4))):
    try:
        library.scaled_dot_product_attention(q, k, v, mask)
    except (ValueError, TypeError) as error:
        print(f"{type(error).__name__}: {error}")

# %% [markdown] id="mask-task" tags=["core"]
# ### Exercise 4 · Mask the scores
# `scores` and `mask` have one row per query, one column per key; True may attend. Return the weights.

# %% id="masked-weights" tags=["exercise"]
def masked_weights(scores, mask):
    """Softmax of each row over the open keys; the others get weight 0."""
    ### BEGIN SOLUTION
    scores = np.where(mask, scores, -1e9)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% id="check-masked-weights"
course.check("transformer.masked_weights", masked_weights)

# %% [markdown] id="places" tags=["core"]
# ## 6 · Positions
#
# "Dog bites man" and "man bites dog" hold the same words. **Predict:** does self-attention tell them apart, as it is?

# %% id="no-order"
vectors = {word: rng.normal(size=4) for word in ("dog", "bites", "man")}


def output_of_bites(sentence, places=0.0):
    x = np.array([vectors[word] for word in sentence.split()]) + places
    return scaled_dot_product_attention(x @ w_q, x @ w_k, x @ w_v)[0][1]


gap = np.abs(output_of_bites("dog bites man") - output_of_bites("man bites dog")).max()
course.claim("difference of the output at “bites”", gap, equals=0, within=1e-12)

# %% [markdown] id="places-formula" tags=["core"]
# It does not. So the place is *added* to the vector of the word, before anything else: the *positional encoding*. The
# paper takes waves. In row $p$ (the position, from 0) the columns take turns, a sine and a cosine of the same angle:
#
# $$P_{p,\,2i} = \sin\frac{p}{10000^{2i/d}}, \qquad P_{p,\,2i+1} = \cos\frac{p}{10000^{2i/d}}$$
#
# **In numbers**, for $d = 4$ and $p = 3$: the angles are $3$ and $3 / 10000^{1/2} = 0.03$, so the row is $(\sin 3,
# \cos 3, \sin 0.03, \cos 0.03) = (0.141, -0.990, 0.030, 1.000)$.

# %% id="positional" tags=["from_scratch", "core"]
def positional_encoding(length, width):
    positions = np.arange(length)[:, None]
    rates = 10000.0 ** (-np.arange(0, width, 2) / width)
    encoding = np.zeros((length, width))
    encoding[:, 0::2] = np.sin(positions * rates)
    encoding[:, 1::2] = np.cos(positions * rates[: width // 2])
    return encoding


# %% id="with-order" tags=["nbval-check-output"]
print(positional_encoding(4, 4)[3].round(3))
places = positional_encoding(3, 4)
gap = np.abs(output_of_bites("dog bites man", places) - output_of_bites("man bites dog", places)).max()
course.claim("difference at “bites”, with positions", gap, at_least=0.1)

# %% [markdown] id="places-look" tags=["core"]
# Why waves, and not simply the numbers 0, 1, 2, …? Those would grow without limit. Waves stay between −1 and 1, and
# the first columns tick fast, the last ones slowly, as the hands of a clock. **Predict:** to which rows is row 20 most
# alike, measured by the dot product?

# %% id="positions" tags=["nbval-check-output"]
figures.positions()

# %% [markdown] id="places-told" tags=["core"]
# To its neighbors. So a head can look for what is *near*. Better still: going $n$ places on turns each pair (sine,
# cosine) by the same angle wherever it starts. A fixed matrix does that, so a head can learn "three places back".
# (Width 4 is too little: far places look alike again.)

# %% id="shift"
rows = positional_encoding(50, 8)
course.claim("rows 1 to 49, turned back by a fixed matrix, against rows 0 to 48",
             np.abs(rows[1:] @ heads.one_back() - rows[:-1]).max(), at_most=1e-12)

# %% [markdown] id="position-task" tags=["core"]
# ### Exercise 5 · One row of the table
# Return the row of `position`; `width` is even.

# %% id="position-row" tags=["exercise"]
def position_row(position, width):
    """The positional encoding of one position, `width` numbers."""
    ### BEGIN SOLUTION
    angles = position / 10000.0 ** (2 * np.arange(width // 2) / width)
    row = np.zeros(width)
    row[0::2] = np.sin(angles)
    row[1::2] = np.cos(angles)
    return row
    ### END SOLUTION


# %% id="check-position-row"
course.check("transformer.position_row", position_row)

# %% [markdown] id="embed-task" tags=["core"]
# ### Exercise 6 · What goes in
# `tokens` holds the numbers of the words of a sentence, `table` one row of numbers per word of the vocabulary (the
# *embedding*), `places` one row per position. Return what the first layer gets, one row per word.

# %% id="embed" tags=["exercise"]
def embed(tokens, table, places):
    """Word plus place, an array (words, width)."""
    ### BEGIN SOLUTION
    return table[tokens] + places[: len(tokens)]
    ### END SOLUTION


# %% id="check-embed"
course.check("transformer.embed", embed)

# %% [markdown] id="heads" tags=["core"]
# ## 7 · Several heads
#
# One attention is one mean: a word that wants to know *who* acts and *what comes before it* would get a mixture of
# both. So several attentions run side by side, the *heads (Köpfe)*, each with its own small matrices for $q$, $k$ and
# $v$. What they find is put side by side and mixed by one more matrix. With a width of 512 and 8 heads, each works with
# 64 numbers, so eight heads cost no more than one wide one.

# %% id="split-heads" tags=["from_scratch", "core"]
def split_heads(x, kernel, bias):
    return np.einsum("...tw,whd->...htd", x, kernel, optimize=True) + bias[:, None, :]


# %% id="multi-head" tags=["from_scratch", "core"]
def multi_head_attention(x, memory, parameters, mask=None):
    w_q, b_q, w_k, b_k, w_v, b_v, w_o, b_o = parameters
    q = split_heads(x, w_q, b_q)
    k = split_heads(memory, w_k, b_k)
    v = split_heads(memory, w_v, b_v)
    if mask is not None:
        mask = np.broadcast_to(np.expand_dims(mask, -3), (*q.shape[:-1], k.shape[-2]))
    heads, weights = scaled_dot_product_attention(q, k, v, mask)
    output = np.einsum("...htd,hdw->...tw", heads, w_o, optimize=True) + b_o
    return output, weights


# %% [markdown] id="heads-told" tags=["core"]
# `einsum` names the axes: t position, w width, h head, d width of a head. `x` asks and `memory` answers: the same text
# twice in self-attention, two texts in a translation.
#
# Here are three heads whose weights were **set by hand**. A word is four numbers for its kind (article, adjective,
# noun, verb) and eight for its place.
# - Head 1 asks with its own place, turned one back.
# - Head 2: a noun asks for an adjective, nearby before it.
# - Head 3: a verb asks for a noun, nearby before it.
#
# **Predict:** what becomes of each head if you take the positions away? Try it, and your own sentences.

# %% id="three-heads" tags=["nbval-check-output"]
heads.heads()

# %% id="three-heads-claims" tags=["nbval-check-output"]
sentence = ["the", "small", "dog", "chases", "a", "red", "bird"]
with_places, without = (
    multi_head_attention(x := heads.word_vectors(sentence, on), x, heads.hand_made_heads())[1] for on in (True, False))
course.claim("head 1, least weight on the word before", np.diag(with_places[0], -1).min(), at_least=0.9)
course.claim("head 1 without positions, largest weight", without[0].max(), at_most=0.15)
course.claim("head 2, “dog” on “small”", with_places[1, 2, 1], at_least=0.95)
course.claim("head 2 without positions, “dog” on “small”", without[1, 2, 1], equals=0.5, within=0.01)

# %% [markdown] id="three-heads-told" tags=["core"]
# Without positions head 1 has nothing to go by: all words get the same. Heads 2 and 3 still find the right *kind* of
# word, but not the near one: *dog* looks at *small* and *red* alike.
#
# What does *the* look at in head 1, or *small* in head 2? Something, for the weights of each row must sum to 1, but
# nobody set it and nobody wants it. A head that finds nothing still looks *somewhere*. Mind that when somebody reads
# meaning into a map of attention.

# %% [markdown] id="split-task" tags=["core"]
# ### Exercise 7 · Split the width
# The usual program makes one wide product first and then cuts it into heads. `x` is (positions, width). Return (heads,
# positions, width / heads): head 0 has the first columns, head 1 the next ones.

# %% id="split" tags=["exercise"]
def split(x, heads):
    """The columns of x, dealt out to the heads: (heads, positions, width of a head)."""
    ### BEGIN SOLUTION
    return x.reshape(len(x), heads, -1).transpose(1, 0, 2)
    ### END SOLUTION


# %% id="check-split"
course.check("transformer.split", split)

# %% [markdown] id="cross" tags=["core"]
# ## 8 · Attention at work, and a proof
#
# So far all weights were set by hand. Now a trained network: a small *Transformer*, the network of the second sitting,
# that translates our numbers. While it writes each English letter, its heads look back at the German ones. **Predict:**
# where will they look while it writes *four* of *seven hundred fifty-four*?
#
# Type a number or a German word of your own, and look at several heads. (It also tells you what it cannot read. Try 0,
# too, and *hunderteins*, which many people say and our spelling does not know.)

# %% id="cross-map" tags=["nbval-check-output"]
translator = translation_studies.recorded()
studies.cross_map(translator)

# %% id="cross-weights"
proof = translation.crossing(translator, translation.test_numbers(300, seed=1))  # covers letters: see below
on_ones, even = [], []
for number in proof["numbers"][:40]:
    looked, ones = translator.look(german(number)), translation.ones_letters(number)
    row = looked["answer"].rindex("-") + 1  # the first letter of the last English word
    on_ones.append(looked["weights"]["decoder/1/cross"][:, row, ones].sum(axis=1))  # one number per head
    even.append(ones.mean())
print("block 2, weight on the German ones while the English ones are begun, per head:", np.mean(on_ones, axis=0).round(2))
course.claim("head 4 of block 2", np.mean(on_ones, axis=0)[3], at_least=0.85)
course.claim("if it looked at all letters alike", np.mean(even), at_most=0.12)
course.claim("0 becomes “zero”", translator.translate(["null"])[0] == "zero", equals=False)
course.claim("“hunderteins” becomes 101", translator.translate(["hunderteins"], "digits")[0] == "101", equals=False)

# %% [markdown] id="cross-told" tags=["core"]
# Head 4 of block 2 jumps: *fifty* from the end of the German word, then back to *vier*.
#
# (Into English 0 goes wrong: *null* occurs in no other number, so the network hardly ever met it. And *hunderteins* it
# takes for another number. A network gives an answer to every word it can read, and does not say that nobody taught it
# this one.)
#
# But a map is only a hint. The vector of a letter holds what the encoder brought there from its neighbors, so "looks at
# *v*" need not mean "uses *v*". A proof is an *experiment*: cover the letters of the ones, so that no head may look at
# them, and count. **Predict:** how many of the ones digits become wrong? How many of the others? (Tick "cover" in the
# figure for single cases.)

# %% id="cross-proof"
print(f"{len(proof['numbers'])} unseen numbers whose ones are said before the tens, translated into digits")
course.claim("share of ones digits that fail when their letters are covered", proof["ones_fail"], at_least=0.85)
course.claim("share of the other digits that survive", proof["others_survive"], at_least=0.97)
course.claim("covered from the decoder only, share of ones digits that fail", proof["ones_fail_from_decoder"], at_least=0.85)
course.claim("share of the other digits that survive then", proof["others_survive_from_decoder"], at_least=0.97)
off = np.ones(translator.shape())
off[1, 3] = 0  # head 4 of block 2
answers = translator.translate([german(number) for number in proof["numbers"]], "digits", gates={"cross": off})
course.claim("ones digits right with head 4 of block 2 switched off",
             translation.digits_right(answers, proof["numbers"])[:, 0].mean(), at_least=0.95)
studies.crossing_bars(proof["before"], proof["after"])

# %% [markdown] id="cross-proved" tags=["core"]
# Covered everywhere, the ones digit *must* fall to guessing: nobody can know it. The finding is that hardly any other
# digit suffers. Covered only from the decoder, while the encoder still reads them, the ones fail just as much: so the
# decoder does look back *there*. But switch off head 4 of block 2, whose map was so clear, and the ones stay right:
# other heads look there as well. The map showed a way, not the only one.

# %% [markdown] id="block" tags=["deeper"]
# ## 9 · The Transformer block
#
# *Here the second sitting begins.*
#
# Attention only takes means of values. To compute something *new* at each position a small network follows: two dense
# layers with a ReLU, the same for all positions (*feed-forward*). Around both parts are two helpers:
# - the *residual (Residualverbindung)*: the input of a part is added to what it gives, $x + f(x)$. So a part only has
#   to say what to *change*.
# - *layer normalization (Schichtnormierung)*: each position's vector gets mean 0 and variance 1, then is stretched by
#   $\gamma$ and shifted by $\beta$, which are learned:
#
# $$\mathrm{LN}(x) = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta, \qquad \mu, \sigma^2 \text{ over the
# numbers of one position, divided by } n$$
#
# **In numbers:** $x = (1, 3)$ has $\mu = 2$ and $\sigma^2 = 1$, so with $\gamma = 1$, $\beta = 0$ and tiny
# $\varepsilon$ it becomes $(-1, 1)$.

# %% id="layer-norm" tags=["from_scratch", "deeper"]
def layer_normalization(x, gamma, beta, epsilon=1e-3):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def feed_forward(x, w_1, b_1, w_2, b_2):
    return relu(x @ w_1 + b_1) @ w_2 + b_2


# %% id="block-code" tags=["from_scratch", "deeper"]
def transformer_block(x, parameters, mask=None):
    attended, weights = multi_head_attention(x, x, parameters["attention"], mask)
    x = layer_normalization(x + attended, *parameters["norm_1"])
    return layer_normalization(x + feed_forward(x, *parameters["feed_forward"]), *parameters["norm_2"])


# %% [markdown] id="block-teacher" tags=["teacher"]
# Timing of the second sitting: sections 9 and 10 take 40 minutes, 11 takes 10, 12 takes 25, 13 and 14 take 15. Let the
# room say what each head of section 12 does *before* anybody switches it off, and write it down.

# %% [markdown] id="block-told" tags=["deeper"]
# That is the whole encoder block of the paper, in three lines. (Newer models normalize *before* each part, which trains
# more easily when there are many blocks.)
#
# What are residual and normalization good for? Stack up to 24 blocks with random weights. **Predict** for each of the
# two, when it is missing: do the numbers explode, vanish, or become alike at all positions?

# %% id="tower" tags=["nbval-check-output"]
heads.tower_of_blocks()

# %% id="tower-claims"
def five_towers(residual, normed):
    return np.mean([heads.tower(residual, normed, seed) for seed in range(5)], axis=0)  # (size and likeness, blocks)


course.claim("likeness after 3 blocks, without residual", five_towers(False, True)[1, 3], at_least=0.99)
course.claim("likeness after 3 blocks, with residual", five_towers(True, True)[1, 3], at_most=0.7)
course.claim("likeness after 12 blocks, with residual", five_towers(True, True)[1, 12], at_least=0.95)
course.claim("size after 24 blocks, residual without normalization", five_towers(True, False)[0, 24], at_least=1000)
course.claim("size after 24 blocks, with both", five_towers(True, True)[0, 24], equals=1, within=1e-3)

# %% [markdown] id="tower-told" tags=["deeper"]
# Attention takes means, and means of means become alike. Without the residual all positions are the same after three
# blocks, and no training could tell them apart any more. The residual delays that (in these untrained towers to a dozen
# blocks; training can do better). But sums grow, and the normalization holds them at size 1.

# %% [markdown] id="normalize-task" tags=["deeper"]
# ### Exercise 8 · Layer normalization
# `x` is (positions, width); `gamma` and `beta` have one number per column. Return an array like `x`.

# %% id="normalize" tags=["exercise"]
def normalize(x, gamma, beta, epsilon):
    """Every position with mean 0 and variance 1, then stretched by gamma and shifted by beta."""
    ### BEGIN SOLUTION
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    ### END SOLUTION


# %% id="check-normalize"
course.check("transformer.normalize", normalize)

# %% [markdown] id="block-task" tags=["deeper"]
# ### Exercise 9 · Put the block together
# `attend`, `feed` and `norm` are functions of a table. Return what the paper's block makes of `x`.

# %% id="block-exercise" tags=["exercise"]
def block(x, attend, feed, norm):
    """Attention and feed-forward, each added to its input and then normalized."""
    ### BEGIN SOLUTION
    x = norm(x + attend(x))
    return norm(x + feed(x))
    ### END SOLUTION


# %% id="check-block"
course.check("transformer.block", block)

# %% [markdown] id="keras" tags=["deeper"]
# ### The same in Keras
# Keras brings attention and normalization as layers. We take its random weights, run our own code on them, and compare.

# %% id="keras-start"
course.start(keras=True)

import keras
from keras import layers, ops

# %% id="keras-equal"
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 5, 16)).astype("float32")  # two sentences, five positions, width 16
mask = causal_mask(5)

attend, norm_1, norm_2 = layers.MultiHeadAttention(4, 8), layers.LayerNormalization(), layers.LayerNormalization()
dense_1, dense_2 = layers.Dense(32, "relu"), layers.Dense(16)
attended, their_weights = attend(x, x, attention_mask=mask[None], return_attention_scores=True)
inside = norm_1(ops.add(x, attended))
theirs = ops.convert_to_numpy(norm_2(inside + dense_2(dense_1(inside))))

ours, our_weights = multi_head_attention(x, x, attend.get_weights(), mask)
course.claim("attention, largest difference", np.abs(ours - ops.convert_to_numpy(attended)).max(), at_most=1e-5)
course.claim("its weights", np.abs(our_weights - ops.convert_to_numpy(their_weights)).max(), at_most=1e-5)
course.claim("layer normalization", np.abs(layer_normalization(x + ours, *norm_1.get_weights())
                                           - ops.convert_to_numpy(inside)).max(), at_most=1e-5)
parameters = {"attention": attend.get_weights(), "norm_1": norm_1.get_weights(), "norm_2": norm_2.get_weights(),
              "feed_forward": dense_1.get_weights() + dense_2.get_weights()}
course.claim("the whole block", np.abs(transformer_block(x, parameters, mask) - theirs).max(), at_most=1e-5)

# %% [markdown] id="keras-told" tags=["deeper"]
# Two things differ from library to library: $\varepsilon$ is 0.001 in Keras and 0.00001 in PyTorch, and a mask may mean
# "may look" (Keras, and we) or "must not look" (some PyTorch layers). Both have cost people days.

# %% [markdown] id="paper" tags=["deeper"]
# ## 10 · Encoder, decoder, and the paper's numbers
#
# The paper's model translates (from English; ours from German). The *encoder* is a stack of blocks that reads the text.
# The *decoder* writes the translation, piece of a word by piece of a word (ours letter by letter). Its blocks have a
# second attention in between, *cross-attention*: the queries come from what has been written, keys and values from the
# encoder. And its self-attention is causal.
#
# In training the whole answer is known, so all places are computed at once: the decoder gets the right answer,
# **shifted** by one, with a start sign in front. At place $t$ it sees the letters before $t$ and must guess letter $t$
# (*teacher forcing*).

# %% [markdown] id="decoder-task" tags=["deeper"]
# ### Exercise 10 · Shift the target
# `target` has one answer per row, as numbers of letters; `start` is the number of the start sign. Return what the
# decoder is shown, an array of the same shape.

# %% id="decoder-input" tags=["exercise"]
def decoder_input(target, start):
    """At each place the letter before it; at the first place the start sign."""
    ### BEGIN SOLUTION
    first = np.full((len(target), 1), start)
    return np.hstack([first, target[:, :-1]])
    ### END SOLUTION


# %% id="check-decoder-input"
course.check("transformer.decoder_input", decoder_input)

# %% [markdown] id="count-task" tags=["deeper"]
# ### Exercise 11 · Count the weights
# The paper's base model: 6 layers on each side, width 512, inner width 2048, about 37,000 pieces of words. Count
# - four matrices width × width for each attention, without biases (one attention in an encoder layer, two in a decoder
#   layer; the number of heads does not matter),
# - two dense layers with biases for each feed-forward part,
# - γ and β for each normalization (two in an encoder layer, three in a decoder layer),
# - the embedding *once*: both languages and the last layer share it.

# %% id="count-weights" tags=["exercise"]
def count_weights(layers, width, inner, vocabulary):
    """The number of weights of the paper's encoder-decoder."""
    ### BEGIN SOLUTION
    attention = 4 * width * width
    dense = 2 * width * inner + inner + width
    encoder = attention + dense + 2 * 2 * width
    decoder = 2 * attention + dense + 3 * 2 * width
    return layers * (encoder + decoder) + vocabulary * width
    ### END SOLUTION


# %% id="check-count-weights"
course.check("transformer.count_weights", count_weights)

# %% id="counter" tags=["nbval-check-output"]
heads.parameter_counter()

# %% id="paper-numbers" tags=["nbval-check-output"]
printed = {"base": 65, "big": 213}  # millions, as in the paper's table 3
BLEU = {"base": (27.3, 38.1), "big": (28.4, 41.8)}  # English-German, English-French, its table 2
for name, (depth, width, inner, count) in heads.MODELS.items():
    total = sum(heads.parameter_parts(depth, width, inner, heads.VOCABULARY).values()) / 1e6
    print(f"{name}: {depth} layers, {count} heads, d = {width}: {total:.1f} million (printed {printed[name]}); "
          f"BLEU {BLEU[name][0]} German, {BLEU[name][1]} French")
    course.claim(f"{name}: counted over printed", total / printed[name], at_least=0.96, at_most=1.04)
course.claim("days for 300,000 steps of 1.0 s (big)", 300_000 * 1.0 / 86_400, equals=3.5, within=0.05)
course.claim("hours for 100,000 steps of 0.4 s (base)", 100_000 * 0.4 / 3600, equals=12, within=1)

# %% [markdown] id="paper-told" tags=["deeper"]
# We count 63.0 and 214.2 million; the paper prints 65 and 213. The vocabulary is only given as "about 37,000", and what
# else was counted it does not say.
#
# *BLEU* compares a translation with one made by people, by shared runs of one to four words, from 0 to 100. Mind which
# number belongs to which model. The lecture's page shows the abstract: its 28.4 and 41.8, and "3.5 days on eight GPUs",
# belong to the **big** model (16 heads, d = 1024). The model that everybody draws, with 6 layers, 8 heads and d = 512,
# is **base**: 27.3 and 38.1, after 12 hours.

# %% [markdown] id="compare" tags=["deeper"]
# ## 11 · Three translators
#
# Back to the numbers of section 1, with a third network: a Transformer of two and two blocks, width 64, four heads. (It
# normalizes before each part.) All three have about as many weights and learned 1,500 steps from the same batches in the
# same order. **Predict:** which one learns fastest, per training step?

# %% id="comparison" tags=["nbval-check-output"]
studies.comparison(runs)

# %% id="comparison-claims" tags=["nbval-check-output"]
for name, run in runs.items():
    for when, shares in (("after 300 steps", run.at(300)["exact"]), ("after 600", run.at(600)["exact"]),
                         (f"at the end, {run.steps[-1]}", run.arrays["test_exact"])):
        print(f"{name:17} {int(run.arrays['parameters']):7,} weights, {when:17}: English {shares[0]:.3f}, digits {shares[1]:.3f}")
course.claim("largest minus smallest number of steps", np.ptp([run.steps[-1] for run in runs.values()]), equals=0)
early = {name: run.at(300)["exact"] for name, run in runs.items()}
course.claim("after 300 steps, into digits: Transformer minus LSTM with attention",
             early["Transformer"][1] - early["LSTM + attention"][1], at_least=0.3)
end = {name: run.arrays["test_exact"] for name, run in runs.items()}
course.claim("at the end, worse of both: LSTM with attention", end["LSTM + attention"].min(), at_least=0.97)
course.claim("into English: LSTM with attention minus LSTM", end["LSTM + attention"][0] - end["LSTM"][0], at_least=0.7)
into_english, into_digits = runs["Transformer"].arrays["test_exact"]
course.claim("the Transformer at the end, into English", into_english, at_least=0.99)
course.claim("the same network, into digits", into_digits, at_least=0.99)
course.claim("LSTM, into digits: gained from step 900 to the end",
             runs["LSTM"].at(1500)["exact"][1] - runs["LSTM"].at(900)["exact"][1], at_least=0.05)
course.claim("floor: word by word, into English", runs["Transformer"].arrays["floor"], at_most=0.1)

# %% [markdown] id="compare-told" tags=["deeper"]
# The large step is from one vector to *looking back*, not from LSTM to Transformer: with attention the LSTM ends where the
# Transformer ends. The Transformer is there sooner, counted in steps; each of its steps does more work, but does it
# for all letters at once, which pays on machines with many cores. And the LSTM with one vector has not failed for good:
# its curve was still rising when we stopped.

# %% [markdown] id="induction" tags=["deeper"]
# ## 12 · A Transformer small enough to understand
#
# Now a network of which we can say what *every* part does. Its texts repeat a block of random letters, such as
# *cabfde cabfde c…* From the second time on the next letter can be known: find where this letter stood before, and say
# what came after it. That is called *induction*. The network has two layers with two heads each, attention only, and
# sees only what came before.
#
# **Predict:** one layer cannot do it. Why not? What must the first layer hand over to the second? Train it and see:

# %% id="copier-train"
live = LivePlot("learning to copy")
copier, history = induction.train(200, callbacks=[live.callback()])
copier = induction.Copier.of(copier)
course.claim("accuracy where the next letter can be known", copier.accuracy(), at_least=0.95)
course.claim("floor: guessing one of 20 letters", 1 / len(induction.LETTERS), equals=0.05)

# %% id="copier-course" tags=["nbval-check-output"]
run = recordings.read("transformer_induction")
studies.induction_course(run)

# %% [markdown] id="copier-told" tags=["deeper"]
# (The recorded training of the same network.) For 75 steps hardly anything happens, then within 50 nearly everything:
# neither layer is of use before the other works.
#
# Now switch heads off, one after the other, and watch the accuracy. **Predict** from the maps what each head does, then
# test it. Type a text of your own (letters a to t).

# %% id="copier-heads" tags=["nbval-check-output"]
studies.induction_heads(induction.recorded())

# %% id="copier-combinations" tags=["nbval-check-output"]
studies.combinations(run)

# %% id="copier-claims" tags=["nbval-check-output"]
score = {tuple(on.ravel().tolist()): share for on, share in
         zip(run.arrays["combinations"], run.arrays["combination_accuracy"], strict=True)}  # (1.1, 1.2, 2.1, 2.2)
course.claim("after 75 steps", run.at(75)["accuracy"], at_most=0.25)
course.claim("after 125 steps", run.at(125)["accuracy"], at_least=0.95)
course.claim("all four on", score[1, 1, 1, 1], at_least=0.99)
course.claim("layer 1 off", score[0, 0, 1, 1], at_most=0.2)
course.claim("layer 2 off", score[1, 1, 0, 0], at_most=0.15)
course.claim("only head 1.1 off", score[0, 1, 1, 1], at_least=0.3, at_most=0.5)
course.claim("only head 1.2 off", score[1, 0, 1, 1], at_least=0.95)
course.claim("only head 2.1 off", score[1, 1, 0, 1], at_least=0.95)
course.claim("only head 2.2 off", score[1, 1, 1, 0], at_least=0.95)
before, after = run.arrays["previous"][-1], run.arrays["induction"][-1]
course.claim("weight of head 1.1 on the letter before", before[0, 0], at_least=0.8)
course.claim("weight of head 1.2 on the letter before", before[0, 1], at_least=0.3, at_most=0.5)
course.claim("weight of heads 2.1 and 2.2 on what came after", after[1].min(), at_least=0.9)

# %% [markdown] id="copier-found" tags=["deeper"]
# Head 1.1 looks one letter back, so every letter knows what stood before it. With that, a head of layer 2 can ask
# "where does *my* letter stand before another?" and looks at that other one, the answer. One layer alone cannot: a
# letter finds its earlier twin by the twin's own vector, which does not know what came *after* it; and the place after
# it cannot be found, for its vector does not know what stood before. Without layer 1, or without layer 2, hardly
# anything is left. (Head 1.2 does half-heartedly what 1.1 does. Where 1.1 is off, it saves some of the accuracy, but
# less than half.)
#
# And a trap: 2.1 and 2.2 do the *same*. Switch off one, and nothing happens; both, and all is lost. "Nothing happens
# without it" does not prove that a head does nothing. Switch off *combinations*.

# %% [markdown] id="markup" tags=["deeper"]
# ## 13 · A Transformer that writes
#
# Take the decoder alone and let it guess the next letter: that is a language model. Ours learned the markup of lesson
# 05, from the same batches, with the same measure and in as many steps as the LSTM there. **Predict:** which one is
# better after so many steps?

# %% id="two-writers" tags=["nbval-check-output"]
from course_utils.keras_tools import text_models, text_studies

written, lstm = recordings.read("transformer_markup"), recordings.read("rnn_markup")
lstm_share = lstm.arrays["share"][:, lstm.arrays["kinds"].tolist().index("lstm")]
studies.two_writers(written, (lstm.steps, lstm_share))

# %% id="two-writers-claims" tags=["nbval-check-output"]
print(str(written.arrays["samples"][0]).strip())
sizes = int(written.arrays["parameters"]), sum(lstm.arrays[f"lstm/{number}"].size for number in range(5))
print(f"weights: Transformer {sizes[0]:,}, LSTM {sizes[1]:,}")
course.claim("weights, Transformer over LSTM", sizes[0] / sizes[1], at_least=1.1, at_most=1.3)
course.claim("steps of both", written.steps[-1], equals=int(lstm.steps[-1]))
course.claim("good documents, Transformer", written.arrays["share"][-1], at_least=0.7)
course.claim("good documents, LSTM", lstm_share[-1], at_least=0.7)
course.claim("LSTM minus Transformer after 800 steps", lstm.at(800)["share"][2] - written.at(800)["share"], at_least=0.3)
course.claim("LSTM minus Transformer at the end", lstm_share[-1] - written.arrays["share"][-1], at_least=0.0, at_most=0.2)
course.claim("floor: 5-gram", written.arrays["floor"], at_most=0.1)
course.claim("ceiling: real documents", written.arrays["ceiling"], at_least=0.95)

# %% id="two-writers-again"
new = [np.mean([text_models.share_good(model.sample(100, seed=seed)) for seed in (5, 6, 7)])
       for model in (text_studies.recorded("lstm"), markup_transformer.recorded())]  # 300 documents from each
print("good among 300 new documents: LSTM {:.2f}, Transformer {:.2f}".format(*new))
course.claim("LSTM minus Transformer, new documents", new[0] - new[1], at_least=0.0, at_most=0.15)

# %% [markdown] id="two-writers-told" tags=["deeper"]
# Not the story of the textbooks: here the LSTM gets there sooner and ends a little ahead, with fewer weights. (A point of
# the curves is 100 documents of the Transformer, 200 of the LSTM; so we let both write 300 more.) Why, this experiment
# does not say. A guess: tags are closed one by one, in order, which suits a memory that is carried along, and these
# texts are short, few, and read in single letters. The Transformer's time comes with long texts, much data and machines
# that do all places at once. One corpus, one size and one seed each: do not read more into it.

# %% [markdown] id="sampling" tags=["deeper"]
# To write, one *draws* the next letter from its probabilities. Three knobs:
# - *temperature* $T$: divide the logits by $T$ before softmax. Below 1 the likely becomes likelier, above 1 all more
#   alike.
# - *top-k*: only the $k$ likeliest.
# - *top-p*: the fewest of the likeliest whose probabilities reach $p$ together.

# %% [markdown] id="top-p-task" tags=["deeper"]
# ### Exercise 12 · Top-p
# `probabilities` sum to 1. Keep the fewest of the largest whose sum reaches `p`, set the others to 0, and make the rest
# sum to 1 again. Every probability stays at its place.

# %% id="top-p" tags=["exercise"]
def top_p(probabilities, p):
    """The probabilities after top-p, an array of the same length."""
    ### BEGIN SOLUTION
    ranked = np.argsort(-probabilities)
    count = np.sum(np.cumsum(probabilities[ranked]) < p) + 1
    kept = np.zeros(len(probabilities))
    kept[ranked[:count]] = probabilities[ranked[:count]]
    return kept / kept.sum()
    ### END SOLUTION


# %% id="check-top-p"
course.check("transformer.top_p", top_p)

# %% [markdown] id="knobs" tags=["deeper"]
# Turn the knobs. Then look after which beginnings the model is sure, and after which it is not.

# %% id="next-letter" tags=["nbval-check-output"]
studies.next_letter(markup_transformer.recorded())

# %% id="settings" tags=["nbval-check-output"]
print("temperature  top-k  top-p   good  different")
for (temperature, k, p), good, different in zip(*(written.arrays[name] for name in (
        "settings", "share_by_setting", "different")), strict=True):
    print(f"{temperature:11.1f}  {'' if np.isnan(k) else int(k):>5}  {'' if np.isnan(p) else p:>5}   {good:.2f}  {different:.2f}")

# %% id="settings-claims" tags=["nbval-check-output"]
good, different = written.arrays["share_by_setting"], written.arrays["different"]
course.claim("good documents, temperature 0.7 minus 1.4", good[1] - good[2], at_least=0.3)
course.claim("temperature 1.4: gained by top-p = 0.9", good[7] - good[2], at_least=0.2)
course.claim("top-k = 1: share of different texts", different[4], at_most=0.02)

# %% [markdown] id="settings-told" tags=["deeper"]
# A lower temperature makes more documents right, a higher one fewer; top-p wins back a good part of what was lost. With
# top-k = 1 the model always writes the same text, which is right, and of no use to anybody. (Each share is of 100
# documents: two that differ by less than 0.15 may do so by chance, as top-k = 3 and nothing at temperature 1 do.)

# %% [markdown] id="cost" tags=["deeper"]
# ## 14 · What attention costs
#
# For a text of $n$ letters and width $d$ an LSTM layer multiplies about $8 n d^2$ numbers. A self-attention layer needs
# $4 n d^2$ for its four matrices and $2 n^2 d$ for scores and means: with $n$ it grows as the *square*. **Predict:** at
# which $n$ does the square overtake its own matrices? And why may attention still be the faster one?

# %% id="cost-seen" tags=["nbval-check-output"]
spent = recordings.read("transformer_cost")
studies.cost(spent)

# %% id="cost-claims" tags=["nbval-check-output"]
lengths, counted, seconds = (spent.arrays[name] for name in ("lengths", "multiplications", "seconds"))
kinds, n, d = spent.arrays["kinds"].tolist(), lengths[-1], int(spent.arrays["width"])
course.claim("attention, multiplications at the longest", counted[kinds.index("attention"), -1],
             equals=int(4 * n * d**2 + 2 * n**2 * d))
growth = dict(zip(kinds, seconds[:, -1] / seconds[:, 0], strict=True))
print(f"seconds for a text {n // lengths[0]} times as long:", "  ".join(f"{k} × {times:.0f}" for k, times in growth.items()))
course.claim("LSTM", growth["LSTM"], at_most=80)
course.claim("attention", growth["attention"], at_least=400)
ratio = dict(zip(lengths.tolist(), seconds[kinds.index("attention")] / seconds[kinds.index("LSTM")], strict=True))
course.claim("seconds of attention over those of the LSTM, 256 letters", ratio[256], at_most=0.9)
course.claim("the same, 512 letters", ratio[512], at_least=1.2)

# %% [markdown] id="cost-told" tags=["deeper"]
# In multiplications the square overtakes at $n = 2d$. But an LSTM must go letter by letter, $n$ steps one after the
# other; attention does all letters at once in a few large products, which machines are good at. So it wins on short
# texts and loses on long ones; here, on one thread of a processor, the two lines cross between 256 and 512 letters.

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. Attention: scores by dot product, softmax along each row, mean of the values.
#    $\mathrm{softmax}(QK^\top/\sqrt{d_k})V$.
# 2. The root keeps the spread of the scores at 1. Mask the *scores*, before the softmax; True may look.
# 3. Attention does not know the order. The positions are added to the words.
# 4. Heads *can* look for different things, at the price of one. A block is attention and feed-forward, each with
#    residual and normalization.
# 5. A decoder sees the target shifted by one, and never ahead.
# 6. A map of attention is a guess. A head that is switched off is evidence.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. $q = (1, 1)$, keys $(2, 0)$ and $(0, 0)$, values 4 and 8, $d_k = 2$. Compute the scaled scores, the weights and the
#    output ($e^{1.414} \approx 4.11$). *(4 points)*
# 2. Somebody multiplies the weights by the mask after the softmax. Name what is wrong in one sentence, and what a row
#    with weights $(0.5, 0.3, 0.2)$ and mask (1, 1, 0) should become. *(3 points)*
# 3. The paper's abstract (arXiv version) names 28.4 and 41.8 BLEU. Which of its models reached them, with how many
#    heads and which width? Why do more heads not mean more weights? *(3 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. Scores $2/\sqrt 2 = 1.414$ and 0; weights $4.11/5.11 = 0.804$ and $0.196$; output $0.804 \cdot 4 + 0.196
# \cdot 8 = 4.78$. 2. The shut key has taken its share, so the rest sums to 0.8; right is $(0.625, 0.375, 0)$. 3. The
# big one: 16 heads, width 1024. The heads share the width: each gets 1024/16 = 64 numbers.

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *Machine Learning I:* the page shows the abstract beside the drawing of the model. The numbers in the abstract
#   (28.4, 41.8, 3.5 days) belong to the *big* model; the one usually drawn and described (8 heads, d = 512) has 27.3
#   and 38.1.
# - *Machine Learning I:* the text on the page is blurred in places: the models it speaks of are "recurrent *or*
#   convolutional", and the improvement of over 2 BLEU is over all earlier results, "*including* ensembles".
# - *Deep down the rabbit hole:* the picture stops at the summary vector, with the figures of Sutskever and others (4
#   layers of 1000 cells, 2014). In the same year Bahdanau and others let the decoder look back, because translations
#   got worse with length.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - A. Vaswani and others, "Attention is all you need", NeurIPS 2017; numbers of section 10 as in the current version,
#   arXiv:1706.03762, tables 2 and 3 (earlier ones print 41.0 for French).
# - D. Bahdanau, K. Cho, Y. Bengio, "Neural machine translation by jointly learning to align and translate", ICLR 2015.
# - I. Sutskever, O. Vinyals, Q. Le, "Sequence to sequence learning with neural networks", NeurIPS 2014.
# - J. Ba, J. Kiros, G. Hinton, "Layer normalization", 2016. K. He and others, "Deep residual learning", CVPR 2016.
# - Y. Dong, J.-B. Cordonnier, A. Loukas, "Attention is not all you need: pure attention loses rank doubly exponentially
#   with depth", ICML 2021 (the towers of section 9).
# - S. Jain, B. Wallace, "Attention is not explanation", NAACL 2019.
# - C. Olsson and others, "In-context learning and induction heads", Transformer Circuits Thread 2022.
# - A. Holtzman and others, "The curious case of neural text degeneration", ICLR 2020 (top-p).
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
