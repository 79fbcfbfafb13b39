# %% header [markdown]
# - id: descent.loop_order
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: easy
# - knowledge: recall
# - kind: ordering
# - operator: order
# - points: 2
# - minutes: 2
# %% question.en [markdown]
# Bring the steps of one pass of a training loop with mini-batches into order.
# %% question.de [markdown]
# Bringen Sie die Schritte eines Durchgangs einer Trainingsschleife mit Mini-Batches in die richtige Reihenfolge.
# %% options.en [markdown]
# 1. draw a batch of examples and targets
# 2. compute the outputs of the net (forward)
# 3. compute the loss from outputs and targets
# 4. compute the gradient of the loss with respect to all weights (backward)
# 5. move the weights against the gradient
# %% options.de [markdown]
# 1. einen Stapel aus Beispielen und Zielwerten ziehen
# 2. die Ausgaben des Netzes berechnen (vorwärts)
# 3. aus Ausgaben und Zielwerten den Loss berechnen
# 4. den Gradienten des Loss nach allen Gewichten berechnen (rückwärts)
# 5. die Gewichte gegen den Gradienten bewegen
# %% solution.en [markdown]
# Batch, forward, loss, backward, update.
# %% solution.de [markdown]
# Stapel, vorwärts, Loss, rückwärts, Schritt.
