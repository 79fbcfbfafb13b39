"""The exercises of lesson 07: references, fresh inputs, and the mistakes that learners really make."""
import numpy as np

from course_utils.from_scratch.gan import softplus
from course_utils.from_scratch.neuron import sigmoid

from ..compare import difference
from ..registry import exercise

# --- gan.lesson_for_d ----------------------------------------------------------------------------------------------


def _crowds(rng):
    return np.round(rng.normal(size=(3, 4)), 2), np.round(rng.normal(size=(2, 4)), 2)


def _taught(real, made, at_real=1.0, at_made=0.0):
    return np.concatenate([real, made]), np.r_[np.full(len(real), at_real), np.full(len(made), at_made)]


exercise(
    "gan.lesson_for_d",
    reference=_taught,
    inputs=_crowds,
    wrong=[
        (lambda real, made: _taught(real, made, 0.0, 1.0),
         "The targets are swapped: D is the chance that a picture is *real*, so real ones have the target 1."),
        (lambda real, made: (np.concatenate([made, real]), _taught(real, made)[1]),
         "The pictures and the targets stand in a different order: you put the made pictures first, but the targets of "
         "the real ones."),
        (lambda real, made: _taught(real, made, 1.0, 1.0),
         "The made pictures have the target 1 too. That is what the *generator* wishes; the discriminator must be told "
         "the truth."),
        (lambda real, made: (np.concatenate([real, made]), np.full(len(real) + len(made), 0.5)),
         "½ is what the discriminator says when it can *no longer* tell them apart. As targets it needs the truth, 1 "
         "or 0."),
        (lambda real, made: (np.concatenate([real, made]), np.r_[1.0, 0.0]),
         "One target for each *crowd* is too few: give one for each picture, as many as x has rows."),
        (lambda real, made: (real, np.ones(len(real))),
         "The made pictures are missing. From real ones alone nobody learns what made ones look like."),
        (lambda real, made: (_taught(real, made)[0], _taught(real, made)[1][:, None]),
         "Your targets are a *column*, (n, 1). One number for each row is asked for, (n,): subtracted from a row of n "
         "answers, a column silently gives an n × n table."),
    ],
    compare=lambda expected, got: difference(expected, got, kinds=False),  # the targets may be whole numbers
    hints=("First all real pictures, then all made ones; the same order for the targets.",
           "np.concatenate joins them; np.ones(len(real)) and np.zeros(len(made)) are the two parts of t."),
)

# --- gan.best_d ----------------------------------------------------------------------------------------------------


def _heights(rng):
    p, q = np.round(rng.uniform(0.05, 1, 5), 2), np.round(rng.uniform(0.05, 1, 5), 2)
    q[0] = p[0]  # one place in equilibrium
    return p, q


exercise(
    "gan.best_d",
    reference=lambda p, q: p / (p + q),
    inputs=_heights,
    wrong=[
        (lambda p, q: q / (p + q),
         "Swapped: that is the chance that a point is *made*."),
        (lambda p, q: np.minimum(1.0, p / q),
         "Where both heights are equal you say 1. But then half of the points there are made: D → ½ in equilibrium, "
         "not 1."),
        (lambda p, q: np.where(p >= q, 1.0, 0.0),
         "You give a verdict, 0 or 1. D is a *chance*: where p = 0.6 and q = 0.4 it should be 0.6; being sure and "
         "wrong costs an endless ln 0."),
        (lambda p, q: p,
         "p alone does not know how many made points lie there. In equilibrium, p = q, the answer must be ½ whatever "
         "the height."),
        (lambda p, q: p / q,
         "That is the ratio of the heights, which can exceed 1. A chance divides by *all* points at that place."),
        (lambda p, q: p - q,
         "The difference is 0 in equilibrium. Of all points there, which *share* is real?"),
    ],
    hints=("At this place lie real points (as many as p says) and made ones (as many as q says). Which share is real?",
           "Divide p by the sum of both."),
)

