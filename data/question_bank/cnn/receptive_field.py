# %% header [markdown]
# - id: cnn.receptive_field
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: hard
# - knowledge: recall
# - kind: number
# - operator: determine
# - points: 3
# - minutes: 5
# %% question.en [markdown]
# Two convolutions with ${{k1}} \times {{k1}}$ and ${{k2}} \times {{k2}}$ kernels follow one another, the first with stride ${{s}}$, the second with stride $1$. How many pixels wide is the region of the image that one value of the second feature map sees?
# %% question.de [markdown]
# Zwei Faltungen mit Kernen ${{k1}} \times {{k1}}$ und ${{k2}} \times {{k2}}$ folgen aufeinander, die erste mit Schrittweite ${{s}}$, die zweite mit Schrittweite $1$. Wie viele Pixel breit ist der Bildausschnitt, den ein Wert der zweiten Merkmalskarte sieht?
# %% mistakes.en [markdown]
# - no_stride: the stride of the first layer was ignored
# - added: the kernel sizes were added
# - product: the kernel sizes were multiplied
# %% mistakes.de [markdown]
# - no_stride: die Schrittweite der ersten Schicht wurde nicht beachtet
# - added: die Kerngrößen wurden addiert
# - product: die Kerngrößen wurden multipliziert
# %% solution.en [markdown]
# ${{k1}} + ({{k2}} - 1) \cdot {{s}} = {{field}}$
# %% solution.de [markdown]
# ${{k1}} + ({{k2}} - 1) \cdot {{s}} = {{field}}$
# %%
def generate(draw):
    k1, k2, s = draw.choice([3, 5, 7]), draw.choice([3, 5]), draw.whole(2, 3)
    field = k1 + (k2 - 1) * s
    return {"values": {"k1": k1, "k2": k2, "s": s, "field": field}, "answer": field,
            "mistakes": {"no_stride": k1 + k2 - 1, "added": k1 + k2, "product": k1 * k2}}


def oracle(values):
    import numpy as np

    from course_utils.from_scratch.convolution import convolve2d

    seen = 0
    for pixel in range(40):  # which pixels of a row change the first value of the second map?
        image = np.zeros((40, 40))
        image[0, pixel] = 1
        first = convolve2d(image, np.ones((values["k1"],) * 2), stride=values["s"])
        seen += convolve2d(first, np.ones((values["k2"],) * 2))[0, 0] != 0
    return seen
