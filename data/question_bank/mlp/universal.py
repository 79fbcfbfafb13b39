# %% header [markdown]
# - id: mlp.universal
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: assess
# - points: 4
# - minutes: 7
# - reference: Cybenko, Approximation by superpositions of a sigmoidal function, 1989; Telgarsky, Benefits of depth in neural networks, 2016
# %% question.en [markdown]
# A net with **one** hidden layer can approximate every continuous function on a bounded region as closely as you like. A colleague concludes: "So deep nets are superfluous, and every problem is solved." Assess the conclusion with three arguments.
# %% question.de [markdown]
# Ein Netz mit **einer** verdeckten Schicht kann jede stetige Funktion auf einem beschränkten Gebiet beliebig genau annähern. Ein Kollege schließt: „Also sind tiefe Netze überflüssig und jedes Problem ist gelöst.“ Beurteilen Sie den Schluss mit drei Argumenten.
# %% rubric.en [markdown]
# - 1: the theorem says nothing about how many neurons are needed; depth can need exponentially fewer
# - 1: the theorem says nothing about whether training finds the weights
# - 1: approximating the training data is not generalizing
# - 1: a clear verdict
# %% rubric.de [markdown]
# - 1: der Satz sagt nicht, wie viele Neuronen nötig sind; mit Tiefe können es exponentiell weniger sein
# - 1: der Satz sagt nicht, ob das Training die Gewichte findet
# - 1: Trainingsdaten anzunähern heißt nicht zu verallgemeinern
# - 1: ein klares Urteil
# %% solution.en [markdown]
# The conclusion fails: the theorem is about existence. It says neither how wide the layer must be, nor whether descent finds its weights, nor how the net does on new data.
# %% solution.de [markdown]
# Der Schluss ist falsch: Der Satz sagt nur, dass es ein Netz gibt. Er sagt weder, wie breit die Schicht sein muss, noch ob der Abstieg die Gewichte findet, noch wie das Netz auf neuen Daten abschneidet.
