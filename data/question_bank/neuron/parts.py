# %% header [markdown]
# - id: neuron.parts
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: easy
# - knowledge: recall
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 2
# %% question.en [markdown]
# Assign to each symbol of an artificial neuron what it stands for.
# %% question.de [markdown]
# Ordnen Sie jedem Zeichen eines künstlichen Neurons seine Bedeutung zu.
# %% options.en [markdown]
# - $w$ => weight: how strongly an input counts
# - $b$ => bias: moves the threshold
# - $z$ => weighted sum including the bias
# - $a$ => activation: the output of the neuron
# - => learning rate: the length of a step
# %% options.de [markdown]
# - $w$ => Gewicht: wie stark eine Eingabe zählt
# - $b$ => Bias: verschiebt die Schwelle
# - $z$ => gewichtete Summe mit dem Bias
# - $a$ => Aktivierung: die Ausgabe des Neurons
# - => Lernrate: die Länge eines Schritts
# %% solution.en [markdown]
# $z = \sum_i w_i x_i + b$ and $a = f(z)$.
# %% solution.de [markdown]
# $z = \sum_i w_i x_i + b$ und $a = f(z)$.
