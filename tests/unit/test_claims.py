"""Claims hold or do not, are shown without flattery, and raise only where the tests ask for it."""

import json
import math

import numpy as np
import pytest

from course_utils.exercises import ClaimError, claim


@pytest.fixture
def shown(monkeypatch):
    """The lines that claims have displayed."""
    lines = []
    monkeypatch.setattr("IPython.display.display", lines.append)
    return lines


@pytest.fixture
def strict(monkeypatch):
    monkeypatch.setenv("COURSE_STRICT", "1")


@pytest.mark.parametrize(
    ("value", "bounds", "line"),
    [
        (0.983, {"at_least": 0.97}, "score 0.983 (claimed: at least 0.97)"),
        (np.float32(0.9), {"at_least": 0.9}, "score 0.9 (claimed: at least 0.9)"),
        (np.array(0.9), {"at_least": 0.9}, "score 0.9 (claimed: at least 0.9)"),
        (0.97, {"at_least": 0.97}, "score 0.97 (claimed: at least 0.97)"),
        (3, {"at_most": 3}, "score 3 (claimed: at most 3)"),
        (np.int64(1234567), {"equals": 1234567}, "score 1234567 (claimed: 1234567)"),
        (1234.5678, {"at_least": 2}, "score 1235 (claimed: at least 2)"),
        (98.7654, {"at_least": 2.0, "at_most": 100.0}, "score 98.8 (claimed: from 2 to 100)"),
        (0.00001234, {"at_most": 0.1}, "score 1.23e-05 (claimed: at most 0.1)"),
        (0.0, {"at_most": 0.1}, "score 0 (claimed: at most 0.1)"),
        (-0.5, {"at_most": 0}, "score -0.5 (claimed: at most 0)"),
        (0.25004, {"equals": 0.25, "within": 0.001}, "score 0.25 (claimed: 0.25, give or take 0.001)"),
        (True, {"equals": True}, "score True (claimed: True)"),
        (np.bool_(False), {"equals": False}, "score False (claimed: False)"),
        (math.inf, {"at_least": 1}, "score inf (claimed: at least 1)"),
    ],
)
def test_claims_that_hold(shown, strict, value, bounds, line):
    assert claim("score", value, **bounds) is None
    assert [str(one) for one in shown] == [line]
    assert shown[0]._repr_mimebundle_() == {"text/plain": line, "text/html": f"<div>{line}</div>"}


@pytest.mark.parametrize(
    ("value", "bounds", "number"),
    [
        (0.96999, {"at_least": 0.97}, "0.96999"),  # 0.970 would look as if it held
        (0.9, {"at_least": 0.97}, "0.9"),
        (10.004, {"at_most": 10}, "10.004"),
        (0.1 + 0.2, {"equals": 0.3}, "0.30000000000000004"),
        (0.2511, {"equals": 0.25, "within": 0.001}, "0.2511"),
        (2, {"at_least": 3, "at_most": 5}, "2"),
        (math.nan, {"at_least": 0}, "nan"),
        (np.float32("nan"), {"equals": 0, "within": 5}, "nan"),
        (math.inf, {"at_most": 1}, "inf"),
        (False, {"equals": True}, "False"),
    ],
)
def test_claims_that_do_not_hold(shown, monkeypatch, value, bounds, number):
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    claim("score", value, **bounds)
    line = str(shown[0])
    assert line.startswith(f"✗ score {number} (claimed: ")
    assert line.endswith(": does not hold")
    assert "✗" in shown[0]._repr_mimebundle_()["text/html"]
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(ClaimError, match="does not hold"):
        claim("score", value, **bounds)
    assert len(shown) == 2  # what came out is shown all the same


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("s", np.ones(2)), "value is an array of shape (2,), expected a single number"),
        (("s", "0.9"), "value is the text '0.9', expected a single number"),
        (("s", None), "value is None"),
        (("s", 1 + 2j), "value is"),
        (("s", 1, {}), "the bounds are none, expected at_least, at_most, both, or equals alone"),
        (("s", 1, {"at_least": 0, "equals": 1}), "the bounds are at_least and equals"),
        (("s", 1, {"at_least": 2, "at_most": 1}), "at_least is 2 and at_most is 1"),
        (("s", 1, {"at_least": math.nan}), "at_least is nan, expected a finite number"),
        (("s", 1, {"at_least": "0.9"}), "at_least is the text '0.9'"),
        (("s", 1, {"at_least": 0, "within": 0.1}), "within is 0.1, expected"),
        (("s", 1, {"equals": 0, "within": -0.1}), "within is -0.1, expected"),
        (("s", True, {"at_least": 1}), "value is True, expected"),
        (("s", 1, {"equals": True}), "value is 1, expected"),
        ((" ", 1), "name is"),
        ((3, 1), "name is 3"),
    ],
)
def test_bad_claims_are_refused_in_one_sentence(shown, arguments, words):
    name, value, *bounds = arguments
    with pytest.raises((ValueError, TypeError)) as caught:
        claim(name, value, **(bounds[0] if bounds else {"at_least": 0}))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert shown == []


def test_names_are_escaped(shown):
    claim("loss <b>", 1, equals=1)
    assert "loss &lt;b&gt;" in shown[0]._repr_mimebundle_()["text/html"]


def test_claims_are_written_to_the_journal(shown, monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    file = tmp_path / "journal.jsonl"
    monkeypatch.setenv("COURSE_JOURNAL", str(file))
    claim("a", np.float64(0.5), at_least=0.25, at_most=np.float32(0.9))
    claim("b", math.nan, equals=1, within=0.5)
    claim("c", np.bool_(True), equals=True)
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == [
        {"kind": "claim", "name": "a", "value": 0.5, "at_least": 0.25, "at_most": 0.9, "holds": True},
        {"kind": "claim", "name": "b", "value": "nan", "equals": 1, "within": 0.5, "holds": False},
        {"kind": "claim", "name": "c", "value": True, "equals": True, "holds": True},
    ]
