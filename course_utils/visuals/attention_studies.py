"""The figures of lesson 06 about trained networks: translation, its crossing, induction, writing, cost."""
import numpy as np

from course_utils.datasets.text import german, number_words

from . import style
from .interactive import InteractiveFigure, choice, slider, text, toggle
from .style import minus
from .typed import typed

LOOKS = (("blue", "-", "o"), ("vermillion", "--", "s"), ("green", "-.", "^"))


TO = ("English", "digits")  # the two columns of the recordings


def by_length(recordings, to="digits"):
    """Translators, {name: recording}: the share exactly right against the length of the German word, as bars."""
    edges = next(iter(recordings.values())).arrays["edges"]
    names = [f"{low + 1} to {high}" for low, high in zip((0, *edges[:-1]), edges, strict=True)]
    figure, axes = style.figure(size=(9.2, 3.9))
    width, told = 0.8 / len(recordings), []
    for number, (name, recording) in enumerate(recordings.items()):
        exact, color = recording.arrays["by_letters"][:, TO.index(to)], ("blue", "orange", "green")[number]
        places = np.arange(len(names)) + (number - (len(recordings) - 1) / 2) * width
        axes.bar(places, exact, width, color=style.COLORS[color], hatch=("", "//", "..")[number], edgecolor="white",
                 label=name)
        for place, share in zip(places, exact, strict=True):
            axes.text(place, share + 0.02, f"{share:.2f}", ha="center", fontsize=10)
        told.append(f"{name}: " + ", ".join(f"{n} letters {share:.2f}" for n, share in zip(names, exact, strict=True)))
    floor = float(recording.arrays["floor"])
    axes.axhline(1, color=style.COLORS["grey"], linestyle="-", linewidth=1.5, label="ceiling: the rules, 1")
    axes.axhline(floor, color=style.COLORS["vermillion"], linestyle="--", label=f"floor: word by word, {floor:.2f}")
    axes.set(xlabel="letters of the German word", ylabel="share exactly right", ylim=(0, 1.1))
    axes.set_xticks(range(len(names)), names)
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=11)
    return style.show(figure, f"Share of unseen numbers put into {to} without a mistake. {'; '.join(told)}. Floor "
                              f"{floor:.2f}, ceiling 1.")


def comparison(recordings):
    """Translators, {name: recording}: exact match by training step, by letters of the word, by digits of the number."""
    arrays = {name: recording.arrays for name, recording in recordings.items()}
    views = {"training steps": "exact", "letters of the word": "by_letters", "digits of the number": "by_digits"}
    figure, axes = style.figure(size=(9.4, 4.3))
    lines = {name: axes.plot([], [], color=style.COLORS[color], linestyle=dashes, marker=marker,
                             label=f"{name},\n{int(each['parameters']) / 1000:.0f} thousand weights")[0]
             for (name, each), (color, dashes, marker) in zip(arrays.items(), LOOKS, strict=True)}
    floor = float(next(iter(arrays.values()))["floor"])
    axes.axhline(floor, color=style.COLORS["grey"], linestyle=":", label="floor: word by word")
    axes.axhline(1, color=style.COLORS["grey"], linestyle="-", linewidth=1.2, label="ceiling: the rules")
    axes.set(ylabel="share exactly right", ylim=(-0.03, 1.06))
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=11)

    def update(against, to):
        key, column = views[against], TO.index(to)
        along = {name: {"exact": each["steps"], "by_letters": each["edges"], "by_digits": np.arange(2, 7)}[key]
                 for name, each in arrays.items()}
        for name, line in lines.items():
            line.set_data(along[name], arrays[name][key][:, column])
        low, high = min(x[0] for x in along.values()), max(x[-1] for x in along.values())
        axes.set(xlabel=against, xlim=(low - 0.04 * (high - low), high + 0.04 * (high - low)))
        told = "; ".join(f"{name} {each[key][0, column]:.2f} first, {each[key][-1, column]:.2f} last"
                         for name, each in arrays.items())
        return f"Into {to}, exact match on unseen numbers against {against}: {told}. Floor {floor:.2f}, ceiling 1."

    return InteractiveFigure(figure, update, name="Three translators", controls={
        "against": choice("against", list(views)), "to": choice("into", TO, "digits")})


