"""Saliency for text: which characters made lesson 05's LSTM write the next one.

Nothing is trained here: the weights are those of the longest training that lesson 05 recorded.
"""

import re

import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.keras_tools.autodiff import once_per_model, value_and_gradient
from course_utils.keras_tools.text_models import LEVELS, MARK, PlainModel, character_model

BATCH, PIECE = 8, 160  # texts at once: the way back keeps every step of each; their lengths are multiples of PIECE
RIVALS = {one: other for level in LEVELS if len(level) == 2 for one, other in (level, level[::-1])}


def markup_net():
    """Lesson 05's LSTM after 4,000 steps: one-hot characters (n, time, letters) to logits for the next (same shape)."""
    from course_utils.keras_tools.text_studies import recorded

    plain = recorded("longest")
    model = character_model("lstm", plain.letters)
    model.set_weights([*plain.weights, plain.dense, plain.bias])
    return model


def one_hot(text, letters):
    """A text as (characters, letters) float32: one 1 in each row."""
    unknown = [letter for letter in text if letter not in letters] if isinstance(text, str) else [text]
    if unknown or not text:
        came = "an empty text" if not unknown else describe(unknown[0])
        raise ValueError(f"one_hot: the text holds {came}, but only the network's characters are known, {letters!r}: "
                         "leave it out.")
    return np.eye(len(letters), dtype=np.float32)[[letters.index(letter) for letter in text]]


def next_letters(model, texts):
    """The most probable next character after each text, calculated in NumPy."""
    plain = PlainModel.of(model)
    last = np.array([hidden[-1] for hidden, _ in plain.run(texts)])
    return [plain.letters[place] for place in (last @ plain.dense + plain.bias).argmax(axis=1)]


def character_saliency(model, texts, letters):
    """Slope times input of the logit of each letter as the next character: one array (characters,) for each text."""
    coded = [one_hot(MARK + text, model.letters) for text in texts]
    goals = one_hot("".join(letters), model.letters)
    time = -(-max(map(len, coded)) // PIECE) * PIECE
    found = []
    for start in range(0, len(coded), BATCH):
        # Filled up with zeros, which an LSTM has not read when it gets to the end of a text: so one compiled form does.
        inputs, wanted = np.zeros((2, BATCH, time, len(model.letters)), np.float32)
        ends = [len(one) - 1 for one in coded[start : start + BATCH]]
        for row, end in enumerate(ends):
            inputs[row, : end + 1], wanted[row, end] = coded[start + row], goals[start + row]
        maps = (_logit_and_gradient(model)(inputs, wanted)[1] * inputs).sum(axis=-1)
        found += [one[1 : end + 1] for one, end in zip(maps, ends, strict=False)]
    return found


@once_per_model
def _logit_and_gradient(model):
    from keras import ops

    def logit(inputs, wanted):
        return ops.sum(model(inputs) * wanted)

    return value_and_gradient(logit, "inputs", model)


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
    """For each closing tag (distance to its opening tag, first letter right, share, floor, end), an array (n, 5).

    share: what part of the map's strength, without the last two characters "</", lies on the opening tag; floor: what
    part of the characters it is; end: what part of the whole strength lies on these last two.
    """
    places = [place for document in documents for place in closing_tags(document)]
    texts, firsts = [text for text, _, _ in places], [tag[0] for _, tag, _ in places]
    maps, answers, rows = character_saliency(model, texts, firsts), next_letters(model, texts), []
    for (text, tag, start), one, answer in zip(places, maps, answers, strict=True):
        strength, inside = np.abs(one)[:-2], inside_opening_tag(text, start)[:-2]
        rows.append((len(text) - start, answer == tag[0], strength[inside].sum() / strength.sum(), inside.mean(),
                     1 - strength.sum() / np.abs(one).sum()))
    return np.array(rows, dtype=float)


def followed(model, documents):
    """Write the other possible tag where one was opened: does the answer follow? (distance, truth value), (n, 2).

    The outermost tag has no other.
    """
    places = [place for document in documents for place in closing_tags(document) if place[1] in RIVALS]
    texts = [text[: start + 1] + RIVALS[tag] + text[start + 1 + len(tag) :] for text, tag, start in places]
    rows = [(len(text) - start, answer == RIVALS[tag][0])
            for (text, tag, start), answer in zip(places, next_letters(model, texts), strict=True)]
    return np.array(rows, dtype=float)
