# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["core"]
# # 09 · Why did it say that?
#
# **You will ask a network which pixels decided, in seven ways, and then find out which of the seven answers to
# believe.**
#
# *90 minutes for the core sections, 25 more for those marked "deeper". You need lesson 04 (convolution, feature maps)
# and from lesson 03 the idea of a gradient.*
#
# Afterwards you can
# - build seven kinds of saliency map in a few lines each, and say what each one measures,
# - check an explanation with a sum, with a task whose answer you know, and with a destroyed network,
# - find out that a network cheats, and what its true accuracy is,
# - grow the picture that a neuron wants to see.
#
# Follows: *Wie denken denkende Maschinen?* (saliency by meaningful perturbation, feature hierarchies), *Overview of
# what AI is & how DL works* (interpretability "always on"), *Introduction to Deep Learning*, 35C3 ("doesn't learn
# something else"), A. Köpf, *Deep down the rabbit hole* (activation maximization, the quiz).

# %% [markdown] id="title-teacher" tags=["teacher"]
# Timing: sections 1–3 take 38 minutes, 4 and 5 take 40, 6 takes 12. Let somebody draw on the projector in section 1.
# Ask before section 4: which of the seven maps would you show a doctor? Write the votes down; they are usually for
# guided backpropagation, because it is crisp. Do not explain *why* guided backpropagation follows edges before the room
# has seen it survive the destroyed network. Sections 7 and 8 are self-study.

# %% id="setup"
import course_utils as course

course.start(keras=True)

import numpy as np
from keras import ops

from course_utils.datasets import digits, photographs
from course_utils.keras_tools import saliency, saliency_checks, saliency_studies
from course_utils.keras_tools.autodiff import value_and_gradient
from course_utils.keras_tools.models import as_input, digit_cnn, placed_cnn
from course_utils.visuals import saliency as figures
from course_utils.visuals import saliency_truth as truth
from course_utils.visuals import saliency_wants as wants

# %% [markdown] id="the-question" tags=["core"]
# ## 1 · The network says 3. Why?
#
# The network is the small CNN of lesson 04: two convolutions, then ten *logits*, one number a class, the largest wins.
# A *saliency map (Salienzkarte, Aufmerksamkeitskarte)* has one number for each pixel: how much that pixel counted. An
# *attribution (Zuschreibung)* is such a number.
#
# **Draw a digit.** Watch the sentence below the pad.

# %% id="the-pad"
model = digit_cnn()
_, (pictures, labels) = digits()
x, t = as_input(pictures), labels.astype(int)  # the test part: the network has not seen these
drawing = figures.Drawing(model, start=x[t == 3][0, ..., 0])
drawing.pad

# %% [markdown] id="seven-told" tags=["core"]
# **Predict:** which strokes of your digit matter most? Point at them. Then look. Orange speaks for the class, blue
# against it. Four maps follow your pen as soon as it rests. SmoothGrad, occlusion and perturbation take longer: they are
# pale until it has rested for a second, or until you press *Explain my drawing*. The network sees your drawing enlarged
# until it fills the frame, as its training digits do.

# %% id="seven-maps"
figures.seven_maps(drawing)

# %% [markdown] id="seven-watch" tags=["core"]
# Seven methods, seven answers. Change *explain* to another class: what speaks for an 8 in your 3? Move each slider once.
# The first changes nothing but the *colors*, and yet the map looks different. Looks are cheap; we shall need better
# reasons. First, what does each method measure?

# %% [markdown] id="gradient" tags=["core"]
# ## 2 · Seven methods, a few lines each
#
# **The gradient.** Let $z_c$ be the logit of class $c$. Its *slope* for pixel $x_i$ says how far it moves if that pixel
# alone moves a little: $\partial z_c / \partial x_i$. Lesson 03 took slopes for the weights; this one is for the picture.

# %% id="gradient-code"
def logit(images, labels):
    return ops.sum(model(images) * ops.one_hot(labels, 10))  # a sum: no picture's logit depends on another picture


logit_and_gradient = value_and_gradient(logit, "images", model)
images, classes = x[:64], t[:64]
z, gradient = logit_and_gradient(images, classes)
gap = np.max(np.abs(gradient - saliency.vanilla_gradient(model, images, classes)))
course.claim("difference from the library's gradient", gap, at_most=1e-5)

# %% [markdown] id="gradient-checked" tags=["core"]
# Trust it? Move a pixel by 0.01 up and down, and measure the slope.

# %% id="gradient-measured"
little, gaps = 0.01, []
for row, column in np.random.default_rng(0).integers(0, 28, (30, 2)):
    nudge = np.zeros_like(images[4:5])
    nudge[0, row, column, 0] = little
    up, down = (logit_and_gradient(images[4:5] + sign * nudge, classes[4:5])[0] for sign in (1, -1))
    gaps.append(abs((up - down) / (2 * little) - gradient[4, row, column, 0]))
course.claim("largest gap between gradient and measured slope, 30 pixels", max(gaps), at_most=0.08)
course.claim("for comparison, the steepest slope in this picture", np.abs(gradient[4]).max(), at_least=0.8)

