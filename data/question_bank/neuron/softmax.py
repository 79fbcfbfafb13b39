# %% header [markdown]
# - id: neuron.softmax
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: medium
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: 2
# - aids: calculator
# - reference: Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990
# %% question.en [markdown]
# Three output neurons have the weighted sums $z = {{z}}$. Compute the softmax (powers of $e$), to two decimals.
#
# - First output: [[a]]
# - Second output: [[b]]
# - Third output: [[c]]
# %% question.de [markdown]
# Drei Ausgabeneuronen haben die gewichteten Summen $z = {{z}}$. Berechnen Sie die Softmax-Funktion (Potenzen von $e$), auf zwei Nachkommastellen.
#
# - Erste Ausgabe: [[a]]
# - Zweite Ausgabe: [[b]]
# - Dritte Ausgabe: [[c]]
# %% mistakes.en [markdown]
# - no_exp: the sums were divided by their total without the exponential function
# - base_two: powers of 2 were taken instead of powers of e
# %% mistakes.de [markdown]
# - no_exp: die Summen wurden ohne Exponentialfunktion durch ihre Gesamtsumme geteilt
# - base_two: es wurden Potenzen von 2 statt von e genommen
# %% solution.en [markdown]
# $\frac{e^{z_i}}{\sum_j e^{z_j}}$ gives {{p}}; the three add up to $1$.
# %% solution.de [markdown]
# $\frac{e^{z_i}}{\sum_j e^{z_j}}$ ergibt {{p}}; die drei ergeben zusammen $1$.
# %%
import math

import numpy as np

from course_utils.from_scratch.neuron import softmax

bare = softmax.__wrapped__


def named(three):
    return dict(zip("abc", [float(v) for v in three], strict=True))


def generate(draw):
    z = draw.wholes(3, 0, 3)
    if len(set(z)) < 2 or sum(z) == 0:
        return None
    p = bare(np.array(z, float))
    powers = np.array([2.0**v for v in z])
    mistakes = {"no_exp": named(np.array(z) / sum(z)), "base_two": named(powers / powers.sum())}
    return {"values": {"z": z, "p": [round(float(v), 2) for v in p]}, "answer": named(p), "mistakes": mistakes}


def oracle(values):
    powers = [math.exp(v) for v in values["z"]]
    return dict(zip("abc", [v / sum(powers) for v in powers], strict=True))
