# %% header [markdown]
# - id: mlp.forward
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: medium
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 6
# %% question.en [markdown]
# The picture shows a net with ReLU, $\max(0, z)$, in the hidden layer and a linear output. The numbers on the lines are weights; all biases are $0$. The inputs are $x_1 = {{x1}}$ and $x_2 = {{x2}}$.
#
# - Upper hidden output $h_1$: [[h1]]
# - Lower hidden output $h_2$: [[h2]]
# - Output $y$: [[y]]
# %% question.de [markdown]
# Das Bild zeigt ein Netz mit ReLU, $\max(0, z)$, in der verdeckten Schicht und linearer Ausgabe. Die Zahlen an den Linien sind Gewichte; alle Bias-Werte sind $0$. Die Eingaben sind $x_1 = {{x1}}$ und $x_2 = {{x2}}$.
#
# - Obere verdeckte Ausgabe $h_1$: [[h1]]
# - Untere verdeckte Ausgabe $h_2$: [[h2]]
# - Ausgabe $y$: [[y]]
# %% figure.en [markdown]
# A net with inputs x₁, x₂, hidden neurons h₁, h₂ and output y. Weights from x₁ to h₁ and h₂: {{row1}}; from x₂ to h₁ and h₂: {{row2}}; from h₁ and h₂ to y: {{out}}.
# %% figure.de [markdown]
# Ein Netz mit den Eingaben x₁, x₂, verdeckten Neuronen h₁, h₂ und der Ausgabe y. Gewichte von x₁ zu h₁ und h₂: {{row1}}; von x₂ zu h₁ und h₂: {{row2}}; von h₁ und h₂ zu y: {{out}}.
# %% mistakes.en [markdown]
# - no_relu: ReLU was forgotten in the hidden layer
# - transposed: the weights were read along the wrong lines
# %% mistakes.de [markdown]
# - no_relu: ReLU wurde in der verdeckten Schicht vergessen
# - transposed: die Gewichte wurden an den falschen Linien abgelesen
# %% solution.en [markdown]
# $h_1 = \max(0, {{z1}}) = {{h1}}$, $h_2 = \max(0, {{z2}}) = {{h2}}$, $y = {{last}} = {{y}}$.
# %% solution.de [markdown]
# $h_1 = \max(0, {{z1}}) = {{h1}}$, $h_2 = \max(0, {{z2}}) = {{h2}}$, $y = {{last}} = {{y}}$.
# %%
import numpy as np

from course_utils.exam.draw import terms
from course_utils.from_scratch.neuron import relu


def generate(draw):
    x, w, v = draw.wholes(2, 1, 4), draw.table(2, 2, -2, 3), draw.wholes(2, -2, 3)
    z = np.array(x, float) @ np.array(w, float)
    h = relu(z)
    if 0 in v or 0 in w[0] + w[1] or h.max() == 0:
        return None
    y = float(h @ np.array(v, float))
    turned = np.maximum(np.array(w) @ np.array(x), 0)
    answer = {"h1": h[0], "h2": h[1], "y": y}
    mistakes = {"no_relu": {"h1": z[0], "h2": z[1], "y": z @ np.array(v)}, "transposed": {"h1": turned[0], "h2": turned[1], "y": turned @ np.array(v)}}
    if z.min() >= 0:
        mistakes.pop("no_relu")
    layers = [["x₁", "x₂"], ["h₁", "h₂"], ["y"]]
    values = {"x1": x[0], "x2": x[1], "x": x, "w": w, "v": v, "row1": w[0], "row2": w[1], "out": v, "z1": z[0], "z2": z[1], **answer}
    values["last"] = terms(v, h)
    figure = {"type": "network", "layers": layers, "weights": [w, [[v[0]], [v[1]]]]}
    return {"values": values, "answer": answer, "mistakes": mistakes, "figure": figure}


def oracle(values):
    h = [max(0, sum(values["x"][i] * values["w"][i][j] for i in range(2))) for j in range(2)]
    return {"h1": h[0], "h2": h[1]} | follow(values, {"h1": h[0], "h2": h[1]})


def follow(values, given):
    h1, h2 = given["h1"], given.get("h2", values["h2"])
    return {"y": values["v"][0] * h1 + values["v"][1] * h2}
