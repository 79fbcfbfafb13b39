"""Measure the lessons on a kernel and hold the numbers against the limits of the design."""

import json
import os
import platform
import re
import runpy
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course_utils.publish import build, editions, kernels
from course_utils.publish.editions import ROOT
from course_utils.publish.environment import CourseError

LIMITS = {
    "seconds": 60, "slowest_cell_seconds": 20, "peak_memory_mb": 900, "first_picture_seconds": 8, "stderr_lines": 0,
}
ALL_LESSONS_SECONDS = 360
COLUMNS = {  # field of a row -> heading of its column
    "seconds": "s", "slowest_cell_seconds": "slowest cell s", "peak_memory_mb": "peak MB",
    "peak_memory_before_keras_mb": "before Keras MB", "first_picture_seconds": "first picture s",
    "stderr_lines": "stderr",
}


def add_arguments(parser):
    """Add the options of `python -m course_utils bench`."""
    parser.add_argument("--lesson", action="append", metavar="LESSON", help="measure this lesson only, as 01")
    parser.add_argument("--kernel", default="course-cpu", metavar="NAME", help="kernel (default course-cpu)")
    parser.add_argument("--json", metavar="FILE", help="also write the numbers to this file")


def main(arguments):
    """Measure, print the table and write the file; returns 1 when a limit is broken or a claim does not hold."""
    if arguments.kernel in kernels.NAMES:
        kernels.install_missing()
    elif arguments.kernel not in KernelSpecManager().find_kernel_specs():
        raise CourseError(f"There is no kernel {arguments.kernel!r}; choose {' or '.join(kernels.NAMES)}.")
    binding = arguments.kernel != "course-gpu" and os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow"
    rows, broken = [], []
    for path in editions.lesson_sources(arguments.lesson):
        print(f"{path.stem}: running … ", end="", flush=True)
        row, after_keras, error = measure(path.stem, arguments.kernel)
        rows.append(row)
        over = limits_broken(row, after_keras) if binding else []
        over += [f"claim {one['name']}: {one['value']} does not hold" for one in row["claims"] if not one["holds"]]
        over += [error] if error else []
        print(f"{row['seconds']:.1f} s")
        broken += [f"{path.stem}: {words}" for words in over]
    total = sum(row["seconds"] for row in rows)
    if binding and total > ALL_LESSONS_SECONDS:
        broken.append(f"all lessons: {total:.0f} s, limit {ALL_LESSONS_SECONDS}")
    others = benchmarks() if not arguments.lesson else []
    over = [one for one in others if not one["holds"]]
    broken += [f"{one['name']}: {one['value']} {one['unit']}, limit {one['limit']}" for one in over]
    limits = lesson_limits(rows[0]["lesson"], after_keras) if len(rows) == 1 else LIMITS
    print(table(rows, others, limits, binding))
    for words in broken:
        print(f"OVER  {words}")
    if arguments.json:
        report = {"machine": machine(arguments.kernel), "lessons": rows, **({"benchmarks": others} if others else {})}
        Path(arguments.json).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if broken else 0


