# SPDX-License-Identifier: MIT
# Programs that give up opening and making files (Landlock), as xz does: their traces are made before, and the search for leaks reads what was
# opened before.
cat >locked.c <<'EOF'
#define _GNU_SOURCE
#include <linux/landlock.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
static void *volatile held;
static void *wait_for_ever(void *unused) { held = unused; for (;;) pause(); }
static __attribute__((noinline)) void lose(void) { void *volatile lost = malloc(1234); lost = NULL; }
static __attribute__((noinline)) void wipe(void) { volatile char dirt[8192]; for (int i = 0; i < 8192; i++) dirt[i] = 0; }
int main(int count, char **arguments)
{
    const char *how = arguments[1];
    pthread_t thread;
    struct landlock_ruleset_attr all = {.handled_access_fs = 0x1fff};
    void *block = malloc(10);
    if (strstr(how, "thread"))
        pthread_create(&thread, NULL, wait_for_ever, malloc(77));
    int rules = (int)syscall(444, &all, sizeof(all), 0);
    if (rules < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(446, rules, 0))
        return 77;
    close(rules);
    if (fopen("/proc/self/maps", "r"))
        return 1;
    if (strstr(how, "leak"))
        lose();
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (strstr(how, "hidden")) {
        page[0] = page;
        mprotect(page, 4096, PROT_NONE);
    }
    wipe();
    if (strstr(how, "error"))
        *(volatile char *)((char *)block + 16) = 1;
    if (strstr(how, "close"))
        for (int i = 3; i < 1024; i++)
            close(i);
    free(block);
    return 0;
}
EOF
$CC -O0 -g -w -o locked locked.c -pthread || exit 1
./locked clean
[[ $? == 77 ]] && { echo "no Landlock here"; exit 77; }
for how in clean leak error leak-thread leak-hidden error-close; do
    echo "-- $how"
    rm -rf traces
    mmguard -o traces ./locked $how 2>&1 | grep -E 'mmguard:|(definitely|possibly) lost: [1-9]|overflow|searched|inaccessible'
    echo "status ${PIPESTATUS[0]}, $(ls traces | grep -c "mmg$") traces, $(ls traces | grep -c "mark$") marks"
    mmreport gate traces | tail -n 1
done
echo "-- preloaded"
mkdir alone
LD_PRELOAD=$BUILD/libguard.so MMGUARD_OPTIONS=dir=alone ./locked leak-error 2>&1 | grep -E 'mmguard:|lost: [1-9]'
mmreport summary alone | grep -E 'lost: [1-9]|error'
