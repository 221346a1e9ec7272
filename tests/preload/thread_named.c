// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: an error in a thread that another thread gives its name after its first allocation, with the place where it was created; and one that another
// thread names a thread that has ended by then, under its last name.
#define _GNU_SOURCE
#include "wipe.h"
#include <pthread.h>

static pthread_barrier_t barrier;
static char *volatile from_ended;

static void *early(void *unused)
{
    from_ended = malloc(16);
    pthread_setname_np(pthread_self(), "last-name");
    return NULL;
}

static void *worker(void *unused)
{
    volatile char *block = malloc(32);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    block[32] = 1;
    free((void *)block);
    return NULL;
}

static void create(pthread_t *thread, void *(*function)(void *))
{
    REQUIRE(pthread_create(thread, NULL, function, NULL) == 0);
}

int main(void)
{
    pthread_t thread;
    create(&thread, early);
    pthread_join(thread, NULL);
    pthread_barrier_init(&barrier, NULL, 2);
    create(&thread, worker);
    pthread_barrier_wait(&barrier);
    REQUIRE(pthread_setname_np(thread, "named-later") == 0);
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    from_ended[16] = 1;
    free(from_ended);
    return 0;
}
