"""A student's seat in a class: what JupyterHub starts for each student, on one server and in a Kubernetes pod alike.

It puts the lessons into the student's folder (what the student has already changed stays), limits memory so that a cell
that asks for too much gets a MemoryError instead of taking the server from everybody, and becomes the student's own
JupyterLab. Standard library only.
"""

import contextlib
import glob
import importlib.util
import os
import shutil
import sys
import sysconfig

from course_utils.publish.environment import ROOT
from course_utils.publish.lab import SETTINGS


def own_folder():
    """Return where the student's lessons lie: in the home, or where COURSE_SEAT says (a disk in Kubernetes)."""
    return os.environ.get("COURSE_SEAT") or os.path.join(os.path.expanduser("~"), "lessons")


def fill(folder, root=ROOT):
    """Copy the learners' editions that are not there yet."""
    os.makedirs(folder, exist_ok=True)
    for path in sorted(glob.glob(os.path.join(glob.escape(root), "notebooks", "*.ipynb"))):
        target = os.path.join(folder, os.path.basename(path))
        if not os.path.exists(target):
            shutil.copyfile(path, target + ".new")
            os.replace(target + ".new", target)


def limit_memory(amount):
    """Let this process and each one it starts take so many bytes at most; a cgroup may count them together."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has none; a lower one may hold already
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (amount, amount))


def prefix_of_lab():
    """Return the environment that holds JupyterLab: the running one, or the one below it (see trial.layer)."""
    packages = os.path.dirname(os.path.dirname(importlib.util.find_spec("jupyterlab").origin))
    inside = os.path.relpath(sysconfig.get_path("purelib"), sys.prefix)
    return packages[: -len(inside)].rstrip(os.sep) if packages.endswith(inside) else sys.prefix


def command(folder, argv):
    """Return the command line of the student's server."""
    line = ["jupyterhub-singleuser", f"--ServerApp.root_dir={folder}"]
    if hasattr(os, "getuid") and os.getuid() == 0:  # a hub tried in a container; JupyterLab refuses it otherwise
        line.append("--allow-root")
    return line + argv


def main(argv):
    """Become the student's server; never returns."""
    folder = own_folder()
    fill(folder)
    if os.environ.get("MEM_LIMIT", "").isdigit():  # JupyterHub writes the spawner's limit there, in bytes
        limit_memory(int(os.environ["MEM_LIMIT"]))
    below = prefix_of_lab()
    settings = [SETTINGS, os.path.join(below, "etc", "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, settings))
    os.environ["JUPYTER_PATH"] = os.path.join(below, "share", "jupyter")
    os.environ["JUPYTERLAB_DIR"] = os.path.join(below, "share", "jupyter", "lab")
    os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    line = command(folder, argv)
    os.execvp(line[0], line)


if __name__ == "__main__":
    main(sys.argv[1:])
