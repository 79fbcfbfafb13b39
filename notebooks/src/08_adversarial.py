# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 08 · Adversarial examples
#
# **You will make a good network call a 5 a 3, with changes you chose yourself, and then find out which defences hold
# and which only look as if they did.**
#
# *90 minutes for the core sections, 45 more for those marked "deeper". You need the gradient (lesson 03) and the CNN
# of lesson 04, which is loaded here with its weights.*
#
# Afterwards you can
# - say why many tiny steps add up, with one sum,
# - write the attacks FGSM and PGD, in L∞ and in L2, aimed and not aimed,
# - train a network against attacks and name the price,
# - tell a defence from hidden gradients,
# - judge a detector by its ROC curve, and by the attack that knows it.
#
# Follows: T. Stadelmann, *Wie denken denkende Maschinen?* (ε = 4 and 8) and *Overview of what AI is & how DL works*
# (detecting attacks); *Introduction to Deep Learning*, 35C3 (one pixel, training against attacks).

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing: sections 1–3 take 45 minutes, 4 and 5 take 25, 6 and 7 take 20. Before section 3 ask the room to bet on the ε
# at which half of the digits fall, in grey levels; write the bets on the board. Do not promise that 4 and 8 will do
# anything: on these digits they hardly do, and saying why is part of the lesson.

# %% id="setup"
import course_utils as course

course.start(keras=True)

import keras
import numpy as np
from keras import ops

from course_utils.datasets import digits, placed_digits, recordings
from course_utils.keras_tools import attacks, detection, robust
from course_utils.keras_tools.autodiff import value_and_gradient
from course_utils.keras_tools.models import as_input, digit_cnn, placed_cnn
from course_utils.visuals import adversarial as figures
from course_utils.visuals import adversarial_defence as defences
from course_utils.visuals.training import LivePlot

# %% [markdown] id="linear" tags=["core"]
# ## 1 · Why many small steps add up
#
# An *adversarial example (gegnerisches Beispiel)* is an input that somebody changed a little, on purpose, so that a
# model errs. The change is called the *perturbation (Störung)*, $\eta$.
#
# Start with the simplest model: one neuron that tells 3 from 7. It gives $z = w^\top x + b$, with $z > 0$ for a 7. The
# next cell trains it by gradient descent, as in lesson 03.

# %% id="linear-model"
(train_x, train_y), (test_x, test_y) = digits()


def threes_and_sevens(x, y):
    kept = np.isin(y, (3, 7))
    return x[kept].reshape(-1, 784) / 255, (y[kept] == 7).astype(float)


x37, t37 = threes_and_sevens(train_x, train_y)
w, b = np.zeros(784), 0.0
for _ in range(300):
    error = 1 / (1 + np.exp(-(x37 @ w + b))) - t37
    w, b = w - 0.05 * error @ x37 / len(x37), b - 0.05 * error.mean()
fresh_x, fresh_t = threes_and_sevens(test_x, test_y)
course.claim("accuracy on fresh digits", np.mean((fresh_x @ w + b > 0) == fresh_t), at_least=0.98)

# %% [markdown] id="linear-symbols" tags=["core"]
# **In symbols.** Every pixel may move by at most $\varepsilon$. How far can $z$ move?
#
# $$w^\top(x + \eta) = w^\top x + w^\top \eta, \qquad
# \max_{|\eta_i| \le \varepsilon} w^\top \eta = \varepsilon \sum_i |w_i| = \varepsilon \lVert w \rVert_1,
# \qquad \eta_i = \varepsilon\, \mathrm{sign}(w_i)$$
#
# Each pixel steps the way its own weight points. Then no term of the sum is negative, and nothing cancels.
#
# **In numbers.** $w = (0.5, -1, 2)$ and $\varepsilon = 0.1$: $\eta = (0.1, -0.1, 0.1)$, and $w^\top\eta = 0.05 + 0.1 +
# 0.2 = 0.35 = 0.1 \cdot 3.5$.
#
# **In code**, with our 784 weights and a step of 8 grey levels:

# %% id="linear-sum"
epsilon = 8 / 255
eta = epsilon * np.sign(w)
course.claim("w·η minus ε‖w‖₁", w @ eta - epsilon * np.abs(w).sum(), equals=0, within=1e-12)

# %% [markdown] id="linear-predict" tags=["core"]
# **Predict:** steps of the same size in *random* directions partly cancel. How many times further do the aimed steps
# move $z$: twice, 20 times, 800 times? Move the sliders, then look at the next cell.

# %% id="many-small-steps"
figures.many_small_steps(w, b, fresh_x[0])

# %% id="aimed-against-random"
rng = np.random.default_rng(0)
random_moves = rng.choice([-epsilon, epsilon], (2000, 784)) @ w
print(f"aimed {epsilon * np.abs(w).sum():.2f}, random typically {np.std(random_moves):.3f}")
course.claim("aimed over random", epsilon * np.abs(w).sum() / np.std(random_moves), at_least=15, at_most=28)

# %% [markdown] id="linear-told" tags=["core"]
# About 20 times. If all weights had the same size $|w|$, $n$ aimed steps would move $z$ by $n\varepsilon|w|$ and
# random ones by about $\sqrt{n}\,\varepsilon|w|$, so the factor would be $\sqrt{784} = 28$. It grows with the number of
# pixels: that is why a large picture can be attacked with steps that nobody sees. (Goodfellow and others, 2015. The
# argument takes the size of the weights as given; whether training shrinks them in large pictures is another matter.)

