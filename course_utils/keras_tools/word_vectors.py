"""Word vectors of lesson 05: skip-gram with negative sampling on a made corpus whose analogies are known; all in NumPy.

Source: T. Mikolov and others, "Distributed Representations of Words and Phrases and their Compositionality", 2013.
"""

import numpy as np

from course_utils.from_scratch._checks import checked, describe, whole

WINDOW, NEGATIVES, BATCH, RATE = 3, 5, 256, 0.01
# A family is two roles and pairs. Each role has words that stand before it; each pair has words that go with both.
FAMILIES = {
    "man and woman": (
        ("he his brother sir", "she her sister madam"),
        {("king", "queen"): "crown throne palace", ("man", "woman"): "adult people person",
         ("boy", "girl"): "school child play", ("uncle", "aunt"): "cousin visit family",
         ("actor", "actress"): "stage film scene", ("waiter", "waitress"): "table menu guest",
         ("monk", "nun"): "abbey prayer silence"},
    ),
    "country and capital": (
        ("border province nation abroad", "street city mayor downtown"),
        {("france", "paris"): "french wine baguette", ("italy", "rome"): "italian pasta pope",
         ("japan", "tokyo"): "japanese rice sushi", ("egypt", "cairo"): "egyptian nile pyramid",
         ("greece", "athens"): "greek olive temple", ("norway", "oslo"): "norwegian fjord ski",
         ("austria", "vienna"): "austrian waltz strudel"},
    ),
    "animal and young": (
        ("old grown strong heavy", "young little newborn tiny"),
        {("dog", "puppy"): "bark bone leash", ("cat", "kitten"): "purr mouse whisker",
         ("horse", "foal"): "gallop hay saddle", ("sheep", "lamb"): "wool flock shepherd",
         ("goose", "gosling"): "honk pond feather", ("pig", "piglet"): "mud snout trough",
         ("bear", "cub"): "honey cave forest"},
    ),
    "more": (
        ("very so rather too", "than even much still"),
        {("big", "bigger"): "elephant tower giant", ("cold", "colder"): "ice winter snow",
         ("fast", "faster"): "race rocket arrow", ("loud", "louder"): "drum thunder shout",
         ("dark", "darker"): "night shadow cellar", ("sweet", "sweeter"): "sugar candy cake",
         ("old", "older"): "ruin fossil antique"},
    ),
}  # fmt: skip
FILLERS = ("the", "a", "and", "of", "in", "there", "was", "with", "is", "near")
ANALOGIES = {family: list(pairs) for family, (_, pairs) in FAMILIES.items()}


@checked(sentences=whole(1), seed=whole(0))
def made_corpus(sentences=3000, seed=0):
    """Sentences, each a list of words, in which a word stands near words of its role and near words of its pair.

    One in five of these is left out or is another's, so that no sentence can be relied on. "old" is in two families,
    as words in real texts are.
    """
    rng, everything, made = np.random.default_rng(seed), [], []

    def pick(options):
        return options[rng.integers(len(options))]  # several times as fast as rng.choice

    for roles, pairs in FAMILIES.values():
        everything += [(pair[role], roles[role].split(), topic.split()) for pair, topic in pairs.items()
                       for role in (0, 1)]  # fmt: skip
    others = [word for _, before, topic in everything for word in (*before, *topic)]
    for _ in range(sentences):
        word, before, topic = pick(everything)
        near = [pick(before), word, pick(topic), pick(before), pick(topic)]
        near = [one if place == 1 or rng.random() < 0.8 else pick(others) for place, one in enumerate(near)]
        made.append([])
        for one in near:
            made[-1] += [pick(FILLERS)] * (rng.random() < 0.4) + [one]
    return made


