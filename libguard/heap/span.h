/* SPDX-License-Identifier: MIT */
#ifndef HEAP_SPAN_H
#define HEAP_SPAN_H

#include "heap/arena.h"

/* The accessible bytes a block lies in. Outside the compact heap these are pages; an empty block
 * there has none. */
struct span {
    uintptr_t start, end;
};

static inline struct span span_of(const struct chunk *chunk, const struct block *block)
{
    if (chunk_is_run(chunk))
        return (struct span){chunk->run_start, chunk->run_end};
    uintptr_t slot_end = chunk_slot_start(chunk, chunk_slot(chunk, block->start) + 1);
    if (chunk->arena == ARENA_COMPACT)
        return (struct span){slot_end - chunk->slot_size, slot_end};
    if (block->span_pages)
        return (struct span){slot_end - block->span_pages * PAGE_SIZE, slot_end};
    uintptr_t start = align_down(block->start, PAGE_SIZE);
    return (struct span){start,
                         block->size ? align_up(block->start + block->size, PAGE_SIZE) : start};
}

/* Whether a block of `size` bytes lies in `span`, and where its record is found from. */
static inline bool span_fits(struct chunk *chunk, const struct block *block, struct span span,
                             size_t size)
{
    bool empty = span.end == span.start;
    return chunk_block(chunk, block->start) == block && arena_chunk(block->start) == chunk &&
           !chunk->retired && span.start <= block->start &&
           (empty ? !size : block->start + size <= span.end);
}

#endif
