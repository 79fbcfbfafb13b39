"""Training against attacks, and the recorded runs of lesson 08 about it.

Each batch is attacked with the weights of the moment, and the network learns from the attacked pictures with their true
labels (A. Madry and others, "Towards Deep Learning Models Resistant to Adversarial Attacks", 2018). The recordings are
made anew by one of::

    python -m course_utils.keras_tools.robust training
    python -m course_utils.keras_tools.robust transfer
    python -m course_utils.keras_tools.robust pixels
"""
import sys

import numpy as np

from course_utils.from_scratch._checks import checked, real, whole
from course_utils.keras_tools import attacks
from course_utils.keras_tools.models import BATCH, as_input, digit_cnn, placed_cnn, shaken

COMMAND = "python -m course_utils.keras_tools.robust"
EPSILON = 32 / 255  # what the recorded networks are trained against
LEVELS = (0, 4, 8, 16, 24, 32, 48)  # of 255: where they are measured
EVERY = 32  # steps between two measurements of a recorded training
COPIES, EPOCHS = 8, 4
SEEDS = (0, 1, 2)


def data():
    """(x, y), (test x, test y) of ``digits()``: float32 pictures with a channel, int32 labels."""
    from course_utils.datasets import digits

    return tuple((as_input(pictures), labels.astype("int32")) for pictures, labels in digits())


@checked(epsilon=real(0), steps=whole(0), rate=real(above=0), seed=whole(0))
def train_against(model, batches, epsilon, *, steps=7, rate=3e-3, seed=0, watch=None, stop=None,
                  live=None):
    """Train ``model`` on ``batches``, a list of (pictures, labels), after attacking each with PGD of ``steps`` steps.

    steps=0 trains on the pictures as they are. Every attack begins at a random point of the ball, so that a network
    cannot learn to be flat just where the attack starts. Adam, the step size falling from ``rate`` to 0 along half a
    cosine; ``watch(number of steps)`` is called at the start and after each. ``stop`` ends the training after so many
    batches, as if the rest were still to come. ``live``, a LivePlot, shows the loss and lets Jupyter's stop button end
    the training after the batch at work, with what was learned until then.
    """
    import keras

    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=keras.optimizers.schedules.CosineDecay(rate, len(batches))),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,  # for so short a training XLA costs more memory and time than it gives back
    )
    generator = np.random.default_rng(seed)
    some = batches[:stop]
    for number, (pictures, labels) in enumerate(live.watch(some) if live else some):
        if watch:
            watch(number)
        loss = model.train_on_batch(_attacked(model, pictures, labels, epsilon, steps, generator), labels)
        if live:
            live.log(loss=float(np.ravel(loss)[0]))
    if watch:
        watch(len(some))
    return model


def _attacked(model, pictures, labels, epsilon, steps, generator):
    """PGD from one random point. A single step is 1.25 ε (E. Wong and others, "Fast is better than free", 2020)."""
    now, attack = pictures, attacks.loss_and_gradient(model)
    if steps:
        now = np.clip(pictures + generator.uniform(-epsilon, epsilon, pictures.shape), 0, 1).astype("float32")
    for _ in range(steps):
        _, gradient = attack(now, labels)
        step = np.float32((1.25 if steps == 1 else 2.5 / steps) * epsilon)
        now = attacks.project(now + step * np.sign(gradient), pictures, epsilon)
    return now


