"""`python -m course_utils hub`: the lessons for a class, served by JupyterHub; links to them; a simulated class.

The engine is JupyterHub as it comes, with binder/hub/jupyterhub_config.py. It is installed beside the course, from the
extra `classroom`, into .jupyter/hub, so that the environment of the course stays what the lock says.
"""

import os
import runpy
import subprocess
import sys

from course_utils.publish import binder, trial
from course_utils.publish.environment import ROOT, CourseError

ADDRESS = "http://127.0.0.1:8000"
MEMORY = "1.5G"  # for each program of a student; a kernel takes 0.9 GB at most
IDLE = 3600  # seconds after which an unused seat is stopped
# Forty kernels with as many threads each as the machine has cores would only wait for each other.
THREADS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
CONFIG = os.path.join(ROOT, "binder", "hub", "jupyterhub_config.py")
CLASSROOM = os.path.join(ROOT, "tests", "benchmarks", "classroom.py")


def add_arguments(parser):
    """Add the options of `python -m course_utils hub`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    serve = actions.add_parser("serve", help="run a hub on this machine until Ctrl-C (password: COURSE_HUB_PASSWORD)")
    serve.add_argument("--lesson", default="01", help="the lesson that a student sees first (default 01)")
    serve.add_argument("--url", default=ADDRESS, help=f"where it listens (default {ADDRESS})")
    serve.add_argument("--memory", default=MEMORY, help=f"limit for each program of a student (default {MEMORY})")
    serve.add_argument("--students", type=int, default=40, help="seats at a time (default 40)")
    a_link = actions.add_parser("link", help="print the link that gives each student the lesson")
    a_link.add_argument("--at", required=True, metavar="URL", help="address of the hub")
    a_link.add_argument("--lesson", default="01", help="the lesson to open, as 04 (default 01)")
    simulate = actions.add_parser("simulate", help="walk students through a lesson on real kernels of this machine")
    simulate.add_argument("--lesson", action="append", help="the lesson, as 04 (default: 01 and then 04)")
    simulate.add_argument("--students", type=int, nargs="+", metavar="N", help="class sizes to try, rising")
    simulate.add_argument("--think", type=float, default=5.0, help="mean seconds between two cells (default 5)")
    simulate.add_argument("--json", metavar="FILE", help="also write the numbers to this file")


def main(arguments):
    """Do one action; returns the exit status."""
    if arguments.action == "link":
        print(link(arguments.at, arguments.lesson))
        return 0
    if arguments.action == "simulate":
        return runpy.run_path(CLASSROOM)["main"](arguments)
    return serve(arguments)


def link(at, lesson="01", root=ROOT):
    """Return the address at which each student, once signed in, finds the lesson on a server of their own."""
    return f"{binder.web_address('--at', at)}/hub/user-redirect/lab/tree/{binder.lesson_file(lesson, root)}"


def serve(arguments):
    """Run JupyterHub in the foreground; its database and the students' folders lie in .jupyter/hub."""
    if len(os.environ.get("COURSE_HUB_PASSWORD", "")) < 8:
        raise CourseError("COURSE_HUB_PASSWORD is not set or is shorter than 8 characters: set it, then start again.")
    if arguments.students < 1:
        raise CourseError(f"--students is {arguments.students}, and at least one seat is expected: give 1 or more.")
    binder.lesson_file(arguments.lesson)
    variables = {
        "COURSE_HUB_URL": binder.web_address("--url", arguments.url), "COURSE_HUB_LESSON": arguments.lesson,
        "COURSE_HUB_MEMORY": arguments.memory, "COURSE_HUB_STUDENTS": str(arguments.students),
    }  # fmt: skip
    folder = os.path.join(ROOT, ".jupyter", "hub")
    os.makedirs(folder, exist_ok=True)
    python = engine(folder)
    print(f"The hub begins at {arguments.url}; the students' link: {link(arguments.url, arguments.lesson)}", flush=True)
    return subprocess.call([python, "-m", "jupyterhub", "-f", CONFIG, "--log-level=WARN"], cwd=folder,
                           env=trial.variables(python, PYTHONPATH=ROOT, **variables, **secret()))


def secret():
    """The password for the class, from our own environment."""
    return {"COURSE_HUB_PASSWORD": os.environ["COURSE_HUB_PASSWORD"]}


def engine(folder):
    """Return a Python that holds JupyterHub and sees the course's packages; installs it in `folder` the first time."""
    if trial.holds(sys.executable, "jupyterhub"):
        return sys.executable
    place = os.path.join(folder, "environment")
    python = trial.layer(place)
    if not trial.holds(python, "jupyterhub"):
        print("JupyterHub is installed beside the course, which takes a minute.", flush=True)
        trial.pip(python, "install", "-c", trial.constraints(folder), *trial.extra("classroom"))
    return python
