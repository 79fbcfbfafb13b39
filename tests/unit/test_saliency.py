"""The seven methods, the measures that test them, and the pictures grown for a neuron."""
from pathlib import Path

import numpy as np
import pytest

from course_utils.datasets import digits
from course_utils.keras_tools import feature_visualization as grow
from course_utils.keras_tools import saliency, saliency_checks, saliency_studies
from course_utils.keras_tools.models import as_input, digit_cnn

pytestmark = pytest.mark.keras
VALUES = Path(__file__).parents[1] / "reference" / "values_saliency.npz"


@pytest.fixture(scope="module")
def model():
    return digit_cnn()


@pytest.fixture(scope="module")
def six():
    _, (pictures, labels) = digits()
    return as_input(pictures[:6]), labels[:6].astype(int)


@pytest.fixture(scope="module")
def dense():
    import keras

    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten(name="flat"),
                             keras.layers.Dense(5, "relu", name="hidden"), keras.layers.Dense(3, name="out")],
                            name="plain_net")


# --- against other libraries: values stored by tests/reference/make_saliency_values.py -------------------------------


@pytest.fixture(scope="module")
def reference():
    with np.load(VALUES) as stored:
        return dict(stored)


@pytest.mark.parametrize("other", ["keras_vis_gradient", "captum_gradient"])
def test_vanilla_gradient_equals_tf_keras_vis_and_captum(model, reference, other):
    ours = saliency.vanilla_gradient(model, reference["images"], reference["labels"])
    assert np.abs(ours - reference[other]).max() < 1e-6


@pytest.mark.parametrize("layer", ["conv_1", "conv_2"])
def test_grad_cam_equals_tf_keras_vis(model, reference, layer):
    ours = saliency.grad_cam(model, reference["images"], reference["labels"], layer)
    assert np.abs(ours - reference[f"keras_vis_cam_{layer}"]).max() < 1e-6
    assert ours.max() > 1e-3, "not all of them are empty"


def test_integrated_gradients_equal_captums_with_the_same_path(model, reference):
    ours = saliency.integrated_gradients(model, reference["images"], reference["labels"], steps=int(reference["steps"]))
    assert np.abs(ours - reference["captum_integrated"]).max() < 1e-6


def test_guided_backpropagation_equals_captums(model, reference):
    ours = saliency.guided_backprop(model, reference["images"], reference["labels"])
    assert np.abs(ours - reference["captum_guided"]).max() < 1e-6


# --- what each method promises ---------------------------------------------------------------------------------------


def test_every_method_gives_the_promised_shape_whatever_the_batch(model, six):
    images, labels = six
    for name, method in saliency.METHODS.items():
        maps = method(model, images, labels)
        wanted = images.shape[:3] if name in ("Grad-CAM", "occlusion") else images.shape
        assert maps.shape == wanted and np.isfinite(maps).all(), name
        if name != "SmoothGrad":  # its noise depends on the batch
            assert np.allclose(method(model, images[2:3], labels[2:3])[0], maps[2], atol=1e-4), name


def test_the_gradient_is_the_slope_of_the_logit_and_knows_other_classes(dense):
    x = np.random.default_rng(1).normal(size=(1, 4, 4, 1)).astype(np.float32)
    for label in range(3):
        slope = saliency.vanilla_gradient(dense, x, [label])[0].ravel()
        for k in range(16):
            nudge = np.zeros(16, np.float32)
            nudge[k] = 1e-2
            up, down = (saliency.logits(dense, x + s * nudge.reshape(1, 4, 4, 1))[0, label] for s in (1, -1))
            assert abs((up - down) / 2e-2 - slope[k]) < 1e-3


def test_integrated_gradients_add_up_from_any_baseline(model, six):
    images, labels = six
    for baseline in (None, np.full((28, 28, 1), 0.3), images[::-1].copy()):
        start = np.zeros_like(images) if baseline is None else np.broadcast_to(baseline, images.shape)
        found = saliency.integrated_gradients(model, images, labels, baseline, steps=200).sum(axis=(1, 2, 3))
        rows = np.arange(len(labels))
        risen = saliency.logits(model, images)[rows, labels] - saliency.logits(model, start)[rows, labels]
        assert np.abs(found - risen).max() < 0.05


def test_smooth_grad_without_noise_is_the_gradient_and_repeats_itself(model, six):
    plain = saliency.vanilla_gradient(model, *six)
    assert np.allclose(saliency.smooth_grad(model, *six, noise=0.0, samples=3), plain, atol=1e-5)
    again = [saliency.smooth_grad(model, *six, samples=4, seed=seed) for seed in (1, 1, 2)]
    assert (again[0] == again[1]).all() and not np.allclose(again[0], again[2])


