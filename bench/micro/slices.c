/* SPDX-License-Identifier: MIT */
#include "slices.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t slices_wall(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t slices_cpu(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void slices_add(struct slices *slices, uint64_t wall, uint64_t cpu, uint64_t operations)
{
    if (slices->count == SLICES_MOST || operations == 0)
        return;
    slices->wall[slices->count] = (double)wall / (double)operations;
    slices->cpu[slices->count] = (double)cpu / (double)operations;
    slices->count++;
    slices->operations += operations;
}

void slices_run(struct slices *slices, uint64_t (*work)(uint64_t repeat), unsigned millis)
{
    uint64_t budget = (uint64_t)millis * 1000000u, slice = budget / 40 + 1;
    uint64_t repeat = 1, begin = slices_wall();
    /* The warm-up also finds how much work fills a slice. */
    for (;;) {
        uint64_t start = slices_cpu();
        work(repeat);
        if (slices_cpu() - start < slice / 2 && repeat < UINT64_C(1) << 32)
            repeat *= 2;
        else if (slices_wall() - begin >= budget / 4)
            break;
    }
    begin = slices_cpu();
    do {
        uint64_t wall = slices_wall(), cpu = slices_cpu();
        uint64_t operations = work(repeat);
        slices_add(slices, slices_wall() - wall, slices_cpu() - cpu, operations);
    } while (slices->count < 3 || (slices->count < SLICES_MOST && slices_cpu() - begin < budget));
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void slices_print(struct slices *slices)
{
    int n = slices->count;
    qsort(slices->wall, (size_t)n, sizeof slices->wall[0], ascending);
    qsort(slices->cpu, (size_t)n, sizeof slices->cpu[0], ascending);
    printf("{\"wall\": %.2f, \"cpu\": %.2f, \"low\": %.2f, \"high\": %.2f, \"slices\": %d, "
           "\"ops\": %llu}\n",
           slices->wall[n / 2], slices->cpu[n / 2], slices->cpu[n / 4], slices->cpu[n * 3 / 4], n,
           (unsigned long long)slices->operations);
}
