# %% header [markdown]
# - id: mlp.budget
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: hard
# - knowledge: application
# - kind: number
# - operator: determine
# - points: 3
# - minutes: 5
# - reference: Goodfellow, Bengio & Courville, Deep Learning, 2016, chapter 11
# %% question.en [markdown]
# A net with ${{n_in}}$ inputs, one hidden layer of $n$ neurons and ${{n_out}}$ outputs (a bias for every neuron) may have at most ${{budget}}$ parameters. How large may $n$ be at most?
# %% question.de [markdown]
# Ein Netz mit ${{n_in}}$ Eingaben, einer verdeckten Schicht aus $n$ Neuronen und ${{n_out}}$ Ausgaben (ein Bias für jedes Neuron) darf höchstens ${{budget}}$ Parameter haben. Wie groß darf $n$ höchstens sein?
# %% mistakes.en [markdown]
# - no_bias: the biases were forgotten
# - rounded_up: the result was rounded up, which exceeds the budget
# %% mistakes.de [markdown]
# - no_bias: die Bias-Werte wurden vergessen
# - rounded_up: das Ergebnis wurde aufgerundet, was das Budget sprengt
# %% solution.en [markdown]
# $({{n_in}} + 1) n + (n + 1) \cdot {{n_out}} = {{slope}} n + {{n_out}} \le {{budget}}$, so $n \le \frac{ {{rest}} }{ {{slope}} }$ and at most ${{n}}$.
# %% solution.de [markdown]
# $({{n_in}} + 1) n + (n + 1) \cdot {{n_out}} = {{slope}} n + {{n_out}} \le {{budget}}$, also $n \le \frac{ {{rest}} }{ {{slope}} }$ und höchstens ${{n}}$.
# %%
def generate(draw):
    a, c, n = draw.whole(4, 16), draw.whole(2, 5), draw.whole(20, 60)
    slope = a + 1 + c
    budget = slope * n + c + draw.whole(1, slope - 1)
    values = {"n_in": a, "n_out": c, "budget": budget, "slope": slope, "rest": budget - c, "n": n}
    return {"values": values, "answer": n, "mistakes": {"no_bias": budget // (a + c), "rounded_up": n + 1}}


def oracle(values):
    from course_utils.from_scratch.mlp import MLP

    return max(n for n in range(1, 70) if MLP([values["n_in"], n, values["n_out"]]).count_params() <= values["budget"])
