"""The exercises of lesson 09: references, fresh inputs, and the mistakes that learners really make."""
import numpy as np

from course_utils.from_scratch.neuron import softmax

from ..registry import exercise

# --- saliency.logit_gradient -------------------------------------------------------------------------------------


def _logit_gradient(x, W, b, V, label):
    z = x @ W + b
    return W @ ((z > 0) * V[:, label])


def _net_inputs(rng):
    while True:
        d, hidden, classes = (int(n) for n in rng.integers(3, 6, 3))
        x, W, b, V = (rng.normal(size=shape).round(1) for shape in (d, (d, hidden), hidden, (hidden, classes)))
        if np.abs(x @ W + b).min() > 0.005:  # no neuron at the kink, where rounding would decide
            return x, W, b, V, int(rng.integers(classes))


def _share_gradient(x, W, b, V, label):
    z = x @ W + b
    share = softmax(np.maximum(z, 0) @ V)
    return W @ ((z > 0) * (V @ (share[label] * (np.eye(V.shape[1])[label] - share))))


exercise(
    "saliency.logit_gradient",
    reference=_logit_gradient,
    inputs=_net_inputs,
    samples=12,
    wrong=[
        (_share_gradient,
         "You explain the softmax output, not the logit. A share also falls when *other* classes rise, and it hardly "
         "moves where the network is sure: take the slope of the logit itself."),
        (lambda x, W, b, V, label: W @ V[:, label],
         "The ReLU is forgotten: a hidden neuron whose z is not positive passes nothing on."),
        (lambda x, W, b, V, label: np.abs(_logit_gradient(x, W, b, V, label)),
         "The sign is lost. A pixel that speaks *against* the label has a negative slope, and that matters here."),
        (lambda x, W, b, V, label: W @ ((x @ W + b > 0) * V.sum(axis=1)),
         "That is the slope of the sum of all logits. Only the column of the label in V belongs to its logit."),
        (lambda x, W, b, V, label: x * _logit_gradient(x, W, b, V, label),
         "That is input times gradient. The gradient alone does not carry the factor x."),
    ],
    hints=("Chain rule from the end: how does the logit move with each hidden neuron, and that neuron with each x?",
           "Which z are positive: z > 0. Multiply by V[:, label], then go back through W: W @ (...)."),
)

# --- saliency.integrate ------------------------------------------------------------------------------------------


def _integrate(slope, x, baseline, steps):
    way = x - baseline
    return way * sum(slope(baseline + (k + 0.5) / steps * way) for k in range(steps)) / steps


def _bent(weights, power):
    def slope(x):
        return power * weights * np.abs(x) ** (power - 1)
    return slope


def _path_inputs(rng):
    d = int(rng.integers(2, 5))
    return _bent(rng.normal(size=d).round(1), 3), rng.uniform(1, 3, d).round(1), rng.uniform(-1, 0.5, d).round(1), 4


exercise(
    "saliency.integrate",
    reference=_integrate,
    inputs=_path_inputs,
    wrong=[
        (lambda slope, x, baseline, steps: _integrate(slope, x, baseline, steps) / (x - baseline),
         "The factor (x − x′) is missing: a mean slope times the way gone is a change; a mean slope alone is not, and "
         "the sum over the pixels no longer gives the difference of the logits."),
        (lambda slope, x, baseline, steps: x * _integrate(slope, x, baseline, steps) / (x - baseline),
         "You multiply by x. The way gone is x minus the baseline, which is x only for a black baseline."),
        (lambda slope, x, baseline, steps: steps * _integrate(slope, x, baseline, steps),
         "You sum the slopes. Take their *mean*, or more steps would give a larger answer."),
        (lambda slope, x, baseline, steps: (x - baseline) * slope(x),
         "That is one slope, at the end of the path. Average it over points all along the way."),
        (lambda slope, x, baseline, steps: (x - baseline) * sum(
            slope(baseline + k / steps * (x - baseline)) for k in range(steps)) / steps,
         "Your points are the beginnings of the parts. Take their middles, (k + 0.5) / steps of the way."),
        (lambda slope, x, baseline, steps: _integrate(slope, x, np.zeros_like(x), steps),
         "Your path begins at 0. It should begin at the baseline that was given."),
    ],
    hints=("A loop over steps: where on the way is the middle of part k? Ask slope there, and add up.",
           "The point is baseline + (k + 0.5) / steps * (x - baseline). At the end: (x - baseline) * total / steps."),
    explain="Summed over all pixels, this comes near the difference of the two logits: try it with more steps.",
)

# --- saliency.cam ------------------------------------------------------------------------------------------------


def _cam(maps, slopes):
    weights = slopes.mean(axis=(0, 1))
    return np.maximum((maps * weights).sum(axis=-1), 0)


