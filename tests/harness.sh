# SPDX-License-Identifier: MIT
#
# Shared by the runners of the suites: sourced, not run. A runner defines `run_case NAME VARIANT`, which prints what a reader needs
# to understand a failure and returns 0 (passed), 77 (skipped, the last line printed says why) or anything else (failed), and
# calls `harness SUITE "$@"` with lines "NAME VARIANT" on standard input. The last line of output is
#
#     suite NAME: N passed, N failed[, N skipped]
#
# BUILD is the folder with libguard.so, mmreport and mmguard. REGENERATE=1 rewrites expectations instead of comparing.
# A runner takes [-v] [-i] [PATTERN...]: only cases whose name matches a pattern run, -v names each case as it ends, with what a
# case printed that failed, -i ends at the first case that fails. HARNESS_PROGRESS=N counts the cases every N seconds.

here=$(cd "$(dirname "$0")" && pwd) || exit 1
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
BUILD=$(cd "${BUILD:-$top/build}" 2>/dev/null && pwd) || {
    echo "$0: no build folder '${BUILD:-$top/build}': run make first" >&2
    exit 2
}
CC=${CC:-cc} CXX=${CXX:-c++}
export BUILD CC CXX LC_ALL=C NO_COLOR=1
unset MMGUARD_OPTIONS LD_PRELOAD
ulimit -c 0

# Compares a file with an expectation, or replaces the expectation when REGENERATE is set. An expectation that is missing
# is empty. A difference is shown as a unified diff.
expect_file() { # ACTUAL EXPECTED
    local expected=$2
    if [[ ${REGENERATE:-} ]]; then
        if [[ -s $1 ]]; then cp "$1" "$2"; else rm -f "$2"; fi
        return 0
    fi
    [[ -e $expected ]] || expected=/dev/null
    diff -u --label "expected ${2##*/}" --label actual "$expected" "$1"
}

# An exit status is never regenerated: it is decided by whoever writes the test.
expect_exit() { # ACTUAL EXPECTED-FILE
    local expected
    expected=$(cat "$2" 2>/dev/null) || expected="(no file ${2##*/})"
    [[ $1 == "$expected" ]] && return 0
    echo "exit status $1, expected $expected"
    return 1
}

# Takes out what differs from run to run and machine to machine: addresses, process ids, folders, offsets in modules, lines in
# headers of the compiler, what frames of libc are called (debug information of libc may be there or not), and how large the
# blocks are that the libraries of the system keep.
filter() {
    sed -E \
        -e 's/0x[0-9a-f]+/ADDR/g' \
        -e 's/\+ADDR//g' \
        -e 's/\b(pid|process) [0-9]+/\1 PID/g' \
        -e 's/-[0-9]+(-[0-9]+)?\.mmg/-PID.mmg/g' \
        -e 's#(/[^ :()]*/include/c\+\+/[^ :()]*):[0-9]+#\1#g' \
        -e 's#\b(mmguard\.h):[0-9]+#\1#g' \
        -e "s#(^|[ (='\"])/[^ :()'\"]*/([^/ :()'\"]+)#\1\2#g" \
        -e 's# at [^ ]*/([^/ ]+:[0-9]+)# at \1#' \
        -e 's#, [^ ]*/([^/ ]+:[0-9]+)#, \1#' \
        -e 's/^( +suppressed:) [0-9,]+ bytes in ([0-9,]+ blocks?) \(built-in: [0-9,]+ bytes in \2\)$/\1 N bytes in \2 (built-in: N bytes in \2)/' \
        -e 's/\blib(c|stdc\+\+)(-[0-9.]+)?\.so(\.[0-9]+)*/lib\1.so/g' |
        awk '
            # Frames of one stack are gathered, those of libc folded into one, those of the C++ library likewise,
            # those that started the program dropped. How many
            # bytes a function of libc accesses at once, and where it begins, depends on the processor.
            function flush_frames(   i, n, out) {
                while (count && frame[count] ~ /(libc\.so|ld-linux-x86-64\.so[.0-9]*)\)?$|^_start( |$)|\(inlined\)$/)
                    count--
                n = 0
                for (i = 1; i <= count; i++) {
                    if (frame[i] ~ /libc\.so\)?$/) {
                        while (n && out[n] ~ /\(inlined\)$/)
                            n--
                        if (!(n && out[n] == "libc.so"))
                            out[++n] = "libc.so"
                    } else if (frame[i] ~ /^([^(]* )?(std|__gnu_cxx)::/) {
                        if (!(n && out[n] == "std::"))
                            out[++n] = "std::"
                    } else {
                        out[++n] = frame[i]
                    }
                }
                by_libc = held && n && out[1] == "libc.so" || !held && by_libc
                for (i = 1; i <= held; i++) {
                    if (by_libc) {
                        sub(/[0-9]+-byte (read|write) at ADDR.* an? /, "&<", pending[i])
                        sub(/ at ADDR.*</, " in libc, block: ", pending[i])
                        sub(/[0-9]+-byte read/, "read", pending[i])
                        sub(/[0-9]+-byte write/, "write", pending[i])
                        sub(/, first bad byte at offset [0-9]+/, "", pending[i])
                    }
                    print pending[i]
                }
                for (i = 1; i <= n; i++)
                    print indent "#" i - 1 " " out[i]
                held = count = 0
            }
            match($0, /^ *#[0-9]+ /) {
                indent = $0
                sub(/#.*/, "", indent)
                frame[++count] = substr($0, RLENGTH + 1)
                next
            }
            /^ +[0-9]+-byte (read|write) at ADDR/ { flush_frames(); pending[++held] = $0; next }
            held && !count { pending[++held] = $0; next }
            { flush_frames() }
            /^  suppress with: / && by_libc { sub(/:[^:]*$/, ":FUNCTION"); by_libc = 0 }
            { print }
            END { flush_frames() }'
}

