"""Lesson 03: the inspector, the reader's own function, the challenges, and its figures."""
import numpy as np
import pytest

from course_utils.exercises import registry
from course_utils.exercises.lessons import descent_states
from course_utils.visuals import descent as walks
from course_utils.visuals import descent_chain as chain
from course_utils.visuals import descent_fitting as fitting
from course_utils.visuals import descent_functions as functions
from course_utils.visuals import descent_gallery, descent_tricks

# --- the net for paper and its inspector -----------------------------------------------------------------------------


def test_the_paper_net_by_hand_and_measured():
    assert chain.forward(2, 3, 0.5, -1, 2, 0) == {"z1": 0, "a1": 0.5, "y": 1, "E": 2}
    slopes = chain.backward(2, 3, 0.5, -1, 2, 0)
    assert [slopes[name] for name in chain.SLOPES] == [-2, -1, -2, -4, -1, -2, -1]
    rng = np.random.default_rng(0)
    for _ in range(10):
        numbers = rng.normal(size=6)
        slopes, tested = chain.backward(*numbers), chain.measured(*numbers)
        assert all(slopes[name] == pytest.approx(tested[name], abs=1e-8) for name in chain.SLOPES)


def test_the_inspector_blames_the_culprit_alone():
    numbers = (1.3, -0.4, 0.7, 0.2, -1.1, 0.5)
    right = chain.backward(*numbers)
    assert chain.inspect(right, *numbers) == []
    for name in chain.SLOPES:
        wrong = chain.local_slopes(chain.forward(*numbers), {}, numbers[0], numbers[1], numbers[4])
        wrong[name] = 2 * wrong[name] + 1
        given = {key: wrong[key] for key in chain.SLOPES[:chain.SLOPES.index(name) + 1]}
        for later in chain.SLOPES[chain.SLOPES.index(name) + 1:]:  # the rest follows rightly from the wrong one
            given[later] = chain.local_slopes(chain.forward(*numbers), given, numbers[0], numbers[1], numbers[4])[later]
        told = chain.inspect(given, *numbers)
        assert len(told) == 1 and told[0].startswith(f"`{name}` is ")


def test_the_check_names_two_mistakes_that_nobody_registered():
    from course_utils.exercises.judge import check

    def backward(x, t, w1, b1, w2, b2):
        slopes = chain.backward(x, t, w1, b1, w2, b2)
        return {**slopes, "dw2": slopes["dw2"] + 0.5, "dw1": 3 * slopes["dw1"]}

    result = check("descent.backward", backward)
    assert result.status == "wrong"
    assert "`dw2` is" in result.message and "`dw1` is" in result.message and "other 5 follow" in result.message


# --- the reader's own function ---------------------------------------------------------------------------------------


def test_own_functions_are_computed():
    f = functions.own_function("a**2 + sin(pi*b) - 1")
    assert f(2.0, 0.5) == pytest.approx(4)
    assert f(*np.meshgrid([1.0, 2.0], [0.0, 1.0, 2.0])).shape == (3, 2)
    assert functions.own_function("3")(np.zeros(4), np.zeros(4)).tolist() == [3] * 4
    assert functions.own_function("a^2")(3.0, 0.0) == 9
    assert functions.own_function("maximum(a, b)")(1.0, 2.0) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"), ("   ", "is empty"), (None, "is empty"), ("a +", "no formula"), ("a b", "no formula"),
        ("x + 1", "not 'x'"), ("__import__('os')", "may call only"), ("a.real", "remove the part 'a.real'"),
        ("(lambda: 1)()", "may call only"), ("[a]", "remove the part"), ("a if b else 1", "remove the part"),
        ("'a'", "expected numbers"), ("9**9**9**9", "grows too large"), ("1e300 * a", "up to a million"),
        ("sin(a, b, 1, 2)", "cannot be computed"), ("sin()", "cannot be computed"),
        ("sqrt(-1 - a**2)", "no value anywhere"),
        ("True", "expected numbers"), ("a" * 201, "201 signs"), ("sin", "cannot be computed"),
    ],
)
def test_functions_with_an_error_get_a_sentence(text, words):
    with pytest.raises(ValueError, match=words) as caught:
        functions.own_function(text)
    assert "\n" not in str(caught.value)


def test_the_race_keeps_its_picture_when_the_function_is_wrong():
    race = walks.Race()
    race.figure.set(where=functions.OWN)
    before = race.paths
    race.figure.set(formula="a + ")
    assert "no formula" in race.figure.words and race.paths is before
    race.figure.set(formula="(a - 1)**2 + (b + 2)**2", rate=0.1)
    assert "no formula" not in race.figure.words
    np.testing.assert_allclose(race.paths["SGD"][-1], [1, -2], atol=1e-3)
    race.figure.set(formula="log(a) + b**2", rate=1.0)
    assert "flew off" in race.figure.words and all(np.isfinite(path).all() for path in race.paths.values())


