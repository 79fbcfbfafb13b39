"""The figures of lesson 09 about what neurons want to see: grown pictures, the quiz, the features, dreams, and text."""
import itertools

import numpy as np

from . import style
from .interactive import InteractiveFigure, choice, slider, toggle
from .saliency import CLASSES, MAP, bare, ink, show_map

SWITCHES = {"decay": 0.02, "blur": 0.7, "small_norm": 0.4, "small_contribution": 0.4}
ON = ("decay", "blur", "norm", "contribution")
DREAM_STEPS = (1, 2, 4, 8)
ROUNDS = 20


def wanted(model, steps=60, seed=0):
    """Ten pictures grown from the same noise, one a class, with the four regularizations on switches."""
    from course_utils.keras_tools.feature_visualization import activation_maximization, responses

    combinations = np.array(list(itertools.product((0, 1), repeat=4)))
    each = np.repeat(combinations, 10, axis=0)
    options = {name: value * each[:, k] for k, (name, value) in enumerate(SWITCHES.items())}
    units = np.tile(np.arange(10), 16)
    grown = activation_maximization(model, units, steps=steps, seed=seed, **options)
    logits = responses(model, grown, units).reshape(16, 10)
    grown = grown.reshape(16, 10, *grown.shape[1:3])
    figure, axes = style.figure(2, 5, size=(9.6, 4.6))
    artists = [ink(one, grown[0, k], str(k)) for k, one in enumerate(axes.flat)]

    def update(**on):
        row = int(np.flatnonzero((combinations == [on[name] for name in SWITCHES]).all(axis=1))[0])
        for k, (one, artist) in enumerate(zip(axes.flat, artists, strict=True)):
            artist.set_data(grown[row, k])
            one.set_title(f"{k}: {logits[row, k]:.0f}")
        names = [word for word, name in zip(ON, SWITCHES, strict=True) if on[name]]
        amount = np.mean(grown[row] > 0.05)
        return (f"On: {', '.join(names) or 'nothing'}. Logits {logits[row].min():.0f} to {logits[row].max():.0f}, mean "
                f"{logits[row].mean():.1f}; ink on {amount:.0%} of the pixels.".replace("-", "−"))

    return InteractiveFigure(figure, update, name="What each class wants to see", controls={
        "decay": toggle("L2 decay"), "blur": toggle("Gaussian blur"),
        "small_norm": toggle("clip pixels of small norm"),
        "small_contribution": toggle("clip pixels of small contribution")})


