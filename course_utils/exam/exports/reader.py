"""Reading an export back: what a file asks, how many points it gives for an answer and what it says to it.

Nothing here knows the writers or the bank: the Moodle reader follows Moodle's description of its format and of its
marking, the QTI readers evaluate the response processing that stands in the items. An answer is what a student does:
choice: a position or None · several: a set of positions · truth: True, False or None · number: what is typed ·
gaps: a list of what is typed · match: {left position: right position} · order: a list of positions · open: nothing.
"""

import base64
import re
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from course_utils.exam.errors import ExamError

KNOWN = {"0", "5", "10", "11.11111", "12.5", "14.28571", "16.66667", "20", "25", "30", "33.33333", "40", "50", "60",
    "66.66667", "70", "75", "80", "83.33333", "90", "100"}  # fmt: skip
NUMBER = r"-?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?"
GAP = re.compile(r"\{(\d*):(NUMERICAL|SHORTANSWER):((?:\\.|[^}\\])*)\}", re.DOTALL)
ALTERNATIVE = re.compile(r"(=|%(-?[\d.]+)%)?((?:\\.|[^#\\])+)(?:#(.*))?", re.DOTALL)


@dataclass
class Found:
    """One question of an export: grade(answer) gives (points, [feedback]); options are texts in the file's order."""

    name: str
    kind: str
    points: float
    words: str
    grade: object
    options: list = field(default_factory=list)


def refuse(name, what):
    """An ExamError for a question, or a part of a package, that cannot be read back."""
    return ExamError(f"export: reading {name} back failed: {what}: report this.")


def typed(text):
    """The number that Moodle reads in what a student typed: a single comma is a decimal sign; None if it is none."""
    text = str(text).replace(" ", "").replace("\u2212", "-")
    text = text.replace(",", "") if "." in text or text.count(",") > 1 else text.replace(",", ".")
    return float(text) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text) else None


def moodle(data):
    """All questions of a Moodle XML file by name."""
    quiz = etree.fromstring(data)
    found = {}
    for node in quiz.iterfind("question"):
        if node.get("type") == "category":
            continue
        name = node.findtext("name/text")
        if name in found:
            raise refuse(name, "two questions have this name")
        _sound(node, name)
        kind, mark, options = MOODLE[node.get("type")](node, name)
        points = float(node.findtext("defaultgrade"))

        def grade(answer, mark=mark, points=points):
            share, told = mark(answer)
            return points * share, [words for words in told if words]

        found[name] = Found(name, kind, points, node.findtext("questiontext/text"), grade, options)
    return found


def _sound(node, name):
    """Raise for a fraction that Moodle does not know, a picture that is not inside, formulas that do not close."""
    for answer in node.iterfind("answer"):
        if node.get("type") != "ordering" and answer.get("fraction").lstrip("-") not in KNOWN:
            raise refuse(name, f"Moodle knows no fraction of {answer.get('fraction')}")
    body = node.find("questiontext")
    inside = {file.get("name") for file in body.iterfind("file") if base64.b64decode(file.text).startswith(b"<svg ")}
    if set(re.findall(r"@@PLUGINFILE@@/([\w.]+)", body.findtext("text"))) - inside:
        raise refuse(name, "its picture is not inside the file")
    for text in node.iter("text"):
        words = text.text or ""
        if words.count("\\(") != words.count("\\)") or re.search(r"\$[^$]+\$", re.sub(r"\$course\$", "", words)):
            raise refuse(name, f"a formula does not stand in \\(…\\) in {words[:60]!r}")
        if "src=" in re.sub(r'src="@@PLUGINFILE@@/', "", words) or "http" in words:
            raise refuse(name, "it points outside the file")
        if words.strip():
            lxml.html.fragment_fromstring(words, create_parent="div")


def _fractions(node):
    return [(float(a.get("fraction")) / 100, a.findtext("text"), a.findtext("feedback/text") or "")
            for a in node.iterfind("answer")]  # fmt: skip


def _moodle_choice(node, name):
    answers = _fractions(node)
    options = [words for _, words, _ in answers]
    if len(set(options)) < len(options):
        raise refuse(name, "two options are equal")
    if node.findtext("single") == "true":
        return "choice", lambda i: (0.0, []) if i is None else (answers[i][0], [answers[i][2]]), options

    def several(chosen):
        return min(1.0, max(0.0, sum(answers[i][0] for i in chosen))), [answers[i][2] for i in chosen]

    return "several", several, options


