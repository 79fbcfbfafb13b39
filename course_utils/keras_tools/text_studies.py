"""The recorded character models of lesson 05, and the model of this course's own words.

The recordings are made anew by one of::

    python -m course_utils.keras_tools.text_studies markup     RNN, GRU, LSTM: rnn_markup and rnn_markup_film
    python -m course_utils.keras_tools.text_studies longest    the LSTM alone, twice as long: rnn_markup_longest
    python -m course_utils.keras_tools.text_studies words      test loss against amount of text: rnn_course_words
"""

import sys
import time
from functools import cache

import numpy as np

from course_utils.datasets._folder import data_folder
from course_utils.from_scratch._checks import checked, one_of, whole
from course_utils.keras_tools import text_models as models
from course_utils.keras_tools.text_models import KINDS, LIVE_STEPS, LONG_STEPS, MARK, PlainModel

COMMAND = "python -m course_utils.keras_tools.text_studies"
LONGEST_STEPS = 2 * LONG_STEPS
ROWS = (25, 50, 100, 200, 400, 800, 1200, 1600, 2000, 2800)  # steps after which the long training is looked at
TEMPERATURES = (0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)
WORD_STEPS, EARLY, AMOUNTS, WORD_SEEDS = 600, 25, (2_000, 8_000, 30_000, 72_000), (0, 1)


def recorded(kind="lstm"):
    """A recorded network as a PlainModel: "rnn", "gru", "lstm" of the long training; "longest": the LSTM's longest."""
    from course_utils.datasets.recordings import read

    kind = one_of(*KINDS, "longest")("recorded", "kind", kind)
    arrays = read("rnn_markup_longest" if kind == "longest" else "rnn_markup").arrays
    kind = "lstm" if kind == "longest" else kind
    return PlainModel(kind, [arrays[f"{kind}/{number}"] for number in range(5)], models.markup_letters())


def checkpoint(row=-1, film=None):
    """The LSTM as it was at one row of ``rnn_markup_film``, as a PlainModel. film: the recording, if already read."""
    from course_utils.datasets.recordings import read

    arrays = (film or read("rnn_markup_film")).arrays
    return PlainModel("lstm", [arrays[f"w{number}"][row] for number in range(5)], models.markup_letters())


def record_markup(kind, steps=LONG_STEPS, until=None):
    """Train one kind for ``steps`` and look at it on the way: dict of arrays with one row for each step looked at.

    until: a short remake of the beginning. The weights are in half precision, and what is said of them is measured with
    them as they are stored.
    """
    model, found = models.character_model(kind), {"steps": [], "loss": [], "share": [], "samples": [], "weights": []}
    seconds = 0.0
    for row in [row for row in ROWS if row < (until or steps)] + [until or steps]:
        began = time.process_time()
        models.train(model, steps, until=row)
        seconds += time.process_time() - began
        weights = [weight.astype(np.float16) for weight in model.get_weights()]
        plain = PlainModel(kind, weights, model.letters)
        texts = plain.sample(200, seed=row)
        for name, value in (("steps", row), ("loss", plain.loss(models.unseen(40))), ("weights", weights),
                            ("share", models.share_good(texts)), ("samples", texts[:4])):
            found[name].append(value)
        print(f"{kind}, step {row} of {steps}: loss {found['loss'][-1]:.3f}, share {found['share'][-1]}", flush=True)
    weights = {f"w{number}": np.array(rows) for number, rows in enumerate(zip(*found.pop("weights"), strict=True))}
    return {name: np.array(values) for name, values in found.items()} | weights, seconds / (until or steps)


