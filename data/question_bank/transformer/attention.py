# %% header [markdown]
# - id: transformer.attention
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 7
# - decimals: 2
# - tolerance: 0.011
# - aids: calculator
# %% question.en [markdown]
# One query $q = {{q}}$ attends to two positions with the keys $k_1 = {{k1}}$ and $k_2 = {{k2}}$ and the values $v_1 = {{v1}}$ and $v_2 = {{v2}}$; $d_k = 4$, scaled dot product, softmax with powers of $e$.
#
# - Attention weight of the first position: [[w]]
# - Output: [[y]]
# %% question.de [markdown]
# Eine Anfrage $q = {{q}}$ achtet auf zwei Positionen mit den Schlüsseln $k_1 = {{k1}}$ und $k_2 = {{k2}}$ und den Werten $v_1 = {{v1}}$ und $v_2 = {{v2}}$; $d_k = 4$, skaliertes Skalarprodukt, Softmax mit Potenzen von $e$.
#
# - Aufmerksamkeitsgewicht der ersten Position: [[w]]
# - Ausgabe: [[y]]
# %% mistakes.en [markdown]
# - unscaled: the square root of d_k was forgotten
# - swapped: the two weights were mixed up
# %% mistakes.de [markdown]
# - unscaled: die Wurzel aus d_k wurde vergessen
# - swapped: die beiden Gewichte wurden vertauscht
# %% solution.en [markdown]
# Scores ${{s1}}$ and ${{s2}}$, weight $\frac{e^{ {{s1}} }}{e^{ {{s1}} } + e^{ {{s2}} }} \approx {{w:2}}$, output $\approx {{y:2}}$.
# %% solution.de [markdown]
# Punktzahlen ${{s1}}$ und ${{s2}}$, Gewicht $\frac{e^{ {{s1}} }}{e^{ {{s1}} } + e^{ {{s2}} }} \approx {{w:2}}$, Ausgabe $\approx {{y:2}}$.
# %%
import math

import numpy as np

from course_utils.from_scratch.attention import scaled_dot_product_attention

bare = scaled_dot_product_attention.__wrapped__


def generate(draw):
    q, k = draw.wholes(4, 0, 1), np.array(draw.table(2, 4, 0, 2), float)
    v1, v2 = draw.choice([(1, 0), (0, 1), (1, 2), (2, 1)])
    out, weights = bare(np.array([q], float), k, np.array([[v1], [v2]], float))
    w, y = float(weights[0, 0]), float(out[0, 0])
    if draw.way != "exact":  # on paper the weight is rounded first
        y = draw.rounding(w, 2) * v1 + (1 - draw.rounding(w, 2)) * v2
    s1, s2 = (float(s) for s in k @ np.array(q) / 2)
    if abs(s1 - s2) < 0.4:
        return None
    bald = 1 / (1 + math.exp(2 * (s2 - s1)))
    mistakes = {"unscaled": {"w": bald, "y": bald * v1 + (1 - bald) * v2}, "swapped": {"w": 1 - w, "y": (1 - w) * v1 + w * v2}}
    values = {"q": q, "k1": k[0], "k2": k[1], "v1": v1, "v2": v2, "s1": s1, "s2": s2, "w": w, "y": y}
    return {"values": values, "answer": {"w": w, "y": y}, "mistakes": mistakes}


def oracle(values):
    import keras

    k = np.array([values["k1"], values["k2"]], float)
    w = float(keras.ops.softmax(k @ np.array(values["q"], float) / 2)[0])
    return {"w": w} | follow(values, {"w": w})


def follow(values, given):
    return {"y": given["w"] * values["v1"] + (1 - given["w"]) * values["v2"]}
