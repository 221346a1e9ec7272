#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Some thousand small programs with one bug each, and their corrected twins, which generate.py writes: every bug must be reported under
# its name, once, and nothing of the twins. STEP=1 runs all of them, otherwise every 11th. So again, fewer of them, with placement=start and in
# the compact heap. Then sweep.c. Ends with a line
# `suite variants: N passed, N failed`.

cd "$(dirname "$0")" || exit 2
BUILD=${BUILD:-$PWD/../../build}
folder=$BUILD/tests/variants
mkdir -p "$folder" || exit 2
passed=0 failed=0

one() { # LANGUAGE COMPILER...
    local language=$1
    shift
    python3 generate.py "$language" "$folder/all_$language.$language" "$folder/$language.list" "${STEP:-11}" || return
    "$@" -O0 -fno-builtin -w -D_GNU_SOURCE -o "$folder/all_$language" "$folder/all_$language.$language" -pthread || return
    judge "$language" "$folder/$language.list" "" || return
    [[ ${STEP:-11} == 1 ]] || thin_out "$folder/$language.list"
    judge "$language" "$folder/$language.list" placement=start &&
        judge "$language" "$folder/$language.list" guard=1000000
}

thin_out() { # LIST
    sed -n '1~5p' "$1" >"$1.new" && mv "$1.new" "$1"
}

judge() { # LANGUAGE LIST OPTIONS
    local result
    result=$(VARIANT_OPTIONS=$3 python3 judge.py "$BUILD/libguard.so" "$folder/all_$1" "$2")
    sed '$d' <<<"$result" | sed "s/^/FAILED: variants: ${3:+with $3: }/"
    result=${result##*$'\n'}
    [[ $result =~ ^([0-9]+)\ ([0-9]+)$ ]] || return
    passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[2])) failed=$((failed + BASH_REMATCH[2]))
}

one c "${CC:-gcc}" -std=gnu11 || failed=$((failed + 1))
one cc "${CXX:-g++}" -std=c++17 || failed=$((failed + 1))

sweep() {
    local traces=$folder/traces
    rm -rf "$traces" && mkdir "$traces" || return
    "${CC:-gcc}" -O0 -g -fno-builtin -w -o "$folder/sweep" sweep.c || return
    LD_PRELOAD=$BUILD/libguard.so MMGUARD_OPTIONS="report=none:dir=$traces" "$folder/sweep"
    "$BUILD/mmreport" errors --json "$traces"/*.mmg | python3 sweep.py
}

if sweep; then
    passed=$((passed + 1))
else
    echo "FAILED: variants: sweep"
    failed=$((failed + 1))
fi
echo "suite variants: $passed passed, $failed failed"
((failed == 0))
