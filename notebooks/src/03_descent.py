# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 03 · Gradient descent
#
# **You will make a network walk downhill: first one weight, then two, then all of them. And you will learn to see from
# its curves why it does not arrive.**
#
# *Two sittings of 90 minutes: the core sections, then those marked "deeper". You need lessons 01 and 02. What a
# derivative is, this lesson says.*
#
# Afterwards you can
# - compute a slope in numbers and by the chain rule, and test one against the other,
# - choose a learning rate and an optimizer, and say what each of them does,
# - write the backward pass of a network, and find the wrong line in one,
# - tell underfitting from overfitting by two curves, and name five remedies,
# - name the fault of a training that goes wrong, and mend it.
#
# Follows: A. Köpf, *Deep down the rabbit hole* (loss, gradient step, decay, dropout, tricks of the trade);
# Th. Stadelmann, *Wie denken denkende Maschinen?* (the loss $l(W)$, the error landscape); 35C3, *Introduction to Deep
# Learning* (under- and overfitting).

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing of the core: sections 1–2 take 20 minutes, 3 takes 20, 4 takes 25, 5–6 take 25; the challenges of section 7 are
# homework. Have the room shout learning rates in section 2 and starting points in section 3. Do not prove anything
# about Adam. In section 4 let everybody do the seven slopes on paper before the figure shows them.

# %% id="setup"
import course_utils as course

course.start()

import numpy as np

from course_utils.visuals import descent as walks
from course_utils.visuals import descent_chain as chain
from course_utils.visuals import descent_fitting as fitting
from course_utils.visuals import descent_gallery as gallery
from course_utils.visuals import descent_tricks as tricks

# %% [markdown] id="slope" tags=["core"]
# ## 1 · A slope is rise over run
#
# A network is right if its weights are right. To find them we need to know one thing about each weight: *if I turn it
# up a little, does the error grow or shrink, and how fast?* That number is the *slope (Steigung)*, in mathematics the
# *derivative (Ableitung)*.
#
# **In numbers.** Take $f(w) = w^2$ at $w = 3$, where it is 9. Go a little to the right, to 3.01: there it is 9.0601. It
# rose by 0.0601 over a run of 0.01, so the slope is about 6.01. **Predict:** what comes out for a smaller run?

# %% id="rise-over-run" tags=["nbval-check-output"]
def f(w):
    return w**2


for run in (1.0, 0.1, 0.01, 0.001):
    print(f"run {run:5}: one side {(f(3 + run) - f(3)) / run:.4f}   both sides {(f(3 + run) - f(3 - run)) / (2 * run):.4f}")

# %% [markdown] id="slope-told" tags=["core"]
# The numbers close in on 6. Measured to *both* sides, it is 6 at once: what the curve bends away on the right it bends
# back on the left. The rule from school says the same: the slope of $w^2$ is $2w$, which is 6 at $w = 3$.
#
# Read it as an exchange rate: near $w = 3$, one unit of $w$ costs six units of $f$. A negative slope means that $f$
# falls as $w$ grows. Where the slope is 0 the curve is level, as at the bottom of a valley.

# %% [markdown] id="slope-task" tags=["core"]
# ### Exercise 1 · Measure a slope
# `f` is a function of one number. Measure its slope at `w` to both sides, with a run of `little` on each.

# %% id="measure-slope" tags=["exercise"]
def slope(f, w, little):
    """The slope of f at w, measured from w - little to w + little."""
    ### BEGIN SOLUTION
    return (f(w + little) - f(w - little)) / (2 * little)
    ### END SOLUTION


# %% id="check-slope"
course.check("descent.slope", slope)

# %% [markdown] id="loss" tags=["core"]
# ## 2 · Downhill on one weight
#
# Take the smallest model there is, $\hat y = w x$, with one weight, and three examples: inputs 1, 2, 3 with targets
# 2, 4, 6. How wrong is it for a given $w$? Square each error $\hat y - t$, so that too much and too little both count,
# take the mean over the $N$ examples, and half of it. This number is the *loss (Verlust)*:
#
# $$L(w) = \frac{1}{2N} \sum_{n=1}^{N} (w x_n - t_n)^2$$
#
# The half is a custom: it cancels the 2 that the slope of a square brings along. The slope of $L$ is the mean of
# (error × input). **In numbers**, at $w = 0$ the errors are −2, −4, −6, so the slope is
# $(-2\cdot 1 - 4\cdot 2 - 6\cdot 3)/3 = -28/3 \approx -9.33$. It is negative: turning $w$ up makes the loss fall.

# %% id="loss-on-one-weight" tags=["nbval-check-output"]
x1, t1 = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])


def loss_of(w):
    return 0.5 * np.mean((w * x1 - t1) ** 2)


measured = (loss_of(0.001) - loss_of(-0.001)) / 0.002
course.claim("slope at w = 0, measured", measured, equals=-28 / 3, within=1e-6)

# %% [markdown] id="step" tags=["core"]
# So go *against* the slope. How far? The slope says how steep it is here, not how far away the bottom is. A number that
# we choose, the *learning rate (Lernrate)* $\eta$, turns one into the other:
#
# $$w \leftarrow w - \eta \cdot \text{slope}$$
#
# This is *gradient descent (Gradientenabstieg)*. Mind the **minus**: the lecture's slide prints a plus, and with a plus
# you climb.
#
# **Predict:** with $\eta = 0.1$ and the start 0, the first step goes to $0 - 0.1 \cdot (-9.33) = 0.933$. The best
# weight is 2. Which rate would land there in one step? And what happens with a rate of 0.5? Try it.

# %% id="one-weight" tags=["nbval-check-output"]
walks.one_weight(x1, t1)

# %% [markdown] id="rates-told" tags=["core"]
# The slope here is $\frac{14}{3}(w - 2)$, where 14/3 is the mean of the squared inputs. So every step multiplies the
# distance to the bottom by $1 - \eta \cdot \frac{14}{3}$.
#
# | rate | that factor | what you see |
# |---|---|---|
# | 0.001 | 0.995 | creeps; hardly moves in 20 steps |
# | 3/14 ≈ 0.214 | 0 | there in one step |
# | 0.4 | −0.87 | jumps from side to side, and arrives |
# | above 3/7 ≈ 0.429 | below −1 | every step lands farther out: it *diverges* |

# %% id="rates-claim"
def distance_after(rate, steps=20):
    w = 0.0
    for _ in range(steps):
        w -= rate * np.mean((w * x1 - t1) * x1)
    return abs(w - 2)


course.claim("distance after one step of 3/14", distance_after(3 / 14, steps=1), at_most=1e-12)
course.claim("distance after 20 steps of 0.42", distance_after(0.42), at_most=2)
course.claim("distance after 20 steps of 0.44", distance_after(0.44), at_least=2)

# %% [markdown] id="step-task" tags=["core"]
# ### Exercise 2 · One step down
# Return the new weight. `slope` is the slope at `w`, already known.

# %% id="step-down" tags=["exercise"]
def step_down(w, slope, eta):
    """The weight after one step of gradient descent."""
    ### BEGIN SOLUTION
    return w - eta * slope
    ### END SOLUTION


# %% id="check-step-down"
course.check("descent.step_down", step_down)

# %% [markdown] id="two-weights" tags=["core"]
# ## 3 · A landscape of two weights
#
# With two weights, each pair $(w_1, w_2)$ has its loss. Draw the loss as height above the plane, and you get the
# *error landscape (Fehlerlandschaft)* of the lectures. Our net has one hidden tanh neuron, no biases:
#
# $$\hat y = w_2 \cdot \tanh(w_1 \cdot x)$$

# %% id="two-weights-data"
walks.net_with_two_weights()

