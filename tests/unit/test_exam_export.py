"""Exports to Moodle, QTI 2.1 and Canvas: read back by readers that know no writer, they mark as the sheet does."""

import io
import json
import re
import zipfile

import pytest
from text2qti.markdown import Markdown

from course_utils.exam import bank, cli
from course_utils.exam.errors import ExamError
from course_utils.exam.exports import canvas, moodle, report
from course_utils.exam.exports.reader import typed
from course_utils.exam.exports.verify import check
from course_utils.exam.lock import dump, make
from course_utils.exam.questions import read
from course_utils.exam.sheet import entries

STYLES = ("moodle", "qti21", "canvas")
TITLE = {"en": "Deep learning", "de": "Künstliche Neuronale Netze"}
SOME = ("neuron.forward", "neuron.softmax", "cnn.conv_valid", "transformer.mask", "neuron.activations", "rnn.tasks",
        "descent.loop_order", "descent.loop_error", "gan.sketch_training", "cnn.code_size", "neuron.read_line",
        "mlp.zero_start", "transformer.output")  # fmt: skip
MULTIPLE = """\
# %% header [markdown]
# - id: mlp.several
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: easy
# - knowledge: recall
# - kind: multiple
# - operator: choose
# - points: 3
# - minutes: 2
# %% question.en [markdown]
# Which are activation functions?
# %% question.de [markdown]
# Was sind Aktivierungsfunktionen?
# %% options.en [markdown]
# - [x] ReLU || It is.
# - [x] tanh
# - [x] sigmoid
# - [ ] A & B, $x < 1$ || That is a condition.
# - [ ] dropout || That is regularization.
# %% options.de [markdown]
# - [x] ReLU || Ja.
# - [x] tanh
# - [x] Sigmoid
# - [ ] A & B, $x < 1$ || Das ist eine Bedingung.
# - [ ] Dropout || Das ist Regularisierung.
# %% solution.en [markdown]
# The first three.
# %% solution.de [markdown]
# Die ersten drei.
"""
CLOZE = """\
# %% header [markdown]
# - id: mlp.words
# - version: 1
# - topic: mlp
# - lesson: 2
# - difficulty: easy
# - knowledge: recall
# - kind: cloze
# - operator: complete
# - points: 1
# - minutes: 2
# - decimals: 1
# %% question.en [markdown]
# The [[method]] finds gradients; half of three is [[half]].
# %% question.de [markdown]
# Das [[method]] findet Gradienten; die Hälfte von drei ist [[half]].
# %% blanks.en [markdown]
# - method: back-propagation | backprop
# - half: 1.5
# %% blanks.de [markdown]
# - method: Backpropagation | Fehlerrückführung
# - half: 1.5
# %% mistakes.en [markdown]
# - double: doubled instead of halved } ~ #
# %% mistakes.de [markdown]
# - double: verdoppelt statt halbiert } ~ #
# %% solution.en [markdown]
# Done.
# %% solution.de [markdown]
# Fertig.
# %%
def generate(draw):
    return {"answer": {"method": "back-propagation", "half": 1.5}, "mistakes": {"double": {"half": 6.0}}}
"""


def lock_of(names=SOME, forms=1, seed="export", locale="de"):
    questions = [name if not isinstance(name, str) else bank.load()[name] for name in names]
    return json.loads(dump(make(TITLE, questions, seed=seed, forms=forms, locale=locale)))  # spoiled by some tests


def read_back(lock, form, locale, style, folder):
    """(plan, files, what the reader found) of one form; the files lie in folder."""
    made = report.plan(lock, form, locale, style)
    files = report.write(lock, form, locale, style, made)
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return made, files, report.read(files, style, folder)


def mark_all(lock, style, folder, locales=("en", "de", "de-CH")):
    """Every question of every form, forms in turn in all locales; returns how many answers were marked."""
    marked = 0
    for i, form in enumerate(lock["forms"]):
        locale = locales[i % len(locales)]
        made, _, found = read_back(lock, form["name"], locale, style, folder)
        marked += sum(check(entry, tasks, found, style) for entry, tasks in made)
    return marked


