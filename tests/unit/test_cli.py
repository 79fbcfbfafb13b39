"""The commands as a reader types them: what they print and the status they end with."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils import cli
from course_utils.publish import doctor, environment, lab
from course_utils.publish.environment import CourseError

ROOT = Path(environment.ROOT)


def command(*words, cwd=ROOT, **variables):
    """Run `python -m course_utils ...` and return the finished process."""
    surroundings = {**os.environ, "COURSE_ENVIRONMENT": "here", **variables}
    line = [sys.executable, "-m", "course_utils", *words]
    return subprocess.run(line, cwd=cwd, env=surroundings, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_help_names_every_command_that_exists_and_no_other():
    said = command("--help")
    assert said.returncode == 0 and "COURSE_ENVIRONMENT=here" in said.stdout
    for name, (module, purpose, _) in cli.COMMANDS.items():
        exists = (ROOT / (module.replace(".", "/") + ".py")).exists()
        assert (f"  {name:8} {purpose}" in said.stdout) == exists


def test_an_unknown_command_is_one_sentence():
    said = command("lob")
    assert said.returncode == 2 and said.stdout == ""
    assert said.stderr.startswith("There is no command 'lob': choose one of lab") and said.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["lab", "kernels", "doctor"])
def test_each_command_has_help(name):
    said = command(name, "--help")
    assert said.returncode == 0 and f"python -m course_utils {name}" in said.stdout


def test_an_old_python_is_one_sentence_and_status_2(monkeypatch, capsys):
    monkeypatch.setattr(environment.sys, "version_info", (3, 10, 13, "final", 0))
    assert cli.main(["lab"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("This is Python 3.10.13") and said.err.count("\n") == 1


def test_ctrl_c_is_one_sentence_and_status_130(monkeypatch, capsys):
    def interrupted(argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run", interrupted)
    assert cli.main(["lab"]) == 130
    assert "Stopped" in capsys.readouterr().err


def test_a_port_in_use_is_said_before_the_set_up(tmp_path):
    """A fresh checkout without an environment: the port comes first, and nothing is made."""
    shutil.copytree(ROOT / "course_utils", tmp_path / "course_utils", ignore=shutil.ignore_patterns("__pycache__"))
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        said = command("lab", "--port", str(port), cwd=tmp_path, COURSE_ENVIRONMENT="", PYTHONDONTWRITEBYTECODE="1")
    assert said.returncode == 2 and said.stdout == ""
    assert said.stderr == f"Port {port} is in use: choose another, such as --port {port + 1}.\n"
    assert os.listdir(tmp_path) == ["course_utils"]


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_ports_that_do_not_exist(port):
    with pytest.raises(CourseError, match="1 to 65535"):
        lab.check_port(port)


def test_a_free_port_passes():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    lab.check_port(port)


def options(**changed):
    from argparse import Namespace

    return Namespace(**{"no_browser": False, "port": None, "gpu": False, **changed})


def test_the_lab_opens_the_lessons():
    line = lab.lab_arguments(options(), root="/a course")
    assert "--ServerApp.root_dir=" + os.path.join("/a course", "notebooks") in line
    assert "--no-browser" not in line and not any("port" in word for word in line)
    line = lab.lab_arguments(options(no_browser=True, port=8899))
    assert {"--no-browser", "--ServerApp.port=8899", "--ServerApp.port_retries=0"} <= set(line)


@pytest.mark.skipif(os.name != "posix", reason="users have numbers on POSIX only")
def test_only_root_gets_allow_root(monkeypatch):
    for user, expected in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "getuid", lambda user=user: user)
        assert ("--allow-root" in lab.lab_arguments(options())) == expected


def test_a_missing_package_is_one_sentence_here(tmp_path, monkeypatch):
    (tmp_path / "room_without.py").write_text("import no_such_package\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("COURSE_ENVIRONMENT", "here")
    with pytest.raises(CourseError, match="no package 'no_such_package'"):
        cli.load_here("room_without")
    monkeypatch.delenv("COURSE_ENVIRONMENT")
    with pytest.raises(ModuleNotFoundError):
        cli.load_here("room_without")


# ---------------------------------------------------------------- doctor


@pytest.fixture
def no_backends(monkeypatch):
    """Starting TensorFlow takes seconds, and the kernels' tests ask for GPUs."""
    monkeypatch.setattr(doctor.kernels, "installed_backends", list)


def test_the_doctor_counts_what_is_missing_and_says_how_to_mend_it(no_backends, monkeypatch, capsys):
    versions = dict.fromkeys(environment.applying(), "0.0.0")
    monkeypatch.setattr(environment, "installed_version", lambda name: None if name == "keras" else versions[name])
    monkeypatch.delenv("COURSE_ENVIRONMENT", raising=False)
    assert doctor.main(None) == 1
    lines = capsys.readouterr().out.splitlines()
    broken = [number for number, line in enumerate(lines) if line.startswith("missing")]
    assert any("keras" in lines[number] and "is missing" in lines[number] for number in broken)
    assert all(lines[number + 1].strip().startswith("-> ") for number in broken)
    assert lines[-1] == f"{len(broken)} needed thing(s) missing."


def test_the_doctor_is_content_with_the_right_versions(no_backends, monkeypatch):
    versions = environment.applying()
    monkeypatch.setattr(environment, "installed_version", versions.get)
    assert {finding.mark for finding in doctor.the_packages()} == {"ok"}


def test_a_little_disk_and_no_browser(monkeypatch):
    from types import SimpleNamespace

    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0.1e9))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    [disk], [browser] = doctor.the_disk(), doctor.the_browser()
    assert disk.mark == "missing" and "0.1 GB" in disk.what
    assert browser.mark == "note" and browser.mend


def test_memory_and_cores_are_those_of_this_process():
    assert 0 < doctor.memory_bytes() < 1e14
    assert 0 < doctor.cores() <= os.cpu_count()
