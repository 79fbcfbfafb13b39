"""The test command itself: what it counts, and that a broken lesson cannot pass."""

import argparse
import os
import re
import shutil
import time
from functools import partial
from pathlib import Path

import pytest

from course_utils.publish import kernels, testing

CHECK = {"kind": "check", "name": "a.b", "status": "passed"}
CLAIM = {"kind": "claim", "name": "one", "value": 1, "equals": 1, "holds": True}


@pytest.fixture
def course(sample_course, tmp_path):
    """A copy of the sample lesson with both its editions; gives the path of its source."""
    return Path(shutil.copytree(sample_course, tmp_path / "course"), "notebooks", "src", "90_sample.py")


def test_the_journal_of_a_good_run_is_all_right():
    assert testing.read_journal([CHECK, CLAIM], {"a.b": ""}, solved=True) == (2, [])
    assert testing.read_journal([{**CHECK, "status": "unanswered"}, CLAIM], {"a.b": ""}, solved=False) == (2, [])


@pytest.mark.parametrize("entries, solved, words", [
    ([CHECK, CLAIM], False, "passed instead of unanswered"),
    ([{**CHECK, "status": "wrong"}, CLAIM], True, "wrong instead of passed"),
    ([{**CHECK, "name": "a.c"}, CLAIM], True, "check a.b: it was never run"),
    ([CHECK, {**CLAIM, "holds": False}], True, "claim one: 1 does not hold"),
    ([CHECK], True, "no claim that ran"),
    ([CLAIM], True, "no exercise that ran"),
    ([], True, "no exercise that ran"),
])
def test_the_journal_of_a_bad_run_is_not(entries, solved, words):
    _, wrong = testing.read_journal(entries, {"a.b": ""}, solved)
    assert any(words in line for line in wrong)


@pytest.mark.slow
@pytest.mark.parametrize("solved", [False, True])
def test_both_editions_of_the_sample_pass_cell_by_cell(course, solved):
    result = testing.notebook_step(course, "python3", solved)
    cells = 9 + solved  # code cells, and the one that drives the controls
    assert (result.passed, result.failed, result.skipped, result.words) == (cells + 2, 0, 0, "")


BROKEN = {
    "callback": ('return f"a line of slope {slope:.1f}"', 'return f"{1 / (slope - 0.0):.1f}"', "ZeroDivisionError"),
    "claim": ("equals=1.0", "equals=2.0", "does not hold"),
    "wrong solution": ("twice = x + x", "twice = x", "wrong instead of passed"),
    "no figure": ("InteractiveFigure(fig", "str(fig)\n(lambda *_, **__: None)(fig", "no interactive figure is alive"),
}


