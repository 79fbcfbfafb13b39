# %% header [markdown]
# - id: descent.regression_step
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 5
# - minutes: 8
# - decimals: 2
# %% question.en [markdown]
# A line $y = w x + b$ is fitted to two points, $(x, t) = ({{x1}}, {{t1}})$ and $({{x2}}, {{t2}})$, with the loss $L = \frac{1}{N} \sum_i (y_i - t_i)^2$, $N = 2$. Start: $w = {{w}}$, $b = 0$; learning rate ${{eta}}$.
#
# - $\frac{\partial L}{\partial w}$ at the start: [[gw]]
# - $\frac{\partial L}{\partial b}$ at the start: [[gb]]
# - $w$ after one step: [[nw]]
# %% question.de [markdown]
# Eine Gerade $y = w x + b$ wird an zwei Punkte angepasst, $(x, t) = ({{x1}}, {{t1}})$ und $({{x2}}, {{t2}})$, mit dem Loss $L = \frac{1}{N} \sum_i (y_i - t_i)^2$, $N = 2$. Start: $w = {{w}}$, $b = 0$; Lernrate ${{eta}}$.
#
# - $\frac{\partial L}{\partial w}$ am Start: [[gw]]
# - $\frac{\partial L}{\partial b}$ am Start: [[gb]]
# - $w$ nach einem Schritt: [[nw]]
# %% mistakes.en [markdown]
# - no_two: the factor 2 of the square was forgotten
# - no_mean: it was not divided by the number of points
# %% mistakes.de [markdown]
# - no_two: der Faktor 2 des Quadrats wurde vergessen
# - no_mean: es wurde nicht durch die Zahl der Punkte geteilt
# %% solution.en [markdown]
# Errors $y - t$: {{d}}. $\frac{\partial L}{\partial w} = \frac{2}{N} \sum_i (y_i - t_i) x_i = {{gw}}$, $\frac{\partial L}{\partial b} = \frac{2}{N} \sum_i (y_i - t_i) = {{gb}}$, $w = {{w}} - {{eta}} \cdot {{gw:p}} = {{nw}}$.
# %% solution.de [markdown]
# Fehler $y - t$: {{d}}. $\frac{\partial L}{\partial w} = \frac{2}{N} \sum_i (y_i - t_i) x_i = {{gw}}$, $\frac{\partial L}{\partial b} = \frac{2}{N} \sum_i (y_i - t_i) = {{gb}}$, $w = {{w}} - {{eta}} \cdot {{gw:p}} = {{nw}}$.
# %%
def generate(draw):
    x1, x2, t1, t2 = draw.whole(0, 2), draw.whole(3, 4), draw.whole(-2, 3), draw.whole(-2, 5)
    w, eta = draw.whole(-1, 2), draw.choice([0.1, 0.05])
    d = [w * x1 - t1, w * x2 - t2]
    gw, gb = d[0] * x1 + d[1] * x2, d[0] + d[1]
    if gw == 0 or gb == 0:
        return None
    nw = w - eta * gw
    mistakes = {"no_two": {"gw": gw / 2, "gb": gb / 2, "nw": w - eta * gw / 2}, "no_mean": {"gw": 2 * gw, "gb": 2 * gb, "nw": w - 2 * eta * gw}}
    values = {"x1": x1, "x2": x2, "t1": t1, "t2": t2, "w": w, "eta": eta, "d": d, "gw": gw, "gb": gb, "nw": nw}
    return {"values": values, "answer": {"gw": gw, "gb": gb, "nw": nw}, "mistakes": mistakes}


def oracle(values):
    v = values

    def loss(w, b):
        return ((w * v["x1"] + b - v["t1"]) ** 2 + (w * v["x2"] + b - v["t2"]) ** 2) / 2

    e = 1e-5
    gw, gb = (loss(v["w"] + e, 0) - loss(v["w"] - e, 0)) / (2 * e), (loss(v["w"], e) - loss(v["w"], -e)) / (2 * e)
    return {"gw": gw, "gb": gb, "nw": v["w"] - v["eta"] * gw}


def follow(values, given):
    return {"nw": values["w"] - values["eta"] * given["gw"]}
