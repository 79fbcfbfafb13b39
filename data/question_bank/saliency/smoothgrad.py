# %% header [markdown]
# - id: saliency.smoothgrad
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: easy
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: true
# - reference: Smilkov et al., SmoothGrad: removing noise by adding noise, 2017
# %% question.en [markdown]
# Statement: SmoothGrad adds noise to the image several times and averages the gradients.
# %% question.de [markdown]
# Aussage: SmoothGrad fügt dem Bild mehrmals Rauschen hinzu und mittelt die Gradienten.
# %% rubric.en [markdown]
# - 1: the gradient fluctuates strongly from place to place; the mean shows what is stable
# %% rubric.de [markdown]
# - 1: der Gradient schwankt örtlich stark; das Mittel zeigt, was stabil ist
# %% solution.en [markdown]
# True: the gradient fluctuates over tiny distances; averaging over noisy copies leaves the common part.
# %% solution.de [markdown]
# Wahr: Der Gradient schwankt über winzige Abstände; das Mittel über verrauschte Kopien lässt den gemeinsamen Teil übrig.
