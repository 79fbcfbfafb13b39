"""The exercises of lesson 01: references, fresh inputs, and the mistakes that learners really make."""
import numpy as np

from course_utils.from_scratch.neuron import learning_step, neuron, sigmoid, softmax, softsign, step

from ..registry import exercise

# --- neuron.weighted_sum -----------------------------------------------------------------------------------------


def _weighted_sum(x, w, b):
    return float(np.dot(x, w) + b)


def _sum_inputs(rng):
    d = int(rng.integers(2, 6))
    return np.round(rng.normal(size=d), 1), np.round(rng.normal(size=d), 1), float(np.round(rng.normal(0, 3), 1)) + 0.5


exercise(
    "neuron.weighted_sum",
    reference=_weighted_sum,
    inputs=_sum_inputs,
    wrong=[
        (lambda x, w, b: float(np.dot(x, w)), "The bias is missing: add b once, after the products are summed."),
        (lambda x, w, b: float(np.dot(x, w) - b), "The bias has the wrong sign: it is added, z = … + b."),
        (lambda x, w, b: np.asarray(x) * w + b,
         "You return one product per input. Sum the products first, then add the bias once: z is a single number."),
        (lambda x, w, b: float(np.sum(np.asarray(x) * w + b)),
         "The bias is counted once per input. It belongs to the neuron, so add it once."),
        (lambda x, w, b: float(np.sum(x) + np.sum(w) + b),
         "Inputs and weights are added; each input must be *multiplied* by its own weight."),
        (lambda x, w, b: float(step(_weighted_sum(x, w, b))), "You apply the step already; z is the sum before it."),
    ],
    hints=("Multiply each input by its own weight. What do you do with the products?",
           "np.dot(x, w) multiplies pairwise and sums. One number is still missing."),
)

# --- neuron.animal -----------------------------------------------------------------------------------------------


def _animal(speed, size):
    return neuron([speed, size], [1.0, 1.0], -10.0)


def _animal_inputs(rng):
    # about a third lie exactly on the line, where step(0) decides, and a third on either side
    total = float(rng.choice([6, 9, 10, 10, 11, 14]))
    speed = float(rng.integers(max(0, total - 10), min(10, total) + 1))
    return speed, total - speed


exercise(
    "neuron.animal",
    reference=_animal,
    inputs=_animal_inputs,
    samples=24,
    wrong=[
        (lambda speed, size: step(speed + size + 10.0),
         "You always answer unicorn. The constant input 10 has the weight −1, so it takes 10 away: adding it, or "
         "leaving it out, keeps z above zero for every animal."),
        (lambda speed, size: float(speed + size - 10 >= 0),
         "At z = 0 you answer 1. Our step gives 1 only *above* zero: use >, not ≥."),
        (lambda speed, size: speed + size - 10.0,
         "You return z itself. The activation is missing: put z through the step function."),
        (lambda speed, size: step(10.0 - speed - size),
         "Your answers are upside down: 1 means unicorn, and unicorns have the larger sum."),
        (lambda speed, size: step(size - 10 + 0 * speed),
         "You always answer rabbit: z never gets above zero. Is a score missing, or is 10 taken away twice?"),
    ],
    hints=("First z: speed times 1, plus size times 1, plus 10 times −1.",
           "Then the activation: the answer is step(z), which is 1 only where z > 0."),
)

# --- neuron.four_cases -------------------------------------------------------------------------------------------


def _four_cases(y, t):
    y, t = np.asarray(y), np.asarray(t)
    return tuple(int(np.sum((y == i) & (t == j))) for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)))


def _case_inputs(rng):
    n = int(rng.integers(20, 40))
    t = rng.integers(0, 2, n)
    y = np.where(rng.random(n) < 0.25 + 0.3 * t, 1 - t, t)  # unicorns are missed more often: the two errors differ
    return y, t


