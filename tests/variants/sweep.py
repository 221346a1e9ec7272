#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Judges what was found of sweep.c: `mmreport errors --json TRACE... | sweep.py`.

A write is found at the instruction if the block ends where its page does, and when the block is freed otherwise; a read only in the first
case; library calls always.
"""
import collections
import json
import sys

SIZES, ALIGNMENTS = range(1, 4201), [1 << bit for bit in range(13)]
every = len(SIZES) * len(ALIGNMENTS)
at_end = sum(size % max(alignment, 16) == 0 for size in SIZES for alignment in ALIGNMENTS)
wanted = {("writes", "heap-buffer-overflow-write"): at_end, ("writes", "slack-damage"): every - at_end,
          ("reads", "heap-buffer-overflow-read"): at_end,
          ("calls", "heap-buffer-overflow-read"): every, ("calls", "heap-buffer-overflow-write"): every}
found = collections.Counter()
for finding in json.load(sys.stdin)["findings"]:
    found[finding["stack"][0]["function"], finding["kind"]] += finding["count"]
wrong = [f"{place} {kind}: {found[place, kind]} instead of {wanted.get((place, kind), 0)}" for place, kind in sorted({*wanted, *found})
         if found[place, kind] != wanted.get((place, kind), 0)]
print("\n".join(wrong))
sys.exit(bool(wrong))