def _maps_inputs(rng):
    shape = (int(rng.integers(3, 6)),) * 2 + (3,)
    return np.maximum(rng.normal(size=shape), 0).round(1), rng.normal(size=shape).round(1)


exercise(
    "saliency.cam",
    reference=_cam,
    inputs=_maps_inputs,
    wrong=[
        (lambda maps, slopes: np.maximum((maps * slopes.mean(axis=-1, keepdims=True)).sum(axis=-1), 0),
         "You average the slopes over the channels. Average over *space*: one weight for each feature map."),
        (lambda maps, slopes: (maps * slopes.mean(axis=(0, 1))).sum(axis=-1),
         "The ReLU is forgotten: Grad-CAM keeps only what speaks for the label, so negative values become 0."),
        (lambda maps, slopes: np.abs((maps * slopes.mean(axis=(0, 1))).sum(axis=-1)),
         "The absolute value turns evidence against the label into evidence for it. Cut what is negative instead."),
        (lambda maps, slopes: np.maximum((maps * slopes).sum(axis=-1), 0),
         "You multiply map and slope pixel by pixel. Grad-CAM first averages each map's slopes over space."),
        (lambda maps, slopes: np.maximum((maps * slopes.mean(axis=(0, 1))), 0).sum(axis=-1),
         "The ReLU comes too early: sum the weighted maps first, so that for and against can cancel."),
    ],
    hints=("One weight for each feature map: the mean of its slopes over rows and columns, axis=(0, 1).",
           "np.sum(maps * weights, axis=-1) adds the weighted maps. np.maximum(..., 0) cuts what is negative."),
)

# --- saliency.guided ---------------------------------------------------------------------------------------------

exercise(
    "saliency.guided",
    reference=lambda signal, z: signal * (z > 0) * (signal > 0),
    inputs=lambda rng: (rng.normal(size=8).round(1), rng.normal(size=8).round(1)),
    wrong=[
        (lambda signal, z: signal * (z > 0),
         "That is the ordinary way back through a ReLU. The guided one also stops what is *negative on the way back*."),
        (lambda signal, z: signal * (signal > 0),
         "You look only at the way back. Where z was not positive on the way forward, nothing passes either."),
        (lambda signal, z: np.abs(signal) * (z > 0),
         "The absolute value lets negative signals through with another sign. They should be stopped: 0."),
        (lambda signal, z: np.maximum(z, 0) * (signal > 0),
         "You pass z on. What goes back is the signal; z only decides whether it may pass."),
    ],
    hints=("Two conditions, both must hold: the neuron was on (z > 0), and the signal is positive.",
           "A comparison times a number works in NumPy: signal * (z > 0) * ..."),
)

# --- saliency.occlude --------------------------------------------------------------------------------------------


def _occlude(logit, image, size):
    rows, columns = image.shape[0] // size, image.shape[1] // size
    drops = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            covered = image.copy()
            covered[i * size:(i + 1) * size, j * size:(j + 1) * size] = 0
            drops[i, j] = logit(image) - logit(covered)
    return drops


