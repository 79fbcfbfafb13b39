# %% header [markdown]
# - id: society.energy
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: medium
# - knowledge: application
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 3
# - unit: kWh
# - reference: Strubell, Ganesh & McCallum, Energy and policy considerations for deep learning in NLP, 2019
# %% question.en [markdown]
# A training uses ${{gpus}}$ graphics cards of ${{watt}}$ W each for ${{hours}}$ hours. The computing center needs ${{pue}}$ times the energy of its devices (for cooling as well). How much energy does the training take in all, in kWh?
# %% question.de [markdown]
# Ein Training benutzt ${{gpus}}$ Grafikkarten mit je ${{watt}}$ W während ${{hours}}$ Stunden. Das Rechenzentrum braucht das ${{pue}}$-Fache der Energie seiner Geräte (auch für die Kühlung). Wie viel Energie kostet das Training insgesamt, in kWh?
# %% mistakes.en [markdown]
# - no_cooling: the factor of the computing center was left out
# - one_card: only one card was counted
# - watt_hours: the result was given in watt hours
# %% mistakes.de [markdown]
# - no_cooling: der Faktor des Rechenzentrums wurde ausgelassen
# - one_card: es wurde nur eine Karte gezählt
# - watt_hours: das Ergebnis wurde in Wattstunden angegeben
# %% solution.en [markdown]
# ${{gpus}} \cdot {{watt}} \cdot {{hours}} \cdot {{pue}} = {{wh}}$ Wh, so ${{kwh}}$ kWh.
# %% solution.de [markdown]
# ${{gpus}} \cdot {{watt}} \cdot {{hours}} \cdot {{pue}} = {{wh}}$ Wh, also ${{kwh}}$ kWh.
# %%
def generate(draw):
    gpus, watt, hours, pue = draw.choice([2, 4, 8]), draw.choice([250, 300, 500]), draw.choice([10, 20, 50, 100]), draw.choice([1.2, 1.5])
    kwh = round(gpus * watt * hours * pue / 1000, 6)
    if kwh != int(kwh):
        return None
    values = {"gpus": gpus, "watt": watt, "hours": hours, "pue": pue, "wh": kwh * 1000, "kwh": kwh}
    return {"values": values, "answer": kwh, "mistakes": {"no_cooling": kwh / pue, "one_card": kwh / gpus, "watt_hours": kwh * 1000}}


def oracle(values):
    joule = sum(values["watt"] * values["hours"] * 3600 for _ in range(values["gpus"])) * values["pue"]
    return joule / 3.6e6
