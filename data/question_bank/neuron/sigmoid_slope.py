# %% header [markdown]
# - id: neuron.sigmoid_slope
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: hard
# - knowledge: recall
# - kind: open
# - operator: derive
# - points: 4
# - minutes: 6
# %% question.en [markdown]
# Show that the sigmoid $\sigma(z) = \frac{1}{1 + e^{-z}}$ has the slope $\sigma(z) (1 - \sigma(z))$, and say at which $z$ it is largest and how large it is there.
# %% question.de [markdown]
# Zeigen Sie, dass die Sigmoidfunktion $\sigma(z) = \frac{1}{1 + e^{-z}}$ die Steigung $\sigma(z) (1 - \sigma(z))$ hat, und geben Sie an, bei welchem $z$ sie am größten ist und wie groß sie dort ist.
# %% rubric.en [markdown]
# - 1: derives by the chain or quotient rule
# - 2: rewrites the result as the product
# - 1: largest at $z = 0$ with $0.25$
# %% rubric.de [markdown]
# - 1: leitet nach Ketten- oder Quotientenregel ab
# - 2: formt das Ergebnis in das Produkt um
# - 1: am größten bei $z = 0$ mit $0.25$
# %% solution.en [markdown]
# $\frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = \sigma(z) (1 - \sigma(z))$. A product $p (1 - p)$ is largest at $p = 0.5$, so at $z = 0$: $0.25$.
# %% solution.de [markdown]
# $\frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = \sigma(z) (1 - \sigma(z))$. Ein Produkt $p (1 - p)$ ist am größten bei $p = 0.5$, also bei $z = 0$: $0.25$.
