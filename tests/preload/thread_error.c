// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: heap-buffer-overflow-write of 4 bytes in worker, in a thread that main created; the block is from malloc in main, in
// the main thread.
#include "wipe.h"
#include <pthread.h>

static void *worker(void *block)
{
    ((volatile int *)block)[8] = 1;
    return NULL;
}

int main(void)
{
    pthread_t thread;
    void *block = malloc(32);
    pthread_create(&thread, NULL, worker, block);
    pthread_join(thread, NULL);
    free(block);
    say("after");
    return 0;
}
