# %% header [markdown]
# - id: transformer.words
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: easy
# - knowledge: recall
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 2
# %% question.en [markdown]
# Assign to each part of attention what it stands for.
# %% question.de [markdown]
# Ordnen Sie jedem Teil der Aufmerksamkeit seine Bedeutung zu.
# %% options.en [markdown]
# - query => what a position is looking for
# - key => what a position offers to be found by
# - value => what a position hands over when it is found
# - attention weight => which share a position gets in the sum
# - => how far a position lies from the start of the text
# %% options.de [markdown]
# - Anfrage (*query*) => wonach eine Position sucht
# - Schlüssel (*key*) => womit eine Position gefunden wird
# - Wert (*value*) => was eine Position übergibt, wenn sie gefunden wird
# - Aufmerksamkeitsgewicht => welchen Anteil eine Position an der Summe hat
# - => wie weit eine Position vom Textanfang entfernt ist
# %% solution.en [markdown]
# Queries are compared with keys; the softmax of the scores weighs the values. The place in the text comes from the positional encoding.
# %% solution.de [markdown]
# Anfragen werden mit Schlüsseln verglichen; die Softmax-Werte der Punktzahlen gewichten die Werte. Die Stelle im Text kommt aus der Positionskodierung.
