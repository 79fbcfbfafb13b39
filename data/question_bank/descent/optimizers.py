# %% header [markdown]
# - id: descent.optimizers
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: medium
# - knowledge: application
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 3
# - reference: Polyak 1964; Tieleman & Hinton 2012; Kingma & Ba 2015; Robbins & Monro 1951
# %% question.en [markdown]
# Assign to each optimizer what it does with the gradients.
# %% question.de [markdown]
# Ordnen Sie jedem Verfahren zu, was es mit den Gradienten macht.
# %% options.en [markdown]
# - SGD => takes the gradient of a small random sample, nothing else
# - Momentum => adds up a velocity from past gradients
# - RMSprop => divides by the running size of the gradient
# - Adam => keeps running means of the gradient and of its square, corrected for their start
# - => multiplies by the inverse of the exact second derivatives
# %% options.de [markdown]
# - SGD => nimmt den Gradienten einer kleinen Stichprobe, sonst nichts
# - Momentum => sammelt eine Geschwindigkeit aus früheren Gradienten
# - RMSprop => teilt durch die laufende Größe des Gradienten
# - Adam => führt laufende Mittel des Gradienten und seines Quadrats, um ihren Start berichtigt
# - => multipliziert mit der Inversen der genauen zweiten Ableitungen
# %% solution.en [markdown]
# Adam joins momentum and RMSprop; the one left over is Newton's method.
# %% solution.de [markdown]
# Adam verbindet Momentum und RMSprop; übrig bleibt das Newton-Verfahren.
