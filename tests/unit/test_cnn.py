"""Lesson 04: the X and the O by hand, the figures over their whole range, the studies and their recordings."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from course_utils.datasets import digits, features, placed_digits, recordings, x_and_o, x_and_o_samples
from course_utils.exercises import all_exercises
from course_utils.exercises.judge import _judge
from course_utils.from_scratch.convolution import convolve2d, max_pool2d
from course_utils.visuals import cnn as figures
from course_utils.visuals import cnn_blocks as blocks
from course_utils.visuals import cnn_xo as xo
from course_utils.visuals.interactive import close_all, drive_all

LECTURE_ROW = [0.78, -0.11, 0.11, 0.33, 0.56, -0.11, 0.33]


@pytest.fixture(autouse=True)
def strict(monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")
    close_all()
    yield
    close_all()


def hand_votes():
    strong = (xo.flattened(x_and_o()[0]) > 0.9).astype(float)
    return (strong / strong.sum(axis=1, keepdims=True)).T


# --- the X and the O -------------------------------------------------------------------------------------------------


def test_the_lectures_numbers():
    maps, clean, small, last = xo.stages(x_and_o()[0][0])
    np.testing.assert_allclose(maps[0][0], LECTURE_ROW, atol=0.005)
    np.testing.assert_allclose(small[0][0], [1.00, 0.33, 0.56, 0.33], atol=0.005)
    assert [stage[0].shape for stage in (maps, clean, small, last)] == [(7, 7), (7, 7), (4, 4), (2, 2)]
    assert min(one.min() for one in clean) >= 0


def test_hand_votes_are_two_separate_answers():
    votes = xo.flattened(x_and_o()[0]) @ hand_votes()
    np.testing.assert_allclose(votes, [[1, 5 / 9], [5 / 9, 1]])
    np.testing.assert_allclose(0.92 * votes[0], [0.92, 0.51], atol=0.005)


@pytest.mark.parametrize("seed", range(3))
def test_learned_votes_beat_hand_votes_on_fresh_drawings(seed):
    samples, kinds = xo.drawn(200, seed=seed)
    values, targets = xo.flattened(samples), np.eye(2)[kinds]
    weights, bias = 0.92 * hand_votes(), np.zeros(2)
    first = np.abs(values @ weights + bias - targets).mean()
    for _ in range(300):
        error = targets - (values @ weights + bias)
        weights, bias = weights + 0.2 * values.T @ error / len(values), bias + 0.2 * error.mean(axis=0)
    assert np.abs(values @ weights + bias - targets).mean() < 0.5 * first
    fresh, fresh_kinds = xo.drawn(500, seed=100 + seed)
    fresh = xo.flattened(fresh)
    learned = np.mean((fresh @ weights + bias).argmax(axis=1) == fresh_kinds)
    assert learned >= 0.98 and learned >= np.mean((fresh @ hand_votes()).argmax(axis=1) == fresh_kinds)


def test_emboss_and_its_flip():
    patch = figures.HILL[1:4, 1:4]
    assert patch.tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 2]]
    assert convolve2d(patch, figures.EMBOSS) == -8 and convolve2d(patch, figures.EMBOSS[::-1, ::-1]) == 8
    assert correlate2d(patch, figures.EMBOSS, mode="valid") == -8


# --- figures ---------------------------------------------------------------------------------------------------------


def test_stepping_over_the_hill_shows_the_products():
    kernels = {"emboss": figures.EMBOSS, "sum": np.ones((3, 3))}
    shown = figures.step_over(figures.HILL, kernels, name="hill")
    assert shown.words.endswith("= −8.")
    shown.set(flip=True)
    assert shown.words.endswith("= 8.")
    picture, result = shown._picture._columns[0][0], shown._picture._columns[2][0]
    shown.set(flip=False, kernel="sum")
    picture.visit(4, 4)  # the top of the hill: all of its neighbors
    assert "Row 4, column 4" in shown.words and shown.words.endswith(f"= {figures.HILL[3:6, 3:6].sum()}.")
    picture.visit(0, 0)  # no window has its middle there: the nearest one is shown
    assert "Row 1, column 1" in shown.words
    result.visit(5, 5)
    assert "Row 6, column 6" in shown.words
    assert shown.png().startswith(b"\x89PNG")


def test_stepping_over_the_x_shows_means():
    shown = figures.step_over(x_and_o()[0][0], dict(zip(xo.FEATURES, features(), strict=True)), name="x", mean=True,
                              digits=2, start=(0, 0))  # fmt: skip
    assert shown.words.endswith("/ 9 = 0.78.")
    shown._picture._columns[2][0].visit(1, 1)
    assert shown.words.endswith("/ 9 = 1.00.")


def test_stride_and_padding_over_everything():
    shown = figures.sliding()
    assert "(5 + 2·1 − 3) / 2 + 1 = 3" in shown.words and "Place 1 of 9" in shown.words
    for n in (3, 6, 8):
        for k in (1, 3, 5):
            for s in (1, 2, 4):
                for p in (0, 2):
                    shown.set(n=n, kernel=k, stride=s, padding=p, step=143)
                    if k > n + 2 * p:
                        assert "No place for this kernel" in shown.words
                    else:
                        side = len(range(0, n + 2 * p - k + 1, s))
                        assert f"the result is {side} × {side}. Place {side * side} of" in shown.words
                        assert ("never seen" in shown.words) == bool((n + 2 * p - k) % s)
    shown.set(n=5, kernel=3, stride=2, padding=1, step=0)
    shown.press("Play or hold")  # no event loop here: it goes to the end
    assert "Place 9 of 9" in shown.words


def test_playing_walks_in_an_event_loop_and_stops_when_closed():
    import asyncio

    async def watch():
        shown = figures.sliding()
        shown._actions["Play or hold"].__self__._pause = 0.001
        shown.press("Play or hold")
        await asyncio.sleep(0.6)
        assert shown.values["step"] > 0
        shown.close()
        await asyncio.sleep(0.05)

    asyncio.run(watch())


def test_a_photograph_close_up_is_numbers():
    shown = figures.as_numbers()
    assert "270,000 numbers" in shown.words
    shown.set(across=8, channel="red")
    assert "8 × 8 of 300 × 300 pixels, the red channel alone: numbers from" in shown.words
    assert "zoom in" not in shown.words


def test_filters_say_what_the_flip_does():
    shown = figures.on_a_photograph()
    shown.set(kind="blur", flip=True)
    assert "changes nothing" in shown.words and "sum to 1" in shown.words
    shown.set(kind="emboss")
    assert "changes nothing" not in shown.words and "sum to 0" in shown.words


def test_every_figure_without_a_network_over_its_whole_range():
    (x, y), _ = digits()
    values, kinds = xo.drawn(20, seed=0)
    values = xo.flattened(values)
    kept = [figures.as_numbers(), figures.on_a_photograph(), figures.sliding(), blocks.receptive_field(),
            figures.step_over(figures.HILL, {"emboss": figures.EMBOSS, "edge": np.ones((3, 3))}, name="hill"),
            xo.pipeline(hand_votes(), np.zeros(2)), blocks.augmentation(x, y),
            xo.learned_votes([(hand_votes(), np.zeros(2))] * 5, values, np.eye(2)[kinds])]  # fmt: skip
    rows = drive_all()
    assert {row[0] for row in rows} == {figure.name for figure in kept}
    assert all(figure.png().startswith(b"\x89PNG") for figure in kept)


def test_pipeline_names_the_mistakes():
    shown = xo.pipeline(hand_votes(), np.zeros(2))
    assert "An X, as drawn, number 1: 1.00 for X, 0.56 for O" in shown.words
    heard = []
    for number in range(20):
        shown.set(kind="all of these", number=number)
        heard.append(shown.words)
    pictures, kinds = x_and_o_samples(20, seed=1, **xo.KINDS["all of these"])
    right = (xo.flattened(pictures) @ hand_votes()).argmax(axis=1) == kinds
    assert sum(words.endswith("right.") for words in heard) == right.sum()


def test_receptive_field_of_two_small_kernels_is_five():
    assert blocks.field([3, 3], [1, 1])[0][-1] == 5
    assert blocks.field([3, 2, 3], [1, 2, 1]) == ([1, 3, 4, 8], [1, 1, 2, 2])
    assert "5 × 5 pixels" in blocks.receptive_field().words


def test_imagenet_says_every_number():
    words = blocks.imagenet().words
    assert all(f"{error:g} %" in words for error in (16.4, 4.94, 4.82, 4.58, 3.57, 5.1))


# --- exercises -------------------------------------------------------------------------------------------------------

MISTAKES = [(name, k) for name, found in all_exercises().items() if name.startswith("cnn.")
            for k in range(len(found.wrong))]  # fmt: skip


def test_there_are_at_least_ten_exercises():
    assert sum(name.startswith("cnn.") for name in all_exercises()) >= 10


@pytest.mark.parametrize(("name", "k"), MISTAKES)
def test_every_mistake_gets_its_own_message(name, k):
    found = all_exercises()[name]
    function, message = found.wrong[k]
    assert _judge(found, function) == ("wrong", message)


# --- studies and recordings ------------------------------------------------------------------------------------------


def by_method(name):
    recording = recordings.read(name)
    return dict(zip(recording.arrays["methods"], recording.arrays["accuracy"], strict=True)), recording


def test_placed_comparison_says_what_the_lesson_says():
    accuracy, recording = by_method("cnn_comparison_placed")
    assert recording.arrays["accuracy"].shape == (5, 2, 3)
    assert accuracy["CNN"][0].min() >= 0.90 and accuracy["dense net"][0].max() <= 0.60
    assert (accuracy["CNN"][0] - accuracy["CNN"][1]).min() > 0.3
    assert accuracy["CNN, augmented"][0].min() >= 0.90


def test_centred_comparison_says_what_the_lesson_says():
    accuracy, _ = by_method("cnn_comparison_centred")
    assert accuracy["CNN, augmented"][0].mean() >= 0.98
    assert all(one[0].mean() >= one[1].mean() for one in accuracy.values()), "other writers are harder for all"


def test_a_short_remake_follows_the_recording():
    from course_utils.keras_tools import studies

    (x, y), (x_test, y_test) = digits("writers")
    accuracy, _ = by_method("cnn_comparison_centred")
    for method in ("pixels + SVM", "HOG + SVM"):
        right, stored, steps = studies.compare(method, (x, y), (x_test, y_test))
        assert abs(right - accuracy[method][1, 0]) <= 0.004 and steps == 0 and stored > 0


@pytest.mark.keras
def test_a_short_network_remake_follows_the_recording():
    from course_utils.keras_tools import studies

    accuracy, recording = by_method("cnn_comparison_centred")
    right, stored, steps = studies.compare("dense net", *digits("random", seed=0))
    assert abs(right - accuracy["dense net"][0, 0]) <= 0.02
    assert (stored, steps) == (recording.arrays["stored"][0], recording.arrays["training_steps"][0])


@pytest.mark.keras
@pytest.mark.slow
@pytest.mark.parametrize("method", ["dense net", "HOG + SVM"])
def test_a_short_placed_remake_follows_the_recording(method):
    from course_utils.keras_tools import studies

    accuracy, recording = by_method("cnn_comparison_placed")
    right, stored, steps = studies.compare(method, *placed_digits(seed=0))
    assert abs(right - accuracy[method][0, 0]) <= (0.04 if steps else 0.004)
    row = list(recording.arrays["methods"]).index(method)
    assert (stored, steps) == (recording.arrays["stored"][row], recording.arrays["training_steps"][row])


@pytest.mark.keras
@pytest.mark.slow
def test_a_short_transfer_remake_follows_the_recording():
    """One seed, five examples a class: the pretraining, and what fine-tuning makes of it."""
    from course_utils.keras_tools import studies

    recorded = recordings.read("cnn_transfer").arrays
    old, new = studies.transfer_data(0)
    base = studies.pretrain(old, 0)
    assert abs(studies.accuracy(base, *old[1]) - recorded["pretrained"][0]) <= 0.03
    tuned = studies.learn_new("fine-tuned", base, new, recorded["few"][0], 0)
    assert abs(tuned - recorded["accuracy"][0, 2, 0]) <= 0.08  # 0.15 above learning from scratch


@pytest.mark.keras
def test_uint8_pictures_are_learned_from_batch_by_batch():
    import keras

    from course_utils.keras_tools import models, studies

    pictures, labels = digits()[0]
    pictures, labels = pictures[:150], labels[:150]  # the third batch of 64 is cut
    keras.utils.set_random_seed(0)
    model = studies.dense_net(28)
    history = studies.fit(model, pictures, labels, 60)
    assert len(history["loss"]) == 20 and history["loss"][-1] < 0.3 * history["loss"][0]
    z = studies.logits(model, models.as_input(pictures))
    np.testing.assert_allclose(studies.logits(model, pictures), z, atol=1e-5)
    batches = studies._batches(pictures, labels, 64)
    shown = [np.concatenate([batches[k][0] for k in range(len(batches))]).sum() for _ in (0, 1)]
    assert len(batches) == 3 and np.isclose(shown[0], pictures.sum() / 255, rtol=1e-5), "every picture once"
    before = batches.order
    batches.on_epoch_end()
    assert not np.array_equal(before, batches.order)


@pytest.mark.keras
def test_both_kinds_of_training_take_the_same_number_of_steps():
    steps = recordings.read("cnn_comparison_placed").arrays["training_steps"]
    assert steps[0] == steps[3] == steps[4] == 940


@pytest.mark.keras
def test_the_cnn_keeps_its_answer_where_the_digit_moves_by_whole_strides():
    import keras

    from course_utils.keras_tools import studies

    keras.utils.set_random_seed(0)
    model = studies.anywhere_cnn()
    picture = np.zeros((1, 36, 36, 1), np.float32)
    picture[0, 12:20, 8:16, 0] = np.random.default_rng(0).random((8, 8))
    moved = np.roll(picture, 8, axis=2)  # three poolings by 2: 8 moves every map by whole numbers, far from the edges
    np.testing.assert_allclose(studies.logits(model, picture), studies.logits(model, moved), atol=1e-5)


def test_studies_say_what_they_can_do(capsys):
    from course_utils.keras_tools import studies

    assert studies.main([]) == 2 and studies.main(["everything"]) == 2
    assert "placed, centred, transfer" in capsys.readouterr().out
    (train, test) = placed_digits(20, 10)
    with pytest.raises(ValueError, match="compare: method is the text 'magic'.*choose one of them"):
        studies.compare("magic", train, test)
    with pytest.raises(ValueError, match="learn_new: few is 0"):
        studies.learn_new("frozen", None, None, 0, 0)


# --- figures with a network ------------------------------------------------------------------------------------------


@pytest.mark.keras
def test_figures_with_a_network_over_their_whole_range():
    from course_utils.keras_tools import models, studies
    from course_utils.visuals import cnn_inside as inside

    model = models.digit_cnn()
    _, (x, y) = digits()
    out = studies.logits(model, models.as_input(x))
    said = out.argmax(axis=1)
    assert f"{(said == y).sum()} on the diagonal are right" in inside.confusion(y, said).words
    assert "whose true class gets the smallest share" in inside.worst_mistakes(x, y, out).words
    nets = {"dense net": studies.dense_net(36), "CNN": studies.anywhere_cnn()}
    kept = [inside.feature_maps(model, x, y), inside.exciting_patches(model, x), inside.draw_a_digit(model, x, y),
            inside.shifts(nets)]  # fmt: skip
    assert {row[0] for row in drive_all()} == {figure.name for figure in kept}


@pytest.mark.keras
def test_patches_are_where_the_filter_looked():
    """The patch shown, sent through the two layers alone, gives the strongest answer again."""
    from course_utils.from_scratch.convolution import conv_layer, max_pool_layer
    from course_utils.keras_tools import models
    from course_utils.visuals import cnn_inside as inside

    model = models.digit_cnn()
    x = digits()[1][0]
    shown = inside.exciting_patches(model, x)
    kernels = [layer.get_weights() for layer in model.layers if layer.name.startswith("conv")]
    for number in (0, 7, 20):
        shown.set(layer="conv_2", number=number)
        patch = shown._painter.figure.axes[1].images[0].get_array()
        assert patch.shape == (8, 8)
        first = np.maximum(conv_layer(patch[None, :, :, None], *kernels[0]), 0)  # 8 x 8 to 6 x 6 to 3 x 3 to one
        answer = np.maximum(conv_layer(max_pool_layer(first), *kernels[1]), 0)[0, 0, 0, number]
        assert f"up to {answer:.2f} " in shown.words


@pytest.mark.keras
def test_the_pad_is_answered():
    from course_utils.keras_tools import models
    from course_utils.visuals import cnn_inside as inside

    model = models.digit_cnn()
    _, (x, y) = digits()
    shown = inside.draw_a_digit(model, x, y)
    assert shown.words.startswith("The pad is empty: draw a digit")
    shown.press("Take a test digit")
    assert f"reads a {y[0]} " in shown.words and f"is a {y[0]}." in shown.words
    shown.press("Clear")
    assert shown.words.startswith("The pad is empty")
    shown.pad.draw([np.array([[14.0, 4.0], [14.0, 24.0]])])
    assert "reads a 1 " in shown.words and "This test digit" not in shown.words
    shown.press("Clear")
    shown.pad.draw([np.array([[4.0, 14.0], [24.0, 14.0]]), np.array([[14.0, 4.0], [14.0, 24.0]])])  # a cross
    assert "The network reads a" in shown.words, "a cross is no digit, and yet it gets one of ten answers"


def test_pooling_of_cut_windows_is_the_lessons():
    image = np.arange(49.0).reshape(7, 7)
    assert max_pool2d(image).shape == (3, 3) and max_pool2d(image, partial=True).shape == (4, 4)
