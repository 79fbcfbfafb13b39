"""The benchmark: what it measures, which limits apply, and the file it writes."""

import argparse
import json
import shutil
from pathlib import Path

import pytest

from course_utils.publish import bench
from course_utils.publish.environment import CourseError

ROW = {"lesson": "02_mlp", "seconds": 30.0, "slowest_cell_seconds": 9.0, "peak_memory_mb": 700.0,
       "peak_memory_before_keras_mb": 200.0, "first_picture_seconds": 1.5, "stderr_lines": 0,
       "claims": [{"name": "accuracy", "value": 0.98, "at_least": 0.97, "holds": True}]}


def over(picture_after_keras=False, **fields):
    return bench.limits_broken({**ROW, **fields}, picture_after_keras)


def test_a_good_row_breaks_no_limit():
    assert over() == []


@pytest.mark.parametrize("fields, words", [
    ({"seconds": 60.1}, "s: 60.1, limit 60"),
    ({"slowest_cell_seconds": 20.5}, "slowest cell s: 20.5, limit 20"),
    ({"peak_memory_mb": 900.5}, "peak MB: 900.5, limit 900"),
    ({"peak_memory_before_keras_mb": 251}, "before Keras MB: 251, limit 250"),
    ({"first_picture_seconds": 2.1}, "first picture s: 2.1, limit 2"),
    ({"first_picture_seconds": 8.1, "picture_after_keras": True}, "first picture s: 8.1, limit 8"),
    ({"first_picture_seconds": None}, "no picture"),
    ({"stderr_lines": 1}, "stderr: 1, limit 0"),
    ({"lesson": "01_neuron", "seconds": 20.5}, "s: 20.5, limit 20"),
    ({"lesson": "01_neuron", "peak_memory_mb": 251, "seconds": 9}, "peak MB: 251, limit 250"),
])
def test_each_limit_is_held(fields, words):
    (line,) = [line for line in over(**fields) if words in line]
    assert line


def test_limits_that_are_not_this_lessons_do_not_count():
    assert over(lesson="04_cnn", peak_memory_before_keras_mb=600) == []
    assert over(picture_after_keras=True, first_picture_seconds=7.0) == []


@pytest.mark.slow
def test_a_lesson_is_measured(sample_course):
    row, after_keras, error = bench.measure("90_sample", "python3", sample_course)
    assert list(row) == list(ROW)
    assert error is None and after_keras is False
    assert 0 < row["slowest_cell_seconds"] < row["seconds"] < 120
    assert 0 < row["first_picture_seconds"] < row["seconds"]
    assert 40 < row["peak_memory_mb"] < 600 and row["peak_memory_before_keras_mb"] == row["peak_memory_mb"]
    assert row["stderr_lines"] == 0
    assert row["claims"] == [{"name": "step of one", "value": 1.0, "equals": 1.0, "holds": True}]


@pytest.mark.slow
def test_what_goes_wrong_in_a_lesson_is_measured_too(sample_course, tmp_path):
    root = Path(shutil.copytree(sample_course, tmp_path / "course"))
    edition = root / "notebooks" / "solutions" / "90_sample.ipynb"
    text = edition.read_text(encoding="utf-8")
    more = ["name = 'keras'", "block = b'1' * 200_000_000", "import sys",
            "print('two', 'lines', sep='\\\\n', file=sys.stderr)"]
    text = text.replace("import numpy as np\\n", "\\n".join(["import numpy as np", *more, ""]))
    edition.write_text(text.replace("equals=1.0", "equals=3.0"), encoding="utf-8")
    row, after_keras, error = bench.measure("90_sample", "python3", root)
    assert row["stderr_lines"] == 2 and after_keras is True
    assert row["peak_memory_mb"] > row["peak_memory_before_keras_mb"] + 200
    assert row["claims"][0]["holds"] is False and error.startswith("cell claim: ClaimError")


def run(monkeypatch, tmp_path, row=ROW, others=(), error=None, kernel="python3"):
    monkeypatch.setattr(bench.editions, "lesson_sources", lambda _: [Path("02_mlp.py")])
    monkeypatch.setattr(bench, "measure", lambda *_: (row, False, error))
    monkeypatch.setattr(bench, "benchmarks", lambda: list(others))
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    status = bench.main(parser.parse_args(["--kernel", kernel, "--json", str(tmp_path / "bench.json")]))
    return status, json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))


def test_the_file_has_the_agreed_shape(monkeypatch, tmp_path, capsys):
    status, report = run(monkeypatch, tmp_path)
    assert status == 0 and list(report) == ["machine", "lessons"] and report["lessons"] == [ROW]
    table = capsys.readouterr().out.splitlines()
    assert table[-1].split() == ["limit", "60", "20", "900", "250", "2", "0", "all"]
    assert table[-2].split() == ["02_mlp", "30", "9", "700", "200", "1.5", "0", "1/1"]


def test_a_broken_limit_a_failed_claim_an_error_and_a_slow_benchmark_fail(monkeypatch, tmp_path, capsys):
    slow = {"name": "key to pixels", "value": 55.0, "limit": 40.0, "unit": "ms", "holds": False}
    false = {**ROW, "claims": [{**ROW["claims"][0], "holds": False}]}
    assert run(monkeypatch, tmp_path, row={**ROW, "seconds": 61.0})[0] == 1
    assert run(monkeypatch, tmp_path, row=false)[0] == 1
    assert run(monkeypatch, tmp_path, error="cell a: ValueError: no")[0] == 1
    capsys.readouterr()
    status, report = run(monkeypatch, tmp_path, others=[slow])
    assert status == 1 and report["benchmarks"] == [slow]
    assert "OVER  key to pixels: 55.0 ms, limit 40.0" in capsys.readouterr().out


def test_a_benchmark_without_limit_or_value_is_printed_too(monkeypatch, tmp_path, capsys):
    plain = {"name": "loops", "value": 8.25, "limit": None, "unit": "ms", "holds": True}
    absent = {"name": "cleverhans is not installed", "value": None, "limit": None, "unit": "", "holds": True}
    assert run(monkeypatch, tmp_path, others=[plain, absent])[0] == 0
    assert capsys.readouterr().out.splitlines()[-2:] == ["loops: 8.25 ms", "cleverhans is not installed"]


def test_on_another_backend_only_claims_count(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert run(monkeypatch, tmp_path, row={**ROW, "seconds": 61.0})[0] == 0
    assert run(monkeypatch, tmp_path, row={**ROW, "claims": [{**ROW["claims"][0], "holds": False}]})[0] == 1


def test_an_unknown_kernel_is_named(monkeypatch, tmp_path):
    with pytest.raises(CourseError, match="no kernel 'mine'; choose course-cpu or course-gpu"):
        run(monkeypatch, tmp_path, kernel="mine")


def test_other_benchmarks_are_run_and_must_return_rows(tmp_path):
    file = tmp_path / "bench_it.py"
    file.write_text("def rows():\n    return [dict(name='a', value=1, limit=2, unit='ms', holds=True, x=0)]\n", "utf-8")
    assert bench.benchmarks(tmp_path) == [{"name": "a", "value": 1, "limit": 2, "unit": "ms", "holds": True}]
    file.write_text("def rows():\n    return []\n", "utf-8")
    with pytest.raises(CourseError, match="bench_it.py: rows"):
        bench.benchmarks(tmp_path)