def own(folder, *texts):
    """Questions of the tests' own, for the kinds that the bank happens not to have."""
    found = []
    for text in texts:
        name = re.search(r"id: mlp\.(\w+)", text)[1]
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        found.append(read(folder / f"{name}.py"))
    return found


@pytest.mark.parametrize("style", STYLES)
def test_every_question_of_the_bank_is_marked_as_on_the_sheet(style, tmp_path):
    lock = make(TITLE, list(bank.load().values()), seed=f"all {style}", forms=3)
    assert mark_all(lock, style, tmp_path) > 3 * 2 * len(bank.load())


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_two_hundred_variants_of_every_question_are_marked_as_on_the_sheet(style, tmp_path, monkeypatch):
    convert, seen = Markdown.md_to_html, {}

    def remembered(self, text, strip_p_tags=False):
        """text2qti's own conversion, once a text: most words are the same in all variants (pictures are files)."""
        if "![" in text:
            return convert(self, text, strip_p_tags)
        if (text, strip_p_tags) not in seen:
            seen[text, strip_p_tags] = convert(self, text, strip_p_tags)
        return seen[text, strip_p_tags]

    monkeypatch.setattr(Markdown, "md_to_html", remembered)
    marked = 0
    for batch in range(20):
        lock = make(TITLE, list(bank.load().values()), seed=f"{style} {batch}", forms=10)
        marked += mark_all(lock, style, tmp_path, ("en", "de"))
    print(f"{style}: {marked} answers")
    assert marked > 200 * 2 * len(bank.load())


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("locale", ["en", "de"])
def test_several_right_options_and_a_cloze_with_words(style, locale, tmp_path):
    lock = lock_of(own(tmp_path, MULTIPLE, CLOZE))
    made, _, found = read_back(lock, "A", locale, style, tmp_path)
    marked = [check(entry, tasks, found, style) for entry, tasks in made]
    assert marked == [2 + 2**5, 5]
    if style == "canvas":
        assert found["02.1 mlp.words"].grade("Backprop")[0] == 0.5
    else:
        assert found["02 mlp.words"].grade(["BACK PROPAGATION", ""])[0] == 0.5
        assert found["02 mlp.words"].grade(["", "6"])[1][-1].endswith("} ~ #")


def test_a_wrong_cross_takes_points_within_the_question_only(tmp_path):
    lock = lock_of(own(tmp_path, MULTIPLE))
    for style in STYLES:
        made, _, found = read_back(lock, "A", "en", style, tmp_path)
        right = [field["answer"] for field in made[0][0].variant["fields"]]
        grade = found["01 mlp.several"].grade
        good, bad = ([i for i, on in enumerate(right) if on is side] for side in (True, False))
        assert grade(set(good))[0] == pytest.approx(3)
        assert grade({*good, bad[0]})[0] == pytest.approx(2, abs=1e-3)
        assert grade(set(bad))[0] == 0


def test_only_fractions_that_moodle_knows():
    assert [moodle.fraction(1 / n) for n in range(1, 11)] == ["100", "50", "33.33333", "25", "20", "16.66667",
        "14.28571", "12.5", "11.11111", "10"]  # fmt: skip
    assert moodle.fraction(-1 / 3) == "-33.33333" and moodle.fraction(-0.0) == "0"
    with pytest.raises(ExamError, match="Moodle knows no fraction of 9.09091 percent"):
        moodle.fraction(1 / 11)


