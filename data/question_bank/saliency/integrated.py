# %% header [markdown]
# - id: saliency.integrated
# - version: 2
# - topic: saliency
# - lesson: 9
# - difficulty: hard
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 7
# - decimals: 1
# - reference: Sundararajan, Taly & Yan, Axiomatic attribution for deep networks, 2017
# %% question.en [markdown]
# For $S(x_1, x_2) = x_1 x_2 {{c:s}} x_1$ integrated gradients go in a straight line from $(0, 0)$ to $(x_1, x_2) = ({{x1}}, {{x2}})$: $A_i = x_i \cdot$ mean slope $\frac{\partial S}{\partial x_i}$ on the way. Both slopes are linear on the way, so their mean is the value halfway.
#
# - $A_1$: [[a]]
# - $A_2$: [[b]]
# - Difference $S(x) - S(0)$, which the completeness axiom wants as the sum: [[s]]
# %% question.de [markdown]
# Für $S(x_1, x_2) = x_1 x_2 {{c:s}} x_1$ gehen Integrated Gradients geradlinig von $(0, 0)$ nach $(x_1, x_2) = ({{x1}}, {{x2}})$: $A_i = x_i \cdot$ mittlere Steigung $\frac{\partial S}{\partial x_i}$ auf dem Weg. Beide Steigungen sind auf dem Weg linear, ihr Mittel ist also der Wert auf halbem Weg.
#
# - $A_1$: [[a]]
# - $A_2$: [[b]]
# - Differenz $S(x) - S(0)$, die nach dem Vollständigkeitsaxiom die Summe ist: [[s]]
# %% mistakes.en [markdown]
# - endpoint: the slope at the end of the way was taken
# - no_input: the mean slope was not multiplied by the input
# %% mistakes.de [markdown]
# - endpoint: die Steigung am Ende des Weges wurde genommen
# - no_input: die mittlere Steigung wurde nicht mit der Eingabe multipliziert
# %% solution.en [markdown]
# $A_1 = {{x1}} \cdot (\frac{ {{x2}} }{2} {{c:s}}) = {{a}}$, $A_2 = {{x2}} \cdot \frac{ {{x1}} }{2} = {{b}}$, together $S = {{s}}$.
# %% solution.de [markdown]
# $A_1 = {{x1}} \cdot (\frac{ {{x2}} }{2} {{c:s}}) = {{a}}$, $A_2 = {{x2}} \cdot \frac{ {{x1}} }{2} = {{b}}$, zusammen $S = {{s}}$.
# %%
def generate(draw):
    x1, x2, c = draw.whole(2, 5), draw.whole(1, 5), draw.choice([-3, -2, 2, 3])
    a, b = x1 * (x2 / 2 + c), x1 * x2 / 2
    mistakes = {"endpoint": {"a": x1 * (x2 + c), "b": x1 * x2}, "no_input": {"a": x2 / 2 + c}}
    if a == 0:
        return None
    return {"values": {"x1": x1, "x2": x2, "c": c, "a": a, "b": b, "s": a + b}, "answer": {"a": a, "b": b, "s": a + b}, "mistakes": mistakes}


def oracle(values):
    def score(x1, x2):
        return x1 * x2 + values["c"] * x1

    n, e, sums = 200, 1e-5, [0.0, 0.0]
    for i in range(n):
        t = (i + 0.5) / n
        p, q = t * values["x1"], t * values["x2"]
        sums[0] += (score(p + e, q) - score(p - e, q)) / (2 * e) / n
        sums[1] += (score(p, q + e) - score(p, q - e)) / (2 * e) / n
    return {"a": values["x1"] * sums[0], "b": values["x2"] * sums[1], "s": score(values["x1"], values["x2"])}
