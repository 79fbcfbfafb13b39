"""Lesson 03: slopes against finite differences and Keras, walks and trainings that diverge, recordings repeated."""
import numpy as np
import pytest

from course_utils.from_scratch import descent as scratch
from course_utils.from_scratch.mlp import MLP
from course_utils.from_scratch.optimizers import adam, momentum, sgd
from course_utils.visuals import descent as walks


def numeric(function, arrays, little=1e-6):
    """Finite differences of function() by every number of the arrays, which it reads: one array each."""
    slopes = []
    for p in arrays:
        slope = np.empty_like(p)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + little
            up = function()
            p[i] = old - little
            slope[i] = (up - function()) / (2 * little)
            p[i] = old
        slopes.append(slope)
    return slopes


# --- the landscape ---------------------------------------------------------------------------------------------------


def test_the_landscape_is_the_loss_of_every_pair_of_weights():
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=20), rng.normal(size=20)
    w1, w2 = np.meshgrid(np.linspace(-2, 2, 5), np.linspace(-1, 3, 4))
    heights = scratch.landscape(w1, w2, x, t)
    for i in np.ndindex(w1.shape):
        errors = [w2[i] * np.tanh(w1[i] * a) - b for a, b in zip(x, t, strict=True)]
        assert heights[i] == pytest.approx(sum(e**2 for e in errors) / 40)
    np.testing.assert_allclose(scratch.landscape(w1[:1], w2[:, :1], x, t), heights, atol=1e-14)
    net = MLP([1, 1, 1])
    net.weights = [np.array([[0.7]]), np.array([[-1.2]])]
    assert scratch.landscape(0.7, -1.2, x, t) == pytest.approx(net.loss(x[:, None], t[:, None]))


def test_the_landscapes_gradient_is_measured():
    rng = np.random.default_rng(1)
    for _ in range(5):
        w, x, t = rng.normal(size=2), rng.normal(size=9), rng.normal(size=9)
        slopes, = numeric(lambda w=w, x=x, t=t: float(scratch.landscape(w[0], w[1], x, t)), [w])
        np.testing.assert_allclose(scratch.landscape_gradient(w, x, t), slopes, atol=1e-8)


@pytest.mark.parametrize("name", walks.made())
def test_every_landscape_knows_its_slopes(name):
    place = walks.made()[name]
    w = np.array([0.8, -1.1])
    slopes, = numeric(lambda: float(place.value(*w)), [w])
    np.testing.assert_allclose(place.gradients(np.array([[2.0, 0.5], w]))[1], slopes, atol=1e-7)


def test_the_slopes_of_the_nets_loss_are_those_of_the_lesson():
    place, ws, some = walks.made()["net's loss"], np.array([[0.8, -1.1], [-2, 3], [0, 0]]), np.array([3, 3, 7])
    for batch, x, t in ((None, place.x, place.t), (some, place.x[some], place.t[some])):
        expected = [scratch.landscape_gradient(w, x, t) for w in ws]
        np.testing.assert_allclose(place.gradients(ws, batch), expected, rtol=1e-12, atol=1e-12)


# --- walks and trainings that go wrong -------------------------------------------------------------------------------


def test_a_walk_stops_where_it_flies_off():
    valley = walks.made()["long valley"]
    path = walks.walk(valley, "SGD", (-3.5, 2.0), 1.2)
    assert len(path) < 100 and np.isfinite(path).all() and np.abs(path).max() < walks.FAR
    assert len(walks.walk(valley, "SGD", (-3.5, 2.0), 0.9)) == walks.STEPS + 1
    # the steep direction has the slope 2b, so SGD is stable exactly below a rate of 1
    below, above = (abs(walks.walk(valley, "SGD", (0, 1.0), rate)[-1, 1]) for rate in (0.99, 1.01))
    assert below < 1 < above


@pytest.mark.parametrize(("where", "rate", "batch"), [("net's loss", 0.1, 200), ("net's loss", 3.0, 5),
                                                      ("long valley", 1.2, 200), ("saddle", 0.5, 200)])
