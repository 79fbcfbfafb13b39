"""Character models of lesson 05: simple RNN, GRU and LSTM that write the course's markup, and ways to count how well.

Keras trains them; what comes after (the probability of every next character, gates and cells, writing) runs in NumPy
with the steps of ``from_scratch.recurrent``. The recorded networks are made by ``text_studies``.
"""

from collections import Counter, defaultdict
from functools import cache

import numpy as np

from course_utils.datasets.text import ATTRIBUTES, VALUES
from course_utils.from_scratch._checks import checked, describe, one_of, real, whole
from course_utils.from_scratch.recurrent import gru_step, lstm_gates, lstm_step, rnn_step

KINDS = ("rnn", "gru", "lstm")
UNITS, BATCH, LENGTH, EPOCH, RATE = 128, 24, 144, 25, 6e-3
# In training the first letter of a closing tag counts so many times: it is the one character in twenty that asks for
# memory, and while all count alike, learning the words goes first.
CLOSING = 3.0
LEVELS = (("list",), ("item", "row"), ("a", "b"), ("note", "part"))  # the tags that may stand at each depth
LIVE_STEPS, LONG_STEPS = 300, 2000
CHILDREN = ((2, 3), (1, 2, 3), (1,))  # how many elements stand in one at each depth
NAMES = ("ant", "bee", "cat", "cow", "dog", "eel", "fox", "hen", "owl", "pig", "rat", "wolf")
SHORTEST, LONGEST = 60, 400  # characters that a document may have; a model takes or writes LONGEST at most
MARK = "\n"  # stands before every document and after it


def markup_letters():
    """The characters of markup, the mark of a beginning first: the place of each is its column in one-hot."""
    from course_utils.datasets import markup_alphabet

    return MARK + markup_alphabet()


@checked(n=whole(1), seed=whole(0))
def documents(n, seed=0):
    """``n`` made documents, three or four elements deep, each 60 to 400 characters long: markup with a plan.

    A list holds two or three items or rows; each of them one to three elements a or b; each of those one or
    two names of animals, or, one in four times, a note or a part with such a name. One element in ten has an attribute.
    So the depth says which tags are possible, and only memory which of the two is right. (Where any of the eight
    tags of ``datasets.markup`` may stand anywhere, an LSTM of this size had learned to close the innermost element
    after 400 steps and none of the others after 1,200.)
    """
    rng, found = np.random.default_rng(seed), []
    while len(found) < n:
        document = _element(rng, 0)
        if SHORTEST <= len(document) <= LONGEST:
            found.append(document)
    return found


def _element(rng, level):
    tag, attribute = _pick(rng, LEVELS[level]), ""
    if rng.random() < 0.1:
        attribute = f' {_pick(rng, ATTRIBUTES)}="{_pick(rng, VALUES)}"'
    if level == 3 or (level == 2 and rng.random() < 0.75):
        content = " ".join(_pick(rng, NAMES) for _ in range(rng.integers(1, 3)))
    else:
        content = "".join(_element(rng, level + 1) for _ in range(_pick(rng, CHILDREN[level])))
    return f"<{tag}{attribute}>{content}</{tag}>"


def _pick(rng, options):
    return options[rng.integers(len(options))]


@cache
def corpus(n=4000):
    """The documents to learn from."""
    return documents(n)


@checked(n=whole(1), seed=whole(1))
def unseen(n=200, seed=1):
    """``n`` other documents, none of them in the corpus."""
    return [document for document in documents(2 * n, seed) if document not in _known_documents()][:n]


@checked(kind=one_of(*KINDS), seed=whole(0))
def character_model(kind="lstm", letters=None, seed=0):
    """One recurrent layer of 128 units and a dense one: one-hot (n, time, letters) to the next character's logits."""
    import keras

    keras.utils.set_random_seed(seed)
    letters = letters or markup_letters()
    layer = {"rnn": keras.layers.SimpleRNN, "gru": keras.layers.GRU, "lstm": keras.layers.LSTM}[kind]
    model = keras.Sequential([
        keras.Input((None, len(letters)), name="text"),
        layer(UNITS, return_sequences=True, name=kind),
        keras.layers.Dense(len(letters), name="logits"),
    ], name=f"{kind}_characters")
    model.kind, model.letters, model.planned = kind, letters, 0
    return model


