# %% header [markdown]
# - id: society.alphago
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: choose
# - points: 1
# - minutes: 2
# - reference: Silver et al., Mastering the game of Go without human knowledge, 2017
# %% question.en [markdown]
# From what did AlphaGo Zero learn, unlike the first AlphaGo?
# %% question.de [markdown]
# Woraus lernte AlphaGo Zero, anders als das erste AlphaGo?
# %% options.en [markdown]
# - [x] from games against itself only || It knew the rules and no human games.
# - [ ] from a larger collection of games by human masters || The first version began with such games.
# - [ ] from the comments of professional players in books || Texts played no part.
# - [ ] from hand-written rules for good openings || Only the rules of the game were given.
# %% options.de [markdown]
# - [x] nur aus Partien gegen sich selbst || Es kannte die Regeln und keine menschlichen Partien.
# - [ ] aus einer größeren Sammlung von Meisterpartien || Die erste Version begann mit solchen Partien.
# - [ ] aus Kommentaren von Berufsspielern in Büchern || Texte spielten keine Rolle.
# - [ ] aus von Hand geschriebenen Regeln für gute Eröffnungen || Gegeben waren nur die Spielregeln.
# %% solution.en [markdown]
# AlphaGo Zero learned by self-play alone.
# %% solution.de [markdown]
# AlphaGo Zero lernte allein durch Spiel gegen sich selbst.
