# %% header [markdown]
# - id: transformer.temperature
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: medium
# - knowledge: application
# - kind: single
# - operator: read
# - points: 2
# - minutes: 3
# - choices: 3
# - reference: Ackley, Hinton & Sejnowski, A learning algorithm for Boltzmann machines, 1985
# %% question.en [markdown]
# The picture shows the probabilities of four characters from the same scores with three temperatures $T$, $p = \text{softmax}(\frac{z}{T})$. Which of the distributions I, II and III belongs to the **{{which}}** temperature?
# %% question.de [markdown]
# Das Bild zeigt die Wahrscheinlichkeiten von vier Zeichen aus denselben Punktzahlen mit drei Temperaturen $T$, $p = \text{softmax}(\frac{z}{T})$. Welche der Verteilungen I, II und III gehört zur **{{which}}** Temperatur?
# %% figure.en [markdown]
# Three rows of probabilities in percent. I: {{A}}; II: {{B}}; III: {{C}}.
# %% figure.de [markdown]
# Drei Zeilen mit Wahrscheinlichkeiten in Prozent. I: {{A}}; II: {{B}}; III: {{C}}.
# %% mistakes.en [markdown]
# - other: a low temperature sharpens, a high one levels the probabilities out
# - third: a low temperature sharpens, a high one levels the probabilities out
# %% mistakes.de [markdown]
# - other: eine niedrige Temperatur schärft, eine hohe gleicht die Wahrscheinlichkeiten an
# - third: eine niedrige Temperatur schärft, eine hohe gleicht die Wahrscheinlichkeiten an
# %% solution.en [markdown]
# The lower $T$, the larger the differences of $\frac{z}{T}$ and the sharper the distribution.
# %% solution.de [markdown]
# Je kleiner $T$, desto größer die Unterschiede von $\frac{z}{T}$ und desto schärfer die Verteilung.
# %%
import numpy as np

from course_utils.from_scratch.neuron import softmax

bare = softmax.__wrapped__
NAMES = [("lowest", "niedrigsten"), ("middle", "mittleren"), ("highest", "höchsten")]
ROMAN = ("I", "II", "III")


def generate(draw):
    z = np.array(draw.shuffled([0, 1, 2, 3]), float)
    temperatures = draw.shuffled([(0, 0.5), (1, 1.0), (2, draw.choice([2.5, 3.0]))])
    rows = [[int(v) for v in np.round(100 * bare(z / t))] for _, t in temperatures]
    right = draw.whole(0, 2)
    values = dict(zip("ABC", rows, strict=True)) | {"which": dict(zip(("en", "de"), NAMES[temperatures[right][0]], strict=True))}
    others = [n for i, n in enumerate(ROMAN) if i != right]
    figure = [{"type": "grid", "cells": [row], "title": n} for n, row in zip(ROMAN, rows, strict=True)]
    return {"values": values, "answer": ROMAN[right], "mistakes": dict(zip(("other", "third"), others, strict=True)), "figure": figure}
