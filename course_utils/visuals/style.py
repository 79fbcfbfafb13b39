"""One look for all pictures of the course: colors, sizes that read from the last row, and words for every picture.

The palette is that of Okabe and Ito ("Color Universal Design", 2008), which color-blind readers can tell apart; the
vermillion is a little darker than theirs, so that text in it keeps a contrast of 4.5 on white (WCAG 2.2, 1.4.3).
"""

import base64
import re

import matplotlib
from cycler import cycler
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from course_utils.visuals.painter import Painter
from course_utils.visuals.picture import name_page

COLORS = {
    "ink": "#1a1a1a",
    "grey": "#5c6166",
    "blue": "#0072B2",
    "orange": "#E69F00",
    "vermillion": "#BF4F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "purple": "#CC79A7",
    "yellow": "#F0E442",
}
# Class 0 and class 1, told apart by color and by shape, never by color alone.
CLASS_COLORS = (COLORS["blue"], COLORS["orange"])
CLASS_MARKERS = ("o", "^")

# From class 0 over "undecided" to class 1. Its ends are paler than CLASS_COLORS, so that points stay visible on it.
FIELD = LinearSegmentedColormap.from_list("course field", ["#6FB1DB", "#F7F7F7", "#F4C766"])

_LINES = ("blue", "vermillion", "green", "purple", "ink", "orange", "sky")
_DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1)))

# A figure of 7.6 by 4.3 inches at 100 dots an inch is shown 760 pixels wide, where 13 points are 18 pixels.
SETTINGS = {
    "figure.dpi": 100,
    "figure.figsize": (7.6, 4.3),
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 100,
    "font.size": 13,
    "axes.labelsize": 13,
    "axes.titlesize": 14.5,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.fontsize": 12,
    "legend.framealpha": 0.9,
    "figure.titlesize": 15,
    "lines.linewidth": 2.5,
    "lines.markersize": 8,
    "patch.linewidth": 1.5,
    "axes.linewidth": 1.2,
    "xtick.major.width": 1.2,
    "ytick.major.width": 1.2,
    "xtick.major.size": 5,
    "ytick.major.size": 5,
    "axes.facecolor": "white",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.formatter.useoffset": False,
    "text.color": COLORS["ink"],
    "axes.labelcolor": COLORS["ink"],
    "axes.edgecolor": COLORS["ink"],
    "axes.titlecolor": COLORS["ink"],
    "xtick.color": COLORS["ink"],
    "ytick.color": COLORS["ink"],
    "image.cmap": "viridis",
    # Lines differ in color and in dashes, for the same reason that classes differ in color and in shape.
    "axes.prop_cycle": cycler(color=[COLORS[name] for name in _LINES]) + cycler(linestyle=_DASHES),
}


def use():
    """Make the course's look Matplotlib's default for this kernel."""
    matplotlib.rcParams.update(SETTINGS)


def figure(rows=1, cols=1, size=(7.6, 4.3), **options):
    """A new figure in the course's look and its axes: one Axes, or an array of them for more than one panel.

    size: (width, height) in inches; 7.6 inches are 760 pixels on the screen. Further options go to
    `Figure.subplots`, such as sharex=True or width_ratios=(2, 1). The figure is not registered with pyplot, so nothing
    shows it twice and nothing keeps it alive: end the cell with `show(fig, words)` or give it to an InteractiveFigure.
    Raises ValueError for a number of rows or columns below one, or a size that is not two positive numbers.
    """
    for name, count in (("rows", rows), ("cols", cols)):
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise ValueError(f"figure: {name} is {count!r}, but it counts panels: give a whole number of at least 1.")
    try:
        width, height = (float(inches) for inches in size)
        fits = 0 < width <= 40 and 0 < height <= 40
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(f"figure: size is {size!r}, but it is (width, height) in inches: give for example (7.6, 4.3).")
    use()
    fig = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(fig)
    return fig, fig.subplots(rows, cols, **options)


class Shown:
    """A picture with its words, as Jupyter displays it: image/png, and the words as text/plain and as alt text."""

    def __init__(self, png, words, size):
        self.png, self.words, self._size = png, words, size

    def __repr__(self):
        return self.words

    def _repr_mimebundle_(self, include=None, exclude=None):
        name_page()
        width, height = self._size
        data = {"image/png": base64.b64encode(self.png).decode("ascii"), "text/plain": self.words}
        return data, {"image/png": {"alt": self.words, "width": width, "height": height}}


def show(fig, words):
    """The figure as a picture that carries its words: end a cell with it, or give it to IPython's `display`.

    words: one or two sentences that say what the picture shows, for readers who do not see it and for the tests.
    They become the text/plain form (what nbval compares; pictures it leaves out) and the picture's alt text.
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"show: fig is {type(fig).__name__}, but it must be a Matplotlib Figure, as figure() gives it.")
    words = sentence("show", words)
    size = [round(float(inches) * fig.dpi) for inches in fig.get_size_inches()]
    return Shown(Painter(fig).png(words, level=9), words, size)


def minus(text):
    """The text with real minus signs in front of numbers, where a program writes hyphens; 2-3-1 and Grad-CAM stay."""
    return re.sub(r"((?<!\w)|(?<=\de))-(?=[\d.])", "−", text)


def sentence(who, words):
    """The words with blanks tidied; raises one sentence if they are no text, or empty."""
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f"{who}: words is {words!r}, but the picture needs a sentence that says what it shows.")
    return " ".join(words.split())
