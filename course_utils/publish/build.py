"""Build both editions of each lesson from its source, and check that the committed ones are what the sources give.

notebooks/src/NN_topic.py  ->  notebooks/NN_topic.ipynb            for learners: solutions cut out, no outputs
                           ->  notebooks/solutions/NN_topic.ipynb  for teachers: executed, outputs stored
                           ->  course_utils/exercises/solutions.json
"""

import json
import os
import re
import sys
import tempfile
import time
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course_utils.datasets._folder import write_whole
from course_utils.publish import editions, stderr
from course_utils.publish.editions import ROOT
from course_utils.publish.environment import CourseError

WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = ["--log-level=40", stderr.EXTENSION]  # without the kernel's own notes on its transport; C's lines in time
CELL_SECONDS = 300  # a cell may take 20 s; this only stops an endless one


def add_arguments(parser):
    """Add the options of `python -m course_utils build`."""
    parser.add_argument("names", nargs="*", metavar="LESSON", help="lessons to build even if unchanged, such as 01")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if an edition is not up to date")


def main(arguments):
    """Run `build` or `build --check`; returns the exit status."""
    if arguments.check:
        differences = check(arguments.names)
        for line in differences:
            print(line)
        print(f"{len(differences)} file(s) to rebuild." if differences else "Every edition is what its source gives.")
        return 1 if differences else 0
    build(arguments.names)
    return 0


def build(names=None, root=ROOT):
    """Build the named lessons (all of them by default; then only those that changed are executed).

    Returns the list of files written. Raises CourseError when a source breaks a rule or a cell fails; nothing of that
    lesson is written then.
    """
    written = []
    lessons = {path: editions.read(path) for path in editions.lesson_sources(names, root)}
    collected = _dump(_solutions(lessons, bool(names), root))
    store = root / "course_utils" / "exercises" / "solutions.json"
    for path, notebook in lessons.items():
        before = store.read_text(encoding="utf-8") if store.exists() else None
        _write(store, collected, written)  # first: the check cells show the solution that stands in this file
        try:
            target = _target(path, root, "solutions")
            plain = editions.teacher(notebook)
            if names or _difference(target, plain, executed=True):
                print(f"{path.stem}: running {len(plain.cells)} cells … ", end="", flush=True)
                start = time.perf_counter()
                done = execute(plain, path.stem, root)
                print(f"{time.perf_counter() - start:.1f} s")
                _write(target, _text(done), written)
            _write(_target(path, root), _text(editions.learner(notebook)), written)
        except BaseException:  # an interrupted build leaves nothing behind either
            print("failed")
            store.unlink() if before is None else _replace(store, before)
            raise
    for file in dict.fromkeys(written):
        print(f"wrote {file.relative_to(root).as_posix()}")
    if not written:
        print("Nothing to build: every edition is what its source gives.")
    return list(dict.fromkeys(written))


def check(names=None, root=ROOT):
    """One line for each committed file that is not what the sources give (outputs aside); an empty list is good."""
    lessons = {path: editions.read(path) for path in editions.lesson_sources(names, root)}
    lines = []
    for path, notebook in lessons.items():
        for target, made, executed in (
            (_target(path, root), editions.learner(notebook), False),
            (_target(path, root, "solutions"), editions.teacher(notebook), True),
        ):
            reason = _difference(target, made, executed)
            if reason:
                file = target.relative_to(root).as_posix()
                lines.append(f"{file}: {reason}; run: python -m course_utils build {path.stem}")
    store = root / "course_utils" / "exercises" / "solutions.json"
    if not store.exists() or store.read_text(encoding="utf-8") != _dump(_solutions(lessons, bool(names), root)):
        lines.append("course_utils/exercises/solutions.json: it does not hold the sources' solutions; "
                     "run: python -m course_utils build")
    known = {path.stem for path in editions.lesson_sources(root=root)}
    folder = root / "notebooks"
    for stray in sorted([*folder.glob("[0-9][0-9]_*.ipynb"), *folder.glob("solutions/*.ipynb")]):
        if stray.stem not in known:
            lines.append(f"{stray.relative_to(root).as_posix()}: it has no source in notebooks/src; delete it")
    return lines


