"""The figures of lesson 02 and its recorded runs."""

import numpy as np
import pytest

from course_utils.datasets.recordings import follows, read
from course_utils.exercises import check
from course_utils.exercises.registry import all_exercises
from course_utils.from_scratch.mlp import MLP
from course_utils.visuals import mlp as figures
from course_utils.visuals import mlp_curves as curves
from course_utils.visuals import mlp_runs as runs
from course_utils.visuals.interactive import close_all, drive_all

XOR = figures.CORNERS, figures.XOR


@pytest.fixture(autouse=True)
def closed():
    yield
    close_all()


def test_two_lines_solve_xor_by_dragging():
    figure = figures.two_lines()
    plane = figure._picture
    assert "2 of 4 right" in figure.words
    for key, x, y in (("A1", -0.4, 0.9), ("A2", 0.9, -0.4), ("B1", 0.1, 1.4), ("B2", 1.4, 0.1)):
        plane.drag(key, x, y)
    assert "4 of 4 right" in figure.words and "(1, 1): A 1, B 1, out 0" in figure.words
    figure.set(shown="neuron B")
    assert "neuron B" in figure.words
    plane.drag("A1", 0.9, -0.4)
    assert "A 0" in figure.words, "two knobs in one place make no line, and no error"


def test_line_weights_vanish_on_the_line_and_fire_above_it():
    weights, bias = figures.line_weights((0, 0.5), (0.5, 0))
    assert np.allclose(weights, [1, 1]) and np.isclose(bias, -0.5)
    assert figures.line_weights((1, 1), (1, 1))[0].tolist() == [0, 0]
    steep, _ = figures.line_weights((0.3, 0), (0.3, 1))
    assert steep[0] > 0 and np.isclose(steep[1], 0)


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_only_linear_layers_stay_straight(depth):
    figure = figures.stacked_layers()
    for seed in range(10):
        figure.set(depth=depth, seed=seed, activation="linear")
        assert "a straight line" in figure.words
        for activation in ("tanh", "relu"):
            figure.set(activation=activation)
            assert "bent" in figure.words, (depth, seed, activation)


def test_forward_pass_shows_the_numbers_of_the_lesson_and_takes_edits():
    figure = figures.forward_pass()
    assert "2.00 → 0.96, 1.50 → 0.91, −2.00 → −0.96" in figure.words and "ŷ = −1.13" in figure.words
    figure.set(sums=True)
    assert figure._picture._values[1].tolist() == [2.0, 1.5, -2.0]
    figure._picture.edge(0, 0, 0, 3.0)
    assert "from x₁ to h₁ is now 3.00" in figure.words and "4.00 →" in figure.words
    figure.set(activation="relu")
    assert "4.00 → 4.00" in figure.words
    figure.press("First weights")
    assert "2.00 → 2.00" in figure.words and "now" not in figure.words


def test_the_curve_is_the_sum_of_its_shares():
    for activation in ("relu", "tanh"):
        t = runs.CURVES["bump"](runs.X)
        net = curves.placed(t, 6, activation)
        hidden = net.layers(runs.X[:, None])[1][1]
        assert np.allclose(hidden @ net.weights[1][:, 0] + net.biases[1], net.forward(runs.X[:, None])[:, 0])
        errors = [curves.rms(curves.placed(t, n, activation), t) for n in (2, 8, 32)]
        assert errors[0] > 4 * errors[1] > 8 * errors[2]


def test_a_curve_can_be_drawn():
    figure = curves.put_together()
    figure.set(curve="your own", width=10, activation="relu")
    plane = figure._picture
    assert len(plane.handles) == 11 and "your curve" in figure.words
    before = figure.png()
    plane.drag("5", 0.9, 1.2)
    assert figure.png() != before and plane.handles["5"] == pytest.approx((-0.2, 1.2)), "a knob moves up and down only"
    assert "error 0.000" in figure.words, "ten ReLU neurons bend where the ten pieces meet"
    figure.set(curve="wave")
    assert not plane.handles


def test_all_controls_of_all_figures():
    for make in (figures.two_lines, figures.stacked_layers, figures.forward_pass, curves.put_together,
                 curves.learned_widths, curves.width_or_depth):
        make()
    rows = drive_all()
    assert len(rows) >= 17


def test_a_short_remake_follows_the_recording():
    steps = np.arange(0, 201, 100)
    recording = read("mlp_curves")
    assert recording.arrays["width"].shape == (31, 2, 10, 10) and recording.arrays["depth"].shape == (31, 2, 2, 4, 10)
    for activation, width, seed in ((0, 3, 0), (1, 7, 9)):
        again = runs.learn((runs.WIDTHS[width],), runs.ACTIVATIONS[activation], "wave", seed, steps)
        assert np.allclose(again, recording.arrays["width"][:3, activation, width, seed], rtol=1e-4, atol=1e-5)
    again = runs.learn(runs.DEPTHS[2], "relu", "bump", 4, steps)
    assert np.allclose(again, recording.arrays["depth"][:3, 1, 1, 2, 4], rtol=1e-4, atol=1e-5)


def test_the_recording_is_whole_and_names_how_to_remake_it():
    recording = read("mlp_curves")
    assert recording.metadata["command"] == runs.COMMAND and follows(recording, {"steps": runs.STEPS}, 0)
    assert [MLP([1, *layers, 1]).count_params() for layers in runs.DEPTHS] == [100, 97, 103, 106]


@pytest.mark.parametrize("name", [name for name in all_exercises() if name.startswith("mlp.")])
def test_every_mistake_is_told_in_its_own_words(name):
    exercise = all_exercises()[name]
    assert check(name, exercise.reference).status == "passed" and len(exercise.wrong) >= 4
    for function, message in exercise.wrong:
        result = check(name, function)
        assert result.status == "wrong" and result.message == message
