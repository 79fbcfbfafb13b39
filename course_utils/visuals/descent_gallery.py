"""The failure gallery of lesson 03: recorded trainings of which only curves and histograms are shown."""
import numpy as np

from course_utils.datasets import recordings
from course_utils.datasets.descent_runs import FAULTS, FLOOR

from . import style
from .interactive import InteractiveFigure, choice
from .style import minus

SOUND = "a sound one"
LETTERS = tuple("ABCDEF")
NAMES = tuple(sorted(name for name in FAULTS if name != "sound"))


def _shares(values, edges):
    """Shares of the values in each bin; what lies beyond the ends counts in the outermost bins."""
    inside = np.clip(values, edges[0], edges[-1] - 1e-9 * (edges[-1] - edges[0]))
    return np.histogram(inside, edges)[0] / len(values)


def gallery():
    """Choose one of six broken trainings, or a sound one to compare: curves, inputs, activations, first slopes."""
    run = recordings.read("descent_gallery").arrays
    figure, axes = style.figure(2, 2, size=(9.6, 6.6))
    (curves, inputs), (hidden, slopes) = axes
    epochs = np.arange(len(run["losses_0"]))
    lines = [curves.plot(epochs, epochs, color=style.COLORS[color], linestyle=dashes, label=name, linewidth=2)[0]
             for name, color, dashes in (("training", "blue", "-"), ("test", "vermillion", "--"))]
    curves.axhline(FLOOR, color=style.COLORS["grey"], linestyle=":", label="best possible on fresh points")
    curves.set(title="loss", xlabel="epoch", xlim=(0, epochs[-1]), ylim=(0, 1.2))
    curves.legend(loc="upper right", fontsize=10)
    panels = {}
    for name, panel, edges, title, label in (
            ("inputs", inputs, np.linspace(-6, 18, 73), "inputs", "value"),
            ("hidden", hidden, np.linspace(0, 8, 41), "hidden activations, at the end", "value (8: 8 and more)"),
            ("slopes", slopes, np.linspace(-6, 2, 41), "slopes of the first step", "size, power of ten")):
        bars = panel.bar((edges[1:] + edges[:-1]) / 2, np.zeros(len(edges) - 1), width=np.diff(edges),
                         color=style.COLORS["blue"])
        panel.set(title=title, xlabel=label, ylabel="share", ylim=(0, 1 if name == "hidden" else 0.3),
                  xlim=(edges[0], edges[-1]))
        panels[name] = (bars, edges)

    def update(training):
        letter = "0" if training == SOUND else training
        losses = run[f"losses_{letter}"].astype(float)
        for line, column in zip(lines, losses.T, strict=True):
            line.set_ydata(np.clip(column, 0, 1.5))
        sizes = run[f"slopes_{letter}"]
        shown = {"inputs": run[f"inputs_{letter}"].ravel(), "hidden": run[f"hidden_{letter}"],
                 "slopes": np.log10(sizes[sizes > 0])}
        for name, values in shown.items():
            bars, edges = panels[name]
            for bar, share in zip(bars, _shares(values, edges), strict=True):
                bar.set_height(share)
        late = losses[-100:]
        first, last, test = losses[0, 0], late[:, 0], np.median(late[:, 1])
        return minus(
            f"{training}: training loss {first:.2f} at first, {np.median(last):.2f} in the last 100 epochs (from "
            f"{last.min():.2f} to {last.max():.2f}); test loss {test:.2f}; best possible on fresh points {FLOOR:.2f}. "
            f"Inputs from {shown['inputs'].min():.1f} to {shown['inputs'].max():.1f}. "
            f"{np.mean(shown['hidden'] == 0):.0%} of the hidden activations are 0. First slopes: "
            f"{np.mean(sizes == 0):.0%} are 0, the others typically {10 ** np.median(shown['slopes']):.2g}.")

    return InteractiveFigure(figure, update, name="Failure gallery",
                             controls={"training": choice("training", (SOUND, *LETTERS), SOUND)})
