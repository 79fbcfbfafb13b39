"""The exercises of lesson 02: references, fresh inputs, and the mistakes that learners really make."""
import numpy as np

from course_utils.from_scratch.neuron import neuron, softmax, step

from ..registry import exercise

# --- mlp.xor_net -------------------------------------------------------------------------------------------------

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _two(x, first=-0.5, second=-1.5, out=(1.0, -1.0), bias=-0.5):
    a, b = neuron(x, [1.0, 1.0], first), neuron(x, [1.0, 1.0], second)
    return neuron(np.column_stack([a, b]), list(out), bias)


def _sums_in_between(x):
    a, b = np.sum(x, axis=1) - 0.5, np.sum(x, axis=1) - 1.5
    return neuron(np.column_stack([a, b]), [1.0, -1.0], -0.5)


exercise(
    "mlp.xor_net",
    reference=_two,
    inputs=lambda rng: (_CORNERS[rng.permutation(4)],),
    wrong=[
        (_sums_in_between,
         "Your network answers 1 everywhere. Is the activation forgotten on the hidden layer? Then the output "
         "neuron gets the sums z of A and B. Or does the output's bias let it fire when both are silent?"),
        (lambda x: _two(x, out=(1.0, 1.0)), "That is OR: B must count *against* the output: its weight is negative."),
        (lambda x: _two(x, out=(-1.0, 1.0)),
         "Your network never fires. A must need one input and count for the output; B must need both and count against "
         "it. Are they two different neurons, and are the signs the right way round?"),
        (lambda x: 1 - _two(x), "Upside down: this answers 1 where both columns are equal."),
        (lambda x: _two(x, out=(0.0, 1.0)), "That is AND: the output hears B alone, and with the wrong sign."),
    ],
    hints=("A is OR: weights 1, 1 and bias −0.5. B is AND: the same weights and bias −1.5.",
           "The output sees a table of A and B. Its weights are 1 and −1; which bias lies between 0 and 1?"),
    explain="Three neurons do what no single one can.",
)

# --- mlp.depth ---------------------------------------------------------------------------------------------------


def _depth(activations):
    return sum(name != "linear" for name in activations) + 1


def _activation_lists(rng):
    names = ["linear", "linear", "tanh", "relu", "sigmoid"]
    return ([str(name) for name in rng.choice(names, int(rng.integers(2, 7)))] + ["linear"],)


exercise(
    "mlp.depth",
    reference=_depth,
    inputs=_activation_lists,
    wrong=[
        (lambda activations: len(activations) + 1,
         "You count every layer. But two linear layers are not deep: their product is one table of weights, so a layer "
         "with the activation linear melts into the next."),
        (lambda activations: _depth(activations) - 1, "The output layer is missing: it has neurons and weights too."),
        (lambda activations: sum(name == "linear" for name in activations) + 1,
         "You count the layers that vanish. Count those whose activation is *not* linear."),
        (lambda activations: len(set(activations) - {"linear"}) + 1,
         "Each layer counts, also when two of them have the same activation."),
    ],
    hints=("Which hidden layers keep a bend of their own?",
           "Count the names that are not \"linear\", then add one for the output layer."),
)

# --- mlp.count_params --------------------------------------------------------------------------------------------


def _pairs(sizes):
    return list(zip(sizes[:-1], sizes[1:], strict=True))


def _sizes(rng):
    return ([int(n) for n in rng.integers(2, 12, int(rng.integers(3, 6)))],)


exercise(
    "mlp.count_params",
    reference=lambda sizes: sum(a * b + b for a, b in _pairs(sizes)),
    inputs=_sizes,
    wrong=[
        (lambda sizes: sum(a * b for a, b in _pairs(sizes)),
         "The biases are not counted: 2-3-1 has 9 weights, but it learns 13 numbers."),
        (lambda sizes: sum(a * b + a for a, b in _pairs(sizes)),
         "You give a bias to each neuron of the layer *before*. A bias belongs to the neuron that sums."),
        (lambda sizes: sum(a * b for a, b in _pairs(sizes)) + sum(sizes),
         "The inputs have no bias: they compute nothing, they are just numbers that come in."),
        (lambda sizes: sum(a * b + 1 for a, b in _pairs(sizes)),
         "You count one bias a layer. Every neuron of the layer has its own."),
        (lambda sizes: sum(sizes), "That is the number of neurons and inputs. Count connections and biases."),
        (lambda sizes: int(np.prod(sizes)),
         "You multiply all sizes. Only *neighboring* layers are connected: multiply pairs, then sum."),
    ],
    hints=("Take one pair of neighboring layers: how many connections, how many biases?",
           "n_in * n_out + n_out for each pair; zip(sizes[:-1], sizes[1:]) gives the pairs."),
)

# --- mlp.layer ---------------------------------------------------------------------------------------------------


def _layer_inputs(rng):
    n_in = int(rng.integers(2, 5))
    n_out = n_in if rng.random() < 0.7 else n_in + 1  # mostly square, where a transposed table does not stop the code
    return rng.normal(size=(4, n_in)).round(1), rng.normal(size=(n_in, n_out)).round(1), rng.normal(size=n_out).round(1)


