"""Which Python runs the course: is it supported, does it hold the locked versions, or is .venv the one to use?

Standard library only, and readable by Python 3.6: this is what tells a reader that their Python is too old.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
import sysconfig

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SUPPORTED = ((3, 11), (3, 12), (3, 13))
STAMP = "course-setup.json"
PTH = "course_utils_checkout.pth"
KERNELS = ("course-cpu", "course-gpu")


class CourseError(Exception):
    """Something the reader can mend; the message is one sentence that says how. Commands print it and return 2."""


# ---------------------------------------------------------------- the machine


def check_python(version=None, implementation=None, free_threaded=None):
    """Raise CourseError unless this is a CPython that the packages of the lock are built for.

    version: a tuple such as (3, 12, 1); implementation: "CPython" ...; free_threaded: a build without the global lock.
    All three default to the running interpreter.
    """
    version = tuple(sys.version_info[:3] if version is None else version)
    implementation = implementation or platform.python_implementation()
    if free_threaded is None:
        free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    found = f"{implementation.replace('CPython', 'Python')} {'.'.join(map(str, version))}"
    again = "and start again with it, for example `python3.12 -m course_utils lab`."
    if version[:2] not in SUPPORTED or implementation != "CPython":
        raise CourseError(f"This is {found}, and the course needs Python 3.11, 3.12 or 3.13: install one {again}")
    if free_threaded:
        raise CourseError(
            f"This is a free-threaded {found}, for which TensorFlow is not made: install the usual build {again}"
        )


def check_platform(system=None, machine=None, bits=None, musl=None):
    """Raise CourseError where TensorFlow has no package: Intel Macs, 32-bit Pythons, Windows on ARM, musl Linux.

    system: a value of sys.platform; machine: of platform.machine(); bits: 32 or 64; musl: a Linux with musl libc.
    """
    system = system or sys.platform
    machine = (machine or platform.machine()).lower()
    bits = bits or (64 if sys.maxsize > 2**32 else 32)
    musl = "musl" in (sysconfig.get_config_var("SOABI") or "") if musl is None else musl
    elsewhere = "use another computer or the Binder image instead."
    if bits != 64:
        raise CourseError("This is a 32-bit Python, and TensorFlow needs a 64-bit one: install that and start again.")
    if system == "darwin" and machine != "arm64":
        raise CourseError(
            "This Python is made for Intel Macs, which TensorFlow no longer supports: on a Mac with Apple silicon "
            "install the arm64 Python, on an Intel Mac " + elsewhere
        )
    if system == "linux" and musl:
        raise CourseError("This Linux uses musl, for which TensorFlow has no package: " + elsewhere)
    supported = {"linux": ("x86_64", "amd64", "aarch64", "arm64"), "win32": ("amd64", "x86_64"), "darwin": ("arm64",)}
    if machine not in supported.get(system, ()):
        raise CourseError(f"TensorFlow has no package for {system} on {machine}: {elsewhere}")


# ---------------------------------------------------------------- the lock


def lock_path(gpu=False, root=ROOT):
    """Return the path of requirements.lock, or of requirements-gpu.lock."""
    return os.path.join(root, "requirements-gpu.lock" if gpu else "requirements.lock")


def lock_digest(gpu=False, root=ROOT):
    """Return the SHA-256 of a lock, as text."""
    with open(lock_path(gpu, root), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def locked(gpu=False, root=ROOT):
    """Return [(name, version, marker or "")] for every line of the lock, whether or not it applies to this machine."""
    entries = []
    with open(lock_path(gpu, root), encoding="utf-8") as file:
        for line in file:
            if line[:1].isalnum():
                requirement, _, marker = line.rstrip("\\\n ").partition(";")
                name, _, version = requirement.strip().partition("==")
                entries.append((name.partition("[")[0], version, marker.strip()))
    return entries


def applying(gpu=False, root=ROOT):
    """Return {name: version} of the lock's packages that apply to the running interpreter."""
    try:
        from packaging.markers import Marker
    except ImportError:  # a bare Python: pip carries its own copy
        from pip._vendor.packaging.markers import Marker
    return {name: version for name, version, marker in locked(gpu, root) if not marker or Marker(marker).evaluate()}


