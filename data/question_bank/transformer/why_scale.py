# %% header [markdown]
# - id: transformer.why_scale
# - version: 2
# - topic: transformer
# - lesson: 6
# - difficulty: medium
# - knowledge: application
# - kind: open
# - operator: explain
# - points: 3
# - minutes: 5
# - reference: Vaswani et al., Attention is all you need, 2017, section 3.2.1
# %% question.en [markdown]
# Why are the scores divided by $\sqrt{d_k}$? Argue with the spread of $q \cdot k$ for independent components of mean $0$ and variance $1$ and with the slope of the softmax.
# %% question.de [markdown]
# Warum werden die Punktzahlen durch $\sqrt{d_k}$ geteilt? Argumentieren Sie mit der Streuung von $q \cdot k$ für unabhängige Komponenten mit Mittelwert $0$ und Varianz $1$ und mit der Steigung der Softmax-Funktion.
# %% rubric.en [markdown]
# - 1: the variance of the product is $d_k$, its spread $\sqrt{d_k}$
# - 1: large scores push the softmax to almost 0 and 1
# - 1: there its slope is almost 0 and nothing is learned
# %% rubric.de [markdown]
# - 1: die Varianz des Produkts ist $d_k$, seine Streuung $\sqrt{d_k}$
# - 1: große Punktzahlen drücken die Softmax-Werte auf fast 0 und 1
# - 1: dort ist ihre Steigung fast 0, und es wird nichts gelernt
# %% solution.en [markdown]
# A sum of $d_k$ independent products has the variance $d_k$. Without scaling, wide heads give large scores, the softmax saturates, and the gradient vanishes.
# %% solution.de [markdown]
# Eine Summe von $d_k$ unabhängigen Produkten hat die Varianz $d_k$. Ohne Skalierung geben breite Köpfe große Punktzahlen, die Softmax-Funktion sättigt, und der Gradient verschwindet.
