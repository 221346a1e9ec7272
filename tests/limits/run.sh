#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How far the heap goes. Prints what it measures, and checks what must hold on any machine: mappings and memory a block stay bounded, an old free is
# still found, a rare call site is still guarded beyond the budget, programs run in little address space and in a small memory control group. Sizes come from SCALE (1: as the
# figures in the README, wants 16 GiB; 0.05: a quick run).
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD:=$PWD/build}" "${CC:=gcc}" "${SCALE:=1}"
work=$BUILD/tests/limits
mkdir -p "$work"
passed=0 failed=0
for program in huge_pages live_blocks many_pairs rare_site; do
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

out=$("$BUILD/mmguard" "$work/huge_pages" 64 2>&1)
echo "$out"
if grep -qE '\[(madvise|always)\]' /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null; then
    [[ $out =~ \ ([0-9]+)\ kB\ in\ huge\ pages ]]
    check "huge pages: all of a block of 64 MiB but its tail" "[ ${BASH_REMATCH[1]:-0} -ge $((62 << 10)) ]"
else
    echo "no huge pages on this machine"
fi

out=$("$BUILD/mmguard" --guard=all --error-exitcode=0 "$work/live_blocks" "$(scaled 2000000)" 2>&1)
echo "$out" | head -n 2
[[ $out =~ blocks:\ ([0-9]+)\ bytes\ each,\ ([0-9]+)\ mappings ]]
check "live blocks: at most 4300 bytes each" "[ ${BASH_REMATCH[1]:-9999} -le 4300 ]"
check "live blocks: fewer than 100 mappings" "[ ${BASH_REMATCH[2]:-999} -lt 100 ]"

out=$("$BUILD/mmguard" --guard=all "$work/many_pairs" "$(scaled 50000000)" read 2>&1)
echo "$out" | grep -E 'RSS|use-after-free'
check "many pairs: a use of the first block freed is found" "grep -q use-after-free-read <<<\"\$out\""
growth=$(sed -n 's/.*RSS \([0-9]*\) MB.*/\1/p' <<<"$out" | tail -n 1)
check "many pairs: memory stays level" "[ ${growth:-9999} -lt 128 ]"
mapfile -t tables < <(sed -n 's/.*page tables \([0-9]*\) KB.*/\1/p' <<<"$out")
check "many pairs: page tables stay level" "[ $((${tables[1]:-9999} - ${tables[0]:-0})) -lt 256 ]"

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

# A memory control group with its limit, below the one we are in or beside one above that (version 2 has no groups below one with processes).
# Prints its folder; fails where none can be made. No group that was there before is changed.
make_group() { # bytes
    local line own root group limit
    while IFS= read -r line; do
        own=${line#*:*:}
        case $line in
        *:memory:*) root=/sys/fs/cgroup/memory limit=memory.limit_in_bytes ;;
        0::*) root=/sys/fs/cgroup limit=memory.max ;;
        *) continue ;;
        esac
        while :; do
            group=$root${own%/}/mmguard-limits-$$
            if mkdir "$group" 2>/dev/null; then
                if { echo "$1" >"$group/$limit" && (echo "$BASHPID" >"$group/cgroup.procs"); } 2>/dev/null; then
                    echo "$group"
                    return 0
                fi
                rmdir "$group"
            fi
            [ "${own%/}" ] || break
            own=${own%/*}
        done
    done </proc/self/cgroup
    return 1
}

# How many of the group's processes the kernel has killed for want of memory.
killed_in() { # group
    awk '$1 == "oom_kill" { print $2 }' "$1/memory.oom_control" "$1/memory.events" 2>/dev/null
}

in_group() { # megabytes, cases of tests/compat...
    local size=$1 group
    shift
    if ! group=$(make_group $((size << 20))); then
        echo "no memory control group can be made here (needs root or a delegated group): $size MB not tried"
        return
    fi
    out=$(
        echo "$BASHPID" >"$group/cgroup.procs"
        BUILD=$BUILD CC=$CC bash tests/compat/run.sh "$@" 2>&1
    )
    status=$?
    peak=$(cat "$group/memory.max_usage_in_bytes" "$group/memory.peak" 2>/dev/null)
    echo "control group of $size MB, $*: $(tail -n 1 <<<"$out"); peak $((${peak:-0} >> 20)) MB, killed $(killed_in "$group")"
    check "control group of $size MB: $*" "[ $status -eq 0 ] && [ \"$(killed_in "$group")\" = 0 ]"
    [ $status -eq 0 ] || echo "$out"
    # The last process may still be on its way out.
    for _ in {1..100}; do
        rmdir "$group" 2>/dev/null && return
        read -rt 0.1 <> <(:)
    done
    echo "left behind: $group"
}
in_group 512 python perl sqlite
in_group 128 python perl sqlite

echo "suite limits: $passed passed, $failed failed"
[ $failed -eq 0 ]
