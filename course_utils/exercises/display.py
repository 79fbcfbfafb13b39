"""How a check, a hint, a solution and a claim look: a small card in HTML, and one line of text.

The card says its state by a symbol and in words, takes the colours of text and background from the page (light or
dark), and needs no JavaScript.
"""

import html
import re
from dataclasses import dataclass

_STATES = {  # symbol, words in the card, colour of the edge
    "passed": ("✓", "passed", "#0072b2"),
    "wrong": ("✗", "not right yet", "#d55e00"),
    "unanswered": ("○", "not answered yet", "#999999"),
    "error": ("!", "could not be checked", "#d55e00"),
    "timeout": ("■", "stopped", "#d55e00"),
}
_CARD = (
    "border:1px solid rgba(128,128,128,.45);border-left:.4em solid {edge};border-radius:.3em;"
    "padding:.5em .9em;margin:.3em 0;max-width:52em;line-height:1.45"
)
_CODE = "background:rgba(128,128,128,.15);padding:.5em .7em;margin:.4em 0;border-radius:.3em;overflow-x:auto"


class Display:
    """Something a notebook shows: `html()` in a browser, `text()` everywhere else."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.text(), "text/html": self.html()}

    def __repr__(self):
        return self.text()


@dataclass(frozen=True, repr=False)
class CheckResult(Display):
    """What a check found. `status` is one of passed, wrong, unanswered, error, timeout."""

    name: str
    status: str
    message: str = ""
    hints: tuple[str, ...] = ()
    solution: str | None = None

    def text(self):
        """One line: "neuron.output: passed", "…: not answered yet", "…: wrong: the result is …"."""
        if self.status == "passed":
            return f"{self.name}: passed"
        if self.status == "unanswered":
            return f"{self.name}: not answered yet"
        return f"{self.name}: {self.status}: {self.message}"

    def html(self):
        symbol, words, edge = _STATES[self.status]
        parts = [f"<b>{symbol} {html.escape(self.name)}: {words}</b>"]
        if self.message:
            parts.append(f"<div>{marked_up(self.message)}</div>")
        if self.status != "passed":
            parts += [_fold(f"Hint {n}", f"<div>{marked_up(hint)}</div>") for n, hint in enumerate(self.hints, start=1)]
        if self.solution:
            title = "Our solution, to compare with yours" if self.status == "passed" else "Solution"
            parts.append(_fold(title, code(self.solution)))
        return card("".join(parts), edge)


@dataclass(frozen=True, repr=False)
class Note(Display):
    """A title with some words or some code: a hint, a solution, or what is wrong with the question."""

    title: str
    words: str = ""
    source: str = ""

    def text(self):
        return f"{self.title}:\n{self.source}" if self.source else f"{self.title}: {self.words}"

    def html(self):
        body = code(self.source) if self.source else f"<div>{marked_up(self.words)}</div>"
        return card(f"<b>{html.escape(self.title)}</b>{body}", _STATES["unanswered"][2])


def card(body, edge):
    """A box around a piece of HTML, with an edge in that colour."""
    return f'<div style="{_CARD.format(edge=edge)}">{body}</div>'


def code(source):
    """Source as a block of code."""
    return f'<pre style="{_CODE}"><code>{html.escape(source.strip())}</code></pre>'


def marked_up(words):
    """A text as HTML: `code` and *stress* as in Markdown."""
    parts = html.escape(words, quote=False).split("`")
    for number, part in enumerate(parts):
        if number % 2:
            parts[number] = f"<code>{part}</code>"
        else:  # stars that multiply, as in w * x and 2*x, are left alone
            parts[number] = re.sub(r"(?<![\w*])\*(\S(?:[^*]*[^*\s])?)\*(?!\w)", r"<em>\1</em>", part)
    return "".join(parts)


def _fold(title, body):
    return f'<details style="margin-top:.4em"><summary style="cursor:pointer">{title}</summary>{body}</details>'