def test_the_german_decimal_comma_survives(tmp_path):
    lock = lock_of(["neuron.softmax", "neuron.read_line"])
    for style in STYLES:
        made, files, found = read_back(lock, "A", "de", style, tmp_path)
        answers = {e.number: e.truth() for e, _ in made}
        name = f"02 {made[1][0].record['id']}"
        text = f"{answers[2]['value']:.1f}".replace(".", ",")
        assert "," in text and found[name].grade(text)[0] == 3
        assert found[name].grade("")[0] == 0
        if style == "qti21":
            assert re.search(r"\d,\d", found["01 neuron.softmax"].words + found[name].words)
        else:
            assert re.search(r"\d\{,\}\d|\d,\d", next(iter(files.values())).decode())
    _, files, _ = read_back(lock, "A", "en", "moodle", tmp_path)
    assert not re.search(r"\\\([^)]*\{,\}", files["moodle_A_en.xml"].decode())
    assert typed("1,5") == typed("1.5") == 1.5 and typed("1,234.5") == 1234.5 and typed("a") is None


def test_files_are_the_same_when_written_again(tmp_path):
    lock = lock_of()
    for style in STYLES:
        made = report.plan(lock, "A", "de", style)
        first = report.write(lock, "A", "de", style, made)
        assert first == report.write(lock, "A", "de", style, made)


