"""From a question of a lock to what a learning platform can hold: one or more tasks, each with marks of its own.

A platform marks a task by itself or leaves it open for a person. What a format cannot carry as the sheet means it
becomes an open task with the marking notes, and says why.
"""

import html
from dataclasses import dataclass

from course_utils.exam import formulas
from course_utils.exam.errors import ExamError
from course_utils.exam.questions import KINDS
from course_utils.exam.resolve import decimals_of
from course_utils.exam.sheet import Entry
from course_utils.exam.text import PIECE, blocks, inline
from course_utils.exam.words import number, say

# kind of question: (what it becomes, the scoring that a platform can follow)
FORMS = {
    "single": ("choice", ("all", "each")), "multiple": ("several", ("balanced",)), "kprim": ("kprim", ("kprim",)),
    "number": ("number", ("all", "each")), "table": ("gaps", ("each",)), "cloze": ("gaps", ("each",)),
    "parts": ("gaps", ("each",)), "matching": ("match", ("each",)), "ordering": ("order", ("neighbors",)),
}  # fmt: skip
TICK = 1e-9  # tolerances of whole numbers are this small; they are written as 0


@dataclass(frozen=True)
class Task:
    """What a platform marks in one go: choice, several, kprim, truth, number, gaps, match, order, open or file."""

    entry: Entry
    kind: str
    points: float
    fields: tuple
    part: str = ""
    why: str = ""  # why the task is open although its question is not; "" if nothing is lost

    @property
    def name(self):
        return f"{self.entry.number:02d}{self.part} {self.entry.record['id']}"


def tasks(entry, can, step=None, forward=lambda record: True):
    """The tasks of a question for a format that can hold the kinds in `can`; raises ExamError for an unknown kind.

    step: the format counts points in such steps (Canvas: 0.5), or None; forward(record): do errors carry forward?
    """
    record, kind, fields = entry.record, entry.kind, entry.variant["fields"]
    if kind not in KINDS:
        raise ExamError(f"export: question {record['id']} is of the unknown kind {kind!r}: choose one of "
                        f"{', '.join(KINDS)}, or draw the exam again.")  # fmt: skip
    if "figure" in record["sections"] and not entry.variant["figure"]:
        raise ExamError(f"export: the picture of question {record['id']} is missing in the lock: draw the exam again.")

    def task(kind, chosen=fields, part="", why=""):
        return Task(entry, kind, sum(f["points"] for f in chosen), tuple(chosen), part, why)

    if kind in ("open", "sketch"):
        return [task("file" if kind == "sketch" else "open", why="a sketch" if kind == "sketch" else "")]
    if kind == "code":
        return [task("open", why="code that must run")]
    if kind in ("truefalse", "error"):
        if step and any(f["points"] % step for f in fields):
            return [task("open", why=f"halves that are no multiples of {step:g} points")]
        first = "truth" if kind == "truefalse" else "number"
        return [task(first, fields[:1], "a"), task("open", fields[1:], "b")]
    wanted, scorings = FORMS[kind]
    if record["scoring"] not in scorings:
        return [task("open", why=f"the scoring {record['scoring']!r} for this kind")]
    if kind == "parts" and forward(record):
        return [task("open", why="errors that carry forward")]
    if wanted in can:
        return [task(wanted)]
    if wanted in ("gaps", "match") and not any(f["points"] % step for f in fields):
        return [task(_alone(f), [f], f".{i}") for i, f in enumerate(fields, start=1)]
    return [task("open", why="points that do not divide" if wanted in ("gaps", "match") else f"the kind {kind}")]


def _alone(field):
    return {"choice": "choice", "number": "number", "text": "text"}[field["type"]]


