"""A Transformer small enough to understand: two layers of attention that learn to copy by induction (lesson 06).

A block of letters, all different, is written again and again; how long it is, nobody says. From the second time on the
next letter can be known: look where this letter stood before, and say what came after it. One layer cannot do that; two
can, one head passing on what stood before each letter, another finding the place by it (C. Olsson and others,
"In-context Learning and Induction Heads", 2022). The recording is made anew by::

    python -m course_utils.keras_tools.induction
"""

import numpy as np

from course_utils.from_scratch._checks import checked, describe, whole
from course_utils.keras_tools import transformer as parts

COMMAND = "python -m course_utils.keras_tools.induction"
LETTERS = "abcdefghijklmnopqrst"
LENGTH = 32
SHORTEST, LONGEST = 6, 14  # letters of a block
LAYERS, HEADS, WIDTH = 2, 2, 64
BATCH, STEPS, EPOCH, RATE = 64, 300, 25, 3e-3


@checked(n=whole(1), seed=whole(0))
def batch(n, seed=0):
    """``n`` texts: codes (n, 32), the letter after each (n, 32), and where that letter can be known, booleans."""
    rng = np.random.default_rng(seed)
    blocks = rng.random((n, len(LETTERS))).argsort(axis=1)
    period = rng.integers(SHORTEST, LONGEST + 1, (n, 1))
    texts = np.take_along_axis(blocks, np.arange(LENGTH + 1) % period, axis=1).astype(np.int32)
    return texts[:, :-1], texts[:, 1:], np.arange(LENGTH) >= period


def model(seed=0):
    """The untrained model in Keras: codes (n, t) to logits (n, t, 20)."""
    places = np.random.default_rng((seed, 8)).normal(size=(LENGTH, WIDTH)).astype("float32") * 0.5
    weights = {**parts.ends(len(LETTERS), WIDTH, seed=seed), "places": places,
               **parts.tower_weights("decoder", WIDTH, HEADS, LAYERS, forward=0, seed=seed)}
    return parts.keras_model(weights, parts.decoder_only, "copier")