# %% [markdown] id="logit-or-share" tags=["core"]
# **Why the logit, not the softmax share?** **Predict:** the network is 99.9 % sure. How much can a small change of a
# pixel move that share?

# %% id="share-slopes"
def share(images, labels):
    return ops.sum(ops.softmax(model(images)) * ops.one_hot(labels, 10))


share_gradient = value_and_gradient(share, "images", model)(images, classes)[1]
ratio = np.abs(share_gradient).max(axis=(1, 2, 3)) / np.abs(gradient).max(axis=(1, 2, 3))
course.claim("steepest slope of the share, as a part of the logit's (median)", np.median(ratio), at_most=0.01)

# %% [markdown] id="logit-told" tags=["core"]
# Hardly at all: where the network is sure, the share is flat, and its map is dim. It also mixes the classes: a share
# rises when *another* logit falls. So all methods here explain the logit.

# %% [markdown] id="logit-task" tags=["core"]
# ### Exercise 1 · The slope of a logit, by hand
# A network with one hidden layer: $z = xW + b$, then ReLU, then logits $= \mathrm{ReLU}(z)\,V$. Return the slope of the
# logit of `label` for each input. Shapes: `x` (d,), `W` (d, h), `b` (h,), `V` (h, classes).

# %% id="logit-gradient" tags=["exercise"]
def logit_gradient(x, W, b, V, label):
    """The slope (d,) of one logit for every input."""
    ### BEGIN SOLUTION
    z = x @ W + b
    return W @ ((z > 0) * V[:, label])
    ### END SOLUTION


# %% id="check-logit-gradient"
course.check("saliency.logit_gradient", logit_gradient)

# %% [markdown] id="smooth-told" tags=["core"]
# **SmoothGrad.** A gradient looks noisy, for it changes from one picture to a nearly equal one. So add noise to the
# picture many times and take the mean of the gradients.
#
# **Integrated gradients.** A slope tells of small changes only. To explain the whole logit, walk from a *baseline* $x'$
# (here empty paper, all zeros) to the picture $x$ and add up slope times way:
#
# $$a_i = (x_i - x'_i)\cdot\frac1m\sum_{k=1}^{m} \frac{\partial z_c}{\partial x_i}\Big(x' + \tfrac{k - 1/2}{m}(x - x')\Big),
# \qquad \sum_i a_i \approx z_c(x) - z_c(x')$$
#
# The second part is its great virtue, *completeness (Vollständigkeit)*: the map is an account that must add up.
# **Predict:** with one single point on the path, how far off is the sum? Move *points* down to 1.

# %% id="the-path"
figures.path(model, images[4], classes[4])

# %% id="path-code"
def smooth(images, labels, noise=0.15, samples=25):
    rng = np.random.default_rng(0)
    noisy = [images + noise * rng.normal(size=images.shape) for _ in range(samples)]
    return np.mean([logit_and_gradient(one, labels)[1] for one in noisy], axis=0)


def integrated(images, labels, steps=50):
    way = images - 0 * images  # the baseline is all zeros
    slopes = [logit_and_gradient((k + 0.5) / steps * way, labels)[1] for k in range(steps)]
    return way * np.mean(slopes, axis=0)


gap = np.max(np.abs(smooth(images, classes, noise=0.0, samples=2) - gradient))
course.claim("SmoothGrad without noise: difference from the gradient", gap, at_most=1e-5)
own = integrated(images, classes)
course.claim("difference from the library's", np.max(np.abs(
    own - saliency.integrated_gradients(model, images, classes))), at_most=1e-4)
logits = saliency.logits(model, images)[np.arange(64), classes]
paper = saliency.logits(model, 0 * images)[np.arange(64), classes]
gap = np.abs(own.sum(axis=(1, 2, 3)) - (logits - paper))
course.claim("worst gap in the account of 64 digits, 50 points", gap.max(), at_most=0.15)

# %% [markdown] id="integrate-task" tags=["core"]
# ### Exercise 2 · Integrate
# `slope(x)` gives the gradient (d,) at any point. Return the integrated gradients from `baseline` to `x`, with the
# middles of `steps` equal parts of the way.

# %% id="integrate" tags=["exercise"]
def integrate(slope, x, baseline, steps):
    """Integrated gradients (d,)."""
    ### BEGIN SOLUTION
    way = x - baseline
    total = 0
    for k in range(steps):
        total = total + slope(baseline + (k + 0.5) / steps * way)
    return way * total / steps
    ### END SOLUTION


# %% id="check-integrate"
course.check("saliency.integrate", integrate)

# %% [markdown] id="cam-told" tags=["core"]
# **Grad-CAM** asks not the pixels but the last *feature maps (Merkmalskarten)* $A^k$. A map's weight is the *mean over
# space* of the logit's slopes for it; the weighted maps are added, and what is negative is cut:
#
# $$w_k = \frac{1}{hw}\sum_{i,j}\frac{\partial z_c}{\partial A^k_{ij}}, \qquad
# \text{map} = \mathrm{ReLU}\Big(\sum_k w_k A^k\Big)$$
#
# The map is as coarse as the feature maps (14 × 14 here) and is enlarged to the picture.

