"""The exercises of lesson 03's second sitting: batch normalization, the failure gallery and six mended programs.

`descent.py` imports this file, so that the exercises are found under their topic.
"""
import numpy as np

from course_utils.datasets.descent_runs import FAULTS

from ..compare import difference
from ..registry import exercise

# --- descent.normalized_sums -------------------------------------------------------------------------------------

exercise(
    "descent.normalized_sums",
    reference=lambda z, epsilon: (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + epsilon),
    inputs=lambda rng: (np.round(rng.normal(2, 3, (6, 4)), 2), 0.1),
    wrong=[
        (lambda z, epsilon: (z - z.mean(axis=1, keepdims=True)) / np.sqrt(z.var(axis=1, keepdims=True) + epsilon),
         "You normalize the rows, one example at a time. Each *neuron* is a column: axis=0, over the batch."),
        (lambda z, epsilon: (z - z.mean()) / np.sqrt(z.var() + epsilon),
         "One mean for the whole table: each neuron needs its own, axis=0."),
        (lambda z, epsilon: (z - z.mean(axis=0)) / (z.var(axis=0) + epsilon),
         "You divide by the variance. The spread is its root."),
        (lambda z, epsilon: (z - z.mean(axis=0)) / (z.std(axis=0) + epsilon),
         "`epsilon` stands beside the spread; here it belongs to the variance, under the root."),
        (lambda z, epsilon: z / np.sqrt(z.var(axis=0) + epsilon), "The mean stays in: take it away first."),
        (lambda z, epsilon: (z - z.mean(axis=0)) / z.std(axis=0),
         "`epsilon` is missing: a neuron that gives the same to all would be divided by 0."),
    ],
    hints=("Mean and variance of every column: np.mean(z, axis=0) and np.var(z, axis=0).",
           "Take the mean away, then divide by np.sqrt(variance + epsilon)."),
)

# --- descent.name_faults -----------------------------------------------------------------------------------------

RIGHT = dict(zip("ABCDEF", [name for name in FAULTS if name != "sound"], strict=True))


def _named(**changed):
    return lambda: {**RIGHT, **changed}


def _told(expected, got):
    """None, or how many letters are right, without telling which name belongs where."""
    if not isinstance(got, dict) or set(got) != set(RIGHT):
        return difference(expected, got)
    unknown = [name for name in got.values() if name not in RIGHT.values()]
    if unknown:
        return f"there is no fault {unknown[0]!r}, expected one of {', '.join(sorted(RIGHT.values()))}"
    apart = [letter for letter in RIGHT if got[letter] != expected[letter]]
    return None if not apart else f"{len(RIGHT) - len(apart)} of 6 are right; look again at {', '.join(apart)}"


exercise(
    "descent.name_faults",
    reference=lambda: dict(RIGHT),
    inputs=lambda rng: (),
    samples=1,
    compare=_told,
    wrong=[
        (_named(C="rate too high", F="sum for mean"),
         "Four are right. The two with equal curves are swapped: whose *slopes* are too large in the very first step, "
         "before any damage is done?"),
        (_named(B="dead ReLUs", D="inputs not normalized"),
         "Four are right. In both of the others nothing fires any more, but look at where the inputs lie: in one of "
         "them that alone explains it."),
        (_named(A="test data leaked", E="shuffled labels"),
         "Four are right. One of the others is too good to be true, below what is possible; one never gets better "
         "than guessing on test data. Which is which?"),
        (_named(C="rate too high", F="rate too high"),
         "Each fault occurs once. Two trainings jump about in the same way; their first slopes differ."),
    ],
    hints=("Inputs first, then activations, then the first slopes, each against the sound one. What is left shows in "
           "the curves: compare the test loss with the best possible.",
           "The one with inputs far from 0, the one with all activations 0 from the start, the one with first slopes "
           "twenty times as large: that makes three."),
)

# --- descent.shuffled --------------------------------------------------------------------------------------------


def _shuffle_right(x, t, rng):
    order = rng.permutation(len(x))
    return x[order], t[order]


def _rows_stay_together(expected, got):
    """None if both hold the same pairs of rows in some order that is not always the old one; else a clause."""
    if not isinstance(got, (tuple, list)) or len(got) != 2 or not all(isinstance(part, np.ndarray) for part in got):
        return "the result is no pair of arrays, expected the inputs and the targets"
    for name, want, have in zip(("inputs", "targets"), expected, got, strict=True):
        if want.shape != have.shape:
            return f"the {name} have shape {have.shape}, expected {want.shape}"
    tables = [np.column_stack(pair) for pair in (expected, got)]
    same = [table[np.lexsort(table.T)] for table in tables]
    if not np.allclose(*same):
        return "inputs and targets no longer belong together, expected the same pairs in another order"
    moved = [not np.allclose(table[:, 0], np.sort(table[:, 0])) for table in tables]
    return None if moved[0] == moved[1] else "the order is the old one, expected a random one"


