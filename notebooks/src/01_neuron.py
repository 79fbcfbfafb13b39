# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 01 · The neuron
#
# **You will build one artificial neuron, set it by hand, then watch it find the same numbers by itself.**
#
# *90 minutes for the core sections, 30 more for those marked "deeper". You need school algebra and a little Python:
# functions, lists, a first look at NumPy. No derivatives.*
#
# Afterwards you can
# - compute the output of a neuron with pencil and paper, and in one line of code,
# - say what the bias does to a separating line,
# - train a neuron with the learning rule, one example at a time,
# - tell when a neuron *cannot* get better, and why,
# - show why one neuron cannot compute XOR.
#
# Follows: *Introduction to Deep Learning*, 35C3 (rabbits and unicorns, the neuron, the learning rule) and A. Köpf,
# *Deep down the rabbit hole* (transfer functions, history).

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing: sections 1–3 take 35 minutes, 4 takes 20, 5–7 take 35. Let the room *answer first* wherever a cell says
# **Predict**; collect two answers on the board, then run. Do not explain derivatives yet: slopes are read off a
# picture here, lesson 03 computes them. Section 8 and softmax can be homework.

# %% id="setup"
import course_utils as course

course.start()

import numpy as np

from course_utils.datasets import bayes_accuracy, rabbits_and_unicorns
from course_utils.visuals import activations as limits
from course_utils.visuals import neuron as figures

# %% [markdown] id="programming-or-learning" tags=["core"]
# ## 1 · Programming or learning?
#
# A keeper scores each animal from 0 to 10, once for its **speed** and once for its **size**. Such numbers, chosen to
# describe what we want to tell apart, are called *features (Merkmale)*. The kind of animal is its *class (Klasse)*:
# rabbit or unicorn.
#
# **Predict:** the next cell prints six animals. Which rule would *you* program to tell unicorns from rabbits?

# %% id="six-animals"
x, t = rabbits_and_unicorns()
print("speed  size  animal")
for (speed, size), kind in zip(x[:6], t[:6], strict=True):
    print(f"{speed:5}  {size:4}  {'unicorn' if kind else 'rabbit'}")

# %% id="all-animals"
figures.animals(x, t)

# %% [markdown] id="two-ways" tags=["core"]
# Two ways lead to a rule.
#
# | | you give | you get |
# |---|---|---|
# | programming | the rule, the inputs | the answers |
# | learning | the inputs, the answers | the rule |
#
# *Learning* needs something that can be adjusted: a *model* with *parameters*. Here the model is a straight line,
# and its parameters say where it lies. The examples we adjust it with are *training data (Trainingsdaten)*. Each has
# an input $x$ and a *target (Zielwert)* $t$, here 0 for a rabbit and 1 for a unicorn.

# %% [markdown] id="the-neuron" tags=["core"]
# ## 2 · From a nerve cell to three multiplications
#
# A nerve cell collects signals from others and, if they are strong enough together, sends one on. The artificial
# neuron keeps just that: weigh, sum, decide. The likeness ends there.

# %% id="cell-and-neuron"
figures.cell_and_neuron()

# %% [markdown] id="neuron-symbols" tags=["core"]
# **In symbols.** A neuron with inputs $x_1, x_2$ has a *weight (Gewicht)* for each, $w_1, w_2$, and one more number,
# the *bias* $b$ (in German also *Schwellenwert*, with the opposite sign). It first forms the *weighted sum (gewichtete
# Summe)*, then applies an *activation function (Aktivierungsfunktion)*:
#
# $$z = w_1 x_1 + w_2 x_2 + b, \qquad a = \mathrm{step}(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}$$
#
# Note the edge: step(0) is 0.
#
# **In numbers.** The lecture sets the weights to 1 and 1 and adds a third input, the constant 10 with weight −1. For
# an animal with speed 4 and size 5 that is $z = 1\cdot 4 + 1\cdot 5 + (-1)\cdot 10 = -1$, so $a = 0$: a rabbit.
#
# **Predict:** what comes out for speed 7 and size 3? Set the sliders below and see.

