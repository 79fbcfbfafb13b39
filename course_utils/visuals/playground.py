"""The playground: watch the lesson's own network learn two kinds of points, and change everything while it does.

    Playground("simple")                    # learning rate, activation, data
    Playground("full", data="spiral", features=("x1", "x2", "sin_x1", "sin_x2"), layers=(8, 8))
    play = Playground("full"); play.put(my_mlp); play.state; play.code()
"""

import asyncio
import time

import ipywidgets as widgets
import numpy as np

from course_utils.from_scratch._checks import describe
from course_utils.from_scratch.mlp import MLP
from course_utils.visuals.canvas import Graph, Plane
from course_utils.visuals.curves import short
from course_utils.visuals.interactive import InteractiveFigure, choice, slider, text, toggle
from course_utils.visuals.playground_board import Board
from course_utils.visuals.playground_data import DATA, FEATURES, LIMITS, MOST_OWN, OWN, features, own_points
from course_utils.visuals.playground_run import Experiment, Outsider, put_in
from course_utils.visuals.playground_state import ACTIVATIONS, PENALTIES, Settings, decode, encode, keras_code

SLICE = 0.016  # seconds of training between two looks at the page
FRAME = 0.033  # seconds between two pictures
CURVE = 0.25  # seconds between two pictures of the losses
LONGEST = 60.0  # seconds until a playing network pauses by itself, so that a forgotten one does not run all night
NEW_START = ("data", "noise", "training", "features", "layers", "activation", "seed")  # settings that begin afresh
KINDS = ("blue circle", "orange triangle")