# %% [markdown] id="push-task" tags=["core"]
# ### Exercise 1 · Push a linear model
# `x` is a picture in 0..1, `w` the weights, `levels` the size of the step in **grey levels of 255**. Return the picture
# that raises $z$ as much as possible and still is a picture: values from 0 to 1.

# %% id="push" tags=["exercise"]
def push(x, w, levels):
    """The picture within `levels` grey levels of x that has the largest z."""
    ### BEGIN SOLUTION
    return np.clip(x + levels / 255 * np.sign(w), 0, 1)
    ### END SOLUTION


# %% id="check-push"
course.check("adversarial.push", push)

# %% [markdown] id="gradient" tags=["core"]
# ## 2 · The same for any network: the gradient for the picture
#
# A CNN has no single weight for each pixel. It has something as good: the *gradient of the loss for the input*. It
# says for each pixel whether more ink would raise or lower the loss $L$. In training we held the pictures and moved
# the weights; now we hold the weights and move the picture. And *up* the loss, not down:
#
# $$x_{\text{adv}} = x + \varepsilon\, \mathrm{sign}\!\left(\nabla_x L(x, t)\right)$$
#
# This is the *fast gradient sign method*, FGSM. For the linear model it is exactly the step of section 1.

# %% [markdown] id="gradient-task" tags=["core"]
# ### Exercise 2 · Whose gradient?
# One neuron with a sigmoid: $z = w^\top x + b$, $a = \sigma(z)$, and the cross-entropy $L = -t\ln a - (1-t)\ln(1-a)$.
# Its slope for $z$ is $a - t$. Return the gradient of $L$ for the **picture** `x`. `t` is the true class, 0 or 1.

# %% id="input-gradient" tags=["exercise"]
def input_gradient(x, w, b, t):
    """The gradient of the cross-entropy for x, an array like x."""
    ### BEGIN SOLUTION
    a = 1 / (1 + np.exp(-(w @ x + b)))
    return (a - t) * w
    ### END SOLUTION


# %% id="check-input-gradient"
course.check("adversarial.input_gradient", input_gradient)

# %% [markdown] id="cnn" tags=["core"]
# Now the CNN of lesson 04. It gives *logits*, the ten sums before softmax, and the loss is the cross-entropy. We *sum*
# it over the pictures: a mean would divide every picture's gradient by the size of the batch.
#
# `value_and_gradient` computes the gradient on whatever engine Keras runs on.

# %% id="cnn-loss"
model = digit_cnn()
images, labels = as_input(test_x), test_y.astype("int32")


def loss(images, labels):
    each = keras.losses.sparse_categorical_crossentropy(labels, model(images), from_logits=True)
    return ops.sum(each)


loss_and_gradient = value_and_gradient(loss, "images", model)
course.claim("accuracy on fresh digits", attacks.accuracy(model, images, labels), at_least=0.985)


# %% [markdown] id="fgsm-told" tags=["core"]
# FGSM by hand, in five lines. Look at the last one: a picture must stay a picture.

# %% id="fgsm-by-hand"
def fgsm(images, labels, epsilon):
    _, gradient = loss_and_gradient(images, labels)
    direction = np.sign(gradient)
    attacked = images + epsilon * direction
    return np.clip(attacked, 0, 1)


ours = fgsm(images[:64], labels[:64], 8 / 255)
library = attacks.fgsm(model, images[:64], labels[:64], 8 / 255)
course.claim("largest difference to the library's", np.max(np.abs(ours - library)), at_most=1e-6)

# %% [markdown] id="fgsm-task" tags=["core"]
# ### Exercise 3 · FGSM, given the gradient
# `gradient` is the gradient of the loss for `images`; `levels` counts **grey levels of 255**.

# %% id="fgsm-exercise" tags=["exercise"]
def fgsm_step(images, gradient, levels):
    """The attacked pictures, values from 0 to 1."""
    ### BEGIN SOLUTION
    return np.clip(images + levels / 255 * np.sign(gradient), 0, 1)
    ### END SOLUTION


# %% id="check-fgsm"
course.check("adversarial.fgsm", fgsm_step)

# %% [markdown] id="slider" tags=["core"]
# ## 3 · The ε slider
#
# The lecture shows a photograph attacked with $\varepsilon = 4$ and $\varepsilon = 8$, counted in grey levels of 255.
# For pictures in 0..1 that is 4/255 and 8/255. (Writing 8 where the network wants 8/255 is the commonest bug of all.)
#
# **Predict:** at which ε will half of *our* digits be misread: 4, 8, 16, 32, 64? Write it down. Then compute the
# accuracy for many pictures at once, with random steps of the same size as the floor to compare with.

# %% id="many-pictures"
curve = figures.fgsm_curve(model, images, labels)
for level, attacked, noisy in zip(figures.LEVELS, *curve, strict=True):
    print(f"ε {level:2}/255   FGSM {attacked:.3f}   random steps {noisy:.3f}")
at = dict(zip(figures.LEVELS.tolist(), curve[0], strict=True))
course.claim("accuracy at ε = 4", at[4], at_least=0.94)
course.claim("accuracy at ε = 8", at[8], at_least=0.88)
course.claim("accuracy at ε = 32", at[32], at_most=0.55)
course.claim("accuracy on random steps of 32", curve[1][9], at_least=0.97)

# %% id="epsilon-slider"
figures.epsilon_slider(model, images, labels, curve=curve)

