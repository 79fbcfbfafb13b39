"""The figures of lesson 05 about recurrence itself: unfolding, the way of the gradient, clipping, the LSTM cell."""

import asyncio

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Wedge

from . import style
from .interactive import InteractiveFigure, choice, slider, toggle
from .style import minus

SEQUENCES = {"1, 0, 0, 0": (1, 0, 0, 0), "0, 0, 0, 1": (0, 0, 0, 1), "1, 1, 1, 1": (1, 1, 1, 1),
             "1, -1, 1, -1": (1, -1, 1, -1)}
LONG = 60  # steps of the gradient's way back


def _arrow(axes, start, end, color="grey", bend=0.0, **options):
    patch = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=20, linewidth=2.5, shrinkA=0, shrinkB=0,
                            color=style.COLORS[color], connectionstyle=f"arc3,rad={bend}", **options)
    axes.add_patch(patch)
    return patch


def _label(axes, x, y, text="", color="ink", size=14, **options):
    return axes.text(x, y, text, color=style.COLORS[color], fontsize=size, ha="center", va="center", **options)


def _board(size, xlim, ylim):
    figure, axes = style.figure(size=size)
    axes.set(xlim=xlim, ylim=ylim, xticks=[], yticks=[], aspect="equal")
    axes.set_axis_off()
    return figure, axes


def unfolding():
    """One recurrent neuron, unfolded in time: the copy of every step has the same two weights.

    The slider "time" moves the newest copy out of the one before it; the button plays that as an animation.
    """
    figure, axes = _board((9.6, 4.0), (-1.3, 10.2), (-2.1, 2.4))
    places, radius = 2.8 + 2.1 * np.arange(4), 0.62
    for x, y, words in ((0, 2.15, "folded"), (places.mean(), 2.15, "unfolded in time")):
        _label(axes, x, y, words, "grey")
    axes.add_patch(Circle((0, 0), radius, facecolor="white", edgecolor=style.COLORS["ink"], linewidth=2))
    _arrow(axes, (0.45, 0.5), (-0.45, 0.5), "vermillion", bend=1.4)
    _arrow(axes, (0, -1.5), (0, -0.66), "blue")
    for x, y, words, color in ((0, 0, "h", "ink"), (0, 1.45, "u", "vermillion"), (0.3, -1.1, "w", "blue"),
                               (0, -1.8, "x", "ink")):
        _label(axes, x, y, words, color, 16)
    axes.axvline(1.35, color=style.COLORS["grey"], linewidth=1, linestyle=":")
    copies = []
    for x in places:
        circle = axes.add_patch(Circle((x, 0), radius, edgecolor=style.COLORS["ink"], linewidth=2, zorder=3))
        copies.append({"circle": circle, "value": _label(axes, x, 0, size=15, zorder=4),
                       "up": _arrow(axes, (x, -1.5), (x, -0.66), "blue"),
                       "w": _label(axes, x + 0.3, -1.1, "w", "blue", 16), "x": _label(axes, x, -1.8, size=15),
                       "in": _arrow(axes, (x - 1.45, 0), (x - 0.66, 0), "vermillion"),
                       "u": _label(axes, x - 1.05, 0.35, "u", "vermillion", 16)})
    _label(axes, places[0] - 1.05, -0.35, "0", size=14)

    def update(time, u, sequence):
        h, hiddens = 0.0, []
        for x in SEQUENCES[sequence]:
            h = np.tanh(x + u * h)
            hiddens.append(h)
        done, part = int(time), time - int(time)
        for t, copy in enumerate(copies):
            there, coming = t < done, t == done and part > 0
            for name in ("value", "up", "w", "x", "in", "u"):
                copy[name].set_visible(there)
            copy["circle"].set_visible(there or coming)
            place = places[t] if there else (places[t] - (1 - part) * 2.1 if t else 1.4 + part * (places[0] - 1.4))
            copy["circle"].set_center((place, 0))
            copy["circle"].set_alpha(1 if there else 0.25 + 0.5 * part)
            copy["circle"].set_facecolor(style.FIELD((hiddens[t] + 1) / 2) if there else "white")
            copy["value"].set_text(minus(f"{hiddens[t]:.2f}"))
            copy["x"].set_text(minus(f"x = {SEQUENCES[sequence][t]}"))
        if not done:
            return "Nothing read yet: the hidden state is 0. Move the time, or press Play."
        x, before = SEQUENCES[sequence][done - 1], hiddens[done - 2] if done > 1 else 0.0
        return minus(f"Step {done} of 4: h = tanh(w·x + u·h) = tanh(1 · ({x}) + ({u:.1f}) · ({before:.2f})) = "
                     f"{hiddens[done - 1]:.2f}, with the same w and u as in every step.")

    def play():
        async def go():
            for time in np.arange(0, 4.01, 0.25):
                if not shown._closed:
                    shown.set(time=float(time))
                    await asyncio.sleep(0.08)

        try:
            asyncio.get_running_loop()
        except RuntimeError:  # no page to animate, as in a test: go to the end
            shown.set(time=4.0)
        else:
            playing.append(asyncio.ensure_future(go()))  # kept, or it could vanish half-way
            del playing[:-1]

    playing = []
    shown = InteractiveFigure(figure, update, name="Unfolding in time", actions={"Play": play}, controls={
        "time": slider("time", 0.0, 4.0, 4.0, 0.25), "u": slider("weight u", -1.5, 1.5, 0.5, 0.1),
        "sequence": choice("inputs", list(SEQUENCES))})
    return shown


