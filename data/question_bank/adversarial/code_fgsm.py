# %% header [markdown]
# - id: adversarial.code_fgsm
# - version: 1
# - topic: adversarial
# - lesson: 8
# - difficulty: hard
# - knowledge: application
# - kind: error
# - operator: find
# - points: 3
# - minutes: 5
# - reference: Goodfellow, Shlens & Szegedy, Explaining and harnessing adversarial examples, 2015
# %% question.en [markdown]
# The function is to make an **untargeted** FGSM attack on images with values from $0$ to $1$; `slope(x, labels)` gives the gradient of the loss with respect to the image. Exactly one line is wrong. Which, and what should it say?
#
# {{code}}
# %% question.de [markdown]
# Die Funktion soll einen **ungezielten** FGSM-Angriff auf Bilder mit Werten von $0$ bis $1$ machen; `slope(x, labels)` gibt den Gradienten des Loss nach dem Bild. Genau eine Zeile ist falsch. Welche, und wie muss sie lauten?
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
LINES = ["def attack(x, labels, epsilon):", "    g = slope(x, labels)", "    step = epsilon * np.sign(g)", "    attacked = x + step",
         "    return np.clip(attacked, 0, 1)"]
WRONG = {3: "    step = epsilon * g", 4: "    attacked = x - step", 5: "    return np.clip(step, 0, 1)"}


def generate(draw):
    line, bare = draw.choice(sorted(WRONG)), draw.choice(["g", "grad", "d"])
    code = [WRONG[n] if n == line else text for n, text in enumerate(LINES, start=1)]
    code = [text.replace("g = ", f"{bare} = ").replace("(g)", f"({bare})").replace("* g", f"* {bare}") for text in code]
    right = LINES[line - 1].strip().replace("(g)", f"({bare})")
    return {"values": {"code": "```\n" + "\n".join(code) + "\n```", "line": line, "right": right}, "answer": line}
