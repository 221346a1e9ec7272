# SPDX-License-Identifier: MIT
"""Family `capture`: nanoseconds a call stack, in made-up patterns and in real programs."""
import os

import macro

SCALES = {"quick": 1, "bench": 12, "full": 100}
PROGRAMS = ("cc1plus", "perl", "sqlite3")


def _patterns(context):
    outcome = context.runner.run([context.driver("stack_capture", "plain")], timeout=120)
    if outcome.status != 0:
        context.failures.append(f"stack_capture ended with status {outcome.status}")
    return outcome.stdout.decode(errors="replace").strip().splitlines()


def _in_program(context, program, library):
    """Both unwinders at each malloc and free of the program, one right after the other (tests/oracle/stack_oracle.c)."""
    log = os.path.join(context.scratch, "captures")
    if os.path.exists(log):
        os.unlink(log)
    outcome = context.runner.run(program.command, stdin=program.stdin, timeout=120, env={
        **program.env, "LD_PRELOAD": library, "STACK_ORACLE_LOG": log, "STACK_ORACLE_TIMES": "1"})
    if outcome.status != 0 or not os.path.exists(log):
        context.failures.append(f"stacks of {program.name}: status {outcome.status}")
        return []
    with open(log, encoding="ascii") as file:
        words = file.read().split()
    counts = {}
    for name, value in zip(words[::2], words[1::2]):
        counts[name] = counts.get(name, 0) + int(value)
    return [f"{program.name}-{method} {counts[method + '-ns'] / counts['captures']:.1f}"
            for method in ("guard", "libunwind") if counts.get(method + "-ns")]


def captures(context):
    """Lines of `PATTERN-METHOD NANOSECONDS`."""
    lines = _patterns(context)
    library = os.path.join(context.library_folder, "tests", "stack_oracle.so")
    if not os.path.exists(library):
        context.say("skipped: stacks of real programs (make build/tests/stack_oracle.so)")
        return "\n".join(lines)
    for program in macro.programs(context, SCALES[context.mode]):
        if program.name in PROGRAMS:
            context.progress(f"capture: {program.name}")
            lines += _in_program(context, program, library)
    return "\n".join(lines)
