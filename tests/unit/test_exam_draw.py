"""Chance, blueprints and locks: the same exam again, disjoint resits, and sentences for what cannot be met."""

import json

import pytest

from course_utils.exam import bank
from course_utils.exam.blueprint import draw, read_blueprint
from course_utils.exam.draw import Draw, rounded, stream
from course_utils.exam.lock import changed, dump, make, read_lock, refuse_changed
from course_utils.exam.resolve import resolve
from course_utils.exam.words import DIFFICULTIES, KNOWLEDGE, TOPICS

BANK = bank.load()
PLAN = "title: {en: Exam, de: Prüfung}\nlocale: de\n"


def plan(tmp_path, text):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN + text, encoding="utf-8")
    return read_blueprint(path)


def test_streams_are_what_they_were():
    assert stream(2026, "cnn.conv_valid", 1).random() == 0.1381296650966568
    assert Draw("a", 1).wholes(5, 0, 9) == Draw("a", 1).wholes(5, 0, 9) != Draw("a", 2).wholes(5, 0, 9)


def test_grids_are_exact_decimals_and_reach_both_ends():
    draws = Draw("grid")
    seen = {draws.grid(-0.3, 0.3, 0.1) for _ in range(300)}
    assert seen == {-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3}
    assert (rounded(2.5, 0), rounded(-0.125, 2), rounded(1.005, 2)) == (3.0, -0.13, 1.01)


def test_shuffling_is_fair():
    draws = Draw("shuffle")
    counts = [0, 0, 0]
    for _ in range(3000):
        counts[draws.shuffled("abc").index("a")] += 1
    assert max(counts) - min(counts) < 200


def test_a_variant_depends_on_seed_question_and_slot_only():
    question = BANK["cnn.conv_valid"]
    assert resolve(question, 7, 3) == resolve(question, 7, 3)
    assert resolve(question, 7, 3)["values"] != resolve(question, 7, 4)["values"]


def test_any_blueprint_of_one_question_a_cell_has_a_disjoint_resit(tmp_path):
    cells = "".join(
        f"  - {{topic: {t}, difficulty: {d}, knowledge: {k}}}\n"
        for t in TOPICS
        for d in DIFFICULTIES
        for k in KNOWLEDGE
    )
    exam = plan(tmp_path, "cells:\n" + cells)
    lock = draw(exam, BANK, 1, forms=2, disjoint=True)
    first, second = ({item["id"] for item in form["items"]} for form in lock["forms"])
    assert len(first) == len(second) == 66 and not first & second
    (tmp_path / "first.lock.json").write_text(dump(draw(exam, BANK, 5)), encoding="utf-8")
    resit = draw(exam | {"not_in": ["first.lock.json"]}, BANK, 6)
    assert not set(resit["questions"]) & set(read_lock(tmp_path / "first.lock.json")["questions"])


def test_points_minutes_and_exclusions_are_met_exactly(tmp_path):
    text = "points: 20\nminutes: 30\nnot_both: [[cnn.conv_valid, cnn.output_size]]\ncells:\n"
    text += "  - {topic: cnn, difficulty: medium, knowledge: recall}\n  - {topic: [rnn, gan], count: 5}\n"
    text += "  - {kind: kprim}\n"
    lock = draw(plan(tmp_path, text), BANK, 3, forms=3)
    records = [lock["questions"][item["id"]] for item in lock["forms"][0]["items"]]
    assert sum(r["points"] for r in records) == 20 and sum(r["minutes"] for r in records) <= 30
    assert [r["topic"] in ("rnn", "gan") for r in records[1:6]] == [True] * 5 and records[6]["kind"] == "kprim"
    values = [[item["values"] for item in form["items"]] for form in lock["forms"]]
    assert values[0] != values[1] != values[2]


def test_the_same_seed_gives_the_same_lock(tmp_path):
    exam = plan(tmp_path, "cells:\n  - {topic: rnn, count: 4}\n")
    assert dump(draw(exam, BANK, 9)) == dump(draw(exam, BANK, 9)) != dump(draw(exam, BANK, 10))


def test_a_new_question_changes_no_other_variant(tmp_path):
    exam = plan(tmp_path, "cells:\n  - {topic: rnn, count: 4}\n")
    less = {name: question for name, question in BANK.items() if name != "gan.roles"}
    assert dump(draw(exam, less, 9)) == dump(draw(exam, BANK, 9))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cells:\n  - {topic: cnn, difficulty: hard, knowledge: recall, count: 5}\n", "short of 3: 5 wanted, 2 left"),
        ("points: 500\ncells:\n  - {topic: cnn, count: 2}\n", "points is 500, but these cells give between"),
        ("minutes: 2\ncells:\n  - {topic: cnn, count: 5}\n", "take at least"),
        ("cells:\n  - {id: cnn.blocks}\n  - {id: cnn.blocks}\n", "together short of 1"),
        (
            "not_both: [[cnn.blocks, cnn.max_pool]]\ncells:\n  - {id: cnn.blocks}\n  - {id: cnn.max_pool}\n",
            "no choice of questions",
        ),
        ("not_both: [[cnn.blocks, cnn.nothing]]\ncells:\n  - {topic: cnn}\n", "not in the bank"),
        ("cells:\n  - {topic: cooking}\n", "topic is 'cooking': choose one of"),
        ("cells:\n  - {color: red}\n", "cell 1 has the field color"),
        ("cells:\n  - {topic: cnn, count: 0}\n", "count of at least 1"),
        ("cells: []\n", "cells is missing"),
        ("point: 3\ncells:\n  - {topic: cnn}\n", "the field point is not known"),
        ("points: many\ncells:\n  - {topic: cnn}\n", "points is 'many'"),
        ("cells:\n  - {topic: cnn\n", "this is no YAML"),
    ],
)
def test_what_a_blueprint_cannot_have_is_said_in_one_sentence(tmp_path, text, words):
    with pytest.raises(ValueError, match="plan.yaml") as caught:
        draw(plan(tmp_path, text), BANK, 1)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_blueprint_that_is_missing(tmp_path):
    with pytest.raises(ValueError, match="cannot be read"):
        read_blueprint(tmp_path / "none.yaml")


def test_locks_notice_changes(tmp_path):
    lock = make({"en": "E", "de": "P"}, [BANK["cnn.conv_valid"]], seed=1)
    path = tmp_path / "a.lock.json"
    path.write_text(dump(lock), encoding="utf-8")
    assert read_lock(path) == lock and changed(lock) == {}
    path.write_text(dump(lock).replace('"points": 4', '"points": 5'), encoding="utf-8")
    with pytest.raises(ValueError, match="checksum does not fit"):
        read_lock(path)
    path.write_text(json.dumps({"format": 7}), encoding="utf-8")
    with pytest.raises(ValueError, match="no lock of format 1"):
        read_lock(path)
    path.write_text("no json", encoding="utf-8")
    with pytest.raises(ValueError, match="this is no lock file"):
        read_lock(path)
    old = json.loads(dump(lock))
    old["questions"]["cnn.conv_valid"] |= {"version": 0, "digest": "old"}
    with pytest.raises(ValueError, match=r"conv_valid is version 1 in the bank, but version 0 in the lock\).*--stored"):
        refuse_changed(path, old)
    old["questions"]["cnn.gone"] = old["questions"].pop("cnn.conv_valid")
    assert changed(old) == {"cnn.gone": "is no longer in the bank"}
