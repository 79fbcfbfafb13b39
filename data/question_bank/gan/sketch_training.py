# %% header [markdown]
# - id: gan.sketch_training
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: hard
# - knowledge: recall
# - kind: sketch
# - operator: sketch
# - points: 4
# - minutes: 6
# %% question.en [markdown]
# Sketch how one training step of the discriminator of a GAN runs: which data go in, which network makes them, which targets they have, and through which network the gradient does **not** change weights.
# %% question.de [markdown]
# Skizzieren Sie einen Trainingsschritt des Diskriminators eines GAN: welche Daten hineingehen, welches Netz sie macht, welche Zielwerte sie haben und in welchem Netz der Gradient die Gewichte **nicht** ändert.
# %% rubric.en [markdown]
# - 1: real pictures and noise are shown as the two sources
# - 1: noise goes through the generator, both kinds of picture go into the discriminator
# - 1: targets: real 1, generated 0
# - 1: the generator's weights stay fixed in this step
# %% rubric.de [markdown]
# - 1: echte Bilder und Rauschen stehen als die zwei Quellen da
# - 1: Rauschen geht durch den Generator, beide Arten von Bildern in den Diskriminator
# - 1: Zielwerte: echt 1, erzeugt 0
# - 1: die Gewichte des Generators bleiben in diesem Schritt fest
# %% solution.en [markdown]
# Noise → generator → generated pictures (target 0); real pictures (target 1); both → discriminator → loss; the gradient changes the discriminator only.
# %% solution.de [markdown]
# Rauschen → Generator → erzeugte Bilder (Ziel 0); echte Bilder (Ziel 1); beide → Diskriminator → Loss; der Gradient ändert nur den Diskriminator.
