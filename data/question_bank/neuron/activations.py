# %% header [markdown]
# - id: neuron.activations
# - version: 2
# - topic: neuron
# - lesson: 1
# - difficulty: medium
# - knowledge: application
# - kind: kprim
# - operator: decide
# - points: 2
# - minutes: 3
# - reference: Glorot & Bengio 2010; Nair & Hinton 2010; Maas, Hannun & Ng 2013
# %% question.en [markdown]
# True or false? The statements are about activation functions of hidden neurons.
# %% question.de [markdown]
# Wahr oder falsch? Die Aussagen betreffen Aktivierungsfunktionen verdeckter Neuronen.
# %% options.en [markdown]
# - [x] The slope of the sigmoid is at most $0.25$, which shrinks gradients in deep nets.
# - [x] A ReLU neuron whose $z$ is negative for all training data gets no gradient.
# - [x] Leaky ReLU keeps a small slope for negative $z$.
# - [ ] The hyperbolic tangent has the values $0$ to $1$.
# - [ ] The slope of ReLU tends to $0$ for large positive $z$.
# - [ ] A net with only linear activation functions gains power by more layers.
# %% options.de [markdown]
# - [x] Die Steigung der Sigmoidfunktion ist höchstens $0.25$, was Gradienten in tiefen Netzen schrumpfen lässt.
# - [x] Ein ReLU-Neuron, dessen $z$ für alle Trainingsdaten negativ ist, bekommt keinen Gradienten.
# - [x] Leaky ReLU behält für negatives $z$ eine kleine Steigung.
# - [ ] Der Tangens hyperbolicus hat die Werte $0$ bis $1$.
# - [ ] Die Steigung von ReLU geht für großes positives $z$ gegen $0$.
# - [ ] Ein Netz mit nur linearen Aktivierungsfunktionen wird durch mehr Schichten mächtiger.
# %% solution.en [markdown]
# The hyperbolic tangent lies between $-1$ and $1$; ReLU has slope $1$ for every positive $z$; linear layers in a row are one linear layer.
# %% solution.de [markdown]
# Der Tangens hyperbolicus liegt zwischen $-1$ und $1$; ReLU hat für jedes positive $z$ die Steigung $1$; lineare Schichten hintereinander sind eine einzige lineare Schicht.
