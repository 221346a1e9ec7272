/* SPDX-License-Identifier: MIT
 *
 * Leaks, or what was allocated, summed up by stack, in the order of a walk through the tree of
 * stacks: neighbours have the most callers in common.
 */
#ifndef QUERY_LEAKSTACKS_H
#define QUERY_LEAKSTACKS_H

#include "model/profile.h"
#include "query/metric.h"

struct leakstack {
    uint32_t stack;
    uint32_t owner; /* what the caller asked to tell apart */
    bool second; /* belongs to the processes from `split` on */
    uint64_t bytes, blocks;
};

struct leakstacks {
    VEC(struct leakstack) items;
};

/* What to tell apart beside stacks. */
enum leakstacks_owner { LEAKSTACKS_NOBODY, LEAKSTACKS_THREAD, LEAKSTACKS_PROCESS };

/* Sums up a metric, of leaks those whose kind's bit is in `kinds`; processes from index `split` on
 * (0: no difference) apart from the others. */
void leakstacks_sum(struct leakstacks *stacks, const struct profile *profile, enum metric metric,
                    unsigned kinds, enum leakstacks_owner owner, uint32_t split);

void leakstacks_free(struct leakstacks *stacks);

#endif
