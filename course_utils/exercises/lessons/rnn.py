"""The exercises of lesson 05: references, fresh inputs, and the mistakes that learners really make."""

import numpy as np

from course_utils.from_scratch.neuron import sigmoid
from course_utils.from_scratch.recurrent import rnn

from ..registry import exercise

# --- rnn.last_hidden ---------------------------------------------------------------------------------------------


def _sequences(rng):
    sequences = [np.round(rng.normal(0, 0.8, int(length)), 1) for length in rng.permutation([2, 3, 5])]
    return sequences, *np.round(rng.uniform(0.3, 0.9, 3), 2).tolist()


def _last_hidden(sequences, w, u, b, *, step=lambda x, h, w, u, b, t: np.tanh(w * x + u * h + b), reset=True):
    hiddens, h = [], 0.0
    for sequence in sequences:
        h = 0.0 if reset else h
        for t, x in enumerate(sequence):
            h = step(x, h, w, u, b, t)
        hiddens.append(float(h))
    return np.array(hiddens)


def _with(step):
    return lambda sequences, w, u, b: _last_hidden(sequences, w, u, b, step=step)


exercise(
    "rnn.last_hidden",
    reference=lambda sequences, w, u, b: _last_hidden(sequences, w, u, b),
    inputs=_sequences,
    wrong=[
        (lambda sequences, w, u, b: _last_hidden(sequences, w, u, b, reset=False),
         "The hidden state is not reset: your second sequence begins with what the first one left behind. Every "
         "sequence starts from h = 0."),
        (_with(lambda x, h, w, u, b, t: np.tanh(w * x + u ** (t + 1) * h + b)),
         "You use other weights at every step: u, then u², then u³. All steps share the same u."),
        (_with(lambda x, h, w, u, b, t: np.tanh((t + 1) * w * x + u * h + b)),
         "You use other weights at every step: w, then 2w, then 3w. All steps share the same w."),
        (_with(lambda x, h, w, u, b, t: w * x + u * h + b),
         "The tanh is missing: h = tanh(w·x + u·h + b)."),
        (_with(lambda x, h, w, u, b, t: np.tanh(w * x + b)),
         "Your neuron forgets: the old hidden state, times u, is missing in the sum. Only the last input counts."),
        (_with(lambda x, h, w, u, b, t: np.tanh(w * x + u * h)),
         "The bias is missing: it is added at every step."),
        (_with(lambda x, h, w, u, b, t: np.tanh(w * x + b) + u * h),
         "The old hidden state goes *into* the tanh, together with the input."),
        (_with(lambda x, h, w, u, b, t: np.tanh(u * x + w * h + b)),
         "w and u are swapped: w belongs to the input, u to the old hidden state."),
    ],
    hints=("Two loops: over the sequences, and inside over the inputs of one sequence. Where must h = 0 stand?",
           "h = 0 at the beginning of each sequence; then h = np.tanh(w * x + u * h + b) for each x; keep the last h."),
)

# --- rnn.parameters ----------------------------------------------------------------------------------------------

_BLOCKS = {"rnn": 1, "lstm": 4}


def _parameters(kind, inputs, units, steps):
    return _BLOCKS[kind] * (inputs * units + units * units + units)


exercise(
    "rnn.parameters",
    reference=_parameters,
    inputs=lambda rng: (str(rng.choice(["rnn", "lstm"])), *(int(n) for n in rng.integers(3, 9, 3))),
    samples=16,
    wrong=[
        (lambda kind, inputs, units, steps: steps * _parameters(kind, inputs, units, steps),
         "You count other weights at every step. They are shared: the number of steps does not matter."),
        (lambda kind, inputs, units, steps: inputs * units + units * units + units,
         "An LSTM has four layers of this kind: three gates and the candidate."),
        (lambda kind, inputs, units, steps: (3 if kind == "lstm" else 1) * (inputs * units + units * units + units),
         "Three gates, and the candidate as well: four layers in an LSTM."),
        (lambda kind, inputs, units, steps: _BLOCKS[kind] * (inputs * units + units),
         "The recurrent weights are missing: every unit hears every unit of the step before, units · units weights."),
        (lambda kind, inputs, units, steps: _BLOCKS[kind] * (inputs * units + units * units),
         "The biases are missing, one for each unit of each layer."),
        (lambda kind, inputs, units, steps: _BLOCKS[kind] * (inputs * units + units + units),
         "You gave each unit one recurrent weight, to itself. In a layer it hears *all* of them: units · units."),
    ],
    hints=("How many numbers go into one unit? The inputs, all the old hidden numbers, and 1 for the bias.",
           "One layer: units · (inputs + units + 1). An LSTM has four, a simple RNN one. steps plays no part."),
)

