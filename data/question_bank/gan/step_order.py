# %% header [markdown]
# - id: gan.step_order
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: medium
# - knowledge: recall
# - kind: ordering
# - operator: order
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# Bring the parts of one training step of a GAN, discriminator first, into order.
# %% question.de [markdown]
# Bringen Sie die Teile eines Trainingsschritts eines GAN, der Diskriminator zuerst, in die richtige Reihenfolge.
# %% options.en [markdown]
# 1. draw real pictures and make generated ones from noise
# 2. compute the discriminator's loss with the targets real $1$ and generated $0$
# 3. change the discriminator's weights only
# 4. draw new noise and compute the generator's loss with the target $1$
# 5. change the generator's weights only
# %% options.de [markdown]
# 1. echte Bilder ziehen und aus Rauschen erzeugte machen
# 2. den Loss des Diskriminators mit den Zielen echt $1$ und erzeugt $0$ berechnen
# 3. nur die Gewichte des Diskriminators ändern
# 4. neues Rauschen ziehen und den Loss des Generators mit dem Ziel $1$ berechnen
# 5. nur die Gewichte des Generators ändern
# %% solution.en [markdown]
# First the inspector learns to tell them apart, then the forger learns to pass the inspector.
# %% solution.de [markdown]
# Zuerst lernt der Prüfer zu unterscheiden, dann lernt der Fälscher, den Prüfer zu bestehen.
