# %% header [markdown]
# - id: gan.generator_step
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 7
# - decimals: x 1, g 2, n 2
# %% question.en [markdown]
# A one-number GAN: generator $x = w z$, discriminator $D(x) = x^2$ (close to $x = 0$ taken as fake). The generator minimizes $E = \frac{1}{2} (D(x) - 1)^2$. Given: $w = {{w}}$, $z = {{z}}$, learning rate ${{eta}}$.
#
# - Generated number $x$: [[x]]
# - $\frac{\partial E}{\partial w}$: [[g]]
# - $w$ after one step: [[n]]
# %% question.de [markdown]
# Ein GAN für eine Zahl: Generator $x = w z$, Diskriminator $D(x) = x^2$ (nahe $x = 0$ gilt als unecht). Der Generator minimiert $E = \frac{1}{2} (D(x) - 1)^2$. Gegeben: $w = {{w}}$, $z = {{z}}$, Lernrate ${{eta}}$.
#
# - Erzeugte Zahl $x$: [[x]]
# - $\frac{\partial E}{\partial w}$: [[g]]
# - $w$ nach einem Schritt: [[n]]
# %% mistakes.en [markdown]
# - not_chained: the slope of the discriminator was left out
# - uphill: the step went up the slope
# %% mistakes.de [markdown]
# - not_chained: die Steigung des Diskriminators wurde ausgelassen
# - uphill: der Schritt ging bergauf
# %% solution.en [markdown]
# $x = {{x}}$, $D = {{d}}$. $\frac{\partial E}{\partial w} = (D - 1) \cdot 2 x \cdot z = {{g}}$, $w = {{w}} - {{eta}} \cdot {{g:p}} = {{n}}$.
# %% solution.de [markdown]
# $x = {{x}}$, $D = {{d}}$. $\frac{\partial E}{\partial w} = (D - 1) \cdot 2 x \cdot z = {{g}}$, $w = {{w}} - {{eta}} \cdot {{g:p}} = {{n}}$.
# %%
def generate(draw):
    w, z, eta = draw.choice([0.5, 1, 1.5]), draw.choice([-2, -1, 1, 2]), draw.choice([0.1, 0.2])
    x = w * z
    d = x * x
    g = (d - 1) * 2 * x * z
    if g == 0 or round(g, 2) != g or round(w - eta * g, 2) != w - eta * g and round(w - eta * g, 3) != round(w - eta * g, 2):
        return None
    mistakes = {"not_chained": {"g": (d - 1) * z}, "uphill": {"n": w + eta * g}}
    values = {"w": w, "z": z, "eta": eta, "x": x, "d": d, "g": g, "n": w - eta * g}
    return {"values": values, "answer": {"x": x, "g": g, "n": w - eta * g}, "mistakes": mistakes}


def oracle(values):
    def error(w):
        return ((w * values["z"]) ** 2 - 1) ** 2 / 2

    w, e = values["w"], 1e-5
    g = (error(w + e) - error(w - e)) / (2 * e)
    return {"x": w * values["z"], "g": g, "n": w - values["eta"] * g}


def follow(values, given):
    g = given.get("g", (given["x"] ** 2 - 1) * 2 * given["x"] * values["z"])
    return {"g": g, "n": values["w"] - values["eta"] * g}
