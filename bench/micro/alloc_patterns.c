/* SPDX-License-Identifier: MIT
 *
 * Patterns of malloc and free on blocks of 16 to 4000 bytes (as many below 256 as above), first and
 * last byte written.
 *
 *     alloc_patterns [aged-]PATTERN MILLIS
 *
 * "aged": 384 MiB of blocks were freed before. A quarantine of some size (ASan's holds 256 MiB)
 * takes fresh memory until it is full and recycles its oldest from then on, which costs it half as
 * much: both are shown.
 *
 * An operation is a malloc with the free that answers it. Every block carries a mark that is
 * checked before it is freed; a mark that is not there ends the program with status 3.
 */
#include "slices.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 4096, RING = 1024, LIFO = 1000, THREADS = 2 };

static unsigned short sizes[SIZES];
static void *volatile sink;

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Even on a logarithmic scale, as the sizes of real programs are nearer to than to even on a linear
 * one. */
static void choose_sizes(void)
{
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < SIZES; i++) {
        unsigned low = 16u << (next_random(&state) % 8);
        unsigned size = low + (unsigned)(next_random(&state) % low);
        sizes[i] = (unsigned short)(size > 4000 ? 4000 : size);
    }
}

static inline unsigned char *take(unsigned turn)
{
    unsigned size = sizes[turn % SIZES];
    unsigned char *block = malloc(size);
    if (block == NULL) {
        fputs("malloc failed\n", stderr);
        exit(3);
    }
    block[0] = (unsigned char)size;
    ((volatile unsigned char *)block)[size - 1] = (unsigned char)size;
    *(volatile unsigned short *)(block + 2) = (unsigned short)size;
    return block;
}

static inline void give(unsigned char *block)
{
    unsigned size = *(volatile unsigned short *)(block + 2);
    if (block[0] != (unsigned char)size || block[size - 1] != (unsigned char)size) {
        fputs("a block lost its mark\n", stderr);
        exit(3);
    }
    free(block);
}

static unsigned turn;

static uint64_t immediate(uint64_t repeat)
{
    for (uint64_t i = 0; i < repeat * 16; i++) {
        unsigned char *block = take(turn++);
        sink = block;
        give(block);
    }
    return repeat * 16;
}

static uint64_t lifo(uint64_t repeat)
{
    static unsigned char *blocks[LIFO];
    for (uint64_t r = 0; r < repeat; r++) {
        for (int i = 0; i < LIFO; i++)
            blocks[i] = take(turn++);
        for (int i = LIFO; i-- > 0;)
            give(blocks[i]);
    }
    return repeat * LIFO;
}

static uint64_t fifo(uint64_t repeat)
{
    static unsigned char *blocks[LIFO];
    static int head;
    for (uint64_t i = 0; i < repeat * 16; i++) {
        if (blocks[head] != NULL)
            give(blocks[head]);
        blocks[head] = take(turn++);
        head = head == LIFO - 1 ? 0 : head + 1;
    }
    return repeat * 16;
}

static size_t live_count;
static unsigned char **live;

static uint64_t at_random(uint64_t repeat)
{
    static uint64_t state = 123456789;
    for (uint64_t i = 0; i < repeat * 16; i++) {
        size_t at = next_random(&state) % live_count;
        give(live[at]);
        live[at] = take(turn++);
    }
    return repeat * 16;
}

static void begin_random(size_t count)
{
    live_count = count;
    live = calloc(count, sizeof *live);
    for (size_t i = 0; i < count; i++)
        live[i] = take(turn++);
}

/* Grows a buffer as string builders do, from 16 bytes to 64 KiB; an operation is one realloc. */
static uint64_t growing(uint64_t repeat)
{
    uint64_t operations = 0;
    for (uint64_t r = 0; r < repeat; r++) {
        unsigned char *buffer = NULL;
        for (size_t size = 16, old = 0; size <= 65536; old = size, size += size / 2) {
            buffer = realloc(buffer, size);
            if (buffer == NULL || (old != 0 && buffer[old - 1] != 0x5a)) {
                fputs("realloc lost data\n", stderr);
                exit(3);
            }
            ((volatile unsigned char *)buffer)[size - 1] = 0x5a;
            operations++;
        }
        free(buffer);
    }
    return operations;
}

static void build_up(struct slices *up_down, size_t count)
{
    for (int round = 0; round < 3; round++) {
        unsigned char *list = NULL;
        uint64_t wall = slices_wall(), cpu = slices_cpu();
        for (size_t i = 0; i < count; i++) {
            unsigned char *block = malloc(sizes[i % SIZES]);
            if (block == NULL)
                exit(3);
            memcpy(block, &list, sizeof list);
            list = block;
        }
        while (list != NULL) {
            unsigned char *next;
            memcpy(&next, list, sizeof next);
            free(list);
            list = next;
        }
        slices_add(up_down, slices_wall() - wall, slices_cpu() - cpu, count);
    }
}

static size_t large_size;
static int large_all;

static uint64_t large(uint64_t repeat)
{
    for (uint64_t r = 0; r < repeat; r++) {
        volatile unsigned char *block = malloc(large_size);
        if (block == NULL)
            exit(3);
        block[0] = 1;
        for (size_t at = 4096; large_all && at < large_size; at += 4096)
            block[at] = 1;
        block[large_size - 1] = 1;
        sink = (void *)block;
        free((void *)block);
    }
    return repeat;
}