def rich(text, math, gap=None):
    """A text of the bank as HTML that is also XML; math(latex, block) and gap(key) give formulas and places to write.
    Lines of code are numbered, because questions refer to them."""
    out = []
    for kind, content in blocks(text):
        if kind == "p":
            out.append(f"<p>{rich_line(content, math, gap)}</p>")
        elif kind == "math":
            out.append(f"<p>{math(content, True)}</p>")
        elif kind == "code":
            rows = (line[: len(line) - len(line.lstrip())].replace(" ", "\u00a0") + line.lstrip() for line in content)
            out.append("<ol>" + "".join(f"<li><code>{html.escape(row)}</code></li>" for row in rows) + "</ol>")
        elif kind == "table":
            out.append(grid([[rich_line(cell, math, gap) for cell in row] for row in content]))
        else:
            out.append(f"<{kind}>" + "".join(f"<li>{rich_line(i, math, gap)}</li>" for i in content) + f"</{kind}>")
    return "".join(out)


def rich_line(text, math, gap=None):
    """One line of `rich`."""
    out = []
    for kind, piece in inline(text):
        if kind == "text":
            out.append(html.escape(piece, quote=False))
        elif kind == "math":
            out.append(math(piece, False))
        elif kind == "code":
            out.append(f"<code>{html.escape(piece)}</code>")
        elif kind == "blank":
            out.append(gap(piece) if gap else f"____ ({piece})")
        else:
            out.append(f"<{kind}>{rich_line(piece, math, gap)}</{kind}>")
    return "".join(out)


def grid(rows):
    """Cells of HTML as a table."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tbody>{body}</tbody></table>"


def stem(task, math, gap, image):
    """The question of a task: its text with gaps, its picture, and what the platform's form does not say by itself."""
    entry = task.entry
    out = [rich(entry.section("question"), math, gap)]
    picture = entry.picture()
    if picture:
        out.append(image(picture[1]))
    if entry.kind == "table":
        rows, columns = entry.grid_shape()
        keys = [[f"{r},{c}" for c in range(1, columns + 1)] for r in range(1, rows + 1)]
        out.append(grid([[gap(key) for key in row] for row in keys]))
    if task.kind == "open" and entry.kind in FORMS:
        out.append(listed(entry, math, [] if entry.kind != "matching" else entry.lefts()))
    if entry.instruction() and (task.kind in ("choice", "several", "kprim") or task.why):
        out.append(f"<p>{html.escape(entry.instruction())}</p>")
    out.append(f"<p>{html.escape(asked(task))}</p>" if asked(task) else "")
    return "".join(out)


def listed(entry, math, lefts=()):
    """Options with their letters, and before them the numbered left sides, as lists."""
    if entry.kind not in ("single", "multiple", "kprim", "matching", "ordering"):
        return ""
    left = "".join(f"<li>{rich_line(words, math)}</li>" for words in lefts)
    right = "".join(f"<li>{entry.cross_label(i)}) {rich_line(words, math)}</li>"
                    for i, (words, _, _) in enumerate(entry.options()))  # fmt: skip
    return (f"<ol>{left}</ol>" if left else "") + f"<ul>{right}</ul>"


def asked(task):
    """What is asked for in this task, where its question asks for two things, or the decimals and unit of a number."""
    entry = task.entry
    if task.kind == "truth":
        return f"{say('answer', entry.locale)}: {say('true', entry.locale)} / {say('false', entry.locale)}?"
    if task.part == "a":
        return f"{say('line', entry.locale)}?"
    if task.part == "b":
        return f"{say('reason' if entry.kind == 'truefalse' else 'correction', entry.locale)}:"
    if task.kind == "number":
        words = [decimals_hint(task, task.fields[0]["key"]), entry.record.get("unit", "")]
        words = ", ".join(word for word in words if word)
        return f"{say('answer', entry.locale)} ({words}):" if words else ""
    return ""


def decimals_hint(task, key):
    """"2 decimals" in the sheet's language, or "" for whole numbers and words."""
    field = next(f for f in task.fields if f["key"] == key)
    decimals = decimals_of(task.entry.record, "" if key == "value" else key) if field["type"] == "number" else 0
    return f"{decimals} {say('decimals', task.entry.locale)}" if decimals else ""


