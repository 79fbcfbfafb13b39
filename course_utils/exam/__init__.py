"""Exams: a bank of questions whose answers are computed, drawn to a blueprint, printed, and practised with."""

from course_utils.exam.bank import load
from course_utils.exam.errors import ExamError
from course_utils.exam.practice import question

__all__ = ["ExamError", "load", "question"]
