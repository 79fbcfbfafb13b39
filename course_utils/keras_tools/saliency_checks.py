"""Is the explanation true? Measures that a map can fail, each with its floor.

Pointing: J. Zhang and others, "Top-down Neural Attention by Excitation Backprop", 2016. Deletion and insertion:
V. Petsiuk and others, "RISE", 2018. Randomized weights: J. Adebayo and others, "Sanity Checks for Saliency Maps", 2018.
"""

import numpy as np

from course_utils.from_scratch._checks import describe, whole
from course_utils.keras_tools.saliency import flat, logits

BLOCK = 4  # pixels: single pixels scattered over a picture are easily filled in by their neighbors
SHARES = np.arange(0, 50, 3.5) / 49  # of the picture that is deleted or inserted
BLUR = 5.0


def pointing(maps, corners, size):
    """Share of the maps (n, h, w) whose largest value lies in the square of that size at its corner (n, 2)."""
    maps = flat(maps)
    rows, columns = np.unravel_index(maps.reshape(len(maps), -1).argmax(axis=1), maps.shape[1:])
    row, column = np.asarray(corners).T
    return float(np.mean((row <= rows) & (rows < row + size) & (column <= columns) & (columns < column + size)))


def changed_pictures(images, maps, shares=SHARES, *, insert=False):
    """Pictures (shares, n, h, w, c): the most important blocks of each blurred, or (insert) only those sharp.

    A block is 4 x 4 pixels; it counts by the sum of the map's values in it, the largest first.
    """
    from scipy.ndimage import gaussian_filter

    images, maps = np.asarray(images), flat(maps)
    n, height, width = maps.shape
    blocks = maps[:, : height // BLOCK * BLOCK, : width // BLOCK * BLOCK]
    blocks = blocks.reshape(n, height // BLOCK, BLOCK, width // BLOCK, BLOCK).sum(axis=(2, 4))
    ranks = _ranks(-blocks).repeat(BLOCK, axis=1).repeat(BLOCK, axis=2)
    ranks = np.pad(ranks, ((0, 0), (0, height % BLOCK), (0, width % BLOCK)), mode="edge")
    blurred = gaussian_filter(images, (0, BLUR, BLUR, 0))
    first, then = (blurred, images) if insert else (images, blurred)
    return np.stack([np.where((ranks < share * blocks[0].size)[..., None], then, first) for share in shares])


def probability_curves(model, images, labels, maps, shares=SHARES, *, insert=False):
    """The label's probability (n, shares) after so much of the picture was deleted or inserted, the important first."""
    stages = changed_pictures(images, maps, shares, insert=insert)
    z = logits(model, stages.reshape(-1, *stages.shape[2:]))
    z = np.exp(z - z.max(axis=1, keepdims=True))
    found = (z / z.sum(axis=1, keepdims=True)).reshape(len(shares), len(images), -1)
    return found[:, np.arange(len(images)), labels].T


def randomized(model, last, seed=0, reuse=None):
    """A copy of the model whose last so many layers with weights are random again; 0 copies it as it is.

    reuse: an earlier copy to be given these weights in place of a new one; what was compiled for it serves again.
    """
    import keras

    weighted = [number for number, layer in enumerate(model.layers) if layer.weights]
    last = whole(0, len(weighted))("randomized", "last", last)
    keras.utils.set_random_seed(whole(0)("randomized", "seed", seed))
    fresh = keras.models.clone_model(model)
    for number in weighted[: len(weighted) - last]:
        fresh.layers[number].set_weights(model.layers[number].get_weights())
    if reuse is None:
        return fresh
    reuse.set_weights(fresh.get_weights())
    return reuse


def similarity(maps, others, where=None):
    """Rank correlation (Spearman) of the maps' strengths, the mean over the pictures.

    Two empty maps say nothing and are left out (1 if all are), an empty map and another count as 0. where: truth values
    (n, h, w), the pixels to compare; all unless given.
    """
    from scipy.stats import rankdata

    one, two = (np.abs(flat(some)).reshape(len(some), -1) for some in (maps, others))
    if one.shape != two.shape:
        raise ValueError(f"similarity: others is {describe(np.asarray(others))}, but maps is "
                         f"{describe(np.asarray(maps))}: compare maps of the same pictures.")
    found = []
    inside = np.ones(one.shape, bool) if where is None else np.asarray(where).reshape(one.shape)
    for a, b, some in zip(one, two, inside, strict=True):
        a, b = a[some], b[some]
        if a.std() > 0 and b.std() > 0:
            found.append(np.corrcoef(rankdata(a), rankdata(b))[0, 1])
        elif a.any() or b.any():
            found.append(float(np.array_equal(a, b)))
    return float(np.mean(found)) if found else 1.0


def _ranks(values):
    """0 for the smallest value of each map, then 1, ..."""
    return values.reshape(len(values), -1).argsort(axis=1, kind="stable").argsort(axis=1).reshape(values.shape)
