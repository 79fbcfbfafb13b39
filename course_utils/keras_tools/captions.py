"""Captions of digit pictures, lesson 05: a CNN's vector goes into a small LSTM, which writes "a three, leaning left".

What a caption should say is measured from the pixels, so that each can be marked. The recording ``rnn_captions`` is
made anew by::

    python -m course_utils.keras_tools.captions
"""

from functools import cache

import numpy as np

from course_utils.from_scratch._checks import checked, numbers, whole
from course_utils.keras_tools.models import as_input, digit_cnn, shaken

COMMAND = "python -m course_utils.keras_tools.captions"
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LEANS = (("leaning", "left"), ("upright",), ("leaning", "right"))
WIDTHS = ("thin", "medium", "thick")
END = "."
WORDS = (END, "a", "an", ",", "leaning", "left", "right", "upright", *WIDTHS, *DIGITS)
LENGTH = 8  # words of the longest caption, its end included
UNITS, BATCH, RATE, STEPS, COPIES = 64, 64, 3e-3, 1200, 6


@checked(pictures=numbers(3))
def measure(pictures):
    """How far the strokes lean, in degrees (right is positive), and how thick they are, in pixels: two arrays (n,).

    Lean: by how much the center of a row moves to the right from one row to the next above it, from the moments of the
    ink. Thickness: the ink over the number of pixels in its skeleton.
    """
    from skimage.morphology import skeletonize

    ink = pictures / 255
    row, column = np.mgrid[: ink.shape[1], : ink.shape[2]]
    mass = ink.sum(axis=(1, 2)) + 1e-9
    row = row - ((ink * row).sum(axis=(1, 2)) / mass)[:, None, None]
    column = column - ((ink * column).sum(axis=(1, 2)) / mass)[:, None, None]
    lean = np.arctan2(-(ink * row * column).sum(axis=(1, 2)), (ink * row**2).sum(axis=(1, 2)) + 1e-9)
    bones = np.array([skeletonize(one > 0.5).sum() for one in ink])
    return np.rad2deg(lean), mass / np.maximum(bones, 1)


@cache
def _thirds():
    """For each digit the two values between thirds of the training pictures: arrays (10, 2) of lean and thickness."""
    from course_utils.datasets import digits

    (pictures, labels), _ = digits()
    found = measure(pictures)
    return [np.array([np.quantile(values[labels == digit], (1 / 3, 2 / 3)) for digit in range(10)]) for values in found]


@checked(label=whole(0, 9))
def caption(label, lean, thickness):
    """What is to be said: "a three, leaning left, thick", compared with the training pictures of the same digit.

    The third of them that lean farthest to the left are "leaning left", and so on: a 6 has its ink to the left below,
    so its lean says little until it is compared with other sixes.
    """
    leans, widths = _thirds()
    article = "an" if label == 8 else "a"
    lean = " ".join(LEANS[int(np.searchsorted(leans[label], lean))])
    return f"{article} {DIGITS[label]}, {lean}, {WIDTHS[int(np.searchsorted(widths[label], thickness))]}"


def captions(pictures, labels):
    """The right caption of each picture, a list."""
    return [caption(int(label), lean, width) for label, lean, width in zip(labels, *measure(pictures), strict=True)]


def _coded(texts):
    """Captions as numbers (n, 8), filled up with ends."""
    rows = [text.replace(",", " ,").split() for text in texts]
    return np.array([[WORDS.index(word) for word in row] + [0] * (LENGTH - len(row)) for row in rows])


def _text(codes):
    words = [WORDS[code] for code in codes]
    return " ".join(words[: words.index(END)] if END in words else words).replace(" ,", ",")


