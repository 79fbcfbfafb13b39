"""The figures of lesson 06 that need no network: attention by hand, the root of d_k, masks, positions."""
import ipywidgets as widgets
import numpy as np

from course_utils.from_scratch.attention import causal_mask, positional_encoding, scaled_dot_product_attention
from course_utils.from_scratch.neuron import softmax

from . import style
from .canvas import Matrix, Plane
from .cnn_board import Board
from .interactive import InteractiveFigure, choice, slider
from .painter import Painter, encode_png
from .picture import Picture
from .style import minus

WORDS = ("big", "dog", "barks")
QUERY = (2.0, 0.0)
KEYS = ((0.0, 1.5), (1.0, 0.5), (-1.0, -0.5))
VALUES = (10, 20, 30)
LOOKS = (("orange", "///"), ("blue", ""), ("sky", "..."))


class PlaneAndPanel:
    """A plane to drag in and a Matplotlib figure that follows, side by side, as one picture of an InteractiveFigure."""

    def __init__(self, plane, figure):
        self._plane, self._figure, self._painter = plane, figure, Painter(figure)
        self._picture = Picture(width=round(figure.get_figwidth() * figure.dpi))
        self.widget = widgets.HBox([plane.widget, self._picture],
                                   layout={"flex_flow": "row wrap", "overflow": "visible"})
        self.foreseen = [plane.widget, self._picture]

    def look(self):
        """What plane and panel would show after a refresh, as dicts of their widgets' traits; nothing is sent."""
        return [*self._plane.look(), {"png": self._painter.png()}]

    def refresh(self):
        """Bring both up to date."""
        self._plane.refresh()
        self._picture.png = self._painter.png()

    def png(self):
        """Both in one picture."""
        setup = self._plane.widget.setup
        height = self._figure.get_figheight()
        left, axes = style.figure(size=(setup["width"] / 100, height))
        self._plane._paint(axes)
        sides = []
        for figure in (left, self._figure):
            Painter(figure).png()
            sides.append(np.asarray(figure.canvas.buffer_rgba())[:, :, :3].copy())
        return encode_png(np.hstack(sides), level=9)


def three_words():
    """Drag the query and the three keys, set the three values: every number of attention for one query, live."""
    places = {"q": np.array(QUERY), **{word: np.array(key) for word, key in zip(WORDS, KEYS, strict=True)}}

    def moved(key, x, y):
        places[key] = np.array([round(x, 1), round(y, 1)])
        shown.refresh()

    plane = Plane((-2.2, 2.9), (-2.2, 2.2), labels=("how much of a thing", "how much of a quality"),
                  name="Query and keys", width=300, height=390, on_drag=moved)
    figure, (table, bar) = style.figure(2, 1, size=(4.75, 3.9), height_ratios=(3, 1))
    table.axis("off")
    table.set(xlim=(0, 7.6), ylim=(-4.7, 0.7))
    columns = (2.5, 3.55, 4.75, 5.75, 6.4, 7.55)
    asked = table.text(0.0, 0.2, "", fontsize=11.5, weight="bold", color=style.COLORS["vermillion"])
    for x, title in zip(columns[1:], ("q·k", "exp", "w", "v", "w × v"), strict=True):
        table.text(x, 0.2, title, ha="right", weight="bold", fontsize=11.5)
    cells = []
    for row, word in enumerate((*WORDS, "sum")):
        y = -1.0 - row - 0.25 * (row == 3)
        table.text(0.0, y, word, fontsize=11.5, weight="bold")
        cells.append([table.text(x, y, "", ha="right", fontsize=11.2) for x in columns])
    table.plot([0, 7.5], [-3.55, -3.55], color=style.COLORS["grey"], linewidth=1.2, linestyle="-")
    bars = [bar.barh(0, 0.1, color=style.COLORS[color], hatch=hatch, edgecolor="white", linewidth=1)[0]
            for color, hatch in LOOKS]
    bar.set(xlim=(0, 1), ylim=(-0.5, 0.5), yticks=[], xticks=(0, 0.5, 1))
    bar.set_title("the weights", fontsize=12)
    inside = [bar.text(0, 0, word, ha="center", va="center", fontsize=12,
                       bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5}) for word in WORDS]

    def update(big, dog, barks):
        values = np.array([big, dog, barks], float)
        keys = np.array([places[word] for word in WORDS])
        scores = keys @ places["q"]
        powers, weights = np.exp(scores), softmax(scores)
        output = float(weights @ values)
        plane.arrow("q", (0, 0), places["q"], color="vermillion", width=4)
        plane.handle("q", places["q"], "query")
        for word, (color, _) in zip(WORDS, LOOKS, strict=True):
            plane.arrow(word, (0, 0), places[word], color=color)
            plane.handle(word, places[word], word)
        asked.set_text(minus(f"q = ({places['q'][0]:g}, {places['q'][1]:g})"))
        rows = [(f"{k[0]:g}, {k[1]:g}", f"{s:.2f}", f"{e:.4g}", f"{w:.3f}", f"{v:g}", f"{w * v:.2f}")
                for k, s, e, w, v in zip(keys, scores, powers, weights, values, strict=True)]
        rows.append(("", "", f"{powers.sum():.4g}", "1.000", "", f"{output:.2f}"))
        for row, numbers in zip(cells, rows, strict=True):
            for cell, number in zip(row, numbers, strict=True):
                cell.set_text(minus(number))
        starts = np.r_[0, np.cumsum(weights)[:-1]]
        for rectangle, name, start, weight in zip(bars, inside, starts, weights, strict=True):
            rectangle.set(x=start, width=weight)
            name.set_x(start + weight / 2)
            name.set_visible(weight > 0.12)
        told = ", ".join(f"{word} ({places[word][0]:g}, {places[word][1]:g}) gives {s:.2f} and weight {w:.3f}"
                         for word, s, w in zip(WORDS, scores, weights, strict=True))
        return minus(f"Query ({places['q'][0]:g}, {places['q'][1]:g}). {told}. Output: {output:.2f}, a mean of the "
                     f"values {big}, {dog} and {barks} with these weights.")

    shown = InteractiveFigure(PlaneAndPanel(plane, figure), update, name="Three words", controls={
        word: slider(f"value of “{word}”", 0, 40, value) for word, value in zip(WORDS, VALUES, strict=True)})
    shown.plane = plane
    return shown


