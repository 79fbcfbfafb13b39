"""From a lock to a folder of files, whole or not at all, and the check that a folder still is what its lock gives."""

import functools
import hashlib
import json
import multiprocessing
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from course_utils.exam.errors import ExamError
from course_utils.exam.html_sheet import page
from course_utils.exam.lock import dump, read_lock
from course_utils.exam.notebook_sheet import notebook
from course_utils.exam.typst_sheet import pdf

FORMATS = ("pdf", "html", "ipynb")
MANY = 60  # files from which on they are made in processes of their own


def files(lock, locales=None, formats=FORMATS, nbgrader=False):
    """All files of an exam, in order: (name, bytes). Several are made at the same time."""
    parts = []  # the files of one form and locale: made one after the other, they share much of the typesetting
    for locale in locales or [lock["locale"]]:
        for form in lock["forms"]:
            parts.append([(f"{kind}_{form['name']}_{locale}.{ending}", form["name"], locale)
                          for kind in ("sheet", "solutions") for ending in formats])  # fmt: skip
    make, processors = functools.partial(_file, lock, nbgrader), os.cpu_count() or 1
    if len(parts) * len(parts[0]) >= MANY and processors > 1:
        yield from _with_others(parts, make, processors - 1)
    else:
        with ThreadPoolExecutor(processors) as workers:
            yield from workers.map(make, [job for part in parts for job in part])


def _with_others(parts, make, others):
    """The same with other processes: threads of Typst wait for one another a third of the time.

    The others begin at the front, this process at the end, until they meet: nobody waits for a process to start.
    """
    workers = ProcessPoolExecutor(others, multiprocessing.get_context("spawn"), _begin, make.args)
    try:
        futures = [workers.submit(_some, part) for part in parts]
        here = {}
        for i in reversed(range(len(parts))):
            if not futures[i].cancel():
                break
            here[i] = [make(job) for job in parts[i]]
        for i, future in enumerate(futures):
            yield from here[i] if i in here else future.result()
    finally:
        workers.shutdown(cancel_futures=True)


def _file(lock, nbgrader, job):
    name, form, locale = job
    solution = name.startswith("solutions")
    if name.endswith(".pdf"):
        return name, pdf(lock, form, locale, solution)
    if name.endswith(".html"):
        return name, page(lock, form, locale, solution).encode()
    return name, notebook(lock, form, locale, solution, nbgrader).encode()


_make = None  # in a process of the pool: what makes a file of its exam, so that the lock is sent only once


def _begin(lock, nbgrader):
    global _make
    _make = functools.partial(_file, lock, nbgrader)


def _some(jobs):
    return [_make(job) for job in jobs]


def build(lock, folder, locales=None, formats=FORMATS, nbgrader=False):
    """Write an exam into a new folder and return its file names; raises ExamError and leaves nothing half-written."""
    folder = Path(folder)
    if folder.exists():
        raise ExamError(f"{folder}: the output folder exists: name a new one with --out, or remove it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    desk = Path(tempfile.mkdtemp(prefix=".exam-", dir=folder.parent))
    try:
        names = {}
        for name, data in files(lock, locales, formats, nbgrader):
            (desk / name).write_bytes(data)
            names[name] = hashlib.sha256(data).hexdigest()
        (desk / "exam.lock.json").write_text(dump(lock), encoding="utf-8")
        manifest = {
            "locales": locales or [lock["locale"]],
            "formats": list(formats),
            "nbgrader": nbgrader,
            "files": names,
        }
        (desk / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        desk.chmod(0o755)
        desk.replace(folder)
    except BaseException:
        shutil.rmtree(desk, ignore_errors=True)
        raise
    return sorted(names)


def verify(folder):
    """What is wrong with a built folder, as sentences: changed or missing files, solutions in a student's file."""
    folder = Path(folder)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ExamError(f"{folder}: manifest.json cannot be read: give a folder that `exam build` wrote.") from None
    lock = read_lock(folder / "exam.lock.json")
    made = dict(files(lock, manifest["locales"], tuple(manifest["formats"]), manifest["nbgrader"]))
    problems = []
    for name, data in made.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} is missing: build again.")
        elif path.read_bytes() != data:
            problems.append(f"{name} is not what the lock gives: build again.")
    problems += [f"{p.name} belongs to no exam: remove it." for p in sorted(folder.iterdir())
                 if p.name not in made and p.name not in ("manifest.json", "exam.lock.json")]  # fmt: skip
    for name in made:
        if name.startswith("sheet_") and (folder / name).is_file():
            problems += [
                f"{name} gives a solution away ({words!r}): report this."
                for words in leaks(lock, name, (folder / name).read_bytes())
            ]
    return problems


def leaks(lock, name, data):
    """Passages of solutions, feedback and rubrics that stand in a student's file (there should be none)."""
    text = _squeezed(_words_of(name, data))
    locale = name.rpartition(".")[0].rpartition("_")[2]
    tongue = "en" if locale == "en" else "de"
    found = []
    for record in lock["questions"].values():
        sections = record["sections"]
        passages = [sections["solution"][tongue]] + [o["why"] for o in sections.get("options", {}).get(tongue, [])]
        passages += [e["text"] for e in sections.get("rubric", {}).get(tongue, [])] + list(
            sections.get("mistakes", {}).get(tongue, {}).values()
        )
        for passage in passages:
            piece = max(_plain(passage), key=len, default="")
            if (
                len(piece) >= 25
                and _squeezed(piece) in text
                and _squeezed(piece) not in _squeezed(sections["question"][tongue])
            ):
                found.append(piece)
    return found


def _plain(passage):
    """The stretches of a passage without formula, code, value or stress."""
    import re

    return [p.strip() for p in re.split(r"```.*?```|`[^`]*`|\$[^$]*\$|\{\{.*?\}\}|\*+|\n", passage, flags=re.DOTALL)]


def _squeezed(text):
    return "".join(text.split()).replace("-", "").replace("\u00ad", "").lower()


def _words_of(name, data):
    if name.endswith(".pdf"):
        import io

        from pypdf import PdfReader

        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if name.endswith(".html"):
        import lxml.html

        return lxml.html.fromstring(data.decode()).text_content()
    return "".join(
        cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        for cell in json.loads(data)["cells"]
    )
