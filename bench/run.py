#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures libguard and mmreport beside their peers. See README.md here.

    run.py quick|bench|full [--families=LIST] [--results=FILE] [--keep]

With some families only, results of the others are kept from the last run of the same mode.

Exit status 0 when every cell of glibc, libguard and mmreport has a figure; times are never judged.
"""
import argparse
import glob
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time

import capture
import leaksweep
import limits
import macro
import measure
import micro
import plot
import reporter
import results
import tables
import variants

FAMILIES = ["micro", "memory", "limits", "capture", "leak", "macro", "built", "symbols", "report"]
DRIVERS = {"alloc_patterns": ["slices.c"], "leak_graph": ["slices.c"], "block_memory": []}


class Context:
    """What all families need: paths, drivers, variants, a runner, and what there is to say."""

    def __init__(self, mode, build, scratch):
        self.mode = mode
        self.here = os.path.dirname(os.path.abspath(__file__))
        self.library_folder = build
        self.build = os.path.join(build, "bench")
        self.scratch = scratch
        self.library = os.path.join(build, "libguard.so")
        self.mmreport = os.path.join(build, "mmreport")
        self.cc = os.environ.get("CC") or "gcc"
        self.cxx = os.environ.get("CXX") or "g++"
        self.messages = []
        self.failures = []
        self.has_asan = variants.asan_library(self.cc) is not None
        os.makedirs(self.build, exist_ok=True)
        self.runner = measure.Runner(self._compile("timed", "plain", []), scratch,
                                     {"quick": 8, "bench": 15, "full": 300}[mode])
        self.variants = variants.peer_variants(self.cc, scratch, self.say)
        self.variants[1:1] = variants.guard_variants(self.library, scratch, self.say)
        self.variants.append(variants.bare_variant(self._bare_move()))

    def say(self, words):
        self.messages.append(words)
        print(words, file=sys.stderr)

    def progress(self, words):
        if sys.stderr.isatty():
            print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)

    def _compile(self, name, build, extra):
        source = os.path.join(self.here, "micro", name + ".c")
        sources = [source] + [os.path.join(self.here, "micro", file) for file in extra]
        target = os.path.join(self.build, f"{name}-{build}")
        newest = max(os.path.getmtime(path) for path in sources + [os.path.join(self.here, "micro", "slices.h")])
        if not os.path.exists(target) or os.path.getmtime(target) < newest:
            flags = ["-fsanitize=address"] if build == "asan" else []
            # The compiler must not see through malloc and free and leave out the pair.
            subprocess.run([self.cc, "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-g", "-fno-builtin-malloc",
                            "-fno-builtin-free", "-fno-builtin-realloc", *flags, "-o", target, *sources, "-pthread",
                            "-ldl"], check=True)
        return target

    def driver(self, name, build):
        if name == "stack_capture":
            return self._stack_capture()
        return self._compile(name, build, DRIVERS[name])

    def _bare_move(self):
        source, target = (os.path.join(self.here, "micro", "bare_move.c"), os.path.join(self.build, "bare_move.so"))
        subprocess.run([self.cc, "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fno-builtin", "-shared", "-fPIC", "-o", target,
                        source], check=True)
        return target

    def _stack_capture(self):
        """Linked with libguard's own modules; not with libunwind, which would take libgcc's place in the comparison."""
        source = os.path.join(self.here, "micro", "stack_capture.c")
        top = os.path.dirname(self.here)
        objects = [path for layer in ("base", "common", "stack")
                   for path in glob.glob(os.path.join(self.library_folder, "obj", "libguard", layer, "*.o"))]
        target = os.path.join(self.build, "stack_capture")
        subprocess.run([self.cc, "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-g", "-fomit-frame-pointer",
                        "-I" + os.path.join(top, "libguard"), "-I" + os.path.join(top, "include"), "-o", target, source,
                        *objects, "-pthread", "-ldl"], check=True)
        return target


class Run:
    """All that was measured, for tables, JSON, plots and RESULTS.md."""

    def __init__(self, context):
        self.mode = context.mode
        self.messages = context.messages
        self.failures = context.failures
        self.capture = None
        self.kept = []  # families taken from an earlier run
        empty = measure.Grid("none", "", [])
        self.micro = self.memory = self.limits = self.leak = self.macro = self.built = self.symbols = self.report = empty
        names = [variant.name for variant in context.variants]
        self.default_variant = next(name for name in ("move", "guard", "mprotect") if name in names)
        self.machine = machine()

    def grids(self):
        all_grids = (self.micro, self.memory, self.limits, self.leak, self.macro, self.built, self.symbols, self.report)
        return [grid for grid in all_grids if grid.rows]


def machine():
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(file.readline().split()[1]) // 1024
    release = platform.freedesktop_os_release().get("PRETTY_NAME", "") if hasattr(platform, "freedesktop_os_release") else ""
    return {"cpu": model, "cpus": len(os.sched_getaffinity(0)), "memory_mib": memory, "kernel": platform.release(),
            "system": release, "load_before": os.getloadavg(), "date": time.strftime("%Y-%m-%d")}


def saved(context):
    """The last run of this mode: what is not measured now is taken from there."""
    try:
        with open(os.path.join(context.build, f"results-{context.mode}.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def measure_all(context, families):
    run = Run(context)
    if set(families) != set(FAMILIES):
        last = saved(context)
        for name, grid in last.get("families", {}).items():
            if name not in families:
                setattr(run, name, measure.Grid.from_json(name, grid))
                run.kept.append(name)
        if "capture" not in families and last.get("capture"):
            run.capture = last["capture"]
            run.kept.append("capture")
    steps = [("micro", micro.patterns), ("memory", micro.memory), ("limits", limits.sweep), ("capture", capture.captures),
             ("leak", leaksweep.sweep), ("macro", macro.real_programs), ("built", macro.built_programs),
             ("symbols", reporter.symbols), ("report", reporter.report_sizes)]
    for name, step in steps:
        if name not in families:
            continue
        start = time.monotonic()
        found = step(context)
        context.progress("")
        if found is not None:
            setattr(run, name, found)
            print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
            for title, header, rows in results.views(run, name):
                print(f"\n{title}\n{tables.as_text(header, rows)}")
            if name == "capture":
                print(f"\nstack capture\n{found}")
            sys.stdout.flush()
    run.machine["load_after"] = os.getloadavg()
    for grid in run.grids():
        for line in tables.failures(grid):
            ours = any(f", {name}: " in line for name in
                       ["glibc", "mmreport"] + [v.name for v in context.variants if "MMGUARD_OPTIONS" in v.env])
            print(f"{'FAILED' if ours else 'peer'}: {grid.name}: {line}")
            # A backend that the kernel limits may say so by failing; what must work is what the library takes by itself.
            if ours and f", {run.default_variant}: " in line or ", glibc: " in line:
                context.failures.append(f"{grid.name}: {line}")
    return run


def write_results(run, context, target):
    with open(os.path.join(context.build, f"results-{context.mode}.json"), "w", encoding="utf-8") as file:
        json.dump({"mode": run.mode, "machine": run.machine, "messages": run.messages,
                   "families": {grid.name: grid.as_json() for grid in run.grids()}, "capture": run.capture}, file, indent=1)
    pictures = os.path.join(os.path.dirname(target), "plots") if target else context.build
    os.makedirs(pictures, exist_ok=True)
    for grid, metric, title, form in results.pictures(run):
        plot.bars(grid, metric, title, os.path.join(pictures, grid.name + ".svg"), form)
    if target:
        with open(target, "w", encoding="utf-8") as file:
            file.write(results.markdown(run, os.path.join(context.here, "reasons.txt")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=["quick", "bench", "full"])
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--results", help="write RESULTS.md there, and plots beside it")
    parser.add_argument("--keep", action="store_true", help="keep the scratch folder")
    arguments = parser.parse_args()
    build = os.path.abspath(os.environ.get("BUILD", "build"))
    scratch = tempfile.mkdtemp(prefix="mmbench-")
    start = time.monotonic()
    try:
        context = Context(arguments.mode, build, scratch)
        run = measure_all(context, arguments.families.split(","))
        write_results(run, context, arguments.results)
    finally:
        if not arguments.keep:
            shutil.rmtree(scratch, ignore_errors=True)
    print(f"\n{arguments.mode}: {time.monotonic() - start:.0f} s, "
          f"load {run.machine['load_before'][0]:.1f} before and {run.machine['load_after'][0]:.1f} after")
    for failure in context.failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if context.failures else 0


if __name__ == "__main__":
    sys.exit(main())
