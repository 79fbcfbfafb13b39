"""What differs first between the expected result and the one that came, in words."""

import math

import numpy as np

from course_utils.from_scratch._checks import describe

_KINDS = {
    "b": "truth values",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "floating-point numbers",
    "c": "complex numbers",
    "U": "texts",
    "O": "Python objects",
}


def difference(expected, got, tolerance=1e-6, *, kinds=True, place="the result"):
    """None if `got` is `expected` within the tolerance, else a clause such as "the result is 3, expected 4".

    Compares numbers, texts, truth values, arrays (shape, kind of numbers, values), and tuples, lists and dicts of
    these. A single whole number may stand for a float and a 0-d array for a number; `kinds=False` also forgives
    arrays of another kind of number. `place` is how the clause calls what it compares.
    """
    expected, got = _plain(expected), _plain(got)
    if isinstance(expected, np.ndarray):
        return _array_difference(expected, got, tolerance, kinds, place)
    if isinstance(expected, bool | int | float | complex):
        return _number_difference(expected, got, tolerance, kinds, place)
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list):
            return f"{place} is {short(got)}, expected {len(expected)} values"
        if len(got) != len(expected):
            return f"{place} has {len(got)} values, expected {len(expected)}"
        whole = "" if place == "the result" else f" of {place}"
        pairs = zip(expected, got, strict=True)
        parts = [
            (one, other, f"value {number} of {len(expected)}{whole}")
            for number, (one, other) in enumerate(pairs, start=1)
        ]
    elif isinstance(expected, dict):
        if not isinstance(got, dict):
            return f"{place} is {short(got)}, expected a dict with the keys {_keys(expected)}"
        if got.keys() != expected.keys():
            return f"{place} has the keys {_keys(got)}, expected {_keys(expected)}"
        parts = [(expected[key], got[key], f"{place}[{key!r}]") for key in expected]
    elif type(expected) is type(got) and expected == got:
        return None
    else:
        return f"{place} is {short(got)}, expected {short(expected)}"
    for one, other, part in parts:
        if found := difference(one, other, tolerance, kinds=kinds, place=part):
            return found
    return None


def short(value):
    """A value in few characters: numbers rounded, small arrays written out, larger ones by their shape."""
    value = _plain(value)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return number_words(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and 0 < value.size <= 9:
        return _rows(value.tolist())
    if isinstance(value, tuple | list) and 0 < len(value) <= 9:
        value = [_plain(part) for part in value]
        if all(isinstance(part, int | float | str) for part in value):
            return _rows(value)
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    return describe(value)


def number_words(value, digits=4):
    """A number with about so many digits and no needless zeros: 0.731, 12, 1.5e-07."""
    if isinstance(value, int) and abs(value) < 10**9:
        return str(value)
    try:
        return f"{value:.{digits}g}"
    except OverflowError:
        return "a whole number beyond 1e308"


def _plain(value):
    """NumPy's scalars, 0-d arrays and other libraries' tensors as plain numbers and arrays."""
    if hasattr(value, "__array__") and not isinstance(value, np.ndarray | np.generic):
        value = np.asarray(value)
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    return value


def _number_difference(expected, got, tolerance, kinds, place):
    if not isinstance(got, bool | int | float | complex):
        return f"{place} is {short(got)}, expected a single number"
    if kinds and isinstance(got, bool) != isinstance(expected, bool):
        wanted = "True or False" if isinstance(expected, bool) else "a number"
        return f"{place} is {short(got)}, expected {wanted}"
    if _close(expected, got, tolerance):
        return None
    return f"{place} is {_apart(got, expected)}, expected {_apart(expected, got)}"


def _array_difference(expected, got, tolerance, kinds, place):
    if not isinstance(got, np.ndarray):
        help_ = "; `np.array(...)` makes one of it" if isinstance(got, tuple | list) else ""
        return f"{place} is {_kind_of(got)}, expected an array of shape {expected.shape}{help_}"
    if got.shape != expected.shape:
        return f"{place} is an array of shape {got.shape}, expected shape {expected.shape}"
    kind, wanted = (_KINDS.get(array.dtype.kind, str(array.dtype)) for array in (got, expected))
    numeric = got.dtype.kind in "biufc" and expected.dtype.kind in "biufc"
    if kind != wanted and (kinds or not numeric):
        return f"{place} is an array of {kind}, expected {wanted}"
    # Huge values may overflow while they are compared; the answer is right all the same.
    with np.errstate(all="ignore"):
        near = np.isclose(got, expected, rtol=tolerance, atol=tolerance, equal_nan=True) if numeric else got == expected
    if near.all():
        return None
    where = tuple(int(index) for index in np.argwhere(~near)[0])
    one, other = expected[where], got[where]
    position = where[0] if len(where) == 1 else where
    count = f" ({int((~near).sum())} of {near.size} entries differ)" if near.size > 1 else ""
    return f"{place} at position {position} is {_apart(other, one)}, expected {_apart(one, other)}{count}"


def _close(one, other, tolerance):
    try:
        return bool(np.isclose(other, one, rtol=tolerance, atol=tolerance, equal_nan=True))
    except (OverflowError, TypeError):  # whole numbers too large for a float
        return one == other


def _apart(value, other):
    """The value in as few digits as tell it from the other."""
    value, other = _plain(value), _plain(other)
    if not (isinstance(value, float) and isinstance(other, int | float)) or not math.isfinite(value):
        return short(value)
    for digits in (4, 6, 9, 12):
        if number_words(value, digits) != number_words(other, digits):
            return number_words(value, digits)
    return repr(value)


def _rows(values):
    if isinstance(values, list | tuple):
        return f"[{', '.join(_rows(value) for value in values)}]"
    return repr(values) if isinstance(values, bool | str) else number_words(values)


def _kind_of(value):
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return f"the single number {short(value)}" if isinstance(value, int | float) else short(value)


def _keys(mapping):
    return ", ".join(repr(key) for key in mapping) or "(none)"
