"""The palette is safe, the sizes are readable, and every shown picture carries its words."""

import base64
import io
import itertools
import tracemalloc

import numpy as np
import pytest
from matplotlib.image import AxesImage
from PIL import Image

from course_utils.visuals import style
from course_utils.visuals.painter import AT_ONCE, Painter, cells, encode_png
from course_utils.visuals.typed import typed

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009:
# the matrices for full severity, on linear RGB.
SEEN_BY = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "all cones": np.eye(3),
}


def linear(color):
    """Linear RGB of a color "#rrggbb"."""
    channels = np.array([int(color[i:i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE Lab (D65) of linear RGB; a distance of about 2 is the least that a trained eye sees."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, two, eye):
    return np.linalg.norm(lab(np.array(SEEN_BY[eye]) @ linear(one)) - lab(np.array(SEEN_BY[eye]) @ linear(two)))


def contrast_on_white(color):
    return 1.05 / (linear(color) @ [0.2126, 0.7152, 0.0722] + 0.05)


@pytest.mark.parametrize("eye", SEEN_BY)
def test_class_colors_stay_far_apart(eye):
    assert distance(*style.CLASS_COLORS, eye) > 40


@pytest.mark.parametrize("eye", ["deuteranopia", "protanopia", "all cones"])
def test_line_colors_stay_apart(eye):
    colors = [entry["color"] for entry in style.SETTINGS["axes.prop_cycle"]]
    assert min(distance(a, b, eye) for a, b in itertools.combinations(colors, 2)) > 10


def test_the_measure_tells_a_bad_pair():
    assert distance("#d62728", "#5f8a1c", "deuteranopia") < 20 < distance("#d62728", "#5f8a1c", "all cones")


def test_lines_differ_in_dashes_and_classes_in_shape_too():
    dashes = [entry["linestyle"] for entry in style.SETTINGS["axes.prop_cycle"]]
    assert len({str(dash) for dash in dashes}) == len(dashes)
    assert len(set(style.CLASS_MARKERS)) == len(style.CLASS_COLORS) == 2


@pytest.mark.parametrize("name", ["ink", "grey", "blue", "vermillion"])
def test_text_colors_have_contrast(name):
    assert contrast_on_white(style.COLORS[name]) >= 4.5


@pytest.mark.parametrize("eye", ["deuteranopia", "protanopia", "all cones"])
def test_points_stay_visible_on_their_own_field(eye):
    for end, color in zip((0.0, 1.0), style.CLASS_COLORS, strict=True):
        field = "#" + "".join(f"{round(255 * channel):02x}" for channel in style.FIELD(end)[:3])
        assert distance(field, color, eye) > 10


def test_text_is_large_enough_at_projector_size():
    fig, axes = style.figure()
    axes.set(xlabel="x", title="t")
    pixels = fig.dpi / 72
    assert axes.xaxis.label.get_size() * pixels >= 18
    assert axes.get_xticklabels()[0].get_size() * pixels >= 15
    assert axes.title.get_size() * pixels >= 18
    assert axes.plot([0, 1])[0].get_linewidth() >= 2.5
    assert tuple(fig.get_size_inches() * fig.dpi) == (760, 430)
    assert fig.get_facecolor() == (1, 1, 1, 1)


def test_figure_gives_axes_in_the_asked_shape():
    import matplotlib.pyplot as plt

    assert style.figure(2, 3)[1].shape == (2, 3)
    assert style.figure(1, 2, sharey=True)[1].shape == (2,)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(("arguments", "part"), [
    ({"rows": 0}, "rows is 0"), ({"cols": "2"}, "cols is '2'"), ({"rows": True}, "rows is True"),
    ({"size": 7}, "size is 7"), ({"size": (0, 3)}, "size is (0, 3)"), ({"size": ("a", 3)}, "size is ('a', 3)"),
])
def test_figure_refuses_in_one_sentence(arguments, part):
    with pytest.raises(ValueError, match="figure: ") as error:
        style.figure(**arguments)
    assert part in str(error.value) and "\n" not in str(error.value)


def drawn():
    fig, axes = style.figure()
    axes.plot([0, 1, 2], [1, 3, 2], label="E")
    axes.set(xlabel="epoch", ylabel="loss", title="learning")
    axes.legend()
    return fig, axes


def test_show_carries_picture_words_and_alt_text():
    fig, _ = drawn()
    data, metadata = style.show(fig, "The loss η rises,\n then falls.")._repr_mimebundle_()
    assert data["text/plain"] == "The loss η rises, then falls."
    assert metadata["image/png"] == {"alt": "The loss η rises, then falls.", "width": 760, "height": 430}
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.size == (760, 430)
    assert image.text == {"Description": "The loss η rises, then falls."}  # and no Software, no date


@pytest.mark.parametrize("words", ["", "  ", None, 3])
def test_show_wants_words(words):
    with pytest.raises(ValueError, match="words is"):
        style.show(drawn()[0], words)


def test_show_wants_a_figure():
    with pytest.raises(TypeError, match="fig is tuple"):
        style.show(drawn(), "words")


def test_same_picture_same_bytes():
    assert style.show(drawn()[0], "w").png == style.show(drawn()[0], "w").png


def test_encode_png_keeps_every_pixel():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encode_png(pixels, "η")))), pixels[:, :, :3])


