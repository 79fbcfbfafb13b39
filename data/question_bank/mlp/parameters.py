# %% header [markdown]
# - id: mlp.parameters
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: easy
# - knowledge: recall
# - kind: single
# - operator: compute
# - points: 2
# - minutes: 3
# - choices: 3
# %% question.en [markdown]
# A fully connected net has ${{n0}}$ inputs, a hidden layer of ${{n1}}$ neurons and ${{n2}}$ output neurons; every neuron has a bias. How many parameters does it have?
# %% question.de [markdown]
# Ein voll verbundenes Netz hat ${{n0}}$ Eingaben, eine verdeckte Schicht mit ${{n1}}$ Neuronen und ${{n2}}$ Ausgabeneuronen; jedes Neuron hat einen Bias. Wie viele Parameter hat es?
# %% mistakes.en [markdown]
# - no_bias: the biases were forgotten
# - one_bias: one bias per layer instead of one per neuron
# - neurons: the neurons were counted
# - input_bias: the inputs were given biases, too
# - shortcut: connections from the inputs to the outputs were counted
# - product: all layer sizes were multiplied
# %% mistakes.de [markdown]
# - no_bias: die Bias-Werte wurden vergessen
# - one_bias: ein Bias je Schicht statt je Neuron
# - neurons: es wurden die Neuronen gezählt
# - input_bias: auch die Eingaben erhielten Bias-Werte
# - shortcut: Verbindungen von den Eingaben zu den Ausgaben wurden mitgezählt
# - product: alle Schichtgrößen wurden multipliziert
# %% solution.en [markdown]
# $({{n0}} + 1) \cdot {{n1}} + ({{n1}} + 1) \cdot {{n2}} = {{total}}$
# %% solution.de [markdown]
# $({{n0}} + 1) \cdot {{n1}} + ({{n1}} + 1) \cdot {{n2}} = {{total}}$
# %%
from course_utils.from_scratch.mlp import MLP


def generate(draw):
    a, b, c = draw.whole(3, 12), draw.whole(3, 12), draw.whole(2, 6)
    total = (a + 1) * b + (b + 1) * c
    mistakes = {"no_bias": a * b + b * c, "one_bias": a * b + b * c + 2, "neurons": a + b + c, "input_bias": total + a,
                "shortcut": total + a * c, "product": a * b * c}
    return {"values": {"n0": a, "n1": b, "n2": c, "total": total}, "answer": total, "mistakes": mistakes}


def oracle(values):
    return MLP([values["n0"], values["n1"], values["n2"]]).count_params()
