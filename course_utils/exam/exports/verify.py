"""Does an export mark as the sheet does? Each question is answered rightly, with every named mistake, and left blank.

The marks come once from `exam.marking`, once from the file that was written, read by readers that know no writer.
"""

import itertools

from course_utils.exam.errors import ExamError
from course_utils.exam.marking import mark
from course_utils.exam.resolve import decimals_of
from course_utils.exam.words import plain

CLOSE = 2e-4  # Moodle's fractions have five decimals of a percent, and 16.66667 % of five points is no exact number


def responses(entry):
    """(name, response) to try on a question: truth, blank, named mistakes, and slips of the kinds without names."""
    fields = entry.variant["fields"]
    truth = {key: _typed(entry, value, key) for key, value in entry.truth().items()}
    yield "truth", truth
    yield "blank", {}
    names = sorted({name for field in fields for name in field.get("mistakes", {})})
    for name in names:
        wrong = {f["key"]: _typed(entry, f["mistakes"][name], f["key"], False) if name in f.get("mistakes", {})
                 else truth[f["key"]] for f in fields if f["key"] in truth}  # fmt: skip
        yield name, wrong
    keys = list(truth)
    if entry.kind == "single":
        yield from ((f"option {i}", {"choice": i}) for i in range(fields[0]["count"]))
    elif entry.kind in ("kprim", "multiple"):
        rows = itertools.product((True, False), repeat=len(keys))
        yield from ((f"row {row}", dict(zip(keys, row, strict=True))) for row in rows)
    elif entry.kind in ("matching", "ordering"):
        values = list(truth.values())
        for step in range(1, len(values)):
            yield f"turned by {step}", dict(zip(keys, values[step:] + values[:step], strict=True))
        yield "two swapped", dict(zip(keys, [values[1], values[0], *values[2:]], strict=True))
    elif entry.kind in ("truefalse", "error"):
        yield "wrong", {keys[0]: not truth[keys[0]] if entry.kind == "truefalse" else "99"}
    elif keys:
        yield "first only", {keys[0]: truth[keys[0]]}
        yield "a word", dict.fromkeys(keys, "xyz")


def _typed(entry, value, key, rounded=True):
    """What a student types: the number with the decimals asked for, and with the decimal sign of the sheet."""
    if isinstance(value, (bool, str)) or entry.kind in ("single", "matching", "ordering"):
        return value
    decimals = decimals_of(entry.record, "" if key == "value" else key)
    text = plain(value, decimals) if rounded else plain(value)
    return text.replace(".", ",") if entry.locale == "de" else text


def check(entry, tasks, found, style):
    """Answer one question in an export; returns how many answers were marked, raises ExamError where marks differ.

    tasks: what the writer made of the question; found: what a reader read, by name; style: moodle, qti21 or canvas.
    """
    missing = [task.name for task in tasks if task.name not in found]
    if missing:
        raise ExamError(f"export: {missing[0]} is not in the {style} file that was read back: report this.")
    read = [found[task.name] for task in tasks]
    total = sum(one.points for one in read)
    if abs(total - entry.record["points"]) > 1e-6:
        raise _differs(entry, style, "sum of the points", total, entry.record["points"])
    for task, one in zip(tasks, read, strict=True):
        if (task.kind in ("open", "file")) != (one.kind in ("open", "file")):
            raise _differs(entry, style, f"kind of {task.name}", one.kind, task.kind)
    auto = [(task, one) for task, one in zip(tasks, read, strict=True) if task.kind not in ("open", "file")]
    done = 0
    for name, response in responses(entry) if auto else ():
        earned = [one.grade(_answer(task, one, response, style)) for task, one in auto]
        points, expected = sum(e[0] for e in earned), mark(entry.record, entry.variant, response)["points"]
        if abs(points - expected) > CLOSE * entry.record["points"]:
            raise _differs(entry, style, f"answer {name!r} ({response})", points, expected)
        if name in entry.mistakes() and style != "canvas" and not any(e[1] for e in earned):
            raise ExamError(f"export: {entry.record['id']} says nothing to the mistake {name} in {style}: report this.")
        done += 1
    return done


def _differs(entry, style, what, got, wanted):
    return ExamError(f"export: {entry.record['id']} in {style} ({entry.locale}): {what} gives {got}, "
                     f"the sheet gives {wanted}: report this.")  # fmt: skip


def _answer(task, one, response, style):
    """A response of `exam.marking` as what a student does on the platform."""
    given = [response.get(field["key"]) for field in task.fields]
    if task.kind == "several":
        return {i for i, on in enumerate(given) if on}
    if task.kind == "kprim" and style == "moodle":  # the rows stand from all true to all false
        return None if None in given else sum((not on) << (len(given) - 1 - i) for i, on in enumerate(given))
    if task.kind == "kprim":
        return {i: 0 if on else 1 for i, on in enumerate(given) if on is not None}
    if task.kind == "match":
        return {i: _place(task, one, j, style) for i, j in enumerate(given) if j is not None}
    if task.kind == "order":
        placed = sorted((place, i) for i, place in enumerate(given) if place is not None)
        return [_place(task, one, i, style) for _, i in placed]
    if task.kind in ("number", "gaps", "text"):
        words = ["" if value is None else value for value in given]
        return words if task.kind == "gaps" else words[0]
    return given[0]


def _place(task, one, i, style):
    """Where the file has option i of the sheet: Moodle sorts the options of two kinds in its own way."""
    if style != "moodle":
        return i
    from course_utils.exam.exports import moodle, tasks

    words = task.entry.options()[i][0]
    shown = tasks.labels(task.entry)[0][i] if task.kind == "match" else \
        tasks.rich_line(words, moodle.formula(task.entry.locale))  # fmt: skip
    return one.options.index(shown)
