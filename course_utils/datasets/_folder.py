"""Where the course keeps its data, and how a file is written whole or not at all."""

import os
import tempfile
from pathlib import Path


def data_folder():
    """The folder ``data/`` of the checkout, or the one named by the environment variable COURSE_DATA."""
    named = os.environ.get("COURSE_DATA")
    return Path(named).expanduser() if named else Path(__file__).resolve().parents[2] / "data"


def write_whole(file, content):
    """Write bytes beside a file and rename, so that neither a full disk nor an interruption leaves half a file.

    Raises OSError in one sentence; what the file held before is still there then.
    """
    file, temporary = Path(file), None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{file.stem}-", suffix=".part", delete=False) as part:
            temporary = Path(part.name)
            part.write(content)
        temporary.chmod(0o644)
        temporary.replace(file)
    except BaseException as problem:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if not isinstance(problem, OSError):
            raise
        raise OSError(
            f"{file} could not be written ({problem.strerror}), and it is as it was: free some space, or use a folder "
            "of your own."
        ) from None
