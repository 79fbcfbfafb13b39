"""`python -m course_utils audit`: known weaknesses of the locked packages, secrets in the files, damage to the data.

pip-audit asks the package index's list of advisories about each version in the locks; it installs nothing and is itself
put into a throw-away environment. The other two checks need no network and come first.
"""

import json
import os
import re
import subprocess

from course_utils.publish import environment, trial
from course_utils.publish.environment import ROOT, CourseError

# advisory (CVE, GHSA or PYSEC number): why it does not concern the course; one that no version has any more is reported
EXCEPTIONS = {}
SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "an AWS key": r"\bAKIA[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})",
    "a GitLab token": r"\bglpat-[\w-]{20}",
    "a Google key": r"\bAIza[\w-]{35}",
    "a Slack token": r"\bxox[abposr]-[\w-]{10,}",
    "a Hugging Face or PyPI token": r"\b(?:hf_[A-Za-z]{30,}|pypi-[\w-]{50,})",
    "a password in an address": r"\bhttps?://[^\s/:@\"'{}<>]+:[^\s/:@\"'{}<>]+@",
    "a password": r"(?i)\b(?:passw(?:or)?d|secret|api_?key|token)[\"']?\s*[:=]\s*[\"'][^\s\"'{}$<>]{8,}[\"']",
}
UNREACHABLE = "The list of advisories cannot be reached, so nothing was audited: connect to the network and try again."


def add_arguments(parser):
    """`python -m course_utils audit` has no options."""


def main(arguments):
    """Do the three checks; returns 1 where something was found. Raises CourseError without the list of advisories."""
    found = secrets(trial.tracked())
    print("\n".join(found) or "No file holds anything that looks like a secret.")
    from course_utils.datasets import recordings

    weights = [recordings.read(path) for path in sorted((recordings.data_folder() / "weights").glob("*.npz"))]
    print(f"{len(recordings.verify())} recordings and {len(weights)} files of weights match their checksums and hold "
          "plain arrays only.", flush=True)
    used = set()
    with trial.empty_environment(over_this=True) as (python, folder):
        if not trial.holds(python, "pip_audit"):
            trial.pip(python, "install", "-c", trial.constraints(folder), *trial.extra("audit"))
        for gpu in (False, True):
            lock = environment.lock_path(gpu)
            weak, excepted, audited = judged(advisories(python, lock))
            used |= excepted
            found += weak
            print("\n".join([*weak, f"{os.path.basename(lock)}: {audited} packages audited, {len(weak)} weaknesses, "
                                    f"{len(excepted)} excepted"]), flush=True)
    unused = sorted(set(EXCEPTIONS) - used)
    stale = [f"{name} is excepted, but no package has it any more: remove it." for name in unused]
    print("\n".join(stale + [f"excepted {name}: {EXCEPTIONS[name]}" for name in sorted(used)]))
    return 1 if found or stale else 0


def advisories(python, lock):
    """Ask pip-audit about every line of a lock; returns its list of packages. Raises CourseError without a network."""
    command = [python, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--require-hashes",
               "--disable-pip", "-r", lock]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          env=trial.variables(python))
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise CourseError(UNREACHABLE) from None
    if not any("vulns" in package for package in packages):  # a mirror that knows no advisories is no clean bill
        raise CourseError(UNREACHABLE)
    return packages


def judged(packages):
    """Sort pip-audit's answer: (weaknesses in words, numbers of excepted advisories, count of audited packages)."""
    weak, excepted = [], set()
    for package in packages:
        if "vulns" not in package:
            weak.append(f"{package['name']}: it could not be audited ({package.get('skip_reason', 'no reason given')})")
        for entry in package.get("vulns", []):
            known = {entry["id"], *entry.get("aliases", [])} & set(EXCEPTIONS)
            excepted |= known
            if not known:
                mended = ", ".join(entry.get("fix_versions", [])) or "no version yet"
                weak.append(f"{package['name']} {package['version']}: {entry['id']}, mended in {mended}")
    return weak, excepted, sum("vulns" in package for package in packages)


def secrets(paths, root=ROOT):
    """Return one line for each place in the files that looks like a secret; the secret itself is not repeated."""
    found = []
    for path in paths:
        if str(path).endswith((".npz", ".png", ".lock")):
            continue
        with open(path, "rb") as file:
            text = file.read().decode("utf-8", "replace")
        for what, pattern in SECRETS.items():
            for match in re.finditer(pattern, text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{os.path.relpath(path, root)}, line {line}: it looks like {what}; take it out")
    return found