# %% id="inside-a-neuron" tags=["nbval-check-output"]
figures.inside_a_neuron()

# %% [markdown] id="weighted-sum-task" tags=["core"]
# ### Exercise 1 · The weighted sum
# Write $z$ for any number of inputs: `x` and `w` are arrays of equal length, `b` is one number. In NumPy, `x * w`
# multiplies entry by entry.

# %% id="weighted-sum" tags=["exercise"]
def weighted_sum(x, w, b):
    """The weighted sum z of one neuron."""
    ### BEGIN SOLUTION
    return np.dot(x, w) + b
    ### END SOLUTION


# %% id="check-weighted-sum"
course.check("neuron.weighted_sum", weighted_sum)

# %% [markdown] id="neuron-code" tags=["core"]
# **In code.** `inputs @ weights` multiplies each row of `inputs` by the weights, entry by entry, and sums: one line for
# one animal or a whole table of them. `np.where(c, 1.0, 0.0)` gives 1 where `c` holds, else 0. `activation=step` lets
# you hand over another function later.

# %% id="neuron-from-scratch" tags=["from_scratch"]
def step(z):
    return np.where(z > 0, 1.0, 0.0)


def neuron(inputs, weights, bias=0.0, activation=step):
    z = inputs @ weights + bias
    return activation(z)


# %% id="lecture-neuron" tags=["nbval-check-output"]
answers = neuron(x, np.array([1.0, 1.0]), -10.0)
course.claim("errors of the hand-set neuron on 60 animals", np.sum(answers != t), equals=0)

# %% [markdown] id="constant-is-bias" tags=["core"]
# **Predict:** the lecture has *three* inputs (speed, size, the constant 10) and no bias. We have two and the bias −10.
# Are these two different neurons?

# %% id="constant-and-bias"
with_constant = np.column_stack([x, np.full(len(x), 10.0)])  # a third column full of tens
z_lecture = with_constant @ np.array([1.0, 1.0, -1.0])
z_ours = x @ np.array([1.0, 1.0]) - 10.0
course.claim("largest difference between the two sums", np.max(np.abs(z_lecture - z_ours)), at_most=1e-12)

# %% [markdown] id="bias-told" tags=["core"]
# They give the same answers. A constant input times its weight is a constant: 10 · (−1) = −10. That is all a bias is,
# *a weight whose input never changes*. By custom the constant is 1 and the bias carries the full amount.

# %% [markdown] id="animal-task" tags=["core"]
# ### Exercise 2 · Rabbit or unicorn
# Return 1 for a unicorn and 0 for a rabbit, with the lecture's weights 1, 1, −1 and its constant 10. Mind the animals
# that lie exactly on the line.

# %% id="animal" tags=["exercise"]
def animal(speed, size):
    """1 for a unicorn, 0 for a rabbit."""
    ### BEGIN SOLUTION
    z = 1 * speed + 1 * size + (-1) * 10
    return step(z)
    ### END SOLUTION


# %% id="check-animal"
course.check("neuron.animal", animal)

# %% [markdown] id="the-line" tags=["core"]
# ## 3 · A neuron is a line
#
# Where $z = 0$ the neuron changes its mind. With two inputs, all such points form a straight line (unless both weights
# are 0), the *decision boundary (Trennlinie)*. On one side the answer is 1, on the other 0.
#
# The weights say which way the line faces; the bias shifts it. **Predict:** with both weights 1, which way does the
# line move when the bias goes from −10 to −8?
#
# Now set it yourself: drag A and B. (Keyboard: click the picture, press **n** for the next knob, then the arrow keys.)
# Wrong animals wear a ring. How many *different* lines make no error?

# %% id="dragged-line" tags=["nbval-check-output"]
figures.dragged_line(x, t)