@checked(steps=whole(1), seed=whole(0))
def train(model, steps=LIVE_STEPS, *, until=None, texts=None, seed=0, callbacks=()):
    """Train a ``character_model`` with ``fit``, 25 steps an epoch, the step size falling to 0 over ``steps``.

    Called again with the same model and steps it goes on where it was, after a stop or after ``until``. texts: what to
    learn from (the corpus). Gives Keras' history; in its loss the first letters of closing tags count ``CLOSING``
    times.
    """
    import keras

    if model.planned != steps:
        rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
        model.compile(optimizer=keras.optimizers.Adam(learning_rate=rate, clipnorm=1.0), jit_compile=False,
                      loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        model.planned = steps
    history = {}
    while (done := int(model.optimizer.iterations)) < (until or steps):
        # After a stop the epoch at work is finished first; then come all the others.
        rest, epoch, last = done % EPOCH, done // EPOCH, -(-(until or steps) // EPOCH)
        new = model.fit(_batches(corpus() if texts is None else texts, model.letters, LENGTH, seed, done),
                        steps_per_epoch=EPOCH - rest, initial_epoch=epoch, epochs=epoch + 1 if rest else last,
                        shuffle=False, verbose=0, callbacks=list(callbacks)).history
        history = {name: history.get(name, []) + values for name, values in new.items()}
        if model.stop_training:
            break
    return history


def _batches(texts, letters, length, seed, step):
    """Batches without end, from the one with that number on, so that a resumed training sees what it would have.

    All texts stand in one line, each behind a mark, and every piece begins at a mark.
    """
    line = _codes("train", MARK + MARK.join(texts), letters)
    if len(line) <= length + 1:
        raise ValueError(f"train: texts has {len(line)} characters, but one piece has {length + 1}: give more text.")
    starts, codes = np.flatnonzero(line[: -length - 1] == letters.index(MARK)), np.eye(len(letters), dtype=np.float32)
    closing = (line == letters.find("/")) & (np.roll(line, 1) == letters.find("<"))
    weights = np.where(closing, CLOSING, 1).astype(np.float32)
    while True:
        some = np.random.default_rng((seed, step)).choice(starts, BATCH)[:, None] + np.arange(length + 1)
        yield codes[line[some[:, :-1]]], line[some[:, 1:]], weights[some[:, :-1]]
        step += 1


def _codes(function, text, letters):
    """The places of a text's characters in the alphabet."""
    places = {letter: place for place, letter in enumerate(letters)}
    unknown = [letter for letter in text if letter not in places]
    if unknown:
        raise ValueError(f"{function}: text holds {unknown[0]!r}, which is not in the model's alphabet: leave it out.")
    return np.array([places[letter] for letter in text], int)


def _some(function, texts):
    if isinstance(texts, str) or not len(texts):
        raise ValueError(f"{function}: texts is {describe(texts)}, but texts are expected: give a list of some.")
    return texts


class PlainModel:
    """A trained character model in NumPy: what it expects, what it remembers, what it writes.

    kind: "rnn", "gru" or "lstm". weights: as Keras' ``get_weights()``, the recurrent layer's three, then the dense
    layer's two. letters: its alphabet; the mark stands before every text.
    """

    def __init__(self, kind, weights, letters):
        self.kind, self.letters = kind, letters
        *self.weights, self.dense, self.bias = [np.asarray(weight, np.float32) for weight in weights]
        self._signs = np.eye(len(letters), dtype=np.float32)
        step = {"rnn": rnn_step, "gru": gru_step, "lstm": lstm_step}[kind]
        step(self._signs[:1], *self._zeros(1), *self.weights)  # refuses weights that do not fit,
        self._unchecked = step.__wrapped__  # so that no later step has to check them

    @classmethod
    def of(cls, model):
        """The same model out of Keras."""
        return cls(model.kind, model.get_weights(), model.letters)

    def _zeros(self, n):
        return tuple(np.zeros((2 if self.kind == "lstm" else 1, n, len(self.weights[1])), np.float32))

    def _step(self, codes, state):
        """One step for a batch of characters: the new state, a tuple with the hidden state first."""
        found = self._unchecked(self._signs[codes], *state, *self.weights)
        return found if self.kind == "lstm" else (found,)

    def _known(self, function, text):
        if not isinstance(text, str) or not text:
            raise ValueError(f"{function}: text is {describe(text)}, but characters are expected: type at least one.")
        if len(text) > LONGEST:
            raise ValueError(f"{function}: text has {len(text)} characters, but the window holds {LONGEST}: cut it.")
        return np.concatenate([[self.letters.index(MARK)], _codes(function, text, self.letters)])

    def states(self, text):
        """What is inside after the mark and after each character: arrays (len(text) + 1, 128).

        "hidden" for all; an LSTM has "cell" and, in the order of ``lstm_gates``, "i", "f", "candidate" and "o" too.
        """
        return self._states("states", text)

    def _states(self, function, text, gates=True):
        codes, state, found = self._known(function, text), self._zeros(1), defaultdict(list)
        for code in codes:
            if gates and self.kind == "lstm":
                opened = lstm_gates.__wrapped__(self._signs[[code]], state[0], *self.weights)
                for name, values in zip(("i", "f", "candidate", "o"), opened, strict=True):
                    found[name].append(values[0])
            state = self._step(np.array([code]), state)
            for name, values in zip(("hidden", "cell"), state, strict=False):
                found[name].append(values[0])
        return {name: np.array(values) for name, values in found.items()}

    @checked(temperature=real(above=0))
    def probabilities(self, text, temperature=1.0):
        """Probabilities (len(text) + 1, letters) of the next character, after the mark and after each character."""
        hidden = self._states("probabilities", text, gates=False)["hidden"]
        return _softmax((hidden @ self.dense + self.bias) / temperature)

    def run(self, texts):
        """All texts at once: for each an array (len(text) + 1, 128) of its hidden states, and one of its cell's.

        Of an RNN or a GRU the second is the first again.
        """
        coded = [self._known("run", text) for text in _some("run", texts)]
        codes = np.array([np.pad(code, (0, max(map(len, coded)) - len(code))) for code in coded])
        state, found = self._zeros(len(codes)), []
        for column in codes.T:
            state = self._step(column, state)
            found.append((state[0], state[-1]))
        hidden, cell = np.array(found).transpose(1, 2, 0, 3)
        return [(hidden[k, : len(code)], cell[k, : len(code)]) for k, code in enumerate(coded)]

    def loss(self, texts):
        """Mean cross-entropy in nats a character over all texts, with the mark that ends each."""
        losses = []
        for text, (hidden, _) in zip(texts, self.run(texts), strict=True):
            chances = _softmax(hidden @ self.dense + self.bias)
            targets = _codes("loss", text + MARK, self.letters)
            losses.append(-np.log(chances[np.arange(len(targets)), targets] + 1e-30))
        return float(np.concatenate(losses).mean())

    @checked(n=whole(1), temperature=real(above=0), seed=whole(0), longest=whole(1, LONGEST))
    def sample(self, n=1, temperature=1.0, seed=0, start="", longest=LONGEST):
        """Let it write ``n`` texts, each until it writes the mark or is ``longest`` long; all begin with ``start``."""
        begun = self._known("sample", start) if start else np.array([self.letters.index(MARK)])
        state, draws = self._zeros(n), np.random.default_rng(seed).random((longest, n))
        for code in begun[:-1]:
            state = self._step(np.full(n, code), state)
        codes, alive, texts = np.full(n, begun[-1]), np.arange(n), [list(start) for _ in range(n)]
        for draw in draws[len(start):]:
            state = self._step(codes, state)
            chances = _softmax((state[0] @ self.dense + self.bias) / temperature).cumsum(axis=1)
            codes = (chances < draw[alive, None] * chances[:, -1:]).sum(axis=1)
            go_on = codes != self.letters.index(MARK)
            if not go_on.all():
                codes, alive, state = codes[go_on], alive[go_on], tuple(part[go_on] for part in state)
            if not len(alive):
                break
            for place, code in zip(alive, codes, strict=True):
                texts[place].append(self.letters[code])
        return ["".join(text) for text in texts]


def _softmax(z):
    z = np.exp(z - z.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


@cache
def corpus_lengths():
    """Characters of the shortest and of the longest document of the corpus."""
    lengths = [len(document) for document in corpus()]
    return min(lengths), max(lengths)


def judge(text):
    """Four answers about a document: new (not learned), at least three deep, as long as the corpus', accepted."""
    from course_utils.datasets import markup_depth

    depth, (shortest, longest) = markup_depth(text), corpus_lengths()
    return {"new": text not in _known_documents(), "deep": depth >= 3, "long": shortest <= len(text) <= longest,
            "accepted": depth > 0}  # fmt: skip


@cache
def _known_documents():
    return frozenset(corpus())


def share_good(texts):
    """The measure: the share of documents for which all four answers are yes."""
    return float(np.mean([all(judge(text).values()) for text in _some("share_good", texts)]))


class Ngram:
    """Counts which character follows each four: the floor. It writes as often as it has seen."""

    def __init__(self, texts, n=5, letters=None):
        self.n, self.letters = n, letters or markup_letters()
        self.counts = defaultdict(Counter)
        line = "".join(MARK * (n - 1) + text for text in texts) + MARK
        for gram, often in Counter(line[end : end + n] for end in range(len(line) - n + 1)).items():
            if gram[-2:] != 2 * MARK:
                for start in range(n):  # contexts of all lengths down to none
                    self.counts[gram[start:-1]][gram[-1]] += often

    @checked(n=whole(1), temperature=real(above=0), seed=whole(0))
    def sample(self, n=1, temperature=1.0, seed=0):
        """Write ``n`` texts."""
        rng, texts = np.random.default_rng(seed), []
        for _ in range(n):
            text = MARK * (self.n - 1)
            while len(text) < LONGEST + self.n - 1:
                seen = self.counts[text[len(text) - self.n + 1:]]
                chances = (np.array(list(seen.values())) ** (1 / temperature)).cumsum()
                letter = list(seen)[np.searchsorted(chances, rng.random() * chances[-1], side="right")]
                if letter == MARK:
                    break
                text += letter
            texts.append(text[self.n - 1:])
        return texts

    def loss(self, texts):
        """Mean cross-entropy in nats; contexts that were seldom seen lean on shorter ones."""
        losses = []
        for text in texts:
            text = MARK * (self.n - 1) + text + MARK
            for end in range(self.n - 1, len(text)):
                chance = 1 / len(self.letters)
                for start in range(end, end - self.n, -1):
                    seen = self.counts.get(text[start:end], {})
                    chance = (seen.get(text[end], 0) + 5 * chance) / (sum(seen.values()) + 5)
                losses.append(-np.log(chance))
        return float(np.mean(losses))


@cache
def ngram(n=5):
    """The n-gram model of the corpus."""
    return Ngram(corpus(), n)


def open_tags(text):
    """How many elements are open at the beginning and after each character: whole numbers (len(text) + 1,).

    An element is open from the end of its opening tag to the end of its closing tag.
    """
    depths, depth, tag = [0], 0, ""
    for letter in text:
        tag = "<" if letter == "<" else tag + letter
        if letter == ">" and tag.startswith("<"):
            depth, tag = depth + (-1 if tag.startswith("</") else 1), ""
        depths.append(depth)
    return np.array(depths)


def depth_cell(plain, documents=60):
    """The number of the cell that follows the depth best: dict(cell, correlation, chosen_on).

    It is chosen by its correlation on half of some unseen documents; ``correlation`` is that on the other half. Of an
    RNN or a GRU the hidden numbers are asked.
    """
    texts = unseen(documents, seed=3)
    halves = []
    for some in (texts[::2], texts[1::2]):
        values = np.concatenate([cell for _, cell in plain.run(some)]).astype(float)
        depth = np.concatenate([open_tags(text) for text in some])
        values, depth = values - values.mean(axis=0), depth - depth.mean()
        halves.append(depth @ values / (np.sqrt((values**2).sum(axis=0) * (depth**2).sum()) + 1e-12))
    cell = int(np.abs(halves[0]).argmax())
    return {"cell": cell, "correlation": float(halves[1][cell]), "chosen_on": float(halves[0][cell])}
