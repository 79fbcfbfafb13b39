# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 07 · Generative adversarial networks
#
# **You will let two networks play against each other until one of them writes digits that nobody ever wrote, and you
# will measure how good they really are.**
#
# *90 minutes for the core sections, 50 more for those marked "deeper". You need the MLP (lesson 02), backpropagation
# (lesson 03) and, from section 4 on, Keras.*
#
# Afterwards you can
# - say why a generator has no right answers to learn from, and who teaches it instead,
# - compute the value of the game, the best discriminator, and what both say in equilibrium,
# - write both losses and the turn of each player,
# - judge made pictures by measures with a floor and a ceiling, and see a collapse coming,
# - explain what fills a hole, what turns one kind of picture into another, and what a deepfake is.
#
# Follows: *Introduction to Deep Learning*, 35C3 (decoder, generator and discriminator, digits from noise, horses and
# zebras); the slides on image completion and made faces; the exam question on deepfakes.

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing: sections 1 and 2 take 40 minutes, 3 takes 15, 4 and 5 take 25, 6 takes 10. Before section 2 ask the room what
# a perfect discriminator says in the end: most say "1 for real, 0 for made". Come back to it at D = ½. Do not explain
# diffusion models; section 10 has a sentence.

# %% id="setup"
import course_utils as course

course.start()

import numpy as np

from course_utils.datasets import digits, recordings
from course_utils.from_scratch import gan as scratch
from course_utils.from_scratch.gan import discriminator_loss, generator_loss, generator_slope
from course_utils.from_scratch.mlp import MLP, SLOPES
from course_utils.from_scratch.neuron import sigmoid
from course_utils.from_scratch.optimizers import adam
from course_utils.visuals import gan as figures
from course_utils.visuals.gan_game import DATA, GanGame

# %% [markdown] id="decoder" tags=["core"]
# ## 1 · A decoder that has no right answers
#
# A *decoder (Decoder)* turns a few numbers into a picture: 16 numbers in, 784 pixels out. Feed it random numbers, and
# it should write a new digit each time. The numbers are called *noise (Rauschen)*, $z$.
#
# How do we train it? So far every training had pairs: an input and its right answer. Here we have digits, and we have
# noise. **But which noise belongs to which digit?** Nobody knows.
#
# **Predict:** we simply deal out the digits at random, one to each noise vector, and train with the squared error as
# in lesson 02. What will the decoder draw for *new* noise?

# %% id="random-pairs"
(pictures, _), _ = digits()
real = pictures[:900] / 255
rng = np.random.default_rng(0)
z = rng.normal(size=(900, 16))
w, b = figures.fit_to_pairs(z, real)  # the best linear decoder for these pairs: least squares
untrained = rng.normal(0, 0.15, (16, 784))

made = rng.normal(size=(900, 16)) @ w + b
spread = np.mean((real - real.mean(axis=0)) ** 2)
spread_made = np.mean((made - made.mean(axis=0)) ** 2)
course.claim("spread of the made pictures, of the digits' spread", spread_made / spread, at_most=0.04)
course.claim("distance of their mean from the mean digit", np.sqrt(np.mean((made.mean(axis=0)
             - real.mean(axis=0).ravel()) ** 2)), at_most=0.02)

# %% id="decoder-figure"
figures.decoder({"random weights": lambda z: (0.5 + z @ untrained).reshape(-1, 28, 28),
                 "trained on random pairs": lambda z: (z @ w + b).reshape(-1, 28, 28)}, latent=16)

# %% [markdown] id="decoder-told" tags=["core"]
# The mean of all digits, whatever the noise. The noise says nothing about the digit it was paired with, and the best
# guess for the squared error is then the mean. (A richer network could learn the 900 pairs by heart; for *new* noise
# it still would not know.)
#
# We do not want *this* picture for *that* noise. We want pictures that **look as if they came from the same source**.
# No formula for "looks real" is at hand. So we train a second network to be the judge:
#
# - the *generator (Generator)* $G$ makes pictures from noise,
# - the *discriminator (Diskriminator)* $D$ looks at a picture and says the chance that it is real.
#
# $D$ has right answers: we know which pictures we took from the pile and which $G$ made. And $G$ gets a teacher: it
# learns to make pictures that $D$ takes for real. Both get better together: a *generative adversarial network*, GAN
# (Goodfellow and others, 2014).

# %% [markdown] id="lesson-for-d-task" tags=["core"]
# ### Exercise 1 · The right answers for D
# `real` and `made` hold one picture a row. Return the batch `x` (first all real, then all made) and the targets `t`,
# one number for each row.

# %% id="lesson-for-d" tags=["exercise"]
def lesson_for_d(real, made):
    """The batch x and its targets t for the discriminator."""
    ### BEGIN SOLUTION
    x = np.concatenate([real, made])
    t = np.concatenate([np.ones(len(real)), np.zeros(len(made))])
    return x, t
    ### END SOLUTION


# %% id="check-lesson-for-d"
course.check("gan.lesson_for_d", lesson_for_d)

# %% [markdown] id="value" tags=["core"]
# ## 2 · What the game is worth
#
# **In symbols.** $D$ scores $\ln D(x)$ on a real point $x$ and $\ln(1 - D(G(z)))$ on a made one. Both are at most 0,
# and 0 means: sure and right. The *value of the game* is the mean of both:
#
# $$V(D, G) = \operatorname{mean} \ln D(x) + \operatorname{mean} \ln\bigl(1 - D(G(z))\bigr)$$
#
# $D$ wants $V$ large, $G$ wants it small: $\min_G \max_D V$, a *min–max game*.
#
# **In numbers.** $D$ says 0.9 and 0.8 on two real points, 0.3 and 0.1 on two made ones.
# $V = (\ln 0.9 + \ln 0.8)/2 + (\ln 0.7 + \ln 0.9)/2 = -0.164 - 0.231 = -0.395$.

# %% id="value-in-code" tags=["nbval-check-output"]
value = np.mean(np.log([0.9, 0.8])) + np.mean(np.log(1 - np.array([0.3, 0.1])))
course.claim("V in the example", value, equals=-0.395, within=0.0005)

# %% [markdown] id="one-place-intro" tags=["core"]
# Hold $G$ still. What is the best answer of $D$ at one place $x$? Let $p$ be the height of the *density (Dichte)* of
# the real points there: how thickly they lie, the share of them per bit of space around $x$; $q$ is that of the made
# ones. The means in $V$ add up over all places, each weighted by how many points lie there. So the place $x$
# contributes $p \ln D + q \ln(1 - D)$.
#
# **Predict:** $p = 0.6$ and $q = 0.2$. Which $D$ is best? And for $p = q$? Find the top with the slider.

