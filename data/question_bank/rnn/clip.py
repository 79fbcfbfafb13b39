# %% header [markdown]
# - id: rnn.clip
# - version: 2
# - topic: rnn
# - lesson: 5
# - difficulty: hard
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 5
# - decimals: n 0, a 1
# - reference: Pascanu, Mikolov & Bengio, On the difficulty of training recurrent neural networks, 2013
# %% question.en [markdown]
# Gradient clipping: if the Euclidean norm of the gradient $g = {{g}}$ exceeds ${{limit}}$, it is scaled to the norm ${{limit}}$.
#
# - Norm of $g$: [[n]]
# - First component after clipping: [[a]]
# %% question.de [markdown]
# Gradient Clipping: Überschreitet die euklidische Norm des Gradienten $g = {{g}}$ den Wert ${{limit}}$, wird er auf die Norm ${{limit}}$ skaliert.
#
# - Norm von $g$: [[n]]
# - Erste Komponente nach dem Kürzen: [[a]]
# %% mistakes.en [markdown]
# - each: each component was cut off on its own
# - sum: the components were added up instead of taking the root of the squares
# %% mistakes.de [markdown]
# - each: jede Komponente wurde einzeln abgeschnitten
# - sum: die Komponenten wurden addiert, statt die Wurzel aus der Summe der Quadrate zu ziehen
# %% solution.en [markdown]
# Norm $\sqrt{ {{first}}^2 + {{second}}^2 } = {{n}}$; scaled: $\frac{ {{limit}} }{ {{n}} } \cdot {{first}} = {{a}}$.
# %% solution.de [markdown]
# Norm $\sqrt{ {{first}}^2 + {{second}}^2 } = {{n}}$; skaliert: $\frac{ {{limit}} }{ {{n}} } \cdot {{first}} = {{a}}$.
# %%
def generate(draw):
    a, b, n = draw.choice([(3, 4, 5), (4, 3, 5), (6, 8, 10), (8, 6, 10), (12, 16, 20), (16, 12, 20)])
    limit = draw.choice([1, 2, 4])
    values = {"g": [a, b], "first": a, "second": b, "limit": limit, "n": n, "a": a * limit / n}
    mistakes = {"each": {"a": min(a, limit)}, "sum": {"n": a + b, "a": a * limit / (a + b)}}
    return {"values": values, "answer": {"n": n, "a": a * limit / n}, "mistakes": mistakes}


def oracle(values):
    import numpy as np

    g = np.array(values["g"], float)
    return {"n": np.linalg.norm(g), "a": (g / np.linalg.norm(g) * values["limit"])[0]}


def follow(values, given):
    scale = values["limit"] / given["n"] if given["n"] > values["limit"] else 1  # below the limit nothing is cut
    return {"a": values["first"] * scale}
