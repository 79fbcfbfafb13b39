# %% header [markdown]
# - id: society.decision
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: assess
# - points: 4
# - minutes: 7
# - reference: Regulation (EU) 2016/679, article 22; Regulation (EU) 2024/1689, annex III
# %% question.en [markdown]
# A bank wants a deep network to decide on loans alone. Assess the plan: name two legal or ethical objections and two measures under which a network could be used responsibly.
# %% question.de [markdown]
# Eine Bank will ein tiefes Netz allein über Kredite entscheiden lassen. Beurteilen Sie den Plan: Nennen Sie zwei rechtliche oder ethische Einwände und zwei Maßnahmen, mit denen ein Netz verantwortbar eingesetzt werden könnte.
# %% rubric.en [markdown]
# - 1: a decision with legal effect by a machine alone is limited by law
# - 1: it cannot be explained, or it repeats injustice in the data
# - 1: a person decides, and the network proposes with reasons
# - 1: tests for groups, documentation, a way to object
# %% rubric.de [markdown]
# - 1: eine Entscheidung mit Rechtswirkung allein durch eine Maschine ist rechtlich beschränkt
# - 1: sie ist nicht erklärbar oder wiederholt Ungerechtigkeit aus den Daten
# - 1: ein Mensch entscheidet, das Netz schlägt mit Gründen vor
# - 1: Tests nach Gruppen, Dokumentation, ein Weg zum Widerspruch
# %% solution.en [markdown]
# Purely automated decisions with legal effect are limited (article 22), credit scoring counts as high risk (annex III). A human decision, explanations, tests for groups and a right to object make a proposal by a network defensible.
# %% solution.de [markdown]
# Rein automatische Entscheidungen mit Rechtswirkung sind beschränkt (Artikel 22), Kreditwürdigkeitsprüfung gilt als Hochrisiko (Anhang III). Menschliche Entscheidung, Erklärungen, Tests nach Gruppen und ein Widerspruchsrecht machen einen Vorschlag des Netzes vertretbar.
