# %% header [markdown]
# - id: neuron.forward
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: easy
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: z 1, a 1
# %% question.en [markdown]
# A neuron has the inputs $x = {{x}}$, the weights $w = {{w}}$, the bias $b = {{b}}$ and the activation function ReLU, $\max(0, z)$. The weighted sum $z$ includes the bias.
#
# - Weighted sum: [[z]]
# - Output: [[a]]
# %% question.de [markdown]
# Ein Neuron hat die Eingaben $x = {{x}}$, die Gewichte $w = {{w}}$, den Bias $b = {{b}}$ und die Aktivierungsfunktion ReLU, $\max(0, z)$. Die gewichtete Summe $z$ schließt den Bias ein.
#
# - Gewichtete Summe: [[z]]
# - Ausgabe: [[a]]
# %% figure.en [markdown]
# One neuron a with the inputs x₁, x₂, x₃ over connections with the weights {{w}}.
# %% figure.de [markdown]
# Ein Neuron a mit den Eingaben x₁, x₂, x₃ über Verbindungen mit den Gewichten {{w}}.
# %% mistakes.en [markdown]
# - bias: the bias was forgotten
# - sign: the bias was subtracted
# %% mistakes.de [markdown]
# - bias: der Bias wurde vergessen
# - sign: der Bias wurde abgezogen
# %% solution.en [markdown]
# $z = {{terms}} {{b:s}} = {{z}}$ and $a = \max(0, {{z}}) = {{a}}$.
# %% solution.de [markdown]
# $z = {{terms}} {{b:s}} = {{z}}$ und $a = \max(0, {{z}}) = {{a}}$.
# %%
import numpy as np

from course_utils.exam.draw import terms
from course_utils.from_scratch.neuron import linear, neuron, relu

bare = neuron.__wrapped__


def generate(draw):
    x, w, b = draw.wholes(3, -3, 4), draw.grids(3, -1.5, 1.5, 0.5), draw.grid(-2, 2, 0.5)
    if 0 in w or b == 0:
        return None
    z = float(bare(np.array(x, float), np.array(w), b, linear))
    a = float(relu(z))
    values = {"x": x, "w": w, "b": b, "terms": terms(w, x), "z": z, "a": a}
    figure = {"type": "network", "layers": [["x₁", "x₂", "x₃"], ["a"]], "weights": [[[v] for v in w]]}
    return {"values": values, "answer": {"z": z, "a": a}, "mistakes": {"bias": {"z": z - b}, "sign": {"z": z - 2 * b}}, "figure": figure}


def oracle(values):
    z = sum(w * x for w, x in zip(values["w"], values["x"], strict=True)) + values["b"]
    return {"z": z, "a": z if z > 0 else 0}


def follow(values, given):
    return {"a": max(0, given["z"])}
