/* SPDX-License-Identifier: MIT
 *
 * Looking around in the heap: for diagnosis and for the leak check. Nothing here changes a block.
 */
#include "base/own_memory.h"
#include "base/thread.h"
#include "heap/arena.h"
#include "heap/heap.h"

static enum block_state state_of(const struct block *block)
{
    return atomic_load_explicit(&block->state, memory_order_acquire);
}

/* Copies the block of the slot that `address` lies in, if there ever was one. */
static bool look_at_slot(uintptr_t address, struct block *copy, struct block **record)
{
    struct chunk *chunk = arena_chunk(address);
    if (!chunk)
        return false;
    struct block *block = &chunk->blocks[chunk_slot(chunk, address)];
    if (state_of(block) == BLOCK_NONE)
        return false;
    copy->start = block->start;
    copy->size = block->size;
    copy->alloc_stack = block->alloc_stack;
    copy->alloc_thread = block->alloc_thread;
    copy->leak_leader = block->leak_leader;
    copy->alloc_function = block->alloc_function;
    copy->free_function = block->free_function;
    copy->align_log2 = block->align_log2;
    copy->flags = block->flags;
    copy->leak_mark = 0;
    copy->reserved = 0;
    atomic_store_explicit(&copy->state, state_of(block), memory_order_relaxed);
    *record = block;
    return true;
}

/* First address of the slot of `address`, and the first behind it. */
static bool slot_bounds(uintptr_t address, uintptr_t *start, uintptr_t *end)
{
    struct chunk *chunk = arena_chunk(address);
    if (!chunk)
        return false;
    if (chunk->class == ARENA_HUGE) {
        *start = chunk->base;
        *end = chunk->base + chunk->length;
        return true;
    }
    size_t size = arena_slot_size(chunk->class);
    *start = chunk->base + chunk_slot(chunk, address) * size;
    *end = *start + size;
    return true;
}

void heap_look(uintptr_t address, struct heap_view *view)
{
    *view = (struct heap_view){.owned = arena_owns(address)};
    uintptr_t start, end;
    if (!view->owned)
        return;
    if (!slot_bounds(address, &start, &end)) {
        /* Behind the last chunk that was handed out: the block before may end right here. */
        view->has_before = look_at_slot(address - 1, &view->before, &view->before_record) ||
                           look_at_slot(align_down(address, CHUNK_SIZE) - 1, &view->before, &view->before_record);
        return;
    }
    struct block own, *record;
    if (!look_at_slot(address, &own, &record) || address < own.start) {
        if (look_at_slot(address, &view->after, &view->after_record))
            view->has_after = true;
        view->has_before = look_at_slot(start - 1, &view->before, &view->before_record);
    } else {
        view->has_before = true;
        look_at_slot(address, &view->before, &view->before_record);
        view->has_after = look_at_slot(end, &view->after, &view->after_record);
    }
}

struct block *heap_find_live(uintptr_t address)
{
    struct chunk *chunk = arena_chunk(address);
    if (!chunk)
        return NULL;
    struct block *block = &chunk->blocks[chunk_slot(chunk, address)];
    if (state_of(block) != BLOCK_LIVE)
        return NULL;
    uintptr_t offset = address - block->start;
    return offset < block->size || offset == 0 ? block : NULL;
}

struct each_live {
    bool (*visit)(struct block *block, void *argument);
    void *argument;
};

static bool visit_chunk(struct chunk *chunk, void *argument)
{
    struct each_live *each = argument;
    if (atomic_load_explicit(&chunk->retired, memory_order_relaxed))
        return true;
    uint32_t taken = atomic_load_explicit(&chunk->taken, memory_order_acquire);
    for (uint32_t i = 0; i < taken && i < chunk->slots; i++)
        if (state_of(&chunk->blocks[i]) == BLOCK_LIVE && !each->visit(&chunk->blocks[i], each->argument))
            return false;
    return true;
}

void heap_each_live(bool (*visit)(struct block *block, void *argument), void *argument)
{
    struct each_live each = {visit, argument};
    arena_each_chunk(visit_chunk, &each);
}