# %% [markdown] id="slider-told" tags=["core"]
# With 4 and 8 next to nothing happens. Half of the digits fall between 24 and 32, and by then you *see* the change,
# though you would still read the digit. Random steps of 32 do almost nothing: it is the direction that counts.
#
# Why are photographs so much easier to attack? The classic networks for them see 224 × 224 × 3 = 150,528 numbers, 192
# times as many as here, and section 1 told you what many small steps do. They tell 1,000 classes apart, among them
# many breeds of dog that differ by little. Our digits are ten shapes in black on white, far from each other. **A number
# for ε means nothing without the data it belongs to.**
#
# Test that: `placed_digits` puts the same digits somewhere on 36 × 36 pixels, among scraps of others. The pictures are
# not much larger, but the task is harder.

# %% id="placed"
placed = placed_cnn()
placed_x, placed_y = placed_digits()[1]
placed_x, placed_y = as_input(placed_x[:500]), placed_y[:500].astype("int32")
placed_curve = figures.fgsm_curve(placed, placed_x, placed_y)
course.claim("accuracy on clean placed digits", placed_curve[0][0], at_least=0.9)
course.claim("lost at ε = 8, centered digits", curve[0][0] - curve[0][4], at_most=0.10)
course.claim("lost at ε = 8, placed digits", placed_curve[0][0] - placed_curve[0][4], at_least=0.15)
figures.accuracy_curves(
    {"centered, FGSM": (figures.LEVELS, curve[0]), "centered, random": (figures.LEVELS, curve[1]),
     "placed, FGSM": (figures.LEVELS, placed_curve[0]), "placed, random": (figures.LEVELS, placed_curve[1])},
    "Accuracy against ε. Under FGSM the placed digits fall much earlier; random steps do little to either up to 24.")

# %% id="placed-slider"
figures.epsilon_slider(placed, placed_x, placed_y, curve=placed_curve, name="The ε slider, placed digits")

# %% [markdown] id="targeted" tags=["core"]
# ### Make it a 3
# So far any wrong answer would do. A *targeted* attack wants a certain one. **Predict:** which two things change in the
# formula? (Try the goals in the figure above.)

# %% [markdown] id="targeted-task" tags=["core"]
# ### Exercise 4 · A targeted step
# Here `gradient` is the gradient of the loss computed **with the class you want** as the label. A small loss now means
# success. `epsilon` is in the units of the pictures, 0..1.

# %% id="targeted-step" tags=["exercise"]
def targeted_step(images, gradient, epsilon):
    """One FGSM step towards the class whose loss has this gradient."""
    ### BEGIN SOLUTION
    return np.clip(images - epsilon * np.sign(gradient), 0, 1)
    ### END SOLUTION


# %% id="check-targeted-step"
course.check("adversarial.targeted_step", targeted_step)

# %% id="make-it-a-3"
others = (labels != 3) & (attacks.logits(model, images).argmax(axis=1) == labels)
x_others = images[others]
threes = np.full(len(x_others), 3)
for level in (16, 32, 64):
    attacked = attacks.fgsm(model, x_others, threes, level / 255, targeted=True)
    success = attacks.accuracy(model, attacked, threes)
    print(f"ε {level}/255: {success:.3f} of {len(threes)} other digits have become a 3")
    if level == 32:
        course.claim("share turned into a 3 by one step of 32", success, at_least=0.2, at_most=0.4)

# %% [markdown] id="make-it-a-3-told" tags=["core"]
# Aimed is harder than away: with one step of 32 about three in ten digits become a 3, while more than six in ten are
# misread as *something* without an aim.

# %% [markdown] id="pgd" tags=["core"]
# ## 4 · Many steps: PGD
#
# FGSM trusts the gradient for one large step. But the network is not linear; after a small step the gradient points
# elsewhere. *Projected gradient descent*, PGD, takes many small steps. After each it *projects (projizieren)*: if the
# picture has gone too far, it is put back to the nearest allowed point.
#
# Allowed is a *ball* round the **original** picture. Two ways to measure are common:
# - $L_\infty$: no pixel changes by more than ε. The ball is a cube.
# - $L_2$: the whole change, as one long vector, is no longer than ε. The ball is round.
#
# **Predict:** with only two pixels, where is the square and where the circle? Drag the point outside.

# %% id="ball" tags=["nbval-check-output"]
figures.ball()

# %% [markdown] id="pgd-step-task" tags=["core"]
# ### Exercise 5 · One step of PGD in L∞
# `now` is the attacked picture so far, `original` the clean one, `gradient` the gradient of the loss at `now`. Step by
# `step` along the sign, project onto the ball of `epsilon`, clip to 0..1. Which picture is the middle of the ball?

# %% id="pgd-step" tags=["exercise"]
def pgd_step(now, original, gradient, step, epsilon):
    """The attacked picture after one more step."""
    ### BEGIN SOLUTION
    moved = now + step * np.sign(gradient)
    change = np.clip(moved - original, -epsilon, epsilon)
    return np.clip(original + change, 0, 1)
    ### END SOLUTION


# %% id="check-pgd-step"
course.check("adversarial.pgd_step", pgd_step)

# %% [markdown] id="l2-task" tags=["core"]
# ### Exercise 6 · Project in L2
# `change` has one row per picture. Shorten each row that is longer than `epsilon` to that length; leave the others.

# %% id="project-l2" tags=["exercise"]
def project_l2(change, epsilon):
    """The changes, none longer than epsilon."""
    ### BEGIN SOLUTION
    length = np.sqrt(np.sum(change**2, axis=1, keepdims=True))
    return change * np.minimum(1, epsilon / length)
    ### END SOLUTION