# %% id="one-place"
figures.one_place()

# %% [markdown] id="best-told" tags=["core"]
# At the top the slope is 0: $\dfrac{p}{D} - \dfrac{q}{1-D} = 0$, so
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)}$$
#
# It is the *share of real points* at that place. Where real and made are equally frequent, the best answer is ½.

# %% [markdown] id="best-d-task" tags=["core"]
# ### Exercise 2 · The best discriminator
# `p` and `q` are the heights of both densities at some places, all above 0. Return the best answers.

# %% id="best-d" tags=["exercise"]
def best_d(p, q):
    """The best discriminator's answers at these places."""
    ### BEGIN SOLUTION
    return p / (p + q)
    ### END SOLUTION


# %% id="check-best-d"
course.check("gan.best_d", best_d)

# %% [markdown] id="two-densities-intro" tags=["core"]
# Now give $D$ its best answer everywhere, and move the made bump. **Predict:** what are $D^*$ and $V$ when the made
# bump lies exactly on the real one? And when they are far apart?

# %% id="two-densities"
figures.two_densities()

# %% id="equilibrium"
x = np.linspace(-12, 12, 2401)
p = np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)
for shift in (0, 2, 8):
    q = np.exp(-0.5 * (x - shift) ** 2) / np.sqrt(2 * np.pi)
    print(f"shift {shift}: V = {scratch.value_at_best(p, q, x[1] - x[0]):.3f}")
course.claim("V in equilibrium, plus ln 4", scratch.value_at_best(p, p, x[1] - x[0]) + np.log(4), equals=0, within=1e-6)
course.claim("V far apart", scratch.value_at_best(p, q, x[1] - x[0]), at_least=-0.01)

# %% [markdown] id="equilibrium-told" tags=["core"]
# In *equilibrium (Gleichgewicht)* the made points have the same density as the real ones. Then $D = ½$ **everywhere**,
# for real and for made, and $V = \ln ½ + \ln ½ = -\ln 4 = -1.386$. That is the smallest value that a $G$ can reach
# against the best $D$. A discriminator that still says 1 to real and 0 to made points at the end has not been beaten:
# it has won.
#
# (What lies above $-\ln 4$ is twice the *Jensen–Shannon divergence* of both densities, a measure of how different they
# are. The proof takes densities and a $D$ that can be anything; real networks on few pictures need not get there.)

# %% [markdown] id="losses" tags=["core"]
# ### The losses of both players
# The discriminator's loss is $-V$. In code we give the networks no sigmoid at the end; they answer with the *logit*
# $s$, and $D = \sigma(s)$. The reason is arithmetic: for $s = -800$ the sigmoid is 0 in the computer, and $\ln 0$ is no
# number. Written as $\ln(1 + e^{-s})$ no logarithm of 0 comes up, and `np.logaddexp(0, -s)` computes it without forming
# $e^{800}$: it gives 800. The function is called *softplus*:
#
# $$-\ln D = \operatorname{softplus}(-s), \qquad -\ln(1 - D) = \operatorname{softplus}(s), \qquad
# \operatorname{softplus}(s) = \ln(1 + e^{s})$$

# %% [markdown] id="loss-of-d-task" tags=["core"]
# ### Exercise 3 · The discriminator's loss
# `real` and `made` are **logits**. Return $-V$, the sum of two means.

# %% id="loss-of-d" tags=["exercise"]
def loss_of_d(real, made):
    """-V, from the logits of real and of made points."""
    ### BEGIN SOLUTION
    return np.mean(np.logaddexp(0, -real)) + np.mean(np.logaddexp(0, made))
    ### END SOLUTION


# %% id="check-loss-of-d"
course.check("gan.loss_of_d", loss_of_d)

# %% [markdown] id="two-losses-intro" tags=["core"]
# The generator wants $V$ small. Its own part is $\operatorname{mean}\ln(1 - D(G(z)))$: the *minimax* loss. Its slope
# for the logit is $-D$. The usual choice is another one: make $-\ln D(G(z))$ small, the *non-saturating* loss, with
# slope $D - 1$. Both push the logit up.
#
# **Predict:** at the start every made point is found out at once, $D \approx 0$. Which loss pushes then?

# %% id="two-losses"
figures.two_losses()

# %% id="two-slopes" tags=["nbval-check-output"]
logit = np.array([-5.0, 0.0, 5.0])
for kind in scratch.LOSSES:
    print(f"{kind:15} slopes for D = {sigmoid(logit).round(3)}: {generator_slope(logit, kind).round(3)}")
ratio = generator_slope(logit, "non-saturating")[0] / generator_slope(logit, "minimax")[0]
course.claim("stronger push at logit −5", ratio, at_least=100)

# %% [markdown] id="two-losses-told" tags=["core"]
# The non-saturating one: where $D$ is near 0 the minimax loss is flat (it *saturates*), and with plain gradient descent
# a beginner hardly moves. (Adam divides by the size of the slopes and hides most of this: in section 3 you will see
# little difference.) With it the two losses are no longer $V$ and $-V$, but the equilibrium stays where it was.

# %% [markdown] id="loss-of-g-task" tags=["core"]
# ### Exercise 4 · The generator's loss
# `made` holds the logits that the discriminator gives to made points. Return the **non-saturating** loss.

# %% id="loss-of-g" tags=["exercise"]
def loss_of_g(made):
    """The mean of -ln D, from logits."""
    ### BEGIN SOLUTION
    return np.mean(np.logaddexp(0, -made))
    ### END SOLUTION


# %% id="check-loss-of-g"
course.check("gan.loss_of_g", loss_of_g)

# %% [markdown] id="game" tags=["core"]
# ## 3 · The game, from scratch
#
# Both players are the MLPs of lesson 02. One thing is new: the slope must pass *through* the discriminator into the
# generator. So we need the slope of a loss for the **inputs** of a network too. Backpropagation has it ready; it only
# goes one step further back than in lesson 03.

# %% id="backward" tags=["from_scratch"]
def backward(net, x, slope):
    """The gradients of an MLP's parameters and of its inputs x (n, inputs), for a slope (n, outputs) at its outputs."""
    zs, activations = net.layers(x)
    weight_gradients, bias_gradients = [], []
    for i in reversed(range(len(net.weights))):
        if i < len(net.weights) - 1:
            slope = slope * SLOPES[net.activation](zs[i])
        weight_gradients.insert(0, activations[i].T @ slope)
        bias_gradients.insert(0, slope.sum(axis=0))
        slope = slope @ net.weights[i].T
    return weight_gradients + bias_gradients, slope


