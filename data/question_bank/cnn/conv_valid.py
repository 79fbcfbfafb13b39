# %% header [markdown]
# - id: cnn.conv_valid
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: medium
# - knowledge: recall
# - kind: table
# - operator: compute
# - points: 4
# - minutes: 6
# %% question.en [markdown]
# Compute the feature map of the image $I$ under the kernel $K$: cross-correlation (the kernel is **not** flipped, as in Keras), stride $1$, no padding, no bias, no activation function.
#
# $$I = {{image}} \quad K = {{kernel}}$$
# %% question.de [markdown]
# Berechnen Sie die Merkmalskarte des Bildes $I$ unter dem Filterkern $K$: Kreuzkorrelation (der Kern wird **nicht** gespiegelt, wie in Keras), Schrittweite $1$, kein Auffüllen, kein Bias, keine Aktivierungsfunktion.
#
# $$I = {{image}} \quad K = {{kernel}}$$
# %% mistakes.en [markdown]
# - flipped: the kernel was flipped in both directions, which is convolution in the mathematical sense
# - transposed: the kernel was transposed before it was laid on the image
# %% mistakes.de [markdown]
# - flipped: der Kern wurde in beiden Richtungen gespiegelt, das ist die Faltung im mathematischen Sinn
# - transposed: der Kern wurde transponiert, bevor er auf das Bild gelegt wurde
# %% solution.en [markdown]
# Lay the kernel on each $2 \times 2$ patch, multiply what lies on top of each other and add up. Top left: ${{first}} = {{value}}$. All together: {{result}}
# %% solution.de [markdown]
# Legen Sie den Kern auf jeden $2 \times 2$-Ausschnitt, multiplizieren Sie, was übereinander liegt, und addieren Sie. Oben links: ${{first}} = {{value}}$. Zusammen: {{result}}
# %%
import numpy as np

from course_utils.exam.draw import terms
from course_utils.from_scratch.convolution import convolve2d

convolve = convolve2d.__wrapped__


def generate(draw):
    image, kernel = np.array(draw.table(3, 3, -1, 3), float), np.array(draw.table(2, 2, -2, 2), float)
    if np.count_nonzero(kernel) < 3:
        return None
    answer = convolve(image, kernel)
    values = {"image": image, "kernel": kernel, "first": terms(kernel.flat, image[:2, :2].flat), "value": answer[0, 0], "result": answer}
    mistakes = {"flipped": convolve(image, kernel[::-1, ::-1]), "transposed": convolve(image, kernel.T)}
    return {"values": values, "answer": answer, "mistakes": mistakes}


def oracle(values):
    from scipy.signal import correlate2d

    return correlate2d(values["image"], values["kernel"], mode="valid")
