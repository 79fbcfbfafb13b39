"""Attacks: equal to foolbox and ART, inside their ball and range, and one sentence for whatever does not fit."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.datasets import digits

pytestmark = pytest.mark.keras
VALUES = Path(__file__).parents[1] / "reference" / "values_attacks.npz"


@pytest.fixture(scope="module")
def attacks():
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    from course_utils.keras_tools import attacks

    return attacks


@pytest.fixture(scope="module")
def model(attacks):
    from course_utils.keras_tools.models import digit_cnn

    return digit_cnn()


@pytest.fixture(scope="module")
def small(attacks):
    """A network of a few weights for 6 x 5 pictures with two channels."""
    import keras

    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((6, 5, 2)), keras.layers.Conv2D(4, 3, activation="tanh"),
                             keras.layers.Flatten(), keras.layers.Dense(3)])


@pytest.fixture(scope="module")
def values():
    with np.load(VALUES, allow_pickle=False) as archive:
        return {key: archive[key] for key in archive}


@pytest.fixture(scope="module")
def data(values):
    from course_utils.keras_tools.models import as_input

    _, (pictures, labels) = digits()
    x, y = as_input(pictures[: len(values["x"])]), labels[: len(values["x"])].astype("int32")
    assert np.array_equal(x, values["x"]) and np.array_equal(y, values["y"]), "remake the reference values"
    return x, y


def on_tensorflow():
    import keras

    return keras.config.backend() == "tensorflow"


# --- the same as the libraries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["foolbox_fgsm", "art_fgsm", "art_fgsm_targeted", "foolbox_pgd_linf", "art_pgd_linf",
                                  "foolbox_pgd_l2", "foolbox_pgd_targeted"])
def test_the_same_pictures_as_foolbox_and_art(attacks, model, data, values, name):
    x, y = data
    targeted = name.endswith("targeted")
    labels = values["targets"] if targeted else y
    if "fgsm" in name:
        ours = attacks.fgsm(model, x, labels, float(values["epsilon"]), targeted=targeted)
    else:
        norm = "l2" if name.endswith("l2") else "linf"
        epsilon = float(values["length" if norm == "l2" else "epsilon"])
        ours = attacks.pgd(model, x, labels, epsilon, norm=norm, steps=int(values["steps"]), targeted=targeted)
    apart = np.abs(ours - values[name])
    if on_tensorflow():
        assert apart.max() <= 1e-6
    else:  # other engines round otherwise, and a gradient near 0 may change its sign
        assert np.mean(apart > 1e-5) < 0.01
    assert np.abs(values[name] - x).max() > 0.05, "the reference attacks something"


# --- what every attack keeps -----------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), epsilon=st.floats(0, 0.5), norm=st.sampled_from(["linf", "l2"]),
       steps=st.integers(1, 4), restarts=st.integers(0, 2))
def test_pgd_stays_in_the_ball_and_in_the_range(attacks, small, seed, epsilon, norm, steps, restarts):
    generator = np.random.default_rng(seed)
    x = generator.uniform(-1, 1, (3, 6, 5, 2)).astype("float32")
    kept = x.copy()
    made = attacks.pgd(small, x, np.array([0, 1, 2]), epsilon, norm=norm, steps=steps, restarts=restarts,
                       bounds=(-1, 1), seed=seed)
    size = np.abs(made - x).max() if norm == "linf" else attacks.length(made - x).max()
    assert size <= epsilon + 1e-5
    assert made.min() >= -1 and made.max() <= 1 and made.dtype == np.float32
    assert np.array_equal(x, kept), "the pictures given stay as they are"


def test_epsilon_zero_changes_nothing_and_a_larger_one_hurts_more(attacks, model):
    from course_utils.keras_tools.models import as_input

    _, (pictures, labels) = digits()
    x, y = as_input(pictures[:100]), labels[:100].astype("int32")
    assert np.array_equal(attacks.fgsm(model, x, y, 0), x)
    scores = [attacks.accuracy(model, attacks.fgsm(model, x, y, level / 255), y) for level in (8, 24, 48)]
    assert scores[0] > scores[1] > scores[2]


def test_fgsm_is_the_formula_and_follows_the_finite_differences(attacks, small):
    generator = np.random.default_rng(0)
    x, y = generator.uniform(0.2, 0.8, (2, 6, 5, 2)).astype("float32"), np.array([1, 2])
    value, gradient = attacks.loss_and_gradient(small)(x, y)
    assert np.array_equal(attacks.fgsm(small, x, y, 0.1), (x + np.float32(0.1) * np.sign(gradient)))

    def loss(pictures):
        logits = attacks.logits(small, pictures).astype(float)
        return float(np.sum(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(2), y]))

    assert np.isclose(value, loss(x), atol=1e-4)
    for place in ((0, 0, 0, 0), (1, 5, 4, 1), (0, 3, 2, 1)):
        nudge = np.zeros_like(x)
        nudge[place] = 1e-2
        assert np.isclose(gradient[place], (loss(x + nudge) - loss(x - nudge)) / 2e-2, atol=2e-3)


def test_targeted_attacks_bring_the_target_nearer_and_others_push_the_truth_away(attacks, model, data):
    x, y = data
    targets = (y + 1) % 10
    before = attacks.lead(attacks.logits(model, x), targets, targeted=True)
    for attack in (attacks.fgsm, attacks.pgd):
        after = attacks.lead(attacks.logits(model, attack(model, x, targets, 16 / 255, targeted=True)), targets, True)
        assert (after > before).all()
        away = attacks.lead(attacks.logits(model, attack(model, x, y, 16 / 255)), y)
        assert (away > attacks.lead(attacks.logits(model, x), y)).all()


def test_restarts_never_make_pgd_weaker(attacks, model, data):
    x, y = data
    leads = [attacks.lead(attacks.logits(model, attacks.pgd(model, x, y, 16 / 255, steps=3, restarts=n)), y)
             for n in (0, 1, 3)]
    assert (leads[1] >= leads[0] - 1e-5).all() and (leads[2] >= leads[1] - 1e-5).all()
    assert leads[2].sum() > leads[0].sum()


def test_new_weights_give_new_attacks(attacks):
    import keras

    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    x, y = np.full((1, 2, 2, 1), 0.5, "float32"), np.array([0])
    first = attacks.fgsm(network, x, y, 0.1)
    network.set_weights([-w for w in network.get_weights()])
    assert np.allclose(attacks.fgsm(network, x, y, 0.1) - x, x - first, atol=1e-7)


# --- one pixel -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("search", ["exhaustive", "evolution"])
def test_one_pixel_changes_at_most_one_and_for_the_worse(attacks, model, data, search):
    x, y = data
    made = attacks.one_pixel(model, x[:2], y[:2], search=search, generations=5, population=30)
    assert (np.sum(made != x[:2], axis=(1, 2, 3)) <= 1).all() and made.min() >= 0 and made.max() <= 1
    assert (attacks.lead(attacks.logits(model, made), y[:2]) > attacks.lead(attacks.logits(model, x[:2]), y[:2])).all()


def test_the_exhaustive_search_is_what_a_loop_finds(attacks, small):
    image = np.random.default_rng(1).uniform(0, 1, (6, 5, 2)).astype("float32")
    found, colors = attacks.pixel_leads(small, image, 1)
    assert found.shape == (6, 5, 4) and len(colors) == 4
    for row, column, which in ((0, 0, 0), (3, 4, 2), (5, 1, 3)):
        changed = image.copy()
        changed[row, column] = colors[which]
        lead = attacks.lead(attacks.logits(small, changed[None]), np.array([1]))[0]
        assert np.isclose(found[row, column, which], lead, atol=1e-5)
    best = attacks.one_pixel(small, image[None], np.array([1]), search="exhaustive")
    assert np.isclose(attacks.lead(attacks.logits(small, best), np.array([1]))[0], found.max(), atol=1e-5)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 500))
def test_projecting_twice_is_projecting_once(seed):
    from course_utils.keras_tools.attacks import project

    generator = np.random.default_rng(seed)
    original = generator.uniform(0, 1, (2, 3, 3, 1)).astype("float32")
    far = (original + generator.normal(size=original.shape)).astype("float32")
    for norm in ("linf", "l2"):
        once = project(far, original, 0.3, norm)
        assert np.allclose(project(once, original, 0.3, norm), once, atol=1e-6)


# --- bad input -------------------------------------------------------------------------------------------------------


def image(value=0.5, n=1):
    return np.full((n, 28, 28, 1), value, "float32")


BAD = {
    "negative epsilon": (lambda a, m: a.fgsm(m, image(), [1], -0.1), ValueError, "epsilon is -0.1"),
    "epsilon in grey levels": (lambda a, m: a.fgsm(m, image(), [1], 8), ValueError, "epsilon is 8.*0.0314"),
    "epsilon as a text": (lambda a, m: a.fgsm(m, image(), [1], "8"), TypeError, "epsilon is the text '8'"),
    "nan as epsilon": (lambda a, m: a.pgd(m, image(), [1], np.nan), ValueError, "epsilon is nan"),
    "l2 beyond the diagonal": (lambda a, m: a.pgd(m, image(), [1], 30, norm="l2"), ValueError, "larger than 28"),
    "grey levels": (lambda a, m: a.fgsm(m, image(255), [1], 0.1), ValueError, "images goes from 255 to 255"),
    "nan in the picture": (lambda a, m: a.fgsm(m, image(np.nan), [1], 0.1), ValueError, "images goes from nan"),
    "whole numbers": (lambda a, m: a.fgsm(m, image().astype("uint8"), [1], 0.1), TypeError, "divide grey levels"),
    "no channel": (lambda a, m: a.fgsm(m, image()[..., 0], [1], 0.1), ValueError, r"takes \(n, 28, 28, 1\)"),
    "one bare picture": (lambda a, m: a.one_pixel(m, image()[0], [1]), ValueError, "put a single picture into a list"),
    "no picture": (lambda a, m: a.fgsm(m, image(n=0), [], 0.1), ValueError, "images is an empty array"),
    "too few labels": (lambda a, m: a.fgsm(m, image(n=2), [1], 0.1), ValueError, "2 whole numbers"),
    "shares as labels": (lambda a, m: a.fgsm(m, image(), [0.5], 0.1), ValueError, "whole numbers are expected"),
    "an eleventh class": (lambda a, m: a.fgsm(m, image(), [10], 0.1), ValueError, "labels contains 10"),
    "targets in targeted": (lambda a, m: a.fgsm(m, image(), [1], 0.1, targeted=3), TypeError, "targeted is 3"),
    "zero steps": (lambda a, m: a.pgd(m, image(), [1], 0.1, steps=0), ValueError, "steps is 0"),
    "a step of nothing": (lambda a, m: a.pgd(m, image(), [1], 0.1, step_size=0), ValueError, "step_size is 0"),
    "negative restarts": (lambda a, m: a.pgd(m, image(), [1], 0.1, restarts=-1), ValueError, "restarts is -1"),
    "an unknown norm": (lambda a, m: a.pgd(m, image(), [1], 0.1, norm="l1"), ValueError, "norm is the text 'l1'"),
    "an unknown search": (lambda a, m: a.one_pixel(m, image(), [1], search="all"), ValueError, "search is"),
    "no generations": (lambda a, m: a.one_pixel(m, image(), [1], generations=0), ValueError, "generations is 0"),
    "bounds turned around": (lambda a, m: a.fgsm(m, image(), [1], 0.1, bounds=(1, 0)), ValueError, "bounds is"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence(attacks, model, case):
    call, kind, words = BAD[case]
    with pytest.raises(kind, match=words) as caught:
        call(attacks, model)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_a_target_that_is_the_class_already_is_refused(attacks, model, data):
    x, y = data
    for attack in (lambda: attacks.fgsm(model, x, y, 0.1, targeted=True),
                   lambda: attacks.pgd(model, x, y, 0.1, targeted=True),
                   lambda: attacks.one_pixel(model, x, y, targeted=True)):
        with pytest.raises(ValueError, match="the target of picture 0 is .* the class it already has") as caught:
            attack()
        assert str(caught.value).endswith(".")
