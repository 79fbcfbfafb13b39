r"""Moodle XML: one file that holds the questions of a form with formulas in \(…\), pictures and feedback.

Written to Moodle's description of the format (docs.moodle.org, "Moodle XML format" and "Embedded Answers (Cloze)").
Kprim has no type in Moodle's core; it becomes a single choice among the sixteen rows of true and false, which carries
its marks exactly. Numbers stand with a point in the file; Moodle reads what a student types with point or comma.
"""

import base64
import html
import itertools

from lxml import etree

from course_utils.exam import formulas
from course_utils.exam.errors import ExamError
from course_utils.exam.exports import tasks as t
from course_utils.exam.words import say

CAN = ("choice", "several", "kprim", "truth", "number", "gaps", "match", "order", "open", "file")
FRACTIONS = (0, 5, 10, 11.11111, 12.5, 14.28571, 16.66667, 20, 25, 30, 33.33333, 40, 50, 60, 66.66667, 70, 75, 80,
             83.33333, 90, 100)  # fmt: skip
TYPES = {"choice": "multichoice", "several": "multichoice", "kprim": "multichoice", "truth": "truefalse",
    "number": "numerical", "gaps": "cloze", "match": "matching", "order": "ordering", "open": "essay",
    "file": "essay"}  # fmt: skip


def fraction(share):
    """The fraction in percent that Moodle knows for a share of -1 to 1; raises ExamError if it knows none so close."""
    nearest = min(FRACTIONS, key=lambda known: abs(known - 100 * abs(share)))
    if abs(nearest - 100 * abs(share)) > 1e-4:
        raise ExamError(f"export: Moodle knows no fraction of {100 * share:.5f} percent: change the number of options.")
    return f"{'-' if share < 0 and nearest else ''}{nearest:.7g}"


