# %% header [markdown]
# - id: foundations.validation
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: choose
# - points: 1
# - minutes: 1
# - reference: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 5.3
# %% question.en [markdown]
# Data are split into training, validation and test set. What is the validation set used for?
# %% question.de [markdown]
# Daten werden in Trainings-, Validierungs- und Testsatz geteilt. Wozu dient der Validierungssatz?
# %% options.en [markdown]
# - [x] to choose hyperparameters || The test set then stays untouched for the final judgment.
# - [ ] to compute the gradients of the weights || That is what the training set is for.
# - [ ] to report the final accuracy to customers || That is what the test set is for, once.
# - [ ] to enlarge the training set by copies of images || That would be augmentation.
# %% options.de [markdown]
# - [x] zur Wahl der Hyperparameter || So bleibt der Testsatz für das letzte Urteil unberührt.
# - [ ] zur Berechnung der Gradienten der Gewichte || Dafür ist der Trainingssatz da.
# - [ ] zur Angabe der endgültigen Genauigkeit || Dafür ist der Testsatz da, einmal.
# - [ ] zur Vergrößerung des Trainingssatzes durch Kopien || Das wäre Augmentierung.
# %% solution.en [markdown]
# Weights are learned on the training set, choices are made on the validation set, the result is measured once on the test set.
# %% solution.de [markdown]
# Gewichte lernt man am Trainingssatz, Entscheidungen trifft man am Validierungssatz, gemessen wird einmal am Testsatz.
