# %% header [markdown]
# - id: foundations.leak
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: assess
# - points: 4
# - minutes: 7
# - reference: Kaufman, Rosset, Perlich & Stitelman, Leakage in data mining, 2012
# %% question.en [markdown]
# A team enlarges $500$ photographs of $50$ patients to $5000$ by augmentation, scales all with their common mean and spread, then splits them at random into training and test set and reports $99$ percent. Name three leaks and say how to do it right.
# %% question.de [markdown]
# Ein Team vergrößert $500$ Fotos von $50$ Patienten durch Augmentierung auf $5000$, skaliert alle mit gemeinsamem Mittelwert und gemeinsamer Streuung, teilt sie dann zufällig in Trainings- und Testsatz und berichtet $99$ Prozent. Nennen Sie drei Lecks und sagen Sie, wie es richtig geht.
# %% rubric.en [markdown]
# - 1: copies of one photograph stand in both sets
# - 1: photographs of one patient stand in both sets
# - 1: mean and spread come from the test data, too
# - 1: split by patients first, then scale and augment on the training set only
# %% rubric.de [markdown]
# - 1: Kopien eines Fotos stehen in beiden Sätzen
# - 1: Fotos eines Patienten stehen in beiden Sätzen
# - 1: Mittelwert und Streuung stammen auch aus den Testdaten
# - 1: zuerst nach Patienten teilen, dann nur am Trainingssatz skalieren und augmentieren
# %% solution.en [markdown]
# Split by patients first. Mean and spread are those of the training set, and only training images are augmented.
# %% solution.de [markdown]
# Zuerst nach Patienten teilen. Mittelwert und Streuung sind die des Trainingssatzes, und nur Trainingsbilder werden augmentiert.
