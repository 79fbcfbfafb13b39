"""The README tells the truth: its lessons, their minutes, its commands, its files."""
import re

import pytest
from conftest import ROOT, lesson_stems

from course_utils import cli
from course_utils.publish import editions

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_lists_exactly_the_lessons_there_are():
    assert re.findall(r"\]\(notebooks/(\d\d_\w+)\.ipynb\)", README) == [
        path.stem for path in editions.lesson_sources()]


@pytest.mark.parametrize("stem", lesson_stems())
def test_the_minutes_are_those_of_the_lesson(stem):
    row = next(line for line in README.splitlines() if f"notebooks/{stem}.ipynb" in line)
    title = editions.read(ROOT / "notebooks" / "src" / f"{stem}.py").cells[0].source
    for minutes in re.findall(r"(\d+) min", row):
        assert re.search(rf"\b{minutes}\b", title), f"{stem}: {minutes} minutes stand in the README, not in the lesson"


def test_every_command_in_it_exists():
    named = set(re.findall(r"python -m course_utils (\w+)", README))
    assert named and named <= set(cli.COMMANDS)


def test_every_file_it_links_is_there():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links and all((ROOT / link).exists() for link in links)


def test_the_blueprint_it_names_can_be_drawn(tmp_path):
    from course_utils import exam
    from course_utils.exam import blueprint

    bank = exam.load()
    plan = blueprint.read_blueprint(ROOT / "data" / "blueprints" / "ninety_minutes.yaml")
    lock = blueprint.draw(plan, bank, "2026", forms=2, disjoint=True)
    assert len(lock["forms"]) == 2
