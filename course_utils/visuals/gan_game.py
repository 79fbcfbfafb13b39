"""The game of lesson 07 to play with: one or two dimensions, one step at a time or many, on points drawn by the reader.

    GanGame(1); GanGame(2, data="ring", kind="minimax")
    game = GanGame(2); game.draw(points); game.step("discriminator"); game.distance
"""

import asyncio
import html
import time

import ipywidgets as widgets
import numpy as np

from course_utils.from_scratch._checks import describe, numbers
from course_utils.from_scratch.gan import LOSSES, Game, best_discriminator, distance
from course_utils.visuals import style
from course_utils.visuals.canvas import Plane
from course_utils.visuals.curves import Curves
from course_utils.visuals.interactive import InteractiveFigure, choice, slider, toggle
from course_utils.visuals.painter import Painter
from course_utils.visuals.picture import Picture

FRAME = 0.033  # seconds between two pictures
CURVE = 0.25  # seconds between two pictures of the distance
PAUSE = 0.5  # seconds between two moves in slow motion
LONGEST = 60.0  # seconds until a playing game pauses by itself
OWN = "your own points"
FEWEST, MOST, CLICK = 20, 2000, 25  # own points: to play with, at most, added by one click
SEEN, ARROWS = 120, 24  # made points, and how many of them have arrows
FORCE, LONGEST_ARROW = 3.0, 1.2  # an arrow's length for a slope of 1; and at most
SURE = 0.3  # how far from ½ the color of the field is full
HIGH = 4.0  # the square goes from -HIGH to HIGH


def _around(centers, spread):
    def draw(rng, n):
        middles = np.array(centers, dtype=float).reshape(len(centers), -1)
        return middles[rng.integers(0, len(middles), n)] + rng.normal(0, spread, (n, middles.shape[1]))

    return draw


def _ring(rng, n):
    angle = rng.uniform(0, 2 * np.pi, n)
    return 2.2 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + rng.normal(0, 0.15, (n, 2))


def _line(rng, n):
    x = rng.uniform(-2.5, 2.5, n)
    return np.stack([x, 1.2 * np.sin(1.5 * x)], axis=1) + rng.normal(0, 0.12, (n, 2))


_EIGHT = [(2.4 * np.cos(k * np.pi / 4), 2.4 * np.sin(k * np.pi / 4)) for k in range(8)]
DATA = {1: {"one bump": _around([1.5], 0.6), "two bumps": _around([-2, 1.5], 0.5),
            "even": lambda rng, n: rng.uniform(-2, 2, (n, 1))},
        2: {"ring": _ring, "wave": _line, "four clouds": _around([(-2, -2), (2, -2), (-2, 2), (2, 2)], 0.3),
            "eight clouds": _around(_EIGHT, 0.15)}}


class _Board:
    """A line of numbers, the plane, and the distance over time, as one picture."""

    def __init__(self, plane, key):
        self.plane, self._key = plane, key
        self._line, self._curve = widgets.HTML(), Picture(width=560)
        colors = "".join(f"<span style='color:{style.COLORS[color]};font-weight:700'>{sign}</span> {html.escape(text)}"
                         "&emsp;" for sign, color, text in key)
        legend = widgets.HTML(f"<span style='font-size:17px'>{colors}</span>")
        self.widget = widgets.VBox([self._line, legend, plane.widget, self._curve],
                                   layout=widgets.Layout(overflow="visible", width="100%"))
        self.restart()

    def restart(self):
        """An empty curve."""
        self.curves, self._fitted = Curves("round"), None

    def note(self, step, **numbers_):
        """One more place of the curves."""
        self.curves.add(step, numbers_)

    def curve(self):
        """Paint the curves."""
        png = self.curves.png("")
        if self.curves.figure is not self._fitted:  # it is made anew when the first numbers come
            self._fitted = self.curves.figure
            self._fitted.set_size_inches(5.6, 2.0)
            self._fitted.axes[0].set_ylabel("distance")
            png = self.curves.png("")
        self._curve.png = png

    def say(self, line):
        """The numbers that change all the time and are not announced."""
        self._line.value = f"<span style='font-size:17px'>{html.escape(line)}</span>"

    def words(self, sentence):
        """The sentence below, which is announced."""
        self._curve.words = self._curve.alt = sentence

    def refresh(self):
        """Send what changed."""
        self.plane.refresh()

    def png(self):
        """Plane and distance side by side, drawn by Matplotlib."""
        figure, (left, right) = style.figure(1, 2, size=(10.4, 4.4), width_ratios=(1.5, 1))
        self.plane._paint(left)
        for sign, color, text in self._key:
            look = {"linestyle": "", "marker": "s"} if sign == "■" else {"linestyle": "--" if sign == "╍" else "-"}
            left.plot([], [], color=style.COLORS[color], label=text, **look)
        left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, columnspacing=1)
        for number, (name, (places, values)) in enumerate(self.curves.points.items()):
            right.plot(places, values, color=style.COLORS[("blue", "vermillion")[number]],
                       linestyle=("-", "--")[number], label=name)
        right.set(xlabel="round", ylabel="distance", ylim=(0, None))
        right.legend(loc="upper right")
        return Painter(figure).png()