# --- gan.loss_of_d -------------------------------------------------------------------------------------------------


def _logits(rng):
    return np.round(rng.normal(1, 2, 5), 2), np.round(rng.normal(-1, 2, 4), 2)


def _loss_of_d(real, made):
    return np.mean(softplus(-real)) + np.mean(softplus(made))


def _ln(d):
    return np.log(np.clip(d, 1e-12, 1))


exercise(
    "gan.loss_of_d",
    reference=_loss_of_d,
    inputs=_logits,
    wrong=[
        (lambda real, made: _loss_of_d(sigmoid(real), sigmoid(made)),
         "Two sigmoids: you squash the logits first, and then use a formula that does it again (`from_logits=True` "
         "together with a sigmoid at the end of the network). D can then never say less than ½ or more than 0.73."),
        (lambda real, made: np.mean(softplus(real)) + np.mean(softplus(-made)),
         "The labels are swapped: a large logit on a real picture should cost nothing."),
        (lambda real, made: -_loss_of_d(real, made),
         "That is V itself, which the discriminator makes *large*. A loss is to become small: turn the sign."),
        (lambda real, made: np.mean(softplus(-real)),
         "The made pictures are missing: a discriminator with this loss says “real” to everything."),
        (lambda real, made: np.mean(softplus(-real)) + np.mean(softplus(-made)),
         "The made pictures enter as if they were real. That term is the *generator's* loss."),
        (lambda real, made: np.sum(softplus(-real)) + np.sum(softplus(made)),
         "Sums instead of means: the loss then grows with the size of the batch."),
        (lambda real, made: (np.mean(softplus(-real)) + np.mean(softplus(made))) / 2,
         "Half of it: V is the *sum* of two means. In equilibrium the loss is ln 4, not ln 2."),
    ],
    hints=("−ln D for a real picture with logit s is softplus(−s); −ln(1 − D) for a made one is softplus(s).",
           "np.mean over the real ones plus np.mean over the made ones; np.logaddexp(0, s) is ln(1 + eˢ)."),
)

# --- gan.loss_of_g -------------------------------------------------------------------------------------------------

exercise(
    "gan.loss_of_g",
    reference=lambda made: np.mean(softplus(-made)),
    inputs=lambda rng: (np.round(rng.normal(-1, 2, 6), 2),),
    wrong=[
        (lambda made: np.mean(softplus(made)),
         "You gave the generator the *discriminator's* loss: it falls when made pictures are found out. The two want "
         "opposite things."),
        (lambda made: -np.mean(softplus(made)),
         "That is the minimax loss, ln(1 − D). It is right, but flat where D is near 0, at the start. Wanted is the "
         "non-saturating one, −ln D."),
        (lambda made: np.mean(softplus(-sigmoid(made))),
         "A sigmoid too many: softplus takes the logit itself."),
        (lambda made: -np.mean(softplus(-made)),
         "The sign is turned around: this becomes small when the discriminator is *not* fooled."),
        (lambda made: np.mean(1 - sigmoid(made)),
         "Without the logarithm the slope dies when D is near 0: that is where a generator begins."),
        (lambda made: np.sum(softplus(-made)),
         "A sum instead of a mean: the loss then grows with the size of the batch."),
    ],
    hints=("The generator wants D to be large on what it made. Which loss has a discriminator for *real* pictures?",
           "−ln D with logit s is softplus(−s): the mean of np.logaddexp(0, −made)."),
)

# --- gan.turn_of_g -------------------------------------------------------------------------------------------------


def _linear_game(rng):
    z = np.round(rng.normal(size=6), 2)
    a, b, w = (float(np.round(rng.uniform(0.3, 1.5) * rng.choice([-1, 1]), 2)) for _ in range(3))
    return a, b, w, z, float(rng.choice([0.1, 0.5]))


def _slope(a, b, w, z):
    return sigmoid(w * (a * z + b)) - 1