def chain(weight, inputs, squashed, start=0.5):
    """(hidden states, gradients) of one recurrent neuron: entry k of the gradients is |slope of the last h by the one k
    steps before it|, from k = 0 on. squashed: with tanh; else linear."""
    h, hiddens = start, []
    for x in inputs:
        h = weight * h + x
        h = np.tanh(h) if squashed else h
        hiddens.append(h)
    factors = weight * (1 - np.array(hiddens) ** 2 if squashed else np.ones(len(hiddens)))
    return np.array(hiddens), np.abs(np.concatenate([[1.0], np.cumprod(factors[::-1])]))


def gradient_against_distance():
    """The length of the gradient against the distance it has gone back, for one recurrent weight that is dragged."""
    noise = np.random.default_rng(0).normal(size=LONG)
    figure, axes = style.figure(size=(9.2, 4.4))
    axes.axhline(1, color=style.COLORS["grey"], linewidth=1)
    distances = np.arange(LONG + 1)
    linear, = axes.plot([], [], color=style.COLORS["blue"], linestyle="--", label="linear: uᵏ")
    squashed, = axes.plot([], [], color=style.COLORS["vermillion"], linestyle="-", label="with tanh")
    axes.set(xlim=(0, LONG), yscale="log", ylim=(1e-12, 1e12), xlabel="distance k, steps back in time",
             ylabel="length of the gradient")
    key = axes.legend(loc="upper left")
    second = [squashed, key.legend_handles[1], key.get_texts()[1]]

    def update(weight, kind, size):
        values = {name: chain(weight, size * noise, name == "with tanh")[1] for name in ("linear", "with tanh")}
        linear.set_data(distances, np.clip(values["linear"], 1e-30, None))
        squashed.set_data(distances, np.clip(values["with tanh"], 1e-30, None))
        for artist in second:
            artist.set_visible(kind == "with tanh")
        far = values[kind][-1]
        fate = "it vanishes" if far < 0.1 else "it explodes" if far > 10 else "it holds"
        axes.set_title(f"u = {weight:.2f}: {fate}")
        return (f"u = {weight:.2f}, {kind}: after 10 steps back the gradient has length {values[kind][10]:.2g}, after "
                f"{LONG} steps {far:.2g}: {fate}." + (f" Without tanh: {values['linear'][-1]:.2g}."
                                                      if kind == "with tanh" else ""))

    return InteractiveFigure(figure, update, name="Gradient against distance", controls={
        "weight": slider("recurrent weight u", 0.5, 1.5, 0.9, 0.01),
        "kind": choice("recurrence", ["linear", "with tanh"]),
        "size": slider("size of the inputs", 0.0, 2.0, 0.5, 0.1)})


def descend(start, limit=None, *, steps=40, rate=0.02, length=10):
    """The way (steps + 1,) of a weight u downhill on ½(uᴸ − ½)², L = ``length``; limit: clip the slope to it."""
    way = [np.float64(start)]  # which overflows to infinity, where a plain float would raise
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w = way[-1]
            slope = (w**length - 0.5) * length * w ** (length - 1)
            if limit is not None:
                slope = np.clip(slope, -limit, limit)
            way.append(w - rate * slope if np.isfinite(slope) else np.nan)
    return np.array(way)


