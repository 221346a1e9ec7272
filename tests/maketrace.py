#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes traces (include/mmtrace.h) out of nothing, for tests of the reporter.

    maketrace.py leaks FILE [--stacks N] [--depth N] [--blocks N] [--fresh] [--seed N] [--pid N]

One process that leaks --blocks blocks over --stacks distinct stacks of --depth frames. Stacks have callers in common as those of
real programs do, unless --fresh is given."""

import argparse
import array
import random
import struct


class Trace:
    def __init__(self):
        self.bytes = bytearray(struct.pack("<8sIIII", b"mmgtrace", 1, 24, 0x01020304, 62))
        self.records = 0

    def record(self, kind, payload):
        self.bytes += struct.pack("<IIQ", kind, 0, len(payload)) + payload
        self.bytes += bytes(-len(self.bytes) % 8)
        self.records += 1

    def process(self, pid, executable, start):
        texts = [executable, executable + b"\0", b"/srv", b"guard"]
        fields, tail = b"", b""
        for text in texts:
            fields += struct.pack("<II", 72 + len(tail), len(text))
            tail += text
        self.record(1, struct.pack("<IIIIiIQQ", pid, 1, 0, 1, 0, 4096, start, start + 1) + fields + tail)

    def module(self, number, bias, path, build_id):
        head = struct.pack("<IIQQQQQQQ", number, number == 1, bias, bias, bias + (1 << 24), 0, 0, 0, 0)
        self.record(2, head + struct.pack("<IIII", 80, len(path), 80 + len(path), len(build_id)) + path + build_id)

    def stacks(self, frames):
        """frames: array of uint64 pairs (pc, parent | module << 32), ids from 1."""
        self.record(3, struct.pack("<II", 1, len(frames) // 2) + frames.tobytes())

    def thread(self, number):
        self.record(4, struct.pack("<IIIIII16s", number, 100 + number, number == 1, 0, 0, 0, b"worker"))

    def leak_check(self):
        self.record(6, struct.pack("<IIIIQQ8Q", 1, 0, 0, 0, 1, 1, *([0] * 8)))

    def leaks(self, rows):
        """rows: (stack, thread, kind, blocks, bytes)"""
        data = b"".join(struct.pack("<IIIIQQQQQ", s, t, 1, k, n, b, 0, 0, 0) for s, t, k, n, b in rows)
        self.record(7, struct.pack("<Q", len(rows)) + data)

    def sites(self, rows, size=72):
        """rows: (stack, allocations, bytes, frees, freed_bytes, peak, freed_next, first, last); size: bytes of an element."""
        data = b"".join(struct.pack("<IIQQQQQQQQ", row[0], 0, *row[1:]).ljust(size, b"\0")[:size] for row in rows)
        self.record(11, struct.pack("<Q", len(rows)) + data)

    def end(self):
        size = len(self.bytes) + 32
        self.bytes += struct.pack("<IIQQQ", 10, 0, 16, self.records, size)
        return self.bytes


def leaks(options):
    chance = random.Random(options.seed)
    trace = Trace()
    trace.process(options.pid, b"/opt/server/bin/server", 1000 + options.pid)
    modules = [b"/opt/server/bin/server", b"/opt/server/lib/libstore.so.3", b"/lib/x86_64-linux-gnu/libc.so.6"]
    for number, path in enumerate(modules, 1):
        trace.module(number, number << 32, path, bytes([number] * 20))
    sites = [(m << 32) + 16 * chance.randrange(1, 1 << 18) for m in (1, 1, 1, 2) for _ in range(5000)]
    frames = array.array("Q")
    path, tops = [], []
    for _ in range(options.stacks):
        keep = 0 if options.fresh else chance.randrange(0, options.depth)
        path = path[:keep]
        while len(path) < options.depth:
            pc = chance.choice(sites)
            frames.append(pc)
            frames.append((path[-1] if path else 0) | (pc >> 32) << 32)
            path.append(len(frames) // 2)
        tops.append(path[-1])
    trace.stacks(frames)
    for number in range(1, 5):
        trace.thread(number)
    trace.leak_check()
    rows, each = [], max(1, options.blocks // options.stacks)
    for top in tops:
        rows.append((top, chance.randrange(1, 5), chance.choice((0, 0, 0, 1, 2, 3)), each, each * chance.randrange(8, 4096)))
    trace.leaks(rows)
    with open(options.file, "wb") as out:
        out.write(trace.end())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["leaks"])
    parser.add_argument("file")
    parser.add_argument("--stacks", type=int, default=100)
    parser.add_argument("--depth", type=int, default=30)
    parser.add_argument("--blocks", type=int, default=1000)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pid", type=int, default=1)
    leaks(parser.parse_args())


if __name__ == "__main__":
    main()
