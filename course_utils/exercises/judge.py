"""Checking a learner's function: runs it, compares it with the reference, and names the mistake."""

import ast
import difflib
import inspect
import linecache
import re
import textwrap
import traceback

import numpy as np

from course_utils.exercises import journal, registry, running
from course_utils.exercises.compare import difference, short
from course_utils.exercises.display import CheckResult, Note
from course_utils.from_scratch._checks import describe

_REPLACE = "Replace the line `...  # your code` by your own, run that cell, then run this one again."


def check(name, function):
    """Try a function on fresh inputs and say what came out: right, which mistake, or not answered yet.

    `name` is the exercise, such as "neuron.output"; `function` is the function itself, without parentheses. Gives a
    CheckResult, which the notebook shows. Never raises, prints nothing, and stops after five seconds.
    """
    found, result = _find(name)
    if found is not None:
        try:
            status, message = _judge(found, function)
        except running.TimeUp:
            status = "timeout"
            message = (
                f"Your function was still running after {running.SECONDS:g} seconds: does one of its loops never end?"
            )
        except KeyboardInterrupt:
            status, message = "error", "You stopped the check before it had finished; run the cell again to repeat it."
        result = CheckResult(found.name, status, message, found.hints, found.solution)
    journal.record("check", name=result.name, status=result.status)
    return result


def hint(name, number=1):
    """Show hint 1 or hint 2 of an exercise."""
    found, unknown = _find(name)
    if found is None:
        return Note("hint", unknown.message)
    if isinstance(number, bool) or number not in (1, 2):
        return Note("hint", f"number is {describe(number)}, expected 1 or 2.")
    return Note(f"{name}, hint {number}", found.hints[number - 1])


def solution(name):
    """Show the solution of an exercise, as the lesson's authors wrote it."""
    found, unknown = _find(name)
    if found is None:
        return Note("solution", unknown.message)
    source = found.solution
    words = "" if source else "none is stored yet; `python -m course_utils build` stores it."
    return Note(f"{name}, solution", words, source or "")


def _find(name):
    """The exercise and None, or None and a result that says why there is none."""
    if not isinstance(name, str):
        words = f"name is {describe(name)}, expected the name of an exercise such as 'neuron.output'."
        return None, CheckResult("check", "error", words)
    found = registry.find(name)
    if found is not None:
        return found, None
    close = difflib.get_close_matches(name, registry.all_exercises(), n=3, cutoff=0.75)
    meant = f"; did you mean {' or '.join(repr(other) for other in close)}?" if close else "."
    return None, CheckResult(name, "error", f"There is no exercise {name!r}{meant}")


def _judge(exercise, function):
    """The status of a function and the message that goes with it."""
    if not callable(function):
        wanted = exercise.header.partition("(")[0]
        return (
            "error",
            f"function is {describe(function)}, expected the function itself, `{wanted}` without parentheses.",
        )
    cases = [tuple(exercise.inputs(np.random.default_rng(1000 + number))) for number in range(exercise.samples)]
    if not _takes(function, cases[0]):
        return "wrong", (
            f"Your function has the parameters `{_signature(function)}`, expected `def {exercise.header}:`."
        )
    names = exercise.parameters
    rights, _ = running.run(exercise.reference, cases, names)
    for right in rights:
        if right.error is not None:  # our mistake, not the learner's
            raise right.error
    outcomes, printed = running.run(function, cases, names, running.SECONDS)
    told = [_told(exercise, right, outcome) for right, outcome in zip(rights, outcomes, strict=True)]
    if not any(told) and not any(outcome.changed for outcome in outcomes):
        return "passed", exercise.explain or ""
    tree = _tree(function)
    if _is_unanswered(outcomes, tree, exercise.solution):
        return "unanswered", _REPLACE
    mistake = _mistake(exercise, cases, rights, outcomes, values_right=not any(told))
    if mistake:
        return "wrong", mistake
    if not any(told):
        return "wrong", _changed_words(outcomes)
    first = next(number for number, clause in enumerate(told) if clause)
    if outcomes[first].error is not None:
        return "error", _error_words(outcomes[first].error, function)
    if outcomes[first].value is None:
        more = " (printing a value does not return it)" if printed else ""
        return "wrong", f"Your function returns nothing (None): it needs a line with `return`{more}."
    given = ", ".join(f"{name} = {short(value)}" for name, value in zip(names, cases[first], strict=False))
    return "wrong", f"For {given}: {told[first]}."


