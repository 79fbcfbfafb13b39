# %% header [markdown]
# - id: rnn.lstm_parameters
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 4
# %% question.en [markdown]
# An LSTM layer has ${{d}}$ inputs and ${{units}}$ units; each of its four inner layers has weights for the input, weights for the hidden state and one bias for each unit. How many parameters does the layer have?
# %% question.de [markdown]
# Eine LSTM-Schicht hat ${{d}}$ Eingaben und ${{units}}$ Einheiten; jede ihrer vier inneren Schichten hat Gewichte für die Eingabe, Gewichte für den verdeckten Zustand und einen Bias je Einheit. Wie viele Parameter hat die Schicht?
# %% mistakes.en [markdown]
# - one_layer: only one of the four inner layers was counted
# - three_gates: only the three gates were counted, without the candidate
# - no_bias: the biases were forgotten
# %% mistakes.de [markdown]
# - one_layer: es wurde nur eine der vier inneren Schichten gezählt
# - three_gates: es wurden nur die drei Tore ohne den Kandidaten gezählt
# - no_bias: die Bias-Werte wurden vergessen
# %% solution.en [markdown]
# $4 \cdot ({{d}} + {{units}} + 1) \cdot {{units}} = {{total}}$
# %% solution.de [markdown]
# $4 \cdot ({{d}} + {{units}} + 1) \cdot {{units}} = {{total}}$
# %%
def generate(draw):
    d, units = draw.whole(2, 12), draw.choice([4, 5, 8, 10])
    one = (d + units + 1) * units
    return {"values": {"d": d, "units": units, "total": 4 * one}, "answer": 4 * one, "mistakes": {"one_layer": one, "three_gates": 3 * one, "no_bias": 4 * (one - units)}}


def oracle(values):
    import keras

    layer = keras.layers.LSTM(values["units"])
    layer.build((None, 3, values["d"]))
    return layer.count_params()
