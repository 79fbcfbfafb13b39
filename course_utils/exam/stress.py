"""The stress run: thousands of seeds for every question, and a second opinion on the answers.

For each seed: no exception; options distinct as displayed; every permitted way of rounding within the tolerance and
every named mistake outside; for the first seeds also an oracle (Keras, finite differences or plain arithmetic), the
marks of truth, blank and mistakes, errors carried forward, all formulas, and the mutation test: a named mistake in the
truth's place must be caught by the oracle. At the end: position and rank of the right answer near uniform.
"""

from collections import Counter

from course_utils.exam.check import formulas_of
from course_utils.exam.draw import rounded
from course_utils.exam.errors import ExamError
from course_utils.exam.marking import mark, truth
from course_utils.exam.resolve import again, decimals_of, resolve, same
from course_utils.exam.sheet import Entry

DEEP = 50  # seeds that get the slow checks
SIGMAS = 5


def stress(question, seeds=5000):
    """Run one question; returns {"variants", "different", "redraws", "oracle", "mutants"}; raises ExamError."""
    places, ranks, different, redraws, oracles, mutants = Counter(), Counter(), set(), 0, 0, 0
    rounds = "draw.rounding" in question.source
    for seed in range(seeds):
        try:
            variant = resolve(question, seed)
            redraws += variant.get("attempts", 0)
            _rounding(question, variant, seed, rounds)
            if question.kind == "single":
                _single(question, variant, places, ranks)
            if len(different) < 20:
                different.add(str((variant["values"], variant["figure"], variant["order"], variant.get("answer"))))
            if seed < DEEP:
                _deep(question, variant)
                found = _oracle(question, variant)
                oracles, mutants = oracles + found[0], mutants + found[1]
        except ExamError as error:
            raise error if str(question.path) in str(error) else question.error(f"seed {seed}:", str(error)) from None
        except Exception as error:  # a question's own code may raise anything: say where
            raise question.error(f"generate, seed {seed},", f"raised {type(error).__name__}: {error}.") from error
    if question.computed and len(different) < min(2, seeds):
        raise question.error("generate", "gives the same variant every time: draw something, or remove the code cell.")
    _uniform(question, "position", places, question.record.get("choices", 4) if places else 0, seeds)
    _uniform(question, "rank", ranks, question.record.get("choices", 4) if ranks else 0, seeds)
    return {"variants": seeds, "different": len(different), "redraws": redraws, "oracle": oracles, "mutants": mutants}


def _as_written(record, answer, key=""):
    """The answer with its numbers rounded to the decimals that the question asks for."""
    if isinstance(answer, dict):
        return {k: _as_written(record, v, k) for k, v in answer.items()}
    return round(answer, decimals_of(record, key)) if isinstance(answer, float) else answer


def _rounding(question, variant, seed, rounds):
    for field in variant["fields"]:
        if (
            field["type"] == "number"
            and abs(rounded(field["answer"], field["decimals"]) - field["answer"]) > field["tolerance"]
        ):
            raise question.error(
                "tolerance",
                f"does not accept {field['answer']} rounded to {field['decimals']} decimals: widen one of them.",
            )
    for way in ("half up", "half even") if rounds else ():
        other = _as_written(question.record, again(question, seed, 0, variant["attempts"], way))
        if not same(question.record, variant["answer"], other):
            raise question.error(f"tolerance, seed {seed},", f"is too small: rounding {way} on the way gives {other}, "
                                 f"the truth is {variant['answer']}: widen the tolerance or allow more "
                                 f"decimals.")  # fmt: skip


def _single(question, variant, places, ranks):
    places[variant["fields"][0]["answer"]] += 1
    if "options" not in variant:
        return
    shown = [text for text, _, _ in Entry(1, question.record, variant, "en").options()]
    if len(set(shown)) < len(shown):
        raise question.error("options", f"are not distinct as displayed: {shown}.")
    if not isinstance(variant["answer"], str):
        ranks[sum(option["value"] < variant["answer"] for option in variant["options"])] += 1


