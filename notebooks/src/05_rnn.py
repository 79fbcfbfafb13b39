# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 05 · Recurrent networks, LSTM and word vectors
#
# **You will build a network that remembers, find out how it forgets, and train one that writes documents whose tags
# close: right or wrong can be counted.**
#
# *90 minutes for the core sections, 30 more for those marked "deeper". You need backpropagation (lesson 03) and
# softmax (lesson 01); the first three sections need no Keras.*
#
# Afterwards you can
# - compute the hidden state of a recurrent network by hand, and say which weights are shared,
# - explain why gradients vanish or explode over time, and what tanh, clipping and gates change,
# - write the step of an LSTM and of a GRU,
# - train a character model, turn its temperature, and measure what it writes against a floor and a ceiling,
# - compute analogies with word vectors, and say what their score is worth.
#
# Follows: *Deep Learning* (unfolding, vanishing gradients, the LSTM block, char-RNN), *Wie denken denkende Maschinen?*
# and *Overview of what AI is & how DL works* (char-RNN, word vectors), *Introduction to Deep Learning*, 35C3 (a model of
# a podcast's words), and the slides that set RNN and LSTM beside feed-forward nets.

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing: sections 1 and 2 take 35 minutes, 3 and 4 take 15, 5 to 8 take 30, 9 takes 10. Ask for a bet before section 5:
# does the simple RNN or the LSTM remember farther after the same training? Write the bets down; the answer surprises
# people who know the textbooks. Do not explain attention yet: that is lesson 06.

# %% id="setup"
import course_utils as course

course.start()

import numpy as np

from course_utils.datasets import markup_depth, recordings
from course_utils.from_scratch.neuron import sigmoid
from course_utils.from_scratch.recurrent import gru, rnn_gradients
from course_utils.keras_tools import captions, memory_task, text_models, text_studies, word_vectors
from course_utils.visuals import rnn as figures
from course_utils.visuals import rnn_studies as studies
from course_utils.visuals import rnn_text as reading
from course_utils.visuals.training import LivePlot

# %% [markdown] id="order" tags=["core"]
# ## 1 · Why order matters
#
# All networks so far take one input of a fixed size and give one answer. Text, speech and music are *sequences
# (Folgen)*: they have no fixed length, and the order counts.
#
# **Predict:** a network is told *how often* each character occurs in a document. Can it tell these two apart?

# %% id="order-shown" tags=["nbval-check-output"]
one, other = "<a><b>cat</b></a>", "<a><b>cat</a></b>"
for document in (one, other):
    depth = markup_depth(document)  # 0: an XML parser refuses it
    print(f"{document}   {'accepted, ' + str(depth) + ' deep' if depth else 'refused'}")
course.claim("different numbers of any character", sum(one.count(c) != other.count(c) for c in set(one)), equals=0)

# %% [markdown] id="hidden" tags=["core"]
# It cannot: the characters are the same. To close the tags in the right order one must *remember* which are open.
#
# A *recurrent network (rekurrentes Netz)* reads one item $x_t$ at a time and carries a few numbers along, its *hidden
# state (verdeckter Zustand)* $h_t$. The new state comes from the input *and the old state*:
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b), \qquad h_0 = 0$$
#
# **The weights $W$, $U$ and $b$ are the same at every step.** So a sequence may have any length.
#
# **In numbers**, one neuron with $w = 1$, $u = 0.5$, $b = 0$, and the inputs 1, 0, 0: $h_1 = \tanh(1) = 0.76$, $h_2 =
# \tanh(0.5 \cdot 0.76) = 0.36$, $h_3 = \tanh(0.5 \cdot 0.36) = 0.18$. The 1 is still heard, but it fades.
#
# **In code**, with the names that Keras uses ($W$ is the `kernel`, $U$ the `recurrent_kernel`):

# %% id="rnn-step" tags=["from_scratch"]
def rnn_step(inputs, hidden, kernel, recurrent_kernel, bias):
    z = inputs @ kernel + hidden @ recurrent_kernel + bias
    return np.tanh(z)


def rnn(inputs, kernel, recurrent_kernel, bias):
    hidden = np.zeros((*inputs.shape[:-2], len(recurrent_kernel)))
    hiddens = []
    for t in range(inputs.shape[-2]):
        hidden = rnn_step(inputs[..., t, :], hidden, kernel, recurrent_kernel, bias)
        hiddens.append(hidden)
    return np.stack(hiddens, axis=-2)


# %% id="rnn-by-hand" tags=["nbval-check-output"]
w, u, b = np.array([[1.0]]), np.array([[0.5]]), np.array([0.0])
for inputs in ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]):
    print(inputs, "→", rnn(np.array(inputs)[:, None], w, u, b)[:, 0].round(2))
course.claim("h₃ after 1, 0, 0", rnn(np.array([[1.0], [0.0], [0.0]]), w, u, b)[-1, 0], equals=0.18, within=0.005)

# %% [markdown] id="unfold-intro" tags=["core"]
# To draw such a network one *unfolds it in time (zeitlich entfalten)*: one copy a step, and every copy has the same two
# weights. **Predict:** with $u = -1$, what sign will $h_2$ have after the inputs 1, 0? Press *Play*, then try it.

# %% id="unfolding" tags=["nbval-check-output"]
figures.unfolding()

# %% [markdown] id="last-hidden-task" tags=["core"]
# ### Exercise 1 · Read several sequences
# `sequences` is a list of arrays of numbers; `w`, `u`, `b` are numbers. Return an array with the last hidden state of
# each sequence. They have nothing to do with each other.

# %% id="last-hidden" tags=["exercise"]
def last_hidden(sequences, w, u, b):
    """The last hidden state of one recurrent neuron, for each sequence."""
    ### BEGIN SOLUTION
    last = []
    for sequence in sequences:
        h = 0.0
        for x in sequence:
            h = np.tanh(w * x + u * h + b)
        last.append(h)
    return np.array(last)
    ### END SOLUTION


# %% id="check-last-hidden"
course.check("rnn.last_hidden", last_hidden)

# %% [markdown] id="bptt" tags=["core"]
# ## 2 · Learning: back through time
#
# Unfolded, the network is a deep feed-forward net in which all layers share their weights. So we can train it by
# backpropagation, from the last step to the first: *backpropagation through time*, BPTT. How does the last hidden state
# answer to one that is $k$ steps older? The chain rule multiplies one factor a step:
#
# $$\frac{\partial h_T}{\partial h_{T-k}} = \prod_{t=T-k+1}^{T} u\,(1 - h_t^2)
# \qquad\text{without tanh: } u^k$$
#
# **In numbers:** $0.9^{60} = 0.0018$ and $1.1^{60} = 304$. **Predict:** which weight holds the gradient's length over 60
# steps without tanh? And with tanh? Drag the weight through 1, in both settings; then make the inputs larger.

# %% id="gradient-figure" tags=["nbval-check-output"]
figures.gradient_against_distance()

# %% [markdown] id="gradient-told" tags=["core"]
# Below 1 the gradient *vanishes (verschwindet)*: what happened long ago gets no blame, and the network cannot learn
# from it. Above 1 it *explodes (explodiert)*. Exactly 1 holds, on a knife's edge. And tanh adds factors $1 - h^2 \le 1$
# of its own: it squashes, the more the larger the states are, and it keeps a weight near 1 from exploding, at the price
# of forgetting.
#
# With many neurons, $U$ is a matrix. What counts is by how much $U$ stretches. Here $U$ turns the 32 numbers and
# stretches by exactly $r$; the gradient says how the last state answers to the one 60 steps before.

