# %% header [markdown]
# - id: descent.adam_first
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: hard
# - knowledge: application
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 5
# - decimals: 2
# - reference: Kingma & Ba, Adam: a method for stochastic optimization, 2015
# %% question.en [markdown]
# Adam with $\beta_1 = 0.9$, $\beta_2 = 0.999$, bias correction and a negligible $\epsilon$ starts at $w = {{w}}$ with the learning rate ${{eta}}$. The first gradient is $g = {{g}}$. Where is $w$ after the first step?
# %% question.de [markdown]
# Adam mit $\beta_1 = 0.9$, $\beta_2 = 0.999$, Bias-Korrektur und vernachlässigbarem $\epsilon$ startet bei $w = {{w}}$ mit der Lernrate ${{eta}}$. Der erste Gradient ist $g = {{g}}$. Wo liegt $w$ nach dem ersten Schritt?
# %% mistakes.en [markdown]
# - sgd: the step was taken as in plain gradient descent
# - uphill: the step went up the slope
# %% mistakes.de [markdown]
# - sgd: der Schritt wurde wie beim einfachen Gradientenabstieg gemacht
# - uphill: der Schritt ging bergauf
# %% solution.en [markdown]
# After correction the mean is $g$ and the mean square is $g^2$, so the step is $\eta \frac{g}{\sqrt{g^2}}$, of size $\eta$: ${{w}}$ becomes ${{new}}$.
# %% solution.de [markdown]
# Nach der Korrektur ist das Mittel $g$ und das mittlere Quadrat $g^2$, der Schritt also $\eta \frac{g}{\sqrt{g^2}}$ mit der Länge $\eta$: aus ${{w}}$ wird ${{new}}$.
# %%
import numpy as np

from course_utils.from_scratch.optimizers import adam


def generate(draw):
    w, g, eta = draw.whole(1, 5), draw.choice([-8, -5, -3, 3, 5, 8]), draw.choice([0.1, 0.2, 0.05])
    weight = np.array([float(w)])
    adam([weight], eta)([np.array([float(g)])])
    new = round(float(weight[0]), 6)
    return {"values": {"w": w, "g": g, "eta": eta, "new": new}, "answer": new, "mistakes": {"sgd": w - eta * g, "uphill": 2 * w - new}}


def oracle(values):
    return values["w"] - values["eta"] * (1 if values["g"] > 0 else -1)