# %% [markdown] id="net-loss-task" tags=["core"]
# ### Exercise 3 · The height at one place
# Return the loss of this net, half the mean of the squared errors, for one pair of weights. `x` and `t` are arrays.

# %% id="net-loss" tags=["exercise"]
def net_loss(w1, w2, x, t):
    """Half the mean squared error of the net y = w2 * tanh(w1 * x)."""
    ### BEGIN SOLUTION
    y = w2 * np.tanh(w1 * x)
    return 0.5 * np.mean((y - t) ** 2)
    ### END SOLUTION


# %% id="check-net-loss"
course.check("descent.net_loss", net_loss)

# %% [markdown] id="whole-grid" tags=["core"]
# For a picture we need the loss at 100 × 100 places for 200 examples: two million outputs. No loop: `[..., None]` puts a
# new axis behind the weights, NumPy spreads them over the examples, and `mean` takes that axis away again.
#
# The *gradient* is simply the list of all slopes, one per weight. It points straight uphill, so we go the other way.
# (Where the two formulas in `landscape_gradient` come from, section 4 says.)

# %% id="landscape-from-scratch" tags=["from_scratch"]
def landscape(w1, w2, x, t):
    y = w2[..., None] * np.tanh(w1[..., None] * x)
    return 0.5 * np.mean((y - t) ** 2, axis=-1)


def landscape_gradient(w, x, t):
    a = np.tanh(w[0] * x)
    error = w[1] * a - t
    return np.array([np.mean(error * w[1] * (1 - a**2) * x), np.mean(error * a)])


# %% id="grid-checked" tags=["nbval-check-output"]
x, t = walks.examples()
w1, w2 = np.meshgrid(np.linspace(-4, 4, 100), np.linspace(-4, 4, 100), sparse=True)
heights = landscape(w1, w2, x, t)
print("heights:", heights.shape)
row, col = np.unravel_index(heights.argmin(), heights.shape)
course.claim("distance of the lowest place on the grid from (2, 1.5), or its mirror image",
             np.hypot(abs(w1[0, col]) - 2, abs(w2[row, 0]) - 1.5), at_most=0.5)

# %% [markdown] id="optimizers" tags=["core"]
# Four ways to walk. All know only the slope under their feet.
#
# - **SGD** takes the step you know. The S is for *stochastic (zufällig)*: the slope is usually measured on a random
#   part of the examples, a *batch (Stapel)*.
# - **Momentum** keeps a *velocity* $v$, like a ball that rolls: a share $\mu$ of the last step stays in the next one.
#   $v \leftarrow \mu v - \eta g, \quad w \leftarrow w + v$
# - **RMSprop** divides every step by the running size of the slope, $\sqrt{s}$ with
#   $s \leftarrow \rho s + (1 - \rho) g^2$. So gentle and steep directions get steps of like size.
# - **Adam** does both, and corrects both memories for their start at 0.
#
# **Predict:** in a long narrow valley, which of them is slow, and which one overshoots? Choose *long valley* and see.

# %% id="race" tags=["nbval-check-output"]
walks.race()

# %% [markdown] id="race-told" tags=["core"]
# Blue is low, orange is high. Click or drag to another start; the slider *step* moves all four. (Keyboard: click the
# picture; the arrow keys move a cross, Enter starts there.) Things to try:
#
# 1. *Net's loss*, rate 0.1: which are at the bottom after 200 steps? There are two equal valleys, because
#    $w_2 \tanh(w_1 x)$ stays the same when both signs change. Where between them must you start to reach the other?
# 2. *Long valley*: raise the rate. SGD flies off just above 1, for the steep direction allows no more; until then the
#    gentle one must creep. Momentum stands nearly twice that. RMSprop never flies off, but hops around the bottom, the
#    higher the rate the farther. Adam comes to rest.
# 3. *Net's loss* with batches of 5: the slope is now a guess, and the paths tremble. Smaller rate, less trembling.
# 4. *Two valleys*: who ends in the shallow one, at rate 0.1? Nobody can see the deeper one from there, but one of the
#    four has speed enough to roll through.
# 5. *My own*: write a function of $a$ and $b$. What fools all four?

# %% id="race-claims" tags=["nbval-check-output"]
valley, start = walks.made()["long valley"], (-3.5, 2.0)


def height_after(name, rate, steps=100):
    return float(valley.value(*walks.walk(valley, name, start, rate, steps)[-1]))


course.claim("long valley, rate 0.1, 100 steps: SGD", height_after("SGD", 0.1), at_least=0.05)
course.claim("long valley, rate 0.1, 100 steps: momentum", height_after("momentum", 0.1), at_most=0.01)
course.claim("steps SGD does at rate 1.1 before it flies off", len(walks.walk(valley, "SGD", start, 1.1)) - 1, at_most=100)
course.claim("steps momentum does at rate 1.8, of 200", len(walks.walk(valley, "momentum", start, 1.8)) - 1, equals=200)
course.claim("long valley, rate 2, 100 steps: RMSprop hops", height_after("RMSprop", 2.0), at_least=0.1)
course.claim("long valley, rate 2, 100 steps: Adam rests", height_after("Adam", 2.0), at_most=0.01)

hills = walks.made()["two valleys"]
ends = {name: walks.walk(hills, name, hills.start, 0.1)[-1] for name in ("SGD", "momentum", "RMSprop", "Adam")}
course.claim("how many end in the shallow valley, on the right", sum(end[0] > 0 for end in ends.values()), equals=3)

# %% [markdown] id="optimizers-code" tags=["core"]
# In code, an optimizer is a function that remembers. It takes the arrays to be learned and gives back another function,
# `update`, which changes them *in place* (`-=`). Here are the first two.

# %% id="sgd-from-scratch" tags=["from_scratch"]
def sgd(parameters, learning_rate=0.01):
    def update(gradients, learning_rate=learning_rate):
        for w, g in zip(parameters, gradients, strict=True):
            w -= learning_rate * g

    return update


def momentum(parameters, learning_rate=0.01, momentum=0.9):
    velocities = [np.zeros_like(w) for w in parameters]

    def update(gradients, learning_rate=learning_rate):
        for w, g, v in zip(parameters, gradients, velocities, strict=True):
            v *= momentum
            v -= learning_rate * g
            w += v

    return update


# %% [markdown] id="momentum-task" tags=["core"]
# ### Exercise 4 · A step with momentum
# Return the new weight *and* the new velocity. `v` is the old velocity, `g` the slope, `mu` the share that stays.

# %% id="momentum-step" tags=["exercise"]
def momentum_step(w, v, g, eta, mu):
    """One step with momentum: returns (new weight, new velocity)."""
    ### BEGIN SOLUTION
    v = mu * v - eta * g
    return w + v, v
    ### END SOLUTION


# %% id="check-momentum"
course.check("descent.momentum_step", momentum_step)

# %% [markdown] id="adaptive-code" tags=["core"]
# And the two that look at the size of the slope. The small number $\varepsilon$ keeps them from dividing by 0. These are
# the formulas of Keras; section 10 compares them step by step.

# %% id="rmsprop-from-scratch" tags=["from_scratch"]
def rmsprop(parameters, learning_rate=0.001, rho=0.9, epsilon=1e-7):
    squares = [np.zeros_like(w) for w in parameters]

    def update(gradients, learning_rate=learning_rate):
        for w, g, s in zip(parameters, gradients, squares, strict=True):
            s *= rho
            s += (1 - rho) * g**2
            w -= learning_rate * g / np.sqrt(s + epsilon)

    return update


