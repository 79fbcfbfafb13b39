"""`exam export`: write the files, read them back and mark answers, then put them in place; and say what is lost."""

import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from course_utils.exam import bank
from course_utils.exam.errors import ExamError
from course_utils.exam.exports import canvas, moodle, qti21, reader, reader_qti
from course_utils.exam.exports.tasks import tasks
from course_utils.exam.exports.verify import check
from course_utils.exam.sheet import entries
from course_utils.exam.words import say

CAN = {"moodle": moodle.CAN, "qti21": qti21.CAN, "canvas": canvas.CAN}
STEPS = {"moodle": None, "qti21": None, "canvas": canvas.STEP}


def carries_forward(record):
    """Whether errors carry forward in a question of several parts: what its file in the bank says; if the file has
    changed since the draw, what the printed sheet says, and that is yes."""
    question = bank.load().get(record["id"])
    return question is None or question.digest != record["digest"] or "def follow(" in question.source


def plan(lock, form, locale, style, forward=carries_forward):
    """[(entry, its tasks)] of one form for a style (moodle, qti21, canvas); raises ExamError."""
    return [(entry, tasks(entry, CAN[style], STEPS[style], forward)) for entry in entries(lock, form, locale)]


def write(lock, form, locale, style, made, schema=None):
    """The files {name: bytes} of one form in one style."""
    title = f"{lock['title']['en' if locale == 'en' else 'de']} – {say('form', locale)} {form}"
    found = [task for _, some in made for task in some]
    stem = f"{style}_{form}_{locale}"
    if style == "moodle":
        return {f"{stem}.xml": moodle.file(title, found)}
    if style == "qti21":
        return {f"{stem}.zip": qti21.package(title, found, schema)}
    text, pictures = canvas.text(title, found, f"{stem}_images")
    return {f"{stem}.txt": text.encode(), **{name: svg.encode() for name, svg in pictures.items()}}


def read(files, style, folder=None):
    """What our readers find in the files of one form: {name: Found}; Canvas needs the folder with the pictures."""
    data = next(data for name, data in files.items() if name.endswith((".xml", ".zip", ".txt")))
    if style == "canvas":
        return reader_qti.canvas(data.decode(), folder)
    return reader.moodle(data) if style == "moodle" else reader_qti.qti21(data)


def export(lock, folder, styles, locales=None, schema=None):
    """Write the exports of all forms into a new folder; returns (file names, lines of the report).

    styles: some of moodle, qti21, canvas; locales: those of the sheets, or None for the lock's own;
    schema: a local imsqti_v2p1.xsd to validate the QTI items with. Every file is read back and marks the truth, every
    named mistake and a blank before the folder appears; an ExamError leaves nothing half-written.
    """
    folder = Path(folder)
    if folder.exists():
        raise ExamError(f"{folder}: the output folder exists: name a new one with --out, or remove it.")
    if not styles:
        raise ExamError("export: no format is named: add --moodle, --qti21 or --canvas.")
    if schema is not None and not Path(schema).is_file():
        raise ExamError(f"{schema}: there is no such schema file: name your imsqti_v2p1.xsd, or leave --schema out.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    desk = Path(tempfile.mkdtemp(prefix=".export-", dir=folder.parent))
    try:
        names, marked, lost = [], 0, {}
        for locale in locales or [lock["locale"]]:
            for form in lock["forms"]:
                for style in styles:
                    made = plan(lock, form["name"], locale, style)
                    files = write(lock, form["name"], locale, style, made, schema)
                    for name, data in files.items():
                        (desk / name).parent.mkdir(exist_ok=True)
                        (desk / name).write_bytes(data)
                    found = read(files, style, desk)
                    marked += sum(check(entry, some, found, style) for entry, some in made)
                    names += files
                    lost |= {(style, entry.record["id"]): loss(entry, some, style) for entry, some in made}
        desk.chmod(0o755)
        desk.replace(folder)
    except BaseException:
        shutil.rmtree(desk, ignore_errors=True)
        raise
    return sorted(names), [*lines(lost, styles), *validated(styles, marked, schema)]


def loss(entry, some, style):
    """What changes for a question in a style, in one line; "" if it arrives as it stands on the sheet."""
    why, kind = next((task.why for task in some if task.why), ""), some[0].kind
    if why:
        return f"open question, because {style} cannot carry {why}"
    if len(some) > 1:
        return f"{len(some)} questions with marks of their own"
    if style == "moodle" and kind == "kprim":
        return "one choice among the sixteen rows of true and false (Moodle's core has no Kprim)"
    if style == "moodle" and kind == "gaps" and len(some[0].fields) != entry.record["points"]:
        return f"Moodle counts one point a gap: set the mark to {entry.record['points']:g} in the quiz"
    return ""


def lines(lost, styles):
    """The report: for each style the questions that do not arrive as they stand on the sheet."""
    out = []
    for style in styles:
        rows = sorted((name, line) for (one, name), line in lost.items() if one == style and line)
        out.append(f"{style}: {len(rows)} questions change" if rows else f"{style}: every question arrives as it is")
        out += [f"  {name}: {line}" for name, line in rows]
    return out


def validated(styles, marked, schema):
    """What the files were validated against, and no more than that."""
    what = {
        "moodle": "moodle: validated against our own reader of Moodle's documented format; not run in Moodle",
        "qti21": "qti21: validated against "
        + (f"the schema {schema} and " if schema else "")
        + "our own reader and response processing"
        + ("" if schema else " (no QTI schema at hand: name one with --schema)")
        + "; not run in OpenOlat, nor in ILIAS, which as far as we know imports QTI 1.2 and not 2.1",
        "canvas": f"canvas: validated against text2qti {version('text2qti')}, which reads the text; not run in Canvas",
    }
    return [*(what[style] for style in styles), f"{marked} answers read back and marked as on the sheet"]
