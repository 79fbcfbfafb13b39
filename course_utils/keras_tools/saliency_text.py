"""Saliency for text: a small LSTM that continues the course's markup, and which characters made it write the next one.

The stored weights are made anew, in about ten minutes on two cores, by::

    python -m course_utils.keras_tools.saliency_text
"""

import re

import numpy as np

from course_utils.from_scratch._checks import checked, describe, whole
from course_utils.keras_tools.autodiff import once_per_model, value_and_gradient

COMMAND = "python -m course_utils.keras_tools.saliency_text"
UNITS, LENGTH, BATCH = 128, 140, 64
LINE = "\n"  # marks the beginning of a document


def alphabet():
    """The characters the network knows, the mark of a beginning first."""
    from course_utils.datasets import markup_alphabet

    return LINE + markup_alphabet()


def one_hot(text):
    """A text as (1, characters, alphabet) float32: one 1 in each row."""
    letters = alphabet()
    unknown = [letter for letter in text if letter not in letters] if isinstance(text, str) else [text]
    if unknown or not text:
        came = "an empty text" if not unknown else describe(unknown[0])
        raise ValueError(f"one_hot: the text holds {came}, but only the characters of markup_alphabet() are known: "
                         "leave it out.")
    return np.eye(len(letters), dtype=np.float32)[[letters.index(letter) for letter in text]][None]


def markup_net(weights="trained"):
    """An LSTM with 128 units that reads one-hot characters (n, time, alphabet) and gives logits for the next (same)."""
    import keras

    width = len(alphabet())
    model = keras.Sequential([
        keras.Input((None, width), name="text"),
        keras.layers.LSTM(UNITS, return_sequences=True, name="lstm"),
        keras.layers.Dense(width, name="logits"),
    ], name="markup_net")
    if weights == "trained":
        from course_utils.datasets import read

        arrays = read("saliency_markup").arrays
        model.set_weights([arrays[str(number)].astype(np.float32) for number in range(len(model.weights))])
    return model


def next_logits(model, texts):
    """The logits (n, alphabet) of the character after each text."""
    import keras

    found = []
    for some in _parts(texts):
        inputs, ends = _together(some)
        found.append(keras.ops.convert_to_numpy(model(inputs))[np.arange(len(some)), ends])
    return np.concatenate(found)


def character_saliency(model, texts, letters):
    """Slope times input of the logit of each letter as the next character: one array (characters,) for each text."""
    found = []
    for some, asked in zip(_parts(texts), _parts(letters), strict=True):
        inputs, ends = _together(some)
        labels = np.array([alphabet().index(letter) for letter in asked])
        _, slope = _logit_and_gradient(model)(inputs, labels, ends)
        maps = (slope * inputs).sum(axis=-1)
        found += [one[1 : end + 1] for one, end in zip(maps, ends, strict=True)]
    return found


def _parts(items, size=8):
    """A few at a time: the way back through an LSTM keeps every step of every text."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def _together(texts):
    """All texts in one batch, filled up with zeros behind their ends, which an LSTM has not read when it gets there."""
    coded = [one_hot(LINE + text)[0] for text in texts]
    inputs = np.zeros((len(coded), max(map(len, coded)), len(alphabet())), np.float32)
    for row, one in zip(inputs, coded, strict=True):
        row[: len(one)] = one
    return inputs, np.array([len(one) - 1 for one in coded])


@once_per_model
def _logit_and_gradient(model):
    from keras import ops

    def logit(inputs, labels, ends):
        at_ends = ops.sum(model(inputs) * ops.one_hot(ends, inputs.shape[1])[..., None], axis=1)
        return ops.sum(at_ends * ops.one_hot(labels, len(alphabet())))

    return value_and_gradient(logit, "inputs", model, compile=False)


def closing_tags(document):
    """Where tags are closed: a list of (text up to and with "</", the tag, where its opening "<" stands)."""
    found, open_tags = [], []
    for match in re.finditer(r"<(/?)([a-z]+)[^>]*>", document):
        if match[1]:
            start = open_tags.pop()
            found.append((document[:match.start() + 2], match[2], start))
        else:
            open_tags.append(match.start())
    return found


def inside_opening_tag(text, start):
    """Truth values, one a character: whether it belongs to the opening tag that begins at ``start``."""
    place = np.arange(len(text))
    return (place >= start) & (place <= text.index(">", start))


def tag_shares(model, documents):
    """For each closing tag (distance back to its opening tag, first letter right, share, floor), an array (n, 4).

    share: what part of the map's strength, without the last two characters "</", lies on the opening tag; floor: what
    part of the characters it is.
    """
    places = [place for document in documents for place in closing_tags(document)]
    texts, firsts = [text for text, _, _ in places], [tag[0] for _, tag, _ in places]
    maps, answers, rows = character_saliency(model, texts, firsts), next_logits(model, texts).argmax(axis=1), []
    for (text, tag, start), one, answer in zip(places, maps, answers, strict=True):
        strength, inside = np.abs(one)[:-2], inside_opening_tag(text, start)[:-2]
        right = alphabet()[answer] == tag[0]
        rows.append((len(text) - start, right, strength[inside].sum() / strength.sum(), inside.mean()))
    return np.array(rows, dtype=float)


@checked(steps=whole(1), seed=whole(0))
def train(steps=2500, seed=0, *, documents=3000, report=print):
    """Train on made documents, one after the other in a long line, cut into pieces of 140 characters."""
    import keras

    from course_utils.datasets import markup

    keras.utils.set_random_seed(seed)
    model = markup_net(weights=None)
    letters = alphabet()
    line = np.array([letters.index(letter) for letter in LINE + LINE.join(markup(documents, seed=1000 + seed))])
    starts = np.flatnonzero(line[:-LENGTH - 1] == 0)
    rng, codes = np.random.default_rng(seed), np.eye(len(letters), dtype=np.float32)
    rate = keras.optimizers.schedules.CosineDecay(6e-3, steps)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=rate, clipnorm=1.0),
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for step in range(1, steps + 1):
        # Every piece begins where a document begins, so that no tag was opened before what the network sees.
        some = rng.choice(starts, BATCH)[:, None] + np.arange(LENGTH + 1)
        loss = model.train_on_batch(codes[line[some[:, :-1]]], line[some[:, 1:]])
        if step % 100 == 0:
            report(f"step {step}: loss {float(loss):.3f}", flush=True)
    return model


def right_letters(model, documents):
    """How often the network's next character after "</" is the tag's first: (right, asked)."""
    places = [place for document in documents for place in closing_tags(document)]
    answers = next_logits(model, [text for text, _, _ in places]).argmax(axis=1)
    right = sum(alphabet()[answer] == tag[0] for answer, (_, tag, _) in zip(answers, places, strict=True))
    return right, len(places)


def remake():
    """Train the network and store its weights in half precision, with its score on unseen documents in the notes."""
    from course_utils.datasets import markup
    from course_utils.datasets.recordings import write

    model = train()
    right, asked = right_letters(model, markup(40, seed=5))
    arrays = {str(number): value.astype(np.float16) for number, value in enumerate(model.get_weights())}
    notes = f"first letter after </ right in {right} of {asked} places in 40 unseen documents"
    print(notes)
    write("saliency_markup", arrays, seed=0, command=COMMAND, notes=notes)


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    remake()