def _turn(a, b, w, z, rate, slope=None, both=False, w_in=True, up=False):
    slope = _slope(a, b, w, z) if slope is None else slope
    move = (-1 if up else 1) * rate
    own = w if w_in else 1.0
    after = w - move * np.mean(slope * (a * z + b)) if both else w
    return a - move * np.mean(slope * own * z), b - move * np.mean(slope * own), after


exercise(
    "gan.turn_of_g",
    reference=_turn,
    inputs=_linear_game,
    wrong=[
        (lambda a, b, w, z, rate: _turn(a, b, w, z, rate, both=True),
         "The gradient has flowed into the discriminator as well: w must hold still in the generator's turn. Otherwise "
         "the discriminator learns to be fooled."),
        (lambda a, b, w, z, rate: (a, b, _turn(a, b, w, z, rate, both=True)[2]),
         "You moved the wrong player: it is the generator's turn, a and b move, w holds still."),
        (lambda a, b, w, z, rate: _turn(a, b, w, z, rate, up=True),
         "The step goes *up* the loss: subtract rate times the gradient."),
        (lambda a, b, w, z, rate: _turn(a, b, w, z, rate, w_in=False),
         "w is missing in the chain. It holds still, but the slope must pass *through* it: dL/da = dL/ds · w · z."),
        (lambda a, b, w, z, rate: _turn(a, b, w, z, rate, slope=sigmoid(w * (a * z + b))),
         "D instead of D − 1: that is the slope of the *discriminator's* loss on made points. The generator would "
         "learn to be found out."),
        (lambda a, b, w, z, rate: _turn(a, b, w, z, rate * len(z)),
         "A sum over the batch; the loss is a mean."),
    ],
    hints=("Chain: noise z → point a z + b → logit s = w (a z + b) → loss, whose slope for s is D − 1.",
           "da = np.mean((D − 1) · w · z), db = np.mean((D − 1) · w). Return a − rate · da, b − rate · db, and w as it "
           "was."),
)

# --- gan.coverage --------------------------------------------------------------------------------------------------


def _chances(rng):
    """100 to 300 rows: some classes often and surely, one just often enough, two too seldom, one often but unsurely."""
    often, times = rng.integers(1, 6), int(rng.integers(1, 4))
    order, n = rng.permutation(10), 100 * times
    classes = np.repeat(np.r_[order[:often], order[6:]], times * np.array([*[10] * often, 2, 1, 1, 20]))
    sure = np.full(n, 0.95)
    sure[len(classes) - 20 * times : len(classes)] = 0.7
    classes = np.concatenate([classes, np.repeat(order[0], n - len(classes))])
    rows = (1 - sure[:, None]) / 9 * np.ones(10)
    rows[np.arange(n), classes] = sure
    return (rows[rng.permutation(n)],)


def _two_pictures(chances):
    counted = chances.argmax(axis=1)[chances.max(axis=1) >= 0.9]
    return int(np.sum(np.bincount(counted, minlength=10) >= 2))


def _coverage(chances, sure=0.9, least=0.02):
    counted = chances.argmax(axis=1)[chances.max(axis=1) >= sure]
    return int(np.sum(np.bincount(counted, minlength=10) >= least * len(chances)))


