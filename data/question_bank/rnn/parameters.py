# %% header [markdown]
# - id: rnn.parameters
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# A simple recurrent layer has ${{d}}$ inputs and ${{units}}$ units: weights for the input, weights for the hidden state, one bias for each unit. How many parameters does it have for sequences of length ${{length}}$?
# %% question.de [markdown]
# Eine einfache rekurrente Schicht hat ${{d}}$ Eingaben und ${{units}}$ Einheiten: Gewichte für die Eingabe, Gewichte für den verdeckten Zustand, einen Bias je Einheit. Wie viele Parameter hat sie für Folgen der Länge ${{length}}$?
# %% mistakes.en [markdown]
# - per_step: the weights were counted anew for every step
# - no_recurrent: the weights of the hidden state were forgotten
# - no_bias: the biases were forgotten
# %% mistakes.de [markdown]
# - per_step: die Gewichte wurden für jeden Schritt neu gezählt
# - no_recurrent: die Gewichte des verdeckten Zustands wurden vergessen
# - no_bias: die Bias-Werte wurden vergessen
# %% solution.en [markdown]
# ${{d}} \cdot {{units}} + {{units}} \cdot {{units}} + {{units}} = {{total}}$; the length does not matter, all steps share the weights.
# %% solution.de [markdown]
# ${{d}} \cdot {{units}} + {{units}} \cdot {{units}} + {{units}} = {{total}}$; die Länge spielt keine Rolle, alle Schritte teilen sich die Gewichte.
# %%
def generate(draw):
    d, units, length = draw.whole(3, 20), draw.whole(4, 20), draw.whole(5, 30)
    total = d * units + units * units + units
    mistakes = {"per_step": total * length, "no_recurrent": d * units + units, "no_bias": total - units}
    return {"values": {"d": d, "units": units, "length": length, "total": total}, "answer": total, "mistakes": mistakes}


def oracle(values):
    import keras

    layer = keras.layers.SimpleRNN(values["units"])
    layer.build((None, values["length"], values["d"]))
    return layer.count_params()
