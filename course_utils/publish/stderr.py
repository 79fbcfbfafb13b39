"""Extension of a kernel under test: what C code writes to file descriptor 2 belongs to the cell that ran.

ipykernel reads the descriptor in a thread of its own, and what a short cell's code wrote may come after the cell has
ended: a client drops it, and a log line is overlooked. Here the descriptor leads to a file, and a cell ends with
showing what the file has got since the last one.
"""
import atexit
import os
import sys
import tempfile

EXTENSION = f"--IPKernelApp.extra_extensions={__name__}"  # for the arguments with which a kernel starts


def load_ipython_extension(shell):
    """Lead descriptor 2 into a file, and show on sys.stderr what is new in it at the end of each cell."""
    reader, path = tempfile.mkstemp()
    writer = os.open(path, os.O_WRONLY | os.O_APPEND)  # processes that the lesson starts write behind one another
    earlier = os.dup(2)
    os.dup2(writer, 2)
    os.close(writer)

    def show(*result):
        while new := os.read(reader, 1 << 16):
            sys.stderr.write(new.decode("utf-8", errors="replace"))

    def end():
        os.dup2(earlier, 2)  # ipykernel ends its own thread by a byte on the descriptor
        os.close(reader)
        os.unlink(path)

    shell.events.register("post_run_cell", show)
    atexit.register(end)
