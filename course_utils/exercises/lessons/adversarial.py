"""The exercises of lesson 08: references, fresh inputs, and the mistakes that learners really make."""
import numpy as np

from course_utils.from_scratch.neuron import sigmoid

from ..registry import exercise

# --- adversarial.push --------------------------------------------------------------------------------------------


def _picture(rng, *shape):
    """Pixels of which some are paper (0) and some full ink (1), so that clipping matters."""
    return np.clip(np.round(rng.normal(0.5, 0.6, shape), 2), 0, 1)


def _push_inputs(rng):
    w = np.round(rng.normal(size=12), 2)
    w[0] = 0.0  # sign(0) is 0: such a pixel stays
    return _picture(rng, 12), w, int(rng.integers(4, 17))


def _push(x, w, levels):
    return np.clip(x + levels / 255 * np.sign(w), 0, 1)


exercise(
    "adversarial.push",
    reference=_push,
    inputs=_push_inputs,
    wrong=[
        (lambda x, w, levels: np.clip(x + levels * np.sign(w), 0, 1),
         "A step of 8 on a picture in 0..1 is no small step: every pixel ends at 0 or 1. Grey levels count to 255, so "
         "divide them by 255."),
        (lambda x, w, levels: np.clip(x - levels / 255 * np.sign(w), 0, 1),
         "Your picture has the *smallest* z: the sign is turned around. To raise z, step the way the weight points."),
        (lambda x, w, levels: np.clip(x + levels / 255 * w, 0, 1),
         "The sign is missing: with w itself most pixels use only a part of the step they are allowed."),
        (lambda x, w, levels: x + levels / 255 * np.sign(w),
         "Clipping is missing: some pixels leave the range 0 to 1, and no picture has such values."),
        (lambda x, w, levels: np.clip(x + levels / 255, 0, 1),
         "All pixels get lighter or darker together. Each must step the way *its own* weight points."),
        (lambda x, w, levels: levels / 255 * np.sign(w),
         "That is the perturbation alone. Add it to the picture, then clip."),
    ],
    hints=("A pixel with a positive weight raises z by growing, one with a negative weight by shrinking.",
           "np.sign(w) says which way. levels / 255 says how far. np.clip(…, 0, 1) keeps it a picture."),
)

# --- adversarial.input_gradient ----------------------------------------------------------------------------------


def _neuron_inputs(rng):
    x, w, b = _picture(rng, 5), np.round(rng.normal(size=5), 2), float(np.round(rng.normal(0, 0.3), 2))
    t = int(rng.integers(0, 2))
    return x, w, b, t


def _a(x, w, b):
    return float(sigmoid(w @ x + b))


exercise(
    "adversarial.input_gradient",
    reference=lambda x, w, b, t: (_a(x, w, b) - t) * w,
    inputs=_neuron_inputs,
    samples=16,
    wrong=[
        (lambda x, w, b, t: (_a(x, w, b) - t) * x,
         "That is the gradient for the *weights*, as in training. Here the weights stay and the picture moves: what is "
         "the slope of z for x?"),
        (lambda x, w, b, t: (t - _a(x, w, b)) * w,
         "The sign is turned around: it would lead *down* the loss. The slope for z is a − t."),
        (lambda x, w, b, t: (_a(x, w, b) - (_a(x, w, b) > 0.5)) * w,
         "You took the class the neuron *predicts* for the true class. Use t; otherwise a wrong answer is taken for "
         "right."),
        (lambda x, w, b, t: (float(w @ x + b) - t) * w,
         "The sigmoid is missing: a = σ(z), not z."),
        (lambda x, w, b, t: _a(x, w, b) * (1 - _a(x, w, b)) * w,
         "That is the slope of the *output* a. The loss adds its own slope; together they are a − t."),
        (lambda x, w, b, t: (_a(x, w, b) - t) * np.sign(w),
         "The gradient itself is wanted here, without the sign. FGSM takes the sign later."),
    ],
    hints=("Chain rule: the slope of L for z, times the slope of z for each pixel.",
           "z = w·x + b, so its slope for x is w. The slope of L for z is a − t, and a = 1 / (1 + e^(−z))."),
)

# --- adversarial.fgsm --------------------------------------------------------------------------------------------


def _gradient_inputs(rng):
    images = _picture(rng, 2, 3, 3, 1)
    gradient = np.round(rng.normal(0, 0.2, images.shape), 3)
    gradient[0, 0, 0, 0] = 0.0
    return images, gradient


