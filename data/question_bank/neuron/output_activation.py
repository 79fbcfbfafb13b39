# %% header [markdown]
# - id: neuron.output_activation
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: choose
# - points: 1
# - minutes: 1
# - reference: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.2.2
# %% question.en [markdown]
# A network is to give the probability that a mail is spam, from one output neuron. Which activation function fits that neuron?
# %% question.de [markdown]
# Ein Netz soll mit einem einzigen Ausgabeneuron die Wahrscheinlichkeit angeben, dass eine Mail Spam ist. Welche Aktivierungsfunktion passt zu diesem Neuron?
# %% options.en [markdown]
# - [x] Sigmoid || Its values lie between 0 and 1 and it is smooth.
# - [ ] Step function || It gives 0 or 1 only and has slope 0, so nothing is learned.
# - [ ] ReLU || Its values have no upper bound.
# - [ ] Hyperbolic tangent || Its values reach from −1 to 1.
# %% options.de [markdown]
# - [x] Sigmoid || Ihre Werte liegen zwischen 0 und 1, und sie ist glatt.
# - [ ] Stufenfunktion || Sie gibt nur 0 oder 1 und hat die Steigung 0, also wird nichts gelernt.
# - [ ] ReLU || Ihre Werte sind nach oben unbeschränkt.
# - [ ] Tangens hyperbolicus || Ihre Werte reichen von −1 bis 1.
# %% solution.en [markdown]
# A probability lies between $0$ and $1$; the sigmoid maps every $z$ there and has a slope everywhere.
# %% solution.de [markdown]
# Eine Wahrscheinlichkeit liegt zwischen $0$ und $1$; die Sigmoidfunktion bildet jedes $z$ dorthin ab und hat überall eine Steigung.