def markup(runs=None):
    """Record the three networks of the long training, and of one as short as the live one.

    runs: for each kind what ``record_markup`` gives for the long and for the short training, where that is known.
    """
    from course_utils.datasets.recordings import write

    runs = runs or {kind: (record_markup(kind), record_markup(kind, LIVE_STEPS)) for kind in KINDS}
    long, short = [runs[kind][0][0] for kind in KINDS], [runs[kind][1][0] for kind in KINDS]
    write("rnn_markup_film", long[-1], seed=0, command=f"{COMMAND} markup", notes="the LSTM at its checkpoints")
    arrays = {"kinds": np.array(KINDS), "seconds_per_step": np.array([runs[kind][0][1] for kind in KINDS])}
    for kind, run in zip(KINDS, long, strict=True):
        arrays |= {f"{kind}/{number}": run[f"w{number}"][-1] for number in range(5)}
    plain = {kind: PlainModel(kind, [arrays[f"{kind}/{number}"] for number in range(5)], models.markup_letters())
             for kind in KINDS}
    shares = np.array([[models.share_good(one.sample(200, temperature, seed=7)) for one in plain.values()]
                       for temperature in TEMPERATURES])
    best = [models.depth_cell(one) for one in plain.values()]
    random = models.depth_cell(PlainModel.of(models.character_model("lstm")))
    arrays |= {
        "steps": long[0]["steps"], "loss": np.array([run["loss"] for run in long]).T,
        "share": np.array([run["share"] for run in long]).T, "samples": np.array([run["samples"][-1] for run in long]),
        "short_steps": np.array(LIVE_STEPS), "short_loss": np.array([run["loss"][-1] for run in short]),
        "short_share": np.array([run["share"][-1] for run in short]),
        "temperatures": np.array(TEMPERATURES), "shares": shares, "by_temperature": shares[:, -1],
        "floors": np.array([models.share_good(models.ngram().sample(200, one, seed=7)) for one in TEMPERATURES]),
        "floor": np.array(models.share_good(models.ngram().sample(200))),
        "floor_loss": np.array(models.ngram().loss(models.unseen(40))),
        "ceiling": np.array(models.share_good(models.unseen(200, seed=2))),
        "depth_cell": np.array([one["cell"] for one in best]),
        "depth_correlation": np.array([one["correlation"] for one in best]),
        "depth_correlation_random": np.array(random["correlation"]),
    }  # fmt: skip
    fixed = [name for name in arrays if name not in ("steps", "loss", "share")]
    write("rnn_markup", arrays, seed=0, command=f"{COMMAND} markup", fixed=fixed,
          notes="loss and share [step, kind], shares [temperature, kind]; seconds of the processor, on one thread")
    print({name: value for name, value in arrays.items() if value.size < 20})


def longest(run=None):
    """Record what twice as many steps make of the LSTM. run: what ``record_markup`` gives, where it is known."""
    from course_utils.datasets.recordings import write

    found, seconds = run or record_markup("lstm", LONGEST_STEPS)
    arrays = {f"lstm/{number}": found[f"w{number}"][-1] for number in range(5)}
    plain = PlainModel("lstm", [arrays[f"lstm/{number}"] for number in range(5)], models.markup_letters())
    best, shares = models.depth_cell(plain), [plain.sample(200, one, seed=7) for one in TEMPERATURES]
    arrays |= {"steps": found["steps"], "loss": found["loss"],
               "temperatures": np.array(TEMPERATURES), "shares": np.array([models.share_good(one) for one in shares]),
               "thousand": np.array(models.share_good(plain.sample(1000, seed=1))),
               "depth_cell": np.array(best["cell"]), "depth_correlation": np.array(best["correlation"]),
               "seconds_per_step": np.array(seconds)}  # fmt: skip
    fixed = [name for name in arrays if name not in ("steps", "loss")]
    write("rnn_markup_longest", arrays, seed=0, command=f"{COMMAND} longest", fixed=fixed,
          notes="shares [temperature] of 200 documents, thousand: of 1,000; seconds of the processor")
    print({name: value for name, value in arrays.items() if value.size < 20})


