# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 02 · The multilayer perceptron
#
# **You will put neurons into layers, compute what comes out by hand and by code, and watch a network bend its line.**
#
# *90 minutes for the core sections, 50 more for those marked "deeper". You need lesson 01: the neuron, its line, its
# activation. No derivatives.*
#
# Afterwards you can
# - solve XOR with three neurons and say what each of them sees,
# - explain why layers need an activation between them,
# - compute a forward pass and count the parameters of any network,
# - say what more neurons buy, and what they do not promise,
# - tell parameters from hyperparameters.
#
# Follows: A. Köpf, *Deep down the rabbit hole* (multilayer perceptron, transfer functions, 1-D approximation),
# *Machine Learning I* (TensorFlow Playground) and *Introduction to Deep Learning*, 35C3 (layers, hyperparameters,
# features).

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing: sections 1–2 take 25 minutes, 3 takes 30, 4–6 take 35. *How* a network finds its weights is lesson 03: here
# `train_epoch` is a black box, and it is worth saying so. If time is short, leave Exercise 6 and section 7 as homework.
# Sections 8–10 are self-study. The Keras section stands last because loading Keras takes some seconds and much memory.

# %% id="setup"
import course_utils as course

course.start()

import numpy as np

from course_utils.from_scratch.mlp import ACTIVATIONS
from course_utils.from_scratch.neuron import neuron, step
from course_utils.visuals import mlp as figures
from course_utils.visuals import mlp_curves as curves
from course_utils.visuals.playground import Playground

# %% [markdown] id="two-lines-section" tags=["core"]
# ## 1 · Two lines are better than one
#
# Lesson 01 ended with a proof: no straight line separates the corners of XOR, "one of them but not both". Two lines
# can. Let one neuron, A, fire above the first line, another, B, above the second. A third neuron, the *output*, looks
# at A and B only and fires where **A does and B does not**.
#
# **Predict:** where must the two lines lie, so that all four corners come out right?
#
# Drag the knobs A1, A2 and B1, B2. (Keyboard: click the picture, press **n** for the next knob, then the arrow keys.)
# Wrong corners wear a ring. *Show* lets you look at one neuron alone.

# %% id="two-lines" tags=["nbval-check-output"]
figures.two_lines()

# %% [markdown] id="two-lines-told" tags=["core"]
# A line between (0, 0) and the middle corners, a second one between them and (1, 1): the output keeps the strip in
# between. Each neuron still sees one *half-plane (Halbebene)*. What is new is that the last neuron does not look at
# $x_1$ and $x_2$. It looks at what the other two say.
#
# A and B form a *hidden layer (verdeckte Schicht)*: neurons that are neither input nor output. A network of such
# layers, each neuron connected to all neurons of the layer before, is a *multilayer perceptron*, MLP for short.

# %% [markdown] id="xor-task" tags=["core"]
# ### Exercise 1 · XOR by hand
# Build it with `neuron(inputs, weights, bias)` from lesson 01, three times. `x` is a table with two columns of 0 and 1.
# `np.column_stack([a, b])` makes a table of two answers.

# %% id="xor-net" tags=["exercise"]
def xor_net(x):
    """1 where exactly one of the two columns is 1."""
    ### BEGIN SOLUTION
    a = neuron(x, np.array([1.0, 1.0]), -0.5)  # at least one
    b = neuron(x, np.array([1.0, 1.0]), -1.5)  # both
    return neuron(np.column_stack([a, b]), np.array([1.0, -1.0]), -0.5)
    ### END SOLUTION


# %% id="check-xor-net"
course.check("mlp.xor_net", xor_net)

# %% [markdown] id="hidden-view" tags=["core"]
# What the output neuron sees of the four corners is only the pair (A, B). **Predict:** four corners go in. How many
# *different* pairs come out?

# %% id="hidden-pairs" tags=["nbval-check-output"]
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
a = neuron(corners, np.array([1.0, 1.0]), -0.5)
b = neuron(corners, np.array([1.0, 1.0]), -1.5)
for (x1, x2), one, two in zip(corners, a, b, strict=True):
    print(f"x = ({x1}, {x2})  ->  A, B = ({one:.0f}, {two:.0f})")
course.claim("different pairs", len(set(zip(a, b, strict=True))), equals=3)

