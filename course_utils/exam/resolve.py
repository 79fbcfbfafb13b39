"""From a question and a seed to one variant: its values, answers, order of options and fields to be marked.

A variant is plain data, so that it can lie in a lock file and be printed, marked and exported from there.
"""

from course_utils.exam.draw import Draw
from course_utils.exam.errors import ExamError

REDRAWS = 200
LETTERS = "ABCDEFGHIJ"
PLAIN = frozenset((str, bool, int, type(None)))


def tolerance_of(record, key=""):
    """How far a number may be from the truth: as stated, else half a unit of the last decimal (whole numbers: 0)."""
    if "tolerance" in record:
        return record["tolerance"] + 1e-9
    decimals = decimals_of(record, key)
    return 0.5001 * 10**-decimals if decimals else 1e-9


def decimals_of(record, key=""):
    """How many decimals the value of this key is shown and asked with; the key "" is the rule for all others."""
    return record["decimals"].get(key, record["decimals"][""])


def resolve(question, seed, slot=0):
    """One variant of a question as plain data; raises ExamError after 200 draws that all collide."""
    draw = Draw(seed, question.id, slot)
    variant = {"id": question.id, "seed": seed, "slot": slot, "values": {}, "figure": None}
    if not question.computed:
        return variant | _static(question, draw)
    rank = int(draw.random() * (question.record.get("choices", 4)))
    generate = question.code["generate"]
    for attempt in range(REDRAWS + 1):
        try:
            result = generate(draw)
            if result is None:  # a degenerate case, which generate itself turned down
                continue
            rest = _computed(question, draw, result, rank)
        except ExamError:
            raise
        except Exception as error:  # a question's own code may raise anything: say where
            raise question.error("generate", f"raised {type(error).__name__}: {error} (seed {seed}, slot {slot}): "
                                 "mend the code cell.") from error  # fmt: skip
        if rest is not None:
            return variant | rest | {"attempts": attempt}
    equal = [name for name, wrong in (result or {}).get("mistakes", {}).items()
             if same(question.record, clean(result["answer"]), clean(wrong))]  # fmt: skip
    last = f", the last time because of the mistake {equal[0]}" if equal else ""
    raise question.error("generate", f"gave no usable variant in {REDRAWS} redraws (seed {seed}, slot {slot}){last}: "
                         "widen the grids, or drop the mistake that keeps equalling the truth.")  # fmt: skip


def again(question, seed, slot, attempts, way):
    """The answer of the same variant, solved with another permitted way of rounding."""
    draw = Draw(seed, question.id, slot, way=way)
    draw.random()
    for _ in range(attempts + 1):
        result = question.code["generate"](draw)
    return result["answer"]


def same(record, answer, other, key=""):
    """Whether two answers cannot be told apart within the tolerance (numbers, tables, dictionaries, words)."""
    if isinstance(answer, dict):
        keys = [k for k in (other if isinstance(other, dict) else {}) if k in answer]
        return all(same(record, answer[k], other[k], k) for k in keys)
    if isinstance(answer, list):
        return (
            isinstance(other, list)
            and len(answer) == len(other)
            and all(map(lambda a, b: same(record, a, b, key), answer, other))
        )
    if isinstance(answer, (str, bool)) or isinstance(other, (str, bool)):
        return answer == other
    return abs(answer - other) <= tolerance_of(record, key) + 1e-12


def clean(value):
    """NumPy values as plain Python, floats without the dust of binary arithmetic."""
    kind = type(value)
    if kind is float:
        return round(value, 10) + 0.0
    if kind in PLAIN:
        return value
    if kind is dict:
        return {k if type(k) is str else str(k): clean(v) for k, v in value.items()}
    if kind is list or kind is tuple:
        return [clean(v) for v in value]
    if hasattr(value, "tolist"):
        return clean(value.tolist())
    raise ExamError(f"generate: a value is {type(value).__name__}: give numbers, texts, lists or arrays.")


def _static(question, draw):
    """A question whose words do not vary: only the order, or the choice of statements."""
    record, sections = question.record, question.sections
    order = []
    if "options" in sections:
        options = sections["options"]["en"]
        order = list(range(len(options)))
        count = record.get("choices", 4 if question.kind == "kprim" else len(order))
        if question.kind == "single":
            right = next(i for i in order if options[i]["right"])
            order = [right] + draw.sample([i for i in order if i != right], count - 1)
        elif question.kind == "multiple" and count < len(order):
            right = [i for i in order if options[i]["right"]]
            order = right[:1] + draw.sample([i for i in order if i != right[0]], count - 1)
        elif question.kind == "kprim":
            order = draw.sample(order, count)
        order = draw.shuffled(order)
    variant = {"order": order}
    if question.kind == "truefalse":
        variant["fields"] = _reasoned(question, record.get("answer") == "true")
    elif question.kind == "error":
        variant["fields"] = _line(question, int(record["answer"]))
    else:
        variant["fields"] = fields_for(question, variant, {}, {})
    return variant


def _computed(question, draw, result, rank):
    """The variant for one result of generate, or None where a named mistake equals the truth or another option."""
    record = question.record
    answer, mistakes = clean(result["answer"]), {k: clean(v) for k, v in result.get("mistakes", {}).items()}
    if any(same(record, answer, wrong) for wrong in mistakes.values()):
        return None
    variant = {"values": clean(result.get("values", {})), "figure": clean(result.get("figure")), "order": []}
    if question.kind == "single":
        options = _ranked(question, draw, answer, mistakes, rank)
        if options is None:
            return None
        variant["options"] = options
        variant["order"] = draw.shuffled(range(len(options)))
    elif "options" in question.sections:
        variant |= _static(question, draw)
    if question.kind == "truefalse":
        variant["fields"] = _reasoned(question, bool(answer))
    elif question.kind == "error":
        variant["fields"] = _line(question, answer)
    else:
        variant["fields"] = fields_for(question, variant, answer, mistakes)
    variant["answer"], variant["mistakes"] = answer, mistakes
    return variant


