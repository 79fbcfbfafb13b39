"""The house rules: who imports whom, what a first import costs, how large a room may be, what no file may hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "course_utils"
# From the ground up: a room imports only from rooms before it, and from itself.
ORDER = ["from_scratch", "datasets", "keras_tools", "visuals", "exercises", "publish", "exam", "cli", "__main__"]
SIDE_BY_SIDE = {("publish", "exam"), ("exam", "publish")}
MODULES = sorted(PACKAGE.rglob("*.py"))


def tracked():
    """Every file that git keeps or would keep, as paths."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                             capture_output=True, check=True).stdout.decode("utf-8")
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """The dotted names that a module imports, anywhere in it; relative ones made absolute."""
    here = ("course_utils", *path.relative_to(PACKAGE).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[:-node.level]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            # `from course_utils import exam` names its room only in the imported name
            yield from (f"{module}.{alias.name}" for alias in node.names) if module == "course_utils" else (module,)


def upward(path, names):
    """The imports among `names` that a module of that path may not have."""
    here = room(path)
    wrong = []
    for name in names:
        parts = name.split(".")
        if parts[0] != "course_utils" or len(parts) < 2 or here == "__init__":
            continue
        there = parts[1]
        if there == here:
            continue
        if there not in ORDER or ORDER.index(there) > ORDER.index(here) or (here, there) in SIDE_BY_SIDE:
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_only_downwards(path):
    assert room(path) == "__init__" or room(path) in ORDER, "this room has no place in the order of imports"
    assert upward(path, imports(path)) == []


def test_the_import_rule_sees_what_it_forbids():
    here = PACKAGE / "datasets" / "animals.py"
    assert upward(here, ["course_utils.visuals.style", "course_utils.from_scratch.neuron", "numpy"]) == [
        "course_utils.visuals.style"]
    assert upward(PACKAGE / "from_scratch" / "mlp.py", ["course_utils.datasets"]) == ["course_utils.datasets"]
    assert upward(PACKAGE / "publish" / "build.py", ["course_utils.exam.cli"]) == ["course_utils.exam.cli"]
    assert "course_utils.from_scratch._checks" in imports(PACKAGE / "from_scratch" / "neuron.py")


def loaded_after(code):
    """Names of the modules that a fresh Python has loaded after running the code."""
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def every_module(*rooms):
    """Code that imports every module of these rooms."""
    paths = [path for path in MODULES if room(path) in rooms and path.name != "__init__.py"]
    assert paths
    return "\n".join(f"import {'.'.join(path.relative_to(ROOT).with_suffix('').parts)}" for path in paths)


def test_the_package_itself_loads_only_the_standard_library():
    before = loaded_after("")
    added = {name.split(".")[0] for name in loaded_after("import course_utils") - before}
    assert added - set(sys.stdlib_module_names) == {"course_utils"}


@pytest.mark.parametrize("name", ["from_scratch", "datasets", "visuals", "exercises"])
def test_these_rooms_do_not_load_a_backend(name):
    heavy = {"tensorflow", "keras", "jax", "torch", "matplotlib.pyplot"}
    assert heavy & loaded_after(every_module(name)) == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_room_is_too_large_and_every_public_thing_says_what_it_does(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400, "a file that passes 400 lines wants to be two"
    tree = ast.parse(text)
    if path.name != "__init__.py":
        assert ast.get_docstring(tree), "the file does not say what it is for"
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    silent = {node.name for node in functions if not node.name.startswith("_") and not ast.get_docstring(node)}
    # what a widget is for is said by the class that shows it, and what a wrong answer is by the message beside it
    assert "lessons" in path.parts or {name for name in silent if not name.endswith("Widget")} == set()


def test_from_scratch_init_stays_empty():
    assert (PACKAGE / "from_scratch" / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_no_file_names_a_place_on_this_machine_or_a_package_host():
    home = str(Path.home())
    places = [str(ROOT) + "/", "/home/", "/Users/", *([home + "/"] if home not in ("/", "/root") else [])]
    hosts = ["files." + "pythonhosted", "pypi" + ".org", "conda." + "anaconda" + ".org", "test." + "pypi"]
    wrong, seen = [], 0
    for path in tracked():
        content = path.read_bytes()
        seen += 1
        for word in [*places, *hosts]:
            # a place counts where a path begins, not as part of a longer word; this file has to spell them
            if path != Path(__file__) and re.search(rb"(?<![\w.])" + re.escape(word.encode()), content):
                wrong.append(f"{path.relative_to(ROOT)}: {word}")
    assert seen > 20 and wrong == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-gpu.lock"])
def test_each_locked_package_has_an_exact_version_and_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(blocks) > 50
    for block in blocks:
        assert re.match(r"[A-Za-z0-9_.\[\],-]+==[^\s;]+", block), block[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:80]
