# %% header [markdown]
# - id: gan.saturating
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: medium
# - knowledge: application
# - kind: open
# - operator: explain
# - points: 3
# - minutes: 5
# - reference: Goodfellow et al., Generative adversarial nets, 2014, section 3
# %% question.en [markdown]
# The generator may minimize $\ln(1 - D(G(z)))$ or $-\ln D(G(z))$. Why does one prefer the second form at the start of training, when $D(G(z))$ is close to $0$? Argue with the slopes with respect to $D$.
# %% question.de [markdown]
# Der Generator kann $\ln(1 - D(G(z)))$ oder $-\ln D(G(z))$ minimieren. Warum zieht man am Anfang des Trainings, wenn $D(G(z))$ nahe $0$ ist, die zweite Form vor? Argumentieren Sie mit den Steigungen nach $D$.
# %% rubric.en [markdown]
# - 1: slope of the first is about $-1$ near $D = 0$
# - 1: slope of the second is $-\frac{1}{D}$, so very large
# - 1: so the second gives the generator a useful gradient when it is bad
# %% rubric.de [markdown]
# - 1: die Steigung der ersten ist nahe $D = 0$ etwa $-1$
# - 1: die Steigung der zweiten ist $-\frac{1}{D}$, also sehr groß
# - 1: die zweite gibt dem Generator also einen brauchbaren Gradienten, wenn er schlecht ist
# %% solution.en [markdown]
# With respect to $D$ the slopes are $-\frac{1}{1 - D}$ and $-\frac{1}{D}$. A saturated sigmoid in $D$ multiplies both by almost $0$; only the second compensates.
# %% solution.de [markdown]
# Nach $D$ sind die Steigungen $-\frac{1}{1 - D}$ und $-\frac{1}{D}$. Eine gesättigte Sigmoidfunktion in $D$ multipliziert beide mit fast $0$; nur die zweite gleicht das aus.
