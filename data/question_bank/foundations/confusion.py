# %% header [markdown]
# - id: foundations.confusion
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: medium
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: 2
# %% question.en [markdown]
# The picture shows a confusion matrix: rows = true class (rabbit, unicorn), columns = predicted class in the same order.
#
# - Accuracy: [[a]]
# - Share of the unicorns that are recognized as unicorns: [[r]]
# %% question.de [markdown]
# Das Bild zeigt eine Konfusionsmatrix: Zeilen = wahre Klasse (Kaninchen, Einhorn), Spalten = vorhergesagte Klasse in derselben Reihenfolge.
#
# - Genauigkeit (*accuracy*): [[a]]
# - Anteil der Einhörner, die als Einhörner erkannt werden: [[r]]
# %% figure.en [markdown]
# Table of counts: true rabbits {{row1}}, true unicorns {{row2}}, each predicted as rabbit and as unicorn.
# %% figure.de [markdown]
# Tabelle mit Anzahlen: wahre Kaninchen {{row1}}, wahre Einhörner {{row2}}, jeweils als Kaninchen und als Einhorn vorhergesagt.
# %% mistakes.en [markdown]
# - errors: the share of the errors was given
# - precision: the share of the predicted unicorns that are unicorns was given
# %% mistakes.de [markdown]
# - errors: der Anteil der Fehler wurde angegeben
# - precision: der Anteil der wahren unter den vorhergesagten Einhörnern wurde angegeben
# %% solution.en [markdown]
# Accuracy $\frac{ {{tn}} + {{tp}} }{100} = {{a}}$; unicorns $\frac{ {{tp}} }{ {{n}} } = {{r}}$.
# %% solution.de [markdown]
# Genauigkeit $\frac{ {{tn}} + {{tp}} }{100} = {{a}}$; Einhörner $\frac{ {{tp}} }{ {{n}} } = {{r}}$.
# %%
def generate(draw):
    n = draw.choice([20, 25, 40, 50])
    tp = round(n * draw.choice([0.4, 0.6, 0.8]))
    fp = draw.whole(2, 14)
    tn = 100 - n - fp
    a, r = (tn + tp) / 100, tp / n
    mistakes = {"errors": {"a": 1 - a, "r": 1 - r}, "precision": {"r": tp / (tp + fp)}}
    values = {"row1": [tn, fp], "row2": [n - tp, tp], "tn": tn, "tp": tp, "n": n, "a": a, "r": r}
    return {"values": values, "answer": {"a": a, "r": r}, "mistakes": mistakes, "figure": {"type": "grid", "cells": [[tn, fp], [n - tp, tp]]}}


def oracle(values):
    from sklearn.metrics import accuracy_score, recall_score

    (tn, fp), (fn, tp) = values["row1"], values["row2"]
    true, said = [0] * (tn + fp) + [1] * (fn + tp), [0] * tn + [1] * fp + [0] * fn + [1] * tp
    return {"a": accuracy_score(true, said), "r": recall_score(true, said)}