# %% [markdown] id="hidden-told" tags=["core"]
# Three: the two corners that belong together have become *one* point, and now a single line is enough. That is what
# hidden layers are for: they turn the inputs into new features in which the task is easy.

# %% [markdown] id="linear-section" tags=["core"]
# ## 2 · Why an activation between the layers?
#
# Leave the step out, so that every neuron passes on its sum $z$ (the activation called *linear*). Stack five such
# layers. **Predict:** how often can the boundary bend?

# %% id="stacked" tags=["nbval-check-output"]
figures.stacked_layers()

# %% [markdown] id="linear-told" tags=["core"]
# Never, with any weights. Two linear layers are a product of tables, and a product of tables is a table:
#
# $$(x W_1 + b_1) W_2 + b_2 = x \,(W_1 W_2) + (b_1 W_2 + b_2)$$
#
# On the right stands *one* layer, with the weights $W_1 W_2$ and the biases $b_1 W_2 + b_2$.

# %% id="collapse"
rng = np.random.default_rng(0)
w1, b1, w2, b2 = rng.normal(size=(2, 6)), rng.normal(size=6), rng.normal(size=(6, 1)), rng.normal(size=1)
x = rng.normal(size=(1000, 2))
two_layers = (x @ w1 + b1) @ w2 + b2
one_layer = x @ (w1 @ w2) + (b1 @ w2 + b2)
course.claim("largest difference on 1,000 inputs", np.max(np.abs(two_layers - one_layer)), at_most=1e-12)
print(f"parameters: {w1.size + b1.size + w2.size + b2.size} in two layers, {w1.shape[0] + 1} would do")

# %% [markdown] id="depth-task" tags=["core"]
# ### Exercise 2 · How deep is it really?
# A network has a list of activations, one for each *hidden* layer, such as `["tanh", "linear", "relu"]`; its output
# layer is linear. Linear layers melt into the next one. Return how many layers of neurons are left, the output layer
# included.

# %% id="depth" tags=["exercise"]
def depth(activations):
    """How many layers the network is worth."""
    ### BEGIN SOLUTION
    bending = [name for name in activations if name != "linear"]
    return len(bending) + 1
    ### END SOLUTION


# %% id="check-depth"
course.check("mlp.depth", depth)

# %% [markdown] id="forward-section" tags=["core"]
# ## 3 · The forward pass
#
# **In symbols.** Layer by layer, from the inputs to the output. With $a^{(0)} = x$:
#
# $$z^{(l)} = a^{(l-1)} W^{(l)} + b^{(l)}, \qquad a^{(l)} = f(z^{(l)})$$
#
# $W^{(l)}$ has a row for each neuron it comes from and a column for each neuron it goes to, so one line holds the whole
# layer. The last $a$ is the answer $\hat y$. This is the *forward pass (Vorwärtsdurchlauf)*.
#
# **In numbers.** Two inputs, three hidden neurons with tanh, one linear output: a 2-3-1 network, with
#
# $$W^{(1)} = \begin{pmatrix} 1 & -1 & 0.5 \\ 0.5 & 1 & -1 \end{pmatrix},\quad b^{(1)} = (0,\ 0.5,\ -0.5),\qquad
# W^{(2)} = \begin{pmatrix} 1 \\ -2 \\ 0.5 \end{pmatrix},\quad b^{(2)} = 0.2$$
#
# For $x = (1, 2)$ the first hidden sum is $z_1 = 1 \cdot 1 + 2 \cdot 0.5 + 0 = 2$. **Predict** $z_2$ and $z_3$ with
# pencil and paper. Then look: *show z* writes the sums into the neurons. Drag a connection up or down to change its
# weight.

# %% id="forward-figure" tags=["nbval-check-output"]
figures.forward_pass()

# %% [markdown] id="forward-told" tags=["core"]
# $z_2 = -1 + 2 + 0.5 = 1.5$ and $z_3 = 0.5 - 2 - 0.5 = -2$. The lecture writes $z$ without the bias; the formulas
# above have it, and without it every neuron's line would have to pass through the origin.
#
# **Count.** Each connection is a weight, each hidden and output neuron has a bias. **Predict:** how many numbers does
# the 2-3-1 network learn?

