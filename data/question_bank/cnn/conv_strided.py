# %% header [markdown]
# - id: cnn.conv_strided
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: hard
# - knowledge: recall
# - kind: table
# - operator: compute
# - points: 5
# - minutes: 7
# %% question.en [markdown]
# Compute the feature map: cross-correlation (kernel **not** flipped), stride $2$, one ring of zeros as padding, bias ${{b}}$, then ReLU, $\max(0, z)$. Left the image, right the kernel.
# %% question.de [markdown]
# Berechnen Sie die Merkmalskarte: Kreuzkorrelation (Kern **nicht** gespiegelt), Schrittweite $2$, ein Ring aus Nullen als Auffüllung, Bias ${{b}}$, dann ReLU, $\max(0, z)$. Links das Bild, rechts der Kern.
# %% figure.en [markdown]
# Image of three rows: {{r1}}; {{r2}}; {{r3}}. Kernel of three rows: {{k1}}; {{k2}}; {{k3}}.
# %% figure.de [markdown]
# Bild aus drei Zeilen: {{r1}}; {{r2}}; {{r3}}. Kern aus drei Zeilen: {{k1}}; {{k2}}; {{k3}}.
# %% mistakes.en [markdown]
# - flipped: the kernel was flipped
# - no_relu: ReLU was forgotten
# - no_bias: the bias was forgotten
# %% mistakes.de [markdown]
# - flipped: der Kern wurde gespiegelt
# - no_relu: ReLU wurde vergessen
# - no_bias: der Bias wurde vergessen
# %% solution.en [markdown]
# The kernel's center stands on the four corners of the image. Before ReLU: {{before}}, after it: {{result}}
# %% solution.de [markdown]
# Die Mitte des Kerns steht auf den vier Ecken des Bildes. Vor ReLU: {{before}}, danach: {{result}}
# %%
import numpy as np

from course_utils.from_scratch.convolution import convolve2d
from course_utils.from_scratch.neuron import relu

bare = convolve2d.__wrapped__


def generate(draw):
    image, kernel, b = np.array(draw.table(3, 3, 0, 3), float), np.array(draw.table(3, 3, -1, 1), float), draw.choice([-2, -1, 1, 2])
    z = bare(image, kernel, 2, 1) + b
    answer = relu(z)
    mistakes = {"flipped": relu(bare(image, kernel[::-1, ::-1], 2, 1) + b), "no_relu": z, "no_bias": relu(z - b)}
    values = {"b": b, "image": image, "kernel": kernel, "before": z, "result": answer}
    values |= {f"r{i + 1}": row for i, row in enumerate(image)} | {f"k{i + 1}": row for i, row in enumerate(kernel)}
    figure = [{"type": "grid", "cells": image, "title": "I"}, {"type": "grid", "cells": kernel, "title": "K"}]
    return {"values": values, "answer": answer, "mistakes": mistakes, "figure": figure}


def oracle(values):
    import keras

    image, kernel = np.array(values["image"], "float32"), np.array(values["kernel"], "float32")
    z = keras.ops.conv(np.pad(image, 1)[None, :, :, None], kernel[:, :, None, None], strides=2, padding="valid")
    return np.maximum(keras.ops.convert_to_numpy(z)[0, :, :, 0] + values["b"], 0)
