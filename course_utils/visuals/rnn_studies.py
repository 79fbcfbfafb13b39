"""The figures of lesson 05 on recorded studies and on word vectors."""

import textwrap

import numpy as np

from . import style
from .interactive import InteractiveFigure, choice, slider, text
from .pad import Pad
from .style import minus
from .typed import typed

MARKERS = "o^sDvP"


def who_remembers(recording):
    """The delayed-recall study: accuracy by distance with equal updates or equal seconds, and how it was learned."""
    from course_utils.keras_tools.memory_task import equal_seconds, equal_updates

    arrays = recording.arrays
    budgets = {"equal updates": equal_updates(recording), "equal seconds": equal_seconds(recording)}
    names, distances, updates = [str(name) for name in arrays["variants"]], arrays["distances"], arrays["updates"]
    figure, (left, right) = style.figure(1, 2, size=(10.4, 5.0), sharey=True)
    left_lines, ranges, right_lines = [], [], []
    for name, marker in zip(names, MARKERS, strict=False):
        line, = left.plot([], [], marker=marker, label=name)
        left_lines.append(line)
        ranges.append([left.plot([], [], color=line.get_color(), linestyle="-", linewidth=1.2)[0] for _ in distances])
        right_lines.append(right.plot([], [])[0])  # both panels go through the same colors and dashes
    for axes in (left, right):
        axes.axhline(1 / 8, color=style.COLORS["grey"], linestyle=":", linewidth=1.5)
    mark = left.axvline(distances[-1], color=style.COLORS["ink"], linestyle=":", linewidth=1.5)
    left.set(ylim=(0, 1.04), xlabel="distance", ylabel="accuracy: mean, range of 5 seeds",
             xlim=(0, 1.08 * distances[-1]), xticks=distances)
    right.set(xlim=(0, updates[-1]), xlabel="updates")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    shift = np.linspace(-0.012, 0.012, len(names)) * distances[-1]

    def update(budget, distance):
        d = [str(one) for one in distances].index(distance)
        scores = budgets[budget]
        for v, (line, own, curve) in enumerate(zip(left_lines, ranges, right_lines, strict=True)):
            line.set_data(distances + shift[v], scores[v].mean(axis=1))
            for k, one in enumerate(own):
                one.set_data([distances[k] + shift[v]] * 2, [scores[v, k].min(), scores[v, k].max()])
            curve.set_data(updates, arrays["accuracy"][v, d].mean(axis=0))
        mark.set_xdata([distances[d]] * 2)
        left.set_title(budget)
        right.set_title(f"learning at distance {distance}")
        told = "; ".join(f"{name} {scores[v, d].mean():.2f} (from {scores[v, d].min():.2f} to {scores[v, d].max():.2f})"
                         for v, name in enumerate(names))
        return f"{budget.capitalize()}, distance {distance}, five seeds: {told}. Guessing gives 0.125."

    return InteractiveFigure(figure, update, name="Who remembers?", controls={
        "budget": choice("budget", list(budgets)),
        "distance": choice("distance", [str(one) for one in distances], str(distances[-1]))})


def _apart(spots, wide, high):
    """Places for labels: from the lowest up, each is raised until it covers none below it."""
    spots, done = np.array(spots), []
    for k in np.argsort(spots[:, 1]):
        for other in done:
            if abs(spots[k, 0] - spots[other, 0]) < wide and abs(spots[k, 1] - spots[other, 1]) < high:
                spots[k, 1] = spots[other, 1] + high
        done.append(k)
    return spots


def _labeled(points, wide, high):
    """Places for the lower edges of labels: above each point, or below it where another point is close above."""
    spots = points + [0, 0.22 * high]
    for k, (x, y) in enumerate(points):
        if any(abs(x - other) < wide and 0 < up - y < 2 * high for other, up in points):
            spots[k, 1] = y - 1.25 * high
    return spots


