# %% header [markdown]
# - id: rnn.lstm_gradient
# - version: 1
# - topic: rnn
# - lesson: 5
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: explain
# - points: 4
# - minutes: 7
# - reference: Hochreiter & Schmidhuber, Long short-term memory, 1997; Gers, Schmidhuber & Cummins 2000
# %% question.en [markdown]
# Explain with the formula of the cell state why the gradient of an LSTM fades less over many steps than that of a simple recurrent network, and under which condition it fades nevertheless.
# %% question.de [markdown]
# Erklären Sie mit der Formel des Zellzustands, warum der Gradient eines LSTM über viele Schritte weniger verblasst als der eines einfachen rekurrenten Netzes, und unter welcher Bedingung er dennoch verblasst.
# %% rubric.en [markdown]
# - 1: states $c_t = f \odot c_{t-1} + i \odot \tilde{c}$
# - 1: along the cell state the slope is multiplied by $f$ in each step
# - 1: simple network: multiplied by the recurrent weights and by the slope of tanh
# - 1: it fades where $f$ stays well below $1$
# %% rubric.de [markdown]
# - 1: nennt $c_t = f \odot c_{t-1} + i \odot \tilde{c}$
# - 1: entlang des Zellzustands wird die Steigung je Schritt mit $f$ multipliziert
# - 1: einfaches Netz: Multiplikation mit den rekurrenten Gewichten und der Steigung von tanh
# - 1: er verblasst, wo $f$ deutlich unter $1$ bleibt
# %% solution.en [markdown]
# Along the cell state the slope is the product of the forget gates, which may stay near $1$; in the simple network each step multiplies by the recurrent weights and the slope of tanh, which is at most $1$. With $f$ below $1$ for long, the LSTM forgets, too.
# %% solution.de [markdown]
# Entlang des Zellzustands ist die Steigung das Produkt der Vergessenstore, die nahe $1$ bleiben können; im einfachen Netz multipliziert jeder Schritt mit den rekurrenten Gewichten und der Steigung von tanh, die höchstens $1$ ist. Bleibt $f$ lange unter $1$, vergisst auch das LSTM.