# Says every HARNESS_PROGRESS seconds how many of the cases in LIST have ended, and which failed.
progress() { # SUITE RESULTS
    local all idle name said=' '
    all=$(wc -l <"$2/list")
    exec {idle}<> <(:) # nothing ever comes from it: waiting for it is a sleep without a process
    while ! read -r -t "$HARNESS_PROGRESS" -u "$idle"; do
        echo "   $1: $(find "$2" -name '*.status' | wc -l) of $all"
        while read -r name; do
            [[ $said == *" $name "* ]] || echo "   $1: failed: $name"
            said+="$name "
        done < <(grep -LxE '0|77' "$2"/*.status 2>/dev/null | sed 's@.*/@@; s@\.status$@@')
    done
}

harness() { # SUITE PATTERN...
    local suite=$1
    shift
    if [[ ${1:-} == --case ]]; then
        local log=$4/$2.$3
        HARNESS_WORK=$(mktemp -d) || exit 1
        (cd "$HARNESS_WORK" && run_case "$2" "$3") >"$log.log" 2>&1 </dev/null
        local status=$?
        echo $status >"$log.status"
        rm -rf "$HARNESS_WORK"
        if [[ ${HARNESS_VERBOSE:-} ]]; then
            case $status in
            0) echo "passed: $suite/$2 ${3#-}" ;;
            77) echo "skipped: $suite/$2 ${3#-}" ;;
            *) { echo "FAILED: $suite/$2 ${3#-}" && sed 's/^/    /' "$log.log"; } | cat ;;
            esac
        fi
        # For xargs, which then starts no other case.
        [[ $status != 0 && $status != 77 && ${HARNESS_IMMEDIATE:-} ]] && return 255
        return 0
    fi

    local results passed=0 failed=0 skipped=0 name variant pattern
    while [[ ${1:-} == -[vi] ]]; do
        [[ $1 == -v ]] && export HARNESS_VERBOSE=1 || export HARNESS_IMMEDIATE=1
        shift
    done
    results=$(mktemp -d) || exit 1
    trap 'rm -rf "$results"' EXIT
    while read -r name variant; do
        if (($#)); then
            for pattern; do
                # shellcheck disable=SC2053
                [[ $name == $pattern ]] && echo "$name ${variant:--}"
            done
        else
            echo "$name ${variant:--}"
        fi
    done >"$results/list"
    local watcher=
    if [[ ${HARNESS_PROGRESS:-} ]]; then
        progress "$suite" "$results" &
        watcher=$!
    fi
    xargs -r -P "${JOBS:-$(nproc)}" -L 1 -a "$results/list" \
        bash -c 'exec bash "$0" --case "$2" "$3" "$1"' "$0" "$results"
    if [[ $watcher ]]; then
        kill "$watcher"
        wait "$watcher" 2>/dev/null
    fi

    while read -r name variant; do
        [[ ${HARNESS_IMMEDIATE:-} && ! -e $results/$name.$variant.status ]] && continue
        case $(cat "$results/$name.$variant.status" 2>/dev/null) in
        0) passed=$((passed + 1)) ;;
        77)
            skipped=$((skipped + 1))
            echo "skipped: $suite/$name: $(tail -n 1 "$results/$name.$variant.log")"
            ;;
        *)
            failed=$((failed + 1))
            echo "FAILED: $suite/$name ${variant#-}"
            sed 's/^/    /' "$results/$name.$variant.log"
            ;;
        esac
    done <"$results/list"
    if ((passed + failed + skipped == 0)); then
        echo "$suite: no case to run"
        failed=1
    fi
    echo "suite $suite: $passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"
    ((failed == 0))
}