# %% id="game-players" tags=["from_scratch"]
class Game:
    """Generator against discriminator about the real points (n, dimensions)."""

    def __init__(self, real, latent=4, width=16, rates=(0.002, 0.005), kind="non-saturating", calm=0.3, batch=128,
                 seed=0):
        self.real, self.rates, self.kind, self.calm, self.batch = real, rates, kind, calm, batch
        self.generator = MLP([latent, width, width, real.shape[1]], "tanh", seed)
        self.discriminator = MLP([real.shape[1], width, width, 1], "tanh", seed + 1)
        betas = {"beta_1": 0.5, "beta_2": 0.99}
        self.move_generator = adam(self.generator.parameters(), **betas)
        self.move_discriminator = adam(self.discriminator.parameters(), **betas)
        self.rng = np.random.default_rng(seed)

    def noise(self, n):
        """Noise (n, latent) for n points."""
        return self.rng.normal(size=(n, self.generator.sizes[0]))


# %% [markdown] id="turn-of-d" tags=["core"]
# **The discriminator's turn.** Real points, made points, the slopes $D - 1$ and $D$ of its loss, one step. The
# generator holds still: we use its points and never its gradient. (`calming` keeps $D$ from changing its mind too fast;
# leave it for section 6.)

# %% id="game-discriminator" tags=["from_scratch"]
class Game(Game):
    def step_discriminator(self):
        """One step of the discriminator; the generator holds still. Returns the discriminator's loss."""
        x = self.real[self.rng.integers(0, len(self.real), self.batch)]
        made = self.generator.forward(self.noise(self.batch))
        s_real, s_made = self.discriminator.forward(x), self.discriminator.forward(made)
        from_real, _ = backward(self.discriminator, x, (sigmoid(s_real) - 1) / len(x))
        from_made, _ = backward(self.discriminator, made, sigmoid(s_made) / len(made))
        gradients = [a + b for a, b in zip(from_real, from_made, strict=True)]
        if self.calm > 0:
            gradients = [g + c for g, c in zip(gradients, self.calming(x), strict=True)]
        if self.rates[1] > 0:
            self.move_discriminator(gradients, learning_rate=self.rates[1])
        return discriminator_loss(s_real[:, 0], s_made[:, 0])

    def calming(self, x, tremble=0.1):
        """The gradients of calm / 2 · (change of the logit / change of the point)², for small random changes of x."""
        moved = x + self.rng.normal(0, tremble, x.shape)
        change = self.discriminator.forward(moved) - self.discriminator.forward(x)
        slope = self.calm * change / tremble**2 / len(x)
        there, _ = backward(self.discriminator, moved, slope)
        here, _ = backward(self.discriminator, x, -slope)
        return [a + b for a, b in zip(there, here, strict=True)]


# %% [markdown] id="turn-of-g" tags=["core"]
# **The generator's turn.** The slope passes through the discriminator (its own gradient, `_`, is thrown away) and on
# through the generator, which takes the step.

# %% id="game-generator" tags=["from_scratch"]
class Game(Game):
    def step_generator(self):
        """One step of the generator; the discriminator holds still and passes the slope on. Returns the loss."""
        z = self.noise(self.batch)
        made = self.generator.forward(z)
        s = self.discriminator.forward(made)
        _, slope = backward(self.discriminator, made, generator_slope(s, self.kind) / len(s))
        gradients, _ = backward(self.generator, z, slope)
        if self.rates[0] > 0:
            self.move_generator(gradients, learning_rate=self.rates[0])
        return generator_loss(s[:, 0], self.kind)


# %% [markdown] id="turn-task" tags=["core"]
# ### Exercise 5 · Who holds still?
# The smallest game there is: a made point is $a z + b$, its logit is $s = w\,(a z + b)$. It is the **generator's
# turn**. The slope of its loss for each logit is $D - 1$ with $D = \sigma(s)$; the loss is a mean over the noise `z`.
# Return the three numbers after one step of gradient descent.

# %% id="turn-of-g-exercise" tags=["exercise"]
def turn_of_g(a, b, w, z, rate):
    """a, b and w after the generator's step."""
    ### BEGIN SOLUTION
    slope = sigmoid(w * (a * z + b)) - 1
    da = np.mean(slope * w * z)
    db = np.mean(slope * w)
    return a - rate * da, b - rate * db, w
    ### END SOLUTION


# %% id="check-turn-of-g"
course.check("gan.turn_of_g", turn_of_g)

# %% [markdown] id="distance" tags=["core"]
# How do we see that it works? By a *distance* between two crowds of points. In one dimension: sort both, pair the first
# with the first, the second with the second, and take the mean gap. In two dimensions: look from 12 directions, and
# take the mean. Two crowds from the *same* source are not at 0 either; that is the floor.

# %% id="game-run"
sampler = np.random.default_rng(1)
ring = DATA[2]["ring"](sampler, 1000)
floor = np.mean([scratch.distance(DATA[2]["ring"](sampler, 1000), DATA[2]["ring"](sampler, 1000)) for _ in range(5)])
game = Game(ring)
crowd = game.noise(1000)
start = scratch.distance(ring, game.generator.forward(crowd))
for _ in range(400):
    game.step_discriminator()
    game.step_generator()
end = scratch.distance(ring, game.generator.forward(crowd))
print(f"real to real {floor:.2f}, made at the start {start:.2f}, after 400 rounds {end:.2f}")
course.claim("distance after 400 rounds, of the floor", end / floor, at_most=4)
d_real, d_made = (sigmoid(game.discriminator.forward(some)).mean() for some in (ring, game.generator.forward(crowd)))
course.claim("mean D on real minus on made points", d_real - d_made, at_most=0.1, at_least=-0.1)

# %% [markdown] id="game-one-intro" tags=["core"]
# Now play. **Predict:** press *Restart*, set the generator's steps to 0 and *Play* for a while: what will $D$ look
# like? Then give it its step back: which way go the made points?
#
# *Play* lets both move in turn. *Slow motion* makes one move every half second. Choose "your own points" and click to
# draw what is real.

# %% id="game-one"
one = GanGame(1)
one.step("both", 150)
one

# %% [markdown] id="game-two-intro" tags=["core"]
# In two dimensions the color says what $D$ thinks of each place: blue for real, orange for made. The arrows show where
# each made point would move to look more real. **Predict:** what happens to the colors when the made points have
# arrived?

# %% id="game-two"
two = GanGame(2)
two.step("both", 300)
two

