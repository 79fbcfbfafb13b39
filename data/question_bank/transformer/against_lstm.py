# %% header [markdown]
# - id: transformer.against_lstm
# - version: 2
# - topic: transformer
# - lesson: 6
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: compare
# - points: 4
# - minutes: 7
# - reference: Vaswani et al., Attention is all you need, 2017, table 1; Tay et al., Long range arena, 2021
# %% question.en [markdown]
# Compare a Transformer with an LSTM for texts of length $n$ by three measures: steps that must wait for one another in training, longest path between two positions, memory while a text is read (without training). Say when you would still take the LSTM.
# %% question.de [markdown]
# Vergleichen Sie einen Transformer mit einem LSTM für Texte der Länge $n$ nach drei Maßstäben: Schritte, die im Training aufeinander warten müssen, längster Weg zwischen zwei Positionen, Speicher beim Lesen eines Textes (ohne Training). Sagen Sie, wann Sie dennoch das LSTM nähmen.
# %% rubric.en [markdown]
# - 1: waiting steps: constant per layer against $n$
# - 1: path: $1$ per layer against up to $n$
# - 1: memory: grows with $n^2$ (all scores at once), or with $n$ (keys and values kept), against a state of fixed size (for training, $n^2$ against $n$ stored states counts, too)
# - 1: a sensible use of the LSTM, such as long streams on small devices
# %% rubric.de [markdown]
# - 1: wartende Schritte: konstant je Schicht gegen $n$
# - 1: Weg: $1$ je Schicht gegen bis zu $n$
# - 1: Speicher: wächst mit $n^2$ (alle Punktzahlen zugleich) oder mit $n$ (Schlüssel und Werte aufgehoben) gegen einen Zustand fester Größe (für das Training zählt auch $n^2$ gegen $n$ gespeicherte Zustände)
# - 1: ein sinnvoller Einsatz des LSTM, etwa lange Datenströme auf kleinen Geräten
# %% solution.en [markdown]
# Attention links all pairs in one step, in parallel, at a cost of $n^2$ in computation; the LSTM must go step by step, but while it reads its memory does not grow with the length.
# %% solution.de [markdown]
# Aufmerksamkeit verbindet alle Paare in einem Schritt und parallel, zum Preis von $n^2$ Rechnungen; das LSTM muss Schritt für Schritt gehen, dafür wächst sein Speicher beim Lesen nicht mit der Länge.
