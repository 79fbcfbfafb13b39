# %% header [markdown]
# - id: foundations.early_stopping
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: medium
# - knowledge: application
# - kind: number
# - operator: determine
# - points: 2
# - minutes: 4
# - reference: Prechelt, Early stopping, but when?, 1998
# %% question.en [markdown]
# Early stopping with patience ${{patience}}$: training ends once the validation loss has **not** gone below its lowest value so far for ${{patience}}$ epochs in a row. The picture gives the loss in hundredths for epochs $1$, $2$, $3$ and so on. After which epoch does training end?
# %% question.de [markdown]
# Early Stopping mit Geduld (*patience*) ${{patience}}$: Das Training endet, sobald der Validierungs-Loss ${{patience}}$ Epochen nacheinander **nicht** unter seinen bisher kleinsten Wert gefallen ist. Das Bild gibt den Loss in Hundertsteln für die Epochen $1$, $2$, $3$ und so weiter an. Nach welcher Epoche endet das Training?
# %% figure.en [markdown]
# A row of numbers, one for each epoch: {{losses}}.
# %% figure.de [markdown]
# Eine Zeile von Zahlen, eine je Epoche: {{losses}}.
# %% mistakes.en [markdown]
# - lowest: the epoch with the lowest loss was given
# - first_rise: the first epoch with a higher loss was given
# %% mistakes.de [markdown]
# - lowest: die Epoche mit dem kleinsten Loss wurde angegeben
# - first_rise: die erste Epoche mit höherem Loss wurde angegeben
# %% solution.en [markdown]
# The lowest loss until then is at epoch ${{best}}$; ${{patience}}$ epochs without improvement later, after epoch ${{end}}$, training ends.
# %% solution.de [markdown]
# Der bis dahin kleinste Loss liegt bei Epoche ${{best}}$; ${{patience}}$ Epochen ohne Verbesserung später, nach Epoche ${{end}}$, endet das Training.
# %%
def generate(draw):
    patience = draw.whole(2, 3)
    losses = [90]
    for i in range(9):
        losses.append(losses[-1] + draw.choice([-9, -7, -5, 3, 4] if i < 5 else [2, 3, 5, -1]))
    best, end = 0, None
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
        elif i - best == patience:
            end = i + 1
            break
    rise = next((i + 1 for i in range(1, 10) if losses[i] > losses[i - 1]), None)
    if end is None or rise is None or end - patience != best + 1:
        return None
    values = {"patience": patience, "losses": losses, "best": best + 1, "end": end}
    return {"values": values, "answer": end, "mistakes": {"lowest": best + 1, "first_rise": rise}, "figure": {"type": "grid", "cells": [losses]}}


def oracle(values):
    losses, p = values["losses"], values["patience"]
    return min(i + 1 for i in range(p, 10) if min(losses[i - p + 1 : i + 1]) >= min(losses[: i - p + 1]))
