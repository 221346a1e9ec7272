# SPDX-License-Identifier: MIT
# Two snapshots of a running process with threads; what it lost between them is in the second one only. The process goes on and ends as if nothing had
# been. Other processes are not touched.
cat >grower.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void *volatile last;
static void *wait_here(void *unused)
{
    for (;;)
        pause();
    return unused;
}
static void __attribute__((noinline)) grow(void)
{
    last = malloc(1000);
    last = malloc(1);
    free(last);
    last = NULL;
}
int main(void)
{
    pthread_t thread;
    char command;
    for (int i = 0; i < 3; i++)
        pthread_create(&thread, NULL, wait_here, NULL);
    while (read(0, &command, 1) == 1) {
        grow();
        if (write(1, "grown\n", 6) != 6)
            return 1;
    }
    return 0;
}
END
gcc -w -O0 -g -pthread -o grower grower.c || exit 1
mkfifo in out
MMGUARD_OPTIONS=keep=1 LD_PRELOAD=${SAMPLES%/tests/*}/libguard.so ./grower <in >out 2>report &
pid=$!
exec 3>in 4<out
printf a >&3 && read -r line <&4 && echo "$line"
first=$(mmreport snapshot $pid)
printf bc >&3 && read -r line <&4 && read -r line <&4
second=$(mmreport snapshot $pid)
exec 3>&-
wait $pid
echo "status $?"
ls | sed -E 's,-[0-9]+-snapshot,-N-snapshot,'
for trace in "$first" "$second"; do
    mmreport summary "$trace" | grep -E 'pid|definitely'
done
mmreport summary . | grep -E 'pid|definitely'
grep -c 'definitely lost: 3,000' report
mmreport snapshot $$
mmreport snapshot 999999999
mmreport snapshot
mmreport snapshot x
