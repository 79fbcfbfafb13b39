"""How the fast convolution compares with SciPy's, in the same run."""

import time

import numpy as np
from scipy.signal import correlate2d

from course_utils.from_scratch.convolution import convolve2d, convolve2d_loops

LIMIT = 1.0


def seconds(*functions, repeats):
    """The shortest of several runs of each, taken in turn, because other programs can only make a run longer."""
    times = [[] for _ in functions]
    for _ in range(repeats):
        for function, measured in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            measured.append(time.perf_counter() - start)
    return [min(measured) for measured in times]


def rows():
    rng = np.random.default_rng(0)
    image, kernel = rng.random((512, 512)), rng.normal(size=(5, 5))
    small = image[:64, :64]
    ours, scipys = seconds(
        lambda: convolve2d(image, kernel), lambda: correlate2d(image, kernel, mode="valid"), repeats=25
    )
    fast, loops = seconds(lambda: convolve2d(small, kernel), lambda: convolve2d_loops(small, kernel), repeats=3)
    return [
        {"name": "convolve2d 512×512, 5×5: ours / SciPy", "value": round(ours / scipys, 3), "limit": LIMIT,
         "unit": "times", "holds": ours <= LIMIT * scipys},
        {"name": "convolve2d 64×64, 5×5: loops / fast", "value": round(loops / fast), "limit": None,
         "unit": "times", "holds": True},
    ]


if __name__ == "__main__":
    for row in rows():
        print(row)
