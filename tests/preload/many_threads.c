// SPDX-License-Identifier: MIT
// flags: -pthread
// Nothing is reported: threads come and go, and free what others allocated.
#include "wipe.h"
#include <pthread.h>

static void *worker(void *given)
{
    void *blocks[50];
    for (int i = 0; i < 50; i++)
        blocks[i] = malloc(10 + i * 11);
    free(given);
    for (int i = 1; i < 50; i++)
        free(blocks[i]);
    return blocks[0];
}

int main(void)
{
    for (int round = 0; round < 50; round++) {
        pthread_t threads[8];
        for (int i = 0; i < 8; i++)
            REQUIRE(pthread_create(&threads[i], NULL, worker, malloc(100)) == 0);
        for (int i = 0; i < 8; i++) {
            void *result;
            pthread_join(threads[i], &result);
            free(result);
        }
    }
    say("after");
    return 0;
}
