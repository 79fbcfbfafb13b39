# %% header [markdown]
# - id: descent.one_step
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 2
# - decimals: 2
# %% question.en [markdown]
# The loss is $L(w) = {{a}} w^2 {{b:s}} w$. Compute the weight after one step of gradient descent from $w = {{w}}$ with the learning rate $\eta = {{eta}}$.
# %% question.de [markdown]
# Der Loss ist $L(w) = {{a}} w^2 {{b:s}} w$. Berechnen Sie das Gewicht nach einem Schritt Gradientenabstieg von $w = {{w}}$ aus mit der Lernrate $\eta = {{eta}}$.
# %% mistakes.en [markdown]
# - uphill: the step went up the slope, as with a plus sign in the rule
# - value: the value of the loss was taken instead of its slope
# - no_rate: the learning rate was left out
# %% mistakes.de [markdown]
# - uphill: der Schritt ging bergauf, wie mit einem Plus in der Regel
# - value: der Wert des Loss wurde statt der Steigung genommen
# - no_rate: die Lernrate wurde weggelassen
# %% solution.en [markdown]
# Slope ${{twice}} w {{b:s}} = {{slope}}$; $w - \eta \cdot {{slope:p}} = {{w}} - {{eta}} \cdot {{slope:p}} = {{new}}$.
# %% solution.de [markdown]
# Steigung ${{twice}} w {{b:s}} = {{slope}}$; $w - \eta \cdot {{slope:p}} = {{w}} - {{eta}} \cdot {{slope:p}} = {{new}}$.
# %%
import numpy as np

from course_utils.from_scratch.optimizers import sgd


def generate(draw):
    a, b, w, eta = draw.whole(1, 3), draw.whole(-3, 3), draw.whole(-3, 3), draw.choice([0.1, 0.2, 0.5])
    slope = 2 * a * w + b
    if slope == 0 or b == 0:
        return None
    weight = np.array([float(w)])
    sgd([weight], eta)([np.array([float(slope)])])
    new = float(weight[0])
    mistakes = {"uphill": w + eta * slope, "value": w - eta * (a * w * w + b * w), "no_rate": w - slope}
    values = {"a": a, "b": b, "w": w, "eta": eta, "twice": 2 * a, "slope": slope, "new": new}
    return {"values": values, "answer": new, "mistakes": mistakes}


def oracle(values):
    def loss(w):
        return values["a"] * w * w + values["b"] * w

    w, e = values["w"], 1e-5
    return w - values["eta"] * (loss(w + e) - loss(w - e)) / (2 * e)
