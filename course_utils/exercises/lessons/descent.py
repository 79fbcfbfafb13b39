"""The exercises of lesson 03: references, fresh inputs, and the mistakes that learners really make."""
import numpy as np

from course_utils.visuals.descent_chain import SLOPES, inspect
from course_utils.visuals.descent_chain import backward as _backward

from ..compare import difference
from ..registry import exercise
from . import descent_mend, descent_states  # noqa: F401 - they register the other exercises of this lesson

# --- descent.slope -----------------------------------------------------------------------------------------------


def _slope_inputs(rng):
    a, b, c = np.round(rng.uniform(-2, 2, 3), 1) + 0.05

    def f(w):
        return a * w**3 + b * w**2 + c * w

    return f, float(np.round(rng.uniform(0.5, 2), 1)), 0.01


exercise(
    "descent.slope",
    reference=lambda f, w, little: (f(w + little) - f(w - little)) / (2 * little),
    inputs=_slope_inputs,
    tolerance=1e-9,
    wrong=[
        (lambda f, w, little: (f(w + little) - f(w - little)) / little,
         "From one side to the other the run is *two* times `little`: your slope is twice too large."),
        (lambda f, w, little: (f(w + little) - f(w)) / little,
         "That is measured to one side only. Go to both sides: what the curve bends away there cancels out."),
        (lambda f, w, little: f(w + little) - f(w - little), "That is the rise. Divide it by the run."),
        (lambda f, w, little: (f(w - little) - f(w + little)) / (2 * little),
         "The sign is turned around: a function that grows has a positive slope."),
        (lambda f, w, little: (f(w + little) - f(w - little)) / 2 * little,
         "Brackets: Python divides by 2 and then *multiplies* by `little`. Put the whole run in brackets."),
    ],
    hints=("Compute f a little to the right and a little to the left. What is the rise, and how long is the run?",
           "The rise is f(w + little) - f(w - little), the run 2 * little."),
)

# --- descent.step_down -------------------------------------------------------------------------------------------

exercise(
    "descent.step_down",
    reference=lambda w, slope, eta: w - eta * slope,
    inputs=lambda rng: tuple(float(np.round(v, 2)) for v in (rng.normal(0, 2), rng.normal(0, 3) + 0.07, 0.05 + 0.3
                                                             * rng.random())),
    wrong=[
        (lambda w, slope, eta: w + eta * slope,
         "You climb. The slope points uphill, so the step is taken *away*: minus. (The lecture's slide has the plus.)"),
        (lambda w, slope, eta: w - slope, "The learning rate is missing, so the step is as long as the slope is."),
        (lambda w, slope, eta: -eta * slope, "That is the step alone. Add it to the old weight."),
        (lambda w, slope, eta: w - eta, "The slope is missing: every step has the same length and goes left."),
        (lambda w, slope, eta: w - slope / eta, "You divide by the rate: then a smaller rate makes a *longer* step."),
        (lambda w, slope, eta: w - eta * np.sign(slope),
         "Only the sign of the slope is used. Its size counts as well: steep means far."),
    ],
    hints=("A positive slope means that the loss grows to the right. Where do you go?",
           "The step is eta times the slope; take it away from w."),
)

# --- descent.net_loss --------------------------------------------------------------------------------------------


def _net_inputs(rng):
    n = int(rng.integers(4, 9))
    return (*(float(v) for v in np.round(rng.uniform(0.5, 2, 2), 1)), np.round(rng.normal(size=n), 1),
            np.round(rng.normal(size=n), 1))


def _errors(w1, w2, x, t):
    return w2 * np.tanh(w1 * x) - t


exercise(
    "descent.net_loss",
    reference=lambda w1, w2, x, t: float(0.5 * np.mean(_errors(w1, w2, x, t) ** 2)),
    inputs=_net_inputs,
    wrong=[
        (lambda w1, w2, x, t: float(np.mean(_errors(w1, w2, x, t) ** 2)),
         "The half is missing: the loss here is ½ of the mean squared error."),
        (lambda w1, w2, x, t: float(0.5 * np.sum(_errors(w1, w2, x, t) ** 2)),
         "You sum over the examples. Take the mean, or the height depends on how many there are."),
        (lambda w1, w2, x, t: float(np.sqrt(np.mean(_errors(w1, w2, x, t) ** 2))),
         "That is an RMSE, the root of the mean. The loss has no root, but a half."),
        (lambda w1, w2, x, t: float(0.5 * np.mean(_errors(w1, w2, x, t))),
         "The square is missing, so errors of opposite sign cancel out."),
        (lambda w1, w2, x, t: float(0.5 * np.mean((w2 * w1 * x - t) ** 2)),
         "The tanh is missing: without it the two weights act as one, w₁w₂."),
        (lambda w1, w2, x, t: float(0.5 * np.mean((np.tanh(w1 * w2 * x) - t) ** 2)),
         "w₂ multiplies what comes *out* of the tanh; you put it inside."),
        (lambda w1, w2, x, t: 0.5 * _errors(w1, w2, x, t) ** 2,
         "That is one number per example. Take their mean: a place has one height."),
    ],
    hints=("First the output y for all x at once. Then the errors, squared; then their mean; then a half.",
           "y = w2 * np.tanh(w1 * x), and np.mean((y - t) ** 2) is the mean squared error."),
)