# %% id="gradient-matrix" tags=["nbval-check-output"]
rng = np.random.default_rng(0)
turn = np.linalg.qr(rng.normal(size=(32, 32)))[0]  # orthogonal: it changes no length
inputs, last = rng.normal(size=(1, 61, 32)), np.zeros((1, 61, 32))
last[0, -1] = turn[0]  # a slope of length 1 arrives at the last state
lengths = {}
for r in (0.9, 1.0, 1.1):
    linear = np.linalg.norm(last[0, -1] @ np.linalg.matrix_power(r * turn.T, 60))
    for size in (0.1, 0.5):
        back = rnn_gradients(inputs, size * np.eye(32), r * turn, np.zeros(32), last)[0]
        lengths[r, size] = np.linalg.norm(back[0, 0]) / size
    print(f"r = {r}: linear {linear:8.2g}   tanh, small inputs {lengths[r, 0.1]:.2g}   larger {lengths[r, 0.5]:.2g}")
    course.claim(f"linear length over r⁶⁰, r = {r}", linear / r**60, equals=1, within=1e-6)
course.claim("with tanh, r = 1, larger inputs", lengths[1.0, 0.5], at_most=1e-3)
course.claim("with tanh, r = 1.1, small inputs", lengths[1.1, 0.1], at_most=1)

# %% [markdown] id="gradient-matrix-told" tags=["core"]
# Even $r = 1.1$ does not explode here: the states grow until tanh holds them down. (That is no law. A network that
# stretches much more, with little input, becomes chaotic, and then its gradients explode in spite of tanh.)

# %% [markdown] id="shared-task" tags=["core"]
# ### Exercise 2 · The slope of a shared weight
# One neuron. `hiddens` holds $h_1 … h_T$, `deltas` the slopes of the loss by the sums $z_1 … z_T$, as BPTT has found
# them. Return the slope of the loss by $u$, one number.

# %% id="shared-gradient" tags=["exercise"]
def shared_gradient(deltas, hiddens):
    """The slope of the loss by u, where z[t] = w·x[t] + u·h[t-1] + b and h[0] = 0."""
    ### BEGIN SOLUTION
    before = np.concatenate([[0.0], hiddens[:-1]])
    return np.sum(deltas * before)
    ### END SOLUTION


# %% id="check-shared-gradient"
course.check("rnn.shared_gradient", shared_gradient)

# %% [markdown] id="clipping" tags=["core"]
# ### When it explodes: clip
# Take a linear recurrence of ten steps from $h_0 = 1$, so $h_{10} = u^{10}$, and the loss $\frac12(u^{10} -
# \frac12)^2$. Right of $u = 1$ it is a cliff. **Predict:** gradient descent starts at $u = 1.3$ with a small learning
# rate, 0.02. Where is it after one step?

# %% id="clipping-figure" tags=["nbval-check-output"]
figures.clipping()

# %% id="clipping-claims" tags=["nbval-check-output"]
course.claim("u after one step", figures.descend(1.3)[1], at_most=-20)
course.claim("u after 40 steps with the slope clipped to 1", figures.descend(1.3, limit=1.0)[-1], equals=0.933, within=0.05)

# %% [markdown] id="clip-told" tags=["core"]
# One step throws $u$ out of every sensible range. *Clipping (Abschneiden)* shortens a gradient that is too long and
# keeps its direction. It cures exploding. It cannot cure vanishing: what is gone cannot be stretched back.

# %% [markdown] id="clip-task" tags=["core"]
# ### Exercise 3 · Clip a gradient
# `gradients` is a list of arrays, one for each array of weights. Their *common* length is the root of the sum of all
# squares. Return a list of arrays of the same shapes, no longer than `limit` together.

# %% id="clip" tags=["exercise"]
def clip(gradients, limit):
    """The gradients, shortened by one factor if they are longer than limit."""
    ### BEGIN SOLUTION
    length = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = min(1, limit / length)
    return [g * factor for g in gradients]
    ### END SOLUTION


# %% id="check-clip"
course.check("rnn.clip", clip)

# %% [markdown] id="lstm" tags=["core"]
# ## 3 · The LSTM: a state that is kept unless somebody changes it
#
# The simple RNN writes its whole state anew at every step. The *long short-term memory*, LSTM, has a second state, the
# *cell state (Zellzustand)* $c$, that is only *scaled and added to*. Three *gates (Tore)*, numbers between 0 and 1, say
# how much of what:
#
# $$c_t = f \cdot c_{t-1} + i \cdot \tilde c, \qquad h_t = o \cdot \tanh(c_t)$$
#
# - *forget gate* $f$: how much of the old cell state is **kept** (1 keeps all; the name misleads),
# - *input gate* $i$: how much of the candidate $\tilde c$ is written,
# - *output gate* $o$: how much of the cell state is shown to the outside.
#
# **Predict:** how do you set the gates to keep a number? To replace it? To count one up? Then turn the valves.

# %% id="lstm-cell" tags=["nbval-check-output"]
figures.lstm_cell()

# %% [markdown] id="cell-update-task" tags=["core"]
# ### Exercise 4 · One step, gates given
# All five arguments are arrays of the same length. Return `(hidden, cell)`, both new.

# %% id="cell-update" tags=["exercise"]
def cell_update(i, f, candidate, o, cell):
    """The new hidden state and the new cell state."""
    ### BEGIN SOLUTION
    cell = f * cell + i * candidate
    hidden = o * np.tanh(cell)
    return hidden, cell
    ### END SOLUTION


# %% id="check-cell-update"
course.check("rnn.cell_update", cell_update)

# %% [markdown] id="gates" tags=["core"]
# Where do the gates come from? Each is a small layer of its own that looks at the input and the old hidden state. A
# *sigmoid* gives numbers between 0 and 1; the candidate takes a *tanh*. All four layers are computed at once, as four
# blocks side by side, in Keras' order $i, f, \tilde c, o$.

# %% id="lstm-step" tags=["from_scratch"]
def lstm_gates(inputs, hidden, kernel, recurrent_kernel, bias):
    z = inputs @ kernel + hidden @ recurrent_kernel + bias
    z_i, z_f, z_c, z_o = np.split(z, 4, axis=-1)
    return sigmoid(z_i), sigmoid(z_f), np.tanh(z_c), sigmoid(z_o)


def lstm_step(inputs, hidden, cell, kernel, recurrent_kernel, bias):
    i, f, candidate, o = lstm_gates(inputs, hidden, kernel, recurrent_kernel, bias)
    cell = f * cell + i * candidate
    hidden = o * np.tanh(cell)
    return hidden, cell


# %% id="lstm-whole" tags=["from_scratch"]
def lstm(inputs, kernel, recurrent_kernel, bias):
    hidden = np.zeros((*inputs.shape[:-2], len(recurrent_kernel)))
    cell = np.zeros_like(hidden)
    hiddens, cells = [], []
    for t in range(inputs.shape[-2]):
        hidden, cell = lstm_step(inputs[..., t, :], hidden, cell, kernel, recurrent_kernel, bias)
        hiddens.append(hidden)
        cells.append(cell)
    return np.stack(hiddens, axis=-2), np.stack(cells, axis=-2)


