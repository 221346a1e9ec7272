#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every way a process can end: what it lost must be in a trace each time, under the kind that is known of it.
#
# Each case is a line of the table: how the program ends, the exit status a shell sees, what the summary says of the process that lost the
# block, and the kind the block is listed under: definite, or reachable where nothing was searched for.

. "$(dirname "$0")/../harness.sh"

program=$BUILD/tests/endings/ending

table() {
    cat <<'END'
return 23 exited_with_status_0 definite
return-threads 23 exited_with_status_0 definite
exit 23 exited_with_status_0 definite
_exit 23 ended_by__exit_with_status_0 definite
_Exit 4 ended_by__exit_with_status_4 definite
quick_exit 23 ended_by_quick_exit_with_status_0 definite
thread-exit 5 exited_with_status_5 definite
main-pthread_exit 23 exited_with_status_0 definite
handler-exit 6 exited_with_status_6 definite
handler-_exit 7 ended_by__exit_with_status_7 definite
abort 134 killed_by_signal_6_(SIGABRT) definite
segv 139 killed_by_signal_11_(SIGSEGV) definite
fpe 136 killed_by_signal_8_(SIGFPE) definite
ill 132 killed_by_signal_4_(SIGILL) definite
signal-15 143 killed_by_signal_15_(SIGTERM) definite
signal-2 130 killed_by_signal_2_(SIGINT) definite
signal-1 129 killed_by_signal_1_(SIGHUP) definite
signal-10 138 killed_by_signal_10_(SIGUSR1) definite
alarm 142 killed_by_signal_14_(SIGALRM) definite
pipe 141 killed_by_signal_13_(SIGPIPE) definite
sigkill 137 ending_not_known reachable
fork 0 ended_by__exit_with_status_3 definite
fork-fork 0 ended_by__exit_with_status_3 definite
daemon 0 exited_with_status_0 definite
daemon-parent 23 ended_by__exit_with_status_0 definite
execv 0 became_another_program definite
execl 0 became_another_program definite
execle 0 became_another_program definite
execlp 0 became_another_program definite
fexecve 0 became_another_program definite
END
}

run_case() { # HOW
    local how=$1 status ending kind actual=0
    read -r _ status ending kind < <(table | grep -- "^$how ")
    MMGUARD_OPTIONS=dir=$PWD:report=none:record=1 LD_PRELOAD=$BUILD/libguard.so timeout -k 5 600 "$program" "$how" 3<"$program" || actual=$?
    wait_for_trace
    ((actual == status)) || {
        echo "exit status $actual, expected $status"
        return 1
    }
    ls
    [[ $how == sigkill ]] || ! compgen -G '*-live.mmg' || {
        echo "the live file is left"
        return 1
    }
    "$BUILD/mmreport" summary -- *.mmg >summary
    cat summary
    grep -qF -- "${ending//_/ }" <(sed 's/_/ /g' summary) || {
        echo "no process ${ending//_/ }"
        return 1
    }
    "$BUILD/mmreport" tree --kind="$kind" -- *.mmg >tree
    cat tree
    grep -q 'planted' tree && grep -qE '1,234' tree
}

# A child may end after its parent.
wait_for_trace() {
    local tries=0
    [[ $how == sigkill ]] && return
    until compgen -G '*[0-9].mmg' >/dev/null && ! compgen -G '*-live.mmg' >/dev/null; do
        ((tries++ < 200)) || return 0
        read -rt 0.05 <> <(:) || :
    done
}

if [[ ${1:-} != --case ]]; then
    mkdir -p "${program%/*}"
    $CC -std=gnu11 -D_GNU_SOURCE -O0 -g -fno-builtin -w -o "$program" "$here/ways_to_end.c" -pthread || exit 1
fi
table | sed 's/ .*//' | harness endings "$@"
