"""What the lessons learn from; nothing here needs a network, and each name loads its file only when it is first used.

No file is called like a function in it: Python hangs an imported file on its package under the file's name, and
``from course_utils.datasets import digits`` would then sometimes give the file and sometimes the function.
"""

import importlib

_HOMES = {
    "rabbits_and_unicorns": "animals",
    "bayes_accuracy": "animals",
    "line_accuracy": "animals",
    "digits": "handwriting",
    "placed_digits": "placed",
    "shuffle_pixels": "placed",
    "mnist": "mnist_file",
    "photographs": "photos",
    "x_and_o": "pictures",
    "x_and_o_samples": "pictures",
    "features": "pictures",
    "markup": "text",
    "markup_alphabet": "text",
    "markup_depth": "text",
    "number_words": "text",
    "german": "text",
    "english": "text",
    "read": "recordings",
    "write": "recordings",
    "follows": "recordings",
}
__all__ = sorted([*_HOMES, "recordings"])


def __getattr__(name):
    if name == "recordings":  # a file with several functions, used as recordings.read(...)
        return importlib.import_module(f"{__name__}.recordings")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