def _uniform(question, what, counts, choices, seeds):
    """Raise if one place holds the right answer too often to be chance."""
    if question.sections.get("options") and choices:
        choices = max(len(counts), 2)
    expected = seeds / choices if choices else 0
    spread = SIGMAS * (expected * (1 - 1 / choices)) ** 0.5 + 1 if choices else 0
    for place in range(choices):
        if abs(counts[place] - expected) > spread:
            raise question.error(what,
                f"{place + 1} holds the right answer {counts[place]} times in {seeds}, about {expected:.0f} "
                                 "are expected: add mistakes on both sides of the truth.")  # fmt: skip


def _deep(question, variant):
    """Marks and formulas of one variant."""
    record, right = question.record, truth(variant)
    formulas_of(question, variant)
    full = mark(record, variant, right)["points"]
    for german in (True, False):
        typed = {k: str(v).replace(".", ",") if german and isinstance(v, float) else v for k, v in right.items()}
        if mark(record, variant, typed)["points"] != full:
            raise question.error("scoring", "does not give full marks to the truth typed with a decimal comma.")
    for name in sorted({name for field in variant["fields"] for name in field.get("mistakes", {})}):
        wrong = {f["key"]: f["mistakes"].get(name, right.get(f["key"])) for f in variant["fields"] if f["key"] in right}
        if wrong != right and mark(record, variant, wrong)["points"] >= full:
            raise question.error("mistakes", f"{name} earns full marks: it must lie outside the tolerance.")
    follow = question.code.get("follow") if question.computed else None
    if follow:
        numbers = {k: v for k, v in right.items() if isinstance(v, (int, float))}
        first = next(iter(numbers))
        for key, value in follow(variant["values"], {first: variant["answer"][first]}).items():
            if not same(record, variant["answer"][key], value, key):
                raise question.error(
                    "follow",
                    f"gives {value} for {key} after a right first part, the truth is {variant['answer'][key]}.",
                )
        for shift in (1, -1, 7, -7):  # a shift that ReLU or a mask swallows shows nothing
            carried = {first: numbers[first] + shift}
            carried |= follow(variant["values"], carried)
            if all(same(record, variant["answer"][key], value, key) for key, value in carried.items() if key != first):
                continue
            if mark(record, variant, carried, follow)["points"] <= mark(record, variant, carried)["points"]:
                raise question.error(
                    "follow", "earns nothing: an answer that follows from an earlier mistake must be right."
                )
            break


def _oracle(question, variant):
    """(1, mutants caught) if the question has an oracle and it agrees; raises ExamError where it does not."""
    oracle = question.code.get("oracle") if question.computed else None
    if oracle is None:
        return 0, 0
    second = oracle(variant["values"])
    if hasattr(second, "tolist"):
        second = second.tolist()
    answer = variant["answer"]
    if isinstance(second, dict) and not set(second) <= set(answer):
        raise question.error(
            "oracle", f"answers {', '.join(second)}, but generate answers {', '.join(answer)}: use the same names."
        )
    if not same(question.record, answer, second):
        raise question.error("oracle", f"says {second}, but generate says {answer}: one of them is wrong.")
    caught = 0
    for name, wrong in variant["mistakes"].items():
        if isinstance(wrong, dict) and isinstance(second, dict) and not set(wrong) & set(second):
            continue
        mutant = answer | wrong if isinstance(wrong, dict) else wrong
        if same(question.record, mutant, second):
            raise question.error(
                "oracle", f"does not notice the mistake {name} in the truth's place: make it independent of it."
            )
        caught += 1
    return 1, caught


def run(questions, seeds=5000, progress=lambda done, name: None):
    """Stress many questions; returns (rows, problems): {id: result} and a list of sentences."""
    rows, problems = {}, []
    for done, question in enumerate(questions, start=1):
        try:
            rows[question.id] = stress(question, seeds)
        except ExamError as error:
            problems.append(str(error))
        progress(done, question.id)
    return rows, problems