# %% [markdown] id="four-cases-told" tags=["core"]
# By this count there is no single best line: infinitely many make no error. (To the question above: the line moves
# towards the origin, to speed + size = 8.)
#
# For each animal there are **four cases**, the output the neuron computed against the one we expected:
#
# | | expected 0 | expected 1 |
# |---|---|---|
# | **computed 0** | right: a rabbit | a missed unicorn |
# | **computed 1** | a rabbit taken for a unicorn | right: a unicorn |
#
# The two errors are different mistakes. A doctor cares which one it is; so will the learning rule.

# %% [markdown] id="four-cases-task" tags=["core"]
# ### Exercise 3 · Count the four cases
# `y` holds computed outputs, `t` expected ones, both arrays of 0 and 1. Return the four counts in the order (computed,
# expected) = (0, 0), (0, 1), (1, 0), (1, 1). Two conditions at once are written `(y == 0) & (t == 1)`.

# %% id="four-cases" tags=["exercise"]
def four_cases(y, t):
    """Four whole numbers: computed-expected 00, 01, 10, 11."""
    ### BEGIN SOLUTION
    right_rabbit = int(np.sum((y == 0) & (t == 0)))
    missed_unicorn = int(np.sum((y == 0) & (t == 1)))
    false_unicorn = int(np.sum((y == 1) & (t == 0)))
    right_unicorn = int(np.sum((y == 1) & (t == 1)))
    return right_rabbit, missed_unicorn, false_unicorn, right_unicorn
    ### END SOLUTION


# %% id="check-four-cases"
course.check("neuron.four_cases", four_cases)

# %% [markdown] id="learning" tags=["core"]
# ## 4 · Letting it learn
#
# Setting weights by hand works for two features. A photograph has a million. So: start with any weights, show one
# animal, compare, correct, next animal.
#
# **Predict:** the neuron answers 0, but 1 was expected. Should $w_1$ go up or down? Think of an input $x_1 = 5$, then
# of $x_1 = -5$. (Count the scores from the average, and a slow animal has a negative one.)

# %% id="raise-the-weight" tags=["nbval-check-output"]
for x1 in (5.0, -5.0):
    before, after = 1.0 * x1, (1.0 + 0.1) * x1  # the weight goes up from 1.0 to 1.1
    print(f"input {x1:+.0f}: the weight goes up, its share of z goes from {before:+.1f} to {after:+.1f}")

# %% [markdown] id="learning-rule" tags=["core"]
# The lecture says, simplifying: *raise the weights if you need more output*. That holds for positive inputs only; with
# a negative input, raising the weight **lowers** $z$. The cure is to multiply by the input. Call the neuron's output
# $\hat y$ (say *y hat*; until now $a$) and let the *learning rate (Lernrate)* $\eta$ say how far to go. The arrow means
# "becomes":
#
# $$\text{error} = t - \hat y, \qquad w_i \leftarrow w_i + \eta \cdot \text{error} \cdot x_i, \qquad
# b \leftarrow b + \eta \cdot \text{error}$$
#
# The error is +1 (a missed unicorn), −1 (a false one) or 0; at 0 nothing moves. The bias is a weight with input 1.
#
# **In numbers.** $x = (6, 7)$ is a unicorn, $t = 1$, but with $w = (1, -1)$, $b = 0$ the sum is $z = -1$ and
# $\hat y = 0$. The error is +1. With $\eta = 0.1$ the new weights are $w = (1 + 0.6,\ -1 + 0.7) = (1.6, -0.3)$ and
# $b = 0.1$. The new sum is $1.6 \cdot 6 - 0.3 \cdot 7 + 0.1 = 7.6$: now it is right. (One correction is not always
# enough.)

# %% [markdown] id="learn-task" tags=["core"]
# ### Exercise 4 · One correction
# Return the new weights and the new bias after one example. `x` and `w` are arrays, the rest are numbers; `neuron` and
# `step` from above are yours to use.