class WordVectors:
    """Words and their vectors: ``words`` is a list, ``vectors`` an array (n, size) with a row for each."""

    def __init__(self, words, vectors):
        self.words, self.vectors = list(words), np.asarray(vectors, float)
        self._row = {word: row for row, word in enumerate(self.words)}
        self._unit = self.vectors / np.linalg.norm(self.vectors, axis=1, keepdims=True)

    def _row_of(self, function, word):
        if word not in self._row:
            known = ", ".join(self.words[:5])
            raise ValueError(f"{function}: word is {describe(word)}, but a word of the corpus is expected, such as "
                             f"{known}: choose one of .words.")  # fmt: skip
        return self._row[word]

    @checked(n=whole(1))
    def nearest(self, word, n=5):
        """The ``n`` words whose vectors point most in the same direction: a list of (word, cosine)."""
        cosines = self._unit @ self._unit[self._row_of("nearest", word)]
        order = [row for row in np.argsort(-cosines) if self.words[row] != word][:n]
        return [(self.words[row], float(cosines[row])) for row in order]

    def analogy(self, a, b, c):
        """ "a is to b as c is to ...": the word nearest to b - a + c that is none of the three."""
        rows = [self._row_of("analogy", word) for word in (a, b, c)]
        one, other, third = self.vectors[rows]
        cosines = self._unit @ (other - one + third)
        cosines[rows] = -np.inf
        return self.words[int(cosines.argmax())]

    def score(self):
        """All analogies counted: dict(right, asked, share, chance, nearest_share, by_family).

        chance: guessing one of the other words. nearest_share: answering with the word nearest to c that is not asked
        about, without any b - a: what of the share is no analogy at all.
        """
        right, simple, by_family = [], [], {}
        for family, pairs in ANALOGIES.items():
            asked = [(one, other, way) for one in pairs for other in pairs if one != other for way in (1, -1)]
            answers = []
            for one, other, way in asked:
                (a, b), (c, truth) = one[::way], other[::way]
                answers.append(self.analogy(a, b, c) == truth)
                simple.append(next(word for word, _ in self.nearest(c, 3) if word not in (a, b)) == truth)
            right += answers
            by_family[family] = float(np.mean(answers))
        return {"right": int(sum(right)), "asked": len(right), "share": float(np.mean(right)),
                "chance": 1 / (len(self.words) - 3), "nearest_share": float(np.mean(simple)), "by_family": by_family}


@checked(size=whole(2), passes=whole(0), seed=whole(0))
def train_vectors(sentences, size=16, passes=4, seed=0, *, watch=None):
    """Skip-gram: each word's vector is taught to tell the words beside it from words drawn at random.

    passes: how often all pairs (word, a word at most 3 places away) are gone through; 0 gives the random start.
    ``watch(loss, vectors)`` is called after each pass. Adam, with a step size that does not fall.
    """
    words = sorted({word for sentence in sentences for word in sentence})
    if len(words) < 5:
        raise ValueError(f"train_vectors: sentences has {len(words)} different words, but 5 are needed: give more.")
    row = {word: place for place, word in enumerate(words)}
    pairs = np.array([(row[word], row[beside]) for words_ in sentences for place, word in enumerate(words_)
                      for beside in words_[max(0, place - WINDOW) : place] + words_[place + 1 : place + WINDOW + 1]])
    often = np.bincount(pairs[:, 0], minlength=len(words)) ** 0.75  # how often a word is drawn as a false neighbor
    limits = (often / often.sum()).cumsum()
    rng = np.random.default_rng(seed)
    tables = rng.normal(0, 0.3, (2, len(words), size))  # as the word in the middle, and as the word beside it
    mean, square, step = np.zeros_like(tables), np.zeros_like(tables), 0
    for _ in range(passes):
        losses = []
        for some in np.array_split(rng.permutation(len(pairs)), -(-len(pairs) // BATCH)):
            middle, beside = pairs[some].T
            false = np.minimum(np.searchsorted(limits, rng.random((len(some), NEGATIVES))), len(words) - 1)
            loss, gradient = _loss_and_gradient(tables, middle, np.hstack([beside[:, None], false]))
            step += 1
            mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
            tables = tables - RATE * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
            losses.append(loss)
        if watch:
            watch(float(np.mean(losses)), WordVectors(words, tables[0]))
    return WordVectors(words, tables[0])


def _loss_and_gradient(tables, middle, others):
    """Mean loss of a batch and its slope by both tables; the first column of ``others`` holds the true neighbors."""
    one, many = tables[0][middle], tables[1][others]
    scores = np.einsum("nd,nkd->nk", one, many)
    sign = np.where(np.arange(others.shape[1]) == 0, 1.0, -1.0)
    loss = np.logaddexp(0, -sign * scores).sum(axis=1).mean()
    slope = -sign / (1 + np.exp(sign * scores)) / len(middle)
    gradient = np.zeros_like(tables)
    np.add.at(gradient[0], middle, np.einsum("nk,nkd->nd", slope, many))
    np.add.at(gradient[1], others, slope[..., None] * one[:, None])
    return loss, gradient
