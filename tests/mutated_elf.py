#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Damaged programs must cost names, never the report: mutated_elf.py PROGRAM [COUNT] [--dwarf=READER]. Damages COUNT copies of a program with
debug information, each in another way, and has mmreport (in BUILD) name addresses in it. Exit status 1 if it does not end in time,
with status 0 and an answer for each address."""

import os
import random
import subprocess
import sys
import tempfile

BUILD = os.environ.get("BUILD", os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "build"))


def sections(path):
    """(offset, size) of the sections readers of debug information look at."""
    out = subprocess.run(["readelf", "-SW", path], stdout=subprocess.PIPE, text=True, check=True).stdout
    found = []
    for line in out.splitlines():
        words = line.replace("[ ", "[").split()
        if len(words) > 6 and words[0].startswith("[") and words[1].startswith((".debug", ".symtab", ".strtab", ".dynsym", ".shstrtab", ".note")):
            found.append((int(words[4], 16), int(words[5], 16)))
    return [f for f in found if f[1]]


def damage(data, places, chance):
    for _ in range(chance.choice((1, 2, 8, 64))):
        offset, size = (0, 64) if chance.random() < 0.1 else chance.choice(places)
        at = offset + chance.randrange(size)
        kind = chance.randrange(4)
        if kind == 0:
            data[at] = chance.randrange(256)
        elif kind == 1:
            data[at:at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\x80\x80\x80"))
        elif kind == 2:
            length = min(chance.randrange(1, 64), offset + size - at)
            data[at:at + length] = bytes(chance.randrange(256) for _ in range(length))
        else:
            data[-64 * 8 + chance.randrange(64 * 8 - 1)] = chance.randrange(256)
    if chance.random() < 0.05:
        del data[chance.randrange(len(data)):]


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    options = sys.argv[3:]
    with open(program, "rb") as file:
        original = file.read()
    places = sections(program)
    text = subprocess.run(["nm", program], stdout=subprocess.PIPE, text=True, check=True).stdout
    addresses = "".join("%x\n" % (int(line.split()[0], 16) + 8) for line in text.splitlines() if " T " in line or " t " in line or " W " in line)
    named = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "damaged")
        for seed in range(count):
            data = bytearray(original)
            damage(data, places, random.Random(seed))
            with open(path, "wb") as file:
                file.write(data)
            try:
                run = subprocess.run([os.path.join(BUILD, "mmreport"), "_symbolize", "--no-cache", *options, path], input=addresses,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=150)
                good = run.returncode == 0 and run.stdout.count("\n") == addresses.count("\n")
                named += "function" in run.stdout
            except subprocess.TimeoutExpired:
                good = False
            if not good:
                failed += 1
                print(f"seed {seed}: the report did not complete: {run.returncode} {run.stderr[-300:]}")
    print(f"{count} damaged programs, {failed} reports that did not complete")
    print(f"names were found in {named}", file=sys.stderr)
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
