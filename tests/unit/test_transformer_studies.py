"""What lesson 06 computes: the Transformer's parts, the translation, the copying and the markup, with recordings."""

import numpy as np
import pytest

from course_utils.datasets import recordings
from course_utils.datasets.text import english, german
from course_utils.from_scratch import attention as by_hand
from course_utils.keras_tools import induction, markup_transformer, translation, translation_studies
from course_utils.keras_tools import transformer as parts


@pytest.fixture(scope="module")
def small():
    """Random weights of a small translator."""
    return translation.new_weights(width=16, heads=2)


def test_attention_equals_the_one_by_hand(small):
    rng = np.random.default_rng(0)
    x, memory = rng.normal(size=(2, 5, 16)), rng.normal(size=(2, 7, 16))
    eight = [small[f"decoder/0/cross/{name}"] for name in by_hand.NAMES]
    mask = rng.random((2, 5, 7)) < 0.7
    mask[:, :, 0] = True
    seen = {}
    output = parts.attend(np, small, "decoder/0/cross", x, memory, mask[:, None], seen=seen)
    expected, weights = by_hand.multi_head_attention(x, memory, eight, mask)
    np.testing.assert_allclose(output, expected, atol=1e-5)
    np.testing.assert_allclose(seen["decoder/0/cross"], weights, atol=1e-6)


def test_a_gate_takes_out_one_head_and_no_other(small):
    x = np.random.default_rng(1).normal(size=(1, 4, 16))
    name = "encoder/0/self"
    both, first, second, none = (parts.attend(np, small, name, x, x, gates=np.array(gates))
                                 for gates in ([1, 1], [1, 0], [0, 1], [0, 0]))
    np.testing.assert_allclose(none, np.broadcast_to(small[f"{name}/b_o"], none.shape), atol=1e-7)
    np.testing.assert_allclose(first + second - none, both, atol=1e-5)
    assert np.abs(first - both).max() > 0.01


def test_normalization_and_feed_forward_equal_those_by_hand(small):
    x = np.random.default_rng(2).normal(size=(2, 3, 16))
    gamma, beta = np.linspace(0.5, 2, 16), np.linspace(-1, 1, 16)
    own = parts.normalize(np, {"n/gamma": gamma, "n/beta": beta}, "n", x)
    np.testing.assert_allclose(own, by_hand.layer_normalization(x, gamma, beta), atol=1e-6)
    four = [small[f"encoder/1/forward/{name}"] for name in ("w_1", "b_1", "w_2", "b_2")]
    own = parts.feed_forward(np, small, "encoder/1/forward", x)
    np.testing.assert_allclose(own, by_hand.feed_forward(x, *four), atol=1e-5)


def test_letter_by_letter_gives_the_same_as_all_at_once(small):
    source = translation.source_codes([german(721), german(5)])
    there = (source != translation.PAD)[:, None, None]
    given, _ = translation.target_codes([721, 5], "english", 26)
    memory = translation.encode(np, small, source, there)
    together, cache = translation.decode(np, small, given, memory, there), {}
    for place in range(26):
        one = translation.decode(np, small, given[:, [place]], memory, there, cache=cache)
        np.testing.assert_allclose(one[:, 0], together[:, place], atol=1e-4)


def test_padding_in_front_changes_nothing(small):
    given, _ = translation.target_codes([26], "digits", 4)
    results = []
    for window in (16, 64):
        source = translation.source_codes([german(26)], window)
        results.append(translation.forward(np, small, (source, given)))
    np.testing.assert_allclose(*results, atol=1e-5)


def test_a_decoder_sees_nothing_of_what_comes(small):
    codes, _, _ = induction.batch(2, seed=0)
    w = {**parts.ends(20, 16), **parts.tower_weights("decoder", 16, 2, 2, forward=0)}
    other = codes.copy()
    other[:, 20:] = (other[:, 20:] + 1) % 20
    one, two = parts.decoder_only(np, w, codes), parts.decoder_only(np, w, other)
    np.testing.assert_allclose(one[:, :20], two[:, :20], atol=1e-6)
    assert np.abs(one[:, 20:] - two[:, 20:]).max() > 0.01


