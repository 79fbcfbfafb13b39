# %% header [markdown]
# - id: descent.rate_curves
# - version: 1
# - topic: descent
# - lesson: 3
# - difficulty: easy
# - knowledge: application
# - kind: single
# - operator: read
# - points: 1
# - minutes: 2
# - choices: 3
# - reference: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 11.4
# %% question.en [markdown]
# The picture shows the training loss of the same net, from the same start, with three learning rates. Which curve belongs to the **{{which}}** learning rate?
# %% question.de [markdown]
# Das Bild zeigt den Trainings-Loss desselben Netzes vom selben Start aus mit drei Lernraten. Welche Kurve gehört zur **{{which}}** Lernrate?
# %% figure.en [markdown]
# Loss against steps, three curves. {{words}}
# %% figure.de [markdown]
# Loss gegen Schritte, drei Kurven. {{words}}
# %% mistakes.en [markdown]
# - other: this curve belongs to another learning rate: a small rate falls slowly, a large one climbs
# - third: this curve belongs to another learning rate: a small rate falls slowly, a large one climbs
# %% mistakes.de [markdown]
# - other: diese Kurve gehört zu einer anderen Lernrate: eine kleine fällt langsam, eine große steigt
# - third: diese Kurve gehört zu einer anderen Lernrate: eine kleine fällt langsam, eine große steigt
# %% solution.en [markdown]
# Too small: the loss falls slowly. Suitable: it falls fast and flattens. Too large: it climbs.
# %% solution.de [markdown]
# Zu klein: der Loss fällt langsam. Passend: er fällt schnell und flacht ab. Zu groß: er steigt.
# %%
NAMES = {"small": ("smallest", "kleinsten", "falls slowly", "fällt langsam"), "middle": ("middle", "mittleren", "falls fast and flattens", "fällt schnell und flacht ab"),
         "large": ("largest", "größten", "climbs", "steigt")}


def generate(draw):
    factors = {"small": draw.grid(0.95, 0.98, 0.01), "middle": draw.grid(0.6, 0.75, 0.05), "large": draw.grid(1.05, 1.12, 0.01)}
    letters = dict(zip(draw.shuffled(factors), ("I", "II", "III"), strict=True))
    wanted = draw.choice(list(factors))
    start = draw.grid(1.5, 2.5, 0.1)
    curves = [{"name": letter, "points": [[i, start * factors[kind] ** i] for i in range(21)]} for kind, letter in sorted(letters.items(), key=lambda p: p[1])]
    axes = {"x": {"en": "step", "de": "Schritt"}, "y": {"en": "loss", "de": "Loss"}, "xlim": [0, 20], "ylim": [0, 4]}
    words = {lang: " ".join(f"{letter} {NAMES[kind][i]}." for kind, letter in sorted(letters.items(), key=lambda p: p[1])) for i, lang in ((2, "en"), (3, "de"))}
    others = [f"{letters[kind]}" for kind in factors if kind != wanted]
    values = {"which": {"en": NAMES[wanted][0], "de": NAMES[wanted][1]}, "words": words}
    return {"values": values, "answer": letters[wanted], "mistakes": dict(zip(("other", "third"), others, strict=True)), "figure": {"type": "plot", **axes, "curves": curves}}
