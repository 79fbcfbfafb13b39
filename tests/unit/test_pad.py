"""The drawing pad: what strokes give, what is told, and that a drawing can be fitted to the frame."""

import numpy as np
import pytest

from course_utils.visuals.pad import Pad

STROKE = np.array([[14.0, 6.0], [14.0, 22.0]])


def test_a_stroke_gives_soft_ink_where_it_went():
    pad = Pad("pad")
    pad.draw([STROKE])
    image = pad.array
    assert image.shape == (28, 28) and image.dtype == np.float32
    assert image.min() == 0 and image.max() == 1
    assert np.allclose(image, image[:, ::-1])  # drawn along the middle
    middle = image[14]
    assert middle[13] == 1 and 0 < middle[11] < middle[12] and middle[8] == 0
    assert image[:2].sum() == 0 and image[26:].sum() == 0 and image[4].sum() > 0


def test_a_thinner_pen_leaves_less_ink():
    thick, thin = Pad("a"), Pad("b", pen=1.3)
    thick.draw([STROKE])
    thin.draw([STROKE])
    assert thin.array.sum() < 0.7 * thick.array.sum()


def test_a_stroke_of_one_point_is_a_dot():
    pad = Pad("pad")
    pad.draw([[(14, 14)]])
    assert pad.array[13:15, 13:15].min() > 0.9
    assert pad.array.sum() < 30


def test_strokes_add_up_and_each_end_is_told():
    seen = []
    pad = Pad("pad", seen.append)
    pad.draw([STROKE, STROKE[:, ::-1]])
    assert len(seen) == 2
    assert np.allclose(seen[1], np.maximum(seen[0], seen[0].T))
    pad.clear()
    assert len(seen) == 3 and not seen[2].any()


def test_what_the_browser_draws_arrives_like_that():
    seen = []
    pad = Pad("pad", seen.append)
    ink = np.linspace(0, 1, 784, dtype="<f4")
    message = {"kind": "ink", "final": True, "view": "v1", "seq": 1}
    pad.widget._handle_custom_msg(message, [memoryview(ink.tobytes())])
    assert np.array_equal(pad.array.ravel(), ink)
    assert pad.widget.image["from"] == "v1"  # so the view that drew it does not load it again
    assert np.array_equal(seen[0], pad.array)


def test_array_is_a_copy_and_fill_does_not_call():
    seen = []
    pad = Pad("pad", seen.append)
    pad.fill(np.full((28, 28), 255, np.uint8))
    pad.array[:] = 0
    assert pad.array.min() == 1 and seen == []
    assert pad.widget.image["from"] == "kernel"
    assert pad.words() == "Ink on 100% of the pad."


def test_fitted_moves_and_enlarges():
    pad = Pad("pad")
    pad.draw([[(4, 4), (8, 4)], [(4, 4), (4, 10)]])
    rows, cols = np.nonzero(pad.fitted() > 0.25)
    assert rows.max() - rows.min() >= 23
    assert abs((rows.min() + rows.max()) / 2 - 13.5) <= 1 and abs((cols.min() + cols.max()) / 2 - 13.5) <= 1
    assert not Pad("empty").fitted().any()


def test_static_form():
    pad = Pad("pad")
    assert pad._repr_mimebundle_()[0]["text/plain"] == "pad: The pad is empty."
    empty = pad.png()
    pad.draw([STROKE])
    assert pad.png() != empty


@pytest.mark.parametrize("act", [
    lambda: Pad("pad").fill(np.zeros((8, 8))),
    lambda: Pad("pad").fill(np.full((28, 28), 2.0)),
    lambda: Pad("pad").fill(np.full((28, 28), np.nan)),
    lambda: Pad("pad").draw([]),
    lambda: Pad("pad").draw([[1, 2, 3]]),
    lambda: Pad("pad", pen=0),
    lambda: Pad(None),
])  # fmt: skip
def test_bad_input_is_refused_in_one_sentence(act):
    with pytest.raises(ValueError, match=r"expected: [^.]+.*\.$"):
        act()