def clipping():
    """Descent on the loss of a linear recurrence of ten steps: a plain, a cliff, and steps that are clipped."""
    figure, axes = style.figure(size=(9.2, 4.2))
    w = np.linspace(0.4, 1.5, 400)

    def loss(w):
        return (w**10 - 0.5) ** 2 / 2 + 1e-4

    axes.plot(w, loss(w), color=style.COLORS["ink"], linestyle="-")
    path, = axes.plot([], [], "o-", color=style.COLORS["vermillion"], markersize=7, linewidth=1.5)
    axes.set(xlim=(0.4, 1.5), yscale="log", ylim=(5e-5, 1e4), xlabel="recurrent weight u", ylabel="loss")
    gone = axes.text(0.02, 0.9, "", transform=axes.transAxes, color=style.COLORS["vermillion"], fontsize=14)

    def update(start, clipped, limit):
        way = descend(start, limit if clipped else None)
        inside = np.isfinite(way) & (way > 0.4) & (way < 1.5)
        shown = way[:len(way) if inside.all() else int(inside.argmin())]
        path.set_data(shown, loss(shown))
        off = None if inside.all() else way[inside.argmin()]
        gone.set_text("" if off is None else minus(f"← step {inside.argmin()} leads to u = {off:.3g}, off the picture"))
        slope = (start**10 - 0.5) * 10 * start**9
        kind = f"clipped to {limit:.1f}" if clipped else "not clipped"
        end = (f"After 40 steps u = {way[-1]:.3f}, loss {loss(way[-1]) - 1e-4:.4f}." if off is None else
               f"Step {inside.argmin()} throws u to {off:.3g}, and nothing brings it back.")
        return minus(f"At u = {start:.2f} the slope is {slope:.3g}, {kind}. {end} (The best u is 0.933.)")

    return InteractiveFigure(figure, update, name="Clipping at the cliff", controls={
        "start": slider("start u", 0.6, 1.4, 1.3, 0.01), "clipped": toggle("clip the gradient"),
        "limit": slider("longest gradient allowed", 0.1, 5.0, 1.0, 0.1)})


def lstm_cell():
    """One cell of an LSTM with its gates as valves to turn by hand."""
    figure, axes = _board((9.6, 4.4), (-0.4, 12.2), (-3.3, 2.4))
    axes.set_title("Each gate is a number from 0 (shut) to 1 (open)", loc="left", color=style.COLORS["grey"])
    for start, end in (((1.5, 1), (2.6, 1)), ((3.7, 1), (5.4, 1)), ((6.2, 1), (8.9, 1)), ((5.8, -0.75), (5.8, 0.6)),
                       ((3.6, -1.3), (5.25, -1.3)), ((7.7, 1), (7.7, -0.2)), ((7.7, -1.0), (7.7, -1.75)),
                       ((8.25, -2.3), (9.6, -2.3))):
        _arrow(axes, start, end, "grey")
    boxes = {}
    for name, (x, y), words in (("old", (0.6, 1), "old cell"), ("candidate", (2.7, -1.3), "candidate"),
                                ("cell", (9.85, 1), "new cell c"), ("hidden", (10.55, -2.3), "hidden h")):
        axes.add_patch(FancyBboxPatch((x - 0.8, y - 0.38), 1.6, 0.76, boxstyle="round,pad=0.08",
                                      facecolor="white", edgecolor=style.COLORS["ink"], linewidth=2))
        boxes[name] = _label(axes, x, y, size=16)
        _label(axes, x, y + 0.78, words, "grey", 13)
    valves = {}
    for name, (x, y), words, color, side in (("f", (3.15, 1), "forget f", "blue", 1),
                                             ("i", (5.8, -1.3), "input i", "orange", -1),
                                             ("o", (7.7, -2.3), "output o", "green", -1)):
        axes.add_patch(Circle((x, y), 0.52, facecolor="white", edgecolor=style.COLORS[color], linewidth=3, zorder=3))
        valves[name] = axes.add_patch(Wedge((x, y), 0.52, 90, 90, facecolor=style.COLORS[color], alpha=0.55, zorder=4))
        _label(axes, x, y + side * 0.85, words, "ink", 13)
    axes.add_patch(Circle((5.8, 1), 0.36, facecolor="white", edgecolor=style.COLORS["ink"], linewidth=2, zorder=3))
    _label(axes, 5.8, 1, "+", size=18, zorder=4)
    axes.add_patch(FancyBboxPatch((7.2, -0.95), 1.0, 0.7, boxstyle="round,pad=0.05", facecolor="white",
                                  edgecolor=style.COLORS["ink"], linewidth=2, zorder=3))
    _label(axes, 7.7, -0.6, "tanh", size=14, zorder=4)

    def update(old, f, i, candidate, o):
        cell = f * old + i * candidate
        hidden = o * np.tanh(cell)
        for name, value in (("old", old), ("candidate", candidate), ("cell", cell), ("hidden", hidden)):
            boxes[name].set_text(minus(f"{value:.2f}"))
        for name, share in (("f", f), ("i", i), ("o", o)):
            valves[name].set_theta1(90 - 360 * share)
        return minus(f"New cell: {f:.2f} · ({old:.2f}) + {i:.2f} · ({candidate:.2f}) = {cell:.2f}. Hidden state: "
                     f"{o:.2f} · tanh({cell:.2f}) = {hidden:.2f}.")

    return InteractiveFigure(figure, update, name="An LSTM cell by hand", controls={
        "old": slider("old cell", -2.0, 2.0, 1.0, 0.1), "f": slider("forget gate f", 0.0, 1.0, 0.9, 0.05),
        "i": slider("input gate i", 0.0, 1.0, 0.5, 0.05), "candidate": slider("candidate", -1.0, 1.0, -0.6, 0.1),
        "o": slider("output gate o", 0.0, 1.0, 1.0, 0.05)})
