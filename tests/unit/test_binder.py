"""environment.yml and binder/ are what the root files say."""

import json
import os
import re
import stat
import subprocess
import tomllib
from argparse import Namespace
from pathlib import Path

import pytest
import yaml

from course_utils.publish import binder, environment, image, lab, trial
from course_utils.publish.environment import CourseError

ROOT = Path(environment.ROOT)


def test_regenerating_changes_nothing(tmp_path):
    binder.write(str(tmp_path))
    for name in binder.files():
        assert (ROOT / name).read_bytes() == (tmp_path / name).read_bytes(), "python -m course_utils.publish.binder"
    generated = {Path(name).name for name in binder.files() if name.startswith("binder/")}
    by_hand = {"hub", "CONDITIONS.md"}  # for a class, and what was measured; no image reads them
    assert {path.name for path in (ROOT / "binder").iterdir()} == generated | by_hand


def test_both_environments_install_the_lock_relative_to_themselves():
    for name in ("environment.yml", "binder/environment.yml"):
        python, pip, packages = yaml.safe_load((ROOT / name).read_text())["dependencies"]
        assert pip == "pip" and list(packages) == ["pip"]
        [requirement] = packages["pip"]
        option, _, path = requirement.partition(" ")
        assert option == "-r" and (ROOT / name).parent.joinpath(path).resolve() == ROOT / "requirements.lock"
        assert python == f"python={binder.PYTHON}"


def test_python_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    supported = environment.SUPPORTED
    assert project["requires-python"] == f">=3.{supported[0][1]},<3.{supported[-1][1] + 1}"
    assert tuple(map(int, binder.PYTHON.split("."))) in supported


def test_the_lock_holds_every_dependency_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    from packaging.requirements import Requirement

    for gpu in (False, True):
        extra = project["optional-dependencies"]["gpu" if gpu else "cpu"]
        wanted = [Requirement(line) for line in project["dependencies"] + extra]
        versions = {}
        for name, version, _ in environment.locked(gpu):
            versions.setdefault(name, []).append(version)
        for requirement in wanted:
            found = versions.get(requirement.name, [])
            if requirement.marker is None or found:
                assert found and all(requirement.specifier.contains(version) for version in found), requirement


def test_post_build_stops_at_the_first_error():
    path = ROOT / "binder" / "postBuild"
    lines = path.read_text().splitlines()
    assert lines[0] == "#!/bin/bash"
    assert next(line for line in lines[1:] if not line.startswith("#")) == "set -e"
    assert path.stat().st_mode & stat.S_IXUSR
    subprocess.run(["bash", "-n", str(path)], check=True)


def test_the_server_asks_nothing_of_the_outside():
    settings = json.loads(Path(lab.SETTINGS, "jupyter_lab_config.json").read_text())["LabApp"]
    assert settings["news_url"] is None and settings["extension_manager"] == "readonly"
    assert settings["check_for_updates_class"] == "jupyterlab.NeverCheckForUpdate"
    page = json.loads(Path(lab.SETTINGS, "labconfig", "page_config.json").read_text())
    assert page["disabledExtensions"]["@jupyterlab/apputils-extension:announcements"] is True
    copied = f"cp -r {Path(lab.SETTINGS).relative_to(ROOT).as_posix()}/. "
    assert copied in (ROOT / "binder" / "postBuild").read_text()


def test_ci_runs_exactly_the_second_command():
    path = ROOT / ".ci" / "run"
    lines = path.read_text().splitlines()
    assert lines[0] == "#!/bin/bash" and "set -euo pipefail" in lines
    assert lines[-1] == "exec python -m course_utils test </dev/null"
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.parametrize("repo, more, expected", [
    ("https://github.com/me/course", {}, "https://mybinder.org/v2/gh/me/course/HEAD"),
    ("https://github.com/me/course.git/", {"ref": "v1.0"}, "https://mybinder.org/v2/gh/me/course/v1.0"),
    ("git@github.com:me/course.git", {"ref": "a/b"}, "https://mybinder.org/v2/gh/me/course/a%2Fb"),
    ("https://gitlab.com/group/part/course", {}, "https://mybinder.org/v2/gl/group%2Fpart%2Fcourse/HEAD"),
    ("https://git.example.org/me/course", {"binder": "https://binder.example.org/"},
     "https://binder.example.org/v2/git/https%3A%2F%2Fgit.example.org%2Fme%2Fcourse/HEAD"),
])  # fmt: skip
def test_the_link_opens_the_lesson(repo, more, expected):
    assert binder.link(repo, "04", **more) == expected + "?urlpath=lab%2Ftree%2Fnotebooks%2F04_cnn.ipynb"
    assert binder.link(repo, "cnn", **more) == binder.link(repo, "04_cnn", **more) == binder.link(repo, "04", **more)