# %% id="check-project-l2"
course.check("adversarial.project_l2", project_l2)

# %% [markdown] id="pgd-watch" tags=["core"]
# Here are both on one picture. **Predict:** which of the two changes nearly all pixels *alike*, and which changes some
# far more than others?

# %% id="pgd-steps"
one = figures.one_of_each(model, images, labels)[5]
figures.pgd_steps(model, images[one], int(labels[one]))

# %% [markdown] id="pgd-told" tags=["core"]
# L∞ takes the same step nearly everywhere, on paper and ink. L2 touches most pixels too, but spends its budget where
# the gradient is large: some pixels move by far more than 32 grey levels. Neither measure is "the" right one.
#
# How much better are ten steps than one?

# %% id="pgd-many"
x200, y200 = images[:200], labels[:200]
one_step = attacks.accuracy(model, attacks.fgsm(model, x200, y200, 32 / 255), y200)
linf = attacks.accuracy(model, attacks.pgd(model, x200, y200, 32 / 255, steps=10), y200)
l2 = attacks.accuracy(model, attacks.pgd(model, x200, y200, 2.0, norm="l2", steps=10), y200)
print(f"FGSM {one_step:.3f}   PGD L∞ {linf:.3f}   PGD L2 (ε = 2) {l2:.3f}")
course.claim("accuracy lost by ten steps instead of one", one_step - linf, at_least=0.1)
course.claim("accuracy under PGD in L2, ε = 2", l2, at_most=0.35)

# %% [markdown] id="one-pixel" tags=["core"]
# ## 5 · One pixel
#
# The talk at 35C3 tells of a toothbrush that becomes an octopus by one changed pixel. No gradient is needed: one
# *searches*. A popular search is *differential evolution*: a crowd of candidates (row, column, grey level); each is
# replaced by a mixture of others if the mixture is better.
#
# On 28 × 28 grey pictures we can do better and try **everything**: 784 pixels, each turned to paper and to ink, 1,568
# pictures. **Predict:** of 150 digits that the network reads rightly, how many can be turned by one pixel?

# %% id="one-pixel-recorded" tags=["nbval-check-output"]
pixels = recordings.read("adversarial_pixels").arrays
best = pixels["leads"].astype(float).max(axis=(1, 2, 3))
print(f"exhaustive search: {np.sum(best > 0)} of {len(best)} digits fall")
print(f"differential evolution: {np.sum(pixels['evolved'] > 0)} of {len(best)}")
print(f"placed digits, 36 × 36, exhaustive: {np.sum(pixels['placed_best'] > 0)} of {len(pixels['placed_best'])}")
ink = pixels["leads"][..., 1].astype(float).max(axis=(1, 2))
course.claim("centered digits that one pixel turns", np.sum(best > 0), equals=3)
course.claim("placed digits that one pixel turns", np.sum(pixels["placed_best"] > 0), equals=25)
course.claim("share whose best pixel turns to ink, not to paper", np.mean(ink == best), equals=1)

# %% id="one-pixel-map"
shown = pixels["which"]
figures.one_pixel_map(images[shown], labels[shown], pixels["leads"], model)

# %% [markdown] id="one-pixel-live" tags=["core"]
# The same search live, on the three weakest digits. Evolution tries at most 1,240 candidates and stops as soon as one
# fools.

# %% id="one-pixel-evolution"
weakest = shown[np.argsort(-best)[:3]]
for search in ("exhaustive", "evolution"):
    found = attacks.one_pixel(model, images[weakest], labels[weakest], search=search)
    ahead = attacks.lead(attacks.logits(model, found), labels[weakest])
    print(f"{search:11}", "  ".join(f"{value:+.2f}" for value in ahead))
changed = np.sum(found != images[weakest], axis=(1, 2, 3))
course.claim("pixels changed at most", changed.max(), at_most=1)

# %% [markdown] id="one-pixel-told" tags=["core"]
# What came out is less spectacular than the story. Nearly all our digits stand firm, and the change is no small one:
# the best pixel always turns to full *ink*. Small in the number of pixels is not small to the eye. The full search
# never misses what black and white can do; evolution missed one digit. In color, with 16.8 million values for each
# pixel, nobody can try everything, and evolution earns its keep.
#
# The placed digits fall eight times as often. Their pictures are larger, so there are more places to try, and the
# network is less sure of them, so less is needed. Does size alone make pictures fall? Su and others turned 68 % of
# small color pictures (32 × 32), but only 16 % of large photographs (227 × 227). *Many small steps* gain from every
# further pixel; a *single* pixel weighs the less the more there are.

# %% [markdown] id="training" tags=["core"]
# ## 6 · Training against attacks
#
# The cure that lasted is simple: attack every batch while training, and learn from the attacked pictures with their
# *true* labels. That is *adversarial training (Training gegen Angriffe)*. As a formula, a minimum of a maximum:
#
# $$\min_w\; \sum_n\; \max_{\lVert\eta_n\rVert_\infty \le \varepsilon} L(x_n + \eta_n, t_n; w)$$
#
# **Predict:** what will it cost on clean pictures? A small version first, live: the trained CNN learns on for 120
# batches, each attacked by one FGSM step of 32 from a random start.

