"""Lesson 07: the small NumPy game, its figures, and those that show the recorded games."""

import asyncio
import base64
import io
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.datasets import recordings
from course_utils.from_scratch import gan
from course_utils.from_scratch.mlp import MLP
from course_utils.from_scratch.neuron import sigmoid
from course_utils.visuals import gan as figures
from course_utils.visuals import gan_film as films
from course_utils.visuals import gan_game, interactive
from course_utils.visuals import gan_uses as uses

needs_keras = pytest.mark.keras


@pytest.fixture(autouse=True)
def closed():
    yield
    interactive.close_all()


# --- value, best discriminator, losses -------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(st.floats(0.05, 2), st.floats(0.05, 2))
def test_no_answer_is_worth_more_than_the_best(p, q):
    best = gan.best_discriminator(np.array([p]), np.array([q]))[0]
    others = np.linspace(0.001, 0.999, 997)
    worth = p * np.log(others) + q * np.log(1 - others)
    assert worth.max() <= p * np.log(best) + q * np.log(1 - best) + 1e-12
    assert abs(others[worth.argmax()] - best) < 0.002


def test_value_lies_above_minus_ln_4_by_twice_the_jensen_shannon_divergence():
    from scipy.spatial.distance import jensenshannon

    p, q = np.random.default_rng(0).dirichlet(np.ones(30), 2)
    assert np.isclose(gan.value_at_best(p, q, 1.0), -np.log(4) + 2 * jensenshannon(p, q) ** 2)
    assert np.isclose(gan.value_at_best(p, p, 1.0), -np.log(4))
    apart = np.r_[p, np.zeros(30)], np.r_[np.zeros(30), q]
    assert gan.value_at_best(*apart, 1.0) == 0, "nothing in common: nothing to lose"
    assert gan.best_discriminator(np.zeros(2), np.array([0, 1.0])).tolist() == [0.5, 0]


@needs_keras
def test_losses_are_those_of_keras():
    import keras

    real, made = np.random.default_rng(1).normal(0, 3, (2, 40))
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    ones, zeros = np.ones(40), np.zeros(40)
    assert np.isclose(gan.discriminator_loss(real, made), float(loss(ones, real) + loss(zeros, made)), atol=1e-5)
    assert np.isclose(gan.generator_loss(made), float(loss(ones, made)), atol=1e-5)
    assert np.isclose(gan.generator_loss(made, "minimax"), -float(loss(zeros, made)), atol=1e-5)


def test_losses_stay_finite_where_the_sigmoid_is_0():
    assert gan.discriminator_loss(np.array([-2000.0]), np.array([2000.0])) == 4000
    assert gan.generator_loss(np.array([-2000.0])) == 2000


@pytest.mark.parametrize("kind", gan.LOSSES)
def test_the_slope_is_that_of_the_loss(kind):
    for s in (-6.0, -0.3, 0.0, 2.0):
        high, low = (gan.generator_loss(np.array([s + step]), kind) for step in (1e-5, -1e-5))
        numeric = (high - low) / 2e-5
        assert np.isclose(gan.generator_slope(np.array(s), kind), numeric, atol=1e-7)


# --- the game --------------------------------------------------------------------------------------------------------


def test_backward_agrees_with_small_changes_of_inputs_and_weights():
    rng = np.random.default_rng(2)
    net, x, slope = MLP([3, 5, 4, 2], "tanh", 1), rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    gradients, at_inputs = gan.backward(net, x, slope)

    def changed(array, place):
        before, values = array[place], []
        for step in (1e-6, -1e-6):
            array[place] = before + step
            values.append(np.sum(slope * net.forward(x)))
        array[place] = before
        return (values[0] - values[1]) / 2e-6

    for array, gradient in [*zip(net.parameters(), gradients, strict=True), (x, at_inputs)]:
        for place in [tuple(rng.integers(0, n) for n in array.shape) for _ in range(4)]:
            assert np.isclose(changed(array, place), gradient[place], atol=1e-6)


def test_calming_is_the_slope_of_its_penalty():
    game = gan.Game(np.random.default_rng(0).normal(size=(50, 2)), seed=3, calm=0.7)
    x = game.real[:20]

    def penalty():
        moved = x + np.random.default_rng(9).normal(0, 0.1, x.shape)
        change = game.discriminator.forward(moved) - game.discriminator.forward(x)
        return 0.7 / 2 * np.mean(change**2) / 0.1**2

    game.rng = np.random.default_rng(9)
    gradient = game.calming(x)[1]
    weights, place = game.discriminator.parameters()[1], (3, 2)
    weights[place] += 1e-5
    high = penalty()
    weights[place] -= 2e-5
    assert np.isclose(gradient[place], (high - penalty()) / 2e-5, atol=1e-5)


