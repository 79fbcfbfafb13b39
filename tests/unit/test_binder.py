"""environment.yml and binder/ are what the root files say."""

import json
import os
import stat
import subprocess
import tomllib
from pathlib import Path

import yaml

from course_utils.publish import binder, environment, lab

ROOT = Path(environment.ROOT)


def test_regenerating_changes_nothing(tmp_path):
    binder.write(str(tmp_path))
    for name in binder.files():
        assert (ROOT / name).read_bytes() == (tmp_path / name).read_bytes(), "python -m course_utils.publish.binder"
    generated = {Path(name).name for name in binder.files() if name.startswith("binder/")}
    assert {path.name for path in (ROOT / "binder").iterdir()} == generated


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