# %% [markdown] id="count-task" tags=["core"]
# ### Exercise 3 · Count the parameters
# `sizes` is a list such as `[2, 3, 1]`: inputs first. Return the number of weights and biases together.

# %% id="count-params" tags=["exercise"]
def count_params(sizes):
    """Weights and biases of a fully connected network."""
    ### BEGIN SOLUTION
    total = 0
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        total += n_in * n_out + n_out  # weights, then one bias for each neuron
    return total
    ### END SOLUTION


# %% id="check-count-params"
course.check("mlp.count_params", count_params)

# %% [markdown] id="layer-task" tags=["core"]
# ### Exercise 4 · One layer
# `x` is a table (examples, inputs), `w` a table (inputs, neurons), `b` has one number per neuron. Return the
# activations after tanh, a table (examples, neurons).

# %% id="layer" tags=["exercise"]
def layer(x, w, b):
    """tanh of the weighted sums of one layer."""
    ### BEGIN SOLUTION
    return np.tanh(x @ w + b)
    ### END SOLUTION


# %% id="check-layer"
course.check("mlp.layer", layer)

# %% [markdown] id="forward-task" tags=["core"]
# ### Exercise 5 · All layers
# `weights` and `biases` are lists, one entry a layer. Hidden layers use tanh; the last layer is linear.

# %% id="forward" tags=["exercise"]
def forward(x, weights, biases):
    """The outputs of the network, a table (examples, outputs)."""
    ### BEGIN SOLUTION
    a = x
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        a = np.tanh(a @ w + b)
    return a @ weights[-1] + biases[-1]
    ### END SOLUTION


# %% id="check-forward"
course.check("mlp.forward", forward)

# %% [markdown] id="class-told" tags=["core"]
# **In code.** A network is a list of weight tables and a list of biases. We collect them in a class, which grows over
# the next cells. The first weights are random, or all neurons of a layer would stay twins. They are small, so that few
# neurons start on the flat end of their activation (the rule is by Glorot and Bengio).

# %% id="mlp-init" tags=["from_scratch"]
class MLP:
    def __init__(self, sizes, activation="tanh", seed=0, output="linear", decay=0.0):
        self.sizes = sizes
        self.activation = activation
        self.output = output
        self.decay = decay
        rng = np.random.default_rng(seed)
        self.weights = []
        self.biases = []
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
            limit = np.sqrt(6 / (n_in + n_out))
            self.weights.append(rng.uniform(-limit, limit, (n_in, n_out)))
            self.biases.append(np.zeros(n_out))


# %% [markdown] id="class-forward-told" tags=["core"]
# (`decay` waits for lesson 03.) The forward pass keeps every $z$ and every $a$: the figures need them, and so will
# learning. `ACTIVATIONS` holds the functions of lesson 01 by name.

# %% id="mlp-forward" tags=["from_scratch"]
class MLP(MLP):
    def layers(self, x):
        zs = []
        activations = [x]
        for i in range(len(self.weights)):
            z = activations[-1] @ self.weights[i] + self.biases[i]
            name = self.output if i == len(self.weights) - 1 else self.activation
            zs.append(z)
            activations.append(ACTIVATIONS[name](z))
        return zs, activations

    def forward(self, x):
        zs, activations = self.layers(x)
        return activations[-1]

    def parameters(self):
        return self.weights + self.biases

    def count_params(self):
        return sum(p.size for p in self.parameters())


# %% id="worked-forward"
net = MLP([2, 3, 1])
net.weights[0][:] = [[1.0, -1.0, 0.5], [0.5, 1.0, -1.0]]
net.weights[1][:] = [[1.0], [-2.0], [0.5]]
net.biases[0][:], net.biases[1][:] = [0.0, 0.5, -0.5], 0.2

zs, activations = net.layers(np.array([[1.0, 2.0]]))
print("hidden z", zs[0], " hidden a", activations[1].round(3), " output", activations[2].round(3))
course.claim("largest error of the sums by hand", np.max(np.abs(zs[0] - [2.0, 1.5, -2.0])), at_most=1e-12)
course.claim("parameters of the 2-3-1 network", net.count_params(), equals=13)

# %% [markdown] id="table-told" tags=["core"]
# The same code serves a whole table of examples at once. **Predict:** 1,797 pictures of 784 pixels each go into a
# 784-30-10 network. What is the shape of what comes out, and how many parameters does the network have?

