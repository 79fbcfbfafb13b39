"""The text of a question: a small part of Markdown with values filled in, given out as Typst, HTML or Markdown.

`{{x}}` is a value, `{{x:2}}` with two decimals, `{{x:p}}` in parentheses if negative, `{{x:s}}` with its sign in front;
`[[a]]` is a place to write in. Decimals in prose stand in `$…$` or in a value, always with a point: the sheet puts in
the decimal sign of its country.
"""

import html
import json
import re

from course_utils.exam import formulas
from course_utils.exam.errors import ExamError
from course_utils.exam.words import number, plain

PIECE = re.compile(r"(```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$)", re.DOTALL)
VALUE = re.compile(r"\{\{(\w+)(?::(\w))?\}\}")
INLINE = re.compile(r"(`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\*\*.+?\*\*|(?<![\w*])\*[^*\s][^*]*\*|\[\[\w+\]\])", re.DOTALL)


def fill(text, values, locale):
    """The text with its values, formatted for prose, formula or code, whichever they stand in."""
    pieces = PIECE.split(text)
    for i, piece in enumerate(pieces):
        if "{{" in piece:
            where = "code" if piece.startswith("`") else "math" if piece.startswith("$") else "prose"
            pieces[i] = VALUE.sub(lambda m, where=where: _value(m, values, locale, where), piece)
    return "".join(pieces)


def _value(match, values, locale, where):
    name, form = match.groups()
    if name not in values:
        raise ExamError(f"The text uses {{{{{name}}}}}, but generate gives no value of that name: add it to `values`.")
    value = values[name]
    if isinstance(value, dict):
        value = value["en" if locale == "en" else "de"]
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        if where == "code":
            return re.sub(r"-?\d+\.?\d*(?:e-?\d+)?", lambda m: plain(float(m[0])), json.dumps(value))
        shown = tex(value, "; " if locale == "de" else ", ")
        return shown if where == "math" else f"${shown}$"
    decimals = int(form) if form and form.isdigit() else None
    shown = number(value, locale, decimals) if where == "prose" else plain(value, decimals)
    if form == "p" and value < 0:
        return f"({shown})"
    if form == "s":
        return f"- {shown[1:]}" if value < 0 else f"+ {shown}"
    return shown


def tex(value, comma=", "):
    """A list as numbers in parentheses, a list of lists as a matrix, in LaTeX."""
    if not (value and isinstance(value[0], list)):
        return f"({comma.join(x if isinstance(x, str) else plain(x) for x in value)})"
    cells = " \\\\ ".join(" & ".join(x if isinstance(x, str) else plain(x) for x in row) for row in value)
    return f"\\begin{{pmatrix}} {cells} \\end{{pmatrix}}"


def blocks(text):
    """The blocks of a text: ("p", text), ("ul"/"ol", [texts]), ("code", lines), ("math", formula), ("table", rows)."""
    found, lines = [], text.strip("\n").split("\n")
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.startswith("```"):
            end = next((j for j in range(i + 1, len(lines)) if lines[j].startswith("```")), None)
            if end is None:
                raise ExamError("A block of code is opened with ``` and not closed: add the closing ```.")
            found.append(("code", lines[i + 1 : end]))
            i = end + 1
        elif re.match(r"\$\$.*\$\$$", line):
            found.append(("math", line[2:-2].strip()))
            i += 1
        elif line.startswith("|"):
            rows = []
            while i < len(lines) and lines[i].startswith("|"):
                rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", lines[i].strip("|"))])
                i += 1
            found.append(("table", [row for row in rows if not all(re.fullmatch(":?-+:?", c) for c in row)]))
        elif re.match(r"(- |\d+\. )", line):
            kind = "ul" if line.startswith("- ") else "ol"
            items = []
            while i < len(lines) and re.match(r"(- |\d+\. |  \S)", lines[i]):
                if lines[i].startswith("  "):
                    items[-1] += " " + lines[i].strip()
                else:
                    items.append(re.sub(r"^(- |\d+\. )", "", lines[i]))
                i += 1
            found.append((kind, items))
        elif line.strip():
            paragraph = []
            while i < len(lines) and lines[i].strip() and not re.match(r"(- |\d+\. |```|\||\$\$)", lines[i]):
                paragraph.append(lines[i].strip())
                i += 1
            if paragraph:
                found.append(("p", " ".join(paragraph)))
            else:  # a line that looks like a formula block but is none
                raise ExamError(f"The line {line!r} opens a formula and does not close it: write $$…$$ on one line.")
        else:
            i += 1
    return found