def test_the_race_is_started_by_a_click_and_scrubbed_together():
    race = walks.Race()
    race.plane.click(2.5, 3.0)
    assert race.start == (2.5, 3.0) and all(np.allclose(path[0], (2.5, 3)) for path in race.paths.values())
    race.plane.drag("start", -1.0, -2.0)
    assert all(np.allclose(path[0], (-1, -2)) for path in race.paths.values())
    walked = race.paths
    race.figure.set(step=0)
    assert race.paths is walked, "scrubbing walks nothing anew"
    heights = {float(race.place.value(*path[0])) for path in race.paths.values()}
    assert len(heights) == 1 and "after 0 steps" in race.figure.words
    race.figure.set(batch=5, step=100)
    noisy = race.paths["SGD"]
    race.figure.press("Other batches")
    assert not np.allclose(noisy, race.paths["SGD"])
    race.figure.set(where="long valley", rate=1.5)
    assert "SGD" in race.figure.words and "flew off, stopped after step" in race.figure.words


def test_one_weight_arrives_or_flies_off_as_the_formula_says():
    figure = walks.one_weight([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    for rate, words in ((0.001, "not arrived"), (0.1, "it arrives"), (0.4, "from side to side"), (0.5, "flies off")):
        figure.set(rate=rate)
        assert words in figure.words, rate


# --- the dashboard ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["normalized", "whitened"])
def test_the_steps_on_the_dashboard_are_those_of_a_real_descent(how):
    x, t = descent_tricks.measurements()
    x = descent_tricks.prepared(x, how)
    condition, steps, _ = descent_tricks.descent_course(x, t)
    design = np.column_stack([x, np.ones(len(x))])
    curvature = design.T @ design / len(x)
    values = np.linalg.eigvalsh(curvature)
    assert condition == pytest.approx(values[-1] / values[0])
    best = np.linalg.solve(curvature, design.T @ t / len(t))
    w, losses = np.zeros(3), []
    for _ in range(steps + 1):
        losses.append((w - best) @ curvature @ (w - best))
        w -= 2 / (values[0] + values[-1]) * curvature @ (w - best)
    assert losses[steps] <= 1e-3 * losses[0] and (steps == 1 or losses[steps - 1] > 1e-3 * losses[0])


def test_whitened_inputs_hang_together_no_more():
    x = descent_tricks.prepared(descent_tricks.measurements()[0], "whitened")
    np.testing.assert_allclose(x.T @ x / len(x), np.eye(2), atol=1e-10)


def test_the_dashboard_shows_vanishing_and_exploding():
    figure = descent_tricks.dashboard()
    figure.set(inputs="normalized", start="small (0.1)", kind="tanh")
    assert "to 3.5e−06 in the last hidden one" in figure.words or "e−06 in the last hidden" in figure.words
    figure.set(start="large (0.5)", kind="relu")
    assert "e+0" in figure.words.split("slopes by z")[1], "exploding slopes"


# --- challenges and figures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("challenge", "settings"), [
    ("circle_state", {"epochs": 40, "data": "circle", "layers": (3,)}),
    ("xor_state", {"epochs": 20, "data": "XOR", "layers": (), "features": ("product",)}),
    ("tamed_state", {"epochs": 200, "data": "circle", "noise": 40, "training": 10, "layers": (8, 8), "penalty": "L1",
                     "strength": 0.01})])
def test_challenges_can_be_met(challenge, settings):
    assert descent_states.fault(challenge, descent_states.state_of(**settings)) == (None, None)


@pytest.mark.parametrize("state", [None, 3, "", "play1.", "hello", "play1.AAAA", "play9.AAAA"])
def test_a_state_that_is_none_gets_a_clause(state):
    kind, clause = descent_states.fault("circle_state", state)
    assert kind in ("no text", "unreadable") and clause and "\n" not in clause


def test_the_state_is_judged_by_its_own_weights():
    from course_utils.visuals.playground import Playground

    play = Playground("full", data="circle", layers=(3,))
    play.step(30)
    play.refresh()
    settings, epoch, loss = descent_states.opened(play.state)
    assert epoch == 30 and settings.data == "circle"
    assert f"test loss {loss:.3g}" in play.words
    play.close()


def test_the_gallery_can_be_told_by_its_words():
    """What exercise 15 asks can be seen: each fault has its own sign."""
    figure = descent_gallery.gallery()
    right = registry.find("descent.name_faults").reference()
    seen = {}
    for letter in "ABCDEF":
        figure.set(training=letter)
        seen[right[letter]] = figure.words
    assert "100% of the hidden activations are 0" in seen["dead ReLUs"]
    assert "Inputs from 2.6 to 16.7" in seen["inputs not normalized"]
    assert "typically 0.084" in seen["sum for mean"] and "typically 0.0042" in seen["rate too high"]
    assert "test loss 0.13" in seen["test data leaked"] and "test loss 0.67" in seen["shuffled labels"]


@pytest.mark.parametrize("make", [
    lambda: walks.one_weight([1.0, 2.0], [1.0, 2.0]), walks.race, chain.paper_net, fitting.decay_explorer,
    fitting.remedies, descent_tricks.dashboard, descent_gallery.gallery])
def test_every_figure_can_be_driven_and_closed(make, monkeypatch):
    from course_utils.visuals.interactive import close_all, drive_all

    monkeypatch.setenv("COURSE_STRICT", "1")
    close_all()
    figure = make()
    assert len(drive_all()) >= 1 and figure.words and figure.png()[:4] == b"\x89PNG"
    figure.close()
