"""The vectorized MLP against loops over examples and layers; the playground's pictures a second and its spiral."""

import asyncio
import time

import numpy as np
from sklearn.datasets import load_digits

from course_utils.from_scratch.mlp import ACTIVATIONS, MLP, SLOPES, train_epoch
from course_utils.from_scratch.optimizers import sgd
from course_utils.visuals.playground import Playground

SIZES = [784, 30, 10]
BATCH = 10
RATE = 0.5
LIMIT = 1 / 6


def digits_784():
    """The 1,797 real digits, blown up to 28 × 28 by repeating pixels: only number and size matter for the time."""
    images, labels = load_digits(return_X_y=True)
    large = np.kron(images.reshape(-1, 8, 8) / 16, np.ones((3, 3)))
    x = np.pad(large, ((0, 0), (2, 2), (2, 2))).reshape(-1, 784)
    return x, np.eye(10)[labels]


def example_gradients(weights, biases, x, t):
    """Backpropagation for one example, a row: the lines and the activation functions of MLP.gradients, no class."""
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ w + b)
        activations.append(ACTIVATIONS["sigmoid"](zs[-1]))
    delta = (activations[-1] - t) * SLOPES["sigmoid"](zs[-1])
    weight_gradients, bias_gradients = [], []
    for i in reversed(range(len(weights))):
        weight_gradients.insert(0, activations[i].T @ delta)
        bias_gradients.insert(0, delta.sum(axis=0))
        if i > 0:
            delta = delta @ weights[i].T * SLOPES["sigmoid"](zs[i - 1])
    return weight_gradients, bias_gradients


def loop_epoch(weights, biases, x, t, rng):
    """One epoch of the same training, example by example: the gradients of a mini-batch are added up one by one."""
    order = rng.permutation(len(x))
    for start in range(0, len(x), BATCH):
        batch = order[start : start + BATCH]
        weight_sums, bias_sums = [0] * len(weights), [0] * len(biases)
        for n in batch:
            weight_gradients, bias_gradients = example_gradients(weights, biases, x[n : n + 1], t[n : n + 1])
            weight_sums = [total + g for total, g in zip(weight_sums, weight_gradients, strict=True)]
            bias_sums = [total + g for total, g in zip(bias_sums, bias_gradients, strict=True)]
        for w, b, w_sum, b_sum in zip(weights, biases, weight_sums, bias_sums, strict=True):
            w -= RATE / len(batch) * w_sum
            b -= RATE / len(batch) * b_sum


def seconds(*functions, repeats):
    """The shortest of several runs of each, taken in turn, because other programs can only make a run longer."""
    times = [[] for _ in functions]
    for _ in range(repeats):
        for function, measured in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            measured.append(time.perf_counter() - start)
    return [min(measured) for measured in times]


def measure():
    """Seconds of one epoch, vectorized and in loops, and the largest difference between the weights they reach."""
    x, t = digits_784()
    fast = MLP(SIZES, "sigmoid", output="sigmoid")
    slow = fast.copy()
    update = sgd(fast.parameters(), RATE)
    train_epoch(fast, x, t, update, BATCH, np.random.default_rng(1))
    loop_epoch(slow.weights, slow.biases, x, t, np.random.default_rng(1))
    apart = max(np.abs(a - b).max() for a, b in zip(fast.parameters(), slow.parameters(), strict=True))
    rng = np.random.default_rng(2)
    fast_seconds, slow_seconds = seconds(
        lambda: train_epoch(fast, x, t, update, BATCH, rng),
        lambda: loop_epoch(slow.weights, slow.biases, x, t, rng),
        repeats=7,
    )
    return fast_seconds, slow_seconds, float(apart)


def pictures_a_second(seconds=3.0):
    """Training pictures the playground sends a second, with two hidden layers of four (no browser draws them)."""
    figure = Playground("full", data="circle", layers=(4, 4))
    sent = []
    refresh = figure.board.refresh
    figure.board.refresh = lambda: (sent.append(figure.run.epoch), refresh())

    async def play():
        figure.play()
        await asyncio.sleep(seconds)
        figure.pause()
        await figure._task

    asyncio.run(play())
    figure.close()
    return len(set(sent)) / seconds


def spiral_seconds(longest=30.0):
    """Seconds until the suggested start has learned the spiral to a test loss below 0.05, pictures included."""
    figure = Playground("full", data="spiral", features=("x1", "x2", "sin_x1", "sin_x2"), layers=(8, 8),
                        learning_rate=0.1)

    async def play():
        figure.play()
        began = time.perf_counter()
        while figure.history[-1][2] >= 0.05 and time.perf_counter() - began < longest:
            await asyncio.sleep(0.05)
        taken = time.perf_counter() - began
        figure.pause()
        await figure._task
        return taken

    taken = asyncio.run(play())
    figure.close()
    return taken


def rows():
    frames, spiral = pictures_a_second(), spiral_seconds()
    fast, slow, apart = measure()
    ratio = fast / slow
    return [
        {"name": "MLP 784-30-10, one epoch: vectorized / loops", "value": round(ratio, 3), "limit": round(LIMIT, 3),
         "unit": "times", "holds": ratio <= LIMIT},
        {"name": "MLP 784-30-10, weights after one epoch: vectorized - loops", "value": apart, "limit": 1e-9,
         "unit": "largest difference", "holds": apart <= 1e-9},
        {"name": "playground, two hidden layers of four: training pictures", "value": round(frames, 1), "limit": 20,
         "unit": "a second, at least", "holds": frames >= 20},
        {"name": "playground, spiral from the suggested start: test loss below 0.05", "value": round(spiral, 1),
         "limit": 30, "unit": "s", "holds": spiral < 30},
    ]


if __name__ == "__main__":
    for row in rows():
        print(row)
