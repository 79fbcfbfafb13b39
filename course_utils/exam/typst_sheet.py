"""The printed sheet and its solutions as PDF/UA-1, set by Typst from the template beside this file.

No date goes into the file and only embedded fonts are used, so a rebuild gives the same bytes.
"""

import functools
import threading
from pathlib import Path

from course_utils.exam.errors import ExamError
from course_utils.exam.sheet import cover, entries
from course_utils.exam.text import quoted, to_typst, typst_inline
from course_utils.exam.words import COLORS, KNOWLEDGE, decimals_of, language, points_of, say

TEMPLATE = Path(__file__).with_name("templates") / "sheet.typ"


_own = threading.local()  # one compiler a thread: it keeps the fonts, and Typst works outside Python's lock


def _compiler():
    import typst

    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(input=b"", ignore_system_fonts=True)
    return _own.compiler


def compile_pdf(source):
    """Typst source to the bytes of a PDF/UA-1 file; raises ExamError with Typst's own words."""
    import typst

    try:
        return _compiler().compile(input=source.encode(), format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        words = " ".join(str(error).split())[:400]
        raise ExamError(
            f"pdf: Typst does not set this sheet ({words}): run `exam check` to find the question."
        ) from None


def pdf(lock, form, locale, solution=False):
    """The sheet of one form, or its solutions, as bytes."""
    return compile_pdf(source(lock, form, locale, solution))


@functools.cache
def _template():
    return TEMPLATE.read_text(encoding="utf-8")


def source(lock, form, locale, solution=False):
    """The sheet in Typst's markup."""
    found = entries(lock, form, locale)
    front = cover(lock, form, locale, found)
    title = front["title"] + (f" – {say('solution', locale)}" if solution else "")
    region = ', region: "CH"' if locale == "de-CH" else ""
    foot = f"{front['title']} · {say('form', locale)} {form}"
    out = [
        f"#set document(title: {quoted(title)}, date: none)",
        _template(),
        f'#set text(lang: "{"en" if locale == "en" else "de"}"{region})',
        f'#set page(paper: "a4", margin: (x: 2.1cm, top: 1.8cm, bottom: 2cm), footer: context [#set text(size: '
        f'9pt, fill: grey); #{quoted(foot)} '
        f"#h(1fr) #{quoted(say('page', locale))} #counter(page).display() #{quoted(say('of', locale))} "
        f"#counter(page).final().first()])",
        _front(front, title, locale, solution),
    ]
    out += [_question(entry, solution) for entry in found]
    return "\n".join(out)


def _front(front, title, locale, solution):
    out = [f"#heading(level: 1, {quoted(title)})"]
    words = [f"{say('form', locale)} {front['form']}"] + ([front["date"]] if front["date"] else [])
    words += [f"{front['minutes']} {say('minutes', locale)}", f"{front['points']} {say('points', locale)}"]
    out.append(f"#{quoted(' · '.join(words))}")
    if not solution:
        out.append(
            f"#v(4pt)\n#field({quoted(say('name', locale))}, 7.5cm) #h(1fr) "
            f"#field({quoted(say('number', locale))}, 4cm)"
        )
    out.append(f"#strong({quoted(say('aids', locale))}): #{quoted(front['aids'])}. #{quoted(say('aids_note', locale))}")
    rows = front["rows"]
    for start in range(0, len(rows), 12):
        part = rows[start : start + 12]
        last = start + 12 >= len(rows)
        cells = (
            [f"#{quoted(say('question', locale))}"]
            + [str(n) for n, _ in part]
            + ([f"#{quoted(say('total', locale))}"] if last else [])
        )
        points = (
            [f"#{quoted(say('points', locale).capitalize())}"]
            + [f"#{quoted(p)}" for _, p in part]
            + ([f"#{quoted(front['points'])}"] if last else [])
        )
        reached = [f"#{quoted(say('reached', locale).capitalize())}"] + [""] * (len(cells) - 1)
        lines = ", ".join(f"({''.join(f'[{cell}],' for cell in line)})" for line in (cells, points, reached))
        out.append(f"#tally({'1.7cm' if last else '1.05cm'}, {lines})")
    if solution:
        heads = "".join(f"[#{quoted(pair[language(locale)])}]," for pair in KNOWLEDGE.values())
        body = ""
        for name, row in front["matrix"]:
            body += f"[#{quoted(name)}],"
            for color, count, points in row:
                words = f"{COLORS[color][language(locale)]}: {count} ({points} {say('points', locale)})"
                body += f"card(\"{COLORS[color][2]}\")[#{quoted(words)}],"
        out.append(f"#heading(level: 2, {quoted(say('matrix', locale))})")
        out.append(f"#table(columns: 3, table.header([#{quoted(say('difficulty', locale))}],{heads}), {body})")
    return "\n\n".join(out)


def _question(entry, solution):
    locale = entry.locale
    stem, rest = entry.question()
    body = [to_typst(stem, locale, _blank(entry, solution))]
    picture = entry.picture()
    if picture:
        body.append(f'#align(center, image(bytes({quoted(picture[0])}), format: "svg", alt: {quoted(picture[1])}))')
    body += [to_typst(rest, locale, _blank(entry, solution))] if rest else []
    if entry.instruction():
        body.append(f"#note[#{quoted(entry.instruction())}]")
    body.append(_answer(entry, solution))
    solved = _solution(entry) if solution else ""
    title = f"{say('question', locale)} {entry.number}"
    if solution:
        title += f" · {entry.record['id']}"
    asked = "[\n" + "\n\n".join(body) + "\n]"
    return f"#question({quoted(title)}, {quoted(entry.points_label())}, {asked})\n{solved}"


def _blank(entry, solution):
    truth = entry.truth() if solution else {}

    def blank(key):
        if key in truth:
            return f"#filled[#{quoted(entry.show(truth[key], key))}];"
        wide = "width: 3.4cm" if any(f["key"] == key and f["type"] == "text" for f in entry.variant["fields"]) else ""
        return f"#blank({wide});"

    return blank


def _cell(words, locale):
    return f"[{typst_inline(words, locale)}]"


def _answer(entry, solution):
    kind, locale = entry.kind, entry.locale
    space = f"#lines({entry.lines()})"
    if kind in ("single", "multiple"):
        rows = [f"({'true' if solution and right else 'false'}, \"{entry.cross_label(i)}\", {_cell(words, locale)})"
                for i, (words, right, _) in enumerate(entry.options())]  # fmt: skip
        return f"#options(({', '.join(rows)},))"
    if kind == "kprim":
        head = ", ".join(
            f"[#{quoted(words)}]" for words in (say("true", locale), say("false", locale), "", say("statement", locale))
        )
        rows = [f"({str(solution and right).lower()}, {str(solution and not right).lower()}, "
                f"[{entry.cross_label(i)}], {_cell(words, locale)})"
                for i, (words, right, _) in enumerate(entry.options())]  # fmt: skip
        return f"#kprim(({head}), ({', '.join(rows)},))"
    if kind == "truefalse":
        truth = entry.variant["fields"][0]["answer"]
        crosses = {"true": solution and truth, "false": solution and not truth}
        ticks = "#h(16pt)".join(f"#tick({str(cross).lower()})#h(4pt)#{quoted(say(word, locale))}"
                                for word, cross in crosses.items())  # fmt: skip
        return ticks + ("" if solution else f"\n\n#{quoted(say('reason', locale) + ':')}\n{space}")
    if kind == "number":
        place = f"#filled[#{quoted(entry.show(entry.truth()['value']))}]" if solution else "#blank(width: 4cm)"
        decimals = entry.record["decimals"][""]
        stated = f"({decimals_of(decimals, locale)})"
        hint = f" #note[#{quoted(stated)}]" if decimals else ""
        unit = f" #{quoted(entry.record['unit'])}" if "unit" in entry.record and not solution else ""
        work = "" if solution else f"\n\n#v({max(1, entry.record['minutes'] * 0.55):.1f}cm)"
        return f"*#{quoted(say('answer', locale))}:* {place}{unit}{hint}" + work
    if kind == "table":
        rows, columns = entry.grid_shape()
        truth = entry.truth()
        cell = [
            [f"[#{quoted(entry.show(truth[f'{r},{c}']) if solution else '')}]" for c in range(1, columns + 1)]
            for r in range(1, rows + 1)
        ]
        return "#cells((" + ", ".join(f"({', '.join(row)},)" for row in cell) + ",))"
    if kind == "matching":
        truth = entry.truth()
        lefts = [f"({_cell(words, locale)}, "
                 f"{f'filled[{entry.cross_label(truth[str(n)])}]' if solution else 'blank(width: 0.9cm)'})"
                 for n, words in enumerate(entry.lefts(), start=1)]  # fmt: skip
        rights = [
            f'("{entry.cross_label(i)}", {_cell(words, locale)})' for i, (words, _, _) in enumerate(entry.options())
        ]
        return f"#matching(({', '.join(lefts)},), ({', '.join(rights)},))"
    if kind == "ordering":
        truth = entry.truth()
        rows = [f'({f"filled[{truth[entry.cross_label(i)]}]" if solution else "blank(width: 0.7cm)"}, '
                f'"{entry.cross_label(i)}", {_cell(words, locale)})'
                for i, (words, _, _) in enumerate(entry.options())]  # fmt: skip
        return f"#ordering(({', '.join(rows)},))"
    if kind == "error":
        place = f"#filled[{entry.truth()['line']}]" if solution else "#blank(width: 1.2cm)"
        return f"*#{quoted(say('line', locale))}:* {place}" + (
            "" if solution else f"\n\n#{quoted(say('correction', locale) + ':')}\n#lines(3)"
        )
    if solution:
        return ""
    if kind == "sketch":
        return f"#squares({max(4, entry.record['minutes'] * 0.9):.1f}cm)"
    if kind in ("cloze", "parts"):
        return f"#v({max(0.5, entry.record['minutes'] * 0.45):.1f}cm)" if kind == "parts" else ""
    return space


def _solution(entry):
    locale = entry.locale
    parts = [to_typst(entry.section("solution"), locale)]
    whys = [(entry.cross_label(i), why) for i, (_, _, why) in enumerate(entry.options())
            if why and entry.kind != "matching"] if entry.kind in ("single", "multiple", "kprim",
                "ordering") else []  # fmt: skip
    if whys:
        parts.append("#list(" + "".join(f"[*{letter})* {typst_inline(why, locale)}]," for letter, why in whys) + ")")
    rubric = entry.rubric()
    if rubric:
        items = "".join(
            f"[*#{quoted(points_of(points, locale))}*: {typst_inline(words, locale)}],"
            for points, words in rubric
        )
        parts.append(f"#headed({quoted(say('marking', locale) + ':')})\n#list({items})")
    known = entry.known_mistakes()
    if known:
        items = "".join(f"[*#{quoted(shown)}*: {typst_inline(words, locale)}]," for shown, words in known)
        parts.append(f"#headed({quoted(say('mistakes', locale) + ':')})\n#list({items})")
    if "reference" in entry.record:
        parts.append(f"#note[#{quoted(say('reference', locale) + ': ' + entry.record['reference'])}]")
    return f"#solution({quoted(say('steps', locale))})[\n" + "\n\n".join(parts) + "\n]"