# --- descent.momentum_step ---------------------------------------------------------------------------------------


def _momentum(w, v, g, eta, mu):
    v = mu * v - eta * g
    return w + v, v


exercise(
    "descent.momentum_step",
    reference=_momentum,
    inputs=lambda rng: (*(float(v) for v in np.round(rng.normal(0, 2, 3) + 0.03, 2)), 0.1, 0.9),
    wrong=[
        (lambda w, v, g, eta, mu: (w - eta * g, -eta * g),
         "The old velocity is lost: a share mu of it stays in the new one. Without it this is plain SGD."),
        (lambda w, v, g, eta, mu: (w + v, mu * v - eta * g),
         "You move with the *old* velocity. First compute the new one, then move by it."),
        (lambda w, v, g, eta, mu: (w + mu * v + eta * g, mu * v + eta * g),
         "The slope pulls you uphill: it enters the velocity with a minus."),
        (lambda w, v, g, eta, mu: (w - (mu * v - eta * g), mu * v - eta * g),
         "The velocity already points downhill. Add it to the weight."),
        (lambda w, v, g, eta, mu: (w + v - eta * g, v - eta * g),
         "All of the old velocity stays, so nothing brakes. Keep only the share mu."),
        (lambda w, v, g, eta, mu: (w + eta * (mu * v - g), mu * v - g),
         "The rate belongs to the slope, inside the velocity: mu * v − eta * g."),
        (lambda w, v, g, eta, mu: w + mu * v - eta * g,
         "You return the weight alone. The next step needs the velocity too: return both."),
    ],
    hints=("Two lines: first the new velocity, then the weight moves by it.",
           "v = mu * v - eta * g, then return w + v, v."),
)

# --- descent.backward --------------------------------------------------------------------------------------------


def _paper_inputs(rng):
    """x, t, w1, b1, w2, b2 as `descent_chain.forward` takes them, none of them 0 or 1, so that every mistake shows."""
    signs = rng.choice([-1.0, 1.0], 6)
    return tuple(float(v) for v in np.round(signs * rng.uniform(0.3, 1.6, 6) + 0.013, 3))


class _Slopes(dict):
    """The right slopes, with the numbers they belong to, which the inspector needs."""

    def __deepcopy__(self, memo):
        return self


def _right_slopes(*numbers):
    slopes = _Slopes(_backward(*numbers))
    slopes.numbers = numbers
    return slopes


def _inspected(expected, got):
    """None, or which slopes are wrong in themselves."""
    if not isinstance(got, dict) or set(got) != set(SLOPES):
        return difference(dict(expected), got)
    apart = difference(dict(expected), got, 1e-6, kinds=False)
    if apart is None or not isinstance(expected, _Slopes):
        return apart
    if not all(np.ndim(value) == 0 and isinstance(value, (int, float, np.generic)) for value in got.values()):
        return apart
    told = inspect(got, *expected.numbers)
    rest = len(SLOPES) - len(told)
    return f"{'; '.join(told)}; the other {rest} follow rightly" if told else apart


def _with(change):
    """A backward pass with one rule changed: change(name) may replace the rule for one slope."""
    def mistaken(x, t, w1, b1, w2, b2):
        a1 = 1 / (1 + np.exp(-(w1 * x + b1)))
        y = w2 * a1 + b2
        rules = {"dy": lambda d: y - t, "dw2": lambda d: d["dy"] * a1, "db2": lambda d: d["dy"],
                 "da1": lambda d: d["dy"] * w2, "dz1": lambda d: d["da1"] * a1 * (1 - a1),
                 "dw1": lambda d: d["dz1"] * x, "db1": lambda d: d["dz1"]}
        rules |= change(x=x, t=t, a1=a1, y=y, w1=w1, w2=w2)
        slopes = {}
        for name in SLOPES:
            slopes[name] = rules[name](slopes)
        return slopes
    return mistaken


