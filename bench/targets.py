# SPDX-License-Identifier: MIT
"""The targets that are judged by this benchmark, and what a run says about each.

A target is (id, issue, text, function). The function takes the run and returns (figure in words, reached), where reached is
True, False or None for "this run cannot say".
"""
import math

import limits

THREADED_BEST = ("guard=fair", "revoke=fair", "revoke=batch:64")


def exponent(points):
    """Slope of the least-squares line through the logarithms of (size, cost); None if the sizes are too close."""
    logs = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if not logs or max(logs)[0] - min(logs)[0] < math.log(4):
        return None
    mean_x, mean_y = sum(x for x, _ in logs) / len(logs), sum(y for _, y in logs) / len(logs)
    return (sum((x - mean_x) * (y - mean_y) for x, y in logs) /
            sum((x - mean_x) ** 2 for x, _ in logs))


def _best(run):
    """The variant the library takes by default, among those measured."""
    return run.default_variant


def _pairs(limit, rows):
    def judge(run):
        parts, reached = [], True
        for row in rows:
            ratio = run.micro.ratio(row, _best(run), "ASan", "cpu")
            if ratio is None:
                return "not measured", None
            floor = run.micro.ratio(row, "bare move", "ASan", "cpu")
            parts.append(f"{row} {ratio:.2f}" + (f" (the bare kernel call: {floor:.2f})" if floor else ""))
            reached &= ratio <= limit
        aged = run.micro.ratio("aged-immediate", _best(run), "ASan", "cpu") if "immediate" in rows else None
        return (f"{_best(run)}: " + ", ".join(parts) +
                (f"; with ASan's quarantine full: immediate {aged:.2f}" if aged else ""), reached)
    return judge


def _peers_tenth(run):
    parts, reached = [], True
    for row in ("immediate", "lifo", "fifo", "random-100000"):
        for peer in ("efence", "DUMA"):
            ratio = run.micro.ratio(row, peer, _best(run), "cpu")
            state = run.micro.state(row, peer)
            if ratio is None:
                if state in ("-", "ok"):
                    return "not measured", None
                parts.append(f"{row} {peer} {state.split(' (')[0]}")
                continue
            parts.append(f"{row} {peer} {ratio:.1f}")
            reached &= ratio >= 10
    return f"times faster, {_best(run)}: " + ", ".join(parts), reached


def _two_threads(run):
    found = [(name, run.micro.ratio("two-threads", name, "ASan", "wall")) for name in THREADED_BEST]
    found = [(name, ratio) for name, ratio in found if ratio is not None]
    default = run.micro.ratio("two-threads", _best(run), "ASan", "wall")
    words = f"{_best(run)} {default:.1f}" if default else "not measured"
    if not found:
        return words + "; fair and batch:64 are not in this build", False if default else None
    aged = [(name, run.micro.ratio("aged-two-threads", name, "ASan", "wall")) for name in THREADED_BEST]
    return (words + "; " + ", ".join(f"{n} {r:.2f}" for n, r in found) + "; with ASan's quarantine full: " +
            ", ".join(f"{n} {r:.2f}" for n, r in aged if r), all(ratio <= 1 for _, ratio in found))


def _fair_programs(run):
    ratios = [(row, run.macro.ratio(row, "guard=fair", "glibc", "wall")) for row in ("sqlite3", "perl")]
    if any(ratio is None for _, ratio in ratios):
        ratios = [(row, run.macro.ratio(row, _best(run), "glibc", "wall")) for row in ("sqlite3", "perl")]
        if not any(ratio for _, ratio in ratios):
            return "not measured", None
        return (f"guard=fair is not in this build; {_best(run)}: " +
                ", ".join(f"{row} {ratio:.1f}" for row, ratio in ratios if ratio), False)
    return ", ".join(f"{row} {ratio:.1f}" for row, ratio in ratios), all(ratio <= 3 for _, ratio in ratios)


def _large(run):
    parts, reached = [], True
    for row in ("large-1048576-all", "large-67108864-all"):
        ratio = run.micro.ratio(row, "ASan", _best(run), "cpu")
        if ratio is None:
            return "not measured", None
        parts.append(f"{row} {ratio:.1f}")
        reached &= ratio >= 10
    return f"times faster, {_best(run)}: " + ", ".join(parts), reached


def _block_bytes(run):
    if not run.memory.rows:
        return "not measured", None
    row = run.memory.rows[-1]
    rss, tables = (run.memory.median(row, _best(run), name) for name in ("rss", "tables"))
    mappings = run.memory.median(row, _best(run), "mappings")
    if rss is None:
        return "not measured", None
    words = f"{_best(run)}, {row}: {rss:.0f} B + {tables:.0f} B of page tables a block, {mappings:.0f} mappings"
    return words, rss + tables <= 4300 and mappings < 100


def _leak(peer, limit, at_most):
    def judge(run):
        row = "1000000 blocks"
        ratio = (run.leak.ratio(row, _best(run), peer, "check cpu") if at_most else
                 run.leak.ratio(row, peer, _best(run), "check cpu"))
        if ratio is None:
            return f"not measured ({_best(run)}: {run.leak.state(row, _best(run))}, {peer}: {run.leak.state(row, peer)})", None
        return f"{ratio:.2f}", ratio <= limit if at_most else ratio >= limit
    return judge


