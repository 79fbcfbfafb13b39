# %% header [markdown]
# - id: transformer.read_weights
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: read
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# The picture shows attention weights in percent: row = query, column = key, both numbered from $1$. With a causal mask (position $t$ sees positions up to $t$) some entries are **not** possible. How many entries above $0$ break the mask?
# %% question.de [markdown]
# Das Bild zeigt Aufmerksamkeitsgewichte in Prozent: Zeile = Anfrage, Spalte = Schlüssel, beide ab $1$ gezählt. Mit kausaler Maske (Position $t$ sieht Positionen bis $t$) sind manche Einträge **nicht** möglich. Wie viele Einträge größer als $0$ verletzen die Maske?
# %% figure.en [markdown]
# Table of percentages, row by row: {{r1}}; {{r2}}; {{r3}}; {{r4}}.
# %% figure.de [markdown]
# Tabelle von Prozentzahlen, Zeile für Zeile: {{r1}}; {{r2}}; {{r3}}; {{r4}}.
# %% mistakes.en [markdown]
# - below: the entries below the diagonal were counted
# - diagonal: the diagonal was counted, too
# %% mistakes.de [markdown]
# - below: die Einträge unterhalb der Diagonale wurden gezählt
# - diagonal: die Diagonale wurde mitgezählt
# %% solution.en [markdown]
# Only entries right of the diagonal may break the mask, and of these {{count}} are above $0$.
# %% solution.de [markdown]
# Nur Einträge rechts der Diagonale können die Maske verletzen, davon sind {{count}} größer als $0$.
# %%
import numpy as np

from course_utils.from_scratch.attention import causal_mask

ALLOWED = causal_mask(4)


def generate(draw):
    rows = []
    for t in range(4):
        future = [draw.choice([0, 0, 10]) for _ in range(3 - t)]
        rest = 100 - sum(future)
        past = [10 * draw.whole(0, 2) for _ in range(t)]
        rows.append([*past, rest - sum(past), *future])
    table = np.array(rows)
    count = int(((table > 0) & ~ALLOWED).sum())
    if count == 0:
        return None
    values = {f"r{i + 1}": row for i, row in enumerate(rows)} | {"table": rows, "count": count}
    mistakes = {"below": int((np.tril(table, -1) > 0).sum()), "diagonal": count + 4}
    return {"values": values, "answer": count, "mistakes": mistakes, "figure": {"type": "grid", "cells": rows, "shade": False}}


def oracle(values):
    return sum(values["table"][i][j] > 0 for i in range(4) for j in range(4) if j > i)
