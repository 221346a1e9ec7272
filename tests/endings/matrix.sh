#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A finding that was printed can never end in "passed": ways to end x times of an error x places of the process in the run. In each cell:
# what was printed is in a trace, and the status is not 0; where nothing was printed, output and status are as bare. The table
# says where an error must have been printed; elsewhere the process is gone before it comes to it.
#
# Places: direct (the launched program), shell (a child of a shell that ends with 0), preload (without the launcher).

. "$(dirname "$0")/../harness.sh"

export program=$BUILD/tests/endings/matrix

# Way to end, then the times at which an error is always seen.
table() {
    cat <<'END'
return before thread atexit destructor after
exit before thread atexit destructor after
last-thread before thread atexit destructor after
only-thread before thread atexit destructor after
daemon before thread atexit destructor after
_exit before thread
quick_exit before thread at_quick_exit
abort before thread
exec before thread
signal before thread
SIGKILL before thread
END
}
times="none before thread atexit at_quick_exit destructor after beside"

start() { # PLACE HOW WHEN
    case $1 in
    bare-direct | bare-preload) "$program" "$2" "$3" ;;
    bare-shell) sh -c '"$@" | cat' - "$program" "$2" "$3" ;;
    direct) mmguard -o . "$program" "$2" "$3" ;;
    # The pipe is at its end when all of the processes are.
    shell) mmguard -o . sh -c '"$@" | cat' - "$program" "$2" "$3" ;;
    preload) MMGUARD_OPTIONS=dir=. LD_PRELOAD=$BUILD/libguard.so "$program" "$2" "$3" ;;
    esac
}

cell() { # PLACE HOW WHEN
    local bare=0 status=0 printed known must=
    mkdir "$1-$3" && cd "$1-$3" || return 1
    export -f start
    timeout -k 5 60 bash -c 'start "$@"' - "bare-$1" "$2" "$3" >bare.out 2>/dev/null || bare=$?
    timeout -k 5 120 bash -c 'start "$@"' - "$@" >out 2>err || status=$?
    grep -q '^mmguard: use-after-free-write in' err && printed=1
    # A kill can come when an error is counted and not reported yet; mmguard says so.
    grep -qE '; [0-9]+ errors? (is|are) known of it;' err && known=1
    [[ " $(table | grep "^$2 ") " == *" $3 "* ]] && must=1
    # Of a child that was killed nobody knows what it would have done.
    [[ $1-$2 == shell-SIGKILL ]] && bare=2
    if [[ $must && ! $printed ]]; then
        echo "$*: the error was not printed" && cat err && return 1
    fi
    if [[ $printed ]]; then
        ((status != 0)) || [[ $1-$2 == preload-exec ]] || {
            echo "$*: printed, and the status is 0" && cat err && return 1
        }
        "$BUILD/mmreport" errors . 2>/dev/null | grep -q 'use-after-free-write' || {
            echo "$*: printed, and no trace has it" && cat err && return 1
        }
    elif [[ $known ]]; then
        ((status != 0)) || {
            echo "$*: an error is known, and the status is 0" && cat err && return 1
        }
    elif ((status != bare)); then
        echo "$*: nothing was printed, and the status is $status, bare $bare" && cat err && return 1
    fi
    cmp bare.out out || { echo "$*: another output" && return 1; }
}

run_case() { # HOW
    local place when failed=0
    export PATH=$BUILD:$PATH
    for place in direct shell preload; do
        # What comes after the end of the launched process, and a process that nobody waits for.
        [[ $1-$place == daemon-direct || $1-$place == daemon-preload ]] && continue
        [[ $1-$place == SIGKILL-preload ]] && continue
        for when in $times; do
            (cell "$place" "$1" "$when") || failed=1
        done
    done
    return $failed
}

if [[ ${1:-} != --case ]]; then
    mkdir -p "${program%/*}"
    $CC -std=gnu11 -D_GNU_SOURCE -O0 -g -fno-builtin -w -o "$program" "$here/matrix.c" -pthread || exit 1
fi
table | sed 's/ .*//' | harness matrix "$@"
