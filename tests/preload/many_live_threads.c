// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: a thousand threads are alive at once, each with a block of its own.
#include "wipe.h"
#include <pthread.h>

enum { THREADS = 1000 };

static pthread_barrier_t barrier;

static void *work(void *unused)
{
    char *block = malloc(100);
    REQUIRE(block);
    memset(block, 1, 100);
    pthread_barrier_wait(&barrier);
    free(block);
    return NULL;
}

int main(void)
{
    static pthread_t threads[THREADS];
    int started = 0;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    while (started < THREADS)
        REQUIRE(pthread_create(&threads[started++], &attributes, work, NULL) == 0);
    pthread_barrier_wait(&barrier);
    while (started)
        pthread_join(threads[--started], NULL);
    say("after");
    return 0;
}