def _leak_four(run):
    row = "4000000 blocks"
    if row not in run.leak.rows:
        return "not measured", None
    state = run.leak.state(row, _best(run))
    seconds = run.leak.median(row, _best(run), "check cpu")
    return (f"{seconds:.2f} s CPU" if seconds else state), state == "ok"


def _symbols(peer, limit, ours="mmreport"):
    def judge(run):
        rows = [row for row, (_, count) in run.symbols.sizes.items() if count == 10000]
        row = max(rows, key=lambda name: run.symbols.sizes[name][0], default=None)
        ratio = run.symbols.ratio(row, ours, peer, "cpu") if row else None
        if ratio is None:
            return "not measured" + (f" ({run.symbols.state(row, peer)})" if row else ""), None
        large = run.symbols.sizes[row][0] >= 300e6
        words = f"{ratio:.2f} on {row}" + ("" if large else "; the file of 300 MB was not there")
        return words, ratio <= limit
    return judge


def _tree(run):
    cpu, rss = (run.report.median("100000 stacks", "mmreport", name) for name in ("cpu", "rss"))
    if cpu is None:
        return "not measured", None
    return f"{cpu:.2f} s, {rss / 1e6:.0f} MB", cpu <= 1 and rss <= 400e6


def _merged(run):
    state = run.report.state("1000 traces", "mmreport")
    cpu = run.report.median("1000 traces", "mmreport", "cpu")
    if state == "-":
        return "not measured", None
    return (f"{cpu:.2f} s CPU" if cpu else state), state == "ok"


def _capture(run):
    costs = {}
    for line in (run.capture or "").splitlines():
        name, _, value = line.rpartition(" ")
        try:
            costs[name.strip()] = float(value)
        except ValueError:
            pass
    patterns = [name[:-len("-guard")] for name in costs if name.endswith("-guard")]
    parts = [(name, costs[name + "-guard"], costs[name + "-libunwind"]) for name in patterns if name + "-libunwind" in costs]
    if not parts:
        return "not measured", None
    return (", ".join(f"{name} {ours:.0f} ({theirs:.0f})" for name, ours, theirs in parts),
            all(ours < theirs for _, ours, theirs in parts))


def _limit(judge):
    def of_run(run):
        words, reached = judge(run.limits)
        return words or "not measured", reached
    return of_run


TARGETS = [
    ("pair", 3, "malloc+free with both stacks: CPU time to ASan's <= 1.15 (immediate, LIFO, FIFO)",
     _pairs(1.15, ("immediate", "lifo", "fifo"))),
    ("pair-random", 3, "the same, random over 100k live: <= 1.35", _pairs(1.35, ("random-100000",))),
    ("pair-peers", 3, ">= 10 times faster than Electric Fence and DUMA on each", _peers_tenth),
    ("threads", 3, "two threads: `fair` and `batch:64` no slower than ASan (wall time to ASan's)", _two_threads),
    ("fair", 3, "guard=fair: sqlite3 and perl <= 3 times native wall time", _fair_programs),
    ("large", 3, "1 MiB and 64 MiB blocks, every page touched: >= 10 times faster than ASan", _large),
    ("block-bytes", 3, "many live 64-byte blocks: <= 4.3 KB each, < 100 mappings", _block_bytes),
    ("huge-pages", 3, "a 64 MiB block shows AnonHugePages for all but its tail",
     _limit(limits.huge_pages)),
    ("level", 3, "20 million malloc/free pairs: VmPTE and RSS level", _limit(limits.level)),
    ("budget", 3, "30 million live 64-byte blocks under budget=4G complete within it and what the compact heap needs; a rare "
     "site is still guarded", _limit(limits.budget)),
    ("late", 3, "a use after free 50 million frees later still faults and is classified", _limit(limits.late)),
    ("capture", 4, "ns a capture with id below libunwind's (in brackets) without id, on each pattern", _capture),
    ("leak-lsan", 6, "leak check of 1 million 64-byte blocks in a random graph: CPU time <= 0.8 of LeakSanitizer's",
     _leak("LSan", 0.8, True)),
    ("leak-memcheck", 6, "the same: >= 10 times faster than memcheck's", _leak("memcheck, leaks", 10, False)),
    ("leak-four", 6, "4 million blocks complete", _leak_four),
    ("symbols-llvm", 7, "cold CPU time on 10,000 random addresses: <= 1/2 of llvm-symbolizer's",
     _symbols("llvm-symbolizer", 0.5)),
    ("symbols-addr2line", 7, "the same: <= 1/10 of addr2line's", _symbols("addr2line", 0.1)),
    ("symbols-warm", 7, "with the warm cache: <= 1/50 of llvm-symbolizer's cold time",
     _symbols("llvm-symbolizer", 0.02, "mmreport, again")),
    ("tree", 7, "1 million leaked blocks over 100,000 30-frame stacks: tree --json <= 1 s CPU and <= 400 MB", _tree),
    ("traces", 7, "1,000 traces merged", _merged),
]