def test_guided_backpropagation_without_guidance_is_the_gradient(model, six):
    assert np.allclose(saliency.guided_backprop(model, *six, guidance=0.0), saliency.vanilla_gradient(model, *six),
                       atol=1e-5)
    assert not np.allclose(saliency.guided_backprop(model, *six), saliency.vanilla_gradient(model, *six), atol=0.01)


def test_occlusion_by_hand(dense):
    x = np.random.default_rng(2).uniform(size=(1, 4, 4, 1)).astype(np.float32)
    found = saliency.occlusion(dense, x, [1], size=2, stride=2, value=0.5)
    for i, j in np.ndindex(2, 2):
        covered = x.copy()
        covered[0, 2 * i:2 * i + 2, 2 * j:2 * j + 2] = 0.5
        drop = (saliency.logits(dense, x) - saliency.logits(dense, covered))[0, 1]
        assert np.allclose(found[0, 2 * i:2 * i + 2, 2 * j:2 * j + 2], drop, atol=1e-5)


def test_perturbation_destroys_the_answer_with_less_area_when_area_costs_more(model, six):
    from scipy.ndimage import gaussian_filter

    images, labels = six
    cheap, dear = (saliency.meaningful_perturbation(model, images, labels, area=area) for area in (0.2, 3.0))
    assert cheap.min() >= 0 and cheap.max() <= 1 and dear.mean() < 0.9 * cheap.mean()
    left = images * (1 - cheap) + gaussian_filter(images, (0, 5, 5, 0)) * cheap
    rows = np.arange(len(labels))
    assert (saliency.logits(model, left)[rows, labels] < 0.4 * saliency.logits(model, images)[rows, labels]).all()


