"""German number words into English ones, or into digits: a translation that can be marked.

Three networks learn it letter by letter from the same numbers: see ``translation_studies``. This room holds the task,
its measures and the Transformer; the trained one runs in NumPy.
"""

from functools import cache

import numpy as np

from course_utils.datasets.text import ENGLISH_ONES, ENGLISH_TENS, GERMAN_ONES, GERMAN_TENS, english, german
from course_utils.from_scratch._checks import checked, describe, one_of, whole
from course_utils.keras_tools import transformer as parts

TO = ("english", "digits")
PAD, END = 0, 1
# 2 and 3 begin an answer, and say in which language: English or digits.
SOURCE_LETTERS = "".join(sorted(set("".join(GERMAN_ONES + GERMAN_TENS) + "hunderttausendund")))
TARGET_LETTERS = "".join(sorted(set(" -".join(ENGLISH_ONES + ENGLISH_TENS) + "hundredthousand"))) + "0123456789"
SOURCE_FROM, TARGET_FROM = 1, 4  # the code of the first letter
LONGEST_SOURCE, LONGEST_TARGET = 65, 64
# Window of source and target (with its end) for numbers below 1,000 and for all, in English and in digits.
WINDOWS = {"short": (29, 28, 4), "long": (65, 65, 7)}
BATCH = 128
TOP = 1_000_000


def held_out(numbers):
    """Which numbers belong to the tenth that is never trained on. None below 20 does: each is a word of its own."""
    numbers = np.asarray(numbers, np.uint64)
    # The product wraps around, so that no pattern in the number decides.
    mixed = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(40)) % np.uint64(10) == 0) & (numbers >= 20)


@checked(n=whole(1), seed=whole(0))
def test_numbers(n=1000, seed=0, digits=None):
    """``n`` numbers that no network was trained on, drawn evenly below a million, or of those with so many digits."""
    low, high = (0, TOP) if digits is None else (10 ** (digits - 1), 10**digits)
    some = np.random.default_rng((seed, low)).integers(low, high, 20 * n + 200)
    return some[held_out(some)][:n]


def training_numbers(n, seed, phase="long"):
    """``n`` numbers to train on: below a thousand ("short"); three in four of them drawn evenly below a million
    ("long"); or half of them, and the others below a thousand, ten thousand and a hundred thousand ("mixed")."""
    tops = {"short": [1000], "long": [1000, TOP, TOP, TOP], "mixed": [1000, 10_000, 100_000, TOP, TOP, TOP]}[phase]
    rng = np.random.default_rng(seed)
    some = rng.integers(0, rng.choice(tops, 2 * n + 50))
    return some[~held_out(some)][:n]


def source_codes(texts, window=LONGEST_SOURCE, function="translate"):
    """German words as codes (n, window), padded in front, so that every word ends in the last column."""
    codes = np.full((len(texts), window), PAD, np.int32)
    for row, text in enumerate(texts):
        known = _known(function, text)
        codes[row, window - len(known):] = known
    return codes


def _known(function, text):
    if not isinstance(text, str) or not text:
        raise ValueError(f"{function}: text is {describe(text)}, but a German number word is expected: type one.")
    if len(text) > LONGEST_SOURCE:
        raise ValueError(
            f"{function}: text has {len(text)} letters, but the window holds {LONGEST_SOURCE}: shorten it.")
    places = {letter: place for place, letter in enumerate(SOURCE_LETTERS, SOURCE_FROM)}
    unknown = [letter for letter in text if letter not in places]
    if unknown:
        raise ValueError(
            f"{function}: text holds {unknown[0]!r}, which is in no German number word: use only {SOURCE_LETTERS}.")
    return [places[letter] for letter in text]


def target_codes(numbers, to, window):
    """What a decoder is given (its language, then the letters) and what it should say (the letters, then the end)."""
    places = {letter: place for place, letter in enumerate(TARGET_LETTERS, TARGET_FROM)}
    given, wanted = np.full((2, len(numbers), window), PAD, np.int32)
    for row, number in enumerate(numbers):
        letters = [places[letter] for letter in answer(number, to)]
        given[row, : len(letters) + 1] = [2 + TO.index(to), *letters]
        wanted[row, : len(letters) + 1] = [*letters, END]
    return given, wanted


