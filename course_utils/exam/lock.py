"""The lock file: a drawn exam with every value resolved. Sheets, solutions, marking and exports read nothing else.

{"format": 1, "title": {en, de}, "date", "minutes", "locale", "seed", "aids",
 "questions": {id: what the question's file says}, "forms": [{"name": "A", "items": [variant, …]}], "checksum"}
"""

import hashlib
import json
from pathlib import Path

from course_utils.exam.bank import load
from course_utils.exam.errors import ExamError

FORMAT = 1


def make(title, questions, *, seed, forms=1, minutes=None, date="", locale="en", aids=None, names=None):
    """A lock for these questions: each form has its own numbers; slots are the question's place in the exam.

    questions: a list of Question, or a list of such lists, one for each form.
    """
    from course_utils.exam.resolve import resolve

    sets = questions if questions and isinstance(questions[0], list) else [questions] * forms
    names = names or [letter(i) for i in range(len(sets))]
    made = [{"name": name, "items": [resolve(q, f"{seed}/{name}", slot) for slot, q in enumerate(chosen, start=1)]}
            for name, chosen in zip(names, sets, strict=True)]  # fmt: skip
    lock = {
        "format": FORMAT,
        "title": title,
        "date": str(date),
        "minutes": minutes,
        "locale": locale,
        "seed": seed,
        "aids": aids or {},
    }
    lock |= {"questions": {q.id: q.record for chosen in sets for q in chosen}, "forms": made}
    return lock | {"checksum": checksum(lock)}


def letter(i):
    """A, B, …, Z, AA, AB, …: the name of the i-th form."""
    return (letter(i // 26 - 1) if i >= 26 else "") + chr(65 + i % 26)


def checksum(lock):
    """SHA-256 over everything in the lock but the checksum itself, as hexadecimal text."""
    rest = {key: value for key, value in lock.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def dump(lock):
    """The lock as text, the same for the same exam."""
    return json.dumps(lock, ensure_ascii=False, indent=1) + "\n"


def read_lock(path):
    """Read a lock file; raises ExamError if it cannot be read or was changed by hand."""
    path = Path(path)
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExamError(
            f"{path}: the lock cannot be read ({error.strerror}): give the file that `exam draw` wrote."
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise ExamError(f"{path}: this is no lock file: give the file that `exam draw` wrote.") from None
    if (
        not isinstance(lock, dict)
        or lock.get("format") != FORMAT
        or not {"questions", "forms", "checksum"} <= set(lock)
    ):
        raise ExamError(f"{path}: this is no lock of format {FORMAT}: give the file that `exam draw` wrote.")
    if checksum(lock) != lock["checksum"]:
        raise ExamError(
            f"{path}: checksum does not fit the content, so the lock was changed after the draw: draw it again."
        )
    return lock


def changed(lock, folder=None):
    """Which questions of the lock are not those of the bank: {id: what changed}."""
    bank = load(folder) if folder else load()
    found = {}
    for name, record in lock["questions"].items():
        if name not in bank:
            found[name] = "is no longer in the bank"
        elif bank[name].digest != record["digest"]:
            old, new = record["version"], bank[name].version
            found[name] = (
                f"is version {new} in the bank, but version {old} in the lock"
                if old != new
                else "has another text in the bank"
            )
    return found


def refuse_changed(path, lock, folder=None):
    """Raise ExamError if the bank has moved on since the draw."""
    found = changed(lock, folder)
    if found:
        which = "; ".join(f"{name} {what}" for name, what in sorted(found.items()))
        raise ExamError(f"{path}: the lock was made by other versions of its questions ({which}): "
                        "rebuild from the stored values with --stored, or draw again.")  # fmt: skip
