"""Gradients on any Keras backend: one function for TensorFlow, JAX and PyTorch, NumPy in and NumPy out.

A lesson writes what it wants to have differentiated with ``keras.ops`` and with models that it calls; the engine behind
is ``keras.config.backend()``. All three go back through the recorded steps: reverse-mode automatic differentiation
(A. Griewank and A. Walther, "Evaluating Derivatives", 2nd edition, 2008, chapter 3).
"""
import functools
import inspect

import numpy as np

from course_utils.from_scratch._checks import describe


def value_and_gradient(function, wrt, model=None, *, compile=True):
    """Make a function that gives the value of ``function`` and its gradient.

    function: takes arrays, calculates with ``keras.ops`` and models, gives one number (a 0-d tensor).
    wrt: with respect to what: the name (or the position) of an argument, or a model: then the gradient is a list of
        arrays in the order of ``model.trainable_variables``.
    model: the model or models (a list) whose weights the function uses; the model in ``wrt`` need not be named again.
    compile: True compiles at the first call (about half a second, then fast); False takes every step at once, for a
        function that is called a few times. PyTorch takes every step at once either way.

    The function that comes back takes the arguments of ``function`` and gives ``(value, gradient)``: a float and an
    array of the argument's shape. The weights are those the models have at the moment of the call. Numbers and arrays
    may change from call to call without compiling again; True, False, None and text are constants of the compiled form,
    as in ``training=True``. What the models change by themselves (the averages of a batch normalization, the state of a
    dropout) is stored back into them. Where the function does not depend on something, the gradient is 0.

    The gradient of a loss for the pictures (attacks; FGSM is one step of it, PGD many)::

        def loss(images, labels):
            return ops.sum(keras.losses.sparse_categorical_crossentropy(labels, model(images), from_logits=True))

        loss_and_gradient = value_and_gradient(loss, "images", model)
        value, gradient = loss_and_gradient(images, labels)
        attacked = np.clip(images + epsilon * np.sign(gradient), 0, 1)

    A sum over the pictures, not a mean, gives each picture its own gradient, whatever the size of the batch.

    A logit (saliency; activation maximization climbs it; integrated gradients average it over a path)::

        def logit(images, labels):
            return ops.sum(model(images) * ops.one_hot(labels, 10))

    A logit for the feature maps inside (Grad-CAM): cut the model in two, the function starts at the maps::

        maps_of = keras.Model(model.inputs[0], model.get_layer("conv_2").output)
        rest = keras.Model(model.get_layer("conv_2").output, model.outputs[0])
        def logit(maps, labels):
            return ops.sum(rest(maps) * ops.one_hot(labels, 10))
        value, gradient = value_and_gradient(logit, "maps", rest)(maps_of(images), labels)

    A training step by hand, and the generator's step of a GAN, which needs two models and changes one::

        step = value_and_gradient(lambda x, y: loss_of(y, model(x, training=True)), model)
        value, gradients = step(x, y)
        for variable, gradient in zip(model.trainable_variables, gradients):
            variable.assign(variable - 0.1 * gradient)

        fool = value_and_gradient(lambda noise: loss_of(1, discriminator(generator(noise))), generator, discriminator)

    A Keras optimizer takes the gradients too, as ``optimizer.apply([ops.convert_to_tensor(g) for g in gradients],
    model.trainable_variables)``.

    Raises TypeError or ValueError, in one sentence, for a function that gives no single number or calculates with
    NumPy, for whole numbers, NaN or infinity where a gradient is wanted, for an argument that does not exist, and for a
    model that the function uses but ``model`` does not name.
    """
    return _Gradient(function, wrt, model, compile)


def once_per_model(make):
    """Decorate ``make(model, *constants)`` so that what it makes is kept with the model and made only once.

    For functions such as attacks, which are called again and again with the same model: the compiled form is built at
    the first call. It is kept on the model, so it goes when the model goes.
    """

    @functools.wraps(make)
    def kept(model, *constants):
        # Past Keras' own __setattr__, which would count the compiled function among the model's parts.
        shelf = model.__dict__.get("_made_once")
        if shelf is None:
            shelf = {}
            object.__setattr__(model, "_made_once", shelf)
        key = (make, constants)
        if key not in shelf:
            shelf[key] = make(model, *constants)
        return shelf[key]

    return kept


