"""The figures of lesson 07 about digits from noise: a wall of them while a game trains, the film, the animated picture.
"""

import base64
import html
import io
import time
from pathlib import Path

import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.visuals import style
from course_utils.visuals.gan import as_tiles, beside, tiles
from course_utils.visuals.interactive import InteractiveFigure, choice, slider
from course_utils.visuals.painter import Painter
from course_utils.visuals.picture import Picture

RESTING = 0.8  # seconds between two pictures of the wall


class Wall:
    """Pictures side by side that are made anew while a training goes on, for `Training(..., picture=wall)`.

    make(): the pictures (n, 28, 28) now.
    """

    def __init__(self, make, columns=10, name="made digits"):
        self._make, self._name, self._at = make, name, 0.0
        pictures = make()
        rows = -(-len(pictures) // columns)
        figure, axes = style.figure(size=(0.76 * columns, 0.76 * rows))
        self._show, self._painter = tiles(axes, pictures, columns), Painter(figure)
        self.widget = Picture(width=round(76 * columns))
        self.look()

    def look(self):
        """Make the pictures anew."""
        self._at = time.monotonic()
        self._show(self._make())
        self.widget.png, self.widget.alt = self._painter.png(), self._name

    def refresh(self):
        """Make them anew if the last ones are old enough."""
        if time.monotonic() - self._at >= RESTING:
            self.look()


def shown(pictures, columns, words, title=""):
    """Pictures 0..1 or uint8 side by side, with words."""
    pictures = _floats(pictures)
    rows = -(-len(pictures) // columns)
    figure, axes = style.figure(size=(0.76 * columns, 0.76 * rows + 0.4 * bool(title)))
    tiles(axes, pictures, columns, title)
    return style.show(figure, words)


def _floats(pictures):
    pictures = np.asarray(pictures)
    return pictures / 255 if pictures.dtype == np.uint8 else pictures


def film(recording):
    """The recorded game on a slider: the same noise through all steps, and losses or measures of three seeds beside it.
    """
    arrays = getattr(recording, "arrays", recording)
    steps, floor = arrays["steps"], float(arrays["real_to_real"])
    figure, left, right = beside()
    show = tiles(left, _floats(arrays["pictures"][0]), 5)
    curves = {"losses": (("generator", "blue", "-"), ("discriminator", "vermillion", "--")),
              "what D says": (("real", "blue", "-"), ("made", "vermillion", "--")),
              "shares": (("recognized", "blue", "-"), ("classes covered, of ten", "vermillion", "--"))}
    courses = {"made": arrays["fake"], "classes covered, of ten": arrays["coverage"] / 10}
    lines = {}
    for kind, pair in curves.items():
        for name, color, dashes in pair:
            values = courses.get(name, arrays.get(name))[1:]  # before the first step there is no loss
            line, = right[0].plot(steps[1:], values.mean(axis=1), color=style.COLORS[color], linestyle=dashes,
                                  label=name)
            band = right[0].fill_between(steps[1:], values.min(axis=1), values.max(axis=1), linewidth=0,
                                         color=style.COLORS[color], alpha=0.2)
            lines.setdefault(kind, []).append((line, band))
    values = arrays["frechet"]
    right[1].plot(steps, values.mean(axis=1), color=style.COLORS["blue"], linestyle="-", label="made")
    right[1].fill_between(steps, values.min(axis=1), values.max(axis=1), color=style.COLORS["blue"], alpha=0.2,
                          linewidth=0)
    right[1].axhline(floor, color=style.COLORS["ink"], linestyle=":", label="real to real")
    right[1].set(yscale="log", xlabel="step", ylabel="Fréchet distance", xlim=(0, steps[-1]))
    right[1].legend(loc="upper right")
    right[0].set(xlabel="step", xlim=(0, steps[-1]))
    markers = [axes.axvline(0, color=style.COLORS["ink"], linestyle="-", linewidth=1.5) for axes in right]
    places, shown = list(map(int, steps)), {}

    def choose(kind):
        for name, pair in lines.items():
            for artist in (a for both in pair for a in both):
                artist.set_visible(name == kind)
        if kind == "losses":
            high = float(np.nanmax([np.nanmax(arrays[name]) for name in ("generator", "discriminator")])) * 1.05
        else:
            high = 1.05
        right[0].set(ylim=(0, high), ylabel={"losses": "loss", "shares": "share"}.get(kind, "D, mean"))
        right[0].legend(handles=[line for line, _ in lines[kind]], loc="lower right")

    def update(frame, kind):
        if shown.get("kind") != kind:  # a legend made anew would have the whole frame painted anew
            shown["kind"] = kind
            choose(kind)
        show(_floats(arrays["pictures"][frame]))
        for marker in markers:
            marker.set_xdata([places[frame]] * 2)
        now = {name: arrays[name][frame].mean() for name in ("recognized", "coverage", "frechet", "own")}
        losses = ", ".join(f"{name} {arrays[name][frame].mean():.2f}" for name in ("generator", "discriminator"))
        losses = "not trained yet" if frame == 0 else f"losses: {losses}"
        return (f"Step {places[frame]:,} of {places[-1]:,}, {losses}. Mean of three seeds: recognized "
                f"{now['recognized']:.2f}, classes {now['coverage']:.1f}, Fréchet distance {now['frechet']:.1f} (real "
                f"to real {floor:.1f}), own {now['own']:.2f}.")

    return InteractiveFigure(figure, update, name="The film", controls={
        "frame": slider("frame of the film", 0, len(places) - 1, len(places) - 1),
        "kind": choice("curves", list(curves))})


class Animation:
    """An animated picture (GIF) with words: shown as the last line of a cell, and written by `save(path)`."""

    def __init__(self, frames, words, milliseconds=250, scale=2):
        from PIL import Image

        images = [Image.fromarray(255 - np.repeat(np.repeat(frame, scale, 0), scale, 1)) for frame in frames]
        times = [milliseconds] * (len(images) - 1) + [8 * milliseconds]  # the last one stays for a while
        packed = io.BytesIO()
        images[0].save(packed, "GIF", save_all=True, append_images=images[1:], duration=times, loop=0)
        self.gif, self.words = packed.getvalue(), style.sentence("Animation", words)

    def save(self, path):
        """Write the GIF; the path must end in .gif. Returns the path."""
        path = Path(path)
        if path.suffix.lower() != ".gif":
            raise ValueError(f"Animation.save: path is {describe(str(path))}, but a name ending in .gif is expected: "
                             "call it film.gif, say.")
        path.write_bytes(self.gif)
        return path

    def _repr_mimebundle_(self, include=None, exclude=None):
        source = "data:image/gif;base64," + base64.b64encode(self.gif).decode("ascii")
        # As HTML, because JupyterLab shows image/gif without the words.
        return {"text/html": f'<img src="{source}" alt="{html.escape(self.words)}">', "text/plain": self.words}


def animation(recording):
    """The film as an animated picture."""
    arrays = getattr(recording, "arrays", recording)
    greys = [np.uint8(np.round(pictures / 17)) * 17 for pictures in arrays["pictures"]]  # 16 greys pack better than 256
    frames = [as_tiles(pictures, 5).astype(np.uint8) for pictures in greys]
    words = (f"An animated picture of {len(frames)} frames: 25 pictures from the same noise turn from grey to digits "
             f"over {int(arrays['steps'][-1]):,} steps.")
    return Animation(frames, words)