def test_optimizers_side_by_side_go_as_each_goes_alone(where, rate, batch):
    place = walks.made()[where]
    together = walks.walks(place, walks.OPTIMIZERS, (-1.0, 2.0), rate, batch=batch, seed=4)
    for name, path in zip(walks.OPTIMIZERS, together, strict=True):
        alone = walks.walk(place, name, (-1.0, 2.0), rate, batch=batch, seed=4)
        assert path.shape == alone.shape
        np.testing.assert_allclose(path, alone, rtol=1e-6, atol=1e-9)


def test_momentum_stands_a_higher_rate():
    """Stable for a slope c·w while η·c < 2 (1 + μ): here 3.8 / 2 = 1.9."""
    valley = walks.made()["long valley"]
    assert abs(walks.walk(valley, "momentum", (0, 1.0), 1.85)[-1, 1]) < 1
    assert len(walks.walk(valley, "momentum", (0, 1.0), 1.95, 2000)) < 2000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learning_rate": 0}, "walk: learning_rate is 0, but .*above 0"),
        ({"learning_rate": -0.1}, "walk: learning_rate is -0.1"),
        ({"batch": 201}, "walk: batch is 201, but there are only 200 examples"),
        ({"optimizer": "adagrad"}, "walk: optimizer is 'adagrad', but only SGD, momentum, RMSprop, Adam"),
        ({"steps": 0}, "walk: steps is 0"),
    ],
)
def test_bad_walks_get_a_sentence(change, words):
    asked = {"place": walks.made()["net's loss"], "optimizer": "SGD", "start": (1, 1), "learning_rate": 0.1, **change}
    with pytest.raises(ValueError, match=words) as caught:
        walks.walk(**asked)
    assert "\n" not in str(caught.value)


def test_a_diverging_training_stops_says_so_and_keeps_finite_weights(capsys):
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 2, (40, 1))
    net = MLP([1, 10, 1])
    losses = scratch.fit(net, x, np.sin(x), sgd(net.parameters(), 20.0), 300, 10)
    said = capsys.readouterr().out
    assert len(losses) < 301 and np.isfinite(losses).all()
    assert all(np.isfinite(p).all() for p in net.parameters())
    assert f"Stopped in epoch {len(losses)}" in said and f"weights of epoch {len(losses) - 1} are kept" in said
    assert net.loss(x, np.sin(x)) == losses[-1, 0], "the weights are those of the last losses"


