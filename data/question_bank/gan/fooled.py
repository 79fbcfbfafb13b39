# %% header [markdown]
# - id: gan.fooled
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 1
# - minutes: 2
# %% question.en [markdown]
# A discriminator calls a picture real if its output is above $0.5$. The picture shows its outputs in percent for {{n}} **generated** pictures. How many of them fool it?
# %% question.de [markdown]
# Ein Diskriminator nennt ein Bild echt, wenn seine Ausgabe über $0.5$ liegt. Das Bild zeigt seine Ausgaben in Prozent für {{n}} **erzeugte** Bilder. Wie viele davon täuschen ihn?
# %% figure.en [markdown]
# A table of percentages: {{outputs}}.
# %% figure.de [markdown]
# Eine Tabelle von Prozentzahlen: {{outputs}}.
# %% mistakes.en [markdown]
# - caught: the pictures it recognizes were counted
# %% mistakes.de [markdown]
# - caught: die erkannten Bilder wurden gezählt
# %% solution.en [markdown]
# Above $50$ percent are {{count}} of the {{n}} numbers.
# %% solution.de [markdown]
# Über $50$ Prozent liegen {{count}} der {{n}} Zahlen.
# %%
def generate(draw):
    n = draw.whole(6, 9)
    outputs = [draw.choice([5, 12, 23, 31, 44, 56, 62, 75, 88, 93]) for _ in range(n)]
    count = sum(v > 50 for v in outputs)
    return {"values": {"n": n, "outputs": outputs, "count": count}, "answer": count, "mistakes": {"caught": n - count},
            "figure": {"type": "grid", "cells": [outputs]}}


def oracle(values):
    return len([v for v in values["outputs"] if v / 100 > 0.5])
