// SPDX-License-Identifier: MIT
// options: guard=1000000:budget=2M
// flags: -pthread
// Nothing is reported: the heap is looked through for damage while other threads use its memory again and again.
#include "mmguard.h"
#include "wipe.h"
#include <pthread.h>
#include <stdatomic.h>

#define THREADS 4
#define ROUNDS  5000
#define BLOCKS  64

static atomic_int running = THREADS;

static void *use(void *argument)
{
    unsigned random = (unsigned)(size_t)argument;
    for (int round = 0; round < ROUNDS; round++) {
        void *blocks[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            random = random * 1103515245 + 12345;
            size_t size = 16 + (random >> 16) % 1000;
            blocks[i] = malloc(size);
            memset(blocks[i], 0x11, size);
        }
        for (int i = 0; i < BLOCKS; i++)
            free(blocks[i]);
    }
    atomic_fetch_sub(&running, 1);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, use, (void *)(i + 1));
    while (atomic_load(&running))
        __mmguard_check_slack();
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    say("after");
    return 0;
}
