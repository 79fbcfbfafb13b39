"""What lesson 05 computes: character models of markup, delayed recall, word vectors, captions, and their recordings."""

import re

import numpy as np
import pytest

from course_utils.datasets import markup, markup_depth, recordings
from course_utils.keras_tools import captions, memory_task, text_models, text_studies, word_vectors
from course_utils.keras_tools.text_models import KINDS, PlainModel

needs_keras = pytest.mark.keras


@pytest.fixture(scope="module")
def keras():
    from course_utils.keras_tools.quiet import import_keras

    return import_keras()


# --- character models ------------------------------------------------------------------------------------------------


def fake(kind="lstm", units=6, seed=0, letters=None):
    """A small network with random weights, in NumPy."""
    letters, blocks = letters or text_models.markup_letters(), {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    rng = np.random.default_rng(seed)
    shapes = [(len(letters), blocks * units), (units, blocks * units), (2, 3 * units) if kind == "gru" else
              (blocks * units,), (units, len(letters)), (len(letters),)]  # fmt: skip
    return PlainModel(kind, [rng.normal(size=shape) for shape in shapes], letters)


@needs_keras
@pytest.mark.parametrize("kind", KINDS)
def test_plain_model_expects_what_keras_does(keras, kind):
    model, text = text_models.character_model(kind, seed=3), text_models.unseen(1)[0]
    inputs = np.eye(32, dtype="float32")[[0] + [model.letters.index(letter) for letter in text]][None]
    logits = keras.ops.convert_to_numpy(model(inputs))[0]
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(PlainModel.of(model).probabilities(text), expected, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_sampling_draws_what_is_expected(kind):
    plain = fake(kind)
    expected = plain.probabilities("<b>", 0.8)[-1]
    texts = plain.sample(4000, 0.8, seed=1, start="<b>", longest=4)
    assert all(text.startswith("<b>") and len(text) <= 4 for text in texts)
    came = np.bincount([plain.letters.index(text[3:] or "\n") for text in texts], minlength=32) / 4000
    assert np.abs(came - expected).max() < 0.035
    assert plain.sample(3, seed=5) == plain.sample(3, seed=5) != plain.sample(3, seed=6)


def test_a_colder_network_is_surer_and_states_have_a_row_for_the_mark():
    plain = fake()
    cold, hot = (plain.probabilities("<a>", temperature).max() for temperature in (0.3, 3))
    assert cold > hot
    states = plain.states("<a>")
    assert sorted(states) == ["candidate", "cell", "f", "hidden", "i", "o"]
    assert {values.shape for values in states.values()} == {(4, 6)}
    np.testing.assert_allclose(states["hidden"], states["o"] * np.tanh(states["cell"]), atol=1e-6)
    hidden, cell = plain.run(["ox", "<a>"])[1]
    np.testing.assert_allclose(hidden, states["hidden"], atol=1e-6)
    np.testing.assert_allclose(cell, states["cell"], atol=1e-6)


@pytest.mark.parametrize(("call", "words"), [
    (lambda plain: plain.probabilities("<ü>"), "text holds 'ü'"),
    (lambda plain: plain.probabilities(""), "text is an empty text"),
    (lambda plain: plain.states("a" * 401), "text has 401 characters, but the window holds 400"),
    (lambda plain: plain.probabilities("a", 0), "temperature is 0"),
    (lambda plain: plain.sample(1, -1), "temperature is -1"),
    (lambda plain: plain.sample(0), "n is 0"),
    (lambda plain: plain.sample(1, start="É"), "text holds 'É'"),
    (lambda plain: plain.loss([]), "texts is an empty list"),
    (lambda plain: plain.run("<a>"), "texts is the text '<a>'"),
    (lambda plain: text_models.share_good([]), "texts is an empty list"),
])  # fmt: skip
def test_bad_text_is_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as error:
        call(fake())
    assert "\n" not in str(error.value) and str(error.value).endswith(".")


def test_loss_of_a_network_that_knows_nothing():
    plain = PlainModel("rnn", [np.zeros(shape) for shape in ((32, 2), (2, 2), 2, (2, 32), 32)],
                       text_models.markup_letters())  # fmt: skip
    assert np.isclose(plain.loss(["<a>cat</a>", "ox"]), np.log(32))


def test_the_measure():
    good = text_models.unseen(3)[0]
    assert all(text_models.judge(good).values())
    assert not text_models.judge(text_models.corpus()[0])["new"]
    assert not text_models.judge(good[:-1])["accepted"]
    assert not text_models.judge("<a><b><row>cat</row></b></a>")["long"]
    assert not text_models.judge("<a><b>" + "cat " * 20 + "</b></a>")["deep"]
    shortest, longest = text_models.corpus_lengths()
    assert (shortest, longest) == (60, 251)
    for length in (shortest - 1, shortest, longest, longest + 1):
        text = f"<a><b><row>{'x' * (length - 25)}</row></b></a>"
        assert len(text) == length and text_models.judge(text)["long"] == (shortest <= length <= longest)
    assert text_models.share_good([good, good[1:]]) == 0.5
    assert text_models.share_good(text_models.unseen(200)) == 1, "the ceiling"
    assert {markup_depth(text) for text in text_models.corpus()} == {3, 4}


def test_the_plan_is_kept():
    for text in text_models.documents(50, seed=8):
        depth = 0
        for closing, tag in re.findall(r"<(/?)([a-z]+)", text):
            depth -= bool(closing)
            assert tag in text_models.LEVELS[depth]
            depth += not closing
    assert text_models.documents(3, 8) == text_models.documents(50, 8)[:3] != text_models.documents(3, 9)


def test_what_needs_memory_counts_more():
    letters, text = text_models.markup_letters(), "<box><b>cat</b></box>"
    inputs, targets, weights = next(text_models._batches([text] * 9, letters, 60, 0, 0))
    assert inputs.shape == (text_models.BATCH, 60, 32) and targets.shape == weights.shape == inputs.shape[:2]
    row = "".join(letters[code] for code in targets[0])
    heavy = [k for k in range(21) if weights[0, k] > 1]
    assert row.startswith(text) and [row[k] for k in heavy] == ["b", "b"]
    assert set(weights.ravel()) == {1, text_models.CLOSING}


def test_the_floor_writes_only_what_it_has_seen():
    texts = text_models.ngram().sample(40, seed=2)
    assert text_models.share_good(texts) < 0.05
    known = {"\n\n\n\n" + text + "\n" for text in text_models.corpus()}
    parts = {text[k : k + 5] for text in known for k in range(len(text) - 4)}
    ended = [text for text in texts if len(text) < text_models.LONGEST]
    assert all(("\n\n\n\n" + text)[k : k + 5] in parts for text in ended for k in range(len(text)))
    assert 0.3 < text_models.ngram().loss(text_models.unseen(10)) < 0.7


def test_depth_by_hand():
    assert text_models.open_tags('<a><b id="1">ox</b></a>').tolist() == [
        *[0] * 3, *[1] * 10, *[2] * 6, *[1] * 4, 0]  # fmt: skip
    for text in markup(5, seed=4):
        depths = text_models.open_tags(text)
        assert depths.max() == markup_depth(text) and depths[-1] == 0


def test_the_cell_that_counts_is_found():
    """A network made by hand whose third cell is raised by every ">" and lowered by every "/", twice."""
    letters = text_models.markup_letters()
    kernel, bias = np.zeros((32, 16)), np.zeros(16)
    bias[:4], bias[4:8], bias[12:] = -20, 20, -20  # nothing in, all kept, nothing shown
    for letter, way in ((">", 1e-4), ("/", -2e-4)):
        kernel[letters.index(letter), 2], kernel[letters.index(letter), 10] = 40, way
    counting = PlainModel("lstm", [kernel, np.zeros((4, 16)), bias, np.zeros((4, 32)), np.zeros(32)], letters)
    found = text_models.depth_cell(counting, 20)
    assert found["cell"] == 2 and found["correlation"] > 0.65


@needs_keras
def test_a_stopped_training_goes_on_as_if_it_had_not(keras, monkeypatch):
    monkeypatch.setattr(text_models, "UNITS", 8)
    monkeypatch.setattr(text_models, "LENGTH", 20)
    monkeypatch.setattr(text_models, "EPOCH", 4)
    whole = text_models.character_model("rnn", seed=1)
    history = text_models.train(whole, 10, texts=text_models.unseen(20))
    assert len(history["loss"]) == 3 and history["loss"][-1] < history["loss"][0]
    parts = text_models.character_model("rnn", seed=1)
    text_models.train(parts, 10, until=3, texts=text_models.unseen(20))
    text_models.train(parts, 10, texts=text_models.unseen(20))
    assert int(whole.optimizer.iterations) == int(parts.optimizer.iterations)
    for one, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    with pytest.raises(ValueError, match="give more text"):
        text_models.train(parts, 20, texts=["ox"])


def test_recorded_markup_is_what_it_says():
    arrays, film = recordings.read("rnn_markup").arrays, recordings.read("rnn_markup_film").arrays
    lstm = text_studies.recorded("lstm")
    row = list(arrays["temperatures"]).index(0.7)
    share = text_models.share_good(lstm.sample(200, 0.7, seed=7))
    assert abs(share - arrays["shares"][row, 2]) < 0.02 and arrays["shares"][row, 2] >= 0.95, "rounding may turn a draw"
    assert arrays["floors"].max() < 0.05 and arrays["ceiling"] == 1
    assert abs(lstm.loss(text_models.unseen(40)) - arrays["loss"][-1, 2]) < 1e-3
    for number, weight in enumerate((*lstm.weights, lstm.dense, lstm.bias)):
        np.testing.assert_array_equal(film[f"w{number}"][-1], weight.astype("float16"))
    early = text_studies.checkpoint(0)
    assert abs(early.loss(text_models.unseen(10)) - film["loss"][0]) < 0.1
    assert text_models.share_good(text_models.ngram().sample(200)) == arrays["floor"]
    assert text_models.depth_cell(lstm)["cell"] == arrays["depth_cell"][2]
    with pytest.raises(ValueError, match="kind is the text 'transformer'"):
        text_studies.recorded("transformer")


# Another processor rounds otherwise, and a training makes such differences grow: the first steps are compared tightly,
# later ones loosely. Measured, as shares of the loss' range after 25 and 50 steps: weights moved by 1e-5 of themselves
# give 0.000001 and 0.00015, a learning rate smaller by a tenth 0.0045 and 0.0126.


@needs_keras
def test_a_short_remake_follows_the_recorded_training(keras):
    run, _ = text_studies.record_markup("lstm", until=50)
    for row, near in ((0, 0.002), (1, 0.005)):
        some = {"steps": run["steps"][row : row + 1], "loss": run["loss"][row : row + 1]}
        assert recordings.follows("rnn_markup_film", some, near)


@needs_keras
@pytest.mark.parametrize(("kind", "steps", "name"), [
    ("rnn", text_studies.LONG_STEPS, "rnn_markup"),
    pytest.param("gru", text_studies.LONG_STEPS, "rnn_markup", marks=pytest.mark.slow),
    pytest.param("lstm", text_studies.LONGEST_STEPS, "rnn_markup_longest", marks=pytest.mark.slow),
])  # fmt: skip
def test_short_remakes_of_the_others_follow_theirs(keras, kind, steps, name):
    run, _ = text_studies.record_markup(kind, steps, until=25)
    recorded = recordings.read(name)
    first = recorded.at(25)["loss"]
    assert abs(run["loss"][0] - (first[KINDS.index(kind)] if name == "rnn_markup" else first)) < 0.01


# --- the course's own words ------------------------------------------------------------------------------------------


def test_course_words_are_split_and_in_their_alphabet():
    train, test = text_studies.course_words()
    assert not set(train) & set(test) and len(test) > 30
    assert set("".join(train + test)) <= set(text_studies.word_letters())
    some = text_studies.first_words(2000)
    assert some == train[: len(some)] and 2000 <= sum(len(text) + 1 for text in some) < 4000


def test_recorded_words_tell_why_the_model_is_bad():
    arrays = recordings.read("rnn_course_words").arrays
    test = [text[:400] for text in text_studies.course_words()[1]]
    assert abs(text_studies.recorded_words().loss(test) - arrays["test_loss"][-1, 0]) < 0.01
    assert (np.diff(arrays["test_loss"].mean(axis=1)) < 0).all(), "more text, better"
    assert (arrays["test_loss"] > arrays["train_loss"]).all()


@needs_keras
def test_a_short_remake_follows_the_recorded_words(keras):
    made = text_studies.record_words((2_000,), (0,), until=text_studies.EARLY)
    recorded = recordings.read("rnn_course_words").arrays
    assert abs(made["early_loss"][0, 0] - recorded["early_loss"][0, 0]) < 0.001, "a rate smaller by a tenth: 0.0014"
    assert made["ngram_loss"][0] == recorded["ngram_loss"][0]


# --- delayed recall --------------------------------------------------------------------------------------------------


def test_recall_batches_show_the_symbol_once():
    x, y = memory_task.recall_batch(50, 7, seed=3)
    assert x.shape == (50, 8, 12) and (x.sum(axis=2) == 1).all()
    assert (x[:, 0].argmax(axis=1) == y).all() and (x[:, 1:, :8] == 0).all()
    assert (memory_task.recall_batch(50, 7, seed=4)[1] != y).any()


@needs_keras
def test_the_start_is_fixed(keras):
    kernel, recurrent, bias = memory_task.recall_model("RNN, radius 0.9", 5).layers[0].get_weights()
    np.testing.assert_allclose(np.abs(np.linalg.eigvals(recurrent)), 0.9, rtol=1e-5)
    kernel, recurrent, bias = memory_task.recall_model("LSTM, forget bias 5", 5).layers[0].get_weights()
    assert bias[32:64].tolist() == [5] * 32 and np.abs(bias).sum() == 160
    block = recurrent[:, 96:]
    np.testing.assert_allclose(block @ block.T, np.eye(32), atol=1e-5)


@needs_keras
def test_a_short_remake_follows_the_recorded_recall(keras):
    recorded = recordings.read("rnn_recall").arrays
    made = memory_task.record(("RNN, radius 1",), (10,), (0, 1), 50)
    assert made["seconds_per_update"] > 0
    row = list(recorded["variants"]).index("RNN, radius 1")
    apart = np.abs(made["accuracy"][0, 0] - recorded["accuracy"][row, 0, :2, :2])
    assert apart[:, 0].max() <= 0.03 and apart[:, 1].max() <= 0.1, "after 25 updates and after 50"


def test_equal_updates_and_equal_seconds():
    accuracy = np.arange(1, 5) / 10 * np.ones((3, 1, 3, 1))
    recording = type("Recording", (), {"arrays": {
        "accuracy": accuracy, "updates": np.array([25, 50, 75, 100]),
        "variants": np.array(["RNN, radius 1", "RNN, radius 0.9", "GRU"]),
        "seconds_per_update": np.array([[0.008], [0.012], [0.019]])}})  # fmt: skip
    assert memory_task.seconds_an_update(recording)[:, 0].tolist() == [0.01, 0.01, 0.019], "two RNNs compute the same"
    assert memory_task.equal_updates(recording)[:, 0, 0].tolist() == [0.4, 0.4, 0.4]
    assert memory_task.equal_seconds(recording)[:, 0, 0].tolist() == [0.4, 0.4, 0.2]
    recording.arrays["seconds_per_update"][2] = 0.05
    assert memory_task.equal_seconds(recording)[2, 0, 0] == 1 / 8, "not tested once by then"


# --- word vectors ----------------------------------------------------------------------------------------------------


def test_gradient_of_skip_gram_by_differences():
    rng = np.random.default_rng(0)
    tables, middle, others = rng.normal(size=(2, 7, 3)), np.array([1, 2, 1, 5]), rng.integers(0, 7, (4, 3))
    _, gradient = word_vectors._loss_and_gradient(tables, middle, others)
    for place in np.ndindex(tables.shape):
        up, down = tables.copy(), tables.copy()
        up[place] += 1e-5
        down[place] -= 1e-5
        slope = (word_vectors._loss_and_gradient(up, middle, others)[0]
                 - word_vectors._loss_and_gradient(down, middle, others)[0]) / 2e-5  # fmt: skip
        assert abs(gradient[place] - slope) < 1e-7


def test_word_vectors_learn_the_analogies():
    sentences = word_vectors.made_corpus(1500)
    assert {word for pairs in word_vectors.ANALOGIES.values() for pair in pairs for word in pair} <= {
        word for sentence in sentences for word in sentence}  # fmt: skip
    losses = []
    trained = word_vectors.train_vectors(sentences, passes=4, watch=lambda loss, vectors: losses.append(loss))
    random = word_vectors.train_vectors(sentences, passes=0).score()
    score = trained.score()
    assert score["asked"] == 4 * 7 * 6 * 2 and random["share"] < 0.05 < 0.4 < score["share"]
    assert np.isclose(score["chance"], 1 / (len(trained.words) - 3)) and losses[-1] < losses[0]
    for call in (lambda: trained.nearest("laptop"), lambda: trained.analogy("king", "queen", "laptop")):
        with pytest.raises(ValueError, match="word is the text 'laptop'"):
            call()


def test_analogy_and_nearest_by_hand():
    vectors = word_vectors.WordVectors(["a", "b", "c", "d", "e"], [[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1],
                                                                   [-1, 0, 0]])  # fmt: skip
    assert vectors.analogy("a", "b", "c") == "d"
    assert vectors.nearest("b", 2)[0][0] == "d" and np.isclose(vectors.nearest("b", 1)[0][1], 2 / np.sqrt(6))


# --- captions --------------------------------------------------------------------------------------------------------


def test_lean_and_thickness_of_bars():
    pictures = np.zeros((3, 28, 28), "uint8")
    pictures[0, 4:24, 12:15] = 255
    pictures[1, 4:24, 12:17] = 255
    for row in range(4, 24):
        pictures[2, row, (24 - row) // 2 + 8 : (24 - row) // 2 + 11] = 255
    lean, thickness = captions.measure(pictures)
    np.testing.assert_allclose(lean, [0, 0, np.rad2deg(np.arctan(0.5))], atol=1)
    assert 3 <= thickness[0] < thickness[1] < 7


def test_captions_say_what_was_measured():
    assert captions.caption(8, -90, 0) == "an eight, leaning left, thin"
    assert captions.caption(3, 90, 99) == "a three, leaning right, thick"
    texts = ["a two, upright, medium", "an eight, leaning left, thin"]
    assert [captions._text(row) for row in captions._coded(texts)] == texts
    assert captions._coded(texts).shape == (2, captions.LENGTH)
    assert captions.parts_right(["a two, upright, thin", "an eight"], texts).tolist() == [1, 0.5, 0]


@needs_keras
def test_recorded_captions(keras):
    arrays = recordings.read("rnn_captions").arrays
    written = np.array(captions.recorded_captioner().write(arrays["pictures"][:100]))
    assert (written != arrays["written"][:100]).sum() <= 1, "rounding may turn a word"
    assert ((arrays["written"] == arrays["truth"]) == arrays["right"]).all()
    assert arrays["right"].mean() > 4 * arrays["floor"]


@needs_keras
def test_the_vector_still_holds_the_thickness(keras):
    thickness = recordings.read("rnn_captions").arrays["parts"][2]
    assert 0.62 < captions.probe(part=2) < 0.75 and captions.probe(part=2) > thickness + 0.05
    with pytest.raises(ValueError, match="part is 3"):
        captions.probe(part=3)


@needs_keras
@pytest.mark.slow
def test_a_short_training_of_captions_follows(keras):
    made = captions.record(steps=200)
    recorded = recordings.read("rnn_captions").arrays
    assert (made["truth"] == recorded["truth"]).all() and made["floor"] == recorded["floor"]
    assert recorded["floor"] < made["right"].mean() <= recorded["right"].mean() + 0.03