# %% [markdown] id="lstm-gradient" tags=["core"]
# Why does this help? Along the cell state the gradient is multiplied by $f$ at every step, not by a weight and a slope
# of tanh. With $f$ near 1 it holds. (There are other ways back, through the gates and $h$, and these still fade. And a
# gate is learned: nobody promises that it opens.)

# %% [markdown] id="parameters-task" tags=["core"]
# ### Exercise 5 · Count the parameters
# `kind` is `"rnn"` or `"lstm"`; the layer reads `inputs` numbers at each of `steps` steps and has `units` units.

# %% id="parameters" tags=["exercise"]
def parameters(kind, inputs, units, steps):
    """How many numbers the layer learns."""
    ### BEGIN SOLUTION
    one_layer = inputs * units + units * units + units
    return 4 * one_layer if kind == "lstm" else one_layer
    ### END SOLUTION


# %% id="check-parameters"
course.check("rnn.parameters", parameters)

# %% [markdown] id="gru" tags=["core"]
# ### The GRU: two lines of difference
# The *gated recurrent unit* has no cell state of its own. **One:** a single gate $z$ does the work of two, it keeps $z$
# and lets in $1 - z$. **Two:** there is no output gate; instead a gate $r$ says how much of the old state the
# *candidate* may see. (Here, as in the literature, $z$ is a gate and not a sum.) Three layers instead of four.

# %% id="gru-step" tags=["from_scratch"]
def gru_step(inputs, hidden, kernel, recurrent_kernel, bias):
    x_z, x_r, x_h = np.split(inputs @ kernel + bias[0], 3, axis=-1)
    h_z, h_r, h_h = np.split(hidden @ recurrent_kernel + bias[1], 3, axis=-1)
    z = sigmoid(x_z + h_z)
    r = sigmoid(x_r + h_r)
    candidate = np.tanh(x_h + r * h_h)
    return z * hidden + (1 - z) * candidate


# %% [markdown] id="keras" tags=["core"]
# ## 4 · The same in Keras
#
# Keras has all three as layers. The same weights must give the same numbers. (Loading Keras takes a few seconds.)

# %% id="keras-start"
course.start(keras=True)

import keras

# %% id="keras-same"
x = np.random.default_rng(0).normal(size=(2, 12, 5)).astype("float32")  # 2 sequences, 12 steps, 5 numbers each
layer = keras.layers.LSTM(7, return_sequences=True, return_state=True)
layer.build(x.shape)
weights = [np.random.default_rng(k).normal(0, 0.7, part.shape) for k, part in enumerate(layer.get_weights())]
layer.set_weights(weights)
theirs, _, last_cell = map(keras.ops.convert_to_numpy, layer(x))
hiddens, cells = lstm(x, *weights)
course.claim("LSTM, largest difference of any hidden state", np.abs(hiddens - theirs).max(), at_most=1e-5)
course.claim("LSTM, largest difference of the last cell state", np.abs(cells[:, -1] - last_cell).max(), at_most=1e-5)

# %% [markdown] id="keras-gates" tags=["core"]
# The sum may hide two mistakes that cancel, so we test **gate by gate**: hold one of the four open, in both, and compare
# again. And the counter-test: swap $i$ and $f$ on our side only.

# %% id="keras-gate-by-gate"
for block, name in enumerate(("input gate", "forget gate", "candidate", "output gate")):
    held = weights[2].copy()
    held[7 * block:7 * (block + 1)] = 8.0  # a bias so large that this block is always near 1
    layer.set_weights([*weights[:2], held])
    theirs = keras.ops.convert_to_numpy(layer(x)[0])
    apart = np.abs(lstm(x, *weights[:2], held)[0] - theirs).max()
    course.claim(f"{name} held open, largest difference", apart, at_most=1e-5)
swapped = [np.concatenate([part[..., 7:14], part[..., :7], part[..., 14:]], axis=-1) for part in [*weights[:2], held]]
course.claim("i and f swapped, largest difference", np.abs(lstm(x, *swapped)[0] - theirs).max(), at_least=0.1)

# %% id="keras-others"
for kind, ours in ((keras.layers.SimpleRNN, rnn), (keras.layers.GRU, gru)):  # gru: gru_step over a whole sequence
    layer = kind(7, return_sequences=True)
    layer.build(x.shape)
    apart = np.abs(ours(x, *layer.get_weights()) - keras.ops.convert_to_numpy(layer(x))).max()
    course.claim(f"{kind.__name__}, largest difference", apart, at_most=1e-5)

# %% [markdown] id="who" tags=["core"]
# ## 5 · Who remembers?
#
# A test of memory, *delayed recall*: the first symbol is one of eight. Then come $d$ others, which never matter. At the
# end: which was the first? Guessing gives ⅛. The larger the *distance* $d$, the harder.
#
# Everything else is held: 32 units, 250 updates of 32 sequences, Adam, learning rate 0.003, clipping at 1, the same
# sequences for all. The matrices $U$ start as turns, stretched by a *spectral radius (Spektralradius)* of 1 or 0.9 (by
# how much $U$ stretches); all biases start at 0, but for that of the LSTM's forget gate, which starts at 1 (Keras'
# choice) or at 5. Five seeds each.
#
# **Predict**, and write it down: RNN, GRU, LSTM: who is best at distance 30? And at 100?

# %% id="who-remembers" tags=["nbval-check-output"]
recall = recordings.read("rnn_recall")
studies.who_remembers(recall)

# %% id="who-table" tags=["nbval-check-output"]
by_updates, by_seconds = memory_task.equal_updates(recall), memory_task.equal_seconds(recall)
distances = list(recall.arrays["distances"])
row = {str(name): k for k, name in enumerate(recall.arrays["variants"])}
print("accuracy: mean of five seeds, worst–best")
for budget, scores in (("equal updates", by_updates), ("equal seconds", by_seconds)):
    print(f"\n{budget + ', distance':24}" + "".join(f"{distance:>9}       " for distance in distances))
    for name, k in row.items():
        print(f"{name:24}" + "".join(f"{one.mean():6.2f} {one.min():.2f}–{one.max():.2f}" for one in scores[k]))

# %% id="who-claims" tags=["nbval-check-output"]
def learned(name, distance, scores=by_updates):
    """How many of the five seeds reach 0.9."""
    return int((scores[row[name], distances.index(distance)] > 0.9).sum())


simple, short, started, open_ = "RNN, radius 1", "RNN, radius 0.9", "LSTM, forget bias 1", "LSTM, forget bias 5"
course.claim("distance 10: the worst network of all", by_updates[:, 0].min(), at_least=0.95)
for distance, name, seeds in ((30, simple, 5), (30, short, 5), (30, "GRU", 0), (30, started, 2), (60, simple, 3),
                              (60, short, 0), (60, started, 4), (60, open_, 5), (100, started, 1), (100, open_, 5)):
    course.claim(f"distance {distance}: {name} learned it, seeds of five", learned(name, distance), equals=seeds)