def test_keras_computes_what_numpy_does(small):
    pytest.importorskip("keras")
    import keras

    source = translation.source_codes([german(721), german(999_999)])
    given, _ = translation.target_codes([721, 999_999], "digits", 7)
    model = parts.keras_model(small, translation.forward, "translator")
    there = keras.ops.convert_to_numpy(model((source, given)))
    np.testing.assert_allclose(there, translation.forward(np, small, (source, given)), atol=1e-4)
    assert model.count_params() == parts.parameters(small)
    for name, array in model.plain().items():
        np.testing.assert_array_equal(array, small[name])
    codes, start = induction.batch(2)[0], np.array([[3], [50]], np.int32)
    w = {**parts.ends(20, 16), **parts.tower_weights("decoder", 16, 2, 1)}
    model = parts.keras_model(w, lambda ops, named, inputs: parts.decoder_only(ops, named, *inputs), "writer")
    np.testing.assert_allclose(keras.ops.convert_to_numpy(model((codes, start))),
                               parts.decoder_only(np, w, codes, start), atol=1e-4)


def test_no_number_is_both_trained_on_and_tested():
    tested = {number for digits in (None, 2, 3, 4, 5, 6) for number in translation.test_numbers(200, digits=digits)}
    trained = {number for phase in ("short", "long", "mixed") for step in range(20)
               for number in translation.training_numbers(256, (0, step), phase)}
    assert not tested & trained
    assert translation.held_out(np.arange(1_000_000)).mean() == pytest.approx(0.1, abs=0.002)
    by_last = [translation.held_out(np.arange(20, 1_000_000))[digit::10].mean() for digit in range(10)]
    assert max(by_last) - min(by_last) < 0.005
    assert set(range(20)) <= set(np.flatnonzero(~translation.held_out(np.arange(20))))


def test_a_batch_asks_for_english_and_for_digits_in_turn():
    for step, to in ((6, "english"), (7, "digits")):
        (source, given), wanted = translation.batch(step, phase="short" if step > 6 else "long", size=8)
        numbers = translation.training_numbers(8, (0, step), "short" if step > 6 else "long")
        assert [translation.read_answer(row) for row in wanted] == [translation.answer(n, to) for n in numbers]
        assert set(given[:, 0]) == {2 + translation.TO.index(to)}
        np.testing.assert_array_equal(given[:, 1:][wanted[:, :-1] > 3], wanted[:, :-1][wanted[:, :-1] > 3])
        assert (source[:, -1] != translation.PAD).all()


def test_every_number_fits_the_windows():
    some = np.concatenate([np.arange(1000), np.arange(1000) * 1000 + 777, np.arange(1000) * 1000 + 373])
    source, english_window, digits_window = translation.WINDOWS["long"]
    assert max(len(german(int(n))) for n in some) <= source == translation.LONGEST_SOURCE
    assert max(len(english(int(n))) for n in some) < english_window
    assert digits_window == 7
    source, english_window, _ = translation.WINDOWS["short"]
    assert max(len(german(n)) for n in range(1000)) == source
    assert max(len(english(n)) for n in range(1000)) + 1 == english_window


def test_crossing_letters_and_share():
    assert translation.crossing_share() == pytest.approx(1 - 0.28**2)
    for number, ones in ((721, "ein"), (26, "sechs"), (101_000 + 754, "vier"), (999_999, "neun"), (77, "sieben")):
        word = german(number)
        letters = translation.ones_letters(number)
        assert "".join(letter for letter, one in zip(word, letters, strict=True) if one) == ones
        assert word[: int(letters.argmax())] + word[int(letters.argmax()) + len(ones):] == word.removesuffix(
            word[int(letters.argmax()):]) + word[int(letters.argmax()) + len(ones):]
        assert word[int(letters.argmax()) + len(ones):].startswith("und")
    with pytest.raises(ValueError, match="other order"):
        translation.ones_letters(720)


def test_a_number_word_is_known_only_as_the_course_spells_it():
    for number in (*range(1100), 30_001, 101_000, 721_721, 999_999):
        assert translation.number_of(german(number)) == number
    for text in ("", "hund", "hunderteins", "tausend", "eintausendnull", "einstausend", "dreissig", "einundzwanzigtau"):
        assert translation.number_of(text) is None, text


def test_word_by_word_is_right_only_without_crossing():
    for number in range(1000):
        right = translation.word_by_word(german(number)) == english(number)
        assert right == (not translation.crosses(number)), number


def test_digits_are_compared_place_by_place():
    right = translation.digits_right(["721", "712", "21", "1721000", ""], [721, 721, 721, 721, 721])
    assert right[:, :3].tolist() == [[True] * 3, [False, False, True], [True, True, False], [False] * 3, [False] * 3]


def test_hidden_letters_are_seen_by_nobody(small):
    """A hidden letter may become any other letter: the answer cannot change."""
    translator = translation.Translator(small)
    words, hide = ["einundzwanzig", "achundzwanzig"], []
    for word in words:
        hide.append(np.arange(len(word)) < 3)
    assert len(set(translator.translate(words, "digits", hide=hide))) == 1
    open_answers = [translator.look(word, "digits", answer="28")["weights"]["decoder/0/cross"] for word in words]
    assert np.abs(open_answers[0] - open_answers[1]).max() > 1e-4


