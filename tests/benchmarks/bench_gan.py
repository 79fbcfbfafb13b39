"""Until a GAN covers all ten digits within 5 times the real-to-real Fréchet distance: ours, and a textbook DCGAN.

The DCGAN has the layers, the optimizer and the batch of TensorFlow's tutorial "Deep Convolutional Generative
Adversarial Network", written anew here; it is measured as it is and with averaged weights, and stopped at ten times our
time. Measuring is not counted, for either.
"""

import time

from course_utils.keras_tools.quiet import import_keras

LIMIT = 10.0
FACTOR = 5


def dcgan():
    """(generator, discriminator) of the tutorial, for pictures in 0..1: it works in -1..1, so both ends rescale."""
    import keras
    from keras import layers

    def up(filters, stride):
        return [layers.Conv2DTranspose(filters, 5, strides=stride, padding="same", use_bias=False),
                layers.BatchNormalization(), layers.LeakyReLU(0.3)]

    generator = keras.Sequential([
        keras.Input((100,)), layers.Dense(7 * 7 * 256, use_bias=False), layers.BatchNormalization(),
        layers.LeakyReLU(0.3), layers.Reshape((7, 7, 256)), *up(128, 1), *up(64, 2),
        layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False, activation="tanh"),
        layers.Rescaling(0.5, 0.5),
    ])  # fmt: skip
    discriminator = keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(2.0, -1.0)])
    for filters in (64, 128):
        discriminator.add(layers.Conv2D(filters, 5, strides=2, padding="same"))
        discriminator.add(layers.LeakyReLU(0.3))
        discriminator.add(layers.Dropout(0.3))
    discriminator.add(layers.Flatten())
    discriminator.add(layers.Dense(1))
    return generator, discriminator


def race(game, noise, every, seconds, models):
    """Play until ``seconds`` have gone or the goal is reached: (reached, steps, seconds, last measures)."""
    from course_utils.keras_tools.gan import make
    from course_utils.keras_tools.gan_measures import measures, real_to_real

    game.run(1)  # compiling is not counted, for either
    goal, gone = FACTOR * real_to_real(), 0.0
    while gone < seconds:
        start = time.perf_counter()
        for _ in range(every):
            game.step()
            if gone + time.perf_counter() - start >= seconds:
                break
        gone += time.perf_counter() - start
        found = min((measures(make(model(), noise)) for model in models), key=lambda measure: measure["frechet"])
        if found["coverage"] == 10 and found["frechet"] <= goal:
            return True, game.steps, gone, found
    return False, game.steps, gone, found


def rows():
    keras = import_keras()
    from course_utils.keras_tools.gan import Game, noise
    from course_utils.keras_tools.gan_measures import halves

    (x, _), _ = halves()
    own = Game(x, planned=3000)
    reached, steps, seconds, found = race(own, noise(898, seed=8), 100, 60.0, [own.averaged])
    keras.utils.set_random_seed(0)
    textbook = Game(x, networks=dcgan(), latent=100, batch=256, rates=(1e-4, 1e-4), betas=(0.9, 0.999), calm=0)
    models = [lambda: textbook.generator, textbook.averaged]
    theirs, their_steps, their_seconds, their = race(textbook, noise(898, 100, seed=8), 20, LIMIT * seconds, models)
    words = {True: "", False: ", not reached: stopped"}
    table = []
    for name, won, count, took, last in (("our live recipe", reached, steps, seconds, found),
                                         ("textbook DCGAN", theirs, their_steps, their_seconds, their)):
        for what, value, unit in (("seconds", round(took, 1), "s"), ("steps", count, "steps"),
                                  ("classes covered", last["coverage"], "classes"),
                                  ("Fréchet distance", round(last["frechet"], 1), "")):
            table.append({"name": f"GAN, {name}: {what}{words[won]}", "value": value, "limit": None, "unit": unit,
                          "holds": True})
    ratio = their_seconds / seconds
    return [*table, {"name": f"GAN, textbook / ours{words[theirs]}", "value": round(ratio, 1), "limit": LIMIT,
                     "unit": "times or more", "holds": reached and (ratio >= LIMIT or not theirs)}]


if __name__ == "__main__":
    for row in rows():
        print(row)