course.claim("distance 100: best mean of the others", by_updates[:-1, -1].mean(axis=1).max(), at_most=0.4)

# %% [markdown] id="who-told" tags=["core"]
# The order of the textbooks, RNN < GRU < LSTM, is not what came out.
# - **30:** both simple RNNs are perfect, the GRU still guesses, and the LSTM with Keras' bias has learned it with two
#   seeds of five.
# - **60:** radius 0.9 costs the RNN everything: $0.9^{60}$ is small (section 2). With radius 1 three seeds succeed, and
#   four of the LSTM with Keras' bias: more than at 30, so luck plays a large part, and five seeds are few.
# - **100:** one seed of that LSTM, none of the others. Only one network is left, and it wins outright: **the LSTM whose
#   forget gates start nearly open**, $\sigma(5) = 0.993$.
#
# So a cell that *can* keep is not enough. The GRU's gate starts half open, and what the first symbol left in its state
# fades within a few steps. The LSTM with bias 1 is no such simple case, for its hidden state feeds back as well. Why
# its seeds differ so, this study does not say. How a network *starts* decided more here than its kind. (A GRU whose
# gate starts open was not tried, so the winner is a *start*, not yet a kind.) With other budgets or rates the order may
# change again; that is why all of them are stated.
#
# **Predict:** at equal *seconds* the slower kinds get fewer updates. Does the order change? Switch the budget in the
# figure.

# %% id="who-seconds" tags=["nbval-check-output"]
seconds = memory_task.seconds_an_update(recall).mean(axis=1)
course.claim("an LSTM update, in RNN updates", seconds[row[open_]] / seconds[row[simple]], equals=1.7, within=0.05)
course.claim("a GRU update, in RNN updates", seconds[row["GRU"]] / seconds[row[simple]], equals=2.3, within=0.05)
course.claim("equal seconds, distance 100: LSTM with bias 5, worst seed", by_seconds[-1, -1].min(), at_least=0.9)
course.claim("the same, LSTM with bias 1, seeds of five", learned(started, 100, by_seconds), equals=0)

# %% [markdown] id="who-seconds-told" tags=["core"]
# An LSTM step costs 1.7 times a simple RNN's here, a GRU step 2.3 times (one processor; other machines have other
# ratios). The LSTM with bias 5 needs so few updates that it still wins; the one with bias 1 loses its only success at
# distance 100.

# %% [markdown] id="markup" tags=["core"]
# ## 6 · A character model of markup
#
# A *character model* reads text one character at a time and says after each one how probable every *next* character
# is. The lecture *Deep Learning* shows XML written by such a model and says that its tags close. On text made by rules
# we can count that. The rules: a *list* holds two or three *items* or *rows*; each of these holds elements *a* or *b*; and
# these hold names of animals, now and then in a *note* or a *part*.

# %% id="markup-shown" tags=["nbval-check-output"]
letters, documents = text_models.markup_letters(), text_models.corpus()
for document in documents[:3]:
    print(document)
print(f"\n{len(documents)} documents, {len(letters)} characters: {letters!r}")
course.claim("least depth", min(map(markup_depth, documents)), equals=3)

# %% [markdown] id="coding" tags=["core"]
# Below the list, the depth leaves *two* tags that are possible, and only memory says which of the two is open.
#
# `\n` is the mark that stands before a document and after it. Each character becomes a *one-hot* vector: 32 numbers, a
# single 1 at its own place. The network gives 32 *logits*, softmax makes probabilities of them, and the loss is $-\ln$
# of the probability that the character which really came had got, averaged over the characters: the *cross-entropy
# (Kreuzentropie)*, counted in *nats*. Sure and right costs 0, guessing among 32 costs $\ln 32 = 3.47$. So the text is
# its own teacher: no labels are needed.

# %% [markdown] id="targets-task" tags=["core"]
# ### Exercise 6 · Inputs and targets
# `codes` are the characters of one document as whole numbers. Return two arrays of the same length: what the network
# reads, and what it should say at each step.

# %% id="targets" tags=["exercise"]
def inputs_and_targets(codes):
    """(inputs, targets): at every step the target is the next character."""
    ### BEGIN SOLUTION
    return codes[:-1], codes[1:]
    ### END SOLUTION


# %% id="check-targets"
course.check("rnn.targets", inputs_and_targets)

# %% [markdown] id="temperature" tags=["core"]
# ### Writing, and its temperature
# To write, one draws a character with these probabilities, feeds it back as the next input, and goes on. A
# *temperature* $T$ makes the draw bolder or more timid:
#
# $$p_k = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}}$$
#
# **In numbers:** logits (2, 1, 0) give 0.67, 0.24, 0.09 at $T = 1$, and 0.87, 0.12, 0.02 at $T = \frac12$.
# **Predict:** what remains at a very high temperature? And at a very low one?

# %% [markdown] id="temperature-task" tags=["core"]
# ### Exercise 7 · Softmax with a temperature
# `logits` is an array, `temperature` a number above 0.

# %% id="temperature-exercise" tags=["exercise"]
def with_temperature(logits, temperature):
    """The probabilities at this temperature."""
    ### BEGIN SOLUTION
    z = logits / temperature
    e = np.exp(z - z.max())
    return e / e.sum()
    ### END SOLUTION


# %% id="check-temperature"
course.check("rnn.temperature", with_temperature)

# %% [markdown] id="next-intro" tags=["core"]
# Here is a trained LSTM (recorded after 4,000 steps; section 7 trains one). It runs in plain NumPy, with `lstm_step`
# from above, on a document it has not learned. Move through it, type a text of your own, turn the temperature.
# **Predict:** after the `</` of a closing tag, how sure is it of the next letter? And inside an animal's name?

# %% id="next-character"
plain = text_studies.recorded("longest")
fresh = text_models.unseen(40)
example = min(fresh, key=len)
reading.next_character(plain, start=example, position=example.index("</") + 2)

# %% [markdown] id="next-told" tags=["core"]
# Inside a name it is unsure where names differ, and it should be: the text is random there. The first letter after `</`
# is another matter, for it depends on which tag is open. For an *inner* element that tag stands a few letters back; for
# an *outer* one whole elements lie between. Count both, on documents that are new:

# %% id="next-claims"
def closing_tags(model):
    """Shares of closing tags whose first letter has the largest probability: inner elements, outer elements."""
    right = {True: [], False: []}
    for document in fresh[:15]:
        expected = model.probabilities(document).argmax(axis=1)
        for place in range(2, len(document) - 5):  # up to </list>, which needs no memory
            if document[place - 2:place] == "</":
                inner = document[document.rindex("<", 0, place - 2) + 1] != "/"  # the tag before is an opening one
                right[inner].append(model.letters[expected[place]] == document[place])
    return np.mean(right[True]), np.mean(right[False])


inner, outer = closing_tags(plain)
course.claim("first letter of a closing tag right, inner elements", inner, at_least=0.98)
course.claim("the same, outer elements (guessing among the two of that depth: one half)", outer, at_least=0.95)

# %% [markdown] id="refused-intro" tags=["core"]
# And what it cannot read, it refuses in a sentence. Try these in the figures, too:

# %% id="refused" tags=["nbval-check-output"]
for text, temperature in (("<A>", 1.0), ("", 1.0), ("<a>" + "cat " * 100, 1.0), ("<a>", 0.0)):
    try:
        plain.probabilities(text, temperature)
    except ValueError as problem:
        print(problem)

