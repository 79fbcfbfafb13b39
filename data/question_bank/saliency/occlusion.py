# %% header [markdown]
# - id: saliency.occlusion
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: medium
# - knowledge: recall
# - kind: table
# - operator: compute
# - points: 3
# - minutes: 5
# %% question.en [markdown]
# A linear classifier gives an image of $2 \times 3$ pixels the score $\sum_i w_i x_i$. Compute the occlusion map: by how much does the score **fall** if this one pixel is set to $0$? The picture shows the pixels $x$ on the left and the weights $w$ on the right.
# %% question.de [markdown]
# Ein linearer Klassifikator gibt einem Bild mit $2 \times 3$ Pixeln die Punktzahl $\sum_i w_i x_i$. Berechnen Sie die Verdeckungskarte: Um wie viel **sinkt** die Punktzahl, wenn dieser eine Pixel auf $0$ gesetzt wird? Das Bild zeigt links die Pixel $x$ und rechts die Gewichte $w$.
# %% figure.en [markdown]
# Two grids of two by three numbers. Pixels: {{x1}}; {{x2}}. Weights: {{w1}}; {{w2}}.
# %% figure.de [markdown]
# Zwei Raster aus zwei mal drei Zahlen. Pixel: {{x1}}; {{x2}}. Gewichte: {{w1}}; {{w2}}.
# %% mistakes.en [markdown]
# - gradient: the weights were given, which is the gradient
# - sign: the change was given with the wrong sign
# %% mistakes.de [markdown]
# - gradient: es wurden die Gewichte angegeben, das ist der Gradient
# - sign: die Änderung wurde mit falschem Vorzeichen angegeben
# %% solution.en [markdown]
# Setting pixel $i$ to $0$ takes away $w_i x_i$: {{result}}
# %% solution.de [markdown]
# Pixel $i$ auf $0$ zu setzen nimmt $w_i x_i$ weg: {{result}}
# %%
import numpy as np


def generate(draw):
    x, w = np.array(draw.table(2, 3, 0, 5), float), np.array(draw.table(2, 3, -3, 3), float)
    values = {"x": x, "w": w, "result": w * x, "x1": x[0], "x2": x[1], "w1": w[0], "w2": w[1]}
    figure = [{"type": "grid", "cells": x, "title": "x", "shade": True}, {"type": "grid", "cells": w, "title": "w"}]
    return {"values": values, "answer": w * x, "mistakes": {"gradient": w, "sign": -w * x}, "figure": figure}


def oracle(values):
    from course_utils.from_scratch.neuron import linear, neuron

    x, w = np.array(values["x"]).ravel(), np.array(values["w"]).ravel()
    full = neuron(x, w, 0.0, linear)
    fall = [float(full - neuron(np.where(np.arange(6) == i, 0, x), w, 0.0, linear)) for i in range(6)]
    return [fall[:3], fall[3:]]
