# %% header [markdown]
# - id: adversarial.read_curve
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: medium
# - knowledge: application
# - kind: number
# - operator: read
# - points: 2
# - minutes: 3
# - decimals: 1
# - tolerance: 0.051
# - reference: Madry et al., Towards deep learning models resistant to adversarial attacks, 2018
# %% question.en [markdown]
# The picture shows the accuracy of two networks under attacks of growing strength $\epsilon$. From which $\epsilon$ on (to one decimal) is the network with the dashed curve better?
# %% question.de [markdown]
# Das Bild zeigt die Genauigkeit zweier Netze unter Angriffen wachsender Stärke $\epsilon$. Ab welchem $\epsilon$ (auf eine Nachkommastelle) ist das Netz mit der gestrichelten Kurve besser?
# %% figure.en [markdown]
# Accuracy against attack strength: the solid line falls from {{a0}} at strength 0 to {{a1}} at 1, the dashed line from {{b0}} to {{b1}}; they cross once.
# %% figure.de [markdown]
# Genauigkeit gegen Angriffsstärke: Die durchgezogene Linie fällt von {{a0}} bei Stärke 0 auf {{a1}} bei 1, die gestrichelte von {{b0}} auf {{b1}}; sie schneiden sich einmal.
# %% mistakes.en [markdown]
# - start: the place was read where the attack begins
# - end: the place was read where the attack is strongest
# %% mistakes.de [markdown]
# - start: abgelesen wurde, wo der Angriff beginnt
# - end: abgelesen wurde, wo der Angriff am stärksten ist
# %% solution.en [markdown]
# The curves cross at ${{cross}}$; from there on the dashed one lies above.
# %% solution.de [markdown]
# Die Kurven schneiden sich bei ${{cross}}$; ab dort liegt die gestrichelte darüber.
# %%
def generate(draw):
    cross = draw.grid(0.2, 0.7, 0.1)
    a0, b0 = draw.choice([0.95, 0.98]), draw.choice([0.8, 0.85])
    b1 = draw.choice([0.5, 0.6])
    level = b0 + (b1 - b0) * cross
    a1 = a0 + (level - a0) / cross
    if a1 < 0.02:
        return None
    axes = {"x": "ε", "y": {"en": "accuracy", "de": "Genauigkeit"}, "xlim": [0, 1], "ylim": [0, 1]}
    figure = {"type": "plot", **axes, "curves": [{"points": [[0, a0], [1, a1]]}, {"points": [[0, b0], [1, b1]]}]}
    values = {"a0": a0, "a1": round(a1, 2), "a1_exact": a1, "b0": b0, "b1": b1, "cross": cross}
    return {"values": values, "answer": cross, "mistakes": {"start": 0.0, "end": 1.0}, "figure": figure}


def oracle(values):
    return (values["a0"] - values["b0"]) / (values["a0"] - values["b0"] + values["b1"] - values["a1_exact"])
