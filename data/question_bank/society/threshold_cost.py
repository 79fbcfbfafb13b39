# %% header [markdown]
# - id: society.threshold_cost
# - version: 1
# - topic: society
# - lesson: 0
# - difficulty: medium
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 3
# - minutes: 5
# - decimals: 0
# - reference: Elkan, The foundations of cost-sensitive learning, 2001
# %% question.en [markdown]
# A missed defect costs ${{miss}}$ euros, a false alarm ${{alarm}}$ euros. At threshold A a network misses ${{ma}}$ defects and gives ${{fa}}$ false alarms, at threshold B it misses ${{mb}}$ and gives ${{fb}}$.
#
# - Cost at threshold A: [[a]]
# - Cost at threshold B: [[b]]
# %% question.de [markdown]
# Ein übersehener Defekt kostet ${{miss}}$ Euro, ein Fehlalarm ${{alarm}}$ Euro. Bei Schwelle A übersieht ein Netz ${{ma}}$ Defekte und gibt ${{fa}}$ Fehlalarme, bei Schwelle B übersieht es ${{mb}}$ und gibt ${{fb}}$.
#
# - Kosten bei Schwelle A: [[a]]
# - Kosten bei Schwelle B: [[b]]
# %% mistakes.en [markdown]
# - swapped: the two costs were mixed up
# - counted: the errors were counted without their costs
# %% mistakes.de [markdown]
# - swapped: die beiden Kosten wurden vertauscht
# - counted: die Fehler wurden ohne ihre Kosten gezählt
# %% solution.en [markdown]
# A: ${{ma}} \cdot {{miss}} + {{fa}} \cdot {{alarm}} = {{a}}$; B: ${{mb}} \cdot {{miss}} + {{fb}} \cdot {{alarm}} = {{b}}$.
# %% solution.de [markdown]
# A: ${{ma}} \cdot {{miss}} + {{fa}} \cdot {{alarm}} = {{a}}$; B: ${{mb}} \cdot {{miss}} + {{fb}} \cdot {{alarm}} = {{b}}$.
# %%
def generate(draw):
    miss, alarm = draw.choice([50, 80, 100, 200]), draw.choice([2, 5, 10])
    ma, fa, mb, fb = draw.whole(5, 9), draw.whole(3, 9), draw.whole(1, 4), draw.whole(20, 60)
    a, b = ma * miss + fa * alarm, mb * miss + fb * alarm
    mistakes = {"swapped": {"a": ma * alarm + fa * miss, "b": mb * alarm + fb * miss}, "counted": {"a": ma + fa, "b": mb + fb}}
    values = {"miss": miss, "alarm": alarm, "ma": ma, "fa": fa, "mb": mb, "fb": fb, "a": a, "b": b}
    return {"values": values, "answer": {"a": a, "b": b}, "mistakes": mistakes}


def oracle(values):
    import numpy as np

    a, b = np.array([[values["ma"], values["fa"]], [values["mb"], values["fb"]]]) @ [values["miss"], values["alarm"]]
    return {"a": a, "b": b}
