#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Runs every suite and adds them up. Each suite ends with `suite NAME: N passed, N failed[, N skipped]`; the unit tests end with
# CUnit's own summary. The last line is the total over all. BUILD is the build folder. --quick leaves out what takes long.
set -u
cd "$(dirname "$0")/.." || exit 2
: "${BUILD:=$PWD/build}"
export BUILD
: "${HARNESS_PROGRESS=10}" # seconds between two signs of life
export HARNESS_PROGRESS
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

add() { # passed failed skipped
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# A suite that says nothing for a while is still there.
watch_silence() { # NAME
    local idle size=0 before
    exec {idle}<> <(:) # nothing ever comes from it
    while ! read -r -t "$HARNESS_PROGRESS" -u "$idle"; do
        before=$size
        size=$(stat -c %s "$log")
        [ "$size" != "$before" ] || echo "   $1: $SECONDS s"
    done
}

shown() { # name, command...: what it prints is shown, and kept in the log
    local name=$1 watcher
    shift
    echo "== $name"
    : >"$log"
    SECONDS=0
    watch_silence "$name" &
    watcher=$!
    "$@" 2>&1 | tee "$log"
    kill "$watcher"
    wait "$watcher" 2>/dev/null
}

suite() { # name, command...
    local name=$1
    shown "$@"
    local line
    line=$(grep -E "^suite [a-z]+: [0-9]+ passed, [0-9]+ failed" "$log" | tail -n 1)
    if [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)? ]]; then
        add "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]:-0}"
    else
        echo "suite $name ended without a result"
        add 0 1 0
    fi
}

suite layers bash tests/layers.sh
suite options bash tests/options.sh
suite filter bash tests/filter/run.sh
if [[ ${1:-} == --quick ]]; then
    suite preload env BACKENDS=move bash tests/preload/run.sh
else
    suite preload bash tests/preload/run.sh
    suite debug bash tests/debug.sh
    suite endings bash tests/endings/run.sh
    suite matrix bash tests/endings/matrix.sh
    suite killtest env KILLS=5 bash tests/killtest/run.sh
    suite variants bash tests/variants/run.sh
    suite cli bash tests/cli/run.sh
    suite fail bash tests/fail/run.sh --quick
    suite compat bash tests/compat/run.sh --quick
    suite bench bash tests/bench.sh
fi

shown unit "$BUILD/tests/unit-tests"
# CUnit's table: Type Total Ran Passed Failed Inactive
if read -r _ total ran ok bad _ < <(grep -E '^ +tests +[0-9]' "$log" | tail -n 1) && [ "$ran" = "$total" ]; then
    add "$ok" "$bad" 0
else
    echo "the unit tests did not come to their end"
    add 0 1 0
fi

if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
