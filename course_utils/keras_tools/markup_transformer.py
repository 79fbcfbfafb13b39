"""A decoder-only Transformer that writes lesson 05's markup, and what attention costs in longer texts (lesson 06).

Corpus, measure, batches and steps are those of the LSTM of ``text_models``. The recordings are made anew by one of::

    python -m course_utils.keras_tools.markup_transformer markup
    OPENBLAS_NUM_THREADS=1 python -m course_utils.keras_tools.markup_transformer cost
"""

import sys
import time

import numpy as np

from course_utils.from_scratch._checks import checked, numbers, real, whole
from course_utils.keras_tools import text_models
from course_utils.keras_tools import transformer as parts
from course_utils.keras_tools.text_models import LONG_STEPS, LONGEST, MARK

COMMAND = "python -m course_utils.keras_tools.markup_transformer"
THREAD = "OPENBLAS_NUM_THREADS=1 "
WIDTH, HEADS, BLOCKS, RATE = 64, 4, 2, 3e-3
# How the writing is steered in the recorded comparison: temperature, top-k, top-p.
SETTINGS = ((1.0, None, None), (0.7, None, None), (1.4, None, None), (1.0, 3, None), (1.0, 1, None), (1.4, 3, None),
            (1.0, None, 0.9), (1.4, None, 0.9))
ROWS = (25, 50, 100, 200, 400, 800, 1200, 1600, 2000)  # steps after which the training is looked at
COST_LENGTHS = (32, 64, 128, 256, 512, 1024, 2048)
COST_KINDS = ("RNN", "LSTM", "attention")


def model(seed=0):
    """The untrained network in Keras: (codes (n, t), position of the first (n, 1)) to logits (n, t, letters)."""
    weights = {**parts.ends(len(text_models.markup_letters()), WIDTH, seed=seed),
               **parts.tower_weights("decoder", WIDTH, HEADS, BLOCKS, seed=seed)}
    return parts.keras_model(weights, lambda ops, w, inputs: parts.decoder_only(ops, w, *inputs), "writer")


@checked(steps=whole(1), seed=whole(0))
def train(steps=LONG_STEPS, *, seed=0, rows=ROWS, watch=None, stop=None):
    """Train one on the batches of the LSTM; gives the Keras model. watch(step, model) is called after each of ``rows``.

    A piece is shorter than the longest documents. So that no position is new when it writes, each piece is put at a
    random place of the window.
    """
    network = parts.compile_with(model(seed), RATE, steps)
    places, letters = np.random.default_rng(seed), text_models.markup_letters()
    batches = text_models._batches(text_models.corpus(), letters, text_models.LENGTH, seed, 0)
    for step in range(1, (stop or steps) + 1):
        one_hot, targets, weights = next(batches)
        codes = one_hot.argmax(axis=-1).astype(np.int32)
        start = places.integers(0, LONGEST + 1 - codes.shape[1], (len(codes), 1)).astype(np.int32)
        network.train_on_batch((codes, start), targets, weights)
        if watch and step in rows:
            watch(step, network)
    return network


@checked(probabilities=numbers(1, 2), temperature=real(above=0))
def filtered(probabilities, temperature=1.0, top_k=None, top_p=None):
    """Probabilities (letters,) or (n, letters) made sharper or flatter, then cut down, and again with sum 1.

    temperature: below 1 the likely gets likelier. top_k: only the k most likely stay. top_p: only the most likely, as
    few as together reach at least p, stay. Each works on what the one before left.
    """
    if top_k is not None:
        top_k = whole(1)("filtered", "top_k", top_k)
    if top_p is not None:
        top_p = real(0, 1)("filtered", "top_p", top_p)
    with np.errstate(divide="ignore"):
        result = parts.softmax(np, np.log(probabilities) / temperature)
    order = (-result).argsort(axis=-1, kind="stable")
    ranked = np.take_along_axis(result, order, axis=-1)
    stays = np.ones(ranked.shape, bool)
    if top_k is not None:
        stays[..., top_k:] = False
    if top_p is not None:
        ranked = ranked * stays / (ranked * stays).sum(axis=-1, keepdims=True)
        stays &= ranked.cumsum(axis=-1) - ranked < top_p - 1e-9  # what came before did not reach p yet
        stays[..., 0] = True
    ranked = ranked * stays
    result = np.zeros_like(result)
    np.put_along_axis(result, order, ranked / ranked.sum(axis=-1, keepdims=True), axis=-1)
    return result


