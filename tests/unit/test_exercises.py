"""Every registered exercise keeps its promises, and `check` says the right thing whatever comes."""

import ast
import itertools
import json
import linecache
import os
import signal
import sys
import textwrap
import threading
import time
import warnings

import numpy as np
import pytest

from course_utils.exercises import all_exercises, check, exercise, hint, registry, running, solution
from course_utils.exercises.compare import difference

NAMES = list(all_exercises())
_files = itertools.count()

SCALE = """def scale(x, factor, shift):
    '''factor * x + shift, for every entry.'''
    y = factor * x
    return y + shift
"""


def scale(x, factor, shift):
    return factor * x + shift


def scale_in_place(x, factor, shift):
    x *= factor
    return x + shift


PARTS = {
    "reference": scale,
    "inputs": lambda rng: (rng.normal(size=int(rng.integers(3, 6))), float(rng.normal()), float(rng.normal()) + 2),
    "wrong": [
        (lambda x, factor, shift: factor * x, "The shift is missing."),
        (lambda x, factor, shift: factor * (x + shift), "Shift *after* you scale."),
        (lambda x, factor, shift: (factor * x + shift).sum(), "Give one number for each entry, not `sum`."),
        (lambda x, factor, shift: x[:, 0] * factor, "There is one axis only."),
        (scale_in_place, "It changes x."),
    ],
    "hints": ("First scale.", "Then add `shift`."),
    "explain": "A line is scaling and shifting.",
}


def define(source, **names):
    """Run source as a notebook cell would be run: its lines can be looked up afterwards."""
    file = f"<cell {next(_files)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    tree = ast.parse(source)
    exec(compile(tree, file, "exec"), names)
    return names[next(node.name for node in reversed(tree.body) if isinstance(node, ast.FunctionDef))]


@pytest.fixture(autouse=True)
def made_up(monkeypatch, tmp_path):
    """One more exercise than the lessons have, with its solution stored, for as long as a test lasts."""
    stored = json.loads(registry.SOLUTIONS.read_text(encoding="utf-8")) if registry.SOLUTIONS.exists() else {}
    file = tmp_path / "solutions.json"
    file.write_text(json.dumps({**stored, "made_up.scale": SCALE}), encoding="utf-8")
    monkeypatch.setattr(registry, "SOLUTIONS", file)
    monkeypatch.setattr(registry, "_EXERCISES", dict(registry._EXERCISES))
    exercise("made_up.scale", **PARTS)


each_exercise = pytest.mark.parametrize("name", [*NAMES, "made_up.scale"])


# --- every exercise of every lesson ---------------------------------------------------------------------------------


@each_exercise
def test_the_reference_passes(name):
    result = check(name, registry.find(name).reference)
    assert result.status == "passed", result


@each_exercise
def test_the_solution_of_the_lesson_passes(name):
    found = registry.find(name)
    assert found.solution, f"solutions.json has no {name}: run python -m course_utils build"
    result = check(name, define(found.solution, **{"np": np, **found.namespace}))
    assert result.status == "passed", result


@each_exercise
def test_each_known_mistake_gets_its_own_message(name):
    for function, message in registry.find(name).wrong:
        result = check(name, function)
        assert (result.status, result.message) == ("wrong", message)


@each_exercise
def test_a_stub_is_not_answered_yet(name):
    found = registry.find(name)
    tree = ast.parse(found.solution)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    whole = function.body[1:] if ast.get_docstring(function) else function.body
    for kept in ([], whole[-1:] if len(whole) > 1 else []):  # nothing left, and only the last line left
        function.body = [ast.Expr(ast.Constant(...)), *kept]
        stub = define(ast.unparse(ast.fix_missing_locations(tree)), **{"np": np, **found.namespace})
        assert str(check(name, stub)) == f"{name}: not answered yet"


@each_exercise
def test_a_constant_does_not_pass(name):
    found = registry.find(name)
    arguments = found.inputs(np.random.default_rng(1000))
    if not arguments:
        pytest.skip("a function without arguments has one answer: what is handed in is judged, not computed")
    constant = found.reference(*arguments)
    assert check(name, lambda *arguments: constant).status == "wrong"


@each_exercise
def test_the_card_reads_the_same_every_time(name):
    function = registry.find(name).wrong[0][0]
    first, second = (check(name, function)._repr_mimebundle_() for _ in range(2))
    assert first == second
    assert first["text/html"].count("<details") == 3
    assert "<script" not in first["text/html"]


# --- what check says ------------------------------------------------------------------------------------------------


def said(source, name="made_up.scale"):
    return check(name, define(textwrap.dedent(source), np=np))


