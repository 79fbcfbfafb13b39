"""`python -m course_utils test --newest`: the fast tests on the newest releases, to know early what would break.

pyproject.toml names the packages; its upper bounds are lifted, its lower ones hold. The environment is thrown away.
What Python and the libraries announce as deprecated counts as broken where our own code uses it.
"""

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree

from course_utils.publish import environment, trial
from course_utils.publish.environment import ROOT

WARNINGS = ("error::RuntimeWarning:course_utils", "error::DeprecationWarning:course_utils",
            "error::PendingDeprecationWarning:course_utils", "error::FutureWarning:course_utils")


def lifted(requirement):
    """Return a requirement without its upper bounds: a==2.21.* becomes a>=2.21, a>=3,<4 becomes a>=3."""
    requirement, mark, marker = requirement.partition(";")
    name, bounds = re.match(r"\s*([\w.-]+(?:\[[^]]*\])?)\s*(.*?)\s*$", requirement).groups()
    lower = [re.sub(r"^(==|~=|===)", ">=", bound.strip()).removesuffix(".*") for bound in bounds.split(",")]
    kept = ",".join(bound for bound in lower if bound.startswith((">=", ">")))
    return name + kept + (" " + mark + marker if mark else "")


def main(tests=None, root=ROOT):
    """Make the environment, say what is newer, run the tests (default: all fast ones); returns 1 where one fails."""
    table = trial.project(root)
    wanted = [lifted(line) for line in table["dependencies"] + table["optional-dependencies"]["cpu"]]
    with trial.empty_environment() as (python, folder):
        print(f"The newest releases of {len(wanted)} packages are installed for a trial.", flush=True)
        trial.pip(python, "install", "--upgrade", "--only-binary=:all:", *wanted)
        changed = newer(python, root)
        print(f"{len(changed)} package(s) are newer than in the lock: {', '.join(changed) or 'none'}.", flush=True)
        variables = trial.variables(python, COURSE_ENVIRONMENT="here", PYTHONPATH=root, COURSE_JOURNAL="")
        subprocess.run([python, "-m", "course_utils", "kernels"], env=variables, cwd=root, stdout=subprocess.DEVNULL)
        report = os.path.join(folder, "report.xml")
        command = [python, "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider", "-m", "not slow",
                   "-o", "filterwarnings=" + "\n".join(WARNINGS), f"--junitxml={report}"]
        command += tests or ["-n", "2", "--dist", "loadfile", os.path.join(root, "tests"),
                             f"--ignore={os.path.join(root, 'tests', 'browser')}"]
        done = subprocess.run(command, env=variables, cwd=root, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace")
        passed, broken = outcome(report)
    for name, reason in broken:
        print(f"would break: {name}: {reason}")
    if not passed + len(broken):
        print(done.stdout[-2000:] or done.stderr[-2000:])
    print(f"{passed} passed, {len(broken)} failed")
    return 1 if broken or not passed else 0


def newer(python, root=ROOT):
    """Return the locked packages of which an interpreter holds a newer version, as "name 1.2 -> 1.3"."""
    from packaging.version import Version

    code = "from importlib import metadata\nfor d in metadata.distributions(): print(d.metadata['Name'], d.version)"
    lines = subprocess.check_output([python, "-I", "-c", code], text=True).split("\n")
    there = {re.sub("[-_.]+", "-", name).lower(): version for name, _, version in
             (line.partition(" ") for line in lines if line)}
    locked = environment.applying(root=root)
    return [f"{name} {version} -> {there[name]}" for name, version in locked.items()
            if Version(there.get(name, version)) > Version(version)]


def outcome(report):
    """Return (how many passed, [(test, first line of the reason)]) from pytest's report."""
    if not os.path.exists(report):
        return 0, []
    passed, broken = 0, []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        bad = case.find("failure") if case.find("failure") is not None else case.find("error")
        if bad is not None:
            reason = (bad.get("message") or "no message").strip().splitlines()[0][:160]
            broken.append((f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}", reason))
        elif case.find("skipped") is None:
            passed += 1
    return passed, broken