# %% [markdown] id="measure" tags=["core"]
# ## 7 · Does it write well? Count.
#
# A document is *good* if it is **new** (not in the training text), at least **three deep**, as **long** as those of the
# corpus (60 to 251 characters), and **accepted** by an XML parser. Each condition closes a loophole: `<a>cat</a>` would
# be accepted, a copied document is no feat, and a list that never ends is none of the corpus. The measure: the share of
# 200 written documents that are good.
#
# - Floor: a *5-gram* model. It counts which character follows which four, and remembers nothing else.
# - Ceiling: 200 real documents that were kept apart.
#
# **Predict:** can the 5-gram model reach one half?

# %% id="measure-live"
run, longest = recordings.read("rnn_markup").arrays, recordings.read("rnn_markup_longest").arrays
floor = text_models.share_good(text_models.ngram().sample(200))
ceiling = text_models.share_good(text_models.unseen(200))
written = plain.sample(200, temperature=0.7)
print(written[0])
course.claim("longest document of the corpus", text_models.corpus_lengths()[1], equals=251)
course.claim("floor", floor, at_most=0.05)
course.claim("ceiling", ceiling, at_least=0.99)
course.claim("LSTM at temperature 1, of 1,000 documents (recorded)", longest["thousand"], at_least=0.95)
course.claim("LSTM at temperature 0.7", text_models.share_good(written), at_least=0.95)
course.claim("different ones among these 200", len(set(written)), at_least=190)

# %% [markdown] id="measure-told" tags=["core"]
# The LSTM *expects* the right letter almost everywhere, and yet at temperature 1 one document in twenty or so goes wrong:
# it has more than a hundred characters, each is *drawn*, and now and then an unlikely one comes up. A lower temperature
# cuts these slips. It has its price: a timid model repeats itself. At 0.7 ours does not yet. (Why 1,000 documents? With
# a true share of 0.95, chance alone moves a count of 200 by 0.015 either way, a count of 1,000 by 0.007.)

# %% [markdown] id="replay" tags=["core"]
# **Replay.** A training of 2,000 steps was recorded. Go to a step, and let the model of that moment write. What does it
# learn first: the words, the brackets, or which tag to close?

# %% id="film"
film = recordings.read("rnn_markup_film")
reading.writing(film, text_studies.checkpoint, floor, ceiling)

# %% [markdown] id="train-now" tags=["core"]
# **Train now:** a fresh LSTM, the first 100 of 200 steps, 24 pieces of 144 characters each, every piece from the
# beginning of a document. You may stop it (Jupyter's stop button): the weights stay. One trick: in the loss the first
# letter of a closing tag counts three times, for it is the one that asks for memory; where all characters count alike,
# the words are learned first.

# %% id="train-live"
live = LivePlot("an LSTM learns markup")
model = text_models.character_model("lstm", seed=0)
history = text_models.train(model, 200, until=100, callbacks=[live.callback()])

# %% [markdown] id="resume" tags=["core"]
# **Resume:** the same call once more goes on where it stopped. **Predict:** what share will be good after 200 steps?

# %% id="train-resume"
history = text_models.train(model, 200, callbacks=[live.callback()])

# %% id="live-claims"
ours = text_models.PlainModel.of(model)
attempts = ours.sample(100)
print(attempts[0])
print(f"good: {text_models.share_good(attempts):.2f} of 100 (floor {floor:.3f}, ceiling {ceiling:.3f})")
course.claim("loss on fresh documents after 200 steps", ours.loss(fresh[:10]), at_most=1.0)
course.claim("the same, recorded LSTM", plain.loss(fresh[:10]), at_most=0.35)

# %% [markdown] id="live-told" tags=["core"]
# After 200 steps it writes brackets and something like names, and hardly a good document. The share stays near 0 for a
# long time while the loss falls: one wrong tag spoils a document. Look at both curves in the replay.

# %% [markdown] id="three-intro" tags=["core"]
# And RNN against GRU against LSTM? Recorded: the same 300 steps, and the same 2,000. (In each training the step size falls
# to 0 at the end, so 300 steps are not the beginning of 2,000.)

# %% id="three-kinds" tags=["nbval-check-output"]
print(f"{'':6}{'300 steps':>11}{'2,000 steps':>13}{'loss':>8}{'closing: inner':>16}{'outer':>7}{'ms a step':>11}")
closing = {}
for k, kind in enumerate(run["kinds"]):
    closing[kind] = closing_tags(text_studies.recorded(str(kind)))
    print(f"{kind:6}{run['short_share'][k]:>11.3f}{run['share'][-1, k]:>13.3f}{run['loss'][-1, k]:>8.3f}"
          f"{closing[kind][0]:>16.2f}{closing[kind][1]:>7.2f}{1000 * run['seconds_per_step'][k]:>11.0f}")
print(f"floor {run['floor']:.3f}, ceiling {run['ceiling']:.3f}")

# %% id="three-claims" tags=["nbval-check-output"]
simple, gated, lstm_share = run["share"][-1]  # RNN, GRU, LSTM after 2,000 steps
course.claim("LSTM minus simple RNN", lstm_share - simple, at_least=0.2)
course.claim("simple RNN minus GRU", simple - gated, at_least=0.2)
course.claim("best of the three after 300 steps", run["short_share"].max(), at_most=0.15)
course.claim("GRU, closing tags of outer elements", closing["gru"][1], at_most=0.9)
course.claim("simple RNN, closing tags of outer elements", closing["rnn"][1], at_least=0.95)
course.claim("largest minus smallest loss of the three", np.ptp(run["loss"][-1]), at_most=0.05)
course.claim("LSTM after 4,000 steps minus after 2,000, mean of all temperatures",
             np.mean(longest["shares"] - run["shares"][:, 2]), at_least=0.01)

# %% [markdown] id="three-why-intro" tags=["core"]
# The simple RNN finds nearly every closing tag and yet has half the LSTM's share. Which condition fails?

# %% id="three-why"
misfits = {}
for kind in run["kinds"]:
    texts = text_studies.recorded(str(kind)).sample(200, seed=2000)
    judged = [text_models.judge(text) for text in texts]
    accepted = np.mean([one["accepted"] for one in judged])
    items = [text.count("<item") + text.count("<row") for text, one in zip(texts, judged, strict=True)
             if one["accepted"] and not one["long"]]
    lost = np.mean([count not in (2, 3) for count in items]) if items else 0
    misfits[str(kind)] = np.mean([one["accepted"] and not one["long"] for one in judged])
    print(f"{kind:5} accepted by the parser {accepted:.3f}; accepted, but too short or long {misfits[str(kind)]:.3f}")
    if kind == "rnn":
        course.claim("simple RNN, of these the share without two or three items", lost, at_least=0.9)
course.claim("simple RNN, accepted but too short or too long", misfits["rnn"], at_least=0.2)
course.claim("LSTM, accepted but too short or too long", misfits["lstm"], at_most=0.05)

# %% [markdown] id="three-temperature" tags=["core"]
# **Predict:** at which temperature does each write its largest share of good documents, below 1, at 1, or above?

