"""The figures of lesson 09 that show one picture explained: seven maps of a drawing, and a path to it."""
import asyncio

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from . import style
from .interactive import InteractiveFigure, choice, slider
from .pad import Pad
from .painter import cells

# Against the label, nothing, for the label.
MAP = LinearSegmentedColormap.from_list("saliency", [style.COLORS["blue"], "#F7F7F7", style.COLORS["vermillion"]])
ANSWER = "its answer"
CLASSES = [str(number) for number in range(10)]
PRICES = (0.25, 0.5, 1.0, 2.0, 4.0)  # of the blurred area
SLOW = ("SmoothGrad", "occlusion", "perturbation")  # half a second together; the other four follow the pen
REST, LONG_REST = 0.12, 1.2  # seconds without a stroke after which the quick maps, and the slow ones, are made anew
NEIGHBORS = ("upper left", "upper middle", "upper right", "middle left", "center", "middle right", "lower left",
             "lower middle", "lower right")


def bare(axes, title=""):
    """An axes without numbers, for a picture."""
    axes.set(xticks=[], yticks=[], title=title)
    axes.spines[:].set_visible(True)
    return axes


def ink(axes, picture, title="", low=0.0, high=1.0):
    """Show a picture as ink on paper; returns the artist."""
    return cells(bare(axes, title).imshow(picture, "gray_r", vmin=low, vmax=high))


def show_map(artist, values, cut=100.0):
    """Put a map into an artist; the colors end at the given percentile of its strengths."""
    end = max(float(np.percentile(np.abs(values), cut)), 1e-9)
    artist.set_data(values)
    artist.set_clim(-end, end)


def where(values):
    """In which ninth of the picture most of a map's strength lies, in words."""
    rows, columns = (np.array_split(np.arange(side), 3) for side in values.shape)
    parts = [np.abs(values)[np.ix_(r, c)].mean() for r in rows for c in columns]
    return NEIGHBORS[int(np.argmax(parts))] if max(parts) > 0 else "nowhere"


