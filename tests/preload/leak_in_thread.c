// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: definite leak of 500 bytes in 1 block from malloc in worker, in a thread that main created and that has ended.
#include "wipe.h"
#include <pthread.h>

static void *volatile last;

static void *worker(void *unused)
{
    last = malloc(500);
    last = NULL;
    return NULL;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, worker, NULL);
    pthread_join(thread, NULL);
    wipe_stack();
    say("after");
    return 0;
}
