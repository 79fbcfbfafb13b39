# %% header [markdown]
# - id: gan.roles
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: easy
# - knowledge: recall
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 2
# %% question.en [markdown]
# Assign to each part of a generative adversarial network what it does.
# %% question.de [markdown]
# Ordnen Sie jedem Teil eines Generative Adversarial Network zu, was er tut.
# %% options.en [markdown]
# - generator => makes a picture from noise
# - discriminator => judges whether a picture is real
# - noise vector => is the input that makes each picture different
# - training data => are the model for what counts as real
# - => describes in words what a picture shows
# %% options.de [markdown]
# - Generator => macht aus Rauschen ein Bild
# - Diskriminator => beurteilt, ob ein Bild echt ist
# - Rauschvektor => ist die Eingabe, die jedes Bild anders macht
# - Trainingsdaten => sind das Vorbild für das, was als echt gilt
# - => beschreibt in Worten, was ein Bild zeigt
# %% solution.en [markdown]
# The generator forges, the discriminator inspects; both learn from each other's success.
# %% solution.de [markdown]
# Der Generator fälscht, der Diskriminator prüft; beide lernen vom Erfolg des anderen.
