"""The set-up: which machines it accepts, how it fails, how it goes on after an interruption. Nothing downloads."""

import ast
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections import namedtuple
from pathlib import Path

import pytest

from course_utils.publish import environment, installation, packages
from course_utils.publish.environment import CourseError

ROOT = Path(environment.ROOT)
Usage = namedtuple("Usage", "total used free")


def one_sentence(caught):
    """Assert that an error is one sentence, which ends with a full stop; returns it."""
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and ". " not in text
    return text


# ---------------------------------------------------------------- the machine


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_supported_pythons_pass(version):
    environment.check_python(version, "CPython", False)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_other_pythons_are_refused_with_their_version(version):
    with pytest.raises(CourseError) as caught:
        environment.check_python(version, "CPython", False)
    assert ".".join(map(str, version)) in str(caught.value)
    assert "3.11, 3.12 or 3.13" in str(caught.value) and "python3.12 -m course_utils lab" in str(caught.value)


def test_pypy_and_free_threaded_builds_are_refused():
    with pytest.raises(CourseError, match="PyPy 3.11.4"):
        environment.check_python((3, 11, 4), "PyPy", False)
    with pytest.raises(CourseError, match="free-threaded Python 3.13.1"):
        environment.check_python((3, 13, 1), "CPython", True)


