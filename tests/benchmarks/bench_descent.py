"""Lesson 03: the landscape in one call, and how long its figures take to follow a slider."""

import time

import numpy as np

from course_utils.from_scratch.descent import landscape
from course_utils.visuals import descent, descent_chain, descent_fitting, descent_gallery, descent_tricks

LIMIT = 50  # milliseconds


def shortest(function, repeats=9):
    """Milliseconds of processor time of the shortest of several runs; other programs can only make a run longer."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def changing(figure, name, values):
    """A function that moves a control on to the next of two values each time."""
    turn = iter(values * 100)
    return lambda: figure.set(**{name: next(turn)})


def rows():
    x, t = descent.examples()
    w1, w2 = np.meshgrid(np.linspace(-4, 4, 100), np.linspace(-4, 4, 100), sparse=True)
    race = descent.race()
    measured = {
        "landscape, 100 x 100 places, 200 examples": lambda: landscape(w1, w2, x, t),
        "race: scrub": changing(race, "step", [20, 120]),
        "race: another rate, four walks of 200 steps": changing(race, "rate", [0.11, 0.2]),
        "steps on one weight": changing(descent.one_weight([1.0, 2.0], [1.0, 2.0]), "rate", [0.1, 0.2]),
        "net for paper": changing(descent_chain.paper_net(), "x", [1.0, 2.0]),
        "weight decay": changing(descent_fitting.decay_explorer(), "strength", ["0", "0.01"]),
        "what helps": changing(descent_fitting.remedies(), "place", [1.0, 2.0]),
        "dashboard: first weights": changing(descent_tricks.dashboard(), "start", ["He", "Glorot"]),
        "failure gallery": changing(descent_gallery.gallery(), "training", ["A", "B"]),
    }
    result = []
    for name, function in measured.items():
        value = shortest(function)
        result.append({"name": name, "value": round(value, 1), "limit": LIMIT, "unit": "ms", "holds": value <= LIMIT})
    return result


if __name__ == "__main__":
    for row in rows():
        print(row)
