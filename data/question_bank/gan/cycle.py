# %% header [markdown]
# - id: gan.cycle
# - version: 1
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
# - 1: two unpaired sets are enough, because going there and back must give the first picture (cycle)
# %% rubric.de [markdown]
# - 1: zwei ungepaarte Mengen genügen, weil hin und zurück wieder das erste Bild ergeben muss (Zyklus)
# %% solution.en [markdown]
# False: it learns from two unpaired sets; the cycle horse → zebra → horse must return to the start.
# %% solution.de [markdown]
# Falsch: Es lernt aus zwei ungepaarten Mengen; der Zyklus Pferd → Zebra → Pferd muss zum Anfang zurückführen.
