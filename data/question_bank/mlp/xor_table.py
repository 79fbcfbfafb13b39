# %% header [markdown]
# - id: mlp.xor_table
# - version: 2
# - topic: mlp
# - lesson: 2
# - difficulty: medium
# - knowledge: recall
# - kind: table
# - operator: compute
# - points: 3
# - minutes: 5
# %% question.en [markdown]
# A net has two inputs, two hidden neurons and one output neuron, all with the step function ($1$ for $z > 0$, else $0$):
#
# $$h_1 = \text{step}(x_1 + x_2 - {{b1:p}}) \quad h_2 = \text{step}(x_1 + x_2 - {{b2:p}}) \quad y = \text{step}({{v1}} h_1 {{v2:s}} h_2 - 0.5)$$
#
# Fill in $y$ for the inputs $(0, 0)$, $(0, 1)$, $(1, 0)$, $(1, 1)$, from left to right.
# %% question.de [markdown]
# Ein Netz hat zwei Eingaben, zwei verdeckte Neuronen und ein Ausgabeneuron, alle mit der Stufenfunktion ($1$ für $z > 0$, sonst $0$):
#
# $$h_1 = \text{step}(x_1 + x_2 - {{b1:p}}) \quad h_2 = \text{step}(x_1 + x_2 - {{b2:p}}) \quad y = \text{step}({{v1}} h_1 {{v2:s}} h_2 - 0.5)$$
#
# Tragen Sie $y$ für die Eingaben $(0, 0)$, $(0, 1)$, $(1, 0)$, $(1, 1)$ ein, von links nach rechts.
# %% mistakes.en [markdown]
# - first_only: only the first hidden neuron was used
# - inverted: the outputs are the wrong way round
# %% mistakes.de [markdown]
# - first_only: es wurde nur das erste verdeckte Neuron benutzt
# - inverted: die Ausgaben sind vertauscht
# %% solution.en [markdown]
# The sums $x_1 + x_2$ are $0$, $1$, $1$, $2$; hidden outputs and output follow: {{result}}
# %% solution.de [markdown]
# Die Summen $x_1 + x_2$ sind $0$, $1$, $1$, $2$; daraus folgen die verdeckten Ausgaben und die Ausgabe: {{result}}
# %%
import numpy as np

from course_utils.from_scratch.neuron import neuron, step

bare = neuron.__wrapped__
INPUTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)


def generate(draw):
    b1, b2 = draw.sample([0.5, 1.5, -0.5], 2)
    v1, v2 = draw.choice([(1, -1), (1, 1), (-1, 1), (2, -1), (1, -2)])
    ones = np.ones(2)
    h1, h2 = bare(INPUTS, ones, -b1, step), bare(INPUTS, ones, -b2, step)
    y = bare(np.stack([h1, h2], axis=1), np.array([v1, v2], float), -0.5, step)
    if len(set(y)) == 1:
        return None
    values = {"b1": b1, "b2": b2, "v1": v1, "v2": v2, "result": y}
    return {"values": values, "answer": [y], "mistakes": {"first_only": [h1], "inverted": [1 - y]}}


def oracle(values):
    def fires(z):
        return 1 if z > 0 else 0

    sums = [0, 1, 1, 2]
    return [[fires(values["v1"] * fires(s - values["b1"]) + values["v2"] * fires(s - values["b2"]) - 0.5) for s in sums]]