exercise(
    "gan.coverage",
    reference=_coverage,
    inputs=_chances,
    wrong=[
        (lambda chances: _coverage(chances, sure=0.0),
         "You count pictures of which the judge is not sure. Only those with a largest probability of at least 0.9 "
         "count."),
        (lambda chances: _coverage(chances, least=0.0),
         "You count all ten classes: one that never appears has a count of 0, which is not enough."),
        (lambda chances: _coverage(chances, least=0.001),
         "One lucky picture is no coverage: a class needs at least 2 of 100 pictures."),
        (lambda chances: _coverage(chances, least=0.021),
         "*At least* 2 of 100: a class that has exactly 2 counts as well, so compare with >=."),
        (_two_pictures, "2 of 100, not 2: with 898 pictures a class needs 18."),
        (lambda chances: float(np.mean(chances.max(axis=1) >= 0.9)),
         "That is the share *recognized*. A generator that makes a single perfect 3 again and again gets 1 there."),
        (lambda chances: _coverage(chances) / 10,
         "Wanted is the *number* of classes, 0 to 10, not the share of the ten."),
    ],
    hints=("Keep the rows with chances.max(axis=1) >= 0.9; of these the classes are argmax(axis=1).",
           "np.bincount(classes, minlength=10) counts; compare with 0.02 · len(chances), and sum the truth values."),
)

# --- gan.batch_norm_mode -------------------------------------------------------------------------------------------


def _normal_inputs(rng):
    z = np.round(rng.normal(2, 3, (4, 3)), 2)
    return z, np.round(rng.normal(size=3), 2), np.round(rng.uniform(0.5, 2, 3), 2), bool(rng.integers(0, 2))


def _normal(z, mean, variance, training):
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
    return (z - mean) / np.sqrt(variance + 0.001)


exercise(
    "gan.batch_norm_mode",
    reference=_normal,
    inputs=_normal_inputs,
    samples=12,
    wrong=[
        (lambda z, mean, variance, training: _normal(z, mean, variance, True),
         "The training flag is not used: a picture now depends on which others are made with it, and a single one "
         "becomes all zeros here."),
        (lambda z, mean, variance, training: _normal(z, mean, variance, False),
         "The training flag is missing the other way: in training the batch's own mean and variance are taken."),
        (lambda z, mean, variance, training: _normal(z, mean, variance, not training),
         "The flag is turned around: the stored numbers are for *after* the training."),
        (lambda z, mean, variance, training:
         (z - (z.mean(axis=0) if training else mean)) / np.sqrt(z.var(axis=0) + 0.001),
         "Only the mean follows the flag: the variance must come from the same place."),
        (lambda z, mean, variance, training:
         (z - z.mean()) / np.sqrt(z.var() + 0.001) if training else _normal(z, mean, variance, False),
         "One mean for everything: each *column*, each neuron, has its own (axis=0)."),
    ],
    hints=("In training: z.mean(axis=0) and z.var(axis=0). Otherwise: the two that are given.",
           "Choose mean and variance by an if, then one formula for both: (z − mean) / np.sqrt(variance + 0.001)."),
)

# --- gan.ask -------------------------------------------------------------------------------------------------------


def _ask_inputs(rng):
    labels = rng.integers(0, 10, 3)
    labels[0] = rng.choice([3, 9])  # the last column must be there, also where no 9 is asked for
    return np.round(rng.normal(size=(3, 2)), 2), labels


def _ask(noise, labels):
    return np.concatenate([noise, np.eye(10)[labels]], axis=1)


exercise(
    "gan.ask",
    reference=_ask,
    inputs=_ask_inputs,
    wrong=[
        (lambda noise, labels: np.column_stack([noise, labels]),
         "The class as one number says that a 9 is nine times a 1, and 4 lies between 3 and 5. Give it as ten numbers, "
         "one of them 1."),
        (lambda noise, labels: np.concatenate([np.eye(10)[labels], noise], axis=1),
         "The class comes first in your rows; wanted is the noise first."),
        (lambda noise, labels: np.concatenate([noise, np.eye(10)[labels - 1]], axis=1),
         "Off by one: class 0 has its 1 in the *first* of the ten places."),
        (lambda noise, labels: np.concatenate([noise, np.eye(labels.max() + 1)[labels]], axis=1),
         "There are ten classes, whichever of them are asked for: the rows are always ten longer than the noise."),
        (lambda noise, labels: np.concatenate([noise, np.tile(np.eye(10)[labels[0]], (len(noise), 1))], axis=1),
         "All rows have the class of the first picture: each row has its own."),
        (lambda noise, labels: np.eye(10)[labels],
         "The noise is missing: every 7 would be the same 7."),
    ],
    hints=("np.eye(10)[k] is a row of ten zeros with a 1 at place k; it takes an array of classes as well.",
           "np.concatenate([noise, …], axis=1)"),
)

