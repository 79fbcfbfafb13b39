"""A blueprint says how many questions of which kind an exam has; the draw meets it exactly or says what is short.

    title: {en: Deep learning, de: Deep Learning}
    date: 2026-07-02        minutes: 90        points: 60        locale: de
    cells:
      - {topic: cnn, difficulty: easy, knowledge: recall, count: 1}
      - {topic: [rnn, transformer], difficulty: medium, count: 2}      # what is left out is free
    not_in: [2025.lock.json]          # no question of these earlier exams
    not_both: [[cnn.conv_valid, cnn.conv_same]]
"""

from pathlib import Path

from course_utils.exam.draw import stream
from course_utils.exam.errors import ExamError
from course_utils.exam.lock import letter, make, read_lock
from course_utils.exam.words import DIFFICULTIES, KNOWLEDGE, LOCALES, TOPICS

FIELDS = {"title", "date", "minutes", "points", "locale", "aids", "cells", "not_in", "not_both"}
CELL = {
    "topic": tuple(TOPICS),
    "difficulty": tuple(DIFFICULTIES),
    "knowledge": tuple(KNOWLEDGE),
    "kind": None,
    "id": None,
}
TRIES = 200_000


def read_blueprint(path):
    """Read and check a blueprint; raises ExamError that names the file, the field and the remedy."""
    import yaml

    path = Path(path)
    try:
        plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExamError(f"{path}: the blueprint cannot be read ({error.strerror}): check its name.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ExamError(
            f"{path}: this is no YAML ({' '.join(str(error).split())[:120]}): check its indentation."
        ) from None
    if not isinstance(plan, dict) or not isinstance(plan.get("cells"), list) or not plan["cells"]:
        raise ExamError(f"{path}: cells is missing: list at least one cell with a count.")
    for name in plan:
        if name not in FIELDS:
            raise ExamError(f"{path}: the field {name} is not known: use {', '.join(sorted(FIELDS))}.")
    title = plan.get("title", {"en": "Exam", "de": "Prüfung"})
    if not isinstance(title, dict) or not {"en", "de"} <= set(title):
        raise ExamError(f"{path}: title is {title!r}: give it in both languages, as {{en: …, de: …}}.")
    if plan.get("locale", "en") not in LOCALES:
        raise ExamError(f"{path}: locale is {plan['locale']!r}: choose one of {', '.join(LOCALES)}.")
    for name in ("points", "minutes"):
        if name in plan and (
            not isinstance(plan[name], (int, float)) or isinstance(plan[name], bool) or plan[name] <= 0
        ):
            raise ExamError(f"{path}: {name} is {plan[name]!r}: give a number above 0.")
    for i, cell in enumerate(plan["cells"], start=1):
        if not isinstance(cell, dict) or not isinstance(cell.get("count", 1), int) or cell.get("count", 1) < 1:
            raise ExamError(f"{path}: cell {i} is {cell!r}: give fields and a count of at least 1.")
        for name, value in cell.items():
            if name != "count" and name not in CELL:
                raise ExamError(f"{path}: cell {i} has the field {name}: use {', '.join(CELL)} and count.")
            for one in _listed(value) if name in CELL and CELL[name] else ():
                if one not in CELL[name]:
                    raise ExamError(f"{path}: cell {i}: {name} is {one!r}: choose one of {', '.join(CELL[name])}.")
    return plan | {"title": title, "path": path}


def _listed(value):
    return value if isinstance(value, list) else [value]


def draw(plan, bank, seed, forms=1, disjoint=False):
    """Draw an exam as a lock. disjoint=True gives every form its own questions, otherwise only its own numbers."""
    taken = set()
    for earlier in plan.get("not_in", []):
        path = Path(earlier)
        taken |= set(read_lock(path if path.is_absolute() else plan["path"].parent / path)["questions"])
    for pair in plan.get("not_both", []):
        for name in pair:
            if name not in bank:
                raise ExamError(f"{plan['path']}: not_both names {name!r}, which is not in the bank: check the id.")
    sets = []
    for i in range(forms if disjoint else 1):
        sets.append(choose(plan, [q for q in bank.values() if q.id not in taken], f"{seed}/{i}" if disjoint else seed))
        taken |= {question.id for question in sets[-1]}
    sets = sets if disjoint else sets * forms
    return make(plan["title"], sets, seed=seed, minutes=plan.get("minutes"), date=plan.get("date", ""),
        locale=plan.get("locale", "en"),
                aids=plan.get("aids"), names=[letter(i) for i in range(forms)])  # fmt: skip


