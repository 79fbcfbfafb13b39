# %% header [markdown]
# - id: mlp.zero_start
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: medium
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: false
# - reference: Glorot & Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010
# %% question.en [markdown]
# Statement: if **all** weights and biases of a hidden layer with tanh, and of the layer after it, start at the same value, training makes its neurons different from each other.
# %% question.de [markdown]
# Aussage: Wenn **alle** Gewichte und Bias-Werte einer verdeckten Schicht mit tanh und der Schicht danach mit demselben Wert beginnen, macht das Training ihre Neuronen voneinander verschieden.
# %% rubric.en [markdown]
# - 1: equal neurons get equal gradients, so they stay equal
# %% rubric.de [markdown]
# - 1: gleiche Neuronen bekommen gleiche Gradienten und bleiben daher gleich
# %% solution.en [markdown]
# False: equal neurons have equal outputs and get equal gradients, so they stay copies of one another; random starting values break this symmetry.
# %% solution.de [markdown]
# Falsch: Gleiche Neuronen haben gleiche Ausgaben und bekommen gleiche Gradienten, sie bleiben also Kopien; zufällige Startwerte brechen diese Symmetrie.
