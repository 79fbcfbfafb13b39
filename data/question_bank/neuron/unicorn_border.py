# %% header [markdown]
# - id: neuron.unicorn_border
# - version: 1
# - topic: neuron
# - lesson: 1
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: determine
# - points: 2
# - minutes: 3
# - decimals: 1
# %% question.en [markdown]
# A neuron with step function (output $1$ for $z > 0$, else $0$) tells unicorns ($1$) from rabbits ($0$): $z = {{a}} \cdot \text{speed} + {{b}} \cdot \text{size} - {{c}}$. An animal has speed ${{speed}}$. **Above** which size does the neuron call it a unicorn?
# %% question.de [markdown]
# Ein Neuron mit Stufenfunktion (Ausgabe $1$ für $z > 0$, sonst $0$) trennt Einhörner ($1$) von Kaninchen ($0$): $z = {{a}} \cdot \text{Tempo} + {{b}} \cdot \text{Größe} - {{c}}$. Ein Tier hat das Tempo ${{speed}}$. **Oberhalb** welcher Größe nennt das Neuron es ein Einhorn?
# %% mistakes.en [markdown]
# - sign: the constant was taken with the wrong sign
# - undivided: the result was not divided by the weight of the size
# - unweighted: the speed was taken without its weight
# %% mistakes.de [markdown]
# - sign: die Konstante wurde mit falschem Vorzeichen genommen
# - undivided: es wurde nicht durch das Gewicht der Größe geteilt
# - unweighted: das Tempo wurde ohne sein Gewicht genommen
# %% solution.en [markdown]
# On the border $z = 0$: $\text{size} = \frac{ {{c}} - {{a}} \cdot {{speed}} }{ {{b}} } = {{size}}$.
# %% solution.de [markdown]
# Auf der Grenze ist $z = 0$: $\text{Größe} = \frac{ {{c}} - {{a}} \cdot {{speed}} }{ {{b}} } = {{size}}$.
# %%
from course_utils.from_scratch.neuron import linear, neuron

bare = neuron.__wrapped__


def generate(draw):
    import numpy as np

    a, b, speed, size = draw.whole(2, 4), draw.choice([2, 4, 5]), draw.whole(1, 4), draw.grid(0.5, 3, 0.5)
    c = float(bare(np.array([speed, size]), np.array([a, b], float), 0.0, linear))  # z = 0 at this size
    mistakes = {"sign": (-c - a * speed) / b, "undivided": c - a * speed, "unweighted": (c - speed) / b}
    return {"values": {"a": a, "b": b, "c": c, "speed": speed, "size": size}, "answer": size, "mistakes": mistakes}


def oracle(values):
    low, high = 0.0, 100.0  # halve the interval until the output of the neuron changes
    for _ in range(60):
        middle = (low + high) / 2
        z = values["a"] * values["speed"] + values["b"] * middle - values["c"]
        low, high = (low, middle) if z > 0 else (middle, high)
    return low
