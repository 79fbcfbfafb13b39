"""Lesson 06: its figures, their bad input in words, and what the recordings must keep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.datasets import recordings
from course_utils.from_scratch.attention import causal_mask, multi_head_attention, positional_encoding
from course_utils.from_scratch.neuron import softmax
from course_utils.visuals import attention, interactive
from course_utils.visuals import attention_heads as heads


@pytest.fixture(autouse=True)
def no_figures_left():
    interactive.close_all()
    yield
    interactive.close_all()


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_three_words_say_the_numbers_of_the_formula_and_follow_the_hand():
    shown = attention.three_words()
    assert "weight 0.867" in shown.words and "Output: 18.99" in shown.words
    shown.plane.drag("q", 0, 0)
    assert shown.words.count("weight 0.333") == 3 and "Output: 20.00" in shown.words
    shown.plane.drag("q", 0, 2)
    shown.set(big=40)
    keys, values = np.array(attention.KEYS), np.array([40, 20, 30])
    assert f"Output: {softmax(keys @ [0.0, 2.0]) @ values:.2f}" in shown.words
    shown.plane.drag("dog", 0, 2)
    assert "dog (0, 2) gives 4.00" in shown.words


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 500), st.integers(2, 6))
def test_entropy_is_what_a_loop_finds(seed, keys):
    rows = np.random.default_rng(seed).dirichlet(np.full(keys, 0.3), 3)
    rows[0] = np.eye(keys)[0]
    for row, bits in zip(rows, attention.entropy(rows), strict=True):
        assert np.isclose(bits, sum(-w * np.log2(w) for w in row if w > 0))
    assert np.isclose(attention.entropy(np.full(keys, 1 / keys)), np.log2(keys))


def test_the_spread_of_scores_is_the_root_of_the_width():
    for width in (1, 16, 256):
        assert np.isclose(attention.random_scores(width).std() / np.sqrt(width), 1, atol=0.03)
    shown = attention.root_of_d()
    bits = {}
    for kind in attention.DIVISORS:
        shown.set(scores_are=kind, power=8)
        bits[kind] = float(shown.words.split("weights is ")[1].split(" bits")[0])
    assert bits["as they are"] < 0.5 < 3 < bits["divided by √d"] < 3.6 < 3.95 < bits["divided by d"]


def test_a_click_shuts_a_pair_and_a_row_of_shut_pairs_gets_a_sentence():
    shown = attention.masks()
    shown.set(chosen="nobody looks ahead")
    assert "10 of 25 pairs are shut" in shown.words and "“barks”" not in shown.words
    shown.grid.click(0, 0)
    assert "11 of 25" in shown.words and "mask is False in all of row 0" in shown.words
    assert (shown.grid._values[0] == 0).all() and np.allclose(shown.grid._values[1:].sum(axis=1), 1)
    shown.grid.click(0, 0)
    assert "refuses" not in shown.words
    for column in range(3):
        shown.grid.click(2, column)
    assert "can look nowhere" in shown.words
    shown.set(chosen="both")
    assert "refuses" not in shown.words, "another choice starts afresh"
    weights = shown.grid._values
    assert (weights[~(causal_mask(5) & (np.arange(5) < 4))] == 0).all() and np.allclose(weights.sum(axis=1), 1)


# --- positions and heads ---------------------------------------------------------------------------------------------


@given(st.integers(1, 200))
def test_one_fixed_matrix_goes_one_place_back_everywhere(place):
    table = positional_encoding(place + 1, heads.PLACES)
    np.testing.assert_allclose(table[place] @ heads.one_back(), table[place - 1], atol=1e-12)


def test_the_heads_set_by_hand_do_what_they_are_said_to_do():
    words = heads.read_words("The small dog chases a red bird")
    weights = {on: multi_head_attention(x, x, heads.hand_made_heads())[1]
               for on in (True, False) for x in [heads.word_vectors(words, on)]}
    assert (np.diag(weights[True][0], -1) > 0.9).all(), "one place back"
    assert weights[True][1, 2].argmax() == 1 and weights[True][1, 6].argmax() == 5, "noun to the adjective before it"
    assert weights[True][2, 3].argmax() == 2, "verb to the noun before it"
    assert np.allclose(weights[False][0], 1 / 7), "without positions all places are the same"
    assert np.allclose(weights[False][1, 2, [1, 5]], 0.5, atol=0.01), "without positions both adjectives are the same"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [("", "The sentence is empty"), ("the dog " * 5, "10 words, but the window holds 8: leave 2 out"),
     ("the dog flies", "The word “flies” is unknown: use the, a"), ("x" * 60, "…” is unknown")],
)
def test_a_sentence_it_cannot_read_gets_a_sentence(sentence, words):
    with pytest.raises(ValueError, match=words) as caught:
        heads.read_words(sentence)
    assert "\n" not in str(caught.value)
    shown = heads.heads()
    before = shown.png()
    shown.set(sentence=sentence)
    assert words in shown.words and "still shows the sentence before" in shown.words
    assert shown.png() == before


# --- blocks and sizes ------------------------------------------------------------------------------------------------


def test_towers_do_what_the_lesson_says():
    mean = {key: np.mean([heads.tower(*key, seed) for seed in range(3)], axis=0)
            for key in ((False, True), (True, True), (True, False), (False, False))}
    assert mean[False, True][1, 3] > 0.99 > 0.7 > mean[True, True][1, 3]
    assert np.allclose(mean[True, True][0, 1:], 1) and mean[True, False][0, 24] > 1000
    assert mean[False, False][0, 24] < 1e-3


@pytest.mark.keras
def test_the_weights_counted_are_those_of_keras_layers():
    from course_utils.keras_tools.quiet import import_keras

    keras = import_keras() or __import__("keras")
    width, inner, vocabulary, x = 8, 12, 11, np.ones((1, 3, 8), "float32")

    def size(*made):
        return sum(layer.count_params() for layer in made)

    def attention_layer():
        layer = keras.layers.MultiHeadAttention(2, 4, use_bias=False)
        layer(x, x)
        return layer

    def built(layer, shape=(None, 3, width)):
        layer.build(shape)
        return layer

    def dense():
        return [built(keras.layers.Dense(inner)), built(keras.layers.Dense(width), (None, 3, inner))]

    def norm():
        return built(keras.layers.LayerNormalization())

    encoder = size(attention_layer(), *dense(), norm(), norm())
    decoder = size(attention_layer(), attention_layer(), *dense(), norm(), norm(), norm())
    table = size(built(keras.layers.Embedding(vocabulary, width), (None, 3)))
    assert sum(heads.parameter_parts(2, width, inner, vocabulary).values()) == 2 * (encoder + decoder) + table


def test_every_control_of_the_figures_without_recordings_works():
    made = [attention.three_words(), attention.root_of_d(), attention.masks(), attention.positions(), heads.heads(),
            heads.tower_of_blocks(), heads.parameter_counter()]
    rows = interactive.drive_all()
    assert {row[0] for row in rows} == {figure.name for figure in made}
    made[-1].set(model="big")
    assert "214.2 million" in made[-1].words and "16 heads" in made[-1].words


# --- trained networks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "words"),
    [("1000000", "The number 1,000,000 is outside the range: type one from 0 to 999,999"),
     ("-3", "The number −3 is outside the range"), ("9" * 400, "of 400 digits is outside the range"),
     (" ", "Nothing is typed"), ("null" * 20, "text has 80 letters, but the window holds"),
     ("quark", "text holds 'q', which is in no German number word")],
)
def test_an_entry_it_cannot_translate_gets_a_sentence(entry, words):
    from course_utils.keras_tools import translation
    from course_utils.visuals import attention_studies as studies

    class Quick(translation.Translator):  # untrained: it would write to the end of the window
        def translate(self, texts, to="english", gates=None, hide=None):
            translation.source_codes(texts)
            return ["one"] * len(texts)

    shown = studies.cross_map(Quick(translation.new_weights()))
    assert "is translated as “one”; right would be “seven hundred fifty-four”" in shown.words
    shown.set(entry=entry)
    assert words in shown.words and "still shows the entry before" in shown.words
    shown.set(entry="21", covered=True)
    assert "With the letters of the ones covered" in shown.words
    shown.set(entry="20")
    assert "Nothing can be covered here" in shown.words
    shown.set(entry="einundzwanzig")
    assert "right would be “twenty-one”. With the letters of the ones covered" in shown.words
    for entry in ("hund", "hunderteins", "dreissig"):
        shown.set(entry=entry)
        assert "no number word as the course spells them" in shown.words
        assert "which is right" not in shown.words


def test_what_the_lesson_says_of_the_translators_holds():
    runs = {kind: recordings.read(f"transformer_translation_{kind}").arrays
            for kind in ("LSTM", "attention", "transformer")}
    one, back = (runs[kind]["by_letters"][:, 0] for kind in ("LSTM", "attention"))
    assert one[0] > one[-1], "the longer the word, the more has to go through the one vector"
    assert back[-1] > one[-1]
    assert all(run["floor"] < run["test_exact"][0] for run in runs.values() if run is runs["transformer"])
    from course_utils.keras_tools import translation

    for run in runs.values():
        assert translation.held_out(run["test"]).all(), "tested on numbers never trained on"


def test_the_copier_needs_both_layers():
    run = recordings.read("transformer_induction").arrays
    on = run["combinations"].reshape(16, 2, 2)
    accuracy = run["combination_accuracy"]
    one_layer_off = (on.sum(axis=2) == 0).any(axis=1)
    assert accuracy[one_layer_off].max() < 0.4 < 0.9 < accuracy[-1]


def test_the_heads_of_the_copier_can_be_switched_and_its_bad_texts_get_a_sentence():
    from course_utils.keras_tools import induction
    from course_utils.visuals import attention_studies as studies

    copier = induction.recorded()
    shown = studies.induction_heads(copier)
    best = float(shown.words.split("known: ")[1].split(". ")[0])
    shown.set(a=0.0, b=0.0)
    assert "Switched off: layer 1 head 1, layer 1 head 2" in shown.words
    assert float(shown.words.split("known: ")[1].split(". ")[0]) < best - 0.4
    for entry, words in (("", "empty"), ("a" * 33, "the window holds 32"), ("abz", "holds 'z'")):
        shown.set(entry=entry)
        assert words in shown.words and "still shows the text before" in shown.words


def test_every_control_of_the_figures_of_trained_networks_works():
    from course_utils.keras_tools import induction, markup_transformer, translation_studies
    from course_utils.visuals import attention_studies as studies

    runs = {kind: recordings.read(f"transformer_translation_{kind}") for kind in ("LSTM", "attention", "transformer")}
    made = [studies.comparison(runs), studies.cross_map(translation_studies.recorded()),
            studies.induction_heads(induction.recorded()), studies.next_letter(markup_transformer.recorded())]
    rows = interactive.drive_all()
    assert {row[0] for row in rows} == {figure.name for figure in made}
    made[3].set(temperature=1.0, top_k=1)
    assert "1 of 32 letters may come" in made[3].words
    made[3].set(entry="x" * 500)
    assert "the window holds" in made[3].words
