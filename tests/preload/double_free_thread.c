// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: double-free in main of a 32-byte block from malloc in main, freed before by another thread in release, which main
// created.
#include "wipe.h"
#include <pthread.h>

static void *release(void *block)
{
    free(block);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    char *block = malloc(32);
    pthread_create(&thread, NULL, release, block);
    pthread_join(thread, NULL);
    free(block);
    say("after");
    return 0;
}