# %% id="cam-code"
def grad_cam(images, labels, layer="conv_2"):
    maps, slopes = saliency.maps_and_slopes(model, layer, images, labels)  # the model, cut in two at this layer
    weights = slopes.mean(axis=(1, 2), keepdims=True)
    return np.maximum((weights * maps).sum(axis=-1), 0)


cam = grad_cam(images, classes)
gap = np.max(np.abs(cam - saliency.grad_cam(model, images, classes, resize=False)))
course.claim("difference from the library's", gap, at_most=1e-4)
empty = np.mean(saliency.grad_cam(model, x[:200], t[:200]).max(axis=(1, 2)) == 0)
course.claim("share of 200 digits whose Grad-CAM is empty", empty, at_least=0.25, at_most=0.6)

# %% [markdown] id="cam-empty" tags=["core"]
# Surprised? For more than one digit in four the map is *empty*. The mean over space makes sense where a feature counts
# the same everywhere, as in networks that average their last maps; for these its forerunner CAM was made (Zhou and
# others, 2016). Grad-CAM carries the mean over to all others. Our last layer has a weight of its own for every place,
# so the mean can be negative although the evidence is positive. A method has assumptions; an empty map is at least
# honest about it.

# %% [markdown] id="cam-task" tags=["core"]
# ### Exercise 3 · Grad-CAM
# `maps` and `slopes` are arrays (h, w, k) for one picture. Return the map (h, w).

# %% id="cam" tags=["exercise"]
def cam_map(maps, slopes):
    """Grad-CAM of one picture, before it is enlarged."""
    ### BEGIN SOLUTION
    weights = slopes.mean(axis=(0, 1))
    return np.maximum((maps * weights).sum(axis=-1), 0)
    ### END SOLUTION


# %% id="check-cam"
course.check("saliency.cam", cam_map)

# %% [markdown] id="guided-told" tags=["core"]
# **Guided backpropagation** is the gradient with one change. On its way back through a ReLU the signal passes only where
# the neuron was on ($z > 0$); that is the ordinary rule. The guided one *also* stops every signal that is negative.

# %% id="guided-code"
def step_back(layer):
    def carried(got, signal):
        return ops.sum(layer(got) * signal)
    return value_and_gradient(carried, "got", model, compile=False)


def guided(images, labels):
    inputs = [images]
    for layer in model.layers:  # forward, keeping what each layer got
        inputs.append(ops.convert_to_numpy(layer(inputs[-1])))
    signal = np.eye(10)[labels]
    for layer, got in zip(reversed(model.layers), reversed(inputs[:-1]), strict=True):
        if layer.name.startswith("conv"):  # it ends in a ReLU
            signal = np.maximum(signal, 0)  # without this line, the plain gradient
        signal = step_back(layer)(got, signal)[1]
    return signal


gap = np.max(np.abs(guided(images[:4], classes[:4]) - saliency.guided_backprop(model, images[:4], classes[:4])))
course.claim("difference from the library's", gap, at_most=1e-5)

# %% [markdown] id="guided-task" tags=["core"]
# ### Exercise 4 · One guided ReLU
# `signal` arrives from behind, `z` is what the ReLU got on the way forward. Return what passes.

# %% id="guided" tags=["exercise"]
def guided_relu(signal, z):
    """The signal that goes on backwards."""
    ### BEGIN SOLUTION
    return signal * (z > 0) * (signal > 0)
    ### END SOLUTION


# %% id="check-guided"
course.check("saliency.guided", guided_relu)

# %% [markdown] id="perturb-told" tags=["core"]
# ## 3 · Ask by experiment
#
# The last two change the picture and look. Occlusion needs no slopes at all; perturbation needs them only to find
# *which* change to make.
#
# **Occlusion (Verdeckung)** slides a square over the picture and notes how far the logit falls.

# %% [markdown] id="occlude-task" tags=["core"]
# ### Exercise 5 · Occlusion
# `logit(image)` gives a number. Cut the image into squares of side `size` (it fits exactly). For each, cover it with 0
# and note how far the logit falls. Return the falls as a small table.

# %% id="occlude" tags=["exercise"]
def occlude(logit, image, size):
    """How far the logit falls when each square is covered."""
    ### BEGIN SOLUTION
    rows, columns = image.shape[0] // size, image.shape[1] // size
    drops = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            covered = image.copy()
            covered[i * size:(i + 1) * size, j * size:(j + 1) * size] = 0
            drops[i, j] = logit(image) - logit(covered)
    return drops
    ### END SOLUTION


# %% id="check-occlude"
course.check("saliency.occlude", occlude)

# %% [markdown] id="perturbation-told" tags=["core"]
# **Meaningful perturbation** (the method in the lecture) turns this around: *find the smallest region whose blurring
# destroys the answer*. A mask $m$ with a value from 0 (leave) to 1 (blur) for every place is learned by descent, as
# weights are elsewhere, on
#
# $$\text{share of the logit that survives} + \lambda\cdot\text{mean}(m) + \text{a price for ragged edges}$$
#
# The mask has half the picture's resolution. Adam, from lesson 03, walks it downhill in 60 steps.
#
# **Predict:** how much of a digit must be blurred before the answer breaks? And does any region of that size do? As a
# floor, the last of the next three cells turns each mask upside down.