# %% id="adam-from-scratch" tags=["from_scratch"]
def adam(parameters, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    means = [np.zeros_like(w) for w in parameters]
    squares = [np.zeros_like(w) for w in parameters]
    t = 0

    def update(gradients, learning_rate=learning_rate):
        nonlocal t
        t += 1
        rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        for w, g, m, s in zip(parameters, gradients, means, squares, strict=True):
            m += (1 - beta_1) * (g - m)
            s += (1 - beta_2) * (g**2 - s)
            w -= rate * m / (np.sqrt(s) + epsilon)

    return update


# %% [markdown] id="checked-optimizers-told" tags=["core"]
# The course's library holds the same four functions, and they look at what they are given. From here on we use those.

# %% id="checked-optimizers" tags=["nbval-check-output"]
from course_utils.from_scratch.optimizers import adam, momentum, rmsprop, sgd

try:
    sgd([np.zeros(2)], learning_rate=0)
except ValueError as sentence:
    print(sentence)

# %% [markdown] id="backprop" tags=["core"]
# ## 4 · Backpropagation: all slopes in one sweep
#
# Two weights can be measured by trying. A network has thousands, and trying each means running it thousands of times,
# for *one* step. There is a way to get all slopes in the time of a few runs: *backpropagation
# (Fehlerrückführung)*. It is one rule from school, used again and again.
#
# **The chain rule (Kettenregel).** If $a$ turns $b$ at rate 3, and $b$ turns $c$ at rate 4, then $a$ turns $c$ at rate $3 \cdot 4 =
# 12$. Slopes along a chain multiply.
#
# **A net for paper.** One input, one sigmoid neuron, one linear neuron, and the error $E = \frac12(\hat y - t)^2$:
#
# $$x \;\to\; z_1 = w_1 x + b_1 \;\to\; a_1 = \sigma(z_1) \;\to\; \hat y = w_2 a_1 + b_2 \;\to\; E$$
#
# With $x = 2$, $w_1 = 0.5$, $b_1 = -1$, $w_2 = 2$, $b_2 = 0$, $t = 3$: $z_1 = 0$, $a_1 = 0.5$, $\hat y = 1$, $E = 2$.

# %% [markdown] id="backwards" tags=["core"]
# Now go back from $E$. Each line uses the one above it:
#
# | slope of $E$ by | rule | in numbers |
# |---|---|---|
# | $\hat y$ | $\hat y - t$ | $1 - 3 = -2$ |
# | $w_2$ | that × $a_1$, for $a_1$ is what $w_2$ multiplies | $-2 \cdot 0.5 = -1$ |
# | $b_2$ | that × 1 | $-2$ |
# | $a_1$ | slope by $\hat y$ × $w_2$ | $-2 \cdot 2 = -4$ |
# | $z_1$ | that × $\sigma'(z_1) = a_1(1 - a_1)$ | $-4 \cdot 0.25 = -1$ |
# | $w_1$ | that × $x$ | $-1 \cdot 2 = -2$ |
# | $b_1$ | slope by $z_1$ × 1 | $-1$ |
#
# **Predict:** is there a $z_1$ for which $w_1$ and $b_1$ learn nothing at all, however wrong the answer is? Change the
# numbers; each slope stands beside its *finite difference*: that quantity moved a little to both sides, as in section 1.

# %% id="paper-net" tags=["nbval-check-output"]
chain.paper_net()

# %% [markdown] id="paper-net-told" tags=["core"]
# Far from 0 the sigmoid is flat: $a_1(1 - a_1)$ is nearly 0, and everything before it learns nearly nothing. The same
# happens exactly when $w_2 = 0$, or $x = 0$ for $w_1$.

# %% [markdown] id="backward-task" tags=["core"]
# ### Exercise 5 · The backward pass, inspected
# Return all seven slopes of $E$ as a dict. The check looks at *each* of them and says which one is wrong. It does not
# blame a slope that follows rightly from a wrong one before it.

# %% id="backward" tags=["exercise"]
def backward(x, t, w1, b1, w2, b2):
    """The slopes of E = (y - t)**2 / 2, from the output back."""
    a1 = 1 / (1 + np.exp(-(w1 * x + b1)))
    y = w2 * a1 + b2
    ### BEGIN SOLUTION
    dy = y - t
    da1 = dy * w2
    dz1 = da1 * a1 * (1 - a1)
    return {"dy": dy, "dw2": dy * a1, "db2": dy, "da1": da1, "dz1": dz1, "dw1": dz1 * x, "db1": dz1}
    ### END SOLUTION


# %% id="check-backward"
course.check("descent.backward", backward)

# %% [markdown] id="train-step-task" tags=["core"]
# ### Exercise 6 · One training step
# Compute the slopes, then take one step of gradient descent with all four numbers. Return the new $w_1, b_1, w_2, b_2$.
# Careful with the order: when is which value still the old one?

# %% id="train-step" tags=["exercise"]
def train_step(x, t, w1, b1, w2, b2, eta):
    """The four numbers after one step: (w1, b1, w2, b2)."""
    a1 = 1 / (1 + np.exp(-(w1 * x + b1)))
    dy = w2 * a1 + b2 - t
    ### BEGIN SOLUTION
    dz1 = dy * w2 * a1 * (1 - a1)  # with the old w2
    return w1 - eta * dz1 * x, b1 - eta * dz1, w2 - eta * dy * a1, b2 - eta * dy
    ### END SOLUTION


# %% id="check-train-step"
course.check("descent.train_step", train_step)

# %% [markdown] id="any-net" tags=["core"]
# **For any network.** `MLP` from lesson 02 now grows the two methods it lacks. Compare `gradients` line by line with
# the table above: `delta` is the slope by $z$, one row per example, one column per neuron. `@` does for all neurons at
# once what we did for one, and sums over the examples; the 1/N at the start makes it their mean.

# %% id="mlp-import"
from course_utils.from_scratch.mlp import MLP, SLOPES


# %% id="mlp-from-scratch" tags=["from_scratch"]
class MLP(MLP):
    def loss(self, x, t):
        y = self.forward(x)
        e = 0.5 * np.sum((y - t) ** 2)
        if self.output == "softmax":
            e = -np.sum(t * np.log(np.maximum(y, 1e-300)))  # never the logarithm of 0
        return e / len(x) + self.decay / 2 * sum(np.sum(w**2) for w in self.weights)

    def gradients(self, x, t):
        zs, activations = self.layers(x)
        delta = (activations[-1] - t) / len(x)
        if self.output != "softmax":  # in softmax with cross-entropy the slope cancels
            delta = delta * SLOPES[self.output](zs[-1])
        weight_gradients = []
        bias_gradients = []
        for i in reversed(range(len(self.weights))):
            weight_gradients.insert(0, activations[i].T @ delta)
            bias_gradients.insert(0, delta.sum(axis=0))
            if self.decay > 0:
                weight_gradients[0] += self.decay * self.weights[i]
            if i > 0:
                delta = delta @ self.weights[i].T * SLOPES[self.activation](zs[i - 1])
        return weight_gradients, bias_gradients


# %% [markdown] id="gradient-check" tags=["core"]
# **Trust, but measure.** A wrong gradient often still learns, only badly. So compare it with finite differences, once,
# on small random nets: a *gradient check*. Here for every smooth activation (ReLU has a kink, where no slope exists).

# %% id="gradient-check-run"
def relative_gap(net, x, t, little=1e-5):
    analytic = np.concatenate([g.ravel() for part in net.gradients(x, t) for g in part])
    measured = []
    for p in net.parameters():
        for i in np.ndindex(p.shape):
            old, heights = p[i], []
            for p[i] in (old + little, old - little):
                heights.append(net.loss(x, t))
            p[i] = old
            measured.append((heights[0] - heights[1]) / (2 * little))
    return np.linalg.norm(analytic - measured) / np.linalg.norm(analytic)


rng = np.random.default_rng(0)
inputs, targets = rng.normal(size=(8, 3)), np.eye(2)[rng.integers(0, 2, 8)]
gaps = [relative_gap(MLP([3, 5, 4, 2], kind, seed, output, decay=0.1), inputs, targets)
        for kind in ("sigmoid", "tanh", "softsign", "linear")
        for output in ("linear", "sigmoid", "tanh", "softsign", "softmax") for seed in range(3)]
course.claim(f"largest relative gap over {len(gaps)} nets", max(gaps), at_most=1e-6)

# %% [markdown] id="fit-told" tags=["core"]
# Now everything is there for training. `fit` runs through the examples in mini-batches, epoch by epoch, and keeps the
# losses. It also knows when to give up: once a number grows beyond what a computer can hold, it goes back to the last
# good weights and says so.

# %% id="fit-import"
from course_utils.from_scratch.mlp import train_epoch


# %% id="fit-from-scratch" tags=["from_scratch"]
def fit(net, x, t, update, epochs, batch_size, seed=0, watch=()):
    rng = np.random.default_rng(seed)
    sets = [(x, t), *watch]
    losses = [[net.loss(*pair) for pair in sets]]
    for epoch in range(1, epochs + 1):
        kept = [p.copy() for p in net.parameters()]
        try:
            with np.errstate(over="raise", invalid="raise"):  # no inf, no nan: an error we can catch
                train_epoch(net, x, t, update, batch_size, rng)
                losses.append([net.loss(*pair) for pair in sets])
        except FloatingPointError:
            for p, last in zip(net.parameters(), kept, strict=True):
                p[...] = last
            print(f"Stopped in epoch {epoch}: the loss has grown past all numbers. The weights of epoch {epoch - 1} "
                  "are kept: take a smaller learning rate.")
            break
    return np.array(losses)


# %% id="first-fit"
rng = np.random.default_rng(1)
wave_x = rng.uniform(-2, 2, (100, 1))
wave_t = np.sin(3 * wave_x) + rng.normal(0, 0.1, (100, 1))
for rate in (0.05, 5.0):
    net = MLP([1, 20, 1], "tanh", seed=0)
    losses = fit(net, wave_x, wave_t, momentum(net.parameters(), rate), epochs=200, batch_size=10)
    good = all(np.isfinite(p).all() for p in net.parameters())
    print(f"rate {rate}: {len(losses) - 1} epochs, all weights finite: {good}")
    if rate == 0.05:
        course.claim("loss after 200 epochs, as a share of the first", losses[-1, 0] / losses[0, 0], at_most=0.2)

# %% [markdown] id="decay" tags=["core"]
# ## 5 · Keep the weights small
#
# Large weights make steep, wiggly answers. So charge for them. The lecture's error function is
#
# $$E(w) = \frac12 \sum_{n=1}^{N} \lVert \hat y_n - t_n \rVert^2 + \frac{\lambda}{2} \lVert w \rVert^2, \qquad
# \frac{\partial E}{\partial w} = \sum_n (\hat y_n - t_n)\,\frac{\partial \hat y_n}{\partial w} + \lambda w$$
#
# The second part is *weight decay (Gewichtsabnahme)*: its slope λw pulls every weight towards 0, in proportion to its
# size. The ½ is there so that no 2 is left over. Biases only shift; they are not charged. (With Adam, a pull that
# enters through the slope is not the same as shrinking the weights directly; that second way is called AdamW.)
#
# **Predict:** what happens to boundary and weights as λ grows? And is more always better?

# %% id="decay-explorer" tags=["nbval-check-output"]
fitting.decay_explorer()

# %% [markdown] id="decay-teacher" tags=["teacher"]
# The test error falls from λ = 0 to about 0.01 and rises again: too much decay is too stiff. The next cell has it over
# five seeds. Ask where the two classes' clouds would meet if we knew them: the best boundary is a straight line.

# %% id="decay-claims"
from course_utils.datasets import recordings
from course_utils.datasets.descent_runs import LAMBDAS

run = recordings.read("descent_decay").arrays
print("     λ   squared length   test error (median and range of five seeds)")
for strength, lengths, errors in zip(LAMBDAS, run["lengths"], run["errors"][..., 1], strict=True):
    print(f"{strength:6g} {np.median(lengths):11.1f} {np.median(errors):14.3f}  ({errors.min():.3f} to {errors.max():.3f})")
course.claim("λ = 0.01 shortens the weights in each seed by a factor of",
             np.min(run["lengths"][0] / run["lengths"][5]), at_least=5)
course.claim("seeds in which λ = 0.01 beats no decay on fresh animals",
             np.sum(run["errors"][5, :, 1] < run["errors"][0, :, 1]), equals=5)

# %% [markdown] id="decay-told" tags=["core"]
# More decay, shorter weights, a straighter boundary: from a net that bends around single animals to nearly a line. The
# test error falls with it, and rises again when λ is so large that the net can no longer follow the animals. (A step
# to a larger λ does not shorten the weights every time: the training may end in another valley.)

# %% [markdown] id="decay-task" tags=["core"]
# ### Exercise 7 · The slope with decay
# `gw` and `gb` are the slopes of the error alone, for the weights `w` and the biases. Return both with decay.

# %% id="decay-gradient" tags=["exercise"]
def decay_gradient(gw, gb, w, decay):
    """Slopes of the error plus decay / 2 * sum of squared weights: (for the weights, for the biases)."""
    ### BEGIN SOLUTION
    return gw + decay * w, gb
    ### END SOLUTION


# %% id="check-decay"
course.check("descent.decay_gradient", decay_gradient)

# %% [markdown] id="sum-or-mean" tags=["core"]
# **Sum or mean?** The lecture's $E$ sums over the examples; our $L$, and Keras, take the mean. The bottom of the
# landscape stays where it is, but slopes, rates and λ change their scale. For outputs with $K$ numbers:
#
# | | error part | decay part | for the same minimum | for the same steps |
# |---|---|---|---|---|
# | lecture | $E = \frac12\sum_n\lVert\hat y_n-t_n\rVert^2$ | $\frac{\lambda_E}{2}\lVert w\rVert^2$ | $\lambda_E = N\lambda$ | rate $\eta / N$ |
# | here | $L = E / N$ | $\frac{\lambda}{2}\lVert w\rVert^2$ | $\lambda$ | rate $\eta$ |
# | Keras | `mean_squared_error` $= \frac{2}{NK}E$ | `l2(c)`: $c\,\lVert w\rVert^2$ | $c = \lambda / K$ | rate $\frac{K}{2}\eta$ |
#
# The numbers agree below; Keras itself is asked in section 10.

# %% id="sum-or-mean-numbers"
net = MLP([3, 4, 2], "tanh", seed=1, decay=0.1)
(n, k), squares = targets.shape, sum(np.sum(w**2) for w in net.weights)
error_sum = 0.5 * np.sum((net.forward(inputs) - targets) ** 2)
lecture = error_sum + n * 0.1 / 2 * squares
ours = net.loss(inputs, targets)
keras_way = np.mean((net.forward(inputs) - targets) ** 2) + 0.1 / k * squares
course.claim("lecture's E divided by N, against L", lecture / n - ours, equals=0, within=1e-12)
course.claim("Keras' way times K/2, against L", keras_way * k / 2 - ours, equals=0, within=1e-12)

# %% [markdown] id="overfitting" tags=["core"]
# ## 6 · Under- and overfitting
#
# The loss on the training examples is not what we want. We want to be right on examples *nobody has shown us*. So keep
# some aside, the *test data (Testdaten)*, and watch both errors.
#
# - *Underfitting (Unteranpassung)*: both errors stay high. The model cannot follow.
# - *Overfitting (Überanpassung)*: the training error falls on while the test error turns and rises. The model learns the
#   noise by heart.
#
# Below: 20 points of a wave, with noise of spread 0.3, and a net with two layers of 40. Even the true wave would have a
# mean squared error of $0.3^2 = 0.09$ on fresh points: that is the floor. The lines are the median of five
# seeds, the bands reach from the best to the worst.
#
# **Predict:** after how many of the 4,000 steps is the test error lowest? Then try the remedies, one by one.

# %% id="remedies" tags=["nbval-check-output"]
fitting.remedies()

# %% [markdown] id="remedies-told" tags=["core"]
# | remedy | what it does |
# |---|---|
# | *early stopping* | stop where the error on a third set, the *validation data*, is lowest |
# | *decay* | charge for large weights |
# | *dropout* | switch off random neurons in every step, so that none can rely on another |
# | *noise* | shake the inputs anew in every step, so that no point can be learned by heart |
# | *more data* | noise averages out; the only one that adds knowledge |
#
# The test data must choose nothing: neither the step nor λ nor the net. Whoever picks the best step *by the test
# error* reports a number that is too good. What came out here:

# %% id="remedies-numbers"
from course_utils.datasets.descent_runs import REMEDIES

recording = recordings.read("descent_fitting")
errors = recording.arrays["errors"]  # steps, remedies, seeds, (training, validation, test)
names = list(REMEDIES)
final = {name: errors[-1, i, :, 2] for i, name in enumerate(names)}
plain = errors[:, names.index("nothing")]
stop = plain[..., 1].argmin(axis=0)  # for each seed the step with the lowest validation error
final["early stopping"] = plain[stop, range(5), 2]
for name, test in final.items():
    print(f"{name:15} test error {np.median(test):.3f}  ({test.min():.3f} to {test.max():.3f})")
for name in ("early stopping", "decay", "dropout", "noise", "more data"):
    course.claim(f"seeds in which this helps: {name}", np.sum(final[name] < final["nothing"]), at_least=4)
course.claim("median test error, nothing done, over the floor 0.09", np.median(final["nothing"]) / 0.09, at_least=2)
course.claim("median test error, more data, over the floor", np.median(final["more data"]) / 0.09, at_most=1.4)

# %% [markdown] id="stop-task" tags=["core"]
# ### Exercise 8 · When to stop
# Three arrays of equal length: the steps at which you looked, and the errors there. Return the step whose weights you
# would hand out.

# %% id="stop-early" tags=["exercise"]
def stop_early(steps, training_error, validation_error):
    """The step to go back to."""
    ### BEGIN SOLUTION
    return steps[np.argmin(validation_error)]
    ### END SOLUTION


# %% id="check-stop"
course.check("descent.stop_early", stop_early)

# %% [markdown] id="dropout-told" tags=["core"]
# **Dropout** sets each activation of a hidden layer to 0 with probability $p$, anew in every training step. If nothing
# else were done, the next layer would get less input in training than later in use, when all neurons work. So divide
# those that stay by $1 - p$: then the mean stays the same. In use, dropout is left out.

# %% id="dropout-from-scratch" tags=["from_scratch"]
def dropout(a, u, rate):
    return np.where(u < rate, 0.0, a / (1 - rate))


# %% id="dropout-mean"
a = np.full(100_000, 2.0)
dropped = dropout(a, np.random.default_rng(0).uniform(size=a.shape), 0.3)
course.claim("share of neurons that are out", np.mean(dropped == 0), equals=0.3, within=0.01)
course.claim("mean of the activations, before: 2", np.mean(dropped), equals=2, within=0.02)

# %% [markdown] id="dropout-task" tags=["core"]
# ### Exercise 9 · The slope through dropout
# In the backward pass, `delta` holds the slopes by the activations *after* dropout. Return the slopes by those *before*
# it. `u` and `rate` are the same as in the forward pass: a neuron is out where `u < rate`.

# %% id="dropout-back" tags=["exercise"]
def dropout_back(delta, u, rate):
    """The slopes by the activations before dropout."""
    ### BEGIN SOLUTION
    return np.where(u < rate, 0.0, delta / (1 - rate))
    ### END SOLUTION


# %% id="check-dropout"
course.check("descent.dropout_back", dropout_back)

# %% [markdown] id="learning-curves" tags=["core"]
# **Would more data help?** Before you spend a year collecting it, draw a *learning curve (Lernkurve)*: train on 10
# examples, on 20, on 40 …, and plot both errors against that number. **Predict:** for the net with one hidden neuron
# and for the large one, how do the two lines run?

# %% id="learning-curves-figure" tags=["nbval-check-output"]
fitting.learning_curves()

# %% [markdown] id="learning-curves-told" tags=["core"]
# How to read them:
#
# - The lines have **met, high above the floor** (left): underfitting. More data will not help; a larger model may.
# - A **wide gap** between them (right, few points): overfitting. More data will help, and so may decay or early stopping.
# - They **meet near the floor** (right, many points): done. What is left is noise.

# %% id="learning-curves-claims"
learning = np.median(recording.arrays["learning"], axis=2)  # two nets, six counts, (training, test)
course.claim("one neuron, 320 points: gap between the lines", learning[0, -1, 1] - learning[0, -1, 0], at_most=0.1)
course.claim("one neuron, 320 points: test error over the floor", learning[0, -1, 1] / 0.09, at_least=3)
course.claim("large net, 20 points: test error over training error", learning[1, 1, 1] / learning[1, 1, 0], at_least=4)
course.claim("large net, 320 points: test error over the floor", learning[1, -1, 1] / 0.09, at_most=1.3)

# %% [markdown] id="playground" tags=["core"]
# ## 7 · The playground, with everything
#
# You know now what every control does. Four challenges; each asks for a *state*: press **Share** in the playground, copy
# the text that begins with `play1.`, and hand it in below. All leave the noise alone unless it is named, and *test
# loss* is the number in the picture.
#
# 1. **No shortcut:** the *circle*, with only the inputs x₁ and x₂ and one hidden layer of at most three neurons. Test
#    loss below 0.1.
# 2. **No hidden layer:** *XOR* with none at all, test loss below 0.1. Choose the inputs well.
# 3. **The spiral:** test loss below 0.1, with whatever you like.
# 4. **Tame it:** the *circle* with 40 % noise, 10 % of the points for training, two hidden layers of eight, and at least
#    200 epochs, without pressing *New weights*. Left alone it ends near 0.3. Bring the test loss below 0.22.

# %% id="playground-full"
from course_utils.visuals.playground import Playground

Playground("full", data="circle", layers=(3,))

# %% id="challenge-claim"
from course_utils.visuals.playground_run import test_losses

wild = {"data": "circle", "noise": 40, "training": 10, "layers": (8, 8)}
course.claim("challenge 4, left alone for 200 epochs: test loss", test_losses(200, 1, **wild)[0], at_least=0.25)

# %% [markdown] id="challenges-task" tags=["core"]
# ### Exercises 10 to 13 · Hand in your states
# Return the text as it is, in quotation marks. It may be split over lines, as in `("play1.eJx…" "…")`.

# %% id="circle-state" tags=["exercise"]
def circle_state():
    """Challenge 1: a state of the playground."""
    ### BEGIN SOLUTION
    return ("play1.eNpjZDBiZjh75owtQ75QsxUXAxBogAhGBuZD0wL2n1_zw1buJe9-FuH6ff8_R9gL7b9ip2q1177w3y776LW79jf43rSf9_"
            "a-PcetZftPyogcAAALah_JaxYE7g")
    ### END SOLUTION


# %% id="check-circle-state"
course.check("descent.circle_state", circle_state)

# %% id="xor-state" tags=["exercise"]
def xor_state():
    """Challenge 2: a state of the playground."""
    ### BEGIN SOLUTION
    return "play1.eNpjYjASYDh75owtQ75QsxUXAxCIMICBbvOK_c0zJ9gAAIGuCEKE45m5"
    ### END SOLUTION


# %% id="check-xor-state"
course.check("descent.xor_state", xor_state)

# %% id="spiral-state" tags=["exercise"]
def spiral_state():
    """Challenge 3: a state of the playground."""
    ### BEGIN SOLUTION
    return ("play1.eNoBAAL__QMAMmMAzczMPQBvEoM6CgAAAAC0AAAAAAIACAiYt9s-d7uJvj37kb_UW16_2pmwPmTKlj9O8pU-7uIqPyrbiz"
            "9eQJE-vIiNP7okor4YemY_v1URv5-AUT82O7C9BqwQQDAliL4ql6O_jK5vPzSNgL8bVNu_jOO0P-Ttrr9i0um-kwF-v4m-Fb6vZd"
            "c_jioeP-AejT-1B_a-F2lSwKY3Rb91Sms__SGYPsIPD78t3Di99PpXP_pdFT5e1V-7cQfYPomYA7_MtLc9XNz_viyj2b1oiVM__F"
            "e1vjTqcr2tGYi_aH3HPwDdZD_0M4S-BQ29PrH9sb7hNck8TVNOPrppaL_eMMM_JZGUPtTjtr690WG-j9iXv8SjZ77-v3A_qW4oPs"
            "su1r5Flli_fLBhPwE1673atxi_ht_oPlcgCDwgWxu_ZtuZP8-Hpj7obgk_5G3pPeVFBz8UsTE_TSp0PgcH9b1_zkE_eMGxPurYOz"
            "77LiO-jWbVPnLOSD0GWkU_oBFKv-SkZz_nuHI_xhM_P8qtKr9lRLU-fiA8P9FdOD8yjKi_Pv4KQHv_nD8grWs_uNQjvmVdt79CbQ"
            "g_Ibx6P4KYCz3OJvE-EP1IPsdGazrv9o-9b_UYPldQdz4pYfU9fUX2PN6sMj3Wj8e8-yAvPknPEz0kQUA-ecIWPacNbDys07m9lR"
            "7xuy1mQUs")
    ### END SOLUTION


# %% id="check-spiral-state"
course.check("descent.spiral_state", spiral_state)

# %% id="tamed-state" tags=["exercise"]
def tamed_state():
    """Challenge 4: a state of the playground."""
    ### BEGIN SOLUTION
    return ("play1.eNoBwAE__gEoCgMAzczMPQEK1yM8CgAAAADIAAAAAAIACAhB_hc_Z1iwOk-Yc750a3a-h4IiPz0pKj84xf8-KfMVut4DS7"
            "yltEQ-zfbSPhi2Ar91ykO6lq6HvlE8tz43Nbi3W7HOPmDPQ7p4aBe4LZ_4O9MYSbxZpYQ6ElM5Op1k0T4gq125pfBQuvsPCzo5UF"
            "0-g46xOTKxs7krgJy5NVpDuikg1r6QJQc5YYIrOumGDrw9I2M6BJHKuuR43LpMrsq-nbDBO_ZRcrr1CkU62g_QO1G567i8KTC6tj"
            "VfOvCjwz7TtqO-JmWSOFuXbrmGU7O-ZsaSOTCBb7ow5x-6BbacviwSO75oLtA4jvNgOU1L7r6CMFi6U5IXuTdChb3o4cO-0GXFOq"
            "CR-rn8xD66YgsiP5Ywvbk1mcA5_KoJOrNyPj8al-Q6q0siuouuCDogIT472jvQt5XAVT2-Two6gB1NOt7QiD9btOC5YrAGuQuSqz"
            "97GMU3Z5jZPTfiHz5dgPA_tYViP9QYFD9Hq4W_oINDPuG-l78vMaS_CFPFP03G4j5JX_K-tQtpui7XtzsBWOC-6o89PqMIHj7-ro"
            "K-3diAv4PDUL_S-89P1v7S8w")
    ### END SOLUTION


# %% id="check-tamed-state"
course.check("descent.tamed_state", tamed_state)

# %% [markdown] id="tricks" tags=["deeper"]
# ## 8 · Deeper: tricks of the trade on one dashboard
#
# Before the first step is done, much is decided: by the inputs, by the first weights, by the depth.
#
# **Inputs.** Height in cm and weight in kg hang together and lie far from 0. Then the landscape is a very long valley.
# Its *condition number (Konditionszahl)* is the largest curvature over the smallest; the larger, the more steps.
# *Normalization (Normalisierung)* takes the mean away and divides by the spread. *Whitening* also turns the axes so that
# the features no longer hang together. Both are measured on the training data only.
#
# **First weights.** A neuron adds up $n$ inputs, so its sum spreads $\sqrt n$ times as far as one term. *Glorot* (also
# Xavier) takes the variance $2 / (n_{in} + n_{out})$, made for tanh. *He* (the lecture's MSR) takes $2 / n_{in}$, for
# ReLU cuts half of the signal off. *Orthogonal* weights turn the signal and keep its length.
#
# **Predict:** twenty layers of tanh with weights of spread 0.1: what arrives at the end, and what comes back?

# %% id="dashboard" tags=["nbval-check-output"]
tricks.dashboard()

# %% [markdown] id="dashboard-told" tags=["deeper"]
# Top: the inputs, and how a single linear neuron learns from them at its best rate. Bottom: for each layer a histogram,
# seen from above; dark means many. Left the size of the activations on the way forward, right the size of the slopes on
# the way back, both in powers of ten.
#
# Things to find: with small weights both fade by the same factor at every layer (*vanishing gradients*). With large ones
# and tanh the activations stick at 1; with ReLU they grow beyond all bounds (*exploding gradients*). Which start keeps
# both lines level for tanh, which for ReLU? What does *batch normalization* do to the left picture, and at what price in
# the right one?

# %% id="condition-claims"
features, goal = tricks.measurements()
steps_needed = {}
for how in ("raw", "centered", "normalized", "whitened"):
    condition, steps, _ = tricks.descent_course(tricks.prepared(features, how), goal)
    steps_needed[how] = steps
    print(f"{how:10} condition number {condition:12.4g}   steps {steps:,}")
course.claim("steps with whitened inputs", steps_needed["whitened"], equals=1)
course.claim("steps with normalized inputs", steps_needed["normalized"], at_most=20)
course.claim("steps with raw inputs", steps_needed["raw"], at_least=1_000_000)

# %% [markdown] id="starts" tags=["deeper"]
# The three starts in code, and *batch normalization*: inside the net, give every neuron's sums mean 0 and spread 1 over
# the batch. (The full form also learns a scale and a shift for each neuron, and keeps running means for later use.)

# %% id="starts-from-scratch" tags=["from_scratch"]
def glorot(n_in, n_out, rng):
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out))