def shuffled_batches(x, y, *, copies=COPIES, epochs=EPOCHS, seed=0):
    """The batches of a training: ``copies`` shaken copies of the pictures, in another order in every epoch."""
    x = shaken(np.tile(x[..., 0], (copies, 1, 1)), seed)[..., None]
    y = np.tile(y, copies)
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(len(x)) for _ in range(epochs)]
    return [(x[part], y[part]) for order in orders for part in np.array_split(order, -(-len(x) // BATCH))]


def robust_accuracy(model, x, y, level, *, restarts=1, steps=10):
    """Share of pictures still right after the strongest of 1 + ``restarts`` PGD attacks of ``level`` grey levels."""
    if not level:
        return attacks.accuracy(model, x, y)
    return attacks.accuracy(model, attacks.pgd(model, x, y, level / 255, steps=steps, restarts=restarts), y)


def _fresh(seed):
    import keras

    keras.utils.set_random_seed(seed)
    return digit_cnn(weights=None)


def record_training(seeds=SEEDS, stop=None):
    """What ``training`` records: three networks trained with PGD, three without, measured on the way and at the end.

    stop: a short remake, of so many steps, which follows the recording up to there.
    """
    (x, y), (tx, ty) = data()
    arrays = {"levels": np.array(LEVELS)}
    for kind, steps in (("plain", 0), ("robust", 7)):
        clean, attacked, final = [], [], []
        for seed in seeds:
            model, rows = _fresh(seed), []

            def watch(step, model=model, rows=rows):
                if step % EVERY == 0:
                    rows.append((step, attacks.accuracy(model, tx[:200], ty[:200]),
                                 robust_accuracy(model, tx[:200], ty[:200], 32, restarts=0)))

            batches = shuffled_batches(x, y, seed=seed)
            train_against(model, batches, EPSILON, steps=steps, seed=seed, watch=watch, stop=stop)
            rows = np.array(rows)
            arrays["steps"] = rows[:, 0].astype(int)
            clean.append(rows[:, 1])
            attacked.append(rows[:, 2])
            if stop is None:
                final.append([robust_accuracy(model, tx, ty, level) for level in LEVELS])
                print(kind, seed, final[-1], flush=True)
            if kind == "robust" and seed == seeds[0]:
                arrays |= {f"weights/{_name(v)}": v.numpy() for v in model.weights}
        arrays |= {f"{kind}_clean": np.array(clean).T, f"{kind}_attacked": np.array(attacked).T,
                   f"{kind}_levels": np.array(final)}
    return arrays


def _name(variable):
    return variable.path.partition("/")[2]


def robust_cnn():
    """The recorded ``digit_cnn`` that was trained against PGD of 32 grey levels (seed 0)."""
    from course_utils.datasets import recordings

    arrays = recordings.read("adversarial_training").arrays
    model = digit_cnn(weights=None)
    model.set_weights([arrays[f"weights/{_name(variable)}"] for variable in model.weights])
    return model


def five_models():
    """Five untrained networks for the same digits: (name, model). Two differ in nothing but their random start."""
    import keras

    def named(name, *layers):
        return keras.Sequential([keras.Input((28, 28, 1)), *layers], name=name)

    keras.utils.set_random_seed(11)
    layers = keras.layers
    return {
        "CNN": _fresh(11),
        "CNN, other start": _fresh(12),
        "CNN, 5×5 kernels": named("wide", layers.Conv2D(12, 5, strides=2, activation="relu"),
                                  layers.Conv2D(24, 5, strides=2, activation="relu"), layers.Flatten(),
                                  layers.Dense(10)),
        "dense 128": named("dense", layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)),
        "linear": named("linear", layers.Flatten(), layers.Dense(10)),
    }


def record_transfer(epochs=EPOCHS, copies=COPIES, levels=(8, 16, 32, 48)):
    """What ``transfer`` records: accuracy of each network on the pictures made with each other one, and on noise."""
    (x, y), (tx, ty) = data()
    models = five_models()
    for seed, model in enumerate(models.values()):
        train_against(model, shuffled_batches(x, y, copies=copies, epochs=epochs, seed=20 + seed), 0, steps=0)
    table = np.zeros((len(levels), len(models), len(models)))
    noise = np.zeros((len(levels), len(models)))
    generator = np.random.default_rng(0)
    for i, level in enumerate(levels):
        signs = generator.choice([-1, 1], tx.shape)
        noisy = np.clip(tx + signs * level / 255, 0, 1).astype("float32")
        noise[i] = [attacks.accuracy(model, noisy, ty) for model in models.values()]
        for j, source in enumerate(models.values()):
            attacked = attacks.pgd(source, tx, ty, level / 255, steps=10)
            table[i, j] = [attacks.accuracy(model, attacked, ty) for model in models.values()]
    clean = np.array([attacks.accuracy(model, tx, ty) for model in models.values()])
    return {"levels": np.array(levels), "names": np.array(list(models)), "clean": clean, "noise": noise, "table": table}


def record_pixels(count=150):
    """What ``pixels`` records: the lead of a wrong class after every single-pixel change of ``count`` test pictures.

    Only pictures that the network gets right; ``digits`` keeps every lead, ``placed`` (36 × 36) the best of each
    picture. ``evolved`` is the lead that differential evolution reached on the same pictures.
    """
    from course_utils.datasets import placed_digits

    model, placed = digit_cnn(), placed_cnn()
    _, (x, y) = data()
    _, (px, py) = placed_digits()
    px, py = as_input(px), py.astype("int32")
    right = np.flatnonzero(attacks.logits(model, x).argmax(axis=1) == y)[:count]
    placed_right = np.flatnonzero(attacks.logits(placed, px).argmax(axis=1) == py)[:count]
    leads = np.stack([attacks.pixel_leads(model, x[i], y[i])[0] for i in right])
    evolved = attacks.one_pixel(model, x[right], y[right])
    best = [attacks.pixel_leads(placed, px[i], py[i])[0].max() for i in placed_right]
    return {
        "which": right, "leads": leads.astype("float16"), "placed_which": placed_right, "placed_best": np.array(best),
        "evolved": attacks.lead(attacks.logits(model, evolved), y[right]),
        "before": attacks.lead(attacks.logits(model, x[right]), y[right]),
    }


RECORDS = {"training": record_training, "transfer": record_transfer, "pixels": record_pixels}
FIXED = ("levels", "plain_levels", "robust_levels")


def remake(name):
    """Make and store one recording, named ``adversarial_<name>``."""
    import time

    from course_utils.datasets.recordings import write

    start = time.perf_counter()
    arrays = RECORDS[name]()
    seconds = time.perf_counter() - start
    fixed = [key for key in arrays if key in FIXED or key.startswith("weights/")] if "steps" in arrays else []
    write(f"adversarial_{name}", arrays, seed=0, command=f"{COMMAND} {name}", fixed=fixed,
          notes=f"{seconds:.0f} s on two cores")
    print(f"adversarial_{name}: {seconds:.0f} s")


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    for chosen in sys.argv[1:] or RECORDS:
        remake(chosen)
