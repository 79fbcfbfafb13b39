# %% header [markdown]
# - id: transformer.order_blind
# - version: 1
# - topic: transformer
# - lesson: 6
# - difficulty: easy
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: true
# - reference: Vaswani et al., Attention is all you need, 2017, section 3.5
# %% question.en [markdown]
# Statement: self-attention **without** positional encoding and without a mask gives the word "dog" the same output in "dog bites man" and in "man bites dog".
# %% question.de [markdown]
# Aussage: Self-Attention **ohne** Positionskodierung und ohne Maske gibt dem Wort „Hund“ in „Hund beißt Mann“ und in „Mann beißt Hund“ dieselbe Ausgabe.
# %% rubric.en [markdown]
# - 1: the output is a weighted sum over the same set of words, and a sum does not depend on the order
# %% rubric.de [markdown]
# - 1: die Ausgabe ist eine gewichtete Summe über dieselben Wörter, und eine Summe hängt nicht von der Reihenfolge ab
# %% solution.en [markdown]
# True: queries, keys and values come from the words alone, and the weighted sum ignores their order.
# %% solution.de [markdown]
# Wahr: Anfragen, Schlüssel und Werte kommen nur aus den Wörtern, und die gewichtete Summe beachtet die Reihenfolge nicht.
