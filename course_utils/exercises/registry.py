"""What an exercise consists of, and where all of them are kept.

An exercise named "neuron.output" is registered by `exercises/lessons/neuron.py`, which is imported when somebody
first asks for an exercise of that lesson.
"""

import ast
import importlib
import importlib.util
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course_utils.exercises import lessons
from course_utils.from_scratch._checks import describe

SOLUTIONS = Path(__file__).with_name("solutions.json")  # written by the build, from the sources of the lessons
_EXERCISES = {}


@dataclass(frozen=True)
class Exercise:
    """All that `check` knows about one exercise; made by `exercise(...)`."""

    name: str
    reference: Callable
    inputs: Callable
    wrong: tuple[tuple[Callable, str], ...]
    hints: tuple[str, str]
    tolerance: float
    samples: int
    explain: str | None
    compare: Callable | None

    @property
    def header(self):
        """What stands after `def` in the lesson, as "weighted_sum(x, w, b)"."""
        source = self.solution
        if source:
            functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
            if functions:
                return f"{functions[0].name}({', '.join(argument.arg for argument in functions[0].args.args)})"
        return f"{self.name.partition('.')[2]}({', '.join(inspect.signature(self.reference).parameters)})"

    @property
    def parameters(self):
        """The names of the parameters, as the lesson has them."""
        return self.header.partition("(")[2].rstrip(")").split(", ")

    @property
    def namespace(self):
        """A copy of the names of the lesson's exercise file, in which the tests run the lesson's solution."""
        return dict(self.inputs.__globals__)

    @property
    def solution(self):
        """The source of the solution as the lesson has it, or None before the build has stored it."""
        if not SOLUTIONS.exists():
            return None
        try:
            return json.loads(SOLUTIONS.read_text(encoding="utf-8")).get(self.name)
        except (OSError, ValueError, AttributeError):  # a damaged file costs the reader the solution, not the check
            return None


def exercise(name, *, reference, inputs, wrong, hints, tolerance=1e-6, samples=8, explain=None, compare=None):
    """Register an exercise.

    name        "topic.short_name"; the topic is the name of the file in exercises/lessons
    reference   the right function; it must leave its arguments as they are
    inputs      inputs(rng) gives a tuple of arguments; called with several seeded NumPy generators
    wrong       at least three pairs (function, message): mistakes that learners really make, each with one or two
                sentences that name the mistake without giving the solution away
    hints       two texts: the first points at the idea, the second nearly at the line
    tolerance   relative and absolute, for floating-point values
    samples     how many inputs a function is tried on; all mistakes must show on one of them
    explain     a sentence shown to those who have passed: what they have just found out
    compare     compare(expected, got) gives None or a clause ("the result is ..., expected ..."), in place of the usual
                comparison of values

    Texts may hold `code` and *stress*, as in Markdown. Raises ValueError with one sentence if a part is missing.
    """

    def demand(holds, argument, came, wanted):
        if not holds:
            raise ValueError(f"exercise {name!r}: {argument} is {came}, expected {wanted}.")

    demand(
        isinstance(name, str) and re.fullmatch(r"[a-z]\w*\.[a-z]\w*", name),
        "name",
        describe(name),
        "a text such as 'neuron.output', the lesson's topic before the dot",
    )
    demand(name not in _EXERCISES, "name", "registered already", "a name of its own")
    demand(callable(reference), "reference", describe(reference), "a function")
    demand(inspect.isfunction(inputs), "inputs", describe(inputs), "a function of a NumPy generator")
    pairs = [tuple(pair) if isinstance(pair, tuple | list) else (pair,) for pair in wrong]
    demand(len(pairs) >= 3, "wrong", f"a list of {len(pairs)}", "at least three pairs (function, message)")
    for number, pair in enumerate(pairs):
        demand(
            len(pair) == 2 and callable(pair[0]) and _is_text(pair[1]),
            f"wrong[{number}]",
            f"({', '.join(map(describe, pair))})",
            "a pair of a function and a message",
        )
    demand(
        len({message for _, message in pairs}) == len(pairs),
        "wrong",
        "a list that repeats a message",
        "a message of its own for each mistake",
    )
    demand(
        isinstance(hints, tuple | list) and len(hints) == 2 and all(map(_is_text, hints)),
        "hints",
        describe(hints),
        "two texts that are not empty",
    )
    demand(isinstance(tolerance, int | float) and tolerance >= 0, "tolerance", describe(tolerance), "0 or more")
    demand(type(samples) is int and samples >= 1, "samples", describe(samples), "a whole number from 1 on")
    demand(explain is None or _is_text(explain), "explain", describe(explain), "a text that is not empty, or None")
    demand(compare is None or callable(compare), "compare", describe(compare), "a function, or None")
    _EXERCISES[name] = Exercise(
        name, reference, inputs, tuple(pairs), tuple(hints), tolerance, samples, explain, compare
    )


def find(name):
    """The exercise of that name, importing its lesson's file if need be, or None if there is none."""
    if name not in _EXERCISES:
        _load(name.partition(".")[0])
    return _EXERCISES.get(name)


def all_exercises():
    """Every exercise of every lesson: {name: Exercise}, in the order of the lessons' files."""
    for module in pkgutil.iter_modules(lessons.__path__):
        _load(module.name)
    return dict(_EXERCISES)


def _load(topic):
    module = f"{lessons.__name__}.{topic}"
    if module in sys.modules or not topic.isidentifier() or importlib.util.find_spec(module) is None:
        return
    # A file that failed half-way the last time has left exercises behind, which would now count as doubles.
    for name in [name for name in _EXERCISES if name.startswith(topic + ".")]:
        del _EXERCISES[name]
    importlib.import_module(module)


def _is_text(value):
    return isinstance(value, str) and bool(value.strip())
