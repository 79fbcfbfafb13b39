# %% header [markdown]
# - id: cnn.code_size
# - version: 2
# - topic: cnn
# - lesson: 4
# - difficulty: hard
# - knowledge: application
# - kind: code
# - operator: write
# - points: 4
# - minutes: 6
# - function: output_size
# - reference: Dumoulin & Visin, A guide to convolution arithmetic for deep learning, 2016
# %% question.en [markdown]
# Write a Python function `output_size(n, k, s, p)` that gives the width of a feature map for an image of width `n`, kernel width `k`, stride `s` and `p` zeros on each side; for a kernel that does **not** fit it gives `0`.
# %% question.de [markdown]
# Schreiben Sie eine Python-Funktion `output_size(n, k, s, p)`, die die Breite der Merkmalskarte für ein Bild der Breite `n`, Kernbreite `k`, Schrittweite `s` und `p` Nullen auf jeder Seite liefert; für einen Kern, der **nicht** passt, liefert sie `0`.
# %% rubric.en [markdown]
# - 2: the formula with twice the padding and plus one
# - 1: whole division, rounded down
# - 1: the kernel that does not fit
# %% rubric.de [markdown]
# - 2: die Formel mit doppelter Auffüllung und plus eins
# - 1: ganzzahlige Division, abgerundet
# - 1: der Kern, der nicht passt
# %% solution.en [markdown]
# ```
# def output_size(n, k, s, p):
#     if k > n + 2 * p:
#         return 0
#     return (n + 2 * p - k) // s + 1
# ```
# %% solution.de [markdown]
# ```
# def output_size(n, k, s, p):
#     if k > n + 2 * p:
#         return 0
#     return (n + 2 * p - k) // s + 1
# ```
# %%
from course_utils.from_scratch.convolution import output_size


def generate(draw):
    cases = [[draw.whole(5, 40), draw.whole(1, 5), draw.whole(1, 3), draw.whole(0, 2)] for _ in range(5)]
    expected = [int(output_size(n, k, s, p)) for n, k, s, p in cases]
    return {"values": {}, "answer": {"cases": [*cases, [3, 8, 1, 1], [2, 7, 2, 0]], "expected": [*expected, 0, 0]}}
