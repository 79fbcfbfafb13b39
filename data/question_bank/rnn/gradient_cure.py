# %% header [markdown]
# - id: rnn.gradient_cure
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: choose
# - points: 1
# - minutes: 2
# - reference: Pascanu, Mikolov & Bengio, On the difficulty of training recurrent neural networks, 2013
# %% question.en [markdown]
# The gradient of a recurrent network grows so large over long sequences that single steps destroy the weights. Which measure acts directly on this?
# %% question.de [markdown]
# Der Gradient eines rekurrenten Netzes wird über lange Folgen so groß, dass einzelne Schritte die Gewichte zerstören. Welche Maßnahme wirkt direkt dagegen?
# %% options.en [markdown]
# - [x] cutting the gradient's norm to a maximum || Gradient clipping limits the step and keeps the direction.
# - [ ] raising the learning rate for long sequences || That makes the destructive steps larger.
# - [ ] adding more units to the hidden state || That does not limit the gradient.
# - [ ] shuffling the characters of the sequences || That destroys what should be learned.
# %% options.de [markdown]
# - [x] die Norm des Gradienten auf einen Höchstwert kürzen || *Gradient clipping* begrenzt den Schritt und behält die Richtung.
# - [ ] die Lernrate für lange Folgen erhöhen || Das vergrößert die zerstörerischen Schritte.
# - [ ] dem verdeckten Zustand mehr Einheiten geben || Das begrenzt den Gradienten nicht.
# - [ ] die Zeichen der Folgen zufällig vertauschen || Das zerstört, was gelernt werden soll.
# %% solution.en [markdown]
# Exploding gradients are clipped; vanishing ones need another cell, such as the LSTM.
# %% solution.de [markdown]
# Explodierende Gradienten werden gekürzt; verschwindende brauchen eine andere Zelle, etwa das LSTM.
