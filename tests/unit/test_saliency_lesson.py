"""The figures of lesson 09, driven over their whole range, and the markup network."""
import asyncio

import numpy as np
import pytest

from course_utils.datasets import digits
from course_utils.exercises.judge import check
from course_utils.keras_tools import saliency, saliency_checks, saliency_studies, saliency_text, text_models
from course_utils.keras_tools.models import as_input, digit_cnn
from course_utils.visuals import saliency as figures
from course_utils.visuals import saliency_truth as truth
from course_utils.visuals import saliency_wants as wants

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def model():
    return digit_cnn()


@pytest.fixture(scope="module")
def test_digits():
    _, (pictures, labels) = digits()
    return as_input(pictures), labels.astype(int)


def drive(figure):
    """Set every control to its ends, its middle and its options; collect the words."""
    words = []
    for name, control in figure._controls.items():
        for value in control.tries():
            figure.set(**{name: value})
            words.append(figure.words)
    assert all(words)
    return words


def test_the_pad_says_what_the_network_reads_and_the_maps_follow_the_drawing(model, test_digits):
    x, t = test_digits
    drawing = figures.Drawing(model, x[t == 3][0, ..., 0])
    assert "reads 3" in drawing.words()
    figure = figures.seven_maps(drawing)
    before = figure.png()
    drawing.pad.clear()
    drawing.pad.draw([np.array([[14.0, 2.0], [14.0, 26.0]])])
    assert figure.png() == before, "without an event loop only the button explains anew"
    figure.press("Explain my drawing")
    assert figure.png() != before and f"the network reads {drawing.logits.argmax()}" in figure.words
    figure.set(explained="8")
    assert "the logit of 8" in figure.words
    drive(figure)
    drawing.pad.clear()
    figure.press("Explain my drawing")
    assert "nowhere" in figure.words, "an empty pad has empty maps, not an error"


def test_quick_maps_follow_the_pen_and_slow_ones_its_rest(model, test_digits, monkeypatch):
    monkeypatch.setattr(figures, "REST", 0.01)
    monkeypatch.setattr(figures, "LONG_REST", 0.02)
    drawing = figures.Drawing(model, test_digits[0][3, ..., 0])
    figure = figures.seven_maps(drawing)
    heard, later = [], figure.refresh
    monkeypatch.setattr(figure, "refresh", lambda: (later(), heard.append(figure.words)))

    async def draw(strokes):
        drawing.pad.clear()
        for _ in range(strokes):
            drawing.pad.draw([np.array([[14.0, 2.0], [14.0, 26.0]])])
        await asyncio.sleep(0.1)
        while len(heard) < 2:
            await asyncio.sleep(0.05)

    asyncio.run(draw(3))
    assert len(heard) == 2, "each stroke begins the wait anew"
    quick, slow = heard
    assert quick.endswith("Still of the drawing before, and pale: SmoothGrad, occlusion, perturbation.")
    assert "pale" not in slow and "SmoothGrad" in slow and f"the network reads {drawing.logits.argmax()}" in slow
    figure.close()
    heard.clear()
    asyncio.run(asyncio.wait_for(closed(drawing), 5))
    assert not heard, "a closed figure stays closed"


async def closed(drawing):
    drawing.pad.clear()
    await asyncio.sleep(0.1)


def test_walking_the_path_and_cutting_it_finer(model, test_digits):
    x, t = test_digits
    figure = figures.path(model, x[4], t[4])
    off = {}
    for steps in (1, 64):
        figure.set(steps=steps)
        off[steps] = float(figure.words.rsplit("off by ", 1)[1].rstrip("."))
    assert off[64] < 0.05 < off[1]
    figure.set(way=0)
    assert "0 % of the way" in figure.words
    drive(figure)


def test_pointing_figure_agrees_with_the_measure():
    pictures, labels, corners = saliency_studies.one_patch_decides(20, seed=1)
    maps = {"gradient": np.random.default_rng(0).random((20, 28, 28)), "dark": pictures[..., 0]}
    scores = {name: saliency_checks.pointing(one, corners, 8) for name, one in maps.items()}
    figure = truth.pointing_browser(pictures, labels, corners, maps, scores | {"any pixel": 0.08}, 8)
    hits = 0
    for number in range(1, 21):
        figure.set(number=number)
        hits += ", a hit." in figure.words
    assert hits == round(20 * scores["gradient"])
    drive(figure)


def test_deletion_and_randomization_figures_can_be_driven(model, test_digits):
    x, t = test_digits[0][:4], test_digits[1][:4]
    maps = {name: method(model, x, t)[..., 0] for name, method in
            (("gradient", saliency.vanilla_gradient), ("guided backprop", saliency.guided_backprop))}
    orders = maps | {"random order": np.random.default_rng(0).random((4, 28, 28)), "darkest first": x[..., 0]}
    curves = {(name, insert): saliency_checks.probability_curves(model, x, t, order, insert=insert)
              for name, order in orders.items() for insert in (True, False)}
    stages = {insert: {name: saliency_checks.changed_pictures(x, one, insert=insert)[..., 0]
                       for name, one in maps.items()} for insert in (True, False)}
    figure = truth.deletion_browser(x, stages[False], stages[True], curves, saliency_checks.SHARES)
    assert any("Higher is better" in words for words in drive(figure))
    stacked = {name: np.stack([one] * 4) for name, one in maps.items()}
    figure = truth.randomization_browser(x, stacked, {"gradient": [1, 0.1, 0, -0.1],
                                                      "guided backprop": [1, 0.8, 0.7, 0.4]},
                                         ["conv_1", "conv_2", "logits"])
    figure.set(stage=2)
    assert "conv_2, logits" in figure.words and "Least moved: guided backprop" in figure.words
    drive(figure)


