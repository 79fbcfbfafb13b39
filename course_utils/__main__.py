"""`python -m course_utils`: the one command behind everything; runs on a bare Python (see cli.py)."""

import sys

from course_utils.cli import main

if __name__ == "__main__":
    sys.exit(main())