class _Gradient:
    """What ``value_and_gradient`` gives: call it with the function's arguments."""

    def __init__(self, function, wrt, model, compile):
        import keras

        if not callable(function):
            _refuse(f"function is {describe(function)}, but a function of arrays is expected: give one", TypeError)
        self._function = function
        self._signature = inspect.signature(function)
        self._models = list(model) if isinstance(model, (list, tuple)) else [] if model is None else [model]
        self._goal_model = wrt if isinstance(wrt, keras.Model) else None
        self._goal_argument = None if self._goal_model else _argument_name(wrt, self._signature)
        if self._goal_model:
            self._models.append(self._goal_model)
        for one in self._models:
            if not isinstance(one, keras.Model):
                _refuse(f"model is {describe(one)}, but a Keras model or a list of them is expected", TypeError)
            if not one.built:
                _refuse(f"the model {one.name!r} has no weights yet: begin it with keras.Input, or call it once")
        self._engine = ENGINES[keras.config.backend()]
        self._compile = compile
        self._compiled = {}

    def __call__(self, *args, **kwargs):
        arrays, constants = self._sorted_arguments(args, kwargs)
        watched = list(self._goal_model.trainable_variables) if self._goal_model else []
        state = [v for v in _variables(self._models) if not any(v is w for w in watched)]
        goal = [v.value for v in watched] if self._goal_model else [arrays.pop(self._goal_argument)]
        # Which variables are meant belongs to the compiled form, so freezing a layer makes a new one.
        key = (*sorted(constants.items()), *(id(v) for v in watched), *(id(v) for v in state))
        if key not in self._compiled:
            self._compiled[key] = self._engine(self._pure(constants, watched, state), self._compile)
        try:
            value, gradient, changed = self._compiled[key](goal, arrays, [v.value for v in state])
        except (RuntimeError, TypeError) as error:
            if "numpy" in str(error).lower() and not str(error).startswith("value_and_gradient: "):
                raise TypeError(f"value_and_gradient: {NUMPY_INSIDE}.") from error
            raise
        for variable, new in zip(state, changed, strict=True):
            if new is not None:
                variable.assign(new)
        gradient = [_numpy(part) for part in gradient]
        return float(_numpy(value)), gradient if self._goal_model else gradient[0]

    def _sorted_arguments(self, args, kwargs):
        """The call's arguments by name: arrays, and the constants of the compiled form."""
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as problem:
            _refuse(f"{problem}: the function is to be called as function{self._signature}", TypeError)
        bound.apply_defaults()
        arrays, constants = {}, {}
        for name, value in bound.arguments.items():
            if name != self._goal_argument and (value is None or isinstance(value, (bool, str))):
                constants[name] = value
            else:
                arrays[name] = _array(name, value, smooth=name == self._goal_argument)
        return arrays, constants

    def _pure(self, constants, watched, state):
        """The function with nothing hidden: all it reads is an argument, all it changes in the models is a result.

        Only so can JAX compile it; on TensorFlow and PyTorch the same form keeps the three alike.
        """
        import keras

        def pure(goal, arrays, values):
            arrays = {name: keras.ops.convert_to_tensor(array) for name, array in arrays.items()}
            if self._goal_model is None:
                arrays[self._goal_argument] = goal[0]
                goal = []
            scope = _scope_class()([*zip(watched, goal, strict=True), *zip(state, values, strict=True)])
            before = [scope.state_mapping[id(v)] for v in state]
            with scope:
                value = self._function(**arrays, **constants)
            if scope.stranger is not None:
                _refuse(
                    f"the function uses the variable {scope.stranger.path!r}, which belongs to no model that was "
                    "named: name every model in model=..., and pass random numbers in as an argument"
                )
            _check_value(value)
            after = [scope.state_mapping[id(v)] for v in state]
            return value, [new if new is not old else None for new, old in zip(after, before, strict=True)]

        return pure


