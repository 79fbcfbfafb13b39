# %% header [markdown]
# - id: cnn.small_kernels
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: medium
# - knowledge: application
# - kind: open
# - operator: explain
# - points: 3
# - minutes: 5
# - reference: Simonyan & Zisserman, Very deep convolutional networks, 2015
# %% question.en [markdown]
# VGG uses two convolutions with $3 \times 3$ kernels in a row instead of one with $5 \times 5$. Compare the weights of both for $c$ channels in and out (without biases) and the region of the image that one output sees, and name one more advantage.
# %% question.de [markdown]
# VGG benutzt zwei Faltungen mit $3 \times 3$-Kernen hintereinander statt einer mit $5 \times 5$. Vergleichen Sie die Gewichte beider für $c$ Kanäle ein und aus (ohne Bias) und den Bildausschnitt, den eine Ausgabe sieht, und nennen Sie einen weiteren Vorteil.
# %% rubric.en [markdown]
# - 1: $18 c^2$ against $25 c^2$ weights
# - 1: both see $5 \times 5$ pixels
# - 1: a second activation function between them
# %% rubric.de [markdown]
# - 1: $18 c^2$ gegen $25 c^2$ Gewichte
# - 1: beide sehen $5 \times 5$ Pixel
# - 1: eine zweite Aktivierungsfunktion dazwischen
# %% solution.en [markdown]
# $2 \cdot 9 c^2 = 18 c^2$ against $25 c^2$; both see $5 \times 5$; and there is one more nonlinearity.
# %% solution.de [markdown]
# $2 \cdot 9 c^2 = 18 c^2$ gegen $25 c^2$; beide sehen $5 \times 5$; und es gibt eine Nichtlinearität mehr.
