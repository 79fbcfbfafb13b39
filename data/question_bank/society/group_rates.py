# %% header [markdown]
# - id: society.group_rates
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 5
# %% question.en [markdown]
# A network chooses among applicants. The picture shows, for the **qualified** applicants of two groups (rows), how many it invited and how many it rejected (columns). By how many percentage points do the shares of qualified applicants that are invited differ?
# %% question.de [markdown]
# Ein Netz wählt unter Bewerbungen aus. Das Bild zeigt für die **geeigneten** Personen zweier Gruppen (Zeilen), wie viele eingeladen und wie viele abgelehnt wurden (Spalten). Um wie viele Prozentpunkte unterscheiden sich die Anteile der eingeladenen unter den geeigneten?
# %% figure.en [markdown]
# Table of counts: first group {{row1}}, second group {{row2}}, each invited and rejected.
# %% figure.de [markdown]
# Tabelle mit Anzahlen: erste Gruppe {{row1}}, zweite Gruppe {{row2}}, jeweils eingeladen und abgelehnt.
# %% mistakes.en [markdown]
# - counts: the numbers of invited people were subtracted
# - ratio: invited was divided by rejected
# %% mistakes.de [markdown]
# - counts: die Zahlen der Eingeladenen wurden voneinander abgezogen
# - ratio: die Eingeladenen wurden durch die Abgelehnten geteilt
# %% solution.en [markdown]
# ${{one}}$ percent against ${{two}}$ percent: a difference of ${{gap}}$ points (equal opportunity would be $0$).
# %% solution.de [markdown]
# ${{one}}$ Prozent gegen ${{two}}$ Prozent: ein Unterschied von ${{gap}}$ Punkten (bei gleichen Chancen wären es $0$).
# %%
def generate(draw):
    n1, n2 = draw.choice([20, 40, 50]), draw.choice([10, 20, 25])
    one, two = draw.choice([60, 80, 90]), draw.choice([20, 40, 60])
    i1, i2 = n1 * one // 100, n2 * two // 100
    if one == two or i1 * 100 != n1 * one or i2 * 100 != n2 * two:
        return None
    rows = [[i1, n1 - i1], [i2, n2 - i2]]
    ratio = abs(i1 / (n1 - i1) - i2 / (n2 - i2)) * 100
    values = {"row1": rows[0], "row2": rows[1], "one": one, "two": two, "gap": abs(one - two)}
    return {"values": values, "answer": abs(one - two), "mistakes": {"counts": abs(i1 - i2), "ratio": ratio}, "figure": {"type": "grid", "cells": rows}}


def oracle(values):
    shares = [row[0] / sum(row) for row in (values["row1"], values["row2"])]
    return 100 * (max(shares) - min(shares))
