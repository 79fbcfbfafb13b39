"""A few real photographs that came with the packages the course needs anyway."""

from course_utils.from_scratch._checks import describe

# What each shows, for captions and for readers who cannot see it.
SCIKIT_IMAGE = {
    "astronaut": "the astronaut Eileen Collins before a flag and a model of a space shuttle",
    "camera": "a man behind a film camera on a tripod, in gray",
    "chelsea": "the face of a tabby cat",
    "coffee": "a cup of coffee with a spoon on a wooden table",
    "hubble_deep_field": "hundreds of distant galaxies before black",
    "retina": "the back of an eye with its blood vessels",
    "rocket": "a rocket on its launch pad at dusk",
}
SCIKIT_LEARN = {"china": "a temple in China among trees", "flower": "a yellow and orange flower before dark leaves"}


def photographs(name=None):
    """One real photograph as a uint8 array (height, width, 3), channels red, green, blue; without a name, all names.

    ``photographs()`` gives a dict from each name to a few words on what the photograph shows. A gray photograph has
    three equal channels. All lie in the installed packages scikit-image and scikit-learn (whose documentation names the
    photographers and licenses: public domain or CC0, and CC BY 2.0 for china and flower); nothing is downloaded.
    """
    if name is None:
        return dict(sorted({**SCIKIT_IMAGE, **SCIKIT_LEARN}.items()))
    if isinstance(name, str) and name in SCIKIT_LEARN:
        from sklearn.datasets import load_sample_image

        return load_sample_image(f"{name}.jpg").copy()
    if isinstance(name, str) and name in SCIKIT_IMAGE:
        import numpy as np
        from skimage import data

        picture = getattr(data, name)()
        return picture.copy() if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2)
    known = ", ".join(photographs())
    raise ValueError(f"photographs: name is {describe(name)}, but only {known} are at hand: choose one of them.")
