"""The exercises of lesson 04: references, fresh inputs, and the mistakes that learners really make."""

import numpy as np

from course_utils.from_scratch.convolution import convolve2d, max_pool2d

from ..registry import exercise

# --- cnn.dense_parameters ----------------------------------------------------------------------------------------

exercise(
    "cnn.dense_parameters",
    reference=lambda height, width, channels, neurons: height * width * channels * neurons + neurons,
    inputs=lambda rng: tuple(int(rng.integers(*ends)) for ends in ((5, 40), (5, 40), (2, 6), (2, 50))),
    wrong=[
        (lambda height, width, channels, neurons: height * width * channels * neurons,
         "The biases are missing: each neuron has one of its own."),
        (lambda height, width, channels, neurons: height * width * neurons + neurons,
         "The channels are forgotten: each channel of a pixel is an input of its own, with its own weight."),
        (lambda height, width, channels, neurons: height * width * channels * neurons + 1,
         "One bias is too few: *every* neuron has one."),
        (lambda height, width, channels, neurons: height * width * channels + neurons,
         "Inputs and neurons are added. Every neuron has a weight for *every* input, so they are multiplied."),
    ],
    hints=("How many numbers are in the picture? Each neuron has one weight for each of them.",
           "inputs * neurons weights, and one bias for each neuron."),
    explain="For a picture of 1080 × 1080 × 3 and 1,000 neurons this is 3.5 billion.",
)  # fmt: skip

# --- cnn.one_place -----------------------------------------------------------------------------------------------


def _one_place(image, kernel, row, column, stride):
    return float(convolve2d(image, kernel, stride)[row, column])


def _one_place_inputs(rng):
    image = rng.integers(0, 10, (9, 9)).astype(float)
    kernel = rng.integers(-4, 5, (3, 2 + int(rng.integers(0, 2)))).astype(float)
    return image, kernel, int(rng.integers(1, 3)), int(rng.integers(0, 2)) + 1, int(rng.integers(2, 4))


def _patch(image, kernel, row, column):
    return image[row : row + kernel.shape[0], column : column + kernel.shape[1]]


exercise(
    "cnn.one_place",
    reference=_one_place,
    inputs=_one_place_inputs,
    wrong=[
        (lambda image, kernel, row, column, stride: float(convolve2d(image, kernel[::-1, ::-1], stride)[row, column]),
         "Your kernel is flipped. Networks lay it on the picture as it stands."),
        (lambda image, kernel, row, column, stride: float(np.sum(_patch(image, kernel, row, column) * kernel)),
         "The stride is forgotten: place number `row` begins at pixel `row * stride`."),
        (lambda image, kernel, row, column, stride: _patch(image, kernel, row * stride, column * stride) * kernel,
         "You return all the products. Their sum is the number of the result."),
        (lambda image, kernel, row, column, stride: float(np.mean(
            _patch(image, kernel, row * stride, column * stride) * kernel)),
         "You average the products. A convolution sums them; only the X-or-O example divides."),
        (lambda image, kernel, row, column, stride: float(convolve2d(image, kernel, stride)[column, row]),
         "Rows and columns are swapped: the first index of an array is the row."),
    ],
    hints=("Cut the patch out of the image first. Where does it begin, if the kernel moves `stride` pixels each time?",
           "patch = image[row * stride : row * stride + height, ...]; then np.sum(patch * kernel)."),
)  # fmt: skip

# --- cnn.size_of_result ------------------------------------------------------------------------------------------


def _sizes(rng):
    k = int(rng.integers(2, 6))
    return int(rng.integers(6, 40)), k, int(rng.integers(2, 5)), int(rng.integers(1, 4))