class Playground(InteractiveFigure):
    """A network that learns to tell two kinds of points apart, in slices so short that the page keeps answering.

    controls: "simple" (data, learning rate, activation) or "full". The other arguments are the start: `data`
    ("Gaussians", "circle", "XOR", "spiral", "your own points"), `noise` and `training` in percent, `features`,
    `layers`, `activation`, `learning_rate`, `penalty` ("none", "L1", "L2") with its `strength`, `batch`, `seed`.
    Learning rate, penalty and batch act at once; anything else begins afresh. The targets are 1 and -1, the loss is
    half the mean squared error. Raises ValueError with one sentence for a start that cannot be.
    """

    def __init__(self, controls="full", *, name="Playground", **start):
        if controls not in ("simple", "full"):
            raise ValueError(f"Playground: controls is {describe(controls)}, expected 'simple' or 'full'.")
        unknown = sorted(set(start) - set(Settings.__dataclass_fields__))
        if unknown:
            raise ValueError(f"Playground: there is no setting {unknown[0]!r}, expected one of "
                             f"{', '.join(Settings.__dataclass_fields__)}.")
        self.settings = Settings(**start).check()
        self.points, self.kinds = np.empty((0, 2)), np.empty(0, dtype=int)
        self.running, self._task, self._note, self._loaded, self._adopting = False, None, "", "", False
        plane = Plane(LIMITS, LIMITS, labels=("x₁", "x₂"), name=f"{name}: the square", classes=KINDS, width=420,
                      height=400, size=5, on_click=self._on_plane)
        self.board = Board(plane)
        self._begin()
        actions = {"Play": self.play, "Pause": self.pause, "Step": self.step, "Reset": self.reset}
        if controls == "full":
            actions |= {"New weights": self.new_weights, "Remove points": self.remove_points,
                        "Show code": self.show_code, "Share": self.share}
        else:
            actions |= {"Remove points": self.remove_points}
        super().__init__(self.board, self._change, self._make_controls(controls), name=name, actions=actions,
                         ahead=False)  # a change begins a new experiment

    def _make_controls(self, controls):
        s = self.settings
        made = {"data": choice("points", DATA, s.data), "activation": choice("activation", ACTIVATIONS, s.activation),
                "learning_rate": slider("learning rate", 0.001, 3.0, s.learning_rate, log=True)}
        if controls == "simple":
            return made
        made |= {
            "layers": text("hidden layers", " ".join(map(str, s.layers))),
            "batch": slider("batch size", 1, 100, s.batch), "noise": slider("noise", 0, 50, s.noise, unit="%"),
            "training": slider("share for training", 10, 90, s.training, unit="%"),
            "penalty": choice("penalty", PENALTIES, s.penalty),
            "strength": slider("strength of the penalty", 1e-5, 0.1, s.strength, log=True),
        }
        made |= {name: toggle(FEATURES[name][0], name in s.features) for name in FEATURES}
        return made | {"state": text("load a state", "")}

    def _arrange(self, buttons):
        def cell(widget, width):
            widget.add_class("course-control")
            return widgets.Box([widget], layout=widgets.Layout(width=width, overflow="visible"))

        wrap = {"display": "flex", "flex_flow": "row wrap", "width": "100%", "overflow": "visible"}
        toggles = [w for name, w in self._widgets.items() if name in FEATURES]
        others = [cell(w, "250px") for name, w in self._widgets.items() if name not in FEATURES]
        rows = [widgets.Box(others, layout=widgets.Layout(**wrap))]
        if toggles:
            rows.append(widgets.Box([cell(w, "92px") for w in toggles], layout=widgets.Layout(**wrap)))
        rows.append(widgets.Box(buttons, layout=widgets.Layout(**wrap, max_width="900px")))
        box = widgets.VBox([*rows, self.board.widget])
        return box.add_class("course-figure").add_class("course-playground")

    # What the reader does

    def play(self):
        """Train on and on, in slices; pauses by itself after a minute."""
        self._note = self.run.trouble()
        if self.running or self._note:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._note = "Playing needs a notebook that is open: use Step here."
            return
        self.running = True
        self._task = loop.create_task(self._go())

    def pause(self):
        """Hold the training after the epoch at work."""
        self.running = False

    def step(self, epochs=1):
        """Train one epoch, or so many."""
        self._note = self.run.trouble()
        for _ in range(0 if self._note else epochs):
            if not self._pass_once():
                break
        self._draw()
        self.board.losses(self.history)

    def reset(self):
        """Begin again with the same first weights."""
        self._note = ""
        self._begin()

    def new_weights(self):
        """Begin again with other first weights and other points of the same kind."""
        self.settings = Settings(**{**vars(self.settings), "seed": (self.settings.seed + 1) % 2**32})
        self.reset()

    def draw(self, points, kinds):
        """Set the reader's own points: points (n, 2) from -6 to 6, kinds (n,) of 0 and 1; raises one sentence."""
        self.points, self.kinds = own_points(points, kinds)
        if "data" in self._controls and self.values["data"] != OWN:
            self.set(data=OWN)
        else:
            self._points_changed()
            self.refresh()

    def remove_points(self):
        """Take all drawn points away."""
        self.points, self.kinds, self._note = np.empty((0, 2)), np.empty(0, dtype=int), ""
        self._points_changed()

    def put(self, model):
        """Put a copy of an MLP or a Keras model with inputs x₁, x₂ and one output in; raises one sentence."""
        net = put_in(model)
        layers = tuple(net.sizes[1:-1])
        activation = net.activation if net.activation in ACTIVATIONS else self.settings.activation
        if len(layers) > 4 or max(layers, default=1) > 8:
            net, layers = Outsider(net.forward), ()
        self.settings = Settings(**{**vars(self.settings), "features": ("x1", "x2"), "layers": layers,
                                    "activation": activation})
        self._adopt(net)

    @property
    def state(self):
        """Everything, as a short text to share or hand in: settings, weights, drawn points."""
        if isinstance(self.run.net, Outsider):
            raise ValueError("Playground: the state of a model that is not a stack of up to four dense layers of up to "
                             "eight neurons cannot be written: share the model itself.")
        own = (self.points, self.kinds) if self.settings.data == OWN else (np.empty((0, 2)), np.empty(0, dtype=int))
        return encode(self.settings, self.run.net, self.run.epoch, *own)

    def load(self, state):
        """Take over what `state` says; raises ValueError with one sentence and changes nothing if it is damaged."""
        self.settings, output, epoch, points, kinds, numbers = decode(state)
        if self.settings.data == OWN:
            self.points, self.kinds = points, kinds
        net = MLP([len(self.settings.features), *self.settings.layers, 1], self.settings.activation, 0, output)
        at = 0
        for p in net.parameters():
            p[:] = numbers[at:at + p.size].reshape(p.shape)
            at += p.size
        self._adopt(net, epoch)

    def code(self):
        """Python source of the equal Keras model, with a copy of the present weights."""
        if isinstance(self.run.net, Outsider):
            raise ValueError("Playground: this model is not a stack of dense layers, so its code cannot be shown: use "
                             "the model itself.")
        return keras_code(self.settings, self.run.net)

    def outputs(self, x):
        """The network's answers (n, 1) for points x (n, 2)."""
        return self.run.net.forward(features(np.asarray(x, dtype=float), self.settings.features))

    def show_code(self):
        """Print the equal Keras model below the picture."""
        self._show("The same network in Keras: copy it into a cell", self.code)

    def share(self):
        """Print the state below the picture."""
        self._show("The state: copy it, or paste it into “load a state”", lambda: self.state)

    def close(self):
        """Hold the training and remove the figure from the page."""
        self.running = False
        super().close()

    # What follows from it

    def _show(self, title, make):
        self._note = ""
        try:
            self.board.panel(title, make())
        except ValueError as trouble:
            self._note = str(trouble)

    def _adopt(self, net, epoch=0):
        """Take a network that came from outside, and let the controls say what it is."""
        self._begin(net, epoch)
        s = self.settings
        shown = {name: name in s.features for name in FEATURES} | {
            "data": s.data, "activation": s.activation, "learning_rate": min(3.0, max(0.001, s.learning_rate)),
            "layers": " ".join(map(str, s.layers)), "batch": s.batch, "noise": s.noise, "training": s.training,
            "penalty": s.penalty, "strength": min(0.1, max(1e-5, s.strength))}
        self._note, self._adopting = "", True
        try:
            self.set(**{name: value for name, value in shown.items() if name in self._controls})
        finally:
            self._adopting = False

    def _change(self, **values):
        """Called for every change of a control: what it means, and the words for what the picture shows now."""
        if not self._adopting:
            try:
                self._choose(values)
            except ValueError as trouble:
                return f"{trouble} The network is as it was."
        return self._words()

    def _choose(self, values):
        state = values.pop("state", "").strip()
        if state != self._loaded:
            self._loaded = state
            if state:
                self.load(state)
                return
        wanted = {name: value for name, value in values.items() if name not in FEATURES}
        if set(FEATURES) <= set(values):
            wanted["features"] = tuple(name for name in FEATURES if values[name])
        before, settings = self.settings, Settings(**{**vars(self.settings), **wanted}).check()
        self.settings = settings
        if any(getattr(settings, name) != getattr(before, name) for name in NEW_START):
            self._note = ""
            self._begin()
        else:
            self.run.settings = settings

    def _begin(self, net=None, epoch=0):
        """A new experiment, shown; the training goes on with it if it was going on."""
        self.run = Experiment(self.settings, self.points, self.kinds)
        if net is not None:
            self.run.net, self.run.epoch = net, epoch
            self.run.restart_clock()
        sizes = self.run.net.sizes
        named = [[FEATURES[name][0] for name in self.settings.features], *sizes[1:-1], ["ŷ"]]
        self.seen = (len(sizes) - 1, 0)
        self.board.network(Graph("The network", named, pictured=True, editable=not isinstance(self.run.net, Outsider),
                                 width=540, height=400, on_node=self._on_node, on_edge=self._on_edge))
        self.board.panel("", "")
        self._points_changed()

    def _points_changed(self):
        self.run.load(self.points, self.kinds)
        self.history = [(self.run.epoch, *self.run.losses())]
        (x, kinds), (test_x, test_kinds) = self.run.train, self.run.test
        both = np.concatenate([x, test_x]), np.concatenate([kinds, test_kinds])
        self.board.plane.points(*both)
        self._draw()
        self.board.losses(self.history)

    def _pass_once(self):
        try:
            self.run.pass_once()
        except FloatingPointError:
            self.running = False
            self._note = "The training has diverged: press Reset and take a smaller learning rate."
            return False
        self.history.append((self.run.epoch, *self.run.losses()))
        if len(self.history) > 2000:
            del self.history[1::2]
        return True

    def _draw(self):
        """Bring network and square up to date (not the losses, which take longer)."""
        maps = self.run.maps()
        low, high = self.run.span
        answers = 2 * (maps[-1] - low) / (high - low) - 1
        small = [m[:, ::2, ::2] / np.maximum(np.abs(m).max(axis=(1, 2), keepdims=True), 1e-9) for m in maps[:-1]]
        layer, index = self.seen
        one = maps[layer][index]
        shown = answers[0] if layer == len(maps) - 1 else one / max(np.abs(one).max(), 1e-9)
        self.board.plane.field(shown)
        if self.run.net.weights:
            self.board.graph.weights([np.clip(w, -1e6, 1e6) for w in self.run.net.weights])
        self.board.graph.pictures([*small, answers[:, ::2, ::2]])
        epoch, train, test = self.history[-1]
        self.board.say(f"epoch {epoch:,} · training loss {short(train)} · test loss {short(test)}")

    async def _go(self):
        end, curve_at = time.monotonic() + LONGEST, 0.0
        try:
            while self.running and not self._closed and time.monotonic() < end:
                began = time.monotonic()
                if self._note and self.run.trouble():  # the points were taken away meanwhile
                    break
                while self.running and time.monotonic() - began < SLICE:
                    self._note = self.run.trouble()
                    if self._note or not self._pass_once():
                        self.running = False
                if self._closed:
                    return
                self._draw()
                self.board.refresh()
                if time.monotonic() - curve_at >= CURVE:
                    curve_at = time.monotonic()
                    self.board.losses(self.history)
                await asyncio.sleep(max(0.001, FRAME - (time.monotonic() - began)))
            if self.running and time.monotonic() >= end:
                self._note = "Paused after a minute of playing; Play goes on."
        finally:
            self.running = False
            if not self._closed:
                self.board.losses(self.history)
                self.refresh()

    def _on_plane(self, x, y, shift):
        if self.settings.data != OWN:
            self._note = f"Choose “{OWN}” to draw points; these are made."
        elif len(self.kinds) >= MOST_OWN:
            self._note = f"There is room for {MOST_OWN} points; remove them to begin anew."
        else:
            self.points = np.vstack([self.points, np.round(np.array([[x, y]]) * 20) / 20])
            self.kinds = np.append(self.kinds, int(shift))
            self._note = ""
            self._points_changed()
        self.refresh()

    def _on_node(self, layer, index):
        self.seen, self._note = (layer, index), ""
        self._draw()
        self.refresh()

    def _on_edge(self, layer, source, target, weight):
        self.run.net.weights[layer][source, target] = weight
        self.history[-1] = (self.run.epoch, *self.run.losses())
        self._note = f"The weight from neuron {source + 1} to neuron {target + 1} of layer {layer + 2} is {weight:.2f}."
        self._draw()
        self.refresh()

    def _words(self):
        run, sizes = self.run, "-".join(map(str, self.run.net.sizes))
        epoch, train, test = self.history[-1]
        wrong = [int(np.sum(w)) for w in run.wrong()]
        counts = [len(run.train[1]), len(run.test[1])]
        what = f"{self.settings.data}, a {sizes} network with {self.settings.activation}"
        if isinstance(run.net, Outsider):
            what = f"{self.settings.data}, your model"
        losses = f"training loss {short(train)}" + (f", test loss {short(test)}" if counts[1] else "")
        words = f"{what}, after {epoch} epochs: {losses}; wrong {wrong[0]} of {counts[0]} training and {wrong[1]} of " \
                f"{counts[1]} test points."
        if not sum(counts):
            words = f"{what}: no points yet. A click adds a {KINDS[0]}, Shift-click an {KINDS[1]}."
        if self.seen != (len(run.net.sizes) - 1, 0):
            words += f" The square shows {self._seen_words()}."
        return " ".join(filter(None, [self._note, words, "Playing." if self.running else ""]))

    def _seen_words(self):
        layer, index = self.seen
        if layer == 0:
            return f"the input {FEATURES[self.settings.features[index]][0]}"
        return f"neuron {index + 1} of hidden layer {layer}, bias {self.run.net.biases[layer - 1][index]:.2f}"
