"""Exercises that check themselves, claims that are tested, and the start of a lesson.

The first four names are for lessons (`course.check(...)`), `exercise` and `all_exercises` for the files in
`exercises/lessons/` and for the tests.
"""

from course_utils.exercises.claims import ClaimError, claim
from course_utils.exercises.display import CheckResult
from course_utils.exercises.judge import check, hint, solution
from course_utils.exercises.registry import all_exercises, exercise
from course_utils.exercises.session import start

__all__ = ["CheckResult", "ClaimError", "all_exercises", "check", "claim", "exercise", "hint", "solution", "start"]