# %% [markdown] id="game-told" tags=["core"]
# The colors fade to grey: $D$ is near ½ everywhere. And the distance never comes to rest, it trembles: each player
# answers the other's last move. Try the minimax loss, or five steps of one player for one of the other, or eight
# clouds: how long do some of them stay empty? More on that in section 6.

# %% [markdown] id="digits" tags=["core"]
# ## 4 · Digits from noise
#
# The same game on 898 real handwritten digits of 28 × 28 pixels. Two larger networks in Keras; the losses are those of
# section 2. First: is Keras' own loss the same as ours?

# %% id="keras"
course.start(keras=True)

import keras

from course_utils.keras_tools import gan, gan_measures, gan_uses
from course_utils.visuals import gan_film as films
from course_utils.visuals import gan_uses as uses
from course_utils.visuals.training import Training

logits = np.random.default_rng(0).normal(size=(2, 50)).astype("float32")
crossentropy = keras.losses.BinaryCrossentropy(from_logits=True)  # takes logits: so no sigmoid in the network
keras_loss = float(crossentropy(np.ones(50), logits[0]) + crossentropy(np.zeros(50), logits[1]))
ours = discriminator_loss(*logits.astype(float))
course.claim("our loss of D minus Keras'", ours - keras_loss, equals=0, within=1e-5)

# %% id="players"
(train, train_labels), (held_out, _) = gan_measures.halves()
for network in (gan.generator(), gan.discriminator()):
    kinds = [type(layer).__name__ for layer in network.layers]
    print(f"{network.name}: {network.count_params():,} numbers; {' → '.join(kinds)}")

# %% [markdown] id="players-told" tags=["core"]
# The generator has *batch normalization* (lesson 04): each sum is brought to mean 0 and variance 1. While training,
# mean and variance come from the batch; afterwards from stored running means. Keras needs to be told which: the
# *training flag*, `model(x, training=True)`. Forget it, and each picture depends on its neighbors in the batch. Two
# tricks of ours. The first ten noise numbers also go in through a steep softmax, a *switch* of ten positions: it makes
# it easier to jump from one kind of digit to another. And what is shown is made with the *mean* of the generator's
# recent weights, which trembles less.

# %% id="training-flag"
network, some = gan.generator(), gan.noise(64)


def first_picture(count, training):
    return keras.ops.convert_to_numpy(network(some[:count], training=training))[0]


course.claim("change of a picture by its company, training=False",
             np.abs(first_picture(8, False) - first_picture(64, False)).max(), at_most=1e-4)
course.claim("the same, training=True", np.abs(first_picture(8, True) - first_picture(64, True)).max(), at_least=0.05)

# %% [markdown] id="flag-task" tags=["core"]
# ### Exercise 6 · The training flag
# `z` holds the weighted sums (n, neurons) of a batch; `mean` and `variance` are the stored ones, one for each neuron.
# Return $(z - \text{mean}) / \sqrt{\text{variance} + 0.001}$ with the right mean and variance.

# %% id="batch-norm-mode" tags=["exercise"]
def batch_norm_mode(z, mean, variance, training):
    """z, normalized as in training (by the batch) or as afterwards (by the stored numbers)."""
    ### BEGIN SOLUTION
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
    return (z - mean) / np.sqrt(variance + 0.001)
    ### END SOLUTION


# %% id="check-batch-norm-mode"
course.check("gan.batch_norm_mode", batch_norm_mode)

# %% [markdown] id="measures" tags=["core"]
# ### How good is a made digit?
# "Looks good" is no number. The other half of the digits trains a *judge*, a classifier that the players never meet. It
# gives four measures:
#
# - *recognized (erkannt)*: share of pictures of which the judge is at least 0.9 sure,
# - *coverage (Abdeckung)*: how many of the ten classes are recognized in at least 2 of 100 pictures,
# - *Fréchet distance*: how far the made pictures lie from real ones in the judge's 32 features, by mean and spread.
#   Small is good,
# - *own*: distance to the nearest picture that was learned from. Copies give 0, new real digits 1, strange things more.
#
# **Predict:** which of these can blurred noise fool?

# %% id="scales"
floors = gan_measures.scales()
print(f"{'':17}recognized  classes   Fréchet   own")
for name, found in floors.items():
    print(f"{name:17}{found['recognized']:10.2f}{found['coverage']:9}{found['frechet']:10.1f}{found['own']:6.2f}")
floor = gan_measures.real_to_real()
print(f"Fréchet distance of one half of the real digits to the other: {floor:.2f}")
course.claim("blurred noise that is “recognized”", floors["blurred noise"]["recognized"], at_least=0.35)
course.claim("Fréchet distance of blurred noise, of the real-to-real one", floors["blurred noise"]["frechet"] / floor,
             at_least=20)

# %% [markdown] id="scales-told" tags=["core"]
# A judge that has only ever seen digits sees one in nearly half of the blurred noise. So *recognized* alone proves
# nothing. Mean pictures pass all but the Fréchet distance, which sees that they are all alike. Copies pass all but
# *own*. Read the four together, the Fréchet distance first.
#
# Two fine points. The last row is the judge's own half: its Fréchet distance of 0 is no feat, for it is compared with
# itself (the fair floor is one half against the other), and the judge has learned from these very digits. Of real
# digits that are new to the *judge*, the row of copies, it recognizes 0.95. That is what real digits reach.

# %% [markdown] id="coverage-task" tags=["core"]
# ### Exercise 7 · Coverage
# `chances` holds the judge's probabilities, one row of ten for each picture. Count the classes that are the most likely
# one, with at least 0.9, in at least 2 of 100 pictures.

# %% id="coverage" tags=["exercise"]
def coverage(chances):
    """How many of the ten classes are covered: 0 to 10."""
    ### BEGIN SOLUTION
    classes = chances.argmax(axis=1)[chances.max(axis=1) >= 0.9]
    counts = np.bincount(classes, minlength=10)
    return np.sum(counts >= 0.02 * len(chances))
    ### END SOLUTION


# %% id="check-coverage"
course.check("gan.coverage", coverage)

# %% [markdown] id="train-now" tags=["core"]
# ### Train now
# 450 steps from the first grey. **Predict:** what will you see first: strokes, or digits of one class? When it has
# ended, *Continue* adds as many steps; *Pause* holds it, and *Run* goes on where it was held. (`planned`: the step
# sizes fall to a twentieth over so many steps. In the plot, `real` and `fake` are what $D$ says on average.)

# %% id="train"
shown = gan.noise(40, seed=7)


def begin():
    global play
    play = gan.Game(train, planned=3000, seed=0)