def read_number(entry):
    """(number, German words) of what the reader typed, digits or a word; the number is None if the word means none."""
    from course_utils.keras_tools.translation import number_of

    entry = entry.strip().lower().replace(",", "")
    if not entry:
        raise ValueError("Nothing is typed: type a number such as 721, or a German number word.")
    if entry.lstrip("-−").isdecimal():
        number = int(entry.replace("−", "-")) if len(entry) < 30 else 10**30
        if not 0 <= number <= 999_999:
            shown = f"{number:,}" if len(entry) < 12 else f"of {len(entry)} digits"
            raise ValueError(f"The number {minus(shown)} is outside the range: type one from 0 to 999,999.")
        return number, german(number)
    return number_of(entry), entry


def cross_map(translator, start="754"):
    """Where each head of the decoder looks in the German word; the letters of the ones can be covered."""
    from course_utils.keras_tools.translation import crosses, ones_letters

    blocks, count = translator.shape()
    views = {f"block {b}, {f'head {h}' if h else 'mean of its heads'}": (b - 1, h - 1)
             for b in range(1, blocks + 1) for h in range(count + 1)}
    figure, axes = style.figure(size=(9.8, 5.0))
    image = axes.imshow(np.zeros((1, 1)), cmap="Blues", vmin=0, vmax=1, aspect="auto", extent=(-0.5, 0.5, 0.5, -0.5))
    axes.set(xlabel="German, read", ylabel="English, written from top to bottom")
    cover = axes.axvspan(0, 0, color=style.COLORS["orange"], alpha=0.45, hatch="//", visible=False)
    state = {"told": ""}

    def update(entry, view, covered):
        try:
            number, words = read_number(entry)
            hidden = ones_letters(number) if covered and number is not None and crosses(number) else None
            looked = translator.look(words)
            blind = translator.translate([words], hide=[hidden])[0] if hidden is not None else None
        except ValueError as trouble:
            return f"{trouble} The picture still shows the entry before. {state['told']}"
        block, head = views[view]
        heads = looked["weights"][f"decoder/{block}/cross"]
        weights = heads.mean(axis=0) if head < 0 else heads[head]
        rows, columns = weights.shape
        image.set_data(weights)
        image.set_extent((-0.5, columns - 0.5, rows - 0.5, -0.5))
        image.set_clim(0, max(0.3, weights.max()))
        axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
        axes.set_xticks(range(columns), list(words), fontsize=11 if columns < 45 else 9)
        axes.set_yticks(range(rows), [letter.replace(" ", "␣") for letter in looked["answer"]] + ["end"],
                        fontsize=11 if rows < 30 else 8)
        cover.set_visible(hidden is not None)
        if hidden is not None:
            places = np.flatnonzero(hidden)
            cover.set(x=places[0] - 0.5, width=len(places))
        right = (", though it is no number word as the course spells them: no answer is right" if number is None else
                 ", which is right" if looked["answer"] == number_words(number)[1] else
                 f"; right would be “{number_words(number)[1]}”")
        note = ""
        if covered:
            note = (f" With the letters of the ones covered it is “{blind}”." if hidden is not None else
                    " Nothing can be covered here: type a number such as 54, whose last two digits change places.")
        state["told"] = f"“{words}” is translated as “{looked['answer']}”{right}.{note}"
        return state["told"]

    return InteractiveFigure(figure, update, name="Where the decoder looks", controls={
        "entry": text("number or German word (Enter)", start),
        "view": choice("shown", list(views), list(views)[-1]),
        "covered": toggle("cover the letters of the ones")})


PLACES = ("ones", "tens", "hundreds", "thousands", "ten thousands", "hundred thousands")


