# %% header [markdown]
# - id: cnn.max_pool
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: easy
# - knowledge: recall
# - kind: table
# - operator: compute
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# Apply max pooling with windows of $2 \times 2$ and stride $2$ to the feature map in the picture.
# %% question.de [markdown]
# Wenden Sie auf die Merkmalskarte im Bild Max-Pooling mit Fenstern von $2 \times 2$ und Schrittweite $2$ an.
# %% figure.en [markdown]
# A grid of four by four numbers, row by row: {{r1}}; {{r2}}; {{r3}}; {{r4}}.
# %% figure.de [markdown]
# Ein Raster aus vier mal vier Zahlen, Zeile für Zeile: {{r1}}; {{r2}}; {{r3}}; {{r4}}.
# %% mistakes.en [markdown]
# - mean: the mean was taken instead of the maximum
# - minimum: the minimum was taken
# %% mistakes.de [markdown]
# - mean: der Mittelwert wurde statt des Maximums genommen
# - minimum: das Minimum wurde genommen
# %% solution.en [markdown]
# Each of the four windows gives its largest value: {{result}}
# %% solution.de [markdown]
# Jedes der vier Fenster gibt seinen größten Wert: {{result}}
# %%
import numpy as np

from course_utils.from_scratch.convolution import max_pool2d

bare = max_pool2d.__wrapped__


def generate(draw):
    image = np.array(draw.table(4, 4, -3, 9), float)
    windows = image.reshape(2, 2, 2, 2)
    answer = bare(image, 2, 2)
    values = {"image": image, "result": answer, **{f"r{i + 1}": row for i, row in enumerate(image)}}
    mistakes = {"mean": windows.mean(axis=(1, 3)), "minimum": windows.min(axis=(1, 3))}
    return {"values": values, "answer": answer, "mistakes": mistakes, "figure": {"type": "grid", "cells": image}}


def oracle(values):
    return [[max(values["image"][i + a][j + b] for a in (0, 1) for b in (0, 1)) for j in (0, 2)] for i in (0, 2)]
