"""`python -m course_utils doctor`: what this machine has, what is missing, and the command that mends it.

It installs nothing. It looks from .venv where that is complete, otherwise from the Python it was started with.
Standard library at import.
"""

import os
import shutil
import sys
import sysconfig
from collections import namedtuple

from course_utils.publish import environment, kernels
from course_utils.publish.environment import ROOT

# mark: "ok", "missing" (needed: the exit status is 1) or "note" (something is less than it could be)
Finding = namedtuple("Finding", "mark what mend")
SET_UP = "python -m course_utils lab --no-browser"
MAIN_PACKAGES = (
    ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "numpy", "scipy", "matplotlib", "scikit-learn")
    + ("scikit-image", "keras", "tensorflow", "tensorflow-cpu", "nbval", "jupytext", "playwright", "typst")
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def add_arguments(parser):
    """`python -m course_utils doctor` has no options."""


def main(arguments):
    """Print every finding as soon as it is known; returns 1 where something needed is missing, otherwise 0."""
    missing = 0
    for examine in (the_python, the_packages, the_stamp, the_kernels, the_device, the_machine, the_disk, the_browser):
        for finding in examine():
            missing += finding.mark == "missing"
            print(f"{finding.mark:8} {finding.what}", flush=True)
            if finding.mend:
                print(f"{'':8} -> {finding.mend}", flush=True)
    print(f"{missing} needed thing(s) missing." if missing else "Everything that is needed is here.")
    return 1 if missing else 0


def the_python():
    """The interpreter; the commands refuse one that is not supported before they come here."""
    yield Finding("ok", f"Python {sys.version.split()[0]} in {sys.prefix}", "")


def the_packages():
    """Each main package against the lock, then how many of the others differ."""
    gpu = bool(environment.read_stamp().get("gpu")) and environment.inside()
    try:
        wanted = environment.applying(gpu)
    except ImportError:
        yield Finding("missing", "packages: none (this Python has not even pip)", SET_UP)
        return
    there = {name: environment.installed_version(name) for name in wanted}
    for name in MAIN_PACKAGES:
        if name in wanted:
            yield compared(name, wanted[name], there[name])
    others = [name for name in wanted if name not in MAIN_PACKAGES and there[name] != wanted[name]]
    if others:
        first = ", ".join(others[:5]) + (" ..." if len(others) > 5 else "")
        yield Finding(severity(), f"{len(others)} other packages differ from the lock ({first})", SET_UP)
    else:
        yield Finding("ok", f"all {len(wanted)} packages are those of the lock", "")


def compared(name, wanted, there):
    """Return the finding for one package: its version in the lock, and the one that is installed or None."""
    if there == wanted:
        return Finding("ok", f"{name} {there}", "")
    what = f"{name} {there}, the lock has {wanted}" if there else f"{name} {wanted} is missing"
    return Finding(severity(), what, SET_UP)


def severity():
    """With COURSE_ENVIRONMENT=here other versions are the reader's own choice."""
    return "note" if environment.forced_here() else "missing"


def the_stamp():
    """Whether .venv is what the present lock gives."""
    stamp = environment.read_stamp()
    if environment.is_complete():
        yield Finding("ok", f".venv is complete for the {'GPU' if stamp['gpu'] else 'CPU'} lock", "")
    elif stamp or environment.inside():
        yield Finding("missing", ".venv is unfinished, was moved, or belongs to an older lock", SET_UP)
    elif environment.forced_here() or environment.satisfies():
        yield Finding("ok", "no .venv; this Python is used as it is", "")
    else:
        yield Finding("missing", "no .venv yet", SET_UP)


def the_kernels():
    """Both kernels, and that a kernel started anywhere finds the course."""
    for name in kernels.NAMES:
        argv = kernels.specification(name).get("argv", [""])
        if os.path.exists(argv[0]):
            yield Finding("ok", f"kernel {name}", "")
        else:
            yield Finding("missing", f"kernel {name} is missing", "python -m course_utils kernels")
    if not os.path.exists(os.path.join(sysconfig.get_path("purelib"), environment.PTH)):
        yield Finding("missing", "kernels do not find course_utils", "python -m course_utils kernels")


def the_device():
    """The GPU of each installed backend; each is asked in a process of its own."""
    backends = kernels.installed_backends()
    found = {backend: kernels.gpu_of(backend) for backend in backends}
    for backend, gpu in found.items():
        yield Finding("ok", f"{backend} computes on {'the GPU ' + gpu if gpu else 'the CPU'}", "")
    first = next((backend for backend, gpu in found.items() if gpu), None)
    installed_for = kernels.specification("course-gpu").get("env", {}).get("KERAS_BACKEND")
    if first and installed_for != first:
        mend = "python -m course_utils kernels"
        yield Finding("note", f"{first} sees a GPU, but course-gpu is set to {installed_for}", mend)
    elif not first and shutil.which("nvidia-smi"):
        mend = "python -m course_utils lab --gpu --no-browser"
        yield Finding("note", "an NVIDIA driver is here, but no backend computes on its GPU", mend)


def the_machine():
    """Memory and cores, as far as a container's limits leave them."""
    gigabytes = memory_bytes() / 1e9
    if not gigabytes:
        yield Finding("note", f"memory unknown, {cores():g} cores", "")
    elif gigabytes < 1.9:
        yield Finding("note", f"{gigabytes:.1f} GB of memory, {cores():g} cores", "shut down kernels you do not use")
    else:
        yield Finding("ok", f"{gigabytes:.1f} GB of memory, {cores():g} cores", "")


def the_disk():
    """Free disk: little is needed once .venv is there."""
    free = shutil.disk_usage(ROOT).free / 1e9
    needed = 0.5 if environment.is_complete() else 4
    if free >= needed:
        yield Finding("ok", f"{free:.1f} GB of disk free", "")
    else:
        yield Finding("missing", f"{free:.1f} GB of disk free, {needed} GB needed", "remove files that you do not need")


def the_browser():
    """Chromium, which only the browser tests use."""
    path = next((shutil.which(name) for name in BROWSERS if shutil.which(name)), None)
    if path:
        yield Finding("ok", f"Chromium at {path}", "")
    else:
        mend = "apt-get install chromium" if shutil.which("apt-get") else "install Chromium or Google Chrome"
        yield Finding("note", "no Chromium: the browser tests are left out", mend)


def memory_bytes():
    """Return the memory that this process may use in bytes, or 0 where it is not known. Honors container limits."""
    amounts = [number_in(path) for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")]
    try:
        amounts.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):  # Windows
        try:
            import psutil

            amounts.append(psutil.virtual_memory().total)
        except ImportError:
            pass
    return min((amount for amount in amounts if amount), default=0)


def cores():
    """Return how many cores this process may use, a fraction where a container's quota says so."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        count = os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
    except (OSError, ValueError):
        quota = number_in("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") or "max"
        period = number_in("/sys/fs/cgroup/cpu/cpu.cfs_period_us") or 100000
    return count if quota in ("max", -1) else min(count, int(quota) / int(period))


def number_in(path):
    """Return the whole number that a system file holds, or None ("max", or no such file)."""
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None
