"""Keras without log lines in the notebook: a quiet import, and a filter for what comes later.

TensorFlow, XLA and CUDA write their logs from C straight to file descriptor 2, before any Python setting can stop them,
and ipykernel shows all that arrives there in the cell. In a notebook, what Python itself prints or warns goes another
way, so none of it can get lost here.
"""
import atexit
import contextlib
import importlib
import os
import re
import select
import sys
import tempfile
import threading

# How a C++ log line begins: severity, month and day, time, thread, file.cc:line]; or a full date, then the severity.
_BEGINNING = rb"(?:%b\d{4} \d\d:\d\d[\d:.]*\s+\d+|\d{4}-\d\d-\d\d \d\d:\d\d:[\d.]+: %b) \S+\.(?:cc|cpp|cu|h):\d+\]"
# Information (I) and warnings (W) are noise; errors (E) are for the reader but for these, which tell of no error: CUDA
# libraries registered twice, a machine without a card, a slow compilation.
_NO_ERROR = rb".*(?:Unable to register cu|cuInit|computation placer already registered)"
NOISE = re.compile(
    b"|".join(
        (
            _BEGINNING % (b"[IW]", b"[IW]"),
            _BEGINNING % (b"E", b"E") + _NO_ERROR,
            rb"\S+ \S+ .*slow_operation_alarm\.cc:\d+\]",
            rb"WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR",
        )
    )
)
# Further lines of the same messages, noise only behind a line that was.
MORE_NOISE = re.compile(rb"To enable the following instructions: |\*{32,}\s*$|\[Compiling module |\s*$")
PATIENCE = 0.05  # seconds that the beginning of a line waits for its end
BACKENDS = ("tensorflow", "jax", "torch")
_lock = threading.Lock()
_installed = None


def import_keras():
    """Import Keras and let its backend look for a device, both without log lines; filter descriptor 2 from then on.

    Returns the module ``keras``. Calling it again costs nothing. If the import fails, what was written meanwhile is
    shown and the error goes on; a backend that KERAS_BACKEND names but that is not installed is a ModuleNotFoundError
    of one sentence.
    """
    global _installed
    with _lock:
        if _installed is None or "keras" not in sys.modules:
            with _shut():
                _import()
                device_words()
        # Elsewhere (Windows) ipykernel does not read descriptor 2, so nothing can get into a notebook that way.
        if os.name == "posix" and (_installed is None or not _installed.in_place()):
            _installed = _Filter()
    return sys.modules["keras"]


def device_words():
    """What the calculations run on, in words: "the processor (2 cores)" or, say, "NVIDIA H200"."""
    import keras

    graphics = {"tensorflow": _tensorflow_device, "jax": _jax_device, "torch": _torch_device}
    return graphics[keras.config.backend()]() or f"the processor ({cores_words()})"


