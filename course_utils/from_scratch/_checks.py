"""Input checks as decorators, so that the functions themselves stay exactly as short as the lessons show them.

    @checked(one_weight_per_feature, inputs=numbers(1, 2), weights=numbers(1), rate=real(above=0))
    def neuron(inputs, weights, rate=0.1): ...

A *rule* looks at one argument: ``rule(function_name, argument_name, value)`` returns the value, converted where that is
harmless, or raises. A *relation* looks at several arguments together: it names those it wants as its parameters and
returns None, or a sentence without the function's name. Every error is one sentence that names the function and the
argument, says what came and what was expected, and what to do. ``function.__wrapped__`` is the bare function.
"""

import functools
import inspect
import math
import numbers as abstract
import operator

import numpy as np

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
KINDS = {0: "a single number", 1: "a list of numbers", 2: "a table (rows and columns)"}


def describe(value):
    """Say in a few words what ``value`` is, for the part of an error message that tells what came."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, str):
        return f"the text {value if len(value) <= 40 else value[:37] + '...'!r}" if value else "an empty text"
    if isinstance(value, abstract.Number) or (isinstance(value, np.ndarray) and value.shape == ()):
        return str(value) if len(str(value)) <= 12 else f"{value:.6g}"
    if isinstance(value, np.ndarray):
        words = {"U": " of texts", "S": " of texts", "O": " of objects", "c": " of complex numbers"}
        kind = words.get(value.dtype.kind, "")
        return f"an array{kind} of shape {value.shape}" if value.size else f"an empty array of shape {value.shape}"
    if isinstance(value, (list, tuple, dict, set)):
        kind = type(value).__name__
        return f"a {kind} of {len(value)} value{'s' * (len(value) != 1)}" if len(value) else f"an empty {kind}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if callable(value):
        return f"the function {getattr(value, '__name__', type(value).__name__)}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"


def all_finite(array):
    """True if no number is NaN or inf. For a small array a dot product answers faster, unless it overflows."""
    return (array.size < 10_000 and math.isfinite(np.vdot(array, array))) or bool(np.isfinite(array).all())


def numbers(*ndims, allow_nan=False, name=None):
    """Rule: finite real numbers, at least one, as a float array with one of ``ndims`` axes (any, if none is given).

    Lists, integers and booleans become float64, float32 stays. ``name`` replaces the argument's name in messages.
    """
    kinds = " or ".join(KINDS.get(n, f"an array with {n} axes") for n in ndims) or "numbers"

    def rule(function, argument, value):
        argument = name or argument
        array = value if type(value) is np.ndarray and value.dtype in FLOATS else _as_floats(function, argument, value)
        if not array.size:
            raise ValueError(
                f"{function}: {argument} is {describe(value)}, but {kinds} is expected: give at least one number."
            )
        if ndims and array.ndim not in ndims:
            came = f"has shape {array.shape}" if array.ndim else f"is the single number {describe(value)}"
            axes = " or ".join(str(n) for n in ndims) + (" axis" if ndims == (1,) else " axes")
            raise ValueError(
                f"{function}: {argument} {came}, but {kinds} is expected: "
                + ("give one number." if ndims == (0,) else f"give an array with {axes}.")
            )
        if not allow_nan and not all_finite(array):
            bad = array[~np.isfinite(array)].flat[0]
            where = f" at position {_position(array)}" if array.ndim else ""
            raise ValueError(
                f"{function}: {argument} contains {bad}{where}, but finite numbers are expected: "
                "replace or remove that value."
            )
        return array

    return rule


def _as_floats(function, argument, value):
    """Turn ``value`` into a float array, or explain why that cannot be."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):  # rows of unequal length, or an object that refuses
        raise ValueError(
            f"{function}: {argument} is {describe(value)} that does not form a regular array of numbers: "
            "give rows of equal length."
        ) from None
    if array.dtype.kind not in "buif":
        raise TypeError(
            f"{function}: {argument} is {describe(value)}, but numbers are expected: give a number, a list or an array."
        )
    return array if array.dtype in FLOATS else array.astype(np.float64)


def _position(array):
    """Index of the first value that is not finite: a plain number for one axis, a tuple for more."""
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    return index[0] if len(index) == 1 else index