def choose(plan, questions, seed):
    """Questions that meet the blueprint exactly, in the blueprint's order; raises ExamError that says what is short."""
    pools = []
    for cell in plan["cells"]:
        fits = [q for q in questions if all(q.record[k] in _listed(v) for k, v in cell.items() if k != "count")]
        fits.sort(key=lambda q: stream(seed, q.id, "choose").random())  # a new question moves no other
        wanted = cell.get("count", 1)
        if len(fits) < wanted:
            name = " × ".join("|".join(map(str, _listed(v))) for k, v in cell.items() if k != "count") or "any"
            raise ExamError(f"{plan['path']}: the cell {name} is short of {wanted - len(fits)}: {wanted} wanted, "
                            f"{len(fits)} left in the bank; "
                            "ask for fewer, or write more.")  # fmt: skip
        pools += [fits] * wanted
    _enough(plan, pools)
    order = sorted(range(len(pools)), key=lambda i: len(pools[i]))  # the tightest cells first
    found = _search(plan, [pools[i] for i in order])
    placed = dict(zip(order, found, strict=True))
    return [placed[i] for i in range(len(pools))]


def _enough(plan, pools):
    """Raise if the cells, taken together, have too few questions or cannot give the points."""
    matched = {}

    def place(i, seen):
        for question in pools[i]:
            if question.id not in seen:
                seen.add(question.id)
                if question.id not in matched or place(matched[question.id], seen):
                    matched[question.id] = i
                    return True
        return False

    missing = sum(not place(i, set()) for i in range(len(pools)))
    if missing:
        raise ExamError(
            f"{plan['path']}: the cells overlap and are together short of {missing} questions: ask for fewer, or "
            f"write more."
        )


def _search(plan, pools):
    """Depth first, with the sums of points that the rest can still reach as the guide."""
    target, limit = plan.get("points"), plan.get("minutes")
    barred = {}
    for pair in plan.get("not_both", []):
        for name in pair:
            barred.setdefault(name, set()).update(set(pair) - {name})
    reach, least = [{0}], [0]
    for pool in reversed(pools):
        reach.append({round(s + q.points, 4) for s in reach[-1] for q in pool})
        least.append(least[-1] + min(q.minutes for q in pool))
    reach, least = reach[::-1], least[::-1]
    if target is not None and target not in reach[0]:
        near = min(reach[0], key=lambda s: abs(s - target))
        raise ExamError(f"{plan['path']}: points is {target}, but these cells give between {min(reach[0]):g} and "
                        f"{max(reach[0]):g}: "
                        f"ask for {near:g}, or change the cells.")  # fmt: skip
    if limit is not None and least[0] > limit:
        raise ExamError(
            f"{plan['path']}: minutes is {limit}, but these cells take at least {least[0]:g}: allow more, or ask "
            f"for fewer questions."
        )
    tries = 0

    def go(i, chosen, points, minutes):
        nonlocal tries
        if i == len(pools):
            return chosen
        names = {question.id for question in chosen}
        for question in pools[i]:
            tries += 1
            if tries > TRIES:
                return None
            if question.id in names or barred.get(question.id, set()) & names:
                continue
            if target is not None and round(target - points - question.points, 4) not in reach[i + 1]:
                continue
            if limit is not None and minutes + question.minutes + least[i + 1] > limit:
                continue
            found = go(i + 1, chosen + [question], points + question.points, minutes + question.minutes)
            if found:
                return found
        return None

    found = go(0, [], 0, 0)
    if not found:
        what = (
            ", ".join(f"{name} {plan[name]}" for name in ("points", "minutes") if name in plan)
            or "no two questions twice"
        )
        raise ExamError(
            f"{plan['path']}: no choice of questions meets all at once ({what}, not_both): loosen points, minutes "
            f"or not_both."
        )
    return found
