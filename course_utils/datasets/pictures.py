"""The 9x9 pictures of an X and an O, small enough to send through a network by hand."""

import numpy as np

from course_utils.from_scratch._checks import checked, real, whole

SIDE = 9
MIDDLE = 4
REACH = 3  # how far a drawing goes from the middle


def x_and_o():
    """An X and an O: pictures (2, 9, 9) with 1 for ink and -1 for paper, and labels [0, 1] (0 is X, 1 is O).

    Source: the X-or-O network of the lecture "Machine Learning I: Neural Networks & Deep Learning", which follows
    B. Rohrer, "How do Convolutional Neural Networks work?", 2016. The X is the symmetric one, which the lecture's maps
    belong to; the table printed in the lecture differs from it in six cells. The O is drawn by us.
    """
    return np.stack([_draw(0, REACH), _draw(1, REACH)]), np.array([0, 1])


def features():
    """The three 3x3 features the X is made of, as an array (3, 3, 3): falling stroke, crossing, rising stroke.

    Compare one with a patch by the mean of the nine products: 1 means the same, -1 the exact opposite.
    """
    falling = 2.0 * np.eye(3) - 1
    rising = falling[:, ::-1]
    return np.stack([falling, np.maximum(falling, rising), rising])


@checked(n=whole(1), seed=whole(0), noise=real(0, 1), shift=whole(0, MIDDLE), scale=whole(0, 2))
def x_and_o_samples(n, seed=0, noise=0.0, shift=0, scale=0):
    """``n`` X's and O's that are noisy, shifted and scaled: pictures (n, 9, 9) of -1 and 1, and labels (n,) of 0 and 1.

    noise: the chance of each pixel to be turned around (ink to paper, paper to ink). shift: each drawing moves by up to
    so many pixels down or up and to either side; what leaves the picture is lost. scale: each drawing is up to so many
    pixels smaller or larger on every side (at most one larger: then it fills the picture). Each class has the same
    chance. The same arguments always give the same pictures.
    """
    generator = np.random.default_rng(seed)
    labels = generator.integers(2, size=n)
    pictures = np.empty((n, SIDE, SIDE))
    for picture, label in zip(pictures, labels, strict=True):
        reach = generator.integers(REACH - scale, min(REACH + scale, MIDDLE) + 1)
        down, right = generator.integers(-shift, shift + 1, size=2)
        picture[:] = _draw(label, reach, down, right)
    pictures[generator.random(pictures.shape) < noise] *= -1
    return pictures, labels


def _draw(label, reach, down=0, right=0):
    """One picture (9, 9): an X (label 0) or an O (label 1) of ``reach`` around the middle moved by down and right."""
    row, column = np.abs(np.indices((SIDE, SIDE)) - MIDDLE - np.array([down, right]).reshape(2, 1, 1))
    far, near = np.maximum(row, column), np.minimum(row, column)
    if label == 0:
        ink = (row == column) & (far <= reach)
    else:  # four sides, and a pixel across each corner; a small O has no room for the corner pixels
        ink = (far == reach) & (near <= max(1, reach - 2)) | (far == near) & (far == reach - 1) & (reach > 2)
    return np.where(ink, 1.0, -1.0)