def whole(minimum=None, maximum=None):
    """Rule: a whole number from ``minimum`` to ``maximum``, returned as an int; True and 2.0 are refused."""
    expected = "a whole number" + _bounds(minimum, maximum)

    def rule(function, argument, value):
        try:
            number = operator.index(value)
        except TypeError:
            number = None
        if number is None or isinstance(value, (bool, np.bool_)):
            raise TypeError(f"{function}: {argument} is {describe(value)}, but {expected} is expected: give an int.")
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            raise ValueError(
                f"{function}: {argument} is {number}, but {expected} is expected: choose a number in that range."
            )
        return number

    return rule


def real(minimum=None, maximum=None, above=None, below=None):
    """Rule: one finite number, at least ``minimum``, at most ``maximum``, more than ``above``, less than ``below``.

    It is returned as a float.
    """
    expected = "a number" + _bounds(minimum, maximum, above, below)
    low = -math.inf if minimum is None else minimum
    high = math.inf if maximum is None else maximum
    under = -math.inf if above is None else above
    over = math.inf if below is None else below

    def rule(function, argument, value):
        value = value.item() if isinstance(value, np.ndarray) and value.shape == () else value
        if type(value) is not float and (not isinstance(value, abstract.Real) or isinstance(value, (bool, np.bool_))):
            came = describe(value)
            raise TypeError(f"{function}: {argument} is {came}, but {expected} is expected: give one number.")
        number = float(value)
        if not (low <= number <= high and under < number < over):  # nan and inf fail the second part
            advice = "choose a number in that range" if math.isfinite(number) else "give a finite number"
            raise ValueError(f"{function}: {argument} is {describe(value)}, but {expected} is expected: {advice}.")
        return number

    return rule


def _bounds(minimum, maximum, above=None, below=None):
    parts = [("at least", minimum), ("above", above), ("at most", maximum), ("below", below)]
    words = [f"{word} {bound}" for word, bound in parts if bound is not None]
    return f" ({' and '.join(words)})" if words else ""


def one_of(*options):
    """Rule: one of ``options``, compared by identity and then by equality of the same type."""
    words = ", ".join(repr(o) if isinstance(o, str) else getattr(o, "__name__", str(o)) for o in options)

    def rule(function, argument, value):
        for option in options:
            if value is option or (type(value) is type(option) and value == option):
                return option
        raise ValueError(
            f"{function}: {argument} is {describe(value)}, but only {words} are known here: choose one of them."
        )

    return rule


def checked(*relations, **rules):
    """Decorator: apply each rule to the argument of its name, then each relation, then call the function.

    An argument left at its default is not checked, so None may mean "not given". Rules receive the function's name as
    the lesson writes it (``MLP.forward`` for a method).
    """

    def decorate(function):
        signature = inspect.signature(function)
        name = function.__qualname__.rpartition("<locals>.")[2].removesuffix(".__init__")
        parameters = signature.parameters
        if any(p.kind not in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) for p in parameters.values()):
            raise TypeError(f"checked: {name} takes *args, **kwargs or /, which have no names to check")
        defaults = {key: parameter.default for key, parameter in parameters.items()}
        required = {key for key, default in defaults.items() if default is inspect.Parameter.empty}
        positional = [key for key, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
        unknown = set(rules) - set(defaults)
        if unknown:
            raise TypeError(f"checked: {name} has no argument {min(unknown)}")
        wanted = [(relation, set(inspect.signature(relation).parameters) & set(defaults)) for relation in relations]

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            arguments = dict(zip(positional, args, strict=False), **kwargs)  # much faster than signature.bind
            if len(arguments) != len(args) + len(kwargs) or not required <= arguments.keys() <= defaults.keys():
                _explain_call(name, signature, args, kwargs)
            for argument, rule in rules.items():
                if argument in arguments and arguments[argument] is not defaults[argument]:
                    arguments[argument] = rule(name, argument, arguments[argument])
            for relation, needed in wanted:
                sentence = relation(**{key: arguments.get(key, defaults[key]) for key in needed})
                if sentence:
                    raise ValueError(f"{name}: {sentence}")
            return function(**arguments)

        return wrapper

    return decorate


def _explain_call(name, signature, args, kwargs):
    """Raise the error of a call that does not fit the signature, as one sentence."""
    try:
        signature.bind(*args, **kwargs)
    except TypeError as problem:
        example = f"{name}{signature}".replace("(self, ", "(").replace("(self)", "()")
        raise TypeError(f"{name}: {problem}: call it as {example}.") from None
