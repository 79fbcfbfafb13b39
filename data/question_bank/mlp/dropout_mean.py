# %% header [markdown]
# - id: mlp.dropout_mean
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: easy
# - knowledge: application
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 2
# - decimals: 1
# - reference: Srivastava et al., Dropout, JMLR 2014
# %% question.en [markdown]
# A hidden output has the value ${{a}}$. Dropout sets it to $0$ with probability ${{p}}$ and leaves it unchanged otherwise (**without** rescaling). What is its expected value during training?
# %% question.de [markdown]
# Eine verdeckte Ausgabe hat den Wert ${{a}}$. Dropout setzt sie mit Wahrscheinlichkeit ${{p}}$ auf $0$ und lässt sie sonst unverändert (**ohne** Umskalieren). Wie groß ist ihr Erwartungswert beim Training?
# %% mistakes.en [markdown]
# - dropped: the share that is dropped was taken instead of the share that is kept
# - rescaled: it was divided by the share kept, as inverted dropout does
# %% mistakes.de [markdown]
# - dropped: es wurde der gelöschte statt des behaltenen Anteils genommen
# - rescaled: es wurde durch den behaltenen Anteil geteilt, wie bei invertiertem Dropout
# %% solution.en [markdown]
# $(1 - {{p}}) \cdot {{a}} + {{p}} \cdot 0 = {{mean}}$
# %% solution.de [markdown]
# $(1 - {{p}}) \cdot {{a}} + {{p}} \cdot 0 = {{mean}}$
# %%
from course_utils.exam.draw import rounded


def generate(draw):
    a, p = draw.whole(2, 9), draw.grid(0.1, 0.8, 0.1)
    mean = rounded((1 - p) * a, 6)
    return {"values": {"a": a, "p": p, "mean": mean}, "answer": mean, "mistakes": {"dropped": p * a, "rescaled": a / (1 - p)}}


def oracle(values):
    tenths = round(10 * values["p"])  # ten equally likely cases
    return sum(0 if case < tenths else values["a"] for case in range(10)) / 10
