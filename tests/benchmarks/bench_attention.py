"""What one layer costs on longer and longer texts: a simple RNN and an LSTM step by step, and attention at once."""

from course_utils.keras_tools.markup_transformer import COST_KINDS, cost, growth

LENGTHS = (512, 2048)
# By which power of the length the cost may grow. Attention is quadratic only where the pairs weigh more than the
# projections, so a little less than 2 is expected, and how much is left to the machine.
POWERS = {"RNN": (0.7, 1.3), "LSTM": (0.7, 1.3), "attention": (1.4, 2.6)}


def rows():
    found = cost(LENGTHS)
    powers = growth(found["lengths"][[0, -1]], found["seconds"][:, [0, -1]])
    result = []
    for kind, seconds, power in zip(COST_KINDS, found["seconds"], powers, strict=True):
        low, high = POWERS[kind]
        result += [
            {"name": f"{kind}, one layer over {LENGTHS[-1]} letters", "value": round(seconds[-1] * 1000, 1),
             "limit": None, "unit": "ms", "holds": True},
            {"name": f"{kind}, cost from {LENGTHS[0]} to {LENGTHS[-1]} letters: power of the length, from {low} to",
             "value": round(power, 2), "limit": high, "unit": "", "holds": bool(low <= power <= high)},
        ]
    return result


if __name__ == "__main__":
    for row in rows():
        print(row)
