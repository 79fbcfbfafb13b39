"""The playground: its training, its state as a text, its Keras code, what can be put in, and bad input."""

import asyncio
import time
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.from_scratch.mlp import MLP
from course_utils.visuals import playground_state as states
from course_utils.visuals.playground import KINDS, Playground
from course_utils.visuals.playground_data import DATA, FEATURES, MADE, OWN, features, made, split
from course_utils.visuals.playground_run import Experiment, test_losses
from course_utils.visuals.playground_state import ACTIVATIONS, Settings, decode, encode, hidden_layers

test_losses.__test__ = False  # pytest would take its name for that of a test
SPIRAL = {"data": "spiral", "features": ("x1", "x2", "sin_x1", "sin_x2"), "layers": (8, 8), "learning_rate": 0.1}
CROSS = ([[-3, -3], [3, 3], [-3, 3], [3, -3], [-4, -4], [4, 4], [-4, 4], [4, -4]], [0, 0, 1, 1, 0, 0, 1, 1])
POINTS = np.random.default_rng(0).uniform(-6, 6, (200, 2))


@pytest.fixture
def play():
    figures = []

    def make(*args, **kwargs):
        figures.append(Playground(*args, **kwargs))
        return figures[-1]

    yield make
    for figure in figures:
        figure._png = b"x"
        figure._painter = True  # closes without drawing a last picture
        figure.close()


# --- data ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", MADE)
def test_made_data_lie_in_the_square_and_are_balanced(data):
    for noise in (0, 50):
        x, kinds = made(data, noise, 3)
        assert x.shape == (400, 2) and np.abs(x).max() <= 6 and np.bincount(kinds).min() > 150
    assert (made(data, 10, 3)[0] == made(data, 10, 3)[0]).all() and (made(data, 10, 3)[0] != made(data, 10, 4)[0]).any()


def test_the_split_keeps_its_share_and_a_point_keeps_its_side():
    x, kinds = made("circle", 0, 0)
    for percent in (10, 50, 75, 90):
        (train_x, train_t), (test_x, _) = split(x, kinds, percent)
        assert len(train_x) == pytest.approx(4 * percent, abs=4) and len(train_x) + len(test_x) == 400
        (fewer, _), _ = split(x[:100], kinds[:100], percent)
        assert (train_x[: len(fewer)] == fewer).all(), "points added later move no earlier one"
        assert set(train_t) == {0, 1}


def test_features_are_what_they_are_called():
    x = np.array([[2.0, 3.0]])
    assert np.allclose(features(x, list(FEATURES)), [[2, 3, 4, 9, 6, np.sin(2), np.sin(3)]])


# --- training --------------------------------------------------------------------------------------------------------


def test_the_loss_is_half_the_mean_squared_error_against_targets_of_one_and_minus_one():
    run = Experiment(Settings(data="XOR").check(), np.empty((0, 2)), np.empty(0, int))
    x, kinds = run.train
    y = run.net.forward(x)[:, 0]
    assert run.losses()[0] == pytest.approx(0.5 * np.mean((y - np.where(kinds == 1, 1, -1)) ** 2))


@pytest.mark.parametrize("penalty", ["none", "L1", "L2"])
def test_a_penalty_changes_the_step_as_its_formula_says(penalty):
    s = Settings(data="circle", batch=100, training=25, penalty=penalty, strength=0.05, learning_rate=0.2).check()
    run = Experiment(s, np.empty((0, 2)), np.empty(0, int))
    before = run.net.copy()
    x, kinds = run.train
    assert len(x) == 100, "one batch, so that one epoch is one step"
    weight_slopes, bias_slopes = before.gradients(x, np.where(kinds == 1, 1.0, -1.0)[:, None])
    run.pass_once()
    for w, now, g in zip(before.weights, run.net.weights, weight_slopes, strict=True):
        extra = {"none": 0, "L1": 0.05 * np.sign(w), "L2": 0.05 * w}[penalty]
        assert np.allclose(now, w - 0.2 * (g + extra), atol=1e-12)
    for b, now, g in zip(before.biases, run.net.biases, bias_slopes, strict=True):
        assert np.allclose(now, b - 0.2 * g, atol=1e-12), "biases are not penalized"


@pytest.mark.parametrize("data", ["Gaussians", "circle", "XOR"])
def test_easy_data_are_learned_from_every_start(data):
    assert max(test_losses(data=data, epochs=100)) < 0.1