MUTANTS = {
    "truth": ("=-?[0-9.]+:", "=12345.5:", "gives"),
    "tolerance": (r"(NUMERICAL:=[0-9.-]+:)[0-9.]+", r"\g<1>99", "gives"),
    "feedback": (r"#[^~}]*", "", "says nothing to the mistake"),
    "weight": (r"\{1:NUMERICAL", "{7:NUMERICAL", "gives"),
    "points": ("<defaultgrade>4<", "<defaultgrade>5<", "sum of the points gives"),
    "right option": ('<answer fraction="100" format', '<answer fraction="50" format', "gives"),
    "fraction": ('<answer fraction="0" format', '<answer fraction="31" format', "Moodle knows no fraction of 31"),
    "picture": ("q11.svg\" path", "q12.svg\" path", "its picture is not inside the file"),
    "formula": (r"\\\)", "", "a formula does not stand in"),
    "name": ("03 cnn.conv_valid", "03 conv", "is not in the moodle file"),
    "order": ('fraction="2"', 'fraction="9"', "gives"),
    "outside": ('src="@@PLUGINFILE@@/', 'src="pictures/', "points outside"),
    "notes": ("<graderinfo.*?</graderinfo>", "", "no notes"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_spoiled_file_is_noticed(name, tmp_path):
    lock = lock_of()
    made, files, _ = read_back(lock, "A", "de", "moodle", tmp_path)
    pattern, other, message = MUTANTS[name]
    text = files["moodle_A_de.xml"].decode()
    spoiled = re.sub(pattern, other, text, count=1 if name in ("weight", "name", "order", "points") else 0, flags=re.S)
    assert spoiled != text
    with pytest.raises(ExamError, match=re.escape(message)):
        found = report.read({"a.xml": spoiled.encode()}, "moodle")
        for entry, tasks in made:
            check(entry, tasks, found, "moodle")


def zipped(data, name, pattern, other):
    """A zip with one of its files changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            text = old.read(one).decode()
            changed = re.sub(pattern, other, text, count=1) if one == name else text
            assert one != name or changed != text
            new.writestr(one, changed)
    return out.getvalue()


@pytest.mark.parametrize("name, pattern, other, message", [
    ("items/q03.xml", "<baseValue baseType='float'>-?[0-9.]+<", "<baseValue baseType='float'>9e9<", "gives"),
    ("items/q05.xml", ">2.5<", ">1.5<", "gives"), ("items/q05.xml", "mappedValue='1'", "mappedValue='0'", "gives"),
    ("items/q07.xml", "index n='1'", "index n='4'", "gives"),
    ("items/q06.xml", "lowerBound='0'", "lowerBound='1'", "gives"),
    ("items/q02.xml", "RESPONSE_1' expected", "RESPONSE_9' expected", "its responses are not those it declares"),
    ("items/q11.xml", "images/q11", "images/q12", "its picture is not in the package"),
    ("items/q04.xml", "<(responseProcessing>.*</responseProcessing)>", "", "gives"),
    ("items/q09.xml", "<div>", "<div><script/>", "has no script"),
    ("imsmanifest.xml", "items/q04.xml'/>", "items/q99.xml'/>", "does not list exactly the files"),
])  # fmt: skip
def test_a_spoiled_package_is_noticed(name, pattern, other, message, tmp_path):
    made, files, _ = read_back(lock_of(), "A", "de", "qti21", tmp_path)
    with pytest.raises(ExamError, match=message):
        found = report.read({"a.zip": zipped(files["qti21_A_de.zip"], name, pattern, other)}, "qti21")
        for entry, tasks in made:
            check(entry, tasks, found, "qti21")


@pytest.mark.parametrize("pattern, other, message", [
    (r"\n= \S+", "\n= 77", "gives"), (r"\n\*a\)(.*?)\nb\)", r"\na)\1\n*b)", "gives"),
    ("Points: 1\n", "Points: 1.5\n", "sum of the points"),
    ("Points: 3\n", "Points: 3.3\n", "text2qti says: .*half-integer"),
    ("_images/q11", "_images/q12", "text2qti says: .*does not exist"), (r"\n____", "\n^^^^\n____", "text2qti says"),
])  # fmt: skip
def test_a_spoiled_text_for_canvas_is_noticed(pattern, other, message, tmp_path):
    made, files, _ = read_back(lock_of(), "A", "de", "canvas", tmp_path)
    text = files["canvas_A_de.txt"].decode()
    spoiled = re.sub(pattern, other, text, count=1, flags=re.S)
    assert spoiled != text
    with pytest.raises(ExamError, match=message):
        found = report.read({"a.txt": spoiled.encode()}, "canvas", tmp_path)
        for entry, tasks in made:
            check(entry, tasks, found, "canvas")


def test_what_a_format_cannot_carry_is_open_and_in_the_report(tmp_path):
    _, lines = report.export(lock_of(), tmp_path / "out", STYLES)
    text = "\n".join(lines)
    assert "neuron.forward: open question, because moodle cannot carry errors that carry forward" in text
    assert text.count("gan.sketch_training: open question") == 3 and text.count("cannot carry code that must run") == 3
    assert "canvas cannot carry the kind kprim" in text and "canvas cannot carry the kind ordering" in text
    assert "qti21 cannot carry the kind" not in text and "neuron.softmax: open" not in text
    assert text.count("validated against") == 3 and "tested in" not in text
    _, _, found = read_back(lock_of(), "A", "en", "moodle", tmp_path)
    assert found["09 gan.sketch_training"].kind == "file" and found["01 neuron.forward"].kind == "open"


def test_points_that_canvas_cannot_count_stay_together():
    lock = lock_of(["cnn.shape_table", "neuron.softmax"])
    lock["questions"]["neuron.softmax"]["points"] = 2
    for field in lock["forms"][0]["items"][1]["fields"]:
        field["points"] = 2 / 3
    (_, tasks) = report.plan(lock, "A", "en", "canvas")[1]
    assert [task.kind for task in tasks] == ["open"] and tasks[0].why == "points that do not divide"


@pytest.mark.parametrize("value, margin, right, wrong", [(0, 0, "0,0", "1"), (0.05, 0.05, "0,02", "0,2"),
    (-3, 0, "-3", "3"), (1.25, 0.005, "1,25", "1,3"), (10000, 0, "10000", "1000")])  # fmt: skip
def test_text2qti_takes_every_number(value, margin, right, wrong, tmp_path):
    from course_utils.exam.exports import reader_qti

    field = {"answer": value, "tolerance": margin}
    lines = ["Quiz title: T", "Title: n", "Points: 1", "1. How much?", *canvas._number(field)]
    grade = reader_qti.canvas("\n".join(lines), tmp_path)["n"].grade
    assert grade(right)[0] == 1 and grade(wrong)[0] == 0 and grade("")[0] == 0


def bad_kind(lock):
    lock["questions"]["rnn.tasks"]["kind"] = "riddle"


def no_picture(lock):
    lock["forms"][0]["items"][10]["figure"] = None


@pytest.mark.parametrize("spoil, message", [(bad_kind, "question rnn.tasks is of the unknown kind 'riddle'"),
    (no_picture, "the picture of question neuron.read_line is missing in the lock")])  # fmt: skip
@pytest.mark.parametrize("style", STYLES)
def test_bad_input_is_one_sentence_and_leaves_nothing(spoil, message, style, tmp_path):
    lock = lock_of()
    spoil(lock)
    with pytest.raises(ExamError, match=message):
        report.export(lock, tmp_path / "out", ["qti21", style])
    assert list(tmp_path.iterdir()) == []


def test_the_command(tmp_path, capsys):
    folder = tmp_path / "a folder (with brackets)"
    folder.mkdir()
    lock = folder / "exam.lock.json"
    lock.write_text(dump(lock_of()), encoding="utf-8")
    run = command(cli)
    assert run("export", str(lock)) == 2 and "no format is named" in capsys.readouterr().err
    assert run("export", str(lock), "--moodle", "--qti21", "--canvas") == 0
    assert "validated against text2qti" in capsys.readouterr().out
    names = {path.name for path in (folder / "exam-export").iterdir()}
    assert names == {"moodle_A_de.xml", "qti21_A_de.zip", "canvas_A_de.txt", "canvas_A_de_images"}
    assert run("export", str(lock), "--moodle") == 2 and "the output folder exists" in capsys.readouterr().err


def command(module):
    import argparse

    def run(*words):
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        return module.main(parser.parse_args(words))

    return run


def test_a_lock_from_another_version(tmp_path, capsys):
    from course_utils.exam.lock import checksum

    lock = lock_of()
    lock["questions"]["rnn.tasks"] |= {"version": 0, "digest": "old"}
    lock["checksum"] = checksum(lock)
    path = tmp_path / "exam.lock.json"
    path.write_text(json.dumps(lock), encoding="utf-8")
    assert command(cli)("export", str(path), "--moodle") == 2
    message = capsys.readouterr().err
    assert "rnn.tasks is version 1 in the bank, but version 0 in the lock" in message and message.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["exam.lock.json"]
    assert command(cli)("export", str(path), "--moodle", "--stored") == 0


def test_a_schema_at_hand_is_used(tmp_path):
    def schema(element):
        path = tmp_path / f"{element}.xsd"
        body = f'<element name="{element}" type="anyType"/><element name="assessmentTest" type="anyType"/>'
        path.write_text('<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.imsglobal.org/'
                        f'xsd/imsqti_v2p1">{body}</schema>')  # fmt: skip
        return path

    _, lines = report.export(lock_of(), tmp_path / "good", ["qti21"], schema=schema("assessmentItem"))
    assert "validated against the schema" in "\n".join(lines)
    with pytest.raises(ExamError, match="q01.xml does not follow"):
        report.export(lock_of(), tmp_path / "bad", ["qti21"], schema=schema("other"))
    with pytest.raises(ExamError, match="there is no such schema file"):
        report.export(lock_of(), tmp_path / "none", ["qti21"], schema=tmp_path / "no.xsd")
    (tmp_path / "text.xsd").write_text("no schema")
    with pytest.raises(ExamError, match="this is no XML schema"):
        report.export(lock_of(), tmp_path / "none", ["qti21"], schema=tmp_path / "text.xsd")
    assert not (tmp_path / "bad").exists() and not (tmp_path / "none").exists()


def test_no_solution_stands_in_what_a_student_of_moodle_sees(tmp_path):
    lock = lock_of()
    _, _, found = read_back(lock, "A", "de", "moodle", tmp_path)
    for entry in entries(lock, "A", "de"):
        passage = max(re.split(r"\$[^$]*\$|`[^`]*`", entry.section("solution")), key=len).strip()
        for one in found.values():
            assert len(passage) < 15 or passage not in one.words
