"""The recorded games of lesson 07. Each is remade, in at most twenty minutes on two quiet cores, by one of::

    python -m course_utils.keras_tools.gan_studies judge         the classifier that measures (first: the rest needs it)
    python -m course_utils.keras_tools.gan_studies film          digits from noise, three seeds, and the film
    python -m course_utils.keras_tools.gan_studies conditional   digits as asked for
    python -m course_utils.keras_tools.gan_studies failures      step sizes out of balance
    python -m course_utils.keras_tools.gan_studies cures         what helps a tilted game
    python -m course_utils.keras_tools.gan_studies fill          holes in 100 digits (needs film)
    python -m course_utils.keras_tools.gan_studies worlds        thin and thick digits, with and without the cycle loss
"""

import itertools
import sys
import time

import numpy as np

from course_utils.keras_tools.gan import (
    CALM,
    LOSSES,
    RATES,
    Game,
    discriminator,
    generator,
    noise,
    recorded_generator,
)
from course_utils.keras_tools.gan_measures import MEASURES, asked_for, halves, measures, real_to_real, train_judge
from course_utils.keras_tools.gan_uses import CYCLE, HOLES, Worlds, fill, hidden_error, hole, mean_fill, worlds

COMMAND = "python -m course_utils.keras_tools.gan_studies"
SEEDS = (0, 1, 2)
EARLY = 12  # steps whose losses are recorded where nothing else of the beginning is
COUNT = 898  # pictures for a measure: as many as the real ones
LAST = 3000
FILM = (0, 10, 20, 40, 60, 80, 100, 130, 160, 200, 250, 300, 350, 400, 500, 600, 700, 800, 900, 1000, 1200, 1400, 1600,
        1800, 2000, 2200, 2400, 2600, 2800, LAST)  # fmt: skip


def grey(pictures):
    """Pictures 0..1 as uint8."""
    return np.round(255 * np.asarray(pictures)).astype(np.uint8)


def go(game, steps, look):
    """Play on to each of ``steps``; gives {name: array (steps, ...)}: losses (the mean since the last look) and what
    ``look(game)``, a dict, sees there."""
    rows = []
    for step in steps:
        told = game.run(step - game.steps) if step > game.steps else {}
        losses = {name: float(np.mean(told[name])) if told.get(name) else np.nan for name in LOSSES}
        rows.append(losses | look(game))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def packed(model):
    """The weights of a model as arrays of float16 by number."""
    return {f"weights/{number}": weight.astype(np.float16) for number, weight in enumerate(model.get_weights())}


def until(steps, stop):
    """The recorded steps up to ``stop``; all for None."""
    return tuple(step for step in steps if stop is None or step <= stop)


def judge_run(steps=500):
    """What ``judge`` records: the weights."""
    return {f"weights/{number}": weight for number, weight in enumerate(train_judge(0, steps).get_weights())}


def film(stop=None):
    """What ``film`` records; stop: a short remake up to that step."""
    shown, many, (x, _) = noise(25, seed=7), noise(COUNT, seed=8), halves()[0]
    runs = []
    for seed in SEEDS:
        start, game = time.perf_counter(), Game(x, planned=LAST, seed=seed)

        def look(game, start=start):
            now = {"seconds": time.perf_counter() - start, "pictures": grey(game.make(shown))}
            return now | (measures(game.make(many)) if stop is None else {})

        runs.append(go(game, until(FILM, stop), look))
        print(seed, {name: runs[-1][name][-1] for name in MEASURES if name in runs[-1]}, flush=True)
        if seed == 0:
            weights = packed(game.averaged())
    arrays = {name: np.stack([run[name] for run in runs], axis=1) for name in runs[0] if name in LOSSES + MEASURES}
    return {"steps": np.array(until(FILM, stop)), "pictures": runs[0]["pictures"], "seconds": runs[0]["seconds"],
            **arrays, "noise": shown, "real_to_real": np.array(real_to_real()), **weights}


ASKED = np.repeat(np.arange(10), 4)


def conditional(stop=None):
    """What ``conditional`` records."""
    shown, many, (x, y) = noise(len(ASKED), seed=7), noise(COUNT, seed=8), halves()[0]
    labels = np.arange(COUNT) % 10
    game = Game(x, y, planned=LAST, seed=0)

    def look(game):
        if stop is not None:
            return {"pictures": grey(game.make(shown, ASKED))}
        made = game.make(many, labels)
        return {"pictures": grey(game.make(shown, ASKED)), "asked": asked_for(made, labels)} | measures(made)

    run = go(game, until(FILM, stop), look)
    return {"steps": np.array(until(FILM, stop)), **run, "labels": ASKED, "noise": shown, **packed(game.averaged())}


FAILURES = (0, 20, 50, 100, 200, 300, 450, 600, 800)
# How many times larger the generator's step size is than the discriminator's, their product held.
RATIOS = (1 / 1024, 1 / 64, 1 / 8, 1, 8, 64, 1024)


def unbalanced(ratio, **options):
    """A game whose generator takes steps ``ratio`` times as large as the discriminator's; more options as of Game."""
    (x, _), _ = halves()
    middle = (RATES[0] * RATES[1]) ** 0.5
    return Game(x, rates=(middle * ratio**0.5, middle / ratio**0.5), batch=64, **options)


