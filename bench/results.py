# SPDX-License-Identifier: MIT
"""What is shown of a run: tables, pictures, and RESULTS.md with the targets."""
import os
import re

import limits
import tables
from targets import TARGETS, exponent

# family: [(title, metric, unit, base column or None)]
VIEWS = {
    "micro": [("malloc and free: CPU nanoseconds an operation", "cpu", "ns", None),
              ("the same: wall nanoseconds", "wall", "ns", None),
              ("the same: CPU time as a multiple of ASan's", "cpu", "ns", "ASan")],
    "memory": [("memory of a live 64-byte block, bytes", "rss", "bytes", None),
               ("page tables of a live 64-byte block, bytes", "tables", "bytes", None),
               ("mappings of the process", "mappings", "", None)],
    "leak": [("leak check at exit: CPU seconds", "check cpu", "s", None),
             ("the same: wall seconds", "check", "s", None),
             ("the same: peak memory", "rss", "bytes", None)],
    "macro": [("real programs: wall seconds (openssl: for a gigabyte)", "wall", "s", None),
              ("the same: wall time as a multiple of glibc's", "wall", "s", "glibc"),
              ("the same: CPU time as a multiple of glibc's", "cpu", "s", "glibc"),
              ("the same: peak memory of the largest process", "rss", "bytes", None)],
    "built": [("programs also built with ASan: wall seconds", "wall", "s", None),
              ("the same: CPU time as a multiple of glibc's", "cpu", "s", "glibc"),
              ("the same: peak memory", "rss", "bytes", None)],
    "symbols": [("names for random addresses: CPU seconds", "cpu", "s", None),
                ("the same: peak memory", "rss", "bytes", None)],
    "report": [("mmreport tree --json --no-symbols: CPU seconds", "cpu", "s", None),
               ("the same: peak memory", "rss", "bytes", None)],
}


def views(run, family):
    grid = getattr(run, family)
    if family == "limits" and grid.rows:
        return [("with default options", ["", grid.columns[0]], limits.rows(grid))]
    if family not in VIEWS or not grid.rows:
        return []
    found = [(title, *tables.grid_rows(grid, metric, unit, base)) for title, metric, unit, base in VIEWS[family]
             if base is None or base in grid.columns]
    if family in ("leak", "symbols", "report"):
        found.append(("how cost grows: cost ~ size to the power of", *exponents(run, family)))
    return found


def exponents(run, family):
    grid = getattr(run, family)
    rows = []

    def fit(label, points):
        slopes = [exponent(points(column)) for column in grid.columns]
        rows.append([label] + ["-" if slope is None else f"{slope:.2f}" for slope in slopes])

    def points_of(selected, metric):
        return lambda column: [(size, grid.median(row, column, metric) or 0) for row, size in selected]
    if family == "leak":
        fit("blocks", points_of([(row, int(row.split()[0])) for row in grid.rows], "check cpu"))
    elif family == "symbols":
        most = max(count for _, count in grid.sizes.values())
        fit("debug bytes", points_of([(row, debug) for row, (debug, count) in grid.sizes.items() if count == most],
                                     "cpu"))
        counted = [debug for debug, count in grid.sizes.values() if count < most]
        largest = max(counted or [0])
        fit("addresses", points_of([(row, count) for row, (debug, count) in grid.sizes.items() if debug == largest],
                                   "cpu"))
    else:
        for what in ("stacks", "blocks", "traces"):
            fit(what, points_of([(row, size) for row, (kind, size) in grid.sizes.items() if kind == what], "cpu"))
    return [""] + grid.columns, rows


def pictures(run):
    def nanoseconds(value):
        return f"{value:g} ns" if value < 1000 else f"{value / 1000:g} us" if value < 1e6 else f"{value / 1e6:g} ms"

    def seconds(value):
        return f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"
    table = [(run.micro, "cpu", "malloc and free: CPU time an operation", nanoseconds),
             (run.memory, "rss", "memory of a live 64-byte block", lambda value: tables.figure(value, "bytes")),
             (run.leak, "check cpu", "leak check at exit: CPU time", seconds),
             (run.macro, "wall", "real programs: wall time", seconds),
             (run.built, "wall", "programs also built with ASan: wall time", seconds),
             (run.symbols, "cpu", "names for random addresses: CPU time", seconds),
             (run.report, "cpu", "mmreport tree: CPU time", seconds)]
    return [entry for entry in table if entry[0].rows]


