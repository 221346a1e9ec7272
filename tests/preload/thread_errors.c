// SPDX-License-Identifier: MIT
// flags: -pthread
// options: report=none
// Four threads run into their own guard 100 times each, at once: none is lost or stuck. Nothing is printed.
#include "wipe.h"
#include <pthread.h>

static void *worker(void *unused)
{
    for (int i = 0; i < 100; i++) {
        volatile char *block = malloc(64);
        block[64] = 1;
        free((void *)block);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, worker, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    say("after");
    return 0;
}
