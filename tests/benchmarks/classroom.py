"""A class on one machine: `python -m course_utils hub simulate` walks students through a lesson on real kernels.

Each student starts a kernel of their own within the first seconds of the class, runs the learners' edition cell by cell
and thinks between two cells, for a random time around `think` seconds. A class size holds as long as no kernel fails,
no cell makes anybody wait longer than the design allows for one cell, and memory does not run out. This is no
`bench_*.py`: with forty students it takes minutes.
"""

import asyncio
import json
import tempfile
import time
from copy import deepcopy
from pathlib import Path

import nbformat
import numpy as np
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course_utils.publish import bench, build, editions, hub, trial
from course_utils.publish.environment import CourseError

SIZES = {"01": [1, 10, 20, 40], "04": [1, 5, 10]}  # what the issue asks for; other lessons go as 04
ARRIVE = 10.0  # seconds within which the class opens the lesson
SLOWEST = bench.LIMITS["slowest_cell_seconds"]  # a cell's wait above which a class size no longer holds
MEMORY_LEFT = 0.05  # share of the machine's memory that must stay free
COLUMNS = ("students", "MB each", "MB in all", "MB free", "kernel s", "median s", "95 % s", "slowest s", "waited s",
           "lesson s", "failed")  # fmt: skip


def main(arguments):
    """Simulate each lesson with rising class sizes and print a line for each; returns 1 when a single student fails."""
    if min(arguments.students or [1]) < 1 or arguments.think < 0:
        came = f"--students is {arguments.students} and --think is {arguments.think}"
        raise CourseError(f"{came}, and class sizes from 1 and seconds from 0 are expected: give these.")
    rows = []
    for lesson in arguments.lesson or list(SIZES):
        (path,) = editions.lesson_sources([lesson])
        notebook = nbformat.read(path.parents[1] / f"{path.stem}.ipynb", as_version=4)
        print(f"{path.stem}: {machine()}, about {arguments.think:g} s of thinking between two cells")
        print("  ".join(column.rjust(9) for column in COLUMNS), flush=True)
        last = None
        for students in sorted(arguments.students or SIZES.get(path.stem[:2], SIZES["04"])):
            row, reason = asyncio.run(a_class(notebook, students, arguments.think))
            print("  ".join(f"{row[column]:g}".rjust(9) for column in COLUMNS), flush=True)
            rows.append({"lesson": path.stem, **row, "breaks": reason})
            if reason:
                print(f"It breaks with {students}: {reason}; {f'{last} students hold' if last else 'nobody holds'}.")
                break
            last = students
        else:
            print(f"{last} students hold.")
    if arguments.json:
        report = {"machine": bench.machine("python3"), "think": arguments.think, "rows": rows}
        Path(arguments.json).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(any(row["breaks"] and row["students"] == 1 for row in rows))


def machine():
    """What the class shares."""
    own = psutil.Process()
    cores = len(own.cpu_affinity()) if hasattr(own, "cpu_affinity") else psutil.cpu_count()
    return f"{cores} core{'s' * (cores > 1)}, {psutil.virtual_memory().total / 1e9:.0f} GB"


async def a_class(notebook, students, think):
    """Walk a class through a lesson; gives (its row of numbers, why this class size does not hold or None)."""
    desks = [Student(number, notebook, think) for number in range(students)]
    memory = Memory(desks)
    watching = asyncio.ensure_future(memory.watch())
    await asyncio.gather(*(desk.walk(students) for desk in desks))
    watching.cancel()
    waits = np.array([seconds for desk in desks for seconds in desk.waits] or [np.nan])
    failed = [desk.error for desk in desks if desk.error]
    row = {
        "students": students,
        "MB each": round(float(np.mean(list(memory.peaks.values()) or [0])) / 1e6),
        "MB in all": round(memory.together / 1e6),
        "MB free": round(memory.free / 1e6),
        "kernel s": round(max(desk.ready for desk in desks), 1),
        "median s": round(float(np.median(waits)), 2),
        "95 % s": round(float(np.quantile(waits, 0.95)), 2),
        "slowest s": round(float(waits.max()), 1),
        "waited s": round(float(np.mean([sum(desk.waits) + desk.ready for desk in desks])), 1),
        "lesson s": round(max(desk.seconds for desk in desks)),
        "failed": len(failed),
    }
    reason = None
    if failed:
        reason = f"{len(failed)} of {students} kernels failed ({failed[0]})"
    elif waits.max() > SLOWEST:
        reason = f"a cell took {waits.max():.0f} s, and {SLOWEST} s is the limit"
    elif memory.free < MEMORY_LEFT * psutil.virtual_memory().total:
        reason = f"only {memory.free / 1e9:.1f} GB of memory were left"
    return row, reason


class Student:
    """One student: a kernel, the seconds each cell made them wait, and what went wrong."""

    def __init__(self, number, notebook, think):
        self.draw = np.random.default_rng(number)
        self.notebook = deepcopy(notebook)
        self.think, self.waits, self.ready, self.seconds = think, [], 0.0, 0.0
        self.error = self.pid = None

    async def walk(self, students):
        """Arrive, start the kernel, run cell after cell."""
        await asyncio.sleep(self.draw.uniform(0, ARRIVE) if students > 1 else 0)
        with tempfile.TemporaryDirectory() as folder:
            client = NotebookClient(self.notebook, timeout=build.CELL_SECONDS, kernel_name="course-cpu",
                                    extra_arguments=build.KERNEL, startup_timeout=300)
            environment = build.kernel_environment(COURSE_JOURNAL="", **hub.THREADS)
            begun = time.perf_counter()
            try:
                async with client.async_setup_kernel(env=environment, cwd=folder):
                    self.ready, self.pid = time.perf_counter() - begun, client.km.provisioner.pid
                    for index, cell in enumerate(self.notebook.cells):
                        if cell.cell_type == "code":
                            start = time.perf_counter()
                            await client.async_execute_cell(cell, index)
                            self.waits.append(time.perf_counter() - start)
                            await asyncio.sleep(self.draw.exponential(self.think))
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                self.error = build.short_error(error)
            except (OSError, RuntimeError) as error:  # the machine gives no more processes, ports or files
                self.error = f"{type(error).__name__}: {error}"
            finally:
                self.seconds, self.pid = time.perf_counter() - begun, None


class Memory:
    """Once a second: what each kernel holds (PSS: what is shared is divided), and what the machine has left."""

    def __init__(self, desks):
        self.desks, self.peaks = desks, {}
        self.together, self.free = 0, psutil.virtual_memory().available

    async def watch(self):
        """Look until cancelled."""
        while True:
            await asyncio.sleep(1)
            pids = {number: desk.pid for number, desk in enumerate(self.desks) if desk.pid}
            held = await asyncio.to_thread(lambda pids=pids: {number: trial.pss(pid) for number, pid in pids.items()})
            for number, amount in held.items():
                self.peaks[number] = max(self.peaks.get(number, 0), amount)
            self.together = max(self.together, sum(held.values()))
            self.free = min(self.free, psutil.virtual_memory().available)
