# %% header [markdown]
# - id: gan.cycle
# - version: 2
# - topic: gan
# - lesson: 7
# - difficulty: easy
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: false
# - reference: Zhu, Park, Isola & Efros, Unpaired image-to-image translation (CycleGAN), 2017
# %% question.en [markdown]
# Statement: to turn horses into zebras, CycleGAN needs pairs of photographs that show the same scene once with a horse and once with a zebra.
# %% question.de [markdown]
# Aussage: Um Pferde in Zebras zu verwandeln, braucht CycleGAN Bildpaare, die dieselbe Szene einmal mit Pferd und einmal mit Zebra zeigen.
# %% rubric.en [markdown]
# - 1: two unpaired sets are enough: a discriminator for each set says what looks real; the cycle keeps the picture's content (either reason counts)
# %% rubric.de [markdown]
# - 1: zwei ungepaarte Mengen genügen: ein Diskriminator je Menge sagt, was echt aussieht; der Zyklus erhält den Bildinhalt (eine der Begründungen genügt)
# %% solution.en [markdown]
# False: two unpaired sets are enough. A discriminator for each set says what looks real there; the cycle horse → zebra → horse keeps the content.
# %% solution.de [markdown]
# Falsch: Zwei ungepaarte Mengen genügen. Ein Diskriminator je Menge sagt, was dort echt aussieht; der Zyklus Pferd → Zebra → Pferd erhält den Inhalt.
