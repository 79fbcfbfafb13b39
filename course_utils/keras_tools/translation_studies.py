"""Three networks that learn to translate numbers: an LSTM encoder–decoder, the same with attention, a Transformer.

All see the same batches in the same order. The recordings are made anew, each in at most twenty minutes on two quiet
cores, by one of::

    python -m course_utils.keras_tools.translation_studies transformer
    python -m course_utils.keras_tools.translation_studies LSTM
    python -m course_utils.keras_tools.translation_studies attention
"""

import sys

import numpy as np

from course_utils.datasets.text import german
from course_utils.from_scratch._checks import checked, one_of, whole
from course_utils.from_scratch.recurrent import lstm_step
from course_utils.keras_tools import transformer as parts
from course_utils.keras_tools import translation as task
from course_utils.keras_tools.translation import PAD, TO

COMMAND = "python -m course_utils.keras_tools.translation_studies"
KINDS = {"LSTM": "LSTM", "attention": "LSTM + attention", "transformer": "Transformer"}
UNITS, TABLE = 128, 64
# The first steps see only numbers below a thousand, which are shorter; the last ones, with an Adam begun anew, numbers
# of all lengths: drawn evenly below a million, only one in a hundred has four digits.
STEPS, SHORT_STEPS, MIXED_STEPS = 1500, 150, 450
RATE, MIXED_RATE = 3e-3, 1e-3
ROWS = (25, *range(150, 1501, 150))  # steps after which they are measured
MEASURED, TESTED = 200, 1000  # unseen numbers for each measurement, and at the end
EDGES = (20, 30, 40, 50, 60, 65)  # letters of the German word: the ends of the bins


@checked(kind=one_of(*KINDS), seed=whole(0))
def network(kind, seed=0):
    """An untrained network in Keras: (source, given) to logits."""
    import keras

    if kind == "transformer":
        return parts.keras_model(task.new_weights(seed=seed), task.forward, "translator")
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    source, given = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    read = layers.Embedding(len(task.SOURCE_LETTERS) + task.SOURCE_FROM, TABLE, name="source")(source)
    outputs, *summary = layers.LSTM(UNITS, return_sequences=True, return_state=True, name="encoder")(read)
    written = layers.Embedding(len(task.TARGET_LETTERS) + task.TARGET_FROM, TABLE, name="target")(given)
    written = layers.LSTM(UNITS, return_sequences=True, name="decoder")(written, initial_state=summary)
    if kind == "attention":
        looked = layers.Attention()([written, outputs], mask=[None, source != PAD])
        written = layers.Dense(UNITS, "tanh", name="combine")(layers.Concatenate()([looked, written]))
    last = layers.Dense(len(task.TARGET_LETTERS) + task.TARGET_FROM, name="last")
    return keras.Model((source, given), last(written), name=kind)


class Recurrent:
    """A trained LSTM encoder–decoder in NumPy. weights: dict from "layer/number", as in ``get_weights()``, to array.

    All that the decoder learns about the text is the state in which the encoder ends, two vectors of 128 numbers; with
    attention it may also look back at every step.
    """

    def __init__(self, weights):
        def of(layer):
            return [np.asarray(array, np.float32) for name, array in weights.items() if name.startswith(f"{layer}/")]

        (self.source,), (self.target,) = of("source"), of("target")
        self.encoder, self.decoder, self.combine, self.last = of("encoder"), of("decoder"), of("combine"), of("last")

    @checked(to=one_of(*TO))
    def translate(self, texts, to="english", seen=None):
        """As ``Translator.translate``. seen: a list that gets the weights (n, s) of every step."""
        codes = task.source_codes(texts)
        hidden = cell = np.zeros((len(codes), self.encoder[1].shape[0]), np.float32)
        step, outputs = lstm_step.__wrapped__, []  # the checks would look at all the weights, every time
        for column in codes.T:
            hidden, cell = step(self.source[column], hidden, cell, *self.encoder)
            outputs.append(hidden)
        outputs, given, written = np.stack(outputs, axis=1), np.full(len(codes), 2 + TO.index(to)), []
        ended = np.zeros(len(codes), bool)
        while not ended.all() and len(written) < (task.LONGEST_TARGET if to == "english" else 6) + 1:
            hidden, cell = step(self.target[given], hidden, cell, *self.decoder)
            said = hidden
            if self.combine:
                scores = np.where(codes != PAD, (outputs @ hidden[:, :, None])[:, :, 0], parts.HIDDEN)
                weights = parts.softmax(np, scores)
                looked = (weights[:, None] @ outputs)[:, 0]
                said = np.tanh(np.concatenate([looked, hidden], axis=1) @ self.combine[0] + self.combine[1])
                if seen is not None:
                    seen.append(weights)
            given = (said @ self.last[0] + self.last[1]).argmax(axis=1)
            ended |= given == task.END
            written.append(given)
        return [task.read_answer(row) for row in np.transpose(written)]

    def look(self, text, to="english"):
        """Where it looked for each letter of its answer, then for the end: dict(answer, weights (t, s))."""
        seen = []
        (answer,) = self.translate([text], to, seen)
        if not seen:
            raise ValueError("look: this LSTM has no attention, so it looks at nothing: take the one with attention.")
        return {"answer": answer, "weights": np.stack([weights[0, -len(text):] for weights in seen])}