@pytest.mark.parametrize(
    "machine",
    [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")],
)
def test_platforms_with_tensorflow_pass(machine):
    environment.check_platform(*machine, bits=64, musl=False)


@pytest.mark.parametrize(
    "system, machine, bits, musl, words",
    [
        ("darwin", "x86_64", 64, False, "Intel Mac"),
        ("linux", "i686", 32, False, "32-bit"),
        ("win32", "x86", 32, False, "32-bit"),
        ("win32", "ARM64", 64, False, "arm64"),
        ("linux", "x86_64", 64, True, "musl"),
        ("linux", "ppc64le", 64, False, "ppc64le"),
        ("freebsd14", "amd64", 64, False, "freebsd14"),
    ],
)
def test_platforms_without_tensorflow_are_refused(system, machine, bits, musl, words):
    with pytest.raises(CourseError, match=words) as caught:
        environment.check_platform(system, machine, bits, musl)
    one_sentence(caught)


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "cli.py", "publish/environment.py"])
def test_what_refuses_an_old_python_can_be_read_by_it(name):
    source = (ROOT / "course_utils" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    assert "match " not in source and ":=" not in source


# ---------------------------------------------------------------- the lock


@pytest.mark.parametrize("gpu", [False, True])
def test_every_line_of_the_lock_is_read(gpu):
    entries = environment.locked(gpu)
    text = Path(environment.lock_path(gpu)).read_text(encoding="utf-8")
    assert len(entries) == text.count("==") - sum(marker.count("==") for _, _, marker in entries)
    assert all(name and version and "\\" not in version + marker for name, version, marker in entries)
    assert text.count("--hash=sha256:") >= len(entries)


def test_markers_choose_one_version_of_each_package():
    names = [name for name, _, _ in environment.locked()]
    applying = environment.applying()
    assert set(applying) < set(names) and len(applying) > 100
    assert ("tensorflow" in applying) != ("tensorflow-cpu" in applying)


def small_checkout(tmp_path, lock="numpy==0.0.1\n", name="für alle"):
    """Return the path of a folder with locks of our own in it."""
    root = tmp_path / name
    root.mkdir()
    (root / "requirements.lock").write_text(lock)
    (root / "requirements-gpu.lock").write_text(lock + "# for GPUs\n")
    return str(root)


def test_a_python_satisfies_a_lock_only_with_the_right_versions(tmp_path):
    pytest_now = f"pytest=={pytest.__version__} \\\n    --hash=sha256:00\n"
    absent = "no-such-package==1.0 ; python_version < '3'\n"
    assert environment.satisfies(root=small_checkout(tmp_path, pytest_now + absent, "right"))
    assert not environment.satisfies(root=small_checkout(tmp_path, "pytest==0.1\n", "wrong version"))
    assert not environment.satisfies(root=small_checkout(tmp_path, "no-such-package==1.0\n", "missing"))


def test_here_forces_the_running_python_and_other_words_are_refused(monkeypatch, tmp_path):
    root = small_checkout(tmp_path)
    monkeypatch.setenv("COURSE_ENVIRONMENT", "here")
    assert environment.choose(root=root) is None
    monkeypatch.setenv("COURSE_ENVIRONMENT", "there")
    with pytest.raises(CourseError, match="'there'"):
        environment.choose(root=root)


def test_handing_over_for_ever_is_stopped(monkeypatch):
    monkeypatch.setenv("COURSE_RESTARTS", "3")
    with pytest.raises(CourseError, match="remove the folder .venv"):
        environment.variables_for(sys.executable)


# ---------------------------------------------------------------- the stamp


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose folder has a space and an umlaut, with a real .venv (without pip) and a finished stamp."""
    monkeypatch.delenv("COURSE_ENVIRONMENT", raising=False)
    root = small_checkout(tmp_path)
    venv.create(os.path.join(root, ".venv"), with_pip=False, symlinks=os.name == "posix")
    environment.write_stamp(False, True, root)
    return root


def test_a_finished_set_up_is_taken_at_once(checkout, monkeypatch):
    monkeypatch.setattr(installation, "set_up", lambda *given: pytest.fail("nothing was to be set up"))
    assert environment.is_complete(root=checkout)
    assert environment.choose(root=checkout) == environment.python_of(checkout)
    assert not environment.is_complete(gpu=True, root=checkout)


def test_a_gpu_environment_does_for_both(checkout):
    environment.write_stamp(True, True, checkout)
    assert environment.is_complete(root=checkout) and environment.is_complete(gpu=True, root=checkout)


def change_lock(root):
    Path(root, "requirements.lock").write_text("numpy==0.0.2\n")


def unfinish(root):
    environment.write_stamp(False, False, root)


def tear_stamp(root):
    path = Path(root, ".venv", environment.STAMP)
    path.write_text(path.read_text()[:20])


def drop_stamp(root):
    Path(root, ".venv", environment.STAMP).unlink()


def drop_python(root):
    os.remove(environment.python_of(root))


def other_python(root):
    path = Path(root, ".venv", environment.STAMP)
    path.write_text(json.dumps(dict(json.loads(path.read_text()), python="3.9")))


@pytest.mark.parametrize("spoil", [change_lock, unfinish, tear_stamp, drop_stamp, drop_python, other_python])
def test_an_interrupted_or_outdated_set_up_is_done_again(checkout, monkeypatch, spoil):
    asked = []
    monkeypatch.setattr(installation, "set_up", lambda gpu, root: asked.append((gpu, root)))
    spoil(checkout)
    assert not environment.is_complete(root=checkout)
    assert environment.choose(install=False, root=checkout) is None and asked == []
    assert environment.choose(root=checkout) == environment.python_of(checkout)
    assert asked == [(False, checkout)]


def test_a_moved_folder_is_set_up_again(checkout):
    moved = os.path.join(os.path.dirname(checkout), "moved")
    os.rename(checkout, moved)
    assert not environment.is_complete(root=moved) and not installation.usable(False, moved)


# ---------------------------------------------------------------- failures


def test_too_little_disk_is_said_before_anything_is_made(tmp_path, monkeypatch):
    root = small_checkout(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100e9, 97e9, 3.2e9))
    with pytest.raises(CourseError, match=r"Only 3.2 GB .* needs 4 GB: free some space and start again\.$"):
        installation.set_up(root=root)
    assert sorted(os.listdir(root)) == ["requirements-gpu.lock", "requirements.lock"]


def test_a_folder_that_cannot_be_written_to(tmp_path):
    with pytest.raises(CourseError, match="cannot be written to"):
        installation.check_writable(str(tmp_path / "is not there"))


def test_a_read_only_folder(tmp_path, monkeypatch):
    def refuse(path, *given, **options):  # a stand-in, because root, as which containers run, may write anywhere
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)

    monkeypatch.setattr(installation, "open", refuse, raising=False)
    with pytest.raises(CourseError, match="Read-only file system") as caught:
        installation.set_up(root=str(tmp_path))
    one_sentence(caught)
    assert os.listdir(tmp_path) == []


def test_a_python_without_ensurepip(tmp_path, monkeypatch):
    monkeypatch.setattr(installation.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"python3\.\d+-venv"):
        installation.make(small_checkout(tmp_path), packages.Progress())


def with_pip(monkeypatch, program):
    """Let `program`, Python source, stand for pip; environments are made without the real one."""
    monkeypatch.setattr(packages, "pip_command", lambda python: [sys.executable, "-c", program])

    def make(root, progress):
        installation.remove(environment.folder(root))
        venv.create(environment.folder(root), with_pip=False, symlinks=os.name == "posix")

    monkeypatch.setattr(installation, "make", make)


NO_NETWORK = """
import sys
if "install" in sys.argv:
    print("Collecting numpy==0.0.1")
    print("WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(...)'")
    sys.exit("ERROR: Could not find a version that satisfies the requirement numpy==0.0.1 (from versions: none)")
"""


def test_no_network_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    root = small_checkout(tmp_path)
    with_pip(monkeypatch, NO_NETWORK)
    with pytest.raises(CourseError, match="cannot be reached") as caught:
        installation.set_up(root=root)
    one_sentence(caught)
    assert sorted(os.listdir(root)) == ["requirements-gpu.lock", "requirements.lock"]


def test_an_environment_that_was_there_survives_a_failed_update(checkout, monkeypatch):
    with_pip(monkeypatch, NO_NETWORK)
    monkeypatch.setattr(installation, "usable", lambda gpu, root: True)
    change_lock(checkout)
    with pytest.raises(CourseError, match="cannot be reached"):
        installation.set_up(root=checkout)
    assert os.path.exists(environment.python_of(checkout)) and not environment.is_complete(root=checkout)


@pytest.mark.parametrize(
    "said, words",
    [
        (["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"], "full"),
        (["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"], "not the one"),
        (["x\n", "ERROR: No matching distribution found for numpy==0.0.1\n"], "No matching distribution"),
        ([], "no message"),
    ],
)
def test_every_failure_of_pip_is_one_sentence(said, words):
    assert words in packages.explain(said)
    assert "\n" not in packages.explain(said) and packages.explain(said).endswith(".")


def test_the_lock_of_the_set_up_lets_the_second_wait(tmp_path, capsys):
    root, order = str(tmp_path), []

    def second():
        with installation.only_one(root):
            order.append("second")

    with installation.only_one(root):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.8)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"] and "waiting" in capsys.readouterr().out
    assert os.listdir(root) == []


def test_a_lock_file_that_a_killed_set_up_left_does_not_block(tmp_path, capsys):
    (tmp_path / ".course-setup.lock").write_text("")
    with installation.only_one(str(tmp_path)):
        assert "waiting" not in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="Windows sends no SIGINT to a child")
def test_ctrl_c_stops_pip_and_leaves_an_unfinished_stamp(checkout, monkeypatch):
    with_pip(monkeypatch, "import sys, time; 'install' in sys.argv and time.sleep(60)")
    monkeypatch.setattr(installation, "usable", lambda gpu, root: True)
    change_lock(checkout)
    started = []
    popen = subprocess.Popen

    def remember(*given, **options):
        started.append(popen(*given, **options))
        return started[-1]

    def interrupted(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", remember)
    monkeypatch.setattr(packages, "stage", interrupted)
    with pytest.raises(KeyboardInterrupt):
        installation.set_up(root=checkout)
    assert started[-1].poll() is not None
    assert environment.read_stamp(checkout)["finished"] is False
    assert not os.path.exists(os.path.join(checkout, ".course-setup.lock"))


# ---------------------------------------------------------------- packages


def test_half_copied_packages_are_forgotten(tmp_path):
    for name, marker in [("whole-1.dist-info", "INSTALLER"), ("half-1.dist-info", "METADATA"), ("~umpy", "x.py")]:
        (tmp_path / name).mkdir()
        (tmp_path / name / marker).write_text("pip")
    installation.drop_unfinished(str(tmp_path))
    assert os.listdir(tmp_path) == ["whole-1.dist-info"]


def test_pip_keeps_the_way_to_its_index_and_nothing_else(tmp_path, monkeypatch):
    mirror, certificate = tmp_path / "mirror", tmp_path / "our own.pem"
    settings = tmp_path / "pip.conf"
    settings.write_text(
        f"[global]\nfind-links = {mirror}\ncert = {certificate}\nno-binary = :all:\n"
        "[install]\nuser = true\ntarget = elsewhere\nretries = 2\n"
    )
    for name in [name for name in os.environ if name.upper().startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_PREFIX", "somewhere")
    monkeypatch.setenv("PIP_RETRIES", "7")
    variables = packages.pip_variables(sys.executable)
    kept = {name: value for name, value in variables.items() if name.startswith("PIP_")}
    assert kept["PIP_FIND_LINKS"] == str(mirror) and kept["PIP_CERT"] == str(certificate)
    assert kept["PIP_RETRIES"] == "7" and kept["PIP_CONFIG_FILE"] == os.devnull
    assert not {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_NO_BINARY"} & set(kept)


def test_progress_counts_what_is_fetched_and_what_is_installed(tmp_path):
    said = ["Collecting absl-py==2.5.1 (from -r x (line 1))\n", "  Downloading absl_py-2.5.1-py3-none-any.whl\n"]
    assert packages.stage([], str(tmp_path), 160) == "asking the package index"
    assert packages.stage(said, str(tmp_path), 160) == "fetching 1 of 160: absl-py"
    said += ["Processing /a folder/ruff-0.17.6-py3-none-any.whl (from -r x (line 9))\n"]
    assert packages.stage(said, str(tmp_path), 160) == "fetching 2 of 160: ruff"
    said += ["Installing collected packages: absl-py, ruff, keras\n"]
    (tmp_path / "absl_py-2.5.1.dist-info").mkdir()
    assert packages.stage(said, str(tmp_path), 3) == "installing 0 of 3: absl-py"
    (tmp_path / "absl_py-2.5.1.dist-info" / "INSTALLER").write_text("pip")
    assert packages.stage(said, str(tmp_path), 3) == "installing 1 of 3: ruff"


@pytest.mark.parametrize("name", ["plain", "with space", "für alle", "日本語", "it's"])
def test_the_link_puts_the_checkout_on_the_path(tmp_path, name):
    root = tmp_path / name
    (root / "course_utils").mkdir(parents=True)
    (root / "course_utils" / "__init__.py").write_text("here = 1\n")
    venv.create(root / ".venv", with_pip=False, symlinks=os.name == "posix")
    python = environment.python_of(str(root))
    for _ in range(2):
        installation.link_checkout(installation.site_packages(python), str(root))
    program = "import course_utils; print(ascii(course_utils.__file__))"
    # a plain C locale, as a container or a cron job has it
    said = subprocess.check_output([python, "-c", program], cwd=tmp_path, env={"LC_ALL": "C"}, text=True)
    assert ast.literal_eval(said) == str(root / "course_utils" / "__init__.py")


def test_a_python_whose_packages_cannot_be_written_to(tmp_path):
    with pytest.raises(CourseError, match="cannot be written to"):
        installation.link_checkout(str(tmp_path / "is not there"), "/course")


def test_locks_hold_no_address():
    for gpu in (False, True):
        text = Path(environment.lock_path(gpu)).read_text(encoding="utf-8")
        assert "://" not in text
        assert set(re.findall(r"(?<!\S)--[a-z][a-z-]*", text)) == {"--hash"}, "no option may name a host"


def test_file_systems_without_locks_do_not_stop_the_set_up(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def refuse(descriptor, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with installation.only_one(str(tmp_path)):
        pass
