"""The figures of lesson 07 about what a trained generator can do and how a game fails."""

import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.visuals import style
from course_utils.visuals.gan import GAP, beside, tiles
from course_utils.visuals.gan_film import _floats
from course_utils.visuals.interactive import InteractiveFigure, choice, slider, text

LONGEST = 8  # digits in a row


def _ratio(value):
    """A ratio of step sizes in words."""
    if value == 1:
        return "equal"
    return f"generator × {value:g}" if value > 1 else f"discriminator × {1 / value:g}"


def unbalanced(recording):
    """Seven recorded games whose players take steps of different size: pictures, coverage, and both losses."""
    arrays = getattr(recording, "arrays", recording)
    steps, ratios = list(map(int, arrays["steps"])), arrays["ratio"]
    figure, left, right = beside()
    show = tiles(left, np.zeros((16, 28, 28)), 4)
    names = [_ratio(float(value)) for value in ratios]
    where = np.arange(len(ratios))
    bars = right[0].bar(where, np.zeros(len(ratios)), color=style.COLORS["sky"])
    right[0].axhline(10, color=style.COLORS["ink"], linestyle=":")
    short = [("÷" if value < 1 else "×") + f"{max(value, 1 / value):.0f}" if value != 1 else "=" for value in ratios]
    right[0].set(ylim=(0, 10.5), yticks=(0, 5, 10), ylabel="classes covered", xticks=where,
                 xlabel="generator's step against D's")
    right[0].set_xticklabels(short, rotation=40)
    losses = [right[1].plot([], [], color=style.COLORS[color], linestyle=dashes, label=name)[0]
              for name, color, dashes in (("generator", "blue", "-"), ("discriminator", "vermillion", "--"))]
    right[1].set(xlim=(0, steps[-1]), xlabel="step", ylabel="loss")
    right[1].legend(loc="upper right")

    def update(tilt, frame):
        show(_floats(arrays["pictures"][frame, tilt]))
        for number, (bar, height) in enumerate(zip(bars, arrays["coverage"][frame], strict=True)):
            bar.set_height(height)
            bar.set_color(style.COLORS["vermillion" if number == tilt else "sky"])
        highest = 0.5
        for line, name in zip(losses, ("generator", "discriminator"), strict=True):
            values = arrays[name][: frame + 1, tilt]
            line.set_data(steps[: frame + 1], values)
            highest = max([highest, *values[np.isfinite(values)]])
        right[1].set_ylim(0, float(np.ceil(1.05 * highest)))
        now = {name: arrays[name][frame, tilt] for name in ("coverage", "recognized", "frechet", "generator")}
        loss = "" if np.isnan(now["generator"]) else f", generator's loss {now['generator']:.2f}"
        return (f"Steps: {names[tilt]}. After {steps[frame]} steps covered: {now['coverage']:.0f} of 10 classes; "
                f"{now['recognized']:.2f} of the pictures are recognized, Fréchet distance {now['frechet']:.1f}{loss}.")

    return InteractiveFigure(figure, update, name="Out of balance", controls={
        "tilt": slider("from a hasty discriminator to a hasty generator", 0, len(ratios) - 1, len(ratios) // 2),
        "frame": slider("recorded step", 0, len(steps) - 1, len(steps) - 1)})


def cures(recording):
    """What each cure makes of two tilted games: pictures of one seed, and coverage and distance of three."""
    arrays = getattr(recording, "arrays", recording)
    names = list(map(str, arrays["cures"]))
    tilts = ["a hasty generator" if value > 1 else "a hasty discriminator" for value in arrays["tilts"]]
    figure, left, right = beside((9.0, 5.8), (1, 1))
    show = tiles(left, _floats(arrays["pictures"][0, 0]), 4)
    rows, points = np.arange(len(names))[::-1], []
    for axes, name, label in zip(right, ("coverage", "frechet"), ("classes covered", "Fréchet distance"), strict=True):
        for seed, (marker, color) in enumerate(zip("o^s", ("blue", "orange", "green"), strict=True)):
            line, = axes.plot(arrays[name][0, :, seed], rows + 0.25 * (1 - seed), marker, color=style.COLORS[color],
                              markersize=9, label=f"seed {seed}")
            points.append((line, arrays[name][..., seed]))
        axes.set(yticks=rows, yticklabels=names, xlabel=label, ylim=(-0.5, len(names) - 0.5))
    right[0].set(xlim=(-0.3, 10.5), xticks=range(0, 11, 2))
    far = arrays["frechet"]
    right[1].set(xscale="log", xlim=(0.8 * far.min(), 1.25 * far.max()))
    ticks = [tick for tick in (2, 5, 10, 20, 50, 100, 200, 500) if 0.8 * far.min() < tick < 1.25 * far.max()]
    right[1].set_xticks(ticks, map(str, ticks))
    right[1].minorticks_off()
    figure.legend(*right[1].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    bands = [axes.axhspan(0, 1, color=style.COLORS["sky"], alpha=0.25, zorder=0) for axes in right]

    def update(tilt, cure):
        which = tilts.index(tilt), names.index(cure)
        show(_floats(arrays["pictures"][which]))
        for line, values in points:
            line.set_xdata(values[which[0]])
        for band in bands:
            band.set_y(rows[which[1]] - 0.45)
            band.set_height(0.9)
        covered, far = arrays["coverage"][which], arrays["frechet"][which]
        return (f"{tilt[0].upper()}{tilt[1:]}, {cure}: classes covered with three seeds "
                f"{', '.join(f'{c:.0f}' for c in covered)}; Fréchet distance {', '.join(f'{one:.1f}' for one in far)}.")

    return InteractiveFigure(figure, update, name="What helps", controls={
        "tilt": choice("the tilted game", tilts), "cure": choice("cure", names)})


def write_digits(make, latent):
    """Digits to type in, and the hand (the noise) they are written with.

    make(noise, labels): pictures (n, 28, 28) of a conditional generator; latent: numbers in its noise.
    """
    figure, axes = style.figure(size=(8.4, 2.2))
    hands = np.random.default_rng(3).normal(size=(40, LONGEST, latent)).astype(np.float32)
    blank = np.zeros((LONGEST, 28, 28))
    show = tiles(axes, blank, LONGEST)

    def update(digits, hand, same):
        wanted = digits.strip()
        if not wanted or not all("0" <= sign <= "9" for sign in wanted) or len(wanted) > LONGEST:
            return f"You asked for {describe(wanted)}, but one to {LONGEST} digits from 0 to 9 are expected: type 2026."
        labels = np.array([int(sign) for sign in wanted])
        noise = np.repeat(hands[hand, :1], len(labels), axis=0) if same == "one" else hands[hand, : len(labels)]
        pictures = blank.copy()
        pictures[: len(labels)] = make(noise, labels)
        show(pictures)
        which = "the same noise for all" if same == "one" else "noise of its own for each"
        return f"Asked for {wanted}, hand {hand}; {which}."

    return InteractiveFigure(figure, update, name="Digits as asked for", controls={
        "digits": text("digits to write", "2026"), "hand": slider("hand", 0, len(hands) - 1, 0),
        "same": choice("noise", ["one", "each its own"])})


def walk(make, start, end, way):
    """The way between two noise vectors: nine pictures on it, and one to move.

    make(noise): pictures; way(start, end, count): noise (count, latent) on the way.
    """
    figure, (top, bottom) = style.figure(2, 1, size=(8.4, 4.2), height_ratios=(1, 2.2))
    path = make(way(start, end, 57))
    tiles(top, path[::7], 9)
    mark = top.axvspan(-1, 28, color=style.COLORS["orange"], alpha=0.35, zorder=3)
    show = tiles(bottom, path[:1], 1)
    jumps = np.sqrt(np.mean(np.diff(path, axis=0) ** 2, axis=(1, 2)))

    def update(place):
        show(path[place : place + 1])
        mark.set_x(place / 7 * (28 + GAP) - 1)
        here = jumps[min(place, len(jumps) - 1)]
        whole = np.sqrt(np.mean((path[-1] - path[0]) ** 2))
        return (f"{place / 56:.0%} of the way. One step further the picture changes by {here:.3f} a pixel; the largest "
                f"such change on the way is {jumps.max():.3f}, from start to end it is {whole:.3f}.")

    return InteractiveFigure(figure, update, name="A walk between two digits", controls={
        "place": slider("place on the way", 0, 56, 28)})


def filled(recording):
    """Recorded holes: the digit, what was visible, what the generator filled in, and the mean picture in its place."""
    from course_utils.keras_tools.gan_uses import mean_fill

    arrays = getattr(recording, "arrays", recording)
    kinds = list(map(str, arrays["mask"]))
    figure, axes = style.figure(1, 4, size=(10.4, 3.1))
    shows = [tiles(one, np.zeros((1, 28, 28)), 1, title) for one, title in
             zip(axes, ("the digit", "visible", "filled", "mean picture"), strict=True)]

    def update(kind, which):
        row = kinds.index(kind)
        mask, digit = arrays["masks"][row], _floats(arrays["pictures"])[which : which + 1]
        made = _floats(arrays["filled"])[row, which : which + 1]
        for show, picture in zip(shows, (digit, np.where(mask, 0.5, digit), made, mean_fill(digit, mask)), strict=True):
            show(picture)
        error, mean = arrays["error"][row, which], arrays["mean_error"][row, which]
        better = np.mean(arrays["error"][row] < arrays["mean_error"][row])
        return (f"{kind}, digit {which}: error on the hidden part {error:.2f}, with the mean picture {mean:.2f}. Over "
                f"{len(arrays['pictures'])} digits the generator is better on {better:.0%}.")

    return InteractiveFigure(figure, update, name="Filling the hole", controls={
        "kind": choice("what is hidden", kinds),
        "which": slider("digit", 0, len(arrays["pictures"]) - 1, 3)})


def own_hole(model, pictures):
    """A hole of one's own, and a button that searches: `fill` runs when it is pressed."""
    from course_utils.keras_tools.gan_uses import fill, hidden_error, mean_fill

    figure, axes = style.figure(1, 3, size=(8.4, 3.3))
    shows = [tiles(one, np.zeros((1, 28, 28)), 1, title) for one, title in
             zip(axes, ("the digit", "visible", "filled"), strict=True)]
    pictures = _floats(pictures)
    found = {}

    def mask_of(top, bottom, left, right):
        mask = np.zeros((28, 28), bool)
        mask[top:bottom, left:right] = True
        return mask

    def update(which, top, bottom, left, right):
        now = which, top, bottom, left, right
        mask, digit = mask_of(*now[1:]), pictures[which : which + 1]
        for show, picture in zip(shows, (digit, np.where(mask, 0.5, digit), found.get(now, np.full((1, 28, 28), 0.5))),
                                 strict=True):
            show(picture)
        hidden = f"{mask.sum()} of 784 pixels are hidden."
        if found.get("trouble", (None, ""))[0] == now:
            return found["trouble"][1]
        if now not in found:
            return f"{hidden} Press Search."
        errors = [hidden_error(some, digit, mask)[0] for some in (found[now], mean_fill(digit, mask))]
        return f"{hidden} Error there {errors[0]:.2f}, with the mean picture {errors[1]:.2f}."

    def search():
        now = tuple(shown.values.values())
        try:
            found[now] = fill(model, pictures[now[0] : now[0] + 1], mask_of(*now[1:]), steps=100)[0]
        except ValueError as trouble:
            found["trouble"] = now, str(trouble)

    shown = InteractiveFigure(figure, update, name="A hole of your own", controls={
        "which": slider("digit", 0, len(pictures) - 1, 0), "top": slider("hidden from row", 0, 28, 10),
        "bottom": slider("to row", 0, 28, 20), "left": slider("from column", 0, 28, 6),
        "right": slider("to column", 0, 28, 22)}, actions={"Search": search})
    return shown


def two_worlds(recording):
    """Thin digits sent to the thick world and back, with and without the cycle loss."""
    arrays = getattr(recording, "arrays", recording)
    ways = list(map(str, arrays["ways"]))
    figure, axes = style.figure(3, 1, size=(8.6, 3.4))
    count = min(10, len(arrays["thin"]))
    shows = [tiles(one, np.zeros((count, 28, 28)), count) for one in axes]
    for one, label in zip(axes, ("thin", "there", "back"), strict=True):
        one.set_ylabel(label, rotation=0, ha="right", va="center")

    def update(way):
        row = ways.index(way)
        for show, pictures in zip(shows, (arrays["thin"], arrays["there"][row], arrays["returned"][row]), strict=True):
            show(_floats(pictures[:count]))
        said = {name: ", ".join(f"{value:.2f}" for value in arrays[name][row])
                for name in ("return_error", "changed", "kept")}
        return (f"{way}, three seeds: returned with an error of {said['return_error']} a pixel; changed to thick "
                f"{said['changed']}; still the same digit {said['kept']}.")

    return InteractiveFigure(figure, update, name="Two worlds", controls={"way": choice("trained", ways)})
