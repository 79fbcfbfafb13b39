"""Lesson 05: its figures, and what it says of its recordings."""

import json
import shutil

import numpy as np
import pytest
from conftest import ROOT

from course_utils.datasets import recordings
from course_utils.keras_tools import memory_task, text_models, word_vectors
from course_utils.visuals import interactive, rnn, rnn_studies, rnn_text


@pytest.fixture(autouse=True)
def closed():
    interactive.close_all()
    yield
    interactive.close_all()


@pytest.fixture(scope="module")
def small():
    """An untrained LSTM of eight cells that reads markup."""
    rng, letters = np.random.default_rng(0), text_models.markup_letters()
    shapes = ((len(letters), 32), (8, 32), (32,), (8, len(letters)), (len(letters),))
    return text_models.PlainModel("lstm", [rng.normal(0, 1, shape) for shape in shapes], letters)


# --- recurrence ------------------------------------------------------------------------------------------------------


def test_unfolding_shows_the_hidden_states_one_after_the_other():
    shown = rnn.unfolding()
    shown.set(time=2.0, u=-1.0, sequence="1, 0, 0, 0")
    assert f"= {np.tanh(-np.tanh(1)):.2f}".replace("-", "−") in shown.words and "Step 2 of 4" in shown.words
    shown.set(time=2.5)
    assert "Step 2 of 4" in shown.words, "between two steps the last finished one is told"
    shown.set(time=0.0)
    assert "Nothing read yet" in shown.words
    shown.press("Play")
    assert "Step 4 of 4" in shown.words


def test_the_gradient_is_the_slope_that_a_small_change_finds():
    inputs = np.random.default_rng(0).normal(size=12)
    for squashed in (False, True):
        hiddens, lengths = rnn.chain(0.8, inputs, squashed)
        later = rnn.chain(0.8, inputs[5:], squashed, start=hiddens[4] + 1e-6)[0]
        assert np.isclose(abs(later[-1] - hiddens[-1]) / 1e-6, lengths[7], rtol=1e-4)
    assert np.allclose(rnn.chain(1.1, inputs, False)[1], 1.1 ** np.arange(13))


def test_the_gradient_vanishes_holds_and_explodes():
    shown = rnn.gradient_against_distance()
    for weight, fate in ((0.9, "vanishes"), (1.0, "holds"), (1.1, "explodes")):
        shown.set(weight=weight, kind="linear")
        assert f"it {fate}" in shown.words
    shown.set(weight=1.1, kind="with tanh", size=1.0)
    assert "it vanishes" in shown.words and "Without tanh: 3e+02" in shown.words


def test_clipping_saves_the_descent():
    way = rnn.descend(1.2)
    assert np.isclose(way[1], 1.2 - 0.02 * (1.2**10 - 0.5) * 10 * 1.2**9)
    assert np.abs(np.diff(rnn.descend(1.4, limit=2.0))).max() <= 0.02 * 2.0 + 1e-12
    shown = rnn.clipping()
    assert "nothing brings it back" in shown.words
    shown.set(clipped=True)
    assert "u = 0.9" in shown.words and "nothing" not in shown.words


def test_the_valves_of_the_lstm_cell():
    shown = rnn.lstm_cell()
    shown.set(old=1.5, f=1.0, i=0.0, candidate=-1.0, o=0.5)
    assert "= 1.50." in shown.words and f"= {0.5 * np.tanh(1.5):.2f}." in shown.words
    shown.set(f=0.0, i=1.0, o=0.0)
    assert "= −1.00." in shown.words and "= 0.00." in shown.words.replace("−0.00", "0.00")


# --- reading and writing ---------------------------------------------------------------------------------------------

REFUSED = (("<A>", "'A', which is not in the model's alphabet"), ("", "at least one"), ("a" * 401, "window holds 400"))


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_figures_refuse_a_text_in_a_sentence_and_keep_the_last_picture(small, text, words):
    for shown in (rnn_text.inspector(small), rnn_text.next_character(small)):
        before = shown.png()
        shown.set(text=text)
        assert words in shown.words and "last one" in shown.words and shown.png() == before
        shown.set(text="<a>cat</a>")
        assert words not in shown.words


@pytest.mark.parametrize("temperature", [0.0, -1.0])
def test_a_temperature_of_zero_or_below_is_refused(small, temperature):
    for call in (lambda: small.probabilities("<a>", temperature), lambda: small.sample(1, temperature=temperature)):
        with pytest.raises(ValueError, match=f"temperature is {temperature}") as caught:
            call()
        assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_the_inspector_tells_the_models_own_numbers(small):
    shown = rnn_text.inspector(small, cell=3, start="<a>cat dog</a>")
    shown.set(position=6)
    states = small.states("<a>cat dog</a>")
    for words, name in (("forget gate", "f"), ("input gate", "i"), ("output gate", "o"), ("cell state", "cell")):
        assert f"{words} {states[name][6, 3]:.2f}".replace("-", "−") in shown.words
    assert "'t'" in shown.words and "1 element is open" in shown.words
    shown.set(position=400)
    assert "character 14 of 14" in shown.words and "0 elements" in shown.words
    plain = [weight[..., :8] for weight in small.weights] + [small.dense, small.bias]
    with pytest.raises(ValueError, match="give an LSTM"):
        rnn_text.inspector(text_models.PlainModel("rnn", plain, small.letters))


