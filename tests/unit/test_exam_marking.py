"""Marking: every kind, blanks, decimal commas, named mistakes, errors carried forward; never below zero."""

import pytest

from course_utils.exam import bank
from course_utils.exam.marking import mark, truth
from course_utils.exam.resolve import resolve
from course_utils.exam.sheet import Entry
from course_utils.exam.words import number, plain, read_number, readings

QUESTIONS = bank.load()


def marked(name, response, seed=7):
    question = QUESTIONS[name]
    variant = resolve(question, seed)
    follow = question.code.get("follow") if question.computed else None
    return mark(question.record, variant, response(variant) if callable(response) else response, follow)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_truth_and_blank(name):
    record, variant = QUESTIONS[name].record, resolve(QUESTIONS[name], 3)
    full = mark(record, variant, truth(variant))
    code = sum(field["points"] for field in variant["fields"] if field["type"] == "code")
    assert full["points"] + full["open"] + code == pytest.approx(record["points"])
    blank = mark(record, variant, {})
    assert blank["points"] == 0 and {row["status"] for row in blank["fields"]} <= {"blank", "open"}


def test_kprim_gives_half_for_three():
    def some(wrong):
        def response(variant):
            right = truth(variant)
            return {k: (not v if i < wrong else v) for i, (k, v) in enumerate(right.items())}

        return response

    assert [marked("neuron.activations", some(wrong))["points"] for wrong in range(5)] == [2, 1, 0, 0, 0]


def test_crossing_everything_earns_nothing():
    fields = [{"key": k, "type": "bool", "answer": k in "AB", "points": 1} for k in "ABCD"]
    record = {"id": "x", "points": 4, "scoring": "balanced"}

    def points(crossed):
        return mark(record, {"fields": fields, "values": {}}, dict.fromkeys(crossed, True))["points"]

    assert [points(c) for c in ("AB", "A", "AC", "ABC", "ABCD", "CD", "")] == [4, 2, 0, 2, 0, 0, 0]


def test_ordering_counts_neighbors():
    def shifted(variant):
        right = truth(variant)
        return {k: v % len(right) + 1 for k, v in right.items()}

    assert marked("descent.loop_order", shifted)["points"] == pytest.approx(2 * 3 / 4)
    assert marked("descent.loop_order", lambda v: dict.fromkeys(truth(v), 1))["points"] == 0


def test_numbers_are_read_as_people_write_them():
    read = [
        read_number(text) for text in ("1,5", "1.5", " −2 ", "12’000", "1 000", "3.", "abc", "", "nan", "1e999", True)
    ]
    assert read == [1.5, 1.5, -2, 12000, 1000, None, None, None, None, None, None]


def test_a_number_may_have_its_unit_and_groups():
    written = {"15,000": [15, 15000], "15.000": [15, 15000], "1.234.567": [1234567], "0,125": [0.125],
               "80 %": [80, 0.8], "0.8 %": [0.008],
               "−2.500": [-2.5, -2500], "30 kWh": [30], "30kwh": [], "kWh": [], "%": []}
    assert {text: readings(text, "kWh") for text in written} == written
    assert readings(2.5) == [2.5] and readings("30 kWh") == []


@pytest.mark.parametrize("name, unit", [
    ("transformer.cost", ""), ("society.energy", " kWh"), ("saliency.deletion", " %")])
def test_a_right_number_is_right_in_any_dress(name, unit):
    def dressed(variant):
        return {key: f"{value:,.10g}".replace(",", ".") + unit for key, value in truth(variant).items()}

    assert marked(name, dressed)["points"] == QUESTIONS[name].points


@pytest.mark.parametrize("name, slip, later", [
    ("adversarial.pgd", lambda right: right["a"] + 0.1, "bc"), ("mlp.batch_norm", lambda right: right["m"] + 1, "vn")])
def test_a_walk_and_a_batch_carry_errors_forward(name, slip, later):
    question = QUESTIONS[name]

    def carried(variant):
        right, first = truth(variant), next(iter(truth(variant)))
        given = {first: slip(right)}
        return given | question.code["follow"](variant["values"], given)

    rows = marked(name, carried)["fields"]
    assert rows[0]["status"] == "wrong" and all(row["status"] in ("right", "follows") for row in rows[1:])
    assert {row["key"] for row in rows[1:]} == set(later)


def test_that_errors_carry_forward_is_said_only_where_they_do():
    said = {name: Entry(1, QUESTIONS[name].record, resolve(QUESTIONS[name], 0), "en").instruction()
            for name in ("neuron.forward", "transformer.cost")}
    assert "carry forward" in said["neuron.forward"] and said["transformer.cost"] == ""


def test_numbers_are_printed_as_the_country_does():
    assert [number(-1.5, locale) for locale in ("en", "de", "de-CH")] == ["−1.5", "−1,5", "−1.5"]
    assert [number(12345, locale) for locale in ("en", "de-CH")] == ["12\u202f345", "12’345"]
    assert [number(0.5, "de", 2), number(-0.001, "de", 1), plain(-0.0), plain(1e-7)] == [
        "0,50",
        "0,0",
        "0",
        "0.0000001",
    ]


def test_a_named_mistake_is_recognized():
    def flipped(variant):
        return {f["key"]: f["mistakes"]["flipped"] for f in variant["fields"]}

    rows = marked("cnn.conv_valid", flipped)["fields"]
    assert "flipped" in {row.get("mistake") for row in rows} and marked("cnn.conv_valid", flipped)["points"] < 4


def test_errors_carry_forward():
    def slip(variant):
        z = abs(variant["answer"]["z"]) + 10
        return {"z": z, "a": max(0, z)}

    result = marked("neuron.forward", slip)
    assert [row["status"] for row in result["fields"]] == ["wrong", "follows"] and result["points"] == 1.5


def test_letters_and_indices_choose_alike():
    def right(variant):
        return {"choice": "abcde"[truth(variant)["choice"]]}

    assert marked("society.deepfakes", right)["points"] == 1
    assert marked("society.deepfakes", {"choice": "Z"})["points"] == 0


def test_cloze_words_take_synonyms():
    field = {"key": "a", "type": "text", "accept": {"en": ["bias"], "de": ["Bias", "Schwelle"]}, "points": 1}
    record, variant = {"id": "x", "points": 1, "scoring": "each"}, {"fields": [field], "values": {}}
    assert [mark(record, variant, {"a": w})["points"] for w in ("Bias", " schwelle", "weight", "")] == [1, 1, 0, 0]


def test_code_is_run_on_its_cases():
    def size(n, k, s, p):
        return 0 if k > n + 2 * p else (n + 2 * p - k) // s + 1

    assert marked("cnn.code_size", {"code": size})["points"] == 4
    assert marked("cnn.code_size", {"code": lambda n, k, s, p: (n - k) // s})["points"] == 0
    assert marked("cnn.code_size", {"code": lambda: 1})["points"] == 0


def test_an_unknown_key_is_refused():
    with pytest.raises(ValueError, match=r"response has the key 'wert', but neuron.forward asks for z, a"):
        marked("neuron.forward", {"wert": 1})
