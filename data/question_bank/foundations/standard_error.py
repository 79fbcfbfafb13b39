# %% header [markdown]
# - id: foundations.standard_error
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: hard
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 5
# - decimals: s 3, n 0
# - aids: calculator
# - reference: Dietterich, Approximate statistical tests for comparing supervised classification learning algorithms, 1998
# %% question.en [markdown]
# A classifier is right on ${{percent}}$ percent of ${{n}}$ independent test images.
#
# - Standard error of the accuracy, $\sqrt{\frac{p (1 - p)}{n}}$, to three decimals: [[s]]
# - How many test images would halve this standard error at the same accuracy? [[n]]
# %% question.de [markdown]
# Ein Klassifikator liegt bei ${{percent}}$ Prozent von ${{n}}$ unabhängigen Testbildern richtig.
#
# - Standardfehler der Genauigkeit, $\sqrt{\frac{p (1 - p)}{n}}$, auf drei Nachkommastellen: [[s]]
# - Wie viele Testbilder würden diesen Standardfehler bei gleicher Genauigkeit halbieren? [[n]]
# %% mistakes.en [markdown]
# - no_root: the root was not taken
# - double: twice as many images were taken
# %% mistakes.de [markdown]
# - no_root: die Wurzel wurde nicht gezogen
# - double: es wurden doppelt so viele Bilder genommen
# %% solution.en [markdown]
# $\sqrt{\frac{ {{p}} \cdot (1 - {{p}}) }{ {{n}} }} \approx {{s:3}}$; half the error needs four times as many: ${{four}}$.
# %% solution.de [markdown]
# $\sqrt{\frac{ {{p}} \cdot (1 - {{p}}) }{ {{n}} }} \approx {{s:3}}$; der halbe Fehler braucht viermal so viele: ${{four}}$.
# %%
def generate(draw):
    percent, n = draw.choice([80, 85, 90, 95]), draw.choice([50, 100, 200, 400])
    if percent * n % 100:  # no whole number of right images
        return None
    p = percent / 100
    s = (p * (1 - p) / n) ** 0.5
    mistakes = {"no_root": {"s": s * s}, "double": {"n": 2 * n}}
    return {"values": {"percent": percent, "n": n, "p": p, "s": s, "four": 4 * n}, "answer": {"s": s, "n": 4 * n}, "mistakes": mistakes}


def oracle(values):
    import numpy as np

    right = np.zeros(values["n"])
    right[: round(values["p"] * values["n"])] = 1  # a list of ones and zeros with that mean
    s = right.std() / values["n"] ** 0.5
    return {"s": s, "n": next(n for n in range(1, 10**4) if right.std() / n**0.5 <= s / 2 + 1e-12)}