# %% id="table-forward" tags=["nbval-check-output"]
digits_net = MLP([784, 30, 10], "sigmoid", output="softmax")
shares = digits_net.forward(np.zeros((1797, 784)))
print("shape of the output:", shares.shape)
course.claim("parameters of the 784-30-10 network", digits_net.count_params(), equals=23860)

# %% [markdown] id="learned-section" tags=["core"]
# ## 4 · XOR, learned
#
# Setting weights by hand ends with XOR. From here on a network *learns*: it starts with random weights and changes all
# of them a little, again and again, so that its outputs come closer to the targets. How it knows which way is
# lesson 03. Today `train_epoch` does it for us; one *epoch (Epoche)* is one pass over all examples.
#
# **Predict:** XOR *can* be solved with two hidden neurons. You did it. Will learning find it from every random start?

# %% id="learned-xor"
from course_utils.from_scratch.mlp import MLP, train_epoch  # our class and, from lesson 03, how it learns
from course_utils.from_scratch.optimizers import sgd

targets = np.array([[0], [1], [1], [0]])


def learns_xor(hidden, seed):
    net = MLP([2, hidden, 1], "tanh", seed=seed, output="sigmoid")
    update = sgd(net.parameters(), learning_rate=1.0)
    rng = np.random.default_rng(seed)
    for _ in range(800):
        train_epoch(net, corners, targets, update, batch_size=4, rng=rng)
    return np.all((net.forward(corners) > 0.5) == targets)


found = {hidden: sum(learns_xor(hidden, seed) for seed in range(20)) for hidden in (2, 8)}
course.claim("of 20 starts with 2 hidden neurons, XOR found by", found[2], at_least=5, at_most=17)
course.claim("of 20 starts with 8 hidden neurons, XOR found by", found[8], at_least=19)

# %% [markdown] id="learned-told" tags=["core"]
# Not from every one. With two hidden neurons, a good part of the starts still have a wrong corner after 800 epochs. With
# eight there is room to spare, and nearly every start works. Keep the two questions apart: what a network *can
# represent*, and what *learning finds*.

# %% [markdown] id="playground-section" tags=["core"]
# ## 5 · A playground
#
# Below is the class you have just read, learning to tell blue circles from orange triangles. The targets are −1 and 1;
# the *loss (Verlust)* is half the mean squared error: a network that always answers 0, "no idea", has the loss 0.5, a
# perfect one 0. Every neuron wears a small picture of what it answers all over the square. The thicker a connection, the
# larger its weight; dashed means negative. *Training* points are learned from, *test* points only counted.
#
# - **Play** trains on and on, **Step** does one epoch, **Reset** goes back to the first weights.
# - Click a neuron: the large square shows what *it* sees. Drag a connection up or down to change its weight.
# - Choose *your own points* and click into the square; Shift-click adds the other kind.
#
# **Predict** before each: Which data need no hidden layer at all? What does the learning rate 3 do? Why can *linear*
# not do XOR? (Keyboard: Tab reaches every control and both pictures; the pictures say their keys.)

# %% id="playground"
play = Playground("simple", data="XOR", layers=(4, 2))
play

# %% [markdown] id="playground-teacher" tags=["teacher"]
# Give the room three minutes of its own. Then together: circle with relu (the boundary becomes a polygon: count its
# sides), XOR with linear (stays near loss 0.5), spiral (does not get far: two inputs, six neurons; lesson 03 opens all
# the controls and does it). Let someone draw a set that fools it. It pauses by itself after a minute.

# %% [markdown] id="playground-claim-told" tags=["core"]
# The answers, measured on the test points after 100 epochs, from five different starts each:

# %% id="playground-claims"
from course_utils.visuals.playground_run import test_losses

no_hidden = test_losses(data="Gaussians", layers=(), epochs=100)
linear = test_losses(data="XOR", layers=(4, 2), activation="linear", epochs=100)
bent = test_losses(data="XOR", layers=(4, 2), epochs=100)
course.claim("Gaussians, no hidden layer: largest test loss", max(no_hidden), at_most=0.05)
course.claim("XOR, hidden layers linear: smallest test loss", min(linear), at_least=0.3)
course.claim("XOR, hidden layers tanh: median test loss", np.median(bent), at_most=0.05)
hasty = test_losses(data="circle", layers=(4, 2), learning_rate=3.0, epochs=100)
calm = test_losses(data="circle", layers=(4, 2), learning_rate=0.1, epochs=100)
course.claim("circle, learning rate 3: smallest test loss", min(hasty), at_least=0.3)
course.claim("circle, learning rate 0.1: largest test loss", max(calm), at_most=0.1)

