"""`python -m course_utils binder`: the link that opens a lesson, and a trial of what a Binder does with binder/.

`python -m course_utils.publish.binder` writes environment.yml and binder/ from what the root files say, so that they
cannot disagree with the lock; a test compares. conda and repo2docker resolve `-r` from the folder of the file that
holds it, and pip asks for hashes as soon as the lock has them. Standard library only.
"""

import glob
import os
import re
import urllib.parse

from course_utils.publish.environment import ROOT, CourseError

PYTHON = "3.12"  # the middle one of the supported versions
CONDA = """\
# Written by `python -m course_utils.publish.binder`; every version stands in {lock}.
name: deep-learning-course
dependencies:
  - python={python}
  - pip
  - pip:
      - -r {lock}
"""
POST_BUILD = """\
#!/bin/bash
# Written by `python -m course_utils.publish.binder`. Runs once, when the image is built; a launch needs no network.
set -e
COURSE_ENVIRONMENT=here python -m course_utils kernels
# JupyterLab asks for no news, updates or extensions
settings="$(python -c 'import sys; print(sys.prefix)')/etc/jupyter"
mkdir -p "$settings"
cp -r course_utils/publish/jupyter/. "$settings/"
# the first figure does not wait for the list of fonts
MPLBACKEND=agg python -c 'import matplotlib.pyplot'
"""


def add_arguments(parser):
    """Add the options of `python -m course_utils binder`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    a_link = actions.add_parser("link", help="print the link that opens a lesson on a Binder")
    a_link.add_argument("--repo", required=True, metavar="URL", help="address of the repository, as a browser shows it")
    a_link.add_argument("--lesson", default="01", help="the lesson to open, as 04 (default 01)")
    a_link.add_argument("--ref", default="HEAD", help="branch, tag or commit (default: the repository's main branch)")
    a_link.add_argument("--binder", default="https://mybinder.org", metavar="URL", help="another Binder")
    a_try = actions.add_parser("try", help="run the steps of binder/ in an empty environment, launch without network")
    a_try.add_argument("--lesson", default="01", help="the lesson to run after the launch (default 01)")
    a_try.add_argument("--python", metavar="PATH", help=f"an interpreter to begin with (default: Python {PYTHON})")
    a_small = actions.add_parser("small", help="run the lessons here on one core, without network, and say who fits")
    a_small.add_argument("--lesson", action="append", metavar="LESSON", help="only this lesson, as 04")


def main(arguments):
    """Do one action; returns the exit status."""
    if arguments.action == "link":
        print(link(arguments.repo, arguments.lesson, arguments.ref, arguments.binder))
        return 0
    from course_utils.publish import image

    if arguments.action == "small":
        wanted = arguments.lesson or [name[:2] for name in lesson_files()]
        return image.small([lesson_file(lesson)[:-6] for lesson in wanted])
    return image.main(arguments)


# ---------------------------------------------------------------- links


def lesson_files(root=ROOT):
    """Return the file names of the learners' editions, in the order of the lessons."""
    places = glob.glob(os.path.join(glob.escape(root), "notebooks", "*.ipynb"))
    return sorted(os.path.basename(path) for path in places)


def lesson_file(lesson, root=ROOT):
    """Return the file name of the learners' edition of a lesson given as 04, cnn or 04_cnn."""
    names = lesson_files(root)
    found = [name for name in names if lesson in (name[:2], name[3:-6], name[:-6], name)]
    if not found:
        known = ", ".join(name[:-6] for name in names)
        raise CourseError(f"--lesson is {lesson!r}, and there is no such lesson: choose one of {known}.")
    return found[0]


def web_address(option, value):
    """Return the address of a server without its last slash; refuses what is not https://host/... (or http)."""
    parts = urllib.parse.urlsplit(value.strip())
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise CourseError(f"{option} is {value!r}, and an address such as https://example.org is expected: give that.")
    return value.strip().rstrip("/")


def link(repo, lesson="01", ref="HEAD", binder="https://mybinder.org", root=ROOT):
    """Return the address that builds the repository on a Binder, or finds it built, and opens the lesson in JupyterLab.

    GitHub and GitLab have short forms; any other repository that git can clone without a password works as well.
    """
    address = re.sub(r"^git@([^:/]+):", r"https://\1/", repo.strip())  # as `git remote get-url` may say it
    address = re.sub(r"\.git$", "", web_address("--repo", address))
    host, path = urllib.parse.urlsplit(address).hostname, urllib.parse.urlsplit(address).path.strip("/")
    quoted = urllib.parse.quote
    if not path or (host in ("github.com", "gitlab.com") and len(path.split("/")) < 2):
        raise CourseError(f"--repo is {repo!r}, which names no repository: give its whole address, https://HOST/OWNER/NAME.")
    if host == "github.com":
        if len(path.split("/")) > 2:
            raise CourseError(f"--repo is {repo!r}, which goes on after the repository: give https://github.com/OWNER/NAME.")
        place = "gh/" + path
    else:
        place = "gl/" + quoted(path, safe="") if host == "gitlab.com" else "git/" + quoted(address, safe="")
    if not re.fullmatch(r"[\w./-]+", ref):
        raise CourseError(f"--ref is {ref!r}, and a branch, a tag or a commit is expected: give one of these.")
    opened = quoted(f"lab/tree/notebooks/{lesson_file(lesson, root)}", safe="")
    return f"{web_address('--binder', binder)}/v2/{place}/{quoted(ref, safe='')}?urlpath={opened}"


# ---------------------------------------------------------------- the generated files


def files():
    """Return {path in the repository: text} of every generated file."""
    return {
        "environment.yml": CONDA.format(python=PYTHON, lock="requirements.lock"),
        "binder/environment.yml": CONDA.format(python=PYTHON, lock="../requirements.lock"),
        "binder/postBuild": POST_BUILD,
    }


def write(root=ROOT):
    """Write them all; postBuild is made executable."""
    for name, text in files().items():
        path = os.path.join(root, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    os.chmod(os.path.join(root, "binder", "postBuild"), 0o755)


if __name__ == "__main__":
    write()