def test_a_pass_explains_and_shows_our_solution():
    result = said(SCALE)
    assert str(result) == "made_up.scale: passed"
    html = result._repr_mimebundle_()["text/html"]
    assert "A line is scaling and shifting." in html
    assert "y = factor * x" in html
    assert "Hint" not in html


def test_a_difference_is_shown_with_its_inputs():
    result = said("def scale(x, factor, shift):\n    return factor * x - shift")
    assert result.status == "wrong"
    assert result.message.startswith("For x = [")
    assert "the result at position 0 is " in result.message
    assert "expected" in result.message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return list(factor * x + shift)", "the result is a list of"),
        ("return factor * x[:2] + shift", "the result is an array of shape (2,), expected shape ("),
        ("return np.round(factor * x + shift).astype(int)", "the result is an array of whole numbers, expected float"),
        ("return 'many'", "the result is the text 'many', expected an array of shape"),
        ("return factor * x + shift + np.nan", "is nan, expected"),
        ("return (factor * x + shift, 1)", "the result is a tuple of 2, expected an array"),
        ("z = factor * x + shift", "returns nothing (None)"),
        ("print(factor * x + shift)", "printing a value does not return it"),
    ],
)
def test_type_shape_and_kind_are_told(body, words, capsys):
    result = said(f"def scale(x, factor, shift):\n    {body}")
    assert result.status == "wrong"
    assert words in result.message
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "'''What it does.'''\n    ...  # your code",
        "pass",
        "return ...",
        "y = ...\n    return y + shift",
        "y = ...\n    return np.exp(y)",
        "return x * ...",
        "y = factor * x\n    ...  # your code",
        "...  # your code\n    return y + shift",
        "print('still thinking')\n    ...",
    ],
)
def test_stubs_of_all_kinds(body, monkeypatch):
    if "thinking" in body:  # without a stored solution the dots alone tell
        registry.SOLUTIONS.unlink()
    assert said(f"def scale(x, factor, shift):\n    {body}").status == "unanswered"


def test_dots_that_stand_for_axes_are_no_stub():
    result = said("def scale(x, factor, shift):\n    return x[..., 0, ..., 0]")
    assert result.message.startswith("Your code stops with IndexError")


def test_dots_left_under_an_answer_do_not_hide_what_is_wrong_with_it():
    result = said("def scale(x, factor, shift):\n    ...  # your code\n    return factor * x + 0.0")
    assert (result.status, result.message) == ("wrong", "The shift is missing.")


def test_an_error_is_one_sentence_with_its_line():
    result = said("def scale(x, factor, shift):\n    # first\n    z = w * x\n    return z")
    assert str(result) == (
        "made_up.scale: error: Your code stops with NameError: name 'w' is not defined (line 3: `z = w * x`)."
    )


@pytest.mark.parametrize("body", ["raise SystemExit", "return scale(x, factor, shift)", "raise ValueError"])
def test_no_error_of_the_learner_comes_through(body):
    assert said(f"def scale(x, factor, shift):\n    {body}").status == "error"


def test_the_error_of_a_known_mistake_is_recognized():
    result = said("def scale(x, factor, shift):\n    return factor * x[:, 0] + shift")
    assert result.message == "There is one axis only."


def test_a_result_that_resists_comparison_is_wrong():
    source = """
    class Stubborn:
        def __eq__(self, other):
            raise RuntimeError
        __array__ = None
    def scale(x, factor, shift):
        return Stubborn()
    """
    assert said(source).status == "wrong"


def test_an_argument_filled_with_what_cannot_be_compared_has_changed():
    exercise("made_up.list", **{**PARTS, "reference": len, "inputs": lambda rng: ([1, 2, int(rng.integers(9))],)})

    class Stubborn:
        def __array__(self, *_, **__):
            raise RuntimeError

    def fill(values):
        values[0] = Stubborn()
        return 3

    assert "changes its argument" in check("made_up.list", fill).message


def test_changing_an_argument_in_place_is_told_and_does_no_harm(monkeypatch):
    own = "def scale(x, factor, shift):\n    x *= factor\n    x += shift\n    return x"
    assert said(own).message == "It changes x."
    monkeypatch.delitem(registry._EXERCISES, "made_up.scale")
    exercise("made_up.scale", **{**PARTS, "wrong": PARTS["wrong"][:3]})
    result = said(own)
    assert result.status == "wrong"
    assert "changes its argument `x` in place" in result.message


def test_an_in_place_answer_that_is_also_wrong_gets_the_message_for_what_is_wrong():
    result = said("def scale(x, factor, shift):\n    x *= factor\n    return x")
    assert result.message == "The shift is missing."


def test_other_parameters_are_told_with_the_header():
    result = said("def scale(x, shift):\n    return x + shift")
    assert result.message == "Your function has the parameters `(x, shift)`, expected `def scale(x, factor, shift):`."


