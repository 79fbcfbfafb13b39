# %% header [markdown]
# - id: gan.read_losses
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: medium
# - knowledge: application
# - kind: single
# - operator: read
# - points: 2
# - minutes: 3
# - choices: 3
# - reference: Goodfellow et al., Generative adversarial nets, 2014
# %% question.en [markdown]
# The picture shows the accuracy of the discriminator (on half real, half generated pictures) of three GANs during training. In which one does the discriminator end **{{which}}**?
# %% question.de [markdown]
# Das Bild zeigt die Trefferquote des Diskriminators (auf je zur Hälfte echten und erzeugten Bildern) dreier GANs im Training. Bei welchem kann der Diskriminator am Ende **{{which}}**?
# %% figure.en [markdown]
# Accuracy against steps, three curves: I ends near {{A}}, II near {{B}}, III near {{C}}.
# %% figure.de [markdown]
# Trefferquote gegen Schritte, drei Kurven: I endet bei {{A}}, II bei {{B}}, III bei {{C}}.
# %% mistakes.en [markdown]
# - other: guessing gives one half; near one the discriminator wins, in between it is still ahead
# - third: guessing gives one half; near one the discriminator wins, in between it is still ahead
# %% mistakes.de [markdown]
# - other: Raten ergibt ein Halb; nahe eins gewinnt der Diskriminator, dazwischen liegt er noch vorn
# - third: Raten ergibt ein Halb; nahe eins gewinnt der Diskriminator, dazwischen liegt er noch vorn
# %% solution.en [markdown]
# An accuracy of one half is guessing; near one the generator fools nobody.
# %% solution.de [markdown]
# Eine Trefferquote von ein Halb ist Raten; nahe eins täuscht der Generator niemanden.
# %%
WORDS = [("guessing", "nur noch raten"), ("somewhat ahead", "noch einen Teil erkennen"), ("winning", "fast alles erkennen")]
ROMAN = ("I", "II", "III")


def generate(draw):
    ends = draw.shuffled([(0, 0.5), (1, draw.choice([0.7, 0.75])), (2, draw.choice([0.95, 0.98]))])
    start = draw.choice([0.6, 0.85])
    curves = [{"name": n, "points": [[i, end + (start - end) * 0.8**i] for i in range(21)]} for n, (_, end) in zip(ROMAN, ends, strict=True)]
    right = draw.whole(0, 2)
    axes = {"x": {"en": "step (hundreds)", "de": "Schritt (Hunderte)"}, "y": {"en": "accuracy", "de": "Trefferquote"}, "xlim": [0, 20], "ylim": [0, 1], "legend": "below"}
    values = {n: end for n, (_, end) in zip("ABC", ends, strict=True)} | {"which": dict(zip(("en", "de"), WORDS[ends[right][0]], strict=True))}
    others = [n for i, n in enumerate(ROMAN) if i != right]
    return {"values": values, "answer": ROMAN[right], "mistakes": dict(zip(("other", "third"), others, strict=True)), "figure": {"type": "plot", **axes, "curves": curves}}
