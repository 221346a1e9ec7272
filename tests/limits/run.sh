#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How far the heap goes. Prints what it measures, and checks what must hold on any machine: mappings and memory a block stay bounded, an old free is
# still found, a rare call site is still guarded beyond the budget, programs run in little address space. Sizes come from SCALE (1: as the
# figures in the README, wants 16 GiB; 0.05: a quick run).
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD:=$PWD/build}" "${CC:=gcc}" "${SCALE:=1}"
work=$BUILD/tests/limits
mkdir -p "$work"
passed=0 failed=0
for program in live_blocks many_pairs rare_site; do
    $CC -O2 -g -o "$work/$program" "tests/limits/$program.c" || exit 2
done

scaled() { awk "BEGIN { printf \"%d\", $1 * $SCALE }"; }

check() { # what, condition
    if eval "$2"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: limits/$1"
    fi
}

out=$("$BUILD/mmguard" --error-exitcode=0 "$work/live_blocks" "$(scaled 2000000)" 2>&1)
echo "$out" | head -n 2
[[ $out =~ blocks:\ ([0-9]+)\ bytes\ each,\ ([0-9]+)\ mappings ]]
check "live blocks: at most 4300 bytes each" "[ ${BASH_REMATCH[1]:-9999} -le 4300 ]"
check "live blocks: fewer than 100 mappings" "[ ${BASH_REMATCH[2]:-999} -lt 100 ]"

out=$("$BUILD/mmguard" "$work/many_pairs" "$(scaled 50000000)" read 2>&1)
echo "$out" | grep -E 'RSS|use-after-free'
check "many pairs: a use of the first block freed is found" "grep -q use-after-free-read <<<\"\$out\""
growth=$(sed -n 's/.*RSS \([0-9]*\) MB.*/\1/p' <<<"$out" | tail -n 1)
check "many pairs: memory stays level" "[ ${growth:-9999} -lt 128 ]"

out=$("$BUILD/mmguard" --budget="$(scaled 4096)M" "$work/rare_site" "$(scaled 30000000)" 2>&1)
echo "$out" | grep -E 'RSS|overflow'
check "rare site: its overflow is found at the instruction" "grep -q 'write at .* right after a 48-byte block' <<<\"\$out\""

limited() { # command...
    (ulimit -v 524288 && MMGUARD_OPTIONS="exitcode=0:report=none:dir=$work" LD_PRELOAD=$BUILD/libguard.so timeout 120 "$@" 2>"$work/stderr")
}
python=/usr/bin/python3
[ -x $python ] || python=python3
check "512 MB: python3" "[ \"\$(limited $python -c 'import json,re,decimal; print(sum(range(10**6)))')\" = 499999500000 ]"
check "512 MB: perl" "[ \"\$(limited perl -e 'my %h; \$h{\$_}=\"v\$_\" for 1..200000; print scalar(keys %h)')\" = 200000 ]"
check "512 MB: sqlite3" "[ \"\$(limited sqlite3 :memory: 'create table t(a,b); with recursive c(x) as (select 1 union all select x+1 from c where x<100000) insert into t select x,x*2 from c; select count(*) from t a join t b on a.a=b.rowid')\" = 100000 ]"
rm -f "$work"/*.mmg
echo "suite limits: $passed passed, $failed failed"
[ $failed -eq 0 ]
