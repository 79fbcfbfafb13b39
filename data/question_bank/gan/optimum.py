# %% header [markdown]
# - id: gan.optimum
# - version: 2
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

from course_utils.from_scratch.gan import best_discriminator


def generate(draw):
    real, fake = draw.choice([(0.3, 0.1), (0.1, 0.3), (0.2, 0.3), (0.3, 0.2), (0.4, 0.1), (0.1, 0.4), (0.3, 0.5), (0.35, 0.15), (0.15, 0.35), (0.36, 0.04)])
    d = float(best_discriminator.__wrapped__(real, fake))
    width = 0.7
    peak = 1 / (width * math.sqrt(2 * math.pi))  # then the area under each curve is 1
    curves = []
    for height, side, name in [(real, -1, {"en": "real", "de": "echt"}), (fake, 1, {"en": "generated", "de": "erzeugt"})]:
        center = side * width * math.sqrt(2 * math.log(peak / height))  # so it passes x = 0 at its height
        curves.append({"name": name, "points": [[i / 10, peak * math.exp(-(((i / 10 - center) / width) ** 2) / 2)] for i in range(-30, 31)]})
    axes = {"x": "x", "y": {"en": "density", "de": "Dichte"}, "xlim": [-3, 3], "ylim": [0, 0.8]}
    figure = {"type": "plot", **axes, "curves": curves, "arrows": [[0, 0.75, 0, 0.02 + max(real, fake)]]}
    values = {"real": real, "fake": fake, "d": round(d, 6)}
    return {"values": values, "answer": d, "mistakes": {"swapped": 1 - d, "ratio": real / fake}, "figure": figure}


def oracle(values):
    def loss(d):
        return -values["real"] * math.log(d) - values["fake"] * math.log(1 - d)

    return min((i / 10000 for i in range(1, 10000)), key=loss)