exercise(
    "descent.shuffled",
    reference=_shuffle_right,
    inputs=lambda rng: (np.sort(rng.normal(size=(9, 2)), axis=0), np.round(rng.normal(size=(9, 1)), 2), rng),
    compare=_rows_stay_together,
    wrong=[
        (lambda x, t, rng: (x[rng.permutation(len(x))], t[rng.permutation(len(t))]),
         "Two permutations are two different orders. Draw *one* and use it for both."),
        (lambda x, t, rng: (x[rng.permutation(len(x))], t), "The targets stay where they were: move them along."),
        (lambda x, t, rng: (x, t), "Nothing is shuffled: every epoch would see the examples in the same order."),
    ],
    hints=("A permutation is a list of positions. How many do you need?",
           "order = rng.permutation(len(x)); then x[order] and t[order]."),
)

# --- descent.layer_gradient --------------------------------------------------------------------------------------

exercise(
    "descent.layer_gradient",
    reference=lambda a, errors: (a.T @ errors / len(a), errors.mean(axis=0)),
    inputs=lambda rng: (np.round(rng.normal(size=(5, 3)), 2), np.round(rng.normal(size=(5, 2)), 2)),
    wrong=[
        (lambda a, errors: (a.T @ errors, errors.sum(axis=0)),
         "That is still the sum: with larger batches the steps grow. Divide by the number of examples."),
        (lambda a, errors: (a.T @ errors / len(a), errors.sum(axis=0)),
         "The biases still get the sum; average them too."),
        (lambda a, errors: (a.T @ errors / a.shape[1], errors.mean(axis=0)),
         "You divide by the number of neurons. The mean runs over the *examples*, the rows."),
        (lambda a, errors: (a.T @ errors / errors.size, errors.mean(axis=0)),
         "You divide by all entries of the table. The mean runs over the examples only: len(a)."),
        (lambda a, errors: (a.T @ errors / len(a), errors.mean(axis=1)),
         "The biases are averaged along the wrong axis: one number per neuron, so over the rows."),
    ],
    hints=("a.T @ errors adds up over the examples. What makes a mean of a sum?", "Divide by len(a); for the biases, "
           "errors.mean(axis=0)."),
)

# --- descent.normalized ------------------------------------------------------------------------------------------


def _scaled(x, mean, spread):
    return (x - mean) / spread


exercise(
    "descent.normalized",
    reference=lambda train_x, test_x: (_scaled(train_x, train_x.mean(axis=0), train_x.std(axis=0)),
                                       _scaled(test_x, train_x.mean(axis=0), train_x.std(axis=0))),
    inputs=lambda rng: (np.round(rng.normal((170, 70), (9, 12), (8, 2)), 1),
                        np.round(rng.normal((172, 72), (9, 12), (4, 2)), 1)),
    wrong=[
        (lambda train_x, test_x: tuple(_scaled(x, x.mean(axis=0), x.std(axis=0)) for x in (train_x, test_x)),
         "The test data are measured by their own mean and spread. Then equal people get different numbers: use those "
         "of the training data for both."),
        (lambda train_x, test_x: tuple(_scaled(x, *(lambda both: (both.mean(axis=0), both.std(axis=0)))(
            np.vstack([train_x, test_x]))) for x in (train_x, test_x)),
         "The test data have leaked into mean and spread. Measure both on the training data alone."),
        (lambda train_x, test_x: tuple(_scaled(x, train_x.mean(), train_x.std()) for x in (train_x, test_x)),
         "One mean for all features: every feature (column) needs its own, axis=0."),
        (lambda train_x, test_x: tuple(_scaled(x, train_x.mean(axis=0), train_x.var(axis=0))
                                       for x in (train_x, test_x)),
         "You divide by the variance. The spread is its root, x.std(axis=0)."),
        (lambda train_x, test_x: (_scaled(train_x, train_x.mean(axis=0), train_x.std(axis=0)), test_x),
         "The test data stay raw: the net would see numbers of another world."),
    ],
    hints=("Two numbers for each feature, measured once. On which data?",
           "mean, spread = train_x.mean(axis=0), train_x.std(axis=0); use both for both tables."),
)

# --- descent.split -----------------------------------------------------------------------------------------------