@pytest.mark.parametrize("kind", gan.LOSSES)
def test_in_each_turn_the_other_player_holds_still_and_the_loss_falls(kind):
    game = gan.Game(np.random.default_rng(0).normal(2, 0.5, (200, 2)), kind=kind)
    for mine, other, step in ((game.discriminator, game.generator, game.step_discriminator),
                              (game.generator, game.discriminator, game.step_generator)):
        before = [[p.copy() for p in net.parameters()] for net in (mine, other)]
        losses = [step() for _ in range(60)]
        assert all((a == b).all() for a, b in zip(before[1], other.parameters(), strict=True)), "it must hold still"
        assert any((a != b).any() for a, b in zip(before[0], mine.parameters(), strict=True))
        assert np.mean(losses[-10:]) < np.mean(losses[:10])


def test_a_step_size_of_0_holds_a_player():
    game = gan.Game(np.random.default_rng(0).normal(size=(50, 1)), rates=(0, 0))
    before = [p.copy() for p in game.generator.parameters() + game.discriminator.parameters()]
    game.step_discriminator(), game.step_generator()
    after = game.generator.parameters() + game.discriminator.parameters()
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


def test_arrows_lead_to_where_the_discriminator_says_real():
    game = gan.Game(np.random.default_rng(0).normal(2, 0.5, (300, 2)))
    for _ in range(60):
        game.step_discriminator()
    made = np.random.default_rng(1).normal(-1, 0.5, (40, 2))
    arrows = game.arrows(made)
    moved = made + 0.05 * arrows / np.linalg.norm(arrows, axis=1, keepdims=True)
    assert (game.judge(moved) > game.judge(made)).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_made_points_arrive_at_the_ring(seed):
    rng = np.random.default_rng(seed)
    ring, again = gan_game.DATA[2]["ring"](rng, 1000), gan_game.DATA[2]["ring"](rng, 1000)
    game = gan.Game(ring, seed=seed)
    noise = game.noise(1000)
    start = gan.distance(ring, game.generator.forward(noise))
    for _ in range(400):
        game.step_discriminator()
        game.step_generator()
    end = gan.distance(ring, game.generator.forward(noise))
    assert end < 3 * gan.distance(ring, again) + 0.05 < start / 3
    for points in (ring, game.generator.forward(noise)):
        assert abs(game.judge(points).mean() - 0.5) < 0.1


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 300), st.floats(-3, 3))
def test_the_distance_in_one_dimension_is_scipys(seed, shift):
    from scipy.stats import wasserstein_distance

    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(40, 1)), rng.normal(shift, 1, (40, 1))
    assert np.isclose(gan.distance(x, y), wasserstein_distance(x[:, 0], y[:, 0]))
    assert gan.distance(x, x[::-1]) == 0


def test_a_shift_in_two_dimensions_shows_as_its_mean_over_the_directions():
    x = np.random.default_rng(0).normal(size=(500, 2))
    assert np.isclose(gan.distance(x, x + [1, 0]), 2 / np.pi, atol=0.01)
    assert abs(gan.distance(x, np.random.default_rng(1).normal(size=(800, 2)))) < 0.1, "crowds of two sizes"


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: gan.best_discriminator([0.5], [-0.1]), ValueError, "negative height"),
        (lambda: gan.best_discriminator([0.5], [0.1, 0.2]), ValueError, "p has shape"),
        (lambda: gan.generator_loss([1.0], "wgan"), ValueError, "kind"),
        (lambda: gan.Game(np.zeros((5, 2)), latent=0), ValueError, "latent is 0"),
        (lambda: gan.Game(np.array([[np.nan, 0]])), ValueError, "real contains nan"),
        (lambda: gan.Game(np.zeros((5, 2)), rates=(0.1, -1)), ValueError, "two step sizes"),
        (lambda: gan.distance(np.zeros((5, 2)), np.zeros((5, 1))), ValueError, "y has 1 numbers"),
        (lambda: gan_game.GanGame(3), ValueError, "dimensions is 3"),
        (lambda: gan_game.GanGame(2).draw(np.zeros((30, 1))), ValueError, r"\(n, 2\) from -4 to 4"),
        (lambda: gan_game.GanGame(2).step("referee"), ValueError, "who is the text 'referee'"),
        (lambda: films.Animation([np.zeros((4, 4), np.uint8)] * 2, "two").save("film.png"), ValueError, "in .gif"),
    ],
)
def test_bad_input_gets_one_sentence(call, kind, words):
    with pytest.raises(kind, match=words) as caught:
        call()
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


