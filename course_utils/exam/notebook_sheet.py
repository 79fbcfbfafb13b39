"""The sheet as a Jupyter notebook: the student's runs through blank, the solution's checks itself green."""

import json

from course_utils.exam.marking import truth
from course_utils.exam.sheet import cover, entries
from course_utils.exam.text import blocks, to_markdown
from course_utils.exam.words import points_of, say


def notebook(lock, form, locale, solution=False, nbgrader=False):
    """The sheet of one form as notebook text (JSON); nbgrader=True adds nbgrader's cell metadata."""
    import nbformat.v4 as v4

    found = entries(lock, form, locale)
    front = cover(lock, form, locale, found)
    title = front["title"] + (f" – {say('solution', locale)}" if solution else "")
    head = f"# {title}\n\n{say('form', locale)} {form} · {front['minutes']} {say('minutes', locale)} · "
    head += f"{front['points']} {say('points', locale)}"
    head += f" · {say('aids', locale)}: {front['aids']}\n\n" + (
        "" if solution else f"{say('name', locale)}: …\n\n{say('number', locale)}: …"
    )
    cells = [v4.new_markdown_cell(head, id="cover")]
    if solution:
        cells.append(v4.new_code_cell("from course_utils.exam.marking import mark", id="setup"))
    for entry in found:
        cells += _cells(entry, v4, solution, nbgrader)
    book = v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3",
        "language": "python"},
                                                  "language_info": {"name": "python"}})  # fmt: skip
    return json.dumps(book, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cells(entry, v4, solution, nbgrader):
    locale, n = entry.locale, entry.number
    words = [
        f"## {say('question', locale)} {n} ({entry.points_label()})",
        to_markdown(entry.section("question"), locale),
    ]
    picture = entry.picture()
    if picture:
        # A data address keeps the picture inside the file; its words are the alt text.
        import base64

        data = base64.b64encode(picture[0].encode()).decode()
        words.append(f"![{picture[1].replace('[', '(').replace(']', ')')}](data:image/svg+xml;base64,{data})")
    words += [f"*{entry.instruction()}*"] if entry.instruction() else []
    words += _listed(entry)
    cells = [
        v4.new_markdown_cell(
            "\n\n".join(words), id=f"question-{n}", metadata=_grader(nbgrader, f"question-{n}", entry, "text")
        )
    ]
    machine = [field for field in entry.variant["fields"] if field["type"] != "open"]
    if machine:
        cells.append(
            v4.new_code_cell(
                _stub(entry, machine, solution),
                id=f"answer-{n}",
                metadata=_grader(nbgrader, f"answer-{n}", entry, "answer"),
            )
        )
    if len(machine) < len(entry.variant["fields"]):
        body = "" if solution else "…"
        cells.append(
            v4.new_markdown_cell(
                body or _explained(entry), id=f"words-{n}", metadata=_grader(nbgrader, f"words-{n}", entry, "words")
            )
        )
    elif solution:
        cells.append(v4.new_markdown_cell(_explained(entry), id=f"words-{n}"))
    if solution and machine:
        cells.append(v4.new_code_cell(_check(entry), id=f"check-{n}"))
    return cells


def _listed(entry):
    """Options, statements and steps as a list."""
    if entry.kind in ("single", "multiple", "kprim", "ordering", "matching"):
        lefts = (
            [f"{n}. {to_markdown(words, entry.locale)}" for n, words in enumerate(entry.lefts(), start=1)]
            if entry.kind == "matching"
            else []
        )
        rights = [
            f"- **{entry.cross_label(i)})** {to_markdown(words, entry.locale)}"
            for i, (words, _, _) in enumerate(entry.options())
        ]
        return ["\n".join(part) for part in (lefts, rights) if part]
    return []


def _stub(entry, machine, solution):
    """The code cell to answer in: a dictionary with one entry a field, None where nothing is written yet."""
    if entry.kind == "code":
        name = machine[0]["function"]
        lines = next(lines for kind, lines in blocks(entry.section("solution")) if kind == "code") if solution else []
        return "\n".join([*lines, f"answer_{entry.number} = {{'code': {name if solution else None}}}  # {name}"])
    right = truth(entry.variant, entry.locale) if solution else {}
    hints = {
        "choice": say("answer", entry.locale) + " (0, 1, 2 …)",
        "bool": f"True = {say('true', entry.locale)}",
        "number": say("value", entry.locale),
    }
    lines = [f"answer_{entry.number} = {{"]
    for field in machine:
        value = right.get(field["key"])
        hint = hints.get(field["type"], "")
        if field["type"] == "choice":
            letters = "".join(entry.cross_label(i) for i in range(field["count"]))
            hint, value = " ".join(letters), None if value is None else letters[value]
        lines.append(f"    {field['key']!r}: {value!r}," + (f"  # {hint}" if hint else ""))
    return "\n".join(lines + ["}"])


def _check(entry):
    """A cell that marks the answers above and fails unless they earn every point a machine can give."""
    record = {key: entry.record[key] for key in ("id", "points", "scoring")}
    variant = {"fields": entry.variant["fields"], "values": {}}
    return "\n".join(
        [
            f"result = mark({record!r}, {variant!r}, answer_{entry.number})",
            "assert result['points'] + result['open'] >= result['of'] - 0.001, result",
            f"f\"{entry.number}: {{result['points']:g}} + {{result['open']:g}} / {{result['of']:g}}\"",
        ]
    )


def _explained(entry):
    locale = entry.locale
    parts = [f"**{say('steps', locale)}**", to_markdown(entry.section("solution"), locale)]
    parts += [
        "\n".join(
            f"- **{points_of(points, locale)}**: {to_markdown(words, locale)}" for points, words in entry.rubric()
        )
    ]
    parts += ["\n".join(f"- **{shown}**: {to_markdown(words, locale)}" for shown, words in entry.known_mistakes())]
    return "\n\n".join(part for part in parts if part)


def _grader(wanted, name, entry, role):
    """nbgrader's metadata: the question is locked text, answers are marked by hand or with the course's marking."""
    if not wanted:
        return {}
    graded = role != "text" and (role == "words" or all(f["type"] != "open" for f in entry.variant["fields"]))
    meta = {
        "schema_version": 3,
        "grade_id": name,
        "locked": role == "text",
        "grade": graded,
        "solution": role != "text",
        "task": False,
    }
    return {"nbgrader": meta | ({"points": entry.record["points"]} if graded else {})}
