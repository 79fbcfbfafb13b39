"""Run every check of the course, one line a step, and count: the last line reads `N passed, M failed`."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from course_utils.publish import build, editions, kernels, newest
from course_utils.publish.editions import ROOT
from course_utils.publish.environment import CourseError

STEP_SECONDS = 3600  # a step that hangs is stopped and counts as failed; in a browser a busy machine takes 40 minutes
DRIVE = """from course_utils.visuals.interactive import drive_all
driven = drive_all()
assert driven, "no interactive figure is alive at the end of this lesson"
"""


@dataclass
class Result:
    """What one step found: how many checks passed and failed, and what a reader should see of it."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    words: str = ""


def add_arguments(parser):
    """Add the options of `python -m course_utils test`."""
    parser.add_argument("--fast", action="store_true", help="leave out the notebooks, the browser and slow tests")
    parser.add_argument("--kernel", default="course-cpu", choices=["course-cpu", "course-gpu"], help="kernel to run on")
    parser.add_argument("--lesson", action="append", metavar="LESSON", help="run only this lesson's notebooks, as 01")
    parser.add_argument("--newest", action="store_true", help="run the fast tests on the newest releases instead")
    parser.add_argument("--browser", action=argparse.BooleanOptionalAction, default=None,
                        help="require or leave out the browser tests; by default they run where a Chromium is found")


