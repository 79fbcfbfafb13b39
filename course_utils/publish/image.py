"""What repo2docker does with binder/, done in an empty environment on this machine: no container is needed.

The order is that of the Dockerfile which `jupyter-repo2docker --no-build --debug .` prints (version 2026.4): a base
environment with the server, the copy of the repository, the environment file, postBuild, the start command. Where there
is no conda, a venv and its pip take the place of conda for the first and the third step. Standard library only.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from course_utils.publish import binder, trial
from course_utils.publish.environment import ROOT, CourseError, version_in

BASE = ["jupyterhub==5.*", "notebook==7.*", "jupyter-resource-usage==1.*"]  # what an image brings before our files come

SMALL_SECONDS, SMALL_MB = 120, 1074  # a lesson on the smallest machine a Binder gives: "1G" is 1,024³ bytes there


def main(arguments):
    """Run the steps, print seconds and size of each, then launch without network; returns 1 when something failed."""
    stem = binder.lesson_file(arguments.lesson)[:-6]
    conda = None if arguments.python else shutil.which("mamba") or shutil.which("conda")
    python = arguments.python or trial.find_python(binder.PYTHON)
    if arguments.python and version_in(arguments.python) is None:
        raise CourseError(f"--python is {arguments.python!r}, which is no Python that runs: give the path of one.")
    with trial.empty_environment(python) as (inside, folder):
        prefix, copy = os.path.dirname(os.path.dirname(inside)), os.path.join(folder, "home")
        tool = "conda" if conda else f"venv and pip (no conda here), Python {version_in(inside)}"
        if not conda and version_in(inside) != binder.PYTHON:
            tool += f" instead of {binder.PYTHON}, which is not on PATH (give it with --python)"
        print(f"With {tool}.", flush=True)
        if conda:
            shutil.rmtree(prefix)
        steps = (
            ("base environment", lambda: base(conda, prefix, inside)),
            ("copy of the repository", lambda: copy_tracked(copy)),
            ("binder/environment.yml", lambda: fill(conda, prefix, inside, os.path.join(copy, "binder"))),
            ("binder/postBuild", lambda: post_build(copy, inside)),
        )
        for name, step in steps:
            begun = time.monotonic()
            step()
            size = trial.installed_bytes(prefix) / 1e6
            print(f"{name}: {time.monotonic() - begun:.0f} s, environment {size:,.0f} MB", flush=True)
        print(f"repository: {trial.installed_bytes(copy) / 1e6:.0f} MB")
        return launch(inside, copy, stem)


def base(conda, prefix, python):
    """Step 1: an environment with the servers that repo2docker puts into every image."""
    if conda:
        run([conda, "create", "-y", "-q", "-p", prefix, "-c", "conda-forge", f"python={binder.PYTHON}", "pip"], prefix)
    trial.pip(python, "install", *BASE)


def copy_tracked(copy, root=ROOT):
    """Step 2: the files that a clone would hold."""
    for path in trial.tracked(root):
        target = os.path.join(copy, os.path.relpath(path, root))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(path, target)


def fill(conda, prefix, python, folder):
    """Step 3: the environment file, from whose folder `-r` counts; the lock in it carries the hashes."""
    if conda:
        run([conda, "env", "update", "-q", "-p", prefix, "--file", os.path.join(folder, "environment.yml")], prefix)
        return
    with open(os.path.join(folder, "environment.yml"), encoding="utf-8") as file:
        lines = [line.strip()[2:] for line in file if line.strip().startswith("- -r ")]
    for line in lines:
        trial.pip(python, "install", *line.split(), cwd=folder)


def post_build(copy, python):
    """Step 4: postBuild, as the image's user, in the repository."""
    path = os.path.join(copy, "binder", "postBuild")
    os.chmod(path, 0o755)
    run([path], os.path.dirname(os.path.dirname(python)), cwd=copy, env=trial.variables(python, HOME=copy))


def run(command, name, **options):
    """Run a program in silence; raises CourseError with its last line."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", **options)
    if done.returncode:
        said = done.stdout.strip().splitlines() or ["nothing"]
        raise CourseError(f"{os.path.basename(command[0])} failed in {name}: it said {said[-1]!r}.")


def launched(python, folder, stem, home, one_core=False):
    """Start a server in a folder and run a lesson beside it; returns (what launch.py found, whether without network).

    one_core: all of it on a single processor core (Linux). Raises CourseError where the program itself fails.
    """
    alone = trial.cut_off()
    closed = {} if alone else dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    if one_core:
        taskset = shutil.which("taskset")
        if taskset is None:
            raise CourseError("This machine has no taskset, which keeps the lesson on one core: try it on Linux.")
        alone = [*alone, taskset, "--cpu-list", str(min(os.sched_getaffinity(0)))]
    command = [*alone, python, "-m", "course_utils.publish.launch", stem]
    done = subprocess.run(command, cwd=folder, env=trial.variables(python, HOME=home, **closed), text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, errors="replace")
    try:
        return json.loads(done.stdout.splitlines()[-1]), not closed
    except (IndexError, ValueError):
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        raise CourseError(f"The launch failed: its program said {said[-1]!r}.") from None


def launch(python, copy, stem):
    """Step 5: the image's start command, without any network where the machine can do that; returns the exit status."""
    found, alone = launched(python, copy, stem, copy)
    how = "without network" if alone else "with requests sent to a closed port (the network cannot be cut off here)"
    print(f"launch {how}: server ready after {found['ready']:.1f} s, {stem} opened: {found['opened']}")
    print(f"{stem} run there: {found['seconds']:.1f} s, peak {found['memory']:.0f} MB, server "
          f"{found['server']:.0f} MB, claims {found['claims']}" + (f", {found['error']}" if found["error"] else ""))
    good = found["opened"] and not found["error"]
    print("The image needs no network once it is built." if good and alone else "passed" if good else "failed")
    return 0 if good else 1


def small(lessons):
    """Run each lesson with its server on one core, without network; returns 1 where one breaks a limit or fails."""
    fine = True
    for stem in lessons:
        with tempfile.TemporaryDirectory() as home:
            found, alone = launched(sys.executable, ROOT, stem, home, one_core=True)
        memory = found["memory"] + found["server"]
        good = found["opened"] and not found["error"] and found["seconds"] <= SMALL_SECONDS and memory <= SMALL_MB
        fine = fine and good
        print(f"{stem:16}{found['seconds']:6.1f} s (limit {SMALL_SECONDS}), server and kernel {memory:4.0f} MB "
              f"(limit {SMALL_MB}), claims {found['claims']}, {'without' if alone else 'WITH'} network"
              + ("" if good else ", OVER") + (f": {found['error']}" if found["error"] else ""), flush=True)
    return 0 if fine else 1