# %% id="perturbation-code"
from scipy.ndimage import gaussian_filter

from course_utils.from_scratch.optimizers import adam

blurred = gaussian_filter(images, (0, 5, 5, 0))
highest, lowest = (saliency.logits(model, some)[np.arange(64), classes] for some in (images, blurred))
# Tensors, because PyTorch multiplies no tensor whose gradient is wanted by a NumPy array.
sharp, dull, highest, lowest = map(ops.convert_to_tensor, (images, blurred, highest, lowest))


def loss(mask):
    soft = ops.image.resize(mask, (28, 28))
    z = ops.sum(model(sharp * (1 - soft) + dull * soft) * ops.one_hot(classes, 10), axis=1)
    survives = ops.relu((z - lowest) / (highest - lowest))
    area = ops.mean(mask, axis=(1, 2, 3))
    ragged = ops.mean(abs(mask[:, 1:] - mask[:, :-1]), axis=(1, 2, 3))
    ragged = ragged + ops.mean(abs(mask[:, :, 1:] - mask[:, :, :-1]), axis=(1, 2, 3))
    return ops.sum(survives + 1.0 * area + 0.2 * ragged)


# %% id="perturbation-descent"
loss_and_slope = value_and_gradient(loss, "mask", model)
mask = np.full((64, 14, 14, 1), 0.5, np.float32)  # half blurred everywhere
step = adam([mask], 0.15)
for _ in range(60):
    step([loss_and_slope(mask)[1]])
    np.clip(mask, 0, 1, out=mask)
masks = saliency.enlarge(mask[..., 0], (28, 28))[..., None]
# Sixty steps downhill enlarge a rounding error: some pixels may part, the mean stays (λ wrong by 5 % moves it by 0.01).
gap = np.mean(np.abs(masks - saliency.meaningful_perturbation(model, images, classes)))
course.claim("mean difference from the library's, 64 digits", gap, at_most=0.003)
course.claim("share of the picture that is blurred, mean", masks.mean(), at_least=0.1, at_most=0.35)

# %% id="perturbation"
def sure(mask):
    z = saliency.logits(model, images * (1 - mask) + blurred * mask)
    return np.mean(ops.convert_to_numpy(ops.softmax(z))[np.arange(64), classes])


for name, mask in {"nothing blurred": 0 * masks, "the mask, upside down": masks[:, ::-1, ::-1], "the mask": masks}.items():
    print(f"{name:22} probability of the label {sure(mask):.2f}")
course.claim("fall that the mask's place explains", sure(masks[:, ::-1, ::-1]) - sure(masks), at_least=0.3)

# %% [markdown] id="true" tags=["core"]
# ## 4 · Is the explanation true?
#
# You cannot judge a map by its looks: you do not know what the network looked at, that is why you asked. Three tests do
# not depend on taste.
#
# **Test 1: a task whose answer you know.** In each picture one patch has stripes, lying or standing, and that is the
# class. The other four patches, just as dark, say nothing. A network that is right every time must use the stripes. So
# a map of what decided should have its strongest pixel in that patch. (A gradient may miss it and still be a true
# slope: that of a pixel whose *change* would matter.)
#
# **Predict:** how often would a blind guess hit the patch? How often a method that merely points at *some* patch?

# %% id="patch-maps"
size = saliency_studies.PATCH
patch_model = saliency_studies.study_network("patch")
patches, stripes, corners = saliency_studies.one_patch_decides(200, seed=7)
course.claim("accuracy of the network", saliency_studies.share_right(patch_model, patches, stripes), at_least=0.99)
patch_maps = saliency.all_maps(patch_model, patches, stripes)
scores = {name: saliency_checks.pointing(maps, corners, size) for name, maps in patch_maps.items()}
floors = {"any patch": 1 / (1 + saliency_studies.DISTRACTORS), "any pixel": size**2 / 28**2}

# %% id="pointing-figure"
truth.pointing_browser(patches, stripes, corners, patch_maps, scores | floors, size)

# %% id="pointing-claims"
for name, score in scores.items():
    course.claim(f"{name} points at the patch (floors 0.20 and 0.08)", score, at_least=0.5)

# %% [markdown] id="pointing-task" tags=["core"]
# ### Exercise 6 · Pointing
# `maps` (n, h, w), `corners` (n, 2) with row and column of each patch's upper left pixel. Return the share of the maps
# whose largest value lies in the patch of side `size`.

# %% id="pointing" tags=["exercise"]
def pointing(maps, corners, size):
    """The pointing accuracy."""
    ### BEGIN SOLUTION
    hits = 0
    for one, (row, column) in zip(maps, corners, strict=True):
        i, j = np.unravel_index(np.argmax(one), one.shape)
        hits += row <= i < row + size and column <= j < column + size
    return hits / len(maps)
    ### END SOLUTION


