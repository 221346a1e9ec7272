# SPDX-License-Identifier: MIT
"""Family `leak`: the leak check at the end of a process, by number of blocks.

Its cost is the time (on the clock, and CPU) from the return of main to the end of the process, with the leak check less without it, in the same
round. Blocks were planted that nothing points to, and each checker must report nearly all of them (a word that happens to
look like a pointer may keep a few alive).
"""
import glob
import json
import os
import re
import subprocess

from measure import Failure, Grid, require, rounds
from variants import of_family

LOST = 1000
SIZES = {"quick": [10000, 40000], "bench": [10000, 100000, 1000000], "full": [10000, 100000, 1000000, 4000000]}
# Measured once, with what the library takes by default only; to make so many blocks takes longer than a cell may.
LARGEST, LARGEST_SECONDS = {"bench": 4000000}, 90
SETTINGS = {"quick": (1, 20), "bench": (3, 90), "full": (7, 3600)}


def _after_main(outcome):
    for line in outcome.stdout.decode(errors="replace").splitlines():
        if line.startswith('{"main_end"'):
            main = json.loads(line)
            return (outcome.end - main["main_end"]) / 1e9, outcome.cpu - main["main_cpu"] / 1e9
    raise Failure("fails (no result)")


def _traces(context):
    return glob.glob(os.path.join(context.scratch, "*.mmg"))


def _found_by_guard(context):
    report = subprocess.run([context.mmreport, "summary", "--json"] + _traces(context), capture_output=True, check=False)
    process = json.loads(report.stdout)["processes"][0]
    if process["leak_check"] != "done":
        raise Failure("fails (leak check not done)")
    return process["leaks"]["definite"]["blocks"]


def _found_by_peer(text):
    match = (re.search(r"leaked in (\d+) allocation", text) or
             re.search(r"definitely lost: [\d,]+ bytes in ([\d,]+) blocks", text))
    return int(match.group(1).replace(",", "")) if match else 0


def _cell(context, variant, blocks, timeout=None):
    program = [context.driver("leak_graph", variant.build), str(blocks), str(LOST)]
    guarded = "MMGUARD_OPTIONS" in variant.env

    def measure():
        for trace in _traces(context):
            os.unlink(trace)
        checked = context.runner.run(variant.prefix + program, env=variant.env, timeout=timeout)
        require(checked, context.runner, timeout)
        found = (_found_by_guard(context) if guarded else
                 _found_by_peer(checked.stderr.decode(errors="replace")) if variant.name != "glibc" else LOST)
        if not LOST * 0.9 <= found <= LOST:
            raise Failure(f"fails ({found} of {LOST} planted leaks found)")
        if variant.name == "glibc":
            return {"exit": _after_main(checked)[0], "rss": checked.rss}
        bare = context.runner.run((variant.unchecked_prefix or variant.prefix) + program,
                                  env=variant.unchecked_env or variant.env, timeout=timeout)
        require(bare, context.runner, timeout)
        wall, cpu = _after_main(checked)
        bare_wall, bare_cpu = _after_main(bare)
        return {"check": max(1e-6, wall - bare_wall), "check cpu": max(1e-6, cpu - bare_cpu), "exit": wall,
                "rss": checked.rss}
    return measure


def sweep(context):
    count, budget = SETTINGS[context.mode]
    variants = of_family(context.variants, "leak")
    grid = Grid("leak", "leak check at the end of the process, seconds", [variant.name for variant in variants])
    cells = [(f"{blocks} blocks", variant.name, _cell(context, variant, blocks))
             for blocks in SIZES[context.mode] for variant in variants]
    rounds(grid, cells, count, budget, True, context.progress)
    largest = LARGEST.get(context.mode)
    if largest:
        variant = next(v for v in variants if v.name in ("move", "guard", "mprotect"))
        row = f"{largest} blocks"
        measured = grid.rounds
        rounds(grid, [(row, variant.name, _cell(context, variant, largest, LARGEST_SECONDS))], 1, budget, True, context.progress)
        grid.rounds = measured
        grid.notes.append(f"{row} measured once")
    return grid
