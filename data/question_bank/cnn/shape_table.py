# %% header [markdown]
# - id: cnn.shape_table
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: hard
# - knowledge: application
# - kind: parts
# - operator: compute
# - points: 4
# - minutes: 6
# - reference: Simonyan & Zisserman, Very deep convolutional networks, 2015
# %% question.en [markdown]
# A network for color images of ${{n}} \times {{n}}$ pixels is built as in the picture: ${{f1}}$ filters of $3 \times 3$ with zero padding that keeps the size, max pooling $2 \times 2$ with stride $2$, ${{f2}}$ filters of $3 \times 3$ without padding, flatten, a dense layer with ${{classes}}$ neurons. All layers with weights have biases.
#
# - Parameters of the first convolution: [[c1]]
# - Numbers in the list after flatten: [[flat]]
# - Parameters of the dense layer: [[dense]]
# %% question.de [markdown]
# Ein Netz für Farbbilder mit ${{n}} \times {{n}}$ Pixeln ist wie im Bild gebaut: ${{f1}}$ Filter $3 \times 3$ mit Nullen aufgefüllt, sodass die Größe bleibt, Max-Pooling $2 \times 2$ mit Schrittweite $2$, ${{f2}}$ Filter $3 \times 3$ ohne Auffüllen, Flatten, eine voll verbundene Schicht mit ${{classes}}$ Neuronen. Alle Schichten mit Gewichten haben Bias-Werte.
#
# - Parameter der ersten Faltung: [[c1]]
# - Zahlen in der Liste nach Flatten: [[flat]]
# - Parameter der voll verbundenen Schicht: [[dense]]
# %% figure.en [markdown]
# A chain of blocks: convolution, pooling, convolution, flatten, dense.
# %% figure.de [markdown]
# Eine Kette von Blöcken: Faltung, Pooling, Faltung, Flatten, voll verbunden.
# %% mistakes.en [markdown]
# - grey: the three color channels were forgotten
# - padded: the second convolution was taken as padded
# - no_bias: the biases were forgotten
# %% mistakes.de [markdown]
# - grey: die drei Farbkanäle wurden vergessen
# - padded: die zweite Faltung wurde als aufgefüllt gerechnet
# - no_bias: die Bias-Werte wurden vergessen
# %% solution.en [markdown]
# First convolution: $(3 \cdot 3 \cdot 3 + 1) \cdot {{f1}} = {{c1}}$. Side after pooling ${{half}}$, after the second convolution ${{side}}$: ${{side}} \cdot {{side}} \cdot {{f2}} = {{flat}}$. Dense: $({{flat}} + 1) \cdot {{classes}} = {{dense}}$.
# %% solution.de [markdown]
# Erste Faltung: $(3 \cdot 3 \cdot 3 + 1) \cdot {{f1}} = {{c1}}$. Seite nach dem Pooling ${{half}}$, nach der zweiten Faltung ${{side}}$: ${{side}} \cdot {{side}} \cdot {{f2}} = {{flat}}$. Voll verbunden: $({{flat}} + 1) \cdot {{classes}} = {{dense}}$.
# %%
from course_utils.from_scratch.convolution import output_size

size = output_size.__wrapped__


def generate(draw):
    n, f1, f2, classes = draw.choice([8, 12, 16]), draw.choice([4, 8, 10]), draw.choice([2, 4, 5]), draw.choice([2, 5, 10])
    half = size(n, 2, 2, 0)
    side = size(half, 3, 1, 0)
    c1, flat = 28 * f1, side * side * f2
    dense = (flat + 1) * classes
    mistakes = {"grey": {"c1": 10 * f1}, "padded": {"flat": half * half * f2}, "no_bias": {"c1": 27 * f1, "dense": flat * classes}}
    values = {"n": n, "f1": f1, "f2": f2, "classes": classes, "half": half, "side": side, "c1": c1, "flat": flat, "dense": dense}
    boxes = [{"en": f"conv 3×3, {f1}", "de": f"Faltung 3×3, {f1}"}, "pool 2×2", {"en": f"conv 3×3, {f2}", "de": f"Faltung 3×3, {f2}"}, "flatten", f"dense {classes}"]
    return {"values": values, "answer": {"c1": c1, "flat": flat, "dense": dense}, "mistakes": mistakes, "figure": {"type": "blocks", "boxes": boxes}}


def oracle(values):
    import keras

    layers = keras.layers
    v = values
    net = keras.Sequential([keras.Input((v["n"], v["n"], 3)), layers.Conv2D(v["f1"], 3, padding="same"), layers.MaxPooling2D(),
                            layers.Conv2D(v["f2"], 3), layers.Flatten(), layers.Dense(v["classes"])])
    return {"c1": net.layers[0].count_params(), "flat": net.layers[3].output.shape[1], "dense": net.layers[4].count_params()}


def follow(values, given):
    return {"dense": (given["flat"] + 1) * values["classes"]} if "flat" in given else {}