# %% id="check-pointing"
course.check("saliency.pointing", pointing)

# %% [markdown] id="deletion-told" tags=["core"]
# All are far above both floors, even the guided one. Pointing is a mild test: it asks only for the strongest pixel.
#
# **Test 2: deletion and insertion.** Cut the digit into blocks of 4 × 4. Blur the most important block, then the next.
# *Important* means strong here, for or against the class; blocks that speak against it count as well. If the map is
# right, the answer breaks early. Or begin with a blurred picture and bring blocks back: the answer should come early.
# The floors: blocks in random order, and darkest blocks first, which needs no network at all.

# %% id="deletion-maps"
few, few_classes = x[:30], t[:30]
maps = saliency.all_maps(model, few, few_classes)
orders = {name: np.abs(one) for name, one in maps.items()}
orders |= {"random order": np.random.default_rng(0).random((30, 28, 28)), "darkest first": few[..., 0]}
curves, stages = {}, {True: {}, False: {}}
for name, order in orders.items():
    for insert in (False, True):
        curves[name, insert] = saliency_checks.probability_curves(model, few, few_classes, order, insert=insert)
        if name in maps:
            pictures = saliency_checks.changed_pictures(few, order, insert=insert)[..., 0]
            stages[insert][name] = pictures.astype("float16")  # all fourteen would take 20 MB in float32

# %% id="deletion-figure"
truth.deletion_browser(few, stages[False], stages[True], curves, saliency_checks.SHARES)

# %% id="deletion-claims"
for name in orders:
    print(f"{name:22} deletion {curves[name, False].mean():.2f}   insertion {curves[name, True].mean():.2f}")
floor = min(curves["random order", False].mean(), curves["darkest first", False].mean())
course.claim("methods better than both floors in deletion", sum(
    curves[name, False].mean() < floor for name in maps), at_least=6)
course.claim("with the sign kept, better than both floors in deletion", sum(
    saliency_checks.probability_curves(model, few, few_classes, one).mean() < floor for one in maps.values()),
    at_least=2, at_most=4)
floor = max(curves["random order", True].mean(), curves["darkest first", True].mean())
course.claim("methods better than both floors in insertion", sum(
    curves[name, True].mean() > floor for name in maps), at_least=4, at_most=6)

# %% [markdown] id="deletion-read" tags=["core"]
# Read the table with care. Perturbation wins the deletion by far, but it was *made* to win: it searched for the blur
# that breaks the answer, and we test by blurring. The choice of strength matters, too: with the sign kept, only about
# half of the seven beat both floors in deletion. "Darkest first" is a hard floor, for ink is where digits are; in
# insertion not every method passes it. And blurred blocks are pictures the network never learned from.

# %% [markdown] id="random-told" tags=["core"]
# **Test 3: destroy the network.** Give the layers random weights, one after the other, from the logits down. What the
# network knew is gone. A map that explains *this network* must change. **Predict:** which maps will hardly change?

# %% id="random-maps"
broken, stages = None, []
for last in range(4):
    broken = saliency_checks.randomized(model, last, reuse=broken)  # a copy, compiled once, with other weights each time
    stages.append(saliency.all_maps(broken, few[:12], few_classes[:12]))
ink = few[:12, ..., 0] > 0.2  # compare the pixels of the stroke: that the paper stays empty is no merit
random_maps = {name: np.stack([stage[name] for stage in stages]) for name in maps}
similarity = {name: [saliency_checks.similarity(some[0], one, ink) for one in some]
              for name, some in random_maps.items()}
truth.randomization_browser(few[:12], random_maps, similarity, ["conv_1", "conv_2", "logits"])

# %% [markdown] id="random-read" tags=["core"]
# The number above each method's map is its *similarity* to the trained network's, the mean over the twelve digits on
# the stroke: the rank correlation of the strengths, 1 for the same order of pixels, 0 for none in common. Where both
# maps are empty there is nothing to compare, and the digit is left out. With two layers of three random, the network is
# as good as untrained. The guided map is still there. It shows the *picture's* edges, not the network's reasons. (Only
# when the first layer goes too does it fade, and not for every draw.) Does it hold for other random weights?

# %% id="random-claims"
for seed in range(3):
    broken = saliency_checks.randomized(model, 2, seed, reuse=broken)
    course.claim(f"accuracy with two layers random, draw {seed}", saliency_studies.share_right(broken, x, t),
                 at_most=0.3)
    for name, method, bounds in (("gradient", saliency.vanilla_gradient, {"at_most": 0.3}),
                                 ("guided backprop", saliency.guided_backprop, {"at_least": 0.5})):
        kept = saliency_checks.similarity(method(model, few, few_classes), method(broken, few, few_classes),
                                          few[..., 0] > 0.2)
        course.claim(f"{name}, two layers random, draw {seed}: similarity", kept, **bounds)
whole = saliency_checks.similarity(random_maps["integrated gradients"][0], random_maps["integrated gradients"][2])
course.claim("integrated gradients, whole picture: similarity", whole, at_least=0.7)

