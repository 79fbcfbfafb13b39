# %% header [markdown]
# - id: society.transfer
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: easy
# - knowledge: application
# - kind: truefalse
# - operator: justify
# - points: 2
# - minutes: 3
# - answer: true
# - reference: Yosinski, Clune, Bengio & Lipson, How transferable are features in deep neural networks?, 2014
# %% question.en [markdown]
# Statement: for a task with only a few hundred images it can help to start from a network that was trained on another, large set of images.
# %% question.de [markdown]
# Aussage: Für eine Aufgabe mit nur einigen hundert Bildern kann es helfen, mit einem Netz zu beginnen, das auf einem anderen, großen Bildersatz trainiert wurde.
# %% rubric.en [markdown]
# - 1: early layers have learned general features, such as edges, that need not be learned anew
# %% rubric.de [markdown]
# - 1: frühe Schichten haben allgemeine Merkmale wie Kanten gelernt, die nicht neu gelernt werden müssen
# %% solution.en [markdown]
# True (transfer learning): general features of the early layers carry over; the last layers are trained on the new task.
# %% solution.de [markdown]
# Wahr (Transfer Learning): Allgemeine Merkmale der frühen Schichten lassen sich übernehmen; die letzten Schichten werden auf die neue Aufgabe trainiert.
