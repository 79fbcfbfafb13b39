# %% header [markdown]
# - id: society.base_rate
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: hard
# - knowledge: recall
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 6
# - decimals: t 0, f 0, p 2
# - aids: calculator
# %% question.en [markdown]
# Of ${{n}}$ people ${{sick}}$ percent have a disease. A network recognizes ${{hit}}$ percent of the sick and gives a false alarm for ${{false}}$ percent of the healthy. State the expected numbers.
#
# - Sick people with an alarm: [[t]]
# - Healthy people with an alarm: [[f]]
# - Share of the people with an alarm who are sick (two decimals): [[p]]
# %% question.de [markdown]
# Von ${{n}}$ Menschen haben ${{sick}}$ Prozent eine Krankheit. Ein Netz erkennt ${{hit}}$ Prozent der Kranken und gibt bei ${{false}}$ Prozent der Gesunden Fehlalarm. Geben Sie die erwarteten Anzahlen an.
#
# - Kranke mit Alarm: [[t]]
# - Gesunde mit Alarm: [[f]]
# - Anteil der Kranken unter den Menschen mit Alarm (zwei Nachkommastellen): [[p]]
# %% mistakes.en [markdown]
# - hit_rate: the rate of recognition was given as the share of the sick
# - of_all: the rate of false alarms was applied to all people
# %% mistakes.de [markdown]
# - hit_rate: die Erkennungsrate wurde als Anteil der Kranken angegeben
# - of_all: die Fehlalarmrate wurde auf alle Menschen angewendet
# %% solution.en [markdown]
# ${{t}}$ of ${{ill}}$ sick, ${{f}}$ of ${{well}}$ healthy; $\frac{ {{t}} }{ {{t}} + {{f}} } \approx {{p:2}}$. Where a disease is rare, most alarms are false.
# %% solution.de [markdown]
# ${{t}}$ von ${{ill}}$ Kranken, ${{f}}$ von ${{well}}$ Gesunden; $\frac{ {{t}} }{ {{t}} + {{f}} } \approx {{p:2}}$. Ist eine Krankheit selten, sind die meisten Alarme falsch.
# %%
def generate(draw):
    n, sick, hit, false = draw.choice([1000, 10000]), draw.choice([1, 2, 5]), draw.choice([80, 90]), draw.choice([5, 10])
    ill = n * sick // 100
    t, f = ill * hit / 100, (n - ill) * false / 100
    if t != int(t) or f != int(f):
        return None
    p = t / (t + f)
    values = {"n": n, "sick": sick, "hit": hit, "false": false, "ill": ill, "well": n - ill, "t": t, "f": f, "p": p}
    return {"values": values, "answer": {"t": t, "f": f, "p": p}, "mistakes": {"hit_rate": {"p": hit / 100}, "of_all": {"f": n * false / 100}}}


def oracle(values):
    s, h, f = values["sick"] / 100, values["hit"] / 100, values["false"] / 100
    return {"t": values["n"] * s * h, "f": values["n"] * (1 - s) * f, "p": s * h / (s * h + (1 - s) * f)}


def follow(values, given):
    f = given.get("f", values["f"])
    return {"p": given["t"] / (given["t"] + f)}
