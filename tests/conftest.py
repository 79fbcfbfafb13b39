"""Settings that all tests share: the checkout is importable, and the browser tests say why they are left out."""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def lesson_stems():
    """Names of the lessons to test: all, or those that `test --lesson` chose."""
    chosen = os.environ.get("COURSE_LESSONS", "").split()
    return chosen or [path.stem for path in sorted((ROOT / "notebooks" / "src").glob("[0-9][0-9]_*.py"))]


@pytest.fixture
def course_root(tmp_path):
    """An empty course: a folder with notebooks/src, in which a build can write."""
    (tmp_path / "notebooks" / "src").mkdir(parents=True)
    return tmp_path


@pytest.fixture(scope="session")
def sample_course(tmp_path_factory):
    """A course of one lesson that holds one of everything, built and executed once; copy it before you spoil it."""
    from course_utils.publish import build

    root = tmp_path_factory.mktemp("sample")
    (root / "notebooks" / "src").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "fixtures" / "90_sample.py", root / "notebooks" / "src")
    build.build(root=root)
    return root


@pytest.fixture(scope="session")
def chromium():
    """Path of an installed Chromium; skips in words where there is none, and fails where one is required."""
    from course_utils.publish.testing import chromium as find

    path = find()
    if path is None and (os.environ.get("CI") or os.environ.get("COURSE_NEEDS_BROWSER")):
        pytest.fail("no Chromium is installed, but these tests are required here: install the system package chromium")
    if path is None:
        pytest.skip("no Chromium is installed; install the system package chromium to run this test")
    return path
