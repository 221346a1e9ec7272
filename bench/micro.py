# SPDX-License-Identifier: MIT
"""Families `micro` (patterns of malloc and free) and `memory` (what a live block costs)."""
import json
import os

from measure import TWO_CPUS, LAST_CPU, Failure, Grid, require, rounds
from variants import of_family

PATTERNS = {
    "quick": ["immediate", "fifo", "random-1000", "two-threads", "realloc", "large-1048576-all"],
    "bench": ["immediate", "lifo", "fifo", "random-1000", "random-100000", "aged-immediate", "two-threads",
              "aged-two-threads", "handover", "realloc", "build-200000", "large-65536-edges", "large-65536-all",
              "large-1048576-edges", "large-1048576-all", "large-67108864-edges", "large-67108864-all"],
}
PATTERNS["full"] = PATTERNS["bench"][:5] + ["random-1000000"] + PATTERNS["bench"][5:]
SETTINGS = {  # rounds, milliseconds, seconds for all
    "quick": (1, 20, 25), "bench": (3, 120, 150), "full": (9, 400, 3600)}
THREADED = ("two-threads", "aged-two-threads", "handover")


def _figures(text):
    """The driver's line of JSON; what a peer prints before or after it is passed over."""
    for line in text.decode(errors="replace").splitlines():
        if line.startswith("{") and line.endswith("}"):
            try:
                return json.loads(line)
            except ValueError:
                pass
    raise Failure("fails (no result)")


def _cell(context, variant, driver, arguments, cpus):
    command = variant.prefix + [context.driver(driver, variant.build)] + arguments

    def measure():
        outcome = context.runner.run(command, env=variant.env, cpus=cpus)
        require(outcome, context.runner)
        return {**_figures(outcome.stdout), "peak": outcome.rss}
    return measure


def patterns(context):
    count, millis, budget = SETTINGS[context.mode]
    variants = of_family(context.variants, "micro")
    grid = Grid("micro", "malloc and free, ns an operation", [variant.name for variant in variants])
    cells = []
    for pattern in PATTERNS[context.mode]:
        cpus = TWO_CPUS if pattern in THREADED else LAST_CPU
        for variant in variants:
            if variant.patterns and pattern not in variant.patterns:
                continue
            run = _cell(context, variant, "alloc_patterns", [pattern, str(millis)], cpus)
            cells.append((pattern, variant.name, run))
    return rounds(grid, cells, count, budget, context.mode == "full", context.progress)


def memory(context):
    variants = of_family(context.variants, "memory")
    grid = Grid("memory", "memory of a live block of 64 bytes", [variant.name for variant in variants])
    counts = {"quick": [10000], "bench": [10000, 200000], "full": [10000, 200000, 2000000]}[context.mode]
    cells = []
    for count in counts:
        for variant in variants:
            run = _cell(context, variant, "block_memory", [str(count), "64"], LAST_CPU)
            cells.append((f"{count} blocks", variant.name, run))
    return rounds(grid, cells, 1, 60, True, context.progress)
