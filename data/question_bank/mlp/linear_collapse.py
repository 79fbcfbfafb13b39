# %% header [markdown]
# - id: mlp.linear_collapse
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: hard
# - knowledge: recall
# - kind: table
# - operator: compute
# - points: 4
# - minutes: 5
# %% question.en [markdown]
# Two linear layers without biases and without activation functions, $y = (x W_1) W_2$ with $x$ as a row, do the same as one layer $y = x W$. Compute $W$ for
#
# $$W_1 = {{w1}} \quad W_2 = {{w2}}$$
# %% question.de [markdown]
# Zwei lineare Schichten ohne Bias und ohne Aktivierungsfunktion, $y = (x W_1) W_2$ mit $x$ als Zeile, leisten dasselbe wie eine Schicht $y = x W$. Berechnen Sie $W$ für
#
# $$W_1 = {{w1}} \quad W_2 = {{w2}}$$
# %% mistakes.en [markdown]
# - reversed: the matrices were multiplied in the wrong order
# - elementwise: the entries were multiplied one by one
# %% mistakes.de [markdown]
# - reversed: die Matrizen wurden in falscher Reihenfolge multipliziert
# - elementwise: die Einträge wurden einzeln multipliziert
# %% solution.en [markdown]
# $W = W_1 W_2 = {{w}}$
# %% solution.de [markdown]
# $W = W_1 W_2 = {{w}}$
# %%
import numpy as np


def generate(draw):
    w1, w2 = np.array(draw.table(2, 2, -2, 3), float), np.array(draw.table(2, 2, -2, 3), float)
    w = w1 @ w2
    return {"values": {"w1": w1, "w2": w2, "w": w}, "answer": w, "mistakes": {"reversed": w2 @ w1, "elementwise": w1 * w2}}


def oracle(values):
    w1, w2 = values["w1"], values["w2"]
    return [[sum(w1[i][k] * w2[k][j] for k in range(2)) for j in range(2)] for i in range(2)]