def drawn_plainly(fig):
    """What Matplotlib paints by itself."""
    for artist in fig.findobj():
        artist.set_animated(False)
    fig.canvas.draw()
    return np.asarray(fig.canvas.buffer_rgba())[:, :, :3]


def painted(painter):
    return np.asarray(Image.open(io.BytesIO(painter.png())))


@pytest.mark.parametrize("change", [
    lambda axes, line: line.set_data([0, 1, 2], [2, 1, 1]),
    lambda axes, line: axes.set_title("another title"),
    lambda axes, line: axes.set_title(""),
    lambda axes, line: axes.set_xlim(0, 1000),
    lambda axes, line: axes.set_ylabel("a longer label"),
    lambda axes, line: axes.set_xticks([0, 2], ["left", "right"]),
    lambda axes, line: axes.plot([0, 2], [1, 1]),
    lambda axes, line: line.remove(),
    lambda axes, line: axes.set_yscale("log"),
    lambda axes, line: axes.tick_params(labelsize=20),
    lambda axes, line: axes.grid(True),
    lambda axes, line: axes.figure.suptitle("above"),
    lambda axes, line: axes.figure.set_size_inches(5, 4),
    lambda axes, line: axes.imshow(np.eye(3), cmap=style.FIELD, alpha=0.5),
    lambda axes, line: axes.axis("off"),
    lambda axes, line: axes.set_visible(False),
    lambda axes, line: axes.twinx().plot([3, 1, 2], "-."),
    lambda axes, line: axes.spines[:].set_visible(False),
])
def test_painter_paints_what_matplotlib_would(change):
    fig, axes = drawn()
    painter = Painter(fig)
    painter.png()
    change(axes, axes.lines[0])
    now = painted(painter)
    expected = drawn_plainly(fig)
    assert now.shape == expected.shape
    assert np.abs(now.astype(int) - expected).max() <= 8


def panels():
    """A curve with a legend, an image, and points with a text, each in axes of its own."""
    fig, axes = style.figure(1, 3, size=(9, 3))
    parts = {"line": axes[0].plot([0, 1, 2], [1, 3, 2], label="E")[0], "legend": axes[0].legend(),
             "image": axes[1].imshow(np.eye(4)), "points": axes[2].scatter([1, 2], [2, 1]),
             "text": axes[2].text(1, 1, "a")}
    axes[1].set_title("one")
    fig.set_layout_engine("none")  # laid out a second time, as drawn_plainly does, an image moves by some pixels
    return fig, parts


@pytest.mark.parametrize(("change", "resting"), [
    (lambda parts, k: parts["line"].set_ydata([3, k, 2]), {1, 2}),
    (lambda parts, k: parts["image"].set_data(np.roll(np.eye(4), k, axis=1)), {0, 2}),
    (lambda parts, k: parts["image"].axes.set_title(f"number {k}"), {0, 2}),
    (lambda parts, k: parts["text"].set_text(str(k)), {0, 1}),
    (lambda parts, k: parts["points"].set_visible(k != 1), {0, 1}),
    (lambda parts, k: parts["legend"].get_texts()[0].set_text(str(k)), {1, 2}),
    (lambda parts, k: parts["image"].axes.arrow(0, 0, k, k), {0, 2}),
    (lambda parts, k: parts["image"].axes.annotate("b", (k, 1)), set()),
    (lambda parts, k: parts["line"].set_clip_on(False), {1, 2}),
])
def test_painter_paints_only_the_axes_where_something_changed(change, resting):
    fig, parts = panels()
    painter = Painter(fig)
    painter.png()
    for k in (1, 2, 1):
        change(parts, k)
        now = painted(painter)
        assert painter._resting in (frozenset(), resting), "nothing rests where the frame was painted anew"
        again = Painter(fig)
        assert np.array_equal(now, painted(again))
        fig._painted_by = painter


