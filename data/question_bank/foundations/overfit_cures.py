# %% header [markdown]
# - id: foundations.overfit_cures
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: medium
# - knowledge: recall
# - kind: multiple
# - operator: choose
# - points: 2
# - minutes: 2
# %% question.en [markdown]
# Which measures work against overfitting? The network stays as deep and as wide as it is.
# %% question.de [markdown]
# Welche Maßnahmen wirken gegen Überanpassung? Das Netz bleibt so tief und so breit, wie es ist.
# %% options.en [markdown]
# - [x] collecting more training data || More examples leave less room for learning by heart.
# - [x] a penalty on large weights || Weight decay keeps the function smooth.
# - [x] dropout in the hidden layers || Neurons cannot rely on single others.
# - [ ] training for many more epochs || That is how overfitting grows.
# - [ ] removing the validation set || Then one merely no longer sees it.
# %% options.de [markdown]
# - [x] mehr Trainingsdaten sammeln || Mehr Beispiele lassen weniger Raum zum Auswendiglernen.
# - [x] eine Strafe auf große Gewichte || Weight Decay hält die Funktion glatt.
# - [x] Dropout in den verdeckten Schichten || Neuronen können sich nicht auf einzelne andere verlassen.
# - [ ] viele weitere Epochen trainieren || So wächst die Überanpassung.
# - [ ] den Validierungssatz weglassen || Dann sieht man sie nur nicht mehr.
# %% solution.en [markdown]
# Data, weight decay and dropout; more epochs make it worse, and without a validation set nobody notices.
# %% solution.de [markdown]
# Daten, Weight Decay und Dropout; mehr Epochen verschlimmern sie, und ohne Validierungssatz bemerkt sie niemand.