def _told(exercise, right, outcome):
    """What is wrong with one outcome, as a clause; None if nothing is."""
    if outcome.error is not None:
        return "an error"
    try:
        return _difference(exercise, right.value, outcome.value)
    except Exception:  # a result that resists being compared is a wrong result
        return f"the result is a {type(outcome.value).__name__}, expected {short(right.value)}"


def _changed_words(outcomes):
    name = next(outcome.changed[0] for outcome in outcomes if outcome.changed)
    return (
        f"The values are right, but your function changes its argument `{name}` in place, so whoever calls it finds "
        f"another `{name}` afterwards: write `{name} = {name} + change` in place of `{name} += change`."
    )


def _mistake(exercise, cases, rights, outcomes, values_right):
    """The message of the first registered mistake that gives the same outcomes, or None.

    Where all values are right, what is left to be mistaken about is that arguments change in place.
    """
    known = [(running.run(function, cases, exercise.parameters)[0], message) for function, message in exercise.wrong]
    for forgiving in (False, True):  # first with the same kind of numbers, then with any
        for mistaken, message in known:
            if values_right:
                is_one = any(outcome.changed for outcome in mistaken)
            else:
                is_one = not _alike(exercise, rights, mistaken, forgiving)
            if is_one and _alike(exercise, mistaken, outcomes, forgiving):
                return message
    return None


def _alike(exercise, expected, got, forgiving):
    """Whether two lists of outcomes agree in values and errors; `forgiving` overlooks the kind of number."""
    for one, other in zip(expected, got, strict=True):
        if one.error is not None or other.error is not None:
            if type(one.error) is not type(other.error) or str(one.error) != str(other.error):
                return False
            continue
        try:
            if _difference(exercise, one.value, other.value, forgiving):
                return False
        except Exception:
            return False
    return True


def _difference(exercise, expected, got, forgiving=False):
    if exercise.compare is not None:
        return exercise.compare(expected, got)
    return difference(expected, got, exercise.tolerance, kinds=not forgiving)


def _is_unanswered(outcomes, tree, stored):
    """Whether the function is still the stub that the lesson came with."""
    values = [outcome.value for outcome in outcomes if outcome.error is None]
    if any(value is ... for value in values):
        return True
    if tree is None:
        return any(value is None for value in values)
    lines = _lines(tree)
    if not lines:
        return True
    if not _has_dots(tree):
        return False
    if any("ellipsis" in str(outcome.error).lower() for outcome in outcomes):
        return True
    # The dots are still there. Whoever has written lines of their own above them gets a real answer, though.
    return stored is None or lines <= _lines(ast.parse(textwrap.dedent(stored)))


def _tree(function):
    """The syntax tree of the function's source; None where there is no source to be had."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    return tree if tree.body and isinstance(tree.body[0], ast.FunctionDef) else None


def _lines(tree):
    """The lines of all function bodies of a tree, without comments, docstrings, dots and `pass`."""
    lines = set()
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        for statement in function.body:
            is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not is_text and not isinstance(statement, ast.Pass):
                lines |= {line.strip() for line in ast.unparse(statement).splitlines()} - {"...", "pass"}
    return lines


def _has_dots(tree):
    """Whether `...` stands for something still to be written, and not for axes as in x[..., 0]."""
    axes = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Subscript) for part in ast.walk(node.slice)}
    dots = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value is ...)
    return any(id(node) not in axes for node in dots)


def _takes(function, arguments):
    try:
        inspect.signature(function).bind(*arguments)
    except ValueError:  # some built-in functions do not say what they take
        return True
    except TypeError:
        return False
    return True


def _signature(function):
    return f"({', '.join(inspect.signature(function).parameters)})"


def _error_words(error, function):
    """The error in one sentence, with the last line of the learner's own cell that led to it."""
    first = (str(error).strip().splitlines() or [""])[0]
    # An address in memory differs from run to run.
    said = re.sub(r" at 0x[0-9a-fA-F]+", "", textwrap.shorten(first, 160, placeholder=" ..."))
    sentence = f"Your code stops with {type(error).__name__}" + (f": {said}" if said else "")
    home = getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == home]
    if not lines:
        return f"{sentence}."
    return f"{sentence} (line {lines[-1]}: `{linecache.getline(home, lines[-1]).strip()}`)."
