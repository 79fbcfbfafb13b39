"""The question bank as a whole: complete, readable as notebooks, in two languages, and sound under stress."""

import jupytext
import pytest

from course_utils.exam import bank
from course_utils.exam.check import check_bank, longest_is_right
from course_utils.exam.questions import KINDS, LESSONS
from course_utils.exam.resolve import resolve
from course_utils.exam.stress import run, stress

QUESTIONS = list(bank.load().values())


def test_every_cell_of_the_matrix_has_two_questions():
    short = {cell: n for cell, n in bank.counts(QUESTIONS).items() if n < 2}
    assert not short and len(QUESTIONS) >= 132


def test_half_of_the_bank_is_computed_and_25_have_a_figure():
    assert 2 * sum(q.computed for q in QUESTIONS) >= len(QUESTIONS)
    assert sum("figure" in q.sections for q in QUESTIONS) >= 25


def test_lessons_and_topics_agree():
    assert not [q.id for q in QUESTIONS if q.record["lesson"] != LESSONS.get(q.topic, 0)]


def test_every_kind_is_used():
    assert {q.kind for q in QUESTIONS} == set(KINDS)


def test_files_open_as_notebooks():
    for question in QUESTIONS:
        book = jupytext.read(question.path)
        kinds = [cell.cell_type for cell in book.cells]
        assert kinds == ["markdown"] * (1 + 2 * len(question.sections)) + ["code"] * question.computed, question.id
        assert f"id: {question.id}" in book.cells[0].source


def test_check_finds_nothing_and_everything_compiles():
    assert check_bank(QUESTIONS) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_length_of_the_right_option_is_no_clue(language):
    longest, of = longest_is_right(QUESTIONS, language)
    assert of >= 10 and longest <= 0.45 * of


def test_every_number_has_a_second_way():
    numeric = [q for q in QUESTIONS if q.computed and q.kind in ("single", "number", "table", "parts")]
    numeric = [q for q in numeric if not isinstance(resolve(q, 1)["answer"], str)]
    assert len(numeric) > 60 and [q.id for q in numeric if "oracle" not in q.code] == []


def test_stress_with_200_seeds():
    rows, problems = run(QUESTIONS, seeds=200)
    assert problems == [] and len(rows) == len(QUESTIONS)
    assert sum(row["mutants"] for row in rows.values()) > 5000
    assert all(row["different"] > 1 for q, row in zip(QUESTIONS, rows.values(), strict=True) if q.computed)


def test_right_answers_have_no_favorite_place():
    places = [resolve(q, seed)["fields"][0]["answer"] for q in QUESTIONS if q.kind == "single" for seed in range(100)]
    assert max(places.count(i) for i in range(3)) < 1.25 * min(places.count(i) for i in range(3))


def test_a_planted_mistake_is_caught(monkeypatch):
    question = bank.find("descent.one_step")
    generate = question.code["generate"]

    def wrong(draw):
        result = generate(draw)
        if result:
            result["answer"] = result["mistakes"].pop("uphill")
        return result

    monkeypatch.setitem(question.code, "generate", wrong)
    with pytest.raises(ValueError, match=r"one_step\.py: oracle says"):
        stress(question, 5)


def test_a_mistake_equal_to_the_truth_is_redrawn_and_then_refused(monkeypatch):
    question = bank.find("mlp.dropout_mean")
    monkeypatch.setitem(question.code, "generate", lambda draw: {"answer": 1, "mistakes": {"dropped": 1.0}})
    with pytest.raises(ValueError, match="gave no usable variant in 200 redraws"):
        resolve(question, 1)