def caption_model(seed=0):
    """A CNN's vector (n, 1568) and the words so far (n, 7) to logits (n, 8, words): the vector is the first input."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    vector, words = keras.Input((1568,), name="vector"), keras.Input((LENGTH - 1,), dtype="int32", name="words")
    first = layers.Reshape((1, UNITS))(layers.Dense(UNITS, name="as_a_word")(vector))
    steps = layers.Concatenate(axis=1)([first, layers.Embedding(len(WORDS), UNITS, name="word")(words)])
    hidden = layers.LSTM(UNITS, return_sequences=True, name="lstm")(steps)
    return keras.Model([vector, words], layers.Dense(len(WORDS), name="logits")(hidden))


def vectors(pictures):
    """What the trained ``digit_cnn`` hands to its last layer, (n, 1568), for uint8 pictures (n, 28, 28)."""
    import keras

    cnn = digit_cnn()
    body = keras.Model(cnn.inputs[0], cnn.get_layer("flatten").output)
    parts = [body(as_input(pictures[start : start + 100])) for start in range(0, len(pictures), 100)]
    return np.concatenate([keras.ops.convert_to_numpy(part) for part in parts])


@checked(steps=whole(1), seed=whole(0))
def train(steps=STEPS, seed=0, *, copies=COPIES, callbacks=()):
    """Train a ``caption_model`` on shaken copies of the training pictures, each measured again; gives the model."""
    import keras

    from course_utils.datasets import digits

    (pictures, labels), _ = digits()
    others = 255 * shaken(np.tile(pictures / 255, (copies - 1, 1, 1)), seed)
    pictures = np.concatenate([pictures, others.astype("uint8")])
    coded, inputs = _coded(captions(pictures, np.tile(labels, copies))), vectors(pictures)
    model = caption_model(seed)
    model.compile(optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, steps)),
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    model.fit([inputs, coded[:, :-1]], coded, batch_size=BATCH, epochs=-(-steps // -(-len(inputs) // BATCH)), verbose=0,
              callbacks=list(callbacks))
    return model


class Captioner:
    """Writes captions with a trained ``caption_model``."""

    def __init__(self, model):
        self.model = model

    @checked(pictures=numbers(3))
    def write(self, pictures):
        """A caption for each picture (n, 28, 28), 0 to 255: the likeliest word at every step."""
        import keras

        inputs, codes = vectors(pictures), np.zeros((len(pictures), LENGTH), "int32")
        for step in range(LENGTH):
            logits = keras.ops.convert_to_numpy(self.model([inputs, codes[:, :-1]]))
            codes[:, step] = logits[:, step].argmax(axis=-1)
        return [_text(row) for row in codes]


def recorded_captioner():
    """The captioner with the recorded weights."""
    from course_utils.datasets.recordings import read

    arrays, model = read("rnn_captions").arrays, caption_model()
    model.set_weights([arrays[f"w{number}"].astype(np.float32) for number in range(len(model.weights))])
    return Captioner(model)


def parts_right(written, truth):
    """Share of captions whose digit, lean and thickness are right, an array (3,); the parts stand between commas."""
    pairs = [(one.split(", "), other.split(", ")) for one, other in zip(written, truth, strict=True)]
    return np.array([[part in one[place : place + 1] for place, part in enumerate(other)] for one, other in pairs]
                    ).mean(axis=0)


@checked(part=whole(1, 2))
def probe(part=2):
    """Share of test pictures whose lean (part 1) or thickness (2) one linear layer reads off the same vector rightly.

    Ridge regression on the training pictures, with one output for each of the three words; the largest output wins.
    """
    from course_utils.datasets import digits

    train_set, test_set = digits()
    inputs, fresh = vectors(train_set[0]), vectors(test_set[0])
    spread = inputs.std(axis=0) + 0.05 * inputs.std()  # many of its numbers are 0 for nearly all pictures
    middle, inputs, fresh = inputs.mean(axis=0), inputs / spread, fresh / spread
    inputs, fresh = inputs - middle / spread, fresh - middle / spread
    words, truth = (np.array([text.split(", ")[part] for text in captions(*one)]) for one in (train_set, test_set))
    names = np.unique(words)
    targets = (words[:, None] == names) - np.mean(words[:, None] == names, axis=0)
    weights = inputs.T @ np.linalg.solve(inputs @ inputs.T + 1000 * np.eye(len(inputs)), targets)
    outputs = fresh @ weights + np.mean(words[:, None] == names, axis=0)
    return float(np.mean(names[outputs.argmax(axis=1)] == truth))


def record(steps=STEPS):
    """What the recording holds; fewer steps make a short remake."""
    from course_utils.datasets import digits

    (train_pictures, train_labels), (pictures, labels) = digits()
    model = train(steps)
    model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()])  # as stored
    written, truth = Captioner(model).write(pictures), captions(pictures, labels)
    known, counts = np.unique(captions(train_pictures, train_labels), return_counts=True)
    always = str(known[counts.argmax()])
    right = np.array(written) == np.array(truth)
    print(f"right {right.mean():.3f}; digit, lean, thickness {parts_right(written, truth)}; {always!r}")
    weights = {f"w{number}": weight.astype(np.float16) for number, weight in enumerate(model.get_weights())}
    return {"pictures": pictures, "truth": np.array(truth), "written": np.array(written), "right": right,
            "parts": parts_right(written, truth), "always": np.array(always),
            "floor": np.array(np.mean(np.array(truth) == always)), "training_steps": np.array(steps), **weights}


def main():
    """Make and store the recording."""
    from course_utils.datasets.recordings import write
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    write("rnn_captions", record(), seed=0, command=COMMAND, notes="540 test pictures, new to the CNN and to the LSTM")


if __name__ == "__main__":
    main()