def test_covering_the_mark_breaks_the_cheat_and_covering_elsewhere_does_not():
    cheat = saliency_studies.study_network("cheat")
    pictures, labels = saliency_studies.marked_digits("test", 100, 4)
    maps = saliency.flat(saliency.vanilla_gradient(cheat, pictures[labels == 1], labels[labels == 1]))
    figure = truth.cover_browser(cheat, pictures, labels, maps)
    assert "Accuracy 1.00" in figure.words
    figure.set(row=2, column=21, count=20)
    assert "finds 0%" in figure.words
    drive(figure)


def test_the_exercise_on_the_hidden_mark_accepts_its_nine_pixels_and_no_other():
    found = np.array([[check("saliency.hidden_mark", lambda place=(i, j): place).status == "passed"
                       for j in range(20, 28)] for i in range(8)])
    wanted = np.zeros((28, 28), bool)
    wanted[saliency_studies.MARK] = True
    assert (found == wanted[:8, 20:]).all()


def test_the_switches_and_the_quiz(model):
    figure = wants.wanted(model, steps=8)
    assert "On: nothing" in figure.words
    figure.set(decay=True, small_norm=True)
    assert "On: decay, norm" in figure.words
    drive(figure)
    game = wants.Quiz(model, saliency_studies.study_network("twin"), rounds=4)
    for right in game.classes:
        game.figure.set(guess=str(right))
        game.figure.press("That is my answer")
    assert (game.asked, game.yours) == (4, 4) and "You 4" in game.figure.words and "start again" in game.figure.words
    game.figure.press("That is my answer")
    assert (game.asked, game.yours, game.its) == (0, 0, 0)
    game.figure.set(guess=str((game.classes[0] + 1) % 10))
    game.figure.press("That is my answer")
    assert (game.asked, game.yours) == (1, 0)


def test_features_and_dreams(model, test_digits):
    figure = wants.features(model, test_digits[0][:40])
    for layer, side in (("conv_1", 3), ("conv_2", 8), ("logits", 28)):
        figure.set(layer=layer, unit=2)
        assert f"sees {side} × {side}" in figure.words
    drive(figure)
    photo = np.random.default_rng(0).uniform(0, 1, (40, 50))
    figure = wants.dreams({"first": (model, "conv_1"), "second": (model, "conv_2")}, photo)
    figure.set(stage=0)
    assert "changed by 0.00" in figure.words
    drive(figure)


def test_closing_tags_are_found_with_their_opening_tags():
    places = saliency_text.closing_tags('<a><b id="1">ox</b>owl</a>')
    assert places == [('<a><b id="1">ox</', "b", 3), ('<a><b id="1">ox</b>owl</', "a", 0)]
    inside = saliency_text.inside_opening_tag(places[0][0], 3)
    assert "".join(c for c, yes in zip(places[0][0], inside, strict=True) if yes) == '<b id="1">'
    for text, words in (("<ß>", "'ß'"), ("", "an empty text"), (None, "None")):
        with pytest.raises(ValueError, match=words):
            saliency_text.one_hot(text, "<>/ab")


def test_lesson_05s_network_closes_tags_and_the_map_follows_the_text():
    reader = saliency_text.markup_net()
    document = next(one for one in text_models.unseen(10) if len(one) <= 110)
    figure = wants.closing_tags(reader, document)
    drive(figure)
    text, tag, start = saliency_text.closing_tags(document)[0]
    found, longer = saliency_text.character_saliency(reader, [text, document], [tag[0], "<"])
    assert found.shape == (len(text),) and longer.shape == (len(document),) and np.isfinite(longer).all()
    (alone,) = saliency_text.character_saliency(reader, [text], [tag[0]])
    assert np.allclose(found, alone, atol=1e-4), "what stands behind the end of a shorter text plays no part"
    rows = saliency_text.tag_shares(reader, [document])
    assert rows.shape[1] == 5 and ((rows[:, 2:] >= 0) & (rows[:, 2:] <= 1)).all() and rows[:, 1].all()
    assert saliency_text.followed(reader, [document])[:, 1].mean() > 0.9


def test_the_network_in_numpy_and_in_keras_says_the_same_and_the_map_is_its_slope():
    import keras

    reader, text = saliency_text.markup_net(), '<list><item><a>owl</'
    coded = saliency_text.one_hot("\n" + text, reader.letters)
    logits = keras.ops.convert_to_numpy(reader(coded[None]))[0, -1]
    assert saliency_text.next_letters(reader, [text]) == [reader.letters[logits.argmax()]] == ["a"]
    (found,) = saliency_text.character_saliency(reader, [text], ["a"])
    place = reader.letters.index("a")
    for k in (13, 18, 19):
        nudged = np.repeat(coded[None], 2, axis=0)
        nudged[0, k + 1] *= 1.01
        nudged[1, k + 1] *= 0.99
        up, down = keras.ops.convert_to_numpy(reader(nudged))[:, -1, place]
        assert abs((up - down) / 0.02 - found[k]) < 0.02 + 0.02 * abs(found[k])
