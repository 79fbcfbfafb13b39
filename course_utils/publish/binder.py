"""Write environment.yml and binder/ from what the root files say, so that they cannot disagree with the lock.

`python -m course_utils.publish.binder` writes them; a test compares. conda and repo2docker resolve `-r` from the folder
of the file that holds it, and pip asks for hashes as soon as the lock has them. Standard library only.
"""

import os

from course_utils.publish.environment import ROOT

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