def _twice(a):
    """σ′ wrongly taken at σ(z)."""
    s = 1 / (1 + np.exp(-a))
    return s * (1 - s)


exercise(
    "descent.backward",
    reference=_right_slopes,
    inputs=_paper_inputs,
    compare=_inspected,
    wrong=[
        (_with(lambda a1, **_: {"dz1": lambda d: d["da1"] * _twice(a1)}),
         "σ′ is taken at the wrong place: a₁ is σ(z₁) already, and you put it through σ once more. With a₁ at hand, σ′ "
         "is a₁(1 − a₁)."),
        (_with(lambda y, t, **_: {"dy": lambda d: t - y}),
         "All your slopes have the wrong sign, and `dy` is where it begins: output minus target."),
        (_with(lambda **_: {"dz1": lambda d: d["da1"]}),
         "The way through the sigmoid is missing: `dz1` is `da1` times σ′(z₁)."),
        (_with(lambda a1, **_: {"dz1": lambda d: d["da1"] * a1}),
         "Half of σ′ is missing in `dz1`: it is a₁ times (1 − a₁)."),
        (_with(lambda a1, **_: {"da1": lambda d: d["dy"] * a1}),
         "`da1` uses a₁ where w₂ belongs: what a₁ is multiplied by on its way to ŷ."),
        (_with(lambda w2, **_: {"dw2": lambda d: d["dy"] * w2}),
         "`dw2` uses w₂ where a₁ belongs: what w₂ is multiplied by on its way to ŷ."),
        (_with(lambda **_: {"dw1": lambda d: d["dz1"]}),
         "In `dw1` the input is missing: w₁ is multiplied by x on its way to z₁."),
        (_with(lambda w1, **_: {"dw1": lambda d: d["dz1"] * w1}),
         "`dw1` uses w₁ itself. The slope of w₁x by w₁ is x."),
        (_with(lambda y, t, **_: {"dy": lambda d: 2 * (y - t)}),
         "All your slopes are twice too large: E has a ½, which cancels the 2 of the square."),
        (_with(lambda y, t, **_: {"dy": lambda d: (y - t) ** 2}),
         "`dy` is the squared error. The slope of ½(ŷ − t)² is the error itself, ŷ − t."),
    ],
    hints=("Go through the table above, one line each: every slope is an earlier one times one number.",
           "dy = y - t; da1 = dy * w2; dz1 = da1 * a1 * (1 - a1). The weights' slopes are these times what comes in."),
    explain="Every line of a backward pass can be tested alone, against a finite difference.",
)

# --- descent.train_step ------------------------------------------------------------------------------------------


def _stepped(sign=-1.0, biases=True, first=True, second_first=False, square=False):
    def step(x, t, w1, b1, w2, b2, eta):
        a1 = 1 / (1 + np.exp(-(w1 * x + b1)))
        dy = w2 * a1 + b2 - t
        new_w2 = w2 + sign * eta * dy * a1
        new_b2 = b2 + sign * eta * dy if biases else b2
        dz1 = dy * (new_w2 if second_first else w2) * (1.0 if square else a1 * (1 - a1))
        if not first:
            return w1, b1, new_w2, new_b2
        return w1 + sign * eta * dz1 * x, b1 + sign * eta * dz1 if biases else b1, new_w2, new_b2
    return step


exercise(
    "descent.train_step",
    reference=_stepped(),
    inputs=lambda rng: (*_paper_inputs(rng), 0.5),
    wrong=[
        (_stepped(second_first=True),
         "You change w₂ first and then use the *new* one on the way back. All slopes belong to the old weights: "
         "compute them all, then step."),
        (_stepped(sign=1.0), "You climb: every number must go *against* its slope."),
        (_stepped(biases=False), "The biases never learn. Their slopes are dz₁ and dy; let them step as well."),
        (_stepped(first=False), "The first layer never learns: w₁ and b₁ come back as they were."),
        (_stepped(square=True), "The slope of the sigmoid is missing on the way to z₁: a₁(1 − a₁)."),
        (lambda x, t, w1, b1, w2, b2, eta: tuple(np.subtract((w1, b1, w2, b2), _stepped()(x, t, w1, b1, w2, b2, 1.0))),
         "You return the slopes. Return the numbers after the step."),
    ],
    hints=("Four slopes first, with the old numbers. Only then four steps.",
           "dz1 = dy * w2 * a1 * (1 - a1). The new w1 is w1 - eta * dz1 * x, the new w2 is w2 - eta * dy * a1."),
)

# --- descent.decay_gradient --------------------------------------------------------------------------------------

