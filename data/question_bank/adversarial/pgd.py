# %% header [markdown]
# - id: adversarial.pgd
# - version: 2
# - topic: adversarial
# - lesson: 8
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 6
# - decimals: 1
# %% question.en [markdown]
# PGD for one pixel: start $x_0 = {{x0}}$, bound $\epsilon = {{eps}}$ around $x_0$, step ${{step}}$, values from $0$ to $1$. The signs of the gradients at the three steps are {{signs}}; the loss is to be raised. After each step the pixel is projected into the allowed interval.
#
# - After the first step: [[a]]
# - After the second step: [[b]]
# - After the third step: [[c]]
# %% question.de [markdown]
# PGD für einen Pixel: Start $x_0 = {{x0}}$, Schranke $\epsilon = {{eps}}$ um $x_0$, Schritt ${{step}}$, Werte von $0$ bis $1$. Die Vorzeichen der Gradienten bei den drei Schritten sind {{signs}}; der Loss soll steigen. Nach jedem Schritt wird der Pixel in das erlaubte Intervall projiziert.
#
# - Nach dem ersten Schritt: [[a]]
# - Nach dem zweiten Schritt: [[b]]
# - Nach dem dritten Schritt: [[c]]
# %% mistakes.en [markdown]
# - no_bound: the bound around the start was ignored
# - downhill: the steps went down the loss
# %% mistakes.de [markdown]
# - no_bound: die Schranke um den Start wurde nicht beachtet
# - downhill: die Schritte gingen den Loss hinunter
# %% solution.en [markdown]
# Allowed is ${{low}} \le x \le {{high}}$. One after the other: ${{a}}$, ${{b}}$, ${{c}}$.
# %% solution.de [markdown]
# Erlaubt ist ${{low}} \le x \le {{high}}$. Nacheinander: ${{a}}$, ${{b}}$, ${{c}}$.
# %%
def walk(x0, step, signs, low, high):
    x, places = x0, []
    for sign in signs:
        x = round(min(high, max(low, x + step * sign)), 10)
        places.append(x)
    return dict(zip("abc", places, strict=True))


def generate(draw):
    x0, eps, step = draw.grid(0.2, 0.8, 0.1), draw.choice([0.2, 0.3]), draw.choice([0.1, 0.2])
    signs = [draw.choice([-1, 1]) for _ in range(3)]
    low, high = round(max(0.0, x0 - eps), 10), round(min(1.0, x0 + eps), 10)
    answer, free = walk(x0, step, signs, low, high), walk(x0, step, signs, 0, 1)
    if answer == free:
        return None
    mistakes = {"no_bound": free, "downhill": walk(x0, step, [-s for s in signs], low, high)}
    values = {"x0": x0, "eps": eps, "step": step, "signs": signs, "low": low, "high": high, **answer}
    return {"values": values, "answer": answer, "mistakes": mistakes}


def oracle(values):
    tenths, here, places = round(10 * values["x0"]), round(10 * values["x0"]), []  # in whole tenths
    reach = range(max(0, tenths - round(10 * values["eps"])), min(10, tenths + round(10 * values["eps"])) + 1)
    for sign in values["signs"]:
        here += sign * round(10 * values["step"])
        here = min(reach, key=lambda t: abs(t - here))
        places.append(here / 10)
    return dict(zip("abc", places, strict=True))


def follow(values, given):
    found = {}
    for before, key, sign in zip("ab", "bc", values["signs"][1:], strict=True):
        x = given.get(before, found.get(before, values[before]))
        found[key] = round(min(values["high"], max(values["low"], x + values["step"] * sign)), 10)
    return found
