"""The one kind of error that the exam room raises on purpose: a sentence that names file, field and remedy."""


class ExamError(ValueError):
    """What is wrong with a question, a blueprint, a lock or a folder, and what to do about it, in one sentence."""
