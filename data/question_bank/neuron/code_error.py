# %% header [markdown]
# - id: neuron.code_error
# - version: 2
# - topic: neuron
# - lesson: 1
# - difficulty: hard
# - knowledge: application
# - kind: error
# - operator: find
# - points: 3
# - minutes: 5
# - reference: NumPy's broadcasting rules, numpy.org, 2024
# %% question.en [markdown]
# This function is to compute the outputs of one neuron with ReLU for many examples (rows of `x`; `n` counts the examples, `d` the inputs of the neuron) and to return them as `a`. Exactly one line is wrong. Which, and what should it say?
#
# {{code}}
# %% question.de [markdown]
# Diese Funktion soll die Ausgaben eines Neurons mit ReLU für viele Beispiele (Zeilen von `x`; `n` zählt die Beispiele, `d` die Eingaben des Neurons) berechnen und als `a` zurückgeben. Genau eine Zeile ist falsch. Welche, und wie muss sie lauten?
#
# {{code}}
# %% rubric.en [markdown]
# - 1.5: the corrected line does what is asked (other spellings count)
# %% rubric.de [markdown]
# - 1.5: die berichtigte Zeile tut das Verlangte (andere Schreibweisen zählen)
# %% solution.en [markdown]
# Line {{line}} must say: `{{right}}`
# %% solution.de [markdown]
# Zeile {{line}} muss lauten: `{{right}}`
# %%
LINES = ["def outputs(x, w, b):", "    n, d = x.shape", "    assert w.shape == (d,)", "    z = x @ w + b", "    a = np.maximum(z, 0)", "    return a"]
WRONG = {2: "    d, n = x.shape", 4: "    z = x @ (w + b)", 5: "    a = np.minimum(z, 0)", 6: "    return z", 3: "    assert w.shape == (n,)"}


def generate(draw):
    line = draw.choice(sorted(WRONG))
    code = [WRONG[n] if n == line else text for n, text in enumerate(LINES, start=1)]
    values = {"code": "```\n" + "\n".join(code) + "\n```", "line": line, "right": LINES[line - 1].strip()}
    return {"values": values, "answer": line}