def inline(text):
    """The pieces of a line: (kind, text) with kind text, code, math, strong, em or blank."""
    for piece in INLINE.split(text):
        if not piece:
            continue
        if piece.startswith("`"):
            yield "code", piece[1:-1]
        elif piece.startswith("$"):
            yield "math", piece.strip("$").strip()
        elif piece.startswith("**") and len(piece) > 4:
            yield "strong", piece[2:-2]
        elif piece.startswith("[[") and piece.endswith("]]"):
            yield "blank", piece[2:-2]
        elif piece.startswith("*") and len(piece) > 2 and piece.endswith("*"):
            yield "em", piece[1:-1]
        else:
            yield "text", piece


def spoken(text, locale):
    """A line as plain words: formulas as a screen reader says them (for the words of a picture)."""

    def say(kind, piece):
        if kind == "math" and re.fullmatch(r"[-\d.,; ()]+", piece):  # a list of numbers is said as it stands
            return formulas.latex(piece, locale).replace("{,}", ",").replace("-", "\u2212")
        return formulas.words(piece, locale) if kind == "math" else piece

    return "".join(say(kind, piece) for kind, piece in inline(text))


def quoted(text):
    """A string literal of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def typst_inline(text, locale, blank=None):
    """A line in Typst's markup; `blank(key)` gives the markup of a place to write in."""
    out = []
    for kind, piece in inline(text):
        if kind == "text":
            out.append("#" + quoted(piece) + ";")
        elif kind == "math":
            out.append(f"#m({quoted(formulas.words(piece, locale))}, ${formulas.typst(piece, locale)}$);")
        elif kind == "code":
            out.append(f"#raw({quoted(piece)});")
        elif kind == "blank":
            out.append(blank(piece) if blank else "#blank();")
        else:
            out.append(f"#{'strong' if kind == 'strong' else 'emph'}[{typst_inline(piece, locale, blank)}];")
    return "".join(out)


def to_typst(text, locale, blank=None):
    """A whole text in Typst's markup."""
    out = []
    for kind, content in blocks(text):
        if kind == "p":
            out.append(f"#par[{typst_inline(content, locale, blank)}]")
        elif kind == "math":
            out.append(f"#bm({quoted(formulas.words(content, locale))}, ${formulas.typst(content, locale)}$)")
        elif kind == "code":
            out.append(f"#listing(({', '.join(quoted(line) for line in content)},))")
        elif kind == "table":
            head = "".join(f"[{typst_inline(cell, locale, blank)}]," for cell in content[0])
            body = "".join(f"[{typst_inline(cell, locale, blank)}]," for row in content[1:] for cell in row)
            out.append(f"#table(columns: {len(content[0])}, table.header({head}), {body})")
        else:
            items = "".join(f"[{typst_inline(item, locale, blank)}]," for item in content)
            out.append(f"#{'list' if kind == 'ul' else 'enum'}({items})")
    return "\n\n".join(out)


def html_inline(text, locale, blank=None):
    """A line as HTML."""
    out = []
    for kind, piece in inline(text):
        if kind == "text":
            out.append(html.escape(piece, quote=False))
        elif kind == "math":
            out.append(formulas.mathml(piece, locale))
        elif kind == "code":
            out.append(f"<code>{html.escape(piece)}</code>")
        elif kind == "blank":
            out.append(blank(piece) if blank else '<span class="blank"></span>')
        else:
            out.append(f"<{kind}>{html_inline(piece, locale, blank)}</{kind}>")
    return "".join(out)


def to_html(text, locale, blank=None):
    """A whole text as HTML."""
    out = []
    for kind, content in blocks(text):
        if kind == "p":
            out.append(f"<p>{html_inline(content, locale, blank)}</p>")
        elif kind == "math":
            out.append(f"<p>{formulas.mathml(content, locale, True)}</p>")
        elif kind == "code":
            lines = "".join(f"<li><code>{html.escape(line) or ' '}</code></li>" for line in content)
            out.append(f'<ol class="code">{lines}</ol>')
        elif kind == "table":
            rows = ["".join(f"<{t}>{html_inline(c, locale, blank)}</{t}>" for c in row)
                    for row, t in zip(content, ["th"] + ["td"] * (len(content) - 1), strict=True)]  # fmt: skip
            out.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            items = "".join(f"<li>{html_inline(item, locale, blank)}</li>" for item in content)
            out.append(f"<{kind}>{items}</{kind}>")
    return "\n".join(out)


def to_markdown(text, locale):
    """A whole text for a notebook: formulas with the locale's decimal sign, places to write in as a line."""
    pieces = PIECE.split(text)
    for i, piece in enumerate(pieces):
        if piece.startswith("$"):
            pieces[i] = formulas.latex(piece, locale)
        elif not piece.startswith("`"):
            pieces[i] = re.sub(r"\[\[(\w+)\]\]", r"**\1** ＿＿＿", piece)
    return "".join(pieces)
