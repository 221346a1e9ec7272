#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Some of tests/preload with a libguard.so whose invariants are checked (VARIANT=debug, base/guard_assert.h): threads, signals, forks, both
# heaps and their limits. One that needs the frames of an optimized build in a small stack is left out.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${BUILD:=$PWD/build}"
folder=$BUILD/tests/debug
mkdir -p "$folder" || exit 1
ln -sfn .. "$folder/tests"
ln -sf "$PWD/build/debug/libguard.so" "$folder/libguard.so"
ln -sf "$BUILD/mmreport" "$folder/mmreport"
ln -sf mmreport "$folder/mmguard"

# The checks are there: locks taken in the wrong order end the program.
${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Ilibguard -o "$folder/wrong_order" tests/debug_wrong_order.c build/debug/obj/libguard/{base,common}/*.o || exit 1
said=$("$folder/wrong_order" 2>&1)
[[ $? == 2 && $said == "libguard: an invariant does not hold: ranks_held >> rank == 0 (libguard/base/lock.c:"* ]] || {
    echo "FAILED: locks in the wrong order: $said"
    echo "suite debug: 0 passed, 1 failed"
    exit 1
}

names=$(cd tests/preload && ls *fork*.c *thread*.c stress*.c large*.c limit*.c leak_*.c use_after*.c double*.c heap_*.c history*.c \
    window*.c batch*.c compact*.c fair*.c budget*.c 2>/dev/null | sed 's/\.c$//' | grep -vx -e stress_signals)
# shellcheck disable=SC2086
BUILD=$folder BACKENDS='move compact' bash tests/preload/run.sh $names