def installed_version(name):
    """Return the version of an installed distribution of the running interpreter, or None."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def satisfies(gpu=False, root=ROOT):
    """Return whether the running interpreter holds every package of the lock in its version."""
    try:
        wanted = applying(gpu, root)
    except ImportError:  # neither packaging nor pip: nothing of ours is here
        return False
    return all(installed_version(name) == version for name, version in wanted.items())


# ---------------------------------------------------------------- .venv


def folder(root=ROOT):
    """Return the path of the course's own environment."""
    return os.path.join(root, ".venv")


def python_of(root=ROOT):
    """Return the path of the interpreter in .venv."""
    return os.path.join(folder(root), *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def inside(root=ROOT):
    """Return whether the running interpreter is the one of .venv."""
    return os.path.realpath(sys.prefix) == os.path.realpath(folder(root))


def read_stamp(root=ROOT):
    """Return what the last set-up wrote about itself: a dict, empty where there is none or it cannot be read."""
    try:
        with open(os.path.join(folder(root), STAMP), encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(gpu, finished, root=ROOT):
    """Write the stamp: first to say what a set-up is going to be, at its very end to say that it is complete."""
    stamp = {"gpu": gpu, "finished": finished, "root": root, "python": version_in(python_of(root))}
    if finished:
        stamp["lock"] = lock_digest(gpu, root)
    path = os.path.join(folder(root), STAMP)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(stamp, file)
    os.replace(path + ".new", path)


def version_in(python):
    """Return the version of an interpreter as text such as "3.12", or None where it does not run."""
    if os.path.realpath(python) == os.path.realpath(sys.executable):
        return f"{sys.version_info[0]}.{sys.version_info[1]}"
    try:
        command = [python, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        return subprocess.check_output(command, stderr=subprocess.DEVNULL, timeout=60).decode().strip()
    except (OSError, subprocess.SubprocessError):
        return None


def is_complete(gpu=False, root=ROOT):
    """Return whether .venv holds a finished set-up of the present lock, made at this place.

    A GPU environment does for both; gpu=True asks for one. A folder that was moved or copied is not complete (scripts
    in an environment carry its path), nor is one whose Python was replaced by another version.
    """
    stamp = read_stamp(root)
    has_gpu = bool(stamp.get("gpu"))
    return bool(
        stamp.get("finished")
        and (has_gpu or not gpu)
        and stamp.get("root") == root
        and stamp.get("lock") == lock_digest(has_gpu, root)
        and stamp.get("python") == version_in(python_of(root))
    )


# ---------------------------------------------------------------- the choice


def forced_here():
    """Return whether COURSE_ENVIRONMENT=here is set. Raises CourseError for another value."""
    value = os.environ.get("COURSE_ENVIRONMENT", "")
    if value not in ("", "here"):
        raise CourseError(f"COURSE_ENVIRONMENT is {value!r}, and 'here' is the only value it knows: unset it.")
    return value == "here"


def choose(gpu=False, install=True, root=ROOT):
    """Return the interpreter to go on with, or None where the running one is right; sets .venv up where needed.

    gpu: the GPU packages are wanted; install=False sets nothing up (the doctor only looks).
    Raises CourseError when the set-up fails.
    """
    if forced_here():
        return None
    here = inside(root)
    if not here and satisfies(gpu, root):
        return None
    if is_complete(gpu, root):
        return None if here else python_of(root)
    if not install:
        return None
    if here:  # an environment cannot remake itself: the Python it was made from does it
        return sys._base_executable
    from course_utils.publish import installation

    installation.set_up(gpu or bool(read_stamp(root).get("gpu")), root)
    return python_of(root)


def variables_for(python, root=ROOT):
    """Return the environment variables under which another interpreter takes over: it comes first on PATH.

    Raises CourseError where one hands over to the other for the third time, which would never end.
    """
    variables = dict(os.environ)
    restarts = int(variables.get("COURSE_RESTARTS", "0")) + 1
    if restarts > 3:
        raise CourseError("The set-up does not come to an end: remove the folder .venv and start again.")
    variables["COURSE_RESTARTS"] = str(restarts)
    # the next interpreter finds this checkout from whatever folder the command was started in
    variables["PYTHONPATH"] = os.pathsep.join([root] + [part for part in [variables.get("PYTHONPATH")] if part])
    variables["PATH"] = os.pathsep.join([os.path.dirname(python), variables.get("PATH", os.defpath)])
    return variables
