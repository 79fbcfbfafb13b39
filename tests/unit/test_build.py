"""The build: what becomes of a source, which sources are refused, and when an edition counts as current."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from course_utils.publish import build, editions
from course_utils.publish.environment import CourseError

SAMPLE = (Path(__file__).parents[1] / "fixtures" / "90_sample.py").read_text(encoding="utf-8")
TINY = """# %% id="setup"
class course:
    start = staticmethod(lambda: print("ready"))
course.start()
# %% [markdown]
# Some words.
# %% id="value"
6 * 7
"""


def put(root, text, name="90_sample"):
    path = root / "notebooks" / "src" / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def files(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def sample(course_root):
    return editions.read(put(course_root, SAMPLE))


@pytest.fixture
def built(sample_course, tmp_path):
    """A copy of the sample lesson with both its editions."""
    return Path(shutil.copytree(sample_course, tmp_path / "built"))


# --- the two editions ------------------------------------------------------------------------------------------------


def test_explicit_ids_become_the_real_ones_and_others_are_made_from_the_text(sample):
    ids = [cell.id for cell in sample.cells]
    assert ids[:3] == ["title", "setup", "note"]
    made = ids[-2]
    assert ids[-1] == f"{made}-2" and len(made) == 8 and int(made, 16) >= 0
    assert all(set(cell.metadata) <= {"tags"} for cell in sample.cells)
    assert cell(sample, "title").metadata.tags == ["core"]


def test_a_made_id_does_not_depend_on_the_cells_around_it(course_root, sample):
    moved = editions.read(put(course_root, SAMPLE.replace("# # A lesson in miniature", "# # Another title")))
    assert [cell.id for cell in moved.cells] == [cell.id for cell in sample.cells]


def test_learners_get_a_stub_and_no_note(sample):
    edition = editions.learner(sample)
    assert cell(edition, "double").source == 'def double(x):\n    """Twice x."""\n    ...  # your code'
    assert "note" not in [cell.id for cell in edition.cells]
    text = nbformat.writes(edition)
    assert "SOLUTION" not in text and "x + x" not in text and "jupytext" not in text
    assert edition.metadata == editions.METADATA


def test_teachers_get_the_solution_and_a_marked_note(sample):
    edition = editions.teacher(sample)
    assert cell(edition, "double").source == 'def double(x):\n    """Twice x."""\n    twice = x + x\n    return twice'
    assert cell(edition, "note").source == "> **Teacher's note**\n>\n> Ask the room first.\n>\n> - Then wait."
    assert cell(edition, "double-check").metadata.tags == ["nbval-check-output"]
    assert "SOLUTION" not in nbformat.writes(edition)


def test_a_stub_keeps_the_lines_around_each_region_and_its_indent():
    source = (
        "def f(x):\n    for a in x:\n        ### BEGIN SOLUTION\n        b = a\n        ### END SOLUTION\n"
        "    c = 1\n    ### BEGIN SOLUTION\n    return c\n    ### END SOLUTION"
    )
    stub = "def f(x):\n    for a in x:\n        ...  # your code\n    c = 1\n    ...  # your code"
    assert editions.stub(source) == stub
    assert editions.solved(source) == "def f(x):\n    for a in x:\n        b = a\n    c = 1\n    return c"


def test_solutions_are_collected_under_the_name_of_their_check(sample):
    expected = {"sample.double": 'def double(x):\n    """Twice x."""\n    twice = x + x\n    return twice'}
    assert editions.solutions(sample) == expected


def test_lessons_are_found_by_number_topic_and_name(course_root):
    one, two = put(course_root, TINY, "01_alpha"), put(course_root, TINY, "02_beta")
    assert editions.lesson_sources(root=course_root) == [one, two]
    for name in ("02", "beta", "02_beta", "notebooks/src/02_beta.py"):
        assert editions.lesson_sources([name], course_root) == [two]
    with pytest.raises(CourseError, match="no lesson '03'; the lessons are 01_alpha, 02_beta"):
        editions.lesson_sources(["03"], course_root)


def test_a_course_without_lessons_is_an_error_and_not_a_success(course_root):
    with pytest.raises(CourseError, match="no lesson source"):
        build.check(root=course_root)


# --- sources that are refused ----------------------------------------------------------------------------------------

EXERCISE = SAMPLE[SAMPLE.index('# %% id="double"'):SAMPLE.index('# %% id="double-check"')]
CHECK = 'course.check("sample.double", double)'
REFUSED = {
    "two functions": (EXERCISE, EXERCISE + "\n\ndef other():\n    pass\n", "exactly one function definition"),
    "no markers": ("    ### BEGIN SOLUTION\n", "", "needs lines '### BEGIN SOLUTION'"),
    "header inside": ('def double(x):\n    """Twice x."""\n    ### BEGIN SOLUTION\n',
                      '### BEGIN SOLUTION\ndef double(x):\n    """Twice x."""\n', "keep the line 'def double'"),
    "no check": (CHECK, "print(1)", "must be followed by the cell course.check"),
    "check of another": (CHECK, 'course.check("sample.double", step)', "must be followed by the cell course.check"),
    "text between": ('# %% id="double-check"', '# %% [markdown]\n# So?\n\n# %% id="double-check"', "must be followed"),
    "name of another topic": (CHECK, 'course.check("neuron.double", double)', "begins with the lesson's topic"),
    "both tags": ('tags=["exercise"]', 'tags=["exercise", "from_scratch"]', "it can only be one of them"),
    "used later": ('print("the same cell")', "double(2)", "uses double, which the learner writes in cell double"),
    "used in a function": ("    line.set_data(", "    double(slope)\n    line.set_data(", "cell picture: it uses"),
    "markers elsewhere": ('print("the same cell")', "### BEGIN SOLUTION\nprint()", "solution markers but not the tag"),
    "checked twice": ('print("the same cell")', CHECK, "stands in two cells"),
    "same id": ('id="claim"', 'id="setup"', "cell setup: it shares its id"),
    "bad id": ('id="claim"', 'id="the claim"', "an id that is not"),
    "unknown tag": ('tags=["core"]', 'tags=["chore"]', "unknown tag 'chore'"),
    "other metadata": ('id="claim"', 'id="claim" editable=false', "carries editable in its header"),
    "magic": ('print("the same cell")', "# %matplotlib inline", "notebook command '%matplotlib inline'"),
    "shell": ('print("the same cell")', "!pip install numpy", "notebook command '!pip install numpy'"),
    "syntax": ('print("the same cell")', "print(", "not valid Python"),
    "semicolon": ('print("the same cell")', 'print("the same cell");  # quiet', "ends a line with a semicolon"),
    "tensorflow": ("import numpy as np", "import tensorflow as tf", "imports tensorflow"),
    "from jax": ("import numpy as np", "from jax.numpy import ones", "imports jax.numpy"),
    "torch inside": ("    line.set_data(", "    import torch\n    line.set_data(", "imports torch"),
    "long cell": ('print("the same cell")', "x = 0\n" * 25, "25 lines of code; a projector shows 24"),
    "second start": ('print("the same cell")', "course.start()", "the first code cell, and no other"),
    "Keras twice": ("course.start()", "course.start(keras=True)\n\n# %%\ncourse.start(keras=True)", "the first code"),
    "no start": ("course.start()\n", "", "called in no cell"),
    "code before": ('# %% id="setup"', '# %% id="early"\nprint(0)\n\n# %% id="setup"', "the first code cell"),
    "teacher code": ('# %% id="claim"', '# %% id="claim" tags=["teacher"]', "a teacher's note is a markdown cell"),
    "exercise text": ('id="note" tags=["teacher"]', 'id="note" tags=["exercise"]', "those tags belong to code cells"),
}


@pytest.mark.parametrize("old, new, words", REFUSED.values(), ids=list(REFUSED))
def test_a_source_that_breaks_a_rule_is_refused_in_one_sentence(course_root, old, new, words):
    assert old in SAMPLE
    path = put(course_root, SAMPLE.replace(old, new, 1))
    with pytest.raises(CourseError) as refused:
        editions.read(path)
    message = str(refused.value)
    assert words in message and "90_sample.py" in message
    assert message.endswith(".") and "\n" not in message


def test_keras_may_be_loaded_in_a_later_cell(course_root):
    editions.read(put(course_root, SAMPLE.replace('print("the same cell")', "course.start(keras=True)", 1)))


def test_a_class_from_scratch_may_be_longer_than_another_cell(course_root):
    body = "class Long:\n" + "    a = 1\n" * 39
    editions.read(put(course_root, SAMPLE + f'\n# %% tags=["from_scratch"]\n{body}'))
    with pytest.raises(CourseError, match="41 lines"):
        editions.read(put(course_root, SAMPLE + f'\n# %% tags=["from_scratch"]\n{body}    b = 1\n'))
    with pytest.raises(CourseError, match="40 lines"):
        editions.read(put(course_root, SAMPLE + f"\n# %%\n{body}"))


def test_percent_signs_semicolons_and_awaits_that_are_fine(course_root):
    lines = ['print("""', "% a line of text;", '""")', "a = 1; b = 2", "await training.run()"]
    editions.read(put(course_root, SAMPLE + "\n# %%\n" + "\n".join(lines)))


# --- building --------------------------------------------------------------------------------------------------------


def test_both_editions_and_the_solutions_are_written(built):
    assert build.check(root=built) == []
    assert sorted(name for name in files(built) if not name.endswith(".py")) == [
        "course_utils/exercises/solutions.json", "notebooks/90_sample.ipynb", "notebooks/solutions/90_sample.ipynb"]
    learner = nbformat.read(built / "notebooks/90_sample.ipynb", as_version=4)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in learner.cells if "outputs" in cell)
    stored = json.loads((built / "course_utils/exercises/solutions.json").read_text(encoding="utf-8"))
    assert list(stored) == ["sample.double"]


def test_a_stored_figure_is_a_picture_and_words_without_its_widget(built):
    text = (built / "notebooks/solutions/90_sample.ipynb").read_text(encoding="utf-8")
    (output,) = cell(nbformat.reads(text, as_version=4), "picture").outputs
    assert set(output.data) == {"image/png", "text/plain"}
    assert output.data["text/plain"].endswith("a line of slope 1.0")
    assert "widget" not in text.replace("InteractiveFigure", "") and "iopub" not in text and "jupytext" not in text
    assert str(Path.home()) not in text or str(Path.home()) == "/"


def test_building_again_runs_nothing_and_running_again_changes_nothing(built, capsys):
    before = files(built)
    assert build.build(root=built) == []
    assert "running" not in capsys.readouterr().out
    build.build(["90"], root=built)
    assert "running" in capsys.readouterr().out
    assert files(built) == before


@pytest.fixture(scope="module")
def tiny_built(tmp_path_factory):
    """A lesson without any of our rooms, which builds in a second."""
    root = tmp_path_factory.mktemp("tiny")
    (root / "notebooks" / "src").mkdir(parents=True)
    put(root, TINY)
    build.build(root=root)
    assert build.check(root=root) == []
    return root


@pytest.fixture
def tiny(tiny_built, tmp_path):
    """A copy of that lesson to spoil."""
    return Path(shutil.copytree(tiny_built, tmp_path / "course"))


def rewritten(path, change):
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


CHANGES = {
    "learner source": ("90_sample.ipynb", lambda n: n.cells[2].update(source="6 * 8"), "cell value differs"),
    "learner outputs": ("90_sample.ipynb", lambda n: n.cells[2].update(execution_count=1), "outputs"),
    "solutions source": ("solutions/90_sample.ipynb", lambda n: n.cells[1].update(source="?"), "differs"),
    "tags": ("solutions/90_sample.ipynb", lambda n: n.cells[2].metadata.update(tags=["core"]), "cell value differs"),
    "id": ("solutions/90_sample.ipynb", lambda n: n.cells[2].update(id="price"), "other cells"),
    "cell gone": ("solutions/90_sample.ipynb", lambda n: n.cells.pop(), "other cells"),
    "kernel": ("solutions/90_sample.ipynb", lambda n: n.metadata.kernelspec.update(name="mine"), "metadata"),
    "not run": ("solutions/90_sample.ipynb", lambda n: n.cells[2].update(execution_count=None), "not executed"),
    "run twice": ("solutions/90_sample.ipynb", lambda n: n.cells[2].update(execution_count=7), "not executed"),
    "no outputs": ("solutions/90_sample.ipynb", lambda n: [c.update(outputs=[]) for c in n.cells if "outputs" in c],
                   "not executed"),
    "log line": ("solutions/90_sample.ipynb", lambda n: n.cells[2].outputs.append(
        nbformat.v4.new_output("stream", name="stderr", text="W0000")), "a log line"),
}


@pytest.mark.parametrize("file, change, words", CHANGES.values(), ids=list(CHANGES))
def test_check_names_the_one_file_that_is_not_current(tiny, file, change, words):
    rewritten(tiny / "notebooks" / file, change)
    (line,) = build.check(root=tiny)
    assert line.startswith(f"notebooks/{file}: ") and words in line and "python -m course_utils build" in line


def test_check_sees_missing_damaged_stray_and_stale_files(tiny):
    (tiny / "notebooks/90_sample.ipynb").unlink()
    (tiny / "notebooks/solutions/90_sample.ipynb").write_text("{}", encoding="utf-8")
    (tiny / "notebooks/80_old.ipynb").write_text("{}", encoding="utf-8")
    (tiny / "course_utils/exercises/solutions.json").write_text('{"sample.gone": ""}', encoding="utf-8")
    lines = build.check(root=tiny)
    assert [line.split(": ")[0] for line in lines] == [
        "notebooks/90_sample.ipynb", "notebooks/solutions/90_sample.ipynb", "course_utils/exercises/solutions.json",
        "notebooks/80_old.ipynb"]
    assert "missing" in lines[0] and "not a valid notebook" in lines[1] and "no source" in lines[3]


def test_only_a_changed_lesson_is_run(tiny, capsys):
    put(tiny, TINY, "91_other")
    build.build(root=tiny)
    assert "91_other: running" in capsys.readouterr().out
    put(tiny, TINY.replace("6 * 7", "6 * 8"))
    build.build(root=tiny)
    out = capsys.readouterr().out
    assert "90_sample: running" in out and "91_other" not in out
    assert cell(nbformat.read(tiny / "notebooks/solutions/90_sample.ipynb", 4), "value").outputs[0].data == {
        "text/plain": "48"}


FAILURES = {
    "error": ("1 / 0", "cell bad: ZeroDivisionError: division by zero"),
    "stderr": ("import sys\nprint('a log line', file=sys.stderr)", "cell bad: it wrote to stderr: a log line"),
    "descriptor": ("import os\nn = os.write(2, b'from C')", "cell bad: it wrote to stderr: from C"),
    "child": ("import subprocess, sys\nn = subprocess.call([sys.executable, '-c', 'import os; os.write(2, b\"A\")'])",
              "cell bad: it wrote to stderr: A"),
    "path": ("import sys\nprint(sys.prefix + '/x')", "of this machine"),
    "address": ("object()", "memory address"),
    "strict claim": ("from course_utils.exercises import claim\nclaim('a half', 0.5, at_least=0.6)", "a half"),
}


@pytest.mark.parametrize("code, words", FAILURES.values(), ids=list(FAILURES))
def test_a_lesson_that_fails_writes_nothing(tiny, code, words):
    put(tiny, f'{TINY}\n# %% id="bad"\n{code}\n')
    before = files(tiny)
    with pytest.raises(CourseError) as failed:
        build.build(root=tiny)
    assert words in str(failed.value) and "90_sample" in str(failed.value)
    assert files(tiny) == before


def test_building_one_lesson_keeps_the_solutions_of_the_others(tiny):
    store = tiny / "course_utils/exercises/solutions.json"
    store.write_text('{"other.one": "def one(): ...", "sample.gone": "def gone(): ..."}', encoding="utf-8")
    build.build(["90"], root=tiny)
    assert json.loads(store.read_text(encoding="utf-8")) == {"other.one": "def one(): ..."}