def crossing_bars(before, after):
    """Share right for each decimal digit, with the German word whole and with the letters of the ones covered."""
    figure, axes = style.figure(size=(9.0, 3.8))
    x = np.arange(6)
    axes.bar(x - 0.2, before, 0.4, color=style.COLORS["blue"], label="whole word")
    axes.bar(x + 0.2, after, 0.4, color=style.COLORS["orange"], hatch="//", edgecolor="white", label="ones covered")
    axes.axhline(0.1, color=style.COLORS["grey"], linestyle=":", label="guessing one of ten")
    axes.set_xticks(x, [place.replace(" ", "\n") for place in PLACES])
    axes.set(ylabel="share right", ylim=(0, 1.05))
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    told = ", ".join(f"{place} {b:.2f} and {a:.2f}" for place, b, a in zip(PLACES, before, after, strict=True))
    return style.show(figure, f"Share of each digit that is right, whole word and ones covered: {told}.")


def induction_heads(copier, start="cabfdecabfde"):
    """Four heads with a slider each, from off to on: what they look at, what is written, and the accuracy."""
    from course_utils.keras_tools.induction import LETTERS

    figure, axes = style.figure(2, 3, size=(9.8, 6.0), width_ratios=(1, 1, 1.1))
    maps = []
    for layer, head in ((0, 0), (0, 1), (1, 0), (1, 1)):
        panel = axes[layer, head]
        maps.append((panel, panel.imshow(np.zeros((1, 1)), cmap="Blues", vmin=0, vmax=1,
                                         extent=(-0.5, 0.5, 0.5, -0.5))))
        panel.set_title(f"layer {layer + 1}, head {head + 1}", fontsize=13)
        panel.spines[:].set_visible(True)
    said, scores = axes[0, 2], axes[1, 2]
    said.axis("off")
    said.set_title("after each letter it expects", fontsize=13)
    said.set(xlim=(0, 1), ylim=(0, 1))
    lines = typed(said, 0, 0.95, "", va="top", fontsize=12)
    unseen = 60  # texts: fewer than in the recording, because a slider waits for them
    best, guess = copier.accuracy(n=unseen), 1 / len(LETTERS)
    bars = scores.barh(["all on", "now", "guessing"], [best, 0, guess],
                       color=[style.COLORS[c] for c in ("blue", "orange", "grey")])
    told = [scores.text(0, i, "", va="center", fontsize=12) for i in range(3)]
    scores.set(xlim=(0, 1.25), ylim=(2.6, -0.6), title=f"accuracy, {unseen} unseen texts")
    state = {"told": "", "entry": None}

    def update(entry, **sliders):
        gates = np.array([sliders[name] for name in ("a", "b", "c", "d")]).reshape(2, 2)
        try:
            weights, probabilities = copier.look(entry, gates), copier.predict(entry, gates)
        except ValueError as trouble:
            return f"{trouble} The picture still shows the text before. {state['told']}"
        n = len(entry)
        for (panel, image), table in zip(maps, weights.reshape(4, n, n), strict=True):
            image.set_data(table)
            if entry == state["entry"]:
                continue  # the frame of the picture can stay
            image.set_extent((-0.5, n - 0.5, n - 0.5, -0.5))
            panel.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
            size = 11 if n <= 16 else 7
            panel.set_xticks(range(n), list(entry), fontsize=size)
            panel.set_yticks(range(n), list(entry), fontsize=size)
        state["entry"] = entry
        written = "".join(LETTERS[i] for i in probabilities.argmax(axis=1))
        lines.set_text("reads   " + entry[:22] + "\nexpects " + written[:22])
        now = copier.accuracy(gates, n=unseen)
        for bar, label, value in zip(bars, told, (best, now, guess), strict=True):
            bar.set_width(value)
            label.set(x=value + 0.03, text=f"{value:.2f}")
        off = [f"layer {i + 1} head {j + 1}" for i, j in np.argwhere(gates == 0)]
        state["told"] = (f"Switched off: {', '.join(off) or 'none'}. Accuracy where the next letter can be known: "
                         f"{now:.2f}. After “{entry}” it expects “{written[-1]}” "
                         f"({probabilities[-1].max():.2f}).")
        return state["told"]

    gates = {name: slider(f"layer {i}, head {j}", 0.0, 1.0, 1.0, 0.25)
             for name, (i, j) in zip("abcd", ((1, 1), (1, 2), (2, 1), (2, 2)), strict=True)}
    return InteractiveFigure(figure, update, name="Heads to switch off", controls={
        "entry": text("text (Enter)", start), **gates})


