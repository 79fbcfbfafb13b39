# %% header [markdown]
# - id: adversarial.linear_margin
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: determine
# - points: 4
# - minutes: 6
# - decimals: 2
# %% question.en [markdown]
# A linear classifier says class $1$ for $z = w \cdot x + b > 0$, else class $0$. Given: $w = {{w}}$, $b = {{b}}$, $x = {{x}}$. How large must $\epsilon$ be **at least** so that moving every input by at most $\epsilon$ reaches the border $z = 0$?
# %% question.de [markdown]
# Ein linearer Klassifikator sagt für $z = w \cdot x + b > 0$ Klasse $1$, sonst Klasse $0$. Gegeben: $w = {{w}}$, $b = {{b}}$, $x = {{x}}$. Wie groß muss $\epsilon$ **mindestens** sein, damit eine Bewegung jeder Eingabe um höchstens $\epsilon$ die Grenze $z = 0$ erreicht?
# %% mistakes.en [markdown]
# - euclid: the length of w was taken instead of the sum of its absolute values
# - largest: only the input with the largest weight was moved
# - signed: the weights were added with their signs
# %% mistakes.de [markdown]
# - euclid: die Länge von w wurde statt der Summe der Beträge genommen
# - largest: nur die Eingabe mit dem größten Gewicht wurde bewegt
# - signed: die Gewichte wurden mit Vorzeichen addiert
# %% solution.en [markdown]
# $z = {{z}}$; each input may change it by $\epsilon \cdot |w_i|$, together $\epsilon \cdot {{norm}}$. So $\epsilon = \frac{ {{z}} }{ {{norm}} } = {{eps}}$.
# %% solution.de [markdown]
# $z = {{z}}$; jede Eingabe kann sie um $\epsilon \cdot |w_i|$ ändern, zusammen um $\epsilon \cdot {{norm}}$. Also $\epsilon = \frac{ {{z}} }{ {{norm}} } = {{eps}}$.
# %%
import numpy as np

from course_utils.from_scratch.neuron import linear, neuron

bare = neuron.__wrapped__


def generate(draw):
    w, x, b = np.array(draw.wholes(3, -4, 4), float), np.array(draw.wholes(3, -2, 3), float), draw.whole(-2, 3)
    norm = float(np.abs(w).sum())
    z = float(bare(x, w, b, linear))
    if norm not in (4, 5, 8, 10) or z <= 0 or abs(w.sum()) in (0, norm) or np.count_nonzero(w) < 3:
        return None
    eps = z / norm
    if round(eps, 2) != eps:
        return None
    mistakes = {"euclid": z / float(np.sqrt(w @ w)), "largest": z / float(np.abs(w).max()), "signed": z / abs(float(w.sum()))}
    return {"values": {"w": w, "x": x, "b": b, "z": z, "norm": norm, "eps": eps}, "answer": eps, "mistakes": mistakes}


def oracle(values):
    def reaches(eps):  # try all corners of the box around x
        corners = ([x + s * eps for x, s in zip(values["x"], signs, strict=True)] for signs in np.ndindex(2, 2, 2) for signs in [[2 * s - 1 for s in signs]])
        return any(sum(w * v for w, v in zip(values["w"], c, strict=True)) + values["b"] <= 0 for c in corners)

    low, high = 0.0, 20.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
