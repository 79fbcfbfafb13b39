"""Text made by rules, so that right and wrong can be counted: nested markup, and number words in two languages."""

import numpy as np

from course_utils.from_scratch._checks import checked, describe, whole

TAGS = ("a", "b", "box", "item", "list", "note", "part", "row")
ATTRIBUTES = ("id", "kind")
VALUES = ("1", "2", "3", "new", "old")
WORDS = (
    *("ant", "bear", "bee", "cat", "cow", "deer", "dog", "eel", "elk", "fish", "fox", "frog", "goat", "hare", "hen"),
    *("kite", "lark", "lion", "lynx", "mole", "moth", "mouse", "newt", "owl", "ox", "pig", "pony", "rat", "seal"),
    *("snail", "swan", "toad", "wasp", "wolf", "wren"),
)
DEEPEST = 6
SIBLINGS = (0, 0, 0, 0, 1, 1, 1, 2, 2, 3)  # how many children beside the one that goes down, drawn from these
SHORTEST, LONGEST = 60, 400


@checked(n=whole(1), seed=whole(0))
def markup(n, seed=0):
    """A list of ``n`` made documents of nested tags, each 60 to 400 characters long and well-formed XML.

    The grammar (``*`` any number of times, ``?`` at most once, ``|`` or)::

        document  = element                          1 to 6 elements deep; the outermost is depth 1
        element   = "<" tag attribute? ">" content "</" tag ">"       both tags the same
        attribute = " " name '="' value '"'          about one element in eight has one
        content   = text | (text? element)* text?    never empty
        text      = word (" " word)*                 1 to 4 names of animals, 8 to 20 in a document of one element
        tag       = "a" | "b" | "box" | "item" | "list" | "note" | "part" | "row"
        name      = "id" | "kind"
        value     = "1" | "2" | "3" | "new" | "old"

    A model that writes such documents has to remember which tags are open, in which order. The same ``n`` and ``seed``
    always give the same documents, and the first documents of a longer list are those of a shorter one. All characters
    are in ``markup_alphabet()``. No document holds a line break, so one can mark its end.

    The idea of a network that learns to close its tags is from the lecture "Deep down the rabbit hole" (A. Köpf), after
    A. Karpathy, "The Unreasonable Effectiveness of Recurrent Neural Networks", 2015.
    """
    generator = np.random.default_rng(seed)
    documents = []
    while len(documents) < n:
        depth = generator.integers(1, DEEPEST + 1)
        document = _element(generator, depth, words=(1, 4) if depth > 1 else (8, 20))
        if SHORTEST <= len(document) <= LONGEST:
            documents.append(document)
    return documents


def _element(generator, depth, words):
    """One element that is exactly ``depth`` deep: one child goes all the way down, others may stop sooner."""
    tag, attribute, content = _pick(generator, TAGS), "", ""
    if generator.random() < 1 / 8:
        attribute = f' {_pick(generator, ATTRIBUTES)}="{_pick(generator, VALUES)}"'
    if depth == 1:
        content = _text(generator, words)
    else:
        depths = [generator.integers(1, depth) for _ in range(_pick(generator, SIBLINGS))]
        depths.insert(generator.integers(len(depths) + 1), depth - 1)
        for child in depths:
            content += _text(generator, words) if generator.random() < 1 / 4 else ""
            content += _element(generator, child, words)
        content += _text(generator, words) if generator.random() < 1 / 4 else ""
    return f"<{tag}{attribute}>{content}</{tag}>"


def _text(generator, words):
    return " ".join(_pick(generator, WORDS) for _ in range(generator.integers(words[0], words[1] + 1)))


def _pick(generator, options):
    return options[generator.integers(len(options))]  # several times as fast as generator.choice


def markup_alphabet():
    """Every character that ``markup`` can write, sorted, as one text."""
    return "".join(sorted(set(' <>/="').union(*TAGS, *ATTRIBUTES, *VALUES, *WORDS)))


def markup_depth(document):
    """How many elements deep a document is (1 for a single element), or 0 if an XML parser refuses it."""
    if not isinstance(document, str):
        raise TypeError(f"markup_depth: document is {describe(document)}, but one document is expected: give a text.")
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(document)
    except (ElementTree.ParseError, ValueError):  # ValueError: characters that no encoding takes
        return 0
    depth, level = 0, [root]
    while level:  # level by level, for a generated document may nest deeper than Python calls can
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


# Words for 0 to 19, and for 20, 30, ... 90 by the tens digit (0 and 1 have no word of their own).
GERMAN_ONES = (
    *("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    *("dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
)
GERMAN_TENS = ("", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
ENGLISH_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
ENGLISH_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_words(number):
    """One number from 0 to 999,999 as ``(german, english, digits)``: (``"einundzwanzig"``, ``"twenty-one"``, ``"21"``).

    See ``german`` and ``english`` for the spellings chosen.
    """
    return german(number), english(number), str(int(number))


@checked(number=whole(0, 999_999))
def german(number):
    """A number from 0 to 999,999 in German words, written together and small.

    Decisions where German leaves a choice or trips up learners:
    - ``eins`` stands only at the very end (eins, einhunderteins, eintausendeins); elsewhere it is ``ein``
      (einundzwanzig, eintausend). So 101,000 is ``einhunderteintausend``.
    - a hundred and a thousand are always counted: ``einhundert``, ``eintausend``, not the equally right ``hundert``,
      ``tausend``. So 101 is ``einhunderteins`` (not ``hunderteins``), and no ``und`` stands after the hundreds.
    - ``sechzehn`` and ``sechzig`` lose the s, ``siebzehn`` and ``siebzig`` the en; ``dreißig`` has an ß; 0 is ``null``.
    - the ones come before the tens: 721 is ``siebenhunderteinundzwanzig``.
    """
    if number == 0:
        return "null"
    thousands, rest = divmod(number, 1000)
    words = _german_below_1000(thousands, "ein") + "tausend" if thousands else ""
    return words + _german_below_1000(rest, "eins")


def _german_below_1000(number, one):
    """Words for 1 to 999, nothing for 0; ``one`` is how a 1 at the end is said."""
    hundreds, rest = divmod(number, 100)
    words = ("ein" if hundreds == 1 else GERMAN_ONES[hundreds]) + "hundert" if hundreds else ""
    tens, ones = divmod(rest, 10)
    if rest == 1:
        return words + one
    if rest < 20:
        return words + (GERMAN_ONES[rest] if rest else "")
    first = ("ein" if ones == 1 else GERMAN_ONES[ones]) + "und" if ones else ""
    return words + first + GERMAN_TENS[tens]


@checked(number=whole(0, 999_999))
def english(number):
    """A number from 0 to 999,999 in American English words: no "and", no comma, a hyphen only from 21 to 99.

    721 is ``seven hundred twenty-one``, 40 is ``forty``, 101,000 is ``one hundred one thousand``, 0 is ``zero``.
    """
    if number == 0:
        return "zero"
    thousands, rest = divmod(number, 1000)
    words = [*_english_below_1000(thousands), "thousand"] if thousands else []
    return " ".join(words + _english_below_1000(rest))


def _english_below_1000(number):
    """A list of words for 1 to 999, an empty list for 0."""
    hundreds, rest = divmod(number, 100)
    words = [ENGLISH_ONES[hundreds], "hundred"] if hundreds else []
    tens, ones = divmod(rest, 10)
    if 0 < rest < 20:
        words.append(ENGLISH_ONES[rest])
    elif rest:
        words.append(ENGLISH_TENS[tens] + (f"-{ENGLISH_ONES[ones]}" if ones else ""))
    return words
