# %% header [markdown]
# - id: cnn.kernel_effect
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: choose
# - points: 1
# - minutes: 2
# - choices: 3
# - reference: Gonzalez & Woods, Digital image processing, 2018, chapter 3
# %% question.en [markdown]
# The image in the picture (left) is dark on one side and bright on the other. To the right are the responses (cross-correlation, no padding) of three kernels. Which response belongs to the kernel $ {{kernel}} $?
# %% question.de [markdown]
# Das Bild links ist auf der einen Seite dunkel und auf der anderen hell. Rechts stehen die Antworten (Kreuzkorrelation, kein Auffüllen) dreier Filterkerne. Welche Antwort gehört zum Kern $ {{kernel}} $?
# %% figure.en [markdown]
# Image, {{r1}} in each of three rows; responses, each of three rows and three columns: I {{A}}, II {{B}}, III {{C}} in each row.
# %% figure.de [markdown]
# Bild, {{r1}} in jeder von drei Zeilen; Antworten aus je drei Zeilen und drei Spalten: I {{A}}, II {{B}}, III {{C}} in jeder Zeile.
# %% mistakes.en [markdown]
# - other: this is the response of another kernel: differences show edges with their sign, a mean smooths
# - third: this is the response of another kernel: differences show edges with their sign, a mean smooths
# %% mistakes.de [markdown]
# - other: das ist die Antwort eines anderen Kerns: Differenzen zeigen Kanten mit Vorzeichen, ein Mittelwert glättet
# - third: das ist die Antwort eines anderen Kerns: Differenzen zeigen Kanten mit Vorzeichen, ein Mittelwert glättet
# %% solution.en [markdown]
# Multiply the kernel with each pair of neighbors: {{row}}.
# %% solution.de [markdown]
# Multiplizieren Sie den Kern mit jedem Paar von Nachbarn: {{row}}.
# %%
import numpy as np

from course_utils.from_scratch.convolution import convolve2d

bare = convolve2d.__wrapped__
KERNELS = [[-1, 1], [1, -1], [0.5, 0.5]]
ROMAN = ("I", "II", "III")


def generate(draw):
    low, high = draw.choice([0, 2]), draw.choice([6, 8])
    row = draw.choice([[low, low, high, high], [high, high, low, low], [low, high, high, high], [high, low, low, low]])
    image = np.array([row] * 3, float)
    kernels = draw.shuffled(KERNELS)
    responses = [bare(image, np.array([kernel], float)) for kernel in kernels]
    right = draw.whole(0, 2)
    title = {"en": "image", "de": "Bild"}
    figure = [{"type": "grid", "cells": image, "title": title, "shade": True}] + [{"type": "grid", "cells": r, "title": n} for n, r in zip(ROMAN, responses, strict=True)]
    values = {"kernel": [kernels[right]], "r1": row, "row": responses[right][0]} | {n: r[0] for n, r in zip("ABC", responses, strict=True)}
    values["kernel"] = rf"\begin{{pmatrix}} {kernels[right][0]:g} & {kernels[right][1]:g} \end{{pmatrix}}"
    others = [n for i, n in enumerate(ROMAN) if i != right]
    return {"values": values, "answer": ROMAN[right], "mistakes": dict(zip(("other", "third"), others, strict=True)), "figure": figure}
