# SPDX-License-Identifier: MIT
"""Families `macro` (real programs, unmodified) and `built` (programs that can be built with ASan as well)."""
import os
import re
import shutil
import subprocess

import workloads
from measure import LAST_CPU, TWO_CPUS, Failure, Grid, require, rounds
from variants import of_family

SETTINGS = {  # rounds, scale of the inputs, seconds for all
    "quick": (1, 1, 20), "bench": (3, 12, 180), "full": (7, 100, 7200)}
QUICK_VARIANTS = ("glibc", "guard", "move", "memcheck")
QUICK_PROGRAMS = ("sqlite3", "perl", "python3")


class Program:
    """A command, with what tells whether it did its work."""

    def __init__(self, name, command, env=None, stdin=None, cpus=LAST_CPU, prepare=None, result=None, score=None):
        self.name = name
        self.command = command
        self.env = env or {}
        self.stdin = stdin
        self.cpus = cpus
        self.prepare = prepare  # before each run, untimed
        self.result = result or (lambda outcome: outcome.stdout)  # bytes that every variant must agree on
        self.score = score  # metrics of a program that measures itself


def _file(path):
    def read(_outcome):
        with open(path, "rb") as file:
            return file.read()
    return read


def _openssl_score(outcome):
    found = re.search(rb"^\+F:[^:]*:[^:]*:([\d.]+)", outcome.stdout, re.M)
    if not found:
        raise Failure("fails (no result)")
    return {"cpu": 1e9 / float(found.group(1)), "wall": 1e9 / float(found.group(1))}


def _git(repository, work):
    def fresh():
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(repository, work)

    def check(_outcome):
        left = subprocess.run(["git", "-C", work, "count-objects", "-v"], capture_output=True, check=False).stdout
        subprocess.run(["git", "-C", work, "fsck", "--full"], check=True, capture_output=True)
        return re.sub(rb"size-pack: \d+", b"", left)
    return fresh, check


