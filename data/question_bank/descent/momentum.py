# %% header [markdown]
# - id: descent.momentum
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: medium
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 5
# - decimals: 2
# - reference: Polyak, Some methods of speeding up the convergence of iteration methods, 1964
# %% question.en [markdown]
# Momentum: $v \leftarrow \mu v - \eta g$, then $w \leftarrow w + v$. Start: $w = {{w}}$, $v = 0$; $\mu = {{mu}}$, $\eta = {{eta}}$. The gradients of the first two steps are $g = {{g1}}$ and $g = {{g2}}$.
#
# - $w$ after the first step: [[a]]
# - $v$ in the second step: [[b]]
# - $w$ after the second step: [[c]]
# %% question.de [markdown]
# Momentum: $v \leftarrow \mu v - \eta g$, dann $w \leftarrow w + v$. Start: $w = {{w}}$, $v = 0$; $\mu = {{mu}}$, $\eta = {{eta}}$. Die Gradienten der ersten zwei Schritte sind $g = {{g1}}$ und $g = {{g2}}$.
#
# - $w$ nach dem ersten Schritt: [[a]]
# - $v$ im zweiten Schritt: [[b]]
# - $w$ nach dem zweiten Schritt: [[c]]
# %% mistakes.en [markdown]
# - plain: the velocity was forgotten, as in plain descent
# - uphill: the steps went up the slope
# %% mistakes.de [markdown]
# - plain: die Geschwindigkeit wurde vergessen, wie beim einfachen Abstieg
# - uphill: die Schritte gingen bergauf
# %% solution.en [markdown]
# $v = - {{eta}} \cdot {{g1}} = {{v1}}$, $w = {{a}}$; then $v = {{mu}} \cdot {{v1:p}} - {{eta}} \cdot {{g2}} = {{b}}$, $w = {{c}}$.
# %% solution.de [markdown]
# $v = - {{eta}} \cdot {{g1}} = {{v1}}$, $w = {{a}}$; dann $v = {{mu}} \cdot {{v1:p}} - {{eta}} \cdot {{g2}} = {{b}}$, $w = {{c}}$.
# %%
import numpy as np

from course_utils.from_scratch.optimizers import momentum


def generate(draw):
    w, mu, eta, g1, g2 = draw.whole(0, 4), draw.choice([0.5, 0.8, 0.9]), draw.choice([0.1, 0.2]), draw.whole(1, 5), draw.whole(1, 5)
    weight = np.array([float(w)])
    update = momentum([weight], eta, mu)
    update([np.array([float(g1)])])
    a = float(weight[0])
    update([np.array([float(g2)])])
    c = float(weight[0])
    mistakes = {"plain": {"b": -eta * g2, "c": a - eta * g2}, "uphill": {"a": w + eta * g1}}
    values = {"w": w, "mu": mu, "eta": eta, "g1": g1, "g2": g2, "v1": a - w, "a": a, "b": c - a, "c": c}
    return {"values": values, "answer": {"a": a, "b": c - a, "c": c}, "mistakes": mistakes}


def oracle(values):
    a = values["w"] - values["eta"] * values["g1"]
    return {"a": a} | follow(values, {"a": a})


def follow(values, given):
    b = given.get("b", values["mu"] * (given["a"] - values["w"]) - values["eta"] * values["g2"])
    return {"b": b, "c": given["a"] + b}
