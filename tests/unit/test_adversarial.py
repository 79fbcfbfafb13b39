"""Lesson 08 beyond the attacks: training against them, detection, its recordings and its figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.datasets import recordings
from course_utils.keras_tools import detection

needs_keras = pytest.mark.keras


@pytest.fixture(scope="module")
def lesson():
    """(model, images, labels) of the lesson."""
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    from course_utils.keras_tools.models import digit_cnn
    from course_utils.keras_tools.robust import data

    return digit_cnn(), *data()[1]


# --- detection -------------------------------------------------------------------------------------------------------


def test_entropy_by_hand():
    assert detection.local_entropy(np.ones((2, 5, 5))).tolist() == [0, 0]
    middle = np.zeros((1, 3, 3))
    middle[0, 1, 1] = 1.0
    one = -(1 / 9) * np.log2(1 / 9) - (8 / 9) * np.log2(8 / 9)
    assert np.isclose(detection.local_entropy(middle)[0], one), "every window sees the bright pixel once"


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 300), st.integers(2, 4))
def test_entropy_is_what_a_loop_finds(seed, shades):
    maps = np.random.default_rng(seed).uniform(-1, 3, (2, 6, 5))
    for one, got in zip(maps, detection.local_entropy(maps, shades=shades), strict=True):
        rounded = np.minimum((one - one.min()) / np.ptp(one) * shades, shades - 1).astype(int)
        framed = np.pad(rounded, 1, mode="symmetric")
        total = 0.0
        for row in range(6):
            for column in range(5):
                counts = np.unique(framed[row : row + 3, column : column + 3], return_counts=True)[1] / 9
                total -= np.sum(counts * np.log2(counts))
        assert np.isclose(got, total / 30)


@settings(deadline=None, max_examples=40)  # the first call imports scikit-learn
@given(st.integers(0, 300))
def test_area_is_scikit_learns_and_that_under_the_curve(seed):
    from sklearn.metrics import roc_auc_score

    generator = np.random.default_rng(seed)
    clean, attacked = np.round(generator.normal(0, 1, 20), 1), np.round(generator.normal(0.7, 1, 13), 1)
    truth = np.r_[np.zeros(20), np.ones(13)]
    area = detection.area(clean, attacked)
    assert np.isclose(area, roc_auc_score(truth, np.r_[clean, attacked]))
    false, caught = detection.roc(clean, attacked)
    assert np.isclose(np.trapezoid(caught, false), area)
    assert (false[0], caught[0], false[-1], caught[-1]) == (0, 0, 1, 1)


@needs_keras
def test_the_attack_that_knows_scores_lower_stays_in_the_ball_and_fools(lesson):
    from course_utils.keras_tools import attacks

    model, x, y = lesson
    x, y = x[:12], y[:12]
    made = detection.versions(model, x, y, 48 / 255)
    chosen = detection.least_suspicious(model, x, y, detection.response_entropy, made)
    assert np.abs(chosen - x).max() <= 48 / 255 + 1e-5 and chosen.min() >= 0 and chosen.max() <= 1
    fooled = attacks.logits(model, made[0]).argmax(axis=1) != y
    assert (attacks.logits(model, chosen).argmax(axis=1) != y)[fooled].all()
    before, after = (detection.response_entropy(model, pictures)[fooled] for pictures in (made[0], chosen))
    assert (after <= before + 1e-9).all() and after.mean() < before.mean() - 0.05


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: detection.local_entropy(np.ones((3, 3))), ValueError, "maps has shape"),
        (lambda: detection.local_entropy(np.ones((1, 3, 3)), size=1), ValueError, "size is 1"),
        (lambda: detection.area([], [1.0]), ValueError, "clean is an empty list"),
        (lambda: detection.roc([1.0], [np.nan]), ValueError, "attacked contains nan"),
    ],
)
def test_bad_input_gets_one_sentence(call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


# --- the recordings --------------------------------------------------------------------------------------------------


def test_what_the_lesson_says_of_the_recorded_training_holds_for_every_seed():
    arrays = recordings.read("adversarial_training").arrays
    levels = list(arrays["levels"])
    plain, robust = arrays["plain_levels"], arrays["robust_levels"]
    assert plain.shape == robust.shape == (3, len(levels))
    assert (robust[:, levels.index(32)] - plain[:, levels.index(32)] > 0.4).all()
    assert ((plain[:, 0] - robust[:, 0] > 0) & (plain[:, 0] - robust[:, 0] < 0.06)).all(), "there is a price"
    assert (np.diff(plain, axis=1) <= 0).all() and (np.diff(robust, axis=1) <= 0).all(), "a larger ε never helps"


@needs_keras
@pytest.mark.slow
def test_a_short_remake_follows_the_recorded_training(lesson):
    from course_utils.keras_tools import robust

    recorded = recordings.read("adversarial_training")
    made = robust.record_training(seeds=(0,), stop=robust.EVERY)
    assert made["steps"].tolist() == [0, robust.EVERY]
    for name in ("plain_clean", "plain_attacked", "robust_clean", "robust_attacked"):
        assert np.abs(made[name][:, 0] - recorded.arrays[name][:2, 0]).max() < 0.08, name


@needs_keras
def test_the_recorded_pixels_are_those_of_the_network(lesson):
    from course_utils.keras_tools import attacks, robust

    model, x, y = lesson
    arrays = recordings.read("adversarial_pixels").arrays
    made = robust.record_pixels(count=1)
    assert made["which"][0] == arrays["which"][0]
    assert np.allclose(made["leads"][0].astype(float), arrays["leads"][0].astype(float), atol=0.02)
    assert np.isclose(made["placed_best"][0], arrays["placed_best"][0], atol=0.01)
    fall = np.flatnonzero(arrays["leads"].astype(float).max(axis=(1, 2, 3)) > 0)
    attacked = attacks.one_pixel(model, x[arrays["which"][fall]], y[arrays["which"][fall]], search="exhaustive")
    assert (attacks.logits(model, attacked).argmax(axis=1) != y[arrays["which"][fall]]).all()
    assert (arrays["evolved"] <= arrays["leads"].astype(float).max(axis=(1, 2, 3)) + 0.02).all()


@needs_keras
def test_the_recorded_scores_are_those_of_the_detectors(lesson):
    from course_utils.keras_tools import attacks

    model, x, y = lesson
    arrays = recordings.read("adversarial_detection").arrays
    some = arrays["which"][:20]
    attacked = attacks.pgd(model, x[some], y[some], 48 / 255, steps=10)
    for number, score in enumerate(detection.DETECTORS.values()):
        assert np.allclose(score(model, x[some]), arrays["clean"][number, :20], atol=0.02)
        assert np.allclose(score(model, attacked), arrays["pgd"][number, 1, :20], atol=0.05)


def test_what_the_lesson_says_of_transfer_holds_at_every_size():
    arrays = recordings.read("adversarial_transfer").arrays
    apart = ~np.eye(5, dtype=bool)
    for table, noise in zip(arrays["table"], arrays["noise"], strict=True):
        own = np.diag(table)
        assert (own <= table.min(axis=0) + 1e-9).all(), "nothing is worse for a network than the attack on itself"
        assert table[apart].mean() < noise.mean()
    assert (arrays["clean"] > 0.95).all()


# --- training --------------------------------------------------------------------------------------------------------


@needs_keras
def test_training_against_attacks_makes_the_network_robust(lesson):
    from course_utils.keras_tools import robust
    from course_utils.keras_tools.models import digit_cnn

    _, x, y = lesson
    x, y = x[:100], y[:100]
    (train_x, train_y), _ = robust.data()
    batches = robust.shuffled_batches(train_x, train_y, copies=1, epochs=2)[:40]
    assert sum(len(b[1]) for b in batches[:20]) == len(train_y), "an epoch holds every picture once"
    steps, scores = [], {}
    for attack_steps in (0, 1):
        student = robust.train_against(digit_cnn(), batches, 32 / 255, steps=attack_steps, rate=1e-3,
                                       watch=steps.append)
        scores[attack_steps] = robust.robust_accuracy(student, x, y, 24, restarts=0)
    assert steps == [*range(41), *range(41)]
    assert scores[1] > scores[0] + 0.1


@needs_keras
def test_the_recorded_robust_network_is_robust(lesson):
    from course_utils.keras_tools import robust

    model, x, y = lesson
    scores = [robust.robust_accuracy(network, x[:100], y[:100], 32) for network in (model, robust.robust_cnn())]
    assert scores[1] > scores[0] + 0.4


# --- figures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def figures(lesson):
    from course_utils.visuals import adversarial, interactive

    interactive.close_all()
    yield adversarial
    interactive.close_all()


@needs_keras
def test_the_epsilon_slider_goes_from_right_to_wrong_and_to_the_goal(lesson, figures):
    model, x, y = lesson
    curve = figures.fgsm_curve(model, x[:200], y[:200])
    assert curve[0][0] == curve[1][0] and curve[0][-1] < 0.1 < curve[1][-1]
    shown = figures.epsilon_slider(model, x[:200], y[:200], curve=curve)
    shown.set(picture=3, level=0)
    assert "this 3 is taken for a 3" in shown.words
    shown.set(level=64)
    assert "this 3 is taken for a 3" not in shown.words
    shown.set(goal="make it a 5", level=56)
    assert "taken for a 5" in shown.words
    shown.set(goal="make it a 3")
    assert "already is a 3" in shown.words
    shown.set(level=8, goal="away from the truth")
    assert "a value of the lecture" in shown.words


@needs_keras
def test_every_control_of_every_figure_works(lesson, figures):
    from course_utils.keras_tools.robust import robust_cnn
    from course_utils.visuals import adversarial_defence as defences
    from course_utils.visuals import interactive

    model, x, y = lesson
    ten = figures.one_of_each(model, x, y)
    pixels = recordings.read("adversarial_pixels").arrays
    run = recordings.read("adversarial_training")
    w = np.random.default_rng(0).normal(0, 0.1, 784)
    made = [
        figures.many_small_steps(w, 0.1, x[0].reshape(-1)),
        figures.ball(),
        figures.pgd_steps(model, x[ten[5]], 5, steps=5),
        figures.one_pixel_map(x[pixels["which"]], y[pixels["which"]], pixels["leads"], model),
        defences.training_replay(run),
        defences.gradients_side_by_side({"plain": model, "robust": robust_cnn()}, x[ten], y[ten]),
        defences.loss_along({"plain": model, "robust": robust_cnn()}, x[ten], y[ten], "plain"),
        defences.transfer_matrix(recordings.read("adversarial_transfer")),
        defences.detector(recordings.read("adversarial_detection")),
    ]
    rows = interactive.drive_all()
    assert {row[0] for row in rows} == {figure.name for figure in made}
    assert "it fools" in made[3].words
    after = made[3]._painter.figure.axes[2]
    (column,), (row,) = after.lines[0].get_data()
    assert f"row {row}, column {column}," in made[3].words
    assert after.get_xlim() == (-0.5, 27.5) and after.get_ylim() == (27.5, -0.5), "else the ring lies outside"
    made[4].set(step=0)
    assert "Step 0 of 608" in made[4].words


@needs_keras
def test_the_ball_projects_what_lies_outside_only(figures):
    shown = figures.ball(epsilon=0.25, original=(0.5, 0.5))
    plane = shown._picture
    plane.drag("now", 0.6, 0.4)
    assert "nothing to do" in shown.words
    plane.drag("now", 0.9, 0.9)
    assert "Projected: (0.75, 0.75)" in shown.words
    shown.set(norm="L2")
    assert "length of the change 0.25" in shown.words


@needs_keras
def test_the_staircase_leaves_whole_grey_levels_alone_and_has_no_slope_there(lesson):
    import keras
    from keras import ops

    from course_utils.keras_tools import attacks

    model, x, y = lesson
    entrance = keras.Input((28, 28, 1))
    nearest = ops.round(255 * entrance)
    rest = 255 * entrance - nearest
    rounded = keras.Model(entrance, model((nearest + (rest - ops.clip(rest, -0.01, 0.01)) / 0.98) / 255))
    assert np.allclose(attacks.logits(rounded, x[:20]), attacks.logits(model, x[:20]), atol=1e-3)
    assert np.abs(attacks.loss_and_gradient(rounded)(x[:20], y[:20])[1]).max() == 0
    off = np.clip(x[:20] + np.float32(0.3 / 255), 0, 1)
    assert np.abs(attacks.loss_and_gradient(rounded)(off, y[:20])[1]).max() > 0