# %% id="learn" tags=["exercise"]
def learn(x, t, w, b, eta):
    """One step of the learning rule: returns (new weights, new bias)."""
    ### BEGIN SOLUTION
    error = t - neuron(x, w, b)
    return w + eta * error * x, b + eta * error
    ### END SOLUTION


# %% id="check-learn"
course.check("neuron.learn", learn)

# %% [markdown] id="training" tags=["core"]
# Here is the same rule, and a loop that applies it to every animal in turn. One round through all animals is a *pass*
# or *epoch (Epoche)*. The loop keeps every state, so that you can walk backwards too.

# %% id="learning-from-scratch" tags=["from_scratch"]
def learning_step(inputs, target, weights, bias, learning_rate, activation=step):
    error = target - neuron(inputs, weights, bias, activation)
    new_weights = weights + learning_rate * error * inputs
    new_bias = bias + learning_rate * error  # the bias is a weight whose input is always 1
    return new_weights, new_bias


def train(inputs, targets, weights, bias, learning_rate, passes, activation=step):
    history = [(weights, bias)]
    for _ in range(passes):
        for x, t in zip(inputs, targets, strict=True):
            weights, bias = learning_step(x, t, weights, bias, learning_rate, activation)
            history.append((weights, bias))
    return history


# %% id="worked-example" tags=["nbval-check-output"]
weights, bias = learning_step(np.array([6.0, 7.0]), 1, np.array([1.0, -1.0]), 0.0, 0.1)
course.claim("new sum z in the example above", weights @ [6, 7] + bias, equals=7.6, within=1e-9)

# %% id="first-training"
eta = 0.1
history = train(x, t, weights=np.array([1.0, -1.0]), bias=0.0, learning_rate=eta, passes=6)
figures.learning_steps(x, t, history, eta)

# %% [markdown] id="training-watch" tags=["core"]
# Press **Next mistake** a few times. Read the sentence under the picture: which numbers move, and by how much? Then go
# back. **Predict:** does the number of wrong animals fall with every correction?

# %% [markdown] id="training-teacher" tags=["teacher"]
# Good question for the room: a correction may make others wrong, and the count goes up for a moment. The rule promises
# only that a separable set is learned after finitely many corrections (Novikoff 1962), not that each one helps.

# %% [markdown] id="twenty-starts" tags=["core"]
# It does not: a correction moves $z$ of its own animal the right way and may hurt others. Does it still get there? Try
# 20 random starts and count the passes until no animal is wrong.

# %% id="passes-needed" tags=["nbval-check-output"]
def passes_needed(seed):
    rng = np.random.default_rng(seed)
    history = train(x, t, rng.normal(size=2), rng.normal(), eta, passes=20)
    errors = [np.sum(neuron(x, *history[k]) != t) for k in range(0, len(history), len(x))]
    return errors.index(0) if 0 in errors else np.inf


passes = [passes_needed(seed) for seed in range(20)]
course.claim("most passes needed from 20 starts", max(passes), at_most=20)

# %% [markdown] id="own-animals-told" tags=["core"]
# **Your turn.** Click in rabbits and unicorns of your own, then let the neuron learn. Make it easy first. Then place
# one unicorn in the middle of the rabbits. What does the line do now, and does it ever come to rest? (Shift-click adds
# the other kind. Keyboard: arrow keys move the cross, Enter adds.)

# %% id="own-animals"
figures.own_animals()

# %% [markdown] id="own-animals-answer" tags=["core"]
# It never rests: no line is right for all, so in every pass some animal moves it. The step neuron has no way to settle
# for "as few errors as possible". Section 6 comes back to this.

