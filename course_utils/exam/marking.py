"""Marking: what a response earns, field by field; never below zero.

A response is a dictionary from a field's key to what was written. A missing key, None or an empty text is a blank.
"""

import contextlib

from course_utils.exam.errors import ExamError
from course_utils.exam.resolve import LETTERS
from course_utils.exam.words import readings


def mark(record, variant, response, follow=None):
    """Points for a response: {"points", "of", "open" (points a person still marks), "fields": [{key, status, …}]}.

    follow: the question's function for errors carried forward (parts only), or None.
    Raises ExamError if the response names a field that the question does not have.
    """
    fields = variant["fields"]
    unknown = set(response) - {field["key"] for field in fields}
    if unknown:
        keys = ", ".join(field["key"] for field in fields)
        raise ExamError(
            f"mark: response has the key {min(unknown)!r}, but {record['id']} asks for {keys}: use these keys."
        )
    rows, given = [], {}
    for field in fields:
        row = mark_field(field, response.get(field["key"]), record.get("unit", ""))
        if row["status"] == "wrong" and follow and given and "number" in row:
            row = _carried(field, row, follow, variant["values"], given)
        if row["status"] != "blank" and "number" in row:
            given[field["key"]] = row["number"]
        rows.append(row)
    open_points = sum(field["points"] for field in fields if field["type"] == "open")
    return {"points": round(_sum(record, fields, rows), 4), "of": record["points"], "open": open_points, "fields": rows}


def _carried(field, row, follow, values, given):
    """The row marked right if it follows from the earlier answers."""
    with contextlib.suppress(ArithmeticError, ValueError, KeyError, TypeError):
        expected = follow(values, dict(given)).get(field["key"])
        if expected is not None and abs(expected - row["number"]) <= field["tolerance"] + 1e-12:
            return row | {"status": "follows"}
    return row


def _sum(record, fields, rows):
    points, scoring = record["points"], record["scoring"]
    earned = [row["status"] in ("right", "follows") for row in rows]
    wrong = sum(row["status"] == "wrong" for row in rows)
    if scoring == "kprim":
        return points * {4: 1.0, 3: 0.5}.get(sum(earned), 0.0)
    if scoring == "balanced":
        truths = sum(field["answer"] for field in fields)
        crossed = [(field["answer"], row.get("given")) for field, row in zip(fields, rows, strict=True)]
        hits = sum(answer and bool(given) for answer, given in crossed)
        false = sum(not answer and bool(given) for answer, given in crossed)
        return max(0.0, points * (hits - false) / truths)
    if scoring == "neighbors":
        places = {
            int(row["number"]): field["answer"] for field, row in zip(fields, rows, strict=True) if "number" in row
        }
        pairs = sum(places.get(i, 0) + 1 == places.get(i + 1, -1) for i in range(1, len(fields)))
        return points * pairs / (len(fields) - 1)
    if scoring == "all":
        return points * (all(earned) and not wrong)
    return sum(field["points"] for field, good in zip(fields, earned, strict=True) if good)


def mark_field(field, given, unit=""):
    """One field: {"key", "status": right, wrong, blank or open, …}, with the named mistake where one is recognized.

    unit: what may stand behind a number, such as "kWh". A number that can be read in two ways counts in the better one.
    """
    row = {"key": field["key"], "status": "blank"}
    if field["type"] == "open":
        return row | {"status": "open"}
    if given is None or (isinstance(given, str) and not given.strip()):
        return row
    row["given"] = given
    if field["type"] == "number":
        values, reach = readings(given, unit), field["tolerance"] + 1e-12
        for value in values:
            if abs(value - field["answer"]) <= reach:
                return row | {"number": value, "status": "right"}
        for value in values:
            for name, wrong in field["mistakes"].items():
                if abs(value - wrong) <= reach:
                    return row | {"number": value, "status": "wrong", "mistake": name}
        return row | {"status": "wrong"} | ({"number": values[0]} if values else {})
    if field["type"] == "text":
        accepted = {_folded(word) for words in field["accept"].values() for word in words}
        return row | {"status": "right" if _folded(given) in accepted else "wrong"}
    if field["type"] == "code":
        return row | {"status": "right" if _runs(field, given) else "wrong"}
    if field["type"] == "choice" and isinstance(given, str):
        given = LETTERS.find(given.strip().upper()) if given.strip().upper() in tuple(LETTERS) else -1
    return row | {"given": given, "status": "right" if given == field["answer"] else "wrong"}


def _folded(text):
    return " ".join(str(text).lower().replace("-", " ").split())


def _runs(field, function):
    """Whether a function gives the expected results for all cases (for code questions in a notebook)."""
    if not callable(function):
        return False
    for arguments, expected in zip(field["cases"], field["expected"], strict=True):
        try:
            result = function(*arguments)
            good = _close(result.tolist() if hasattr(result, "tolist") else result, expected)
        except Exception:  # a learner's function may raise anything; that is a wrong answer, not our failure
            return False
        if not good:
            return False
    return True


def _close(result, expected):
    if isinstance(expected, list):
        return isinstance(result, (list, tuple)) and len(result) == len(expected) and all(map(_close, result, expected))
    return isinstance(result, (int, float)) and abs(result - expected) <= 1e-6 * max(1.0, abs(expected))


def truth(variant, locale="en"):
    """The response that earns full marks (fields that a person marks are left out)."""
    right = {}
    for field in variant["fields"]:
        if field["type"] == "text":
            right[field["key"]] = field["accept"]["en" if locale == "en" else "de"][0]
        elif field["type"] not in ("open", "code"):
            right[field["key"]] = field["answer"]
    return right
