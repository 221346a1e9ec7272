#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Kills a guarded program that allocates in four threads at random moments, KILLS times, and compares what its live file shows with the journal it
# kept itself; mmreport must be able to read each file. Ends with `suite killtest: N passed, N failed`.

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
BUILD=$(cd "${BUILD:-$top/build}" && pwd) || exit 2
KILLS=${KILLS:-300}
CC=${CC:-cc}
here=$top/tests/killtest
programs=$BUILD/tests/killtest
passed=0 failed=0 blocks=0
unset MMGUARD_OPTIONS LD_PRELOAD

mkdir -p "$programs" || exit 2
$CC -std=gnu11 -O1 -g -w -o "$programs/allocating" "$here/allocating.c" -pthread &&
    $CC -std=gnu11 -O1 -g -w -I"$top/include" -o "$programs/compare" "$here/compare.c" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

one_kill() { # MILLISECONDS
    local pid trace status=0 tries=0
    rm -f journal ./*.mmg*
    {
        MMGUARD_OPTIONS=record=1 LD_PRELOAD=$BUILD/libguard.so "$programs/allocating" journal 2>said &
        pid=$!
        # From the first operation on, so that the moments are spread over the program's work and not over its start.
        until [[ -s journal ]] || ((tries++ > 1000)); do read -rt 0.002 <> <(:) || :; done
        read -rt "$(printf '0.%03d' "$1")" <> <(:) || :
        kill -KILL $pid
        wait $pid
    } 2>/dev/null
    trace=$(echo mmguard-allocating-$pid*.mmg)
    [[ -e $trace ]] || {
        echo "no live file after $1 ms"
        cat said
        return 1
    }
    "$programs/compare" journal "$trace" >compared || status=1
    "$BUILD/mmreport" summary "$trace" >summary 2>&1
    (($? == 2)) && grep -q 'leaks not searched' summary && grep -q 'the process was killed' summary || status=1
    ((status == 0)) || cat compared summary
    read -r tries _ <compared
    blocks=$((blocks + tries))
    return $status
}

RANDOM=${SEED:-1}
for ((i = 0; i < KILLS; i++)); do
    if one_kill $((RANDOM % 150)); then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$blocks blocks in all agree"
echo "suite killtest: $passed passed, $failed failed"
((failed == 0))
