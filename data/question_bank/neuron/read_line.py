# %% header [markdown]
# - id: neuron.read_line
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: read
# - points: 3
# - minutes: 4
# - decimals: 1
# %% question.en [markdown]
# The picture shows the separating line of a neuron with step function, $z = w_1 x_1 + w_2 x_2 + b$. Given are $w_1 = {{w1}}$ and $b = {{b}}$. Determine $w_2$.
# %% question.de [markdown]
# Das Bild zeigt die Trenngerade eines Neurons mit Stufenfunktion, $z = w_1 x_1 + w_2 x_2 + b$. Gegeben sind $w_1 = {{w1}}$ und $b = {{b}}$. Bestimmen Sie $w_2$.
# %% figure.en [markdown]
# Coordinate system with $x_1$ across and $x_2$ up: a straight line from (0, {{y}}) on the upright axis to ({{x}}, 0) on the level axis.
# %% figure.de [markdown]
# Koordinatensystem mit $x_1$ waagrecht und $x_2$ senkrecht: eine Gerade von (0, {{y}}) auf der senkrechten zu ({{x}}, 0) auf der waagrechten Achse.
# %% mistakes.en [markdown]
# - sign: the sign of the bias was lost
# - swapped: the two intercepts were mixed up
# %% mistakes.de [markdown]
# - sign: das Vorzeichen des Bias ging verloren
# - swapped: die beiden Achsenabschnitte wurden verwechselt
# %% solution.en [markdown]
# The line crosses $x_1 = 0$ at $x_2 = {{y}}$. There $z = w_2 \cdot {{y}} {{b:s}} = 0$, so $w_2 = {{w2}}$.
# %% solution.de [markdown]
# Die Gerade schneidet $x_1 = 0$ bei $x_2 = {{y}}$. Dort ist $z = w_2 \cdot {{y}} {{b:s}} = 0$, also $w_2 = {{w2}}$.
# %%
def generate(draw):
    x, y, w1 = draw.choice([1, 2, 4, 5]), draw.choice([1, 2, 4, 5]), draw.grid(0.5, 3, 0.5)
    b = -w1 * x
    w2 = -b / y
    if round(w2, 1) != w2 or x == y:
        return None
    axes = {"x": "x₁", "y": "x₂", "xlim": [0, 6], "ylim": [0, 6]}
    figure = {"type": "plot", **axes, "curves": [{"points": [[0, y], [x, 0]]}]}
    mistakes = {"sign": -w2, "swapped": w1}
    return {"values": {"x": x, "y": y, "w1": w1, "w2": w2, "b": b}, "answer": w2, "mistakes": mistakes, "figure": figure}


def oracle(values):
    from course_utils.from_scratch.neuron import linear, neuron

    def z(w2):  # is a straight line in w2: two values give its zero
        return float(neuron([0, values["y"]], [values["w1"], w2], values["b"], linear))

    return -z(0.0) / (z(1.0) - z(0.0))