def test_more_parameters_with_defaults_are_fine():
    assert said("def scale(x, a, b, more=3):\n    return a * x + b").status == "passed"


def test_warnings_of_the_learners_code_stay_out_of_the_lesson(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = said("def scale(x, factor, shift):\n    return np.log(-np.abs(x)) + x / 0")
    assert result.status == "wrong"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("made_up.scael", scale, "There is no exercise 'made_up.scael'; did you mean 'made_up.scale'?"),
        ("nothing like it", scale, "There is no exercise 'nothing like it'."),
        ("os.path", scale, "There is no exercise 'os.path'."),
        (3, scale, "name is 3, expected the name of an exercise such as 'neuron.output'."),
        (None, scale, "name is None, expected"),
        ("made_up.scale", 3.0, "function is 3.0, expected the function itself, `scale` without parentheses."),
        ("made_up.scale", None, "function is None, expected the function itself"),
        ("made_up.scale", np.ones(3), "function is an array of shape (3,), expected"),
    ],
)
def test_bad_questions_get_one_sentence(name, function, words):
    result = check(name, function)
    assert result.status == "error"
    assert words in result.message


def test_a_stopped_check_says_so():
    result = said("def scale(x, factor, shift):\n    raise KeyboardInterrupt")
    assert result.message.startswith("You stopped the check")


# --- endless loops --------------------------------------------------------------------------------------------------

LOOPS = {
    "plain": "def scale(x, factor, shift):\n    while True:\n        pass",
    "printing": "def scale(x, factor, shift):\n    while True:\n        print('x' * 1000)",
    "stubborn": """
        def scale(x, factor, shift):
            while True:
                try:
                    while True:
                        x = x + 1
                except:
                    tries.append(1)
                    if len(tries) > 2:
                        raise
        """,
}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("where", ["main thread", "another thread"])
def test_an_endless_loop_is_stopped(loop, where, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.3)
    function = define(textwrap.dedent(LOOPS[loop]), tries=[])
    alarm = signal.getsignal(signal.SIGALRM) if hasattr(signal, "SIGALRM") else None
    begin, results, threads = time.perf_counter(), [], threading.active_count()
    if where == "main thread":
        results.append(check("made_up.scale", function))
    else:
        thread = threading.Thread(target=lambda: results.append(check("made_up.scale", function)))
        thread.start()
        thread.join()
    assert results[0].status == "timeout"
    assert "still running after 0.3 seconds" in results[0].message
    assert time.perf_counter() - begin < 4
    assert threading.active_count() == threads
    if alarm is not None:
        assert signal.getsignal(signal.SIGALRM) == alarm
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_the_limit_is_five_seconds():
    assert running.SECONDS == 5


# --- comparing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1),
        (1, np.float64(1)),
        (0.5, np.array(0.5)),
        (np.ones(2), np.ones(2, dtype="float32")),
        (np.array([1, 2]), np.array([1, 2], dtype="uint8")),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
        ((1, np.ones(2)), [1, np.ones(2)]),
        ({"w": [1.0, "a"]}, {"w": [1.0, "a"]}),
        (True, np.bool_(True)),
        (None, None),
        (10**400, 10**400),
        (np.array(["a"]), np.array(["a"])),
        (np.zeros((0, 2)), np.zeros((0, 2))),
    ],
)
def test_equal_results(expected, got):
    assert difference(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (1.0, 2.0, "the result is 2, expected 1"),
        (0.123456, 0.123457, None),
        (0.12341, 0.12999, "the result is 0.13, expected 0.1234"),
        (0.123451, 0.123459, "the result is 0.123459, expected 0.123451"),
        (1.0, True, "the result is True, expected a number"),
        (True, 1, "the result is 1, expected True or False"),
        (1.0, np.ones(1), "the result is [1], expected a single number"),
        (np.ones(2), 1.0, "the result is the single number 1, expected an array of shape (2,)"),
        (np.ones(2), np.array([True, True]), "the result is an array of truth values, expected floating-point numbers"),
        (np.zeros((2, 2)), np.eye(2), "the result at position (0, 0) is 1, expected 0 (2 of 4 entries differ)"),
        ((1, 2), (1, 3), "value 2 of 2 is 3, expected 2"),
        ((1, 2), (1,), "the result has 1 values, expected 2"),
        ((1, (2, 3)), (1, (2, 4)), "value 2 of 2 of value 2 of 2 is 4, expected 3"),
        ((1, 2), np.array([1, 2]), "the result is [1, 2], expected 2 values"),
        ({"a": 1}, {"b": 1}, "the result has the keys 'b', expected 'a'"),
        ({"a": 1}, {"a": 2}, "the result['a'] is 2, expected 1"),
        ({"a": 1}, 3, "the result is 3, expected a dict with the keys 'a'"),
        ("yes", "no", "the result is the text 'no', expected the text 'yes'"),
        (10**400, 1.0, "the result is 1, expected"),
    ],
)
def test_the_first_difference(expected, got, words):
    found = difference(expected, got, tolerance=1e-5 if words is None else 1e-6)
    assert found == words or found.startswith(words)


