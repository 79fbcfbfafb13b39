# %% header [markdown]
# - id: saliency.gradient_number
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: 1
# %% question.en [markdown]
# The score is $S = \max(0, z)$ with $z = {{a}} x_1 {{b:s}} x_2 {{c:s}}$. Compute the saliency of the pixel $x_1$ as $\left| \frac{\partial S}{\partial x_1} \right|$ at $x_1 = {{x1}}$, $x_2 = {{x2}}$.
# %% question.de [markdown]
# Die Punktzahl ist $S = \max(0, z)$ mit $z = {{a}} x_1 {{b:s}} x_2 {{c:s}}$. Berechnen Sie die Salienz des Pixels $x_1$ als $\left| \frac{\partial S}{\partial x_1} \right|$ an der Stelle $x_1 = {{x1}}$, $x_2 = {{x2}}$.
# %% mistakes.en [markdown]
# - times_input: the slope was multiplied by the pixel
# - other_pixel: the slope with respect to the other pixel was taken
# %% mistakes.de [markdown]
# - times_input: die Steigung wurde mit dem Pixel multipliziert
# - other_pixel: die Steigung nach dem anderen Pixel wurde genommen
# %% solution.en [markdown]
# Here $z = {{z}}$, so ReLU has the slope ${{on}}$ and the saliency is ${{answer}}$.
# %% solution.de [markdown]
# Hier ist $z = {{z}}$, also hat ReLU die Steigung ${{on}}$, und die Salienz ist ${{answer}}$.
# %%
from course_utils.from_scratch.neuron import relu_slope


def generate(draw):
    a, b, c = draw.choice([-3, -2, 2, 3]), draw.choice([-4, -1, 1, 4]), draw.whole(-3, 3)
    x1, x2 = draw.grid(0.5, 3, 0.5), draw.grid(0.5, 3, 0.5)
    z = a * x1 + b * x2 + c
    if z == 0 or c == 0 or x1 == 1 or z < 0 and draw.random() < 0.7:
        return None
    on = int(relu_slope(float(z)))
    mistakes = {"times_input": abs(a) * x1, "other_pixel": abs(b) * on}
    if not on:
        mistakes = {"times_input": abs(a) * x1, "other_pixel": abs(b)}
    values = {"a": a, "b": b, "c": c, "x1": x1, "x2": x2, "z": z, "on": on, "answer": abs(a) * on}
    return {"values": values, "answer": abs(a) * on, "mistakes": mistakes}


def oracle(values):
    def score(x1):
        return max(0, values["a"] * x1 + values["b"] * values["x2"] + values["c"])

    e = 1e-6
    return abs(score(values["x1"] + e) - score(values["x1"] - e)) / (2 * e)