def test_the_suggested_start_learns_the_spiral_in_time():
    for seed in range(3):
        run = Experiment(Settings(**SPIRAL, seed=seed).check(), np.empty((0, 2)), np.empty(0, int))
        began = time.process_time()
        while run.losses()[1] >= 0.05 and time.process_time() - began < 15:
            run.pass_once()
        assert run.losses()[1] < 0.05, f"seed {seed}: after {run.epoch} epochs"


def test_every_neurons_picture_comes_from_the_same_forward_pass():
    run = Experiment(Settings(layers=(3, 2), features=("x1", "product")).check(), np.empty((0, 2)), np.empty(0, int))
    maps = run.maps()
    assert [m.shape for m in maps] == [(2, 50, 50), (3, 50, 50), (2, 50, 50), (1, 50, 50)]
    row, col = 7, 31
    at = np.array([[-6 + 12 * col / 49, -6 + 12 * row / 49]])
    for layer, a in enumerate(run.net.layers(features(at, run.settings.features))[1]):
        assert np.allclose(maps[layer][:, row, col], a[0])


def test_playing_goes_on_while_a_control_moves_and_shows_pictures(play):
    figure = play("simple", data="XOR")

    async def scene():
        shown = []
        refresh = figure.board.refresh
        figure.board.refresh = lambda: (shown.append(figure.run.epoch), refresh())
        figure.press("Play")
        assert figure.running and "Playing" in figure.words
        for rate in (0.01, 0.02, 0.05, 0.1, 0.2):
            await asyncio.sleep(0.15)
            figure.set(learning_rate=rate)
        figure.press("Pause")
        await figure._task
        return shown

    shown = asyncio.run(scene())
    assert not figure.running and len(set(shown)) >= 5, "pictures of different epochs"
    assert figure.run.epoch > 10 and figure.settings.learning_rate == 0.2
    assert "Playing" not in figure.words and f"after {figure.run.epoch} epochs" in figure.words


def test_a_change_of_the_network_while_playing_begins_afresh_and_goes_on(play):
    figure = play("full", data="circle")

    async def scene():
        figure.press("Play")
        await asyncio.sleep(0.2)
        figure.set(layers="3 3 3")
        assert figure.run.epoch == 0 and figure.running
        await asyncio.sleep(0.2)
        figure.press("Pause")
        await figure._task

    asyncio.run(scene())
    assert figure.run.net.sizes == (2, 3, 3, 3, 1) and figure.run.epoch > 0


def test_step_reset_and_new_weights(play):
    figure = play("full", data="Gaussians")
    first = figure.run.net.weights[0].copy()
    figure.press("Step")
    assert figure.run.epoch == 1 and (figure.run.net.weights[0] != first).any() and "after 1 epochs" in figure.words
    figure.press("Reset")
    assert figure.run.epoch == 0 and (figure.run.net.weights[0] == first).all()
    figure.press("New weights")
    assert (figure.run.net.weights[0] != first).any()


def test_a_divergence_is_a_sentence(play):
    figure = play("full", data="circle", features=("x1_squared", "product"), activation="relu", learning_rate=3.0)
    figure.run.net.weights[0][:] = 1e200
    figure.run.net.weights[1][:] = 1e200
    figure.step()
    figure.refresh()
    assert "diverged" in figure.words and not figure.running


def test_fifty_changes_leave_no_widgets_behind(play):
    from ipywidgets.widgets.widget import _instances

    figure = play("full", data="circle")
    for k in range(60):
        if k == 10:
            before = len(_instances)
        figure.set(layers=f"3 {k % 5 + 1}", noise=k % 10)
        figure.press("Step")
        figure.board.graph.edge(0, 0, 0, 0.5)
    assert len(_instances) == before


# --- drawing, weights, neurons ---------------------------------------------------------------------------------------


def test_drawn_points_are_learned(play):
    figure = play("full", data=OWN, training=80)
    assert "no points yet" in figure.words and KINDS[0] in figure.words
    for (x, y), kind in zip(*CROSS, strict=True):
        figure.board.plane.click(x, y, shift=bool(kind))
    assert len(figure.points) == 8
    figure.step(300)
    figure.refresh()
    assert "wrong 0 of" in figure.words
    figure.press("Remove points")
    assert "no points yet" in figure.words


