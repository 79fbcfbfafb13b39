# %% header [markdown]
# - id: mlp.basics
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: easy
# - knowledge: recall
# - kind: kprim
# - operator: decide
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# True or false? The statements are about a multilayer perceptron.
# %% question.de [markdown]
# Wahr oder falsch? Die Aussagen betreffen ein mehrschichtiges Perzeptron.
# %% options.en [markdown]
# - [x] Each neuron is connected with all neurons of the layer before.
# - [x] The information flows from the input to the output, without loops.
# - [x] The number of hidden layers is a hyperparameter.
# - [ ] The weights are hyperparameters, which the developer sets.
# - [ ] All neurons of a layer share the same weights.
# - [ ] Without an activation function more layers give curved borders.
# %% options.de [markdown]
# - [x] Jedes Neuron ist mit allen Neuronen der Schicht davor verbunden.
# - [x] Die Information fließt ohne Schleifen von der Eingabe zur Ausgabe.
# - [x] Die Zahl der verdeckten Schichten ist ein Hyperparameter.
# - [ ] Die Gewichte sind Hyperparameter, die der Entwickler festlegt.
# - [ ] Alle Neuronen einer Schicht teilen sich dieselben Gewichte.
# - [ ] Ohne Aktivierungsfunktion ergeben mehr Schichten gekrümmte Grenzen.
# %% solution.en [markdown]
# Weights are learned; sharing weights is what convolutional layers do; layers without activation function are together one linear map.
# %% solution.de [markdown]
# Gewichte werden gelernt; geteilte Gewichte haben Faltungsschichten; Schichten ohne Aktivierungsfunktion sind zusammen eine lineare Abbildung.
