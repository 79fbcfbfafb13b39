"""Make values_attacks.npz: what foolbox and ART give for our network and pictures, for keras_tools.attacks to match.

Run it with an interpreter that has TensorFlow, Keras, foolbox 3.3 and adversarial-robustness-toolbox 1.20 (the extra
"reference"): ``python tests/reference/make_attack_values.py``. Both libraries attack the trained ``digit_cnn`` on
TensorFlow, on the first pictures of the test part of ``digits()``; the pictures are stored as well, so that the test
notices if they change. Only arrays are stored.
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from course_utils.datasets import digits
from course_utils.keras_tools.models import as_input, digit_cnn

COUNT = 12
EPSILON, LENGTH = 32 / 255, 2.0
STEPS = 10


def foolbox_values(model, x, y, targets):
    """FGSM, its targeted form, and PGD in both norms without a random start."""
    import foolbox
    import tensorflow as tf

    # eagerpy, under foolbox, still calls this function, which NumPy 2 took away.
    np.find_common_type = lambda arrays, scalars: np.result_type(*arrays)  # noqa: NPY201
    wrapped = foolbox.TensorFlowModel(model, bounds=(0, 1), device="/CPU:0")
    pictures, labels = tf.constant(x), tf.constant(y)
    away = foolbox.criteria.Misclassification(labels)
    towards = foolbox.criteria.TargetedMisclassification(tf.constant(targets))
    relative = 2.5 / STEPS
    linf = foolbox.attacks.LinfPGD(rel_stepsize=relative, steps=STEPS, random_start=False)
    l2 = foolbox.attacks.L2PGD(rel_stepsize=relative, steps=STEPS, random_start=False)
    one = foolbox.attacks.FGSM(random_start=False)

    def run(attack, criterion, epsilon):
        return attack(wrapped, pictures, criterion, epsilons=epsilon)[1].numpy()

    return {
        "fgsm": run(one, away, EPSILON), "pgd_linf": run(linf, away, EPSILON), "pgd_l2": run(l2, away, LENGTH),
        "pgd_targeted": run(linf, towards, EPSILON), "version": np.array(foolbox.__version__),
    }


def art_values(model, x, y, targets):
    """FGSM, its targeted form, and PGD in L∞ without a random start."""
    import art
    import tensorflow as tf
    from art.attacks.evasion import FastGradientMethod, ProjectedGradientDescent
    from art.estimators.classification import TensorFlowV2Classifier

    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    wrapped = TensorFlowV2Classifier(
        model, nb_classes=10, input_shape=(28, 28, 1), loss_object=loss, clip_values=(0, 1)
    )
    hot, wanted = np.eye(10, dtype="float32")[y], np.eye(10, dtype="float32")[targets]
    pgd = ProjectedGradientDescent(wrapped, norm=np.inf, eps=EPSILON, eps_step=2.5 * EPSILON / STEPS, max_iter=STEPS,
                                   num_random_init=0, verbose=False)
    return {
        "fgsm": FastGradientMethod(wrapped, eps=EPSILON).generate(x, hot),
        "fgsm_targeted": FastGradientMethod(wrapped, eps=EPSILON, targeted=True).generate(x, wanted),
        "pgd_linf": pgd.generate(x, hot), "version": np.array(art.__version__),
    }


if __name__ == "__main__":
    _, (pictures, labels) = digits()
    x, y = as_input(pictures[:COUNT]), labels[:COUNT].astype("int32")
    targets = ((y + 1) % 10).astype("int32")
    model = digit_cnn()
    values = {"x": x, "y": y, "targets": targets, "epsilon": np.array(EPSILON), "length": np.array(LENGTH),
              "steps": np.array(STEPS)}
    for library, made in (("foolbox", foolbox_values), ("art", art_values)):
        values |= {f"{library}_{name}": array for name, array in made(model, x, y, targets).items()}
    target = Path(__file__).with_name("values_attacks.npz")
    np.savez_compressed(target, **values)
    print(f"{target.name}: {len(values)} arrays, {target.stat().st_size / 1000:.0f} kB")
