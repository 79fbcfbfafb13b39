"""Running a learner's function: on copies of the inputs, in silence, and never for longer than the limit."""

import contextlib
import copy
import ctypes
import io
import signal
import threading
import warnings
from dataclasses import dataclass

import numpy as np

from course_utils.exercises.compare import difference

SECONDS = 5.0


class TimeUp(BaseException):
    """The limit is over. Not an Exception, so that a learner's `except Exception` does not swallow it."""


@dataclass(frozen=True)
class Outcome:
    """What one call gave: its value or its error, and the names of arguments it changed in place."""

    value: object = None
    error: BaseException | None = None
    changed: tuple[str, ...] = ()


class _Nowhere(io.TextIOBase):
    """Takes what is printed and keeps only whether anything was: an endless loop that prints must not fill memory."""

    used = False

    def write(self, text):
        self.used = True
        return len(text)


def run(function, cases, names, seconds=None):
    """The outcomes of the function on each tuple of arguments, and whether it printed anything.

    Raises TimeUp when all calls together take longer than `seconds`, and KeyboardInterrupt when the user stops them.
    """

    def work():
        return [_outcome(function, arguments, names) for arguments in cases]

    nowhere = _Nowhere()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(_Nowhere()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        outcomes = work() if seconds is None else limited(work, seconds)
    return outcomes, nowhere.used


def _outcome(function, arguments, names):
    """One call on a copy of the arguments."""
    copies = copy.deepcopy(arguments)
    try:
        value = function(*copies)
    except (KeyboardInterrupt, TimeUp):
        raise
    except BaseException as error:  # SystemExit too: a learner's exit() must not end the kernel
        return Outcome(error=error)
    pairs = zip(names, arguments, copies, strict=False)
    return Outcome(value=value, changed=tuple(name for name, before, after in pairs if _differ(before, after)))


def _differ(before, after):
    if not isinstance(before, np.ndarray | list | tuple | dict):
        return False  # numbers and texts cannot change, and of other objects (a generator, a model) one expects it
    try:
        return difference(before, after, tolerance=0.0) is not None
    except Exception:  # something was put in that cannot be compared
        return True


def limited(call, seconds):
    """The result of call(), or TimeUp after so many seconds."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _with_alarm(call, seconds)
    return _in_thread(call, seconds)


def _with_alarm(call, seconds):
    def ring(signum, frame):
        raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    try:
        try:
            # It rings again and again, for code such as `while True: try ... except: pass` that swallows the first.
            signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
            return call()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        # Once more: the alarm may have rung on the way into the inner `finally`.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)


def _in_thread(call, seconds):
    """For Windows and for threads other than the main one, where there is no alarm."""
    results, errors = [], []

    def work():
        try:
            results.append(call())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:
        over = thread.is_alive()
        # Ask a few times, as with the alarm; code that sits in a long C call is left behind as a daemon.
        for _ in range(20):
            if not thread.is_alive():
                break
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeUp))
            thread.join(0.1)
    if over:
        raise TimeUp
    if errors:
        raise errors[0]
    return results[0]