@cache
def course_words():
    """Paragraphs of this course's own lessons, frozen in ``data/course_words.txt``: (to learn from, to test with).

    Small letters, formulas replaced by x. Every tenth paragraph is for the test.
    """
    file = data_folder() / "course_words.txt"
    if not file.is_file():
        raise FileNotFoundError(f"course_words: {file} is missing, but it is part of the course: get it back with git.")
    lines = file.read_text(encoding="utf-8").splitlines()
    order = np.random.default_rng(0).permutation(len(lines))
    return [lines[k] for k in order if k % 10], [lines[k] for k in order if k % 10 == 0]


def word_letters():
    """Every character of the course's words, the mark first."""
    return MARK + "".join(sorted(set("".join("".join(part) for part in course_words()))))


@checked(amount=whole(300))
def first_words(amount):
    """The first paragraphs to learn from, together at least ``amount`` characters (all, if there are not so many)."""
    texts = course_words()[0]
    ends = np.cumsum([len(text) + 1 for text in texts])
    return texts[: int(np.searchsorted(ends, amount)) + 1]


def _pieces(texts):
    """Paragraphs cut to what a model takes at once."""
    return [text[: models.LONGEST] for text in texts]


def record_words(amounts=AMOUNTS, seeds=WORD_SEEDS, until=WORD_STEPS):
    """What the recording holds: the same number of steps on more and more text. until: a short remake of each."""
    test, letters, ngram, samples = _pieces(course_words()[1]), word_letters(), [], []
    train_loss, test_loss, early = np.zeros((3, len(amounts), len(seeds)))
    for row, amount in enumerate(amounts):
        texts = first_words(amount)
        ngram.append(models.Ngram(texts, letters=letters).loss(test))
        for column, seed in enumerate(seeds):
            model = models.character_model("lstm", letters, seed)
            models.train(model, WORD_STEPS, until=EARLY, texts=texts, seed=seed)
            early[row, column] = PlainModel.of(model).loss(test)
            models.train(model, WORD_STEPS, until=until, texts=texts, seed=seed)
            weights = [weight.astype(np.float16) for weight in model.get_weights()]
            plain = PlainModel("lstm", weights, letters)
            train_loss[row, column], test_loss[row, column] = plain.loss(_pieces(texts[:40])), plain.loss(test)
            if column == 0:
                samples.append(plain.sample(2, 0.7, seed=1, longest=200))
                kept = {f"lstm/{number}": weight for number, weight in enumerate(weights)}
            print(f"{amount} characters, seed {seed}: train {train_loss[row, column]:.3f}, "
                  f"test {test_loss[row, column]:.3f}, 5-gram {ngram[-1]:.3f}", flush=True)
    return {"amounts": np.array([sum(len(text) + 1 for text in first_words(amount)) for amount in amounts]),
            "train_loss": train_loss, "test_loss": test_loss, "early_loss": early, "ngram_loss": np.array(ngram),
            "uniform": np.array(np.log(len(letters))), "samples": np.array(samples),
            "training_steps": np.array(until), **kept}


def recorded_words():
    """The recorded model of the course's words, trained on all of them, as a PlainModel."""
    from course_utils.datasets.recordings import read

    arrays = read("rnn_course_words").arrays
    return PlainModel("lstm", [arrays[f"lstm/{number}"] for number in range(5)], word_letters())


def words():
    """Record the model of the course's words."""
    from course_utils.datasets.recordings import write

    arrays = record_words()
    write("rnn_course_words", arrays, seed=0, command=f"{COMMAND} words", notes="losses [amount, seed] in nats")
    print({name: value for name, value in arrays.items() if value.size < 20})


def main(asked):
    """Make the recordings named, or say which there are."""
    studies = {"markup": markup, "longest": longest, "words": words}
    if not asked or any(word not in studies for word in asked):
        print(f"text_studies: name one or more of {', '.join(studies)}.")
        return 2
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    for word in asked:
        studies[word]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
