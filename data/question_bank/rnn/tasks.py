# %% header [markdown]
# - id: rnn.tasks
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: easy
# - knowledge: application
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 2
# - reference: Karpathy, The unreasonable effectiveness of recurrent neural networks, 2015
# %% question.en [markdown]
# Assign to each task the form of its input and output.
# %% question.de [markdown]
# Ordnen Sie jeder Aufgabe die Form von Eingabe und Ausgabe zu.
# %% options.en [markdown]
# - describing an image in a sentence => one input, a sequence as output
# - judging the mood of a review => a sequence as input, one output
# - translating a sentence => a sequence, then another of any length
# - giving every frame of a video a class => a sequence, with one output for each element
# - => one input, one output
# %% options.de [markdown]
# - ein Bild in einem Satz beschreiben => eine Eingabe, eine Folge als Ausgabe
# - die Stimmung einer Rezension beurteilen => eine Folge als Eingabe, eine Ausgabe
# - einen Satz übersetzen => eine Folge, dann eine andere beliebiger Länge
# - jedem Einzelbild eines Videos eine Klasse geben => eine Folge, mit einer Ausgabe je Element
# - => eine Eingabe, eine Ausgabe
# %% solution.en [markdown]
# The one left over is plain classification of single inputs.
# %% solution.de [markdown]
# Übrig bleibt die gewöhnliche Klassifikation einzelner Eingaben.