def one_by_one(pictures, titles, words, columns=8):
    """A static sheet of small pictures with titles."""
    rows = -(-len(pictures) // columns)
    figure, axes = style.figure(rows, columns, size=(10.4, 1.6 * rows + 0.3), squeeze=False)
    for one in axes.flat[len(pictures):]:
        one.set_visible(False)
    for one, picture, title in zip(axes.flat, pictures, titles, strict=False):
        ink(one, picture, title, low=float(np.min(picture)), high=float(np.max(picture)))
    return style.show(figure, words)


def maps_row(picture, maps, words):
    """A static row: the picture, then maps by name."""
    figure, axes = style.figure(1, 1 + len(maps), size=(2.6 * (1 + len(maps)), 2.9))
    ink(axes[0], picture, "picture")
    for one, (name, values) in zip(axes[1:], maps.items(), strict=True):
        show_map(bare(one, name).imshow(values, MAP), values)
    return style.show(figure, words)


class Drawing:
    """A pad whose drawing a network reads while it grows: `pad` is the pad, `image` (1, 28, 28, 1) what it sees."""

    def __init__(self, model, start):
        self.model, self.on_change = model, None  # on_change(): called after every change by the reader's hand
        self.pad = Pad("your digit", on_change=self._drawn)
        self.pad.fill(start)
        self._read(start)

    def _read(self, _):
        self.pad.words(self.words())
        self.pad.refresh()

    def _drawn(self, picture):
        self._read(picture)
        if self.on_change is not None:
            self.on_change()

    @property
    def image(self):
        return self.pad.fitted().astype(np.float32)[None, ..., None]

    @property
    def logits(self):
        import keras

        return keras.ops.convert_to_numpy(self.model(self.image, training=False))[0]

    def follow(self, *actions):
        """Have (seconds, function) pairs done whenever the pen has rested for so long; each stroke begins the wait."""
        waiting = []

        def touched():
            while waiting:
                waiting.pop().cancel()
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:  # a plain script: nobody watches
                return
            waiting.extend(loop.call_later(seconds, act) for seconds, act in actions)

        self.on_change = touched

    def words(self):
        """What the network reads, with the two largest logits."""
        z = self.logits
        first, second = np.argsort(z)[::-1][:2]
        words = f"The network reads {first} (logit {z[first]:.1f}), then {second} (logit {z[second]:.1f})."
        return style.minus(words)


def seven_maps(drawing):
    """Seven explanations of the drawing side by side, one slider each; only the map of a moved slider is made anew.

    The quick ones follow the drawing when the pen rests, the SLOW ones after a longer rest; until then they are pale.
    """
    from course_utils.keras_tools import saliency as methods

    figure, axes = style.figure(2, 4, size=(9.6, 5.4))
    picture = ink(axes[0, 0], np.zeros((28, 28)), "your drawing")
    names = list(methods.METHODS)
    artists = {name: cells(bare(one, name).imshow(np.zeros((28, 28)), MAP))
               for name, one in zip(names, axes.flat[1:], strict=True)}
    model, kept, explained_now = drawing.model, {}, {}  # method -> (picture that it explains, what the network reads)

    def explain(slow=True):
        now = drawing.image, int(drawing.logits.argmax())
        for name in names:
            if slow or name not in SLOW:
                explained_now[name] = now
                kept[name] = {}

    def made(name, value, explained):
        image, answer = explained_now[name]
        label = answer if explained == ANSWER else int(explained)
        if (value, label) not in kept[name]:
            labels = np.array([label])
            if name == "perturbation":  # all prices at once: one search takes as long as five
                found = methods.meaningful_perturbation(model, np.repeat(image, len(PRICES), axis=0),
                                                        np.repeat(labels, len(PRICES)), area=PRICES)
                kept[name].update({(k + 1, label): values for k, values in enumerate(methods.flat(found))})
            else:
                options = {"gradient": {}, "SmoothGrad": {"noise": value}, "integrated gradients": {"steps": value},
                           "Grad-CAM": {"layer": f"conv_{value}"}, "guided backprop": {"guidance": value},
                           "occlusion": {"size": value}}[name]
                kept[name][value, label] = methods.flat(methods.METHODS[name](model, image, labels, **options))[0]
        return kept[name][value, label]

    def update(explained, cut, noise, steps, layer, guidance, size, price):
        image, answer = explained_now["gradient"]
        picture.set_data(image[0, ..., 0])
        maps = {name: made(name, value, explained)
                for name, value in zip(names, (None, noise, steps, layer, guidance, size, price), strict=True)}
        late = [name for name in names if explained_now[name][0] is not image]
        for name in names:
            show_map(artists[name], maps[name], cut if name == "gradient" else 100)
            artists[name].set_alpha(0.3 if name in late else None)
        strongest = ", ".join(f"{name} {where(maps[name])}" for name in names if name not in late)
        pale = f" Still of the drawing before, and pale: {', '.join(late)}." if late else ""
        label = answer if explained == ANSWER else explained
        return f"Explained: the logit of {label}, the network reads {answer}. Strongest: {strongest}.{pale}"

    explain()
    shown = InteractiveFigure(figure, update, name="Seven explanations", actions={"Explain my drawing": explain},
                              controls={
        "explained": choice("explain", [ANSWER, *CLASSES]),
        "cut": slider("gradient: colors end at", 80, 100, 100, 2, "%"),
        "noise": slider("SmoothGrad: noise", 0.0, 0.6, 0.15, 0.05),
        "steps": slider("integrated: steps", 1, 64, 32, 1),
        "layer": slider("Grad-CAM: layer", 1, 2, 2), "guidance": slider("guided: how much", 0.0, 1.0, 1.0, 0.25),
        "size": slider("occlusion: square", 2, 12, 5), "price": slider("perturbation: price of area", 1, 5, 3)})

    def catch_up(slow):
        if not shown._closed:
            explain(slow)
            shown._guarded(shown.refresh)

    drawing.follow((REST, lambda: catch_up(False)), (LONG_REST, lambda: catch_up(True)))
    return shown


def path(model, image, label):
    """Walk the path of integrated gradients from empty paper to the picture, cut into as many points as you like."""
    from course_utils.keras_tools import saliency as methods

    image, labels = np.asarray(image, np.float32)[None], np.array([label])
    along = np.linspace(0, 1, 101, dtype=np.float32)
    logits = methods.logits(model, along[:, None, None, None] * image)[:, label]
    figure, (left, middle, right) = style.figure(1, 3, size=(10.4, 3.7), width_ratios=(1, 1.3, 1))
    picture = ink(left, image[0, ..., 0])
    middle.plot(along, logits, color=style.COLORS["grey"], linestyle="-", label="logit")
    here, = middle.plot([], [], "o", color=style.COLORS["vermillion"], markersize=12)
    points, = middle.plot([], [], "|", color=style.COLORS["blue"], markersize=12, label="points asked")
    middle.set(xlabel="share of the way", title=f"logit of {label}")
    middle.legend(loc="upper left")
    artist = cells(bare(right, "map").imshow(image[0, ..., 0], MAP))
    kept = {}

    def update(way, steps):
        if steps not in kept:
            kept[steps] = methods.integrated_gradients(model, image, labels, steps=steps)[0, ..., 0]
        picture.set_data(way / 100 * image[0, ..., 0])
        left.set_title(f"{way} % of the way")
        here.set_data([way / 100], [logits[way]])
        at = (np.arange(steps) + 0.5) / steps
        points.set_data(at, np.full(steps, logits.min()))
        show_map(artist, kept[steps])
        total, truth = float(kept[steps].sum()), float(logits[-1] - logits[0])
        return style.minus(
                f"{way} % of the way from empty paper: logit {logits[way]:.2f}. With {steps} points the map sums to "
                f"{total:.3f}; the logit rises by {truth:.3f}; off by {abs(total - truth):.3f}.")

    return InteractiveFigure(figure, update, name="A path of pictures", controls={
        "way": slider("way", 0, 100, 60, 1, "%"), "steps": slider("points", 1, 64, 4, 1)})
