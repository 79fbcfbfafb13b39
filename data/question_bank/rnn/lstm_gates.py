# %% header [markdown]
# - id: rnn.lstm_gates
# - version: 2
# - topic: rnn
# - lesson: 5
# - difficulty: medium
# - knowledge: application
# - kind: matching
# - operator: assign
# - points: 2
# - minutes: 3
# - reference: Gers, Schmidhuber & Cummins, Learning to forget: continual prediction with LSTM, 2000
# %% question.en [markdown]
# A character model with an LSTM is inside an open bracket. Assign to each aim the setting of a gate that achieves it.
# %% question.de [markdown]
# Ein Zeichenmodell mit LSTM befindet sich innerhalb einer offenen Klammer. Ordnen Sie jedem Ziel die Torstellung zu, mit der die Zelle es erreicht.
# %% options.en [markdown]
# - not lose the note "bracket open" => forget gate close to 1
# - delete the note after the closing bracket => forget gate close to 0
# - write the note at the opening bracket => input gate close to 1
# - keep the note to itself for now => output gate close to 0
# - => output gate close to 1
# %% options.de [markdown]
# - die Notiz „Klammer offen“ nicht verlieren => Vergessenstor nahe 1
# - die Notiz nach der schließenden Klammer löschen => Vergessenstor nahe 0
# - die Notiz bei der öffnenden Klammer schreiben => Eingangstor nahe 1
# - die Notiz vorerst für sich behalten => Ausgangstor nahe 0
# - => Ausgangstor nahe 1
# %% solution.en [markdown]
# Cell state: $c_t = f \odot c_{t-1} + i \odot \tilde{c}$; shown is $h_t = o \odot \tanh(c_t)$.
# %% solution.de [markdown]
# Zellzustand: $c_t = f \odot c_{t-1} + i \odot \tilde{c}$; gezeigt wird $h_t = o \odot \tanh(c_t)$.
