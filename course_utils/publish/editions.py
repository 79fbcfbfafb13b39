"""From one lesson source to its two editions: pure text work, nothing is executed or written here.

A source is a percent-format Python file with the solutions inside. `read` turns it into a notebook and checks the house
rules, `learner` cuts the solutions out, `teacher` keeps them, and `solutions` collects them for `course.solution`.
"""

import ast
import hashlib
import io
import re
import tokenize
from copy import deepcopy
from pathlib import Path

import jupytext
import nbformat

from course_utils.publish.environment import CourseError

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
TAGS = {"core", "deeper", "teacher", "from_scratch", "exercise", "nbval-check-output"}
BACKENDS = {"tensorflow", "tf_keras", "jax", "jaxlib", "torch"}
LONGEST_CELL, LONGEST_CLASS = 24, 40
# Every notebook names the kernel that every Jupyter has, so nobody meets a missing-kernel dialog.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def topic(path):
    """The lesson's name without its number: `notebooks/src/01_neuron.py` gives "neuron"."""
    return Path(path).stem.split("_", 1)[1]


def lesson_sources(names=None, root=ROOT):
    """Paths of the lesson sources, sorted; `names` may hold numbers ("01"), topics ("neuron") or whole names.

    Raises CourseError when there is no lesson at all, or none of a given name.
    """
    found = sorted((Path(root) / "notebooks" / "src").glob("[0-9][0-9]_*.py"))
    if not found:
        raise CourseError("There is no lesson source in notebooks/src; add one such as notebooks/src/01_neuron.py.")
    if not names:
        return found
    chosen = set()
    for name in names:
        stem = Path(name).stem
        same = [path for path in found if stem in (path.stem, path.stem[:2], topic(path))]
        if not same:
            raise CourseError(f"There is no lesson {name!r}; the lessons are {', '.join(p.stem for p in found)}.")
        chosen.update(same)
    return sorted(chosen)


def read(path):
    """Read one lesson source, check the house rules, and return it as a notebook with real cell ids (solutions inside).

    Raises CourseError with one sentence that names the lesson and the cell.
    """
    path = Path(path)
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    cells, seen = [], {}
    for cell in notebook.cells:
        extra = set(cell.metadata) - {"id", "tags", "lines_to_next_cell"}
        tags = cell.metadata.get("tags", [])
        name = cell.metadata.get("id") or _made_id(cell, seen)
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
            raise _error(path, name, "has an id that is not 1 to 64 letters, digits, - or _; choose a short one")
        if extra:
            raise _error(path, name, f"carries {', '.join(sorted(extra))} in its header; only id and tags are allowed")
        unknown = [tag for tag in tags if tag not in TAGS] if isinstance(tags, list) else [tags]
        if unknown:
            raise _error(path, name, f"has the unknown tag {unknown[0]!r}; the tags are {', '.join(sorted(TAGS))}")
        if any(name == cell.id for cell in cells):
            raise _error(path, name, "shares its id with an earlier cell; give it another one")
        new = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        cells.append(new(cell.source, id=name, metadata={"tags": list(tags)} if tags else {}))
    _check(path, cells)
    return _notebook(cells)


def learner(notebook):
    """The learners' edition: no teacher's notes, solution regions cut to `...  # your code`, no outputs."""
    cells = [deepcopy(cell) for cell in notebook.cells if "teacher" not in _tags(cell)]
    for cell in cells:
        cell.source = stub(cell.source) if "exercise" in _tags(cell) else cell.source
    return _notebook(cells)


def teacher(notebook):
    """The solutions edition before it is executed: markers removed, notes marked, checks compared by nbval."""
    cells = deepcopy(notebook.cells)
    for cell in cells:
        if "teacher" in _tags(cell):
            quoted = "\n".join(f"> {line}".rstrip() for line in cell.source.splitlines())
            cell.source = f"> **Teacher's note**\n>\n{quoted}"
        elif "exercise" in _tags(cell):
            cell.source = solved(cell.source)
        elif cell.cell_type == "code" and checked_name(cell.source) and "nbval-check-output" not in _tags(cell):
            cell.metadata["tags"] = [*_tags(cell), "nbval-check-output"]
    return _notebook(cells)


