"""Canvas: a text in the format of text2qti, which makes the file that Canvas imports, and the pictures beside it.

The format knows one right choice, several right choices, a number, a word, a written answer and an upload, and points
in halves. A table, a matching or a question of several parts becomes one question a field, after a text with the
stem, where the points divide; Kprim, ordering and marks that carry forward stay open. Solution and marking notes are
the general feedback, which Canvas shows to students too once the quiz's settings let them see their results.
"""

import html

from course_utils.exam.exports import tasks as t
from course_utils.exam.words import language, say

CAN = ("choice", "several", "truth", "number", "open", "file")
STEP = 0.5
SMALLEST = 1e-4  # text2qti refuses bounds of a number that are closer to 0, and writes bounds with four decimals
GAP = ("Question {}, gap ({})", "Aufgabe {}, Lücke ({})")
PAIR = ("Question {}, ({}): {}", "Aufgabe {}, ({}): {}")


def text(title, found, folder):
    """The text of a quiz for these tasks, and its pictures {path: SVG} in the folder of that name."""
    pictures, out, stems = {}, [f"Quiz title: {title}", "Shuffle answers: false", ""], set()
    for counted, task in enumerate(found, start=1):
        entry = task.entry
        image, picture = "", entry.picture()
        if picture:
            path = f"{folder}/q{entry.number:02d}.svg"
            pictures[path] = picture[0]
            image = f"\n\n![{picture[1].replace('[', '(').replace(']', ')')}]({path})"
        if task.part.startswith("."):
            if entry.number not in stems:
                stems.add(entry.number)
                head = f"Text title: {entry.number:02d} {entry.record['id']}"
                out += [head, *_item("Text:", _stem(task, image)), ""]
            words = _alone(task)
        else:
            words = _stem(task, image)
        out += [f"Title: {task.name}", f"Points: {task.points:g}", *_item(f"{counted}.", words)]
        if not task.part.startswith("."):  # general feedback is the only place for solution and marking notes
            out += _item("...", _notes(task))
        out += [*_answer(task), ""]
    return "\n".join(out), pictures


def _item(marker, words):
    """A marker with a text; further lines are indented as far as the first."""
    lines = [line.rstrip() for line in words.strip("\n").split("\n")]
    lines = lines or [""]
    return [f"{marker} {lines[0]}"] + [" " * (len(marker) + 1) + line if line else "" for line in lines[1:]]


def _md(task, words, gaps=True):
    keys = [f["key"] for f in task.entry.variant["fields"]]

    def numbered(piece):
        for i, key in enumerate(keys, start=1):
            piece = piece.replace(f"[[{key}]]", f"**({i})** ＿＿＿" if gaps else "")
        return piece

    return t.markdown(words, task.entry.locale, numbered)


def _line(task, words):
    return " ".join(_md(task, words).split())


def _stem(task, image):
    entry = task.entry
    parts = [_md(task, entry.section("question")) + image]
    if entry.kind == "table":
        rows, columns = entry.grid_shape()
        cells = [[f"({r * columns + c + 1})" for c in range(columns)] for r in range(rows)]
        parts.append("\n".join(["| " + " | ".join(row) + " |" for row in [cells[0], ["---"] * columns, *cells[1:]]]))
    split = task.part.startswith(".")
    if entry.kind == "matching":
        parts.append("\n".join(f"- ({i}) {_line(task, left)}" for i, left in enumerate(entry.lefts(), start=1)))
    if task.kind == "open" and entry.kind in ("single", "multiple", "kprim", "ordering", "matching"):
        parts.append("\n".join(f"- {entry.cross_label(i)}) {_line(task, words)}"
                               for i, (words, _, _) in enumerate(entry.options())))  # fmt: skip
    if entry.instruction() and not split and (task.kind in ("choice", "several") or task.why):
        parts.append(entry.instruction())
    parts += [t.asked(task)] if t.asked(task) and not split else []
    return "\n\n".join(part for part in parts if part)


def _alone(task):
    """The question for one field of a stem."""
    entry, place = task.entry, task.part[1:]
    if entry.kind == "matching":
        left = _line(task, entry.lefts()[int(place) - 1])
        return PAIR[language(entry.locale)].format(entry.number, place, left)
    hint = t.decimals_hint(task, task.fields[0]["key"])
    return GAP[language(entry.locale)].format(entry.number, place) + (f" ({hint})" if hint else "")


def _notes(task):
    """Solution, rubric, right values and known mistakes as Markdown."""
    entry, locale = task.entry, task.entry.locale
    parts = [f"**{say('steps', locale)}**", _md(task, entry.section("solution"))]
    parts += [f"**{say('marking', locale)}**", "\n".join(f"- {points} {say('points', locale)}: {_line(task, words)}"
              for points, words in entry.rubric())] if entry.rubric() else []  # fmt: skip
    right = entry.truth()
    rows = [f"- {f['key']}: {t.shown(entry, f, right[f['key']])}" for f in task.fields if f["key"] in right]
    known = [f"- {shown}: {_line(task, words)}" for shown, words in entry.known_mistakes()]
    parts += ["\n".join(rows)] if rows else []
    parts += [f"**{say('mistakes', locale)}**", "\n".join(known)] if known else []
    return "\n\n".join(parts)


def _answer(task):
    field = task.fields[0]
    if task.kind in ("open", "file"):
        return ["____" if task.kind == "open" else "^^^^"]
    if task.kind == "truth":
        return [f"{'*' if field['answer'] == value else ''}{letter}) {say(key, task.entry.locale)}"
                for letter, key, value in (("a", "true", True), ("b", "false", False))]  # fmt: skip
    if task.kind in ("choice", "several"):
        out = []
        for i, (words, right, why) in enumerate(t.choices(task)):
            star = "*" if right else ""
            mark = f"[{star or ' '}]" if task.kind == "several" else f"{star}{'abcdefghij'[i]})"
            out += _item(mark, _line(task, words)) + (_item("...", _line(task, why)) if why else [])
        return out
    if task.kind == "text":
        return [f"* {words}" for words in t.spellings(field)]
    known = t.wrongs(task.entry, field)
    told = "; ".join(f"{task.entry.show(value, field['key'])}: {_line(task, words)}" for value, _, words in known)
    return (_item("-", html.escape(told, quote=False)) if told else []) + _number(field)


def _number(field):
    """A number with its bounds; the whole number 0 is a word, because text2qti takes no bound that close to 0."""
    value, margin = field["answer"], t.margin(field)
    if not margin and abs(value) < SMALLEST:
        return [f"* {words}" for words in ("0", "-0", "+0", "0.0", "0,0", "0.00", "0,00")]
    low, high = value - margin, value + margin
    if min(abs(low), abs(high)) < SMALLEST:  # widened by a hair beyond 0, where the format has a hole
        low, high = low - 2 * SMALLEST * (abs(low) < SMALLEST), high + 2 * SMALLEST * (abs(high) < SMALLEST)
        return [f"= [{t.decimal(low)}, {t.decimal(high)}]"]
    return [f"= {t.decimal(value)} +- {t.decimal(margin)}"]
