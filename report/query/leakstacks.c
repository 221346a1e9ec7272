/* SPDX-License-Identifier: MIT */
#include "query/leakstacks.h"

#include <string.h>

struct leakstacks_sums {
    uint32_t *heads; /* first sum of each stack plus 1 */
    VEC(struct leakstack) sums;
    VEC(uint32_t) next; /* of each sum: the next of its stack plus 1 */
};

static void leakstacks_add(struct leakstacks_sums *sums, const struct leakstack *one)
{
    uint32_t *link = &sums->heads[one->stack];
    while (*link != 0) {
        struct leakstack *sum = &sums->sums.items[*link - 1];
        if (sum->owner == one->owner && sum->second == one->second) {
            sum->bytes = profile_add(sum->bytes, one->bytes);
            sum->blocks = profile_add(sum->blocks, one->blocks);
            return;
        }
        link = &sums->next.items[*link - 1];
    }
    uint32_t rest = sums->heads[one->stack];
    *VEC_PUSH(&sums->sums) = *one;
    *VEC_PUSH(&sums->next) = rest;
    sums->heads[one->stack] = (uint32_t)sums->sums.count;
}

static void leakstacks_gather(struct leakstacks_sums *sums, const struct profile *profile,
                              unsigned kinds, enum leakstacks_owner owner, uint32_t split)
{
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const struct leak *leak = &profile->leaks.items[i];
        if ((kinds >> leak->record.kind & 1) == 0)
            continue;
        struct leakstack one = {
            .stack = leak->record.stack,
            .owner = owner == LEAKSTACKS_THREAD    ? leak->record.thread
                     : owner == LEAKSTACKS_PROCESS ? leak->process
                                                   : 0,
            .second = split != 0 && leak->process >= split,
            .bytes = leak->record.bytes,
            .blocks = leak->record.blocks,
        };
        leakstacks_add(sums, &one);
    }
}

static void leakstacks_gather_sites(struct leakstacks_sums *sums, const struct profile *profile,
                                    enum metric metric, enum leakstacks_owner owner, uint32_t split)
{
    for (size_t i = 0; i < profile->sites.count; i++) {
        const struct site *site = &profile->sites.items[i];
        const struct mmt_site *record = &site->record;
        struct leakstack one = {
            .stack = record->stack,
            .owner = owner == LEAKSTACKS_PROCESS ? site->process : 0,
            .second = split != 0 && site->process >= split,
            .bytes = metric == METRIC_PEAK ? record->peak_bytes : record->bytes,
            .blocks = metric == METRIC_TEMPORARY ? record->freed_next : record->allocations,
        };
        if (one.blocks != 0)
            leakstacks_add(sums, &one);
    }
}

/* Callers have lower numbers than what they call, so lists of the called need no search: `first`
 * and `next` are by stack. */
static void leakstacks_emit(struct leakstacks *stacks, const struct leakstacks_sums *sums,
                            const uint32_t *first, const uint32_t *next,
                            const struct stack *parents)
{
    uint32_t at = 0;
    for (;;) {
        for (uint32_t sum = sums->heads[at]; sum != 0; sum = sums->next.items[sum - 1])
            *VEC_PUSH(&stacks->items) = sums->sums.items[sum - 1];
        if (first[at] != 0) {
            at = first[at];
            continue;
        }
        while (at != 0 && next[at] == 0)
            at = parents[at].parent;
        if (at == 0)
            return;
        at = next[at];
    }
}

void leakstacks_sum(struct leakstacks *stacks, const struct profile *profile, enum metric metric,
                    unsigned kinds, enum leakstacks_owner owner, uint32_t split)
{
    memset(stacks, 0, sizeof *stacks);
    size_t count = profile->stacks.count;
    struct leakstacks_sums sums = {.heads = xalloc_zeroed(count, sizeof *sums.heads)};
    if (metric_of_sites(metric))
        leakstacks_gather_sites(&sums, profile, metric, owner, split);
    else
        leakstacks_gather(&sums, profile, kinds, owner, split);
    uint32_t *first = xalloc_zeroed(count, sizeof *first);
    uint32_t *next = xalloc_zeroed(count, sizeof *next);
    for (size_t id = count - 1; id > 0; id--) {
        uint32_t parent = profile->stacks.items[id].parent;
        next[id] = first[parent];
        first[parent] = (uint32_t)id;
    }
    leakstacks_emit(stacks, &sums, first, next, profile->stacks.items);
    free(first);
    free(next);
    free(sums.heads);
    VEC_FREE(&sums.sums);
    VEC_FREE(&sums.next);
}

void leakstacks_free(struct leakstacks *stacks)
{
    VEC_FREE(&stacks->items);
}