exercise(
    "descent.decay_gradient",
    reference=lambda gw, gb, w, decay: (gw + decay * w, gb),
    inputs=lambda rng: (np.round(rng.normal(size=(3, 2)), 2), np.round(rng.normal(size=2), 2) + 0.01,
                        np.round(rng.normal(0, 2, (3, 2)), 2), float(np.round(rng.uniform(0.05, 0.5), 2))),
    wrong=[
        (lambda gw, gb, w, decay: (gw + decay / 2 * w, gb),
         "That is half the pull: the slope of λ/2·w² is λ·w, the 2 of the square cancels the ½."),
        (lambda gw, gb, w, decay: (gw + decay * w, gb + decay * gb),
         "The biases are charged too. Decay is for the weights alone; leave gb as it is."),
        (lambda gw, gb, w, decay: (gw - decay * w, gb),
         "With a minus the *slope* says that larger weights are better, and they grow. The step has the minus."),
        (lambda gw, gb, w, decay: (gw + decay / 2 * w**2, gb),
         "That adds the decay itself. Its *slope* is wanted: λ·w."),
        (lambda gw, gb, w, decay: (gw + decay * np.sign(w), gb),
         "That pulls all weights equally hard (L1). For squared weights the pull is in proportion to the weight."),
        (lambda gw, gb, w, decay: (gw + decay, gb), "The weight is missing: the pull is λ times w, not λ."),
    ],
    hints=("What is the slope of λ/2 · w² by w? And do the biases appear in it?", "gw + decay * w for the weights; "
           "gb stays as it is."),
)

# --- descent.stop_early ------------------------------------------------------------------------------------------


def _stop_inputs(rng):
    steps = np.cumsum(rng.integers(5, 50, 8))
    training = np.sort(rng.uniform(0.01, 0.5, 8))[::-1].copy()
    validation = np.round(rng.uniform(0.2, 1.0, 8), 3)
    validation[int(rng.integers(2, 6))] = 0.1
    return steps, training, validation


exercise(
    "descent.stop_early",
    reference=lambda steps, training_error, validation_error: int(steps[np.argmin(validation_error)]),
    inputs=_stop_inputs,
    wrong=[
        (lambda steps, training_error, validation_error: int(steps[np.argmin(training_error)]),
         "That is the last step: the training error falls to the very end and never tells you to stop. Judge by the "
         "other one."),
        (lambda steps, training_error, validation_error: int(np.argmin(validation_error)),
         "That is the position in the list. Return the *step* that stands there."),
        (lambda steps, training_error, validation_error: float(np.min(validation_error)),
         "That is the smallest error. The question is at which step it was reached."),
        (lambda steps, training_error, validation_error: int(steps[np.argmin(np.abs(validation_error
                                                                                    - training_error))]),
         "Where the two errors are closest, the net has hardly begun to learn. Small validation error is what counts."),
    ],
    hints=("Which error was measured on examples that took no part in the training?",
           "np.argmin(validation_error) gives the position of the smallest; steps[...] the step there."),
)

# --- descent.dropout_back ----------------------------------------------------------------------------------------

exercise(
    "descent.dropout_back",
    reference=lambda delta, u, rate: np.where(u < rate, 0.0, delta / (1 - rate)),
    inputs=lambda rng: (np.round(rng.normal(size=(3, 5)), 2) + 0.003, np.round(rng.uniform(size=(3, 5)), 3),
                        float(rng.choice([0.2, 0.3, 0.4]))),
    wrong=[
        (lambda delta, u, rate: np.where(u < rate, 0.0, delta),
         "Not rescaled: those that stay were enlarged on the way forward, so their slopes grow by the same factor."),
        (lambda delta, u, rate: np.where(u < rate, 0.0, delta * (1 - rate)),
         "You multiply by 1 − p. Forward they were *divided* by it, and the slope of a/(1 − p) by a is 1/(1 − p)."),
        (lambda delta, u, rate: np.where(u < rate, delta / (1 - rate), 0.0),
         "Turned around: a neuron is out where u < rate, and you keep just these."),
        (lambda delta, u, rate: np.where(u < rate, 0.0, delta / rate),
         "You divide by the share that is *out*. Divide by the share that stays, 1 − rate."),
        (lambda delta, u, rate: delta / (1 - rate),
         "The neurons that were out get a slope too. They had no part in the answer: theirs is 0."),
        (lambda delta, u, rate: delta, "Dropout is missing altogether on the way back."),
    ],
    hints=("Forward, each activation was multiplied by one number: 0, or 1/(1 − p). And backward?",
           "np.where(u < rate, 0.0, ...) puts 0 where a neuron was out. What happens to the others?"),
)
