#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the names mmreport finds with those of llvm-symbolizer: functions, files, lines and inline chains of random addresses.

    symbolizer_oracle.py [--addresses N] [--quick] [--keep DIR] [PROGRAM...]

Without a PROGRAM, builds the reporter's own sources and a C++ file with gcc and clang, DWARF 4 and 5, -O0, -O2 and -O2 -flto, and
separates their debug information in every way that is supported: stripped with .gnu_debuglink, build-id folder, dwz, split units,
compressed sections, symbol table only; then Debian's python3 and libc with their debug packages. --quick builds a few of them. BUILD is the folder with mmreport. Exit status 0: no difference that is
not explained; 77: llvm-symbolizer is missing. Each difference is printed with both answers.

Differences that are known, counted apart and not taken for errors:
  unknown to llvm        llvm-symbolizer finds no function: one that only the symbol table of the separate debug file has, for example
  alias                  one of several names of the same address in the symbol table
  line 0                 code without DWARF (crtstuff.c): llvm-symbolizer shows the name of the symbol table's FILE symbol, without a line
  inherited constructor  the two demanglers call a constructor that a class inherits by the name of the one class or the other
"""

import argparse
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("BUILD", os.path.join(TOP, "build"))

CPP = r"""
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>
namespace shop {
struct Item { std::string name; std::vector<double> prices; virtual ~Item() = default; };
template <class K, class V> class Cache {
    std::map<K, std::unique_ptr<V>> items;
  public:
    V &get(const K &key) { auto &slot = items[key]; if (!slot) slot = std::make_unique<V>(); return *slot; }
    void each(const std::function<void(V &)> &f) { for (auto &pair : items) f(*pair.second); }
};
static double total(const Item &item) {
    double sum = 0;
    for (double price : item.prices) { sum += price * 1.19; }
    return sum;
}
}
extern "C" double shop_run(int count) {
    shop::Cache<std::string, shop::Item> cache;
    double sum = 0;
    for (int i = 0; i < count; i++) {
        auto &item = cache.get(std::to_string(i % 7));
        item.name += "x";
        item.prices.push_back(i * 0.5);
        std::sort(item.prices.begin(), item.prices.end(), [](double a, double b) { return a > b; });
    }
    cache.each([&](shop::Item &item) { sum += shop::total(item); });
    return sum;
}
"""


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options).stdout


def sources(folder):
    cpp = os.path.join(folder, "shop.cc")
    if not os.path.exists(cpp):
        with open(cpp, "w") as out:
            out.write(CPP)
    found = [cpp]
    for layer in ("util", "model", "query", "render", "load"):
        path = os.path.join(TOP, "report", layer)
        found += sorted(os.path.join(path, f) for f in os.listdir(path) if f.endswith(".c"))
    return found


def build(folder, name, compiler, flags, link=()):
    """A shared library of all sources, compiled in parallel."""
    target = os.path.join(folder, name + ".so")
    objects, jobs = [], []
    os.makedirs(os.path.join(folder, name), exist_ok=True)
    for source in sources(folder):
        program = {"gcc": "g++", "clang": "clang++"}[compiler] if source.endswith(".cc") else compiler
        out = os.path.join(folder, name, os.path.basename(source) + ".o")
        objects.append(out)
        standard = [] if source.endswith(".cc") else ["-std=gnu11"]
        jobs.append([program, *standard, "-D_GNU_SOURCE", "-fPIC", "-w", "-I" + TOP + "/include", "-I" + TOP + "/report",
                     *flags, "-c", "-o", out, source])
    running = []
    for job in jobs:
        running.append(subprocess.Popen(job, cwd=os.path.join(folder, name)))
        if len(running) >= (os.cpu_count() or 1):
            if running.pop(0).wait() != 0:
                raise SystemExit("cannot compile " + " ".join(job))
    if any(one.wait() != 0 for one in running):
        raise SystemExit("cannot compile for " + name)
    extra = ["-fuse-ld=lld"] if compiler == "clang" else []
    run({"gcc": "g++", "clang": "clang++"}[compiler], "-shared", "-Wl,--build-id", *extra, *flags, *link, "-o", target, *objects,
        cwd=os.path.join(folder, name))
    return target


def text_addresses(path, count, seed=1):
    """Random addresses of the executable sections."""
    ranges = []
    for line in run("readelf", "-SW", path).splitlines():
        match = re.match(r"\s*\[\s*\d+\]\s+(\.text\S*)\s+PROGBITS\s+([0-9a-f]+)\s+[0-9a-f]+\s+([0-9a-f]+)", line)
        if match:
            ranges.append((int(match.group(2), 16), int(match.group(3), 16)))
    chance = random.Random(seed)
    total = sum(size for _, size in ranges)
    found = set()
    while len(found) < min(count, total // 2):
        at = chance.randrange(total)
        for start, size in ranges:
            if at < size:
                found.add(start + at)
                break
            at -= size
    return sorted(found)


def llvm(path, addresses):
    text = "\n".join("0x%x" % a for a in addresses) + "\n"
    out = run("llvm-symbolizer", "--obj=" + path, "--output-style=JSON", input=text)
    answers = []
    for line in out.splitlines():
        answer = json.loads(line)
        chain = [(s["FunctionName"], s["FileName"], s["Line"]) for s in answer.get("Symbol", [])]
        answers.append([c for c in chain if c != ("", "", 0)])
    return demangle_rest(answers)


def demangle_rest(answers):
    """What llvm's demangler gave up on, binutils' may read."""
    names = sorted({c[0] for chain in answers for c in chain if c[0].startswith("_Z")})
    if not names:
        return answers
    plain = dict(zip(names, run("c++filt", input="\n".join(names) + "\n").splitlines()))
    return [[(plain.get(c[0], c[0]), *c[1:]) for c in chain] for chain in answers]


def ours(path, addresses, options):
    text = "\n".join("0x%x" % a for a in addresses) + "\n"
    out = run(os.path.join(BUILD, "mmreport"), "_symbolize", "--no-cache", *options, path, input=text)
    answers = []
    for line in out.splitlines():
        answer = json.loads(line)
        answers.append([(s.get("function", ""), s.get("file", ""), s["line"]) for s in answer["symbols"]])
    return answers


def lambda_name(match):
    """The two demanglers count lambdas differently: {lambda(int)#1} is 'lambda'(int), #2 is 'lambda0'(int)."""
    number = int(match.group(2)) - 2
    return "'lambda%s'%s" % (number if number >= 0 else "", match.group(1))


def plain_name(name):
    name = re.sub(r"\{lambda(\([^{}]*\))#(\d+)\}", lambda_name, name)
    name = re.sub(r"\{unnamed type#(\d+)\}", "'unnamed'", name)
    return re.sub(r"\s+", "", re.sub(r"\(\.(?:[a-z]+\.?\d*)\)|\[clone [^]]*\]|(?:\.(?:lto_priv|constprop|isra|part|cold|[0-9]+))+", "", name))


def plain_file(path):
    return os.path.normpath(path) if path else ""


def aliases(path):
    """Names of the symbol table that share an address."""
    by_address = collections.defaultdict(set)
    out = subprocess.run(["nm", "-C", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    number = build_id(path)
    debug = f"/usr/lib/debug/.build-id/{number[:2]}/{number[2:]}.debug"
    out += subprocess.run(["nm", "-C", debug], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    out += subprocess.run(["nm", "-CD", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for line in out.splitlines():
        match = re.match(r"([0-9a-f]+) [tTwWiu] (.*)", line)
        if match:
            by_address[match.group(1)].add(plain_name(match.group(2).split("@")[0]))
    groups = {}
    for names in by_address.values():
        for name in names:
            groups.setdefault(name, set()).update(names)
    return groups


def same(theirs, own, groups):
    """None if the chains agree, else what differs."""
    if all(name == "" for name, _, _ in theirs) and own and own[0][0]:
        return "unknown to llvm"
    if len(theirs) != len(own):
        return "chain"
    verdict = None
    for i, (a, b) in enumerate(zip(theirs, own)):
        if plain_name(a[0]) != plain_name(b[0]):
            if plain_name(b[0]) in groups.get(plain_name(a[0]), ()):
                verdict = verdict or "alias"
            elif re.sub(r"\w+(\([^()]*\))$", r"\1", plain_name(a[0])) == re.sub(r"\w+(\([^()]*\))$", r"\1", plain_name(b[0])):
                verdict = verdict or "inherited constructor"
            else:
                return "function"
        if plain_file(a[1]) != plain_file(b[1]):
            return "file" if a[2] and b[2] else "line 0"
        if a[2] != b[2]:
            if a[2] and b[2]:
                return "line"
            verdict = verdict or "line 0"
    return verdict


def brief(chain):
    return " < ".join("%s %s:%d" % (name if len(name) < 100 else name[:50] + "..." + name[-50:], file[-40:], line) for name, file, line in chain)


KNOWN = ("unknown to llvm", "alias", "line 0", "inherited constructor")


def compare(title, path, count, options=(), reference=None, show=5):
    addresses = text_addresses(path if not reference else reference, count)
    theirs, own = llvm(reference or path, addresses), ours(path, addresses, options)
    groups = aliases(reference or path)
    verdicts = collections.Counter()
    shown = 0
    for address, a, b in zip(addresses, theirs, own):
        verdict = same(a, b, groups)
        verdicts[verdict or "agree"] += 1
        if verdict and (verdict not in KNOWN or os.environ.get("SHOW_KNOWN")) and shown < show:
            shown += 1
            print(f"    {verdict} at 0x{address:x}\n      llvm: {brief(a)}\n      ours: {brief(b)}")
    if len(theirs) != len(addresses) or len(own) != len(addresses):
        verdicts["missing"] += abs(len(theirs) - len(own)) or 1
    wrong = sum(n for v, n in verdicts.items() if v != "agree" and v not in KNOWN)
    counts = ", ".join(f"{n} {v}" for v, n in sorted(verdicts.items(), key=lambda x: -x[1]))
    print(f"{'ok' if not wrong else 'FAILED'} {title}: {len(addresses)} addresses: {counts}", flush=True)
    return wrong


def build_id(path):
    return re.search(r"Build ID: ([0-9a-f]+)", run("readelf", "-nW", path)).group(1)


def separate(folder, library):
    """Stripped copies of a library and the ways its debug information is kept apart: (title, path, options)."""
    base = os.path.join(folder, "apart")
    os.makedirs(base, exist_ok=True)
    stripped = os.path.join(base, "link.so")
    debug = os.path.join(base, "link.debug")
    run("objcopy", "--only-keep-debug", library, debug)
    run("objcopy", "--strip-all", "--add-gnu-debuglink=" + debug, library, stripped)
    yield "stripped, .gnu_debuglink", stripped, ()
    number = build_id(library)
    tree = os.path.join(base, "debug", ".build-id", number[:2])
    os.makedirs(tree, exist_ok=True)
    shutil.copy(debug, os.path.join(tree, number[2:] + ".debug"))
    alone = os.path.join(base, "alone.so")
    run("objcopy", "--strip-all", library, alone)
    yield "stripped, build-id folder", alone, ("--debug-dir=" + os.path.join(base, "debug"),)
    root = os.path.join(base, "root")
    os.makedirs(root + base, exist_ok=True)
    moved = os.path.join(base, "moved.so")
    shutil.copy(library, root + moved)
    shutil.copy(alone, moved)
    yield "below a sysroot", moved, ("--sysroot=" + root, "--debug-dir=/nonexistent")
    packed = os.path.join(base, "zlib.so")
    run("objcopy", "--compress-debug-sections=zlib", library, packed)
    yield "compressed sections (zlib)", packed, ()
    if shutil.which("dwz"):
        one, two, common = (os.path.join(base, n) for n in ("dwz1.so", "dwz2.so", "dwz.common"))
        shutil.copy(library, one)
        shutil.copy(library, two)
        subprocess.run(["dwz", "-m", common, one, two], stderr=subprocess.DEVNULL, check=False)
        if os.path.exists(common):
            yield "dwz with a common file", one, ()
        alone = os.path.join(base, "dwz0.so")
        shutil.copy(library, alone)
        if subprocess.run(["dwz", alone], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            yield "dwz alone", alone, ()


def own_binaries(folder, count, quick):
    wrong = 0
    matrix = [(c, d, o) for c in ("gcc", "clang") for d in (4, 5) for o in ("-O0", "-O2", "-O2 -flto")]
    for compiler, dwarf, optimization in [("gcc", 5, "-O2")] if quick else matrix:
        name = f"{compiler}-{dwarf}{optimization.replace(' ', '')}"
        library = build(folder, name, compiler, [f"-gdwarf-{dwarf}", "-g", *optimization.split()])
        wrong += compare(f"{compiler}, DWARF {dwarf}, {optimization}", library, count)
    library = os.path.join(folder, "gcc-5-O2.so")
    for title, path, options in separate(folder, library):
        wrong += compare(title, path, count, options, reference=library)
    for compiler, dwarf in [] if quick else [("gcc", 5), ("gcc", 4), ("clang", 5), ("clang", 4)]:
        library = build(folder, f"{compiler}-split{dwarf}", compiler, [f"-gdwarf-{dwarf}", "-g", "-gsplit-dwarf", "-O2"])
        # llvm-symbolizer 14 does not read every split unit; the same code is in the library that is not split.
        whole = os.path.join(folder, f"{compiler}-{dwarf}-O2.so")
        wrong += compare(f"{compiler}, DWARF {dwarf}, split units", library, count, reference=whole)
    if not quick:
        plain = build(folder, "symtab", "gcc", ["-O2", "-g0"])
        wrong += compare("symbol table only", plain, count)
    return wrong


def debian_programs(count):
    """Programs of Debian whose debug files are installed (python3-dbg, libc6-dbg)."""
    wrong = 0
    for name in ("/usr/bin/python3", "/usr/lib/x86_64-linux-gnu/libc.so.6"):
        path = os.path.realpath(name)
        number = build_id(path) if os.path.exists(path) else ""
        if os.path.exists(f"/usr/lib/debug/.build-id/{number[:2]}/{number[2:]}.debug"):
            wrong += compare(f"{path} with its debug package", path, count)
        else:
            print(f"skipped {name}: its debug package is not installed")
    return wrong


def second_reader(folder, count):
    """libdw against libdwarf. The library's version of Debian 12 names wrong files for DWARF 5, so they count for DWARF 4 only."""
    wrong = 0
    for compiler in ("gcc", "clang"):
        for dwarf in (4, 5):
            path = os.path.join(folder, f"{compiler}-{dwarf}-O2.so")
            if not os.path.exists(path):
                continue
            addresses = text_addresses(path, count)
            one, other = ours(path, addresses, ()), ours(path, addresses, ("--dwarf=libdwarf",))
            verdicts = collections.Counter(same(a, b, {}) or "agree" for a, b in zip(one, other))
            bad = len(addresses) - verdicts["agree"] - (verdicts["file"] if dwarf == 5 else 0)
            counts = ", ".join(f"{n} {v}" for v, n in sorted(verdicts.items(), key=lambda x: -x[1]))
            print(f"{'ok' if not bad else 'FAILED'} libdwarf, {compiler}, DWARF {dwarf}: {len(addresses)} addresses: {counts}", flush=True)
            wrong += bad
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--addresses", type=int, default=2000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    if not shutil.which("llvm-symbolizer"):
        print("llvm-symbolizer is not installed")
        return 77
    if options.programs:
        return int(any([compare(p, os.path.realpath(p), options.addresses) for p in options.programs]))
    folder = options.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    try:
        wrong = own_binaries(folder, options.addresses, options.quick) + second_reader(folder, options.addresses)
        return int(wrong + (0 if options.quick else debian_programs(options.addresses)) != 0)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