# %% [markdown] id="playground-answers" tags=["core"]
# One line is enough for the Gaussians, so they need no hidden layer. Linear layers are worth one line, and one line cannot
# do XOR. With the learning rate 3 each step goes so far that it destroys what the last one had won: the circle ends no
# better than "no idea".

# %% [markdown] id="curve-section" tags=["core"]
# ## 6 · Any curve you like
#
# Now one input and one output: the network draws a curve. A hidden ReLU neuron adds a bend where its $z$ crosses 0, and
# its output weight says how sharp. Add the shares of all hidden neurons, and the bias, and you have $\hat y$.
#
# In this figure nothing is learned. The bends stand evenly side by side, and the best output weights are computed
# directly. **Predict:** how many ReLU neurons make the wave look right? Is tanh better for every curve? Then choose
# *your own* and draw: drag the knobs.

# %% id="put-together" tags=["nbval-check-output"]
curves.put_together()

# %% [markdown] id="universal-told" tags=["core"]
# With enough neurons the largest error becomes as small as you like, for any continuous curve on a closed interval.
# This is the *universal approximation theorem* (Cybenko 1989, Hornik 1991; any continuous activation that is no
# polynomial will do: Leshno and others 1993). The jump is *not* continuous. There the mean error shrinks far more
# slowly, and right at the jump it does not vanish at all.

# %% id="universal-claims"
x = curves.X
for activation in ("relu", "tanh"):
    for curve in ("wave", "bump", "corner"):
        t = curves.CURVES[curve](x)
        error = curves.rms(curves.placed(t, 32, activation), t)
        course.claim(f"error of 32 {activation} neurons put together for the {curve}", error, at_most=0.005)
    t = curves.CURVES["jump"](x)
    course.claim(f"and for the jump, {activation}", curves.rms(curves.placed(t, 32, activation), t), at_least=0.03)

# %% [markdown] id="bump-task" tags=["core"]
# ### Exercise 6 · A box from two steps
# The idea behind the theorem: two step neurons make a box, and boxes side by side make any curve. Return `height`
# between `left` and `right` (left end not included, right end included), and 0 elsewhere. `step` is yours to use.

# %% id="box" tags=["exercise"]
def box(x, left, right, height):
    """height where left < x <= right, else 0, from two step neurons."""
    ### BEGIN SOLUTION
    return height * (step(x - left) - step(x - right))
    ### END SOLUTION


# %% id="check-box"
course.check("mlp.box", box)

# %% [markdown] id="promise-told" tags=["core"]
# **Predict:** the theorem says that the weights *exist*. Does training find them? Below, networks learned the wave from
# ten random starts for each width (recorded, 3,000 steps each). The dashed line is the network put together by hand.

# %% id="learned-widths"
curves.learned_widths()

# %% id="promise-claims"
recorded = curves.recorded()
wave = curves.CURVES["wave"](x)
for activation in curves.ACTIVATIONS:
    learned = recorded["width"][-1, curves.ACTIVATIONS.index(activation), curves.WIDTHS.index(16)]  # ten starts
    by_hand = curves.rms(curves.placed(wave, 16, activation), wave)
    course.claim(f"16 {activation} neurons: best learned error / error by hand", learned.min() / by_hand, at_least=1.5)
    course.claim(f"16 {activation} neurons: median learned error / error by hand", np.median(learned) / by_hand,
                 at_least=2)
four = recorded["width"][-1, curves.ACTIVATIONS.index("tanh"), curves.WIDTHS.index(4)]
course.claim("4 tanh neurons: median learned error / error by hand",
             np.median(four) / curves.rms(curves.placed(wave, 4, "tanh"), wave), at_most=0.5)

