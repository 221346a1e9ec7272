#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads `mmreport tree --json` on standard input and regular expressions from a file, one a line; prints every leak whose path
matches none of them. Exit status 1 if there is one, 2 if the input is no such tree."""
import json
import re
import sys


def leaks(node, path):
    """Yields the path, bytes and blocks of each node that leaks itself."""
    name = " ".join(node[key] for key in ("function", "module", "file") if node.get(key))
    here = path + [name or node.get("address", "")] if path is not None else []
    if node["self_bytes"] or node["self_blocks"]:
        yield here, node["self_bytes"], node["self_blocks"]
    for child in node["children"]:
        yield from leaks(child, here)


def main():
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            known = [re.compile(line.rstrip("\n")) for line in file if line.strip()]
    except FileNotFoundError:
        known = []
    try:
        found = list(leaks(json.load(sys.stdin)["tree"], None))
    except (ValueError, KeyError, TypeError) as error:
        print(f"not a tree of mmreport: {error!r}")
        return 2
    unlisted = [leak for leak in found if not any(p.search(name) for p in known for name in leak[0])]
    for path, size, blocks in unlisted:
        print(f"leak of {size} bytes in {blocks} blocks: " + " > ".join(path))
    return 1 if unlisted else 0


if __name__ == "__main__":
    sys.exit(main())
