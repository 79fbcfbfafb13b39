# %% header [markdown]
# - id: descent.mse
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 3
# - decimals: 2
# %% question.en [markdown]
# Compute the loss $L = \frac{1}{N} \sum_i (y_i - t_i)^2$ for the outputs $y = {{y}}$ and the targets $t = {{t}}$.
# %% question.de [markdown]
# Berechnen Sie den Loss $L = \frac{1}{N} \sum_i (y_i - t_i)^2$ für die Ausgaben $y = {{y}}$ und die Zielwerte $t = {{t}}$.
# %% mistakes.en [markdown]
# - sum: it was not divided by the number of examples
# - half: a factor one half was added
# - absolute: the differences were not squared
# %% mistakes.de [markdown]
# - sum: es wurde nicht durch die Zahl der Beispiele geteilt
# - half: ein Faktor ein Halb wurde ergänzt
# - absolute: die Differenzen wurden nicht quadriert
# %% solution.en [markdown]
# Differences {{d}}, squares {{squares}}, mean ${{loss}}$.
# %% solution.de [markdown]
# Differenzen {{d}}, Quadrate {{squares}}, Mittelwert ${{loss}}$.
# %%
def generate(draw):
    y, t = draw.grids(4, 0, 3, 0.5), draw.wholes(4, 0, 3)
    d = [a - b for a, b in zip(y, t, strict=True)]
    squares = [v * v for v in d]
    loss = sum(squares) / 4
    mistakes = {"sum": sum(squares), "half": loss / 2, "absolute": sum(map(abs, d)) / 4}
    if round(loss, 2) != loss:
        return None
    return {"values": {"y": y, "t": t, "d": d, "squares": squares, "loss": loss}, "answer": loss, "mistakes": mistakes}


def oracle(values):
    import numpy as np

    return float(np.mean((np.array(values["y"]) - np.array(values["t"])) ** 2))