def he(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


def orthogonal(n_in, n_out, rng):
    q, r = np.linalg.qr(rng.normal(size=(max(n_in, n_out), min(n_in, n_out))))
    q = q * np.sign(np.diag(r))  # makes every rotation equally likely
    return q if n_in >= n_out else q.T


def batch_norm(z, epsilon=1e-3):
    return (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + epsilon)


# %% id="starts-claims"
rng = np.random.default_rng(0)
course.claim("variance of Glorot weights, times (n_in + n_out) / 2", glorot(300, 500, rng).var() * 400, equals=1, within=0.02)
course.claim("variance of He weights, times n_in / 2", he(300, 500, rng).var() * 150, equals=1, within=0.02)
q = orthogonal(64, 64, rng)
course.claim("orthogonal: largest gap of qᵀq from the identity", np.abs(q.T @ q - np.eye(64)).max(), at_most=1e-12)

# %% [markdown] id="batch-norm-task" tags=["deeper"]
# ### Exercise 14 · Batch normalization
# `z` has one row per example, one column per neuron. Return it with mean 0 and spread 1 for every *neuron*; put
# `epsilon` to the variance, under the root.

# %% id="batch-norm-exercise" tags=["exercise"]
def normalized_sums(z, epsilon):
    """z with mean 0 and (nearly) variance 1 in every column."""
    ### BEGIN SOLUTION
    return (z - np.mean(z, axis=0)) / np.sqrt(np.var(z, axis=0) + epsilon)
    ### END SOLUTION


# %% id="check-batch-norm"
course.check("descent.normalized_sums", normalized_sums)

# %% [markdown] id="deep-trainings" tags=["deeper"]
# Does it matter for learning? Nets of twenty layers learned to tell the inside of a circle from the outside, with SGD
# at one and the same rate, 400 steps. The loss of a net that always answers 0 is 0.5. Median and range of five seeds;
# "div." counts runs that diverged.

# %% id="deep-table"
print(tricks.deep_table())
deep = recordings.read("descent_deep").arrays["losses"][..., 1]  # starts, (tanh, relu), (plain, batch norm), seeds
row = {name: i for i, name in enumerate(tricks.STARTS)}
course.claim("small weights, plain: smallest loss of ten runs", np.min(deep[row["small (0.1)"], :, 0]), at_least=0.49)
course.claim("large weights, plain ReLU: runs that diverge", np.sum(np.isnan(deep[row["large (0.5)"], 1, 0])), equals=5)
course.claim("He, plain ReLU: largest loss", np.max(deep[row["He"], 1, 0]), at_most=0.48)
course.claim("batch normalization: largest of ten median losses", np.max(np.median(deep[:, :, 1], axis=2)), at_most=0.35)

# %% [markdown] id="deep-told" tags=["deeper"]
# With small weights nothing is learned: what comes back to the first layers is too faint. With large ones, plain ReLU
# nets blow up. Batch normalization makes them all learn, whatever the start. And not everything goes by the book: Glorot
# and orthogonal weights keep the signal alive in tanh nets, but at this rate and in 400 steps they have hardly begun
# to learn, and He's, made for ReLU, is ahead with tanh too. A good start makes learning possible; it does not
# promise speed.

# %% [markdown] id="gallery" tags=["deeper"]
# ## 9 · Deeper: the failure gallery
#
# Six trainings went wrong. The task is the circle again, with a tenth of the labels turned around, so nobody can be
# perfect: 0.18 is the best possible loss on fresh points. Each has **one** fault, and you see no code, only curves and
# histograms, as in real life. Compare with the sound one. These are the faults:
#
# - *dead ReLUs*: the biases began so low that no neuron ever fires,
# - *inputs not normalized*,
# - *rate too high*,
# - *shuffled labels*: inputs and targets no longer belong together,
# - *sum for mean*: the slopes of a batch are added, not averaged, at the rate that suits the mean,
# - *test data leaked* into the training data.
#
# Two of the six have the same curves. Which histogram tells them apart?

# %% id="failure-gallery" tags=["nbval-check-output"]
gallery.gallery()

# %% [markdown] id="gallery-task" tags=["deeper"]
# ### Exercise 15 · Name the faults
# Return a dict from each letter to one of the names above, such as `{"A": "rate too high", ...}`.

# %% id="name-faults" tags=["exercise"]
def name_faults():
    """{"A": name, ..., "F": name}"""
    ### BEGIN SOLUTION
    return {"A": "shuffled labels", "B": "inputs not normalized", "C": "sum for mean",
            "D": "dead ReLUs", "E": "test data leaked", "F": "rate too high"}
    ### END SOLUTION


# %% id="check-name-faults"
course.check("descent.name_faults", name_faults)

# %% [markdown] id="gallery-told" tags=["deeper"]
# Now mend them, one by one. Each of the next six functions is a piece of one of those programs; the comment shows the
# broken line. (Stop here if you have not named them yet: the order is not that of the letters.)

# %% [markdown] id="mend-order-task" tags=["deeper"]
# ### Exercise 16 · Mend: shuffled labels
# Shuffle the examples before an epoch, and keep each input with its target.

# %% id="mend-order" tags=["exercise"]
def shuffled(x, t, rng):
    """The rows of x and t in a new random order."""
    # broken: return x[rng.permutation(len(x))], t[rng.permutation(len(t))]
    ### BEGIN SOLUTION
    order = rng.permutation(len(x))
    return x[order], t[order]
    ### END SOLUTION


# %% id="check-mend-order"
course.check("descent.shuffled", shuffled)

# %% [markdown] id="mend-mean-task" tags=["deeper"]
# ### Exercise 17 · Mend: sum for mean
# `a` holds the activations that come into a layer, one row per example; `errors` the slopes by its $z$, of each
# example's own error. Return the slopes of the mean error by the weights and by the biases.

# %% id="mend-mean" tags=["exercise"]
def layer_gradient(a, errors):
    """(slopes by the weights, slopes by the biases), averaged over the batch."""
    # broken: return a.T @ errors, errors.sum(axis=0)
    ### BEGIN SOLUTION
    return a.T @ errors / len(a), errors.mean(axis=0)
    ### END SOLUTION


# %% id="check-mend-mean"
course.check("descent.layer_gradient", layer_gradient)

# %% [markdown] id="mend-inputs-task" tags=["deeper"]
# ### Exercise 18 · Mend: inputs not normalized
# Give every feature of the training data mean 0 and spread 1, and treat the test data *in the same way*.

# %% id="mend-inputs" tags=["exercise"]
def normalized(train_x, test_x):
    """(training inputs, test inputs), normalized."""
    # broken: return train_x, test_x
    ### BEGIN SOLUTION
    mean, spread = train_x.mean(axis=0), train_x.std(axis=0)
    return (train_x - mean) / spread, (test_x - mean) / spread
    ### END SOLUTION


# %% id="check-mend-inputs"
course.check("descent.normalized", normalized)

# %% [markdown] id="mend-split-task" tags=["deeper"]
# ### Exercise 19 · Mend: test data leaked
# Keep the last `n_test` examples for testing, and let none of them into the training data.

# %% id="mend-split" tags=["exercise"]
def split(x, t, n_test):
    """(training x, training t, test x, test t)"""
    # broken: return x, t, x[-n_test:], t[-n_test:]
    ### BEGIN SOLUTION
    return x[:-n_test], t[:-n_test], x[-n_test:], t[-n_test:]
    ### END SOLUTION


# %% id="check-mend-split"
course.check("descent.split", split)

# %% [markdown] id="mend-start-task" tags=["deeper"]
# ### Exercise 20 · Mend: dead ReLUs
# Make the first weights and biases of a ReLU layer: He's spread, drawn with `rng.normal`, and biases that let half of
# the neurons fire.

# %% id="mend-start" tags=["exercise"]
def first_layer(n_in, n_out, rng):
    """(weights of shape (n_in, n_out), biases of shape (n_out,))"""
    # broken: return rng.normal(0, 0.3, (n_in, n_out)), np.full(n_out, -4.0)
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)), np.zeros(n_out)
    ### END SOLUTION


