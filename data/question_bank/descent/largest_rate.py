# %% header [markdown]
# - id: descent.largest_rate
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: determine
# - points: 4
# - minutes: 6
# - decimals: 2
# - tolerance: 0.005
# %% question.en [markdown]
# The picture shows the loss $L(w) = {{a}} w^2$. Below which learning rate $\eta$ does gradient descent approach the minimum from **every** start?
# %% question.de [markdown]
# Das Bild zeigt den Loss $L(w) = {{a}} w^2$. Unterhalb welcher Lernrate $\eta$ nähert sich der Gradientenabstieg von **jedem** Start aus dem Minimum?
# %% figure.en [markdown]
# A parabola with its lowest point at (0, 0) that passes through (1, {{a}}).
# %% figure.de [markdown]
# Eine Parabel mit ihrem tiefsten Punkt bei (0, 0), die durch (1, {{a}}) geht.
# %% mistakes.en [markdown]
# - half: that is the rate that reaches the minimum in one step
# - double: the factor 2 of the slope was forgotten
# %% mistakes.de [markdown]
# - half: das ist die Rate, die das Minimum in einem Schritt erreicht
# - double: der Faktor 2 der Steigung wurde vergessen
# %% solution.en [markdown]
# A step multiplies $w$ by $1 - 2 \cdot {{a}} \eta$. This lies between $-1$ and $1$ exactly for $0 < \eta < \frac{1}{ {{a}} } = {{limit}}$.
# %% solution.de [markdown]
# Ein Schritt multipliziert $w$ mit $1 - 2 \cdot {{a}} \eta$. Das liegt genau für $0 < \eta < \frac{1}{ {{a}} } = {{limit}}$ zwischen $-1$ und $1$.
# %%
def generate(draw):
    a = draw.choice([0.5, 1, 2, 2.5, 4, 5])
    curve = [[i / 10, a * i * i / 100] for i in range(-20, 21)]
    axes = {"x": "w", "y": "L(w)", "xlim": [-2, 2], "ylim": [0, max(2, round(2 * a))]}
    mistakes = {"half": 0.5 / a, "double": 2 / a}
    return {"values": {"a": a, "limit": 1 / a}, "answer": 1 / a, "mistakes": mistakes, "figure": {"type": "plot", **axes, "curves": [{"points": curve}]}}


def oracle(values):
    def converges(rate):
        w = 1.0
        for _ in range(4000):
            w -= rate * 2 * values["a"] * w
            if abs(w) > 1.5:
                return False
        return True

    low, high = 0.0, 8.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if converges(middle) else (low, middle)
    return low