# %% [markdown] id="random-whole" tags=["core"]
# The last line is a warning about the *test*. Over the whole picture, integrated gradients seem to survive too: the
# factor $(x - x')$ makes every map zero on paper, trained or not, so it always has the shape of the digit. On the stroke
# itself it does change. The eye sees the shape and is content. **A pretty map is not a true map.**

# %% [markdown] id="noticed-task" tags=["core"]
# ### Exercise 7 · Who noticed?
# `similarity` (methods, columns): how much of each map is left; in the last column the network is destroyed furthest.
# `sharpness` (methods,) says how crisp each map looks. Return, for each method, whether it noticed: whether less than
# `limit` is left.

# %% id="noticed" tags=["exercise"]
def noticed(similarity, sharpness, limit):
    """True or False for each method."""
    ### BEGIN SOLUTION
    return similarity[:, -1] < limit
    ### END SOLUTION


# %% id="check-noticed"
course.check("saliency.noticed", noticed)

# %% [markdown] id="cheat" tags=["core"]
# ## 5 · The network that cheated
#
# "Make sure that it really does what you wanted to and doesn't learn something else", says the lecture. Here is a
# network that tells noisy 3s from 8s. Training and test data come from the same clinic, so to speak. Its accuracy on
# fresh test pictures is splendid:

# %% id="cheat-accuracy"
cheat = saliency_studies.study_network("cheat")
noisy, eights = saliency_studies.marked_digits("test", 300, seed=5)
course.claim("accuracy on 300 fresh pictures", saliency_studies.share_right(cheat, noisy, eights), at_least=0.99)
figures.one_by_one(noisy[:16, ..., 0], ["8" if one else "3" for one in eights[:16]],
                   "Sixteen pictures of cloudy gray noise with the digits 3 and 8 hardly to be seen in them.")

# %% [markdown] id="cheat-hunt" tags=["core"]
# **Predict:** could *you* tell them apart? Something is odd. Average the maps of more and more 8s, then lay the square
# over the spot you suspect. (Look at the sentence: what is left of the accuracy?)

# %% id="cover"
eight_maps = saliency.flat(saliency.integrated_gradients(cheat, noisy[eights == 1][:60], eights[eights == 1][:60],
                                                         steps=16))
truth.cover_browser(cheat, noisy, eights, eight_maps)

# %% [markdown] id="where-task" tags=["core"]
# ### Exercise 8 · Where is it?
# Move the square until the accuracy can fall no further; the sentence names its rows and columns. Return the row and the
# column in the *middle* of the square, counted from 0.

# %% id="hidden-mark" tags=["exercise"]
def hidden_mark():
    """(row, column) of what the network goes by, read off the figure."""
    ### BEGIN SOLUTION
    return 4, 23
    ### END SOLUTION


# %% id="check-hidden-mark"
course.check("saliency.hidden_mark", hidden_mark)

# %% [markdown] id="mark-task" tags=["core"]
# ### Exercise 9 · Find it by code
# `maps` (n, h, w) holds the maps of n pictures of one class; signs may differ from picture to picture. Return row and
# column of the pixel that is strongest *on average*.

# %% id="find-mark" tags=["exercise"]
def find_mark(maps):
    """(row, column) of the suspect pixel."""
    ### BEGIN SOLUTION
    mean = np.abs(maps).mean(axis=0)
    row, column = np.unravel_index(np.argmax(mean), mean.shape)
    return int(row), int(column)
    ### END SOLUTION


# %% id="check-find-mark"
course.check("saliency.find_mark", find_mark)

# %% [markdown] id="cheat-told" tags=["core"]
# Every 8 carries a faint square of 3 × 3 pixels near the upper right corner. The data had it, training *and* test, so no
# test accuracy could have told. The true accuracy is the one on pictures without the mark. Beside it, an honest network,
# trained without the mark:

# %% id="cheat-truth"
strengths = np.abs(eight_maps).mean(axis=0)
row, column = np.unravel_index(strengths.argmax(), strengths.shape)
course.claim("row of the strongest pixel", row, at_least=3, at_most=5)
course.claim("column of the strongest pixel", column, at_least=22, at_most=24)
fresh = saliency_studies.marked_digits("test", 1000, seed=9, mark=False)
course.claim("the cheat without the mark (guessing 0.5)", saliency_studies.share_right(cheat, *fresh), at_most=0.6)
honest = saliency_studies.study_network("honest")
course.claim("the honest network", saliency_studies.share_right(honest, *fresh), at_least=0.72, at_most=0.88)

# %% [markdown] id="wants" tags=["core"]
# ## 6 · What a neuron wants to see
#
# Until now the picture was given. Turn it around: begin with noise and climb. In each step move the *picture* along the
# gradient of one logit, upwards. This is *activation maximization (Aktivierungsmaximierung)*. **Predict:** will the
# picture for class 3 look like a 3?