# --- gan.misfit ----------------------------------------------------------------------------------------------------


def _hole_inputs(rng):
    mask = rng.random((28, 28)) < 0.4
    return np.round(rng.random((3, 28, 28)), 2), np.round(rng.random((28, 28)), 2), mask


def _misfit(made, picture, hidden):
    return np.sqrt(np.mean((made - picture)[:, ~hidden] ** 2, axis=1))


exercise(
    "gan.misfit",
    reference=_misfit,
    inputs=_hole_inputs,
    wrong=[
        (lambda made, picture, hidden: np.sqrt(np.mean((made - picture) ** 2, axis=(1, 2))),
         "You look at the hidden pixels too. That is cheating: in a real hole nobody knows them."),
        (lambda made, picture, hidden: _misfit(made, picture, ~hidden),
         "The mask is turned around: `hidden` is True where the picture is *not* known."),
        (lambda made, picture, hidden: np.sqrt(np.mean(((made - picture) * ~hidden) ** 2, axis=(1, 2))),
         "You divide by all pixels, hidden ones too. The mean goes over the visible ones."),
        (lambda made, picture, hidden: np.mean((made - picture)[:, ~hidden] ** 2, axis=1),
         "The root is missing."),
        (lambda made, picture, hidden: np.sqrt(np.mean((made - picture)[:, ~hidden] ** 2)),
         "One number for all: each of the made pictures needs its own, for the best one is to be found."),
    ],
    hints=("(made − picture) has the shape (n, 28, 28); [:, ~hidden] keeps the visible pixels of each, as (n, k).",
           "Square, mean over axis=1, root."),
)

# --- gan.cycle_loss ------------------------------------------------------------------------------------------------


def _cycle_inputs(rng):
    return tuple(np.round(rng.random((3, 4)), 2) for _ in range(6))


def _away(a, b):
    return np.mean(np.abs(a - b))


exercise(
    "gan.cycle_loss",
    reference=lambda thin, made_thick, thin_again, thick, made_thin, thick_again:
        _away(thin_again, thin) + _away(thick_again, thick),
    inputs=_cycle_inputs,
    wrong=[
        (lambda thin, made_thick, thin_again, thick, made_thin, thick_again:
         _away(made_thick, thin) + _away(made_thin, thick),
         "You punish the *way there*: then nothing may change at all. The cycle loss compares start and return."),
        (lambda thin, made_thick, thin_again, thick, made_thin, thick_again:
         _away(made_thick, thick) + _away(made_thin, thin),
         "These are no pairs: the thin digit in row 1 and the thick digit in row 1 are different digits."),
        (lambda thin, made_thick, thin_again, thick, made_thin, thick_again: _away(thin_again, thin),
         "One way round only: thick → thin → thick counts as well."),
        (lambda thin, made_thick, thin_again, thick, made_thin, thick_again:
         np.mean((thin_again - thin) ** 2) + np.mean((thick_again - thick) ** 2),
         "Squares: wanted is the mean absolute difference. Squares forgive a slight blur everywhere."),
        (lambda thin, made_thick, thin_again, thick, made_thin, thick_again:
         np.mean(thin_again - thin) + np.mean(thick_again - thick),
         "Without absolute values too dark and too light cancel."),
        (lambda thin, made_thick, thin_again, thick, made_thin, thick_again:
         _away(thin_again, thick) + _away(thick_again, thin),
         "Each digit must return to *itself*: thin_again to thin, thick_again to thick."),
    ],
    hints=("Two round trips; each compares what came back with what was sent.",
           "np.mean(np.abs(thin_again − thin)) plus the same for thick."),
)