# %% [markdown] id="activations" tags=["core"]
# ## 5 · Activations with a slope
#
# A step hides how close the decision was: $z = 0.01$ and $z = 100$ both give 1. And it is flat everywhere except at the
# jump, so a small change of a weight usually changes *nothing* in the output. Learning in big networks needs to feel
# small changes. So people use activations that rise gradually ($e \approx 2.718$ is Euler's number):
#
# | name | formula | output |
# |---|---|---|
# | step | 1 if $z > 0$, else 0 | 0 or 1 |
# | sigmoid (Fermi function) | $1 / (1 + e^{-z})$ | between 0 and 1 |
# | linear | $z$ | any number |
# | tanh | $(e^z - e^{-z}) / (e^z + e^{-z})$ | between −1 and 1 |
# | softsign | $z / (1 + \lvert z\rvert)$ | between −1 and 1 |
# | ReLU | $\max(0, z)$ | 0 or more |
# | leaky ReLU | $z$ if $z > 0$, else $0.01\,z$ | any number |
#
# The *slope (Steigung)* of a curve at a point is that of the straight line that just touches it, dashed in the figure.
# **Predict:** at $z = 0$, which is steeper, sigmoid or tanh? Which of the seven are exactly flat at $z = -3$?

# %% id="activation-explorer" tags=["nbval-check-output"]
limits.activation_explorer()

# %% [markdown] id="activation-answer" tags=["core"]
# tanh is steeper, 1 against ¼. Step and ReLU are flat at −3; sigmoid, tanh and softsign are *nearly* flat far out.
# A kink or a jump has no slope of its own: the figure shows the value that programs use there by convention.

# %% [markdown] id="softsign-task" tags=["core"]
# ### Exercise 5 · Softsign
# Write softsign for an array `z`. It looks like tanh and needs no exponential.

# %% id="softsign" tags=["exercise"]
def my_softsign(z):
    """z / (1 + |z|), for every entry."""
    ### BEGIN SOLUTION
    return z / (1 + np.abs(z))
    ### END SOLUTION


# %% id="check-softsign"
course.check("neuron.softsign", my_softsign)

# %% [markdown] id="activations-code" tags=["core"]
# Three of them with their slopes (tanh itself is NumPy's). Lesson 03 says where the formulas for slopes come from.
# Here we only test them: move $z$ a little and see how much $a$ moves.

# %% id="activations-from-scratch" tags=["from_scratch"]
def sigmoid(z):
    z = np.clip(z, -80, 80)  # exp(80) still fits into a float32; beyond it sigmoid is 0 or 1 to 34 digits
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z):
    a = sigmoid(z)
    return a * (1 - a)


def tanh_slope(z):
    return 1 - np.tanh(z) ** 2


def relu(z):
    return np.maximum(z, 0)


def relu_slope(z):
    return np.where(z > 0, 1.0, 0.0)


# %% id="slopes-checked"
at = np.array([-2.0, -0.5, 0.3, 1.0, 3.0])  # not 0, where ReLU has a kink
little = 1e-5
gaps = [np.max(np.abs((a(at + little) - a(at - little)) / (2 * little) - slope(at)))
        for a, slope in ((sigmoid, sigmoid_slope), (np.tanh, tanh_slope), (relu, relu_slope))]
course.claim("largest gap between formula and measured slope", max(gaps), at_most=1e-8)

# %% [markdown] id="overlap" tags=["core"]
# ## 6 · When nobody can be perfect
#
# Real rabbits can be fast and real unicorns small: the classes overlap. Because *we* made these animals we know
# something one never knows in real life: how often the **best possible rule** is right. It is called the *Bayes
# accuracy*. Each kind is a round cloud, and both are equally wide, so the best line runs half way between them.
#
# **Predict:** can more training, or a cleverer model, beat it on fresh animals?

# %% id="overlap-explorer" tags=["nbval-check-output"]
limits.overlap_explorer()

