# %% header [markdown]
# - id: foundations.derivation_error
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: hard
# - knowledge: recall
# - kind: error
# - operator: find
# - points: 4
# - minutes: 6
# %% question.en [markdown]
# The gradient of $E = \frac{1}{2} (w x - t)^2 + \frac{\lambda}{2} w^2$ and the step of gradient descent are derived. Exactly one line is wrong. Which, and what should it say?
#
# {{code}}
# %% question.de [markdown]
# Hergeleitet werden der Gradient von $E = \frac{1}{2} (w x - t)^2 + \frac{\lambda}{2} w^2$ und der Schritt des Gradientenabstiegs. Genau eine Zeile ist falsch. Welche, und wie muss sie lauten?
#
# {{code}}
# %% rubric.en [markdown]
# - 2: the corrected line, with a reason
# %% rubric.de [markdown]
# - 2: die berichtigte Zeile, mit Begründung
# %% solution.en [markdown]
# Line {{line}} must say: `{{right}}`. The lines after it follow from the right one.
# %% solution.de [markdown]
# Zeile {{line}} muss lauten: `{{right}}`. Die Zeilen danach folgen aus der richtigen.
# %%
LINES = ["e = w*x - t", "dE/de = e", "de/dw = x", "d(lambda/2 * w^2)/dw = lambda * w", "dE/dw = (w*x - t) * x + lambda * w", "w_new = w - eta * dE/dw"]
WRONG = {2: "dE/de = e / 2", 3: "de/dw = w", 4: "d(lambda/2 * w^2)/dw = lambda", 5: "dE/dw = (w*x - t) * x - lambda * w", 6: "w_new = w + eta * dE/dw"}


def generate(draw):
    line = draw.choice(sorted(WRONG))
    code = [WRONG[n] if n == line else text for n, text in enumerate(LINES, start=1)]
    return {"values": {"code": "```\n" + "\n".join(code) + "\n```", "line": line, "right": LINES[line - 1]}, "answer": line}