def programs(context, scale):
    """The programs this machine has."""
    folder = os.path.join(context.scratch, "inputs")
    os.makedirs(folder, exist_ok=True)
    found = []
    compiler = subprocess.run([context.cxx, "-print-prog-name=cc1plus"], capture_output=True, text=True,
                              check=False).stdout.strip()
    if os.path.isabs(compiler):
        unit = workloads.cxx_unit(folder, context.cxx, scale)
        out = os.path.join(folder, "unit.s")
        found.append(Program("cc1plus", [compiler, "-quiet", "-std=c++17", "-O0", unit, "-o", out], result=_file(out)))
    else:
        context.say("skipped: cc1plus (not found)")

    def add(name, program, make):
        path = shutil.which(program, path="/usr/bin:/bin:" + os.environ.get("PATH", ""))
        if path:
            found.append(make(path))
        else:
            context.say(f"skipped: {name} ({program} is missing)")

    sql = workloads.sql_script(folder, scale)
    text = workloads.text_file(folder, scale)
    add("sqlite3", "sqlite3", lambda path: Program("sqlite3", [path, ":memory:"], stdin=sql))
    add("perl", "perl", lambda path: Program("perl", [path, workloads.perl_script(folder, scale)],
                                             env={"PERL_HASH_SEED": "0", "PERL_DESTRUCT_LEVEL": "2"}))
    add("python3", "python3", lambda path: Program(
        "python3", [path, "-S", workloads.python_script(folder, scale)],
        env={"PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "0"}))

    def git(path):
        work = os.path.join(folder, "gc")
        fresh, check = _git(workloads.git_repository(folder, scale), work)
        return Program("git gc", [path, "-C", work, "-c", "pack.threads=2", "gc", "-q", "--prune=now"], cpus=TWO_CPUS,
                       prepare=fresh, result=check)
    add("git gc", "git", git)
    add("xz", "xz", lambda path: Program("xz", [path, "-6", "-T1", "-c", text]))
    add("openssl speed", "openssl", lambda path: Program(
        "openssl speed", [path, "speed", "-mr", "-seconds", "1", "-bytes", "16384", "-evp", "sha256"],
        result=lambda outcome: b"", score=_openssl_score))
    add("gdb start-up", "gdb", lambda path: Program(
        "gdb start-up", [path, "-batch", "-nx", "-ex", "info line main", context.driver("alloc_patterns", "plain")]))
    add("node", "node", lambda path: Program("node", [path, workloads.node_script(folder, scale)], cpus=TWO_CPUS))
    return found


def _cell(context, program, variant, expected, command=None):
    def measure():
        if program.prepare:
            program.prepare()
        outcome = context.runner.run(variant.prefix + (command or program.command), env={**program.env, **variant.env},
                                     cpus=program.cpus, stdin=program.stdin)
        require(outcome, context.runner)
        try:
            result = workloads.digest(program.result(outcome))
        except (OSError, subprocess.CalledProcessError):
            raise Failure("fails (no result)") from None
        # heaptrack's script writes its own lines around the program's output; its result is not comparable byte for byte.
        if variant.name != "heaptrack" and expected.setdefault(program.name, result) != result:
            raise Failure("fails (wrong output)")
        metrics = {"wall": outcome.wall, "cpu": outcome.cpu, "rss": outcome.rss}
        return {**metrics, **program.score(outcome)} if program.score else metrics
    return measure


def real_programs(context):
    count, scale, budget = SETTINGS[context.mode]
    variants = of_family(context.variants, "macro")
    found = programs(context, scale)
    if context.mode == "quick":
        variants = [variant for variant in variants if variant.name in QUICK_VARIANTS]
        found = [program for program in found if program.name in QUICK_PROGRAMS]
    grid = Grid("macro", "real programs, seconds (openssl: a gigabyte)", [variant.name for variant in variants])
    expected = {}
    cells = [(program.name, variant.name, _cell(context, program, variant, expected))
             for program in found for variant in variants]
    return rounds(grid, cells, count, budget, context.mode == "full", context.progress)


def _build(context, name, sources, flags):
    """Builds a program of bench/programs plainly and with ASan; returns {build: path}."""
    built = {}
    for build, extra in (("plain", []), ("asan", ["-fsanitize=address"])):
        target = os.path.join(context.build, f"{name}-{build}")
        newest = max(os.path.getmtime(source) for source in sources)
        if not os.path.exists(target) or os.path.getmtime(target) < newest:
            compiler = context.cxx if sources[0].endswith(".cc") else context.cc
            context.progress(f"building {name}, {build}")
            subprocess.run([compiler, "-O2", "-g", *extra, *flags, "-o", target, *sources, "-lpthread", "-ldl", "-lm"],
                           check=True)
        built[build] = target
    return built


def built_programs(context):
    """libguard on the plain build against the build with ASan, whole programs."""
    if context.mode == "quick":
        return None
    count, scale, budget = SETTINGS[context.mode]
    variants = [variant for variant in of_family(context.variants, "macro", "built")
                if variant.name in ("glibc", "ASan") or "MMGUARD_OPTIONS" in variant.env]
    grid = Grid("built", "programs that are also built with ASan, seconds", [variant.name for variant in variants])
    folder = os.path.join(context.here, "programs")
    todo = [(Program("containers", [str(max(1, scale))]),
             _build(context, "containers", [os.path.join(folder, "containers.cc")], []))]
    sqlite = workloads.sqlite_source(context.build, context.say)
    if sqlite:
        sources = [os.path.join(folder, "sql_script.c"), os.path.join(sqlite, "sqlite3.c")]
        script = workloads.sql_script(context.scratch, scale)
        todo.append((Program("sqlite3.c", [script]), _build(context, "sql_script", sources, ["-I" + sqlite, "-w"])))
    expected = {}
    cells = [(program.name, variant.name,
              _cell(context, program, variant, expected, [built[variant.build]] + program.command))
             for program, built in todo for variant in variants]
    return rounds(grid, cells, count, min(budget, 60), context.mode == "full", context.progress)
