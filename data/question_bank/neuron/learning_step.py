# %% header [markdown]
# - id: neuron.learning_step
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: medium
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 5
# - decimals: a 0, w 1, b 1
# %% question.en [markdown]
# One neuron learns by the rule $w \leftarrow w + \eta (t - a) x$ and $b \leftarrow b + \eta (t - a)$, with the step function ($1$ for $z > 0$, else $0$). Given: $x = {{x}}$, $w = {{w}}$, $b = {{b}}$, target $t = {{t}}$, learning rate $\eta = {{eta}}$.
#
# - Output $a$ before the step: [[a]]
# - First weight after the step: [[w]]
# - Bias after the step: [[b]]
# %% question.de [markdown]
# Ein Neuron lernt nach der Regel $w \leftarrow w + \eta (t - a) x$ und $b \leftarrow b + \eta (t - a)$, mit der Stufenfunktion ($1$ für $z > 0$, sonst $0$). Gegeben: $x = {{x}}$, $w = {{w}}$, $b = {{b}}$, Zielwert $t = {{t}}$, Lernrate $\eta = {{eta}}$.
#
# - Ausgabe $a$ vor dem Schritt: [[a]]
# - Erstes Gewicht nach dem Schritt: [[w]]
# - Bias nach dem Schritt: [[b]]
# %% mistakes.en [markdown]
# - sign: the step went in the wrong direction
# - no_rate: the learning rate was left out
# %% mistakes.de [markdown]
# - sign: der Schritt ging in die falsche Richtung
# - no_rate: die Lernrate wurde weggelassen
# %% solution.en [markdown]
# $z = {{terms}} {{b:s}} = {{z}}$, so $a = {{a}}$ and $t - a = {{error}}$. The first weight becomes ${{w_new}}$, the bias ${{b_new}}$.
# %% solution.de [markdown]
# $z = {{terms}} {{b:s}} = {{z}}$, also $a = {{a}}$ und $t - a = {{error}}$. Das erste Gewicht wird ${{w_new}}$, der Bias ${{b_new}}$.
# %%
import numpy as np

from course_utils.exam.draw import terms
from course_utils.from_scratch.neuron import learning_step, linear, neuron, step

bare, forward = learning_step.__wrapped__, neuron.__wrapped__


def generate(draw):
    x, w, b, eta = draw.wholes(2, 1, 4), draw.grids(2, -1, 1, 0.5), draw.grid(-1, 1, 0.5), draw.choice([0.1, 0.2, 0.5])
    z = float(forward(np.array(x, float), np.array(w), b, linear))
    if z == 0:
        return None
    a, t = int(z > 0), int(z < 0)  # the neuron is wrong, so there is something to learn
    new_w, new_b = bare(np.array(x, float), float(t), np.array(w), b, eta, step)[:2]
    answer = {"a": a, "w": float(new_w[0]), "b": float(new_b)}
    mistakes = {"sign": {"w": 2 * w[0] - answer["w"], "b": 2 * b - answer["b"]}, "no_rate": {"w": w[0] + (t - a) * x[0], "b": b + t - a}}
    values = {"x": x, "w": w, "b": b, "eta": eta, "t": t, "a": a, "z": z, "error": t - a, "terms": terms(w, x)}
    return {"values": values | {"w_new": answer["w"], "b_new": answer["b"]}, "answer": answer, "mistakes": mistakes}


def oracle(values):
    z = values["w"][0] * values["x"][0] + values["w"][1] * values["x"][1] + values["b"]
    return {"a": 1 if z > 0 else 0} | follow(values, {"a": 1 if z > 0 else 0})


def follow(values, given):
    move = values["eta"] * (values["t"] - given["a"])
    return {"w": values["w"][0] + move * values["x"][0], "b": values["b"] + move}