# %% [markdown] id="overlap-told" tags=["core"]
# No, apart from luck in the count: where both kinds look alike, every rule must guess. The neuron here uses the
# sigmoid. Its output lies between 0 and 1, and we read it as *how sure it is of a unicorn*; above 0.5 we call it one.
# The learning rule is the same as before, only the error is now graded: a neuron that says 0.9 where 1 was expected is
# corrected by a tenth of a full step. (To be quick, the figure learns from all animals at once, with the average of
# their corrections.)
#
# One thing changes: $\eta$. In the overlap each animal pushes its own way, and with large steps the line never stops
# shaking. Small steps and more passes make it shake less.
#
# How close to the best does it come? Always count on **fresh** animals, which took no part in the learning.

# %% id="close-to-bayes"
best = bayes_accuracy(1.5)
for seed in range(5):
    train_x, train_t = rabbits_and_unicorns(400, overlap=True, seed=seed)
    fresh_x, fresh_t = rabbits_and_unicorns(10_000, overlap=True, seed=100 + seed)
    weights, bias = train(train_x, train_t, np.zeros(2), 0.0, 0.005, 80, sigmoid)[-1]
    sure = neuron(fresh_x, weights, bias, sigmoid)
    course.claim(f"distance to the best possible {best:.3f}, data {seed}",
                 abs(np.mean((sure > 0.5) == fresh_t) - best), at_most=0.02)

# %% [markdown] id="logic" tags=["core"]
# ## 7 · Logic, and where one neuron ends
#
# Let the inputs be 0 or 1. With both weights 1 and the bias −0.5 the neuron fires when *at least one* input is 1: that
# is OR. **Predict:** what must change for AND, "both"? And for NOT $x_1$? Try all four gates.

# %% id="gates" tags=["nbval-check-output"]
limits.gates()

# %% [markdown] id="and-task" tags=["core"]
# ### Exercise 6 · AND
# `x` is a table with two columns of 0 and 1. Call `neuron` with weights and a bias that make it compute AND. (For
# NOT $x_1$, weights −1 and 0 with bias 0.5 will do.)

# %% id="and-gate" tags=["exercise"]
def and_gate(x):
    """1 where both columns are 1, else 0."""
    ### BEGIN SOLUTION
    return neuron(x, np.array([1.0, 1.0]), -1.5)
    ### END SOLUTION


# %% id="check-and-gate"
course.check("neuron.and_gate", and_gate)

# %% [markdown] id="xor" tags=["core"]
# Could you do XOR, "one of them but not both"? Before you blame your patience, let the computer try 68,921 settings
# for each gate and keep the most corners any of them got right.

# %% id="xor-search" tags=["nbval-check-output"]
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
values = np.linspace(-2, 2, 41)
w1, w2, b = np.meshgrid(values, values, values)
z = w1[..., None] * corners[:, 0] + w2[..., None] * corners[:, 1] + b[..., None]
for gate, wanted in {"OR": [0, 1, 1, 1], "AND": [0, 0, 0, 1], "NOT x1": [1, 1, 0, 0], "XOR": [0, 1, 1, 0]}.items():
    right = np.sum(step(z) == wanted, axis=-1)
    print(f"{gate:6} best of {right.size:,}: {right.max()} of 4")

# %% [markdown] id="xor-proof" tags=["core"]
# A search proves nothing about the settings it skipped. A little algebra does. With step(0) = 0, the corners 00, 10, 01
# and 11 of XOR demand, in this order,
#
# $$b \le 0, \qquad w_1 + b > 0, \qquad w_2 + b > 0, \qquad w_1 + w_2 + b \le 0.$$
#
# Add the two in the middle: $w_1 + w_2 + 2b > 0$, so $w_1 + w_2 + b > -b \ge 0$. That contradicts the last one. No
# line separates the corners of XOR. Two neurons drawing *two* lines, and a third that combines them, can: lesson 02.
#
# *A sentence of history:* Frank Rosenblatt introduced the perceptron in 1957, with fixed random units that feed a neuron
# like ours whose weights learn; Minsky and Papert set out its limits, those of XOR's big sister parity among them, in
# a book of 1969.