def plain(kind, model):
    """The network in NumPy, and its weights by name."""
    if kind == "transformer":
        weights = model.plain()
        return task.Translator(weights), weights
    weights = {f"{layer.name}/{place}": array
               for layer in model.layers for place, array in enumerate(layer.get_weights())}
    return Recurrent(weights), weights


def train(kind, steps=STEPS, *, seed=0, watch=None, rows=ROWS, stop=None, jit=True):
    """Train one; gives the Keras model. watch(step, losses since the last time, model) is called after each of rows.

    jit: compile by XLA, which takes half a minute and then saves a fifth of every step.
    """
    mixed = steps - MIXED_STEPS
    model = parts.compile_with(network(kind, seed), RATE, mixed, ignore=PAD, jit=jit)
    losses = []
    for step in range(stop or steps):
        phase = "short" if step < SHORT_STEPS else "long" if step < mixed else "mixed"
        if step == mixed:
            parts.compile_with(model, MIXED_RATE, steps - mixed, warmup=10, ignore=PAD, jit=jit)
        model.reset_metrics()
        size = task.BATCH * (1 + (phase == "short"))
        losses.append(float(model.train_on_batch(*task.batch(step, seed, phase, size))))
        if watch and step + 1 in rows:
            watch(step + 1, losses, model)
            losses = []
    return model


def remake(kind, steps=STEPS, *, rows=ROWS, stop=None, measured=MEASURED, tested=TESTED):
    """What is recorded of one kind: its training, its answers to unseen numbers, and its weights."""
    numbers = task.test_numbers(measured, seed=1)
    words = [german(int(number)) for number in numbers]
    found = []

    def watch(step, losses, model):
        translator, _ = plain(kind, model)
        right = [task.exact(translator.translate(words, to), numbers, to).mean() for to in TO]
        first = (step - len(losses)) % 2  # even steps ask for English
        found.append((step, np.mean(losses[first::2]), np.mean(losses[1 - first :: 2]), *right))
        print(kind, *np.round(found[-1], 4), flush=True)

    model = train(kind, steps, watch=watch, rows=rows, stop=stop)
    _, weights = plain(kind, model)
    # What is tested are the numbers that are kept, not those of before the rounding.
    small = {name: array.astype(np.float16) for name, array in weights.items()}
    translator = task.Translator(small) if kind == "transformer" else Recurrent(small)
    table = np.array(found)
    arrays = {"steps": table[:, 0].astype(int), "loss": table[:, 1:3], "exact": table[:, 3:],
              "parameters": np.array(parts.parameters(weights)), **tests(translator, tested)}
    if kind == "transformer":
        crossed = task.crossing(translator, task.test_numbers(tested, seed=2))
        arrays |= {f"crossing_{name}": np.array(crossed[name])
                   for name in ("numbers", "answers", "before", "after", "ones_fail", "others_survive")}
    return arrays | {f"w/{name}": array for name, array in small.items()}


def tests(translator, n=TESTED, each=200):
    """A translator's answers to ``n`` unseen numbers, and how many are right: in all, by digits, by letters.

    Those by digits (2 to 6) are of ``each`` unseen numbers (of all, where there are fewer); those by letters of all.
    """
    even = task.test_numbers(n)
    groups = [np.unique(task.test_numbers(each, seed=3, digits=digits)) for digits in range(2, 7)]
    numbers, places = np.unique(np.concatenate([even, *groups]), return_inverse=True)
    words = [german(int(number)) for number in numbers]
    answers = {to: np.array(translator.translate(words, to)) for to in TO}
    right = np.stack([task.exact(answers[to], numbers, to) for to in TO], axis=1)
    bins = np.searchsorted(EDGES, [len(word) for word in words])
    own = places[:n]
    floor = [task.word_by_word(words[place]) == task.answer(numbers[place], "english") for place in own]
    return {
        "test": even, "test_english": answers["english"][own], "test_digits": answers["digits"][own],
        "test_exact": right[own].mean(axis=0),
        "test_places": task.digits_right(answers["digits"][own], even).mean(axis=0),
        "by_digits": np.array([right[np.isin(numbers, group)].mean(axis=0) for group in groups]),
        "edges": np.array(EDGES), "by_letters": np.array([right[bins == k].mean(axis=0) for k in range(len(EDGES))]),
        "floor": np.mean(floor),
    }


def recorded(kind="transformer"):
    """A trained translator in NumPy, from its recording: "LSTM", "attention" or "transformer"."""
    from course_utils.datasets.recordings import read

    arrays = read(f"transformer_translation_{kind}").arrays
    weights = {name.removeprefix("w/"): array for name, array in arrays.items() if name.startswith("w/")}
    return task.Translator(weights) if kind == "transformer" else Recurrent(weights)


def main(kinds):
    """Make and store the recordings of these kinds."""
    import time

    from course_utils.datasets.recordings import write

    if not kinds or any(kind not in KINDS for kind in kinds):
        print(f"translation_studies: name one or more of {', '.join(KINDS)}.")
        return 2
    for kind in kinds:
        start = time.process_time()
        arrays = remake(kind)
        seconds = time.process_time() - start
        write(f"transformer_translation_{kind}", arrays, seed=0, command=f"{COMMAND} {kind}",
              fixed=[name for name in arrays if name not in ("steps", "loss", "exact")],
              notes=f"{seconds:.0f} s of one core; two columns are English and digits")
        print(f"{kind}: {seconds:.0f} s, unseen {arrays['test_exact']}")
    return 0


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    sys.exit(main(sys.argv[1:]))
