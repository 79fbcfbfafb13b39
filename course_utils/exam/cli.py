"""`python -m course_utils exam …`: new, list, show, check, stress, draw, build, export, verify."""

import json
import sys
from pathlib import Path

from course_utils.datasets._folder import write_whole
from course_utils.exam import bank
from course_utils.exam.errors import ExamError
from course_utils.exam.words import LOCALES

SKELETON = """\
# %% header [markdown]
# - id: {name}
# - version: 1
# - topic: {topic}
# - lesson: {lesson}
# - difficulty: easy
# - knowledge: recall
# - kind: number
# - operator: compute
# - points: 2
# - minutes: 3
# %% question.en [markdown]
# What is ${{{{a}}}} + {{{{b}}}}$?
# %% question.de [markdown]
# Was ist ${{{{a}}}} + {{{{b}}}}$?
# %% mistakes.en [markdown]
# - multiplied: multiplied instead of added
# %% mistakes.de [markdown]
# - multiplied: multipliziert statt addiert
# %% solution.en [markdown]
# ${{{{a}}}} + {{{{b}}}} = {{{{sum}}}}$
# %% solution.de [markdown]
# ${{{{a}}}} + {{{{b}}}} = {{{{sum}}}}$
# %%
def generate(draw):
    a, b = draw.whole(2, 9), draw.whole(2, 9)
    return {{"values": {{"a": a, "b": b, "sum": a + b}}, "answer": a + b, "mistakes": {{"multiplied": a * b}}}}


def oracle(values):
    return sum([values["a"], values["b"]])
"""