class Writer:
    """The trained text model in NumPy."""

    def __init__(self, weights):
        self.weights = {key: np.asarray(array, np.float32) for key, array in weights.items()}
        self.letters = text_models.markup_letters()

    def _codes(self, function, text):
        if len(text) > LONGEST:
            raise ValueError(f"{function}: text has {len(text)} letters, but the window holds {LONGEST}: shorten it.")
        return text_models._codes(function, MARK + text, self.letters)

    def probabilities(self, text, temperature=1.0, top_k=None, top_p=None):
        """Probabilities (letters,) of what comes after the text; the mark stands for the end."""
        scores = parts.decoder_only(np, self.weights, self._codes("probabilities", text)[None])
        return filtered(parts.softmax(np, scores[0, -1]), temperature, top_k, top_p)

    def look(self, text):
        """Where each head looks: (block, head, t, t) over the mark and the letters of the text."""
        seen = {}
        parts.decoder_only(np, self.weights, self._codes("look", text)[None], seen=seen)
        return np.stack([seen[f"decoder/{block}/self"][0] for block in range(BLOCKS)])

    def loss(self, texts):
        """Mean cross-entropy in nats a character, with the mark that ends each text."""
        losses = []
        for text in texts:
            codes = self._codes("loss", text)
            chances = parts.softmax(np, parts.decoder_only(np, self.weights, codes[None])[0])
            targets = [*codes[1:], self.letters.index(MARK)]
            losses.append(-np.log(chances[np.arange(len(targets)), targets] + 1e-30))
        return float(np.concatenate(losses).mean())

    @checked(n=whole(1), seed=whole(0), longest=whole(1, LONGEST))
    def sample(self, n=1, temperature=1.0, top_k=None, top_p=None, seed=0, start="", longest=LONGEST):
        """Let it write ``n`` texts, each until it writes the mark or is ``longest`` long; all begin with ``start``."""
        codes = np.tile(self._codes("sample", start), (n, 1))
        cache, alive, texts = {}, np.arange(n), [list(start) for _ in range(n)]
        for draw in np.random.default_rng(seed).random((longest, n))[len(start) :]:
            scores = parts.decoder_only(np, self.weights, codes, cache=cache)[:, -1]
            chances = filtered(parts.softmax(np, scores), temperature, top_k, top_p).cumsum(axis=1)
            chosen = (chances < draw[alive, None] * chances[:, -1:]).sum(axis=1)
            go_on = chosen != self.letters.index(MARK)
            if not go_on.all():
                cache = {name: tuple(part[go_on] for part in pair) for name, pair in cache.items()}
            codes, alive = chosen[go_on, None], alive[go_on]
            if not len(alive):
                break
            for place, code in zip(alive, codes[:, 0], strict=True):
                texts[place].append(self.letters[code])
        return ["".join(text) for text in texts]


def recorded():
    """The recorded writer."""
    from course_utils.datasets.recordings import read

    arrays = read("transformer_markup").arrays
    return Writer({name[2:]: array for name, array in arrays.items() if name.startswith("w/")})


def remake_markup(steps=LONG_STEPS, *, rows=ROWS, stop=None, documents=100, settings=SETTINGS):
    """What is recorded of the text model: loss and share of good documents in training, and with each setting."""
    texts, found = text_models.unseen(documents), []

    def watch(step, network):
        writer = Writer(network.plain())
        found.append((step, writer.loss(texts), text_models.share_good(writer.sample(documents))))
        print("markup", *np.round(found[-1], 4), flush=True)

    network = train(steps, rows=rows, watch=watch, stop=stop)
    small = {name: array.astype(np.float16) for name, array in network.plain().items()}
    writer, found = Writer(small), np.array(found)
    written = [writer.sample(documents, *setting, seed=1) for setting in settings]
    return {
        "steps": found[:, 0].astype(int), "loss": found[:, 1], "share": found[:, 2],
        "parameters": np.array(parts.parameters(small)), "samples": np.array(written[0][:4]),
        "settings": np.array(settings, float),
        "share_by_setting": np.array([text_models.share_good(w) for w in written]),
        "different": np.array([len(set(w)) / len(w) for w in written]),
        "floor": np.array(text_models.share_good(text_models.ngram().sample(documents))),
        "ceiling": np.array(text_models.share_good(texts)),
        **{f"w/{name}": array for name, array in small.items()},
    }