# %% [markdown] id="promise-answer" tags=["core"]
# Two things came out. With *few* tanh neurons, learning is better than our hand: it moves the bends to where they are
# needed, and we had only set them side by side. With *many*, it is the other way round. With 16 neurons none of the ten
# starts comes as close as the network put together by hand, and most of the ReLU networks stay far away.
#
# The theorem promises that good weights exist. It does not say how many neurons it takes, and it does not say that
# learning finds them. (More steps and better ways to learn help: lesson 03.)

# %% [markdown] id="hyper-section" tags=["core"]
# ## 7 · Parameters and hyperparameters
#
# | | who sets it | examples |
# |---|---|---|
# | *parameter* | learning | every weight, every bias |
# | *hyperparameter* | you, before | number of layers, neurons per layer, activation, learning rate, number of epochs |
#
# Learning lowers the loss by changing parameters. It cannot change how many of them there are. Hyperparameters are
# chosen by trying, and judged on data that took no part in the learning.
#
# **Predict:** in the playground, which controls change hyperparameters? And what do you change when you drag a
# connection?

# %% [markdown] id="hyper-answer" tags=["core"]
# Learning rate and activation are hyperparameters. A dragged connection is a parameter: you did by hand what learning
# does. (The choice of data is neither.)

# %% [markdown] id="depth-section" tags=["deeper"]
# ## 8 · Deeper: wide or deep?
#
# About 100 parameters buy one hidden layer of 33 neurons, two of 8, three of 6, or four of 5. **Predict:** which learns a
# wave best? Ten starts each, recorded.

# %% id="width-or-depth"
curves.width_or_depth()

# %% id="depth-claims"
sizes = [[1, *layers, 1] for layers in curves.DEPTHS]
print("parameters:", [MLP(s).count_params() for s in sizes])
medians = np.median(recorded["depth"][-1], axis=-1)  # activation, curve, network
for i, activation in enumerate(curves.ACTIVATIONS):
    for j, curve in enumerate(curves.DEPTH_CURVES):
        best = "-".join(map(str, sizes[np.argmin(medians[i, j])]))
        print(f"{activation:4} {curve}: lowest median error for {best}, {medians[i, j].max() / medians[i, j].min():.1f} "
              "times better than the worst")
one, *deeper = medians[:, curves.DEPTH_CURVES.index("wave")].T
course.claim("wave: error of one layer / of the worst deeper one", np.min(one / np.max(deeper, axis=0)), at_least=1.3)
course.claim("bump, tanh: worst median / best", medians[0, 1].max() / medians[0, 1].min(), at_most=2)
stuck = recorded["depth"][-1, 1, 0, 2].max()  # relu, wave, 1-6-6-6-1
course.claim("error of the unluckiest start (a network that answers 0: 0.70)", stuck, at_least=0.5)

# %% [markdown] id="depth-told" tags=["deeper"]
# For the wave, more than one hidden layer wins, with either activation. For the bump with tanh all four are about as
# good. And four layers are not always better than two. The spread between starts is large: some deep ReLU networks
# learned next to nothing, and no picture of the median shows that. Ten small runs each are no law. For large networks,
# depth has proved its worth in practice (lesson 04).

# %% [markdown] id="several-section" tags=["deeper"]
# ## 9 · Deeper: several outputs
#
# To tell three kinds apart, give the network three output neurons and let softmax share 1 among them, as in lesson 01.
# A table of $z$ has one row per example and one column per kind.

# %% [markdown] id="classify-task" tags=["deeper"]
# ### Exercise 7 · From sums to an answer
# Return two things: the table of shares (softmax of each **row**) and, for each example, the number of the kind with
# the largest share.

# %% id="classify" tags=["exercise"]
def classify(z):
    """(shares, kinds) for a table z (examples, kinds)."""
    ### BEGIN SOLUTION
    e = np.exp(z)
    shares = e / np.sum(e, axis=-1, keepdims=True)
    return shares, np.argmax(shares, axis=-1)
    ### END SOLUTION


# %% id="check-classify"
course.check("mlp.classify", classify)

# %% [markdown] id="encoding-section" tags=["deeper"]
# ## 10 · Deeper: the world as numbers
#
# A network takes numbers. A temperature is one. What about the rest of the lecture's examples?
#
# | what | as numbers | mind |
# |---|---|---|
# | fever in °C | one number, scaled to about −1 to 1 | say how you scaled it |
# | cough, yes or no | 1 or 0 | "unknown" is neither |
# | color red, green or blue | three numbers, one of them 1 | not 1, 2, 3 |
# | any color of a pixel | three numbers: red, green, blue | 0 to 255, scaled |
# | a message | number of links, known sender or not, words present or not | what is not encoded cannot be learned |
#
# **Predict:** code red, green, blue as 1, 2, 3 and let *one* neuron answer 1 for green only. Which weights do it?

