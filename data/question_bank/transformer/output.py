# %% header [markdown]
# - id: transformer.output
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: medium
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: 1
# %% question.en [markdown]
# One query has the attention weights {{weights}} for three positions. The values of the positions are the rows of $V$. Compute the output.
#
# $$V = {{v}}$$
#
# - First component: [[a]]
# - Second component: [[b]]
# %% question.de [markdown]
# Eine Anfrage hat die Aufmerksamkeitsgewichte {{weights}} für drei Positionen. Die Werte der Positionen sind die Zeilen von $V$. Berechnen Sie die Ausgabe.
#
# $$V = {{v}}$$
#
# - Erste Komponente: [[a]]
# - Zweite Komponente: [[b]]
# %% mistakes.en [markdown]
# - unweighted: the plain mean of the values was taken
# - largest: only the position with the largest weight was taken
# %% mistakes.de [markdown]
# - unweighted: es wurde der einfache Mittelwert der Werte genommen
# - largest: es wurde nur die Position mit dem größten Gewicht genommen
# %% solution.en [markdown]
# ${{first}} = {{a}}$ and ${{second}} = {{b}}$.
# %% solution.de [markdown]
# ${{first}} = {{a}}$ und ${{second}} = {{b}}$.
# %%
import numpy as np

from course_utils.exam.draw import terms
from course_utils.from_scratch.attention import scaled_dot_product_attention

bare = scaled_dot_product_attention.__wrapped__


def generate(draw):
    w = draw.shuffled(draw.choice([[0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.5, 0.4, 0.1]]))
    v = np.array(draw.table(3, 2, -4, 6), float)
    keys = np.log(np.array(w))[:, None]  # with the query 1 these scores give the weights w
    a, b = (float(x) for x in bare(np.ones((1, 1)), keys, v)[0][0])
    best = v[int(np.argmax(w))]
    mistakes = {"unweighted": {"a": v[:, 0].mean(), "b": v[:, 1].mean()}, "largest": {"a": best[0], "b": best[1]}}
    values = {"weights": w, "v": v, "first": terms(w, v[:, 0]), "second": terms(w, v[:, 1]), "a": round(a, 9), "b": round(b, 9)}
    return {"values": values, "answer": {"a": a, "b": b}, "mistakes": mistakes}


def oracle(values):
    a, b = (sum(w * row[i] for w, row in zip(values["weights"], values["v"], strict=True)) for i in (0, 1))
    return {"a": a, "b": b}
