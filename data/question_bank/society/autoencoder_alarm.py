# %% header [markdown]
# - id: society.autoencoder_alarm
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: read
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# An autoencoder was trained on good fabric only. The picture gives its reconstruction errors for $12$ patches. An alarm is raised **above** ${{limit}}$. How many patches raise it?
# %% question.de [markdown]
# Ein Autoencoder wurde nur mit gutem Stoff trainiert. Das Bild gibt seine Rekonstruktionsfehler für $12$ Ausschnitte. Alarm wird **oberhalb** von ${{limit}}$ gegeben. Wie viele Ausschnitte lösen ihn aus?
# %% figure.en [markdown]
# Two rows of six errors: {{r1}}; {{r2}}.
# %% figure.de [markdown]
# Zwei Zeilen mit je sechs Fehlern: {{r1}}; {{r2}}.
# %% mistakes.en [markdown]
# - good: the patches without alarm were counted
# - equal: a patch exactly at the limit was counted, too
# %% mistakes.de [markdown]
# - good: die Ausschnitte ohne Alarm wurden gezählt
# - equal: ein Ausschnitt genau am Grenzwert wurde mitgezählt
# %% solution.en [markdown]
# What was never seen is rebuilt badly: ${{count}}$ errors exceed ${{limit}}$.
# %% solution.de [markdown]
# Nie Gesehenes wird schlecht wiederhergestellt: ${{count}}$ Fehler liegen über ${{limit}}$.
# %%
def generate(draw):
    limit = draw.choice([10, 12, 15])
    rows = [[draw.choice([2, 3, 4, 5, 7, limit, 19, 26]) for _ in range(6)] for _ in range(2)]
    flat = rows[0] + rows[1]
    count = sum(v > limit for v in flat)
    return {"values": {"r1": rows[0], "r2": rows[1], "limit": limit, "count": count}, "answer": count,
            "mistakes": {"good": 12 - count, "equal": count + flat.count(limit)}, "figure": {"type": "grid", "cells": rows}}


def oracle(values):
    import numpy as np

    return int(np.count_nonzero(np.array([values["r1"], values["r2"]]) - values["limit"] > 0))