def one_layer(kind, length, width=WIDTH, seed=0):
    """A function without arguments that runs one layer over one text of ``length`` random vectors."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(1, length, width)).astype("float32")
    if kind == "attention":
        w = parts.tower_weights("decoder", width, HEADS, 1, forward=0, seed=seed)
        mask = np.tril(np.ones((length, length), bool))
        return lambda: parts.attend(np, w, "decoder/0/self", x, x, mask)
    blocks = 4 if kind == "LSTM" else 1
    kernel, recurrent = rng.normal(size=(2, width, blocks * width)).astype("float32") / width
    bias = np.zeros(blocks * width, "float32")

    def run():  # the steps of from_scratch.recurrent without their checks, which cost more than the step
        hidden = cell = np.zeros((1, width), np.float32)
        for place in range(length):
            z = x[:, place] @ kernel + hidden @ recurrent + bias
            if kind == "RNN":
                hidden = np.tanh(z)
                continue
            gates = 1 / (1 + np.exp(-z))
            cell = gates[:, width : 2 * width] * cell + gates[:, :width] * np.tanh(z[:, 2 * width : 3 * width])
            hidden = gates[:, 3 * width :] * np.tanh(cell)
        return hidden

    return run


def multiplications(kind, length, width=WIDTH):
    """How many multiplications the matrix products of that layer need."""
    recurrent = {"RNN": 2, "LSTM": 8}
    if kind in recurrent:
        return recurrent[kind] * length * width**2
    return 4 * length * width**2 + 2 * length**2 * width


def cost(lengths=COST_LENGTHS, repeats=20):
    """What is recorded of the cost: the shortest of several runs, in seconds of processor time (kinds, lengths).

    All take turns, because a busy machine may be half as fast for a while. Start it with one thread
    (OPENBLAS_NUM_THREADS=1, as the recording was), or several are added up.
    """
    runs = [[one_layer(kind, length) for length in lengths] for kind in COST_KINDS]
    seconds = np.full((len(COST_KINDS), len(lengths)), np.inf)
    for _ in range(repeats):
        for place in np.ndindex(seconds.shape):
            start, count = time.process_time(), 0
            while count == 0 or time.process_time() - start < 0.005:
                runs[place[0]][place[1]]()
                count += 1
            seconds[place] = min(seconds[place], (time.process_time() - start) / count)
    counted = np.array([[multiplications(kind, length) for length in lengths] for kind in COST_KINDS])
    return {"lengths": np.array(lengths), "kinds": np.array(COST_KINDS), "seconds": seconds,
            "multiplications": counted, "width": np.array(WIDTH)}


def growth(lengths, seconds):
    """By which power of the length each kind gets slower: 1 as the length, 2 as its square (kinds,).

    The slope of a straight line through the last four measurements in logarithms.
    """
    return np.polyfit(np.log(lengths[-4:]), np.log(seconds[:, -4:]).T, 1)[0]


def main(words):
    """Make and store these recordings."""
    from course_utils.datasets.recordings import write

    made = {"markup": remake_markup, "cost": cost}
    if not words or any(word not in made for word in words):
        print(f"markup_transformer: name one or more of {', '.join(made)}.")
        return 2
    for word in words:
        start = time.process_time()
        arrays = made[word]()
        fixed = [name for name in arrays if name not in ("steps", "loss", "share")] if "steps" in arrays else ()
        threads = THREAD if word == "cost" else ""
        write(f"transformer_{word}", arrays, seed=0, command=f"{threads}{COMMAND} {word}", fixed=fixed,
              notes=f"{time.process_time() - start:.0f} s of one core")
    return 0


if __name__ == "__main__":
    from course_utils.keras_tools.quiet import import_keras

    import_keras()
    sys.exit(main(sys.argv[1:]))