@pytest.mark.slow
@pytest.mark.parametrize("old, new, words", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_solutions_edition_fails(course, old, new, words):
    edition = course.parents[1] / "solutions" / "90_sample.ipynb"
    text = edition.read_text(encoding="utf-8")
    as_json = [part.replace('"', '\\"').replace("\n", '\\n",\n    "') for part in (old, new)]
    assert as_json[0] in text
    edition.write_text(text.replace(*as_json), encoding="utf-8")
    result = testing.notebook_step(course, "python3", solved=True)
    assert result.failed and words in result.words


def test_a_missing_edition_fails(course_root):
    result = testing.notebook_step(course_root / "notebooks" / "src" / "90_sample.py", "python3", solved=True)
    assert (result.passed, result.failed) == (0, 1)


def test_a_pytest_run_is_counted_from_its_report(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import pytest\n@pytest.mark.parametrize('n', range(4))\ndef test(n):\n    assert n != 2\n"
        "@pytest.mark.skip\ndef test_not(): pass\n", encoding="utf-8")
    result = testing._pytest([str(tmp_path)], dict(testing.os.environ), tmp_path)
    assert (result.passed, result.failed, result.skipped) == (3, 1, 1) and "assert 2 != 2" in result.words


def test_no_failure_hides_another(tmp_path, monkeypatch):
    monkeypatch.setenv("CI", "true")  # then pytest shortens nothing
    (tmp_path / "test_it.py").write_text(
        "def test_first(): assert 1 == 2\ndef test_pictures(): assert bytes(9000) == bytes(9001)\n"
        "def test_words(): assert 'a' * 9000 == 'b'\ndef test_last(): assert 3 == 4\n", encoding="utf-8")
    result = testing._pytest([str(tmp_path)], dict(testing.os.environ), tmp_path)
    assert result.failed == 4 and len(result.words) < 20_000
    assert re.findall(r"FAILED test_it::(\w+)", result.words) == [
        "test_first", "test_pictures", "test_words", "test_last"]
    assert "assert 1 == 2" in result.words and "assert 3 == 4" in result.words and "lines are left out" in result.words


def test_a_pytest_run_that_breaks_off_or_collects_nothing_is_no_success(tmp_path):
    (tmp_path / "test_it.py").write_text("import no_such_module", encoding="utf-8")
    assert testing._pytest([str(tmp_path)], dict(testing.os.environ), tmp_path).failed == 1
    (tmp_path / "test_it.py").write_text("", encoding="utf-8")
    result = testing._pytest([str(tmp_path)], dict(testing.os.environ), tmp_path)
    assert result.passed + result.failed + result.skipped == 0
    assert testing._pytest(["--no-such-option"], dict(testing.os.environ), tmp_path).failed == 1


def command(*words):
    parser = argparse.ArgumentParser()
    testing.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("results, status, last", [
    ([testing.Result(passed=3), testing.Result(passed=2, skipped=1)], 0, "5 passed, 0 failed"),
    ([testing.Result(passed=3), testing.Result(passed=1, failed=2, words="why")], 1, "4 passed, 2 failed"),
    ([testing.Result(passed=3), testing.Result()], 1, "3 passed, 1 failed"),
    ([testing.Result(skipped=1)], 1, "0 passed, 0 failed"),
    ([], 1, "0 passed, 0 failed"),
])
def test_the_last_line_counts_and_the_status_follows(monkeypatch, capsys, results, status, last):
    monkeypatch.setattr(testing, "_steps", lambda *_: [("a step", lambda found=found: found) for found in results])
    monkeypatch.setattr(testing.editions, "lesson_sources", lambda *_: [])
    monkeypatch.setattr(kernels, "install_missing", lambda: None)
    assert testing.main(command()) == status
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_jobs_side_by_side_start_at_the_first_call_two_at_a_time_and_answer_in_order():
    running, most, begun = [], [], []

    def job(number):
        begun.append(number)
        running.append(number)
        most.append(len(running))
        time.sleep(0.05)
        running.remove(number)
        if number == 3:
            raise testing.CourseError("job 3 fails")
        return number

    waits = testing.side_by_side([partial(job, number) for number in range(5)])
    assert begun == []
    assert [waits[number]() for number in (1, 0, 2, 4)] == [1, 0, 2, 4]
    assert sorted(begun) == [0, 1, 2, 3, 4] and max(most) == min(2, os.cpu_count())
    with pytest.raises(testing.CourseError, match="job 3 fails"):
        waits[3]()


def test_fast_leaves_out_notebooks_and_browser_and_the_gpu_is_proved_first():
    def names(*words):
        return [name for name, _ in testing._steps(command(*words), [Path("01_alpha.py"), Path("02_beta.py")])]

    assert names("--fast") == ["ruff check", "build --check", "unit tests"]
    assert names("--no-browser") == [
        *names("--fast"), "01_alpha, learners' edition", "01_alpha, solutions and controls",
        "02_beta, learners' edition", "02_beta, solutions and controls"]
    assert names() == [*names("--no-browser"), "browser tests"]
    assert names("--kernel", "course-gpu") == ["a GPU is really there", *names()]


@pytest.mark.parametrize("words, ci, failed", [([], "", 0), ([], "true", 1), (["--browser"], "", 1)])
def test_without_a_chromium_the_browser_step_skips_or_fails_in_words(monkeypatch, words, ci, failed):
    monkeypatch.setattr(testing, "chromium", lambda: None)
    monkeypatch.setenv("CI", ci)
    result = testing._browser(command(*words), [])
    assert (result.passed, result.failed, result.skipped) == (0, failed, 1 - failed)
    assert "install the system package chromium" in result.words