def _keeps_covers(logit, image, size):
    covered = image.copy()
    drops = np.zeros((image.shape[0] // size, image.shape[1] // size))
    for i, j in np.ndindex(drops.shape):
        covered[i * size:(i + 1) * size, j * size:(j + 1) * size] = 0
        drops[i, j] = logit(image) - logit(covered)
    return drops


def _covers_for_good(logit, image, size):
    drops = np.zeros((image.shape[0] // size, image.shape[1] // size))
    for i, j in np.ndindex(drops.shape):
        before = logit(image)
        image[i * size:(i + 1) * size, j * size:(j + 1) * size] = 0
        drops[i, j] = before - logit(image)
    return drops


def _weighed(weights):
    def logit(image):
        return float(np.sum(weights * image) + 0.5 * np.max(image))
    return logit


def _square_inputs(rng):
    size, n = int(rng.integers(2, 4)), int(rng.integers(2, 4))
    return _weighed(rng.normal(size=(size * n, size * n))), rng.uniform(0.1, 1, (size * n, size * n)).round(2), size


exercise(
    "saliency.occlude",
    reference=_occlude,
    inputs=_square_inputs,
    wrong=[
        (lambda logit, image, size: -_occlude(logit, image, size),
         "The sign is turned around: important is where the logit *falls*, so before minus after."),
        (lambda logit, image, size: logit(image) - _occlude(logit, image, size),
         "You return the logit that is left. Return how far it fell."),
        (_keeps_covers,
         "The covers pile up: start from a fresh copy of the image for every square."),
        (_covers_for_good,
         "You paint into the image itself, so every later square, and whoever owns the image, finds it spoiled. "
         "Work on image.copy()."),
        (lambda logit, image, size: np.abs(_occlude(logit, image, size)),
         "The absolute value hides squares whose covering *helps* the label. Keep the sign."),
    ],
    hints=("Two loops over the squares. In each: copy the image, set the square to 0, ask logit.",
           "covered[i * size:(i + 1) * size, j * size:(j + 1) * size] = 0, then logit(image) - logit(covered)."),
)

# --- saliency.pointing -------------------------------------------------------------------------------------------


def _pointing(maps, corners, size):
    hits = 0
    for one, (row, column) in zip(maps, corners, strict=True):
        i, j = np.unravel_index(np.argmax(one), one.shape)
        hits += row <= i < row + size and column <= j < column + size
    return hits / len(maps)


def _pointing_inputs(rng):
    n, side, size = 40, 12, 4
    corners = rng.integers(0, side - size + 1, (n, 2))
    maps = rng.normal(size=(n, side, side))
    for number, (row, column) in enumerate(corners):  # many land on the patch or right beside it
        i = int(np.clip(row + rng.integers(-1, size + 1), 0, side - 1))
        j = int(np.clip(column + rng.integers(-1, size + 1), 0, side - 1))
        maps[number, i, j] = 4 + rng.random()
        maps[number, rng.integers(side), rng.integers(side)] = -6
    return maps, corners, size


exercise(
    "saliency.pointing",
    reference=_pointing,
    inputs=_pointing_inputs,
    wrong=[
        (lambda maps, corners, size: _pointing(np.abs(maps), corners, size),
         "You take absolute values, so evidence *against* the label can win. Look for the largest value itself."),
        (lambda maps, corners, size: _pointing(maps, np.asarray(corners)[:, ::-1], size),
         "Rows and columns are swapped: corners holds the row first, and so does np.unravel_index."),
        (lambda maps, corners, size: _pointing(maps, corners, size + 1),
         "The patch ends *before* row + size: compare with <, not <=."),
        (lambda maps, corners, size: _pointing(maps, corners, size) * len(maps),
         "You count the hits. Divide by the number of pictures."),
        (lambda maps, corners, size: float(np.mean([
            one[r:r + size, c:c + size].sum() / one.sum() for one, (r, c) in zip(maps, corners, strict=True)])),
         "That is the share of the map's sum inside the patch. Pointing asks for one pixel only: where is the "
         "largest?"),
    ],
    hints=("np.argmax(one) counts through the whole map; np.unravel_index turns that into row and column.",
           "A hit is row <= i < row + size and column <= j < column + size. Then hits / len(maps)."),
)

# --- saliency.noticed --------------------------------------------------------------------------------------------


def _similarity_inputs(rng):
    n, layers = int(rng.integers(4, 7)), 3
    falls = rng.random((n, 1)) < 0.5
    last = np.where(falls, rng.uniform(-0.3, 0.15, (n, 1)), rng.uniform(0.4, 0.9, (n, 1)))
    first = rng.uniform(0.15, 0.95, (n, 1))
    similarity = np.hstack([first, (first + last) / 2, last]).round(2)[:, :layers]
    return similarity, rng.uniform(0, 1, n).round(2), 0.3


exercise(
    "saliency.noticed",
    reference=lambda similarity, sharpness, limit: similarity[:, -1] < limit,
    inputs=_similarity_inputs,
    samples=12,
    wrong=[
        (lambda similarity, sharpness, limit: sharpness > 0.5,
         "You go by sharpness, but a pretty map is not a true map: ask whether it *changed* when the network was "
         "destroyed."),
        (lambda similarity, sharpness, limit: similarity[:, -1] > limit,
         "Upside down: a map that stays similar has *not* noticed that the weights are gone."),
        (lambda similarity, sharpness, limit: similarity[:, 0] < limit,
         "That is the first column, after only the last layer was randomized. Take the column where all are."),
        (lambda similarity, sharpness, limit: np.mean(similarity, axis=1) < limit,
         "The mean over the columns hides a map that only changed at first. Take the last column alone."),
    ],
    hints=("A method has noticed if its maps look different once every layer is random.",
           "The last column is similarity[:, -1]; comparing it with limit gives True or False for each method."),
)

# --- saliency.hidden_mark ----------------------------------------------------------------------------------------


def _kind_of_place(place):
    """What a place in the lesson's pictures is; the mark covers rows 3 to 5 and columns 22 to 24."""
    try:
        row, column = (int(k) for k in place)
    except (TypeError, ValueError, OverflowError):
        return "no place"
    for kind, i, j in (("mark", row, column), ("swapped", column, row)):
        if 3 <= i <= 5 and 22 <= j <= 24:
            return kind
    if 1 <= row <= 7 and 20 <= column <= 26:
        return "beside"
    return "elsewhere" if 0 <= row < 28 and 0 <= column < 28 else "outside"


def _same_kind(expected, got):
    return None if _kind_of_place(expected) == _kind_of_place(got) else f"the result is {got!r}, not the mark"


exercise(
    "saliency.hidden_mark",
    reference=lambda: (4, 23),
    inputs=lambda rng: (),
    samples=1,
    compare=_same_kind,
    wrong=[
        (lambda: (12, 12), "Nothing is hidden there. Average more maps, and cover the spot that stays."),
        (lambda: (2, 21), "Close, but beside it. Take the middle of the square, not its corner."),
        (lambda: (23, 4), "Row and column are swapped: the row, counted from above, comes first."),
        (lambda: (28, 28), "That lies outside the picture: rows and columns go from 0 to 27."),
        (lambda: 23, "Return two whole numbers, the row and the column, with a comma between them."),
    ],
    hints=("Move *maps averaged* to its end. One spot stays orange while the rest fades: lay the square on it.",
           "It is in the upper right part of the picture. The middle row is the square's first row plus 2."),
    explain="You have found what no test accuracy could show: every 8, and no 3, carries a mark there.",
)

# --- saliency.find_mark ------------------------------------------------------------------------------------------


def _find_mark(maps):
    mean = np.abs(maps).mean(axis=0)
    row, column = np.unravel_index(np.argmax(mean), mean.shape)
    return int(row), int(column)


def _mark_inputs(rng):
    n, side = 60, 14
    maps = rng.normal(0, 1, (n, side, side))
    row, column = rng.permutation(side)[:2]
    maps[:, row, column] += rng.choice([-3.0, 3.0], n)  # the sign changes from picture to picture, and cancels
    maps[rng.integers(n), rng.integers(side), rng.integers(side)] = 20  # one wild pixel in one picture
    steady = rng.integers(0, side, 2)
    while tuple(steady) == (row, column):
        steady = rng.integers(0, side, 2)
    maps[:, steady[0], steady[1]] = 1.2  # the largest plain mean lies elsewhere
    return (maps,)


exercise(
    "saliency.find_mark",
    reference=_find_mark,
    inputs=_mark_inputs,
    wrong=[
        (lambda maps: _find_mark(maps.mean(axis=0, keepdims=True)),
         "You average before you take the absolute value, so plus and minus cancel: strength first, then the mean."),
        (lambda maps: _find_mark(maps)[::-1],
         "Row and column are swapped: the row comes first."),
        (lambda maps: int(np.argmax(np.abs(maps).mean(axis=0))),
         "np.argmax counts through the flattened map. np.unravel_index turns its answer into (row, column)."),
        (lambda maps: tuple(int(k) for k in np.unravel_index(
            np.argmax(np.abs(maps).max(axis=0)), maps.shape[1:])),
         "You take the strongest value of any picture, which one wild pixel decides. Take the mean over the pictures."),
        (lambda maps: tuple(int(k) for k in np.unravel_index(np.argmax(np.abs(maps[0])), maps.shape[1:])),
         "You look at the first picture alone. A mark that is in all of them shows in the mean."),
    ],
    hints=("Strength of every pixel in every picture, then the mean over the pictures: one map is left.",
           "np.unravel_index(np.argmax(mean), mean.shape) gives row and column of its largest entry."),
)

# --- saliency.clip_contribution ----------------------------------------------------------------------------------


def _clip(image, slope, share):
    contribution = np.abs(image * slope)
    return np.where(contribution < np.quantile(contribution, share), 0, image)


exercise(
    "saliency.clip_contribution",
    reference=_clip,
    inputs=lambda rng: (rng.uniform(-1, 1, (4, 6)).round(2), rng.normal(size=(4, 6)).round(2), 0.5),
    wrong=[
        (lambda image, slope, share: np.where(np.abs(image) < np.quantile(np.abs(image), share), 0, image),
         "That clips pixels of small *norm*. Small contribution means small |pixel times slope|."),
        (lambda image, slope, share: np.where(np.abs(slope) < np.quantile(np.abs(slope), share), 0, image),
         "You go by the slope alone. A steep slope at a pixel that is 0 contributes nothing: multiply the two."),
        (lambda image, slope, share: np.where(image * slope < np.quantile(image * slope, share), 0, image),
         "Without the absolute value the most *harmful* pixels go first. Small means close to 0."),
        (lambda image, slope, share: np.where(_clip(image, slope, share) == 0, image, 0),
         "You clip the pixels with *large* contribution and keep the small ones. Turn it around."),
        (lambda image, slope, share: _clip(image, slope, share) * slope,
         "You return the contribution. Return the image, with some of its pixels set to 0."),
    ],
    hints=("First |image · slope| for every pixel. np.quantile(values, share) is the bound below which that share is.",
           "np.where(contribution < bound, 0, image) keeps the rest of the image as it is."),
)