def test_one_kind_only_is_a_sentence_and_the_figure_stays_usable(play):
    figure = play("simple", data=OWN)
    figure.press("Step")
    assert "no points yet" in figure.words
    figure.board.plane.click(1, 1)
    figure.board.plane.click(2, 1)
    figure.press("Step")
    assert "All points are of one kind" in figure.words and figure.run.epoch == 0
    figure.press("Play")
    assert not figure.running and "one kind" in figure.words
    figure.board.plane.click(-1, -1, shift=True)
    figure.press("Step")
    assert figure.run.epoch == 1 and "one kind" not in figure.words


def test_a_click_into_made_data_says_what_to_do(play):
    figure = play("simple")
    figure.board.plane.click(0, 0)
    assert "Choose" in figure.words and len(figure.points) == 0


def test_an_edited_connection_changes_the_network_and_a_neuron_can_be_looked_at(play):
    figure = play("full")
    before = figure.board.plane._field.copy()
    figure.board.graph.edge(0, 1, 2, 1.75)
    assert figure.run.net.weights[0][1, 2] == 1.75 and "1.75" in figure.words
    assert (figure.board.plane._field != before).any()
    figure.board.graph.node(1, 2)
    assert "neuron 3 of hidden layer 1" in figure.words
    figure.board.graph.node(0, 1)
    assert "the input x₂" in figure.words
    column = figure.board.plane._field[:, 0].astype(int)
    assert (np.diff(column) >= 0).all() and np.ptp(column) > 200, "x₂ grows upwards"


# --- the state -------------------------------------------------------------------------------------------------------


def random_state(rng):
    s = Settings(data=str(rng.choice(DATA)), noise=int(rng.integers(0, 51)), training=int(rng.integers(10, 91)),
                 features=tuple(str(f) for f in rng.choice(list(FEATURES), int(rng.integers(1, 8)), replace=False)),
                 layers=tuple(int(n) for n in rng.integers(1, 9, int(rng.integers(0, 5)))),
                 activation=str(rng.choice(ACTIVATIONS)), learning_rate=float(f"{10 ** rng.uniform(-3, 0.4):.3g}"),
                 penalty=str(rng.choice(states.PENALTIES)), strength=float(f"{10 ** rng.uniform(-5, -1):.3g}"),
                 batch=int(rng.integers(1, 101)), seed=int(rng.integers(0, 2**32))).check()
    net = MLP([len(s.features), *s.layers, 1], s.activation, 0, "tanh")
    for p in net.parameters():
        p[:] = rng.normal(0, 2, p.shape).astype("float32")
    n = int(rng.integers(0, 30))
    return s, net, int(rng.integers(0, 10**6)), np.round(rng.uniform(-6, 6, (n, 2)) * 20) / 20, rng.integers(0, 2, n)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_state_comes_back_as_it_was(seed):
    s, net, epoch, points, kinds = random_state(np.random.default_rng(seed))
    again, output, epochs, drawn, drawn_kinds, numbers = decode(encode(s, net, epoch, points, kinds))
    assert again == s and output == "tanh" and epochs == epoch
    assert np.allclose(drawn, points) and (drawn_kinds == kinds).all()
    assert (numbers == np.concatenate([p.ravel() for p in net.parameters()])).all()


def test_a_handed_in_playground_is_the_same_playground(play):
    mine, yours = play("full", data=OWN, layers=(5, 3)), play("full")
    mine.draw(*CROSS)
    mine.step(40)
    yours.set(state="  " + mine.state + "\n")
    assert np.abs(mine.outputs(POINTS) - yours.outputs(POINTS)).max() < 1e-5
    assert yours.run.epoch == 40 and yours.values["layers"] == "5 3" and (yours.points == mine.points).all()
    assert yours.state == mine.state and len(mine.state) < 400
    assert np.allclose(yours.run.losses(), mine.run.losses(), atol=1e-5)


