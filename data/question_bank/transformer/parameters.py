# %% header [markdown]
# - id: transformer.parameters
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 4
# %% question.en [markdown]
# A multi-head attention layer of model width ${{width}}$ has ${{heads}}$ heads of width ${{head}}$ each; the projections of queries, keys, values and the output have biases. How many parameters does the layer have?
# %% question.de [markdown]
# Eine Multi-Head-Attention-Schicht der Modellbreite ${{width}}$ hat ${{heads}}$ Köpfe der Breite ${{head}}$; die Projektionen von Anfragen, Schlüsseln, Werten und der Ausgabe haben Bias-Werte. Wie viele Parameter hat die Schicht?
# %% mistakes.en [markdown]
# - no_output: the projection of the output was forgotten
# - no_bias: the biases were forgotten
# - per_head: full width was given to every head
# %% mistakes.de [markdown]
# - no_output: die Projektion der Ausgabe wurde vergessen
# - no_bias: die Bias-Werte wurden vergessen
# - per_head: jeder Kopf bekam die volle Breite
# %% solution.en [markdown]
# Since ${{heads}} \cdot {{head}} = {{width}}$: $4 \cdot ({{width}} \cdot {{width}} + {{width}}) = {{total}}$.
# %% solution.de [markdown]
# Wegen ${{heads}} \cdot {{head}} = {{width}}$: $4 \cdot ({{width}} \cdot {{width}} + {{width}}) = {{total}}$.
# %%
def generate(draw):
    heads, head = draw.choice([2, 4, 5]), draw.choice([2, 3, 4, 5])
    width = heads * head
    one = width * width + width
    mistakes = {"no_output": 3 * one, "no_bias": 4 * width * width, "per_head": heads * 3 * one + one}
    return {"values": {"width": width, "heads": heads, "head": head, "total": 4 * one}, "answer": 4 * one, "mistakes": mistakes}


def oracle(values):
    import keras

    layer = keras.layers.MultiHeadAttention(values["heads"], values["head"])
    layer.build((None, 3, values["width"]), (None, 3, values["width"]))
    return layer.count_params()