# %% id="color-search" tags=["nbval-check-output"]
codes = {"1, 2, 3": np.array([[1.0], [2.0], [3.0]]), "one-hot": np.eye(3)}
wanted = np.array([0, 1, 0])
values = np.linspace(-5, 5, 21)
for name, code in codes.items():
    grids = np.meshgrid(*[values] * (code.shape[1] + 1))
    tried = np.stack([g.ravel() for g in grids])
    right = np.sum(step(code @ tried[:-1] + tried[-1]) == wanted[:, None], axis=0)
    print(f"{name:8} most colors right: {right.max()} of 3")

# %% [markdown] id="color-told" tags=["deeper"]
# None. $z = 2w + b$ lies midway between $w + b$ and $3w + b$, so green can never be alone above 0. The code 1, 2, 3
# claims that green lies *between* red and blue; nothing in the world says so. With *one-hot* code (a 1 in its own
# place, zeros elsewhere) every color has a weight of its own. For sizes S, M, L the order is real, and 1, 2, 3 is fine.

# %% [markdown] id="one-hot-task" tags=["deeper"]
# ### Exercise 8 · One-hot
# `colors` is a list of texts, `names` the list of all possible ones. Return a table with a row per color and a column
# per name. A color that is not in `names` gets a row of zeros.

# %% id="one-hot" tags=["exercise"]
def one_hot(colors, names):
    """Rows of 0 with a 1 in the column of the color."""
    ### BEGIN SOLUTION
    table = np.zeros((len(colors), len(names)))
    for row, color in enumerate(colors):
        if color in names:
            table[row, names.index(color)] = 1
    return table
    ### END SOLUTION


# %% id="check-one-hot"
course.check("mlp.one_hot", one_hot)

# %% [markdown] id="missing-told" tags=["deeper"]
# **A missing value** is not 0. Zero degrees of fever is a claim, and a wild one. The usual way has two columns: the
# value, with something harmless such as the mean where it is missing, and a second column that says whether it was
# known. Then the network can learn what *not knowing* means.

# %% [markdown] id="missing-task" tags=["deeper"]
# ### Exercise 9 · Missing values
# `values` is an array with `np.nan` where nothing was measured. Return a table with two columns: the value, with the
# mean of the known ones filled in, and 1 where it was known, else 0.

# %% id="with-missing" tags=["exercise"]
def with_missing(values):
    """A table (n, 2): filled-in value, known or not."""
    ### BEGIN SOLUTION
    known = ~np.isnan(values)
    filled = np.where(known, values, np.mean(values[known]))
    return np.column_stack([filled, known.astype(float)])
    ### END SOLUTION


# %% id="check-with-missing"
course.check("mlp.with_missing", with_missing)

# %% [markdown] id="keras-section" tags=["core"]
# ## 11 · The same in Keras
#
# Keras is the library we use from lesson 04 on. It builds the same network in three lines. (Loading it takes a few
# seconds.) **Predict:** our 2-3-1 network and Keras' get the same 13 numbers. How far apart are their answers?

# %% id="keras-start"
course.start(keras=True)

import keras

model = keras.Sequential([
    keras.Input((2,)),
    keras.layers.Dense(3, activation="tanh"),
    keras.layers.Dense(1),
])
model.set_weights([net.weights[0], net.biases[0], net.weights[1], net.biases[1]])

# %% id="keras-same"
points = np.random.default_rng(1).uniform(-3, 3, (500, 2)).astype("float32")
theirs = keras.ops.convert_to_numpy(model(points))
course.claim("largest difference between our answers and Keras'", np.max(np.abs(net.forward(points) - theirs)),
             at_most=1e-5)
course.claim("Keras counts parameters", model.count_params(), equals=13)

# %% [markdown] id="keras-told" tags=["core"]
# The same, up to rounding: Keras computes with 32 bits, we with 64. Note the shape `(inputs, neurons)` of the weights,
# which is ours too.
#
# The playground can write its own Keras code, weights included. The next cell takes the network from section 5, prints
# the model, runs that code, and compares.

