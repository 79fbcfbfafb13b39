# %% header [markdown]
# - id: adversarial.linear_sum
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 3
# - decimals: 2
# %% question.en [markdown]
# A linear neuron has ${{n}}$ weights, all of the absolute value ${{w}}$. Each input moves by $\epsilon = {{eps}}$ in the direction of the sign of its weight. By how much does the weighted sum grow?
# %% question.de [markdown]
# Ein lineares Neuron hat ${{n}}$ Gewichte, alle mit dem Betrag ${{w}}$. Jede Eingabe bewegt sich um $\epsilon = {{eps}}$ in Richtung des Vorzeichens ihres Gewichts. Um wie viel wächst die gewichtete Summe?
# %% mistakes.en [markdown]
# - one_input: only one input was counted
# - cancel: the number of inputs was replaced by its root, as for random changes
# %% mistakes.de [markdown]
# - one_input: es wurde nur eine Eingabe gezählt
# - cancel: statt der Zahl der Eingaben wurde ihre Wurzel genommen, wie bei zufälligen Änderungen
# %% solution.en [markdown]
# Every input adds $\epsilon \cdot |w|$: ${{n}} \cdot {{eps}} \cdot {{w}} = {{change}}$. Many tiny changes add up.
# %% solution.de [markdown]
# Jede Eingabe trägt $\epsilon \cdot |w|$ bei: ${{n}} \cdot {{eps}} \cdot {{w}} = {{change}}$. Viele winzige Änderungen summieren sich.
# %%
from course_utils.exam.draw import rounded


def generate(draw):
    n, w, eps = draw.choice([100, 400, 900]), draw.choice([0.1, 0.2, 0.5]), draw.choice([0.01, 0.02, 0.05])
    change = rounded(n * w * eps, 6)
    mistakes = {"one_input": w * eps, "cancel": n**0.5 * w * eps}
    return {"values": {"n": n, "w": w, "eps": eps, "change": change}, "answer": change, "mistakes": mistakes}


def oracle(values):
    import numpy as np

    from course_utils.from_scratch.neuron import linear, neuron

    w = values["w"] * np.where(np.arange(values["n"]) % 3 == 0, -1.0, 1.0)
    x = np.zeros(values["n"])
    return float(neuron(x + values["eps"] * np.sign(w), w, 0.0, linear) - neuron(x, w, 0.0, linear))
