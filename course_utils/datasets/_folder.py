"""Where the course keeps its data."""

import os
from pathlib import Path


def data_folder():
    """The folder ``data/`` of the checkout, or the one named by the environment variable COURSE_DATA."""
    named = os.environ.get("COURSE_DATA")
    return Path(named).expanduser() if named else Path(__file__).resolve().parents[2] / "data"
