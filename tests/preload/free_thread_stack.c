// SPDX-License-Identifier: MIT
// flags: -pthread
// Reported: invalid-free in start, of memory on the stack of thread 2.
#include "wipe.h"
#include <pthread.h>

static void *start(void *unused)
{
    char local[10];
    free(local);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, start, NULL);
    pthread_join(thread, NULL);
    say("after");
    return 0;
}
