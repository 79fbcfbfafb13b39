# %% header [markdown]
# - id: descent.updates
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: easy
# - knowledge: application
# - kind: number
# - operator: compute
# - points: 1
# - minutes: 2
# - reference: Bottou, Curtis & Nocedal, Optimization methods for large-scale machine learning, 2018
# %% question.en [markdown]
# A training set has ${{n}}$ examples, the batch size is ${{batch}}$, and a last, smaller batch is used as well. How many updates of the weights are made in ${{epochs}}$ epochs?
# %% question.de [markdown]
# Ein Trainingssatz hat ${{n}}$ Beispiele, die Stapelgröße ist ${{batch}}$, und ein letzter, kleinerer Stapel wird mitbenutzt. Wie oft werden die Gewichte in ${{epochs}}$ Epochen geändert?
# %% mistakes.en [markdown]
# - dropped: the last, smaller batch was dropped
# - one_epoch: only one epoch was counted
# - examples: one update per example was counted
# %% mistakes.de [markdown]
# - dropped: der letzte, kleinere Stapel wurde weggelassen
# - one_epoch: es wurde nur eine Epoche gezählt
# - examples: es wurde ein Schritt je Beispiel gezählt
# %% solution.en [markdown]
# ${{per}}$ batches an epoch (rounded up), ${{per}} \cdot {{epochs}} = {{total}}$.
# %% solution.de [markdown]
# ${{per}}$ Stapel je Epoche (aufgerundet), ${{per}} \cdot {{epochs}} = {{total}}$.
# %%
def generate(draw):
    batch, epochs = draw.choice([10, 20, 25, 50]), draw.whole(2, 5)
    n = batch * draw.whole(4, 20) + draw.whole(1, batch - 1)
    per = -(-n // batch)
    mistakes = {"dropped": n // batch * epochs, "one_epoch": per, "examples": n * epochs}
    return {"values": {"n": n, "batch": batch, "epochs": epochs, "per": per, "total": per * epochs}, "answer": per * epochs, "mistakes": mistakes}


def oracle(values):
    return sum(len(range(0, values["n"], values["batch"])) for _ in range(values["epochs"]))