@pytest.mark.parametrize("given, words", [
    ({"repo": "me/course"}, "--repo is 'me/course'"),
    ({"repo": "ftp://example.org/x"}, "--repo is"),
    ({"repo": "https://github.com/me"}, "names no repository"),
    ({"repo": "https://github.com/me/course/tree/main"}, "goes on after the repository"),
    ({"repo": "https://me:word" + "@github.com/me/course"}, "--repo is"),
    ({"repo": "https://github.com/me/course", "lesson": "44"}, "--lesson is '44'"),
    ({"repo": "https://github.com/me/course", "ref": "a b"}, "--ref is 'a b'"),
    ({"repo": "https://github.com/me/course", "binder": "mybinder"}, "--binder is 'mybinder'"),
])  # fmt: skip
def test_a_link_that_cannot_be_is_one_sentence(given, words):
    with pytest.raises(CourseError) as caught:
        binder.link(**given)
    assert words in str(caught.value) and str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_the_image_is_tried_in_the_order_of_repo2docker(monkeypatch, capsys):
    """Base environment, copy, environment file, postBuild, launch: with every step replaced by a note of itself."""
    done = []
    monkeypatch.setattr(image.shutil, "which", lambda name: None)
    monkeypatch.setattr(image.trial, "find_python", lambda version: None)
    monkeypatch.setattr(image.trial, "pip", lambda python, *words, cwd=None: done.append((words[0], *words[1:3])))
    monkeypatch.setattr(image, "copy_tracked", lambda copy: (done.append("copy"), os.makedirs(copy + "/binder"), Path(
        copy, "binder", "environment.yml").write_text((ROOT / "binder" / "environment.yml").read_text())))
    monkeypatch.setattr(image, "run", lambda command, name, **options: done.append(os.path.basename(command[0])))
    monkeypatch.setattr(image.os, "chmod", lambda path, mode: None)
    monkeypatch.setattr(image, "launch", lambda python, copy, stem: done.append(stem) or 0)
    assert image.main(Namespace(lesson="01", python=None)) == 0
    assert done == [("install", *image.BASE[:2]), "copy", ("install", "-r", "../requirements.lock"), "postBuild",
                    "01_neuron"]
    said = capsys.readouterr().out
    assert "no conda here" in said and re.search(r"binder/postBuild: \d+ s, environment [\d,]+ MB", said)


def test_a_launch_that_fails_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(image.trial, "cut_off", lambda: [])
    with pytest.raises(CourseError, match="The launch failed: its program said") as caught:
        image.launch(os.sys.executable, str(tmp_path), "99_none")
    assert "\n" not in str(caught.value)
    with pytest.raises(CourseError, match="--python is"):
        image.main(Namespace(lesson="01", python="/no/python"))


@pytest.mark.parametrize(("change", "words"), [
    ({}, ""), ({"seconds": 121.0}, "OVER"), ({"server": 225.0}, "OVER"), ({"error": "cell a: no"}, "OVER: cell a: no"),
])
def test_a_small_machine_has_limits(monkeypatch, capsys, change, words):
    found = {"ready": 3.0, "opened": True, "seconds": 90.0, "memory": 850.0, "server": 120.0, "error": None,
             "claims": "9/9"} | change
    monkeypatch.setattr(image, "launched", lambda *place, one_core: (found, True))
    assert image.small(["04_cnn"]) == bool(words)
    assert capsys.readouterr().out.rstrip().endswith(words or "claims 9/9, without network")


@pytest.mark.skipif(not trial.cut_off(), reason="this system does not let an ordinary user cut a program off")
def test_a_launch_really_has_no_network():
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"
    done = subprocess.run([*trial.cut_off(), os.sys.executable, "-c", code], capture_output=True, text=True)
    assert "Network is unreachable" in done.stderr


def test_a_folder_is_measured_with_each_file_once(tmp_path):
    (tmp_path / "a").write_bytes(bytes(100_000))
    os.link(tmp_path / "a", tmp_path / "b")
    assert 100_000 <= trial.installed_bytes(tmp_path) < 150_000


def test_the_page_of_conditions_names_commands_and_files_that_exist():
    from course_utils import cli

    page = (ROOT / "binder" / "CONDITIONS.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"python -m course_utils (\w+)", page))
    files = re.findall(r"\b(?:tests|binder)/[\w/]+\.\w+", page)
    assert len(commands) > 3 and commands <= set(cli.COMMANDS)
    assert len(files) > 3 and all((ROOT / name).exists() for name in files)
