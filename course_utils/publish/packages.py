"""Let pip install the lock into an environment, with its progress in one live line and its failures in one sentence.

Standard library only.
"""

import ast
import glob
import os
import re
import shutil
import subprocess
import sys
import threading
import time

from course_utils.publish import environment
from course_utils.publish.environment import CourseError

# What pip may keep of the settings of this machine: how to reach its package index. Anything else (user = true,
# target, constraint, no-binary ...) could send packages elsewhere or break the hashes.
PIP_ACCESS = (
    ("cache-dir", "cert", "client-cert", "default-timeout", "extra-index-url", "find-links", "index-url")
    + ("keyring-provider", "no-cache-dir", "no-index", "proxy", "resume-retries", "retries", "timeout")
    + ("trusted-host", "use-feature")
)
# what pip says of a package that it takes from an index (or has already), and from a folder of wheels
FETCHED = re.compile(
    r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)|Processing .*?([\w.]+)-[0-9][^/\\]*\.whl",
)
UNREACHABLE = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded|SSLError|"
    "Connection refused|Connection reset|Network is unreachable|connection broken|IncompleteRead"
)


def pip_command(python):
    """Return the command that starts pip, cut off from the settings of the user's own Python."""
    return [python, "-I", "-m", "pip"]


def pip_variables(python):
    """Return the environment variables for pip: of its settings only those that say how to reach the package index."""
    variables = {name: value for name, value in os.environ.items() if not name.upper().startswith("PIP_")}
    command = pip_command(python) + ["config", "list"]
    listed = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    settings = {}
    for line in listed.stdout.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if section in ("global", "install", ":env:") and option in PIP_ACCESS:
            # the later sections have the last word, as in pip itself
            settings[("global", "install", ":env:").index(section), option] = ast.literal_eval(value)
    for (_, option), value in sorted(settings.items()):
        variables["PIP_" + option.upper().replace("-", "_")] = str(value).strip().replace("\n", " ")
    variables.update(PIP_CONFIG_FILE=os.devnull, PYTHONIOENCODING="utf-8:replace", PYTHONUNBUFFERED="1")
    return variables


def install(python, where, gpu, root, progress, lock):
    """Install the lock of the course into an interpreter with pip, showing how far it is. Raises CourseError.

    where: the folder in which the interpreter keeps its packages; lock: the open file that holds the set-up's lock.
    """
    try:
        total = len(environment.applying(gpu, root))
    except ImportError:  # a Python without pip of its own
        total = len(environment.locked(gpu, root))
    progress.show("asking the package index")
    command = pip_command(python) + ["install", "--require-hashes", "--only-binary=:all:", "--no-input"]
    command += ["--progress-bar=off", "--disable-pip-version-check", "--no-warn-script-location", "--no-warn-conflicts"]
    command += ["-r", environment.lock_path(gpu, root)]
    # pip keeps the lock of the set-up too: if we are killed, no second one begins while it still writes
    options = {"pass_fds": (lock,)} if os.name == "posix" else {}
    options.update(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    process = subprocess.Popen(command, env=pip_variables(python), **options)
    said = []
    reader = threading.Thread(target=lambda: [said.append(line.decode("utf-8", "replace")) for line in process.stdout])
    reader.daemon = True
    reader.start()
    try:
        while process.poll() is None:
            progress.show(stage(said, where, total))
            time.sleep(0.2)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    reader.join()
    if process.returncode:
        raise CourseError(explain(said))


def stage(said, where, total):
    """Return how far pip is, in words, from the lines that it has said until now."""
    fetched, order = [], []
    for line in list(said):
        found = FETCHED.match(line)
        if found:
            fetched.append(found.group(1) or found.group(2))
        elif line.startswith("Installing collected packages: "):
            order = line.split(": ", 1)[1].strip().split(", ")
    if order:
        there = {name.split("-")[0].lower() for name in finished(where)}
        left = [name for name in order if re.sub("[-_.]+", "_", name).lower() not in there]
        return f"installing {total - len(left)} of {total}: {left[0] if left else 'the last steps'}"
    if said and "Retrying" in said[-1]:
        return "the package index does not answer, trying again"
    return f"fetching {len(fetched)} of {total}: {fetched[-1]}" if fetched else "asking the package index"


def finished(where):
    """Return the names of the packages' folders of metadata that pip has completed."""
    paths = glob.glob(os.path.join(glob.escape(where), "*.dist-info", "INSTALLER"))
    return [os.path.basename(os.path.dirname(path)) for path in paths]


def explain(said):
    """Return the one sentence for a failed pip, from the lines that it said."""
    text = "".join(said)
    if "No space left" in text or "not enough space" in text:
        return "The disk became full while packages were installed: free at least 4 GB and start again."
    if "DO NOT MATCH THE HASHES" in text:
        return (
            "A downloaded package is not the one that the lock names, so nothing was installed: start again, and if it "
            "stays so, get the course anew."
        )
    if UNREACHABLE.search(text):
        return "The package index cannot be reached: connect to the network, or mend pip's settings, and start again."
    errors = [line.strip() for line in said if line.startswith("ERROR")] or [line.strip() for line in said[-1:]]
    return f"pip could not install the packages ({errors[0] if errors else 'no message'}): mend that and start again."


# ---------------------------------------------------------------- what the reader sees


class Progress:
    """One live line on a terminal, replaced in place; in a log a line at each new stage and every ten seconds."""

    def __init__(self, stream=None):
        self.stream = sys.stdout if stream is None else stream
        self.live = self.stream.isatty()
        self.begun = time.monotonic()
        self.kind, self.written = None, 0.0

    def elapsed(self):
        """Return the time since the beginning, as text."""
        return f"{time.monotonic() - self.begun:.0f} s"

    def show(self, text):
        """Say where the work is now."""
        now, kind = time.monotonic(), text.split(" ")[0]
        text = f"{text} ({self.elapsed()})"
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write("\r" + text[:width].ljust(width))
        elif kind != self.kind or now - self.written > 10:
            self.stream.write(text + "\n")
            self.written = now
        self.kind = kind
        self.stream.flush()

    def end(self, text=""):
        """Remove the live line and write a last one."""
        if self.live:
            self.stream.write("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r")
        if text:
            self.stream.write(text + "\n")
        self.stream.flush()
