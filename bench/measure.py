# SPDX-License-Identifier: MIT
"""Running one cell of a table, and collecting cells over interleaved rounds."""
import json
import os
import statistics
import subprocess
import tempfile
import time

LAST_CPU = str(max(os.sched_getaffinity(0)))
TWO_CPUS = ",".join(str(cpu) for cpu in sorted(os.sched_getaffinity(0))[-2:])

# A cell that takes longer than this is measured in the first round only, unless every round is asked for.
SLOW_SECONDS = 3.0


class Outcome:
    """What one run of a command came to."""

    def __init__(self, usage, stdout, stderr):
        self.status = usage["status"]
        self.timed_out = usage["timed_out"]
        self.wall = usage["wall"]
        self.cpu = usage["cpu"]
        self.rss = usage["rss"]
        self.end = usage["end"]
        self.stdout = stdout
        self.stderr = stderr


class Runner:
    def __init__(self, launch, scratch, timeout):
        self.launch = launch
        self.scratch = scratch
        self.timeout = timeout

    def run(self, argv, env=None, cwd=None, cpus=LAST_CPU, stdin=None, timeout=None):
        environment = {**os.environ, "LC_ALL": "C", "NO_COLOR": "1", **(env or {})}
        environment.pop("DEBUGINFOD_URLS", None)
        result = os.path.join(self.scratch, "usage")
        # LD_PRELOAD is for the program and must not get into the launcher.
        preload = environment.pop("LD_PRELOAD", None)
        if preload:
            argv = ["/usr/bin/env", "LD_PRELOAD=" + preload] + argv
        with tempfile.TemporaryFile(dir=self.scratch) as out, tempfile.TemporaryFile(dir=self.scratch) as err:
            with open(stdin or os.devnull, "rb") as source:
                done = subprocess.run(
                    [self.launch, str(timeout or self.timeout), cpus, result] + argv,
                    env=environment, cwd=cwd or self.scratch, stdin=source, stdout=out, stderr=err, check=False)
            if done.returncode != 0:
                raise RuntimeError("launch failed: " + " ".join(argv))
            out.seek(0)
            err.seek(0)
            with open(result, encoding="ascii") as file:
                return Outcome(json.load(file), out.read(), err.read()[-20000:])


class Failure(Exception):
    """A cell without a figure; the text is what the table shows."""


def require(outcome, runner, timeout=None):
    """Raises Failure unless the run ended well."""
    if outcome.timed_out:
        raise Failure(f">{timeout or runner.timeout} s")
    if outcome.status != 0:
        last = outcome.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Failure(f"fails ({outcome.status}{': ' + last[0][:100] if last else ''})")


class Grid:
    """Cells of a family: rows are cases, columns are variants, each metric has one value a round."""

    def __init__(self, name, title, columns):
        self.name = name
        self.title = title
        self.columns = columns
        self.rows = []
        self.cells = {}
        self.rounds = 0
        self.notes = []
        self.sizes = {}  # of rows, for the fit of growth

    def row(self, name):
        if name not in self.rows:
            self.rows.append(name)
        return self.cells.setdefault(name, {})

    def add(self, row, column, round_number, metrics):
        cell = self.row(row).setdefault(column, {"state": "ok", "metrics": {}})
        for name, value in metrics.items():
            cell["metrics"].setdefault(name, {})[round_number] = value

    def fail(self, row, column, text):
        self.row(row)[column] = {"state": text, "metrics": {}}

    def values(self, row, column, metric):
        cell = self.cells.get(row, {}).get(column)
        return cell["metrics"].get(metric, {}) if cell else {}

    def median(self, row, column, metric):
        values = list(self.values(row, column, metric).values())
        return statistics.median(values) if values else None

    def spread(self, row, column, metric):
        """Half the distance from the smallest to the largest value, as a share of the median."""
        values = list(self.values(row, column, metric).values())
        middle = statistics.median(values) if values else 0
        return (max(values) - min(values)) / 2 / middle if middle else 0.0

    def ratio(self, row, column, base, metric):
        """Median over the rounds of the quotient within a round; None if there is none."""
        ours, theirs = self.values(row, column, metric), self.values(row, base, metric)
        both = [ours[r] / theirs[r] for r in ours if r in theirs and theirs[r] > 0]
        if not both and ours and theirs:  # measured in different rounds because one is slow
            base_value = self.median(row, base, metric)
            both = [self.median(row, column, metric) / base_value] if base_value else []
        return statistics.median(both) if both else None

    def state(self, row, column):
        cell = self.cells.get(row, {}).get(column)
        return cell["state"] if cell else "-"

    @classmethod
    def from_json(cls, name, saved):
        grid = cls(name, saved["title"], saved["columns"])
        grid.rows, grid.rounds, grid.notes = saved["rows"], saved["rounds"], saved["notes"]
        for columns in saved["cells"].values():
            for cell in columns.values():
                cell["metrics"] = {metric: {int(number): value for number, value in values.items()}
                                   for metric, values in cell["metrics"].items()}
        grid.cells = saved["cells"]
        grid.sizes = saved.get("sizes", {})
        return grid

    def as_json(self):
        return {"title": self.title, "columns": self.columns, "rows": self.rows, "rounds": self.rounds,
                "sizes": self.sizes, "notes": self.notes, "cells": self.cells}


def rounds(grid, cells, count, budget, every_round=False, progress=None):
    """Measures all cells, one after the other, `count` times or as often as `budget` seconds allow.

    A cell is (row, column, function); the function returns its metrics or raises Failure. What failed is not tried
    again. Every other round goes through the cells backwards, so that none is always the one behind a heavy one.
    """
    begin = time.monotonic()
    slow = set()
    last = 0.0
    for number in range(count):
        if number > 0 and time.monotonic() - begin + last > budget:
            grid.notes.append(f"{number} of {count} rounds fitted into the time")
            break
        last = 0.0  # what another round would take
        for row, column, function in cells if number % 2 == 0 else list(reversed(cells)):
            if (row, column) in slow or (number > 0 and grid.state(row, column) not in ("ok", "-")):
                continue
            if progress:
                progress(f"{grid.name}: round {number + 1}, {row}, {column}")
            start_cell = time.monotonic()
            try:
                grid.add(row, column, number, function())
            except Failure as failure:
                grid.fail(row, column, str(failure))
            if time.monotonic() - start_cell > SLOW_SECONDS and not every_round:
                slow.add((row, column))
            elif grid.state(row, column) == "ok":
                last += time.monotonic() - start_cell
        grid.rounds = number + 1
    return grid
