# SPDX-License-Identifier: MIT
"""Writes traces as libguard does (include/mmtrace.h), of any size: input of mmreport."""
import random
import struct

PROCESS, MODULE, STACKS, LEAK_CHECK, LEAKS, COUNTERS, END = 1, 2, 3, 6, 7, 8, 10
EXACT = 0x01000000
BASE = 0x10000000000  # where modules are said to be mapped


class Trace:
    def __init__(self, pid):
        self.parts = [struct.pack("<8sIIII", b"mmgtrace", 1, 24, 0x01020304, 62)]
        self.records = 0
        self.size = 24
        executable, arguments = b"/bench/program", b"program\0"
        texts = [executable, arguments, b"/", b"bench"]
        offset, ranges = 72, b""
        for text in texts:
            ranges += struct.pack("<II", offset, len(text))
            offset += len(text)
        self.record(PROCESS, struct.pack("<IIIIiIQQ", pid, 1, 0, 1, 0, 4096, 1, 2) + ranges + b"".join(texts))

    def record(self, kind, payload):
        padding = b"\0" * (-len(payload) % 8)
        data = struct.pack("<IIQ", kind, 0, len(payload)) + payload + padding
        self.parts.append(data)
        self.size += len(data)
        self.records += 1

    def module(self, number, path, build_id, size):
        path = path.encode()
        start = BASE * number
        self.record(MODULE, struct.pack("<IIQQQQQQQIIII", number, 0, start, start, start + size, 0, 0, 0, 0,
                                        80, len(path), 80 + len(path), len(build_id)) + path + build_id)

    def stacks(self, frames):
        """frames: (pc, parent, module and flags); ids are 1, 2, 3 ..."""
        pack = struct.Struct("<QII").pack
        self.record(STACKS, struct.pack("<II", 1, len(frames)) + b"".join(pack(*frame) for frame in frames))

    def leaks(self, leaks):
        """leaks: (stack, kind, blocks, bytes)"""
        pack = struct.Struct("<IIIIQQQQQ").pack
        blocks, size = sum(leak[2] for leak in leaks), sum(leak[3] for leak in leaks)
        self.record(LEAK_CHECK, struct.pack("<IIIIQQ", 1, 0, 0, 0, 1, 0) + struct.pack("<QQQQ", blocks, 0, 0, 0) +
                    struct.pack("<QQQQ", size, 0, 0, 0))
        self.record(LEAKS, struct.pack("<Q", len(leaks)) +
                    b"".join(pack(stack, 0, 1, kind, count, total, 0, 0, 0) for stack, kind, count, total in leaks))
        self.record(COUNTERS, struct.pack("<9Q", blocks, 0, size, blocks, size, 0, 0, 0, 0))

    def write(self, path):
        self.record(END, struct.pack("<QQ", self.records, self.size + 16 + 16))
        with open(path, "wb") as file:
            file.write(b"".join(self.parts))


def addresses(path, file, build_id, size, offsets):
    """A trace with one leaked block at each of the module's addresses."""
    trace = Trace(1)
    trace.module(1, file, build_id, size)
    trace.stacks([(BASE + offset, 0, 1 | EXACT) for offset in offsets])
    trace.leaks([(number + 1, 0, 1, 16) for number in range(len(offsets))])
    trace.write(path)


def stacks(path, count, blocks, depth=30, pid=1, seed=5):
    """A trace of `blocks` leaked blocks over `count` different stacks of `depth` frames, which share their outer frames
    as stacks of one program do: at each level a frame has a few callees."""
    state = random.Random(seed)
    frames, leaks, known = [], [], {}
    fan = max(2, round(count ** (1 / 12)))
    while len(leaks) < count:
        parent = 0
        fresh = False
        for level in range(depth):
            # The outer 12 levels branch; what is below is told apart by them, but for some recursion into others.
            choice = state.randrange(fan) if level >= 4 and level < 18 else 0
            key = (parent, choice)
            node = known.get(key)
            if node is None:
                function = (level * 7919 + choice * 104729 + (parent * 31 if level > 16 else 0)) % 60000
                frames.append((BASE + 0x1000 + function * 64, parent, 1))
                node = known[key] = len(frames)
                fresh = True
            parent = node
        if fresh:
            leaks.append((parent, 0, 0, 0))
    each = blocks // count
    trace = Trace(pid)
    trace.module(1, "/bench/none.so", bytes(20), 0x1000 + 60000 * 64 + 4096)
    trace.stacks(frames)
    trace.leaks([(stack, 0, each, each * (16 + stack % 200)) for stack, _, _, _ in leaks])
    trace.write(path)
    return len(frames)