def measure(lesson, kernel, root=ROOT):
    """Run a solutions edition on a cold kernel; returns (row, the first picture came after Keras, error or None).

    Seconds count from asking for the kernel to the last cell's end; memory is that of the kernel and its children.
    """
    notebook = nbformat.read(root / "notebooks" / "solutions" / f"{lesson}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder, "journal.jsonl")
        environment = build.kernel_environment(COURSE_JOURNAL=str(journal))
        client = _Stopwatch(notebook, timeout=build.CELL_SECONDS, kernel_name=kernel, extra_arguments=build.KERNEL)
        error = client.run(environment, folder)
        entries = [json.loads(line) for line in journal.read_text("utf-8").splitlines()] if journal.exists() else []
    claims = [{key: entry[key] for key in ("name", "value", "at_least", "at_most", "equals", "holds") if key in entry}
              for entry in entries if entry["kind"] == "claim"]
    streams = [output.text for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
               if output.output_type == "stream" and output.name == "stderr"]
    before = client.peak_before_keras
    row = {
        "lesson": lesson,
        "seconds": round(client.seconds, 2),
        "slowest_cell_seconds": round(client.slowest, 2),
        "peak_memory_mb": round(client.peak / 1e6, 1),
        "peak_memory_before_keras_mb": round((client.peak if before is None else before) / 1e6, 1),
        "first_picture_seconds": None if client.first_picture is None else round(client.first_picture, 2),
        "stderr_lines": sum(len(text.splitlines()) for text in streams),
        "claims": claims,
    }
    return row, client.picture_after_keras, error


def limits_broken(row, picture_after_keras):
    """The limits of the design that a lesson's row breaks, each in words."""
    over = []
    for field, limit in lesson_limits(row["lesson"], picture_after_keras).items():
        value = row[field]
        if value is None:
            over.append(f"{COLUMNS[field]}: the lesson showed no picture")
        elif value > limit:
            over.append(f"{COLUMNS[field]}: {value}, limit {limit}")
    return over


def lesson_limits(lesson, picture_after_keras):
    """{field: limit} for a lesson such as "01_neuron"."""
    limits = dict(LIMITS)
    if lesson.startswith("01"):
        limits |= {"seconds": 20, "peak_memory_mb": 250}
    if lesson.startswith(("02", "03")):
        limits["peak_memory_before_keras_mb"] = 250
    if not picture_after_keras:
        limits["first_picture_seconds"] = 2
    return limits


def benchmarks(folder=ROOT / "tests" / "benchmarks"):
    """Rows of the benchmarks that are no lesson: each file bench_*.py there has a function rows().

    It returns a list of dicts with name, value, limit, unit and holds (True where the value keeps the limit).
    """
    rows = []
    for path in sorted(Path(folder).glob("bench_*.py")):
        print(f"{path.stem}: running … ", end="", flush=True)
        start = time.perf_counter()
        found = runpy.run_path(str(path))["rows"]()
        if not found:
            raise CourseError(f"{path.name}: rows() returned nothing; return at least one row.")
        rows += [{key: row[key] for key in ("name", "value", "limit", "unit", "holds")} for row in found]
        print(f"{time.perf_counter() - start:.1f} s")
    return rows


def table(rows, others, limits, binding):
    """The measured numbers as lines of text, with the limits in the last one."""
    heads = ["lesson", *COLUMNS.values(), "claims"]
    lines = [[row["lesson"], *("-" if row[field] is None else f"{row[field]:g}" for field in COLUMNS),
              f"{sum(claim['holds'] for claim in row['claims'])}/{len(row['claims'])}"] for row in rows]
    lines.append(["limit" if binding else "(limit)", *(str(limits.get(field, "-")) for field in COLUMNS), "all"])
    widths = [max(len(line[i]) for line in [heads, *lines]) for i in range(len(heads))]
    text = ["  ".join(word.rjust(width) if i else word.ljust(width)
                      for i, (word, width) in enumerate(zip(line, widths, strict=True))) for line in [heads, *lines]]
    return "\n".join([*text, *map(benchmark_line, others)])


def benchmark_line(row):
    """A benchmark's row in words; a row without a limit is there for comparison, one without a value only says so."""
    value = "" if row["value"] is None else f": {row['value']:g} {row['unit']}".rstrip()
    return f"{row['name']}{value}" + ("" if row["limit"] is None else f" (limit {row['limit']:g})")


def machine(kernel):
    """What the numbers were measured on."""
    return {
        "system": f"{platform.system()} {platform.machine()}", "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1), "python": platform.python_version(),
        "kernel": kernel, "keras_backend": os.environ.get("KERAS_BACKEND", "tensorflow"),
    }


class _Stopwatch(NotebookClient):
    """A notebook client that times its cells, watches for the first picture and samples the kernel's memory."""

    def run(self, environment, folder):
        """Execute the notebook; returns the error in words, or None."""
        self.begin = time.perf_counter()
        self.first_picture = self.peak_before_keras = None
        self.peak, self.slowest, self.keras_seen, self.picture_after_keras = 0, 0.0, False, False
        stop = threading.Event()
        try:
            with self.setup_kernel(env=environment, cwd=folder):
                sampler = threading.Thread(target=self._sample, args=(self.km.provisioner.pid, stop), daemon=True)
                sampler.start()
                try:
                    for index, cell in enumerate(self.nb.cells):
                        self._one(index, cell)
                except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                    return f"cell {self.nb.cells[index].id}: {build.short_error(error)}"
                finally:
                    self.seconds = time.perf_counter() - self.begin
                    stop.set()
                    sampler.join()
        finally:
            stop.set()
        return None

    def _one(self, index, cell):
        if cell.cell_type != "code":
            return
        if not self.keras_seen and re.search(r"\bkeras", cell.source):
            self.keras_seen, self.peak_before_keras = True, self.peak
        start = time.perf_counter()
        try:
            self.execute_cell(cell, index)
        finally:
            self.slowest = max(self.slowest, time.perf_counter() - start)

    def process_message(self, msg, cell, cell_index):
        kinds = msg["content"].get("data") or {} if msg["msg_type"] in ("display_data", "execute_result") else {}
        if self.first_picture is None and ("image/png" in kinds or build.WIDGET in kinds):
            self.first_picture, self.picture_after_keras = time.perf_counter() - self.begin, self.keras_seen
        return super().process_message(msg, cell, cell_index)

    def _sample(self, pid, stop):
        """Keep the highest memory of the kernel's processes, ten times a second and once more at the end."""
        while True:
            last = stop.wait(0.1)
            try:
                kernel = psutil.Process(pid)
                # a forked child shares its parent's memory: count only what is its own
                children = sum(child.memory_full_info().uss for child in kernel.children(recursive=True))
                self.peak = max(self.peak, _memory(kernel) + children)
            except psutil.Error:
                pass
            if last:
                return


def _memory(process):
    """Bytes a process has held at most where the system remembers it (Linux), or else holds now."""
    if sys.platform == "linux":
        status = Path(f"/proc/{process.pid}/status")
        peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8") if status.exists() else "")
        if peak:
            return int(peak[1]) * 1024
    return process.memory_info().rss
