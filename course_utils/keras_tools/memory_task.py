"""Who remembers? Delayed recall: the first of many symbols, asked for after the last; by distance, over five seeds.

The recording ``rnn_recall`` is made anew by::

    python -m course_utils.keras_tools.memory_task
"""

import time

import numpy as np

from course_utils.from_scratch._checks import checked, one_of, whole

COMMAND = "python -m course_utils.keras_tools.memory_task"
SYMBOLS, NOISE = 8, 4  # the kinds of symbol to remember, and of those that come between; chance is 1/8
UNITS, BATCH, RATE, EVERY, UPDATES = 32, 32, 3e-3, 25, 250
DISTANCES, SEEDS = (10, 30, 60, 100), (0, 1, 2, 3, 4)
# The layer, the spectral radius of its recurrent matrix (of each gate's block), and the bias of the gate that keeps.
VARIANTS = {
    "RNN, radius 1": ("rnn", 1.0, 0.0),
    "RNN, radius 0.9": ("rnn", 0.9, 0.0),
    "GRU": ("gru", 1.0, 0.0),
    "LSTM, forget bias 1": ("lstm", 1.0, 1.0),
    "LSTM, forget bias 5": ("lstm", 1.0, 5.0),
}


@checked(n=whole(1), distance=whole(1), seed=whole(0))
def recall_batch(n, distance, seed=0):
    """Sequences one-hot (n, distance + 1, 12), float32, and the symbol to recall, (n,) from 0 to 7.

    The first symbol is one of 8; then come ``distance`` others, each one of 4 that are never asked for.
    """
    rng = np.random.default_rng((seed, distance))
    first, between = rng.integers(SYMBOLS, size=(n, 1)), rng.integers(NOISE, size=(n, distance)) + SYMBOLS
    return np.eye(SYMBOLS + NOISE, dtype=np.float32)[np.hstack([first, between])], first[:, 0]


@checked(variant=one_of(*VARIANTS), distance=whole(1), seed=whole(0))
def recall_model(variant, distance, seed=0):
    """A layer of 32 units that reads the sequence, and eight logits from its last hidden state; ready to train.

    Everything that starts a layer is fixed: input weights as Glorot and Bengio draw them; recurrent weights orthogonal
    times the radius, so that every eigenvalue is as long as the radius; biases 0 but for the gate that keeps.
    """
    import keras

    keras.utils.set_random_seed(seed)
    kind, radius, bias = VARIANTS[variant]
    options = {"kernel_initializer": "glorot_uniform", "recurrent_initializer": keras.initializers.Zeros()}
    layer = {"rnn": keras.layers.SimpleRNN, "gru": keras.layers.GRU, "lstm": keras.layers.LSTM}[kind](UNITS, **options)
    model = keras.Sequential([keras.Input((distance + 1, SYMBOLS + NOISE)), layer, keras.layers.Dense(SYMBOLS)])
    kernel, recurrent, biases = layer.get_weights()
    rng, biases = np.random.default_rng(seed), np.zeros_like(biases)
    blocks = [radius * np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0] for _ in range(recurrent.shape[1] // UNITS)]
    if kind != "rnn":
        keeps = slice(UNITS, 2 * UNITS) if kind == "lstm" else slice(UNITS)
        biases[(..., keeps) if kind == "lstm" else (0, keeps)] = bias
    layer.set_weights([kernel, np.hstack(blocks), biases])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=RATE, clipnorm=1.0), metrics=["accuracy"],
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


@checked(distance=whole(1), updates=whole(EVERY), seed=whole(0))
def train_recall(variant, distance, updates=UPDATES, seed=0, *, model=None, callbacks=()):
    """Train one network; gives (accuracy (updates // 25,) on 500 fresh sequences, processor seconds an update).

    Every network of a seed sees the same sequences. The seconds leave out the first 25 updates (Keras compiles then)
    and the tests. model: one from an earlier call for the same variant and distance, which is begun anew (that saves
    the compiling).
    """
    fresh = recall_model(variant, distance, seed)
    if model is None:
        model = fresh
    else:
        model.set_weights(fresh.get_weights())
        for variable in model.optimizer.variables:
            if "learning_rate" not in variable.path:
                variable.assign(np.zeros(variable.shape, variable.dtype))
    clock = _clock()
    history = model.fit(_batches(distance, seed), steps_per_epoch=EVERY, epochs=updates // EVERY,
                        validation_data=recall_batch(500, distance, 10_000 + seed), validation_batch_size=500,
                        shuffle=False, verbose=0, callbacks=[clock, *callbacks]).history
    return np.array(history["val_accuracy"]), float(np.median(clock.took[1:] or clock.took)) / EVERY


def _batches(distance, seed):
    step = 0
    while True:
        yield recall_batch(BATCH, distance, (seed + 1) * 100_000 + step)
        step += 1


def _clock():
    """A callback whose ``took`` holds the processor's seconds of each epoch, without its test."""
    import keras

    class Clock(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.took = []

        def on_epoch_begin(self, epoch, logs=None):
            self.began = time.process_time()

        def on_test_begin(self, logs=None):
            self.took.append(time.process_time() - self.began)

    return Clock()


def record(variants=tuple(VARIANTS), distances=DISTANCES, seeds=SEEDS, updates=UPDATES):
    """What the recording holds; with fewer variants, distances, seeds or updates a short remake."""
    scores = np.zeros((len(variants), len(distances), len(seeds), updates // EVERY))
    seconds = np.zeros((len(variants), len(distances)))
    for row, variant in enumerate(variants):
        for column, distance in enumerate(distances):
            model, took = recall_model(variant, distance), []
            for place, seed in enumerate(seeds):
                scores[row, column, place], one = train_recall(variant, distance, updates, seed, model=model)
                took.append(one)
            seconds[row, column] = np.median(took)
            last = np.round(scores[row, column, :, -1], 2)
            print(f"{variant}, distance {distance}: {last}, {1000 * seconds[row, column]:.1f} ms an update", flush=True)
    return {"variants": np.array(variants), "distances": np.array(distances), "seeds": np.array(seeds),
            "updates": EVERY * (1 + np.arange(updates // EVERY)), "accuracy": scores, "seconds_per_update": seconds}


def equal_updates(recording):
    """Accuracy (variant, distance, seed) after all updates, the same number for every network."""
    return recording.arrays["accuracy"][..., -1]


def seconds_an_update(recording):
    """Processor seconds of one update (variant, distance): variants of one kind compute the same and share a mean."""
    kinds = np.array([VARIANTS[str(name)][0] for name in recording.arrays["variants"]])
    return np.array([recording.arrays["seconds_per_update"][kinds == kind].mean(axis=0) for kind in kinds])


def equal_seconds(recording):
    """Accuracy (variant, distance, seed) when the quickest kind at that distance has done all its updates."""
    accuracy, updates = recording.arrays["accuracy"], recording.arrays["updates"]
    seconds = seconds_an_update(recording)
    done = updates[-1] * seconds.min(axis=0) / seconds  # so many updates each has done by then
    rows = np.searchsorted(updates, np.round(done, 6), side="right") - 1
    found = np.take_along_axis(accuracy, np.maximum(rows, 0)[..., None, None], axis=-1)[..., 0]
    return np.where(rows[..., None] < 0, 1 / SYMBOLS, found)  # before the first test: chance


def main():
    """Make and store the recording."""
    from course_utils.datasets.recordings import write
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    write("rnn_recall", record(), seed=0, command=COMMAND,
          notes="accuracy[variant, distance, seed, test]; chance 0.125; seconds of the processor on one thread")


if __name__ == "__main__":
    main()