def test_a_training_that_goes_well_says_nothing(capsys):
    x = np.linspace(-1, 1, 30)[:, None]
    net = MLP([1, 10, 1])
    losses = scratch.fit(net, x, x**2, adam(net.parameters(), 0.02), 50, 10, watch=[(x[:5], x[:5] ** 2)])
    assert losses.shape == (51, 2) and losses[-1, 0] < 0.1 * losses[0, 0]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda net, x: scratch.fit(net, x, x, sgd(net.parameters()), 5, 31), "batch_size is 31, but x has only 30"),
        (lambda net, x: scratch.fit(net, x, x[:7], sgd(net.parameters()), 5, 5), r"t has shape \(7, 1\)"),
        (lambda net, x: scratch.fit(net, x, x, sgd(net.parameters()), 0, 5), "epochs is 0"),
        (lambda net, x: scratch.fit(net, x * np.nan, x, sgd(net.parameters()), 1, 5), "x contains nan"),
        (lambda net, x: scratch.dropout(x, x[:3], 0.5), r"u has shape \(3, 1\)"),
        (lambda net, x: scratch.dropout(x, x, 1.0), "rate is 1.0"),
        (lambda net, x: scratch.he(0, 3, np.random.default_rng()), "n_in is 0"),
        (lambda net, x: scratch.batch_norm(x[:, 0]), r"z has shape \(30,\)"),
        (lambda net, x: scratch.landscape(1.0, 1.0, x[:, 0], x[:3, 0]), "x has 30 numbers, but t has 3"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call(MLP([1, 3, 1]), np.linspace(-1, 1, 30)[:, None])
    assert "\n" not in str(caught.value)


# --- slopes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "softsign", "linear"])
@pytest.mark.parametrize("output", ["linear", "sigmoid", "softmax"])
def test_gradients_of_random_nets_are_measured(kind, output):
    rng = np.random.default_rng(3)
    net = MLP([3, 5, 4, 2], kind, 2, output, decay=0.1)
    for b in net.biases:
        b += rng.normal(size=b.shape)
    x, t = rng.normal(size=(6, 3)), np.eye(2)[rng.integers(0, 2, 6)]
    slopes = np.concatenate([s.ravel() for s in numeric(lambda: net.loss(x, t), net.parameters(), 1e-5)])
    ours = np.concatenate([g.ravel() for part in net.gradients(x, t) for g in part])
    assert np.linalg.norm(ours - slopes) / np.linalg.norm(slopes) < 1e-6


def test_gradients_through_dropout_are_measured():
    net = MLP([2, 6, 5, 1], "tanh", 1, decay=0.05)
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(7, 2)), rng.normal(size=(7, 1))

    def loss():
        """The loss with the very masks that dropout_gradients draws from seed 5."""
        draw, a = np.random.default_rng(5), x
        for i, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
            a = a @ w + b
            if i < 2:
                a = np.tanh(a)
                a = scratch.dropout(a, draw.uniform(size=a.shape), 0.4)
        return 0.5 * np.sum((a - t) ** 2) / 7 + 0.025 * sum(np.sum(w**2) for w in net.weights)

    ours = scratch.dropout_gradients(net, x, t, 0.4, np.random.default_rng(5))
    for g, slope in zip(ours[0] + ours[1], numeric(loss, net.parameters()), strict=True):
        np.testing.assert_allclose(g, slope, atol=1e-7)
    plain = scratch.dropout_gradients(net, x, t, 0.0, rng)
    for g, h in zip(plain[0] + plain[1], sum(net.gradients(x, t), []), strict=True):
        np.testing.assert_allclose(g, h, atol=1e-14)


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("kind", ["tanh", "sigmoid"])
def test_deep_gradients_are_measured(kind, normalize):
    rng = np.random.default_rng(1)
    sizes = [2, 4, 4, 4, 1]
    weights = [rng.normal(0, 0.7, pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]
    x, t = rng.normal(size=(9, 2)), rng.normal(size=(9, 1))

    def loss():
        return 0.5 * np.mean((scratch.deep_forward(weights, x, kind, normalize)[1][-1] - t) ** 2)

    zs, activations = scratch.deep_forward(weights, x, kind, normalize)
    gradients, _ = scratch.deep_backward(weights, zs, activations, (activations[-1] - t) / 9, kind, normalize)
    for g, slope in zip(gradients, numeric(loss, weights), strict=True):
        np.testing.assert_allclose(g, slope, atol=1e-7)


def test_dropout_keeps_the_mean_and_drops_the_right_ones():
    u = np.random.default_rng(0).uniform(size=50_000)
    dropped = scratch.dropout(np.full(50_000, 3.0), u, 0.25)
    assert dropped.mean() == pytest.approx(3, abs=0.05) and (dropped == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert ((dropped == 0) == (u < 0.25)).all()


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7)])
def test_orthogonal_weights_keep_lengths(shape):
    q = scratch.orthogonal(*shape, np.random.default_rng(0))
    assert q.shape == shape
    square = q.T @ q if shape[0] >= shape[1] else q @ q.T
    np.testing.assert_allclose(square, np.eye(min(shape)), atol=1e-12)


