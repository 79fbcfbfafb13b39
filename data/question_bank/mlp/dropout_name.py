# %% header [markdown]
# - id: mlp.dropout_name
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: name
# - points: 1
# - minutes: 1
# - reference: Srivastava et al., Dropout, JMLR 2014
# %% question.en [markdown]
# During training, each hidden output is set to $0$ with probability $0.5$, anew for every batch; at test time all outputs are used. What is this method called?
# %% question.de [markdown]
# Beim Training wird jede verdeckte Ausgabe mit Wahrscheinlichkeit $0.5$ auf $0$ gesetzt, für jeden Stapel neu; beim Testen werden alle Ausgaben benutzt. Wie heißt dieses Verfahren?
# %% options.en [markdown]
# - [x] Dropout || It keeps neurons from relying on one another.
# - [ ] Weight decay || That makes weights smaller, it sets no outputs to zero.
# - [ ] Early stopping || That ends the training when the validation loss rises.
# - [ ] Batch normalization || That shifts and scales the outputs of a batch.
# %% options.de [markdown]
# - [x] Dropout || So verlassen sich Neuronen nicht aufeinander.
# - [ ] Gewichtszerfall (*weight decay*) || Der macht Gewichte kleiner und setzt keine Ausgaben auf null.
# - [ ] Frühes Anhalten (*early stopping*) || Das beendet das Training, wenn der Validierungsfehler steigt.
# - [ ] Batch-Normalisierung || Die verschiebt und skaliert die Ausgaben eines Stapels.
# %% solution.en [markdown]
# Dropout trains, in effect, many thinned nets that share their weights.
# %% solution.de [markdown]
# Dropout trainiert gewissermaßen viele ausgedünnte Netze, die sich die Gewichte teilen.
