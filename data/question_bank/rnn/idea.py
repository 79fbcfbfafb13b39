# %% header [markdown]
# - id: rnn.idea
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: easy
# - knowledge: recall
# - kind: kprim
# - operator: decide
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# True or false? The statements are about recurrent networks.
# %% question.de [markdown]
# Wahr oder falsch? Die Aussagen betreffen rekurrente Netze.
# %% options.en [markdown]
# - [x] The same weights are used in every time step.
# - [x] The hidden state carries information from step to step.
# - [x] Unfolded in time, a recurrent network is a deep network.
# - [ ] Each time step has weights of its own.
# - [ ] All sequences must have the same length.
# - [ ] The input of all steps must be known before the first step.
# %% options.de [markdown]
# - [x] In jedem Zeitschritt werden dieselben Gewichte benutzt.
# - [x] Der verdeckte Zustand trägt Information von Schritt zu Schritt.
# - [x] In der Zeit entfaltet ist ein rekurrentes Netz ein tiefes Netz.
# - [ ] Jeder Zeitschritt hat eigene Gewichte.
# - [ ] Alle Folgen müssen gleich lang sein.
# - [ ] Die Eingaben aller Schritte müssen vor dem ersten Schritt bekannt sein.
# %% solution.en [markdown]
# One cell with one set of weights is applied again and again, to sequences of any length, as the inputs come in.
# %% solution.de [markdown]
# Eine Zelle mit einem Satz Gewichte wird immer wieder angewendet, auf Folgen beliebiger Länge, so wie die Eingaben eintreffen.
