"""Controls of an interactive figure: small descriptions that know their widget, their words and how to test them."""

import math
from dataclasses import dataclass
from numbers import Real

import ipywidgets as widgets

_WIDE = {"width": "100%"}


def _label(kind, label):
    if not isinstance(label, str) or not label.strip():
        raise ValueError(f"{kind}: label is {label!r}, but readers and screen readers need a name: give a short text.")


def _nice_step(low, high):
    """About a hundredth of the range, as 1, 2 or 5 times a power of ten."""
    rough = (high - low) / 100
    power = 10.0 ** math.floor(math.log10(rough))
    return next(round(factor * power, 12) for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


@dataclass(frozen=True)
class Slider:
    """A number between low and high, moved by mouse, touch or arrow keys; the number beside it can also be typed.

    The value is a whole number if low, high, start and step (if given) are; otherwise a float. step is the smallest
    move; without one it is 1 for whole numbers and about a hundredth of the range for others. log=True moves over
    powers of ten, as a learning rate wants it: step then counts in powers of ten (0.1 without one). The unit stands
    behind the name: slider("speed", 0, 90, 50, unit="km/h") is shown as "speed in km/h".
    Raises ValueError or TypeError for a range, start or step that cannot be.
    """

    label: str
    low: float
    high: float
    start: float
    step: float | None = None
    unit: str = ""
    log: bool = False

    def __post_init__(self):
        _label("slider", self.label)
        for name in ("low", "high", "start") + (() if self.step is None else ("step",)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
                raise TypeError(f"slider {self.label!r}: {name} is {value!r}, but it must be a finite number.")
        if self.low >= self.high:
            raise ValueError(f"slider {self.label!r}: low is {self.low} and high is {self.high}; low must be smaller.")
        if not self.low <= self.start <= self.high:
            raise ValueError(f"slider {self.label!r}: start is {self.start}, but the slider goes from {self.low} to "
                             f"{self.high}; start must lie in between.")
        if self.step is not None and self.step <= 0:
            raise ValueError(f"slider {self.label!r}: step is {self.step}, but a step goes forward: give more than 0.")
        if self.log and self.low <= 0:
            raise ValueError(f"slider {self.label!r}: low is {self.low}, but log=True needs a low above 0.")

    @property
    def whole(self):
        """Whether the slider moves over whole numbers."""
        return not self.log and all(isinstance(x, int) for x in (self.low, self.high, self.start, self.step or 1))

    def widget(self):
        """A new ipywidgets slider for this control."""
        shared = {"description": f"{self.label} in {self.unit}" if self.unit else self.label, "layout": _WIDE}
        if self.log:
            ends = {"min": math.log10(self.low), "max": math.log10(self.high)}
            return widgets.FloatLogSlider(value=self.start, base=10, step=self.step or 0.1, readout_format=".2g",
                                          **ends, **shared)
        if self.whole:
            return widgets.IntSlider(value=self.start, min=self.low, max=self.high, step=self.step or 1, **shared)
        step = self.step or _nice_step(self.low, self.high)
        digits = next((n for n in range(7) if math.isclose(round(step, n), step, rel_tol=1e-9)), 6)
        return widgets.FloatSlider(value=self.start, min=self.low, max=self.high, step=step,
                                   readout_format=f".{digits}f", **shared)

    def accept(self, value):
        """The value, if the slider can take it; else one sentence."""
        if isinstance(value, bool) or not isinstance(value, Real) or not self.low <= value <= self.high:
            raise ValueError(f"{self.label} is {value!r}, but the slider goes from {self.low} to {self.high}.")
        if self.whole and value != int(value):
            raise ValueError(f"{self.label} is {value!r}, but the slider takes whole numbers only.")
        return int(value) if self.whole else float(value)

    def tries(self):
        """Values a test drives through: the ends, the middle, one step on either side of it, and back to the start."""
        if self.log:
            exponents = (math.log10(self.low), math.log10(self.high))
            middle, step = sum(exponents) / 2, self.step or 0.1
            inner = [10 ** x for x in (middle - step, middle, middle + step)]
        else:
            middle = (self.low + self.high) // 2 if self.whole else (self.low + self.high) / 2
            step = self.step or (1 if self.whole else _nice_step(self.low, self.high))
            inner = [middle - step, middle, middle + step]
        return [self.low, *(x for x in inner if self.low < x < self.high), self.high, self.start]


@dataclass(frozen=True)
class Choice:
    """One of several texts: all in sight if there are up to four, else in a drop-down list.

    start: the option chosen at first; the first one if not given. Raises ValueError or TypeError for fewer than two
    options, for equal ones, or for a start that is none of them.
    """

    label: str
    options: tuple
    start: str | None = None

    def __post_init__(self):
        _label("choice", self.label)
        if isinstance(self.options, str) or not all(isinstance(option, str) for option in self.options):
            raise TypeError(f"choice {self.label!r}: options is {self.options!r}, but it must be a list of texts.")
        object.__setattr__(self, "options", tuple(self.options))
        if len(self.options) < 2 or len(set(self.options)) < len(self.options):
            raise ValueError(f"choice {self.label!r}: options is {self.options!r}; give at least two different texts.")
        if self.start is None:
            object.__setattr__(self, "start", self.options[0])
        self.accept(self.start)

    def widget(self):
        """New radio buttons, or a drop-down list, for this control."""
        if len(self.options) <= 4:
            return widgets.RadioButtons(options=self.options, value=self.start, description=self.label, layout=_WIDE)
        return widgets.Dropdown(options=self.options, value=self.start, description=self.label, layout=_WIDE)

    def accept(self, value):
        """The value, if it is an option; else one sentence."""
        if value not in self.options:
            raise ValueError(f"{self.label} is {value!r}, but it must be one of: {', '.join(self.options)}.")
        return value

    def tries(self):
        """Every option, and back to the start."""
        return [*self.options, self.start]


@dataclass(frozen=True)
class Toggle:
    """Something that is on or off: a check box."""

    label: str
    start: bool = False

    def __post_init__(self):
        _label("toggle", self.label)
        self.accept(self.start)

    def widget(self):
        """A new check box for this control."""
        return widgets.Checkbox(value=self.start, description=self.label, indent=False, layout=_WIDE)

    def accept(self, value):
        """The value, if it is True or False; else one sentence."""
        if not isinstance(value, bool):
            raise ValueError(f"{self.label} is {value!r}, but it must be True or False.")
        return value

    def tries(self):
        """Both states, and back to the start."""
        return [not self.start, self.start]


@dataclass(frozen=True)
class Text:
    """A line of text; it counts when the reader presses Enter or leaves the field, not at every key."""

    label: str
    start: str = ""

    def __post_init__(self):
        _label("text", self.label)
        self.accept(self.start)

    def widget(self):
        """A new text field for this control."""
        return widgets.Text(value=self.start, description=self.label, continuous_update=False, layout=_WIDE)

    def accept(self, value):
        """The value, if it is a text; else one sentence."""
        if not isinstance(value, str):
            raise ValueError(f"{self.label} is {value!r}, but it must be a text.")
        return value

    def tries(self):
        """What readers type: nothing, blanks, signs no model knows, a long line; and back to the start."""
        return ["", "  ", "¿ß€?", "word " * 40, self.start]


# What lessons call: slider("speed", 0, 90, 50), choice("activation", ["step", "sigmoid"]), toggle(...), text(...).
slider, choice, toggle, text = Slider, Choice, Toggle, Text
