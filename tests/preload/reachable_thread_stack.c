// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: the block is held by a local variable of a thread that is blocked in a read when main returns.
#include "wipe.h"
#include <pthread.h>

static int ready[2], never[2];

static void *worker(void *unused)
{
    void *volatile local = malloc(64);
    char byte = 1;
    write(ready[1], &byte, 1);
    read(never[0], &byte, 1);
    return local;
}

int main(void)
{
    pthread_t thread;
    char byte;
    REQUIRE(pipe(ready) == 0 && pipe(never) == 0);
    pthread_create(&thread, NULL, worker, NULL);
    read(ready[0], &byte, 1);
    wipe_stack();
    say("after");
    return 0;
}