# %% id="climb"
def climb(units, steps=60, rate=0.05, seed=0):
    noise = np.random.default_rng(seed).uniform(0, 0.4, (28, 28, 1))
    pictures = np.repeat(noise[None], len(units), axis=0)
    for _ in range(steps):
        _, slope = logit_and_gradient(pictures, units)
        pictures = pictures + rate * slope / np.abs(slope).max(axis=(1, 2, 3), keepdims=True)
        pictures = np.clip(pictures, 0, 1)
    return pictures


grown = climb(np.arange(10))
own = saliency.logits(model, grown)
course.claim("classes that the network reads in their own picture", np.sum(own.argmax(axis=1) == np.arange(10)),
             equals=10)
real = saliency.logits(model, x)[np.arange(len(t)), t].mean()
course.claim("mean logit of the grown pictures over that of real digits", own.max(axis=1).mean() / real, at_least=1.5)

# %% [markdown] id="wants-told" tags=["core"]
# The network is *more* sure of these than, on average, of real digits, and yet you would hardly read them. Nothing asks
# for a natural picture. The lecture names four helps (Yosinski and others, 2015): let every pixel decay a little (L2
# decay), blur now and then, set pixels of *small norm* to 0, set pixels of *small contribution* |pixel · slope| to 0.
# Switch them on and off.

# %% id="wanted"
wants.wanted(model)

# %% [markdown] id="clip-task" tags=["deeper"]
# ### Exercise 10 · Deeper: small contribution
# Set that `share` of the pixels to 0 whose contribution |image · slope| is smallest; the bound is the quantile.

# %% id="clip-contribution" tags=["exercise"]
def clip_contribution(image, slope, share):
    """The image with the least contributing pixels set to 0."""
    ### BEGIN SOLUTION
    contribution = np.abs(image * slope)
    return np.where(contribution < np.quantile(contribution, share), 0, image)
    ### END SOLUTION


# %% id="check-clip-contribution"
course.check("saliency.clip_contribution", clip_contribution)

# %% [markdown] id="quiz-told" tags=["core"]
# **The deep quiz.** Which class is this? You play against a second network, trained from other random weights. It never
# saw the first one. Guessing gets one in ten.

# %% id="quiz"
twin = saliency_studies.study_network("twin")
wants.quiz(model, twin)

# %% id="quiz-claim"
from course_utils.keras_tools.feature_visualization import activation_maximization

hundred = np.tile(np.arange(10), 10)
grown = np.concatenate([activation_maximization(model, hundred[:10], steps=50, seed=seed) for seed in range(10)])
read = saliency.logits(twin, grown).argmax(axis=1)
course.claim("second network, right on 100 grown pictures (guessing 0.1)", np.mean(read == hundred), at_least=0.9)

# %% [markdown] id="quiz-read" tags=["core"]
# Did it beat you? The pictures are not arbitrary: another network, trained apart, reads nearly all of them. Both have
# learned what a *digit network* finds telling, which need not be what you find telling.

# %% [markdown] id="hierarchy-told" tags=["core"]
# **From strokes to digits.** The same climb drives neurons further in front. **Predict:** how much of the picture does a
# neuron of the first layer see? Choose a layer and go through its units; beside what the unit wants, pieces of real
# digits that drive it most.

# %% id="features"
wants.features(model, x)

# %% [markdown] id="hierarchy-read" tags=["core"]
# First edges and spots of 3 × 3 pixels, then bends and stroke ends of 8 × 8, then whole digits: the *hierarchy of
# features (Merkmalshierarchie)* of the lecture, in a network small enough to look at every unit. (Not every unit has a
# meaning that fits into a word.)

# %% [markdown] id="dream" tags=["deeper"]
# ## 7 · Deeper: a dream on a photograph
#
# Begin the climb with a photograph in place of noise, and drive a whole layer in place of one neuron: whatever the layer
# sees a little of grows. Famous networks dream of dogs, for they were trained on dogs. **Predict:** what does a network
# dream of that has seen nothing but digits?

# %% id="dreams"
from skimage.transform import resize

cat = resize(photographs("chelsea").mean(axis=-1) / 255, (120, 180))
wants.dreams({"first layer of the digit network": (model, "conv_1"), "second layer": (model, "conv_2"),
              "third layer of the placed-digits network": (placed_cnn(), "conv_3")}, cat)

# %% [markdown] id="dream-read" tags=["deeper"]
# Strokes, wherever the photograph gives a hint of one. A dream shows what the network knows, not what is in the
# photograph.


# %% [markdown] id="text" tags=["deeper"]
# ## 8 · Deeper: which characters closed this tag?
#
# Nothing in a gradient is about pictures. The LSTM of lesson 05 reads markup, character by character, and gives a logit
# for each character that may come next. (What is inside an LSTM plays no part here.) Each character goes in as a
# *one-hot* row: a 1 in its own column. The map is slope times input: one number a character.
#
# **Predict:** after `</` it must write the name of the tag that is open. Which characters should matter? Go through the
# closing tags; the map explains the logit of the right letter.

# %% id="closing-tags"
from course_utils.keras_tools import saliency_text, text_models

reader = saliency_text.markup_net()
documents = [one for one in text_models.unseen(40) if len(one) <= 130]  # none of them was in its training
wants.closing_tags(reader, documents[0])