def cores_words():
    """How many processor cores this process may use (not how many the machine has): "1 core", "2 cores"."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{cores} core" if cores == 1 else f"{cores} cores"


def _tensorflow_device():
    import tensorflow as tf

    cards = tf.config.list_physical_devices("GPU")
    return tf.config.experimental.get_device_details(cards[0]).get("device_name", "a graphics card") if cards else None


def _jax_device():
    import jax

    device = jax.devices()[0]
    return None if device.platform == "cpu" else device.device_kind


def _torch_device():
    import keras
    import torch

    kind = keras.ops.zeros(1).device.type  # where Keras really puts its arrays
    if kind == "cuda":
        return torch.cuda.get_device_name()
    return {"cpu": None, "mps": "the graphics processor of this Mac"}.get(kind, kind)


def _import():
    # TensorFlow turns oneDNN on by itself only for processors that have AVX-512 with VNNI or AMX; on an AMD EPYC
    # without them a step of lesson 04's training took 34 ms as it is and 18 ms with it. Who sets the variable wins.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    try:
        return importlib.import_module("keras")
    except ModuleNotFoundError as error:
        if error.name not in BACKENDS:
            raise
        raise ModuleNotFoundError(
            f"import_keras: Keras is told to use {error.name} (by KERAS_BACKEND or by its file keras.json), but that "
            "is not installed: install it, or set KERAS_BACKEND=tensorflow, and restart the kernel.",
            name=error.name,
        ) from error


@contextlib.contextmanager
def _shut():
    """Nothing comes through descriptor 2 in this block; if the block fails, all of it comes after all."""
    sys.stderr.flush()
    before = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            sys.stderr.flush()
            os.dup2(before, 2)
            os.close(before)
            kept.seek(0)
            written = kept.read()
            if failed:
                _write_all(2, written)
            elif _python_writes_to_2():  # then a Python warning may be among it
                lines = _Lines()
                _write_all(2, lines.feed(written) + lines.flush())


def _python_writes_to_2():
    try:
        return sys.stderr.fileno() == 2
    except (OSError, ValueError):  # a stream without a descriptor
        return False


class _Lines:
    """Takes bytes as they come, gives back those that are not noise, in order; holds the beginning of a line back."""

    def __init__(self):
        self._held = b""
        self._verdict = None  # on the current line, once its beginning went out: True for noise
        self._after_noise = False

    @property
    def waiting(self):
        return bool(self._held)

    def feed(self, chunk):
        *lines, self._held = (self._held + chunk).split(b"\n")
        out = b"".join(line + b"\n" for line in lines if not self._is_noise(line))
        if self._verdict is not None:  # the rest of a line on which the word is spoken needs no waiting
            rest, self._held = self._held, b""
            out += b"" if self._verdict else rest
        return out

    def flush(self):
        """What was held back, unless it is noise; what follows on the same line shares its fate."""
        rest, self._held = self._held, b""
        if not rest:
            return b""
        self._verdict = self._matches(rest)
        return b"" if self._verdict else rest

    def _is_noise(self, line):
        noise = self._matches(line) if self._verdict is None else self._verdict
        self._verdict, self._after_noise = None, noise
        return noise

    def _matches(self, line):
        return bool(NOISE.match(line) or (self._after_noise and MORE_NOISE.match(line)))


class _Filter:
    """Puts a pipe and a thread between descriptor 2 and what was there before.

    Processes started from here inherit the pipe. At the end of the interpreter everything that is still in it goes out.
    """

    def __init__(self):
        self._process = os.getpid()
        self._onward = os.dup(2)
        self._incoming, entrance = os.pipe()
        self._end, self._bell = os.pipe()
        self._entrance = os.fstat(entrance)
        sys.stderr.flush()
        os.dup2(entrance, 2)
        os.close(entrance)
        self._thread = threading.Thread(target=self._run, name="log filter", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def in_place(self):
        """Whether descriptor 2 still leads here."""
        return self._thread.is_alive() and os.path.samestat(os.fstat(2), self._entrance)

    def close(self):
        """Give descriptor 2 back and pass on what is left."""
        if os.getpid() != self._process or not self._thread.is_alive():
            return  # a forked child has no thread, and the pipe is its parent's
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        if self.in_place():
            os.dup2(self._onward, 2)
        os.write(self._bell, b"!")
        self._thread.join(timeout=2)

    def _run(self):
        lines, ending = _Lines(), False
        while True:
            patience = 0 if ending else PATIENCE if lines.waiting else None
            ready, _, _ = select.select([self._incoming] if ending else [self._incoming, self._end], [], [], patience)
            ending = ending or self._end in ready
            if self._incoming in ready:
                chunk = os.read(self._incoming, 65536)
                _write_all(self._onward, lines.feed(chunk))
                if chunk:
                    continue
            elif ready:
                continue
            _write_all(self._onward, lines.flush())
            if ending or self._incoming in ready:  # the latter: nobody holds the other end any more
                return


def _write_all(descriptor, data):
    with contextlib.suppress(OSError):  # nobody reads there any more: then go on emptying, so that no writer stalls
        while data:
            data = data[os.write(descriptor, data) :]
