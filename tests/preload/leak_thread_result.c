// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: what a joined thread and a detached one returned, 1001 and 1002 bytes that nobody has. What a third returned, which
// ended and may still be joined, is not lost.
#include "wipe.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

static volatile int ids[3];

static __attribute__((noinline)) void *result(size_t size)
{
    return malloc(size);
}

static void *worker(void *number)
{
    int index = (int)(size_t)number;
    void *block = result(1001 + index);
    wipe_stack();
    ids[index] = syscall(SYS_gettid);
    return block;
}

static void wait_for_end(int index)
{
    while (!ids[index] || syscall(SYS_tgkill, getpid(), ids[index], 0) == 0)
        usleep(1000);
}

static __attribute__((noinline)) void start_all(void)
{
    pthread_t threads[3];
    void *volatile unused;
    for (size_t i = 0; i < 3; i++)
        REQUIRE(pthread_create(&threads[i], NULL, worker, (void *)i) == 0);
    pthread_join(threads[0], (void **)&unused);
    unused = NULL;
    pthread_detach(threads[1]);
    wait_for_end(1);
    wait_for_end(2);
}

int main(void)
{
    start_all();
    wipe_stack();
    say("after");
    return 0;
}
