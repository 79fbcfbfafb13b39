# %% header [markdown]
# - id: descent.loop_error
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: hard
# - knowledge: application
# - kind: error
# - operator: find
# - points: 3
# - minutes: 5
# - reference: Bottou, Curtis & Nocedal, Optimization methods for large-scale machine learning, 2018
# %% question.en [markdown]
# The loop is to train by mini-batch gradient descent and to judge the model by its validation loss after each epoch. `slope` returns the gradient of the loss. Exactly one line is wrong. Which, and what should it say?
#
# {{code}}
# %% question.de [markdown]
# Die Schleife soll mit Mini-Batch-Gradientenabstieg trainieren und das Modell nach jeder Epoche am Validierungs-Loss messen. `slope` gibt den Gradienten des Loss zurück. Genau eine Zeile ist falsch. Welche, und wie muss sie lauten?
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
LINES = ["for epoch in range(epochs):", "    order = rng.permutation(len(x))", "    for i in range(0, len(x), batch):", "        part = order[i:i + batch]",
         "        w = w - rate * slope(w, x[part], t[part])", "    print(epoch, loss(w, x_val, t_val))"]
WRONG = {3: "    for i in range(0, batch, len(x)):", 4: "        part = order[i:batch]", 5: "        w = w + rate * slope(w, x[part], t[part])", 6: "    print(epoch, loss(w, x, t))"}


def generate(draw):
    line = draw.choice(sorted(WRONG))
    code = [WRONG[n] if n == line else text for n, text in enumerate(LINES, start=1)]
    values = {"code": "```\n" + "\n".join(code) + "\n```", "line": line, "right": LINES[line - 1].strip()}
    return {"values": values, "answer": line}
