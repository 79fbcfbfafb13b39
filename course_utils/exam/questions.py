"""A question is a tiny notebook in jupytext's percent format; this file reads it and says what is missing.

The first cell is a list of fields (`- id: cnn.conv_valid`), the others have names: `question.en`, `question.de`,
`options.en`, … and one code cell holds `generate(draw)` where numbers vary, with `oracle(values)` (a second way to the
answer) and, for questions of several parts, `follow(values, given)` (what is right after an earlier mistake).
"""

import functools
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.exam.errors import ExamError
from course_utils.exam.words import DIFFICULTIES, KNOWLEDGE, OPERATORS, TOPICS

KINDS = ("single", "multiple", "kprim", "truefalse", "number", "table", "cloze", "matching", "ordering", "error",
    "sketch",
         "open", "code", "parts")  # fmt: skip
LESSONS = {
    "neuron": 1,
    "mlp": 2,
    "descent": 3,
    "cnn": 4,
    "rnn": 5,
    "transformer": 6,
    "gan": 7,
    "adversarial": 8,
    "saliency": 9,
}
REQUIRED = ("id", "version", "topic", "lesson", "difficulty", "knowledge", "kind", "operator", "points", "minutes")
OPTIONAL = ("reference", "aids", "scoring", "decimals", "tolerance", "unit", "choices", "answer", "function")
SECTIONS = ("question", "options", "mistakes", "blanks", "solution", "rubric", "figure")
WITH_OPTIONS = ("single", "multiple", "kprim", "matching", "ordering")
WITH_RUBRIC = ("truefalse", "error", "sketch", "open", "code")
COMPUTED = ("number", "table", "parts")
SCORING = {"single": "all", "multiple": "balanced", "kprim": "kprim", "ordering": "neighbors"}
TITLE = re.compile(r"# %% ?(?P<title>[\w.]*) ?(?P<kind>\[markdown\])?")


@dataclass(frozen=True)
class Question:
    """One question as its file says it: `record` is plain data (it goes into the lock), `source` its code cell."""

    path: Path
    record: dict
    source: str = ""
    first_line: int = 0
    digest: str = field(default="", compare=False)

    @property
    def id(self):
        return self.record["id"]

    def __getattr__(self, name):
        if name in ("topic", "difficulty", "knowledge", "kind", "points", "minutes", "version", "sections", "decimals"):
            return self.record[name]
        raise AttributeError(name)

    @property
    def computed(self):
        """Whether its numbers vary."""
        return bool(self.source)

    @functools.cached_property
    def code(self):
        """The names that the code cell defines: generate, and perhaps oracle and follow."""
        names = {"__name__": f"question_bank.{self.id}"}
        try:
            exec(compile("\n" * self.first_line + self.source, str(self.path), "exec"), names)
        except Exception as error:  # anything may stand in a code cell
            what = f"does not run ({type(error).__name__}: {error}): mend the code cell."
            raise self.error("generate", what) from error
        return names

    def error(self, where, what):
        """An ExamError that names this file and the field."""
        return ExamError(f"{self.path}: {where} {what}")


