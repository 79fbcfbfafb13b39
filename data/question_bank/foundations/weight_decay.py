# %% header [markdown]
# - id: foundations.weight_decay
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 6
# - decimals: 2
# %% question.en [markdown]
# The loss is $E = \frac{1}{2} \sum_n (y_n - t_n)^2 + \frac{\lambda}{2} \sum_i w_i^2$. Given: outputs {{y}}, targets {{t}}, weights $w = {{w}}$, $\lambda = {{decay}}$.
#
# - First sum with its factor: [[d]]
# - Second sum with its factor: [[p]]
# - $E$: [[e]]
# %% question.de [markdown]
# Der Loss ist $E = \frac{1}{2} \sum_n (y_n - t_n)^2 + \frac{\lambda}{2} \sum_i w_i^2$. Gegeben: Ausgaben {{y}}, Zielwerte {{t}}, Gewichte $w = {{w}}$, $\lambda = {{decay}}$.
#
# - Erste Summe mit ihrem Faktor: [[d]]
# - Zweite Summe mit ihrem Faktor: [[p]]
# - $E$: [[e]]
# %% mistakes.en [markdown]
# - no_half: the factor one half was forgotten in both terms
# - no_square: the weights were not squared
# %% mistakes.de [markdown]
# - no_half: der Faktor ein Halb wurde in beiden Termen vergessen
# - no_square: die Gewichte wurden nicht quadriert
# %% solution.en [markdown]
# $\frac{1}{2} \cdot {{dd}} = {{d}}$, $\frac{ {{decay}} }{2} \cdot {{ww}} = {{p}}$, together ${{e}}$.
# %% solution.de [markdown]
# $\frac{1}{2} \cdot {{dd}} = {{d}}$, $\frac{ {{decay}} }{2} \cdot {{ww}} = {{p}}$, zusammen ${{e}}$.
# %%
def generate(draw):
    y, t, w, decay = draw.wholes(3, -1, 4), draw.wholes(3, -1, 4), draw.wholes(3, -3, 3), draw.choice([0.1, 0.2, 0.5])
    dd, ww = sum((a - b) ** 2 for a, b in zip(y, t, strict=True)), sum(v * v for v in w)
    d, p = dd / 2, decay * ww / 2
    if dd == 0 or ww == 0:
        return None
    mistakes = {"no_half": {"d": dd, "p": 2 * p, "e": 2 * (d + p)}, "no_square": {"p": decay / 2 * sum(map(abs, w))}}
    values = {"y": y, "t": t, "w": w, "decay": decay, "dd": dd, "ww": ww, "d": d, "p": p, "e": d + p}
    return {"values": values, "answer": {"d": d, "p": p, "e": d + p}, "mistakes": mistakes}


def oracle(values):
    import numpy as np

    d = float(np.sum((np.array(values["y"]) - np.array(values["t"])) ** 2)) / 2
    p = values["decay"] / 2 * float(np.dot(values["w"], values["w"]))
    return {"d": d, "p": p, "e": d + p}


def follow(values, given):
    return {"e": given["d"] + given.get("p", values["p"])}