class Quiz:
    """Which class is this? The reader against a second network, on pictures grown for the first.

    Plain state: `asked`, `yours`, `its` (points), `number` (the picture now), `classes` (the answers).
    """

    def __init__(self, model, rival, seed=3, rounds=ROUNDS):
        from course_utils.keras_tools.feature_visualization import activation_maximization
        from course_utils.keras_tools.saliency import logits

        rng = np.random.default_rng(seed)
        self.classes = rng.permutation(np.tile(np.arange(10), -(-rounds // 10)))[:rounds]
        on = rng.integers(0, 2, (4, rounds))
        options = {name: value * on[k] for k, (name, value) in enumerate(SWITCHES.items())}
        self.pictures = activation_maximization(model, self.classes, steps=50, seed=seed, **options)
        self.rival = logits(rival, self.pictures).argmax(axis=1)
        self.asked = self.yours = self.its = self.number = 0
        self.told = "Which class did the network want to see?"
        figure, axes = style.figure(size=(5.2, 4.4))
        self.axes, self.artist = axes, ink(axes, self.pictures[0, ..., 0])
        self.figure = InteractiveFigure(figure, self._show, name="Deep quiz", controls={
            "guess": choice("your answer", CLASSES)}, actions={"That is my answer": self.answer})

    def answer(self):
        """Count the answer that is chosen, say what was right, and go to the next picture."""
        if self.asked == len(self.classes):
            self.asked = self.yours = self.its = self.number = 0
            self.told = "A new game."
            return
        right, guess, rival = self.classes[self.number], int(self.figure.values["guess"]), self.rival[self.number]
        self.asked, self.yours, self.its = self.asked + 1, self.yours + (guess == right), self.its + (rival == right)
        self.told = f"Picture {self.asked} was a {right}: you said {guess}, the second network {rival}."
        self.number = min(self.asked, len(self.classes) - 1)

    def _show(self, guess):
        self.artist.set_data(self.pictures[self.number, ..., 0])
        over = self.asked == len(self.classes)
        self.axes.set_title("the end" if over else f"picture {self.number + 1} of {len(self.classes)}")
        score = f"You {self.yours}, the second network {self.its}, guessing about {self.asked / 10:g}, of {self.asked}."
        return f"{self.told} {score}" + (" Press once more to start again." if over else "")


def quiz(model, rival):
    """The interactive figure of a fresh `Quiz`."""
    return Quiz(model, rival).figure


def features(model, pictures, layers=("conv_1", "conv_2", "logits"), best=6):
    """Layer by layer: what a unit wants to see, and the pieces of real pictures that please it most."""
    from course_utils.keras_tools.feature_visualization import activation_maximization, field_of_view

    found = {}
    for layer in layers:
        units = np.arange(model.get_layer(layer).output.shape[-1])
        grown = activation_maximization(model, units, layer, steps=40, decay=0.01)[..., 0]
        view = field_of_view(model, layer) if layer != "logits" else (slice(None),) * 2
        found[layer] = grown[(slice(None), *view)], _best_pieces(model, pictures, layer, view, best)
    figure, axes = style.figure(2, 4, size=(9.6, 5.0))
    empty = np.zeros((2, 2))
    artists = [ink(one, empty, "wants" if not k else f"real {k}") for k, one in enumerate(axes.flat)]
    most = max(len(grown) for grown, _ in found.values())
    axes.flat[-1].set_visible(best == 7)

    def update(layer, unit):
        grown, pieces = found[layer]
        unit = (unit - 1) % len(grown)
        shown = [grown[unit], *pieces[unit]]
        for artist, picture in zip(artists, shown, strict=False):
            height, width = picture.shape
            artist.set_data(picture)
            artist.set_extent((0, width, height, 0))
            artist.axes.set(xlim=(0, width), ylim=(height, 0))
        side = grown.shape[1]
        return (f"{layer}, unit {unit + 1} of {len(grown)}, sees {side} × {side} pixels. Left what it wants, then the "
                f"{best} pieces of test digits that drive it most; mean ink {np.mean(pieces[unit]):.2f}.")

    return InteractiveFigure(figure, update, name="From strokes to digits", controls={
        "layer": choice("layer", list(layers)), "unit": slider("unit", 1, most, 1)})


def _best_pieces(model, pictures, layer, view, best):
    """For each unit the pieces (best, side, side) of different pictures where it answers most."""
    import keras

    pictures = pictures[:200]
    head = keras.Model(model.inputs[0], model.get_layer(layer).output)
    tops, places = [], []  # of each picture and unit: the largest answer, and where it is
    for k in range(0, len(pictures), 25):  # all maps at once would take 10 MB and more
        maps = keras.ops.convert_to_numpy(head(pictures[k:k + 25], training=False))
        flat = maps.reshape(len(maps), -1, maps.shape[-1])
        tops.append(flat.max(axis=1))
        places.append(flat.argmax(axis=1))
    tops, places = np.concatenate(tops), np.concatenate(places)
    if maps.ndim == 2:
        return [pictures[np.argsort(-top)[:best], ..., 0] for top in tops.T]
    middle, ratio = maps.shape[1] // 2, pictures.shape[1] // maps.shape[1]
    side, room = view[0].stop - view[0].start, pictures.shape[1]
    framed = np.pad(pictures[..., 0], ((0, 0), (room, room), (room, room)))
    pieces = []
    for top, place in zip(tops.T, places.T, strict=True):
        chosen = np.argsort(-top)[:best]
        rows, columns = np.unravel_index(place[chosen], maps.shape[1:3])
        pieces.append(np.stack([
            framed[k, room + (i - middle) * ratio + view[0].start:, room + (j - middle) * ratio + view[1].start:]
            [:side, :side] for k, i, j in zip(chosen, rows, columns, strict=True)]))
    return pieces


def dreams(models, picture):
    """A photograph and what grows on it: models is {label: (model, layer)}, the slider counts steps."""
    from course_utils.keras_tools.feature_visualization import dream

    made = {label: [picture] + [dream(model, picture, layer, steps=steps) for steps in DREAM_STEPS]
            for label, (model, layer) in models.items()}
    figure, axes = style.figure(size=(7.6, 5.0))
    artist = bare(axes).imshow(picture, "gray", vmin=0, vmax=1)

    def update(layer, stage):
        now = made[layer][stage]
        artist.set_data(now)
        steps = (0, *DREAM_STEPS)[stage]
        return (f"{layer}, {steps} steps at each size: a pixel has changed by {np.abs(now - picture).mean():.2f} on "
                "average.")

    return InteractiveFigure(figure, update, name="A dream", controls={
        "layer": choice("driven", list(models), list(models)[min(1, len(models) - 1)]),
        "stage": slider("stage", 0, len(DREAM_STEPS), 2)})


def closing_tags(model, document, columns=40):
    """Step through the closing tags of a document and see which characters speak for the tag's first letter."""
    from course_utils.keras_tools import saliency_text as text

    places = text.closing_tags(document)
    texts = [before for before, _, _ in places]
    maps = text.character_saliency(model, texts, [tag[0] for _, tag, _ in places])
    answers = text.next_letters(model, texts)
    rows = -(-len(document) // columns)
    figure, axes = style.figure(size=(9.6, 0.42 * rows + 0.8))
    artist = bare(axes).imshow(np.zeros((rows, columns)), MAP, aspect="auto")
    letters = [axes.text(k % columns, k // columns, letter, ha="center", va="center", fontsize=13, family="monospace")
               for k, letter in enumerate(document)]

    def update(number):
        before, tag, start = places[number - 1]
        values = np.zeros(rows * columns)
        values[:len(before)] = maps[number - 1]
        show_map(artist, values.reshape(rows, columns))
        for k, letter in enumerate(letters):
            letter.set_alpha(1.0 if k < len(before) else 0.15)
        answer = answers[number - 1]
        inside = text.inside_opening_tag(before, start)[:-2]
        strength = np.abs(maps[number - 1])[:-2]
        share = strength[inside].sum() / strength.sum()
        return (f"After …{before[-12:]} the network writes {answer!r}, right is {tag[0]!r} of {tag}. The opening tag, "
                f"{len(before) - start} characters back, holds {share:.0%} of the strength before </, on "
                f"{inside.mean():.0%} of the characters.")

    return InteractiveFigure(figure, update, name="Who closes this tag", controls={
        "number": slider("closing tag", 1, len(places), 1)})