def answer(number, to):
    """The right answer."""
    return english(int(number)) if to == "english" else str(int(number))


def batch(step, seed=0, phase="long", size=BATCH):
    """The ``step``-th batch: ((source, given), wanted). Every other one asks for digits."""
    to = TO[step % 2]
    numbers = training_numbers(size, (seed, step), phase)
    window, *targets = WINDOWS["short" if phase == "short" else "long"]
    given, wanted = target_codes(numbers, to, targets[TO.index(to)])
    return (source_codes([german(int(number)) for number in numbers], window), given), wanted


def new_weights(width=64, heads=4, blocks=2, seed=0):
    """Random weights of the Transformer."""
    return {
        **parts.ends(len(SOURCE_LETTERS) + SOURCE_FROM, width, name="source", seed=seed),
        **parts.ends(len(TARGET_LETTERS) + TARGET_FROM, width, name="target", seed=seed + 1),
        **parts.tower_weights("encoder", width, heads, blocks, seed=seed + 2),
        **parts.tower_weights("decoder", width, heads, blocks, cross=True, seed=seed + 3),
    }


def forward(ops, w, inputs):
    """The Transformer: (source, given) to logits (n, t, letters)."""
    source, given = inputs
    there = ops.expand_dims(ops.expand_dims(source != PAD, 1), 1)
    memory = encode(ops, w, source, there)
    return decode(ops, w, given, memory, there)


def encode(ops, w, source, there, gates=None, seen=None):
    """The encoder's output (n, s, width). there: booleans (n, 1, 1, s), which letters may be attended to."""
    x = parts.embed(ops, w, "source", source, backwards=True)
    return parts.tower(ops, w, "encoder", x, mask=there, gates=gates, seen=seen)


def decode(ops, w, given, memory, there, gates=None, seen=None, cache=None):
    """Logits for what comes after each symbol given. With a cache: one symbol at a time."""
    done = cache["decoder/0/self"][0].shape[2] if cache else 0
    x = parts.embed(ops, w, "target", given, done)
    mask = None if done else parts.causal(ops, given)
    x = parts.tower(ops, w, "decoder", x, mask=mask, memory=memory, memory_mask=there, gates=gates, seen=seen,
                    cache=cache)
    return parts.logits(ops, w, x)


