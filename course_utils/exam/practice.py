"""A question to practise with: `course.exam.question("cnn.conv_valid", seed=7)` shows it and marks the answer."""

import html

from course_utils.exam import bank
from course_utils.exam.errors import ExamError
from course_utils.exam.html_sheet import body, explanation, style
from course_utils.exam.marking import mark, truth
from course_utils.exam.resolve import resolve
from course_utils.exam.sheet import Entry
from course_utils.exam.words import LOCALES, number, say

SYMBOLS = {"right": "✓", "follows": "✓", "wrong": "✗", "blank": "○"}


def question(name, seed=0, locale="en"):
    """One question of the bank, to read and to answer in a notebook.

    name: its id, such as "cnn.conv_valid"; seed: any number or text, another seed gives other numbers;
    locale: "en", "de" or "de-CH". Without a kernel it still shows the question, with the solution folded away.
    """
    if locale not in LOCALES:
        raise ExamError(f"question: locale is {locale!r}: choose one of {', '.join(LOCALES)}.")
    if isinstance(seed, bool) or not isinstance(seed, (int, str)):
        raise ExamError(
            f"question: seed is {seed!r}, but a whole number or a text is expected: give for example seed=7."
        )
    return Practice(bank.find(name), seed, locale)


class Practice:
    """A question on the page; `check(response)` marks a response and `truth` is the one that earns everything."""

    def __init__(self, source, seed, locale):
        self._source, self.seed, self.locale = source, seed, locale
        self.entry = Entry(1, source.record, resolve(source, seed), locale)
        self._box, self._inputs, self._result = None, {}, None

    @property
    def truth(self):
        return truth(self.entry.variant, self.locale)

    def check(self, response):
        """Mark a response, a dictionary from a field's key to what was written, as `exam.marking.mark` does."""
        follow = self._source.code.get("follow") if self._source.computed else None
        return mark(self.entry.record, self.entry.variant, response, follow)

    def feedback(self, response):
        """The marks in words, line by line, with the named mistakes that were recognized."""
        result = self.check(response)
        words, lines = self.entry.mistakes(), []
        chosen = {i: why for i, (_, _, why) in enumerate(self.entry.options())} if self.entry.kind == "single" else {}
        for row in result["fields"]:
            if row["status"] == "open":
                continue
            state = "right" if row["status"] == "follows" else row["status"]
            why = words.get(row.get("mistake"), "") or (
                chosen.get(row.get("given"), "") if row["status"] == "wrong" else ""
            )
            lines.append(
                f"{SYMBOLS[row['status']]} {row['key']}: {say(state, self.locale)}" + (f". {why}" if why else "")
            )
        points = number(result["points"], self.locale)
        of = number(result["of"] - result["open"], self.locale)
        return "\n".join([*lines, f"{points} {say('of', self.locale)} {of} {say('points', self.locale)}"])

    def _html(self, live):
        entry = self.entry
        scoped = "\n".join(f".course-question {rule}" for rule in style().split("\n") if rule and rule[0] not in "b@m")
        name = f"<b>{html.escape(entry.record['id'])}</b> · {entry.points_label()} · {entry.record['minutes']:g} min"
        head = f"<style>{scoped}</style><p>{name}</p>"
        folded = "" if live else (f"<details><summary "
                                  f"data-lm-suppress-shortcuts=\"true\">{say('show', self.locale)}</summary>"
                                  f"{body(entry, True)}</details>")  # fmt: skip
        asked = body(entry, False, answer=not live or entry.kind in WRITTEN)
        return f'<div class="course-question" lang="{entry.tongue}">{head}{asked}{folded}</div>'

    def __repr__(self):
        return f"{self.entry.record['id']} (seed {self.seed}):\n{self.entry.section('question')}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": repr(self), "text/html": self._html(live=False)}
        return {**self.widget()._repr_mimebundle_(), **data}

    def widget(self):
        """The live form: question, inputs, a button that marks, and the solution or the rubric folded."""
        import ipywidgets as widgets

        if self._box is None:
            entry = self.entry
            self._inputs = {
                field["key"]: self._input(field, widgets)
                for field in entry.variant["fields"]
                if field["type"] not in ("open", "code")
            }
            self._result = widgets.HTML()
            button = widgets.Button(description=say("check", self.locale), button_style="primary")
            button.on_click(lambda _: self.press())
            key = "rubric" if len(self._inputs) < len(entry.variant["fields"]) else "show"
            folded = widgets.HTML(
                f'<details><summary '
                f'data-lm-suppress-shortcuts="true">{say(key, self.locale)}</summary>{explanation(entry)}</details>'
            )
            live = [*self._rows(widgets), button, self._result] if self._inputs else []
            self._box = widgets.VBox([widgets.HTML(self._html(live=True)), *live, folded])
        return self._box

    def _rows(self, widgets):
        if self.entry.kind != "table":
            return list(self._inputs.values())
        rows, columns = self.entry.grid_shape()
        return [widgets.HBox([self._inputs[f"{r},{c}"] for c in range(1, columns + 1)]) for r in range(1, rows + 1)]

    def _input(self, field, widgets):
        key, kind = field["key"], self.entry.kind
        wide = {"description_width": "initial"}
        if field["type"] == "choice":
            shown = [
                (f"{self.entry.cross_label(i)}) {_plain(text)}", i)
                for i, (text, _, _) in enumerate(self.entry.options())
            ]
            if kind == "single":
                return widgets.RadioButtons(
                    options=shown, value=None, description=say("answer", self.locale), layout={"width": "auto"}
                )
            return widgets.Dropdown(options=[("…", None), *shown], value=None,
                description=f"{key}. {_plain(self.entry.lefts()[int(key) - 1])}",
                                    style=wide, layout={"width": "auto"})  # fmt: skip
        if field["type"] == "bool":
            label = key if key != "truth" else say("answer", self.locale)
            if kind in ("kprim", "multiple"):
                label = f"{key}) {_plain(self.entry.options()['ABCDEFGHIJ'.index(key)][0])}"
            if kind == "multiple":
                return widgets.Checkbox(value=False, description=label, indent=False, layout={"width": "auto"})
            options = [(say("true", self.locale), True), (say("false", self.locale), False)]
            return widgets.Dropdown(
                options=[("…", None), *options], value=None, description=label, style=wide, layout={"width": "auto"}
            )
        label = {"value": say("answer", self.locale), "line": say("line", self.locale)}.get(key, key)
        if kind == "ordering":
            label = f"{key}) {_plain(self.entry.options()['ABCDEFGHIJ'.index(key)][0])}"
        narrow = {"width": "7em"} if kind == "table" else {"width": "auto"} if kind == "ordering" else {"width": "22em"}
        return widgets.Text(
            description="" if kind == "table" else label,
            style=wide,
            layout=narrow,
            placeholder=key if kind == "table" else "",
        )

    def press(self):
        """Do what the button does: mark what stands in the inputs and show the feedback."""
        given = {key: box.value for key, box in self._inputs.items()}
        lines = "".join(f"<div>{html.escape(_plain(line))}</div>" for line in self.feedback(given).split("\n"))
        self._result.value = f'<div role="status">{lines}</div>'


WRITTEN = ("single", "multiple", "kprim", "matching", "ordering")  # their options stand in the question's own text


def _plain(text):
    """A line for a label, which shows no formula: LaTeX becomes words only where it must."""
    from course_utils.exam import formulas
    from course_utils.exam.text import inline

    simple = {r"\cdot": "·", r"\times": "×", r"\to": "→", r"\le": "≤", r"\ge": "≥"}
    out = []
    for kind, piece in inline(text):
        if kind == "math":
            for command, sign in simple.items():
                piece = piece.replace(command, sign)
            piece = formulas.words(piece, "en") if "\\" in piece else piece
        out.append(piece if kind in ("text", "math", "code") else _plain(piece))
    return "".join(out)
