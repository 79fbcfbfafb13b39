"""What the printed, the web and the notebook sheet have in common: one form of a lock, ready to be set."""

from dataclasses import dataclass

from course_utils.exam import text
from course_utils.exam.errors import ExamError
from course_utils.exam.figures import svg
from course_utils.exam.marking import truth
from course_utils.exam.resolve import LETTERS, decimals_of
from course_utils.exam.words import DIFFICULTIES, KNOWLEDGE, LOCALES, color_of, language, number, points_of, say


@dataclass(frozen=True)
class Entry:
    """One question on a sheet: its number, what its file says (record), its variant, and the locale to print it in."""

    number: int
    record: dict
    variant: dict
    locale: str

    @property
    def tongue(self):
        return "en" if self.locale == "en" else "de"

    @property
    def kind(self):
        return self.record["kind"]

    def section(self, name):
        """A section's text with the values filled in; "" if the question has none."""
        languages = self.record["sections"].get(name)
        return text.fill(languages[self.tongue], self.variant["values"], self.locale) if languages else ""

    def filled(self, words):
        return text.fill(words, self.variant["values"], self.locale)

    def question(self):
        """The question in two pieces, between which its picture stands: the text, and from the first blank on."""
        pieces = self.section("question").split("\n\n")
        first = next((i for i, piece in enumerate(pieces) if "[[" in piece), len(pieces))
        return "\n\n".join(pieces[:first]), "\n\n".join(pieces[first:])

    def options(self):
        """The options in the order of this variant: [(text, right, explanation)]."""
        if "options" in self.variant:
            found = []
            for i in self.variant["order"]:
                option = self.variant["options"][i]
                value = option["value"]
                shown = value if isinstance(value, str) else self.show(value)
                why = self.mistakes().get(option["mistake"], "")
                found.append((shown, option["mistake"] is None, why))
            return found
        options = self.record["sections"]["options"][self.tongue]
        return [
            (self.filled(options[i]["text"]), options[i].get("right"), self.filled(options[i]["why"]))
            for i in self.variant["order"]
        ]

    def lefts(self):
        """The left sides of a matching question."""
        return [
            self.filled(option["left"]) for option in self.record["sections"]["options"][self.tongue] if option["left"]
        ]

    def show(self, value, key=""):
        """A number with the decimals and the unit of the question, or a word."""
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return str(value)
        shown = number(value, self.locale, decimals_of(self.record, key))
        unit = self.record.get("unit", "")
        return f"{shown} {unit}".strip()

    def mistakes(self):
        """Named mistakes that this question explains: {name: words}."""
        languages = self.record["sections"].get("mistakes")
        return {name: self.filled(words) for name, words in languages[self.tongue].items()} if languages else {}

    def known_mistakes(self):
        """[(value as printed, words)] for the marker of a number, table or several parts."""
        found, wrong = [], self.variant.get("mistakes", {})
        if "options" in self.variant:
            return found
        for name, words in self.mistakes().items():
            if name in wrong:
                value = wrong[name]
                if isinstance(value, dict):
                    keys = [field["key"] for field in self.variant["fields"]]
                    shown = "; ".join(f"{say('part', self.locale)} {keys.index(key) + 1}: {self.show(v, key)}"
                                      for key, v in value.items() if key in keys)  # fmt: skip
                elif isinstance(value, list):
                    shown = "; ".join(" ".join(number(v, self.locale) for v in row) for row in value)
                else:
                    shown = self.show(value)
                found.append((shown, words))
        return found

    def rubric(self):
        """[(points as printed, text)]"""
        languages = self.record["sections"].get("rubric")
        return (
            [(number(e["points"], self.locale), self.filled(e["text"])) for e in languages[self.tongue]]
            if languages
            else []
        )

    def truth(self):
        return truth(self.variant, self.locale)

    def picture(self):
        """(SVG text, words for it), or None."""
        figure = self.variant["figure"]
        return (svg(figure, self.locale), text.spoken(self.section("figure"), self.locale)) if figure else None

    def instruction(self):
        """The sentence that says how to answer this kind; "" where the question says it all."""
        key = {
            "single": "one",
            "multiple": "several",
            "kprim": "kprim",
            "matching": "match",
            "ordering": "order",
            "parts": "follow",
        }
        if self.kind == "parts" and not self.record.get("follows", True):  # locks before this entry had it for all
            return ""
        return say(key[self.kind], self.locale) if self.kind in key else ""

    def points_label(self):
        return points_of(self.record["points"], self.locale)

    def lines(self):
        """How many lines of writing space the minutes call for."""
        return max(2, round(self.record["minutes"] * 1.3))

    def grid_shape(self):
        """Rows and columns of a table of numbers."""
        keys = [field["key"].split(",") for field in self.variant["fields"]]
        return max(int(r) for r, _ in keys), max(int(c) for _, c in keys)

    def cross_label(self, i):
        return LETTERS[i]


def entries(lock, form, locale):
    """All questions of a form; raises ExamError for an unknown form or locale."""
    if locale not in LOCALES:
        raise ExamError(f"build: locale is {locale!r}: choose one of {', '.join(LOCALES)}.")
    names = [entry["name"] for entry in lock["forms"]]
    if form not in names:
        raise ExamError(f"build: form is {form!r}, but the lock holds {', '.join(names)}: choose one of these.")
    items = lock["forms"][names.index(form)]["items"]
    return [Entry(n, lock["questions"][item["id"]], item, locale) for n, item in enumerate(items, start=1)]


def cover(lock, form, locale, found):
    """What the front page says, as plain words."""
    points = sum(entry.record["points"] for entry in found)
    aids = "calculator" if any(entry.record["aids"] == "calculator" for entry in found) else "none"
    stated = lock.get("aids", {}).get("en" if locale == "en" else "de")
    return {
        "title": lock["title"]["en" if locale == "en" else "de"],
        "form": form,
        "date": lock.get("date", ""),
        "minutes": number(lock["minutes"] or sum(entry.record["minutes"] for entry in found), locale),
        "points": number(points, locale),
        "aids": stated or say(aids, locale),
        "rows": [(entry.number, number(entry.record["points"], locale)) for entry in found],
        "matrix": matrix(locale, found),
    }


def matrix(locale, found):
    """The lecture's matrix: rows of (difficulty, [(color key, color word, number of questions, points)])."""
    rows = []
    for difficulty, names in DIFFICULTIES.items():
        row = []
        for knowledge in KNOWLEDGE:
            inside = [e for e in found if (e.record["difficulty"], e.record["knowledge"]) == (difficulty, knowledge)]
            row.append(
                (color_of(difficulty, knowledge), len(inside), number(sum(e.record["points"] for e in inside), locale))
            )
        rows.append((names[language(locale)], row))
    return rows