def _tensorflow(pure, compile):
    import tensorflow as tf

    def both(goal, arrays, values):
        goal = [tf.convert_to_tensor(part) for part in goal]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(goal)
            value, changed = pure(goal, arrays, values)
        gradient = tape.gradient(value, goal, unconnected_gradients="zero")
        return value, [tf.convert_to_tensor(part) for part in gradient], changed

    if not compile:
        return both
    # reduce_retracing: batches of other sizes share one compiled form after the second. partial: TensorFlow counts
    # compilations by a function's code, and would warn that "both" is compiled too often when it only is for many uses.
    return tf.function(functools.partial(both), autograph=False, reduce_retracing=True)


def _jax(pure, compile):
    import jax

    def both(goal, arrays, values):
        (value, changed), gradient = jax.value_and_grad(pure, has_aux=True)(goal, arrays, values)
        return value, gradient, changed

    return jax.jit(both) if compile else both


def _torch(pure, compile):
    # Always step by step: torch.compile wants a C++ compiler, which a learner's machine need not have.
    import keras
    import torch

    def both(goal, arrays, values):
        goal = [keras.ops.convert_to_tensor(part).detach().requires_grad_() for part in goal]
        with torch.enable_grad():
            value, changed = pure(goal, arrays, values)
        if value.requires_grad:
            gradient = torch.autograd.grad(value, goal, allow_unused=True, materialize_grads=True)
        else:  # nothing of the goal went into the value
            gradient = [torch.zeros_like(part) for part in goal]
        return value.detach(), gradient, [None if new is None else new.detach() for new in changed]

    return both


ENGINES = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
NUMPY_INSIDE = "the function must calculate with keras.ops and return that: what NumPy calculates has no gradient"


@functools.cache
def _scope_class():
    import keras

    class KnownVariables(keras.StatelessScope):
        """Notes a variable it was not given: compiled by JAX, it would keep its old value for ever."""

        stranger = None

        def get_current_value(self, variable):
            value = super().get_current_value(variable)
            if value is None:  # not refused here: Keras would wrap the error in ten lines about the layer
                self.stranger = variable
            return value

    return KnownVariables


def _variables(models):
    return list({id(v): v for model in models for v in model.variables}.values())


def _argument_name(wrt, signature):
    names = list(signature.parameters)
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD, p.POSITIONAL_ONLY) for p in signature.parameters.values()):
        _refuse(f"the function is called as {signature}, but every argument needs a name: write them out", TypeError)
    if isinstance(wrt, int) and not isinstance(wrt, bool) and 0 <= wrt < len(names):
        return names[wrt]
    if isinstance(wrt, str) and wrt in names:
        return wrt
    words = ", ".join(repr(name) for name in names)
    _refuse(f"wrt is {describe(wrt)}, but an argument of the function ({words}) or a Keras model is expected")


def _array(name, value, smooth):
    import keras

    array = keras.ops.convert_to_numpy(value) if keras.ops.is_tensor(value) else np.asarray(value)
    if array.dtype.kind not in "buif":
        _refuse(f"the argument {name!r} is {describe(value)}, but numbers are expected: give an array", TypeError)
    if smooth and array.dtype.kind != "f":
        _refuse(
            f"the argument {name!r} holds whole numbers ({array.dtype}), which have no slope: "
            "give floats, such as pixels / 255",
            TypeError,
        )
    if smooth and not np.isfinite(array).all():
        bad = array[~np.isfinite(array)].flat[0]
        _refuse(f"the argument {name!r} contains {bad}, but finite numbers are expected: replace or remove that value")
    one_type = {"f": keras.config.floatx(), "i": "int32", "u": "int32", "b": "bool"}[array.dtype.kind]
    return array.astype(one_type)


def _check_value(value):
    import keras

    if not keras.ops.is_tensor(value):
        came = "None (is a return missing?)" if value is None else describe(value)
        _refuse(f"the function gave {came}, but one number as a tensor is expected: {NUMPY_INSIDE}", TypeError)
    if len(value.shape):
        _refuse(
            f"the function gave an array of shape {tuple(value.shape)}, but a gradient needs one number: "
            "take keras.ops.sum or keras.ops.mean of it"
        )
    if "float" not in keras.backend.standardize_dtype(value.dtype):
        _refuse("the function gave a whole number, which has no slope: return a loss or a logit, not a count")


def _numpy(tensor):
    import keras

    return keras.ops.convert_to_numpy(tensor)


def _refuse(sentence, kind=ValueError):
    raise kind(f"value_and_gradient: {sentence}.") from None