def combinations(recording):
    """The accuracy for each way of switching heads off, the best first."""
    arrays = recording.arrays
    on, accuracy = arrays["combinations"].reshape(16, 4), arrays["combination_accuracy"]
    order = np.argsort(-accuracy, kind="stable")
    figure, (grid, axes) = style.figure(1, 2, size=(9.2, 5.2), width_ratios=(1, 1.7), sharey=True)
    grid.imshow(on[order], cmap="Blues", vmin=0, vmax=2.4, aspect="auto")
    for row, col in np.ndindex(16, 4):
        grid.text(col, row, "on" if on[order][row, col] else "off", ha="center", va="center", fontsize=11)
    grid.set_xticks(range(4), ["1.1", "1.2", "2.1", "2.2"])
    grid.set(title="layer.head", yticks=[])
    axes.barh(range(16), accuracy[order], color=style.COLORS["blue"])
    for row, value in enumerate(accuracy[order]):
        axes.text(value + 0.01, row, f"{value:.2f}", va="center", fontsize=11)
    floor = float(arrays["floor"])
    axes.axvline(floor, color=style.COLORS["vermillion"], linestyle="--", label=f"guessing, {floor:.2f}")
    axes.set(xlim=(0, 1.1), xlabel="accuracy where the next letter can be known")
    axes.legend(loc="lower right")
    told = "; ".join("".join("on " if x else "off " for x in on[i]).strip() + f" {accuracy[i]:.2f}" for i in order)
    return style.show(figure, f"Accuracy for each combination of the heads 1.1, 1.2, 2.1, 2.2: {told}.")


