# SPDX-License-Identifier: MIT
# Names that others can give to something else than the file that is looked for: nothing waits for it, nothing is believed.
cat >jailed.c <<'C'
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

static void *volatile lost;

int main(int count, char **words)
{
    lost = malloc(16);
    lost = NULL;
    if (geteuid() != 0 && unshare(CLONE_NEWUSER))
        return 77;
    return chroot(words[1]) || chdir("/") ? 77 : 0;
}
C
$CC -w -o jailed jailed.c || exit 77
mkdir -p fifos/proc/self/task fifos/proc/thread-self lies/proc/self lies/proc/thread-self
for name in self/maps self/pagemap self/status thread-self/maps thread-self/pagemap meminfo; do
    mkfifo "fifos/proc/$name"
done
for name in self thread-self; do
    echo '00400000-7ffffffff000 rw-p 00000000 00:00 0 ' >"lies/proc/$name/maps"
done
for jail in fifos lies; do
    LD_PRELOAD=$BUILD/libguard.so timeout -s KILL 300 ./jailed $jail 2>/dev/null
    status=$?
    ((status == 77)) && echo "needs root or user namespaces" >&2 && exit 77
    [[ $status =~ ^(0|23)$ ]] || echo "$jail: status $status"
done

# Where perf looks for names of generated code: a FIFO, and another user's file.
export MMGUARD_OPTIONS=keep=1:leak_check=0
LD_PRELOAD=$BUILD/libguard.so timeout -s KILL 300 sh -c 'echo $$ >pid; mkfifo /tmp/perf-$$.map'
(($? == 137)) && echo "perf's map: hangs"
rm -f "/tmp/perf-$(cat pid).map"
LD_PRELOAD=$BUILD/libguard.so sh -c 'echo $$ >pid; : >/tmp/perf-$$.map; chown 1 /tmp/perf-$$.map 2>/dev/null || rm /tmp/perf-$$.map'
rm -f "/tmp/perf-$(cat pid).map"
mmreport summary . | grep "generated code is named"
unset MMGUARD_OPTIONS

# Logs: a FIFO that nobody reads, and one that somebody does.
mkfifo log summary
timeout -s KILL 300 mmguard --color=never --log=log "$SAMPLES/overflow" 2>&1 >/dev/null | grep 'cannot be written'
GITHUB_STEP_SUMMARY=summary timeout -s KILL 300 mmreport export --format=github "$TRACES/overflow.mmg" | cut -c1-8
exec 3<>log
timeout -s KILL 300 mmguard --color=never --log=log "$SAMPLES/overflow" >/dev/null 2>&1
timeout -s KILL 300 grep -m 1 -o '1 error' <&3