exercise(
    "adversarial.fgsm",
    reference=_push,
    inputs=lambda rng: (*_gradient_inputs(rng), int(rng.integers(4, 33))),
    wrong=[
        (lambda images, gradient, levels: np.clip(images + levels * np.sign(gradient), 0, 1),
         "ε is in grey levels here, but the pictures go from 0 to 1: divide by 255."),
        (lambda images, gradient, levels: np.clip(images - levels / 255 * np.sign(gradient), 0, 1),
         "A minus leads *down* the loss, as in training: the network gets better. An attack goes up."),
        (lambda images, gradient, levels: np.clip(images + levels / 255 * gradient, 0, 1),
         "sign() is missing: FGSM uses only the direction of each pixel's slope, so every pixel takes the full step."),
        (lambda images, gradient, levels: images + levels / 255 * np.sign(gradient),
         "Clipping is missing: pixels below 0 or above 1 are no picture, and the network would see what no camera can "
         "send."),
        (lambda images, gradient, levels: np.clip(levels / 255 * np.sign(gradient), 0, 1),
         "You return the perturbation alone. Add it to the pictures first."),
        (lambda images, gradient, levels: images + np.clip(levels / 255 * np.sign(gradient), 0, 1),
         "You clip the perturbation, which may well be negative. Clip the *sum*."),
    ],
    hints=("Three parts: the sign of the gradient, the size of the step, and the range of a picture.",
           "np.clip(images + levels / 255 * …, 0, 1)"),
)

# --- adversarial.targeted_step -----------------------------------------------------------------------------------

exercise(
    "adversarial.targeted_step",
    reference=lambda images, gradient, epsilon: np.clip(images - epsilon * np.sign(gradient), 0, 1),
    inputs=lambda rng: (*_gradient_inputs(rng), float(np.round(rng.uniform(0.02, 0.12), 3))),
    wrong=[
        (lambda images, gradient, epsilon: np.clip(images + epsilon * np.sign(gradient), 0, 1),
         "You raise the loss of the class you *want*, and so drive the picture away from it. A small loss means "
         "success here."),
        (lambda images, gradient, epsilon: np.clip(images - epsilon / 255 * np.sign(gradient), 0, 1),
         "ε already is in the units of the pictures here: do not divide by 255 again."),
        (lambda images, gradient, epsilon: np.clip(images - epsilon * gradient, 0, 1),
         "sign() is missing: every pixel takes the full step, only its direction comes from the gradient."),
        (lambda images, gradient, epsilon: images - epsilon * np.sign(gradient),
         "Clipping is missing: keep the values between 0 and 1."),
    ],
    hints=("Two things change against FGSM: the label in the loss (done for you), and the direction.",
           "Down the loss: images minus the step. Then clip."),
)

# --- adversarial.pgd_step ----------------------------------------------------------------------------------------


def _pgd_inputs(rng):
    original = _picture(rng, 2, 3, 3, 1)
    epsilon = float(np.round(rng.uniform(0.08, 0.15), 3))
    now = np.clip(original + np.round(rng.uniform(-epsilon, epsilon, original.shape), 3), 0, 1)
    step = float(rng.choice([0.05, 0.2]))  # also longer than epsilon, so that a projection round `now` shows
    return now, original, np.round(rng.normal(0, 0.2, original.shape), 3), step, epsilon


def _pgd_step(now, original, gradient, step, epsilon):
    moved = now + step * np.sign(gradient)
    return np.clip(original + np.clip(moved - original, -epsilon, epsilon), 0, 1)


def _within(change, epsilon):
    return np.clip(change, -epsilon, epsilon)


exercise(
    "adversarial.pgd_step",
    reference=_pgd_step,
    inputs=_pgd_inputs,
    wrong=[
        (lambda now, original, gradient, step, epsilon:
         np.clip(now + _within(step * np.sign(gradient), epsilon), 0, 1),
         "You project round the *last* picture, so step by step the attack wanders off as far as it likes. The middle "
         "of the ball is the original."),
        (lambda now, original, gradient, step, epsilon: np.clip(now + step * np.sign(gradient), 0, 1),
         "The projection is missing: nothing keeps the change below ε."),
        (lambda now, original, gradient, step, epsilon:
         original + _within(now + step * np.sign(gradient) - original, epsilon),
         "Clipping to 0..1 is missing: near black and white the ball reaches beyond what a picture can be."),
        (lambda now, original, gradient, step, epsilon: _pgd_step(now, original, -gradient, step, epsilon),
         "The step has the wrong sign: an attack goes *up* the loss."),
        (lambda now, original, gradient, step, epsilon:
         np.clip(original + _within(now + step * gradient - original, epsilon), 0, 1),
         "sign() is missing: in L∞ each pixel takes the whole step."),
        (lambda now, original, gradient, step, epsilon: _pgd_step(original, original, gradient, step, epsilon),
         "You start again from the original each time. The step goes on from `now`; only the projection looks back."),
        (lambda now, original, gradient, step, epsilon: np.clip(original + epsilon * np.sign(gradient), 0, 1),
         "That is FGSM, one step of ε from the original. PGD takes a small step from `now` and then projects."),
    ],
    hints=("Three lines: step from `now`, cut the change against `original` to ±epsilon, clip to 0..1.",
           "change = np.clip(moved - original, -epsilon, epsilon); then add it to the original."),
)

# --- adversarial.project_l2 --------------------------------------------------------------------------------------


def _l2_inputs(rng):
    change = np.round(rng.normal(0, 1, (4, 6)), 2)
    return change * np.array([[0.1], [0.2], [1.0], [2.0]]), 1.0  # two rows are short enough, two too long


def _length(change):
    return np.sqrt(np.sum(change**2, axis=1, keepdims=True))


