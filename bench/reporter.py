# SPDX-License-Identifier: MIT
"""Families `symbols` (mmreport against other symbolizers) and `report` (its cost by size of the input)."""
import glob
import json
import os
import random
import re
import shutil
import statistics
import subprocess

import tracefile
from measure import Failure, Grid, require, rounds

SETTINGS = {"quick": (1, 15), "bench": (3, 120), "full": (5, 3600)}
# Debian packages with debug files, unpacked into the build folder and not installed; the largest file in each is used.
DEBUG_PACKAGES = {"quick": [], "bench": ["libpython3.11-dbg", "ceph-osd-dbg"],
                  "full": ["libpython3.11-dbg", "openjdk-17-dbg", "ceph-osd-dbg"]}
COUNTS = {"quick": [100, 1000], "bench": [100, 1000, 10000], "full": [100, 1000, 10000]}


def _unpack(context, package):
    folder = os.path.join(context.build, package)
    if not os.path.isdir(folder):
        context.progress(f"fetching {package}")
        try:
            subprocess.run(["apt-get", "download", "-qq", package], cwd=context.build, check=True, capture_output=True,
                           timeout=180)
            archive = glob.glob(os.path.join(context.build, package + "_*.deb"))[0]
            subprocess.run(["dpkg", "-x", archive, folder], check=True, capture_output=True)
            os.unlink(archive)
        except (OSError, IndexError, subprocess.SubprocessError) as error:
            context.say(f"skipped: symbols of {package} ({error})")
            return None
    files = [os.path.join(top, name) for top, _, names in os.walk(folder) for name in names]
    return max((path for path in files if os.path.isfile(path) and
                not path.endswith("inflated.debug") and _is_elf(path)), key=os.path.getsize)


def _inflated(context, package, path):
    """A copy without compressed sections, or None if it has none: how much of the time is zlib's."""
    target = os.path.join(context.build, package, "inflated.debug")
    if not os.path.exists(target):
        if "ZLIB" not in subprocess.run(["readelf", "-tW", path], capture_output=True, check=True, text=True).stdout:
            return None
        subprocess.run(["objcopy", "--decompress-debug-sections", path, target], check=True, capture_output=True)
    return target


def _is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


class Binary:
    """A file with debug information and addresses inside its functions."""

    def __init__(self, path):
        self.path = path
        self.size = os.path.getsize(path)
        self.build_id = bytes.fromhex(re.search(
            r"Build ID: ([0-9a-f]+)", self._readelf("-n")).group(1))
        table = re.findall(r"^\s*\d+: ([0-9a-f]+)\s+(\d+|0x[0-9a-f]+) FUNC\s+\S+\s+\S+\s+\d+ ", self._readelf("-sW"), re.M)
        self.functions = sorted({(int(start, 16), int(size, 0)) for start, size in table if int(size, 0) > 4})
        self.end = max(start + size for start, size in self.functions) + 4096
        # What there is to read: sizes before compression.
        sections = re.findall(r"\] (\.debug_\S+)\n\s+PROGBITS\s+\S+\s+\S+\s+([0-9a-f]+).*\n[^\n]*\n(?:\s+(?:ZLIB|ZSTD), (\w+))?",
                              self._readelf("-tW"))
        self.debug = sum(int(inflated or size, 16) for _, size, inflated in sections)

    def _readelf(self, flag):
        return subprocess.run(["readelf", flag, self.path], capture_output=True, check=True).stdout.decode(errors="replace")

    def addresses(self, count):
        """Random bytes of the program's functions, each byte as likely as any other."""
        state = random.Random(count)
        picked = state.choices(self.functions, weights=[size for _, size in self.functions], k=count)
        return [start + state.randrange(size) for start, size in picked]


def _named(text):
    """Addresses a peer that prints function and line in pairs has a function for."""
    return sum(1 for line in text.decode(errors="replace").splitlines()
               if line and not line.startswith("??") and ":" not in line.split("(")[0].split("<")[0].replace("::", ""))


def _mmreport_named(text):
    tree = json.loads(text)["tree"]
    named = sum(node["blocks"] for node in tree["children"] if node.get("function"))
    return named, tree["blocks"]