WIDTHS = 2 ** np.arange(10)
DIVISORS = {"as they are": lambda d: 1.0, "divided by √d": np.sqrt, "divided by d": float}
SOME_KEYS = 16


def entropy(weights):
    """How spread each row of weights is, in bits: 0 if one takes all, log2(n) if all n are equal."""
    weights = np.asarray(weights, float)
    return -np.sum(weights * np.log2(np.where(weights > 0, weights, 1)), axis=-1)


def random_scores(width, queries=300, seed=0):
    """q·k for random queries and 16 random keys whose numbers have mean 0 and spread 1: an array (queries, 16)."""
    rng = np.random.default_rng(seed)
    return np.einsum("qd,qkd->qk", rng.normal(size=(queries, width)), rng.normal(size=(queries, SOME_KEYS, width)))


def root_of_d():
    """Scores, weights and entropy of random queries and keys of growing width, divided by nothing, √d or d."""
    scores = {int(d): random_scores(d) for d in WIDTHS}
    bits = {name: [entropy(softmax(scores[int(d)] / divide(d))).mean() for d in WIDTHS]
            for name, divide in DIVISORS.items()}
    figure, (left, middle, right) = style.figure(1, 3, size=(10.0, 4.0), width_ratios=(1, 1, 1.25))
    edges = np.linspace(-60, 60, 61)
    spread, = left.step([], [], where="mid", linestyle="-")
    left.set(title="300 × 16 scores", xlabel="score", xlim=(-60, 60), ylim=(0, 1.05), yticks=[])
    bars = middle.bar(range(1, SOME_KEYS + 1), np.zeros(SOME_KEYS), color=style.COLORS["blue"])
    middle.set(title="weights of one query", xlabel="keys, largest first", ylim=(0, 1.03), xticks=(1, 8, 16))
    for (name, values), marker in zip(bits.items(), "os^", strict=True):
        right.plot(WIDTHS, values, marker=marker, label=name)
    here, = right.plot([], [], "o", markersize=19, markerfacecolor="none", markeredgewidth=2.5,
                       color=style.COLORS["ink"])
    right.set(title="entropy of the weights, bits", xlabel="width d", xscale="log", ylim=(0, 4.6))
    right.set_xticks([1, 8, 64, 512], ["1", "8", "64", "512"])
    right.minorticks_off()
    right.legend(fontsize=10.5, loc="lower left")

    def update(power, scores_are):
        d = 2**power
        now = scores[d] / DIVISORS[scores_are](d)
        counts = np.histogram(np.clip(now, -59, 59), edges)[0]
        spread.set_data((edges[:-1] + edges[1:]) / 2, counts / counts.max())
        weights = np.sort(softmax(now)[3])[::-1]
        for bar, weight in zip(bars, weights, strict=True):
            bar.set_height(weight)
        here.set_data([d], [bits[scores_are][power]])
        return (f"Width {d}, scores {scores_are}: their spread is {now.std():.3g}. The largest weight of this query is "
                f"{weights[0]:.2f}. The mean entropy of the weights is {bits[scores_are][power]:.2f} bits, between 0 "
                "(one key takes all) and 4 (all 16 keys alike).")

    return InteractiveFigure(figure, update, name="The root of d", controls={
        "power": slider("width d is 2 to the power of", 0, 9, 6), "scores_are": choice("scores", list(DIVISORS))})