def arrow_of(text):
    """The annotation in the axes of a text."""
    return next(one for one in text.axes.texts if one is not text)


@pytest.mark.parametrize("change", [
    lambda legend, text: None,
    lambda legend, text: legend.get_texts()[0].set_text("another name"),
    lambda legend, text: legend.legend_handles[0].set_color("black"),
    lambda legend, text: legend.set_visible(False),
    lambda legend, text: text.set_position((1.5, 1.5)),
    lambda legend, text: text.set_color("black"),
    lambda legend, text: text.set_text(""),
    lambda legend, text: text.axes.set_xlim(-1, 4),
    lambda legend, text: text.axes.legend(loc="lower left"),
    lambda legend, text: setattr(arrow_of(text), "xy", (0.5, 2.5)),
    lambda legend, text: arrow_of(text).set_position((0.5, 2.5)),
    lambda legend, text: arrow_of(text).arrow_patch.set_color("black"),
])
def test_legends_and_texts_that_rest_are_stamped_and_follow_each_change(change):
    fig, axes = drawn()
    legend, text = axes.legend(loc="upper right"), axes.text(1, 1.5, "α² stays", rotation=30)
    axes.annotate("here", (1, 3), (0.2, 2), arrowprops={"arrowstyle": "->"})
    painter = Painter(fig)
    for k in range(3):
        axes.lines[0].set_ydata([0, k, 2])
        painter.png()
    assert {legend, text, arrow_of(text)} <= set(painter._stamps), "what looked the same twice is kept"
    change(legend, text)
    for k in (2, 1):
        axes.lines[0].set_ydata([0, k, 2])
        assert np.abs(painted(painter).astype(int) - drawn_plainly(fig)).max() <= 8


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_limits_that_change_again_and_again_are_painted_without_a_new_frame(scale):
    fig, axes = style.figure(1, 2, size=(8, 4))
    for one in axes:
        one.plot([1, 2, 3], [1, 3, 2])
    axes[0].text(2, 2, "stands at (2, 2)")
    axes[0].annotate("at (1, 1)", (1, 1))
    axes[0].set_yscale(scale)
    painter, frames = Painter(fig), []
    for limits in ((1, 4), (1, 6), (2, 7), (1, 6), (1, 7000)):
        axes[0].set_ylim(limits)
        now, _ = painted(painter), frames.append(painter._background)
        fig.set_layout_engine("none")
        assert np.abs(now.astype(int) - drawn_plainly(fig)).max() <= 8, limits
        fig.set_layout_engine("constrained")
    first, loose, *same, longer = frames
    assert first is not loose and all(one is loose for one in same), "no new frame"
    assert scale == "log" or longer is not loose, "numbers that need more room are given it"


def test_limits_that_change_the_size_of_the_axes_lay_the_figure_out_again():
    fig, axes = style.figure(1, 2, size=(8, 4))
    axes[0].imshow(np.eye(4))
    axes[1].plot([1, 2])
    painter = Painter(fig)
    for high in (3.5, 7.5, 1.5, 3.5):
        axes[0].set_ylim(high, -0.5)
        assert np.abs(painted(painter).astype(int) - drawn_plainly(fig)).max() <= 8
    assert not painter._loose


def test_axes_beside_those_with_other_limits_rest():
    fig, parts = panels()
    painter = Painter(fig)
    for k in (1, 2, 3, 4):
        parts["points"].axes.set_xlim(0, 50 + k)
        painter.png()
    assert painter._resting == {0, 1}


def test_many_stamped_texts_take_little_memory():
    fig, axes = style.figure(size=(9, 4))
    for k in range(100):
        axes.text(k / 100, 0.5, "a")
    painter = Painter(fig)
    tracemalloc.start()
    painter.png(), painter.png()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sheets = {id(text._renderer) for text in axes.texts}
    assert len(painter._stamps) == 100 and len(sheets) <= 2 and kept < 3e6


def test_a_figure_out_of_use_gives_its_layers_back_and_is_painted_again_alike():
    figures = [drawn() for _ in range(AT_ONCE + 1)]
    figures[0][0].colorbar(figures[0][1].imshow(np.eye(3)), ax=figures[0][1]).ax.set_yticks([0, 1], ["shut", "open"])
    figures[0][1].set_title("with a bar: laid out again, all would move by a tenth of a pixel")
    painters = [Painter(fig) for fig, _ in figures]
    before = painted(painters[0])
    for painter in painters[1:]:
        painter.png()
    assert painters[0]._background is None and painters[1]._background is not None
    assert np.array_equal(before, painted(painters[0])) and painters[1]._background is None


