r"""Formulas, written once in a small part of LaTeX and given out four ways: Typst, MathML, words and LaTeX again.

The words are what a screen reader says, in English and German. What the parser does not know, it refuses with the
formula in the message, so that nothing can fail on the evening before the exam.
"""

import html
import re
from functools import lru_cache

from course_utils.exam.errors import ExamError
from course_utils.exam.words import grouped, language

# command: (Typst, character, English, German)
SYMBOLS = {
    "cdot": ("dot.op", "⋅", "times", "mal"), "times": ("times", "×", "times", "mal"),
    "odot": ("dot.o", "⊙", "elementwise times", "elementweise mal"),
    "pm": ("plus.minus", "±", "plus or minus", "plus oder minus"), "le": ("<=", "≤", "is at most", "ist höchstens"),
    "ge": (">=", "≥", "is at least", "ist mindestens"), "ne": ("!=", "≠", "is not", "ist ungleich"),
    "approx": ("approx", "≈", "is about", "ist ungefähr"), "to": ("arrow.r", "→", "to", "nach"),
    "leftarrow": ("arrow.l", "←", "becomes", "wird zu"), "in": ("in", "∈", "in", "in"),
    "infty": ("infinity", "∞", "infinity", "unendlich"), "partial": ("partial", "∂", "partial d", "partielles d"),
    "nabla": ("nabla", "∇", "gradient of", "Gradient von"), "sum": ("sum", "∑", "sum", "Summe"),
    "ldots": ("dots.h", "…", "and so on", "und so weiter"), "mid": ('"|"', "|", "given", "gegeben"),
    "top": ("top", "⊤", "transposed", "transponiert"), "sim": ("tilde.op", "∼", "drawn from", "gezogen aus"),
    "alpha": ("alpha", "α", "alpha", "Alpha"), "beta": ("beta", "β", "beta", "Beta"),
    "gamma": ("gamma", "γ", "gamma", "Gamma"), "delta": ("delta", "δ", "delta", "Delta"),
    "epsilon": ("epsilon", "ε", "epsilon", "Epsilon"), "eta": ("eta", "η", "eta", "Eta"),
    "theta": ("theta", "θ", "theta", "Theta"), "lambda": ("lambda", "λ", "lambda", "Lambda"),
    "mu": ("mu", "μ", "mu", "My"), "sigma": ("sigma", "σ", "sigma", "Sigma"), "rho": ("rho", "ρ", "rho", "Rho"),
    "Delta": ("Delta", "Δ", "delta", "Delta"),
}  # fmt: skip
SPACES = {",": 0.17, ";": 0.28, "quad": 1.0, " ": 0.25}
FUNCTIONS = ("max", "min", "log", "ln", "exp", "tanh", "sin", "cos")
ACCENTS = {
    "hat": ("hat", "^", "hat", "Dach"),
    "tilde": ("tilde", "~", "tilde", "Tilde"),
    "bar": ("macron", "¯", "bar", "quer"),
}
OPERATORS = {
    "+": ("+", "+", "plus", "plus"), "-": ("-", "−", "minus", "minus"), "=": ("=", "=", "equals", "gleich"),
    "<": ("<", "<", "is less than", "ist kleiner als"), ">": (">", ">", "is greater than", "ist größer als"),
    "/": ("slash", "/", "divided by", "geteilt durch"), "(": ("(", "(", "open parenthesis", "Klammer auf"),
    ")": (")", ")", "close parenthesis", "Klammer zu"), "[": ("[", "[", "open bracket", "eckige Klammer auf"),
    "]": ("]", "]", "close bracket", "eckige Klammer zu"), ",": ("comma", ",", "comma", "Komma"),
    ";": ("semi", ";", "semicolon", "Semikolon"), "|": ("bar.v", "|", "bar", "Strich"),
    "'": ("'", "′", "prime", "Strich"), ":": ("colon", ":", "colon", "Doppelpunkt"),
    "%": ("percent", "%", "percent", "Prozent"), "*": ("ast.op", "∗", "star", "Stern"),
    "!": ('"!"', "!", "factorial", "Fakultät"), "{": ("brace.l", "{", "open brace", "geschweifte Klammer auf"),
    "}": ("brace.r", "}", "close brace", "geschweifte Klammer zu"),
}  # fmt: skip
TOKEN = re.compile(r"\\begin\{(\w+)\}|\\end\{(\w+)\}|\\([A-Za-z]+|.)|(\d+(?:\.\d+)?)|(\s+)|(.)", re.DOTALL)
BEFORE_A_SIGN = ("=", "<", ">", "(", "[", ",", ";", "cdot", "times", "le", "ge", "approx", "leftarrow")
FENCES = {"pmatrix": ("(", ")"), "bmatrix": ("[", "]")}