# %% id="three-temperatures" tags=["nbval-check-output"]
for temperature, shares in zip(run["temperatures"], run["shares"], strict=True):
    print(f"temperature {temperature:.2f}:", "  ".join(f"{k} {share:.3f}" for k, share in zip(run["kinds"], shares, strict=True)))
course.claim("LSTM at 0.5 minus at 1.5", run["shares"][0, 2] - run["shares"][-1, 2], at_least=0.5)
low, high = (run["shares"][where].mean(axis=0) for where in (run["temperatures"] < 1, run["temperatures"] > 1))
course.claim("mean share below 1 minus above 1, least of the three", np.min(low - high), at_least=0.03)
course.claim("highest of the three best temperatures", run["temperatures"][run["shares"].argmax(axis=0)].max(), at_most=0.85)

# %% [markdown] id="three-told" tags=["core"]
# The LSTM is first, as in the lecture. But the *simple RNN* comes second and the GRU last: after 2,000 steps it still
# guesses at many outer tags. The simple RNN's tags mostly close; it loses count of the items in its list, which are two
# or three in the corpus. Nor does the loss tell: the three are close, because most characters ask for no memory. All
# write better below 1 than above. (At 1 the second table has other shares than the first: they come from other 200
# documents, and a count of 200 near one half scatters by 0.035. Read the second digit with care.)
#
# One run each, one learning rate, one size: with another choice the order may change. That is why it is measured here
# and not quoted.

# %% [markdown] id="inside" tags=["core"]
# ## 8 · Look inside
#
# What do the gates do while it reads? The figure runs *your* text through the recorded LSTM. Above, one gate of all 128
# cells; below, the gates and the state of a single cell, which you choose.
#
# **Predict:** if a cell counted how many elements are open, what would its curve look like? We searched for one: it was
# chosen on 30 documents and is judged on 30 others.

# %% id="depth-cell" tags=["nbval-check-output"]
cell, correlation = int(longest["depth_cell"]), longest["depth_correlation"]
untrained = run["depth_correlation_random"]
print(f"cell {cell} of the LSTM: correlation with the number of open elements {correlation:+.2f}")
print(f"best cell of an untrained LSTM, sought in the same way: {untrained:+.2f}")
read = [(plain.states(document)["cell"][:, cell], text_models.open_tags(document)) for document in fresh]
means = [np.concatenate([states[depths == k] for states, depths in read]).mean() for k in range(5)]
print("its mean state with 0 to 4 open elements:", "  ".join(f"{mean:.1f}" for mean in means))
course.claim("correlation minus its floor", abs(correlation) - abs(untrained), at_least=0.2)
course.claim("smallest step of the mean down, one element more", np.min(-np.diff(means)), at_least=0.1)

# %% id="inspector"
reading.inspector(plain, cell=cell, start=example)

# %% [markdown] id="inside-told" tags=["core"]
# There is a cell that follows the depth upside down: on average its state falls with each element that is opened.
# Nobody asked for it, and it does not count exactly: look how it moves inside a tag. And mind the floor: the best of
# 128 cells of an *untrained* LSTM follows the depth with 0.52 already, and on documents it was not chosen by: a fading
# echo of the last characters tells a good part of the depth, without any learning. A correlation says little until it
# has been measured where nothing has been learned.
#
# In the upper picture some rows stay yellow for a whole word: forget gates near 1, the memory of section 3 at work.

# %% [markdown] id="words" tags=["core"]
# ## 9 · Word vectors
#
# One-hot says nothing about a word but its place in a list: all words are equally far apart. A *word vector
# (Wortvektor)* is short and *learned*: words that occur in the same company get similar vectors. The *skip-gram* method
# (Mikolov and others) teaches each word's vector to tell its true neighbors in a sentence from words drawn at random.
#
# Then one can compute with meanings, it is said: king − man + woman ≈ queen. Here the corpus is made by rules, so that
# the right answers are known. No sentence names a pair. A word stands near words of its *role* (*he, his* or *she, her*)
# and of its *topic* (*crown, palace*); one neighbor in five is a stranger.

# %% id="words-corpus" tags=["nbval-check-output"]
sentences = word_vectors.made_corpus()
for sentence in sentences[:4]:
    print(" ".join(sentence))
print({family: pairs[:2] for family, pairs in word_vectors.ANALOGIES.items()})

# %% id="words-train"
losses = []
vectors = word_vectors.train_vectors(sentences, watch=lambda loss, now: losses.append((loss, now.score()["share"])))
for number, (loss, share) in enumerate(losses, start=1):
    print(f"pass {number}: loss {loss:.3f}, analogies right {share:.3f}")

# %% [markdown] id="words-near" tags=["core"]
# Similar means: pointing the same way. The measure is the *cosine* of the angle, 1 for the same direction.
# **Predict:** who is nearest to *king*: queen, man, or crown?

# %% id="words-nearest"
for word in ("king", "paris", "puppy"):
    print(f"{word:6}", "  ".join(f"{near} {cosine:.2f}" for near, cosine in vectors.nearest(word)))

# %% id="words-figure"
studies.analogies(vectors, word_vectors.ANALOGIES)

# %% [markdown] id="analogy-task" tags=["core"]
# ### Exercise 8 · a is to b as c is to …
# `vectors` has one row a word; `a`, `b`, `c` are row numbers. Return the row number of the word whose vector points
# most in the direction of $v_b - v_a + v_c$; $a$, $b$ and $c$ themselves may not answer.

# %% id="analogy" tags=["exercise"]
def analogy(vectors, a, b, c):
    """The row number of the answer."""
    ### BEGIN SOLUTION
    goal = vectors[b] - vectors[a] + vectors[c]
    cosines = vectors @ goal / np.linalg.norm(vectors, axis=1)
    cosines[[a, b, c]] = -np.inf
    return int(np.argmax(cosines))
    ### END SOLUTION


# %% id="check-analogy"
course.check("rnn.analogy", analogy)

# %% [markdown] id="words-count" tags=["core"]
# One pretty example proves little: count all of them. And ask what the *step* $v_b - v_a$ adds.

# %% id="words-claims"
score = vectors.score()
print(f"{score['right']} of {score['asked']} right")
print("by family:", {family: round(share, 2) for family, share in score["by_family"].items()})
course.claim("analogies right", score["share"], at_least=0.8)
course.claim("floor: guessing a word", score["chance"], at_most=0.01)
course.claim("floor: the word nearest to c, without any step", score["nearest_share"], at_most=0.1)

# %% id="words-old"
more = word_vectors.ANALOGIES["more"]
questions = [(*p[::way], *q[::way]) for p in more for q in more if p != q for way in (1, -1)]
right = np.array([vectors.analogy(a, b, c) == truth for a, b, c, truth in questions])
with_old = np.array([{"old", "older"} & set(question) != set() for question in questions])
print(f"family more: {right[with_old].sum()} of {with_old.sum()} right where old or older is asked about, "
      f"{right[~with_old].sum()} of {(~with_old).sum()} elsewhere")
failed, with_it = score["asked"] - score["right"], (~right[with_old]).sum()
print(f"all families: {failed} failures, {with_it} of them with old or older")
course.claim("share of all failures that ask about old or older", with_it / failed, at_least=0.5, at_most=0.75)
course.claim("share right with old or older", right[with_old].mean(), at_most=0.5)
course.claim("share right without", right[~with_old].mean(), at_least=0.8)