# %% id="train-live"
student = digit_cnn()
batches = robust.shuffled_batches(as_input(train_x), train_y.astype("int32"), copies=1, epochs=6)
live = LivePlot("training against attacks")
robust.train_against(student, batches, 32 / 255, steps=1, rate=1e-3, live=live)
for name, network in (("before", model), ("after", student)):
    clean = attacks.accuracy(network, x200, y200)
    attacked = robust.robust_accuracy(network, x200, y200, 32, restarts=0)
    print(f"{name:6}  clean {clean:.3f}   PGD, ε = 32: {attacked:.3f}")
course.claim("accuracy under PGD after 120 batches", attacked, at_least=0.4)

# %% [markdown] id="recorded-training" tags=["core"]
# The full version attacks every batch with seven steps of PGD: about eight times the work. It is recorded: three
# networks trained so, three without, from the same starts. Scrub through it.

# %% id="training-replay" tags=["nbval-check-output"]
run = recordings.read("adversarial_training")
defences.training_replay(run)

# %% id="robust-curves" tags=["nbval-check-output"]
defences.robust_curves(run)

# %% id="robust-claims" tags=["nbval-check-output"]
plain, hardened = run.arrays["plain_levels"], run.arrays["robust_levels"]  # (seeds, levels)
at32 = list(run.arrays["levels"]).index(32)
for name, values in (("plain", plain), ("robust", hardened)):
    print(f"{name:6}  clean {values[:, 0].round(3)}   PGD, ε = 32: {values[:, at32].round(3)}")
course.claim("least gain at ε = 32 over three seeds", np.min(hardened[:, at32] - plain[:, at32]), at_least=0.4)
course.claim("mean price on clean pictures", np.mean(plain[:, 0] - hardened[:, 0]), at_least=0.0, at_most=0.06)

# %% [markdown] id="robust-told" tags=["core"]
# A large gain and a price: about three in a hundred clean digits. And a limit: far beyond the ε it was trained for the
# network falls too. *Robust* always means: against these attacks, up to this ε.
#
# **Predict:** the gradient of the plain network is a scatter of spots. What will that of the robust one look like?

# %% id="gradients"
hard = robust.robust_cnn()
ten = figures.one_of_each(model, images, labels)
defences.gradients_side_by_side({"plain": model, "robust": hard}, images[ten], labels[ten])

# %% id="gradients-claim"
def share_on_ink(network):
    gradient = np.abs(attacks.loss_and_gradient(network)(images, labels)[1])
    each = np.sum(gradient * (images > 0.1), axis=(1, 2, 3)) / np.sum(gradient, axis=(1, 2, 3))
    return np.mean(each)


on_ink = share_on_ink(model), share_on_ink(hard)
print(f"share of the gradient on ink: plain {on_ink[0]:.2f}, robust {on_ink[1]:.2f}; "
      f"ink covers {np.mean(images > 0.1):.2f}")
course.claim("more of it on ink after training against attacks", on_ink[1] - on_ink[0], at_least=0.1)

# %% [markdown] id="gradients-told" tags=["core"]
# The plain gradient is scattered, a good part of it on empty paper. The robust one is almost all on the strokes: to
# hurt this network one must change the *digit*, which is also what you would look at. (The picture scales each gradient
# to its own largest value.)

# %% [markdown] id="robust-task" tags=["core"]
# ### Exercise 7 · Robust accuracy
# `answers` has one row per attack, one column per picture: the class the network gave. A picture counts only if it was
# read rightly under **every** attack. `clean` holds the answers without attack, `labels` the true classes.

# %% id="robust-accuracy" tags=["exercise"]
def robust_share(clean, answers, labels):
    """Share of the pictures that are right when clean and under every attack."""
    ### BEGIN SOLUTION
    return np.mean((clean == labels) & np.all(answers == labels, axis=0))
    ### END SOLUTION


# %% id="check-robust-accuracy"
course.check("adversarial.robust_accuracy", robust_share)

# %% [markdown] id="masking" tags=["core"]
# ## 7 · Judged honestly: the hidden gradient
#
# Here is a defence that sounds sensible. "Attacks hide in tiny changes, so round the picture to whole grey levels
# before the network sees it." Plain rounding would have no gradient at all, so we take a staircase: flat within a
# hundredth of a grey level round each whole level, a ramp in between. With $g = 255\,x$ and $r$ the nearest whole number:
#
# $$s(x) = \frac{1}{255}\left(r + \frac{f - \mathrm{clip}(f, -0.01, 0.01)}{0.98}\right), \qquad f = g - r$$
#
# No training is needed. **Predict:** what does it do to the accuracy under FGSM with ε = 32?

# %% id="staircase"
entrance = keras.Input((28, 28, 1))
nearest = ops.round(255 * entrance)
rest = 255 * entrance - nearest
stairs = (nearest + (rest - ops.clip(rest, -0.01, 0.01)) / 0.98) / 255
rounded = keras.Model(entrance, model(stairs))

for level in (16, 32, 48):
    without, with_it = (attacks.accuracy(network, attacks.fgsm(network, x200, y200, level / 255), y200)
                        for network in (model, rounded))
    print(f"FGSM, ε {level}/255: without {without:.3f}, with the staircase {with_it:.3f}")
course.claim("accuracy under FGSM, ε = 48, with the staircase", with_it, at_least=0.98)

# %% [markdown] id="masking-question" tags=["core"]
# Wonderful, for five lines of code. Do you believe it? Every clean picture consists of whole grey levels, and there the
# staircase is flat. The gradient is exactly zero, its sign is zero, and FGSM changes *nothing*. This is *gradient
# masking (versteckte Gradienten)*: the attack is blinded, and the network is as weak as ever. Look at the loss along
# the way that the attack on the plain network takes:

