"""The commands of `python -m course_utils`: check the machine, make the environment, then call the command's room.

This file and environment.py must parse on every Python a reader may have (3.6 and later), because they are what tells
them that theirs is too old. So no newer syntax and no annotations here, and the standard library only.
"""

import argparse
import errno
import importlib
import os
import subprocess
import sys

from course_utils.publish import environment
from course_utils.publish.environment import ROOT, CourseError

# command: (module with add_arguments and main, what it does, whether it sets the environment up first)
COMMANDS = {
    "lab": ("course_utils.publish.lab", "set everything up and open JupyterLab on the lessons", True),
    "test": ("course_utils.publish.testing", "run every check; ends with: N passed, M failed", True),
    "build": ("course_utils.publish.build", "make both editions of the lessons from their sources", True),
    "kernels": ("course_utils.publish.kernels", "install the kernels course-cpu and course-gpu", True),
    "bench": ("course_utils.publish.bench", "measure the lessons: seconds, memory, claims", True),
    "doctor": ("course_utils.publish.doctor", "say what this machine has, what is missing and how to mend it", False),
    "exam": ("course_utils.exam.cli", "draw and print exercise sheets", True),
    "binder": ("course_utils.publish.binder", "print a Binder link, or try what a Binder does with this folder", False),
    "hub": ("course_utils.publish.hub", "serve the lessons to a class by JupyterHub, or simulate one", True),
    "audit": ("course_utils.publish.audit", "look for known weaknesses in the packages and secrets in the files", True),
}
HERE = """\
The first start makes .venv with everything in it. A Python that already holds the versions of requirements.lock
(conda, Binder) is used as it is. COURSE_ENVIRONMENT=here uses the Python you start with in any case and installs no
packages: for machines that have only JAX or PyTorch, or libraries built for their own GPU."""
INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C
# what a full disk, a read-only folder or a foreign one says
WRITING = (errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, getattr(errno, "EDQUOT", None))


def main(argv=None):
    """Run one command; returns the exit status (2 after an error that one sentence explains, 130 after Ctrl-C)."""
    argv = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a path with an umlaut must not end a program in a plain C locale
    try:
        return run(argv)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        if error.strerror and error.errno not in WRITING:
            raise
        print(sentence(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on from here.", file=sys.stderr)
        return INTERRUPTED


def sentence(error):
    """Return what to do about an OSError that stopped a command; one without a number brings its own sentence."""
    if not error.strerror:
        return str(error)
    what = str(error.filename or "A file")
    return f"{what} could not be opened or written ({error.strerror}): free some space, or use a folder of your own."


def run(argv):
    """Do what `main` does, but raise CourseError."""
    commands = available()
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(overview(commands))
        return 0
    name, rest = argv[0], argv[1:]
    if name not in commands:
        raise CourseError(f"There is no command {name!r}: choose one of {', '.join(commands)}.")
    environment.check_python()
    environment.check_platform()
    module, purpose, sets_up = commands[name]
    # On a bare Python a room may not load before its libraries are there; its arguments are read after the set-up then.
    try:
        room = importlib.import_module(module)
    except ImportError:
        room, arguments = None, None
    else:
        arguments = parse(room, name, purpose, rest)
        if hasattr(room, "before_set_up"):
            room.before_set_up(arguments)
    python = environment.choose(gpu=getattr(arguments, "gpu", False), install=sets_up)
    if python:
        return restart(python, argv)
    enter(sets_up)
    if room is None:
        room = load_here(module)
        arguments = parse(room, name, purpose, rest)
    return room.main(arguments)


def available():
    """Return the commands whose module is in this checkout, in their order."""
    return {name: entry for name, entry in COMMANDS.items() if os.path.exists(source_of(entry[0]))}


def source_of(module):
    """Return the file that holds a module of the course."""
    return os.path.join(ROOT, *module.split(".")) + ".py"


def overview(commands):
    """Return the text of `python -m course_utils --help`."""
    lines = ["usage: python -m course_utils COMMAND [options]    (COMMAND --help lists the options)", ""]
    lines += [f"  {name:8} {entry[1]}" for name, entry in commands.items()]
    return "\n".join(lines + ["", HERE])


def parse(room, name, purpose, rest):
    """Read a command's options with the room's own `add_arguments`."""
    parser = argparse.ArgumentParser(
        prog="python -m course_utils " + name,
        description=purpose[0].upper() + purpose[1:] + ".",
        epilog=HERE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    room.add_arguments(parser)
    return parser.parse_args(rest)


def enter(sets_up):
    """Make the running interpreter find the course in every kernel and program it starts."""
    os.environ.pop("COURSE_RESTARTS", None)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # kernels of this environment before those of the user's home
    if sets_up:
        from course_utils.publish import installation, kernels

        installation.link_checkout(installation.site_packages(sys.executable))
        kernels.install_missing()


def load_here(module):
    """Import a room now that the environment stands; with COURSE_ENVIRONMENT=here a package may still be missing."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("course_utils") or not environment.forced_here():
            raise
        raise CourseError(
            f"This Python has no package {error.name!r}, which this command needs: install it, or start again without "
            "COURSE_ENVIRONMENT=here."
        ) from None


def restart(python, argv):
    """Go on with the same command in another interpreter; returns its exit status (on POSIX it never returns)."""
    variables = environment.variables_for(python)
    command = [python, "-m", "course_utils"] + argv
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(python, command, variables)
    return subprocess.call(command, env=variables)
