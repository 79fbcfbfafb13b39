# %% header [markdown]
# - id: adversarial.largest_change
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: read
# - points: 1
# - minutes: 2
# %% question.en [markdown]
# The picture shows what was added to each pixel of an image (gray values from $0$ to $255$). How large is the largest change of a pixel, as an absolute value?
# %% question.de [markdown]
# Das Bild zeigt, was zu jedem Pixel eines Bildes addiert wurde (Grauwerte von $0$ bis $255$). Wie groß ist die größte Änderung eines Pixels, als Betrag?
# %% figure.en [markdown]
# Three rows of changes: {{r1}}; {{r2}}; {{r3}}.
# %% figure.de [markdown]
# Drei Zeilen mit Änderungen: {{r1}}; {{r2}}; {{r3}}.
# %% mistakes.en [markdown]
# - signed: the largest number was taken, without looking at the negative ones
# - count: the changed pixels were counted
# %% mistakes.de [markdown]
# - signed: die größte Zahl wurde genommen, ohne auf die negativen zu achten
# - count: die geänderten Pixel wurden gezählt
# %% solution.en [markdown]
# The largest absolute value is ${{eps}}$.
# %% solution.de [markdown]
# Der größte Betrag ist ${{eps}}$.
# %%
import numpy as np


def generate(draw):
    change = np.array(draw.table(3, 4, -8, 6))
    eps = int(np.abs(change).max())
    mistakes = {"signed": int(change.max()), "count": int(np.count_nonzero(change))}
    values = {f"r{i + 1}": row for i, row in enumerate(change)} | {"change": change, "eps": eps}
    return {"values": values, "answer": eps, "mistakes": mistakes, "figure": {"type": "grid", "cells": change}}


def oracle(values):
    return max(v if v > 0 else -v for row in values["change"] for v in row)