begin()
wall = films.Wall(lambda: play.make(shown))
training = Training(lambda: play.step(), 450, name="Digits from noise", restart=begin, picture=wall)
await training.run()

# %% id="train-measures"
many = gan.noise(898, seed=8)
found = gan_measures.measures(play.make(many))
print({name: round(value, 2) for name, value in found.items()}, f"floor of the Fréchet distance {floor:.2f}")
course.claim("classes covered", found["coverage"], at_least=8)
course.claim("Fréchet distance, of the real-to-real one", found["frechet"] / floor, at_most=10)
course.claim("own", found["own"], at_least=0.7)

# %% id="live-wall"
films.shown(play.make(shown), 10, f"40 made digits after {play.steps} steps, each from noise of its own.")

# %% [markdown] id="stopped-told" tags=["core"]
# A training that is stopped in the middle has lost nothing: `play.run(100)` goes on with the same weights and the same
# optimizer. And if a number becomes NaN? Then the game stops by itself, says when and why, and goes back to the last
# good weights. Here we spoil a weight on purpose:

# %% id="resume-and-nan" tags=["nbval-check-output"]
before = play.steps
play.run(20)
course.claim("steps added to those done", play.steps - before, equals=20)
spoiled = play.generator.trainable_variables[0]
spoiled.assign(spoiled * np.float32(np.nan))
play.run(20)
print(play.stopped)
course.claim("all pictures are numbers again", np.isfinite(play.make(shown)).mean(), equals=1)

# %% [markdown] id="film" tags=["core"]
# ## 5 · The film
#
# Now 3,000 steps, recorded with three seeds (about two minutes each). The pictures come from the same 25 noise vectors
# all along; the bands show the three seeds.
#
# **Predict:** from step 100 to step 3,000 the pictures get much better. What does the generator's loss do meanwhile?

# %% id="film-figure" tags=["nbval-check-output"]
run = recordings.read("gan_film")
films.film(run)

# %% id="film-claims" tags=["nbval-check-output"]
early = list(run.steps).index(100)
loss, distance = run.arrays["generator"].mean(axis=1), run.arrays["frechet"].mean(axis=1)
end = {name: run.arrays[name][-1] for name in run.arrays if name in (*gan.LOSSES, *gan_measures.MEASURES)}
course.claim("generator's loss in step 3,000 minus that in step 100", loss[-1] - loss[early], equals=0, within=0.03)
course.claim("Fréchet distance in step 100, times that in step 3,000", distance[early] / distance[-1], at_least=10)
course.claim("the worst seed's, of the real-to-real one", end["frechet"].max() / run.arrays["real_to_real"], at_most=3)
course.claim("fewest classes covered", end["coverage"].min(), equals=10)
there = (run.arrays["coverage"] == 10) & (run.arrays["frechet"] <= 5 * run.arrays["real_to_real"])
course.claim("step by which each seed covers all classes, at 5 times the real-to-real distance",
             run.steps[there.argmax(axis=0)].max(), at_most=700)
course.claim("share recognized, mean of the seeds", end["recognized"].mean(), equals=0.857, within=0.02)
course.claim("share of real digits recognized that are new to the judge", floors["copies"]["recognized"], equals=0.953,
             within=0.005)
course.claim("least own", end["own"].min(), at_least=1.1)
course.claim("mean D on real pictures", end["real"].mean(), at_most=0.55)
course.claim("mean D on made ones", end["fake"].mean(), at_least=0.45)

# %% [markdown] id="film-told" tags=["core"]
# The loss stays where it was, while the pictures become far better. No wonder: the *teacher* became better too. The
# same mark from a stricter teacher is worth more. **A loss in this game only says how the two stand against each
# other.**
#
# At the end $D$ is close to ½ for both, as in section 2. Close, not there: every seventh made digit is none that the
# judge is sure of; of real digits that are new to it, it is one in twenty. Copies they are not: they lie a little
# *farther* from the training digits than new real digits do.
#
# How fast is that? Each seed covers all ten classes, at five times the real-to-real distance, by step 700.
# `tests/benchmarks/bench_gan.py` gives a well-known DCGAN tutorial (its layers, its optimizer) ten times the seconds
# that ours needs for this: it does not get there. It was made for 60,000 pictures and a graphics card.
#
# For your slides the film is an animated picture too; `animated.save("digits.gif")` writes the file.

# %% id="film-animated" tags=["nbval-check-output"]
animated = films.animation(run)
animated

# %% [markdown] id="fails" tags=["core"]
# ## 6 · When it fails
#
# The game works if both players keep pace. Here are seven recorded games without the calm penalty. The slider makes the
# steps of one player larger and those of the other smaller, by the same factor.
#
# **Predict:** what does a generator make whose teacher hardly moves? And what does it learn from a teacher who is
# always sure?

# %% id="unbalanced" tags=["nbval-check-output"]
failed = recordings.read("gan_failures")
uses.unbalanced(failed)

# %% id="unbalanced-claims" tags=["nbval-check-output"]
end = {name: failed.arrays[name][-1] for name in ("coverage", "recognized", "frechet", "generator")}
for number, ratio in enumerate(failed.arrays["ratio"]):
    print(f"ratio {ratio:9.4f}: " + ", ".join(f"{name} {values[number]:.2f}" for name, values in end.items()))
equal, hasty = 3, 6  # places in the list: equal steps, and the hastiest generator
course.claim("classes covered with equal steps", end["coverage"][equal], equals=10)
course.claim("classes the hastiest generator covers", end["coverage"][hasty], at_most=2)
course.claim("its pictures recognized, minus those of equal steps",
             end["recognized"][hasty] - end["recognized"][equal], at_least=0.2)
course.claim("its Fréchet distance, of that of equal steps", end["frechet"][hasty] / end["frechet"][equal], at_least=10)
course.claim("the generator's loss falls from game to game to the right", np.diff(end["generator"][equal:]).max(),
             at_most=-0.02)
course.claim("while the Fréchet distance grows", np.diff(end["frechet"][equal:]).min(), at_least=50)
course.claim("classes against the hastiest discriminator", end["coverage"][0], at_most=1)
course.claim("the generator's loss then", end["generator"][0], at_least=50)
strong = failed.arrays["discriminator"][:, 0]
course.claim("its own loss, the least of the first 100 steps", np.nanmin(strong[failed.steps <= 100]), at_most=0.1)
course.claim("its own loss at the end", strong[-1], at_least=10)

