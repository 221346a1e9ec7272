/* SPDX-License-Identifier: MIT */
#include "diag/cookie.h"

#include "base/bits.h"
#include "diag/family.h"

static bool is_live(const struct block *block)
{
    return atomic_load_explicit(&block->state, memory_order_relaxed) == BLOCK_LIVE;
}

/* A cookie takes as much room as the alignment of the elements, and at least a word. */
static bool is_size_of_cookie(uintptr_t distance, const struct block *block)
{
    return distance == 8 || distance == 16 ||
           (distance > 16 && distance == (uintptr_t)1 << block->align_log2);
}

static bool has_elements(const struct block *block, uintptr_t cookie, uint64_t count)
{
    if (cookie > block->size)
        return false;
    uintptr_t room = block->size - cookie;
    return count ? room >= count && room % count == 0 : room == 0;
}

const struct block *cookie_block(uintptr_t address, uint8_t function, uint64_t count,
                                 const struct heap_view *view)
{
    bool array = family_of(function) == FAMILY_NEW_ARRAY;
    const struct block *before = &view->before, *after = &view->after;
    if (view->has_before && is_live(before)) {
        uintptr_t distance = address - before->start;
        if (!array && family_of(before->alloc_function) == FAMILY_NEW_ARRAY &&
            is_size_of_cookie(distance, before) && has_elements(before, distance, count))
            return before;
        if (distance < before->size)
            return NULL;
    }
    if (array && view->has_after && is_live(after) &&
        family_of(after->alloc_function) != FAMILY_NEW_ARRAY &&
        is_size_of_cookie(after->start - address, after))
        return after;
    return NULL;
}

bool cookie_leads_to(uint64_t value, uint64_t slack, const struct block *block)
{
    enum { LARGEST = 4096 };
    if (!is_live(block) || family_of(block->alloc_function) == FAMILY_NEW_ARRAY)
        return false;
    uint64_t limit = min_size(block->size, LARGEST), distance = value - block->start;
    for (uint64_t size = 1; size <= limit; size++)
        if (distance - size * (slack - 1) <= size)
            return true;
    return false;
}