class Translator:
    """The trained Transformer in NumPy: German number words into English ones or digits, heads to switch and watch.

    gates: dict from "encoder", "decoder" and "cross" to numbers from 0 (switched off) to 1, (blocks, heads); those left
    out are 1. hide: for each text booleans, one a letter: True hides it from every attention (see `translate`).
    """

    def __init__(self, weights):
        self.weights = {key: np.asarray(array, np.float32) for key, array in weights.items()}

    @checked(to=one_of(*TO), hide_from=one_of("all", "decoder"))
    def translate(self, texts, to="english", gates=None, hide=None, hide_from="all"):
        """The most likely letter, again and again until the end is written: a list of answers.

        hide_from: "decoder" lets the encoder read the hidden letters; only the cross-attention may not look there.
        """
        codes, gates, answers = source_codes(texts), self._gates(gates), []
        letters = codes != PAD
        there = letters & ~_hidden(texts, hide)
        read = letters if hide_from == "decoder" else there
        for start in range(0, len(codes), 250):
            part = slice(start, start + 250)
            answers += self._greedy(codes[part], read[part][:, None, None], there[part][:, None, None], to, gates)
        return answers

    def _greedy(self, codes, read, there, to, gates):
        first = int((codes == PAD).all(axis=0).sum())  # columns in which no text has a letter only cost time
        read, there = read[..., first:], there[..., first:]
        memory = encode(np, self.weights, codes[:, first:], read, gates["encoder"])
        given, cache, written = np.full((len(codes), 1), 2 + TO.index(to)), {}, []
        ended = np.zeros(len(codes), bool)
        while not ended.all() and len(written) < (LONGEST_TARGET if to == "english" else 6) + 1:
            scores = decode(np, self.weights, given, memory, there, gates["decoder"], cache=cache)
            given = scores.argmax(axis=-1)
            written.append(given[:, 0])
            ended |= given[:, 0] == END
        return [read_answer(row) for row in np.transpose(written)]

    @checked(to=one_of(*TO))
    def look(self, text, to="english", answer=None, gates=None):
        """Where every head looks while it writes ``answer`` (its own, if none is given).

        Gives dict(answer, weights): weights from "encoder/0/self", "decoder/1/cross" and so on to (heads, t, s). The
        encoder has a row and a column for each letter of the text; in the decoder row t is what was looked at to write
        the letter answer[t], the last row to write the end. Every row sums to 1.
        """
        answer = self.translate([text], to, gates)[0] if answer is None else answer
        codes, gates, seen = source_codes([text], len(text)), self._gates(gates), {}
        there = np.ones((1, 1, 1, len(text)), bool)
        memory = encode(np, self.weights, codes, there, gates["encoder"], seen)
        given = [2 + TO.index(to), *answer_codes(answer)]
        decode(np, self.weights, np.array([given]), memory, there, gates["decoder"], seen)
        return {"answer": answer, "weights": {name: weights[0] for name, weights in seen.items()}}

    def shape(self):
        """(blocks, heads) of the encoder and of the decoder alike."""
        blocks = sum(key.startswith("encoder/") and key.endswith("self/w_q") for key in self.weights)
        return blocks, self.weights["encoder/0/self/w_q"].shape[1]

    def _gates(self, gates):
        gates = dict(gates or {})
        for name in gates:
            if name not in ("encoder", "decoder", "cross") or np.shape(gates[name]) != self.shape():
                raise ValueError(
                    f"translate: gates has {name!r} with {describe(gates[name])}, but encoder, decoder or cross with "
                    f"one number for each block and head is expected: give shape {self.shape()}.")
        own = {name: np.asarray(gates[key], np.float32) for name, key in (("self", "decoder"), ("cross", "cross"))
               if key in gates}
        return {"encoder": {"self": np.asarray(gates["encoder"], np.float32)} if "encoder" in gates else None,
                "decoder": own}


def _hidden(texts, hide):
    """Booleans (n, window): the letters to hide, each text at the window's end."""
    hidden = np.zeros((len(texts), LONGEST_SOURCE), bool)
    for row, (text, letters) in enumerate(zip(texts, hide if hide is not None else [], strict=hide is not None)):
        if np.shape(letters) != (len(text),):
            raise ValueError(f"translate: hide has {describe(letters)} for a text of {len(text)} letters, but one True "
                             "or False for each letter is expected: give as many.")
        hidden[row, LONGEST_SOURCE - len(text):] = letters
    return hidden


def answer_codes(text):
    """An answer's letters as codes, or one sentence of trouble (ValueError)."""
    unknown = [letter for letter in text if letter not in TARGET_LETTERS]
    if unknown:
        raise ValueError(f"look: answer holds {unknown[0]!r}, which no answer can hold: use only {TARGET_LETTERS}.")
    return [TARGET_LETTERS.index(letter) + TARGET_FROM for letter in text]


def read_answer(codes):
    """Codes back into letters, up to the end; a symbol that is no letter becomes a question mark."""
    letters = []
    for code in codes:
        if code == END:
            break
        letters.append(TARGET_LETTERS[code - TARGET_FROM] if code >= TARGET_FROM else "?")
    return "".join(letters)


def exact(answers, numbers, to="english"):
    """Which answers are right to the last letter: booleans."""
    return np.array([text == answer(number, to) for text, number in zip(answers, numbers, strict=True)])


def digits_right(answers, numbers):
    """Answers in digits, right at each place: booleans (n, 6), the ones first; an answer too short has 0 there."""
    def places(text):
        return list(f"{text:0>6}"[-6:][::-1])

    return np.array([np.equal(places(text), places(str(number))) & (len(text) < 7)
                     for text, number in zip(answers, numbers, strict=True)])


