// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: a definite leak of 6400 bytes in main. Two threads call exit() at the same time.
#include "wipe.h"
#include <pthread.h>

static pthread_barrier_t barrier;

static void *end(void *unused)
{
    pthread_barrier_wait(&barrier);
    exit(0);
}

int main(void)
{
    pthread_t threads[2];
    for (int i = 0; i < 100; i++) {
        void *volatile lost = malloc(64);
        lost = NULL;
    }
    wipe_stack();
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, end, NULL);
    for (;;)
        pause();
}
