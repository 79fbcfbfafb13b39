"""Make .venv: create it, let pip fill it, link the checkout, install the kernels, stamp it.

Standard library only. Every failure is a CourseError; what this run made is removed then, and an interrupted run is
finished by the next one.
"""

import ast
import contextlib
import glob
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time

from course_utils.publish import environment, packages
from course_utils.publish.environment import PTH, ROOT, CourseError, folder, python_of

NEEDED_GB = {False: 4, True: 12}  # free disk for the downloads and the unpacked packages, without and with the GPU ones


def set_up(gpu=False, root=ROOT):
    """Make .venv complete for the CPU lock or, gpu=True, the GPU lock. Waits for another set-up of the same checkout.

    Raises CourseError (no network, no space, folder not writable ...) and KeyboardInterrupt; after the latter the next
    call goes on from there.
    """
    check_writable(root)
    with only_one(root) as lock:
        if environment.is_complete(gpu, root):  # the other set-up did it
            return
        check_space(gpu, root)
        progress = packages.Progress()
        python = python_of(root)
        remake = not usable(gpu, root)
        try:
            if remake:
                make(root, progress)
            environment.write_stamp(gpu, False, root)
            drop_unfinished(site_packages(python))
            packages.install(python, site_packages(python), gpu, root, progress, lock)
            link_checkout(site_packages(python), root)
            progress.show("installing the kernels")
            call([python, "-m", "course_utils.publish.kernels"], "The kernels could not be installed", cwd=root)
            environment.write_stamp(gpu, True, root)
        except (CourseError, OSError) as error:
            progress.end()
            if remake:
                remove(folder(root))
            if isinstance(error, CourseError):
                raise
            raise CourseError(f"The set-up could not write {error.filename}: {error.strerror}.") from None
        progress.end(f"The course is set up in .venv ({progress.elapsed()}).")


# ---------------------------------------------------------------- before


def check_writable(root=ROOT):
    """Raise CourseError where no file can be made in the folder of the course."""
    try:
        path = os.path.join(root, f".course-write-test-{os.getpid()}")
        with open(path, "w", encoding="utf-8"):
            pass
        os.remove(path)
    except OSError as error:
        raise CourseError(
            f"The folder {root} cannot be written to ({error.strerror}): copy the course to a folder of your own and "
            "start there."
        ) from None


def check_space(gpu=False, root=ROOT):
    """Raise CourseError unless enough disk is free for the set-up."""
    free, needed = shutil.disk_usage(root).free / 1e9, NEEDED_GB[gpu]
    if free < needed:
        raise CourseError(
            f"Only {free:.1f} GB of disk are free and the set-up needs {needed} GB: free some space and start again."
        )


@contextlib.contextmanager
def only_one(root=ROOT):
    """Hold the lock of the set-up, waiting for another process that has it; yields the open file descriptor.

    The operating system gives the lock back when its holder ends, however it ends, so no stale lock can remain.
    """
    path = os.path.join(root, ".course-setup.lock")
    said = False
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if lock_file(descriptor):
            if same_file(descriptor, path):  # and not one that its last holder has just removed
                break
        elif not said:
            print("Another set-up of this folder is under way; waiting for it to end (Ctrl-C to give up).", flush=True)
            said = True
        os.close(descriptor)
        time.sleep(0.5)
    try:
        yield descriptor
    finally:
        with contextlib.suppress(OSError):  # Windows does not remove an open file: an empty one stays there
            os.remove(path)
        os.close(descriptor)


def lock_file(descriptor):
    """Try to lock an open file; returns whether it worked."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks: better to go on than to stop for ever
        return True
    return True


def same_file(descriptor, path):
    """Return whether an open file is still the one that its path names."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False


# ---------------------------------------------------------------- the environment


def usable(gpu, root=ROOT):
    """Return whether the present .venv can be completed; otherwise it is made anew.

    It can if it was meant for the same packages (the CPU and GPU builds of TensorFlow overwrite each other), was made
    at this place, and its Python runs and has pip.
    """
    python, stamp = python_of(root), environment.read_stamp(root)
    version = environment.version_in(python)
    return (
        version is not None
        and version in [".".join(map(str, supported)) for supported in environment.SUPPORTED]
        and os.path.isfile(os.path.join(folder(root), "pyvenv.cfg"))
        and bool(stamp.get("gpu")) == gpu
        and stamp.get("root", root) == root
        and stamp.get("python", version) == version
        and subprocess.call([python, "-I", "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    )


def make(root, progress):
    """Create .venv, with pip, from the running Python; what was there before is removed."""
    if importlib.util.find_spec("ensurepip") is None:
        raise CourseError(
            "This Python cannot make environments (it has no ensurepip): install its package "
            f"python{sys.version_info[0]}.{sys.version_info[1]}-venv and start again."
        )
    remove(folder(root))
    progress.show(f"making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}")
    call([sys.executable, "-I", "-m", "venv", folder(root)], "The environment .venv could not be made")


def remove(path):
    """Remove a folder, or the link to one, if it is there."""
    if os.path.islink(path):
        os.unlink(path)
    elif os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)


def call(command, complaint, **options):
    """Run a program in silence; raises CourseError with the complaint and the program's last line where it fails."""
    options["env"] = dict(os.environ, PYTHONIOENCODING="utf-8:replace")
    options.update(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    done = subprocess.run(command, **options)
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines() or ["nothing"]
        raise CourseError(f"{complaint}: its program said {said[-1].strip()!r}.")


def site_packages(python):
    """Return the folder in which an interpreter keeps its packages."""
    if python == sys.executable:
        return sysconfig.get_path("purelib")
    command = [python, "-I", "-c", "import sysconfig; print(ascii(sysconfig.get_path('purelib')))"]
    return ast.literal_eval(subprocess.check_output(command).decode("ascii"))


def link_checkout(where, root=ROOT):
    """Put the checkout on the path of every program of an interpreter, by a .pth file in its packages.

    The file is one line of ASCII Python, because each Python version reads other encodings there, and a path may hold
    an umlaut. Raises CourseError where the folder cannot be written to.
    """
    path, line = os.path.join(where, PTH), f"import sys; sys.path.append({ascii(root)})\n"
    try:
        if os.path.exists(path):
            with open(path, encoding="ascii", errors="replace") as file:
                if file.read() == line:
                    return
        with open(path, "w", encoding="ascii") as file:
            file.write(line)
    except OSError as error:
        raise CourseError(
            f"The folder {where} of this Python cannot be written to ({error.strerror}): start with a Python of your "
            "own, such as a virtual environment."
        ) from None


def drop_unfinished(where):
    """Forget packages that an interrupted pip has left half copied, so that pip installs them again.

    pip writes the file INSTALLER after all others of a package, and renames what it is about to remove to "~...".
    """
    for path in glob.glob(os.path.join(glob.escape(where), "*.dist-info")):
        if not os.path.exists(os.path.join(path, "INSTALLER")):
            remove(path)
    for path in glob.glob(os.path.join(glob.escape(where), "~*")):
        remove(path)
