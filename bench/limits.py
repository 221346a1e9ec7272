# SPDX-License-Identifier: MIT
"""Family `limits`: how far the heap goes, by the programs of tests/limits, with the options the library takes by default.

The figures are read from what the programs print and from what libguard reports; times play no part.
"""
import os
import re
import subprocess

from measure import Failure, Grid, rounds

# Pairs of malloc and free; live blocks under a budget of so many megabytes.
SIZES = {"quick": (200000, 150000, 20), "bench": (50000000, 30000000, 4096), "full": (50000000, 30000000, 4096)}
SECONDS = {"quick": 60, "bench": 300, "full": 900}
BLOCK_MB = 64


def _program(context, name):
    folder = os.path.join(os.path.dirname(context.here), "tests", "limits")
    target = os.path.join(context.build, name)
    # As in tests/limits/run.sh: no frame of the sites may be inlined away.
    subprocess.run([context.cc, "-O2", "-g", "-o", target, os.path.join(folder, name + ".c")], check=True)
    return target


def _cell(context, program, arguments, options, read):
    env = {"LD_PRELOAD": context.library,
           "MMGUARD_OPTIONS": f"{options}symbolize=0:exitcode=0:leak_check=0:dir={context.scratch}"}

    def measure():
        outcome = context.runner.run([program] + arguments, env=env, timeout=SECONDS[context.mode])
        if outcome.timed_out:
            raise Failure(f">{SECONDS[context.mode]} s")
        if outcome.status != 0:
            raise Failure(f"fails ({outcome.status})")
        found = read((outcome.stdout + outcome.stderr).decode(errors="replace"))
        if found is None:
            raise Failure("fails (no result)")
        return {**found, "peak": outcome.rss, "cpu": outcome.cpu}
    return measure


def _huge_pages(text):
    found = re.search(r"a block of (\d+) kB: (\d+) kB in huge pages", text)
    return found and {"size": int(found[1]) * 1024, "huge": int(found[2]) * 1024}


def _pairs(text):
    lines = re.findall(r"(?:a tenth|end): RSS (\d+) MB, page tables (\d+) KB", text)
    if len(lines) != 2:
        return None
    return {"rss, a tenth": int(lines[0][0]) << 20, "rss, end": int(lines[1][0]) << 20,
            "tables, a tenth": int(lines[0][1]) << 10, "tables, end": int(lines[1][1]) << 10,
            "found": int("use-after-free-read" in text)}


def _rare_site(text):
    found = re.search(r"peak RSS (\d+) MB", text)
    at_once = re.search(r"write at \S+ (?:right after|0 bytes past the end of) a 48-byte block", text)
    return found and {"found": int(bool(at_once))}


def sweep(context):
    pairs, blocks, budget = SIZES[context.mode]
    variant = next(v.name for v in context.variants if v.name in ("move", "guard", "mprotect"))
    grid = Grid("limits", "how far the heap goes", [variant])
    grid.sizes = {"a large block": BLOCK_MB << 20, "pairs": pairs, "live blocks": blocks, "budget": budget << 20}
    cells = [
        ("a large block", variant, _cell(context, _program(context, "huge_pages"), [str(BLOCK_MB)], "", _huge_pages)),
        ("pairs", variant, _cell(context, _program(context, "many_pairs"), [str(pairs), "read"], "", _pairs)),
        ("live blocks", variant, _cell(context, _program(context, "rare_site"), [str(blocks)], f"budget={budget}M:",
                                       _rare_site))]
    return rounds(grid, cells, 1, 600, True, context.progress)


# ---- in words

def _mb(value):
    return f"{value / 2 ** 20:,.0f} MB"


def value(grid, row, metric):
    return grid.median(row, grid.columns[0], metric) if grid.columns else None


def huge_pages(grid):
    """(figure in words, reached) of each; None for the words where there is no figure."""
    size, huge = (value(grid, "a large block", metric) for metric in ("size", "huge"))
    if size is None:
        return None, None
    return f"{huge / 1024:,.0f} of {size / 1024:,.0f} kB in huge pages", huge > size - (2 << 20)


def level(grid):
    rss, tables = ([value(grid, "pairs", f"{what}, {when}") for when in ("a tenth", "end")] for what in ("rss", "tables"))
    if None in rss:
        return None, None
    pairs = grid.sizes["pairs"]
    # What may grow is the history of freed blocks, up to its million of entries.
    words = (f"after {pairs // 10:,} and {pairs:,} pairs: RSS {_mb(rss[0])} and {_mb(rss[1])}, "
             f"page tables {tables[0] // 1024:,} and {tables[1] // 1024:,} kB")
    return words, rss[1] - rss[0] < 64 << 20 and tables[1] - tables[0] < 256 << 10


def late(grid):
    found = value(grid, "pairs", "found")
    if found is None:
        return None, None
    words = "reported at the read" if found else "not found"
    return f"{words}, {grid.sizes['pairs']:,} frees later", bool(found)


def budget(grid):
    """Peak memory less the budget is what the compact heap needs for the blocks that are not guarded."""
    peak, found = (value(grid, "live blocks", metric) for metric in ("peak", "found"))
    if peak is None:
        return None, None
    blocks, most = grid.sizes["live blocks"], grid.sizes["budget"]
    compact = (peak - most) / max(1, blocks - most // 4096)
    words = (f"{blocks:,} blocks of 64 bytes, budget {_mb(most)}: peak {_mb(peak)}, that is the budget and {compact:.0f} bytes for "
             f"each block of the compact heap; the overflow at the rare site is {'found' if found else 'not found'} at its instruction")
    # A slot of 96 bytes, a record of 40, and tables.
    return words, bool(found) and compact <= 150


def rows(grid):
    return [[name, words(grid)[0] or grid.state(row, grid.columns[0])]
            for name, row, words in (("a block of 64 MiB", "a large block", huge_pages), ("pairs of malloc and free", "pairs", level),
                                     ("a use after free", "pairs", late), ("live blocks beyond the budget", "live blocks", budget))]