@checked(steps=whole(1), seed=whole(0))
def train(steps=STEPS, seed=0, *, callbacks=(), watch=None, stop=None):
    """Train one with ``fit``, 25 steps an epoch; gives (model, history) with loss and accuracy where it can be known.

    watch(step, model) is called at the start and after each epoch. stop ends the training after so many steps.
    """
    import keras

    def batches():
        step = 0
        while True:
            yield batch(BATCH, seed=(seed + 1) * 100_000 + step)
            step += 1

    network = parts.compile_with(model(seed), RATE, steps, weighted_metrics=["accuracy"])
    if watch:
        watch(0, network)
        callbacks = [*callbacks, keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: watch((epoch + 1) * EPOCH, network))]
    history = network.fit(batches(), steps_per_epoch=EPOCH, epochs=-(-(stop or steps) // EPOCH), shuffle=False,
                          verbose=0, callbacks=list(callbacks))
    return network, history.history


class Copier:
    """A trained copier in NumPy. gates: (2, 2) numbers from 0 (switched off) to 1, one for each layer and head."""

    def __init__(self, weights):
        self.weights = {key: np.asarray(array, np.float32) for key, array in weights.items()}

    @classmethod
    def of(cls, network):
        """The same model out of Keras."""
        return cls(network.plain())

    def _run(self, codes, gates=None, seen=None):
        if gates is not None:
            gates = np.asarray(gates, np.float32)
            if gates.shape != (LAYERS, HEADS):
                raise ValueError(f"Copier: gates is {describe(gates)}, but one number for each layer and head is "
                                 f"expected: give shape ({LAYERS}, {HEADS}).")
        return parts.decoder_only(np, self.weights, codes, gates=gates, seen=seen)

    def accuracy(self, gates=None, n=200, seed=99):
        """Share of the letters that can be known which it says rightly, on texts it never saw."""
        codes, targets, known = batch(n, seed)
        return float((self._run(codes, gates).argmax(axis=-1) == targets)[known].mean())

    def predict(self, text, gates=None):
        """Probabilities (letters of the text, 20) of the letter after each."""
        return parts.softmax(np, self._run(read(text), gates))[0]

    def look(self, text, gates=None):
        """Where each head looks: (layer, head, letter that looks, letter looked at); each row sums to 1."""
        seen = {}
        self._run(read(text), gates, seen)
        return np.stack([seen[f"decoder/{layer}/self"][0] for layer in range(LAYERS)])

    def measures(self, gates=None, n=100, seed=98):
        """How much weight each head gives to which letters: dict of (2, 2) arrays.

        "previous": in the first block, to the letter just before. "induction": from the second block on, to those that
        came after the same letter earlier.
        """
        codes, _, known = batch(n, seed)
        seen = {}
        self._run(codes, gates, seen)
        weights = np.stack([seen[f"decoder/{layer}/self"] for layer in range(LAYERS)])
        text, place = np.nonzero(~known[:, 1:])
        before = weights[:, text, :, place + 1, place].mean(axis=0)
        text, place = np.nonzero(known)
        same = (codes[text] == codes[text, place][:, None]) & (np.arange(LENGTH) < place[:, None])
        after = np.pad(same[:, :-1], ((0, 0), (1, 0)))
        return {"previous": before,
                "induction": (weights[:, text, :, place] * after[:, None, None]).sum(axis=-1).mean(axis=0)}


def read(text):
    """A text as codes (1, t), or one sentence of trouble (ValueError)."""
    if not isinstance(text, str) or not text:
        raise ValueError(f"Copier: text is {describe(text)}, but letters are expected: type some of {LETTERS}.")
    if len(text) > LENGTH:
        raise ValueError(f"Copier: text has {len(text)} letters, but the window holds {LENGTH}: shorten it.")
    unknown = [letter for letter in text if letter not in LETTERS]
    if unknown:
        raise ValueError(f"Copier: text holds {unknown[0]!r}, but the model knows only {LETTERS[0]} to {LETTERS[-1]}: "
                         "use these.")
    return np.array([[LETTERS.index(letter) for letter in text]])


def combinations():
    """All sixteen ways to switch four heads: (16, 2, 2) zeros and ones, the first all off, the last all on."""
    return (np.arange(16)[:, None] >> np.arange(4)[::-1] & 1).reshape(16, LAYERS, HEADS)


def every_combination(copier):
    """The accuracy for each of ``combinations()``."""
    return np.array([copier.accuracy(gates) for gates in combinations()])


def remake(steps=STEPS, *, seed=0, every=EPOCH, stop=None):
    """What is recorded: accuracy, heads and weights along a training, and each combination of heads at its end."""
    rows = []

    def watch(step, network):
        if step % every == 0:
            small = {name: array.astype(np.float16) for name, array in network.plain().items()}
            copier = Copier(small)
            rows.append((step, copier.accuracy(), copier.measures(), small))

    train(steps, seed, watch=watch, stop=stop)
    copier = Copier(rows[-1][3])
    return {
        "steps": np.array([row[0] for row in rows]), "accuracy": np.array([row[1] for row in rows]),
        "previous": np.array([row[2]["previous"] for row in rows]),
        "induction": np.array([row[2]["induction"] for row in rows]),
        "combinations": combinations(), "combination_accuracy": every_combination(copier),
        "floor": np.array(1 / len(LETTERS)), "ceiling": np.array(1.0),
        "parameters": np.array(parts.parameters(copier.weights)),
        **{f"w/{name}": np.stack([row[3][name] for row in rows]) for name in rows[0][3]},
    }


def recorded(row=-1):
    """The recorded copier, at the end or at another recorded row."""
    from course_utils.datasets.recordings import read

    arrays = read("transformer_induction").arrays
    return Copier({name[2:]: array[row] for name, array in arrays.items() if name.startswith("w/")})


def main():
    """Make and store the recording."""
    import time

    from course_utils.datasets.recordings import write

    start = time.process_time()
    arrays = remake()
    series = ("steps", "accuracy", "previous", "induction")
    write("transformer_induction", arrays, seed=0, command=COMMAND,
          notes=f"{time.process_time() - start:.0f} s of one core",
          fixed=[name for name in arrays if name not in series and not name.startswith("w/")])


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    main()