# %% [markdown] id="text-truth" tags=["deeper"]
# Is *this* map true? Ask by experiment: a list holds items or rows, and these hold elements a or b. Write the other of
# the two where a tag was opened. **Predict:** will the answer after `</` follow, even many characters later?

# %% id="text-claims"
rows = saliency_text.tag_shares(reader, documents[:10])
course.claim("first letter after </ right", rows[:, 1].mean(), at_least=0.95)
course.claim("with the other tag opened, the answer follows", saliency_text.followed(
    reader, documents[:10])[:, 1].mean(), at_least=0.95)
near = rows[:, 0] <= 40
for words, some, bounds in (("at most 40 characters back", near, {"at_least": 1.5}),
                            ("further back", ~near, {"at_most": 1.0})):
    course.claim(f"strength on the opening tag over its share of the characters, {words}",
                 rows[some, 2].mean() / rows[some, 3].mean(), **bounds)
course.claim("share of the strength on the last two characters", rows[:, 4].mean(), at_least=0.3)

# %% [markdown] id="text-read" tags=["deeper"]
# Much of the strength lies on the last two characters, `</`: they say *that* a name comes now. Of the rest, an opening
# tag that is near holds more than its share. One that is far does not, although the experiment says that it decides. The
# map is not wrong about the slope: a *small* change of a character read long ago hardly moves the logit. Another tag is
# a large change. So here, too: test the explanation.

# %% [markdown] id="remember" tags=["core"]
# ## What to remember
# 1. Explain the *logit*: a softmax share is flat where the network is sure, and mixes all classes.
# 2. Integrated gradients add up to the change of the logit; check the sum.
# 3. Grad-CAM averages slopes over space and cuts what is negative; it can be empty.
# 4. Test an explanation: a task with a known answer, deletion against floors, a destroyed network.
# 5. Guided backpropagation shows the picture's edges even when the network is destroyed. Pretty is not true.
# 6. Test accuracy cannot see a mark that is in the test data too. A map can.

# %% [markdown] id="exam-questions" tags=["core"]
# ## Three questions as in an exam
# 1. A logit is $z = 3x_1 - 2x_2 + 1$. Compute gradient and integrated gradients at $x = (2, 1)$ from the baseline
#    $(0, 0)$, and check the completeness. *(4 points)*
# 2. Two feature maps, 2 × 2: $A^1$ is 1 everywhere, $A^2 = \begin{pmatrix}0&4\\0&0\end{pmatrix}$. All slopes for $A^1$
#    are $-1$, those for $A^2$ are 2, 0, 0, 2. Compute the Grad-CAM map. *(4 points)*
# 3. A company shows crisp guided-backpropagation maps as proof that its network looks at the tumor. Name a test that
#    could show the proof to be worthless, and what would come out. *(3 points)*

# %% [markdown] id="exam-answers" tags=["teacher"]
# Answers: 1. gradient (3, −2) everywhere; integrated (6, −2); the sum 4 equals z(x) − z(0) = 5 − 1. 2. weights −1 and 1;
# sums −1, 3, −1, −1; after the ReLU only the upper right pixel is left, with 3. 3. Randomize the weights of the upper
# layers: if the map stays, it does not depend on what the network learned.

# %% [markdown] id="corrections" tags=["core"]
# ## Corrections to the sources
# - *Wie denken denkende Maschinen?* presents saliency maps as a solution to the (supposed) black box. They are
#   measurements, each of something else, and some pass for explanations without depending on the network (Adebayo and
#   others, 2018).
# - *Deep down the rabbit hole* names "clipping of pixels of small norm or small contribution" in one breath. They are two
#   regularizations: the first looks at the pixel only, the second at pixel times slope.
# - *Overview of what AI is & how DL works* asks that visualizations be "always on". Rightly; but what is always on must
#   also be tested.
# - Common in tutorials: "the gradient shows which pixels the decision rests on". It shows which *changes* of pixels would
#   move the logit; a pixel can have a slope of 0 and still be needed.

# %% [markdown] id="reading" tags=["core"]
# ## Further reading
# - R. Fong, A. Vedaldi, "Interpretable Explanations of Black Boxes by Meaningful Perturbation", ICCV 2017.
# - M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017 (integrated gradients).
# - B. Zhou and others, "Learning Deep Features for Discriminative Localization", CVPR 2016 (CAM).
# - R. Selvaraju and others, "Grad-CAM: Visual Explanations from Deep Networks", ICCV 2017.
# - J. Adebayo and others, "Sanity Checks for Saliency Maps", NeurIPS 2018.
# - S. Lapuschkin and others, "Unmasking Clever Hans Predictors", *Nature Communications* 10 (2019), 1096.
# - J. Yosinski and others, "Understanding Neural Networks Through Deep Visualization", ICML workshop 2015.
# - C. Olah, A. Mordvintsev, L. Schubert, "Feature Visualization", *Distill* 2017.
#
# Done? Shut the kernel down (*Kernel → Shut Down Kernel*) before you open the next lesson: it gives the memory back.
