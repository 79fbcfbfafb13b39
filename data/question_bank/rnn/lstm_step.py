# %% header [markdown]
# - id: rnn.lstm_step
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 6
# - decimals: c 2, h 2
# - tolerance: 0.011
# - aids: calculator
# %% question.en [markdown]
# One LSTM cell has the gates $i = {{i}}$, $f = {{f}}$, $o = {{o}}$, the candidate $\tilde{c} = {{g}}$ and the old cell state $c_{t-1} = {{old}}$.
#
# - New cell state $c_t$: [[c]]
# - New hidden state $h_t$: [[h]]
# %% question.de [markdown]
# Eine LSTM-Zelle hat die Tore $i = {{i}}$, $f = {{f}}$, $o = {{o}}$, den Kandidaten $\tilde{c} = {{g}}$ und den alten Zellzustand $c_{t-1} = {{old}}$.
#
# - Neuer Zellzustand $c_t$: [[c]]
# - Neuer verdeckter Zustand $h_t$: [[h]]
# %% mistakes.en [markdown]
# - swapped: input gate and forget gate were mixed up
# - no_tanh: the tanh of the cell state was forgotten
# %% mistakes.de [markdown]
# - swapped: Eingangs- und Vergessenstor wurden vertauscht
# - no_tanh: der Tangens hyperbolicus des Zellzustands wurde vergessen
# %% solution.en [markdown]
# $c_t = {{f}} \cdot {{old:p}} + {{i}} \cdot {{g:p}} = {{c}}$ and $h_t = {{o}} \cdot \tanh({{c}}) \approx {{h:2}}$.
# %% solution.de [markdown]
# $c_t = {{f}} \cdot {{old:p}} + {{i}} \cdot {{g:p}} = {{c}}$ und $h_t = {{o}} \cdot \tanh({{c}}) \approx {{h:2}}$.
# %%
import math

import numpy as np

from course_utils.from_scratch.recurrent import lstm_step

bare = lstm_step.__wrapped__


def logit(p):
    return math.log(p / (1 - p))


def generate(draw):
    i, f, o = (draw.grid(0.1, 0.9, 0.1) for _ in range(3))
    g, old = draw.choice([-0.5, 0.5, 0.8, -0.8]), draw.choice([-2, -1, 1, 2])
    bias = np.array([logit(i), logit(f), math.atanh(g), logit(o)])  # weights of zero: the biases alone set the gates
    h, c = bare(np.zeros(1), np.zeros(1), np.array([float(old)]), np.zeros((1, 4)), np.zeros((1, 4)), bias)
    c, h = float(c[0]), float(h[0])
    if draw.way != "exact":  # on paper the tanh is rounded first
        h = o * draw.rounding(math.tanh(c), 2)
    if abs(c) < 0.3:
        return None
    mistakes = {"swapped": {"c": i * old + f * g}, "no_tanh": {"h": o * c}}
    return {"values": {"i": i, "f": f, "o": o, "g": g, "old": old, "c": round(c, 6), "h": h}, "answer": {"c": c, "h": h}, "mistakes": mistakes}


def oracle(values):
    c = values["f"] * values["old"] + values["i"] * values["g"]
    return {"c": c, "h": values["o"] * (1 - 2 / (math.exp(2 * c) + 1))}


def follow(values, given):
    return {"h": values["o"] * math.tanh(given["c"])}