class GanGame(InteractiveFigure):
    """Generator against discriminator, in slices so short that the page keeps answering.

    dimensions: 1 shows densities, D and the best D; 2 shows what D says everywhere as a field. ``data``: what is real
    ("two bumps", "ring" ... or "your own points", drawn by clicks), ``kind``: the generator's loss. A round is so many
    steps of each player. The arrows show where a made point would move to look more real: minus the slope of its loss.
    """

    def __init__(self, dimensions=2, *, name=None, data=None, kind="non-saturating", seed=0):
        if dimensions not in DATA or isinstance(dimensions, bool):
            raise ValueError(f"GanGame: dimensions is {describe(dimensions)}, but 1 or 2 is expected: choose one.")
        self.dimensions, self.seed, self._note, self.running, self._task = dimensions, seed, "", False, None
        self.pictures = 0  # shown while playing
        kinds = [*DATA[dimensions], OWN]
        data = kinds[dimensions == 1] if data is None else data  # two bumps, or the ring
        name = name or f"The game in {('one dimension', 'two dimensions')[dimensions - 1]}"
        self.own = np.empty((0, dimensions))
        one = dimensions == 1
        plane = Plane((-HIGH, HIGH), (-0.3, 1.05) if one else (-HIGH, HIGH), labels=("x", "density; D") if one else
                      ("x₁", "x₂"), name=f"{name}: the points", classes=("real", "made"), size=4, width=560,
                      height=400 if one else 440, on_click=self._on_click)
        key = [("━", "blue", "real"), ("━", "orange", "made"), ("━", "vermillion", "D"), ("╍", "ink", "best D")]
        board = _Board(plane, key if one else [("→", "ink", "a made point's push"), ("■", "blue", "D ≥ 0.8"),
                                                   ("■", "orange", "D ≤ 0.2")])
        self._options = {"data": data, "kind": kind, "rate_g": 0.002, "rate_d": 0.005}
        self._axis = np.linspace(-HIGH, HIGH, 81)
        self._board = board
        self._begin()
        super().__init__(board, self._change, {
            "data": choice("what is real", kinds, data), "kind": choice("generator's loss", LOSSES, kind),
            "steps_g": slider("generator's steps in a round", 0, 5, 1),
            "steps_d": slider("discriminator's steps in a round", 0, 5, 1),
            "rate_g": slider("generator's step size", 0.0005, 0.05, 0.002, log=True),
            "rate_d": slider("discriminator's step size", 0.0005, 0.05, 0.005, log=True),
            "calm": toggle("a calm discriminator", True), "slow": toggle("slow motion", False)},
            name=name, ahead=False, actions={
                "Play": self.play, "Pause": self.pause, "Discriminator": lambda: self.step("discriminator"),
                "Generator": lambda: self.step("generator"), "Both": lambda: self.step("both"),
                "Restart": self.restart, "Remove points": self.remove_points})

    # what the reader does

    def play(self):
        """Round after round, until Pause, or for a minute."""
        self._note = self._trouble()
        if self.running or self._note:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._note = "Playing needs a notebook that is open: use the step buttons here."
            return
        self.running = True
        self._task = loop.create_task(self._go())

    def pause(self):
        """Hold the game after the step at work."""
        self.running = False

    def step(self, who="both", rounds=1):
        """One step of the "discriminator", of the "generator", or a round of "both"; or so many."""
        if who not in ("discriminator", "generator", "both"):
            raise ValueError(f"GanGame.step: who is {describe(who)}, but \"discriminator\", \"generator\" or \"both\" "
                             "is expected: choose one.")
        self._note = self._trouble()
        for _ in range(0 if self._note else rounds):
            if not self._move(who):
                break
        if not self._note and who != "both":
            self._note = f"The {who} has moved, the other held still."
        self._draw()
        self._board.curve()
        self.refresh()

    def restart(self):
        """Forget what both have learned."""
        self._note = ""
        self._begin()

    def draw(self, points):
        """The reader's own real points (n, dimensions), from -4 to 4."""
        points = np.asarray(numbers(2)("GanGame.draw", "points", points), dtype=float)
        if points.shape[1] != self.dimensions or (np.abs(points) > HIGH).any():
            raise ValueError(f"GanGame.draw: points has shape {points.shape} and goes from {points.min():.3g} to "
                             f"{points.max():.3g}, but (n, {self.dimensions}) from -4 to 4 is expected: scale them.")
        self.own = points[:MOST]
        self.set(data=OWN)
        self.restart()
        self.refresh()

    def remove_points(self):
        """Take all drawn points away."""
        self.own = np.empty((0, self.dimensions))
        self._note = ""
        if self._options["data"] == OWN:
            self._begin()

    @property
    def distance(self):
        """How far the made points lie from the real ones."""
        return distance(self.real, self.game.generator.forward(self._noise))

    def close(self):
        """Hold the game and remove the figure from the page."""
        self.running = False
        super().close()

    # what follows from it

    def _begin(self):
        rng = np.random.default_rng(self.seed)
        data = self._options["data"]
        make = DATA[self.dimensions].get(data)
        self.real = make(rng, 1000) if make else self.own
        if make:
            self.floor = np.mean([distance(make(rng, 1000), make(rng, 1000)) for _ in range(4)])
        else:
            halves = rng.permutation(len(self.own))
            self.floor = distance(self.own[halves[::2]], self.own[halves[1::2]]) if len(halves) >= FEWEST else np.nan
        self.game = Game(self.real if len(self.real) else np.zeros((1, self.dimensions)), seed=self.seed,
                         kind=self._options["kind"], rates=(self._options["rate_g"], self._options["rate_d"]))
        self._noise = np.random.default_rng(self.seed + 1).normal(size=(1000, self.game.generator.sizes[0]))
        self.rounds = 0
        self._board.restart()
        self._log()
        self._draw()
        self._board.curve()

    def _trouble(self):
        if len(self.real) < FEWEST:
            return f"There are {len(self.real)} real points, too few to play: click into the picture to add more."
        return ""

    def _move(self, who="both"):
        """One move; False if something is no number any more, and then the weights are those before it."""
        parts = [*self.game.generator.parameters(), *self.game.discriminator.parameters()]
        kept = [p.copy() for p in parts]
        values = self.values if hasattr(self, "_widgets") else {"steps_g": 1, "steps_d": 1}
        try:
            with np.errstate(over="raise", invalid="raise"):
                for _ in range(values["steps_d"] if who == "both" else who == "discriminator"):
                    self.game.step_discriminator()
                for _ in range(values["steps_g"] if who == "both" else who == "generator"):
                    self.game.step_generator()
                if max(np.abs(p).max() for p in parts) > 1e6:
                    raise FloatingPointError
                self.rounds += 1
                if self.rounds % 5 == 0 or self.rounds < 20:
                    self._log()
        except (FloatingPointError, ValueError):
            for p, last in zip(parts, kept, strict=True):
                p[...] = last
            self.running = False
            self._note = (f"Stopped in round {self.rounds + 1}: a number has grown past all numbers. The last good "
                          "weights are kept: press Restart and take smaller steps.")
            return False
        return True

    def _log(self):
        if len(self.real) >= FEWEST:
            self._board.note(self.rounds, **{"real to made": self.distance, "real to real": self.floor})

    def _draw(self):
        """Bring the plane up to date."""
        made, plane = self.game.generator.forward(self._noise), self._board.plane
        real = self.real[:SEEN]
        shown = np.clip(made[:SEEN], -HIGH, HIGH)
        ends = FORCE * self.game.arrows(made[:ARROWS])
        length = np.linalg.norm(ends, axis=1, keepdims=True)
        ends *= np.minimum(1, LONGEST_ARROW / np.maximum(length, 1e-9))
        kinds = np.r_[np.zeros(len(real)), np.ones(len(shown))]
        if self.dimensions == 1:
            heights = np.r_[np.full(len(real), -0.1), np.full(len(shown), -0.2)]
            plane.points(np.stack([np.r_[real[:, 0], shown[:, 0]], heights], axis=1), kinds)
            starts, ends = (np.column_stack([one[:, 0], np.full(len(one), at)])
                            for one, at in ((shown[:10], -0.26), (ends[:10], 0)))
            p, q = self._density(self.real), self._density(made)
            d = self.game.judge(self._axis[:, None])
            best = np.where(p + q > 0.004, best_discriminator(p, q), np.nan)  # where nobody is, nothing is best
            for key, values, color, dashed in (("real", p, "blue", False), ("made", q, "orange", False),
                                               ("D", d, "vermillion", False), ("best", best, "ink", True)):
                plane.line(key, np.column_stack([self._axis, values]), color, dashed=dashed)
        else:
            grid = plane.grid(40)
            plane.field(1 - self.game.judge(grid.reshape(-1, 2)).reshape(40, 40), 0.5 - SURE, 0.5 + SURE)
            plane.points(np.concatenate([real, shown]), kinds)
            starts = shown[:ARROWS]
        for key, (start, move) in enumerate(zip(starts, ends, strict=True)):
            end = np.clip(start + move, -HIGH, HIGH)
            plane.arrow(key, start if np.abs(end - start).max() > 0.15 else None, end, "ink", 2)
        at_real, at_made = self._opinion(made)
        self._board.say(f"round {self.rounds:,} · distance {self.distance_words()} · D: real {at_real:.2f}, "
                        f"made {at_made:.2f}")

    def distance_words(self):
        """The distance beside its floor."""
        if len(self.real) < FEWEST:
            return "unknown"
        return f"{self.distance:.2f} (real to real {self.floor:.2f})"

    def _opinion(self, made):
        real = self.game.judge(self.real).mean() if len(self.real) else np.nan
        return real, self.game.judge(made).mean()

    def _density(self, x, width=0.25):
        if not len(x):
            return np.zeros(len(self._axis))
        steps = np.exp(-0.5 * ((self._axis[:, None] - x[:, 0]) / width) ** 2)
        return steps.sum(axis=1) / (len(x) * width * np.sqrt(2 * np.pi))

    def _change(self, data, kind, rate_g, rate_d, calm, **_):
        before = dict(self._options)
        self._options |= {"data": data, "kind": kind, "rate_g": rate_g, "rate_d": rate_d}
        if data != before["data"]:
            self._note = ""
            self._begin()
        self.game.kind, self.game.rates, self.game.calm = kind, (rate_g, rate_d), 0.3 if calm else 0.0
        self._draw()
        return self._words()

    def _words(self):
        at_real, at_made = self._opinion(self.game.generator.forward(self._noise))
        words = (f"{self._options['data']}, round {self.rounds}: distance {self.distance_words()}; on average D gives "
                 f"real points {at_real:.2f} and made points {at_made:.2f}.")
        if len(self.real) < FEWEST:
            words = f"{len(self.real)} points drawn. A click adds {CLICK} around it; {FEWEST} are enough to play."
        return " ".join(filter(None, [self._note, words, "Playing." if self.running else ""]))

    def _on_click(self, x, y, shift):
        self._note = ""
        if self._options["data"] != OWN:
            self._note = f"Choose “{OWN}” to draw the real points; these are made by a formula."
        elif len(self.own) >= MOST:
            self._note = f"There is room for {MOST} points; remove them to begin anew."
        else:
            rng = np.random.default_rng(len(self.own))
            place = [x] if self.dimensions == 1 else [x, y]
            more = np.clip(rng.normal(place, 0.25, (CLICK, self.dimensions)), -HIGH, HIGH)
            first = len(self.own) < FEWEST
            self.own = np.concatenate([self.own, more])
            if first:
                self._begin()
            else:  # the game goes on, about more points
                halves = rng.permutation(len(self.own))
                self.real = self.game.real = self.own
                self.floor = distance(self.own[halves[::2]], self.own[halves[1::2]])
        self.refresh()

    async def _go(self):
        end, curve_at, turn = time.monotonic() + LONGEST, 0.0, 0
        try:
            while self.running and not self._closed and time.monotonic() < end:
                began, slow = time.monotonic(), self.values["slow"]
                if slow:
                    who = ("discriminator", "generator")[turn % 2]
                    turn += 1
                    self._move(who)
                while not slow and self.running and time.monotonic() - began < FRAME / 3:
                    self._move()
                self._draw()
                if slow:
                    self._board.say(f"round {self.rounds:,} · the {who} moved · distance {self.distance_words()}")
                self._board.refresh()
                self.pictures += 1
                if time.monotonic() - curve_at >= CURVE:
                    curve_at = time.monotonic()
                    self._board.curve()
                await asyncio.sleep(max(0.001, (PAUSE if slow else FRAME) - (time.monotonic() - began)))
            if self.running and time.monotonic() >= end:
                self._note = "Paused after a minute of playing; Play goes on."
        finally:
            self.running = False
            if not self._closed:
                self._board.curve()
                self.refresh()