def add_arguments(parser):
    """The options of `exam`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new", help="write the skeleton of a new question")
    new.add_argument("id", help="topic.name, such as cnn.conv_valid")
    actions.add_parser("list", help="how many questions by topic, difficulty and kind of knowledge").add_argument(
        "--all", action="store_true", help="every question on a line of its own")  # fmt: skip
    show = actions.add_parser("show", help="one question with its solution, as text")
    show.add_argument("id")
    show.add_argument("--seed", default="0")
    show.add_argument("--locale", default="en", choices=LOCALES)
    for name, words in (
        ("check", "say what is wrong with the bank's files"),
        ("stress", "draw every question many times"),
    ):
        some = actions.add_parser(name, help=words)
        some.add_argument("ids", nargs="*", metavar="ID", help="questions or topics; all if left out")
    some.add_argument("--seeds", type=int, default=5000)
    draw = actions.add_parser("draw", help="draw an exam to a blueprint, into a lock file")
    draw.add_argument("blueprint", help="a YAML file, such as data/blueprints/ninety_minutes.yaml")
    draw.add_argument("--seed", required=True, help="any text; the same seed draws the same exam")
    draw.add_argument("--forms", type=int, default=1, help="forms with numbers of their own (default 1)")
    draw.add_argument("--disjoint", action="store_true", help="no question in two forms, as for an exam and its resit")
    draw.add_argument("--out", help="the lock file (default: beside the blueprint)")
    build = actions.add_parser("build", help="print a lock: PDF, HTML and notebook, each as sheet and solutions")
    build.add_argument("lock", help="the file that `exam draw` wrote")
    build.add_argument("--out", help="the new folder (default: the lock's name)")
    build.add_argument("--locale", action="append", choices=LOCALES, help="may be given several times")
    build.add_argument("--format", action="append", choices=("pdf", "html", "ipynb"), help="may be given several times")
    build.add_argument("--nbgrader", action="store_true", help="add nbgrader's metadata to the notebooks")
    build.add_argument(
        "--stored", action="store_true", help="build from the stored values although the bank has changed"
    )
    export = actions.add_parser("export", help="write a lock for Moodle, as a QTI 2.1 package, for Canvas")
    export.add_argument("lock")
    for style in ("moodle", "qti21", "canvas"):
        export.add_argument(f"--{style}", action="append_const", dest="styles", const=style)
    export.add_argument("--out", help="the new folder (default: the lock's name and -export)")
    export.add_argument("--locale", action="append", choices=LOCALES, help="may be given several times")
    export.add_argument("--schema", help="a local imsqti_v2p1.xsd to validate the QTI items with")
    export.add_argument("--stored", action="store_true", help="export the stored values although the bank has changed")
    actions.add_parser("verify", help="is a built folder still what its lock gives?").add_argument("folder")


def main(arguments):
    """Do one action; returns the exit status (1 if something is wrong with the bank, 2 after an error in the input)."""
    try:
        return ACTIONS[arguments.action](arguments) or 0
    except ExamError as error:
        print(error, file=sys.stderr)
        return 2


def chosen(names):
    """The questions of these ids or topics."""
    questions = bank.load()
    if not names:
        return list(questions.values())
    found = [q for q in questions.values() if q.id in names or q.topic in names]
    missing = [n for n in names if not any(n in (q.id, q.topic) for q in found)]
    if missing:
        raise ExamError(f"exam: {missing[0]!r} is no question and no topic of the bank: see `exam list --all`.")
    return found


def bar(total):
    """A progress line on a terminal, silent elsewhere."""

    def progress(done, name=""):
        if sys.stderr.isatty():
            filled = round(30 * done / total)
            print(
                f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{total} {name:40}",
                end="\n" if done == total else "",
                file=sys.stderr,
            )

    return progress


def _new(arguments):
    from course_utils.exam.questions import LESSONS
    from course_utils.exam.words import TOPICS

    topic, _, name = arguments.id.partition(".")
    if topic not in TOPICS or not name.isidentifier():
        raise ExamError(
            f"new: id is {arguments.id!r}: write topic.name with one of {', '.join(TOPICS)} and a name of letters, "
            f"digits and _."
        )
    path = bank.BANK / topic / f"{name}.py"
    if path.exists():
        raise ExamError(f"{path}: the question exists: choose another name.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SKELETON.format(name=arguments.id, topic=topic, lesson=LESSONS.get(topic, 0)), encoding="utf-8")
    print(path)


def _list(arguments):
    questions = bank.load().values()
    if arguments.all:
        for q in questions:
            print(f"{q.id:32} {q.difficulty:7} {q.knowledge:12} {q.kind:10} {q.points:4g} points {q.minutes:4g} min")
    print(bank.table(questions))


def _show(arguments):
    from course_utils.exam.notebook_sheet import _explained, _listed
    from course_utils.exam.practice import question

    entry = question(
        arguments.id, int(arguments.seed) if arguments.seed.isdigit() else arguments.seed, arguments.locale
    ).entry
    print(
        "\n\n".join(
            [
                entry.section("question"),
                *_listed(entry),
                json.dumps(entry.truth(), ensure_ascii=False),
                _explained(entry),
            ]
        )
    )


def _check(arguments):
    from course_utils.exam.check import check_bank

    questions = chosen(arguments.ids)
    problems = check_bank(questions, bar(len(questions)))
    print("\n".join([*problems, f"{len(questions)} questions checked, {len(problems)} problems"]))
    return bool(problems)


def _stress(arguments):
    from course_utils.exam.stress import run

    if arguments.seeds < 1:
        raise ExamError(f"stress: seeds is {arguments.seeds}: give a whole number of at least 1.")
    questions = chosen(arguments.ids)
    rows, problems = run(questions, arguments.seeds, bar(len(questions)))
    total = {key: sum(row[key] for row in rows.values()) for key in ("variants", "redraws", "oracle", "mutants")}
    print("\n".join(problems))
    print(f"{len(rows)} of {len(questions)} questions passed: {total['variants']} variants, {total['redraws']} "
          f"redraws, "
          f"{total['oracle']} second opinions, {total['mutants']} planted mistakes caught")  # fmt: skip
    return bool(problems)


def _draw(arguments):
    from course_utils.exam.blueprint import draw, read_blueprint
    from course_utils.exam.lock import dump

    if arguments.forms < 1:
        raise ExamError(f"draw: forms is {arguments.forms}: give a whole number of at least 1.")
    plan = read_blueprint(arguments.blueprint)
    out = Path(arguments.out) if arguments.out else plan["path"].with_suffix(".lock.json")
    if out.exists():
        raise ExamError(f"{out}: the lock exists: name a new one with --out, or remove it.")
    lock = draw(plan, bank.load(), arguments.seed, arguments.forms, arguments.disjoint)
    write_whole(out, dump(lock).encode())
    points = sum(lock["questions"][item["id"]]["points"] for item in lock["forms"][0]["items"])
    forms, count = len(lock["forms"]), len(lock["forms"][0]["items"])
    print(f"{out}: {forms} form{'s' * (forms > 1)} of {count} question{'s' * (count > 1)}, {points:g} points")


def _build(arguments):
    from course_utils.exam.build import FORMATS, build
    from course_utils.exam.lock import read_lock, refuse_changed

    lock = read_lock(arguments.lock)
    if not arguments.stored:
        refuse_changed(arguments.lock, lock)
    name = Path(arguments.lock)
    folder = (
        Path(arguments.out) if arguments.out else name.with_name(name.name.removesuffix(".json").removesuffix(".lock"))
    )
    names = build(lock, folder, arguments.locale, tuple(arguments.format or FORMATS), arguments.nbgrader)
    print(f"{folder}: {len(names)} files")


def _export(arguments):
    from course_utils.exam.exports.report import export
    from course_utils.exam.lock import read_lock, refuse_changed

    lock = read_lock(arguments.lock)
    if not arguments.stored:
        refuse_changed(arguments.lock, lock)
    name = Path(arguments.lock)
    stem = name.name.removesuffix(".json").removesuffix(".lock")
    folder = Path(arguments.out) if arguments.out else name.with_name(f"{stem}-export")
    names, lines = export(lock, folder, arguments.styles or (), arguments.locale, arguments.schema)
    print("\n".join([f"{folder}: {len(names)} files", *lines]))


def _verify(arguments):
    from course_utils.exam.build import verify

    problems = verify(arguments.folder)
    print(
        "\n".join(problems)
        or f"{arguments.folder}: every file is what its lock gives, and no sheet gives a solution away"
    )
    return bool(problems)


ACTIONS = {
    "new": _new,
    "list": _list,
    "show": _show,
    "check": _check,
    "stress": _stress,
    "draw": _draw,
    "build": _build,
    "export": _export,
    "verify": _verify,
}
