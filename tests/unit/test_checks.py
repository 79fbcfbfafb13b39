"""The input checks: what they let through, what they refuse, and that the sentence helps."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.from_scratch._checks import all_finite, checked, describe, numbers, one_of, real, whole


def one_weight_per_feature(inputs, weights):
    if inputs.shape[-1] != weights.shape[0]:
        return f"weights has shape {weights.shape}, but inputs has {inputs.shape[-1]} features: give one each."


@checked(one_weight_per_feature, inputs=numbers(1, 2), weights=numbers(1), bias=real(), steps=whole(1, 5))
def neuron(inputs, weights, bias=0.0, steps=1):
    """A docstring."""
    return inputs @ weights + bias


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (True, "True"),
        ("abc", "the text 'abc'"),
        ("", "an empty text"),
        (3, "3"),
        (2.0, "2.0"),
        (float("nan"), "nan"),
        (1 / 3, "0.333333"),
        (np.zeros((3, 2)), "an array of shape (3, 2)"),
        (np.array(["a", "b"]), "an array of texts of shape (2,)"),
        (np.zeros((0, 2)), "an empty array of shape (0, 2)"),
        ([], "an empty list"),
        ([1], "a list of 1 value"),
        ((1, 2), "a tuple of 2 values"),
        (np.exp, "the function exp"),
        (int, "the class int"),
        (re.compile("a"), "a Pattern"),
        (object(), "an object"),
    ],
)
def test_describe_says_what_came(value, words):
    assert describe(value) == words


def test_long_text_is_shortened():
    assert len(describe("x" * 1000)) < 60


def test_lists_become_float_arrays_and_float32_stays():
    seen = []

    @checked(x=numbers())
    def look(x):
        seen.append(x.dtype)

    for value in ([1, 2], np.array([1, 2], np.uint8), [True], np.ones(2, np.float32), np.ones(2, np.float16)):
        look(value)
    assert seen == [np.float64, np.float64, np.float64, np.float32, np.float64]


def test_a_good_array_is_passed_on_without_a_copy():
    x = np.ones(3)
    assert numbers(1)("f", "x", x) is x


BAD_CALLS = [
    (("abc", [1]), TypeError, "neuron: inputs is the text 'abc'"),
    ((None, [1]), TypeError, "neuron: inputs is None"),
    (([[1, 2], [3]], [1, 2]), ValueError, "neuron: inputs is a list of 2 values that does not form a regular array"),
    (([1j], [1]), TypeError, "neuron: inputs is a list of 1 value, but numbers are expected"),
    (([], [1]), ValueError, "neuron: inputs is an empty list"),
    ((3, [1]), ValueError, "neuron: inputs is the single number 3"),
    ((np.ones((2, 2, 2)), [1]), ValueError, "neuron: inputs has shape (2, 2, 2)"),
    (([1, np.nan], [1, 2]), ValueError, "neuron: inputs contains nan at position 1"),
    (([[1, 2], [-np.inf, 1]], [1, 2]), ValueError, "neuron: inputs contains -inf at position (1, 0)"),
    (([1, 2], [1, 2, 3]), ValueError, "neuron: weights has shape (3,), but inputs has 2 features"),
    (([1], [1], "0"), TypeError, "neuron: bias is the text '0'"),
    (([1], [1], True), TypeError, "neuron: bias is True"),
    (([1], [1], np.inf), ValueError, "neuron: bias is inf"),
    (([1], [1], 0.5, 2.0), TypeError, "neuron: steps is 2.0, but a whole number (at least 1 and at most 5)"),
    (([1], [1], 0.5, 0), ValueError, "neuron: steps is 0, but a whole number (at least 1 and at most 5)"),
    (([1], [1], 0.5, 6), ValueError, "neuron: steps is 6"),
    (([1],), TypeError, "neuron: missing a required argument: 'weights'"),
    (([1], [1], 0.5, 1, 7), TypeError, "neuron: too many positional arguments"),
]


@pytest.mark.parametrize(("arguments", "error", "start"), BAD_CALLS)
def test_every_bad_call_gets_one_sentence(arguments, error, start):
    with pytest.raises(error) as caught:
        neuron(*arguments)
    sentence = str(caught.value)
    assert sentence.startswith(start)
    assert sentence.endswith(".")
    assert ": " in sentence.removeprefix("neuron: ")  # after the second colon it says what to do
    assert "\n" not in sentence


def test_keywords_are_checked_too():
    with pytest.raises(TypeError, match="neuron: bias is the text"):
        neuron([1], weights=[1], bias="x")
    with pytest.raises(TypeError, match="neuron: got an unexpected keyword argument 'stride'"):
        neuron([1], [1], stride=[1])
    with pytest.raises(TypeError, match="neuron: multiple values for argument 'inputs'"):
        neuron([1], [1], inputs=[1])
    assert neuron(weights=[2], inputs=[3], bias=1) == 7


def test_a_default_is_not_checked_and_not_required():
    @checked(mask=numbers(2))
    def attend(mask=None):
        return mask

    assert attend() is None
    assert attend(None) is None
    with pytest.raises(ValueError, match="attend: mask has shape"):
        attend([1, 2])


def test_the_bare_function_and_its_words_are_kept():
    assert neuron.__doc__ == "A docstring."
    assert neuron.__name__ == "neuron"
    assert neuron.__wrapped__(np.ones(2), np.ones(2)) == 2


def test_methods_are_named_as_the_lesson_writes_them():
    class Net:
        @checked(size=whole(1))
        def __init__(self, size):
            self.size = size

        @checked(x=numbers(1))
        def forward(self, x):
            return x

    with pytest.raises(ValueError, match=r"^Net: size is 0"):
        Net(0)
    with pytest.raises(ValueError, match=r"^Net\.forward: x is an empty list"):
        Net(1).forward([])
    with pytest.raises(TypeError, match=r"call it as Net\.forward\(x\)"):
        Net(1).forward()


def test_one_of_lists_the_choices():
    rule = one_of("tanh", "relu", 1)
    assert rule("f", "x", "relu") == "relu"
    for bad in ("Relu", True, np.ones(2), None):
        with pytest.raises(ValueError, match="f: x is .*, but only 'tanh', 'relu', 1 are known here"):
            rule("f", "x", bad)


def test_the_ends_of_a_range():
    rule = real(minimum=0, below=1)
    assert rule("f", "x", 0) == 0.0
    assert rule("f", "x", np.array(0.5)) == 0.5
    for bad in (-0.001, 1, np.nan):
        with pytest.raises(ValueError, match=r"f: x is .*, but a number \(at least 0 and below 1\) is expected"):
            rule("f", "x", bad)
    with pytest.raises(ValueError, match="above 0"):
        real(above=0)("f", "rate", 0.0)


def test_a_rule_for_a_missing_argument_is_noticed_at_once():
    with pytest.raises(TypeError, match="look has no argument y"):

        @checked(y=numbers())
        def look(x):
            return x


@given(st.lists(st.floats(width=64), min_size=1, max_size=20))
def test_all_finite_agrees_with_numpy_on_any_numbers(values):
    array = np.array(values)
    assert all_finite(array) == np.isfinite(array).all()