# %% id="loss-along"
defences.loss_along({"plain": model, "staircase": rounded}, images[ten], labels[ten], "plain")

# %% [markdown] id="masking-exposed" tags=["core"]
# The two losses agree all the way; only close up you see the stairs. Three ways to expose the fake: start PGD at random
# points, off the treads (*restarts*); borrow an attack made for *another* network; or ask why random noise hurts more
# than FGSM.

# %% id="masking-broken"
x100, y100 = x200[:100], y200[:100]
for level in (32, 48):
    fgsm_score = attacks.accuracy(rounded, attacks.fgsm(rounded, x100, y100, level / 255), y100)
    restarted = attacks.pgd(rounded, x100, y100, level / 255, steps=10, restarts=2)
    pgd_score = attacks.accuracy(rounded, restarted, y100)
    borrowed = attacks.accuracy(rounded, attacks.pgd(model, x100, y100, level / 255, steps=10), y100)
    print(f"ε {level}/255: FGSM {fgsm_score:.2f}   PGD with restarts {pgd_score:.2f}   PGD borrowed {borrowed:.2f}")
    course.claim(f"promised by FGSM, but not there, ε = {level}", fgsm_score - pgd_score, at_least=0.5)
course.claim("left by the borrowed attack, ε = 48", borrowed, at_most=0.05)

# %% [markdown] id="masking-broken-told" tags=["core"]
# Broken. Restarts find the ramps. They leave some digits at ε = 32, because a pixel that is clipped to 0 lies on a tread
# again. The attack borrowed from the plain network does not care: whole grey levels pass the staircase unchanged, so
# the defence never was one. *The lowest accuracy that any attack reaches is the one that counts.*

# %% [markdown] id="checklist" tags=["core"]
# And what about the robust network of section 6: is it real? Ask every defence the same questions.
#
# | question | staircase | robust network |
# |---|---|---|
# | Is PGD stronger than FGSM, and by how much? | far stronger: suspicious | a little |
# | Do restarts help much? | yes: suspicious | hardly |
# | Does an attack made for another network work better? | yes: suspicious | no |
# | Does the accuracy fall to 0 for large ε? | ask with PGD | yes |

# %% id="checklist-claims"
fgsm_hard = attacks.accuracy(hard, attacks.fgsm(hard, x100, y100, 32 / 255), y100)
pgd_hard = attacks.accuracy(hard, attacks.pgd(hard, x100, y100, 32 / 255, steps=10, restarts=2), y100)
borrowed_hard = attacks.accuracy(hard, attacks.pgd(model, x100, y100, 32 / 255, steps=10), y100)
huge = attacks.accuracy(hard, attacks.pgd(hard, x100, y100, 128 / 255, steps=10), y100)
print(f"robust: FGSM {fgsm_hard:.2f}   PGD with restarts {pgd_hard:.2f}   borrowed {borrowed_hard:.2f}   ε 128 {huge:.2f}")
course.claim("FGSM minus PGD, robust network", fgsm_hard - pgd_hard, at_most=0.15)
course.claim("PGD with restarts, robust network", pgd_hard, at_least=0.55)
course.claim("borrowed minus own PGD, robust network", borrowed_hard - pgd_hard, at_least=0)
course.claim("robust network at ε = 128", huge, at_most=0.1)

# %% [markdown] id="masking-teacher" tags=["teacher"]
# The staircase is ours, made to be seen through. The published cases were not: Athalye, Carlini and Wagner (2018) looked
# at nine defences from one conference; seven relied on hidden gradients, and they broke six of these fully and one in
# part. Good question for the room: *who should look for the attack, the inventor of the defence or somebody else?*

# %% [markdown] id="transfer" tags=["deeper"]
# ## 8 · Deeper: attack one, fool another
#
# An attacker may not have your network. Does an attack made for another one work, too? Five networks were trained
# apart, on the same digits. Row: the network the attack was made with. Column: the network that reads the pictures.
# **Predict:** where will the small numbers be? (The last row is noise of the same size, the floor.)

# %% id="transfer-matrix" tags=["nbval-check-output"]
transfer = recordings.read("adversarial_transfer")
defences.transfer_matrix(transfer)

# %% id="transfer-claims" tags=["nbval-check-output"]
table, noise = transfer.arrays["table"][2], transfer.arrays["noise"][2]  # ε = 32
apart = ~np.eye(5, dtype=bool)
print(f"attacked itself {np.diag(table).mean():.2f}, with another's {table[apart].mean():.2f}, noise {noise.mean():.2f}")
course.claim("mean accuracy on another's attack", table[apart].mean(), at_most=0.85)
course.claim("mean accuracy on its own attack", np.diag(table).mean(), at_most=0.2)
alike = np.mean([table[0, 1], table[1, 0], table[3, 4], table[4, 3]])
course.claim("mean accuracy on the attack of a network of the same kind", alike, at_most=0.5)

# %% [markdown] id="transfer-told" tags=["deeper"]
# Attacks transfer: they do far more than noise, and less than an attack on the network itself. They travel best between
# networks of the same kind: from one CNN to its twin with another random start, from the dense network to the linear
# one and back. Hiding the weights helps a little. It is no protection: with a somewhat larger ε the borrowed attack does
# it too.

# %% [markdown] id="save-us" tags=["deeper"]
# ## 9 · Deeper: do blur, rotation or rounding save us?
#
# Change the picture before the network reads it. **Predict:** which of the four helps, and what does it cost on clean
# pictures? Then we attack again, *knowing* the remedy.

