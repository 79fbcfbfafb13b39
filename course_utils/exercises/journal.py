"""One line of JSON for each check and each claim, for `test` and `bench` to read.

Nothing is written unless the environment names a file in COURSE_JOURNAL.
"""

import json
import math
import os


def record(kind, **fields):
    """Append `{"kind": kind, **fields}` as one line to the file that COURSE_JOURNAL names; else do nothing.

    NumPy numbers become plain ones; NaN and infinities become text, which JSON cannot hold as numbers.
    """
    path = os.environ.get("COURSE_JOURNAL")
    if not path:
        return
    line = json.dumps({"kind": kind, **{name: _plain(value) for name, value in fields.items()}}, ensure_ascii=False)
    with open(path, "a", encoding="utf-8") as file:
        file.write(line + "\n")


def _plain(value):
    if hasattr(value, "tolist"):  # NumPy scalars and arrays, without importing NumPy here
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
