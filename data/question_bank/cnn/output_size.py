# %% header [markdown]
# - id: cnn.output_size
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# An image of ${{n}} \times {{n}}$ pixels goes through a convolution with kernel ${{k}} \times {{k}}$, padding ${{p}}$ on each side and stride ${{s}}$. How many pixels wide is the feature map?
# %% question.de [markdown]
# Ein Bild mit ${{n}} \times {{n}}$ Pixeln durchläuft eine Faltung mit Filterkern ${{k}} \times {{k}}$, Auffüllen um ${{p}}$ auf jeder Seite und Schrittweite ${{s}}$. Wie viele Pixel breit ist die Merkmalskarte?
# %% mistakes.en [markdown]
# - no_one: the one at the end was forgotten
# - padding_once: the padding was counted on one side only
# - no_stride: the stride was ignored
# %% mistakes.de [markdown]
# - no_one: die Eins am Ende wurde vergessen
# - padding_once: das Auffüllen wurde nur auf einer Seite gezählt
# - no_stride: die Schrittweite wurde nicht beachtet
# %% solution.en [markdown]
# $\frac{ {{n}} + 2 \cdot {{p}} - {{k}} }{ {{s}} } + 1$, the quotient rounded down: ${{size}}$.
# %% solution.de [markdown]
# $\frac{ {{n}} + 2 \cdot {{p}} - {{k}} }{ {{s}} } + 1$, der Quotient abgerundet: ${{size}}$.
# %%
from course_utils.from_scratch.convolution import output_size

bare = output_size.__wrapped__


def generate(draw):
    n, k, p, s = draw.whole(12, 64), draw.choice([3, 5, 7]), draw.whole(1, 2), draw.whole(2, 3)
    size = bare(n, k, s, p)
    mistakes = {"no_one": size - 1, "padding_once": (n + p - k) // s + 1, "no_stride": n + 2 * p - k + 1}
    return {"values": {"n": n, "k": k, "p": p, "s": s, "size": size}, "answer": size, "mistakes": mistakes}


def oracle(values):
    v = values
    return len([start for start in range(-v["p"], v["n"] + v["p"], v["s"]) if start + v["k"] <= v["n"] + v["p"]])
