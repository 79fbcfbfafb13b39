# %% header [markdown]
# - id: mlp.backprop
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 5
# - minutes: 8
# - decimals: 2
# %% question.en [markdown]
# A chain of two neurons: $h = \max(0, w_1 x)$, $y = w_2 h$, error $E = \frac{1}{2} (y - t)^2$; no biases. Given: $x = {{x}}$, $w_1 = {{w1}}$, $w_2 = {{w2}}$, $t = {{t}}$.
#
# - Output $y$: [[y]]
# - $\frac{\partial E}{\partial w_2}$: [[g2]]
# - $\frac{\partial E}{\partial w_1}$: [[g1]]
# %% question.de [markdown]
# Eine Kette aus zwei Neuronen: $h = \max(0, w_1 x)$, $y = w_2 h$, Fehler $E = \frac{1}{2} (y - t)^2$; keine Bias-Werte. Gegeben: $x = {{x}}$, $w_1 = {{w1}}$, $w_2 = {{w2}}$, $t = {{t}}$.
#
# - Ausgabe $y$: [[y]]
# - $\frac{\partial E}{\partial w_2}$: [[g2]]
# - $\frac{\partial E}{\partial w_1}$: [[g1]]
# %% figure.en [markdown]
# A chain: input x, hidden neuron h, output y, with the weights {{w1}} and {{w2}} on the two connections.
# %% figure.de [markdown]
# Eine Kette: Eingabe x, verdecktes Neuron h, Ausgabe y, mit den Gewichten {{w1}} und {{w2}} an den zwei Verbindungen.
# %% mistakes.en [markdown]
# - sign: target minus output was taken, so both slopes have the wrong sign
# - not_chained: the weight of the output was left out on the way back
# - factor_two: the derivative was taken without the factor one half in the error
# %% mistakes.de [markdown]
# - sign: Ziel minus Ausgabe wurde genommen, beide Steigungen haben das falsche Vorzeichen
# - not_chained: auf dem Rückweg wurde das Ausgabegewicht ausgelassen
# - factor_two: abgeleitet wurde ohne den Faktor ein Halb im Fehler
# %% solution.en [markdown]
# $h = {{h}}$, $y = {{y}}$, $y - t = {{delta}}$. Then $\frac{\partial E}{\partial w_2} = (y - t) h = {{g2}}$ and $\frac{\partial E}{\partial w_1} = (y - t) w_2 x = {{g1}}$, because ReLU has the slope $1$ here.
# %% solution.de [markdown]
# $h = {{h}}$, $y = {{y}}$, $y - t = {{delta}}$. Dann ist $\frac{\partial E}{\partial w_2} = (y - t) h = {{g2}}$ und $\frac{\partial E}{\partial w_1} = (y - t) w_2 x = {{g1}}$, weil ReLU hier die Steigung $1$ hat.
# %%
import numpy as np

from course_utils.from_scratch.mlp import MLP

net = MLP([1, 1, 1], activation="relu")
gradients = MLP.gradients.__wrapped__


def generate(draw):
    x, w1, w2, t = draw.whole(1, 3), draw.grid(0.5, 2, 0.5), draw.grid(-2, 2, 0.5), draw.whole(-2, 3)
    h = w1 * x
    y = w2 * h
    if w2 == 0 or y == t or w2 == 1:
        return None
    delta = y - t
    for i, w in enumerate((w1, w2)):
        net.weights[i][:] = w
        net.biases[i][:] = 0
    slopes, _ = gradients(net, np.array([[x]], float), np.array([[t]], float))
    g1, g2 = (float(g[0, 0]) * HALF for g in slopes)
    mistakes = {"sign": {"g1": -g1, "g2": -g2}, "not_chained": {"g1": delta * x}, "factor_two": {"g1": 2 * g1, "g2": 2 * g2}}
    values = {"x": x, "w1": w1, "w2": w2, "t": t, "h": h, "y": y, "delta": delta, "g1": g1, "g2": g2}
    figure = {"type": "network", "layers": [["x"], ["h"], ["y"]], "weights": [[[w1]], [[w2]]]}
    return {"values": values, "answer": {"y": y, "g2": g2, "g1": g1}, "mistakes": mistakes, "figure": figure}


HALF = 1.0  # MLP.gradients belongs to the error with one half


def oracle(values):
    def error(w1, w2):
        return (w2 * max(0, w1 * values["x"]) - values["t"]) ** 2 / 2

    w1, w2, e = values["w1"], values["w2"], 1e-5
    return {"y": w2 * w1 * values["x"], "g2": (error(w1, w2 + e) - error(w1, w2 - e)) / (2 * e),
            "g1": (error(w1 + e, w2) - error(w1 - e, w2)) / (2 * e)}


def follow(values, given):
    return {"g2": (given["y"] - values["t"]) * values["h"], "g1": (given["y"] - values["t"]) * values["w2"] * values["x"]}
