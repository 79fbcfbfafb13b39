# %% header [markdown]
# - id: saliency.gradcam
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: medium
# - knowledge: application
# - kind: table
# - operator: compute
# - points: 4
# - minutes: 6
# - reference: Selvaraju et al., Grad-CAM: visual explanations from deep networks via gradient-based localization, 2017
# %% question.en [markdown]
# The last convolutional layer has the two feature maps in the picture. The mean slopes of the score with respect to them are $\alpha_1 = {{a1}}$ and $\alpha_2 = {{a2}}$. Compute the Grad-CAM map $\max(0, \alpha_1 A_1 + \alpha_2 A_2)$.
# %% question.de [markdown]
# Die letzte Faltungsschicht hat die zwei Merkmalskarten im Bild. Die mittleren Steigungen der Punktzahl nach ihnen sind $\alpha_1 = {{a1}}$ und $\alpha_2 = {{a2}}$. Berechnen Sie die Grad-CAM-Karte $\max(0, \alpha_1 A_1 + \alpha_2 A_2)$.
# %% figure.en [markdown]
# Two grids of two by two numbers. A₁: {{p1}}; {{p2}}. A₂: {{q1}}; {{q2}}.
# %% figure.de [markdown]
# Zwei Raster aus zwei mal zwei Zahlen. A₁: {{p1}}; {{p2}}. A₂: {{q1}}; {{q2}}.
# %% mistakes.en [markdown]
# - no_relu: negative values were kept
# - unweighted: the maps were added without their weights
# %% mistakes.de [markdown]
# - no_relu: negative Werte wurden behalten
# - unweighted: die Karten wurden ohne ihre Gewichte addiert
# %% solution.en [markdown]
# Weigh, add, set negative values to $0$: {{result}}
# %% solution.de [markdown]
# Gewichten, addieren, negative Werte auf $0$ setzen: {{result}}
# %%
import numpy as np

from course_utils.from_scratch.neuron import relu


def generate(draw):
    one, two = np.array(draw.table(2, 2, 0, 5), float), np.array(draw.table(2, 2, 0, 5), float)
    a1, a2 = draw.choice([(2, -1), (-1, 2), (3, -2), (1, -2), (-2, 3)])
    z = a1 * one + a2 * two
    result = relu(z)
    values = {"a1": a1, "a2": a2, "one": one, "two": two, "result": result, "p1": one[0], "p2": one[1], "q1": two[0], "q2": two[1]}
    figure = [{"type": "grid", "cells": one, "title": "A₁"}, {"type": "grid", "cells": two, "title": "A₂"}]
    return {"values": values, "answer": result, "mistakes": {"no_relu": z, "unweighted": relu(one + two)}, "figure": figure}


def oracle(values):
    def one(i, j):
        return max(0, values["a1"] * values["one"][i][j] + values["a2"] * values["two"][i][j])

    return [[one(i, j) for j in (0, 1)] for i in (0, 1)]
