"""The figures of lesson 05 in which a character model reads or writes: its gates, what it expects, how it learned."""

import numpy as np

from course_utils.from_scratch._checks import describe

from . import style
from .interactive import InteractiveFigure, choice, slider, text
from .painter import cells
from .style import minus
from .typed import ADVANCE, typed

COLUMNS = 44  # characters in sight at once
TOGETHER = 11  # of them in one text
EXAMPLE = "<list><item><a>cat dog</a></item><row><b>pig</b></row></list>"
GATES = {"forget gate f": "f", "input gate i": "i", "output gate o": "o", "cell state c": "cell"}


def _begin(text, position):
    """The first character in sight, so that the one at ``position`` (counted from 1) is."""
    return int(np.clip(position - COLUMNS // 2, 0, max(0, len(text) - COLUMNS)))


def _in_sight(text, begin):
    """The characters in sight, one for each column; a blank shows as an open box."""
    return list(text[begin:begin + COLUMNS].ljust(COLUMNS).replace(" ", "␣")) if len(text) > COLUMNS else \
        list(text.replace(" ", "␣").ljust(COLUMNS))


def _refused(trouble):
    return f"{trouble} (The picture below is the last one.)"


def _strip(axes, rows, **options):
    """An image with one column a character."""
    image = cells(axes.imshow(np.full((rows, COLUMNS), np.nan), aspect="auto", interpolation="nearest", **options))
    axes.set(yticks=[])
    return image


def _signs(axes, count, y, size):
    """``count`` single signs under an axes, at x = 0, 1, ...: artists that change more quickly than ticks do."""
    axes.set_xticks([])
    place = axes.get_xaxis_transform()
    return [typed(axes, x, y, "x", transform=place, fontsize=size, ha="center", va="top") for x in range(count)]


def _line_of_signs(axes, y):
    """The signs of a strip, in a few texts as wide as their columns."""
    signs = _signs(axes, COLUMNS // TOGETHER, y, 14)
    axes.figure.draw_without_rendering()  # only now is the axes as wide as it will be
    pixels = axes.get_window_extent().width / COLUMNS
    for k, sign in enumerate(signs):
        sign.set(x=k * TOGETHER + (TOGETHER - 1) / 2, fontsize=pixels * 72 / axes.figure.dpi / ADVANCE)
    return signs


def _write(signs, letters):
    together = len(letters) // len(signs)
    for k, sign in enumerate(signs):
        sign.set_text("".join(letters[k * together:(k + 1) * together]))


def _fit(values, begin):
    """Rows (rows, COLUMNS) of values (characters, rows) from ``begin`` on, NaN where the text has ended."""
    part = np.asarray(values, float)[begin:begin + COLUMNS].T
    return np.pad(part, ((0, 0), (0, COLUMNS - part.shape[1])), constant_values=np.nan)


def inspector(plain, cell=0, start=EXAMPLE):
    """What happens inside an LSTM while it reads the reader's text, character by character.

    Above: one gate (or the cell state) of all its cells; below: the three gates and the cell state of one cell, and
    how many elements are open. plain: a ``PlainModel`` of kind "lstm"; cell: the one shown first.
    """
    from course_utils.keras_tools.text_models import open_tags

    if getattr(plain, "kind", None) != "lstm":
        raise ValueError(f"inspector: plain is {describe(plain)}, but only an LSTM has these gates: give an LSTM.")
    units = len(plain.weights[1])
    figure, (top, middle, bottom) = style.figure(3, 1, size=(10.2, 6.2), height_ratios=(2.1, 1.1, 1.3))
    everything = _strip(top, units, cmap="cividis", vmin=0, vmax=1)
    gates = _strip(middle, 3, cmap="cividis", vmin=0, vmax=1)
    middle.set_yticks(range(3), ["forget f", "input i", "output o"])
    middle.set_xticks([])
    bar = figure.colorbar(gates, ax=middle, ticks=[0, 1], pad=0.01)
    bar.ax.set_yticklabels(["shut", "open"])
    figure.colorbar(everything, ax=top, pad=0.01)
    places = np.arange(COLUMNS)
    line, = bottom.step(places, np.zeros(COLUMNS), where="mid", color=style.COLORS["blue"], linestyle="-")
    opened, = bottom.step(places, np.zeros(COLUMNS), where="mid", color=style.COLORS["orange"], linestyle="--")
    bottom.set(xlim=(-0.5, COLUMNS - 0.5))
    top.set_xticks([])
    bottom.set(ylim=(-0.08, 1.08), yticks=[])
    # Numbers as texts: ticks would make every other cell a new frame, and that takes a quarter of a second.
    scale = [bottom.text(-0.008, 0, "−10", transform=bottom.get_yaxis_transform(), fontsize=13, ha="right", va="center")
             for _ in range(3)]
    zero = bottom.axhline(0, color=style.COLORS["grey"], linestyle=":", linewidth=1)
    signs = _line_of_signs(bottom, -0.06)
    marks = [axes.axvline(0, color=style.COLORS["ink"], linestyle=":", linewidth=2) for axes in (top, middle, bottom)]
    row, = top.plot([-0.5, COLUMNS - 0.5], [0, 0], color=style.COLORS["ink"], linestyle="-", linewidth=1)
    seen = {}

    def update(text, shown, cell, position):
        if seen.get("text") != text:
            try:
                seen["states"] = plain.states(text)
            except ValueError as trouble:
                return _refused(trouble)
            seen["text"] = text
        states = {name: values[1:] for name, values in seen["states"].items()}  # row 0 belongs to the mark before
        position = min(position, len(text))
        begin, name = _begin(text, position), GATES[shown]
        field = _fit(states[name], begin)
        everything.set_data(field)
        if seen.get("colors") != (text, name):  # a change here paints the color bar and the whole frame anew
            seen["colors"], size = (text, name), np.abs(states["cell"]).max()
            everything.set_cmap(style.FIELD if name == "cell" else "cividis")
            everything.set_clim(*((-size, size) if name == "cell" else (0, 1)))
        gates.set_data(_fit(np.stack([states[gate][:, cell] for gate in "fio"], axis=1), begin))
        depths = open_tags(text)
        reach = np.concatenate([states["cell"][:, cell], depths])  # of the whole text: it stays while one moves through
        low, high = min(np.floor(reach.min()), 0), max(np.ceil(reach.max()), 1)
        line.set_ydata((_fit(states["cell"][:, [cell]], begin)[0] - low) / (high - low))
        opened.set_ydata((_fit(depths[1:, None], begin)[0] - low) / (high - low))
        zero.set_ydata([-low / (high - low)] * 2)
        for number, value in zip(scale, (low, 0, high), strict=True):
            clear = value == 0 or abs(value) > 0.2 * (high - low)  # else it would cover the 0
            number.set(y=(value - low) / (high - low), text=minus(f"{value:g}") if clear else "")
        row.set_ydata([cell, cell])
        for mark in marks:
            mark.set_xdata([position - 1 - begin] * 2)
        top.set_title(f"{shown} of all {units} cells")
        middle.set_title(f"cell {cell}: its three gates")
        bottom.set_title(f"cell {cell}: its cell state (solid); number of open elements (dashed)")
        _write(signs, _in_sight(text, begin))
        now, depth = {gate: states[gate][position - 1, cell] for gate in ("f", "i", "o", "cell")}, depths[position]
        return minus(f"After character {position} of {len(text)}, {text[position - 1]!r}, cell {cell} has forget gate "
                     f"{now['f']:.2f}, input gate {now['i']:.2f}, output gate {now['o']:.2f} and cell state "
                     f"{now['cell']:.2f}; {depth} {'element is' if depth == 1 else 'elements are'} open.")

    return InteractiveFigure(figure, update, name="Gate inspector", controls={
        "text": text("your text", start), "shown": choice("above", list(GATES)),
        "cell": slider("cell", 0, units - 1, int(cell), 1),
        "position": slider("character", 1, 400, min(12, len(start)), 1)})


def next_character(plain, start="<list><item>cat do", position=None):
    """What the model expects after every character of the reader's text, and how the temperature changes it."""
    figure, (top, bottom) = style.figure(2, 1, size=(9.8, 4.7), height_ratios=(1, 5))
    strip = _strip(top, 1, cmap="cividis", vmin=0, vmax=1)
    bar = figure.colorbar(strip, ax=top, pad=0.01, ticks=[0, 1], aspect=6)
    bar.ax.set_yticklabels(["0", "1"])
    mark = top.axvline(0, color=style.COLORS["vermillion"], linestyle="-", linewidth=3)
    signs = _line_of_signs(top, -0.15)
    best = 12
    bars = bottom.bar(range(best), np.zeros(best), color=style.COLORS["sky"])
    bottom.set(ylim=(0, 1.03), ylabel="probability")
    names_below = _signs(bottom, best, -0.03, 15)
    position = len(start) if position is None else position
    kept = {}

    def update(text, position, temperature):
        try:
            if (text, temperature) not in kept:
                found = plain.probabilities(text, temperature)
                kept.clear()
                kept[text, temperature] = found
            rows = kept[text, temperature]
        except ValueError as trouble:
            return _refused(trouble)
        position = min(position, len(text))
        begin = _begin(text, position)
        codes = [plain.letters.index(letter) for letter in text]
        given = rows[np.arange(len(codes)), codes]  # what each character had got before it was read
        strip.set_data(_fit(given[:, None], begin))
        _write(signs, _in_sight(text, begin))
        top.set_title("probability of each character, before it was read", fontsize=13)
        mark.set_xdata([position - 0.5 - begin] * 2)
        after = rows[position]
        order = np.argsort(-after)[:best]
        names = ["end" if plain.letters[k] == "\n" else "␣" if plain.letters[k] == " " else plain.letters[k]
                 for k in order]
        for place, (one, k) in enumerate(zip(bars, order, strict=True)):
            one.set_height(after[k])
            one.set_color(style.COLORS["vermillion" if place == 0 else "sky"])
        _write(names_below, names)
        bottom.set_title(f"the next character after “{text[max(0, position - 18):position]}”", fontsize=13)
        guesses = ", ".join(f"{name} {after[k]:.3f}" for name, k in zip(names[:3], order, strict=False))
        return (f"Temperature {temperature:.2f}. After character {position} of {len(text)} the model expects "
                f"{guesses}. The characters of this text had {np.exp(np.log(given + 1e-30).mean()):.3f} on average "
                "(geometric mean).")

    return InteractiveFigure(figure, update, name="The next character", controls={
        "text": text("your text", start), "position": slider("after character", 1, 400, position, 1),
        "temperature": slider("temperature", 0.0, 2.0, 1.0, 0.05)})


def writing(film, model_at, floor, ceiling):
    """Replay of a training: at each recorded step the model of that moment writes, at the reader's temperature.

    film: the recording rnn_markup_film; model_at(row, film): its model; floor, ceiling: the measure's.
    """
    from course_utils.keras_tools.text_models import judge

    steps, shares = film.arrays["steps"], film.arrays["share"]
    figure, ((left, right), (below, losses)) = style.figure(2, 2, size=(10.4, 5.4), width_ratios=(1.55, 1),
                                                            height_ratios=(1.7, 1))
    for axes in (left, below):
        axes.set_axis_off()
    paper = typed(left, 0, 0.97, "", transform=left.transAxes, va="top", fontsize=13.5)
    verdict = below.text(0, 0.5, "", transform=below.transAxes, va="center", fontsize=14)
    right.axhline(ceiling, color=style.COLORS["green"], linestyle="--", linewidth=2)
    right.axhline(floor, color=style.COLORS["grey"], linestyle=":", linewidth=2)
    right.text(steps[0], ceiling + 0.02, "real documents", color=style.COLORS["ink"], fontsize=11, va="bottom")
    right.text(steps[-1], floor + 0.02, "5-gram", color=style.COLORS["ink"], fontsize=11, va="bottom", ha="right")
    rings = []
    for axes, values in ((right, shares), (losses, film.arrays["loss"])):
        axes.plot(steps, values, "o-", color=style.COLORS["blue"])
        rings += axes.plot([], [], "o", markersize=15, markerfacecolor="none", markeredgewidth=3,
                           color=style.COLORS["vermillion"])
        axes.set_xscale("log")
        axes.set_xticks([25, 100, 400, 2000], ["25", "100", "400", "2000"])
        axes.minorticks_off()
    right.set(ylim=(-0.05, 1.2), ylabel="share of good ones")
    losses.set(ylim=(0, None), xlabel="training steps", ylabel="loss")
    kept = {}

    def update(step, temperature, draw):
        row = int(np.abs(np.log(steps / step)).argmin())
        if row not in kept:
            kept.clear()  # one model is enough to hold
            kept[row] = model_at(row, film)
        try:
            document = kept[row].sample(1, temperature=temperature, seed=draw)[0]
        except ValueError as trouble:
            return _refused(trouble)
        answers = judge(document)
        wrong = {"new": "it stands in the training text", "deep": "less than three deep",
                 "long": f"{len(document)} characters long", "accepted": "refused by the parser"}
        if not answers["accepted"]:
            del wrong["deep"]  # where the parser refuses, there is no depth to speak of
        failed = [words for name, words in wrong.items() if not answers[name]]
        paper.set_text("\n".join(document[k:k + 46] for k in range(0, len(document), 46)) or "(nothing)")
        verdict.set_text("good" if not failed else "not good: " + ", ".join(failed[-2:]))
        verdict.set_color(style.COLORS["blue" if not failed else "vermillion"])
        for ring, values in zip(rings, (shares, film.arrays["loss"]), strict=True):
            ring.set_data([steps[row]], [values[row]])
        return (f"After {steps[row]} steps, temperature {temperature:.2f}: the model writes {document[:120]!r}"
                f"{' …' if len(document) > 120 else ''}. {'Good' if not failed else 'Not good: ' + ', '.join(failed)}. "
                f"Of 200 at temperature 1, {shares[row]:.3f} were good (5-gram {floor:.3f}, real {ceiling:.3f}); the "
                f"loss was {film.arrays['loss'][row]:.2f}.")

    last = int(steps[-1])
    return InteractiveFigure(figure, update, name="It learns to write", controls={
        "step": slider("training step", int(steps[0]), last, last, step=0.1, log=True),
        "temperature": slider("temperature", 0.0, 2.0, 1.0, 0.05), "draw": slider("throw of the dice", 0, 20, 0, 1)})