def induction_course(recording):
    """Training of the copier: accuracy, and how much weight its heads give to the letter before and by induction."""
    arrays, steps = recording.arrays, recording.steps
    figure, axes = style.figure(size=(8.8, 4.0))
    rows = len(steps)
    axes.plot(steps, arrays["accuracy"], label="accuracy")
    axes.plot(steps, arrays["previous"].reshape(rows, 4).max(axis=1), label="to the letter before, best head")
    axes.plot(steps, arrays["induction"].reshape(rows, 4).max(axis=1), label="to what came after, best head")
    axes.set(xlabel="step", ylabel="share", ylim=(0, 1.05))
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    told = "; ".join(f"step {steps[i]} accuracy {arrays['accuracy'][i]:.2f}" for i in (0, rows // 4, rows // 2, -1))
    return style.show(figure, f"Training of the copier: {told}.")


def next_letter(writer, start="<list><item><b>"):
    """What the model would write next, after temperature, top-k and top-p; kept letters are orange."""
    figure, axes = style.figure(size=(9.6, 4.0))
    first = writer.probabilities("<")
    count = min(12, len(first))
    bars = axes.bar(range(count), np.zeros(count), edgecolor=style.COLORS["ink"])
    ghosts = axes.plot([], [], "_", color=style.COLORS["ink"], markersize=22, markeredgewidth=2.5,
                       label="as the model gave it", linestyle="none")[0]
    axes.set(ylim=(0, 1.05), ylabel="probability", xlim=(-0.6, count - 0.4))
    axes.legend(loc="upper right")
    state = {"told": ""}

    def update(entry, temperature, top_k, top_p):
        try:
            plain = writer.probabilities(entry)
            now = writer.probabilities(entry, temperature=temperature, top_k=top_k or None, top_p=top_p)
        except ValueError as trouble:
            return f"{trouble} The picture still shows the text before. {state['told']}"
        order = np.argsort(-plain)[:count]
        for bar, value in zip(bars, now[order], strict=True):
            bar.set_height(value)
            bar.set_facecolor(style.COLORS["orange" if value > 0 else "grey"])
        ghosts.set_data(range(count), plain[order])
        names = [writer.letters[i].replace(" ", "␣").replace("\n", "end") for i in order]
        if names != state.get("names"):  # else the frame of the picture can stay
            state["names"] = names
            axes.set_xticks(range(count), names)
        kept = int(np.sum(now > 0))
        bits = np.sum(now[now > 0] * np.log2(1 / now[now > 0]))
        state["told"] = (f"After “{entry[-24:]}” {kept} of {len(now)} letters may come; the likeliest is "
                         f"“{writer.letters[now.argmax()].strip() or 'blank or end'}” with {now.max():.2f}. "
                         f"Entropy {bits:.2f} bits.")
        return state["told"]

    return InteractiveFigure(figure, update, name="The next letter", controls={
        "entry": text("text so far (Enter)", start), "temperature": slider("temperature", 0.2, 3.0, 1.0, 0.1),
        "top_k": slider("top-k (0: all)", 0, count, 0), "top_p": slider("top-p", 0.1, 1.0, 1.0, 0.05)})


def two_writers(recording, lstm):
    """Share of good documents over the training steps, with floor and ceiling. lstm: its (steps, shares)."""
    arrays, steps = recording.arrays, recording.steps
    figure, axes = style.figure(size=(8.8, 4.0))
    axes.plot(steps, arrays["share"], marker="^", color=style.COLORS["green"], linestyle="-.", label="Transformer")
    axes.plot(*lstm, marker="o", color=style.COLORS["blue"], linestyle="-", label="LSTM")
    for name in ("floor", "ceiling"):
        axes.axhline(float(arrays[name]), color=style.COLORS["grey"], linestyle=":", label=f"{name}")
    axes.set(xlabel="training step", ylabel="share of good documents", ylim=(-0.03, 1.05))
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    told = "; ".join(f"{name}: " + ", ".join(f"step {step} {share:.2f}" for step, share in zip(*curve, strict=True))
                     for name, curve in (("Transformer", (steps, arrays["share"])), ("LSTM", lstm)))
    return style.show(figure, f"Share of good documents. {told}.")


def cost(recording):
    """Seconds of a forward pass, or multiplications counted, against the length of the text; logarithmic axes."""
    arrays = recording.arrays
    lengths, views = arrays["lengths"], {"seconds measured": "seconds", "multiplications counted": "multiplications"}
    figure, axes = style.figure(size=(8.8, 4.2))
    lines = [axes.plot([], [], color=style.COLORS[color], linestyle=dashes, marker=marker, label=str(kind))[0]
             for kind, (color, dashes, marker) in zip(arrays["kinds"], LOOKS, strict=True)]
    axes.set(xscale="log", yscale="log", xlabel="letters of the text", xlim=(lengths[0] / 1.3, lengths[-1] * 1.3))
    axes.set_xticks(lengths, [str(n) for n in lengths])
    axes.xaxis.minorticks_off()
    axes.legend(loc="upper left")

    def update(shown):
        table = arrays[views[shown]]
        for line, row in zip(lines, table, strict=True):
            line.set_data(lengths, row)
        axes.set(ylabel=shown, ylim=(table.min() / 2, table.max() * 2))
        told = "; ".join(f"{kind} from {row[0]:.2g} to {row[-1]:.2g}, {row[-1] / row[0]:.0f} times as much"
                         for kind, row in zip(arrays["kinds"], table, strict=True))
        return f"{shown} for texts of {lengths[0]} to {lengths[-1]} letters. {told}."

    return InteractiveFigure(figure, update, name="What length costs", controls={"shown": choice("show", list(views))})
