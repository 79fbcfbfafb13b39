# %% header [markdown]
# - id: foundations.imbalance
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: medium
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: 2
# - reference: He & Garcia, Learning from imbalanced data, 2009
# %% question.en [markdown]
# Of ${{n}}$ workpieces ${{bad}}$ have a defect. A network calls **every** workpiece good.
#
# - Accuracy of the network: [[a]]
# - Mean of the two recognition rates (good workpieces, defective workpieces): [[b]]
# %% question.de [markdown]
# Von ${{n}}$ Werkstücken haben ${{bad}}$ einen Defekt. Ein Netz nennt **jedes** Werkstück gut.
#
# - Genauigkeit des Netzes: [[a]]
# - Mittel der zwei Erkennungsraten (gute Werkstücke, defekte Werkstücke): [[b]]
# %% mistakes.en [markdown]
# - bad_share: the share of the defective ones was given
# - same: the accuracy was taken for the mean rate, too
# %% mistakes.de [markdown]
# - bad_share: der Anteil der defekten wurde angegeben
# - same: die Genauigkeit wurde auch als mittlere Rate angegeben
# %% solution.en [markdown]
# Accuracy $\frac{ {{good}} }{ {{n}} } = {{a}}$; rates $1$ and $0$, mean $0.5$: the network has learned nothing.
# %% solution.de [markdown]
# Genauigkeit $\frac{ {{good}} }{ {{n}} } = {{a}}$; Raten $1$ und $0$, Mittel $0.5$: Das Netz hat nichts gelernt.
# %%
def generate(draw):
    n = draw.choice([100, 200, 500])
    bad = n * draw.whole(1, 12) // 100
    a = (n - bad) / n
    mistakes = {"bad_share": {"a": 1 - a}, "same": {"b": a}}
    return {"values": {"n": n, "bad": bad, "good": n - bad, "a": a}, "answer": {"a": a, "b": 0.5}, "mistakes": mistakes}


def oracle(values):
    from sklearn.metrics import accuracy_score, balanced_accuracy_score

    true, said = [1] * values["bad"] + [0] * values["good"], [0] * values["n"]
    return {"a": accuracy_score(true, said), "b": balanced_accuracy_score(true, said)}