# --- hints, solutions, registration ---------------------------------------------------------------------------------


def test_hints_and_solution_on_request():
    assert str(hint("made_up.scale")) == "made_up.scale, hint 1: First scale."
    assert "<code>shift</code>" in hint("made_up.scale", 2)._repr_mimebundle_()["text/html"]
    assert "return y + shift" in str(solution("made_up.scale"))
    assert str(hint("made_up.scale", 3)) == "hint: number is 3, expected 1 or 2."
    assert "did you mean 'made_up.scale'" in str(hint("made_up.scal"))
    assert "did you mean 'made_up.scale'" in str(solution("made_up.scal"))
    registry.SOLUTIONS.unlink()
    assert "none is stored yet" in str(solution("made_up.scale"))


def test_texts_are_escaped_and_stressed():
    from course_utils.exercises.display import marked_up

    assert marked_up("a < b, *each* `w * x < 1` and w * x * y, 2*x*y") == (
        "a &lt; b, <em>each</em> <code>w * x &lt; 1</code> and w * x * y, 2*x*y"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"wrong": PARTS["wrong"][:2]}, "wrong is a list of 2, expected at least three pairs"),
        ({"wrong": [*PARTS["wrong"][:2], (scale, " ")]}, "wrong[2] is"),
        ({"wrong": [*PARTS["wrong"][:2], scale]}, "wrong[2] is"),
        ({"wrong": [*PARTS["wrong"][:2], PARTS["wrong"][0]]}, "repeats a message"),
        ({"hints": ("one",)}, "hints is a tuple of 1 value, expected two texts"),
        ({"hints": ("one", "")}, "hints is"),
        ({"reference": 3}, "reference is 3, expected a function"),
        ({"inputs": None}, "inputs is None, expected a function"),
        ({"tolerance": -1}, "tolerance is -1, expected 0 or more"),
        ({"samples": 0}, "samples is 0, expected a whole number from 1 on"),
        ({"explain": ""}, "explain is an empty text"),
        ({"compare": 1}, "compare is 1"),
    ],
)
def test_an_incomplete_exercise_is_refused(change, words):
    with pytest.raises(ValueError) as caught:
        exercise("made_up.other", **{**PARTS, **change})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_reference_that_fails_is_our_error_and_comes_through():
    exercise("made_up.broken", **{**PARTS, "reference": lambda x, factor, shift: x / nothing})  # noqa: F821
    with pytest.raises(NameError):
        check("made_up.broken", scale)


def test_a_lesson_is_loaded_on_first_use_and_again_after_it_failed(monkeypatch, tmp_path):
    file = tmp_path / "loading.py"
    monkeypatch.setattr(registry.lessons, "__path__", [*registry.lessons.__path__, str(tmp_path)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(registry.lessons, "PARTS", PARTS, raising=False)
    parts = (
        "from course_utils.exercises import exercise\nfrom course_utils.exercises.lessons import PARTS\n"
        "exercise('loading.scale', **PARTS)\n"
    )
    file.write_text(parts + "1 / 0\n", encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        registry.find("loading.scale")
    file.write_text(parts, encoding="utf-8")
    try:
        assert registry.find("loading.scale").namespace["np"] is np
        assert "loading.scale" in registry.all_exercises()
    finally:
        del sys.modules["course_utils.exercises.lessons.loading"]


@pytest.mark.parametrize("name", ["scale", "made up.scale", 3, "made_up.scale"])
def test_a_bad_or_taken_name_is_refused(name):
    with pytest.raises(ValueError, match="name is"):
        exercise(name, **PARTS)


def test_an_exercise_may_compare_in_its_own_way():
    exercise("made_up.sign", **{**PARTS, "compare": lambda right, got: None if len(right) == len(got) else "too short"})
    assert check("made_up.sign", lambda x, factor, shift: x).status == "passed"
    result = check("made_up.sign", lambda x, factor, shift: x[:1])
    assert result.status == "wrong"
    assert result.message.endswith(": too short.")


def test_a_check_is_written_to_the_journal(monkeypatch, tmp_path):
    file = tmp_path / "journal with ü.jsonl"
    monkeypatch.setenv("COURSE_JOURNAL", os.fspath(file))
    check("made_up.scale", scale)
    check("made_up.nothing", scale)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines == [
        {"kind": "check", "name": "made_up.scale", "status": "passed"},
        {"kind": "check", "name": "made_up.nothing", "status": "error"},
    ]