def test_changed_weights_change_the_maps(six):
    model = digit_cnn()
    before = saliency.all_maps(model, *six)
    model.set_weights([-one for one in model.get_weights()])
    after = saliency.all_maps(model, *six)
    assert all(not np.allclose(before[name], after[name], atol=1e-4) for name in before)


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda m, d, x, t: saliency.grad_cam(d, np.zeros((1, 4, 4, 1)), [0]), ValueError,
     "'plain_net' has no convolution.*flat, hidden, out"),
    (lambda m, d, x, t: saliency.grad_cam(m, x, t, "conv_9"), ValueError,
     "layer is the text 'conv_9'.*conv_1, pool_1, conv_2.*logits"),
    (lambda m, d, x, t: saliency.grad_cam(m, x, t, "logits"), ValueError, "gives no feature maps"),
    (lambda m, d, x, t: saliency.integrated_gradients(m, x, t, np.zeros((14, 14, 1))), ValueError,
     r"baseline is an array of shape \(14, 14, 1\).*\(28, 28, 1\)"),
    (lambda m, d, x, t: saliency.integrated_gradients(m, x, t, steps=0), ValueError, "steps is 0"),
    (lambda m, d, x, t: saliency.smooth_grad(m, x, t, samples=0), ValueError, "samples is 0"),
    (lambda m, d, x, t: saliency.meaningful_perturbation(m, x, t, steps=0), ValueError, "steps is 0"),
    (lambda m, d, x, t: saliency.meaningful_perturbation(m, x, t, area=-1), ValueError, "area is -1"),
    (lambda m, d, x, t: saliency.vanilla_gradient(m, x, t + 10), ValueError, "classes 0 to 9"),
    (lambda m, d, x, t: saliency.vanilla_gradient(m, x, t[:2]), ValueError, "6 whole numbers"),
    (lambda m, d, x, t: saliency.vanilla_gradient(m, x[0], t), ValueError, "put a single picture into a list"),
    (lambda m, d, x, t: saliency.vanilla_gradient(m, (x * 255).astype(np.uint8), t), TypeError, "divide grey levels"),
    (lambda m, d, x, t: saliency.vanilla_gradient(m, x * np.nan, t), ValueError, "images contains nan"),
    (lambda m, d, x, t: saliency.occlusion(m, x, t, size=40), ValueError, "size is 40"),
    (lambda m, d, x, t: saliency.guided_backprop(m, x, t, guidance=2), ValueError, "guidance is 2"),
    (lambda m, d, x, t: grow.activation_maximization(m, [10]), ValueError, "from 0 to 9"),
    (lambda m, d, x, t: grow.activation_maximization(m, [0], "pool_1"), ValueError, "conv_1, conv_2, logits"),
    (lambda m, d, x, t: grow.activation_maximization(m, [0], steps=0), ValueError, "steps is 0"),
    (lambda m, d, x, t: grow.activation_maximization(m, [0], decay=1), ValueError, "decay is 1"),
    (lambda m, d, x, t: grow.dream(m, np.zeros((30, 30)), "conv_7"), ValueError, "layer is the text 'conv_7'"),
    (lambda m, d, x, t: saliency_checks.similarity(x, x[:2]), ValueError, "compare maps of the same pictures"),
])
def test_bad_input_gets_one_sentence(model, dense, six, call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call(model, dense, *six)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_guided_backpropagation_refuses_a_model_that_is_no_chain(six):
    import keras

    inputs = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(inputs)
    other = keras.Model(inputs, keras.layers.Dense(3)(flat))
    with pytest.raises(ValueError, match="chain of layers"):
        saliency.guided_backprop(other, six[0], np.zeros(6, int))


# --- the measures ----------------------------------------------------------------------------------------------------


def test_pointing_counts_the_patch_and_nothing_beside_it():
    maps = np.zeros((4, 10, 10))
    for one, (row, column) in zip(maps, [(2, 3), (5, 6), (6, 6), (2, 7)], strict=True):
        one[row, column] = 1
    assert saliency_checks.pointing(maps, np.tile([2, 3], (4, 1)), 4) == 0.5


def test_deletion_and_insertion_begin_and_end_where_they_must(model, six):
    from scipy.ndimage import gaussian_filter

    images, labels = six
    order = np.random.default_rng(0).random(images.shape[:3])
    taken = saliency_checks.changed_pictures(images, order, [0, 0.5, 1])
    given = saliency_checks.changed_pictures(images, order, [0, 0.5, 1], insert=True)
    blurred = gaussian_filter(images, (0, 5, 5, 0))
    assert (taken[0] == images).all() and (given[2] == images).all()
    assert np.allclose(taken[2], blurred) and np.allclose(given[0], blurred)
    curves = saliency_checks.probability_curves(model, images, labels, order, [0.0])
    z = saliency.logits(model, images)
    shares = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert np.allclose(curves[:, 0], shares[np.arange(6), labels], atol=1e-5)


def test_randomizing_goes_from_the_last_layer_and_leaves_the_model_alone(model):
    before = model.get_weights()
    for last in range(4):
        same = [np.array_equal(a, b) for a, b in zip(before, saliency_checks.randomized(model, last).get_weights(),
                                                     strict=True)]
        assert same[::2] == [True] * (3 - last) + [False] * last  # the kernels; a fresh bias is 0
    assert all((a == b).all() for a, b in zip(before, model.get_weights(), strict=True))


def test_a_copy_used_again_is_the_copy_one_would_have_got(model, six):
    fresh, used = saliency_checks.randomized(model, 2, seed=5), saliency_checks.randomized(model, 0)
    trained = saliency.vanilla_gradient(used, *six)
    again = saliency_checks.randomized(model, 2, seed=5, reuse=used)
    assert again is used
    assert np.allclose(saliency.vanilla_gradient(used, *six), saliency.vanilla_gradient(fresh, *six), atol=1e-5)
    assert not np.allclose(saliency.vanilla_gradient(used, *six), trained, atol=1e-2)


def test_the_compiled_forward_pass_is_the_networks_own_and_sees_new_weights():
    import keras

    model = digit_cnn()
    images = np.random.default_rng(0).uniform(size=(150, 28, 28, 1)).astype(np.float32)
    for _ in range(2):
        plain = keras.ops.convert_to_numpy(model(images, training=False))
        assert np.abs(saliency.logits(model, images) - plain).max() < 1e-4 * np.abs(plain).max()
        model.set_weights([-one for one in model.get_weights()])


def test_similarity_of_equal_turned_and_empty_maps():
    maps = np.random.default_rng(0).normal(size=(3, 8, 8))
    assert np.isclose(saliency_checks.similarity(maps, -2 * maps), 1)
    assert saliency_checks.similarity(0 * maps, 0 * maps) == 1 and saliency_checks.similarity(0 * maps, maps) == 0
    half = maps.copy()
    half[0] = 0
    two = saliency_checks.similarity(maps[1:], maps[[2, 1]])
    assert np.isclose(saliency_checks.similarity(half, half[[0, 2, 1]]), two), "two empty maps are left out"
    strengths = np.abs(maps)
    assert np.isclose(saliency_checks.similarity(maps, strengths.max() + 1 - strengths), -1)


# --- the made data and the stored networks ---------------------------------------------------------------------------


def test_one_patch_decides_and_the_others_are_as_dark():
    pictures, labels, corners = saliency_studies.one_patch_decides(50, seed=3)
    assert pictures.shape == (50, 28, 28, 1) and set(labels) == {0, 1}
    for picture, label, (row, column) in zip(pictures[..., 0], labels, corners, strict=True):
        patch = picture[row:row + 8, column:column + 8]
        assert np.isclose(patch.mean(), 0.5) and (patch == patch[:1]).all() == bool(label)
        assert (patch == patch[:, :1]).all() != bool(label)
        assert np.sum(picture > 0.25) == 5 * 32, "five patches, half of each is ink"
    again, _, _ = saliency_studies.one_patch_decides(50, seed=3)
    assert (again == pictures).all()


def test_the_mark_is_all_that_differs():
    marked, labels = saliency_studies.marked_digits("test", 40, 1)
    plain, same = saliency_studies.marked_digits("test", 40, 1, mark=False)
    assert (labels == same).all()
    differs = (marked - plain)[..., 0]
    assert (differs[labels == 0] == 0).all()
    assert np.allclose(differs[labels == 1][:, 3:6, 22:25], 0.7, atol=1e-5)
    assert np.count_nonzero(differs) == 9 * np.sum(labels)


def test_the_cheat_needs_the_mark_and_the_honest_network_does_not():
    cheat, honest = (saliency_studies.study_network(name) for name in ("cheat", "honest"))
    with_mark, without = (saliency_studies.marked_digits("test", 500, 77, mark=mark) for mark in (True, False))
    assert saliency_studies.share_right(cheat, *with_mark) > 0.99
    assert saliency_studies.share_right(cheat, *without) < 0.6
    assert 0.7 < saliency_studies.share_right(honest, *without) < 0.9


@pytest.mark.slow
def test_a_short_remake_learns_the_mark_too():
    model = saliency_studies.train_study("cheat", seed=3, steps=300)
    assert saliency_studies.share_right(model, *saliency_studies.marked_digits("test", 300, 8)) > 0.97


# --- grown pictures --------------------------------------------------------------------------------------------------


def test_grown_pictures_drive_their_unit_far_beyond_noise_and_each_help_does_what_it_says(model):
    units = np.arange(10)
    plain = grow.activation_maximization(model, units, steps=30)
    start = grow.activation_maximization(model, units, steps=1, rate=1e-6)
    assert (grow.responses(model, plain, units) > grow.responses(model, start, units) + 5).all()
    assert plain.min() >= 0 and plain.max() <= 1
    decayed = grow.activation_maximization(model, units, steps=30, decay=0.05)
    assert decayed.mean() < 0.8 * plain.mean()
    blurred = grow.activation_maximization(model, units, steps=32, blur=0.8)
    assert np.abs(np.diff(blurred, axis=1)).mean() < 0.5 * np.abs(np.diff(plain, axis=1)).mean()
    for option in ("small_norm", "small_contribution"):
        clipped = grow.activation_maximization(model, units, steps=30, **{option: 0.4})
        assert (clipped == 0).mean() >= 0.39


def test_options_may_differ_from_picture_to_picture(model):
    both = grow.activation_maximization(model, [3, 3], steps=8, decay=[0.0, 0.1])
    for k, decay in enumerate((0.0, 0.1)):
        alone = grow.activation_maximization(model, [3], steps=8, decay=decay)
        assert np.allclose(both[k], alone[0], atol=1e-4)


def test_the_field_of_view_is_all_that_a_neuron_sees(model):
    for layer, side in (("conv_1", 3), ("conv_2", 8)):
        view = grow.field_of_view(model, layer)
        assert view[0].stop - view[0].start == side
        slope = grow.weighted_sum_and_gradient(model, layer)(
            np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype(np.float32), np.arange(4))[1]
        inside = np.zeros((28, 28), bool)
        inside[view] = True
        assert (slope[:, ~inside] == 0).all() and (slope[:, inside] != 0).any()


def test_a_dream_keeps_size_and_range_and_strengthens_the_layer(model):
    photo = np.random.default_rng(0).uniform(0.3, 0.7, (60, 80))
    dreamt = grow.dream(model, photo, "conv_2", steps=3, octaves=2)
    assert dreamt.shape == photo.shape and dreamt.min() >= 0 and dreamt.max() <= 1
    strength = grow._strength_and_gradient(model, "conv_2")
    before, after = (strength(one[None, ..., None].astype(np.float32))[0] for one in (photo, dreamt))
    assert after > 2 * before
