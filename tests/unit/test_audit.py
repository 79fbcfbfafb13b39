"""The supply chain: hashes on install, known weaknesses, data that cannot run code, no secrets, no telemetry."""

import ast
import contextlib
import hashlib
import io
import json
import os
import pickle
import re
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from conftest import ROOT

from course_utils.datasets import recordings
from course_utils.publish import audit, newest, packages, testing, trial
from course_utils.publish.environment import CourseError

MODULES = sorted((ROOT / "course_utils").rglob("*.py"))
SOURCES = [*MODULES, *sorted((ROOT / "notebooks" / "src").glob("*.py"))]

# ---------------------------------------------------------------- hashes are verified on install


def wheel(folder):
    """A tiny package as a wheel; returns its SHA-256."""
    info = "course_tiny-1.0.dist-info"
    files = {
        "course_tiny.py": "here = True\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: course-tiny\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    path = folder / "course_tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """An empty environment with the pip that the set-up would use."""
    place = tmp_path_factory.mktemp("fresh") / "environment"
    return trial.made(str(place))


@pytest.mark.parametrize("change, words", [("", None), ("0", "is not the one that the lock names"), (None, "hash")])
def test_a_package_with_another_hash_is_refused(fresh, tmp_path, monkeypatch, change, words):
    good = wheel(tmp_path)
    line = "course-tiny==1.0"
    if change is not None:  # change the first digit of the hash, or leave the hash out altogether
        line += f" \\\n    --hash=sha256:{good if not change else ('1' if good[0] == '0' else '0') + good[1:]}"
    (tmp_path / "requirements.lock").write_text(line + "\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    where = subprocess.check_output([fresh, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True)
    with open(tmp_path / "lock", "w") as lock:
        arguments = fresh, where.strip(), False, str(tmp_path), packages.Progress(io.StringIO()), lock.fileno()
        if words is None:
            packages.install(*arguments)
        else:
            with pytest.raises(CourseError, match=words) as caught:
                packages.install(*arguments)
            assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
    assert trial.holds(fresh, "course_tiny") == (words is None)
    if words is None:
        trial.pip(fresh, "uninstall", "-y", "course-tiny")


# ---------------------------------------------------------------- known weaknesses

ANSWER = [
    {"name": "good", "version": "1", "vulns": []},
    {"name": "weak", "version": "2", "vulns": [{"id": "CVE-1", "aliases": ["GHSA-1"], "fix_versions": ["3"]}]},
    {"name": "new", "skip_reason": "not found"},
]


def test_a_weakness_is_named_unless_it_is_excepted(monkeypatch):
    weak, excepted, audited = audit.judged(ANSWER)
    assert weak == ["weak 2: CVE-1, mended in 3", "new: it could not be audited (not found)"]
    assert (excepted, audited) == (set(), 2)
    monkeypatch.setitem(audit.EXCEPTIONS, "GHSA-1", "no lesson calls it")
    weak, excepted, _ = audit.judged(ANSWER)
    assert len(weak) == 1 and excepted == {"GHSA-1"}
    assert all(len(reason) > 20 for name, reason in audit.EXCEPTIONS.items() if name != "GHSA-1")


@pytest.mark.parametrize("answer", ["", "no JSON", json.dumps({"dependencies": [ANSWER[2]]})])
def test_without_a_network_nothing_passes_for_audited(monkeypatch, answer):
    """A mirror that knows no advisories answers "not found" for each package: that is no clean bill."""
    done = subprocess.CompletedProcess([], 1, stdout=answer, stderr="Traceback ...")
    monkeypatch.setattr(audit.subprocess, "run", lambda *given, **options: done)
    with pytest.raises(CourseError, match=r"nothing was audited: connect to the network") as caught:
        audit.advisories(sys.executable, "requirements.lock")
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_an_exception_that_nothing_needs_is_reported(monkeypatch, capsys):
    monkeypatch.setattr(audit, "advisories", lambda python, lock: ANSWER[:2])
    monkeypatch.setattr(audit.trial, "holds", lambda *given: True)
    monkeypatch.setattr(audit.trial, "tracked", lambda: [])
    monkeypatch.setattr(audit.trial, "layer", lambda place: sys.executable)
    monkeypatch.setitem(audit.EXCEPTIONS, "CVE-1", "no lesson calls it")
    assert audit.main(None) == 0
    assert "excepted CVE-1: no lesson calls it" in capsys.readouterr().out
    monkeypatch.setitem(audit.EXCEPTIONS, "CVE-9", "long mended")
    assert audit.main(None) == 1
    assert "CVE-9 is excepted, but no package has it any more" in capsys.readouterr().out


# ---------------------------------------------------------------- loading runs no code


class Trap:
    """What a pickle would run."""

    def __reduce__(self):
        return os.mkdir, (os.environ["COURSE_TRAP"],)


def archive_with_a_pickle(file):
    """An .npz whose first array is a pickle that makes a folder when it is loaded."""
    head = b"\x93NUMPY\x01\x00"
    described = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    described += b" " * (63 - (10 + len(described)) % 64) + b"\n"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("steps", "x_train", "conv_1/kernel"):
            data = head + len(described).to_bytes(2, "little") + described + pickle.dumps(np.array([Trap()], object))
            archive.writestr(f"{name}.npy", data)


def test_the_trap_works_where_pickles_are_allowed(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_TRAP", str(tmp_path / "sprung"))
    archive_with_a_pickle(tmp_path / "a.npz")
    with contextlib.suppress(Exception):  # whatever comes after the trap does not matter
        np.load(tmp_path / "a.npz", allow_pickle=True)["steps"]
    assert (tmp_path / "sprung").is_dir()


@pytest.mark.parametrize("what", ["recording", "weights", "mnist"])
def test_a_pickle_among_the_data_is_refused_and_not_run(tmp_path, monkeypatch, what):
    from course_utils.datasets import mnist
    from course_utils.keras_tools import models

    monkeypatch.setenv("COURSE_TRAP", str(tmp_path / "sprung"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (tmp_path / "weights").mkdir()
    place = {"recording": tmp_path / "recordings" / "run.npz", "weights": models._file("digit_cnn"),
             "mnist": tmp_path / "mnist.npz"}[what]
    recordings.write(place, {"steps": [1, 2]}, seed=0, command="python make.py")
    archive_with_a_pickle(place)
    with pytest.raises(ValueError) as caught:
        mnist(place) if what == "mnist" else recordings.read(place)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
    assert not (tmp_path / "sprung").exists()


def calls(path):
    """(line, dotted name, keywords) of every call in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords}


RUNS_CODE = re.compile(r"(?:^|\.)(?:pickle|cPickle|dill|joblib|cloudpickle|marshal|shelve)\.|torch\.load$|load_model$|"
                       r"yaml\.(?:load|unsafe_load|full_load)$|read_pickle$|enable_unsafe_deserialization$")
# A formula that the reader types, checked part by part before it runs; the course's own questions; the code that the
# playground has just shown to the reader.
MAY_RUN = {"descent_functions.py": "eval", "questions.py": "exec", "02_mlp.py": "exec"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_is_loaded_that_could_run_code(path):
    for line, name, keywords in calls(path):
        if name in ("eval", "exec"):
            assert MAY_RUN.get(path.name) == name, f"line {line}: {name}"
        assert not RUNS_CODE.search(name), f"line {line}: {name}"
        if name in ("np.load", "numpy.load"):
            assert keywords.get("allow_pickle") == "False", f"line {line}: np.load needs allow_pickle=False"
        if name.endswith("write_array"):
            assert keywords.get("allow_pickle") == "False", f"line {line}"


@pytest.mark.parametrize("text", [
    "__import__('os').getcwd()", "().__class__.__mro__", "(lambda: 1)()", "[x for x in (1,)]", "open('x')", "a.real",
    "eval('1')", "sin.__call__(a)", "f'{a}'", "(b := 1)",
])  # fmt: skip
def test_a_formula_of_the_reader_is_arithmetic_and_nothing_else(text):
    from course_utils.visuals.descent_functions import own_function

    with pytest.raises(ValueError):
        own_function(text)


def test_data_holds_plain_files_only():
    endings = {path.suffix for path in (ROOT / "data").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert endings <= {".npz", ".json", ".py", ".yaml", ".md", ".png", ".txt"}, endings


# ---------------------------------------------------------------- no secrets, no telemetry

PLANTED = {
    "a GitHub token": "token: ghp_" + "a1B2" * 9,
    "an AWS key": "AKIA" + "ABCD1234" * 2,
    "a password": 'password = "' + "hunter2hunter2" + '"',
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a password in an address": "https://me:" + "word@example.org",
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_secret_is_found_and_not_repeated(tmp_path, what):
    file = tmp_path / "notes.txt"
    file.write_text("one\ntwo " + PLANTED[what])
    [found] = [line for line in audit.secrets([file], tmp_path) if what + ";" in line]
    assert found.startswith("notes.txt, line 2: it looks like") and PLANTED[what].split()[-1] not in found


def test_no_file_of_the_course_holds_a_secret():
    paths = trial.tracked()
    assert len(paths) > 100 and audit.secrets(paths) == []


# Only mnist(download=True) speaks to another machine. The trial of an image asks the server that it has started itself,
# and `earlier` the one that has started it, both on this machine. `lab` binds a port to see whether it is free.
MAY_CONNECT = {"mnist_file.py", "launch.py", "earlier.py", "lab.py"}
TALKS = ("urllib.request", "http", "requests", "httpx", "aiohttp", "socket", "ftplib", "smtplib", "websocket",
         "xmlrpc", "telnetlib", "webbrowser")  # fmt: skip


def test_only_four_files_can_speak_to_a_network():
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name == word or name.startswith(word + ".") for name in names for word in TALKS):
                found.add(path.name)
    assert found == MAY_CONNECT


def test_no_script_in_a_figure_speaks_to_a_network():
    scripts = sorted((ROOT / "course_utils").rglob("*.js"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*scripts, *MODULES])
    assert scripts
    for word in (r"\bfetch\(", "XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource", r"\bimport\(",
                 "cdn\\.", "unpkg", "jsdelivr", "googletagmanager", "navigator\\.geolocation"):  # fmt: skip
        assert not re.search(word, text), word


LISTENED = """
import sys
asked = []
def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        asked.append((event, str(arguments[1:] if event == "socket.connect" else arguments)))
sys.addaudithook(hook)
import course_utils as course
course.start(keras=True)
from course_utils.datasets import digits
from course_utils.keras_tools import models
import keras
model = models.digit_cnn()
(x, y), _ = digits()
model.compile(optimizer="sgd", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(models.as_input(x[:64]), y[:64], verbose=0)
from course_utils.exam import practice
from course_utils.visuals.training import LivePlot
print("asked", asked)
import socket
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError:
    pass
print("heard", len(asked))
"""


@pytest.mark.keras
def test_a_lesson_asks_nothing_of_the_outside():
    done = subprocess.run([sys.executable, "-c", LISTENED], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow"})
    assert "asked []" in done.stdout, done.stdout + done.stderr[-2000:]
    assert re.search(r"heard [1-9]", done.stdout)  # the ear works


# ---------------------------------------------------------------- newest releases


@pytest.mark.parametrize("line, lifted", [
    ("keras>=3.15,<4", "keras>=3.15"),
    ("jupyterlab>=4.5", "jupyterlab>=4.5"),
    ("tensorflow-cpu==2.21.*; sys_platform == 'win32'", "tensorflow-cpu>=2.21 ; sys_platform == 'win32'"),
    ("tensorflow[and-cuda]~=2.21", "tensorflow[and-cuda]>=2.21"),
    ("numpy >=2.4, <3, !=2.5", "numpy>=2.4"),
    ("jupytext", "jupytext"),
])  # fmt: skip
def test_upper_bounds_are_lifted(line, lifted):
    from packaging.requirements import Requirement

    assert newest.lifted(line) == lifted and Requirement(lifted)


def test_every_requirement_of_the_course_can_be_lifted():
    from packaging.requirements import Requirement

    table = trial.project()
    lines = table["dependencies"] + table["optional-dependencies"]["cpu"]
    for line in lines:
        new = Requirement(newest.lifted(line))
        assert new.name == Requirement(line).name and {bound.operator for bound in new.specifier} == {">="}


def test_what_would_break_is_named(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import warnings\ndef test_good():\n    pass\ndef test_bad():\n    assert 1 == 2, 'because'\n")
    report = tmp_path / "report.xml"
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
                    f"--junitxml={report}", str(tmp_path)], cwd=tmp_path, capture_output=True)
    passed, [(name, reason)] = newest.outcome(report)
    assert passed == 1 and name == "test_it::test_bad" and "because" in reason
    assert newest.outcome(tmp_path / "nothing.xml") == (0, [])


def test_the_option_hands_over(monkeypatch):
    import argparse

    parser = argparse.ArgumentParser()
    testing.add_arguments(parser)
    monkeypatch.setattr(testing.newest, "main", lambda: 7)
    assert testing.main(parser.parse_args(["--newest"])) == 7


def test_newer_versions_are_named(monkeypatch):
    monkeypatch.setattr(newest.environment, "applying", lambda root: {"pytest": "1.0", "numpy": "999", "absent": "1"})
    assert newest.newer(sys.executable) == [f"pytest 1.0 -> {pytest.__version__}"]