exercise(
    "mlp.layer",
    reference=lambda x, w, b: np.tanh(x @ w + b),
    inputs=_layer_inputs,
    wrong=[
        (lambda x, w, b: x @ w + b, "You return z. The activation is missing: tanh of every sum."),
        (lambda x, w, b: np.tanh(x @ w.T + b),
         "The weight table is transposed. Its rows are inputs and its columns neurons, so x @ w fits as it is."),
        (lambda x, w, b: np.tanh((w @ x.T).T + b),
         "The weight table is transposed: `w @ x.T` sums over its columns. Its rows are the inputs: x @ w."),
        (lambda x, w, b: np.tanh(x @ w), "The bias is missing: add b before the activation."),
        (lambda x, w, b: np.tanh(x @ w) + b, "The bias comes too late: it belongs to z, so add it before tanh."),
        (lambda x, w, b: np.tanh(np.sum(x @ w + b, axis=1)),
         "You add all neurons up. Each neuron keeps its own number: the result has a column per neuron."),
    ],
    hints=("First z, a table with a row per example and a column per neuron.",
           "z = x @ w + b; NumPy adds b to every row. Then np.tanh."),
)

# --- mlp.forward -------------------------------------------------------------------------------------------------


def _forward(x, weights, biases, hidden=np.tanh, last=None, with_bias=True):
    a = x
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = a @ w + (b if with_bias else 0)
        a = hidden(z) if i < len(weights) - 1 else z if last is None else last(z)
    return a


def _forward_inputs(rng):
    n = int(rng.integers(2, 5))
    sizes = [n] * int(rng.integers(3, 5)) + [1 if rng.random() < 0.3 else n]
    weights = [rng.normal(size=pair).round(1) for pair in _pairs(sizes)]
    return rng.normal(size=(3, n)).round(1), weights, [rng.normal(size=n_out).round(1) for n_out in sizes[1:]]


exercise(
    "mlp.forward",
    reference=_forward,
    inputs=_forward_inputs,
    wrong=[
        (lambda x, weights, biases: _forward(x, weights, biases, hidden=lambda z: z),
         "The activation is forgotten on the hidden layers, so the whole network is worth one linear layer."),
        (lambda x, weights, biases: _forward(x, weights, biases, last=np.tanh),
         "The last layer is linear here: no tanh after it."),
        (lambda x, weights, biases: _forward(x, weights, biases, hidden=lambda z: z, last=np.tanh),
         "The activation sits on the wrong layer: tanh in the hidden layers, none in the last."),
        (lambda x, weights, biases: _forward(x, weights, biases, with_bias=False), "The biases are missing."),
        (lambda x, weights, biases: _forward(x, [w.T for w in weights], biases),
         "The weight tables are transposed: rows are where a connection comes from, so a @ w fits as it is."),
        (lambda x, weights, biases: np.tanh(x @ weights[0] + biases[0]) @ weights[-1] + biases[-1],
         "You use the first and the last layer only. A network may have more: loop over all of them."),
        (lambda x, weights, biases: x @ weights[-1] + biases[-1],
         "The last layer gets the inputs x. It must get what the layer before it answers."),
    ],
    hints=("Start with a = x. Each hidden layer replaces a by np.tanh(a @ w + b).",
           "Loop over zip(weights[:-1], biases[:-1]); after the loop the last layer, without tanh."),
)

# --- mlp.box -----------------------------------------------------------------------------------------------------


def _box_inputs(rng):
    left = round(float(rng.uniform(-1, 0)), 1)
    right = round(left + float(rng.uniform(0.3, 1)), 1)
    return np.linspace(-2, 2, 41).round(1), left, right, round(float(rng.uniform(0.5, 3)), 1)


exercise(
    "mlp.box",
    reference=lambda x, left, right, height: height * (step(x - left) - step(x - right)),
    inputs=_box_inputs,
    wrong=[
        (lambda x, left, right, height: height * (step(x - left) + step(x - right)),
         "A staircase: the second step must go *down*, so its weight is negative."),
        (lambda x, left, right, height: step(x - left) - step(x - right), "The height is missing."),
        (lambda x, left, right, height: height * step(x - left) - step(x - right),
         "The first step goes up by the height, so the second must go down by as much."),
        (lambda x, left, right, height: height * (step(x + left) - step(x + right)),
         "A step at x = left has the sum x − left: the bias is *minus* the place."),
        (lambda x, left, right, height: height * (step(x - right) - step(x - left)),
         "The box hangs upside down: first up at left, then down at right."),
        (lambda x, left, right, height: height * step(x - left),
         "It goes up at left and never comes down again. A second step is missing."),
    ],
    hints=("step(x - left) is 0 left of the place and 1 right of it.",
           "Up at left, down at right: the difference of two steps, times the height."),
)

# --- mlp.classify ------------------------------------------------------------------------------------------------


