"""Files that are not right: every one is answered by one sentence with file, field and remedy."""

import argparse

import pytest

from course_utils.exam import bank, cli
from course_utils.exam.check import check, check_bank
from course_utils.exam.questions import read

GOOD = cli.SKELETON.format(name="cnn.sample", topic="cnn", lesson=4)


def question(tmp_path, text, name="sample"):
    path = tmp_path / "cnn" / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_skeleton_is_a_sound_question(tmp_path):
    assert check_bank([read(question(tmp_path, GOOD))]) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# - points: 2\n", "", "the field points is missing"),
        ("# - topic: cnn", "# - topic: cooking", "topic is 'cooking': choose one of"),
        ("# - kind: number", "# - kind: riddle", "kind is 'riddle': choose one of"),
        ("# - points: 2", "# - points: two", "points is 'two', but it is a number"),
        ("# - points: 2", "# - points: 0", "must be above 0"),
        ("# - id: cnn.sample", "# - id: cnn.other", "topic and file name make cnn.sample"),
        ("# - knowledge: recall", "# - knowledge: application", "the field reference is missing"),
        ("# - minutes: 3", "# - minutes: 3\n# - colour: red", "the field colour is not known"),
        ("# - minutes: 3", "# - minutes: 3\n# - aids: phone", "aids is 'phone'"),
        ("# - minutes: 3", "# - minutes: 3\n# - decimals: few", "decimals is 'few'"),
        ("# - minutes: 3", "# - minutes: 3\n# minutes", "is no field"),
        ("# %% question.de [markdown]\n# Was ist ${{a}} + {{b}}$?\n", "", "question.de is missing: write the twin"),
        ("# %% solution.de", "# %% answer.de", "the cell 'answer.de' is not known"),
        (
            "# - multiplied: multipliziert statt addiert",
            "# - anders: anders",
            "has other names in English than in German",
        ),
        ("# - multiplied: multiplied instead of added", "# nothing", "holds no list"),
        ("def generate(draw)", "def make(draw)", "must define generate(draw)"),
        ("# %% header", "# %% title", "the first cell is not the header"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_question(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(ValueError, match=r"sample\.py") as caught:
        read(question(tmp_path, GOOD.replace(old, new)))
    assert words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Was ist ${{a}} + {{b}}$?", "Was ist ${{a}} + 2$?", "other values than question.en"),
        ("Was ist ${{a}}", "Was ist $3 + {{a}}", "other numbers in formulas"),
        ("What is ${{a}}", "For 1.5 what is ${{a}}", "has a decimal number in its prose"),
        ('"multiplied": a * b', '"multiplied": a + b', "because of the mistake multiplied: widen the grids"),
        ("= {{sum}}$", r"= \foo{{sum}}$", "solution.en: The formula $"),
        ("    a, b = draw", "    1 / 0\n    a, b = draw", "generate raised ZeroDivisionError"),
        ('"answer": a + b', '"ansver": a + b', "generate raised KeyError: 'answer'"),
        ("    a, b = draw", "  a, b = draw", "generate does not run (IndentationError"),
        ("= {{sum}}$", "= {{total}}$", "generate gives no value of that name"),
        ("return a_", "return", ""),
    ],
)
def test_a_question_that_check_refuses(tmp_path, old, new, words):
    text = GOOD.replace(old, new)
    if text == GOOD:
        text, words = GOOD.replace('"answer": a + b', '"answer": object()'), "give numbers, texts, lists or arrays"
    with pytest.raises(ValueError) as caught:
        check(read(question(tmp_path, text)))
    assert words in str(caught.value) and "\n" not in str(caught.value)


STATIC = """\
# %% header [markdown]
# - id: cnn.sample
# - version: 1
# - topic: cnn
# - lesson: 4
# - difficulty: easy
# - knowledge: recall
# - kind: single
# - operator: name
# - points: 1
# - minutes: 1
# %% question.en [markdown]
# Which of these is blue?
# %% question.de [markdown]
# Was davon ist blau?
# %% options.en [markdown]
# - [x] sky
# - [ ] grass
# %% options.de [markdown]
# - [x] Himmel
# - [ ] Gras
# %% solution.en [markdown]
# The sky.
# %% solution.de [markdown]
# Der Himmel.
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("- [ ] grass", "- [x] grass", "marks other options as right in English than in German"),
        ("- [ ] grass", "- [ ] sky", "has two equal options"),
        ("- [ ] grass", "- grass", "marks other options as right"),
        ("# - [ ] Gras\n", "", "has 2 entries in English and 1 in German"),
        ("Which of these is blue", "Which of these is not blue", "has a negation without stress"),
        ("Which of these is blue", "Which of these is best", "says 'best' without a measure"),
        ("Which of these is blue", "What is blue in this case", "says 'in this case'"),
        ("kind: single", "kind: kprim", "has fewer than four statements"),
        ("kind: single", "kind: open", "rubric.en is missing"),
    ],
)
def test_a_choice_that_is_refused(tmp_path, old, new, words):
    check(read(question(tmp_path, STATIC)))
    with pytest.raises(ValueError) as caught:
        check(read(question(tmp_path, STATIC.replace(old, new, 1))))
    assert words in str(caught.value)


def run(*words):
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return cli.main(parser.parse_args(words))


def test_commands(tmp_path, capsys, monkeypatch):
    plan = tmp_path / "exam.yaml"
    plan.write_text("title: {en: E, de: P}\npoints: 6\ncells:\n  - {topic: cnn, count: 2}\n", encoding="utf-8")
    assert run("draw", str(plan), "--seed", "1", "--forms", "2") == 0
    lock = tmp_path / "exam.lock.json"
    assert run("build", str(lock), "--format", "html") == 0 and run("verify", str(tmp_path / "exam")) == 0
    assert run("draw", str(plan), "--seed", "1") == 2 and "the lock exists" in capsys.readouterr().err
    assert run("build", str(lock), "--format", "html") == 2 and "the output folder exists" in capsys.readouterr().err
    assert run("list", "--all") == 0 and "cnn.conv_valid" in capsys.readouterr().out
    assert (
        run("show", "cnn.conv_valid", "--seed", "7", "--locale", "de") == 0
        and "Merkmalskarte" in capsys.readouterr().out
    )
    assert run("check", "cnn.blocks") == 0 and run("stress", "cnn.blocks", "--seeds", "5") == 0
    capsys.readouterr()
    assert run("check", "cooking") == 2 and "no question and no topic" in capsys.readouterr().err
    assert run("stress", "--seeds", "0") == 2 and run("draw", str(plan), "--seed", "1", "--forms", "0") == 2
    monkeypatch.setattr(bank, "BANK", tmp_path)
    assert run("new", "cnn.fresh") == 0 and check_bank([read(tmp_path / "cnn" / "fresh.py")]) == []
    capsys.readouterr()
    assert run("new", "cnn.fresh") == 2 and "the question exists" in capsys.readouterr().err
    assert run("new", "fresh") == 2 and "write topic.name" in capsys.readouterr().err
