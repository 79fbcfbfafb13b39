# %% header [markdown]
# - id: cnn.blocks
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: easy
# - knowledge: recall
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 2
# %% question.en [markdown]
# Assign to each block of a convolutional network what it does.
# %% question.de [markdown]
# Ordnen Sie jedem Baustein eines Faltungsnetzes zu, was er macht.
# %% options.en [markdown]
# - Convolution => looks for a small pattern at every place
# - ReLU => sets negative values to zero
# - Max pooling => keeps the largest value of each window
# - Flatten => writes the feature maps as one long list
# - Softmax => turns scores into probabilities
# - => sets random outputs to zero during training
# %% options.de [markdown]
# - Faltung (*convolution*) => sucht ein kleines Muster an jeder Stelle
# - ReLU => setzt negative Werte auf null
# - Max-Pooling => behält den größten Wert jedes Fensters
# - Flatten => schreibt die Merkmalskarten als eine lange Liste
# - Softmax => macht aus Punktzahlen Wahrscheinlichkeiten
# - => setzt beim Training zufällige Ausgaben auf null
# %% solution.en [markdown]
# The one left over is dropout.
# %% solution.de [markdown]
# Übrig bleibt Dropout.