def test_an_image_becomes_even_cells_only_while_it_is_coarse():
    fig, axes = style.figure(size=(5, 4))
    image = axes.imshow(np.eye(4))
    painter = Painter(fig)
    for values in (np.eye(4)[::-1], np.random.default_rng(0).random((300, 300)), np.eye(5)):
        image.set_data(values)
        found = np.abs(painted(painter).astype(int) - drawn_plainly(fig)).max(axis=2)
        assert type(image) is AxesImage and np.mean(found <= 2) > 0.98, "but for the pixels where two cells meet"


def test_a_second_painter_of_a_figure_does_not_deceive_the_first():
    fig, axes = style.figure(1, 2)
    line, _ = axes[0].plot([0, 1], [0, 1])[0], axes[1].plot([0, 1])
    first = Painter(fig)
    first.png(), first.png()
    line.set_ydata([1, 0])
    style.show(fig, "turned")
    assert np.abs(painted(first).astype(int) - drawn_plainly(fig)).max() <= 8


@pytest.mark.parametrize("options", [
    {}, {"extent": (0, 1, 1, 0)}, {"origin": "lower"}, {"alpha": 0.3}, {"cmap": "gray"},
])
def test_cells_are_what_imshow_paints(options):
    values = np.random.default_rng(0).random((7, 9))
    pictures = []
    for make in (cells, lambda image: image):
        fig, axes = style.figure(size=(5, 4))
        make(axes.imshow(values, interpolation="nearest", **options))
        axes.set(xlim=axes.get_xlim()[::-1]) if options.get("cmap") else None
        pictures.append(painted(Painter(fig)).astype(int))
    one, two = pictures
    assert np.mean(np.abs(one - two).max(axis=2) <= 2) > 0.98, "but for the pixels where two cells meet"


def test_cells_outside_of_the_axes_are_not_painted():
    fig, axes = style.figure()
    cells(axes.imshow(np.eye(3)))
    axes.set(xlim=(10, 11), ylim=(10, 11))
    assert np.abs(painted(Painter(fig)).astype(int) - drawn_plainly(fig)).max() <= 8


def test_minus_signs_stand_in_front_of_numbers_only():
    told = style.minus("a 2-3-1 net: w = (-0.5, -.3), 1e-06, Grad-CAM, 4·(-1)")
    assert told == "a 2-3-1 net: w = (−0.5, −.3), 1e−06, Grad-CAM, 4·(−1)"


@pytest.mark.parametrize("options", [
    {"va": "top"}, {"va": "center", "ha": "center"}, {"va": "bottom", "ha": "right", "fontsize": 19},
    {"va": "top", "color": style.COLORS["vermillion"], "fontsize": 11.3},
])
@pytest.mark.parametrize("words", ["<a>cat␣dog</a>", "one line\nand gjq\n\n«η»  end", ""])
def test_typed_texts_are_what_matplotlib_writes_but_for_a_few_pixels(options, words):
    found = []
    for write in (typed, lambda axes, *place, **options: axes.text(*place, family="monospace", **options)):
        fig, axes = style.figure(size=(5, 3))
        axes.set_axis_off()
        fig.set_layout_engine("none")
        write(axes, 0.5, 0.5, words, **({"fontsize": 14} | options))
        ink = 255.0 - painted(Painter(fig))
        edges = [np.flatnonzero(ink.sum(axis=(2, axis)) > 30)[[0, -1]] for axis in (0, 1)] if ink.any() else []
        found.append((ink.sum(axis=(0, 1)), np.ravel(edges)))
    (own, at), (other, there) = found
    assert np.allclose(own, other, rtol=0.03)
    if words:  # the font's hints make Matplotlib's steps from sign to sign a little longer or shorter
        assert np.abs(at - there)[2:].max() <= 3 and np.abs(at - there)[:2].max() <= 0.06 * np.ptp(there[:2])
    assert (own.max() > 0) == bool(words)


def test_a_typed_text_follows_each_change_and_other_canvases_get_matplotlibs_own():
    fig, axes = style.figure(size=(5, 3))
    text = typed(axes, 0.2, 0.5, "abc")
    painter, seen = Painter(fig), set()
    for change in ({}, {"text": "abd"}, {"fontsize": 20}, {"color": "blue"}, {"x": 0.4}, {"visible": False}):
        text.set(**change)
        seen.add(painter.png())
    assert len(seen) == 6
    text.set_visible(True)
    pdf = io.BytesIO()
    fig.savefig(pdf, format="pdf")
    assert pdf.getvalue().startswith(b"%PDF")
