# %% header [markdown]
# - id: saliency.read_map
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: read
# - points: 1
# - minutes: 2
# %% question.en [markdown]
# The picture shows an occlusion map: by how many percentage points the probability of "dog" falls when that field is covered. How many fields lower it by **more than** ${{limit}}$ points?
# %% question.de [markdown]
# Das Bild zeigt eine Verdeckungskarte: um wie viele Prozentpunkte die Wahrscheinlichkeit für „Hund“ sinkt, wenn das Feld verdeckt wird. Wie viele Felder senken sie um **mehr als** ${{limit}}$ Punkte?
# %% figure.en [markdown]
# A grid of numbers, row by row: {{r1}}; {{r2}}; {{r3}}; {{r4}}.
# %% figure.de [markdown]
# Ein Raster aus Zahlen, Zeile für Zeile: {{r1}}; {{r2}}; {{r3}}; {{r4}}.
# %% mistakes.en [markdown]
# - others: the other fields were counted
# - equal: fields with exactly the limit were counted, too
# %% mistakes.de [markdown]
# - others: die anderen Felder wurden gezählt
# - equal: Felder mit genau dem Grenzwert wurden mitgezählt
# %% solution.en [markdown]
# ${{count}}$ of the $16$ numbers lie above ${{limit}}$.
# %% solution.de [markdown]
# ${{count}}$ der $16$ Zahlen liegen über ${{limit}}$.
# %%
def generate(draw):
    limit = draw.choice([10, 20, 30])
    rows = [[draw.choice([0, 2, 5, limit, 15, 25, 35, 48]) for _ in range(4)] for _ in range(4)]
    flat = [v for row in rows for v in row]
    count = sum(v > limit for v in flat)
    values = {f"r{i + 1}": row for i, row in enumerate(rows)} | {"rows": rows, "limit": limit, "count": count}
    return {"values": values, "answer": count, "mistakes": {"others": 16 - count, "equal": count + flat.count(limit)},
            "figure": {"type": "grid", "cells": rows, "shade": True}}


def oracle(values):
    import numpy as np

    return int((np.array(values["rows"]) > values["limit"]).sum())