SENTENCE = ("the", "small", "dog", "barks", "‹pad›")
MASKS = {"everything is open": np.ones((5, 5), bool),
         "nobody looks ahead": causal_mask(5),
         "nobody looks at ‹pad›": np.tile(np.arange(5) < 4, (5, 1)),
         "both": causal_mask(5) & (np.arange(5) < 4)}


def masks(seed=4):
    """The weights of five words under a mask; a click on a cell shuts it or opens it again."""
    rng = np.random.default_rng(seed)
    q, k = rng.normal(size=(2, 5, 4))
    state = {"chosen": None, "mask": None}

    def clicked(row, col, shift):
        state["mask"][row, col] ^= True
        shown.refresh()

    grid = Matrix("Row: who asks. Column: who is looked at.", np.zeros((5, 5)), colors="ink", low=0, high=1.4, digits=2,
                  row_labels=SENTENCE, col_labels=SENTENCE, cell=74, labels=True, on_click=clicked)

    def update(chosen):
        if chosen != state["chosen"]:
            state.update(chosen=chosen, mask=MASKS[chosen].copy())
        mask, trouble = state["mask"], ""
        able = mask.any(axis=-1)
        try:
            weights = scaled_dot_product_attention(q, k, np.eye(5), mask)[1]
        except ValueError as error:
            trouble = f" The function refuses this mask. {error}"
            weights = scaled_dot_product_attention(q, k, np.eye(5), mask | ~able[:, None])[1] * able[:, None]
        grid.values(weights)
        for row, col in np.ndindex(5, 5):
            grid.mark(f"{row} {col}", None if mask[row, col] else row, col, color="vermillion")
        shut = np.sum(~mask)
        told = f"“{SENTENCE[2]}” looks at " + ", ".join(
            f"“{word}” {weight:.2f}" for word, weight, is_open in zip(SENTENCE, weights[2], mask[2], strict=True)
            if is_open) if able[2] else f"“{SENTENCE[2]}” can look nowhere"
        return f"{shut} of 25 pairs are shut (framed); their weight is 0. {told}.{trouble}"

    shown = InteractiveFigure(Board([grid]), update, name="Masks", controls={
        "chosen": choice("mask", list(MASKS), "nobody looks ahead")})
    shown.grid = grid
    return shown


LENGTH = 60


def positions():
    """The table of positional encodings, and how alike two positions are by the dot product of their rows."""
    figure, (left, right) = style.figure(1, 2, size=(10.0, 4.3), width_ratios=(1, 1.15))
    picture = left.imshow(np.zeros((LENGTH, 2)), cmap=style.FIELD, vmin=-1, vmax=1, aspect="auto",
                          extent=(0, 1, LENGTH - 0.5, -0.5), interpolation="nearest")
    frame = left.axhspan(-0.5, 0.5, fill=False, edgecolor=style.COLORS["vermillion"], linewidth=2.5)
    left.set(title="one row per position", xlabel="columns: fast waves to slow ones", ylabel="position", xticks=[])
    figure.colorbar(picture, ax=left, ticks=(-1, 0, 1), shrink=0.8)
    curve, = right.plot([], [], linestyle="-")
    spot, = right.plot([], [], "o", color=style.COLORS["vermillion"], markersize=11)
    right.set(title="dot product with the framed row", xlabel="position", ylabel="share of its largest value",
              xlim=(-1, LENGTH), ylim=(-0.5, 1.1))

    def update(position, width):
        table = positional_encoding(LENGTH, int(width))
        picture.set_data(table)
        frame.set_y(position - 0.5)
        alike = table @ table[position] / (int(width) / 2)
        curve.set_data(range(LENGTH), alike)
        spot.set_data([position], [alike[position]])
        near = alike[position + 1 if position < LENGTH - 1 else position - 1]
        far = alike[np.abs(np.arange(LENGTH) - position) > 5].max()
        return minus(f"Position {position}, {width} numbers wide: the row begins with "
                     + ", ".join(f"{number:.2f}" for number in table[position, :4])
                     + f". Its dot product with itself counts as 1; with a neighbor it is {near:.2f}, and more than "
                     f"five places away at most {far:.2f}.")

    return InteractiveFigure(figure, update, name="Positions", controls={
        "position": slider("position", 0, LENGTH - 1, 20),
        "width": choice("width of the encoding", ["4", "16", "64", "256"], "64")})
