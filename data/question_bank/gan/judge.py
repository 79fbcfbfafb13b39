# %% header [markdown]
# - id: gan.judge
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: assess
# - points: 4
# - minutes: 7
# - reference: Heusel et al., GANs trained by a two time-scale update rule (FID), 2017; Borji, Pros and cons of GAN evaluation measures, 2019
# %% question.en [markdown]
# A group reports: "A classifier recognizes $98$ percent of our generated digits with certainty, so our GAN is excellent." Assess the measure: name two failures it does **not** notice, and propose a fair comparison with a floor and a ceiling.
# %% question.de [markdown]
# Eine Gruppe berichtet: „Ein Klassifikator erkennt $98$ Prozent unserer erzeugten Ziffern sicher, also ist unser GAN ausgezeichnet.“ Beurteilen Sie das Maß: Nennen Sie zwei Fehler, die es **nicht** bemerkt, und schlagen Sie einen fairen Vergleich mit Unter- und Obergrenze vor.
# %% rubric.en [markdown]
# - 1: mode collapse, or too little variety, goes unnoticed
# - 1: copies of training pictures go unnoticed
# - 2: a measure of variety and closeness, with noise as the floor and held-out real data as the ceiling
# %% rubric.de [markdown]
# - 1: Mode Collapse oder zu wenig Vielfalt bleibt unbemerkt
# - 1: Kopien von Trainingsbildern bleiben unbemerkt
# - 2: ein Maß für Vielfalt und Nähe, mit Rauschen als Untergrenze und zurückgehaltenen echten Daten als Obergrenze
# %% solution.en [markdown]
# A generator that repeats one perfect seven scores full marks. Better: a distance between the distributions of features, reported for noise, for the GAN and for held-out real digits.
# %% solution.de [markdown]
# Ein Generator, der eine perfekte Sieben wiederholt, bekommt volle Punktzahl. Besser: ein Abstand zwischen den Verteilungen von Merkmalen, angegeben für Rauschen, für das GAN und für zurückgehaltene echte Ziffern.