# --- the figure of the game ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dimensions", [1, 2])
def test_the_game_can_be_played_step_by_step(dimensions):
    shown = gan_game.GanGame(dimensions)
    start = shown.distance
    weights = [p.copy() for p in shown.game.generator.parameters()]
    shown.press("Discriminator")
    assert "The discriminator has moved, the other held still." in shown.words
    assert all((a == b).all() for a, b in zip(weights, shown.game.generator.parameters(), strict=True))
    shown.press("Generator")
    assert any((a != b).any() for a, b in zip(weights, shown.game.generator.parameters(), strict=True))
    shown.step("both", 150)
    shown.refresh()
    assert shown.distance < start / 2 and f"distance {shown.distance:.2f}" in shown.words
    shown.press("Restart")
    assert np.isclose(shown.distance, start)
    shown.set(steps_g=0, steps_d=3, kind="minimax")
    shown.press("Both")
    assert shown.game.kind == "minimax" and np.isclose(shown.distance, start), "no steps for the generator"


@pytest.mark.parametrize("dimensions", [1, 2])
def test_a_picture_takes_so_little_that_twenty_a_second_can_be_shown(dimensions):
    shown = gan_game.GanGame(dimensions)
    shown.step("both", 30)
    needed = []
    for _ in range(15):
        began = time.process_time()
        shown._move()
        shown._draw()
        shown._board.refresh()
        needed.append(time.process_time() - began)
    assert np.median(needed) < 0.05


def test_playing_shows_pictures_and_slow_motion_lets_one_move_at_a_time():
    shown = gan_game.GanGame(2)

    async def watch():
        shown.press("Play")
        await asyncio.sleep(0.6)
        assert shown.running
        rounds = shown.rounds
        shown.set(slow=True)
        await asyncio.sleep(0.2)
        before = [[p.copy() for p in net.parameters()] for net in (shown.game.generator, shown.game.discriminator)]
        at = shown.rounds
        while shown.rounds == at:
            await asyncio.sleep(0.02)
        after = [[p.copy() for p in net.parameters()] for net in (shown.game.generator, shown.game.discriminator)]
        moved = [any((a != b).any() for a, b in zip(*pair, strict=True)) for pair in zip(before, after, strict=True)]
        assert sum(moved) == 1, "in slow motion one of the two moves"
        shown.press("Pause")
        await shown._task
        return rounds

    assert asyncio.run(watch()) >= 1 and shown.pictures >= 2 and not shown.running
    assert "Playing" not in shown.words


def test_points_can_be_drawn_and_the_game_is_played_about_them():
    shown = gan_game.GanGame(2)
    shown._board.plane.click(1, 1)
    assert "Choose “your own points”" in shown.words
    shown.set(data=gan_game.OWN)
    shown.press("Play")
    assert "too few to play" in shown.words
    shown._board.plane.click(2, 2)
    assert len(shown.own) == gan_game.CLICK and np.abs(shown.own.mean(axis=0) - 2).max() < 0.3
    shown.step("both", 120)
    assert np.abs(shown.game.generator.forward(shown._noise).mean(axis=0) - 2).max() < 0.7
    rounds = shown.rounds
    shown._board.plane.click(-2, 2)
    assert shown.rounds == rounds and len(shown.game.real) == 2 * gan_game.CLICK, "it goes on, about more points"
    shown.press("Remove points")
    assert "0 points drawn" in shown.words
    shown.draw(np.random.default_rng(0).normal(1, 0.3, (100, 2)))
    assert len(shown.game.real) == 100


def test_a_game_that_explodes_stops_with_a_sentence_and_good_weights():
    shown = gan_game.GanGame(2)
    shown.step("both", 3)
    shown.game.rates = (1e200, 1e200)
    shown.step("both", 50)
    shown.refresh()
    assert "Stopped in round" in shown.words and "last good weights" in shown.words
    assert all(np.isfinite(p).all() for p in shown.game.generator.parameters())


# --- the other figures -----------------------------------------------------------------------------------------------