def _moodle_truth(node, name):
    worth = {words: share for share, words, _ in _fractions(node)}
    return "truth", lambda on: (0.0 if on is None else worth["true" if on else "false"], []), []


def _nearest(answers, given):
    """The share and the feedback of the first answer whose tolerance the number meets."""
    value = typed(given)
    for share, right, tolerance, told in answers:
        if value is not None and abs(value - right) <= tolerance + 1e-12:
            return share, told
    return 0.0, ""


def _moodle_number(node, name):
    answers = [(float(a.get("fraction")) / 100, float(a.findtext("text")), float(a.findtext("tolerance")),
                a.findtext("feedback/text") or "") for a in node.iterfind("answer")]  # fmt: skip

    def mark(given):
        share, told = _nearest(answers, given)
        return share, [told]

    return "number", mark, []


def _moodle_gaps(node, name):
    gaps = []
    text = node.findtext("questiontext/text")
    for weight, kind, inside in GAP.findall(text):
        rows = []
        for alternative in re.split(r"(?<!\\)~", inside):
            match = ALTERNATIVE.fullmatch(alternative)
            if match is None:
                raise refuse(name, f"the gap {inside[:60]!r} is not in Moodle's language")
            share = 1.0 if match[1] == "=" else float(match[2] or 0) / 100
            rows.append((share, *_right(name, kind, match[3]), re.sub(r"\\([}#~])", r"\1", match[4] or "")))
        gaps.append((int(weight or 1), kind, rows))
    if re.search(r"\{\d*:[A-Z]", GAP.sub("", text)) or not gaps:
        raise refuse(name, "a gap is not in Moodle's language")

    def mark(given):
        total, told = 0.0, []
        for (weight, kind, rows), text in zip(gaps, given, strict=True):
            if kind == "NUMERICAL":
                share, words = _nearest(rows, text)
            else:
                share, words = max((row[0] for row in rows if row[1].lower() == text.strip().lower()), default=0.0), ""
            total, told = total + weight * share, [*told, words]
        return total / sum(weight for weight, _, _ in gaps), told

    return "gaps", mark, [kind for _, kind, _ in gaps]


def _right(name, kind, text):
    if kind != "NUMERICAL":
        return re.sub(r"\\([}#~])", r"\1", text), 0.0
    match = re.fullmatch(f"({NUMBER}):({NUMBER})", text)
    if match is None:
        raise refuse(name, f"{text!r} is no number with a tolerance")
    return float(match[1]), float(match[2])


def _moodle_match(node, name):
    rows = [(sub.findtext("text") or "", sub.findtext("answer/text")) for sub in node.iterfind("subquestion")]
    options = list(dict.fromkeys(right for _, right in rows))
    asked = [(left, right) for left, right in rows if left]
    if len(options) < len(rows) or any("\\(" in right or "<" in right for right in options):
        raise refuse(name, "two right sides are equal, or one holds a formula, which a list of Moodle cannot show")

    def mark(pairs):
        return sum(options[pairs[i]] == right for i, (_, right) in enumerate(asked) if i in pairs) / len(asked), []

    return "match", mark, options


def _moodle_order(node, name):
    if node.findtext("gradingtype") != "RELATIVE_NEXT_EXCLUDE_LAST":
        raise refuse(name, "its marking is not that of neighbors")
    ranked = sorted(node.iterfind("answer"), key=lambda a: int(a.get("fraction")))

    def mark(order):  # of the items but the last, how many are followed by their right successor
        return sum(b == a + 1 for a, b in zip(order, order[1:], strict=False)) / (len(ranked) - 1), []

    return "order", mark, [a.findtext("text") for a in ranked]


def _moodle_open(node, name):
    if not (node.findtext("graderinfo/text") or "").strip():
        raise refuse(name, "it has no notes for the person who marks it")
    return "file" if node.findtext("attachments") != "0" else "open", lambda _: (0.0, []), []


MOODLE = {"multichoice": _moodle_choice, "truefalse": _moodle_truth, "numerical": _moodle_number,
    "cloze": _moodle_gaps, "matching": _moodle_match, "ordering": _moodle_order, "essay": _moodle_open}  # fmt: skip
