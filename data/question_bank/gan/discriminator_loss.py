# %% header [markdown]
# - id: gan.discriminator_loss
# - version: 1
# - topic: gan
# - lesson: 7
# - difficulty: medium
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 3
# - minutes: 4
# - decimals: 2
# - tolerance: 0.02
# - aids: calculator
# %% question.en [markdown]
# A discriminator gives {{real}} for a real and {{fake}} for a generated picture. Compute its loss, the mean of $-\ln D$ for the real and $-\ln(1 - D)$ for the generated picture (natural logarithm).
# %% question.de [markdown]
# Ein Diskriminator gibt {{real}} für ein echtes und {{fake}} für ein erzeugtes Bild. Berechnen Sie seinen Loss, den Mittelwert aus $-\ln D$ für das echte und $-\ln(1 - D)$ für das erzeugte Bild (natürlicher Logarithmus).
# %% mistakes.en [markdown]
# - fake_as_real: the generated picture was counted as real
# - sum: the two parts were added, not averaged
# - base_ten: the logarithm to base 10 was taken
# %% mistakes.de [markdown]
# - fake_as_real: das erzeugte Bild wurde als echt gewertet
# - sum: die zwei Teile wurden addiert statt gemittelt
# - base_ten: der Logarithmus zur Basis 10 wurde genommen
# %% solution.en [markdown]
# $\frac{1}{2} (-\ln {{real}} - \ln(1 - {{fake}})) \approx {{loss:2}}$
# %% solution.de [markdown]
# $\frac{1}{2} (-\ln {{real}} - \ln(1 - {{fake}})) \approx {{loss:2}}$
# %%
import math


def generate(draw):
    real, fake = draw.grid(0.4, 0.9, 0.1), draw.grid(0.1, 0.7, 0.1)
    parts = [-draw.rounding(math.log(real), 2), -draw.rounding(math.log(1 - fake), 2)]
    loss = sum(parts) / 2
    mistakes = {"fake_as_real": (-math.log(real) - math.log(fake)) / 2, "sum": 2 * loss, "base_ten": loss / math.log(10)}
    return {"values": {"real": real, "fake": fake, "loss": loss}, "answer": loss, "mistakes": mistakes}


def oracle(values):
    import keras

    return float(keras.losses.BinaryCrossentropy()([[1.0], [0.0]], [[values["real"]], [values["fake"]]]))
