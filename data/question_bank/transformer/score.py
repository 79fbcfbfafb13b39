# %% header [markdown]
# - id: transformer.score
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 2
# - decimals: 1
# %% question.en [markdown]
# Compute the scaled score $\frac{q \cdot k}{\sqrt{d_k}}$ of the query $q = {{q}}$ and the key $k = {{k}}$, before the softmax.
# %% question.de [markdown]
# Berechnen Sie die skalierte Punktzahl $\frac{q \cdot k}{\sqrt{d_k}}$ der Anfrage $q = {{q}}$ und des Schlüssels $k = {{k}}$, vor der Softmax-Funktion.
# %% mistakes.en [markdown]
# - unscaled: the square root of d_k was forgotten
# - divided_d: it was divided by d_k instead of its root
# %% mistakes.de [markdown]
# - unscaled: die Wurzel aus d_k wurde vergessen
# - divided_d: es wurde durch d_k statt durch die Wurzel geteilt
# %% solution.en [markdown]
# $q \cdot k = {{terms}} = {{dot}}$, $\sqrt{d_k} = \sqrt{4} = 2$, score ${{score}}$.
# %% solution.de [markdown]
# $q \cdot k = {{terms}} = {{dot}}$, $\sqrt{d_k} = \sqrt{4} = 2$, Punktzahl ${{score}}$.
# %%
from course_utils.exam.draw import terms


def generate(draw):
    q, k = draw.wholes(4, -2, 3), draw.wholes(4, -2, 3)
    dot = sum(a * b for a, b in zip(q, k, strict=True))
    if dot == 0:
        return None
    values = {"q": q, "k": k, "terms": terms(q, k), "dot": dot, "score": dot / 2}
    return {"values": values, "answer": dot / 2, "mistakes": {"unscaled": dot, "divided_d": dot / 4}}


def oracle(values):
    import numpy as np

    from course_utils.from_scratch.attention import scaled_dot_product_attention

    q, k = np.array([values["q"]], float), np.array([values["k"], [0] * 4], float)  # beside a key of zeros
    weight = scaled_dot_product_attention(q, k, np.eye(2))[1][0]
    return float(np.log(weight[0] / weight[1]))