# %% id="preprocessing"
from scipy import ndimage

remedies = {
    "nothing": lambda x: x,
    "blur (σ = 1)": lambda x: ndimage.gaussian_filter(x, (0, 1, 1, 0)),
    "turn by 15°": lambda x: np.clip(ndimage.rotate(x, 15, axes=(1, 2), reshape=False, order=1), 0, 1),
    "8 grey levels": lambda x: np.round(x * 7) / 7,
    "black and white": lambda x: np.round(x),
}
attacked = attacks.pgd(model, x200, y200, 32 / 255, steps=10)
after = {}
for name, remedy in remedies.items():
    clean, after[name] = (attacks.accuracy(model, remedy(x).astype("float32"), y200) for x in (x200, attacked))
    print(f"{name:16} clean {clean:.3f}   attacked {after[name]:.3f}")
course.claim("gain by the best remedy", max(after.values()) - after["nothing"], at_least=0.2)

# %% id="remedies-known"
kernel = np.exp(-np.arange(-3, 4) ** 2 / 2)
kernel = np.outer(kernel, kernel)[:, :, None, None] / kernel.sum() ** 2
through = {  # what the attack looks through: the blur itself, and a steep slope in place of the jump
    "blur (σ = 1)": ops.conv(entrance, kernel.astype("float32"), padding="same"),
    "black and white": ops.sigmoid(20 * (entrance - 0.5)),
}
knowing = {}
for name, stage in through.items():
    known = attacks.pgd(keras.Model(entrance, model(stage)), x200, y200, 32 / 255, steps=10)
    knowing[name] = attacks.accuracy(model, remedies[name](known).astype("float32"), y200)
    print(f"{name:16} attack unaware {after[name]:.3f}, attack aware {knowing[name]:.3f}")
course.claim("blur, attack aware of it", knowing["blur (σ = 1)"], at_most=0.3)
course.claim("black and white, attack aware of it", knowing["black and white"], at_least=0.55)

# %% [markdown] id="save-us-told" tags=["deeper"]
# Three of the four help against an attack that does not know of them, because it was tuned to the exact picture; rounding
# to 8 grey levels does not. Against an attack that does know, the blur is only one more layer. Black and white stands
# up to ours: few pixels lie so close to the middle that 32 grey levels can turn them. That works because our digits
# *are* black and white; a photograph would be ruined by it. And one attack that fails proves nothing about the next.

# %% [markdown] id="detect" tags=["deeper"]
# ## 10 · Deeper: detecting an attack
#
# If we cannot resist, can we at least notice? The lecture takes the *feature response maps*. Mind the paper it names
# (Amirian and others, 2018): these are responses propagated **back** to the picture, by guided backpropagation, not the
# activations of a layer. Of each map it takes the *average local spatial entropy*: in a small window round each pixel,
# how mixed are the values? $S = -\sum_v p_v \log_2 p_v$, averaged over the picture.
#
# **In numbers.** A window of nine pixels, all equal: $S = 0$. Three values, three pixels each: $S = \log_2 3 = 1.585$.
#
# **Predict:** will an attacked picture have a higher or a lower entropy?

# %% id="entropy" tags=["nbval-check-output"]
stripes = np.tile([0.0, 0.5, 1.0], (1, 9, 3))  # at the two edges a window sees only two values
even = np.ones((1, 9, 9))
course.claim("entropy of an even picture", detection.local_entropy(even)[0], equals=0)
course.claim("entropy of stripes of three values", detection.local_entropy(stripes)[0], at_least=1.4, at_most=1.585)

# %% id="entropy-live"
attacked48 = attacks.pgd(model, x100, y100, 48 / 255, steps=10)
clean_scores, attacked_scores = (detection.response_entropy(model, x) for x in (x100, attacked48))
print(f"mean entropy: clean {clean_scores.mean():.2f} bits, attacked {attacked_scores.mean():.2f} bits")
course.claim("mean rise of the entropy", attacked_scores.mean() - clean_scores.mean(), at_least=0.02)

# %% [markdown] id="roc-told" tags=["deeper"]
# The entropy rises, on average: the attacked map is busier. A *threshold* turns the score into a detector. A low one
# catches more attacks and raises more false alarms; the *ROC curve* shows all thresholds at once. The *area under the
# curve*, AUC, has a plain meaning: the chance that an attacked picture scores higher than a clean one. 0.5 is
# guessing (the floor), 1 is perfect (the ceiling).

# %% [markdown] id="auc-task" tags=["deeper"]
# ### Exercise 8 · The area under the ROC curve
# Compare every attacked score with every clean one. Return the share of pairs in which the attacked one is larger; a
# tie counts one half.

# %% id="auc" tags=["exercise"]
def auc(clean, attacked):
    """The chance that an attacked picture scores above a clean one."""
    ### BEGIN SOLUTION
    pairs = attacked[:, None] - clean[None, :]
    return np.mean(pairs > 0) + 0.5 * np.mean(pairs == 0)
    ### END SOLUTION


# %% id="check-auc"
course.check("adversarial.auc", auc)

# %% [markdown] id="detect-compare" tags=["deeper"]
# Two simple detectors to compare with: *how unsure* the network is (one minus its largest probability), and *smoothing*
# (how far the probabilities move when a 3 × 3 median smooths the picture; Xu and others, 2018). And the third attack,
# which **knows the detector**: it makes dozens of attacked versions and keeps the one that looks cleanest. Choose.

# %% id="detector" tags=["nbval-check-output"]
scores = recordings.read("adversarial_detection")
defences.detector(scores)

