"""The four challenges of lesson 03's playground: a state is opened, looked at and its test loss computed anew.

`descent.py` imports this file, so that the exercises are found under their topic.
"""
import numpy as np

from ..registry import exercise

# name -> (loss to get below, what is asked, hints)
PASSED = object()  # what the reference gives: no state of ours is needed to judge another
GOALS = {"circle_state": 0.1, "xor_state": 0.1, "spiral_state": 0.1, "tamed_state": 0.22}
DATA = {"circle_state": "circle", "xor_state": "XOR", "spiral_state": "spiral", "tamed_state": "circle"}
HINTS = {
    "circle_state": ("One neuron is a line. How many lines does it take to fence in a round field?",
                     "Three tanh neurons, rate 0.1, some fifty epochs. If it gets stuck, press New weights."),
    "xor_state": ("Without a hidden layer the net can only draw a line through its *inputs*. Which input is already "
                  "positive for one kind and negative for the other?",
                  "Clear the hidden layers and choose x₁x₂ as the only input. A few epochs are enough."),
    "spiral_state": ("It takes many lines, so many neurons; and inputs that already swing.",
                     "Two layers of eight, x₁, x₂, sin x₁ and sin x₂, rate 0.1, about two hundred epochs."),
    "tamed_state": ("Forty points and a hundred numbers: it learns the noise by heart, unless you charge for weights.",
                    "Try L1 with strength 0.01, or L2 with 0.003 and more epochs, and look at the test loss."),
}


def opened(state):
    """The settings, the passes done and the test loss of a state; raises ValueError with one sentence."""
    from course_utils.visuals.playground_run import Experiment
    from course_utils.visuals.playground_state import decode

    settings, output, epoch, points, kinds, numbers = decode(state)
    run = Experiment(settings, points, kinds)
    run.net.output = output
    at = 0
    for p in run.net.parameters():
        p[...] = numbers[at:at + p.size].reshape(p.shape)
        at += p.size
    return settings, epoch, run.losses()[1]


def fault(challenge, state):
    """Why a state does not answer the challenge, as (kind of fault, clause); (None, None) if it does."""
    if state is PASSED:
        return None, None
    if not isinstance(state, str):
        return "no text", "the result is no text, expected a state in quotation marks, beginning with play1."
    try:
        settings, epoch, loss = opened(state)
    except ValueError as problem:
        return "unreadable", str(problem)[0].lower() + str(problem)[1:].rstrip(".")
    if settings.data != DATA[challenge]:
        return "data", f"the data are {settings.data}, expected {DATA[challenge]}"
    rules = {
        "circle_state": (
            ("inputs", set(settings.features) - {"x1", "x2"}, "another input than x₁ and x₂ is on"),
            ("layers", len(settings.layers) > 1 or sum(settings.layers) > 3,
             f"the hidden layers are {list(settings.layers)}, expected one with at most three neurons")),
        "xor_state": (("layers", settings.layers, f"there are hidden layers, {list(settings.layers)}, expected none"),),
        "spiral_state": (),
        "tamed_state": (
            ("noise", settings.noise < 40, f"the noise is {settings.noise} %, expected 40 or more"),
            ("training", settings.training > 10, f"{settings.training} % of the points train, expected 10"),
            ("layers", settings.layers != (8, 8), f"the hidden layers are {list(settings.layers)}, expected [8, 8]"),
            ("points", settings.seed != 0, "the points are others (New weights was pressed), expected those it began "
                                           "with"),
            ("epochs", epoch < 200, f"only {epoch} epochs were trained, expected 200 or more")),
    }
    for kind, broken, clause in rules[challenge]:
        if broken:
            return kind, clause
    if not loss < GOALS[challenge]:
        return "loss", f"the test loss is {loss:.3g}, expected below {GOALS[challenge]}"
    return None, None


def _compare(challenge):
    def compare(expected, got):
        kind, clause = fault(challenge, got)
        return None if kind == fault(challenge, expected)[0] else clause or "the state is all right"
    return compare


def state_of(epochs=0, **settings):
    """A state after so many epochs, without a picture."""
    from course_utils.visuals.playground_run import Experiment
    from course_utils.visuals.playground_state import Settings, encode

    nobody = np.empty((0, 2)), np.empty(0, dtype=int)
    run = Experiment(Settings(**settings).check(), *nobody)
    for _ in range(epochs):
        run.pass_once()
    return encode(run.settings, run.net, run.epoch, *nobody)


def _state(epochs=0, **settings):
    return lambda: state_of(epochs, **settings)


WRONG = {
    "circle_state": [
        (_state(data="circle", layers=(3,)),
         "This net has not learned enough yet: its test loss is above 0.1. Train on, or press New weights."),
        (_state(data="circle", layers=(3,), features=("x1", "x2", "x1_squared", "x2_squared")),
         "You let the squares in: with them a circle is a straight line. Switch off all inputs but x₁ and x₂."),
        (_state(data="circle", layers=(4, 4)), "Your net is larger than allowed: one hidden layer with at most three "
                                               "neurons."),
        (_state(data="XOR", layers=(3,)), "That is a state of other data: choose the circle."),
    ],
    "xor_state": [
        (_state(data="XOR", layers=(), features=("x1", "x2")),
         "Without a hidden layer and without the right input the net draws one line, and XOR needs two. Which product "
         "would help?"),
        (_state(data="XOR", layers=(2,)), "There is a hidden layer. Remove it: leave the field of the layers empty."),
        (_state(data="circle", layers=()), "That is a state of other data: choose XOR."),
    ],
    "spiral_state": [
        (_state(data="spiral", layers=(4, 4)),
         "The test loss is still above 0.1. Give it more neurons, more inputs, or more time."),
        (_state(data="circle", layers=(4, 4)), "That is a state of other data: choose the spiral."),
        (lambda: "play1.damaged", "This text is not a whole state. Press Share and copy all of it."),
    ],
    "tamed_state": [
        (_state(200, data="circle", noise=40, training=10, layers=(8, 8)),
         "The net has learned the noise by heart: its test loss is above 0.22. Charge for large weights."),
        (_state(10, data="circle", noise=40, training=10, layers=(8, 8)),
         "Stopping at once is one way, but not here: train for at least 200 epochs."),
        (_state(data="circle", noise=0, training=10, layers=(8, 8)),
         "The noise is below 40 %: that would be too easy."),
        (_state(data="circle", noise=40, training=50, layers=(8, 8)),
         "More data would help, but is not to be had: let 10 % of the points train."),
        (_state(data="circle", noise=40, training=10, layers=(2,)),
         "A smaller net would help, too. Here two hidden layers of eight are asked for."),
    ],
}

for _name in GOALS:
    exercise(f"descent.{_name}", reference=lambda: PASSED, inputs=lambda rng: (), samples=1, compare=_compare(_name),
             wrong=WRONG[_name], hints=HINTS[_name])