@cache
def _spelled():
    """What may stand before "tausend", and what may stand behind it or alone: dicts from words to numbers."""
    return ({german(1000 * n).removesuffix("tausend"): 1000 * n for n in range(1, 1000)},
            {"": 0, **{german(n): n for n in range(1000)}})


def number_of(text):
    """The number whose German word this is, or None where ``german`` spells none so (as "hunderteins", "dreissig")."""
    before, thousand, after = text.rpartition("tausend")
    thousands, rest = _spelled()
    parts = (thousands.get(before) if thousand else 0, rest.get(after))
    return sum(parts) if None not in parts and german(sum(parts)) == text else None


def crosses(number):
    """Whether the last two digits are said in the other order in German: tens from 2 and ones from 1 on."""
    return number % 100 > 20 and number % 10 > 0


def crossing_share():
    """The share of all numbers below a million in which German and English say some two digits in another order."""
    return 1 - np.mean([not crosses(number) for number in range(1000)]) ** 2


def ones_letters(number):
    """Which letters of ``german(number)`` are the word for its ones, for a number that crosses: booleans."""
    if not crosses(number):
        raise ValueError(f"ones_letters: number is {number}, but its tens and ones must be said in the other order: "
                         "choose one like 21 or 754.")
    word, tens = german(number), GERMAN_TENS[number // 10 % 10]
    ones = "ein" if number % 10 == 1 else GERMAN_ONES[number % 10]
    letters = np.zeros(len(word), bool)
    end = len(word) - len(tens) - len("und")
    letters[end - len(ones) : end] = True
    return letters


def crossing(translator, numbers):
    """What becomes of each digit when the letters of the ones are hidden; of the numbers, those that cross are asked.

    Gives dict(numbers, before, after, ones_fail, others_survive): before and after are shares right (6,), the ones
    first; ones_fail: how many of the ones that were right are wrong now; others_survive: how many of the other digits
    that were right still are. The same two with "_from_decoder" behind: hidden from the cross-attention only.
    """
    numbers = [int(number) for number in numbers if crosses(int(number))]
    words = [german(number) for number in numbers]
    before = digits_right(translator.translate(words, "digits"), numbers)
    ones = [ones_letters(number) for number in numbers]
    hidden = translator.translate(words, "digits", hide=ones)
    after = digits_right(hidden, numbers)
    unseen = digits_right(translator.translate(words, "digits", hide=ones, hide_from="decoder"), numbers)
    there = np.array([[number >= 10**place for place in range(6)] for number in numbers])  # 0021 has no hundreds
    others = (before & there)[:, 1:]
    return {"numbers": numbers, "answers": hidden, "before": _share(before, there), "after": _share(after, there),
            "ones_fail": float(1 - _share(after[:, 0], before[:, 0])),
            "others_survive": float(_share(after[:, 1:].ravel(), others.ravel())),
            "ones_fail_from_decoder": float(1 - _share(unseen[:, 0], before[:, 0])),
            "others_survive_from_decoder": float(_share(unseen[:, 1:].ravel(), others.ravel()))}


def _share(right, asked):
    """How many of those asked are right; 0 where none is asked."""
    return (right & asked).sum(axis=0) / np.maximum(asked.sum(axis=0), 1)


def word_by_word(text):
    """The floor: every German word put into English where it stands. Right only where nothing has to cross."""
    table = {"hundert": "hundred", "tausend": "thousand", "und": "", "ein": "one"}
    table |= dict(zip(GERMAN_ONES + GERMAN_TENS[2:], ENGLISH_ONES + ENGLISH_TENS[2:], strict=True))
    words = sorted(table, key=len, reverse=True)
    found = []
    while text:
        word = next((word for word in words if text.startswith(word)), None)
        if word is None:
            raise ValueError(f"word_by_word: text goes on with {text!r}, but a German number word is expected: spell "
                             "it as german() does.")
        found.append(table[word])
        text = text[len(word):]
    return " ".join(word for word in found if word)