exercise(
    "cnn.size_of_result",
    reference=lambda n, k, s, p: (n + 2 * p - k) // s + 1,
    inputs=_sizes,
    samples=16,
    wrong=[
        (lambda n, k, s, p: (n + 2 * p - k) // s,
         "The + 1 is missing: you count the steps, but the first place needs no step."),
        (lambda n, k, s, p: (n + p - k) // s + 1,
         "There is padding on *both* sides: 2p, not p."),
        (lambda n, k, s, p: (n + 2 * p - k) / s + 1,
         "A result has a whole number of places: drop the rest of the division with //."),
        (lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1,
         "You round up. A last step that does not fit is not taken: round down."),
        (lambda n, k, s, p: (n + 2 * p - k + 1) // s,
         "The 1 is added too early: first divide by the stride, then add 1."),
        (lambda n, k, s, p: (n - k) // s + 1, "The padding is missing: it makes the picture larger on both sides."),
    ],
    hints=("How far can the kernel travel? From 0 to n + 2p − k, in steps of s.",
           "The number of places is the number of steps plus one: … // s + 1."),
)  # fmt: skip

# --- cnn.match ---------------------------------------------------------------------------------------------------


def _match_inputs(rng):
    side = int(rng.integers(3, 5))
    feature = rng.choice([-1.0, 1.0], (side, side))
    patch = feature * np.where(rng.random((side, side)) < 0.25, -1, 1)
    return patch, feature


exercise(
    "cnn.match",
    reference=lambda patch, feature: float(np.sum(patch * feature) / patch.size),
    inputs=_match_inputs,
    wrong=[
        (lambda patch, feature: float(np.sum(patch * feature)),
         "The division is missing: /9 for a 3 × 3 feature. The best possible match must be 1, whatever the size."),
        (lambda patch, feature: float(np.mean(patch == feature)),
         "You count equal pixels. Unequal ones must count *against* the match: each product there is −1."),
        (lambda patch, feature: float(np.sum(patch * feature) / patch.shape[0]),
         "You divide by the side. There are side · side products."),
        (lambda patch, feature: float(np.mean(patch * feature[::-1, ::-1])),
         "Your feature is flipped. Lay it on the patch as it stands."),
        (lambda patch, feature: patch * feature / patch.size, "You return all the products. Their mean is one number."),
    ],
    hints=("Multiply pixel by pixel. What is the product where the two are equal, and where they differ?",
           "np.sum(patch * feature), divided by the number of pixels."),
)  # fmt: skip

# --- cnn.pool ----------------------------------------------------------------------------------------------------


def _windows(image):
    return image.reshape(image.shape[0] // 2, 2, image.shape[1] // 2, 2)


exercise(
    "cnn.pool",
    reference=lambda image: max_pool2d(image),
    inputs=lambda rng: (np.round(rng.normal(0, 3, (2 * int(rng.integers(2, 4)), 2 * int(rng.integers(2, 5)))), 1),),
    wrong=[
        (lambda image: _windows(image).mean(axis=(1, 3)), "That is mean-pooling. Take the largest of the four."),
        (lambda image: max_pool2d(image, 2, 1),
         "Your windows overlap: with stride 2 each pixel is in one of them only."),
        (lambda image: image[::2, ::2], "You take the upper left pixel of each window, whatever the others are."),
        (lambda image: np.maximum(max_pool2d(image), 0),
         "You have put a ReLU in: where all four are negative, the largest is still negative."),
        (lambda image: _windows(np.abs(image)).max(axis=(1, 3)),
         "You take the largest *absolute* value. −3 is smaller than 1."),
        (lambda image: float(np.max(image)),
         "That is the largest number of the whole map. Pool each window for itself."),
    ],
    hints=("image[0::2, 0::2] holds the upper left pixel of every window. Where are the other three?",
           "np.maximum of two arrays takes the larger number at every place; use it three times."),
)  # fmt: skip

# --- cnn.conv_parameters -----------------------------------------------------------------------------------------

exercise(
    "cnn.conv_parameters",
    reference=lambda k, channels, filters: k * k * channels * filters + filters,
    inputs=lambda rng: (int(rng.integers(2, 8)), int(rng.integers(2, 65)), int(rng.integers(2, 65))),
    wrong=[
        (lambda k, channels, filters: k * k * filters + filters,
         "The input channels are forgotten: every filter has a sheet of weights for each channel."),
        (lambda k, channels, filters: k * k * channels * filters, "The biases are missing: one for each filter."),
        (lambda k, channels, filters: k * channels * filters + filters,
         "The kernel is k × k: it has k · k weights for each channel."),
        (lambda k, channels, filters: k * k * channels * filters + channels * filters,
         "Too many biases. The channels are summed first, then one bias is added for each filter."),
        (lambda k, channels, filters: k * k * channels * filters + 1, "One bias is too few: every filter has its own."),
    ],
    hints=("How many weights has *one* filter that looks at all channels? How many filters are there?",
           "k * k * channels weights and one bias make one filter."),
    explain="The size of the picture does not matter: that is what sharing weights means.",
)  # fmt: skip

# --- cnn.kernel_gradient -----------------------------------------------------------------------------------------


def _gradient_inputs(rng):
    k = int(rng.integers(2, 4))
    return np.round(rng.normal(0, 2, (7, 6)), 1), np.round(rng.normal(0, 1, (8 - k, 7 - k)), 1)


exercise(
    "cnn.kernel_gradient",
    reference=lambda image, slope: convolve2d(image, slope),
    inputs=_gradient_inputs,
    wrong=[
        (lambda image, slope: convolve2d(image, slope[::-1, ::-1]),
         "Your slopes are flipped. In the formula, x and the slope are walked through in the same direction."),
        (lambda image, slope: convolve2d(image, slope) / slope.size,
         "You take the mean over the places. The slopes of all places are *summed*."),
        (lambda image, slope: convolve2d(image, slope, padding=1),
         "With padding the answer is larger than the kernel. Without it, it has just the kernel's shape."),
        (lambda image, slope: convolve2d(image, slope)[::-1, ::-1],
         "Your answer stands upside down: w_ab meets the pixels that are a rows down and b columns right."),
        (lambda image, slope: convolve2d(image, np.sign(slope)),
         "You use only the signs of the slopes. Their sizes count too."),
    ],
    hints=("The formula is a sum over places of a slope times a pixel: you have a function for such sums.",
           "The image is convolved with the slopes in the kernel's place."),
)  # fmt: skip

# --- cnn.network_parameters --------------------------------------------------------------------------------------


def _layers(rng):
    a, b = (int(n) for n in rng.integers(4, 33, 2))
    channels, k, side = int(rng.integers(2, 4)), int(rng.integers(2, 6)), int(rng.integers(3, 8))
    return ([("conv", k, channels, a), ("pool", int(rng.integers(2, 4))), ("conv", 3, a, b), ("pool", 2),
             ("dense", side * side * b, int(rng.integers(2, 12)))],)


def _count(layers, conv=None, pool=lambda size: 0, dense=None):
    kinds = {
        "conv": conv or (lambda k, channels, filters: k * k * channels * filters + filters),
        "pool": pool,
        "dense": dense or (lambda inputs, outputs: inputs * outputs + outputs),
    }
    return sum(kinds[kind](*numbers) for kind, *numbers in layers)


exercise(
    "cnn.network_parameters",
    reference=lambda layers: _count(layers),
    inputs=_layers,
    wrong=[
        (lambda layers: _count(layers, pool=lambda size: size * size),
         "You count pooling as parameters. It takes the largest number and has nothing to learn."),
        (lambda layers: _count(layers, conv=lambda k, channels, filters: k * k * filters + filters),
         "The input channels are forgotten: every filter has a sheet of weights for each channel."),
        (lambda layers: _count(layers, conv=lambda k, channels, filters: k * k * channels * filters,
                               dense=lambda inputs, outputs: inputs * outputs),
         "The biases are missing: one for each filter, one for each neuron."),
        (lambda layers: _count(layers, conv=lambda k, channels, filters: k * k * channels * filters),
         "The biases of the convolutions are missing: one for each filter."),
        (lambda layers: _count(layers, dense=lambda inputs, outputs: inputs * outputs),
         "The biases of the dense layer are missing: one for each neuron."),
        (lambda layers: _count([layer for layer in layers if layer[0] == "conv"]),
         "The dense layer is missing, and it is the largest of all."),
    ],
    hints=("Go through the list and add up. You have counted both kinds of layer before; what does pooling learn?",
           "conv: k*k*channels*filters + filters; dense: inputs*outputs + outputs; pool: 0."),
)  # fmt: skip

# --- cnn.confusion_matrix ----------------------------------------------------------------------------------------


def _confusion(true, answers, classes):
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (true, answers), 1)
    return counts


def _once(true, answers, classes):
    counts = np.zeros((classes, classes), int)
    counts[true, answers] += 1
    return counts


def _confusion_inputs(rng):
    classes = int(rng.integers(3, 5))
    true = rng.integers(0, classes, 30)
    true[:2] = 0, 1
    answers = np.where(rng.random(30) < 0.3, (true + 1) % classes, true)  # one-sided mistakes: the matrix is lopsided
    return true, answers, classes


exercise(
    "cnn.confusion_matrix",
    reference=_confusion,
    inputs=_confusion_inputs,
    wrong=[
        (lambda true, answers, classes: _confusion(answers, true, classes),
         "Rows and columns are swapped: a row for each *true* class, a column for each answer."),
        (_once, "Every pair is counted only once: counts[true, answers] += 1 on whole arrays does not repeat. Use a "
                "loop, or np.add.at."),
        (lambda true, answers, classes: _confusion(true, answers, classes) / len(true),
         "You return shares. Return counts, whole numbers."),
        (lambda true, answers, classes: np.diag(np.diag(_confusion(true, answers, classes))),
         "Only the right answers are counted. The mistakes belong beside the diagonal."),
        (lambda true, answers, classes: int(np.sum(true == answers)),
         "That is the number of right answers. The matrix tells the mistakes apart."),
    ],
    hints=("Start from zeros. Each picture adds 1 to one cell: which one?",
           "for t, y in zip(true, answers, strict=True): counts[t, y] += 1"),
)  # fmt: skip

# --- cnn.strongest -----------------------------------------------------------------------------------------------


def _strongest(feature_map):
    row, column = divmod(int(np.argmax(feature_map)), feature_map.shape[1])
    return row, column


def _map(rng):
    rows, columns = (int(n) for n in rng.permutation([4, 5, 7])[:2])
    feature_map = rng.normal(0, 1, (rows, columns))
    feature_map[int(rng.integers(1, rows)), int(rng.integers(0, columns))] = 4.0
    feature_map[0, int(rng.integers(0, columns))] = -6.0  # the largest in size, not the strongest answer
    return (np.round(feature_map, 1),)


exercise(
    "cnn.strongest",
    reference=_strongest,
    inputs=_map,
    wrong=[
        (lambda feature_map: int(np.argmax(feature_map)),
         "np.argmax counts through the whole map. Make a row and a column of that number."),
        (lambda feature_map: _strongest(feature_map)[::-1], "Row and column are swapped."),
        (lambda feature_map: divmod(int(np.argmax(feature_map)), feature_map.shape[0]),
         "Divide by the number of *columns*: that many numbers make up one row."),
        (lambda feature_map: _strongest(np.abs(feature_map)),
         "You look for the largest absolute value. A strongly negative number is no strong answer."),
        (lambda feature_map: float(feature_map.max()), "That is the largest number. The question is *where* it is."),
    ],
    hints=("np.argmax gives a position in the map as if all rows stood behind each other.",
           "divmod(position, number of columns) gives the row and the column."),
)  # fmt: skip

# --- cnn.receptive -----------------------------------------------------------------------------------------------


def _receptive(kernels, strides):
    size, jump = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        size += (k - 1) * jump
        jump *= s
    return size


def _receptive_inputs(rng):
    n = int(rng.integers(2, 5))
    strides = [int(s) for s in rng.integers(1, 3, n)]
    strides[0] = 2 if n > 2 else 1
    return [int(k) for k in rng.integers(2, 6, n)], strides


def _stride_at_once(kernels, strides):
    size, jump = 1, 1
    for k, s in zip(kernels, strides, strict=True):
        jump *= s
        size += (k - 1) * jump
    return size


exercise(
    "cnn.receptive",
    reference=_receptive,
    inputs=_receptive_inputs,
    samples=12,
    wrong=[
        (lambda kernels, strides: int(np.prod(kernels)),
         "You multiply the kernels: two of 3 × 3 would give 9. Neighboring windows overlap, so it is 5."),
        (lambda kernels, strides: sum(kernels),
         "You add the kernels. The first pixel is counted once, each layer adds only k − 1."),
        (lambda kernels, strides: 1 + sum(k - 1 for k in kernels),
         "The strides are forgotten: behind a stride of 2, neighbors lie two pixels apart."),
        (_stride_at_once, "A layer's own stride counts too early: it spreads only the layers *behind* it."),
        (lambda kernels, strides: _receptive(kernels, strides) - 1, "You start from 0. One neuron alone sees 1 pixel."),
        (lambda kernels, strides: _receptive(kernels[::-1], strides[::-1]),
         "You go through the layers backward: the strides *before* a layer spread it."),
    ],
    hints=("Begin with one pixel. What does a kernel of k add, if its neighbors lie one pixel apart? Two pixels apart?",
           "Keep two numbers: size += (k − 1) * jump, and then jump *= s."),
)  # fmt: skip

# --- cnn.dropout -------------------------------------------------------------------------------------------------


def _dropout(a, chance, p):
    return np.where(chance < p, 0, a) / (1 - p)


exercise(
    "cnn.dropout",
    reference=_dropout,
    inputs=lambda rng: (np.round(rng.normal(0, 2, 12), 1), np.round(rng.random(12), 2), float(rng.choice([0.2, 0.3]))),
    wrong=[
        (lambda a, chance, p: np.where(chance < p, 0, a),
         "The rest must be divided by 1 − p, or the next layer gets less in training than at test time."),
        (lambda a, chance, p: np.where(chance < p, 0, a) / p,
         "You divide by p. The share that is *left* is 1 − p."),
        (lambda a, chance, p: np.where(chance >= p, 0, a) / (1 - p),
         "You keep what should go: switched off is where chance < p."),
        (lambda a, chance, p: a * (1 - p),
         "Nothing is switched off. That was the old way to treat *test* time."),
        (lambda a, chance, p: np.where(chance < p, 0, a) * (1 - p),
         "You make the rest smaller. It must grow, to make up for what is missing: divide by 1 − p."),
        (lambda a, chance, p: a[chance >= p] / (1 - p),
         "The numbers switched off must stay in their places as zeros: the array keeps its shape."),
    ],
    hints=("np.where(condition, 0, a) puts a 0 where the condition holds. Then make up for what is lost.",
           "np.where(chance < p, 0, a), divided by the share that is left."),
)  # fmt: skip