# %% id="check-mend-start"
course.check("descent.first_layer", first_layer)

# %% [markdown] id="mend-rate-task" tags=["deeper"]
# ### Exercise 21 · Mend: rate too high
# After every epoch look at the loss. If it has grown, or is no number any more, halve the rate; else keep it.

# %% id="mend-rate" tags=["exercise"]
def next_rate(rate, loss_before, loss_after):
    """The learning rate for the next epoch."""
    # broken: return rate
    ### BEGIN SOLUTION
    if loss_after <= loss_before:  # False for nan, whatever it is compared with
        return rate
    return rate / 2
    ### END SOLUTION


# %% id="check-mend-rate"
course.check("descent.next_rate", next_rate)

# %% [markdown] id="gallery-claims-told" tags=["deeper"]
# What the gallery showed, in numbers. Look at the last two: for SGD with momentum, adding up a batch of 20 is the same
# as a rate 20 times as high. Adam would hardly have noticed, for it divides by the size of the slopes.

# %% id="gallery-claims"
run = recordings.read("descent_gallery").arrays
late = {letter: np.median(run[f"losses_{letter}"][-100:], axis=0) for letter in "0ABCDEF"}
course.claim("sound: test loss", late["0"][1], at_most=0.35)
course.claim("test data leaked: its 'test' loss, below what is possible", late["E"][1], at_most=0.18)
course.claim("shuffled labels: test loss", late["A"][1], at_least=0.5)
course.claim("dead ReLUs: share of hidden activations that are 0", np.mean(run["hidden_D"] == 0), equals=1.0)
ratio = np.median(run["slopes_C"][run["slopes_C"] > 0]) / np.median(run["slopes_F"][run["slopes_F"] > 0])
course.claim("first slopes, sum for mean over rate too high", ratio, equals=20, within=1e-3)
course.claim("median loss, sum for mean minus rate too high", late["C"][0] - late["F"][0], equals=0, within=0.01)