# %% [markdown] id="unbalanced-told" tags=["core"]
# **Discriminator too weak** (slider far to the right): *mode collapse (Moduskollaps)*. The generator finds one or two
# pictures that pass, and its slow teacher does not object. The judge recognizes most of them, more than with equal
# steps! Only coverage and the Fréchet distance see what you see: all the same. (In the games between, fewer are
# recognized than with equal steps.)
#
# **Discriminator too strong, then too wild** (far to the left): within 100 steps its loss is 0, it has won, and its
# slopes say little about how a better picture would look. Later its own huge steps throw it about: its loss at the end
# is far above the 1.39 that saying ½ to everything costs. The generator stays with smears. (Its own steps are small
# there as well.) Smaller imbalances to this side do far less harm.
#
# **A low generator loss is not a good picture.** From equal steps to the right the loss *falls* from game to game, and
# the pictures get *worse*.

# %% [markdown] id="cures-predict" tags=["core"]
# What helps? We take two tilted games, one player 64 times as hasty as the other, and try what the books recommend,
# each with three seeds. *Smooth labels*: the target for real pictures is 0.9. *Noise* on all pictures that $D$ sees.
# *Dropout* in $D$ (lesson 04). *A calm discriminator*: a penalty if $D$ changes its mind about a real picture when that
# picture trembles a little (the `calm` of section 3). And *balanced steps*, without and with calm.
#
# **Predict:** all four recommendations hold the *discriminator* back. In which of the two games can they help?

# %% id="cures" tags=["nbval-check-output"]
cured = recordings.read("gan_cures")
uses.cures(cured)

# %% id="cures-claims" tags=["nbval-check-output"]
names = list(cured.arrays["cures"])
tried = slice(1, names.index("balanced steps"))
plain, calm, noisy = map(names.index, ("balanced steps", "balanced and calm", "noise on all pictures"))
covered, apart = cured.arrays["coverage"], cured.arrays["frechet"]
for name, one, other in zip(names, *apart.mean(axis=2), strict=True):
    print(f"{name:22} Fréchet distance, hasty generator {one:6.1f}, hasty discriminator {other:6.1f}")
course.claim("hasty generator, most classes that a recommendation covers", covered[0, tried].max(), at_most=5)
course.claim("fewest classes with balanced steps", covered[0, plain].min(), at_least=9)
course.claim("hasty generator, noise: its mean distance, of that with nothing",
             apart[0, noisy].mean() / apart[0, 0].mean(), equals=0.83, within=0.03)
course.claim("hasty discriminator, noise: its mean distance, of that with nothing",
             apart[1, noisy].mean() / apart[1, 0].mean(), at_most=0.8)
course.claim("best distance of any recommendation, of the worst with balanced steps",
             apart[:, tried].min() / apart[:, plain].max(), at_least=2)
course.claim("balanced steps: worst seed with calm, of the best without", apart[0, calm].max() / apart[0, plain].min(),
             at_most=0.9)

# %% [markdown] id="cures-told" tags=["core"]
# Against the hasty generator: none comes near the balanced game; noise takes off a sixth of the distance, and five to
# nine of the ten classes are still missing. Its discriminator was too weak already, and holding it back is no cure.
# Against the hasty discriminator noise helps a little, for then it can no longer be sure. The others do so with one
# seed and harm with another: **from a single seed you would have believed any story.**
#
# **Balance comes first.** Once the steps are balanced, calm makes every seed better than the best one without; that is
# why our live training uses it. (Three seeds, 800 steps, small networks: in other games other cures have helped.)

# %% [markdown] id="asked" tags=["deeper"]
# ## 7 · Deeper: asking for a seven
#
# So far $G$ chooses the digit. To *ask* for one, tell both players the class: the generator gets it beside the noise,
# the discriminator judges "is this a real picture **and** a seven?". This is a *conditional* GAN. The class goes in as
# ten numbers, one of them 1 (*one-hot*).

# %% [markdown] id="ask-task" tags=["deeper"]
# ### Exercise 8 · Ask for a class
# `noise` is (n, latent), `labels` (n,) are classes 0 to 9. Return (n, latent + 10): the noise first, then the class.

# %% id="ask" tags=["exercise"]
def ask(noise, labels):
    """Noise and one-hot class side by side."""
    ### BEGIN SOLUTION
    return np.concatenate([noise, np.eye(10)[labels]], axis=1)
    ### END SOLUTION


# %% id="check-ask"
course.check("gan.ask", ask)

# %% [markdown] id="asked-train-intro" tags=["deeper"]
# Train it live. Then the judge says how many made pictures show the digit that was asked for. Guessing gives 0.1; real
# digits that are new to the judge give the ceiling.

# %% id="asked-train"
asked_labels = np.arange(898) % 10
grid = np.repeat(np.arange(10), 4).reshape(10, 4).T.ravel()  # four rows, each 0 to 9


def begin_asked():
    global wish
    wish = gan.Game(train, train_labels, planned=3000, seed=0)


begin_asked()
wall = films.Wall(lambda: wish.make(shown, grid), name="made digits, each row 0 to 9")
training = Training(lambda: wish.step(), 400, name="Digits as asked for", restart=begin_asked, picture=wall)
await training.run()

# %% id="asked-claims"
got = gan_measures.asked_for(wish.make(many, asked_labels), asked_labels)
ceiling = gan_measures.asked_for(train, train_labels)
print(f"asked for and recognized as such: {got:.3f}; guessing 0.1; real digits that are new to the judge {ceiling:.3f}")
course.claim("share of the digits asked for, live", got, at_least=0.95)

# %% [markdown] id="write-intro" tags=["deeper"]
# Now the recorded run of 3,000 steps. Type your own number. *Hand* chooses the noise. **Predict:** with the *same*
# noise for all, what will the digits have in common?

# %% id="write"
asked_run = recordings.read("gan_conditional")
writer = gan.recorded_generator("gan_conditional")
course.claim("share of the digits asked for, recorded", asked_run.arrays["asked"][-1], at_least=0.98)
course.claim("its Fréchet distance, of the one without classes", asked_run.arrays["frechet"][-1] / distance[-1],
             at_most=0.6)
uses.write_digits(lambda noise, labels: gan.make(writer, noise, labels), gan.LATENT)

# %% [markdown] id="walk-intro" tags=["deeper"]
# With the same noise the stroke is alike: how thick, how smooth. The class says *which* digit, the noise says *how* it
# is written. And who is told the classes makes better digits: the Fréchet distance is about half of that without.
#
# **A walk.** Back to the generator without classes. One noise vector makes a 0, another one a 6. **Predict:** what lies
# on the way between them: a fading picture of both, or digits?