@pytest.mark.parametrize(("call", "words"), [
    (lambda t: t.translate([""]), "empty"), (lambda t: t.translate([7]), "7"),
    (lambda t: t.translate(["twenty"]), "'y'"), (lambda t: t.translate(["e" * 66]), "66 letters"),
    (lambda t: t.translate(["eins"], "french"), "french"),
    (lambda t: t.translate(["eins"], gates={"cross": [1, 1]}), "gates"),
    (lambda t: t.translate(["eins"], gates={"heads": np.ones((2, 2))}), "heads"),
    (lambda t: t.translate(["eins"], hide=[np.ones(3, bool)]), "hide"), (lambda t: t.look("eins", answer="öne"), "ö"),
    (lambda t: translation.word_by_word("einsundzwanzigx"), "spell"),
])  # fmt: skip
def test_bad_input_is_one_clear_sentence(small, call, words):
    with pytest.raises(ValueError, match=r"^[^\n]+$") as error:
        call(translation.Translator(small))
    assert words in str(error.value)


@pytest.mark.parametrize("kind", translation_studies.KINDS)
def test_recorded_translators_give_their_recorded_answers(kind):
    arrays = recordings.read(f"transformer_translation_{kind}").arrays
    translator = translation_studies.recorded(kind)
    some = slice(0, 40)
    words = [german(int(number)) for number in arrays["test"][some]]
    for to in translation.TO:
        answers = translator.translate(words, to)
        assert np.mean(np.array(answers) == arrays[f"test_{to}"][some]) >= 0.95
    assert translation.held_out(arrays["test"]).all()
    right = translation.exact(arrays["test_english"], arrays["test"]).mean()
    assert arrays["test_exact"][0] == pytest.approx(right)
    assert arrays["floor"] < 0.12


def test_the_recorded_transformer_proves_the_crossing():
    arrays = recordings.read("transformer_translation_transformer").arrays
    translator = translation_studies.recorded()
    found = translation.crossing(translator, arrays["crossing_numbers"][:60])
    assert found["ones_fail"] == pytest.approx(arrays["crossing_ones_fail"], abs=0.15)
    assert found["others_survive"] == pytest.approx(arrays["crossing_others_survive"], abs=0.15)
    assert found["ones_fail_from_decoder"] >= 0.8 and found["others_survive_from_decoder"] >= 0.97
    word = "einundzwanzig"
    nothing, everything = ([np.full(len(word), hidden)] for hidden in (False, True))
    said = [translator.translate([word], "digits", hide=hide, hide_from=where)[0]
            for hide, where in ((nothing, "all"), (nothing, "decoder"), (everything, "all"), (everything, "decoder"))]
    assert said[0] == said[1] == "21" and said[2] != "21" and said[3] != "21"
    with pytest.raises(ValueError, match="hide_from is the text 'encoder'"):
        translator.translate([word], hide=nothing, hide_from="encoder")


def test_attention_maps_of_the_recorded_translators():
    look = translation_studies.recorded().look("siebenhunderteinundzwanzig")
    rows = len(look["answer"]) + 1
    assert look["weights"]["decoder/1/cross"].shape[1:] == (rows, 26)
    for weights in look["weights"].values():
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-4)
    look = translation_studies.recorded("attention").look("einundzwanzig")
    np.testing.assert_allclose(look["weights"].sum(axis=-1), 1, atol=1e-4)
    with pytest.raises(ValueError, match="no attention"):
        translation_studies.recorded("LSTM").look("einundzwanzig")


def test_the_texts_to_copy():
    codes, targets, known = induction.batch(50, seed=3)
    np.testing.assert_array_equal(codes[:, 1:], targets[:, :-1])
    for text, target, places in zip(codes, targets, known, strict=True):
        period = int(places.argmax())
        assert induction.SHORTEST <= period <= induction.LONGEST
        assert len(set(text[:period])) == period
        assert (target[places] == text[np.flatnonzero(places) + 1 - period]).all()