# %% id="xor-claim" tags=["nbval-check-output"]
course.claim("most corners of XOR that one neuron gets right", right.max(), equals=3)

# %% [markdown] id="fitting" tags=["deeper"]
# ## 8 · Deeper: too stiff, too wiggly
#
# More parameters make a model more flexible. Is flexible better? Leave the animals for a moment: twelve points on a
# wave, each a little off. A polynomial of degree 1 is a straight line, and one of degree 11 has twelve parameters,
# enough to pass through every point.
#
# **Predict:** which degree comes closest to twelve *new* points from the same wave? Move the slider, then look right.

# %% id="wiggle" tags=["nbval-check-output"]
def noisy_wave(n, rng, spaced=False):
    x = np.linspace(0, 1, n) if spaced else rng.uniform(0, 1, n)
    return x, wave(x) + rng.normal(0, 0.2, n)


def wave(x):
    return np.sin(2 * np.pi * x)


rng = np.random.default_rng(18)
limits.wiggle(wave, *noisy_wave(12, rng, spaced=True), *noisy_wave(12, rng))

# %% [markdown] id="fitting-told" tags=["deeper"]
# *Underfitting (Unteranpassung)*: too stiff to follow the wave, so both errors are large. *Overfitting (Überanpassung)*:
# the curve learns the noise by heart, so the training error vanishes and the error on new points grows. The new points
# that choose the degree are *validation data*. They must not be those the curve was fitted to.

# %% [markdown] id="degree-task" tags=["deeper"]
# ### Exercise 7 · Pick the degree
# Both arguments are arrays; entry $d$ is the error of the curve of degree $d$. Return the degree you would use.

# %% id="pick-degree" tags=["exercise"]
def pick_degree(training_error, validation_error):
    """The degree to use, a whole number."""
    ### BEGIN SOLUTION
    return int(np.argmin(validation_error))
    ### END SOLUTION


# %% id="check-pick-degree"
course.check("neuron.pick_degree", pick_degree)

# %% [markdown] id="one-wave-is-luck" tags=["deeper"]
# One wave is one piece of luck. Repeat it 20 times: the curve through every point against the curve chosen by
# validation, both judged on 500 fresh *test* points that neither fitting nor choosing has seen. In the median the
# error of the wiggle is at least 5 times as large.

# %% id="twenty-waves" tags=["nbval-check-output"]
def test_errors(seed):
    rng = np.random.default_rng(seed)
    x, y = noisy_wave(12, rng, spaced=True)
    validation, test = noisy_wave(12, rng), noisy_wave(500, rng)
    curves = [np.polynomial.Polynomial.fit(x, y, degree) for degree in range(12)]
    chosen = curves[np.argmin([np.mean((c(validation[0]) - validation[1]) ** 2) for c in curves])]
    return [np.mean((c(test[0]) - test[1]) ** 2) for c in (curves[-1], chosen)]


wiggly, careful = np.transpose([test_errors(seed) for seed in range(20)])
print(f"wave by wave the wiggle's error is {min(wiggly / careful):.1f} to {max(wiggly / careful):.0f} times as large")
course.claim("median error of the wiggle over that of the chosen curve", np.median(wiggly) / np.median(careful),
             at_least=5)

# %% [markdown] id="softmax-section" tags=["deeper"]
# ## 9 · Deeper: several neurons share one answer
#
# With three kinds of animal, use three neurons on the same inputs and let the largest $z$ win. To read the three sums
# as shares of one whole, *softmax* takes $e^z$ of each and divides by the sum:
#
# $$a_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
#
# **Predict:** add 1 to all three sums. What happens to the shares?

# %% id="softmax-shares" tags=["nbval-check-output"]
limits.softmax_shares()

# %% [markdown] id="softmax-task" tags=["deeper"]
# ### Exercise 8 · Softmax
# `z` is a table, one row per animal, one column per kind. Turn each **row** into shares.