# %% id="walk"
maker = gan.recorded_generator()
zero, six = run.arrays["noise"][20], run.arrays["noise"][2]
path = gan.make(maker, gan.walk(zero, six, 57))
change = np.sort(np.sqrt(np.mean(np.diff(path, axis=0) ** 2, axis=(1, 2))))[::-1]
course.claim("share of all change that happens in the busiest quarter of the way", change[:14].sum() / change.sum(),
             at_least=0.6)
held = np.r_[zero[:10], six[10:]]  # the ten numbers of the switch stay those of the 0
still = np.sort(np.sqrt(np.mean(np.diff(gan.make(maker, gan.walk(zero, held, 57)), axis=0) ** 2, axis=(1, 2))))[::-1]
course.claim("the same with the switch held", still[:14].sum() / still.sum(), at_most=0.45)
black = [np.mean(some > 0.9) for some in (path[28], (path[0] + path[-1]) / 2, path[[0, -1]])]
course.claim("nearly black pixels half way, of those at the ends", black[0] / black[2], at_least=0.8)
course.claim("the same for a fading picture of both", black[1] / black[2], at_most=0.5)
uses.walk(lambda noise: gan.make(maker, noise), zero, six, gan.walk)

# %% [markdown] id="walk-told" tags=["deeper"]
# Digits. Half way there are as many nearly black pixels as at the ends; two pale pictures on top of each other would
# have a third. And the way is uneven: most of the change happens within a quarter of it. That is our switch, built in;
# with its ten numbers held the change is nearly even.

# %% [markdown] id="hole" tags=["deeper"]
# ## 8 · Deeper: filling the hole
#
# A part of a picture is hidden. The trained generator knows what digits look like. So search the *noise* whose picture
# fits the **visible** part, by gradient descent on $z$ with the weights held still, and copy its pixels into the hole.
#
# $$\min_z \sum_{\text{visible}} \bigl(G(z) - x\bigr)^2 + \lambda \lVert z \rVert^2$$
#
# The last term keeps $z$ where noise is likely. (The lecture's slides show this on faces; Yeh and others, 2017, use
# what the discriminator says in its place.)

# %% [markdown] id="misfit-task" tags=["deeper"]
# ### Exercise 9 · How well does it fit?
# `made` holds made pictures (n, 28, 28), `picture` the one with the hole, `hidden` is True where it is hidden. Return
# for each made picture the root mean square difference **on the visible part**.

# %% id="misfit" tags=["exercise"]
def misfit(made, picture, hidden):
    """The error of each made picture on the visible part, (n,)."""
    ### BEGIN SOLUTION
    gaps = (made - picture)[:, ~hidden]
    return np.sqrt(np.mean(gaps**2, axis=1))
    ### END SOLUTION


# %% id="check-misfit"
course.check("gan.misfit", misfit)

# %% [markdown] id="hole-predict" tags=["deeper"]
# The search starts from eight places. Their pictures are averaged, each with the weight $e^{-\text{error}}$ (its
# squared error on the visible part): what does not fit does not count. The simplest guess to beat is the mean of all
# training digits.
#
# **Predict:** we hide part of 100 held-out digits (the eight and the weight were chosen on 100 others): a box in the
# middle, the lower half or the right half. On how many is the search better than the mean picture?

# %% id="filled" tags=["nbval-check-output"]
holes = recordings.read("gan_fill")
uses.filled(holes)

# %% id="filled-claims" tags=["nbval-check-output"]
for kind, error, simple in zip(*(holes.arrays[name] for name in ("mask", "error", "mean_error")), strict=True):
    print(f"{kind}: error on the hidden part {error.mean():.2f}, with the mean picture {simple.mean():.2f}")
    course.claim(f"{kind}: share of digits on which the search is better", (error < simple).mean(), at_least=0.85)

# %% [markdown] id="own-hole-intro" tags=["deeper"]
# Now your own hole. Leave so little visible that several digits fit, and see what it writes. It cannot know; it makes
# up something *likely*. That is so for the faces on the slides as well: **what is filled in is not what was there.**

# %% id="own-hole"
uses.own_hole(maker, held_out[:40])

# %% [markdown] id="worlds" tags=["deeper"]
# ## 9 · Deeper: two worlds without pairs
#
# The talk turns horses into zebras. There are no pairs: nobody has the same photograph with a zebra in it. Our small
# version: *thin* digits and *thick* digits, 350 each, and of no digit both forms. Two generators (thin → thick and
# back) and two discriminators ("a real thick one?", "a real thin one?").
#
# The discriminators alone are not enough: a generator might turn every thin 3 into some perfect thick 7. So what goes
# there and back must return: the *cycle loss*, the idea of CycleGAN.

# %% [markdown] id="cycle-task" tags=["deeper"]
# ### Exercise 10 · The cycle loss
# Thin digits go there (`made_thick`) and come back (`thin_again`); thick ones likewise. Return the sum of the two mean
# absolute differences that the cycle loss punishes.

# %% id="cycle-loss" tags=["exercise"]
def cycle_loss(thin, made_thick, thin_again, thick, made_thin, thick_again):
    """How far the digits are from themselves after the round trip."""
    ### BEGIN SOLUTION
    return np.mean(np.abs(thin_again - thin)) + np.mean(np.abs(thick_again - thick))
    ### END SOLUTION


# %% id="check-cycle-loss"
course.check("gan.cycle_loss", cycle_loss)

# %% [markdown] id="worlds-predict" tags=["deeper"]
# Measured on 198 other digits: the *error* of the return, the share *changed* (nearer to the thick digits' stroke
# width) and the share *kept* (the judge still sees the same digit). **Predict:** without the cycle loss, will the
# digits get thick? Will they be the same digits?

# %% id="two-worlds" tags=["nbval-check-output"]
translated = recordings.read("gan_worlds")
uses.two_worlds(translated)

# %% id="worlds-claims" tags=["nbval-check-output"]
for number, way in enumerate(translated.arrays["ways"]):
    seeds = {name: translated.arrays[name][number] for name in ("changed", "kept", "true_error", "return_error")}
    told = [f"{name} {' '.join(f'{value:.2f}' for value in some)}" for name, some in seeds.items()]
    print(f"{way}: " + ", ".join(told))
for name, found in gan_uses.world_scales().items():
    print(f"{name}: " + ", ".join(f"{key} {value:.2f}" for key, value in found.items()))