def analogies(vectors, families):
    """ "a is to b as c is to ...": the step from a to b, taken from c, in the plane of that step.

    vectors: a ``WordVectors``; families: name -> pairs of words. Across: along b - a; up: the largest difference left.
    """
    groups = [[word for pair in pairs for word in pair] for pairs in families.values()]
    unit = {word: one / np.linalg.norm(one) for word, one in zip(vectors.words, vectors.vectors, strict=True)}
    figure, axes = style.figure(size=(9.6, 5.4))
    dots, = axes.plot([], [], "o", color=style.COLORS["sky"], markersize=6)
    labels = [axes.text(0, 0, "", fontsize=12, ha="center", va="bottom") for _ in range(max(map(len, groups)) + 3)]
    arrows = [axes.annotate("", (0, 0), (0, 0), arrowprops={"arrowstyle": "-|>", "linewidth": 2.5,
                                                            "color": style.COLORS[color], "shrinkA": 0, "shrinkB": 0})
              for color in ("blue", "vermillion")]
    axes.set(xlabel="along the step from a to b", ylabel="across it")

    def update(a, b, c):
        try:
            answer = vectors.analogy(a, b, c)
        except ValueError as trouble:
            return f"{trouble} (The picture below is the last one.)"
        if len({a, b, c}) < 3:
            return "Give three different words. (The picture below is the last one.)"
        family = next((group for group in groups if c in group), [c])
        shown = list(dict.fromkeys([*family, a, b, answer]))
        points = np.array([unit[word] for word in shown])
        points = points - points.mean(axis=0)
        along = unit[b] - unit[a]
        along = along / np.linalg.norm(along)
        rest = points - np.outer(points @ along, along)
        across = np.linalg.svd(rest, full_matrices=False)[2][0]
        flat = np.stack([points @ along, points @ across * (1 if across.sum() > 0 else -1)], axis=1)
        place = dict(zip(shown, flat, strict=True))
        dots.set_data(*flat.T)
        step = place[b] - place[a]
        for arrow, start in zip(arrows, (a, c), strict=True):
            arrow.set_position(place[start])
            arrow.xy = place[start] + step
        ends = np.vstack([flat, place[c] + step])
        axes.set_xlim(ends[:, 0].min() - 0.15, ends[:, 0].max() + 0.15)
        low, high = ends[:, 1].min(), ends[:, 1].max()
        axes.set_ylim(low - 0.12 * (high - low), high + 0.15 * (high - low))
        where = _apart(_labeled(flat, 0.16, 0.055 * (high - low)), 0.16, 0.055 * (high - low))
        for label, word, spot in zip(labels, shown, where, strict=False):
            label.set_position(spot)
            label.set_fontweight("bold" if word in (a, b, c, answer) else "normal")
        for label, word in zip(labels, [*shown, *[""] * (len(labels) - len(shown))], strict=True):
            label.set_text(word)
        axes.set_title(f"{a} is to {b} as {c} is to {answer}")
        near = ", ".join(f"{word} {cosine:.2f}" for word, cosine in vectors.nearest(c, 3))
        return (f"{a} is to {b} as {c} is to {answer}. Nearest to {c} itself: {near}. The same step is drawn from {a} "
                f"and from {c}.")

    a, b, c = groups[0][2], groups[0][3], groups[0][0]
    return InteractiveFigure(figure, update, name="Analogies", controls={
        "a": text("word a is to", a), "b": text("word b as", b), "c": text("word c is to …", c)})


