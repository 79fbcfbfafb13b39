"""How fast variants are made, a sheet of 20 and 100 forms are printed, and a stress run of 5,000 seeds goes.

Run it with `python tests/benchmarks/bench_exam.py`; `--stress` adds the whole stress run (minutes).
"""

import sys
import time

from course_utils.exam import bank
from course_utils.exam.build import files
from course_utils.exam.lock import make
from course_utils.exam.resolve import resolve
from course_utils.exam.stress import run
from course_utils.exam.typst_sheet import pdf

LIMITS = {"variants a second": 10_000, "sheet and solutions": 1.0, "100 forms": 10.0, "stress": 300.0}
TITLE = {"en": "Deep learning", "de": "Deep Learning"}


def seconds(function, repeat=1):
    """The shortest of some runs."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def twenty(questions):
    """Every sixth question: all topics, difficulties and most kinds."""
    return list(questions.values())[::6][:20]


def measure(stress=False):
    """Rows of (what, measured, limit); a variant is typical at the median of all computed questions."""
    questions = bank.load()
    computed = [q for q in questions.values() if q.computed]
    for question in computed:
        resolve(question, 0)
    times = sorted(seconds(lambda q=q: [resolve(q, seed) for seed in range(200)], 3) / 200 for q in computed)
    rows = [("variants a second", 1 / times[len(times) // 2], LIMITS["variants a second"])]
    lock = make(TITLE, twenty(questions), seed=1)
    pdf(lock, "A", "de")  # the first document loads the fonts
    locks = [make(TITLE, twenty(questions), seed=s) for s in (2, 4, 6)]
    sheet = min(seconds(lambda lock=lock: list(files(lock, ["de"], ("pdf",)))) for lock in locks)
    rows.append(("sheet and solutions", sheet, LIMITS["sheet and solutions"]))
    rows.append(("100 forms", seconds(lambda: hundred(questions)), LIMITS["100 forms"]))
    if stress:
        rows.append(("stress", seconds(lambda: run(list(questions.values()), 5000)), LIMITS["stress"]))
    return rows


def hundred(questions):
    lock = make(TITLE, twenty(questions), seed=3, forms=100)
    return sum(len(data) for _, data in files(lock, ["de"], ("pdf",)))


def rows():
    """What `python -m course_utils bench` prints of the exams."""
    units = {"variants a second": "a second, at least", "sheet and solutions": "s", "100 forms": "s"}
    return [{"name": f"exams: {what}", "value": round(value, 2), "limit": limit, "unit": units[what],
             "holds": bool(value >= limit if "at least" in units[what] else value <= limit)}
            for what, value, limit in measure()]


if __name__ == "__main__":
    for what, value, limit in measure("--stress" in sys.argv):
        print(f"{what:22} {value:10.2f}   limit {limit:g}")
