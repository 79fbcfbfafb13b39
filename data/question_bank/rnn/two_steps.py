# %% header [markdown]
# - id: rnn.two_steps
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: medium
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 5
# - decimals: 1
# %% question.en [markdown]
# A recurrent neuron computes $h_t = \max(0, {{w}} x_t + {{u}} h_{t-1} {{b:s}})$ with $h_0 = 0$. The inputs are $x_1 = {{x1}}$ and $x_2 = {{x2}}$.
#
# - $h_1$: [[h1]]
# - $h_2$: [[h2]]
# %% question.de [markdown]
# Ein rekurrentes Neuron berechnet $h_t = \max(0, {{w}} x_t + {{u}} h_{t-1} {{b:s}})$ mit $h_0 = 0$. Die Eingaben sind $x_1 = {{x1}}$ und $x_2 = {{x2}}$.
#
# - $h_1$: [[h1]]
# - $h_2$: [[h2]]
# %% mistakes.en [markdown]
# - no_memory: the old hidden state was left out
# - no_bias: the bias was left out
# %% mistakes.de [markdown]
# - no_memory: der alte verdeckte Zustand wurde ausgelassen
# - no_bias: der Bias wurde ausgelassen
# %% solution.en [markdown]
# $h_1 = \max(0, {{w}} \cdot {{x1}} {{b:s}}) = {{h1}}$, $h_2 = \max(0, {{w}} \cdot {{x2:p}} + {{u}} \cdot {{h1}} {{b:s}}) = {{h2}}$.
# %% solution.de [markdown]
# $h_1 = \max(0, {{w}} \cdot {{x1}} {{b:s}}) = {{h1}}$, $h_2 = \max(0, {{w}} \cdot {{x2:p}} + {{u}} \cdot {{h1}} {{b:s}}) = {{h2}}$.
# %%
from course_utils.from_scratch.neuron import relu


def generate(draw):
    w, u, b, x1, x2 = draw.whole(1, 3), draw.grid(0.5, 2, 0.5), draw.choice([-2, -1, 1, 2]), draw.whole(1, 4), draw.whole(-1, 3)
    h1 = float(relu(float(w * x1 + b)))
    h2 = float(relu(w * x2 + u * h1 + b))
    if h1 == 0 or h2 == 0:
        return None
    mistakes = {"no_memory": {"h2": max(0, w * x2 + b)}, "no_bias": {"h1": w * x1, "h2": w * x2 + u * w * x1}}
    values = {"w": w, "u": u, "b": b, "x1": x1, "x2": x2, "h1": h1, "h2": h2}
    return {"values": values, "answer": {"h1": h1, "h2": h2}, "mistakes": mistakes}


def oracle(values):
    h = 0.0
    states = []
    for x in (values["x1"], values["x2"]):
        z = values["w"] * x + values["u"] * h + values["b"]
        h = z if z > 0 else 0.0
        states.append(h)
    return {"h1": states[0], "h2": states[1]}


def follow(values, given):
    return {"h2": max(0, values["w"] * values["x2"] + values["u"] * given["h1"] + values["b"])}