def test_the_recorded_copier_copies_and_its_heads_can_be_switched():
    arrays = recordings.read("transformer_induction").arrays
    copier = induction.recorded()
    assert copier.accuracy() == pytest.approx(arrays["accuracy"][-1], abs=0.01)
    np.testing.assert_allclose(induction.every_combination(copier), arrays["combination_accuracy"], atol=0.02)
    assert arrays["combinations"][-1].all()
    assert not arrays["combinations"][0].any()
    assert copier.accuracy(np.zeros((2, 2))) < 0.15
    np.testing.assert_allclose(copier.predict("abcabc").sum(axis=1), 1, atol=1e-4)
    assert copier.look("abcabc").shape == (2, 2, 6, 6)
    for text, words in (("", "empty"), ("a" * 33, "33 letters"), ("abz", "'z'"), (5, "5")):
        with pytest.raises(ValueError, match=words):
            copier.predict(text)
    with pytest.raises(ValueError, match="gates"):
        copier.accuracy([1, 1])


def test_filtering_probabilities():
    p = np.array([0.5, 0.15, 0.3, 0.05])
    filtered = markup_transformer.filtered
    np.testing.assert_allclose(filtered(p), p, atol=1e-9)
    np.testing.assert_allclose(filtered(p, 0.5), p**2 / (p**2).sum())
    np.testing.assert_allclose(filtered(p, 1, 2), [0.625, 0, 0.375, 0])
    np.testing.assert_allclose(filtered(p, 1, None, 0.8), [0.625, 0, 0.375, 0])
    np.testing.assert_allclose(filtered(p, 1, None, 0.81), np.array([0.5, 0.15, 0.3, 0]) / 0.95)
    np.testing.assert_allclose(filtered(p, 1, None, 0.1), [1, 0, 0, 0])
    np.testing.assert_allclose(filtered(np.array([p, p[::-1]]), 1, 1), [[1, 0, 0, 0], [0, 0, 0, 1]])
    np.testing.assert_allclose(filtered(np.array([0.0, 1.0]), 2.0), [0, 1])
    for arguments in ((0.0,), (1.0, 0), (1.0, None, 1.5)):
        with pytest.raises(ValueError, match="filtered"):
            filtered(p, *arguments)


def test_the_recorded_writer_is_what_was_measured():
    arrays = recordings.read("transformer_markup").arrays
    writer = markup_transformer.recorded()
    assert writer.sample(4, seed=1, longest=30) == [text[:30] for text in writer.sample(4, seed=1, longest=60)]
    np.testing.assert_allclose(writer.probabilities("<a>").sum(), 1, atol=1e-4)
    from course_utils.keras_tools import text_models

    assert writer.loss(text_models.unseen(100)[:20]) == pytest.approx(arrays["loss"][-1], abs=0.06)
    for call in (lambda: writer.probabilities("?"), lambda: writer.sample(1, start="x" * 401)):
        with pytest.raises(ValueError, match=r"^[^\n]+$"):
            call()


def test_cost_is_measured_and_counted():
    arrays = recordings.read("transformer_cost").arrays
    power = dict(zip(arrays["kinds"], markup_transformer.growth(arrays["lengths"], arrays["seconds"]), strict=True))
    assert 0.8 < power["LSTM"] < 1.2
    assert 1.5 < power["attention"] < 2.6
    counted = [markup_transformer.multiplications(str(kind), 64) for kind in arrays["kinds"]]
    np.testing.assert_array_equal(counted, arrays["multiplications"][:, 1])
    found = markup_transformer.cost((16, 32), repeats=1)
    assert (found["seconds"] > 0).all()


@pytest.mark.slow
def test_a_short_remake_of_the_copier_follows_its_recording():
    pytest.importorskip("keras")
    recorded = recordings.read("transformer_induction")
    remade = induction.remake(stop=25)
    remade = {name: remade[name] for name in ("steps", "accuracy", "previous", "induction")}
    assert recordings.follows(recorded, remade, 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("kind", translation_studies.KINDS)
def test_a_short_remake_of_the_translator_follows_its_recording(kind):
    pytest.importorskip("keras")
    rows = []
    translation_studies.train(kind, watch=lambda *row: rows.append(row[:2]), stop=25, jit=False)
    (step, losses), = rows
    remade = {"steps": [step], "loss": [[np.mean(losses[::2]), np.mean(losses[1::2])]]}
    assert recordings.follows(f"transformer_translation_{kind}", remade, 0.05)


@pytest.mark.slow
def test_a_short_remake_of_the_writer_follows_its_recording():
    pytest.importorskip("keras")
    from course_utils.keras_tools import text_models

    texts, rows = text_models.unseen(100), []
    markup_transformer.train(watch=lambda step, model: rows.append(
        (step, markup_transformer.Writer(model.plain()).loss(texts))), stop=25)
    (step, loss), = rows
    assert recordings.follows("transformer_markup", {"steps": [step], "loss": [loss]}, 0.05)
