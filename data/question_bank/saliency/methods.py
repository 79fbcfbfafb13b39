# %% header [markdown]
# - id: saliency.methods
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: easy
# - knowledge: application
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 3
# - reference: Simonyan et al. 2014; Zeiler & Fergus 2014; Selvaraju et al. 2017; Sundararajan et al. 2017
# %% question.en [markdown]
# Assign to each method how it makes its map.
# %% question.de [markdown]
# Ordnen Sie jedem Verfahren zu, wie es seine Karte macht.
# %% options.en [markdown]
# - vanilla gradient => slope of the score with respect to each pixel
# - occlusion => covers parts and measures how the score falls
# - Grad-CAM => weighs the last feature maps by their mean slope
# - integrated gradients => adds up slopes on the way from a baseline
# - => trains a second network to describe the image
# %% options.de [markdown]
# - einfacher Gradient => Steigung der Punktzahl nach jedem Pixel
# - Verdeckung (*occlusion*) => verdeckt Teile und misst, wie die Punktzahl sinkt
# - Grad-CAM => gewichtet die letzten Merkmalskarten mit ihrer mittleren Steigung
# - Integrated Gradients => summiert Steigungen auf dem Weg von einem Ausgangsbild (*baseline*)
# - => trainiert ein zweites Netz, das das Bild beschreibt
# %% solution.en [markdown]
# The first, third and fourth use gradients; occlusion needs outputs only.
# %% solution.de [markdown]
# Das erste, dritte und vierte benutzen Gradienten; Verdeckung braucht nur Ausgaben.
