"""`course.exam.question`: shows every kind, marks itself, reads well without a kernel."""

import pytest

import course_utils as course
from course_utils.exam import bank

QUESTIONS = bank.load()
ONE_OF_EACH = sorted({q.kind: q.id for q in QUESTIONS.values()}.values())


@pytest.mark.parametrize("name", ONE_OF_EACH)
@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_kind_is_shown_and_marks_the_truth(name, locale):
    practice = course.exam.question(name, seed=7, locale=locale)
    bundle = practice._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and "<details>" in bundle["text/html"]
    assert name in bundle["text/plain"] and "http" not in bundle["text/html"].replace("http://www.w3.org/2000/svg", "")
    for key, value in practice.truth.items():
        practice._inputs[key].value = str(value) if type(practice._inputs[key]).__name__ == "Text" else value
    practice.press()
    if practice._inputs:
        assert "✓" in practice._result.value and "✗" not in practice._result.value
    practice.widget().close()


def test_feedback_names_the_mistake():
    practice = course.exam.question("cnn.output_size", seed=7)
    wrong = practice.entry.variant["mistakes"]["no_one"]
    assert "the one at the end was forgotten" in practice.feedback({"value": wrong})
    assert practice.feedback({"value": practice.truth["value"]}).endswith("2 of 2 points")
    assert "not answered yet" in practice.feedback({})


def test_seed_and_locale_are_checked():
    with pytest.raises(ValueError, match="locale is 'fr'"):
        course.exam.question("cnn.conv_valid", locale="fr")
    with pytest.raises(ValueError, match="seed is 1.5"):
        course.exam.question("cnn.conv_valid", seed=1.5)
    with pytest.raises(ValueError, match="there is no such question: choose in topic cnn"):
        course.exam.question("cnn.nothing")
    with pytest.raises(ValueError, match="choose one of the topics"):
        course.exam.question("cooking.nothing")


def test_the_same_seed_is_the_same_question():
    def shown(seed):
        return course.exam.question("mlp.forward", seed)._html(live=False)

    assert shown(7) == shown(7) != shown(8)


def test_importing_the_exam_room_loads_no_keras():
    import subprocess
    import sys

    code = "import sys, course_utils.exam as e; e.question('cnn.conv_valid'); "
    code += "sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