# %% [markdown] id="words-told" tags=["core"]
# Nine in ten are right, and the floors are near 0: the word nearest to $c$ never answers, so the step does the work.
# More than half of the failures have one reason: *old* belongs to two families (*bigger, older* and *old dog, young
# puppy*), and a word has only one vector. Most others end at a word of $c$'s *topic* (dog is to puppy as horse is to
# *hay*), which lies nearer than the partner.
#
# Do not carry the score over to vectors made from real text. Our corpus is tidy: role and topic are nearly all that
# there is. In real text much of a good score comes from $c$'s neighbors and from leaving $a$, $b$, $c$ out (Linzen,
# 2016).

# %% [markdown] id="half-life" tags=["deeper"]
# ## 10 · Deeper: how far does a forget bias reach?
#
# Before training, an LSTM's forget gate is about $f = \sigma(\text{bias})$ at every step. Keras starts the bias at 1.

# %% [markdown] id="half-life-task" tags=["deeper"]
# ### Exercise 9 · The half-life of a cell
# Nothing is written ($i = 0$). After how many steps is half of the cell state left? (Not rounded.)

# %% id="half-life-exercise" tags=["exercise"]
def half_life(bias):
    """Steps until one half is left, for a forget gate of sigmoid(bias)."""
    ### BEGIN SOLUTION
    f = 1 / (1 + np.exp(-bias))
    return np.log(0.5) / np.log(f)
    ### END SOLUTION


# %% id="check-half-life"
course.check("rnn.half_life", half_life)

# %% id="half-life-claims" tags=["nbval-check-output"]
for bias, steps in ((1, 2.2), (5, 103)):
    f = 1 / (1 + np.exp(-bias))
    course.claim(f"half-life for a bias of {bias}", np.log(0.5) / np.log(f), equals=steps, within=0.03 * steps)

# %% [markdown] id="course-words" tags=["deeper"]
# ## 11 · Deeper: a model of this course's own words
#
# The talk at 35C3 tells of a network that was to write episodes of a podcast: "didn't work", not enough data. Let us
# see what *not enough* means. The text is a frozen copy of this course's own prose; the last part of it is kept for
# testing. (A training piece begins with a paragraph and has 144 characters: the tails of longer paragraphs are never
# shown to the LSTM, though they count in the loss on "its own". The 5-gram counts all.) **Predict:** the loss on fresh
# text against the amount of text: does it level off?

# %% id="course-words-shown" tags=["nbval-check-output"]
own = recordings.read("rnn_course_words")
studies.amounts(own)

# %% id="course-words-claims" tags=["nbval-check-output"]
amounts = own.arrays["amounts"]
test, train = own.arrays["test_loss"].mean(axis=1), own.arrays["train_loss"].mean(axis=1)  # of two seeds
counted = own.arrays["ngram_loss"]
for row in zip(amounts, test, train, counted, strict=True):
    print("{:>7,} characters: loss {:.2f} on fresh text, {:.2f} on its own; 5-gram {:.2f}".format(*row))
print(f"guessing {own.arrays['uniform']:.2f}, {own.arrays['training_steps']} steps each")
course.claim("fresh minus own text, least text", test[0] - train[0], at_least=2)
course.claim("fresh text minus guessing, least text", test[0] - own.arrays["uniform"], at_least=0.3)
course.claim("fresh minus own text, most text", test[-1] - train[-1], at_most=0.15)
course.claim("LSTM minus 5-gram, at least", (test - counted).min(), at_least=0.1)
course.claim("what the 5-gram gains by the last step up", counted[-2] - counted[-1], at_least=0.1)

# %% [markdown] id="course-words-told" tags=["deeper"]
# What it writes is honestly bad, and the curves say why. With 2,000 characters the LSTM learns them by heart: its own
# text is easy, and on fresh text it is worse than guessing, because it is *sure* and wrong. That is *not enough data*.
# With 72,000 the two curves have nearly met, at a bad level: now the *training* is too short, or the network too small,
# and more text alone will not help much. The 5-gram model, which only counts, beats it everywhere and is still falling:
# there is more in the text than the LSTM took out of it (a part of which it was never shown). "Not enough data" was
# half an answer; two curves against the amount of text tell the halves apart.

# %% [markdown] id="shapes" tags=["deeper"]
# ## 12 · Deeper: many to one, one to many, two layers, both directions
#
# | shape | example | what is read off |
# |---|---|---|
# | many to one | which symbol was first? (section 5) | the last hidden state |
# | many to many, at once | the next character (section 6) | every hidden state |
# | many to many, one after the other | translation | the last state of a reader starts a writer |
# | one to many | a caption for a picture (section 13) | the picture starts a writer |
#
# In Keras `return_sequences` decides: every hidden state, or the last. A second layer needs the whole sequence of the
# first. A *bidirectional (in beide Richtungen)* layer is two layers, one of which reads from the end.

# %% id="shapes-shown" tags=["nbval-check-output"]
x = np.random.default_rng(0).normal(size=(2, 12, 5)).astype("float32")
for name, layers in {
    "many to one": [keras.layers.LSTM(7)],
    "many to many": [keras.layers.LSTM(7, return_sequences=True)],
    "one to many": [keras.layers.GlobalAveragePooling1D(), keras.layers.RepeatVector(4),
                    keras.layers.LSTM(7, return_sequences=True)],
    "two layers": [keras.layers.LSTM(7, return_sequences=True), keras.layers.LSTM(7)],
    "bidirectional": [keras.layers.Bidirectional(keras.layers.LSTM(7, return_sequences=True))],
}.items():
    network = keras.Sequential([keras.Input((12, 5)), *layers])
    print(f"{name:14} (2, 12, 5) → {tuple(network(x).shape)!s:12} {network.count_params():>5} parameters")
course.claim("parameters of the last", network.count_params(), equals=2 * 4 * (5 * 7 + 7 * 7 + 7))

# %% [markdown] id="both-task" tags=["deeper"]
# ### Exercise 10 · Both directions
# `ahead` and `back` are the weights of two simple RNNs, each `(kernel, recurrent_kernel, bias)`; `inputs` is
# (time, numbers). Use `rnn` from section 1. Row $t$ of the answer holds what *both* know at character $t$: the numbers
# of the forward one, then those of the backward one.

# %% id="both-ways" tags=["exercise"]
def both_ways(inputs, ahead, back):
    """Hidden states (time, 2 · units) of a bidirectional layer."""
    ### BEGIN SOLUTION
    forward = rnn(inputs, *ahead)
    backward = rnn(inputs[::-1], *back)[::-1]
    return np.concatenate([forward, backward], axis=1)
    ### END SOLUTION


# %% id="check-both-ways"
course.check("rnn.both_ways", both_ways)

# %% id="both-keras"
layer = keras.layers.Bidirectional(keras.layers.SimpleRNN(4, return_sequences=True))
theirs = keras.ops.convert_to_numpy(layer(x))
ahead, back = layer.get_weights()[:3], layer.get_weights()[3:]
ours = np.concatenate([rnn(x, *ahead), rnn(x[:, ::-1], *back)[:, ::-1]], axis=-1)
course.claim("bidirectional, largest difference", np.abs(ours - theirs).max(), at_most=1e-5)