def _reasons(path):
    """Sections `[target-id]` of a file that people write after profiling."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        parts = re.split(r"^\[([\w-]+)\]\s*$", file.read(), flags=re.M)
    return {name: " ".join(text.split()) for name, text in zip(parts[1::2], parts[2::2])}


def _slower(run):
    """Plain sentences on every cell where the library's own choice of backend costs more than a peer."""
    ours = run.default_variant
    lines = []
    for grid, metric in ((run.micro, "cpu"), (run.macro, "wall"), (run.built, "wall"), (run.leak, "check cpu")):
        for row in grid.rows:
            worse = []
            for peer in grid.columns:
                is_peer = peer not in ("glibc",) and peer in ("ASan", "LSan", "libasan preloaded", "memcheck", "efence",
                                                              "memcheck, leaks", "DUMA", "heaptrack")
                ratio = grid.ratio(row, ours, peer, metric) if is_peer else None
                if ratio is not None and ratio > 1.05:
                    worse.append(f"{tables.figure(ratio)} times {peer}")
            if worse:
                lines.append(f"- {grid.name}, {row}: {ours} takes " + ", ".join(worse) + ".")
    for row in run.symbols.rows:
        worse = []
        for peer in run.symbols.columns[2:]:
            ratio = run.symbols.ratio(row, "mmreport", peer, "cpu")
            if ratio is not None and ratio > 1.05:
                worse.append(f"{tables.figure(ratio)} times {peer}")
        if worse:
            lines.append(f"- symbols, {row}: mmreport takes " + ", ".join(worse) + ".")
    return lines or ["- Nothing that was measured."]


def markdown(run, reasons_path):
    reasons = _reasons(reasons_path)
    box = run.machine
    out = ["# Results", "",
           f"Written by `make {'bench' if run.mode == 'bench' else 'bench-full'}`; do not edit. What the figures mean and how "
           "they are made: [README.md](README.md).", "",
           f"Machine: {box['cpus']} CPUs ({box['cpu']}), {box['memory_mib'] // 1024} GB, Linux {box['kernel']}, "
           f"{box['system']}, {box['date']}. Load average {box['load_before'][0]:.1f} before and "
           f"{box['load_after'][0]:.1f} after the run." + (
               " The machine was shared with other work: trust ratios, not times." if box["load_before"][0] > 0.7 else ""), ""]
    if run.kept:
        out += [f"Kept from an earlier run: {', '.join(run.kept)}.", ""]
    if run.messages:
        out += ["Not in this run:", ""] + [f"- {message.removeprefix('skipped: ')}" for message in run.messages] + [""]
    out += ["## Targets", "", "| issue | target | figure | |", "|---:|---|---|---|"]
    missed = []
    for name, issue, text, judge in TARGETS:
        figure, reached = judge(run)
        word = {True: "reached", False: "**missed**", None: "open"}[reached]
        out.append(f"| {issue} | {text} | {figure} | {word} |")
        if reached is False:
            missed.append(f"- {text}: {figure}. {reasons.get(name, 'No reason is written down yet.')}")
    out += ["", "### Why those were missed", ""] + (missed or ["- None were missed."])
    out += ["", "## What is slower than a peer", ""] + _slower(run) + [""]
    for grid in run.grids():
        out += [f"## {grid.title[0].upper()}{grid.title[1:]}", ""]
        said = [f"{grid.rounds} round{'s' if grid.rounds != 1 else ''}"] + grid.notes
        out += [". ".join(said) + ".", ""]
        for title, header, rows in views(run, grid.name):
            out += [title[0].upper() + title[1:] + ":", "", tables.as_markdown(header, rows), ""]
        out += [f"![{grid.name}](plots/{grid.name}.svg)", ""] if grid.name in {g.name for g, *_ in pictures(run)} else []
        failed = tables.failures(grid)
        if failed:
            out += ["Without a figure:", ""] + [f"- {line}" for line in failed] + [""]
    if run.capture:
        out += ["## Capturing a call stack", "", "```", run.capture, "```", ""]
    return "\n".join(out).rstrip() + "\n"
