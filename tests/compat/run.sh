#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Runs real programs bare and under mmguard. A case passes when standard output and exit status are identical, standard
# error holds no error of libguard's beside what the bare run printed, every leak is listed as known, and mmreport reads
# every trace.
#
#     run.sh [--quick] [PATTERN...]      --quick: only cases that say so, on less data
#
# cases/NAME.sh is a piece of bash that defines
#
#     needs="PROGRAM ..."   skipped when one is missing
#     unguarded=1           it has an allocator of its own: that must be said, and be the status where the program's is 0
#     quick=1               also part of the quick slice; $QUICK is set there
#     prepare()             makes input files in the working directory, once (optional)
#     run()                 starts the program by `guarded PROGRAM ARGUMENTS`, which is mmguard in the second run; the working
#                           directory is a fresh copy of the prepared one each time
#     normalize()           filters standard output, for what changes from run to run (optional)
#
# cases/NAME.leaks lists leaks that are the program's own: lines of "REGEX  # REASON", matched against the functions and
# modules on the path of a leak.

quick=
if [[ ${1:-} == --quick ]]; then
    quick=1
    shift
    export QUICK=1
fi
. "$(dirname "$0")/../harness.sh"

export PATH=$BUILD:$PATH:/usr/sbin
for folder in /usr/lib/postgresql/*/bin; do
    PATH+=:$folder
done
SOURCES=$top
PYTHON=python3
[[ -x /usr/bin/python3 ]] && PYTHON=/usr/bin/python3

guarded() {
    if [[ $GUARD ]]; then
        timeout --foreground "${TIMEOUT:-900}" \
            mmguard --error-exitcode=0 --color=never ${BACKEND:+--backend="$BACKEND"} -o "$HARNESS_WORK/traces" -- "$@"
    else
        "$@"
    fi
}

# Waits for a server: until a command succeeds, half a minute at most.
wait_for() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    echo "still waiting for: $*"
    return 1
}

free_port() {
    "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

normalize() {
    cat
}

prepare() {
    :
}

# Leaks that no line of the list explains.
unlisted_leaks() { # NAME
    local list=$here/cases/$1.leaks pattern
    # Not every process must have been searched for leaks (one may have been killed), but one at least.
    mmreport tree --json --min=0 "$HARNESS_WORK"/traces/*.mmg >"$HARNESS_WORK/tree.json" 2>"$HARNESS_WORK/tree.message" ||
        [[ -s $HARNESS_WORK/tree.json ]] || {
        cat "$HARNESS_WORK/tree.message"
        return 1
    }
    [[ -e $list ]] && while read -r pattern; do
        pattern=${pattern%%#*}
        pattern=${pattern%"${pattern##*[![:space:]]}"}
        [[ $pattern ]] && printf '%s\n' "$pattern"
    done <"$list" >"$HARNESS_WORK/patterns"
    "$PYTHON" "$here/leaks.py" "$HARNESS_WORK/patterns" <"$HARNESS_WORK/tree.json" | cut -c 1-400 | head -n 20
    return "${PIPESTATUS[0]}"
}

attempt() { # FOLDER: runs the case in a fresh copy of what was prepared
    cp -a "$HARNESS_WORK/prepared" "$HARNESS_WORK/work" || return 1
    (
        cd "$HARNESS_WORK/work" &&
            run >"$HARNESS_WORK/$1.stdout.raw" 2>"$HARNESS_WORK/$1.stderr"
        echo $? >"$HARNESS_WORK/$1.status"
    )
    rm -rf "$HARNESS_WORK/work"
    normalize <"$HARNESS_WORK/$1.stdout.raw" >"$HARNESS_WORK/$1.stdout"
}

run_case() { # NAME
    local needs="" unguarded="" program failed=0
    # shellcheck disable=SC1090
    . "$here/cases/$1.sh"
    for program in $needs; do
        command -v "$program" >/dev/null || {
            echo "no $program here"
            return 77
        }
    done
    mkdir prepared traces
    (cd prepared && prepare) || {
        echo "prepare failed"
        return 1
    }
    GUARD=''
    attempt bare
    GUARD=1
    attempt guarded

    diff -u bare.stdout guarded.stdout | head -n 40
    ((PIPESTATUS[0] == 0)) || failed=1
    local expected
    expected=$(<bare.status)
    [[ $unguarded && $expected == 0 ]] && expected=2
    if [[ $(<guarded.status) != "$expected" ]]; then
        echo "exit status $(<guarded.status) instead of $expected"
        failed=1
    fi
    if ! compgen -G 'traces/*.mmg' >/dev/null; then
        echo "no trace was written"
        sed -n 1,20p guarded.stderr
        return 1
    fi
    local allowed=
    mmreport summary traces/*.mmg >summary 2>&1
    local status=$?
    if [[ $unguarded ]]; then
        allowed='no complete trace'
        ((status == 2)) && grep -q 'of its own: what is allocated there is not guarded' summary && status=0
    fi
    if ((status)); then
        echo "mmreport cannot read every trace:"
        tail -n 20 summary
        failed=1
    fi
    mmreport errors traces/*.mmg >errors 2>&1
    status=$?
    [[ $unguarded ]] && ((status == 2)) && status=0
    if ((status)) || [[ $(cat errors) != "no errors" ]]; then
        echo "errors were found:"
        head -n 60 errors
        failed=1
    fi
    # What the launcher or the library prints on a clean run is a defect, too, unless it is about listed leaks.
    if grep -vxFf bare.stderr guarded.stderr | grep -E '^(mmguard|libguard|mmreport)\b.*(no trace|no complete|cannot|lost|failed)' |
        grep -v -- "${allowed:-^$}"; then
        failed=1
    fi
    if ! unlisted_leaks "$1"; then
        failed=1
    fi
    return $failed
}

for file in "$here"/cases/*.sh; do
    name=$(basename "$file" .sh)
    if [[ ! $quick ]] || grep -q '^quick=1' "$file"; then
        echo "$name"
    fi
done | JOBS=${JOBS:-1} harness compat "$@"
