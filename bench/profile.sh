#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Where the time of a program goes under libguard: `profile.sh PROGRAM [ARGUMENT...]`. MMGUARD_OPTIONS counts as usual. The program's
# output goes where it always does; then come the shares of kernel, libguard and the rest, and the functions that take most.
set -u
: "${BUILD:=$(dirname "$0")/../build}"
(($#)) || {
    echo "usage: make profile PROG='program arguments'" >&2
    exit 2
}
command -v perf >/dev/null || {
    echo "perf is missing: apt-get install linux-perf" >&2
    exit 2
}
data=$(mktemp) || exit 2
trap 'rm -f "$data" "$data.log"' EXIT
# By time where the processor's counters are out of reach, as in most virtual machines.
event=cycles
perf stat -e cycles true 2>&1 | grep -q 'not supported' && event=cpu-clock
perf record -q -e "$event" -F 4000 -g -o "$data" env LD_PRELOAD="$BUILD/libguard.so" "$@"
status=$?
[[ -s $data ]] || {
    echo "perf recorded nothing; it needs root, or kernel.perf_event_paranoid of 1 or less" >&2
    exit 2
}
for by in dso symbol; do
    echo
    echo "share by $by:"
    perf report -i "$data" --no-children -g none --percent-limit 0.5 --sort "$by" --stdio 2>"$data.log" | grep -vE '^(#|$)' | head -n 30
done
echo
echo "system calls and page faults, with all below them:"
perf report -i "$data" --children -g none --percent-limit 2 --sort symbol --stdio 2>"$data.log" | grep -E '__x64_sys_|page_fault' | head -n 20
exit $status
