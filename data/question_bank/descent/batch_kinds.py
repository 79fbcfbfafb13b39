# %% header [markdown]
# - id: descent.batch_kinds
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: medium
# - knowledge: recall
# - kind: kprim
# - operator: decide
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# True or false? The statements are about gradient descent.
# %% question.de [markdown]
# Wahr oder falsch? Die Aussagen betreffen den Gradientenabstieg.
# %% options.en [markdown]
# - [x] The gradient points in the direction in which the loss grows fastest.
# - [x] The gradient of a mini-batch is an estimate of the gradient over all training data.
# - [x] A step with a learning rate that is too large can make the loss grow.
# - [ ] Descent ends in the lowest minimum of every error landscape.
# - [ ] An epoch is one update of the weights.
# - [ ] The learning rate is one of the weights that training changes by the gradient.
# %% options.de [markdown]
# - [x] Der Gradient zeigt in die Richtung, in die der Loss am schnellsten wächst.
# - [x] Der Gradient eines Mini-Batch ist eine Schätzung des Gradienten über alle Trainingsdaten.
# - [x] Ein Schritt mit zu großer Lernrate kann den Loss vergrößern.
# - [ ] Der Abstieg endet in jeder Fehlerlandschaft im tiefsten Minimum.
# - [ ] Eine Epoche ist eine einzige Änderung der Gewichte.
# - [ ] Die Lernrate ist eines der Gewichte, die das Training über den Gradienten ändert.
# %% solution.en [markdown]
# Descent may end in a local minimum or on a plateau; an epoch is one pass through all training data; the learning rate is a hyperparameter.
# %% solution.de [markdown]
# Der Abstieg kann in einem lokalen Minimum oder auf einem Plateau enden; eine Epoche ist ein Durchgang durch alle Trainingsdaten; die Lernrate ist ein Hyperparameter.