@lru_cache(maxsize=4096)
def parse(tex):
    """The formula as a tree of tuples; raises ExamError for what is not in our part of LaTeX."""
    tokens = []
    for match in TOKEN.finditer(tex):
        begin, end, command, digits, blank, other = match.groups()
        if not blank:
            kinds = {"begin": begin, "end": end, "command": command, "number": digits, "char": other}
            tokens.append(next((kind, value) for kind, value in kinds.items() if value is not None))
    nodes, position = _row(tokens, 0, tex, ())
    if position != len(tokens):
        raise _refuse(tex, f"{tokens[position][1]!r} closes nothing")
    return nodes


def _refuse(tex, why):
    return ExamError(f"The formula ${tex}$ does not compile: {why}; use the commands listed in exam/formulas.py.")


def _row(tokens, position, tex, stops):
    nodes = []
    while position < len(tokens) and tokens[position] not in stops and tokens[position][0] != "end":
        if tokens[position] == ("char", "}"):
            break
        node, position = _atom(tokens, position, tex)
        scripts = {}
        while position < len(tokens) and tokens[position] in (("char", "^"), ("char", "_")):
            mark = tokens[position][1]
            if mark in scripts:
                raise _refuse(tex, f"two {mark} at one place")
            scripts[mark], position = _argument(tokens, position + 1, tex)
        nodes.append(("script", node, scripts.get("_"), scripts.get("^")) if scripts else node)
    return tuple(nodes), position


def _argument(tokens, position, tex):
    if position >= len(tokens):
        raise _refuse(tex, "something is missing at its end")
    if tokens[position] == ("char", "{"):
        nodes, position = _row(tokens, position + 1, tex, ())
        if position >= len(tokens) or tokens[position] != ("char", "}"):
            raise _refuse(tex, "a brace is not closed")
        return nodes, position + 1
    node, position = _atom(tokens, position, tex)
    return (node,), position


def _words(tokens, position, tex):
    """The argument of \\text and its like, as a string."""
    nodes, position = _argument(tokens, position, tex)
    return "".join(
        node[1] if node[0] != "space" else " " for node in nodes if node[0] in ("id", "number", "op", "space")
    ), position


def _atom(tokens, position, tex):
    kind, value = tokens[position]
    if kind == "number":
        return ("number", value), position + 1
    if kind == "begin":
        return _matrix(tokens, position, tex)
    if kind == "char":
        if value == "{":
            nodes, position = _argument(tokens, position, tex)
            return ("row", nodes), position
        if value in OPERATORS:
            return ("op", value), position + 1
        if value.isalpha() or value in "äöüÄÖÜß.?":
            return ("id", value), position + 1
        raise _refuse(tex, f"{value!r} is not known here")
    position += 1
    if value in SYMBOLS:
        return ("symbol", value), position
    if value in FUNCTIONS:
        return ("name", value), position
    if value in SPACES:
        return ("space", SPACES[value]), position
    if value in ("%", "{", "}"):
        return ("op", value), position
    if value in ACCENTS or value in ("sqrt", "mathbf", "frac"):
        first, position = _argument(tokens, position, tex)
        if value != "frac":
            return (value if value in ("sqrt", "mathbf") else "accent", first, value), position
        second, position = _argument(tokens, position, tex)
        return ("frac", first, second), position
    if value in ("text", "mathrm", "operatorname"):
        words, position = _words(tokens, position, tex)
        return ("name", words), position
    if value in ("left", "right"):
        return _atom(tokens, position, tex)
    raise _refuse(tex, f"\\{value} is not known here")