def test_what_the_figures_of_the_idea_say():
    place = figures.one_place()
    place.set(p=1.0, q=1.0)
    assert "= 0.50, is worth −1.39" in place.words
    bumps = figures.two_densities()
    bumps.set(shift=0.0)
    assert "V = −1.386" in bumps.words and "says ½ everywhere" in bumps.words
    losses = figures.two_losses()
    losses.set(logit=0.0)
    assert "D = 0.500" in losses.words and "minimax 0.500, non-saturating 0.500" in losses.words
    made = figures.decoder({"same": lambda z: np.full((len(z), 28, 28), 0.5),
                            "other": lambda z: z[:, :1, None] * np.ones((1, 28, 28))}, 4)
    made.set(which="same")
    assert "differ from their mean by 0.000" in made.words
    interactive.drive_all()


def test_the_best_linear_decoder_for_random_pairs_gives_the_mean():
    rng = np.random.default_rng(0)
    pictures, noise = rng.random((800, 3, 3)), rng.normal(size=(800, 8))
    w, b = figures.fit_to_pairs(noise, pictures)
    made = rng.normal(size=(500, 8)) @ w + b
    assert np.abs(made.mean(axis=0) - pictures.mean(axis=0).ravel()).max() < 0.02
    assert made.var(axis=0).mean() < 0.03 * pictures.var(axis=0).mean()


def test_the_animated_picture_is_a_gif_that_can_be_saved(tmp_path):
    from PIL import Image

    frames = [np.full((10, 12), shade, np.uint8) for shade in (0, 128, 255)]
    film = films.Animation(frames, "three greys", scale=2)
    data = film._repr_mimebundle_()
    assert data["text/plain"] == "three greys" and 'alt="three greys"' in data["text/html"]
    assert base64.b64encode(film.gif).decode() in data["text/html"]
    saved = Image.open(film.save(tmp_path / "film.gif"))
    assert (saved.n_frames, saved.size) == (3, (24, 20))
    assert saved.convert("L").getpixel((0, 0)) == 255, "no ink is paper"
    assert Image.open(io.BytesIO(film.gif)).n_frames == 3


def test_the_wall_is_made_anew_now_and_then_only(monkeypatch):
    made = []
    wall = films.Wall(lambda: made.append(1) or np.zeros((10, 28, 28)))
    count = len(made)
    for _ in range(20):
        wall.refresh()
    assert len(made) == count
    monkeypatch.setattr(films, "RESTING", 0)
    wall.refresh()
    assert len(made) == count + 1 and wall.widget.png


def test_digits_are_written_as_typed_and_others_get_a_sentence():
    asked = []
    shown = uses.write_digits(lambda noise, labels: asked.append((noise, labels)) or np.zeros((len(noise), 28, 28)), 5)
    shown.set(digits="1984")
    assert asked[-1][1].tolist() == [1, 9, 8, 4] and (np.ptp(asked[-1][0], axis=0) == 0).all(), "one noise for all"
    shown.set(same="each its own")
    assert np.ptp(asked[-1][0], axis=0).min() > 0
    for bad in ("", "12a", "²", "123456789", "-1"):
        shown.set(digits=bad)
        assert "digits from 0 to 9 are expected" in shown.words


def test_the_walk_says_how_far_it_is():
    shown = uses.walk(lambda noise: np.clip(noise[:, :1, None], 0, 1) * np.ones((1, 28, 28)), np.zeros(3), np.ones(3),
                      lambda start, end, n: start + (end - start) * np.linspace(0, 1, n)[:, None])
    shown.set(place=56)
    assert shown.words.startswith("100% of the way") and "start to end it is 1.000" in shown.words
    interactive.drive_all()


def test_every_control_of_the_recorded_figures_works_and_says_what_was_recorded():
    run, failed = recordings.read("gan_film"), recordings.read("gan_failures")
    made = [films.film(run), uses.unbalanced(failed), uses.cures(recordings.read("gan_cures")),
            uses.filled(recordings.read("gan_fill")), uses.two_worlds(recordings.read("gan_worlds"))]
    interactive.drive_all()
    made[0].set(frame=0)
    assert "Step 0 of" in made[0].words and "not trained yet" in made[0].words
    last = len(run.steps) - 1
    made[0].set(frame=last)
    assert f"Fréchet distance {run.arrays['frechet'][last].mean():.1f}" in made[0].words
    made[1].set(tilt=0, frame=len(failed.steps) - 1)
    assert f"{failed.arrays['coverage'][-1, 0]:.0f} of 10 classes" in made[1].words


def test_logits_of_the_lesson_are_probabilities_after_the_sigmoid():
    game = gan.Game(np.zeros((10, 1)))
    x = np.linspace(-1, 1, 5)[:, None]
    assert np.allclose(game.judge(x), sigmoid(game.discriminator.forward(x)[:, 0]))