def test_a_damaged_state_is_one_sentence_and_changes_nothing(play):
    figure = play("full")
    good = play("full", data="circle").state
    rng = np.random.default_rng(0)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for _ in range(60):
        at = int(rng.integers(6, len(good) - 2))
        other = letters[(letters.index(good[at]) + int(rng.integers(1, 64))) % 64]
        with pytest.raises(ValueError, match="damaged"):
            decode(good[:at] + other + good[at + 1 :])
    for bad in (good[:40], good[:-5], good + "AAAA", "play2." + good[6:], "hello", "play1.", "play1.ß", "play1.A",
                good[6:]):
        before = figure.state
        figure.set(state=bad)
        assert figure.words.startswith("The state ") and figure.words.endswith("as it was.") and figure.state == before
    with pytest.raises(ValueError, match="The state is None"):
        decode(None)
    packed = zlib.compress(b"nothing of ours")
    forged = states.PREFIX + states.base64.urlsafe_b64encode(
        packed + states.struct.pack("<I", zlib.crc32(packed))).decode().rstrip("=")
    with pytest.raises(ValueError, match="not one that this playground wrote"):
        decode(forged)


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "words"), [
    (lambda: Playground("both"), "controls is the text 'both'"),
    (lambda: Playground(layers=(4, 0)), "A hidden layer has 0 neurons"),
    (lambda: Playground(layers=(9,)), "A hidden layer has 9 neurons"),
    (lambda: Playground(layers=(1,) * 5), "There are 5 hidden layers"),
    (lambda: Playground(activation="step"), "activation is the text 'step'"),
    (lambda: Playground(activation="swish"), "activation is the text 'swish'"),
    (lambda: Playground(data="moons"), "data is the text 'moons'"),
    (lambda: Playground(features=()), "a feature is missing"),
    (lambda: Playground(features=("x3",)), "a feature is 'x3'"),
    (lambda: Playground(learning_rate=0), "learning_rate is 0"),
    (lambda: Playground(learning_rate=float("nan")), "learning_rate is nan"),
    (lambda: Playground(batch=2.5), "batch is 2.5"),
    (lambda: Playground(dropout=0.5), "there is no setting 'dropout'"),
    (lambda: hidden_layers("4 x"), "hidden layers is the text '4 x'"),
    (lambda: hidden_layers(None), "hidden layers is None"),
])
def test_bad_settings_get_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("points", "kinds", "words"), [
    ([[np.nan, 1]], [0], "nan"),
    ([[1, 2], [3, 4]], [0], "2 points and 1 kinds"),
    ([[1, 2]], [2], "one kind is 2"),
    ([[7, 0]], [1], "lies at 7"),
    ([["a", "b"]], [1], "two columns of numbers"),
    ([[1, 2, 3]], [1], "two columns|kinds"),
    (np.zeros((201, 2)), np.zeros(201), "at most 200"),
])
def test_bad_points_get_one_sentence_and_change_nothing(play, points, kinds, words):
    figure = play("full", data=OWN)
    figure.draw(*CROSS)
    with pytest.raises(ValueError, match=words) as caught:
        figure.draw(points, kinds)
    assert "\n" not in str(caught.value) and len(figure.points) == 8
    figure.press("Step")
    assert figure.run.epoch == 1


def test_bad_text_in_the_layers_control_leaves_the_network(play):
    figure = play("full")
    for text in ("0", "4 0", "9", "1 1 1 1 1", "two", "-3", "4.5"):
        figure.set(layers=text)
        assert "expected up to 4 whole numbers" in figure.words and figure.run.net.sizes == (2, 4, 4, 1)
    figure.set(layers="2-2")
    assert figure.run.net.sizes == (2, 2, 2, 1)
    figure.set(layers="")
    assert figure.run.net.sizes == (2, 1)


def test_the_last_feature_cannot_be_taken_away(play):
    figure = play("full", features=("x1",))
    figure.set(x1=False)
    assert "a feature is missing" in figure.words and figure.run.net.sizes[0] == 1


# --- models that are put in ------------------------------------------------------------------------------------------


def test_any_mlp_with_two_inputs_can_be_put_in(play):
    figure = play("full", features=("x1", "sin_x2"))
    net = MLP([2, 5, 1], "softsign", seed=3)
    figure.put(net)
    assert np.allclose(figure.outputs(POINTS), net.forward(POINTS)) and figure.values["activation"] == "softsign"
    assert figure.values["sin_x2"] is False and figure.values["layers"] == "5"
    first = net.weights[0].copy()
    figure.step(5)
    assert (net.weights[0] == first).all(), "the model given stays as it is"
    large = MLP([2, 40, 1], "relu", seed=3)
    figure.put(large)
    assert np.allclose(figure.outputs(POINTS), large.forward(POINTS))
    figure.press("Step")
    assert "looked at" in figure.words
    figure.press("Share")
    assert "cannot be written" in figure.words
    figure.set(layers="3")
    figure.press("Step")
    assert figure.run.net.sizes == (2, 3, 1) and figure.run.epoch == 1


