# %% header [markdown]
# - id: adversarial.one_pixel
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: easy
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: false
# - reference: Su, Vargas & Sakurai, One pixel attack for fooling deep neural networks, 2019
# %% question.en [markdown]
# Statement: the one-pixel attack needs the gradient of the attacked network.
# %% question.de [markdown]
# Aussage: Der One-Pixel-Angriff braucht den Gradienten des angegriffenen Netzes.
# %% rubric.en [markdown]
# - 1: it searches by differential evolution and needs only the output probabilities
# %% rubric.de [markdown]
# - 1: er sucht mit differenzieller Evolution und braucht nur die ausgegebenen Wahrscheinlichkeiten
# %% solution.en [markdown]
# False: it tries out candidates (place and color) and keeps those that lower the probability of the right class.
# %% solution.de [markdown]
# Falsch: Er probiert Kandidaten (Stelle und Farbe) aus und behält die, die die Wahrscheinlichkeit der richtigen Klasse senken.
