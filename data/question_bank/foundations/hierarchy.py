# %% header [markdown]
# - id: foundations.hierarchy
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: easy
# - knowledge: recall
# - kind: ordering
# - operator: order
# - points: 1
# - minutes: 1
# %% question.en [markdown]
# Order what the layers of a deep network for faces respond to, from the first layers to the last.
# %% question.de [markdown]
# Ordnen Sie, worauf die Schichten eines tiefen Netzes für Gesichter ansprechen, von den ersten Schichten zu den letzten.
# %% options.en [markdown]
# 1. brightness of single pixels (the input)
# 2. edges and dark spots
# 3. eyes, ears and noses
# 4. whole faces
# %% options.de [markdown]
# 1. Helligkeit einzelner Pixel (die Eingabe)
# 2. Kanten und dunkle Flecken
# 3. Augen, Ohren und Nasen
# 4. ganze Gesichter
# %% solution.en [markdown]
# Features grow from simple to complex, each layer joins those of the layer before.
# %% solution.de [markdown]
# Merkmale werden von einfach zu komplex; jede Schicht verbindet die der Schicht davor.
