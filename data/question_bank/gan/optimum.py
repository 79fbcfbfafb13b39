# %% header [markdown]
# - id: gan.optimum
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: hard
# - knowledge: application
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 5
# - decimals: 2
# - reference: Goodfellow et al., Generative adversarial nets, 2014, proposition 1
# %% question.en [markdown]
# At the place $x$ under the arrow real data have the density ${{real}}$ and generated data ${{fake}}$. Which value does the optimal discriminator $D(x)$, trained with cross-entropy on equally many of both, take there?
# %% question.de [markdown]
# An der Stelle $x$ unter dem Pfeil haben echte Daten die Dichte ${{real}}$ und erzeugte ${{fake}}$. Welchen Wert nimmt dort der optimale Diskriminator $D(x)$ an, der mit Kreuzentropie auf gleich vielen von beiden trainiert wurde?
# %% mistakes.en [markdown]
# - swapped: the share of the generated data was taken
# - ratio: the ratio of the densities was taken
# %% mistakes.de [markdown]
# - swapped: der Anteil der erzeugten Daten wurde genommen
# - ratio: das Verhältnis der Dichten wurde genommen
# %% solution.en [markdown]
# $D(x) = \frac{p_r}{p_r + p_g} = \frac{ {{real}} }{ {{real}} + {{fake}} } = {{d}}$
# %% solution.de [markdown]
# $D(x) = \frac{p_r}{p_r + p_g} = \frac{ {{real}} }{ {{real}} + {{fake}} } = {{d}}$
# %% figure.en [markdown]
# Two density curves over x, real and generated; at x they have the heights {{real}} and {{fake}}.
# %% figure.de [markdown]
# Zwei Dichtekurven über x, echt und erzeugt; bei x haben sie die Höhen {{real}} und {{fake}}.
# %%
import math


def generate(draw):
    real, fake = draw.choice([(0.3, 0.1), (0.1, 0.3), (0.2, 0.3), (0.3, 0.2), (0.4, 0.1), (0.1, 0.4), (0.3, 0.5), (0.35, 0.15), (0.15, 0.35), (0.36, 0.04)])
    d = real / (real + fake)
    bumps = [(real, -0.8, {"en": "real", "de": "echt"}), (fake, 0.9, {"en": "generated", "de": "erzeugt"})]
    curves = []
    for height, center, name in bumps:  # each curve passes x = 0 at its height
        peak = height / math.exp(-center * center)
        curves.append({"name": name, "points": [[i / 10, peak * math.exp(-((i / 10 - center) ** 2))] for i in range(-30, 31)]})
    axes = {"x": "x", "y": {"en": "density", "de": "Dichte"}, "xlim": [-3, 3], "ylim": [0, 1.4]}
    figure = {"type": "plot", **axes, "curves": curves, "arrows": [[0, 1.3, 0, 0.02 + max(real, fake)]]}
    values = {"real": real, "fake": fake, "d": round(d, 6)}
    return {"values": values, "answer": d, "mistakes": {"swapped": 1 - d, "ratio": real / fake}, "figure": figure}


def oracle(values):
    def loss(d):
        return -values["real"] * math.log(d) - values["fake"] * math.log(1 - d)

    return min((i / 10000 for i in range(1, 10000)), key=loss)