def solutions(notebook):
    """{exercise name: source of its solution}, as `course.solution` shows it."""
    pairs = zip(notebook.cells, notebook.cells[1:], strict=False)
    return {checked_name(after.source): solved(cell.source) for cell, after in pairs if "exercise" in _tags(cell)}


def stub(source):
    """The exercise as the learner meets it: each marked region becomes one line `...  # your code` at its indent."""
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            kept.append(line.replace(BEGIN, "...  # your code"))
            inside = True
        elif line.strip() == END:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def solved(source):
    """The exercise with its solution, without the marker lines."""
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))


def checked_name(source):
    """The exercise's name when the cell is exactly `course.check("name", function)`, otherwise None."""
    call = _check_call(source)
    return call and call.args[0].value


def parse(source):
    """Syntax tree of a code cell; a top-level `await` is allowed, as in Jupyter."""
    return compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def _notebook(cells):
    return nbformat.v4.new_notebook(cells=cells, metadata=deepcopy(METADATA), nbformat=4, nbformat_minor=5)


def _tags(cell):
    return cell.metadata.get("tags", [])


def _made_id(cell, seen):
    digest = hashlib.sha1((cell.cell_type + cell.source).encode("utf-8")).hexdigest()[:8]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _error(path, name, words):
    return CourseError(f"{Path(path).name}, cell {name}: it {words}.")


# --- the house rules -------------------------------------------------------------------------------------------------


def _check(path, cells):
    code = [cell for cell in cells if cell.cell_type == "code"]
    trees = {}
    for cell in cells:
        if cell.cell_type == "markdown" and {"exercise", "from_scratch"} & set(_tags(cell)):
            raise _error(path, cell.id, "is text but tagged exercise or from_scratch; those tags belong to code cells")
        if cell.cell_type == "code" and "teacher" in _tags(cell):
            raise _error(path, cell.id, "is code but tagged teacher; a teacher's note is a markdown cell")
    for cell in code:
        trees[cell.id] = _check_code(path, cell)
    if not code:
        raise CourseError(f"{path.name}: it has no code cell; begin with one that calls course.start().")
    starts = [cell.id for cell in code if _calls(trees[cell.id], "start")]
    late = [cell.id for cell in code[1:] if _loads_keras(trees[cell.id])][:1]  # lessons 02 and 03 load Keras last
    if starts != [code[0].id, *(late if not _loads_keras(trees[code[0].id]) else [])]:
        raise _error(path, code[0].id, "must be the only setup cell: the first code cell, and no other, calls "
                     "course.start() (but course.start(keras=True) may come once, where Keras begins), but it is "
                     f"called in {', '.join(starts) or 'no cell'}")
    exercises = {}
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if "exercise" in _tags(cell):
            name = _check_exercise(path, cell, after)
            if name in exercises:
                raise _error(path, cell.id, f"defines {name} again; two exercises cannot share a function name")
            exercises[name] = (cell.id, after.id)
        elif BEGIN in cell.source or END in cell.source:
            raise _error(path, cell.id, "has solution markers but not the tag exercise; add it or drop the markers")
    names = [checked_name(cell.source) for cell in code if checked_name(cell.source)]
    for name in names:
        if names.count(name) > 1:
            raise CourseError(f"{path.name}: course.check({name!r}, …) stands in two cells; check each exercise once.")
    for cell in code:
        _check_uses(path, cell, trees[cell.id], exercises)


