# %% header [markdown]
# - id: rnn.one_hot
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: determine
# - points: 1
# - minutes: 1
# %% question.en [markdown]
# A character model knows ${{n}}$ different characters and uses one-hot encoding (1-of-k). A text has ${{length}}$ characters. How many ones does its encoding hold?
# %% question.de [markdown]
# Ein Zeichenmodell kennt ${{n}}$ verschiedene Zeichen und benutzt One-Hot-Kodierung (1-aus-k). Ein Text hat ${{length}}$ Zeichen. Wie viele Einsen enthält seine Kodierung?
# %% mistakes.en [markdown]
# - all: all numbers were counted, zeros included
# - alphabet: the size of the alphabet was given
# %% mistakes.de [markdown]
# - all: alle Zahlen wurden gezählt, auch die Nullen
# - alphabet: die Größe des Alphabets wurde angegeben
# %% solution.en [markdown]
# Each character has exactly one $1$ among its ${{n}}$ numbers: ${{length}}$ ones.
# %% solution.de [markdown]
# Jedes Zeichen hat unter seinen ${{n}}$ Zahlen genau eine $1$: ${{length}}$ Einsen.
# %%
def generate(draw):
    n, length = draw.whole(26, 90), draw.whole(5, 25)
    return {"values": {"n": n, "length": length}, "answer": length, "mistakes": {"all": n * length, "alphabet": n}}


def oracle(values):
    import numpy as np

    return int(np.eye(values["n"])[np.arange(values["length"]) % values["n"]].sum())
