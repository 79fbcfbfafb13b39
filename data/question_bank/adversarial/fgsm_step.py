# %% header [markdown]
# - id: adversarial.fgsm_step
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: medium
# - knowledge: recall
# - kind: table
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: 1
# %% question.en [markdown]
# Compute the image after an FGSM step that is to **raise** the loss, $x' = x + \epsilon \cdot \operatorname{sign}(g)$, with $\epsilon = {{eps}}$; afterwards all pixels are clipped to $0 \le x' \le 1$.
#
# $$x = {{x}} \quad g = {{g}}$$
# %% question.de [markdown]
# Berechnen Sie das Bild nach einem FGSM-Schritt, der den Loss **erhöhen** soll, $x' = x + \epsilon \cdot \operatorname{sign}(g)$, mit $\epsilon = {{eps}}$; danach werden alle Pixel auf $0 \le x' \le 1$ beschnitten.
#
# $$x = {{x}} \quad g = {{g}}$$
# %% mistakes.en [markdown]
# - no_clip: the pixels were not clipped
# - downhill: the step went against the gradient
# - no_sign: the gradient itself was taken instead of its sign
# %% mistakes.de [markdown]
# - no_clip: die Pixel wurden nicht beschnitten
# - downhill: der Schritt ging gegen den Gradienten
# - no_sign: der Gradient selbst wurde statt seines Vorzeichens genommen
# %% solution.en [markdown]
# Add ${{eps}}$ where $g > 0$, subtract it where $g < 0$, then clip: {{result}}
# %% solution.de [markdown]
# Wo $g > 0$ ist, ${{eps}}$ addieren, wo $g < 0$, abziehen, dann beschneiden: {{result}}
# %%
import numpy as np


def generate(draw):
    x = np.array([draw.grids(3, 0, 1, 0.1) for _ in range(2)])
    g = np.array([[draw.choice([-2, -1, -0.5, 0.5, 1, 3]) for _ in range(3)] for _ in range(2)])
    eps = draw.choice([0.1, 0.2, 0.3])
    bare = x + eps * np.sign(g)
    if bare.min() >= 0 and bare.max() <= 1:
        return None  # the clipping is to be needed
    result = np.clip(bare, 0, 1)
    mistakes = {"no_clip": bare, "downhill": np.clip(x - eps * np.sign(g), 0, 1), "no_sign": np.clip(x + eps * g, 0, 1)}
    return {"values": {"x": x, "g": g, "eps": eps, "result": result}, "answer": result, "mistakes": mistakes}


def oracle(values):
    def one(x, g):
        return min(1, max(0, x + values["eps"] if g > 0 else x - values["eps"]))

    return [[one(x, g) for x, g in zip(a, b, strict=True)] for a, b in zip(values["x"], values["g"], strict=True)]