exercise(
    "neuron.four_cases",
    reference=_four_cases,
    inputs=_case_inputs,
    wrong=[
        (lambda y, t: tuple(np.array(_four_cases(y, t))[[0, 2, 1, 3]].tolist()),
         "The two kinds of error are swapped. The order is (computed, expected): 00, 01, 10, 11."),
        (lambda y, t: tuple((np.array(_four_cases(y, t)) / len(t)).tolist()),
         "You return shares. Return counts, four whole numbers that sum to the number of animals."),
        (lambda y, t: (int(np.sum(y == t)), int(np.sum(y != t))),
         "Right and wrong alone are two cases. Split each of them by what was computed: four counts."),
        (lambda y, t: (int(np.sum(y == 0 and t == 0)), 0, 0, 0),
         "Arrays are joined by & instead of `and`, with brackets around each comparison: `(y == 0) & (t == 0)`."),
        (lambda y, t: (int(np.sum(y == 0)), int(np.sum(t == 1)), int(np.sum(y == 1)), int(np.sum(t == 1))),
         "Each case needs *both* conditions at once, such as computed 0 and expected 1."),
    ],
    hints=("A comparison such as y == 0 gives an array of True and False. & joins two of them, np.sum counts the True.",
           "The second count is int(np.sum((y == 0) & (t == 1))): computed 0, expected 1."),
)

# --- neuron.learn ------------------------------------------------------------------------------------------------


def _learn_inputs(rng):
    x = np.round(rng.uniform(-5, 10, 2), 1)
    w, b = np.round(rng.normal(size=2), 1), float(np.round(rng.normal(), 1))
    y = float(neuron(x, w, b))
    return x, y if rng.random() < 1 / 3 else 1 - y, w, b, 0.1  # right in a third of the cases: then nothing may move


def _error(x, t, w, b):
    return t - float(neuron(x, w, b))


def _moved(error, x, w, b, eta):
    return w + eta * error * x, b + eta * error


exercise(
    "neuron.learn",
    reference=lambda x, t, w, b, eta: learning_step(x, t, w, b, eta),
    inputs=_learn_inputs,
    samples=16,
    wrong=[
        (lambda x, t, w, b, eta: (w - eta * _error(x, t, w, b) * x, b - eta * _error(x, t, w, b)),
         "Your neuron learns the opposite: the error is target minus output, and the correction is added."),
        (lambda x, t, w, b, eta: (w + eta * _error(x, t, w, b), b + eta * _error(x, t, w, b)),
         "The input is missing. Each weight moves by η · error · *its own input*, so a weight whose input is 0 stays."),
        (lambda x, t, w, b, eta: (w + eta * _error(x, t, w, b) * x, b),
         "The bias never learns. Treat it as a weight whose input is always 1."),
        (lambda x, t, w, b, eta: (w + _error(x, t, w, b) * x, b + _error(x, t, w, b)),
         "The learning rate η is missing, so every correction is far too large."),
        (lambda x, t, w, b, eta: (eta * _error(x, t, w, b) * x, eta * _error(x, t, w, b)),
         "You return the corrections alone. Add them to the old weights and the old bias."),
        (lambda x, t, w, b, eta: _moved(t, x, w, b, eta),
         "You use the target where the error belongs: error = target − output."),
        (lambda x, t, w, b, eta: _moved(2 * t - 1, x, w, b, eta),
         "You move the weights even where the answer was right: error = target − output is then 0."),
        (lambda x, t, w, b, eta: _moved(t - float(x @ w + b), x, w, b, eta),
         "You compare the target with z. The error needs the *output*, after the step."),
        (lambda x, t, w, b, eta: _moved(_error(x, t, w, 0.0), x, w, b, eta),
         "You call `neuron` without its bias b, so the output is not the neuron's."),
        (lambda x, t, w, b, eta: w + eta * _error(x, t, w, b) * x,
         "You return the weights alone. Return both: the new weights, the new bias."),
    ],
    hints=("The error is t minus the output of neuron(x, w, b). What would the correction be if the error were 0?",
           "New weights: w + eta * error * x. The bias works the same way, with the input 1."),
)

# --- neuron.softsign ---------------------------------------------------------------------------------------------