def test_weights_that_do_not_fit_are_refused_at_once(small):
    with pytest.raises(ValueError, match="recurrent_kernel has shape .*, but 8 units need") as refused:
        text_models.PlainModel("rnn", small.weights + [small.dense, small.bias], small.letters)
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


def test_a_low_temperature_makes_the_best_character_surer(small):
    shown = rnn_text.next_character(small, start="<a>cat", position=3)
    best = {}
    for temperature in (0.25, 1.0, 2.0):
        shown.set(temperature=temperature)
        assert "After character 3 of 6" in shown.words
        best[temperature] = small.probabilities("<a>", temperature)[-1].max()
        assert f"{best[temperature]:.3f}" in shown.words
    assert best[0.25] > best[1.0] > best[2.0]
    shown.set(temperature=0.0)
    assert "temperature is 0.0" in shown.words and "last one" in shown.words


def test_writing_goes_to_the_recorded_step_and_judges(small):
    class Film:
        arrays = {"steps": np.array([25, 100, 2000]), "share": np.array([0.0, 0.1, 0.9]),
                  "loss": np.array([3.0, 1.5, 0.3])}  # fmt: skip

    asked = []

    class Writer:
        def sample(self, n, temperature, seed):
            if temperature <= 0:
                return small.sample(n, temperature=temperature)
            return ["<a><b><row>cat cow deer dog eel elk fish fox frog goat hare hen lion</row></b></a>"]

    shown = rnn_text.writing(Film, lambda row, film: asked.append(row) or Writer(), 0.01, 1.0)
    assert "After 2000 steps" in shown.words and "Good." in shown.words and "loss was 0.30" in shown.words
    shown.set(step=90)
    assert "After 100 steps" in shown.words and asked == [2, 1]
    shown.set(temperature=0.0)
    assert "temperature is 0.0" in shown.words


# --- word vectors ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def vectors():
    return word_vectors.train_vectors(word_vectors.made_corpus(600), size=8, passes=1)


def test_the_analogies_figure_answers_as_the_vectors_do(vectors):
    shown = rnn_studies.analogies(vectors, word_vectors.ANALOGIES)
    shown.set(a="dog", b="puppy", c="cat")
    assert f"dog is to puppy as cat is to {vectors.analogy('dog', 'puppy', 'cat')}" in shown.words
    shown.set(c="dog")
    assert "three different words" in shown.words
    shown.set(c="unicorn")
    assert "'unicorn', but a word of the corpus is expected" in shown.words
    shown.set(a="bark", b="leash", c="purr")
    assert "bark is to leash as purr is to" in shown.words


def test_labels_are_moved_apart():
    spots = rnn_studies._apart([(0, 0), (0.01, 0.001), (0.02, 0.002), (1, 0)], 0.1, 0.05)
    assert np.allclose(spots[:, 1], [0, 0.05, 0.1, 0])


def test_the_pad_shows_what_the_captioner_writes():
    seen = []

    class Captioner:
        def write(self, pictures):
            seen.append(pictures)
            return ["a one, upright, thin"]

    pad = rnn_studies.caption_pad(Captioner(), np.eye(28, dtype=np.float32))
    assert "Written: a one, upright, thin." in pad._repr_mimebundle_()[0]["text/plain"]
    assert seen[0].shape == (1, 28, 28) and seen[0].max() > 200
    pad.clear()
    assert "Draw a digit." in pad._repr_mimebundle_()[0]["text/plain"] and len(seen) == 1


# --- the recordings --------------------------------------------------------------------------------------------------


def test_a_recording_that_does_not_match_its_checksum_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "recordings"
    folder.mkdir()
    for ending in ("npz", "json"):
        shutil.copy(ROOT / "data" / "recordings" / f"rnn_markup.{ending}", folder)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert recordings.read("rnn_markup").arrays["kinds"].tolist() == list(text_models.KINDS)
    file = folder / "rnn_markup.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"seed": 12345}))
    with pytest.raises(ValueError, match="do not match their checksum") as caught:
        recordings.read("rnn_markup")
    assert "\n" not in str(caught.value) and "remake it by" in str(caught.value)


@pytest.mark.slow
def test_every_control_of_every_figure_works(small, vectors):
    recall, film = recordings.read("rnn_recall"), recordings.read("rnn_markup_film")
    made = [
        rnn.unfolding(), rnn.gradient_against_distance(), rnn.clipping(), rnn.lstm_cell(),
        rnn_text.inspector(small), rnn_text.next_character(small),
        rnn_text.writing(film, lambda row, film: small, 0.0, 1.0),
        rnn_studies.who_remembers(recall), rnn_studies.analogies(vectors, word_vectors.ANALOGIES),
        rnn_studies.amounts(recordings.read("rnn_course_words")), rnn_studies.captions(recordings.read("rnn_captions")),
    ]
    assert {row[0] for row in interactive.drive_all()} == {figure.name for figure in made}
    scores = memory_task.equal_updates(recall)
    made[7].set(budget="equal updates", distance=str(recall.arrays["distances"][0]))
    assert f"{recall.arrays['variants'][0]} {scores[0, 0].mean():.2f}" in made[7].words
