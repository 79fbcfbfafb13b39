# %% header [markdown]
# - id: rnn.lstm_words
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: medium
# - knowledge: recall
# - kind: cloze
# - operator: complete
# - points: 3
# - minutes: 3
# %% question.en [markdown]
# Complete with one word each. In an LSTM the [[f]] gate decides what the cell state keeps, the [[i]] gate what is newly written, and the [[o]] gate what is shown as the hidden state.
# %% question.de [markdown]
# Ergänzen Sie je ein Wort. In einem LSTM entscheidet das [[f]] darüber, was der Zellzustand behält, das [[i]] darüber, was neu geschrieben wird, und das [[o]] darüber, was als verdeckter Zustand gezeigt wird.
# %% blanks.en [markdown]
# - f: forget
# - i: input
# - o: output
# %% blanks.de [markdown]
# - f: Vergessenstor | Vergesstor | Forget-Gate
# - i: Eingangstor | Eingabetor | Input-Gate
# - o: Ausgangstor | Ausgabetor | Output-Gate
# %% solution.en [markdown]
# Forget, input and output gate, in this order.
# %% solution.de [markdown]
# Vergessens-, Eingangs- und Ausgangstor, in dieser Reihenfolge.
