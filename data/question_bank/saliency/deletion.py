# %% header [markdown]
# - id: saliency.deletion
# - version: 1
# - topic: saliency
# - lesson: 9
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: read
# - points: 3
# - minutes: 5
# %% question.en [markdown]
# The picture shows how the score of a class falls when pixels are deleted, those ranked most important first, for the maps A, B and C. Give the score of the map that fits the network {{how}} when ${{at}}$ percent are deleted (in percent).
# %% question.de [markdown]
# Das Bild zeigt, wie die Punktzahl einer Klasse sinkt, wenn Pixel gelöscht werden, die als am wichtigsten bewerteten zuerst, für die Karten A, B und C. Geben Sie die Punktzahl der Karte an, die {{how}} zum Netz passt, wenn ${{at}}$ Prozent gelöscht sind (in Prozent).
# %% figure.en [markdown]
# Score against share deleted, three falling lines from 100. At {{at}} percent deleted: A {{A}}, B {{B}}, C {{C}}.
# %% figure.de [markdown]
# Punktzahl gegen gelöschten Anteil, drei fallende Linien ab 100. Bei {{at}} Prozent gelöscht: A {{A}}, B {{B}}, C {{C}}.
# %% mistakes.en [markdown]
# - opposite: the map at the other end was read; a fitting map makes the score fall quickly
# - between: the map in the middle was read
# %% mistakes.de [markdown]
# - opposite: die Karte am anderen Ende wurde abgelesen; eine passende Karte lässt die Punktzahl schnell fallen
# - between: die mittlere Karte wurde abgelesen
# %% solution.en [markdown]
# If the pixels ranked first really matter, deleting them makes the score fall quickly; the map that fits {{how}} is the one at ${{answer}}$ percent.
# %% solution.de [markdown]
# Wenn die zuerst gelöschten Pixel wirklich zählen, fällt die Punktzahl schnell; die Karte, die {{how}} passt, ist die bei ${{answer}}$ Prozent.
# %%
def generate(draw):
    at = draw.choice([20, 40])
    levels = [draw.choice([10, 20]), draw.choice([40, 50]), draw.choice([70, 80])]
    order = draw.shuffled([0, 1, 2])
    curves = [{"name": n, "points": [[0, 100], [at, levels[i]], [100, 0]]} for n, i in zip("ABC", order, strict=True)]
    closest = draw.random() < 0.5
    answer = levels[0] if closest else levels[2]
    how = {"en": "most closely", "de": "am genauesten"} if closest else {"en": "least", "de": "am wenigsten"}
    axes = {"x": {"en": "deleted (%)", "de": "gelöscht (%)"}, "y": {"en": "score (%)", "de": "Punktzahl (%)"}, "xlim": [0, 100], "ylim": [0, 100]}
    values = {n: levels[i] for n, i in zip("ABC", order, strict=True)} | {"at": at, "how": how, "answer": answer, "closest": closest}
    mistakes = {"opposite": levels[2] if closest else levels[0], "between": levels[1]}
    return {"values": values, "answer": answer, "mistakes": mistakes, "figure": {"type": "plot", **axes, "curves": curves}}


def oracle(values):
    three = sorted(values[n] for n in "ABC")
    return three[0] if values["closest"] else three[-1]
