# %% header [markdown]
# - id: mlp.batch_norm
# - version: 2
# - topic: mlp
# - lesson: 2
# - difficulty: medium
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 5
# - decimals: m 1, v 2, n 1
# - reference: Ioffe & Szegedy, Batch normalization, 2015
# %% question.en [markdown]
# A neuron has the weighted sums {{z}} for the four examples of a batch. Batch normalization uses the mean and the variance with $\frac{1}{N}$ of this batch; $\epsilon$ may be left out, $\gamma = 1$, $\beta = 0$.
#
# - Mean: [[m]]
# - Variance: [[v]]
# - Normalized value of the first example: [[n]]
# %% question.de [markdown]
# Ein Neuron hat für die vier Beispiele eines Stapels die gewichteten Summen {{z}}. Die Batch-Normalisierung benutzt Mittelwert und Varianz mit $\frac{1}{N}$ dieses Stapels; $\epsilon$ darf entfallen, $\gamma = 1$, $\beta = 0$.
#
# - Mittelwert: [[m]]
# - Varianz: [[v]]
# - Normalisierter Wert des ersten Beispiels: [[n]]
# %% mistakes.en [markdown]
# - sample: the variance was taken with $\frac{1}{N - 1}$
# - not_rooted: it was divided by the variance instead of its root
# %% mistakes.de [markdown]
# - sample: die Varianz wurde mit $\frac{1}{N - 1}$ gebildet
# - not_rooted: es wurde durch die Varianz statt durch ihre Wurzel geteilt
# %% solution.en [markdown]
# Mean ${{m}}$, variance ${{v}}$, so $\frac{ {{first}} - {{m:p}} }{ \sqrt{ {{v}} } } = {{n}}$.
# %% solution.de [markdown]
# Mittelwert ${{m}}$, Varianz ${{v}}$, also $\frac{ {{first}} - {{m:p}} }{ \sqrt{ {{v}} } } = {{n}}$.
# %%
def generate(draw):
    m, s = draw.whole(-2, 4), draw.choice([1, 2, 3])
    z = draw.choice([[m - s, m + s, m - s, m + s], [m + s, m + s, m - s, m - s]])
    n = (z[0] - m) / s
    mistakes = {"sample": {"v": s * s * 4 / 3}}
    if s > 1:
        mistakes["not_rooted"] = {"n": (z[0] - m) / (s * s)}
    values = {"z": z, "first": z[0], "m": m, "v": s * s, "n": n}
    return {"values": values, "answer": {"m": m, "v": s * s, "n": n}, "mistakes": mistakes}


def oracle(values):
    import numpy as np

    z = np.array(values["z"], float)
    return {"m": z.mean(), "v": z.var(), "n": (z[0] - z.mean()) / z.std()}


def follow(values, given):
    m = given.get("m", values["m"])
    v = sum((z - m) ** 2 for z in values["z"]) / len(values["z"])
    return {"v": v, "n": (values["first"] - m) / given.get("v", v) ** 0.5}
