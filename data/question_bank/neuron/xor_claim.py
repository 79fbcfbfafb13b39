# %% header [markdown]
# - id: neuron.xor_claim
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: easy
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: false
# - reference: Minsky & Papert, Perceptrons, 1969
# %% question.en [markdown]
# Statement: with suitable weights and bias, one neuron with the step function computes the exclusive or (XOR) of two inputs from $0$ and $1$.
# %% question.de [markdown]
# Aussage: Mit passenden Gewichten und passendem Bias berechnet ein einzelnes Neuron mit Stufenfunktion das ausschließende Oder (XOR) zweier Eingaben aus $0$ und $1$.
# %% rubric.en [markdown]
# - 1: says that one neuron separates by one straight line and that no line separates the two classes of XOR
# %% rubric.de [markdown]
# - 1: sagt, dass ein Neuron mit einer einzigen Geraden trennt und keine Gerade die zwei Klassen von XOR trennt
# %% solution.en [markdown]
# False: the points $(0, 1)$ and $(1, 0)$ lie on one diagonal of the square, $(0, 0)$ and $(1, 1)$ on the other; no straight line separates the diagonals.
# %% solution.de [markdown]
# Falsch: Die Punkte $(0, 1)$ und $(1, 0)$ liegen auf der einen Diagonale des Quadrats, $(0, 0)$ und $(1, 1)$ auf der anderen; keine Gerade trennt die Diagonalen.