def notes(task, math):
    """What a person needs to mark a task: rubric, worked solution, right values and known mistakes, as HTML."""
    entry, locale = task.entry, task.entry.locale
    out = [f"<p><strong>{say('steps', locale)}</strong></p>" + rich(entry.section("solution"), math)]
    if entry.rubric():
        rows = "".join(f"<li>{points} {say('points', locale)}: {rich_line(words, math)}</li>"
                       for points, words in entry.rubric())  # fmt: skip
        out.append(f"<p><strong>{say('marking', locale)}</strong></p><ul>{rows}</ul>")
    right = entry.truth()
    rows = [f"<li>{f['key']}: {html.escape(shown(entry, f, right[f['key']]))} "
            f"({number(round(f['points'], 4), locale)} {say('points', locale)})</li>"
            for f in task.fields if f["key"] in right]  # fmt: skip
    out += [f"<ul>{''.join(rows)}</ul>"] if rows and task.kind == "open" else []
    known = [f"<li>{html.escape(value)}: {rich_line(words, math)}</li>" for value, words in entry.known_mistakes()]
    out += [f"<p><strong>{say('mistakes', locale)}</strong></p><ul>{''.join(known)}</ul>"] if known else []
    out += [f"<p>{html.escape(entry.instruction())}</p>"] if entry.kind == "parts" and task.why else []
    return "".join(out)


def shown(entry, field, value):
    """A right answer as the sheet prints it: a number, a letter, a word, true or false."""
    if field["type"] == "bool":
        return say("true" if value else "false", entry.locale)
    return entry.cross_label(value) if field["type"] == "choice" else entry.show(value, field["key"])


def choices(task):
    """(words, is right, feedback) of a choice; for one pair of a matching question all right sides."""
    entry = task.entry
    options = entry.options()
    if entry.kind != "matching":
        return options
    return [(words, i == task.fields[0]["answer"], "") for i, (words, _, _) in enumerate(options)]


def labels(entry):
    """The right sides of a matching question as plain words for a drop-down list, or letters if one has a formula."""
    found = [words for words, _, _ in entry.options()]
    if all(kind in ("text", "strong", "em") for words in found for kind, _ in inline(words)):
        return ["".join(piece for _, piece in inline(words)) for words in found], False
    return [entry.cross_label(i) for i in range(len(found))], True


def spellings(field):
    """All accepted spellings of a word: both languages, with hyphens and with spaces."""
    words = [word for accepted in field["accept"].values() for word in accepted]
    return list(dict.fromkeys(form for w in words for form in (w, w.replace("-", " "), w.replace(" ", "-"))))


def margin(field):
    """The tolerance, 0 for the tiny one of whole numbers."""
    return 0.0 if field["tolerance"] <= 2 * TICK else field["tolerance"]


def decimal(value):
    """A number with a decimal point and without an exponent, exact to ten decimals."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def wrongs(entry, field):
    """[(value, margin, words)] of the named mistakes of a number that have words and lie apart from the truth.
    A mistake whose value needs more decimals than the question asks for is recognized when it is typed rounded."""
    words, found = entry.mistakes(), []
    for name, value in field.get("mistakes", {}).items():
        if name in words and abs(value - field["answer"]) > field["tolerance"]:
            coarse = abs(round(value, field["decimals"]) - value) > field["tolerance"]
            found.append((value, 0.5 * 10 ** -field["decimals"] if coarse else margin(field), words[name]))
    return found


def markdown(text, locale, gap):
    """A text of the bank as Markdown with one-dollar formulas and numbered lines of code."""
    pieces = PIECE.split(text)
    for i, piece in enumerate(pieces):
        if piece.startswith("```"):
            lines = piece.strip("`").strip("\n").split("\n")
            pieces[i] = "\n```\n" + "\n".join(f"{n}  {line}" for n, line in enumerate(lines, start=1)) + "\n```\n"
        elif piece.startswith("$"):
            pieces[i] = f"${formulas.latex(piece.strip('$').strip(), locale)}$"
        elif not piece.startswith("`"):
            pieces[i] = gap(piece)
    return "".join(pieces)
