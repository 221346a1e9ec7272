/* SPDX-License-Identifier: MIT
 *
 * Looking around in the heap: for diagnosis and for the leak check. Nothing here changes a block.
 */
#include "heap/arena.h"
#include "heap/heap.h"
#include "heap/poison.h"
#include "heap/slack.h"
#include "heap/span.h"

static uint32_t used_slots(const struct chunk *chunk)
{
    uint32_t taken = atomic_load_explicit(&chunk->taken, memory_order_acquire);
    return taken < chunk->slots ? taken : chunk->slots;
}

/* Copies the block of the slot that `address` lies in, if there ever was one. */
static bool look_at_slot(uintptr_t address, struct block *copy, struct block **record)
{
    struct chunk *chunk = arena_chunk(address);
    struct block *block = chunk ? chunk_block(chunk, address) : NULL;
    if (!block || block_state_of(block) == BLOCK_NONE)
        return false;
    *copy = *block;
    *record = block;
    return true;
}

/* First address of the slot or run of `address`, and the first behind it. */
static bool slot_bounds(uintptr_t address, uintptr_t *start, uintptr_t *end)
{
    const struct chunk *chunk = arena_chunk(address);
    if (!chunk || !chunk->slots)
        return false;
    if (chunk_is_run(chunk)) {
        *start = chunk->base;
        *end = chunk->base + chunk->length;
        return true;
    }
    *start = chunk_slot_start(chunk, chunk_slot(chunk, address));
    *end = *start + chunk->slot_size;
    return true;
}

/* From farther away a pointer has nothing to do with a block, if unused address space lies between.
 */
#define FAR (64 * PAGE_SIZE)

/* The last block at or below `address`, which lies in no block: slots of a chunk are used in order.
 */
static void look_back(uintptr_t address, struct heap_view *view)
{
    const struct chunk *chunk = arena_chunk(address);
    uint32_t used = chunk ? used_slots(chunk) : 0;
    uintptr_t last = address;
    if (used && !chunk_is_run(chunk) && chunk_slot(chunk, address) >= used)
        last = chunk_slot_start(chunk, used - 1);
    view->has_before =
        look_at_slot(last, &view->before, &view->before_record) &&
        (last == address || (block_state_of(&view->before) == BLOCK_LIVE && address - last < FAR));
}

/* The first block of the chunk behind the one of `address`, in which none follows. */
static void look_ahead(uintptr_t address, struct heap_view *view)
{
    uintptr_t next = align_up(address + 1, CHUNK_SIZE);
    view->has_after = next - address < FAR && look_at_slot(next, &view->after, &view->after_record);
}

void heap_look(uintptr_t address, struct heap_view *view)
{
    *view = (struct heap_view){.owned = arena_owns(address)};
    uintptr_t start, end;
    if (!view->owned)
        return;
    const struct chunk *chunk = arena_chunk(address);
    view->forgotten = chunk && !chunk->slots;
    if (!slot_bounds(address, &start, &end)) {
        /* Behind the last chunk that was handed out: the block before may end right here. */
        look_back(address - 1, view);
        if (!view->has_before)
            look_back(align_down(address, CHUNK_SIZE) - 1, view);
        look_ahead(address, view);
        return;
    }
    struct block own, *record;
    bool used = look_at_slot(address, &own, &record);
    if (used && address >= own.start) {
        view->has_before = true;
        look_at_slot(address, &view->before, &view->before_record);
        view->has_after = look_at_slot(end, &view->after, &view->after_record);
        return;
    }
    look_back(start - 1, view);
    if (used)
        view->has_after = look_at_slot(address, &view->after, &view->after_record);
    else
        look_ahead(address, view);
}

struct block *heap_record(uintptr_t address)
{
    struct chunk *chunk = arena_chunk(address);
    return chunk ? chunk_block(chunk, address) : NULL;
}

struct block *heap_find_live(uintptr_t address)
{
    struct chunk *chunk = arena_chunk(address);
    struct block *block = chunk ? chunk_block(chunk, address) : NULL;
    if (!block || block_state_of(block) != BLOCK_LIVE)
        return NULL;
    uintptr_t offset = address - block->start;
    return offset < block->size || offset == 0 ? block : NULL;
}

struct each {
    bool (*live)(struct block *block, void *argument);
    heap_damage_visit damaged;
    void *argument;
};

static bool visit_live(struct chunk *chunk, void *argument)
{
    const struct each *each = argument;
    if (atomic_load_explicit(&chunk->retired, memory_order_relaxed))
        return true;
    uint32_t used = used_slots(chunk);
    for (uint32_t i = 0; i < used; i++)
        if (block_state_of(&chunk->blocks[i]) == BLOCK_LIVE &&
            !each->live(&chunk->blocks[i], each->argument))
            return false;
    return true;
}

void heap_each_live(bool (*visit)(struct block *block, void *argument), void *argument)
{
    struct each each = {.live = visit, .argument = argument};
    arena_each_chunk(visit_live, &each);
}

static uintptr_t damage_in(const struct chunk *chunk, const struct block *block)
{
    if (block->flags & BLOCK_WRITTEN)
        return 0;
    struct span span = span_of(chunk, block);
    switch (block_state_of(block)) {
    case BLOCK_LIVE:
        return span.end > span.start ? slack_damage(block, span.start, span.end, 0) : 0;
    case BLOCK_FREED:
        return block->flags & BLOCK_WAITING ? poison_damage(block) : 0;
    default:
        return 0;
    }
}

static bool is_same(const struct block *now, const struct block *before)
{
    atomic_thread_fence(memory_order_acquire);
    return block_state_of(now) == block_state_of(before) && now->flags == before->flags &&
           now->start == before->start && now->size == before->size;
}

/* Other threads may use the memory for other blocks while it is looked at. Damage is what is found
 * in the same block again. */
static uintptr_t damage_of(const struct chunk *chunk, const struct block *block)
{
    struct block before = *block;
    uintptr_t damaged = damage_in(chunk, &before);
    if (likely(!damaged) || !is_same(block, &before))
        return 0;
    damaged = damage_in(chunk, &before);
    return is_same(block, &before) ? damaged : 0;
}

uintptr_t heap_damage(const struct block *block)
{
    const struct chunk *chunk = arena_chunk(block->start);
    return chunk && chunk->slots ? damage_of(chunk, block) : 0;
}

static bool visit_damaged(struct chunk *chunk, void *argument)
{
    const struct each *each = argument;
    if (atomic_load_explicit(&chunk->retired, memory_order_relaxed))
        return true;
    uint32_t used = used_slots(chunk);
    for (uint32_t i = 0; i < used; i++) {
        uintptr_t damaged = damage_of(chunk, &chunk->blocks[i]);
        if (damaged)
            each->damaged(&chunk->blocks[i], damaged, each->argument);
    }
    return true;
}

void heap_sweep(heap_damage_visit visit, void *argument)
{
    struct each each = {.damaged = visit, .argument = argument};
    arena_each_chunk(visit_damaged, &each);
}

const struct block *heap_view_nearest(const struct heap_view *view, uintptr_t address)
{
    uintptr_t end = view->before.start + view->before.size;
    if (view->has_before && (address < end || !view->has_after))
        return &view->before;
    if (view->has_before && view->has_after && address - end <= view->after.start - address)
        return &view->before;
    return view->has_after ? &view->after : NULL;
}
