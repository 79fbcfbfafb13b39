"""The sheet as one HTML file: MathML, pictures inside, no outside address, and it prints well."""

import functools
import html
from pathlib import Path

from course_utils.exam.sheet import cover, entries
from course_utils.exam.text import html_inline, to_html
from course_utils.exam.words import COLORS, KNOWLEDGE, TEXT, decimals_of, language, points_of, say

TEMPLATES = Path(__file__).with_name("templates")


@functools.cache
def _template():
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("sheet.html")


@functools.cache
def style():
    """The style sheet of the HTML forms, put into the page itself."""
    return (TEMPLATES / "sheet.css").read_text(encoding="utf-8")


def page(lock, form, locale, solution=False):
    """The sheet of one form, or its solutions, as text."""
    import markupsafe

    found = entries(lock, form, locale)
    front = cover(lock, form, locale, found)
    parts = [
        f"{say('form', locale)} {form}",
        front["date"],
        f"{front['minutes']} {say('minutes', locale)}",
        f"{front['points']} {say('points', locale)}",
    ]
    return _template().render(
        lang={"en": "en", "de": "de", "de-CH": "de-CH"}[locale],
        title=front["title"] + (f" – {say('solution', locale)}" if solution else ""),
        line=" · ".join(part for part in parts if part),
        css=markupsafe.Markup(style()),
        front=front,
        solution=solution,
        words={key: pair[language(locale)] for key, pair in TEXT.items()},
        knowledge=[pair[language(locale)] for pair in KNOWLEDGE.values()],
        colors={name: (three[language(locale)], three[2]) for name, three in COLORS.items()},
        questions=[{"number": e.number, "id": e.record["id"], "points": e.points_label(),
            "body": markupsafe.Markup(body(e, solution))}
                   for e in found],
    )  # fmt: skip


def body(entry, solution, answer=True):
    """One question as HTML; with its solution; without places to answer, for a question that brings its own."""
    locale = entry.locale
    stem, rest = entry.question()
    out = [to_html(stem, locale, _blank(entry, solution))]
    picture = entry.picture()
    if picture:
        drawing = picture[0].replace("<svg ", f'<svg role="img" aria-label="{html.escape(picture[1])}" ', 1)
        out.append(f"<figure>{drawing}</figure>")
    out += [to_html(rest, locale, _blank(entry, solution))] if rest else []
    if entry.instruction():
        out.append(f'<p class="note">{html.escape(entry.instruction())}</p>')
    if answer:
        out.append(_answer(entry, solution))
    if solution:
        out.append(f'<div class="solution"><strong>{say("steps", locale)}</strong>{explanation(entry)}</div>')
    return "\n".join(out)


def _blank(entry, solution):
    truth = entry.truth() if solution else {}

    def blank(key):
        if key in truth:
            return f'<span class="filled">{html.escape(entry.show(truth[key], key))}</span>'
        return '<span class="blank">&nbsp;</span>'

    return blank


def _box(on):
    return f'<span class="box">{"×" if on else ""}</span>'


def _place(solution, value, short=True):
    return (
        f'<span class="filled">{html.escape(str(value))}</span>'
        if solution
        else f'<span class="blank{" short" if short else ""}">&nbsp;</span>'
    )


