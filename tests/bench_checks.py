# SPDX-License-Identifier: MIT
"""What the benchmarks compute, on figures that are known; and their made-up traces, read by mmreport. Arguments: the build folder,
a scratch folder."""
import json
import os
import subprocess
import sys
import xml.etree.ElementTree

import limits
import measure
import plot
import tables
import targets
import tracefile
import variants

build, work = sys.argv[1:]


def grid_of(values):
    grid = measure.Grid("test", "test", ["a", "b"])
    for row, column, number, value in values:
        grid.add(row, column, number, {"cpu": value})
    return grid


# A quotient is taken inside a round: the machine was ten times slower in round 1, and that must not show.
grid = grid_of([("r", "a", 0, 2), ("r", "b", 0, 1), ("r", "a", 1, 20), ("r", "b", 1, 10), ("r", "a", 2, 2), ("r", "b", 2, 1)])
assert grid.ratio("r", "a", "b", "cpu") == 2.0
assert grid.median("r", "a", "cpu") == 2
assert grid.ratio("r", "a", "missing", "cpu") is None

# A cell that failed shows that, is not tried again, and gives no quotient.
calls = []


def failing():
    calls.append(1)
    raise measure.Failure(">1 s")


grid = measure.Grid("test", "test", ["a", "b"])
measure.rounds(grid, [("r", "a", lambda: {"cpu": 1.0}), ("r", "b", failing)], 3, 60)
assert grid.rounds == 3 and len(calls) == 1 and len(grid.values("r", "a", "cpu")) == 3
assert tables.grid_rows(grid, "cpu", base="a")[1] == [["r", "1.00x", ">1 s"]]
assert tables.failures(grid) == ["r, b: >1 s"]

assert abs(targets.exponent([(1, 3), (10, 300), (100, 30000)]) - 2) < 1e-9
assert targets.exponent([(1, 3), (2, 300)]) is None

picture = os.path.join(work, "plot.svg")
assert plot.bars(grid, "cpu", "a < b & c", picture, str)
xml.etree.ElementTree.parse(picture)

trace = os.path.join(work, "stacks.mmg")
tracefile.stacks(trace, 50, 5000)
tree = json.loads(subprocess.run([os.path.join(build, "mmreport"), "tree", "--json", "--no-symbols", trace], check=True,
                                 capture_output=True).stdout)
assert tree["tree"]["blocks"] == 5000 and tree["complete"], tree["tree"]["blocks"]

library = os.path.join(build, "libguard.so")
messages = []
assert [v for v in variants.guard_variants(library, work, messages.append) if v.name == "mprotect"], messages

# What the programs of tests/limits print, and what is made of it.
grid = measure.Grid("limits", "test", ["move"])
grid.sizes = {"pairs": 1000, "live blocks": 1 << 20, "budget": 1 << 30}
assert limits.huge_pages(grid) == (None, None)
grid.add("a large block", "move", 0, limits._huge_pages("a block of 65536 kB: 65536 kB in huge pages\n"))
grid.add("pairs", "move", 0, limits._pairs("a tenth: RSS 20 MB, page tables 100 KB\nend: RSS 150 MB, page tables 100 KB\n"))
grid.add("live blocks", "move", 0, {**limits._rare_site("  1-byte write at 0x1000, right after a 48-byte block\npeak RSS 2 MB\n"),
                                    "peak": (1 << 30) + (3 << 18) * 140})
assert limits.huge_pages(grid)[1] is True
assert limits.level(grid)[1] is False and limits.late(grid)[1] is False
words, reached = limits.budget(grid)
assert reached and "140 bytes for each block" in words, words
assert limits._rare_site("a block's slack was overwritten\npeak RSS 2 MB\n")["found"] == 0
