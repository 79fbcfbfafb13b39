# %% header [markdown]
# - id: cnn.conv_parameters
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: medium
# - knowledge: application
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 4
# - reference: Simonyan & Zisserman, Very deep convolutional networks, 2015
# %% question.en [markdown]
# A convolutional layer has kernels of ${{k}} \times {{k}}$, ${{cin}}$ input channels, ${{cout}}$ filters and one bias for each filter. How many parameters does it have?
# %% question.de [markdown]
# Eine Faltungsschicht hat Kerne von ${{k}} \times {{k}}$, ${{cin}}$ Eingabekanäle, ${{cout}}$ Filter und einen Bias je Filter. Wie viele Parameter hat sie?
# %% mistakes.en [markdown]
# - no_bias: the biases were forgotten
# - one_channel: the input channels were forgotten
# - one_filter: only one filter was counted
# %% mistakes.de [markdown]
# - no_bias: die Bias-Werte wurden vergessen
# - one_channel: die Eingabekanäle wurden vergessen
# - one_filter: es wurde nur ein Filter gezählt
# %% solution.en [markdown]
# $({{k}} \cdot {{k}} \cdot {{cin}} + 1) \cdot {{cout}} = {{total}}$
# %% solution.de [markdown]
# $({{k}} \cdot {{k}} \cdot {{cin}} + 1) \cdot {{cout}} = {{total}}$
# %%
def generate(draw):
    k, cin, cout = draw.choice([3, 5]), draw.choice([3, 4, 8, 10]), draw.choice([4, 8, 10, 16, 20])
    total = (k * k * cin + 1) * cout
    mistakes = {"no_bias": total - cout, "one_channel": (k * k + 1) * cout, "one_filter": k * k * cin + 1}
    return {"values": {"k": k, "cin": cin, "cout": cout, "total": total}, "answer": total, "mistakes": mistakes}


def oracle(values):
    import keras

    layer = keras.layers.Conv2D(values["cout"], values["k"])
    layer.build((None, 9, 9, values["cin"]))
    return layer.count_params()