exercise(
    "adversarial.project_l2",
    reference=lambda change, epsilon: change * np.minimum(1, epsilon / _length(change)),
    inputs=_l2_inputs,
    wrong=[
        (lambda change, epsilon: change * epsilon / _length(change),
         "You stretch the short changes as well. A change that is allowed already stays as it is."),
        (lambda change, epsilon: np.clip(change, -epsilon, epsilon),
         "That cuts each pixel for itself, the projection of L∞. In L2 the whole row is shortened by one factor."),
        (lambda change, epsilon: change * min(1, epsilon / np.linalg.norm(change)),
         "You measure all pictures together. Each row is a picture with a length of its own: sum over axis=1."),
        (lambda change, epsilon: change * np.minimum(1, epsilon / np.sum(change**2, axis=1, keepdims=True)),
         "The square root is missing in the length."),
        (lambda change, epsilon: change * np.minimum(1, epsilon / np.sum(np.abs(change), axis=1, keepdims=True)),
         "That is the sum of the absolute values, the L1 length. L2: the root of the sum of the squares."),
    ],
    hints=("First the length of each row. By what factor must a row of length 2 be multiplied if ε is 1? And one of "
           "length 0.5?",
           "The factor is np.minimum(1, epsilon / length), with keepdims=True so that it multiplies row by row."),
)

# --- adversarial.robust_accuracy ---------------------------------------------------------------------------------


def _answers(rng):
    labels = rng.integers(0, 10, 20)
    clean = np.where(rng.random(20) < 0.2, rng.integers(0, 10, 20), labels)
    answers = np.where(rng.random((3, 20)) < 0.3, rng.integers(0, 10, (3, 20)), clean)
    clean[0], answers[:, 0] = (labels[0] + 1) % 10, labels[0]  # wrong when clean, right under every attack
    clean[1], answers[:, 1] = (labels[1] + 1) % 10, (labels[1] + 1) % 10  # wrong, and the same under every attack
    return clean, answers, labels


exercise(
    "adversarial.robust_accuracy",
    reference=lambda clean, answers, labels: float(np.mean((clean == labels) & np.all(answers == labels, axis=0))),
    inputs=_answers,
    wrong=[
        (lambda clean, answers, labels: float(np.mean(np.all(answers == clean, axis=0))),
         "You compare with the network's own clean answer. A picture that was wrong from the start and stays wrong "
         "would count as robust: compare with the true labels."),
        (lambda clean, answers, labels: float(np.mean(answers == labels)),
         "That is the mean over the attacks. An attacker uses the *best* attack on each picture: one success is "
         "enough."),
        (lambda clean, answers, labels: float(np.mean((clean == labels) & np.any(answers == labels, axis=0))),
         "`any` counts a picture that survives a single attack. It must survive *all* of them."),
        (lambda clean, answers, labels: float(np.mean(np.all(answers == labels, axis=0))),
         "A picture that is wrong when clean counts for you if the attacks happen to make it right. Ask for both."),
        (lambda clean, answers, labels: float(np.min(np.mean(answers == labels, axis=1))),
         "That is the worst single attack over all pictures. Different pictures fall to different attacks: combine "
         "them picture by picture."),
        (lambda clean, answers, labels:
         float(np.mean(np.all(answers == labels, axis=0)[clean == labels])),
         "You divide by the pictures that are right when clean. The share is of *all* pictures."),
    ],
    hints=("For each picture one truth value: right when clean, and right in every row of answers.",
           "np.all(answers == labels, axis=0) asks all attacks; & joins it with clean == labels; np.mean counts."),
)

# --- adversarial.auc ---------------------------------------------------------------------------------------------


def _scores(rng):
    return np.round(rng.normal(0.4, 0.2, 15), 1), np.round(rng.normal(0.6, 0.2, 12), 1)  # rounded: there are ties


def _auc(clean, attacked):
    pairs = attacked[:, None] - clean[None, :]
    return float(np.mean(pairs > 0) + 0.5 * np.mean(pairs == 0))


exercise(
    "adversarial.auc",
    reference=_auc,
    inputs=_scores,
    wrong=[
        (lambda clean, attacked: 1 - _auc(clean, attacked),
         "The two are swapped: count the pairs in which the *attacked* picture scores higher."),
        (lambda clean, attacked: float(np.mean(attacked[:, None] > clean[None, :])),
         "Ties are lost: a pair of equal scores counts one half."),
        (lambda clean, attacked: float(np.mean(attacked[:, None] >= clean[None, :])),
         "A tie counts as a full success for you. It is worth one half, like a guess."),
        (lambda clean, attacked: float(np.mean(attacked > np.mean(clean))),
         "That is one threshold, the mean. The area compares every attacked score with *every* clean one."),
        (lambda clean, attacked: float(np.mean(attacked) - np.mean(clean)),
         "A difference of means depends on the unit of the score. Count pairs."),
    ],
    hints=("A table of all pairs: attacked scores down, clean scores across. In how many cells is the attacked larger?",
           "pairs = attacked[:, None] - clean[None, :]; then count pairs > 0, and pairs == 0 with one half."),
)