def test_a_sigmoid_output_is_judged_against_0_and_1(play):
    figure = play("simple", data="Gaussians")
    net = MLP([2, 1], output="sigmoid")
    net.weights[0][:] = 20
    figure.put(net)
    assert figure.run.losses()[1] < 1e-3 and figure.run.span == (0, 1)


@pytest.mark.parametrize(("model", "words"), [
    (MLP([3, 2, 1]), "3 inputs and 1 outputs"), (MLP([2, 2]), "2 inputs and 2 outputs"),
    (None, "model is None"), (lambda x: x, "model is"),
])
def test_what_cannot_be_put_in_gets_one_sentence(play, model, words):
    figure = play("simple")
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        figure.put(model)
    assert "\n" not in str(caught.value)
    figure.press("Step")
    assert figure.run.epoch == 1


def run_code(source):
    import keras

    names = {}
    exec(source, names)
    return keras.ops.convert_to_numpy(names["model"](names["features"](POINTS).astype("float32")))


@pytest.mark.keras
def test_the_code_shown_gives_the_same_outputs(play):
    rng = np.random.default_rng(1)
    apart = []
    for k in range(12):
        s, *_ = random_state(rng)
        figure = play("full", **{**vars(s), "data": "circle", "learning_rate": 0.02,
                                 "activation": ACTIVATIONS[k % len(ACTIVATIONS)]})
        figure.step(5)
        apart.append(np.abs(run_code(figure.code()) - figure.outputs(POINTS)).max())
    assert max(apart) < 1e-5
    trained = play("full", **SPIRAL)
    trained.step(300)
    assert np.abs(run_code(trained.code()) - trained.outputs(POINTS)).max() < 1e-5
    put = play("full")
    put.put(MLP([2, 4, 1], "leaky_relu", output="sigmoid"))
    assert np.abs(run_code(put.code()) - put.outputs(POINTS)).max() < 1e-5


@pytest.mark.keras
@pytest.mark.parametrize("penalty", ["none", "L1", "L2"])
def test_the_code_shown_also_trains_the_same(play, penalty):
    figure = play("full", data="circle", training=25, batch=100, penalty=penalty, strength=0.02, learning_rate=0.3)
    names = {}
    exec(figure.code(), names)
    x, kinds = figure.run.train
    for _ in range(3):
        names["model"].train_on_batch(names["features"](x), np.where(kinds == 1, 1.0, -1.0)[:, None])
    figure.step(3)
    for ours, theirs in zip(figure.run.net.weights, names["model"].get_weights()[::2], strict=True):
        assert np.allclose(ours, theirs, atol=1e-5)


@pytest.mark.keras
def test_keras_models_can_be_put_in(play):
    import keras

    def one_layer(inputs, outputs):
        return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs, activation="gelu")])

    figure = play("full")
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
    figure.put(dense)
    assert np.abs(figure.outputs(POINTS) - keras.ops.convert_to_numpy(dense(POINTS))).max() < 1e-5
    figure.press("Step")
    assert figure.run.epoch == 1 and figure.run.net.output == "linear"
    entry = keras.Input((2,))
    hidden = keras.layers.Dense(4, activation="gelu")(entry)
    both = keras.layers.Concatenate()([hidden, entry])
    other = keras.Model(entry, keras.layers.Dense(1, activation="tanh")(both))
    figure.put(other)
    assert np.abs(figure.outputs(POINTS) - keras.ops.convert_to_numpy(other(POINTS))).max() < 1e-5
    figure.press("Play")
    assert "looked at" in figure.words
    for bad, words in ((keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]), "3 inputs"),
                       (one_layer(3, 1), "does not take"), (one_layer(2, 2), r"\(3, 2\)")):
        with pytest.raises(ValueError, match=words) as caught:
            figure.put(bad)
        assert "\n" not in str(caught.value)


# --- the static form -------------------------------------------------------------------------------------------------


def test_the_static_form_has_a_picture_and_words():
    figure = Playground("simple", data="circle", name="A test")
    data, metadata = figure._repr_mimebundle_()
    assert data["text/plain"].startswith("A test: circle, a 2-4-4-1 network with tanh, after 0 epochs")
    assert len(data["image/png"]) > 20_000 and metadata["image/png"]["alt"] == figure.words
    figure.close()
    assert not figure.running