def _classify(z):
    shares = softmax(z)
    return shares, np.argmax(shares, axis=-1)


def _by(shares):
    return lambda z: (shares(z), np.argmax(shares(z), axis=-1))


exercise(
    "mlp.classify",
    reference=_classify,
    inputs=lambda rng: (rng.normal(0, 2, (4, 4)).round(1),),
    wrong=[
        (_by(lambda z: np.exp(z) / np.sum(np.exp(z), axis=0)),
         "Softmax over the wrong axis: you make each *column* sum to 1. A *row* is one example: its shares sum to 1."),
        (_by(lambda z: np.exp(z) / np.sum(np.exp(z))),
         "Softmax over the whole table: each *row* must sum to 1 by itself."),
        (lambda z: (softmax(z), np.argmax(softmax(z), axis=0)),
         "The shares are right, but the largest is sought down the columns: one answer per row, axis=-1."),
        (lambda z: (softmax(z), np.max(softmax(z), axis=-1)),
         "You return the largest share. Asked is *which* kind has it: np.argmax."),
        (lambda z: (softmax(z), np.argmax(z)), "np.argmax without an axis takes the whole table: one answer per row."),
        (_by(lambda z: z), "You return z itself. Softmax makes shares of it: e to the power of z, divided by the row's "
                           "sum."),
    ],
    hints=("Softmax first, row by row: which axis runs along a row, and how do you keep its shape?",
           "e / np.sum(e, axis=-1, keepdims=True), then np.argmax(shares, axis=-1)."),
)

# --- mlp.one_hot -------------------------------------------------------------------------------------------------


def _one_hot(colors, names, on=1.0, unknown=0.0):
    rows = [[on if color == name else 0.0 for name in names] if color in names else [unknown] * len(names)
            for color in colors]
    return np.array(rows, dtype=float)


def _colors(rng):
    names = [str(name) for name in rng.permutation(["red", "green", "blue", "white"])[:3]]
    colors = [str(color) for color in rng.choice([*names, "plaid"], 6)]
    return ["plaid", names[1], *colors], names


def _last_for_unknown(colors, names):
    return np.array([[float(name == (color if color in names else names[-1])) for name in names] for color in colors])


exercise(
    "mlp.one_hot",
    reference=_one_hot,
    inputs=_colors,
    wrong=[
        (lambda colors, names: np.array([names.index(c) + 1 if c in names else 0 for c in colors]),
         "You code the colors 1, 2, 3. That claims an order that does not exist: give each color its own column."),
        (lambda colors, names: np.array([names.index(c) if c in names else -1 for c in colors]),
         "You return positions, one number a color. One-hot is a table: a 1 at that position, zeros elsewhere."),
        (lambda colors, names: np.array([[names.index(c) + 1 if c in names else 0] for c in colors], dtype=float),
         "A single column with 1, 2, 3 still claims an order. Make a column for each name."),
        (lambda colors, names: _one_hot(colors, names).T,
         "The table lies on its side: a row per color of the list, a column per name."),
        (_last_for_unknown, "An unknown color must get a row of zeros, or it passes for one that it is not."),
        (lambda colors, names: _one_hot([c for c in colors if c in names], names),
         "You leave unknown colors out, so the rows no longer fit the examples. Give them a row of zeros."),
    ],
    hints=("Start with a table of zeros, np.zeros((len(colors), len(names))).",
           "For each row, if the color is in names, set the entry in column names.index(color) to 1."),
)

# --- mlp.with_missing --------------------------------------------------------------------------------------------


def _with_missing(values, fill=None, flag=True):
    known = ~np.isnan(values)
    filled = np.where(known, values, np.mean(values[known]) if fill is None else fill)
    return np.column_stack([filled, known if flag else ~known]).astype(float)


def _missing_inputs(rng):
    values = rng.normal(38, 1, 7).round(1)
    values[rng.permutation(7)[: int(rng.integers(1, 4))]] = np.nan
    return (values,)


exercise(
    "mlp.with_missing",
    reference=_with_missing,
    inputs=_missing_inputs,
    wrong=[
        (lambda values: _with_missing(values, fill=0.0),
         "Missing is not 0: nobody has a fever of 0 °C. Fill in the mean of the known values."),
        (lambda values: _with_missing(values, flag=False), "The second column is upside down: 1 means *known*."),
        (lambda values: _with_missing(values)[:, 0],
         "You return the filled values alone. Without the second column nobody can tell a guess from a measurement."),
        (lambda values: np.column_stack([np.nan_to_num(values, nan=np.mean(values)), ~np.isnan(values)]).astype(float),
         "np.mean of an array with nan is nan: take the mean of the known values, or np.nanmean."),
        (lambda values: _with_missing(values[~np.isnan(values)]),
         "You drop the missing ones, so the rows no longer fit the examples. Keep every row."),
    ],
    hints=("np.isnan says where a value is missing; ~ turns True and False around.",
           "np.where(known, values, np.mean(values[known])), then np.column_stack with known."),
)
