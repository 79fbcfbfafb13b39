# %% header [markdown]
# - id: saliency.sanity
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: medium
# - knowledge: application
# - kind: open
# - operator: assess
# - points: 3
# - minutes: 5
# - reference: Adebayo et al., Sanity checks for saliency maps, 2018
# %% question.en [markdown]
# The weights of a network are replaced, layer by layer, by random numbers; the map of a saliency method hardly changes. What follows for the method, and what might its map show instead of an explanation?
# %% question.de [markdown]
# Die Gewichte eines Netzes werden Schicht für Schicht durch Zufallszahlen ersetzt; die Karte eines Salienzverfahrens ändert sich kaum. Was folgt daraus für das Verfahren, und was zeigt seine Karte womöglich statt einer Erklärung?
# %% rubric.en [markdown]
# - 1: the map does not depend on what the network has learned
# - 1: so it cannot explain the network's decision
# - 1: it may show edges of the image, like an edge filter
# %% rubric.de [markdown]
# - 1: die Karte hängt nicht davon ab, was das Netz gelernt hat
# - 1: sie kann also die Entscheidung des Netzes nicht erklären
# - 1: sie zeigt womöglich Kanten des Bildes, wie ein Kantenfilter
# %% solution.en [markdown]
# A map that survives random weights describes the image, not the network; guided backpropagation is an example that comes close to an edge filter.
# %% solution.de [markdown]
# Eine Karte, die zufällige Gewichte übersteht, beschreibt das Bild und nicht das Netz; Guided Backpropagation ist ein Beispiel, das einem Kantenfilter nahekommt.
