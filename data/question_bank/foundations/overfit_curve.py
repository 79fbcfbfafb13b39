# %% header [markdown]
# - id: foundations.overfit_curve
# - version: 2
# - topic: foundations
# - lesson: 0
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: read
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# The picture shows the loss on the training set and on the validation set. At which epoch is the validation loss **lowest**, so that the network overfits after it?
# %% question.de [markdown]
# Das Bild zeigt den Loss auf dem Trainings- und dem Validierungssatz. Bei welcher Epoche ist der Validierungs-Loss **am kleinsten**, sodass danach Überanpassung eintritt?
# %% figure.en [markdown]
# Loss against epochs: the training curve falls all the way to epoch 20; the validation curve falls until epoch {{turn}} and then rises.
# %% figure.de [markdown]
# Loss gegen Epochen: Die Trainingskurve fällt durchgehend bis Epoche 20; die Validierungskurve fällt bis Epoche {{turn}} und steigt dann.
# %% mistakes.en [markdown]
# - end: the end of the training was read
# - start: the start of the training was read
# %% mistakes.de [markdown]
# - end: das Ende des Trainings wurde abgelesen
# - start: der Beginn des Trainings wurde abgelesen
# %% solution.en [markdown]
# The validation loss has its minimum at epoch ${{turn}}$; after it only the training loss still falls.
# %% solution.de [markdown]
# Der Validierungs-Loss hat sein Minimum bei Epoche ${{turn}}$; danach fällt nur noch der Trainings-Loss.
# %%
def generate(draw):
    turn = draw.choice([5, 10, 15])
    low, rise = draw.grid(0.5, 0.8, 0.1), draw.choice([0.04, 0.05, 0.06])
    train = [[i, 0.15 + 1.6 * 0.85**i] for i in range(21)]
    valid = [[i, low + (1.8 - low) * (1 - i / turn) ** 2 if i <= turn else low + rise * (i - turn)] for i in range(21)]
    curves = [{"name": {"en": "training", "de": "Training"}, "points": train}, {"name": {"en": "validation", "de": "Validierung"}, "points": valid}]
    axes = {"x": {"en": "epoch", "de": "Epoche"}, "y": {"en": "loss", "de": "Loss"}, "xlim": [0, 20], "ylim": [0, 2]}
    values = {"turn": turn, "curve": [y for _, y in valid]}
    return {"values": values, "answer": turn, "mistakes": {"end": 20, "start": 0}, "figure": {"type": "plot", **axes, "curves": curves}}


def oracle(values):
    import numpy as np

    return int(np.argmin(values["curve"]))
