# %% header [markdown]
# - id: foundations.image_numbers
# - version: 1
# - topic: foundations
# - lesson: 0
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 1
# - minutes: 1
# %% question.en [markdown]
# A color image (RGB) has ${{w}} \times {{h}}$ pixels. As how many numbers does a network receive it?
# %% question.de [markdown]
# Ein Farbbild (RGB) hat ${{w}} \times {{h}}$ Pixel. Als wie viele Zahlen bekommt es ein Netz?
# %% mistakes.en [markdown]
# - grey: the three color channels were forgotten
# - square: the channels were taken as an exponent
# %% mistakes.de [markdown]
# - grey: die drei Farbkanäle wurden vergessen
# - square: die Kanäle wurden als Exponent genommen
# %% solution.en [markdown]
# ${{w}} \cdot {{h}} \cdot 3 = {{total}}$
# %% solution.de [markdown]
# ${{w}} \cdot {{h}} \cdot 3 = {{total}}$
# %%
def generate(draw):
    w, h = draw.choice([10, 20, 30, 40, 50]), draw.choice([8, 10, 20, 25, 32])
    return {"values": {"w": w, "h": h, "total": 3 * w * h}, "answer": 3 * w * h, "mistakes": {"grey": w * h, "square": (w * h) ** 3}}


def oracle(values):
    import numpy as np

    return np.zeros((values["h"], values["w"], 3), np.uint8).size
