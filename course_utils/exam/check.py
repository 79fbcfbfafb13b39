"""What can be said about a question without drawing it a thousand times: twins, stems, formulas, lengths."""

import re

from course_utils.exam import formulas
from course_utils.exam.errors import ExamError
from course_utils.exam.html_sheet import body
from course_utils.exam.lock import make
from course_utils.exam.marking import mark, truth
from course_utils.exam.resolve import blank_keys, resolve
from course_utils.exam.sheet import Entry, entries
from course_utils.exam.text import PIECE, VALUE, to_typst
from course_utils.exam.typst_sheet import _question, compile_pdf, source

LOCALES = ("en", "de", "de-CH")
VAGUE = ((r"\bin this case\b|\bin diesem fall\b", "says 'in this case': name the case"),
         (r"\bbest\b|\bbeste[nrsm]?\b", "says 'best' without a measure: say by what"),
         (r"(?<!\*)\b(not|nicht|kein|keine|never|nie)\b(?!\*)",
             "has a negation without stress: write it in **bold**"))  # fmt: skip


def check(question):
    """Raise ExamError for the first thing that is wrong with a question."""
    for name, languages in question.sections.items():
        english, german = (_flat(languages[language]) for language in ("en", "de"))
        for what, finder in (("values", VALUE.findall), ("blanks", blank_keys), ("numbers in formulas", _numbers)):
            if sorted(finder(english)) != sorted(finder(german)):
                raise question.error(f"{name}.de", f"has other {what} than {name}.en: use the same in both languages.")
        for language, words in (("en", english), ("de", german)):
            for piece in PIECE.split(words)[::2]:
                if re.search(r"\d[.,]\d", re.sub(r"\d{1,2}\.\d{1,2}\.|\d+\.\d+\.\d+", "", piece)):
                    raise question.error(
                        f"{name}.{language}",
                        f"has a decimal number in its prose ({piece.strip()[:40]!r}): put it into $…$.",
                    )
    _stem(question)
    for seed in range(3):
        variant = resolve(question, f"check-{seed}")
        for locale in LOCALES:
            entry = Entry(1, question.record, variant, locale)
            try:
                _question(entry, True)
                body(entry, False)
                body(entry, True)
            except ExamError as error:
                raise question.error(f"{_place(entry)}:", str(error)) from None
            if entry.picture() and not entry.picture()[1].strip():
                raise question.error("figure.en", "is missing: say in words what the picture shows.")
        _marks(question, variant)
    if question.computed and not variant["figure"] and "figure" in question.sections:
        raise question.error("figure", "has words, but generate gives no figure: return figure=… or remove the words.")


def _place(entry):
    """The section whose words cannot be set, such as solution.en."""
    for name, languages in entry.record["sections"].items():
        try:
            to_typst(entry.filled(_flat(languages[entry.tongue])), entry.locale)
        except ExamError:
            return f"{name}.{entry.tongue}"
    return entry.tongue


def _flat(section):
    """All words of a section, whether it is a text, a list or a dictionary."""
    if isinstance(section, str):
        return section
    rows = section.items() if isinstance(section, dict) else (tuple(entry.values()) for entry in section)
    return "\n".join(str(cell) for row in rows for cell in row if isinstance(cell, str))


def _numbers(words):
    return [
        n for piece in PIECE.split(words)[1::2] if piece.startswith("$") for n in re.findall(r"\d+(?:\.\d+)?", piece)
    ]


def _stem(question):
    if question.kind not in ("single", "multiple", "kprim"):
        return
    for language in ("en", "de"):
        stem = "".join(PIECE.split(question.sections["question"][language])[::2]).lower()
        last = re.split(r"(?<=[.!])\s", stem.strip())[-1]
        for pattern, what in VAGUE:
            if re.search(pattern, last):
                raise question.error(f"question.{language}", f"{what}.")
        options = question.sections.get("options", {}).get(language, [])
        texts = [option["text"] for option in options]
        if len(set(texts)) < len(texts):
            raise question.error(f"options.{language}", "has two equal options: change one.")


def _marks(question, variant):
    """The truth earns all that a machine can give, a blank nothing, a named mistake less than the truth."""
    record = question.record
    right = mark(record, variant, truth(variant))
    code = sum(field["points"] for field in variant["fields"] if field["type"] == "code")
    if abs(right["points"] + right["open"] + code - record["points"]) > 1e-3:
        raise question.error(
            "scoring", f"gives the truth {right['points']:g} of {record['points']:g} points: mend the fields."
        )
    if mark(record, variant, {})["points"] > 0:
        raise question.error("scoring", "gives points for a blank sheet: mend the fields.")


def longest_is_right(questions, language):
    """In how many single-choice questions with written options the right one is the longest, and of how many."""
    rows = [
        question.sections["options"][language]
        for question in questions
        if question.kind == "single" and "options" in question.sections
    ]
    longest = sum(max(options, key=lambda option: len(option["text"]))["right"] for options in rows)
    return longest, len(rows)


def check_bank(questions, progress=lambda done: None):
    """Check every question, then set them all as one PDF in each language; returns a list of sentences."""
    problems, good = [], []
    for done, question in enumerate(questions, start=1):
        try:
            check(question)
            good.append(question)
        except ExamError as error:
            problems.append(str(error))
        progress(done)
    problems += compile_all(good)
    for language in ("en", "de"):
        longest, of = longest_is_right(good, language)
        if of >= 10 and longest > 0.45 * of:
            problems.append(f"question bank: the right option is the longest in {longest} of {of} single-choice "
                            f"questions ({language}): "
                            "shorten some or lengthen their distractors.")  # fmt: skip
    return problems


def compile_all(questions):
    """Set all questions with their solutions, in all locales; returns a sentence for each that Typst refuses."""
    problems = []
    lock = make({"en": "Check", "de": "Prüfung"}, list(questions), seed="compile")
    for locale in LOCALES:
        try:
            compile_pdf(source(lock, "A", locale, True))
        except ExamError:
            for entry in entries(lock, "A", locale):
                alone = dict(lock, forms=[{"name": "A", "items": [entry.variant]}])
                try:
                    compile_pdf(source(alone, "A", locale, True))
                except ExamError as error:
                    problems.append(f"{entry.record['id']}: {error}")
    return problems


def formulas_of(question, variant):
    """Every formula of a variant, parsed; raises ExamError for one that does not compile."""
    for locale in ("en", "de"):
        entry = Entry(1, question.record, variant, locale)
        for name in ("question", "solution", "figure"):
            for piece in PIECE.split(entry.section(name))[1::2]:
                if piece.startswith("$"):
                    formulas.parse(piece.strip("$").strip())