# %% [markdown] id="both-told" tags=["deeper"]
# A bidirectional layer knows the end of the sentence at its beginning. So it cannot predict the *next* character: it
# has seen it.

# %% [markdown] id="captions" tags=["deeper"]
# ## 13 · Deeper: a picture as the first input
#
# Give a recurrent network a CNN's vector of a picture as its first input, and let it write: that is how pictures get
# captions (Vinyals and others, 2015). Ours are small: "a three, leaning left, thick". Lean and thickness are *measured*
# on the pixels, so every caption is right or wrong. The vector comes from the CNN of lesson 04, which never learned
# about lean or thickness. **Predict:** which of the three parts goes wrong most often?
#
# ("Leaning left" means: farther to the left than two thirds of the training pictures of the same digit; likewise
# "thin".)

# %% id="captions-shown" tags=["nbval-check-output"]
told = recordings.read("rnn_captions")
studies.captions(told)

# %% id="captions-claims" tags=["nbval-check-output"]
digit, lean, thickness = told.arrays["parts"]
print(f"digit right {digit:.3f}, lean {lean:.3f}, thickness {thickness:.3f}")
course.claim("captions right in all three parts", told.arrays["right"].mean(), at_least=0.45)
course.claim(f"floor: always write {str(told.arrays['always'])!r}", told.arrays["floor"], at_most=0.03)
course.claim("digit right", digit, at_least=0.97)
course.claim("thickness right, where guessing gives one third", thickness, at_least=0.5, at_most=0.6)

# %% [markdown] id="captions-pad-intro" tags=["deeper"]
# The same network, live. Clear the pad and draw; tilt your digit, press on. (The pad centers and scales what is on it,
# so the picture on it now may read otherwise than above.)

# %% id="captions-pad"
captioner = captions.recorded_captioner()
again = captioner.write(told.arrays["pictures"][:20])
course.claim("as recorded, share of 20 captions", np.mean(again == told.arrays["written"][:20]), at_least=0.9)
studies.caption_pad(captioner, told.arrays["pictures"][0])

# %% [markdown] id="captions-probe-intro" tags=["deeper"]
# Thickness goes wrong most often. Has the CNN dropped it, because naming a digit does not need it? That is easily said.
# Test it with a *probe (Sonde)*: one linear layer, fitted to read the thickness off the same vector. **Predict:** one
# third right, as by guessing?

# %% id="captions-probe"
course.claim("thickness right, read by a linear layer", captions.probe(part=2), at_least=0.62, at_most=0.75)

# %% [markdown] id="captions-told" tags=["deeper"]
# About half of the captions are right, far above the floor. The network writes the digit almost without fault, the lean
# mostly, and the thickness in little more than half of the pictures. Yet one linear layer reads the thickness off the
# same vector in two pictures of three. So the vector still holds more than our writer takes out. **A poor answer does
# not prove that the information is missing: probe before you blame.**

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. $h_t = \tanh(x_t W + h_{t-1} U + b)$: the same weights at every step, $h_0 = 0$ for every sequence.
# 2. Through time the gradient is multiplied at every step: it vanishes below 1, explodes above. Clipping cures exploding
#    only.
# 3. LSTM: $c = f c + i \tilde c$, $h = o \tanh(c)$; $f$ is what is *kept*. Along $c$ the factor is $f$.
# 4. How a network starts (radius, forget bias) can matter more than its kind. State it, and compare over seeds.
# 5. A character model: the target is the text shifted by one; draw from softmax of logits *divided* by the temperature.
# 6. A measure needs a floor and a ceiling. "Its tags close" is a share, not a yes.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. One recurrent neuron without tanh: $h_t = x_t + 0.5\,h_{t-1}$, $h_0 = 0$, inputs 2, 0, 4. Compute $h_3$, and the
#    slope of $h_3$ by $x_1$. *(3 points)*
# 2. A cell has $f = 0.9$, $i = 0.5$, $o = 0.8$, candidate $-0.4$, old cell state 1. Compute $c$ and $h$. ($\tanh 0.7 =
#    0.604$.) Which two gates would you set to what, to keep $c$ at 1 for ever? *(4 points)*
# 3. A character model writes nothing but copies of training documents, and the parser accepts all of them. Which
#    measure calls it perfect, and what must be added to it? *(3 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. $h_1 = 2$, $h_2 = 1$, $h_3 = 4.5$; the slope is $0.5^2 = 0.25$. 2. $c = 0.9 - 0.2 = 0.7$, $h = 0.8 \cdot
# 0.604 = 0.483$. $f = 1$ and $i = 0$. 3. The share that the parser accepts; ask also that a document be new, and as deep
# and long as real ones, and print floor and ceiling.

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *Deep Learning:* "the gradient signal is repeatedly multiplied by the weight matrix". True of a linear recurrence;
#   with tanh each step also multiplies by $1 - h^2$, which is why a weight above 1 need not explode (section 2).
# - *Deep Learning:* "best results with the LSTM (against GRU and the standard RNN)". See sections 5 and 7 for what came
#   out here: it depends on the task, the budget and the start.
# - *Deep Learning:* "tags are closed correctly" stands under one sample. One sample proves nothing; we count.
# - *Deep Learning* dates the LSTM to 1997. The forget gate came later: Gers and others, 2000.
# - *Deep Learning:* "RCNN regions → bidirectional RNN". In that paper (Karpathy and Fei-Fei) the bidirectional RNN reads
#   the *sentence*, to match its words with regions; the captions are written by an RNN that runs forward.
# - *Introduction to Deep Learning*, 35C3: the network "takes the hidden states and uses them as the input". The old
#   hidden state is *one* input; the new word is the other.
# - *Wie denken denkende Maschinen?* quotes that CNNs take inputs of a fixed size only. Their convolutions do not care;
#   the dense layer behind them does. What recurrence adds is a memory, not only a free length.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - J. Elman, "Finding structure in time", *Cognitive Science* 14 (1990): the simple recurrent network.
# - S. Hochreiter, J. Schmidhuber, "Long short-term memory", *Neural Computation* 9 (1997). F. Gers, J. Schmidhuber, F.
#   Cummins, "Learning to forget", *Neural Computation* 12 (2000): the forget gate.
# - Y. Bengio, P. Simard, P. Frasconi, "Learning long-term dependencies with gradient descent is difficult", *IEEE
#   Transactions on Neural Networks* 5 (1994). R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent
#   neural networks", ICML 2013 (clipping).
# - K. Cho and others, "Learning phrase representations using RNN encoder-decoder", EMNLP 2014 (GRU).
# - R. Jozefowicz, W. Zaremba, I. Sutskever, "An empirical exploration of recurrent network architectures", ICML 2015 (the
#   forget bias).
# - A. Karpathy, "The unreasonable effectiveness of recurrent neural networks", 2015.
# - T. Mikolov and others, "Distributed representations of words and phrases", NIPS 2013. T. Linzen, "Issues in evaluating
#   semantic spaces using word analogies", RepEval 2016 (what analogies do not show).
# - O. Vinyals and others, "Show and tell", CVPR 2015. A. Karpathy, L. Fei-Fei, "Deep visual-semantic alignments for
#   generating image descriptions", CVPR 2015.
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