def _answer(entry, solution):
    kind, locale = entry.kind, entry.locale
    lines = f'<div class="lines">{"<div></div>" * entry.lines()}</div>'
    truth = entry.truth()
    if kind in ("single", "multiple"):
        rows = [f"<li>{_box(solution and right)} {entry.cross_label(i)}) {html_inline(words, locale)}</li>"
                for i, (words, right, _) in enumerate(entry.options())]  # fmt: skip
        return f'<ul class="options">{"".join(rows)}</ul>'
    if kind == "kprim":
        heads = (say("true", locale), say("false", locale), "", say("statement", locale))
        head = f"<tr>{''.join(f'<th>{words}</th>' for words in heads)}</tr>"
        rows = [f"<tr><td>{_box(solution and right)}</td><td>{_box(solution and not right)}</td>"
                f"<td>{entry.cross_label(i)}</td>"
                f"<td>{html_inline(words, locale)}</td></tr>" for i, (words, right,
                _) in enumerate(entry.options())]  # fmt: skip
        return f"<table>{head}{''.join(rows)}</table>"
    if kind == "truefalse":
        right = entry.variant["fields"][0]["answer"]
        yes, no = _box(solution and right), _box(solution and not right)
        ticks = f"<p>{yes} {say('true', locale)} &emsp; {no} {say('false', locale)}</p>"
        return ticks + ("" if solution else f"<p>{say('reason', locale)}:</p>{lines}")
    if kind == "number":
        decimals = entry.record["decimals"][""]
        hint = f' <span class="note">({decimals_of(decimals, locale)})</span>' if decimals else ""
        unit = f" {html.escape(entry.record['unit'])}" if "unit" in entry.record and not solution else ""
        place = _place(solution, entry.show(truth["value"]), False)
        return f"<p><strong>{say('answer', locale)}:</strong> {place}{unit}{hint}</p>"
    if kind == "table":
        rows, columns = entry.grid_shape()
        cells = "".join("<tr>" + "".join(f"<td>{entry.show(truth[f'{r},{c}']) if solution else ''}</td>"
            for c in range(1, columns + 1)) + "</tr>"
                        for r in range(1, rows + 1))  # fmt: skip
        return f'<table class="cells">{cells}</table>'
    if kind == "matching":
        lefts = [f"<li>{n}. {html_inline(words, locale)} {_place(solution, entry.cross_label(truth[str(n)]))}</li>"
                 for n, words in enumerate(entry.lefts(), start=1)]  # fmt: skip
        rights = [
            f"<li>{entry.cross_label(i)}) {html_inline(words, locale)}</li>"
            for i, (words, _, _) in enumerate(entry.options())
        ]
        return (
            f'<div class="pair"><ul class="match">{"".join(lefts)}</ul><ul class="match">{"".join(rights)}</ul></div>'
        )
    if kind == "ordering":
        rows = [f"<li>{_place(solution, truth[entry.cross_label(i)])} {entry.cross_label(i)}) "
                f"{html_inline(words, locale)}</li>"
                for i, (words, _, _) in enumerate(entry.options())]  # fmt: skip
        return f'<ul class="order">{"".join(rows)}</ul>'
    if kind == "error":
        place = f"<p><strong>{say('line', locale)}:</strong> {_place(solution, truth['line'])}</p>"
        return place + ("" if solution else f"<p>{say('correction', locale)}:</p>{lines}")
    if solution or kind in ("cloze", "parts"):
        return ""
    return (
        f'<div class="squares" style="height:{max(9, entry.record["minutes"] * 1.6):g}rem"></div>'
        if kind == "sketch"
        else lines
    )


def explanation(entry):
    """Solution, feedback on each option, marking and known mistakes as HTML."""
    locale = entry.locale
    parts = [to_html(entry.section("solution"), locale)]
    if entry.kind in ("single", "multiple", "kprim", "ordering"):
        whys = [
            f"<li><b>{entry.cross_label(i)})</b> {html_inline(why, locale)}</li>"
            for i, (_, _, why) in enumerate(entry.options())
            if why
        ]
        parts += [f"<ul>{''.join(whys)}</ul>"] if whys else []
    rubric = [
        f"<li><b>{points_of(points, locale)}</b>: {html_inline(words, locale)}</li>"
        for points, words in entry.rubric()
    ]
    parts += [f"<p><b>{say('marking', locale)}:</b></p><ul>{''.join(rubric)}</ul>"] if rubric else []
    known = [
        f"<li><b>{html.escape(shown)}</b>: {html_inline(words, locale)}</li>" for shown, words in entry.known_mistakes()
    ]
    parts += [f"<p><b>{say('mistakes', locale)}:</b></p><ul>{''.join(known)}</ul>"] if known else []
    if "reference" in entry.record:
        parts.append(f'<p class="note">{say("reference", locale)}: {html.escape(entry.record["reference"])}</p>')
    return "".join(parts)