def _ranked(question, draw, answer, mistakes, rank):
    """The truth and some mistakes, so that the truth's rank among the numbers is the one that was drawn beforehand."""
    decimals = decimals_of(question.record)
    count = question.record.get("choices", 4)
    distinct = {}
    shown = {_shown(answer, decimals)}
    for name, value in draw.shuffled(mistakes.items()):
        if _shown(value, decimals) not in shown:
            shown.add(_shown(value, decimals))
            distinct[name] = value
    if isinstance(answer, str):
        chosen = list(distinct)[: count - 1]
    else:
        below = [name for name, value in distinct.items() if value < answer]
        above = [name for name, value in distinct.items() if value > answer]
        if len(below) < rank or len(above) < count - 1 - rank:
            return None
        chosen = below[:rank] + above[: count - 1 - rank]
    if len(chosen) < count - 1:
        return None
    return [{"value": answer, "mistake": None}] + [{"value": distinct[name], "mistake": name} for name in chosen]


def _shown(value, decimals):
    return value if isinstance(value, str) else f"{value:.{decimals}f}"


def _reasoned(question, truth):
    half = question.points / 2
    return [
        {"key": "truth", "type": "bool", "answer": truth, "points": half},
        {"key": "reason", "type": "open", "points": half},
    ]


def _line(question, line):
    half = question.points / 2
    return [{"key": "line", "type": "number", "answer": line, "points": half, "tolerance": 1e-9, "decimals": 0,
        "mistakes": {}},
            {"key": "correction", "type": "open", "points": half}]  # fmt: skip


def _number_field(question, key, answer, mistakes, points):
    wrong = {name: value[key] if isinstance(value, dict) else value for name, value in mistakes.items()
             if not isinstance(value, dict) or key in value}  # fmt: skip
    return {"key": key, "type": "number", "answer": answer, "points": points,
        "tolerance": tolerance_of(question.record, key),
            "decimals": decimals_of(question.record, key), "mistakes": wrong}  # fmt: skip


def fields_for(question, variant, answer, mistakes):
    """What is marked: a list of {key, type, answer, points, …}; the points add up to the question's."""
    kind, points, sections = question.kind, question.points, question.sections
    order = variant["order"]
    if kind == "single":
        return [
            {
                "key": "choice",
                "type": "choice",
                "answer": order.index(_right(question, variant)),
                "count": len(order),
                "points": points,
            }
        ]
    if kind in ("multiple", "kprim"):
        options = sections["options"]["en"]
        return [
            {"key": LETTERS[i], "type": "bool", "answer": options[j]["right"], "points": points / len(order)}
            for i, j in enumerate(order)
        ]
    if kind == "matching":
        lefts = [j for j, option in enumerate(sections["options"]["en"]) if option["left"]]
        return [{"key": str(n + 1), "type": "choice", "answer": order.index(j), "count": len(order),
            "points": points / len(lefts)}
                for n, j in enumerate(lefts)]  # fmt: skip
    if kind == "ordering":
        return [{"key": LETTERS[i], "type": "number", "answer": j + 1, "points": points / len(order),
            "tolerance": 1e-9, "decimals": 0,
                 "mistakes": {}} for i, j in enumerate(order)]  # fmt: skip
    if kind == "number":
        return [_number_field(question, "value", answer, mistakes, points)]
    if kind == "table":
        flat = [(f"{r + 1},{c + 1}", value) for r, row in enumerate(answer) for c, value in enumerate(row)]
        wrong = {name: {f"{r + 1},{c + 1}": v for r, row in enumerate(t) for c, v in enumerate(row)} for name,
            t in mistakes.items()
                 if len(t) == len(answer) and len(t[0]) == len(answer[0])}  # fmt: skip
        return [_number_field(question, key, value, wrong, points / len(flat)) for key, value in flat]
    if kind in ("cloze", "parts"):
        words = sections.get("blanks", {})
        keys = list(dict.fromkeys(blank_keys(sections["question"]["en"])))
        share = points / len(keys) if keys else 0
        return [_number_field(question, key, answer[key], mistakes, share)
            if key in answer and not isinstance(answer[key], str)
                else {"key": key, "type": "text", "accept": {lang: _accepted(words, lang, key, answer)
                    for lang in ("en", "de")},
                      "points": share} for key in keys]  # fmt: skip
    if kind == "code":
        return [{"key": "code", "type": "code", "function": question.record["function"], "cases": answer["cases"],
                 "expected": answer["expected"], "points": points}]  # fmt: skip
    return [{"key": "text", "type": "open", "points": points}]


def blank_keys(text):
    """The keys of the places to write in, in their order."""
    parts = text.split("[[")[1:]
    return [part.partition("]]")[0] for part in parts]


def _accepted(words, language, key, answer):
    text = words[language][key] if language in words and key in words[language] else answer[key]
    return [word.strip() for word in text.split("|")]


def _right(question, variant):
    if "options" in variant:
        return 0
    return next(j for j in variant["order"] if question.sections["options"]["en"][j]["right"])