# %% id="keras-code"
source = play.code()
print(source.split("model.set_weights")[0])
copied = {}
exec(source, copied)
twin = keras.ops.convert_to_numpy(copied["model"](copied["features"](points)))
course.claim("playground against its Keras code, largest difference", np.max(np.abs(play.outputs(points) - twin)),
             at_most=1e-5)

# %% [markdown] id="keras-put-told" tags=["core"]
# And back: any MLP or Keras model with two inputs and one output can be put into a playground. Here is the 2-3-1
# network, as Keras has it. What does each of its three neurons see?

# %% id="keras-put"
shown = Playground("simple", name="A model from Keras", data="Gaussians")
shown.put(model)
shown

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. A layer is $a = f(xW + b)$; a network is layers one after the other. Hidden layers make new features.
# 2. Without an activation between them, any number of layers is worth one.
# 3. A layer with $n$ inputs and $m$ neurons has $n \cdot m$ weights and $m$ biases: 2-3-1 has 13 parameters.
# 4. One wide hidden layer *can* follow any continuous curve on an interval; learning need not find how.
# 5. Parameters are learned; hyperparameters you choose.
# 6. Encode kinds one-hot; 1, 2, 3 claims an order. A missing value is not 0.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. A 2-2-1 network with ReLU in the hidden layer and a linear output has
#    $W^{(1)} = \begin{pmatrix} 1 & -1 \\ 2 & 1 \end{pmatrix}$, $b^{(1)} = (0, 1)$,
#    $W^{(2)} = \begin{pmatrix} 3 \\ -1 \end{pmatrix}$, $b^{(2)} = 0.5$. Compute $z$ and $a$ of every neuron for
#    $x = (2, -1)$. *(6 points)*
# 2. How many parameters does a 10-8-8-3 network have? *(3 points)*
# 3. A classmate stacks ten linear layers "to make the network deep". What can it compute, and why? *(3 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. hidden $z = (2 - 2 + 0,\ -2 - 1 + 1) = (0, -2)$, $a = (0, 0)$; output $z = a = 0.5$. 2. $88 + 72 + 27 =
# 187$. 3. What one linear layer computes: the product of ten tables is one table (and one bias), so every boundary is
# straight.

# %% id="exam-claims" tags=["nbval-check-output"]
exam = MLP([2, 2, 1], "relu")
exam.weights[0][:], exam.biases[0][:] = [[1, -1], [2, 1]], [0, 1]
exam.weights[1][:], exam.biases[1][:] = [[3], [-1]], 0.5
course.claim("output of question 1", exam.forward(np.array([2.0, -1.0]))[0], equals=0.5)
course.claim("parameters of question 2", MLP([10, 8, 8, 3]).count_params(), equals=187)

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *Deep down the rabbit hole:* the forward formulas $z = \sum w\,y$ drop the bias that the text names. With it,
#   $z = \sum w\,y + b$.
# - *Deep down the rabbit hole:* an MLP is called a universal function approximator. It is one for continuous functions
#   on a bounded region and with as many neurons as it takes; that says nothing about what training finds.
# - *Deep down the rabbit hole* and *35C3* differ on "deep": more than three layers there, any hidden layers here. There
#   is no fixed limit. Layers without an activation do not count.
# - *35C3:* "perceptron" as another word for neuron. A perceptron has a step; the "multilayer perceptron" of today has
#   activations with a slope, and the name stuck.
# - *Machine Learning I* shows the public TensorFlow Playground. Ours uses the class of this lesson, so its numbers are
#   not those of the public one.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating errors", *Nature* 323 (1986),
#   533–536.
# - G. Cybenko, "Approximation by superpositions of a sigmoidal function", *Mathematics of Control, Signals, and Systems*
#   2 (1989), 303–314.
# - K. Hornik, "Approximation capabilities of multilayer feedforward networks", *Neural Networks* 4 (1991), 251–257.
# - M. Leshno, V. Lin, A. Pinkus, S. Schocken, "Multilayer feedforward networks with a nonpolynomial activation function
#   can approximate any function", *Neural Networks* 6 (1993), 861–867.
# - X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press 2016: chapter 6.
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
