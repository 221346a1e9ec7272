#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The benchmarks themselves, without measuring: scripts parse, drivers build without warnings and do their work bare and
# guarded, and mmreport counts what the made-up traces say.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${BUILD:=$PWD/build}" "${CC:=gcc}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

check() { # name, command...
    local name=$1
    shift
    if "$@" >"$work/output" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        head -n 20 "$work/output"
    fi
}

guarded() {
    env LD_PRELOAD="$BUILD/libguard.so" MMGUARD_OPTIONS="report=none:dir=$work:exitcode=0" "$@"
}

for script in bench/*.py; do
    check "$script" python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$script"
done
check "bench/deps.sh" bash -n bench/deps.sh
for driver in timed alloc_patterns block_memory leak_graph; do
    check "build $driver" "$CC" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 -o "$work/$driver" \
        "bench/micro/$driver.c" bench/micro/slices.c -pthread
done
for pattern in immediate lifo fifo random-100 two-threads handover realloc build-1000 large-65536-all; do
    check "$pattern" "$work/alloc_patterns" "$pattern" 1
    check "$pattern, guarded" guarded "$work/alloc_patterns" "$pattern" 1
done
check "block_memory" guarded "$work/block_memory" 100 64
check "leak_graph" guarded "$work/leak_graph" 100 10
check "figures and traces" env PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 python3 tests/bench_checks.py "$BUILD" "$work"
echo "suite bench: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
