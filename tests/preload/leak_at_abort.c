// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: definite leak of 100 bytes in 1 block, and not the block that another thread's stack holds. The process ends by its signal.
#include "wipe.h"
#include <pthread.h>
#include <semaphore.h>

static sem_t ready;
static void *volatile last;

static void *hold(void *unused)
{
    void *volatile held = malloc(200);
    sem_post(&ready);
    for (;;)
        pause();
    return held;
}

static void __attribute__((noinline)) lose(void)
{
    last = malloc(100);
    last = NULL;
}

int main(void)
{
    pthread_t thread;
    sem_init(&ready, 0, 0);
    pthread_create(&thread, NULL, hold, NULL);
    sem_wait(&ready);
    lose();
    wipe_stack();
    say("after");
    abort();
    return 0;
}
