"""Throw-away environments in which the course is tried: made in a temporary folder, filled by pip, measured, removed.

Standard library only.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile

from course_utils.publish import environment, packages
from course_utils.publish.environment import ROOT, CourseError

# A namespace of its own without any network but the machine itself; an ordinary user may make one on most Linuxes.
ALONE = ["unshare", "--map-root-user", "--net"]


def find_python(version):
    """Return the path of an interpreter of that version, such as "3.12": on PATH, or the running one; else None."""
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == version:
        return sys.executable
    path = shutil.which(f"python{version}")
    return path if path and environment.version_in(path) == version else None


@contextlib.contextmanager
def empty_environment(python=None, over_this=False):
    """Make an environment with pip in a temporary folder; yields (its Python, the folder around it) and removes both.

    over_this=True lets it also see the packages of the running interpreter, which stay as they are.
    """
    with tempfile.TemporaryDirectory(prefix="course-trial-", ignore_cleanup_errors=True) as folder:
        place = os.path.join(folder, "environment")
        yield layer(place) if over_this else made(place, python), folder


def made(place, python=None):
    """Make an environment with pip and return its Python."""
    command = [python or sys.executable, "-I", "-m", "venv", place]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        raise CourseError(f"{command[0]} cannot make an environment: install its package python3-venv and start again.")
    return os.path.join(place, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def layer(place):
    """Make an environment over the running one: it sees all packages of that and adds its own; returns its Python."""
    python = os.path.join(place, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
    if environment.version_in(python) != environment.version_in(sys.executable):
        python = made(place)
        code = "import sysconfig; print(sysconfig.get_path('purelib'))"
        where = subprocess.check_output([python, "-I", "-c", code], text=True).strip()
        with open(os.path.join(where, "below.pth"), "w", encoding="utf-8") as file:
            file.write(sysconfig.get_path("purelib") + "\n")
    return python


def holds(python, package):
    """Return whether an interpreter can import a package."""
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
    return subprocess.call([python, "-I", "-c", code], stderr=subprocess.DEVNULL) == 0


def pip(python, *words, cwd=None):
    """Let the pip of an interpreter do what the words say, in silence. Raises CourseError in one sentence."""
    command = [*packages.pip_command(python), *words, "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(command, env=packages.pip_variables(python), cwd=cwd, stdin=subprocess.DEVNULL, text=True,
                          encoding="utf-8", errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise CourseError(packages.explain(done.stdout.splitlines(keepends=True)))
    return done.stdout


def constraints(folder, root=ROOT):
    """Write the versions of the lock without their hashes into a file, for packages beside them; returns its path."""
    path = os.path.join(folder, "constraints.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{name}=={version}\n" for name, version in environment.applying(root=root).items())
    return path


def extra(name, root=ROOT):
    """Return the requirements of an extra of pyproject.toml."""
    return project(root)["optional-dependencies"][name]


def project(root=ROOT):
    """Return the table [project] of pyproject.toml."""
    import tomllib

    with open(os.path.join(root, "pyproject.toml"), "rb") as file:
        return tomllib.load(file)["project"]


def variables(python, **more):
    """Return the environment variables for programs of an interpreter: its own first on PATH, nothing of ours else."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "COURSE_", "JUPYTER", "VIRTUAL_ENV", "KERAS"))}
    kept["PATH"] = os.pathsep.join([os.path.dirname(python), kept.get("PATH", os.defpath)])
    return {**kept, **more}


def cut_off():
    """Return the beginning of a command that runs without any network, or [] where this machine does not allow it."""
    works = shutil.which("unshare") and subprocess.run(
        [*ALONE, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    return list(ALONE) if works else []


def tracked(root=ROOT):
    """Return the path of every file that git keeps or would keep."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.check_output(command, cwd=root, stderr=subprocess.DEVNULL).decode("utf-8").split("\0")
    except (OSError, subprocess.CalledProcessError):
        raise CourseError("git cannot list the files of this folder: start in a clone of the course.") from None
    return [path for path in (os.path.join(root, name) for name in listed if name) if os.path.isfile(path)]


def installed_bytes(folder):
    """Return what a folder takes on the disk, each file counted once."""
    seen, total = set(), 0
    for place, _, names in os.walk(folder):
        for name in names:
            entry = os.lstat(os.path.join(place, name))
            if entry.st_ino not in seen or entry.st_nlink == 1:
                seen.add(entry.st_ino)
                total += getattr(entry, "st_blocks", 0) * 512 or entry.st_size
    return total


def pss(pid):
    """Return the memory of a process in bytes, what it shares divided among those that share it (Linux), or 0."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            found = re.search(r"^Pss:\s+(\d+) kB", file.read(), re.MULTILINE)
    except OSError:  # it has ended, or this is not Linux
        found = None
    return int(found[1]) * 1024 if found else 0