def file(title, found):
    """The bytes of a Moodle XML file for these tasks; title names the category they arrive in."""
    quiz = etree.Element("quiz")
    category = etree.SubElement(quiz, "question", type="category")
    _text(etree.SubElement(category, "category"), "$course$/top/" + title.replace("/", "//"))
    for task in found:
        _question(quiz, task)
    return etree.tostring(quiz, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _text(parent, words, data=False):
    etree.SubElement(parent, "text").text = etree.CDATA(words) if data and "]]>" not in words else words


def _html(parent, tag, words, **attributes):
    node = etree.SubElement(parent, tag, format="html", **attributes)
    _text(node, words, True)
    return node


def _leaf(parent, tag, value):
    etree.SubElement(parent, tag).text = str(value)


def _question(quiz, task):
    entry = task.entry
    math = formula(entry.locale)
    node = etree.SubElement(quiz, "question", type=TYPES[task.kind])
    _text(etree.SubElement(node, "name"), task.name)
    picture, name = entry.picture(), f"q{entry.number:02d}.svg"
    gap = (lambda key: _gap(task, key)) if task.kind == "gaps" else (lambda key: f"____ ({key})")
    words = t.stem(task, math, gap, lambda alt: f'<p><img src="@@PLUGINFILE@@/{name}" alt="{html.escape(alt)}"/></p>')
    lettered = task.kind == "match" and t.labels(entry)[1]
    if lettered or task.kind == "kprim":
        words += t.listed(entry, math)
    body = _html(node, "questiontext", words)
    if picture:
        inside = etree.SubElement(body, "file", name=name, path="/", encoding="base64")
        inside.text = base64.b64encode(picture[0].encode()).decode()
    notes = t.notes(task, math)
    _html(node, "generalfeedback", notes)
    for tag, value in (("defaultgrade", f"{task.points:g}"), ("penalty", 0), ("hidden", 0)):
        _leaf(node, tag, value)
    WRITERS.get(task.kind, lambda *_: None)(node, task, math)
    if task.kind in ("open", "file"):
        _essay(node, task, notes)


def formula(locale):
    r"""The writer of a formula in \(…\), with the decimal comma in German."""

    def math(tex, block):
        style = "\\displaystyle " if block else ""
        return html.escape(f"\\({style}{formulas.latex(tex, locale)}\\)", quote=False)

    return math


def _answer(node, share, words, why="", formatted=True):
    answer = etree.SubElement(node, "answer", fraction=fraction(share), **({"format": "html"} if formatted else {}))
    _text(answer, words, formatted)
    if why:
        _html(answer, "feedback", why)
    return answer


def _options(node, single):
    for tag, value in (("single", str(single).lower()), ("shuffleanswers", "false"), ("answernumbering", "ABCD")):
        _leaf(node, tag, value)


def _choice(node, task, math):
    _options(node, True)
    for words, right, why in t.choices(task):
        _answer(node, float(right), t.rich_line(words, math), t.rich_line(why, math))


def _several(node, task, math):
    _options(node, False)
    options = t.choices(task)
    share = 1 / sum(right for _, right, _ in options)
    for words, right, why in options:
        _answer(node, share if right else -share, t.rich_line(words, math), t.rich_line(why, math))


def _kprim(node, task, math):
    """All rows of true and false over the four statements: four right give all, three right half, as on the sheet."""
    locale = task.entry.locale
    truth = [field["answer"] for field in task.fields]
    for tag, value in (("single", "true"), ("shuffleanswers", "false"), ("answernumbering", "none")):
        _leaf(node, tag, value)
    for row in itertools.product((True, False), repeat=len(truth)):
        hits = sum(a == b for a, b in zip(row, truth, strict=True))
        words = ", ".join(f"{f['key']} {say('true' if on else 'false', locale)}" for f, on in zip(task.fields, row,
            strict=True))  # fmt: skip
        _answer(node, {4: 1.0, 3: 0.5}.get(hits, 0.0), words)


def _truth(node, task, math):
    answer = task.fields[0]["answer"]
    for words, value in (("true", True), ("false", False)):
        _answer(node, float(value == answer), words, formatted=False)


def _number(node, task, math):
    field = task.fields[0]
    for value, margin, words in [(field["answer"], t.margin(field), ""), *t.wrongs(task.entry, field)]:
        answer = _answer(node, float(not words), t.decimal(value), t.rich_line(words, math), formatted=False)
        _leaf(answer, "tolerance", t.decimal(margin))
    _leaf(node, "unitgradingtype", 0)
    _leaf(node, "showunits", 3)


def _gap(task, key):
    """A place to write in, in the language of embedded answers; feedback is plain words, so that no brace stands in."""
    field = next(field for field in task.fields if field["key"] == key)
    if field["type"] == "text":
        return "{1:SHORTANSWER:" + "~".join("=" + _safe(word) for word in t.spellings(field)) + "}"
    parts = [f"={t.decimal(field['answer'])}:{t.decimal(t.margin(field))}"]
    for value, margin, words in t.wrongs(task.entry, field):
        spoken = _safe(t.rich_line(words, lambda tex, block: formulas.words(tex, task.entry.locale)))
        parts.append(f"%0%{t.decimal(value)}:{t.decimal(margin)}#{spoken}")
    hint = t.decimals_hint(task, key)
    return "{1:NUMERICAL:" + "~".join(parts) + "}" + (f" <small>({hint})</small>" if hint else "")


def _safe(words):
    for sign in "}#~":  # these end an answer or its feedback
        words = words.replace(sign, "\\" + sign)
    return words


def _match(node, task, math):
    _leaf(node, "shuffleanswers", "true")
    entry = task.entry
    names, _ = t.labels(entry)
    used = {field["answer"] for field in task.fields}
    pairs = [(t.rich_line(left, math), names[f["answer"]]) for left, f in zip(entry.lefts(), task.fields, strict=True)]
    for left, right in pairs + [("", name) for i, name in enumerate(names) if i not in used]:
        sub = _html(node, "subquestion", left)
        _text(etree.SubElement(sub, "answer"), right)


def _order(node, task, math):
    for tag, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", 0),
                       ("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST"), ("showgrading", "SHOW"),
                       ("numberingstyle", "none"), ("shownumcorrect", 1)):  # fmt: skip
        _leaf(node, tag, value)
    ranked = sorted(zip(task.fields, task.entry.options(), strict=True), key=lambda pair: pair[0]["answer"])
    for place, (_, (words, _, _)) in enumerate(ranked, start=1):  # here "fraction" is the place in the order
        answer = etree.SubElement(node, "answer", fraction=str(place), format="html")
        _text(answer, t.rich_line(words, math), True)


def _essay(node, task, notes):
    upload = task.kind == "file"
    for tag, value in (("responseformat", "editor"), ("responserequired", int(not upload)),
                       ("responsefieldlines", max(5, 5 * (task.entry.lines() // 5))),
                       ("attachments", int(upload)), ("attachmentsrequired", 0)):  # fmt: skip
        _leaf(node, tag, value)
    _html(node, "graderinfo", notes)
    _html(node, "responsetemplate", "")


WRITERS = {"choice": _choice, "several": _several, "kprim": _kprim, "truth": _truth, "number": _number,
    "match": _match, "order": _order}  # fmt: skip
