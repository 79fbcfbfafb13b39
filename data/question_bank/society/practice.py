# %% header [markdown]
# - id: society.practice
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: medium
# - knowledge: recall
# - kind: kprim
# - operator: decide
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# True or false? The statements are lessons from projects with companies in the lectures.
# %% question.de [markdown]
# Wahr oder falsch? Die Aussagen betreffen Erfahrungen aus den Projekten mit Firmen, die in den Vorlesungen gezeigt wurden.
# %% options.en [markdown]
# - [x] The effort for data is usually underestimated.
# - [x] Rare classes need special care, for example resampling.
# - [x] Users want to understand a result before they trust it.
# - [ ] Deep learning always needs millions of examples.
# - [ ] A model that works in the laboratory needs no more care in use.
# - [ ] Synthetic training data make tests on real data superfluous.
# %% options.de [markdown]
# - [x] Der Aufwand für Daten wird meist unterschätzt.
# - [x] Seltene Klassen brauchen besondere Sorgfalt, etwa erneutes Ziehen.
# - [x] Nutzer wollen ein Ergebnis verstehen, bevor sie ihm vertrauen.
# - [ ] Deep Learning braucht immer Millionen von Beispielen.
# - [ ] Ein Modell, das im Labor läuft, braucht im Einsatz keine Pflege mehr.
# - [ ] Künstliche Trainingsdaten machen Tests mit echten Daten überflüssig.
# %% solution.en [markdown]
# Some data are enough if they are good, but models must be watched in use and tested on real data.
# %% solution.de [markdown]
# Einige Daten genügen, wenn sie gut sind; Modelle müssen aber im Einsatz beobachtet und mit echten Daten getestet werden.
