#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# run.sh [--quick]: runs a correct program while the Nth of libguard's own memory calls (mmap, madvise, ioctl, mprotect, mremap, ...) fails, for N up to the
# number of calls of a run; and while all from the Nth on fail. The program must print and end as ever, with each backend. --quick takes a sample
# of N. Needs build/fail/libguard.so (make VARIANT=fail).
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD:=$PWD/build}" "${CC:=gcc}"
quick=0
[ "${1:-}" = --quick ] && quick=1
library=$PWD/build/fail/libguard.so
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
$CC -O1 -w -pthread -o "$work/victim" tests/fail/victim.c || exit 2

guarded() { # backend, failure
    cd "$work" && MMGUARD_OPTIONS="backend=$1:symbolize=0:report=none:exitcode=0:dir=$work" MMGUARD_FAIL=$2 \
        LD_PRELOAD=$library timeout -k 1 300 ./victim 2>"$work/stderr"
}

for backend in auto guard mprotect; do
    out=$(guarded $backend 0)
    calls=$(sed -n 's/^MMGUARD_FAIL: //p' "$work/stderr" | tail -n 1)
    if [ "$out" != "child 7, done" ] || [ -z "$calls" ]; then
        echo "FAILED: fail/$backend: without a failure: '$out', $(cat "$work/stderr")"
        failed=$((failed + 1))
        continue
    fi
    for lasting in "" +; do
        bad=0
        for ((n = 1; n <= calls; n += quick ? 1 + n / 6 + calls / 60 : 1 + n / 200)); do
            out=$(guarded $backend "$n$lasting")
            status=$?
            # A backend that was asked for and cannot work is refused, before the program starts.
            [ "$backend" != auto ] && [ $status -eq 2 ] && [ -z "$out" ] && continue
            if [ "$out" != "child 7, done" ] || [ $status -ne 0 ]; then
                # With every call failing there may be no memory at all: malloc returns NULL, which the victim aborts on, or a
                # thread cannot be made, which it answers with 1.
                [ -n "$lasting" ] && [ -z "$out" ] && [[ $status =~ ^(134|1)$ ]] && continue
                [ -n "$lasting" ] && [ "$out" = "child -6, done" ] && continue # in the child only
                bad=$((bad + 1))
                [ $bad -le 5 ] && echo "    $backend, failure $n$lasting of $calls: status $status, '$out', $(tail -n 1 "$work/stderr")"
            fi
        done
        if [ $bad -eq 0 ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "FAILED: fail/$backend${lasting:+ lasting}: $bad"
        fi
    done
done
echo "suite fail: $passed passed, $failed failed"
[ $failed -eq 0 ]