def _matrix(tokens, position, tex):
    name = tokens[position][1]
    if name not in FENCES:
        raise _refuse(tex, f"\\begin{{{name}}} is not known here")
    rows, row = [], []
    position += 1
    while True:
        cell, position = _row(tokens, position, tex, (("char", "&"), ("command", "\\")))
        row.append(cell)
        if position >= len(tokens) or tokens[position] == ("char", "}"):
            raise _refuse(tex, f"\\end{{{name}}} is missing")
        if tokens[position] != ("char", "&"):
            rows.append(tuple(row))
            row = []
        if tokens[position][0] == "end":
            if tokens[position][1] != name:
                raise _refuse(tex, f"\\end{{{name}}} is missing")
            return ("matrix", tuple(rows), name), position + 1
        position += 1


def _number(digits, locale, mark):
    whole, point, rest = digits.partition(".")
    return grouped(whole, mark) + ("," if locale == "de" else ".") * bool(point) + rest


def _group_mark(locale):
    return "’" if locale == "de-CH" else "\u202f"


@lru_cache(maxsize=8192)
def typst(tex, locale):
    """The formula in Typst's mathematics, without the dollar signs."""
    return _typst(parse(tex), locale)


def _typst(nodes, locale):
    def one(node):
        kind = node[0]
        if kind == "number":
            digits = _number(node[1], locale, _group_mark(locale))
            # As a text, "0,5" would stand off its sign; as a bare comma, the 5 would stand off the 0.
            return digits.replace(",", ' class("normal", comma) ') if digits.isascii() else f'"{digits}"'
        if kind == "id":
            return node[1] if node[1].isascii() and node[1].isalpha() else f'"{node[1]}"'
        if kind == "op":
            return "\\" + node[1] if node[1] in "()[]" else OPERATORS[node[1]][0]
        if kind == "symbol":
            return SYMBOLS[node[1]][0]
        if kind == "name":
            return f'op("{node[1]}")' if node[1] in FUNCTIONS else f'"{node[1]}"'
        if kind == "space":
            return f"#h({node[1]}em)"
        if kind == "row":
            return _typst(node[1], locale)
        if kind == "frac":
            return f"frac({_typst(node[1], locale)}, {_typst(node[2], locale)})"
        if kind in ("sqrt", "mathbf"):
            return f"{'sqrt' if kind == 'sqrt' else 'bold'}({_typst(node[1], locale)})"
        if kind == "accent":
            return f"{ACCENTS[node[2]][0]}({_typst(node[1], locale)})"
        if kind == "script":
            parts = [f"{side}: {_typst(script, locale)}" for side, script in (("b", node[2]), ("t", node[3])) if script]
            return f"attach({one(node[1])}, {', '.join(parts)})"
        cells = "; ".join(", ".join(_typst(cell, locale) or '""' for cell in row) for row in node[1])
        return f'mat(delim: "{FENCES[node[2]][0]}", {cells})'

    parts = [one(node) for node in nodes]
    bars = [i for i, node in enumerate(nodes) if node == ("op", "|")]
    for left, right in zip(bars[::2], bars[1::2], strict=False):  # a pair of bars grows with what stands between
        parts[left], parts[right] = f"lr({parts[left]}", f"{parts[right]})"
    return " ".join(parts)


@lru_cache(maxsize=8192)
def mathml(tex, locale, block=False):
    """The formula as a MathML element with its words as alttext."""
    lines = ' display="block"' if block else ""
    return f'<math{lines} alttext="{html.escape(words(tex, locale))}">{_mathml(parse(tex), locale)}</math>'