def main(arguments):
    """Run all steps in order; returns 1 when anything failed or nothing ran."""
    if arguments.newest:
        return newest.main()
    if not arguments.fast:
        kernels.install_missing()
    passed = failed = 0
    for name, step in _steps(arguments, editions.lesson_sources(arguments.lesson)):
        print(f"{name} … ", end="", flush=True)
        start = time.perf_counter()
        try:
            result = step()
        except CourseError as error:
            result = Result(failed=1, words=str(error))
        if not result.passed + result.failed + result.skipped:
            result = Result(failed=1, words="This step ran nothing at all.")
        counts = [f"{number} {word}" for number, word in
                  ((result.passed, "passed"), (result.failed, "failed"), (result.skipped, "skipped")) if number]
        print(f"{', '.join(counts)} ({time.perf_counter() - start:.1f} s)")
        for line in result.words.rstrip().splitlines():
            print(f"    {line}")
        sys.stdout.flush()
        passed, failed = passed + result.passed, failed + result.failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def chromium():
    """Path of an installed Chromium or Chrome that Playwright can drive, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if shutil.which(name):
            return shutil.which(name)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:  # one that `playwright install chromium` put in its own folder
        path = play.chromium.executable_path
    return path if path and Path(path).exists() else None


def _steps(arguments, lessons):
    """(name, function giving a Result) of each step, in order."""
    if arguments.kernel == "course-gpu":
        yield "a GPU is really there", _gpu
    yield "ruff check", _ruff
    yield "build --check", _editions_are_current
    yield "unit tests", lambda: _unit(arguments.fast)
    if arguments.fast:
        return
    editions_of = (("learners' edition", False), ("solutions and controls", True))
    names = [f"{path.stem}, {edition}" for path in lessons for edition, _ in editions_of]
    yield from zip(names, side_by_side([partial(notebook_step, path, arguments.kernel, solved)
                                        for path in lessons for _, solved in editions_of]), strict=True)
    if arguments.browser is not False:
        yield "browser tests", lambda: _browser(arguments, lessons)


def side_by_side(jobs, at_once=2):
    """For each job a function that waits for its result; the first one called starts all, some at a time, in order.

    A notebook's run starts a kernel and imports Keras on one core, while another one trains.
    """
    started = []

    def wait(number):
        if not started:
            workers = ThreadPoolExecutor(min(at_once, os.cpu_count() or 1))
            started.extend(workers.submit(job) for job in jobs)
            workers.shutdown(wait=False)
        return started[number].result()

    return [partial(wait, number) for number in range(len(jobs))]


def _gpu():
    return Result(passed=1, words=" on ".join(kernels.prove_gpu()))


def _ruff():
    done = _run([sys.executable, "-m", "ruff", "check", "--output-format=concise", "."], dict(os.environ))
    return Result(passed=1) if done.returncode == 0 else Result(failed=1, words=done.stdout)


def _editions_are_current():
    differences = build.check()
    return Result(failed=1, words="\n".join(differences)) if differences else Result(passed=1)


def _unit(fast):
    options = ["-n", "2", "--dist", "loadfile", *(["-m", "not slow"] if fast else [])]
    return _pytest([str(ROOT / "tests"), f"--ignore={ROOT / 'tests' / 'browser'}", *options], dict(os.environ), ROOT)


def _browser(arguments, lessons):
    if chromium() is None:
        words = "No Chromium is installed, so no page was opened; install the system package chromium to test them."
        required = arguments.browser or os.environ.get("CI")
        return Result(failed=1, words=words) if required else Result(skipped=1, words=words)
    environment = dict(os.environ, COURSE_LESSONS=" ".join(path.stem for path in lessons), COURSE_NEEDS_BROWSER="1")
    return _pytest([str(ROOT / "tests" / "browser")], environment, ROOT)


def notebook_step(path, kernel, solved):
    """Run one edition of a lesson under nbval and compare its journal with the exercises in the source.

    The solutions edition gets one more cell, which drives every control of every figure inside the same run: nbval
    reports an exception that is raised in a callback.
    """
    committed = path.parents[1] / ("solutions" if solved else "") / f"{path.stem}.ipynb"
    if not committed.exists():
        return Result(failed=1, words=f"The edition of {path.stem} is missing; run: python -m course_utils build")
    notebook = nbformat.read(committed, as_version=4)
    if solved:
        notebook.cells.append(nbformat.v4.new_code_cell(DRIVE, id="drive-all-controls"))
    with tempfile.TemporaryDirectory() as folder:  # a copy elsewhere: a lesson must not depend on its folder
        copy, journal = Path(folder, committed.name), Path(folder, "journal.jsonl")
        nbformat.write(notebook, copy)
        options = ["--nbval-lax", f"--nbval-kernel-name={kernel}", f"--nbval-cell-timeout={build.CELL_SECONDS}"]
        result = _pytest([*options, str(copy)], build.kernel_environment(COURSE_JOURNAL=str(journal)), folder)
        lines = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
    exercises = editions.solutions(editions.read(path))
    right, wrong = read_journal([json.loads(line) for line in lines], exercises, solved)
    return Result(result.passed + right, result.failed + len(wrong), result.skipped, "\n".join([result.words, *wrong]))


def read_journal(entries, exercises, solved):
    """Compare a run's journal with the lesson's exercises; returns (entries that are right, what is wrong in words).

    Every exercise must have been checked once and come out "passed" (solutions) or "unanswered" (learners), every claim
    must hold, and a lesson without any exercise or claim is wrong too.
    """
    expected = "passed" if solved else "unanswered"
    checks = [entry for entry in entries if entry["kind"] == "check"]
    claims = [entry for entry in entries if entry["kind"] == "claim"]
    wrong = [f"check {entry['name']}: {entry['status']} instead of {expected}"
             for entry in checks if entry["status"] != expected]
    wrong += [f"claim {entry['name']}: {entry['value']} does not hold" for entry in claims if not entry["holds"]]
    right = len(checks) + len(claims) - len(wrong)
    missing = sorted(set(exercises) - {entry["name"] for entry in checks})
    wrong += [f"check {name}: it was never run" for name in missing]
    kinds = (("exercise", checks), ("claim", claims))
    wrong += [f"the lesson has no {word} that ran" for word, found in kinds if not found]
    return right, wrong


def _run(command, environment, folder=ROOT):
    try:
        return subprocess.run(command, env=environment, cwd=folder, timeout=STEP_SECONDS, text=True, encoding="utf-8",
                              errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        raise CourseError(f"This step took more than {STEP_SECONDS} s and was stopped.") from None


def _pytest(options, environment, folder):
    """Run pytest in its own process and count from its report; what it printed is shown only where something failed."""
    environment.setdefault("COURSE_JOURNAL", "")
    with tempfile.TemporaryDirectory() as place:
        report = Path(place, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", "--color=no", "--tb=short", "-p", "no:cacheprovider",
                   f"--junitxml={report}"]
        done = _run([*command, *options], environment, folder)
        if not report.exists():
            return Result(failed=1, words=done.stdout[-4000:])
        root = ElementTree.parse(report).getroot()
    suites = list(root.iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(key)) for suite in suites) for key in ("tests", "failures", "errors", "skipped"))
    failed = failures + errors
    if done.returncode not in (0, 5) and not failed:
        failed, total = 1, total + 1
    return Result(total - failed - skipped, failed, skipped, (_told(root) or done.stdout[-6000:]) if failed else "")


def _told(report):
    """Each failed test of a pytest report by name, with the first and the last lines of what it said.

    Where CI is set pytest shortens nothing: two pictures that differ would fill the page and hide the other failures.
    """
    told = []
    for case in report.iter("testcase"):
        for trouble in (*case.iter("failure"), *case.iter("error")):
            lines = [line[:240] for line in (trouble.text or trouble.get("message", "")).strip().splitlines()]
            if len(lines) > 40:
                lines = [*lines[:30], f"({len(lines) - 40} lines are left out)", *lines[-10:]]
            told += [f"FAILED {case.get('classname')}::{case.get('name')}", *(f"    {line}" for line in lines)]
    return "\n".join(told)
