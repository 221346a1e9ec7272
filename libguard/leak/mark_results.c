/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stddef.h>

#include "base/thread.h"
#include "leak/mark.h"

#include "base/own_memory.h"
#include "leak/mark_waves.h"
#include "mmtrace.h"

unsigned mark_kind(const struct block *block)
{
    switch (block->leak_mark) {
    case DEFINITE:
        return MMT_LEAK_DEFINITE;
    case INDIRECT:
        return MMT_LEAK_INDIRECT;
    case POSSIBLE:
        return MMT_LEAK_POSSIBLE;
    default: /* reachable, or outside */
        return MMT_LEAK_REACHABLE;
    }
}

void mark_indirect(const struct mark *mark, const struct block *block, uint64_t *blocks,
                   uint64_t *bytes)
{
    /* The number is checked because the record shares its memory with the stack of a free, by a
     * thread that was not stopped. */
    size_t leader = block->leak_mark == DEFINITE ? block->leak_leader : 0;
    bool known = leader && leader <= mark->leader_capacity;
    *blocks = known ? mark->leaders[leader - 1].blocks : 0;
    *bytes = known ? mark->leaders[leader - 1].bytes : 0;
}

uint32_t mark_holder(const struct mark *mark, const struct block *block)
{
    size_t leader = block->leak_mark == INDIRECT ? block->leak_leader : 0;
    return leader && leader <= mark->leader_capacity ? mark->leaders[leader - 1].stack : 0;
}

bool mark_inherited(const struct block *block)
{
    return block->alloc_thread && block->alloc_thread < thread_first_own();
}

static bool clear(struct block *block, void *argument)
{
    (void)argument;
    if (block->leak_mark)
        block->leak_leader = 0;
    block->leak_mark = 0;
    return true;
}

void mark_end(struct mark *mark)
{
    mark->heap->each(clear, NULL);
    if (mark->pending)
        own_unmap(mark->pending, mark->reserved * sizeof(struct block *));
    if (mark->leaders)
        own_unmap(mark->leaders, mark->leader_capacity * sizeof(*mark->leaders));
    buckets_free(&mark->buckets);
    hidden_close(&mark->hidden);
    *mark = (struct mark){.heap = mark->heap};
}