static pthread_barrier_t together;
static unsigned thread_millis;
static struct slices thread_slices[THREADS];

/* Two threads are to run on two CPUs: left alone, a short run may have both on one. */
static void pin_to(int wanted)
{
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || wanted-- > 0)
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

static void *churn(void *argument)
{
    struct slices *mine = argument;
    pin_to((int)(mine - thread_slices));
    unsigned own_turn = (unsigned)(mine - thread_slices) * 1000;
    uint64_t state = 123456789u + own_turn * 77u;
    unsigned char **blocks = calloc(LIFO, sizeof *blocks);
    for (int i = 0; i < LIFO; i++)
        blocks[i] = take(own_turn++);
    pthread_barrier_wait(&together);
    uint64_t now = slices_wall(), warm = now + thread_millis * UINT64_C(250000);
    uint64_t end = warm + thread_millis * UINT64_C(1000000);
    while (now < end || mine->count == 0) {
        uint64_t wall = now, cpu = slices_cpu(), operations = 0;
        do {
            for (int i = 0; i < 100; i++) {
                int at = (int)(next_random(&state) % LIFO);
                give(blocks[at]);
                blocks[at] = take(own_turn++);
            }
            operations += 100;
            now = slices_wall();
        } while (now < end && now - wall < thread_millis * UINT64_C(25000));
        if (wall >= warm)
            slices_add(mine, now - wall, (slices_cpu() - cpu) / THREADS, operations);
    }
    pthread_barrier_wait(&together);
    for (int i = 0; i < LIFO; i++)
        give(blocks[i]);
    free(blocks);
    return NULL;
}

static void threads_churn(unsigned millis)
{
    pthread_t ids[THREADS];
    thread_millis = millis;
    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&ids[i], NULL, churn, &thread_slices[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(ids[i], NULL);
}

static unsigned char *_Atomic ring[RING];
static atomic_uint ring_head, ring_tail;
static atomic_int ring_done;

static void *consume(void *argument)
{
    pin_to(1);
    for (;;) {
        unsigned tail = atomic_load(&ring_tail);
        if (tail == atomic_load(&ring_head)) {
            if (atomic_load(&ring_done) && tail == atomic_load(&ring_head))
                return argument;
            sched_yield();
            continue;
        }
        give(atomic_load(&ring[tail % RING]));
        atomic_store(&ring_tail, tail + 1);
    }
}

static uint64_t produce(uint64_t repeat)
{
    for (uint64_t i = 0; i < repeat * 16; i++) {
        unsigned char *block = take(turn++);
        unsigned head = atomic_load(&ring_head);
        while (head - atomic_load(&ring_tail) >= RING)
            sched_yield();
        atomic_store(&ring[head % RING], block);
        atomic_store(&ring_head, head + 1);
    }
    return repeat * 16;
}

static void hand_over(struct slices *result, unsigned millis)
{
    pthread_t consumer;
    pthread_create(&consumer, NULL, consume, NULL);
    pin_to(0);
    slices_run(result, produce, millis);
    atomic_store(&ring_done, 1);
    pthread_join(consumer, NULL);
}

static void age(void)
{
    enum { FREED = 384 << 20 };
    for (size_t freed = 0; freed < FREED; freed += sizes[turn % SIZES]) {
        unsigned char *block = take(turn);
        give(block);
        turn++;
    }
}

static int run_pattern(const char *name, unsigned millis, struct slices *result)
{
    unsigned long count = 0;
    char pages[8] = "";
    if (strncmp(name, "aged-", 5) == 0) {
        age();
        return run_pattern(name + 5, millis, result);
    }
    if (strcmp(name, "immediate") == 0) {
        slices_run(result, immediate, millis);
    } else if (strcmp(name, "lifo") == 0) {
        slices_run(result, lifo, millis);
    } else if (strcmp(name, "fifo") == 0) {
        slices_run(result, fifo, millis);
    } else if (sscanf(name, "random-%lu", &count) == 1 && count > 0) {
        begin_random(count);
        slices_run(result, at_random, millis);
    } else if (strcmp(name, "two-threads") == 0) {
        threads_churn(millis);
        *result = thread_slices[0];
    } else if (strcmp(name, "handover") == 0) {
        hand_over(result, millis);
    } else if (strcmp(name, "realloc") == 0) {
        slices_run(result, growing, millis);
    } else if (sscanf(name, "build-%lu", &count) == 1 && count > 0) {
        build_up(result, count);
    } else if (sscanf(name, "large-%lu-%7s", &count, pages) == 2 && count > 0) {
        large_size = count;
        large_all = strcmp(pages, "all") == 0;
        slices_run(result, large, millis);
    } else {
        return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct slices result;
    choose_sizes();
    if (argc != 3 || run_pattern(argv[1], (unsigned)atoi(argv[2]), &result) != 0) {
        fputs("usage: alloc_patterns [aged-]PATTERN MILLIS\n", stderr);
        return 2;
    }
    slices_print(&result);
    return 0;
}
