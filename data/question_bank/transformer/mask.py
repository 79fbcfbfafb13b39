# %% header [markdown]
# - id: transformer.mask
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: choose
# - points: 1
# - minutes: 2
# - reference: Vaswani et al., Attention is all you need, 2017, section 3.2.3
# %% question.en [markdown]
# A model is trained to predict the next character at all positions of a text at once. What is the causal mask for?
# %% question.de [markdown]
# Ein Modell wird darauf trainiert, an allen Stellen eines Textes zugleich das nächste Zeichen vorherzusagen. Wozu dient die kausale Maske?
# %% options.en [markdown]
# - [x] No position sees the characters after it || Otherwise the answer would stand in the input.
# - [ ] Rare characters get more weight in the loss || That would be a weighting of the classes.
# - [ ] Random outputs are dropped as regularization || That is dropout.
# - [ ] All sequences become equally long by added signs || That is padding; its mask is another one.
# %% options.de [markdown]
# - [x] Keine Position sieht die Zeichen nach ihr || Sonst stünde die Antwort in der Eingabe.
# - [ ] Seltene Zeichen zählen im Loss mehr || Das wäre eine Gewichtung der Klassen.
# - [ ] Zufällige Ausgaben entfallen als Regularisierung || Das ist Dropout.
# - [ ] Alle Folgen werden durch Füllzeichen gleich lang || Das ist das Auffüllen; dessen Maske ist eine andere.
# %% solution.en [markdown]
# Position $t$ may attend to positions up to $t$ only.
# %% solution.de [markdown]
# Position $t$ darf nur auf Positionen bis $t$ achten.