# %% [markdown] id="keras" tags=["deeper"]
# ## 10 · Deeper: the same in Keras
#
# Keras computes slopes by itself. What it optimizes is the same, on another scale (table in section 5). With $K = 1$
# output: `mean_squared_error` is twice our error part, so `l2(λ)` and half the rate. The same weights must then give
# twice the loss, and after one step the same new weights.

# %% id="keras-start"
course.start(keras=True)

import keras

# %% id="keras-loss"
decay, eta, k = 0.1, 0.05, 1
net = MLP([3, 4, k], "tanh", seed=1, decay=decay)
charge = keras.regularizers.L2(decay / k)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="tanh", kernel_regularizer=charge),
                          keras.layers.Dense(k, kernel_regularizer=charge)])
model.set_weights([array for pair in zip(net.weights, net.biases, strict=True) for array in pair])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=eta * k / 2), loss="mean_squared_error")

x, t = inputs, targets[:, :k]
theirs = model.evaluate(x, t, verbose=0)
course.claim("Keras' loss times K/2, against L", theirs * k / 2 - net.loss(x, t), equals=0, within=1e-6)

model.fit(x, t, batch_size=len(x), epochs=1, verbose=0)
weight_gradients, bias_gradients = net.gradients(x, t)
sgd(net.parameters(), eta)(weight_gradients + bias_gradients)
gap = max(np.abs(a - b).max() for a, b in zip(model.get_weights()[::2], net.weights, strict=True))
course.claim("largest difference of the weights after one step", gap, at_most=1e-6)

