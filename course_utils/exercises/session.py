"""The first line of every lesson: one look for all figures, fixed seeds, and a word about the machine."""

import logging
import platform
import random

import numpy as np
from IPython.display import display

from course_utils.exercises import earlier
from course_utils.from_scratch._checks import describe
from course_utils.keras_tools import quiet  # imports Keras only when asked to

_BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def start(keras=False, seed=0):
    """Set the style of figures and the seeds of random numbers, and print one line about versions and device.

    `keras=True` also loads Keras (some seconds, about 500 MB), without the log lines of its backend. `seed` is a whole
    number from 0 to 2**32 - 1. Calling it again starts the random numbers afresh. Where another lesson still runs on
    the same server, it also offers to shut that down.
    """
    if not isinstance(keras, bool):
        raise TypeError(f"start: keras is {describe(keras)}, expected True or False.")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**32:
        raise ValueError(f"start: seed is {describe(seed)}, expected a whole number from 0 to 2**32 - 1.")
    _hush_matplotlib()
    from course_utils.visuals import style  # only now: it imports Matplotlib, which is to be quiet by then

    style.use()
    random.seed(int(seed))
    np.random.seed(seed)  # noqa: NPY002 - for libraries that still draw from NumPy's global generator
    versions = [f"Python {_short(platform.python_version())}", f"NumPy {_short(np.__version__)}"]
    device = f"the processor ({quiet.cores_words()})"
    if keras:
        quiet.import_keras()
        import keras as library

        library.utils.set_random_seed(int(seed))
        backend = library.config.backend()
        versions.append(f"Keras {_short(library.__version__)} on {_BACKENDS.get(backend, backend)}")
        device = quiet.device_words()
    print(f"Course ready: {', '.join(versions)}, running on {device}")
    offered = earlier.offer()
    if offered is not None:
        display(offered)


def _hush_matplotlib():
    """Keep two messages of Matplotlib's first start out of the lesson; all its other messages still come."""
    for name, beginning in (
        ("matplotlib.font_manager", "Matplotlib is building the font cache"),
        ("matplotlib", "Matplotlib created a temporary cache directory"),
    ):
        logger = logging.getLogger(name)
        if not any(isinstance(known, _Without) for known in logger.filters):
            logger.addFilter(_Without(beginning))


class _Without(logging.Filter):
    """Drops messages that begin like this."""

    def __init__(self, beginning):
        super().__init__()
        self.beginning = beginning

    def filter(self, record):
        return not str(record.msg).startswith(self.beginning)


def _short(version):
    return ".".join(version.split(".")[:2])
