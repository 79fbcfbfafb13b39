# %% header [markdown]
# - id: gan.collapse_name
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: name
# - points: 1
# - minutes: 1
# - reference: Goodfellow, NIPS 2016 tutorial: Generative adversarial networks, 2016
# %% question.en [markdown]
# A generator trained on all ten digits makes convincing ones (1) and nothing else, whatever the noise. What is this failure called?
# %% question.de [markdown]
# Ein Generator, der mit allen zehn Ziffern trainiert wurde, macht überzeugende Einsen und nichts anderes, gleich welches Rauschen er bekommt. Wie heißt dieser Fehler?
# %% options.en [markdown]
# - [x] Mode collapse || One kind of picture is enough to fool the discriminator for a while.
# - [ ] Overfitting || That would be copying single training pictures.
# - [ ] Vanishing gradient || That stops learning, but it does not say what is made.
# - [ ] Catastrophic forgetting || That is losing an old task while learning a new one.
# %% options.de [markdown]
# - [x] Mode Collapse || Eine Art von Bild genügt, um den Diskriminator eine Weile zu täuschen.
# - [ ] Überanpassung || Das wäre das Kopieren einzelner Trainingsbilder.
# - [ ] Verschwindender Gradient || Er hält das Lernen auf, sagt aber nichts darüber, was entsteht.
# - [ ] Katastrophales Vergessen || Das ist der Verlust einer alten Aufgabe beim Lernen einer neuen.
# %% solution.en [markdown]
# Mode collapse: the generator covers only part of the data.
# %% solution.de [markdown]
# Mode Collapse: Der Generator deckt nur einen Teil der Daten ab.