exercise(
    "descent.split",
    reference=lambda x, t, n_test: (x[:-n_test], t[:-n_test], x[-n_test:], t[-n_test:]),
    inputs=lambda rng: (np.round(rng.normal(size=(9, 2)), 1), rng.integers(0, 2, 9) * 1.0, int(rng.integers(2, 4))),
    wrong=[
        (lambda x, t, n_test: (x, t, x[-n_test:], t[-n_test:]),
         "The test examples are still among the training examples. Leave the last n_test out of those."),
        (lambda x, t, n_test: (x[-n_test:], t[-n_test:], x[:-n_test], t[:-n_test]),
         "The two parts are swapped: training data first."),
        (lambda x, t, n_test: (x[:n_test], t[:n_test], x[n_test:], t[n_test:]),
         "You cut n_test off the *front* and train on these few. Test on the last n_test."),
        (lambda x, t, n_test: (x[:-n_test], t[:-n_test], x[-n_test - 1:], t[-n_test - 1:]),
         "Off by one: one example is in both parts."),
    ],
    hints=("x[-n_test:] are the last ones. How do you write all but the last?",
           "x[:-n_test] are all but the last n_test."),
)

# --- descent.first_layer -----------------------------------------------------------------------------------------


def _like(expected, got):
    """None if the weights are spread alike and the biases equal: which numbers are drawn does not matter."""
    if not isinstance(got, (tuple, list)) or len(got) != 2 or not all(isinstance(part, np.ndarray) for part in got):
        return "the result is no pair of arrays, expected weights and biases"
    for name, want, have in zip(("weights", "biases"), expected, got, strict=True):
        if want.shape != have.shape:
            return f"the {name} have shape {have.shape}, expected {want.shape}"
    (want_w, want_b), (have_w, have_b) = expected, got
    if abs(have_w.std() / want_w.std() - 1) > 0.12:
        return f"the spread of the weights is {have_w.std():.3g}, expected about {want_w.std():.3g}"
    if abs(have_b.mean() - want_b.mean()) > 0.05:
        return f"the mean of the biases is {have_b.mean():.3g}, expected {want_b.mean():.3g}"
    return None


def _layer(spread, bias=0.0):
    return lambda n_in, n_out, rng: (rng.normal(0, spread(n_in, n_out), (n_in, n_out)), np.full(n_out, bias))


exercise(
    "descent.first_layer",
    reference=_layer(lambda n_in, n_out: np.sqrt(2 / n_in)),
    inputs=lambda rng: (int(rng.integers(30, 60)), int(rng.integers(90, 150)), rng),
    compare=_like,
    wrong=[
        (_layer(lambda n_in, n_out: np.sqrt(2 / n_in), -4.0),
         "The biases are still −4: no sum gets above zero, so no neuron fires and none can learn. Begin at 0."),
        (_layer(lambda n_in, n_out: 2 / n_in),
         "2 / n_in is the *variance*. rng.normal wants the spread, its root."),
        (_layer(lambda n_in, n_out: np.sqrt(1 / n_in)),
         "The 2 is missing: ReLU cuts half of the signal off, so He doubles the variance."),
        (_layer(lambda n_in, n_out: np.sqrt(2 / n_out)),
         "You use n_out. A sum has as many terms as there are *inputs*: n_in."),
        (_layer(lambda n_in, n_out: np.sqrt(2 / (n_in + n_out))),
         "That is Glorot's spread, made for tanh. He's depends on n_in alone."),
        (_layer(lambda n_in, n_out: np.sqrt(2 / n_in), 1.0),
         "With all biases at 1 most neurons fire for everything. At 0 about half of them do."),
    ],
    hints=("He's variance is 2 / n_in. And a bias of which size favors neither side?",
           "rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)) and np.zeros(n_out)."),
)

# --- descent.next_rate -------------------------------------------------------------------------------------------


def _rate_inputs(rng):
    before = float(np.round(rng.uniform(0.2, 1), 2))
    after = float(rng.choice([before * 0.8, before * 1.5, np.nan, np.inf, before]))
    return float(np.round(rng.uniform(0.1, 2), 2)), before, after


exercise(
    "descent.next_rate",
    reference=lambda rate, loss_before, loss_after: rate if loss_after <= loss_before else rate / 2,
    inputs=_rate_inputs,
    samples=24,
    wrong=[
        (lambda rate, loss_before, loss_after: rate / 2 if loss_after > loss_before else rate,
         "nan slips through: every comparison with nan is False, also `nan > loss_before`. Turn the question around, "
         "or ask np.isfinite."),
        (lambda rate, loss_before, loss_after: rate, "The rate never changes, as in the broken line."),
        (lambda rate, loss_before, loss_after: rate / 2,
         "You halve it always, and soon it creeps. Only if the loss grew."),
        (lambda rate, loss_before, loss_after: rate if loss_after > loss_before else rate / 2,
         "The wrong way around: a falling loss is a good sign."),
        (lambda rate, loss_before, loss_after: rate if loss_after < loss_before else rate / 2,
         "A loss that stayed exactly the same has not grown: keep the rate then."),
    ],
    hints=("When is everything all right? Ask for that, and halve in every other case.",
           "if loss_after <= loss_before: keep. For nan that is False, so it is halved, as it should be."),
)