exercise(
    "neuron.softsign",
    reference=softsign,
    inputs=lambda rng: (np.round(rng.normal(0, 3, 6), 2),),
    wrong=[
        (lambda z: z / (1 + z), "The absolute value is missing: without it softsign breaks at z = −1."),
        (lambda z: np.abs(z) / (1 + np.abs(z)),
         "The sign is lost: only the denominator takes the absolute value, so softsign(−z) = −softsign(z)."),
        (lambda z: z / np.abs(z), "The 1 in the denominator is missing; what is left is only the sign of z."),
        (lambda z: z / 1 + np.abs(z), "Brackets are missing: z / 1 + |z| means (z / 1) + |z|."),
        (lambda z: 1 / (1 + np.abs(z)), "The numerator must be z, so that softsign(0) = 0."),
        (lambda z: np.tanh(z), "That is tanh. Softsign reaches its ends more slowly: z / (1 + |z|)."),
    ],
    hints=("The formula has one fraction: z above, 1 + |z| below.", "np.abs(z) is |z| for every entry at once."),
)

# --- neuron.and_gate ---------------------------------------------------------------------------------------------

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _gate(b, w=1.0):
    return lambda x: neuron(x, [w, w], b)


exercise(
    "neuron.and_gate",
    reference=_gate(-1.5),
    inputs=lambda rng: (_CORNERS[rng.permutation(4)],),
    wrong=[
        (_gate(-0.5), "That is OR: a single 1 is enough. Lower the bias so far that only *both* together pass zero."),
        (_gate(-2.0), "Your neuron never answers 1: even with both inputs on, z does not get above 0. Raise the bias."),
        (_gate(1.5, -1.0), "That is NAND, the opposite of AND: flip the signs of both weights and of the bias."),
        (_gate(0.5), "With a positive bias the neuron fires even when both inputs are 0."),
    ],
    hints=("Keep both weights at 1. Then z is the number of ones plus the bias.",
           "z must be at most 0 for a single 1 and above 0 for two: the bias lies above −2 and is at most −1."),
)

# --- neuron.softmax ----------------------------------------------------------------------------------------------

exercise(
    "neuron.softmax",
    reference=softmax,
    inputs=lambda rng: (np.round(rng.normal(0, 2, (3, 4)), 1),),
    wrong=[
        (lambda z: np.exp(z) / np.sum(np.exp(z)),
         "You divide by the sum over the whole table. Each *row* is one example and must sum to 1: axis=-1."),
        (lambda z: np.exp(z) / np.sum(np.exp(z), axis=0),
         "You normalize the columns. Each row is one example: sum over axis=-1 and keep that axis."),
        (lambda z: z / np.sum(z, axis=-1, keepdims=True),
         "The exponential is missing, so that negative values give negative shares."),
        (lambda z: np.exp(z) / np.max(np.exp(z), axis=-1, keepdims=True),
         "You divide by the largest value. Divide by the *sum*, so that the shares add up to 1."),
        (lambda z: np.exp(z) / np.sum(np.exp(z), axis=-1),
         "Each row has its own sum, but the axis is lost, so that it does not fit the table: add keepdims=True."),
        (lambda z: sigmoid(z), "That is sigmoid, each value for itself. Softmax shares 1 among the neurons of a row."),
    ],
    hints=("Take e to the power of every entry. Then divide each row by that row's sum.",
           "np.sum(e, axis=-1, keepdims=True) has one sum per row, in a shape that divides the table."),
)

# --- neuron.pick_degree ------------------------------------------------------------------------------------------


def _degree_inputs(rng):
    training = np.sort(rng.uniform(0.01, 0.5, 8))[::-1]  # it always falls with the degree
    validation = rng.uniform(0.1, 1.0, 8)
    validation[0] = 1.5
    validation[int(rng.integers(1, 6))] = 0.05
    return training, validation


exercise(
    "neuron.pick_degree",
    reference=lambda training_error, validation_error: int(np.argmin(validation_error)),
    inputs=_degree_inputs,
    wrong=[
        (lambda training_error, validation_error: int(np.argmin(training_error)),
         "The training error falls with every degree, so it always picks the wiggliest curve. Judge by the other one."),
        (lambda training_error, validation_error: float(np.min(validation_error)),
         "That is the smallest error. The question is *where* it lies: np.argmin."),
        (lambda training_error, validation_error: int(np.argmin(validation_error)) + 1,
         "Off by one: degree 0, a constant, comes first in the list, so position and degree are the same."),
        (lambda training_error, validation_error: int(np.argmax(validation_error)),
         "That is the largest validation error; you want the smallest."),
    ],
    hints=("Which of the two errors was measured on points the curve has not seen?",
           "np.argmin gives the position of the smallest entry, and here the position is the degree."),
)
