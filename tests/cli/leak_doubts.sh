# SPDX-License-Identifier: MIT
# What is not known of leaks has its reason, and what can be done: they were not to be searched for, a thread could not be stopped. And a leak
# of 0 bytes is one.
mkdir source
cat >source/doubt.c <<'END'
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
static int ready[2], never[2];
static void *block(void *unused)
{
    unsigned long all = ~0ul;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, sizeof(all));
    write(ready[1], "", 1);
    for (;;)
        pause();
}
static void *wait_for_child(void *unused)
{
    char byte;
    if (!vfork()) {
        close(never[1]);
        write(ready[1], "", 1);
        read(never[0], &byte, 1); /* until the parent has ended */
        _exit(0);
    }
    return NULL;
}
static __attribute__((noinline)) void lose(size_t size) { void *volatile lost = malloc(size); lost = NULL; }
static __attribute__((noinline)) void wipe(void) { volatile char dirt[8192]; for (int i = 0; i < 8192; i++) dirt[i] = 0; }
int main(int count, char **arguments)
{
    pthread_t thread;
    char byte;
    pipe(ready);
    pipe(never);
    for (int i = 1; i < count; i++) {
        if (!strcmp(arguments[i], "nothing"))
            lose(0);
        if (!strcmp(arguments[i], "leak"))
            lose(10);
        if (!strcmp(arguments[i], "error"))
            free(arguments);
        if (!strcmp(arguments[i], "block") || !strcmp(arguments[i], "vfork")) {
            pthread_create(&thread, NULL, arguments[i][0] == 'b' ? block : wait_for_child, NULL);
            read(ready[0], &byte, 1);
        }
    }
    wipe();
    return 0;
}
END
$CC -O0 -g -w -o doubt source/doubt.c -pthread || exit 1
said() {
    grep -E 'mmguard: doubt|leaked|not searched|lost: [1-9]|lost: .* in [1-9]|note:|incomplete|gate:|status|new '
}
for options in "nothing" "leak" "error nothing leak" "error"; do
    for check in 1 0; do
        echo "-- $options, leak_check=$check"
        # shellcheck disable=SC2086
        { mmguard -o . --leak-check=$check ./doubt $options; echo "status $?"; } 2>&1 | said
        mmreport summary ./*.mmg 2>&1 | said
        mmreport gate ./*.mmg | said
        rm -f ./*.mmg
    done
done
for options in block vfork; do
    echo "-- $options"
    { mmguard -o . ./doubt $options leak; echo "status $?"; } 2>&1 | said
    mmreport summary ./*.mmg | said
    mmreport gate ./*.mmg | said
    rm -f ./*.mmg
done