def _check_code(path, cell):
    """One code cell alone: it is plain Python, short, and imports no backend."""
    tags, source = set(_tags(cell)), solved(cell.source)
    if {"exercise", "from_scratch"} <= tags:
        raise _error(path, cell.id, "is tagged exercise and from_scratch; it can only be one of them")
    for line in source.splitlines():
        if re.match(r"\s*(%|!)", line) and not _parses(source):
            raise _error(path, cell.id, f"uses the notebook command {line.strip()!r}; a lesson is plain Python")
    try:
        tree = parse(cell.source)
    except SyntaxError as error:
        raise _error(path, cell.id, f"is not valid Python ({error.msg}, line {error.lineno})") from None
    if _trailing_semicolon(cell.source):
        raise _error(path, cell.id, "ends a line with a semicolon; end the cell with a value worth showing instead")
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            modules = [node.module]
        for module in modules:
            if module.split(".")[0] in BACKENDS:
                raise _error(path, cell.id, f"imports {module}; lessons use keras, keras.ops and course_utils only, "
                             "so that they run on every backend")
    has_class = any(isinstance(node, ast.ClassDef) for node in tree.body)
    limit = LONGEST_CLASS if "from_scratch" in tags and has_class else LONGEST_CELL
    length = len(source.splitlines())
    if length > limit:
        raise _error(path, cell.id, f"has {length} lines of code; a projector shows {limit}, so split it")
    return tree


def _check_exercise(path, cell, after):
    """An exercise is one function with its solution marked, and its check follows at once; returns its name."""
    marks = [line.strip() for line in cell.source.splitlines() if line.strip() in (BEGIN, END)]
    if not marks or marks != [BEGIN, END] * (len(marks) // 2):
        raise _error(path, cell.id, f"is an exercise, so it needs lines {BEGIN!r} and {END!r} in turn around the "
                     "part to be solved")
    body = parse(cell.source).body
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise _error(path, cell.id, "is an exercise, so it must be exactly one function definition")
    function = body[0].name
    try:
        left = parse(stub(cell.source)).body
    except SyntaxError:
        left = []
    if len(left) != 1 or not isinstance(left[0], ast.FunctionDef) or left[0].name != function:
        raise _error(path, cell.id, f"is not a function any more once the solution is cut; keep the line "
                     f"'def {function}' outside the markers")
    call = _check_call(after.source) if after is not None and after.cell_type == "code" else None
    if call is None or call.args[1].id != function:
        raise _error(path, cell.id, f"must be followed by the cell course.check(\"{topic(path)}.…\", {function})")
    name = call.args[0].value
    if not re.fullmatch(rf"{re.escape(topic(path))}\.[a-z0-9_]+", name):
        raise _error(path, after.id, f"checks {name!r}; the name begins with the lesson's topic, as in "
                     f"\"{topic(path)}.{function}\"")
    return function


def _check_uses(path, cell, tree, exercises):
    """Nothing but its check, and no line outside the markers, uses a function that the learner writes."""
    if "exercise" in _tags(cell):
        tree = parse(stub(cell.source))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in exercises and exercises[node.id][1] != cell.id:
            raise _error(path, cell.id, f"uses {node.id}, which the learner writes in cell {exercises[node.id][0]}; "
                         "nothing later may depend on an answer")


def _check_call(source):
    """The call node of a cell that is exactly `course.check("name", function)`, otherwise None."""
    if not _parses(source):
        return None
    body = parse(source).body
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    if not isinstance(call, ast.Call) or call.keywords or len(call.args) != 2 or not _is_course(call.func, "check"):
        return None
    name, function = call.args
    if isinstance(name, ast.Constant) and isinstance(name.value, str) and isinstance(function, ast.Name):
        return call
    return None


def _is_course(node, name):
    return (isinstance(node, ast.Attribute) and node.attr == name
            and isinstance(node.value, ast.Name) and node.value.id == "course")


def _calls(tree, name):
    return any(isinstance(node, ast.Call) and _is_course(node.func, name) for node in ast.walk(tree))


def _loads_keras(tree):
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_course(node.func, "start"))
    return any(word.arg == "keras" and ast.unparse(word.value) == "True" for call in calls for word in call.keywords)


def _parses(source):
    try:
        parse(source)
    except SyntaxError:
        return False
    return True


def _trailing_semicolon(source):
    """True where a semicolon ends a line: Jupyter would hide the cell's value."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    tokens = [token for token in tokens if token.type != tokenize.COMMENT]
    ends = (tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER)
    return any(token.string == ";" and after.type in ends for token, after in zip(tokens, tokens[1:], strict=False))
