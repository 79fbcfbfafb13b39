# %% header [markdown]
# - id: society.uses
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: easy
# - knowledge: recall
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 2
# %% question.en [markdown]
# Assign to each task from the lectures the technique that fits it.
# %% question.de [markdown]
# Ordnen Sie jeder Aufgabe aus den Vorlesungen die passende Technik zu.
# %% options.en [markdown]
# - finding defects when only good pieces are known => autoencoder
# - recognizing traffic signs in camera images => convolutional network
# - continuing a text character by character => recurrent network or Transformer
# - making photographs of faces that do not exist => generator of a GAN
# - => reinforcement learning
# %% options.de [markdown]
# - Defekte finden, wenn nur gute Stücke bekannt sind => Autoencoder
# - Verkehrszeichen in Kamerabildern erkennen => Faltungsnetz
# - einen Text Zeichen für Zeichen fortsetzen => rekurrentes Netz oder Transformer
# - Fotos von Gesichtern erzeugen, die es nicht gibt => Generator eines GAN
# - => Reinforcement Learning
# %% solution.en [markdown]
# Reinforcement learning is left over; with it a network learned to play Go.
# %% solution.de [markdown]
# Übrig bleibt Reinforcement Learning; damit lernte ein Netz, Go zu spielen.
