# %% header [markdown]
# - id: transformer.cost
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: hard
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 5
# - reference: Vaswani et al., Attention is all you need, 2017, table 1
# %% question.en [markdown]
# Self-attention computes one score for every pair of positions, in every head of every layer. A model has ${{layers}}$ layers with ${{heads}}$ heads.
#
# - Scores for a text of ${{n}}$ positions: [[a]]
# - By which factor does this number grow for a text ${{times}}$ times as long? [[b]]
# %% question.de [markdown]
# Self-Attention berechnet in jedem Kopf jeder Schicht für jedes Paar von Positionen eine Punktzahl. Ein Modell hat ${{layers}}$ Schichten mit ${{heads}}$ Köpfen.
#
# - Punktzahlen für einen Text aus ${{n}}$ Positionen: [[a]]
# - Um welchen Faktor wächst diese Zahl für einen ${{times}}$-mal so langen Text? [[b]]
# %% mistakes.en [markdown]
# - linear: the cost was taken as growing with the length, not with its square
# - one_layer: only one layer was counted
# %% mistakes.de [markdown]
# - linear: der Aufwand wurde als linear in der Länge angenommen, nicht quadratisch
# - one_layer: es wurde nur eine Schicht gezählt
# %% solution.en [markdown]
# ${{n}}^2 \cdot {{layers}} \cdot {{heads}} = {{a}}$; the factor is ${{times}}^2 = {{b}}$.
# %% solution.de [markdown]
# ${{n}}^2 \cdot {{layers}} \cdot {{heads}} = {{a}}$; der Faktor ist ${{times}}^2 = {{b}}$.
# %%
def generate(draw):
    layers, heads, n, times = draw.whole(2, 6), draw.choice([2, 4, 8]), draw.choice([10, 20, 50, 100]), draw.choice([2, 3, 4, 5, 10])
    total = n * n * layers * heads
    mistakes = {"linear": {"a": n * layers * heads, "b": times}, "one_layer": {"a": n * n * heads}}
    values = {"layers": layers, "heads": heads, "n": n, "times": times, "a": total, "b": times * times}
    return {"values": values, "answer": {"a": total, "b": times * times}, "mistakes": mistakes}


def oracle(values):
    def scores(n):
        return sum(1 for _ in range(n) for _ in range(n)) * values["layers"] * values["heads"]

    return {"a": scores(values["n"]), "b": scores(values["n"] * values["times"]) / scores(values["n"])}
