# %% header [markdown]
# - id: cnn.weight_sharing
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: easy
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: true
# - reference: LeCun, Bottou, Bengio & Haffner, Gradient-based learning applied to document recognition, 1998
# %% question.en [markdown]
# Statement: the number of weights of a convolutional layer does **not** depend on the height and width of the image.
# %% question.de [markdown]
# Aussage: Die Zahl der Gewichte einer Faltungsschicht hängt **nicht** von Höhe und Breite des Bildes ab.
# %% rubric.en [markdown]
# - 1: the same kernel is used at all places (weight sharing)
# %% rubric.de [markdown]
# - 1: derselbe Filterkern wird an allen Stellen benutzt (geteilte Gewichte)
# %% solution.en [markdown]
# True: the kernel's size and the numbers of channels decide; the same weights slide over all places.
# %% solution.de [markdown]
# Wahr: Es zählen die Größe des Kerns und die Zahlen der Kanäle; dieselben Gewichte gleiten über alle Stellen.