def kernel_environment(**more):
    """Environment for a kernel that runs a lesson: claims are strict, and our package is found from any folder."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "COURSE_STRICT": "1", "PYTHONPATH": path, **more}


def execute(notebook, lesson, root=ROOT):
    """Run a notebook on a fresh kernel on the processor and return it with clean outputs.

    Raises CourseError with the cell and the error in short when a cell fails, writes to stderr, or shows a path of this
    machine or a memory address: such an output would change from one build to the next.
    """
    notebook = deepcopy(notebook)
    client = NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False,
                            store_widget_state=False, coalesce_streams=True, extra_arguments=KERNEL)
    environment = kernel_environment(CUDA_VISIBLE_DEVICES="-1", JAX_PLATFORMS="cpu", KERAS_BACKEND="tensorflow")
    environment.pop("COURSE_JOURNAL", None)
    with tempfile.TemporaryDirectory() as folder:  # a lesson must not depend on the folder it is run in
        try:
            client.execute(env=environment, cwd=folder)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise CourseError(f"{lesson}, cell {failed_cell(notebook)}: {short_error(error)}") from None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_clean, cell.outputs) if output]
            reason = _unfit(cell.outputs, root)
            if reason:
                raise CourseError(f"{lesson}, cell {cell.id}: {reason}")
    notebook.metadata = deepcopy(editions.METADATA)
    return notebook


def failed_cell(notebook):
    """Id of the cell at which a run stopped: the first with an error, or else the last that began."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        if any(output.output_type == "error" for output in cell.outputs):
            return cell.id
    begun = [cell for cell in code if cell.execution_count or cell.outputs]
    return begun[-1].id if begun else code[0].id


def short_error(error):
    """One line about a failed cell: the exception and its message, without the traceback."""
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}".strip()
    if isinstance(error, CellTimeoutError):
        return f"the cell was stopped after {CELL_SECONDS} s"
    return "the kernel died; the lesson may have run out of memory"


def _clean(output):
    """The output without what lives only as long as its kernel; None if nothing is left."""
    if "data" in output:
        output.data.pop(WIDGET, None)
        output.metadata.pop(WIDGET, None)
        if not output.data:
            return None
    return output


def _unfit(outputs, root):
    """Why these outputs must not be stored, in words; None if they may."""
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            return f"it wrote to stderr: {output.text.strip()[:400]}"
        data = output.get("data", {"text/plain": output.get("text", "")})
        text = "\n".join(str(value) for kind, value in data.items() if not kind.startswith("image/") or "svg" in kind)
        places = {str(root), str(ROOT), sys.prefix, str(Path.home()), tempfile.gettempdir()} - {"/"}
        for place in sorted(places):
            if re.search(re.escape(place) + r"(?![\w-])", text):
                return f"its output shows the path {place} of this machine; print only names"
        address = re.search(r"\bat 0x[0-9a-fA-F]{6,}", text)
        if address:
            return f"its output shows the memory address {address[0][3:]}; show a value, not an object"
    return None


def _target(path, root, *folder):
    return Path(root, "notebooks", *folder, f"{path.stem}.ipynb")


def _text(notebook):
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def _dump(mapping):
    return json.dumps(mapping, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _solutions(lessons, partly, root):
    """All solutions; when only some lessons are read, the others' keep what the file holds."""
    store = root / "course_utils" / "exercises" / "solutions.json"
    topics = {editions.topic(path) for path in lessons}
    kept = json.loads(store.read_text(encoding="utf-8")) if partly and store.exists() else {}
    result = {name: source for name, source in kept.items() if name.split(".")[0] not in topics}
    for notebook in lessons.values():
        result.update(editions.solutions(notebook))
    return result


def _difference(target, made, executed):
    """In which way the committed edition differs from the one made now, in words; None if it does not."""
    if not target.exists():
        return "it is missing"
    text = target.read_text(encoding="utf-8")
    if not executed and text == _text(made):
        return None
    try:
        committed = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(committed)
    except Exception as error:  # whatever is wrong with a damaged file, a rebuild mends it
        return f"it is not a valid notebook ({type(error).__name__})"
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    plain = deepcopy(committed)
    for cell in plain.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if plain != made:
        ids = [cell.get("id") for cell in committed.cells]
        if ids != [cell.id for cell in made.cells]:
            return "it has other cells than its source"
        for old, new in zip(plain.cells, made.cells, strict=True):
            if old != new:
                return f"cell {new.id} differs from its source"
        return "its metadata differ from what the build writes"
    if not executed:
        return "it holds outputs or is not formatted as the build writes it"
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)) or not any(c.outputs for c in code):
        return "it is not executed from its first to its last cell"
    for cell in code:
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr" or WIDGET in output.get("data", {}):
                return f"cell {cell.id} stores an error, a log line or a widget"
    return None


def _write(path, text, written):
    """Write the file unless it holds just that, and remember it."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        _replace(path, text)
        written.append(path)


def _replace(path, text):
    """A reader or an interrupted build never sees half a file."""
    write_whole(path, text.encode())
