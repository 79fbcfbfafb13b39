"""Numbers that the prose promises and a run must keep."""

import html
import math
import os
from dataclasses import dataclass

import numpy as np

from course_utils.exercises import journal
from course_utils.exercises.display import Display
from course_utils.from_scratch._checks import describe


class ClaimError(AssertionError):
    """A claim does not hold. Raised only where COURSE_STRICT=1, as the tests set it."""


@dataclass(frozen=True, repr=False)
class ClaimLine(Display):
    """One line: what came out, and what was claimed."""

    words: str
    holds: bool

    def text(self):
        return self.words if self.holds else f"✗ {self.words}: does not hold"

    def html(self):
        if self.holds:
            return f"<div>{html.escape(self.words)}</div>"
        edge = "border-left:.4em solid #d55e00;padding-left:.6em"
        return f'<div style="{edge}"><b>✗ {html.escape(self.words)}: does not hold</b></div>'


def claim(name, value, *, at_least=None, at_most=None, equals=None, within=0.0):
    """Show a number beside what the text claims of it: `test accuracy 0.983 (claimed: at least 0.97)`.

    The claim is `at_least`, `at_most`, both (a range), or `equals`, which may be off by `within`. `value` is a single
    number, or True or False together with `equals`. A claim that does not hold shows a marked line; under
    COURSE_STRICT=1 it raises ClaimError. NaN never holds.
    """
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"claim: name is {describe(name)}, expected a text that says what is claimed.")
    value = _single(name, "value", value, may_be_nan=True)
    bounds = {
        bound: _single(name, bound, number)
        for bound, number in (("at_least", at_least), ("at_most", at_most), ("equals", equals))
        if number is not None
    }
    within = _single(name, "within", within)
    if not bounds or ("equals" in bounds and len(bounds) > 1):
        came = " and ".join(bounds) or "none"
        raise ValueError(f"claim {name!r}: the bounds are {came}, expected at_least, at_most, both, or equals alone.")
    if within < 0 or (within and "equals" not in bounds):
        raise ValueError(f"claim {name!r}: within is {within}, expected a number from 0 on, together with equals.")
    if "at_least" in bounds and "at_most" in bounds and bounds["at_least"] > bounds["at_most"]:
        raise ValueError(
            f"claim {name!r}: at_least is {at_least} and at_most is {at_most}, expected at_least to be the smaller."
        )
    truths = [isinstance(number, bool) for number in (value, *bounds.values())]
    if any(truths) and not (all(truths) and "equals" in bounds):
        raise ValueError(
            f"claim {name!r}: value is {value}, expected a number, or True or False together with equals=True or False."
        )

    holds = _holds(value, bounds, within)
    line = ClaimLine(f"{name} {_value_words(value, bounds, within)} (claimed: {_claim_words(bounds, within)})", holds)
    journal.record("claim", name=name, value=value, **bounds, **({"within": within} if within else {}), holds=holds)
    from IPython.display import display  # here, so that scripts and tests that claim nothing need not load it

    display(line)
    if not holds and os.environ.get("COURSE_STRICT") == "1":
        raise ClaimError(line.text())


def _single(name, argument, value, may_be_nan=False):
    """The argument as a plain bool, int or float."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, np.floating):
        value = float(str(value))  # 0.9 in single precision is meant as 0.9, not as 0.8999999762
    elif isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, bool | int | float):
        raise TypeError(
            f"claim {name!r}: {argument} is {describe(value)}, expected a single number; `float(...)` makes one of it."
        )
    if not may_be_nan and not math.isfinite(value):
        raise ValueError(f"claim {name!r}: {argument} is {value}, expected a finite number.")
    return value


def _holds(value, bounds, within):
    if isinstance(value, float) and math.isnan(value):
        return False
    if "equals" in bounds:
        # In binary 0.251 lies a little more than 0.001 from 0.25; nobody who claims that means the last bit.
        slack = 1e-12 * abs(bounds["equals"]) if within else 0
        return value == bounds["equals"] or abs(value - bounds["equals"]) <= within + slack
    return bounds.get("at_least", -math.inf) <= value <= bounds.get("at_most", math.inf)


def _value_words(value, bounds, within):
    """The value with about three digits, and with more where rounding would turn the claim's truth around."""
    if not isinstance(value, float) or not math.isfinite(value):
        return str(value)
    holds = _holds(value, bounds, within)
    for digits in range(3, 17):
        words = _rounded(value, digits)
        if _holds(float(words), bounds, within) == holds:
            return words
    return repr(value)


def _rounded(value, digits):
    """A float with so many digits, whole digits never cut, without needless zeros: 0.983, 98.3, 1235, 1.5e-07."""
    if value and not 1e-4 <= abs(value) < 1e9:
        return f"{value:.{digits}g}"
    size = math.floor(math.log10(abs(value))) + 1 if value else 1
    words = f"{value:.{max(0, digits - size)}f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def _claim_words(bounds, within):
    words = {bound: repr(number).removesuffix(".0") for bound, number in bounds.items()}
    if "equals" in words:
        return words["equals"] + (f", give or take {within!r}" if within else "")
    if len(words) == 2:
        return f"from {words['at_least']} to {words['at_most']}"
    ((bound, number),) = words.items()
    return f"{bound.replace('_', ' ')} {number}"
