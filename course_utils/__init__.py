"""The helper package behind the course: `import course_utils as course`.

Importing it costs only the standard library; each name below loads its room on first use, so that a lesson
without Keras never pays for Keras.
"""
from importlib import import_module

_HOME = {"start": "exercises", "check": "exercises", "hint": "exercises", "solution": "exercises", "claim": "exercises"}

_ROOMS = ("exam",)  # offered as they are: course.exam.question("cnn.conv_valid")

__all__ = sorted([*_HOME, *_ROOMS])
__version__ = "0.1.0"


def __getattr__(name):
    if name in _ROOMS:
        return import_module(f"course_utils.{name}")
    if name not in _HOME:
        raise AttributeError(f"course_utils has no name {name!r}: it offers {', '.join(__all__)}")
    return getattr(import_module(f"course_utils.{_HOME[name]}"), name)


def __dir__():
    return sorted([*globals(), *__all__])
