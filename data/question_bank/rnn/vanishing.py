# %% header [markdown]
# - id: rnn.vanishing
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: medium
# - knowledge: application
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 3
# - aids: calculator
# - decimals: 3
# - reference: Hochreiter, Bengio, Frasconi & Schmidhuber, Gradient flow in recurrent nets, 2001
# %% question.en [markdown]
# On the way back through time the gradient is multiplied by ${{factor}}$ in every step. Which share of it is left after ${{steps}}$ steps (three decimals)?
# %% question.de [markdown]
# Auf dem Rückweg durch die Zeit wird der Gradient in jedem Schritt mit ${{factor}}$ multipliziert. Welcher Anteil ist nach ${{steps}}$ Schritten übrig (drei Nachkommastellen)?
# %% mistakes.en [markdown]
# - linear: the loss per step was subtracted instead of multiplied
# - one_less: one step too few was counted
# %% mistakes.de [markdown]
# - linear: der Verlust je Schritt wurde abgezogen statt multipliziert
# - one_less: es wurde ein Schritt zu wenig gezählt
# %% solution.en [markdown]
# ${{factor}}^{ {{steps}} } \approx {{left:3}}$
# %% solution.de [markdown]
# ${{factor}}^{ {{steps}} } \approx {{left:3}}$
# %%
def generate(draw):
    factor, steps = draw.grid(0.5, 0.9, 0.05), draw.whole(4, 12)
    left = factor**steps
    values = {"factor": factor, "steps": steps, "left": left}
    return {"values": values, "answer": left, "mistakes": {"linear": max(0.0, 1 - steps * (1 - factor)), "one_less": factor ** (steps - 1)}}


def oracle(values):
    import numpy as np

    from course_utils.from_scratch.recurrent import rnn

    n, e = values["steps"], 1e-4  # a recurrent layer near zero is linear: how much of a small start arrives?
    x = np.zeros((n + 1, 1))
    x[0] = e
    return float(rnn(x, np.eye(1), np.array([[values["factor"]]]), np.zeros(1))[-1, 0] / np.tanh(e))