returned, changed, kept = (translated.arrays[name] for name in ("return_error", "changed", "kept"))
course.claim("largest error of the return, with cycle loss", returned[0].max(), at_most=0.1)
course.claim("smallest error of the return, without", returned[1].min(), at_least=0.13)
course.claim("least share changed to thick, with or without", changed[:2].min(), at_least=0.9)
course.claim("kept: with cycle loss minus without, mean of three seeds", kept[0].mean() - kept[1].mean(), at_least=0.02)
course.claim("largest share kept with cycle loss, but no shortcut", kept[2].max(), at_most=0.35)
course.claim("largest error of the return then", returned[2].max(), at_most=0.14)
course.claim("floor: always return the mean thin digit", gan_uses.return_floor(), at_least=0.2)
sixteen = gan_uses.worlds()[2][2][:16]
seen = [gan_measures.asked_for(translated.arrays[name][2], sixteen) for name in ("there", "returned")]
course.claim("no shortcut, the 16 shown: the same digit on the way", seen[0], at_most=0.3)
course.claim("no shortcut, the 16 shown: the same digit after the return", seen[1], at_least=0.85)

# %% [markdown] id="worlds-told" tags=["deeper"]
# With the cycle loss and without, the digits are changed as asked. With it they return with about half the error, and a
# few more of them stay what they were. Why only a few? Our generators have a *shortcut*: they add to the picture they
# are given, so that even without the cycle loss leaving the digit as it is comes easy.
#
# Now look at the third training: cycle loss, but no shortcut. The digits still return, and yet on the way most have
# become *another* digit. The two generators have agreed on a code: "6 as a thick 7, and back". **The cycle loss asks
# for a return, not for the meaning.** (A guess: that horses keep their pose in the talk owes much to convolutions,
# which look only nearby.)

# %% [markdown] id="deepfakes" tags=["deeper"]
# ## 10 · Deeper: what this made possible, and what it broke
#
# **Faces.** In 2017 a GAN made portraits of 1024 × 1024 pixels of people who do not exist (Karras and others); the
# slides show them. They had seen 30,000 photographs of celebrities.
#
# **Deepfakes.** A *deepfake* puts a real person's face or voice where it never was. The first face swaps, from 2017,
# were **autoencoders**, not GANs: one encoder for two people, and one decoder for each. Encode the face of A, decode it
# with the decoder of B. There is no discriminator in it. Later programs added one for sharper skin. The exam question
# in the sources wants "GAN"; say what kind of deepfake you mean.
#
# **Text to image.** Early attempts were GANs, for small pictures. What answers your prompts today are mostly *diffusion
# models*: networks that learn to remove noise step by step, guided by a text. They train with a plain squared error,
# for there *are* right answers: the noise that was added is known. GANs make a picture in one step, diffusion takes
# many; in return it does not collapse so easily.
#
# **What broke.** A picture, a voice, a video was once evidence. A count of 2019 found that 96 % of the deepfake videos
# online were sexual, made without consent, and of women (Ajder and others). Others are fraud, like a familiar voice
# that asks for money. A detector is a discriminator, and
# you have just seen what happens to those: whoever has the detector can train against it. What helps more is to know
# where a picture comes from.
#
# **The law** is not settled. The European AI Act (Regulation 2024/1689, Article 50) demands that deepfakes be labeled
# as such. Whether one may train on copyrighted pictures, and who owns what comes out, is argued in court, and countries
# answer differently. Most people whose pictures were used were never asked.
#
# **To discuss:** our generator passed the test *own*. Would that convince a photographer whose pictures it was trained
# on?

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. A generator has no right answers; a discriminator, which has them, is its teacher.
# 2. $V = \operatorname{mean}\ln D(x) + \operatorname{mean}\ln(1 - D(G(z)))$; the best $D = p/(p+q)$.
# 3. In equilibrium $D = ½$ everywhere and $V = -\ln 4$. A $D$ that says 1 to real and 0 to made has won.
# 4. The generator's usual loss is $-\ln D$: it pushes where $\ln(1 - D)$ is flat. One moves, the other holds still.
# 5. The losses do not say how good the pictures are. Measure: recognized, coverage, Fréchet distance, own; with floors.
# 6. Collapse: the pictures pass, but they are all alike. First balance the players, then calm the discriminator.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. At a place the real density is 0.3 and the made one is 0.1. What does the best discriminator say there? What does
#    it say where both are 0.2, and what is $V$ if this holds everywhere? *(3 points)*
# 2. A discriminator says $D = 0.01$ on a made picture. Compute the slope of both generator losses for the logit, and
#    say what follows at the start of a training. *(4 points)*
# 3. A GAN's pictures are 99 % recognized, two classes of ten are covered, and the generator's loss is low. Name what
#    happened, say why the loss does not show it, and name a cure. *(4 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. 0.3 / 0.4 = 0.75; ½; V = −ln 4 = −1.386. 2. Minimax: −D = −0.01; non-saturating: D − 1 = −0.99. The
# minimax loss is flat where the generator begins: its push is a hundred times weaker. 3. Mode collapse; the loss compares
# with the present discriminator only, and that one never asks whether all classes appear; balanced steps, a calm
# discriminator.

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *35C3:* on horses and zebras, "if this is the same picture as we put in, then our model worked". Not by itself: two
#   generators that change nothing return every picture exactly. The discriminators must be fooled as well.
# - *35C3:* such a network makes "pictures of an arbitrary distribution". In theory; section 6 shows games that never
#   get there.
# - *35C3* shows a film of digits and says it took "training iterations". How many, and what became of the classes that
#   never appeared, a film does not tell; hence the four measures.
# - *The exam question on deepfakes* expects "Generative Adversarial Networks". The first face swaps were autoencoders.
# - *The slides on image completion* show one network. There are two steps: train a GAN, then search its noise for every
#   single picture.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - I. Goodfellow and others, "Generative adversarial nets", NeurIPS 2014.
# - H. Ajder and others, *The state of deepfakes*, Deeptrace, 2019.
# - A. Radford, L. Metz, S. Chintala, "Unsupervised representation learning with deep convolutional generative
#   adversarial networks", ICLR 2016 (DCGAN).
# - T. Salimans and others, "Improved techniques for training GANs", NeurIPS 2016.
# - M. Heusel and others, "GANs trained by a two time-scale update rule converge to a local Nash equilibrium", NeurIPS
#   2017 (Fréchet distance).
# - J.-Y. Zhu and others, "Unpaired image-to-image translation using cycle-consistent adversarial networks", ICCV 2017.
# - R. Yeh and others, "Semantic image inpainting with deep generative models", CVPR 2017.
# - T. Karras and others, "Progressive growing of GANs for improved quality, stability, and variation", ICLR 2018.
# - T. Miyato, M. Koyama, "cGANs with projection discriminator", ICLR 2018.
# - L. Mescheder, A. Geiger, S. Nowozin, "Which training methods for GANs do actually converge?", ICML 2018 (calm).
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
