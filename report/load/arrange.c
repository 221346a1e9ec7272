/* SPDX-License-Identifier: MIT */
#include "load/arrange.h"

#include <string.h>

static int arrange_order(const void *left, const void *right, void *context)
{
    uint32_t one = *(const uint32_t *)left, other = *(const uint32_t *)right;
    const struct process *processes = context;
    const struct process *a = &processes[one], *b = &processes[other];
    if (a->start_time != b->start_time)
        return a->start_time < b->start_time ? -1 : 1;
    if (a->pid != b->pid)
        return a->pid < b->pid ? -1 : 1;
    if (a->digest != b->digest)
        return a->digest < b->digest ? -1 : 1;
    return one < other ? -1 : one > other;
}

/* Sorts elements of `size` bytes by the new index of their process, which is their first member;
 * those of a process stay in their order. */
static void arrange_elements(void *elements, size_t count, size_t size, const uint32_t *places,
                             size_t processes)
{
    char *items = elements, *sorted = xalloc_resize(NULL, count + 1, size);
    size_t *starts = xalloc_zeroed(processes + 1, sizeof *starts);
    for (size_t i = 0; i < count; i++) {
        uint32_t *process = (uint32_t *)(void *)(items + i * size);
        *process = places[*process];
        starts[*process + 1]++;
    }
    for (size_t i = 1; i <= processes; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < count; i++) {
        uint32_t process = *(const uint32_t *)(const void *)(items + i * size);
        memcpy(sorted + starts[process]++ * size, items + i * size, size);
    }
    if (count != 0)
        memcpy(items, sorted, count * size);
    free(sorted);
    free(starts);
}

void arrange_processes(struct profile *profile, uint32_t first)
{
    size_t count = profile->processes.count;
    if (count < first + 2)
        return;
    struct process *old = xalloc_resize(NULL, count, sizeof *old);
    uint32_t *order = xalloc_zeroed(count, sizeof *order);
    uint32_t *places = xalloc_zeroed(count, sizeof *places);
    memcpy(old, profile->processes.items, count * sizeof *old);
    bool moved = false;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order + first, count - first, sizeof *order, arrange_order, old);
    for (uint32_t i = 0; i < count; i++) {
        profile->processes.items[i] = old[order[i]];
        places[order[i]] = i;
        moved |= order[i] != i;
    }
    if (moved) {
        arrange_elements(profile->findings.items, profile->findings.count,
                         sizeof *profile->findings.items, places, count);
        arrange_elements(profile->leaks.items, profile->leaks.count, sizeof *profile->leaks.items,
                         places, count);
        arrange_elements(profile->sites.items, profile->sites.count, sizeof *profile->sites.items,
                         places, count);
        arrange_elements(profile->notes.items, profile->notes.count, sizeof *profile->notes.items,
                         places, count);
        for (size_t i = 1; i < profile->threads.count; i++)
            profile->threads.items[i].process = places[profile->threads.items[i].process];
    }
    free(old);
    free(order);
    free(places);
}