# %% [markdown] id="keras-optimizers" tags=["deeper"]
# And the optimizers, over 20 steps on the same random slopes. Keras counts in single precision here, we in double; that
# shows most in Adam, whose correction for the start divides by $1 - 0.999^t$, a small number.

# %% id="keras-steps"
rng, rate = np.random.default_rng(1), 0.005
start, slopes = rng.normal(size=(4, 3)), rng.normal(size=(20, 4, 3))
pairs = {"SGD": (sgd, keras.optimizers.SGD(learning_rate=rate)),
         "momentum": (momentum, keras.optimizers.SGD(learning_rate=rate, momentum=0.9)),
         "RMSprop": (rmsprop, keras.optimizers.RMSprop(learning_rate=rate)),
         "Adam": (adam, keras.optimizers.Adam(learning_rate=rate))}
for name, (make, theirs) in pairs.items():
    w, variable, largest = start.copy(), keras.Variable(start), 0.0
    update = make([w], learning_rate=rate)
    for g in slopes:
        update([g])
        theirs.apply([keras.ops.convert_to_tensor(g, dtype="float32")], [variable])
        largest = max(largest, np.abs(keras.ops.convert_to_numpy(variable) - w).max())
    course.claim(f"{name}: largest difference over 20 steps", largest, at_most=1e-6)

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. A slope says how the loss answers to a weight. Step *against* it: $w \leftarrow w - \eta \cdot$ slope.
# 2. Too small a rate creeps, too large a one flies off; the steepest direction sets the limit.
# 3. Backpropagation is the chain rule from the output back. Use old values, take $\sigma'$ at $z$, and measure once.
# 4. Decay adds $\lambda w$ to the slope of weights, not of biases. Sum or mean changes the scale, not the place.
# 5. Training error falls, test error turns: overfitting. Both stay high: underfitting. The test data choose nothing.
# 6. Normalize inputs, scale first weights to the layer, and look at curves *and* histograms when it does not learn.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. $L(w) = (w - 3)^2$, start $w = 1$, $\eta = 0.25$. Compute two steps of gradient descent. From which rate on does it
#    diverge? *(4 points)*
# 2. The net for paper, $x = 1$, $w_1 = 0$, $b_1 = 0$, $w_2 = 4$, $b_2 = 0$, $t = 0$. Compute $E$ and its slopes by $w_2$
#    and $w_1$. *(5 points)*
# 3. Training error 0.02, test error 0.40; with ten times the data 0.15 and 0.18. What was the matter, and what would you
#    have concluded had both stayed at 0.40? *(3 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. The slope is $2(w - 3)$: 1 → 1 + 0.25·4 = 2 → 2 + 0.25·2 = 2.5. The distance is multiplied by
# $1 - 2\eta$, so it diverges for $\eta > 1$ (at 1 it jumps to and fro). 2. $a_1 = 0.5$, $\hat y = 2$, $E = 2$; by $w_2$:
# $2 \cdot 0.5 = 1$; by $w_1$: $2 \cdot 4 \cdot 0.25 \cdot 1 = 2$. 3. Overfitting: the gap closed with more data. Both at
# 0.40: underfitting (or noise of that size), a larger model rather than more data.

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *Deep down the rabbit hole:* the gradient step is printed with a plus; with a plus the error grows. It is
#   $w - \eta\,\partial E/\partial w$.
# - *Deep down the rabbit hole:* its $E(w)$ is called RMSE. It is half a *sum of squares* plus decay; an RMSE is the root
#   of a mean.
# - *Wie denken denkende Maschinen?* and its English version define the loss as $l(W)$ and then descend on $J$: the same
#   thing under two names. Its "direction of the steepest slope (downwards)" is minus the gradient.
# - *35C3:* the difference between desired and computed output is "often called a loss function"; the loss is built
#   from it (here: squared, averaged, halved).
# - *35C3:* dropout is described as removing *connections*. Dropout (Srivastava and others) switches off *neurons*;
#   removing connections is DropConnect.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating errors", *Nature* 323 (1986).
# - Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient BackProp", in *Neural Networks: Tricks of the Trade*, Springer
#   1998: normalization, whitening, condition number.
# - X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
# - K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", ICCV 2015. A. Saxe, J. McClelland, S. Ganguli,
#   "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR 2014 (orthogonal).
# - B. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964 (momentum). D. Kingma, J. Ba,
#   "Adam: a method for stochastic optimization", ICLR 2015. I. Loshchilov, F. Hutter, "Decoupled weight decay
#   regularization", ICLR 2019 (AdamW).
# - N. Srivastava and others, "Dropout", *JMLR* 15 (2014). S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015.
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