def failures(stop=None):
    """What ``failures`` records: one game for each ratio of the step sizes."""
    shown, many, runs = noise(16, seed=7), noise(COUNT, seed=8), []
    for ratio in RATIOS:

        def look(game):
            return {"pictures": grey(game.make(shown))} | (measures(game.make(many)) if stop is None else {})

        runs.append(go(unbalanced(ratio, calm=0), until(FAILURES, stop), look))
        print(f"{ratio:.4f}", {name: np.round(values[-1], 2) for name, values in runs[-1].items() if values.ndim == 1},
              flush=True)
    arrays = {name: np.stack([run[name] for run in runs], axis=1) for name in runs[0]}
    return {"steps": np.array(until(FAILURES, stop)), **arrays, "ratio": np.array(RATIOS)}


TILTS = (64, 1 / 64)  # the ratios at which the cures are tried: a hasty generator, a hasty discriminator
CURES = {
    "none": lambda: {},
    "smooth labels": lambda: {"smooth": 0.1},
    "noise on all pictures": lambda: {"networks": (generator(), discriminator(jitter=0.3))},
    "dropout": lambda: {"networks": (generator(), discriminator(dropout=0.4))},
    "a calm discriminator": lambda: {"calm": CALM},
}
BALANCED = {"balanced steps": lambda: {}, "balanced and calm": lambda: {"calm": CALM}}


def tilted(name, seed, ratio):
    """The unbalanced game with the cure of that name; the cures in BALANCED set the ratio to 1."""
    import keras

    keras.utils.set_random_seed(seed)  # for the networks of the cures
    options = {"calm": 0, **(CURES | BALANCED)[name]()}
    return unbalanced(1 if name in BALANCED else ratio, seed=seed, **options)


def cures(steps=800):
    """What ``cures`` records: both tilted games with each cure over three seeds; pictures of seed 0."""
    shown, many, known = noise(16, seed=7), noise(COUNT, seed=8), {}
    names, rows = [*CURES, *BALANCED], []
    for ratio, name, seed in itertools.product(TILTS, names, SEEDS):
        key = 1 if name in BALANCED else ratio, name, seed
        if key not in known:
            game = tilted(name, seed, ratio)
            early = game.run(EARLY)["generator"]
            game.run(steps - EARLY)
            known[key] = measures(game.make(many)) | {"early": early, "pictures": grey(game.make(shown))}
            print(*key, {measure: known[key][measure] for measure in MEASURES}, flush=True)
        rows.append(known[key])
    shape = len(TILTS), len(names), len(SEEDS)
    arrays = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    arrays = {key: values.reshape(*shape, *values.shape[1:]) for key, values in arrays.items()}
    return {"tilts": np.array(TILTS), "cures": np.array(names), **arrays, "pictures": arrays["pictures"][:, :, 0]}


def filled():
    """What ``fill`` records: holes of three kinds in 100 pictures of the judge's half; settings: from the first 100."""
    model, pictures = recorded_generator(), halves()[1][0][100:200]
    masks = np.stack([hole(kind) for kind in HOLES])
    made = [fill(model, pictures, mask)[0] for mask in masks]
    errors = [hidden_error(some, pictures, mask) for some, mask in zip(made, masks, strict=True)]
    means = [hidden_error(mean_fill(pictures, mask), pictures, mask) for mask in masks]
    for kind, error, mean in zip(HOLES, errors, means, strict=True):
        print(kind, "better than the mean picture:", (error < mean).mean(), "errors:", error.mean(), mean.mean())
    return {"mask": np.array(list(HOLES)), "masks": masks, "pictures": pictures, "filled": grey(made),
            "error": np.array(errors), "mean_error": np.array(means)}


WAYS = {"with cycle loss": (CYCLE, True), "without": (0.0, True), "with, no shortcut": (CYCLE, False)}


def translations(steps=600, seeds=SEEDS):
    """What ``worlds`` records."""
    thin, thick, _ = worlds()[2]
    rows, early, there, returned = [], [], [], []
    for way, (weight, shortcut) in WAYS.items():
        for seed in seeds:
            game = Worlds(weight, shortcut=shortcut, seed=seed)
            early.append(game.run(EARLY)["cycle"])
            game.run(steps - EARLY)
            rows.append(game.measures())
            print(way, seed, rows[-1], flush=True)
            if seed == seeds[0]:
                there.append(grey(game.there(thin[:16])))
                returned.append(grey(game.back(game.there(thin[:16]))))
    arrays = {name: np.array([row[name] for row in rows]).reshape(len(WAYS), -1) for name in rows[0]}
    return {"thin": thin[:16], "thick": thick[:16], "ways": np.array(list(WAYS)), "there": np.stack(there),
            "returned": np.stack(returned), "early": np.array(early).reshape(len(WAYS), -1, EARLY), **arrays}


RECORDS = {"judge": judge_run, "film": film, "conditional": conditional, "failures": failures, "cures": cures,
           "fill": filled, "worlds": translations}
FIXED = ("noise", "labels", "real_to_real", "ratio")


def remake(name, **options):
    """Make and store one recording, named ``gan_<name>``."""
    from course_utils.datasets.recordings import write

    start, arrays = time.perf_counter(), RECORDS[name](**options)
    fixed = [key for key in arrays if key in FIXED or key.startswith("weights/")] if "steps" in arrays else []
    seconds = time.perf_counter() - start
    write(f"gan_{name}", arrays, seed=0, command=f"{COMMAND} {name}", fixed=fixed, notes=f"made in {seconds:.0f} s")
    print(f"gan_{name}: {seconds:.0f} s")


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    for chosen in sys.argv[1:] or RECORDS:
        remake(chosen)