# %% id="softmax-exercise" tags=["exercise"]
def my_softmax(z):
    """Shares that sum to 1 in every row."""
    ### BEGIN SOLUTION
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)
    ### END SOLUTION


# %% id="check-softmax"
course.check("neuron.softmax", my_softmax)

# %% [markdown] id="softmax-told" tags=["deeper"]
# Adding 1 to all sums multiplies above and below by $e$: nothing changes. The version we use from now on takes the
# largest $z$ away first, for the same reason, so that $e^z$ cannot overflow. And softmax of *two* sums is the sigmoid
# of their difference, so you have met it before.

# %% id="softmax-from-scratch" tags=["from_scratch"]
def softmax(z):
    z = z - np.max(z, axis=-1, keepdims=True)  # the shares stay the same and exp cannot overflow
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


# %% id="softmax-claims"
pair = np.random.default_rng(0).normal(0, 3, (100, 2))
gap = np.max(np.abs(softmax(pair)[:, 1] - sigmoid(pair[:, 1] - pair[:, 0])))
course.claim("softmax of two against sigmoid of the difference", gap, at_most=1e-12)

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. A neuron is $a = f(w \cdot x + b)$: weigh, sum, decide. The bias is a weight with a constant input.
# 2. With two inputs its decision boundary is a straight line: the ratio of the weights turns it, the bias shifts it.
# 3. Learning rule: change each weight by $\eta \cdot (t - \hat y) \cdot x$. No error, no change.
# 4. Activations with a slope let small changes be felt; the sigmoid's output can be read as "how sure".
# 5. Overlapping classes have a best possible accuracy, and it is judged on fresh data only.
# 6. One line cannot do XOR.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. A neuron has $w = (2, -1)$, $b = 0.5$ and the step function, step(0) = 0. Compute its output for $x = (1, 3)$ and
#    $x = (0, 0.5)$. *(4 points)*
# 2. The target was 0, the output 1, $x = (2, -3)$, $\eta = 0.5$. By how much do $w_1$, $w_2$ and $b$ change? *(3 points)*
# 3. A classmate reaches 100 % on 30 training animals and claims to beat the Bayes accuracy of 0.92. Name the error
#    in the argument. *(3 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. $z = 2 - 3 + 0.5 = -0.5$ gives 0; $z = 0 - 0.5 + 0.5 = 0$ gives 0. 2. error −1: $w_1$ by −1, $w_2$ by
# +1.5, $b$ by −0.5. 3. The Bayes accuracy bounds the accuracy on *fresh* animals; on the training animals a model can
# learn the answers by heart, and 30 animals are few.

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *35C3:* "raise the weights if you need a higher number", called simplified there. It holds for positive inputs only;
#   the rule multiplies by the input.
# - *35C3:* the difference between desired and computed output is called a loss function. The difference has a sign and
#   tells the direction; a *loss* is a number to be made small, such as its square (lesson 03).
# - *35C3:* speed + size below 10 gives 0, above 10 gives 1, and 10 itself is left open. Here step(0) = 0.
# - *35C3:* a perceptron is called another name for a neuron. It is the neuron with a *step*; networks trained by
#   gradients use activations with a slope.
# - *Deep down the rabbit hole:* the forward formulas leave out the bias that the text names; and softmax stands in a
#   list of transfer functions of a neuron, but needs all the neurons of a layer.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain",
#   *Psychological Review* 65 (1958), 386–408; the report that introduced it is from 1957.
# - A. Novikoff, "On convergence proofs on perceptrons", *Symposium on the Mathematical Theory of Automata* 12 (1962),
#   615–622.
# - M. Minsky, S. Papert, *Perceptrons*, MIT Press 1969.
# - C. Bishop, *Pattern Recognition and Machine Learning*, Springer 2006: sections 1.5 (best decisions) and 4.1.7.
# - A. Maas, A. Hannun, A. Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML workshop 2013
#   (leaky ReLU).
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
