# SPDX-License-Identifier: MIT
# A child that ends where nobody sees it (SIGKILL, a bare exit_group) is named, its errors are known, and nothing passes. One that option
# `follow` leaves out is of no interest.
cat >child.c <<'END'
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int count, char **arguments)
{
    volatile char *text = malloc(16);
    if (strchr(arguments[1], 'e'))
        text[16] = 1;
    if (strchr(arguments[1], 'f'))
        text[-1] = 1, text[32] = 1;
    if (strchr(arguments[1], 'b')) {
        struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
        struct sock_fprog program = {1, allow};
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    }
    if (strchr(arguments[1], 'k'))
        kill(getpid(), SIGKILL);
    if (strchr(arguments[1], 'g'))
        syscall(SYS_exit_group, 0);
    return 0;
}
END
gcc -w -O0 -g -o child child.c || exit 1
touch nothing.txt
try() {
    echo "== $*"
    { mmguard --report=none -o traces "$@" 2>&1; } 2>/dev/null
    echo "status $?"
    mmreport errors traces | grep '^mmguard'
    mmreport gate --baseline=nothing.txt traces | sed '/^ *at /d; s, [0-9a-f]*: ,: ,'
    echo "gate ${PIPESTATUS[0]}"
    rm -f traces/*
}
mkdir traces
try sh -c '{ ./child ek; } 2>/dev/null; true'
try sh -c './child g; true'
try sh -c './child eg; ./child n; true'
try ./child eg
try sh -c '{ (./child k) & wait; } 2>/dev/null; true'
try sh -c './child b; true'
try --children=no sh -c '{ ./child ek; } 2>/dev/null; true'
try --follow='!child' sh -c '{ ./child ek; } 2>/dev/null; true'
echo "== without mmguard"
{ LD_PRELOAD=$BUILD/libguard.so MMGUARD_OPTIONS=report=none:dir=$PWD/traces ./child ek; } 2>/dev/null
mmreport summary traces | grep -v '^  [pcbs]'
ls traces | wc -l
mmreport merge -o merged.mmg traces
mmreport gate --baseline=nothing.txt merged.mmg | sed 's, [0-9a-f]*: ,: ,'
rm traces/*
LD_PRELOAD=$BUILD/libguard.so MMGUARD_OPTIONS=report=none:dir=$PWD/traces ./child n
ls traces
