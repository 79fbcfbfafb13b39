# %% header [markdown]
# - id: saliency.perturbation
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: hard
# - knowledge: recall
# - kind: open
# - operator: explain
# - points: 4
# - minutes: 6
# %% question.en [markdown]
# "Meaningful perturbation" learns a mask that blurs an image. Write down what is minimized, explain the two terms that keep the mask small and smooth, and say why the image is blurred and **not** simply blackened.
# %% question.de [markdown]
# „Meaningful Perturbation“ lernt eine Maske, die ein Bild unscharf macht. Schreiben Sie auf, was minimiert wird, erklären Sie die zwei Terme, die die Maske klein und glatt halten, und sagen Sie, warum das Bild unscharf und **nicht** einfach schwarz gemacht wird.
# %% rubric.en [markdown]
# - 1: the score of the class on the masked image is minimized
# - 1: a term for the size of the mask
# - 1: a term for its smoothness (total variation), against patterns that act like an attack
# - 1: blurring removes information without adding an artificial object or edge
# %% rubric.de [markdown]
# - 1: minimiert wird die Punktzahl der Klasse auf dem maskierten Bild
# - 1: ein Term für die Größe der Maske
# - 1: ein Term für ihre Glattheit (*total variation*), gegen Muster, die wie ein Angriff wirken
# - 1: Unschärfe nimmt Information weg, ohne künstliche Dinge oder Kanten hinzuzufügen
# %% solution.en [markdown]
# Minimize score + $\lambda_1$ · size of the mask + $\lambda_2$ · roughness. The smallest smooth region whose blur lowers the score is the explanation; black patches would be new content.
# %% solution.de [markdown]
# Minimiert wird Punktzahl + $\lambda_1$ · Größe der Maske + $\lambda_2$ · Rauheit. Die kleinste glatte Region, deren Unschärfe die Punktzahl senkt, ist die Erklärung; schwarze Flecken wären neuer Inhalt.