# %% id="detector-claims" tags=["nbval-check-output"]
def auc_of(detector, kind, level=0):
    values = scores.arrays[kind][detector, level]
    return detection.area(scores.arrays["clean"][detector], values[~np.isnan(values)])


for number, name in enumerate(scores.arrays["names"]):
    for level, grey in enumerate(scores.arrays["levels"]):
        kinds = [auc_of(number, kind, level) for kind in ("fgsm", "pgd", "evading")]
        print(f"{name:27} ε {grey}:  FGSM {kinds[0]:.2f}   PGD {kinds[1]:.2f}   knows the detector {kinds[2]:.2f}")
course.claim("entropy, PGD", auc_of(0, "pgd"), at_least=0.65, at_most=0.85)
course.claim("entropy, attack that knows it", auc_of(0, "evading"), at_most=0.5)
course.claim("how unsure, PGD: ε = 32 minus ε = 48", auc_of(1, "pgd") - auc_of(1, "pgd", 1), at_least=0.1)
course.claim("smoothing beats entropy by", auc_of(2, "pgd") - auc_of(0, "pgd"), at_least=0.1)
course.claim("smoothing, attack that knows it, ε = 48", auc_of(2, "evading", 1), at_least=0.6)

# %% [markdown] id="detect-told" tags=["deeper"]
# What came out: the entropy does tell attacked from clean pictures, better than guessing. On these digits smoothing does
# better, and so does "how unsure" as long as ε is 32. (The paper worked on large photographs, where a map has far more
# to show.) At ε = 48 PGD makes the network *sure* of its wrong answer, and "how unsure" loses its grip.
#
# The attack that knows the detector fools the entropy completely: the area falls below ½, because the pictures it
# chooses look *cleaner* than clean ones. It costs smoothing little at ε = 32, more at ε = 48. That is no proof of
# safety: our attack only chooses among its versions, and a cleverer one may do better. Carlini and Wagner (2017) broke
# ten published detectors.

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. Small steps in the right direction add up: $w^\top\eta = \varepsilon\lVert w\rVert_1$. Random ones cancel.
# 2. FGSM: $x + \varepsilon\,\mathrm{sign}(\nabla_x L)$, then clip. PGD: many steps, projected round the *original*.
# 3. The attack needs the gradient for the *picture*, the *true* label, and ε in the units of the pictures.
# 4. An ε says nothing without its data: 8/255 breaks photographs and hardly touches our digits.
# 5. Training against attacks works, costs clean accuracy, and holds up to the ε it was trained for.
# 6. A defence or detector counts only against an attack that knows it. Flat gradients are no defence.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. $w = (2, -1, 0.5)$, $b = 0$, $x = (0.2, 0.6, 0.4)$ and $\varepsilon = 0.1$. Compute $z$, the perturbation that
#    raises $z$ most, and the new $z$. *(4 points)*
# 2. In L∞ with $\varepsilon = 0.1$ the original pixel is 0.95, and after a PGD step it is 1.2. To what value is it
#    projected and clipped? And if it is 0.7 after the step? *(2 points)*
# 3. A new defence reaches 0.97 under FGSM and 0.05 under PGD with restarts. Name the phenomenon and two further
#    experiments that would have shown it. *(4 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. $z = 0.4 - 0.6 + 0.2 = 0$; $\eta = (0.1, -0.1, 0.1)$; the new $z = 0.1 \cdot 3.5 = 0.35$. 2. The ball goes
# from 0.85 to 1.05, so 1.2 becomes 1.05 and is clipped to 1; 0.7 becomes 0.85. 3. Gradient masking; for example attacks
# borrowed from another network, a search without gradients, noise against FGSM, a look at the size of the gradient, an
# attack on the network without the defence.

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *35C3:* "a second network, an adversarial network, is trained to find the weak spot". The one-pixel attack is a
#   search, differential evolution; no network is trained. (A second network that is trained does occur in GANs.)
# - *35C3:* "just change one pixel slightly". The pixel may change as much as it takes, and usually does; and few
#   pictures fall to it: see the counts above.
# - *Wie denken denkende Maschinen?:* ε = 4 and ε = 8 stand without a unit. They count grey levels of 255. And they
#   belong to photographs: on our digits they do little.
# - *Overview of what AI is:* "feature response maps" could be taken for the activations of a layer. In the paper they
#   are responses propagated back to the picture. Nor does the slide say how the detector fares against an attack that
#   knows it.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - C. Szegedy and others, "Intriguing properties of neural networks", ICLR 2014 (the discovery).
# - I. Goodfellow, J. Shlens, C. Szegedy, "Explaining and harnessing adversarial examples", ICLR 2015 (FGSM).
# - A. Madry and others, "Towards deep learning models resistant to adversarial attacks", ICLR 2018 (PGD, training).
# - J. Su, D. Vargas, K. Sakurai, "One pixel attack for fooling deep neural networks", *IEEE Transactions on
#   Evolutionary Computation* 23 (2019).
# - A. Athalye, N. Carlini, D. Wagner, "Obfuscated gradients give a false sense of security", ICML 2018.
# - N. Carlini, D. Wagner, "Adversarial examples are not easily detected", AISec 2017.
# - M. Amirian, F. Schwenker, T. Stadelmann, "Trace and detect adversarial attacks on CNNs using feature response maps",
#   ANNPR 2018.
# - W. Xu, D. Evans, Y. Qi, "Feature squeezing", NDSS 2018.
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
