"""Markup is well-formed and varied; number words are read back by a parser that shares nothing with their maker."""

import re

import numpy as np
import pytest

from course_utils.datasets import english, german, markup, markup_alphabet, markup_depth, number_words

GERMAN = {
    **{"ein": 1, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9},
    **{"zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16},
    **{"siebzehn": 17, "achtzehn": 18, "neunzehn": 19, "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50},
    **{"sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90},
}
LONGEST_FIRST = "|".join(sorted(GERMAN, key=len, reverse=True))


def read_german(word):
    """Split at tausend, then at hundert; below that a word of the table, or ones, und, tens."""
    if word == "null":
        return 0
    thousands, found, rest = word.rpartition("tausend")
    if found:
        return 1000 * below_thousand(thousands) + below_thousand(rest)
    return below_thousand(word)


def below_thousand(word):
    hundreds, found, rest = word.rpartition("hundert")
    total = 100 * GERMAN[hundreds] if found else 0
    if not rest:
        return total
    match = re.fullmatch(f"(?:(?P<ones>{LONGEST_FIRST})und)?(?P<last>{LONGEST_FIRST})", rest)
    return total + GERMAN[match["last"]] + (GERMAN[match["ones"]] if match["ones"] else 0)


ENGLISH = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
}


def read_english(words):
    """Add up, and multiply what has come so far at hundred and at thousand."""
    done, group = 0, 0
    for word in re.split("[ -]", words):
        if word == "thousand":
            done, group = 1000 * group, 0
        elif word == "hundred":
            group *= 100
        else:
            group += ENGLISH[word]
    return done + group


def some_numbers():
    return [*range(10_000), *np.random.default_rng(0).integers(10_000, 1_000_000, size=5_000).tolist()]


def test_numbers_come_back_from_both_languages():
    numbers = some_numbers()
    for number in numbers:
        in_german, in_english, digits = number_words(number)
        assert read_german(in_german) == read_english(in_english) == int(digits) == number
    assert len({german(number) for number in numbers}) == len({english(number) for number in numbers})


@pytest.mark.parametrize(
    ("number", "in_german", "in_english"),
    [
        (0, "null", "zero"),
        (1, "eins", "one"),
        (7, "sieben", "seven"),
        (11, "elf", "eleven"),
        (12, "zwölf", "twelve"),
        (16, "sechzehn", "sixteen"),
        (17, "siebzehn", "seventeen"),
        (21, "einundzwanzig", "twenty-one"),
        (30, "dreißig", "thirty"),
        (33, "dreiunddreißig", "thirty-three"),
        (40, "vierzig", "forty"),
        (66, "sechsundsechzig", "sixty-six"),
        (77, "siebenundsiebzig", "seventy-seven"),
        (100, "einhundert", "one hundred"),
        (101, "einhunderteins", "one hundred one"),
        (111, "einhundertelf", "one hundred eleven"),
        (721, "siebenhunderteinundzwanzig", "seven hundred twenty-one"),
        (1000, "eintausend", "one thousand"),
        (1001, "eintausendeins", "one thousand one"),
        (21_000, "einundzwanzigtausend", "twenty-one thousand"),
        (101_000, "einhunderteintausend", "one hundred one thousand"),
        (201_101, "zweihunderteintausendeinhunderteins", "two hundred one thousand one hundred one"),
        (999_999, "neunhundertneunundneunzig" + "tausend" + "neunhundertneunundneunzig", None),
    ],
)
def test_spellings_decided(number, in_german, in_english):
    assert german(number) == in_german
    assert in_english is None or english(number) == in_english


def test_eins_stands_only_at_the_end_and_one_form_is_small_and_whole():
    for number in some_numbers():
        word = german(number)
        assert re.fullmatch("[a-zßäöü]+", word)
        assert "eins" not in word[:-4]
        assert "and" not in english(number).replace("thousand", "")


def test_markup_is_what_its_grammar_says():
    documents = markup(400, seed=1)
    depths = [markup_depth(document) for document in documents]
    assert set(depths) == set(range(1, 7))
    assert np.mean(np.array(depths) >= 3) > 0.5
    assert all(60 <= len(document) <= 400 for document in documents)
    assert set("".join(documents)) == set(markup_alphabet())
    assert len(set(documents)) == 400
    assert 0.05 < np.mean([len(re.findall('="', d)) / d.count("</") for d in documents]) < 0.2


def test_markup_depends_on_the_seed_and_its_beginning_not_on_n():
    assert markup(5, seed=2) == markup(9, seed=2)[:5]
    assert markup(5, seed=2) != markup(5, seed=3)


@pytest.mark.parametrize(
    ("document", "depth"),
    [
        ("<a>cat</a>", 1),
        ("<a><b>cat</b><b>cat<a>cow</a></b></a>", 3),
        ("<a><b>cat</a></b>", 0),
        ("<a>cat", 0),
        ("<a>cat</a><a>cat</a>", 0),
        ("", 0),
        ("cat", 0),
        ("\ud800", 0),
        ("<a>" * 3000 + "cat" + "</a>" * 3000, 3000),
    ],
)
def test_markup_depth_is_zero_where_a_parser_refuses(document, depth):
    assert markup_depth(document) == depth


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: number_words(-1), ["number", "-1"]),
        (lambda: german(1_000_000), ["number", "1000000", "999999"]),
        (lambda: english(2.0), ["number", "2.0"]),
        (lambda: german("7"), ["number", "'7'"]),
        (lambda: english(True), ["number", "True"]),
        (lambda: markup(0), ["n ", "0"]),
        (lambda: markup(3, seed=None), ["seed", "None"]),
        (lambda: markup_depth(None), ["document", "None"]),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert all(word in str(caught.value) for word in words)
    assert "\n" not in str(caught.value)