# --- rnn.shared_gradient -----------------------------------------------------------------------------------------


def _before(hiddens):
    return np.concatenate([[0.0], hiddens[:-1]])


exercise(
    "rnn.shared_gradient",
    reference=lambda deltas, hiddens: float(np.sum(deltas * _before(hiddens))),
    inputs=lambda rng: (np.round(rng.normal(0, 1, 4), 1), np.round(rng.uniform(-0.9, 0.9, 4), 1)),
    samples=12,
    wrong=[
        (lambda deltas, hiddens: float(deltas[-1] * hiddens[-2]),
         "That is the slope at the last step only, as if every step had other weights. u is shared: all steps count."),
        (lambda deltas, hiddens: float(np.mean(deltas * _before(hiddens))),
         "You take the mean over the steps. Each step adds its part: it is a sum."),
        (lambda deltas, hiddens: float(np.sum(deltas * hiddens)),
         "u multiplies the hidden state of the step *before*: h[t-1], and 0 before the first step."),
        (lambda deltas, hiddens: float(np.sum(deltas)),
         "That is the slope for the bias. For u each delta is multiplied by what u multiplies: the old hidden state."),
        (lambda deltas, hiddens: float(np.prod(deltas * _before(hiddens))),
         "You multiply over the steps. Each step adds its part: it is a sum."),
        (lambda deltas, hiddens: deltas * _before(hiddens),
         "That is one part for each step. The steps share one u, so add the parts to one number."),
    ],
    hints=("At step t the sum is z[t] = w·x[t] + u·h[t−1] + b. What is its slope by u?",
           "The slope by u at step t is deltas[t] · h[t−1]. Add over all steps; at the first step h[t−1] is 0."),
)

# --- rnn.clip ----------------------------------------------------------------------------------------------------


def _length(gradients):
    return np.sqrt(sum(np.sum(g**2) for g in gradients))


def _gradients(rng):
    size = float(rng.choice([0.1, 1.0, 5.0]))
    gradients = [np.round(size * rng.normal(0, 1, shape), 2) for shape in ((2, 3), 3)]
    return gradients, float(rng.choice([0.5, 1.0, 2.0]))


exercise(
    "rnn.clip",
    reference=lambda gradients, limit: [g * min(1, limit / _length(gradients)) for g in gradients],
    inputs=_gradients,
    samples=16,
    wrong=[
        (lambda gradients, limit: [g * limit / _length(gradients) for g in gradients],
         "You stretch short gradients as well. One that is no longer than the limit stays as it is."),
        (lambda gradients, limit: [np.clip(g, -limit, limit) for g in gradients],
         "You cut every number for itself, and so change the *direction*. Shorten all of them by one factor."),
        (lambda gradients, limit: [g * min(1, limit / np.sqrt(np.sum(g**2))) for g in gradients],
         "You measure each array for itself. The arrays are one long gradient with one length."),
        (lambda gradients, limit: [g * min(1, limit / _length(gradients) ** 2) for g in gradients],
         "The square root is missing in the length."),
        (lambda gradients, limit: [g if _length(gradients) <= limit else 0 * g for g in gradients],
         "You throw the long gradient away. Keep its direction, and shorten it to the limit."),
    ],
    hints=("One length for all arrays together: the root of the sum of all squares. By which factor is it too long?",
           "factor = min(1, limit / length); then every array times this factor."),
)

# --- rnn.cell_update ---------------------------------------------------------------------------------------------


def _gates(rng):
    i, f, o = np.round(rng.uniform(0.05, 0.95, (3, 4)), 2)
    return i, f, np.round(rng.uniform(-0.9, 0.9, 4), 2), o, np.round(rng.normal(0, 1.5, 4), 1)


def _cell_update(i, f, candidate, o, cell):
    new = f * cell + i * candidate
    return o * np.tanh(new), new


exercise(
    "rnn.cell_update",
    reference=_cell_update,
    inputs=_gates,
    wrong=[
        (lambda i, f, candidate, o, cell: _cell_update(i, 1 - f, candidate, o, cell),
         "You keep 1 − f. In spite of its name the forget gate says how much is *kept*: f = 1 keeps everything."),
        (lambda i, f, candidate, o, cell: (o * (f * cell + i * candidate), f * cell + i * candidate),
         "The tanh is missing in the hidden state: h = o · tanh(c), not o · c."),
        (lambda i, f, candidate, o, cell: _cell_update(f, i, candidate, o, cell),
         "i and f are swapped: f multiplies the old cell state, i the candidate."),
        (lambda i, f, candidate, o, cell: (o * np.tanh(cell), f * cell + i * candidate),
         "The hidden state shows the *new* cell state; you used the old one."),
        (lambda i, f, candidate, o, cell: _cell_update(1 - f, f, candidate, o, cell),
         "You let 1 − f take the place of i. That is how a GRU does it; an LSTM has two gates of their own."),
        (lambda i, f, candidate, o, cell: (o * np.tanh(f * cell + i * candidate), np.tanh(f * cell + i * candidate)),
         "The tanh belongs into the hidden state only. A cell state squashed at every step fades like an RNN's."),
        (lambda i, f, candidate, o, cell: _cell_update(i, f, candidate, o, cell)[::-1],
         "Right numbers, wrong order: return the hidden state first, then the cell state."),
    ],
    hints=("First the new cell state: a share of the old one, plus a share of the candidate. Then what of it is shown.",
           "cell = f * cell + i * candidate; hidden = o * np.tanh(cell)."),
)