def read(path):
    """Read one question's file; raises ExamError with file, field and remedy."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ExamError(f"{path}: the file cannot be read ({error.strerror}): check its name and its rights.") from None
    except UnicodeDecodeError:
        raise ExamError(f"{path}: the file is not UTF-8 text: save it as UTF-8.") from None
    cells = split(path, text)
    header = _header(path, cells)
    sections, source, first_line = {}, "", 0
    for title, kind, lines, start in cells[1:]:
        if kind is None:
            if source:
                raise ExamError(f"{path}: line {start} opens a second code cell: keep all code in one cell.")
            source, first_line = "\n".join(lines).strip("\n"), start
            first_line += next((i for i, line in enumerate(lines) if line.strip()), 0)
            continue
        name, _, language = title.partition(".")
        if name not in SECTIONS or language not in ("en", "de"):
            raise ExamError(
                f"{path}: the cell {title!r} is not known: name it one of {', '.join(SECTIONS)} with .en or .de."
            )
        body = "\n".join(re.sub(r"^# ?", "", line) for line in lines).strip("\n")
        sections.setdefault(name, {})[language] = body
    for name, languages in sections.items():
        for language, twin in (("en", "de"), ("de", "en")):
            if language not in languages or not languages[language].strip():
                raise ExamError(f"{path}: {name}.{language} is missing: write the twin of {name}.{twin}.")
    digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:16]
    rest = {"sections": _sections(path, sections), "digest": digest, "follows": "def follow(" in source}
    question = Question(path, header | rest, source, first_line, digest)
    _complete(question)
    return question


def split(path, text):
    """The cells of a percent file: (title, "[markdown]" or None, lines, line number)."""
    cells = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        match = TITLE.match(line) if line.startswith("# %%") else None
        if match:
            cells.append((match["title"], match["kind"], [], number))
        elif cells:
            cells[-1][2].append(line)
    if not cells or cells[0][0] != "header":
        raise ExamError(f"{path}: the first cell is not the header: begin the file with '# %% header [markdown]'.")
    return cells


def _header(path, cells):
    fields = {}
    for line in cells[0][2]:
        match = re.match(r"# - (\w+): (.*\S)", line)
        if match:
            fields[match[1]] = match[2]
        elif line.strip("# "):
            raise ExamError(f"{path}: the header line {line!r} is no field: write it as '# - name: value'.")
    for name in REQUIRED:
        if name not in fields:
            raise ExamError(f"{path}: the field {name} is missing: add '# - {name}: …' to the header.")
    for name in fields:
        if name not in REQUIRED + OPTIONAL:
            raise ExamError(f"{path}: the field {name} is not known: use {', '.join(REQUIRED + OPTIONAL)}.")
    choices = {"topic": tuple(TOPICS), "difficulty": tuple(DIFFICULTIES), "knowledge": tuple(KNOWLEDGE), "kind": KINDS,
               "operator": OPERATORS}  # fmt: skip
    for name, allowed in choices.items():
        if fields[name] not in allowed:
            raise ExamError(f"{path}: {name} is {fields[name]!r}: choose one of {', '.join(allowed)}.")
    if fields["id"] != f"{fields['topic']}.{path.stem}":
        raise ExamError(
            f"{path}: id is {fields['id']!r}, but topic and file name make {fields['topic']}.{path.stem}: make "
            f"them agree."
        )
    for name in ("version", "points", "minutes", "lesson", "tolerance", "choices"):
        if name in fields and fields[name] != "none":
            fields[name] = _numeric(path, name, fields[name])
    if fields["points"] <= 0 or fields["minutes"] <= 0:
        raise ExamError(
            f"{path}: points and minutes must be above 0: give the points and the time the question is worth."
        )
    if fields["knowledge"] == "application" and "reference" not in fields:
        raise ExamError(f"{path}: the field reference is missing: name the literature of this application question.")
    if fields.get("aids", "none") not in ("none", "calculator"):
        raise ExamError(f"{path}: aids is {fields['aids']!r}: choose none or calculator.")
    fields["decimals"] = _decimals(path, fields.get("decimals", "0"))
    fields.setdefault("aids", "none")
    fields.setdefault("scoring", SCORING.get(fields["kind"], "each"))
    if fields["scoring"] not in ("all", "each", "kprim", "balanced", "neighbors"):
        raise ExamError(f"{path}: scoring is {fields['scoring']!r}: choose all, each, kprim, balanced or neighbors.")
    return fields


def _numeric(path, name, text):
    try:
        value = float(text)
    except ValueError:
        raise ExamError(f"{path}: {name} is {text!r}, but it is a number: write digits only.") from None
    return int(value) if value == int(value) else value


def _decimals(path, text):
    """`2` for all numbers, or `a 1, b 2` for each; as a dictionary with "" for the rest."""
    found = {"": 0}
    for part in text.split(","):
        name, _, digits = part.strip().rpartition(" ")
        if not digits.isdigit():
            raise ExamError(f"{path}: decimals is {text!r}: write a number, or name and number as in 'a 1, b 2'.")
        found[name] = int(digits)
    return found


def _sections(path, sections):
    """Lists become lists: options, mistakes and blanks are read, the rest stays text."""
    found = {}
    for name, languages in sections.items():
        reader = {"options": _options, "mistakes": _named, "blanks": _named, "rubric": _rubric}.get(name)
        found[name] = {language: reader(path, name, body) if reader else body for language, body in languages.items()}
    return found


def _items(path, name, body):
    items = re.findall(r"^(?:- |\d+\. )(.*(?:\n  \S.*)*)", body, re.MULTILINE)
    if not items:
        raise ExamError(f"{path}: {name} holds no list: write each entry on a line that begins with '- '.")
    return [" ".join(item.split()) for item in items]


def _options(path, name, body):
    options = []
    for item in _items(path, name, body):
        text, _, why = item.partition(" || ")
        mark = re.match(r"\[([ x])\] ", text)
        left, arrow, right = text.partition(" => ") if text.find("=>") > 0 else ("", *text.partition("=> ")[1:])
        option = {"text": text[4:] if mark else text, "why": why}
        if mark:
            option["right"] = mark[1] == "x"
        if arrow:
            option |= {"left": left, "text": right}
        options.append(option)
    return options


def _named(path, name, body):
    found = {}
    for item in _items(path, name, body):
        key, colon, text = item.partition(": ")
        if not colon or not re.fullmatch(r"\w+", key):
            raise ExamError(f"{path}: {name} has the entry {item!r} without a name: write '- name: text'.")
        found[key] = text
    return found


def _rubric(path, name, body):
    found = []
    for item in _items(path, name, body):
        points, colon, text = item.partition(": ")
        try:
            found.append({"points": float(points), "text": text})
        except ValueError:
            colon = ""
        if not colon:
            raise ExamError(f"{path}: rubric has the entry {item!r} without points: write '- 2: what earns them'.")
    return found


def _complete(question):
    """Raise for what this kind of question needs and does not have."""
    kind, sections = question.kind, question.sections
    for name in ("question", "solution"):
        if name not in sections:
            raise question.error(f"{name}.en and {name}.de", "are missing: write both.")
    if kind in COMPUTED and not question.source:
        raise question.error("generate", f"is missing: a question of kind {kind} computes its answer in a code cell.")
    if kind in WITH_OPTIONS and "options" not in sections and not (kind == "single" and question.source):
        raise question.error("options.en", f"is missing: a question of kind {kind} needs options.")
    if kind in WITH_RUBRIC and "rubric" not in sections:
        raise question.error("rubric.en", f"is missing: say what earns the points of a question of kind {kind}.")
    if question.source and "def generate(draw)" not in question.source:
        raise question.error("generate", "is missing: the code cell must define generate(draw).")
    for name, languages in sections.items():
        if isinstance(languages["en"], (list, dict)) and len(languages["en"]) != len(languages["de"]):
            raise question.error(name,
                f"has {len(languages['en'])} entries in English and {len(languages['de'])} in German: "
                                 "write them as twins.")  # fmt: skip
        if isinstance(languages["en"], dict) and list(languages["en"]) != list(languages["de"]):
            raise question.error(
                name, "has other names in English than in German: use the same names in the same order."
            )
    if "rubric" in sections:
        expected = question.points / 2 if kind in ("truefalse", "error") else question.points
        for language in ("en", "de"):
            total = sum(entry["points"] for entry in sections["rubric"][language])
            if abs(total - expected) > 1e-9:
                raise question.error(
                    f"rubric.{language}",
                    f"adds up to {total:g}, but {expected:g} points are marked by it: make them equal.",
                )
    if "options" in sections:
        flags = {
            language: [option.get("right") for option in sections["options"][language]] for language in ("en", "de")
        }
        if flags["en"] != flags["de"]:
            raise question.error(
                "options", "marks other options as right in English than in German: write them as twins."
            )
        if kind in ("single", "multiple", "kprim") and None in flags["en"]:
            raise question.error("options", "has an option without [x] or [ ]: mark each as right or wrong.")
        if kind == "single" and sum(flags["en"]) != 1:
            raise question.error(
                "options", f"marks {sum(flags['en'])} options as right, but one is expected: mark exactly one [x]."
            )
        if kind == "kprim" and len(flags["en"]) < 4:
            raise question.error("options", "has fewer than four statements: Kprim needs four or more.")