@pytest.mark.keras
def test_starts_and_batch_normalization_equal_keras():
    import keras

    for ours, theirs in ((scratch.glorot, keras.initializers.GlorotUniform(seed=0)),
                         (scratch.he, keras.initializers.HeNormal(seed=0))):
        spread = np.std(keras.ops.convert_to_numpy(theirs((200, 300))))
        assert ours(200, 300, np.random.default_rng(0)).std() == pytest.approx(spread, rel=0.02)
    z = np.random.default_rng(0).normal(3, 2, (30, 4)).astype("float32")
    layer = keras.layers.BatchNormalization(epsilon=1e-3)
    np.testing.assert_allclose(scratch.batch_norm(z), keras.ops.convert_to_numpy(layer(z, training=True)), atol=1e-5)


@pytest.mark.keras
@pytest.mark.parametrize("k", [1, 3])
def test_the_table_sum_or_mean_holds_in_keras(k):
    """mean_squared_error with l2(λ / K) is 2 / K times our L, and the rate η K / 2 does the same step."""
    import keras

    rng, decay, eta = np.random.default_rng(0), 0.2, 0.1
    net = MLP([3, 4, k], "tanh", decay=decay)
    charge = keras.regularizers.L2(decay / k)
    model = keras.Sequential([keras.Input((3,)),
                              keras.layers.Dense(4, activation="tanh", kernel_regularizer=charge),
                              keras.layers.Dense(k, kernel_regularizer=charge)])
    model.set_weights([array for pair in zip(net.weights, net.biases, strict=True) for array in pair])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=eta * k / 2), loss="mean_squared_error")
    x, t = rng.normal(size=(8, 3)), rng.normal(size=(8, k))
    assert model.evaluate(x, t, verbose=0) * k / 2 == pytest.approx(net.loss(x, t), rel=1e-5)
    model.fit(x, t, batch_size=8, epochs=1, verbose=0)
    sgd(net.parameters(), eta)(sum(net.gradients(x, t), []))
    for theirs, ours in zip(model.get_weights()[::2], net.weights, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-6)


# --- recordings -------------------------------------------------------------------------------------------------------


def test_one_training_of_each_recording_can_be_repeated():
    from course_utils.datasets import descent_runs as runs
    from course_utils.datasets import recordings

    fit = recordings.read("descent_fitting")
    for i, name in enumerate(runs.REMEDIES):
        errors, curves = runs.wave_run(0, runs.MARKS[:20], **runs.REMEDIES[name])
        np.testing.assert_allclose(errors, fit.arrays["errors"][:20, i, 0], rtol=1e-3, err_msg=name)
        np.testing.assert_allclose(curves, fit.arrays["curves"][:20, i], atol=5e-3, err_msg=name)
    decay = recordings.read("descent_decay").arrays
    np.testing.assert_allclose(runs.decay_run(runs.LAMBDAS[6], 0)[1], decay["errors"][6, 0], atol=0.02)
    deep = recordings.read("descent_deep").arrays["losses"]
    he = list(runs.STARTS).index("He")
    np.testing.assert_allclose(runs.deep_run("He", "relu", False, 0), deep[he, 1, 0, 0], atol=0.02)
    gallery = recordings.read("descent_gallery").arrays
    for letter, fault in zip("0ABCDEF", runs.FAULTS, strict=True):
        losses, inputs, _, slopes = runs.gallery_run(fault, epochs=5)
        np.testing.assert_allclose(losses, gallery[f"losses_{letter}"][:6], rtol=1e-3, err_msg=fault)
        np.testing.assert_allclose(slopes, gallery[f"slopes_{letter}"], rtol=1e-3, atol=1e-6)


def test_momentum_cannot_tell_a_sum_from_a_high_rate():
    """What the gallery shows: adding up a batch of 20 is a rate 20 times as high."""
    rng = np.random.default_rng(0)
    w, v = np.ones(3), np.ones(3)
    one, other = momentum([w], 0.02), momentum([v], 0.4)
    for _ in range(10):
        g = rng.normal(size=3)
        one([20 * g])
        other([g])
    np.testing.assert_allclose(w, v, atol=1e-12)