def amounts(recording):
    """A model of the course's own words: loss on fresh text against the amount of text, and what it writes."""
    arrays = recording.arrays
    amounts = arrays["amounts"]
    figure, (left, right) = style.figure(1, 2, size=(10.4, 4.6), width_ratios=(1, 1.25))
    for name, key, marker in (("LSTM, fresh text", "test_loss", "o"), ("LSTM, its own text", "train_loss", "^")):
        runs = np.asarray(arrays[key]).reshape(len(amounts), -1)
        line, = left.plot(amounts, runs.mean(axis=1), marker=marker, label=name)
        left.fill_between(amounts, runs.min(axis=1), runs.max(axis=1), color=line.get_color(), alpha=0.2, linewidth=0)
    left.plot(amounts, arrays["ngram_loss"], marker="s", label="5-gram, fresh text")
    left.axhline(arrays["uniform"], color=style.COLORS["grey"], linestyle=":", linewidth=2)
    left.text(amounts[-1], arrays["uniform"] - 0.06, "guessing", fontsize=11, va="top", ha="right")
    now = left.axvline(amounts[0], color=style.COLORS["ink"], linestyle=":", linewidth=1.5)
    top = max(float(arrays["uniform"]), np.max(arrays["test_loss"]))
    left.set(xscale="log", ylim=(0, 1.1 * top), xlabel="characters to learn from",
             ylabel="loss, nats a character")
    left.set_xticks(amounts, [f"{one // 1000}k" if one >= 1000 else str(one) for one in amounts])
    left.minorticks_off()
    left.legend(loc="upper right", fontsize=11)
    right.set_axis_off()
    paper = typed(right, 0, 0.96, "", transform=right.transAxes, va="top", fontsize=12)

    def update(amount):
        row = amount - 1
        sample = " ".join(str(arrays["samples"][row, 0]).split())
        paper.set_text("\n".join(textwrap.wrap(sample, 46)[:13]))
        right.set_title(f"after {amounts[row]:,} characters of text", fontsize=13)
        now.set_xdata([amounts[row]] * 2)
        test, train = (np.asarray(arrays[key]).reshape(len(amounts), -1)[row].mean()
                       for key in ("test_loss", "train_loss"))
        return (f"{amounts[row]:,} characters: loss {test:.2f} on fresh text, {train:.2f} on its own; 5-gram "
                f"{arrays['ngram_loss'][row]:.2f}, guessing {float(arrays['uniform']):.2f}. It writes: {sample[:90]} …")

    return InteractiveFigure(figure, update, name="How much text is enough?", controls={
        "amount": slider("amount of text", 1, len(amounts), len(amounts), 1)})


def captions(recording):
    """Pictures of digits with the caption that was written, marked right or wrong."""
    arrays = recording.arrays
    right = np.asarray(arrays["right"], bool)
    kinds = {"all": np.arange(len(right)), "wrong ones": np.flatnonzero(~right)}
    figure, axes = style.figure(2, 3, size=(10.2, 6.0))
    images, frames, told = [], [], []
    for one in axes.flat:
        images.append(one.imshow(np.zeros((28, 28)), cmap="gray_r", vmin=0, vmax=255))
        one.set(xticks=[], yticks=[])
        one.set_title(" \n ", fontsize=12.5)  # keeps the room for the caption
        told.append(typed(one, 0.5, 1.03, "", transform=one.transAxes, ha="center", va="bottom", fontsize=12.5))
        frames.append(one)
        for side in one.spines.values():
            side.set_visible(True)

    def update(kind, page):
        rows = kinds[kind]
        pages = max(1, -(-len(rows) // 6))
        page = min(page, pages)
        chosen = rows[6 * (page - 1):6 * page]
        for place, (one, image, words) in enumerate(zip(frames, images, told, strict=True)):
            there = place < len(chosen)
            one.set_visible(there)
            if there:
                k = chosen[place]
                image.set_data(arrays["pictures"][k])
                written, truth = str(arrays["written"][k]), str(arrays["truth"][k]).split(", ")
                missed = ", ".join(part for part in truth if part not in written.split(", "))
                words.set(text=f"{written}\n{'right' if right[k] else 'wrong, it is ' + missed}",
                          color=style.COLORS["ink" if right[k] else "vermillion"])
        first = f"{str(arrays['written'][chosen[0]])!r} for {str(arrays['truth'][chosen[0]])!r}" if len(chosen) else "-"
        return minus(f"{right.mean():.3f} of {len(right)} captions are right in all three parts. Shown: {kind}, page "
                     f"{page} of {pages}; the first was written {first}.")

    most = max(1, -(-len(right) // 6))
    return InteractiveFigure(figure, update, name="Captions", controls={
        "kind": choice("show", list(kinds)), "page": slider("page", 1, max(2, most), 1, 1)})


def caption_pad(captioner, picture):
    """A pad with a picture (28, 28) on it, to draw on; the captioner's words stand below it."""
    def drawn(image):
        inked = image.max() > 0.25
        pad.words(f"Written: {captioner.write(255 * pad.fitted()[None])[0]}." if inked else "Draw a digit.")

    pad = Pad("Draw a digit, read its caption", on_change=drawn).fill(picture)
    drawn(pad.array)
    return pad