# --- rnn.temperature ---------------------------------------------------------------------------------------------


def _softmax(z):
    z = np.exp(z - np.max(z))
    return z / np.sum(z)


exercise(
    "rnn.temperature",
    reference=lambda logits, temperature: _softmax(logits / temperature),
    inputs=lambda rng: (np.round(rng.normal(0, 2, 5), 1), float(rng.choice([0.5, 0.7, 1.5, 2.0]))),
    wrong=[
        (lambda logits, temperature: _softmax(logits * temperature),
         "You multiply by the temperature, which turns it round: a high temperature must make the model *bolder*. "
         "Divide."),
        (lambda logits, temperature: _softmax(_softmax(logits) / temperature),
         "You divide after the softmax. The temperature belongs to the logits, before it."),
        (lambda logits, temperature: _softmax(logits) / temperature,
         "You divide the probabilities: they no longer add up to 1. Divide the logits, then take the softmax."),
        (lambda logits, temperature: _softmax(logits),
         "The temperature has no effect: divide the logits by it first."),
        (lambda logits, temperature: np.exp(logits / temperature),
         "These do not add up to 1: divide by their sum."),
        (lambda logits, temperature: logits / temperature,
         "These are still logits: the softmax is missing."),
    ],
    hints=("A low temperature makes large differences of the logits larger, a high one makes them smaller.",
           "Softmax of logits / temperature: np.exp of it, divided by the sum."),
)

# --- rnn.targets -------------------------------------------------------------------------------------------------

exercise(
    "rnn.targets",
    reference=lambda codes: (codes[:-1], codes[1:]),
    inputs=lambda rng: (rng.permutation(20)[: int(rng.integers(5, 9))],),
    wrong=[
        (lambda codes: (codes, codes),
         "The target is not shifted: your network learns to repeat the character it has just read, which is easy and "
         "useless. The target at t is the character at t + 1."),
        (lambda codes: (codes[1:], codes[:-1]),
         "The shift goes the wrong way: your network would have to say the character *before*."),
        (lambda codes: (codes[:-1], codes[:-1]),
         "The last character is gone, but the target is still not shifted: start the targets one character later."),
        (lambda codes: (codes, codes[1:]),
         "One input too many: after the last character there is no target. Leave the last one out of the inputs."),
        (lambda codes: (codes, np.roll(codes, -1)),
         "np.roll takes the first character as the target of the last one. Nothing is known after the end: leave it "
         "out."),
        (lambda codes: (codes[:-2], codes[2:]),
         "You shifted by two. The next character is one place further."),
    ],
    hints=("With the codes of h, a, r, e: the inputs are h, a, r. What is the target of each?",
           "Inputs: all but the last, codes[:-1]. Targets: all but the first."),
)

# --- rnn.analogy -------------------------------------------------------------------------------------------------


def _words(rng):
    """Twelve vectors of several lengths; b - a + c is near c itself, near a long wrong vector, and near the answer."""
    vectors = rng.normal(0, 1, (12, 6))
    a, b, c, answer, bait = (int(k) for k in rng.permutation(12)[:5])
    vectors[b] = vectors[a] + 0.6 * rng.normal(0, 1, 6)
    goal = vectors[b] - vectors[a] + vectors[c]
    vectors[answer] = 0.6 * goal + 0.2 * rng.normal(0, 1, 6)
    vectors[bait] = 6 * (goal / np.linalg.norm(goal) + 0.7 * rng.normal(0, 1, 6) / np.sqrt(6))
    return np.round(vectors, 2), a, b, c


def _analogy(vectors, a, b, c, *, leave_out=True, sign=1, cosine=True):
    goal = sign * (vectors[b] - vectors[a]) + vectors[c]
    scores = vectors @ goal / (np.linalg.norm(vectors, axis=1) if cosine else 1.0)
    if leave_out:
        scores[[a, b, c]] = -np.inf
    return int(np.argmax(scores))


