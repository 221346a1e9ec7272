// SPDX-License-Identifier: MIT
//
// Four threads allocate, free and reallocate at random and write down what they have, until they are killed.
#include "journal.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct journal *journal;

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static __attribute__((noinline)) void *direct(size_t size)
{
    return malloc(size);
}

static __attribute__((noinline)) void *nested(size_t size, int depth)
{
    return depth ? nested(size, depth - 1) : calloc(1, size);
}

static void store(_Atomic uint64_t *place, uint64_t value)
{
    atomic_store_explicit(place, value, memory_order_release);
}

static void *work(void *argument)
{
    uint64_t thread = (uint64_t)argument, state = thread * 77777 + (uint64_t)getpid() + 1;
    for (;;) {
        struct journal_place *place = &journal->places[thread][next_random(&state) % JOURNAL_PLACES];
        _Atomic uint64_t *address = (_Atomic uint64_t *)&place->address;
        if (place->address) {
            store(address, place->address | 1);
            free((void *)(place->address & ~(uint64_t)1));
            store(address, 0);
        } else {
            size_t size = (thread + 1) * 10000 + next_random(&state) % 1000;
            void *block = next_random(&state) % 2 ? direct(size) : nested(size, (int)(next_random(&state) % 20));
            place->size = size;
            store(address, (uint64_t)block);
        }
        journal->operations[thread]++;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct journal)))
        return 1;
    journal = mmap(NULL, sizeof(struct journal), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (journal == MAP_FAILED)
        return 1;
    close(file);
    pthread_t threads[JOURNAL_THREADS];
    for (uint64_t i = 1; i < JOURNAL_THREADS; i++)
        pthread_create(&threads[i], NULL, work, (void *)i);
    work(NULL);
    return 0;
}