def _mathml(nodes, locale):
    def one(node):
        kind = node[0]
        if kind == "number":
            return f"<mn>{_number(node[1], locale, _group_mark(locale))}</mn>"
        if kind == "id":
            return f"<mi>{node[1]}</mi>"
        if kind == "op":
            return f"<mo>{html.escape(OPERATORS[node[1]][1])}</mo>"
        if kind == "symbol":
            tag = "mi" if SYMBOLS[node[1]][1].isalpha() else "mo"
            return f"<{tag}>{SYMBOLS[node[1]][1]}</{tag}>"
        if kind == "name":
            return f"<mtext>{html.escape(node[1])}</mtext>"
        if kind == "space":
            return f'<mspace width="{node[1]}em"/>'
        if kind == "row":
            return f"<mrow>{_mathml(node[1], locale)}</mrow>"
        if kind == "frac":
            return f"<mfrac><mrow>{_mathml(node[1], locale)}</mrow><mrow>{_mathml(node[2], locale)}</mrow></mfrac>"
        if kind == "sqrt":
            return f"<msqrt>{_mathml(node[1], locale)}</msqrt>"
        if kind == "mathbf":
            return f'<mrow style="font-weight:bold">{_mathml(node[1], locale)}</mrow>'
        if kind == "accent":
            return f"<mover><mrow>{_mathml(node[1], locale)}</mrow><mo>{ACCENTS[node[2]][1]}</mo></mover>"
        if kind == "script":
            scripts = [f"<mrow>{_mathml(script, locale)}</mrow>" for script in node[2:] if script]
            under = node[1] == ("symbol", "sum")
            tag = {(1, 0): "sub", (0, 1): "sup", (1, 1): "subsup"}[bool(node[2]), bool(node[3])]
            tag = "m" + (tag.replace("sub", "under").replace("sup", "over") if under else tag)
            return f"<{tag}>{one(node[1])}{''.join(scripts)}</{tag}>"
        rows = "".join(
            f"<mtr>{''.join(f'<mtd>{_mathml(cell, locale)}</mtd>' for cell in row)}</mtr>" for row in node[1]
        )
        left, right = FENCES[node[2]]
        return f"<mrow><mo>{left}</mo><mtable>{rows}</mtable><mo>{right}</mo></mrow>"

    out = [one(node) for node in nodes]
    for i in range(1, len(nodes)):  # a sign after a relation or an opening parenthesis belongs to its number
        if nodes[i] in (("op", "-"), ("op", "+")) and nodes[i - 1][1] in BEFORE_A_SIGN:
            out[i] = out[i].replace("<mo>", '<mo form="prefix">')
    return "".join(out)


@lru_cache(maxsize=8192)
def words(tex, locale):
    """The formula as a screen reader should say it."""
    return " ".join(_spoken(parse(tex), locale).split())


def _spoken(nodes, locale):
    german = language(locale)

    def say(english, deutsch):
        return deutsch if german else english

    def one(node):
        kind = node[0]
        if kind == "number":
            return _number(node[1], locale, "")
        if kind == "id":
            return node[1]
        if kind == "name":
            return node[1]
        if kind in ("op", "symbol"):
            return (OPERATORS if kind == "op" else SYMBOLS)[node[1]][2 + german]
        if kind == "space":
            return ""
        if kind in ("row", "mathbf"):
            return _spoken(node[1], locale)
        if kind == "frac":
            over, end = say("over", "geteilt durch"), say("end of fraction", "Ende des Bruchs")
            return f"{say('fraction', 'Bruch')} {_spoken(node[1], locale)} {over} {_spoken(node[2], locale)} {end}"
        if kind == "sqrt":
            end = say("end of root", "Ende der Wurzel")
            return f"{say('square root of', 'Wurzel aus')} {_spoken(node[1], locale)} {end}"
        if kind == "accent":
            return f"{_spoken(node[1], locale)} {ACCENTS[node[2]][2 + german]}"
        if kind == "script":
            below = f" {say('sub', 'Index')} {_spoken(node[2], locale)}" if node[2] else ""
            above = f" {say('to the power', 'hoch')} {_spoken(node[3], locale)}" if node[3] else ""
            return one(node[1]) + below + above
        rows = f"; {say('next row', 'nächste Zeile')} ".join(
            ", ".join(_spoken(c, locale) for c in row) for row in node[1]
        )
        return f"{say('matrix', 'Matrix')} {rows} {say('end of matrix', 'Ende der Matrix')}"

    return " ".join(one(node) for node in nodes)


def latex(tex, locale):
    """The formula for a notebook: the same LaTeX with the locale's decimal sign."""
    return re.sub(r"(?<=\d)\.(?=\d)", "{,}", tex) if locale == "de" else tex
