"""The question bank: all files under data/question_bank, read once."""

import functools
from pathlib import Path

from course_utils.exam.errors import ExamError
from course_utils.exam.questions import read
from course_utils.exam.words import DIFFICULTIES, KNOWLEDGE, TOPICS

BANK = Path(__file__).resolve().parents[2] / "data" / "question_bank"


@functools.lru_cache(maxsize=4)
def load(folder=BANK):
    """All questions of a folder as a dictionary by id, in the order of their ids; raises ExamError."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ExamError(f"{folder}: there is no such folder: name the folder of the question bank.")
    questions = [read(path) for path in sorted(folder.glob("*/*.py"))]
    return {question.id: question for question in questions}


def find(name, folder=BANK):
    """One question by its id; reads only that file."""
    topic, _, stem = str(name).partition(".")
    path = Path(folder) / topic / f"{stem}.py"
    if not stem or not path.is_file():
        close = [question.stem for question in sorted((Path(folder) / topic).glob("*.py"))]
        where = f"in topic {topic}: {', '.join(close)}" if close else f"one of the topics {', '.join(TOPICS)}"
        raise ExamError(f"question: id is {name!r}, but there is no such question: choose {where}.")
    return _read_once(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=512)
def _read_once(path, changed):
    return read(path)


def counts(questions):
    """How many questions each cell has: {(topic, difficulty, knowledge): number}, empty cells included."""
    table = {(t, d, k): 0 for t in TOPICS for d in DIFFICULTIES for k in KNOWLEDGE}
    for question in questions:
        table[question.topic, question.difficulty, question.knowledge] += 1
    return table


def table(questions):
    """The table that `list` prints: one row a topic, one column a difficulty and kind of knowledge."""
    questions = list(questions)
    found = counts(questions)
    columns = [(d, k) for d in DIFFICULTIES for k in KNOWLEDGE]
    lines = [
        " " * 12 + "".join(f"{d[:6]:>8}" for d, _ in columns),
        " " * 12 + "".join(f"{k[:6]:>8}" for _, k in columns),
    ]
    for topic in TOPICS:
        row = [found[topic, d, k] for d, k in columns]
        lines.append(f"{topic:12}" + "".join(f"{n:8}" for n in row) + f"   {sum(row):4}")
    computed = sum(question.computed for question in questions)
    figures = sum("figure" in question.sections for question in questions)
    lines.append(f"{len(questions)} questions, {computed} with computed variants, {figures} with a figure")
    return "\n".join(lines)
