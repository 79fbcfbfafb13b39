"""Every lesson's source, whatever it teaches: its shape, its exercises, and that its code is the library's.

The rules that the build refuses a source for are tested in test_build.py.
"""

import ast
import re

import pytest
from conftest import ROOT, lesson_stems

from course_utils.exercises import all_exercises
from course_utils.publish import editions

STEMS = lesson_stems()
lessons = pytest.mark.parametrize("stem", STEMS)


@pytest.fixture(scope="module")
def sources():
    return {stem: editions.read(ROOT / "notebooks" / "src" / f"{stem}.py") for stem in STEMS}


def tags(cell):
    return cell.metadata.get("tags", [])


def text_of(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown" and "teacher" not in tags(cell)]
    return "\n\n".join(cell.source for cell in cells)


# --- from scratch: one code, in the lesson and in the library --------------------------------------------------------


def definitions(tree):
    """{"name" or "Class.name": dump of the function's tree} without docstrings, annotations and decorators.

    A class may be spread over several definitions of the same name; its methods are collected under that name.
    """
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.dump(bare(node))
        elif isinstance(node, ast.ClassDef):
            methods = (part for part in node.body if isinstance(part, ast.FunctionDef))
            found |= {f"{node.name}.{method.name}": ast.dump(bare(method)) for method in methods}
    return found


def bare(function):
    """The function without what may differ: decorators (input checks), annotations and docstrings."""
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            node.decorator_list = []
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return Plain().visit(function)


class Plain(ast.NodeTransformer):
    """`x: int = 1` is `x = 1`, and a step without its checks, `step.__wrapped__`, is the step."""

    def visit_Attribute(self, node):
        self.generic_visit(node)
        return node.value if node.attr == "__wrapped__" else node

    def visit_AnnAssign(self, node):
        return ast.Assign([node.target], node.value) if node.value else None


def differences(lesson, library):
    """What a lesson's from_scratch definitions do otherwise than the library's, one line each."""
    lines = [f"{name} is not in course_utils/from_scratch" for name in lesson if name not in library]
    return lines + [f"{name} differs" for name in lesson if name in library and lesson[name] not in library[name]]


@pytest.fixture(scope="module")
def library():
    """{name: the dumps of all functions of that name in from_scratch}."""
    found = {}
    for path in (ROOT / "course_utils" / "from_scratch").glob("*.py"):
        for name, dump in definitions(ast.parse(path.read_text(encoding="utf-8"))).items():
            found.setdefault(name, set()).add(dump)
    return found


@lessons
def test_from_scratch_code_is_the_librarys(stem, sources, library):
    cells = [cell for cell in sources[stem].cells if "from_scratch" in tags(cell)]
    found = {}
    for cell in cells:
        inside = definitions(editions.parse(cell.source))
        assert inside, f"cell {cell.id} is tagged from_scratch but defines nothing"
        found |= inside
    assert differences(found, library) == []


def test_the_agreement_sees_a_difference_and_nothing_else():
    text = 'class MLP:\n @checked(x=rule)\n def forward(self, x: int) -> int:\n  "doc"\n  y: int = x\n  return y'
    ours = {name: {dump} for name, dump in definitions(ast.parse(text)).items()}
    same = definitions(ast.parse("class MLP(MLP):\n def forward(self, x):\n  y = x\n  return y"))
    other = definitions(ast.parse("class MLP(MLP):\n def forward(self, x):\n  y = -x\n  return y"))
    missing = definitions(ast.parse("def forward(x):\n return x"))
    assert differences(same, ours) == []
    assert differences(other, ours) == ["MLP.forward differs"]
    assert differences(missing, ours) == ["forward is not in course_utils/from_scratch"]


# --- exercises and claims --------------------------------------------------------------------------------------------


@lessons
def test_exercises_in_the_source_and_in_the_register_are_the_same(stem, sources):
    topic = editions.topic(stem)
    registered = {name for name in all_exercises() if name.split(".")[0] == topic}
    assert set(editions.solutions(sources[stem])) == registered


@lessons
def test_a_stub_is_its_solution_with_lines_taken_out(stem, sources):
    for cell in sources[stem].cells:
        if "exercise" in tags(cell):
            left = [line for line in editions.stub(cell.source).splitlines() if not line.endswith("...  # your code")]
            lines = iter(editions.solved(cell.source).splitlines())
            assert all(line in lines for line in left), cell.id
            assert len(left) < len(editions.solved(cell.source).splitlines()), cell.id


@lessons
def test_a_lesson_has_exercises_a_claim_and_explicit_ids(stem, sources):
    notebook = sources[stem]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert len(editions.solutions(notebook)) >= 2
    assert "course.claim(" in code
    made = [cell.id for cell in notebook.cells if re.fullmatch(r"[0-9a-f]{8}(-\d+)?", cell.id)]
    assert made == [], "give these cells an explicit id in the source"


# --- the skeleton ----------------------------------------------------------------------------------------------------


@lessons
def test_the_first_cell_says_what_the_lesson_is(stem, sources):
    first = sources[stem].cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    assert re.search(r"\b\d+ minutes\b", first.source), "say how many minutes it takes"
    assert 3 <= len(re.findall(r"^- ", first.source, re.MULTILINE)) <= 5, "name three to five things to be able to do"


@lessons
def test_every_section_is_core_or_deeper_and_there_is_one_title(stem, sources):
    cells = [cell for cell in sources[stem].cells if cell.cell_type == "markdown" and "teacher" not in tags(cell)]
    for cell in cells:
        if re.match(r"##? ", cell.source):
            assert len({"core", "deeper"} & set(tags(cell))) == 1, f"tag cell {cell.id} core or deeper"
    assert [cell.id for cell in cells if re.search(r"^# ", cell.source, re.MULTILINE)] == [sources[stem].cells[0].id]


@lessons
def test_the_end_holds_what_the_reader_takes_along(stem, sources):
    text = text_of(sources[stem])
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    for part in ("What to remember", "exam", "Corrections to the sources", "Further reading"):
        assert any(part in heading for heading in headings), f"a section {part!r} is missing"
    remember = text.split("## What to remember", 1)[1].split("\n## ", 1)[0]
    assert 1 <= len(re.findall(r"^(?:\d+\.|-) ", remember, re.MULTILINE)) <= 6, "at most six lines to remember"
    assert re.search(r"kernel", text.split("## Further reading", 1)[1], re.IGNORECASE), "say to shut the kernel down"


@lessons
def test_there_is_a_note_for_teachers(stem, sources):
    assert any("teacher" in tags(cell) for cell in sources[stem].cells)