def _symbol_cell(context, tool, binary, count):
    listing = os.path.join(context.scratch, f"{binary.path.replace('/', '_')[-60:]}-{count}.txt")
    trace = listing[:-4] + ".mmg"
    if not os.path.exists(trace):
        offsets = binary.addresses(count)
        with open(listing, "w", encoding="ascii") as file:
            file.write("".join(f"0x{offset:x}\n" for offset in offsets))
        tracefile.addresses(trace, binary.path, binary.build_id, binary.end, offsets)
    again = tool == "mmreport, again"
    command = {
        "mmreport": [context.mmreport, "tree", "--json", "--min=0", "--no-hide", "--all-frames", trace],
        "llvm-symbolizer": ["llvm-symbolizer", "--inlines", "--obj=" + binary.path],
        "addr2line": ["addr2line", "-f", "-i", "-C", "-e", binary.path],
        "eu-addr2line": ["eu-addr2line", "-f", "-i", "-C", "-e", binary.path],
    }["mmreport" if again else tool]
    limit = max(context.runner.timeout, 60) if tool == "addr2line" else None  # a target is a share of its time
    cache = {"XDG_CACHE_HOME": os.path.join(context.scratch, "cache")}

    def once():
        if tool == "mmreport":
            shutil.rmtree(cache["XDG_CACHE_HOME"], ignore_errors=True)
        outcome = context.runner.run(command, stdin=listing, env=cache, timeout=limit)
        if tool == "eu-addr2line" and outcome.status == 1:
            outcome.status = 0  # an address without a line; the names are counted below
        require(outcome, context.runner, limit)
        if tool == "mmreport" or again:
            named, total = _mmreport_named(outcome.stdout)
            if total != count or named < count * 0.99:
                raise Failure(f"fails ({named} of {count} named)")
        elif _named(outcome.stdout) < count * 0.99:
            raise Failure(f"fails ({_named(outcome.stdout)} of {count} named)")
        return {"cpu": outcome.cpu, "wall": outcome.wall, "rss": outcome.rss}

    def measure():
        """The median of three: a run of ours is over in a moment that another program's work can fill."""
        if again:  # whatever the first run left in the cache
            context.runner.run(command, stdin=listing, env=cache)
        runs = [once() for _ in range(3 if tool == "mmreport" or again else 1)]
        return {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    return measure


def symbols(context):
    count, budget = SETTINGS[context.mode]
    tools = ["mmreport", "mmreport, again"]
    for tool in ("llvm-symbolizer", "addr2line", "eu-addr2line"):
        if shutil.which(tool):
            tools.append(tool)
        else:
            context.say(f"skipped: {tool} (missing)")
    files = [os.path.join(context.library_folder, "libguard.so"), context.mmreport]
    labels = {path: os.path.basename(path) for path in files}
    for package in DEBUG_PACKAGES[context.mode]:
        path = _unpack(context, package)
        copy = _inflated(context, package, path) if path else None
        labels.update({file: label for file, label in ((path, package), (copy, package + ", inflated")) if file})
    binaries = [Binary(path) for path in labels]
    grid = Grid("symbols", "names for random addresses, CPU seconds", tools)
    cells = []
    for binary in binaries:
        for addresses in COUNTS[context.mode]:
            if context.mode == "bench" and binary.debug > 100e6 and addresses < 10000:
                continue
            row = f"{labels[binary.path]} ({binary.debug / 1e6:.1f} MB), {addresses}"
            grid.sizes[row] = (binary.debug, addresses)
            cells += [(row, tool, _symbol_cell(context, tool, binary, addresses)) for tool in tools
                      if context.mode == "full" or binary.debug < 100e6 or tool != "eu-addr2line"]  # minutes
    return rounds(grid, cells, count, budget, True, context.progress)


def _tree_cell(context, folder, blocks):
    def measure():
        outcome = context.runner.run([context.mmreport, "tree", "--json", "--no-symbols", folder])
        require(outcome, context.runner)
        if json.loads(outcome.stdout)["tree"]["blocks"] != blocks:
            raise Failure("fails (wrong number of blocks)")
        return {"cpu": outcome.cpu, "wall": outcome.wall, "rss": outcome.rss}
    return measure


def report_sizes(context):
    """mmreport tree by number of stacks, of blocks and of traces; there is no peer that reads the same."""
    count, budget = SETTINGS[context.mode]
    grid = Grid("report", "mmreport tree --json --no-symbols", ["mmreport"])
    cells = []
    shapes = [("stacks", n, n, 1000000, 1) for n in (1000, 10000, 100000)]
    shapes += [("blocks", n, 10000, n, 1) for n in (10000, 100000, 10000000)]
    shapes += [("traces", n, 1000, 10000, n) for n in (10, 100, 1000)]
    if context.mode == "quick":
        shapes = [("stacks", 10000, 10000, 1000000, 1), ("traces", 10, 1000, 10000, 10)]
    for what, size, stacks, blocks, traces in shapes:
        folder = os.path.join(context.scratch, f"report-{what}-{size}")
        os.makedirs(folder, exist_ok=True)
        context.progress(f"report: writing {size} {what}")
        for number in range(traces):
            path = os.path.join(folder, f"mmguard-{number}.mmg")
            if number < 10:
                tracefile.stacks(path, stacks, blocks, pid=number + 1, seed=number)
            else:  # other traces of the same few programs, as a fleet has
                shutil.copyfile(os.path.join(folder, f"mmguard-{number % 10}.mmg"), path)
        row = f"{size} {what}"
        grid.sizes[row] = (what, size)
        cells.append((row, "mmreport", _tree_cell(context, folder, blocks * traces)))
    return rounds(grid, cells, count, min(budget, 30), context.mode == "full", context.progress)