exercise(
    "rnn.analogy",
    reference=lambda vectors, a, b, c: _analogy(vectors, a, b, c),
    inputs=_words,
    samples=24,
    wrong=[
        (lambda vectors, a, b, c: _analogy(vectors, a, b, c, leave_out=False),
         "You may answer with a, b or c themselves, and mostly you do. Leave the three given words out."),
        (lambda vectors, a, b, c: _analogy(vectors, a, b, c, sign=-1),
         "The step goes the wrong way: from a *to* b is b − a. Add it to c."),
        (lambda vectors, a, b, c: _analogy(vectors, a, b, c, cosine=False),
         "You compare by the bare product, so long vectors win. Divide by each vector's length: that is the cosine."),
        (lambda vectors, a, b, c: int(np.argmin(vectors @ (vectors[b] - vectors[a] + vectors[c]))),
         "You took the smallest product. The nearest word has the *largest* cosine."),
        (lambda vectors, a, b, c: _analogy(vectors, a, a, c),
         "That is the nearest neighbor of c: the step from a to b is missing."),
    ],
    hints=("Where do you end if you take the step from a to b, starting at c? Which word points most that way?",
           "goal = vectors[b] - vectors[a] + vectors[c]; cosines = vectors @ goal / lengths (goal's own length changes "
           "no order); set the places a, b, c to -np.inf; np.argmax."),
)

# --- rnn.half_life -----------------------------------------------------------------------------------------------

exercise(
    "rnn.half_life",
    reference=lambda bias: float(np.log(0.5) / np.log(sigmoid(bias))),
    inputs=lambda rng: (float(np.round(rng.uniform(0.2, 4.0), 1)),),
    wrong=[
        (lambda bias: float(np.log(0.5) / np.log(bias / (1 + bias))),
         "The gate is a sigmoid of the bias: f = 1 / (1 + e^(−bias))."),
        (lambda bias: float(np.log(0.5) / np.log(sigmoid(-bias))),
         "You used 1 − f, which is the sigmoid of −bias. The gate says what is *kept*: a large bias remembers longer."),
        (lambda bias: float(-1 / np.log(sigmoid(bias))),
         "After so many steps 1/e = 0.37 is left, not one half: take the logarithm of ½."),
        (lambda bias: float(0.5 / (1 - sigmoid(bias))),
         "You take away the same *amount* at every step. The cell keeps the same *share*: after n steps f^n is left."),
        (lambda bias: float(np.log(sigmoid(bias)) / np.log(0.5)),
         "Upside down: f^n = ½ means n · ln f = ln ½."),
    ],
    hints=("After n steps the share f^n is left. For which n is that one half?",
           "f = 1 / (1 + np.exp(-bias)); n = np.log(0.5) / np.log(f)."),
)

# --- rnn.both_ways -----------------------------------------------------------------------------------------------


def _two_layers(rng):
    def weights():
        return rng.normal(0, 0.7, (3, 2)), rng.normal(0, 0.7, (2, 2)), rng.normal(0, 0.3, 2)

    return rng.normal(0, 1, (5, 3)), weights(), weights()


def _both_ways(inputs, ahead, back):
    return np.concatenate([rnn(inputs, *ahead), rnn(inputs[::-1], *back)[::-1]], axis=1)


exercise(
    "rnn.both_ways",
    reference=_both_ways,
    inputs=_two_layers,
    wrong=[
        (lambda inputs, ahead, back: np.concatenate([rnn(inputs, *ahead), rnn(inputs[::-1], *back)], axis=1),
         "The backward layer's output still runs from the end to the beginning: turn it round again, or the row of the "
         "first character holds what was seen at the last."),
        (lambda inputs, ahead, back: np.concatenate([rnn(inputs, *ahead), rnn(inputs, *back)], axis=1),
         "Both layers read forward. Give the second one the sequence from the end: inputs[::-1]."),
        (lambda inputs, ahead, back: np.concatenate([rnn(inputs, *ahead), rnn(inputs[::-1], *ahead)[::-1]], axis=1),
         "You used the forward weights twice. Each direction has its own."),
        (lambda inputs, ahead, back: rnn(inputs, *ahead) + rnn(inputs[::-1], *back)[::-1],
         "You add the two. Put them side by side: twice as many numbers for every character."),
        (lambda inputs, ahead, back: np.concatenate([rnn(inputs, *ahead), rnn(inputs[:, ::-1], *back)[::-1]], axis=1),
         "You turned the numbers of each input round. Time is the *first* axis: inputs[::-1]."),
    ],
    hints=("Three steps: read forward, read the reversed sequence, turn that answer round again.",
           "np.concatenate([rnn(inputs, *ahead), ...], axis=1), where the second part ends with [::-1]."),
)
