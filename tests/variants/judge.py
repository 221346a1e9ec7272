#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the cases that generate.py wrote: the bad twin must be reported under one of its kinds and no other, the good twin not at all.

    judge.py LIBGUARD PROGRAM LIST

Prints what is wrong and, last, the numbers of cases and of those that failed. VARIANT_OPTIONS is added to MMGUARD_OPTIONS; with
placement=start and in the compact heap (guard=1000000) some accesses are found later, or not at all.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

library, program, listing = sys.argv[1:4]
options = os.environ.get("VARIANT_OPTIONS", "")
work = tempfile.mkdtemp()
environment = {**os.environ, "LD_PRELOAD": library, "MMGUARD_OPTIONS": f"symbolize=0:report=errors:dir={work}" + (options and ":" + options)}


def found(number, twin):
    """The kinds that are reported of a case's twin, and how it ended."""
    try:
        result = subprocess.run([program, str(number), twin], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return ["timeout"]
    kinds = re.findall(rb"^mmguard: ([a-z-]+) in ", result.stderr, re.M)
    kinds = [kind.decode() for kind in kinds]
    expected = 23 if kinds else 0
    if not kinds and result.returncode == 23:
        return ["leak"]
    if result.returncode != expected:
        kinds.append(f"status {result.returncode}")
    return kinds


def expected(name, kinds):
    """The kinds that may be reported of a case's bad twin, and whether one must be."""
    wanted = [] if kinds == "nothing" else kinds.split(",")
    if name.startswith("call_"):
        return wanted, bool(wanted)
    reads = all(kind.endswith("-read") for kind in wanted)
    if "guard=" in options:
        return wanted + ["slack-damage" if "heap-buffer-overflow-write" in wanted else "use-after-free-read"], not reads
    if "placement=start" in options and "heap-buffer-overflow-write" in wanted:
        return wanted + ["slack-damage"], True
    if "placement=start" in options and name.startswith("under_"):
        return ["heap-buffer-underflow-write"], True
    return wanted, bool(wanted) and not ("placement=start" in options and "heap-buffer-overflow-read" in wanted)


def judge(line):
    number, name, kinds = line.split()
    bad, good = found(number, "bad"), found(number, "good")
    wanted, must = expected(name, kinds)
    wrong = []
    if good:
        wrong.append(f"good twin: {' '.join(good)}")
    if must and not set(bad) & set(wanted):
        wrong.append(f"{kinds} not found: {' '.join(bad) or 'nothing'}")
    elif set(bad) - set(wanted):
        wrong.append(f"more than {kinds}: {' '.join(bad)}")
    elif len(bad) > 1 and not ("guard=" in options and set(bad) == {"slack-damage"}):  # of two blocks side by side
        wrong.append(f"reported {len(bad)} times: {' '.join(bad)}")
    return [f"{number} {name}: {text}" for text in wrong]


with open(listing, encoding="ascii") as source:
    lines = source.read().splitlines()
failed = 0
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for wrong in pool.map(judge, lines):
        failed += bool(wrong)
        for text in wrong:
            print(text)
print(f"{len(lines)} {failed}")
subprocess.run(["rm", "-rf", work], check=False)
