# %% header [markdown]
# - id: neuron.xor_proof
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: hard
# - knowledge: application
# - kind: open
# - operator: derive
# - points: 4
# - minutes: 7
# - reference: Minsky & Papert, Perceptrons, 1969
# %% question.en [markdown]
# Prove that no neuron with step function ($1$ for $z > 0$, else $0$) computes XOR of two inputs from $0$ and $1$: write one inequality for each of the four inputs and show that they contradict each other.
# %% question.de [markdown]
# Beweisen Sie, dass kein Neuron mit Stufenfunktion ($1$ für $z > 0$, sonst $0$) XOR zweier Eingaben aus $0$ und $1$ berechnet: Schreiben Sie für jede der vier Eingaben eine Ungleichung auf und zeigen Sie, dass sie einander widersprechen.
# %% rubric.en [markdown]
# - 2: the four inequalities are right
# - 1: adds the two inequalities for output 1
# - 1: contradiction stated
# %% rubric.de [markdown]
# - 2: die vier Ungleichungen stimmen
# - 1: addiert die zwei Ungleichungen zur Ausgabe 1
# - 1: Widerspruch benannt
# %% solution.en [markdown]
# $b \le 0$, $w_1 + b > 0$, $w_2 + b > 0$, $w_1 + w_2 + b \le 0$. Adding the middle two: $w_1 + w_2 + 2 b > 0$. With $b \le 0$ then $w_1 + w_2 + b > 0$, against the last one.
# %% solution.de [markdown]
# $b \le 0$, $w_1 + b > 0$, $w_2 + b > 0$, $w_1 + w_2 + b \le 0$. Die mittleren addiert: $w_1 + w_2 + 2 b > 0$. Mit $b \le 0$ folgt $w_1 + w_2 + b > 0$, gegen die letzte.
