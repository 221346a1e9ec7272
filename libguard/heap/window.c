/* SPDX-License-Identifier: MIT */
#include "heap/window.h"

#include "base/own_memory.h"
#include "heap/guarded.h"
#include "heap/poison.h"
#include "heap/policy.h"
#include "heap/span.h"

/* Ranges handed to the kernel at a time. */
#define AT_ONCE 64

static void revoke_some(struct heap_local *local, struct block *const *blocks, uint32_t count)
{
    struct iovec ranges[AT_ONCE];
    const struct page_backend *backend = arena_chunk(blocks[0]->start)->backend;
    for (uint32_t i = 0; i < count; i++) {
        struct span span = span_of(arena_chunk(blocks[i]->start), blocks[i]);
        ranges[i] = (struct iovec){(void *)span.start, span.end - span.start};
    }
    bool together = backend->revoke_many && !backend->revoke_many(ranges, count);
    for (uint32_t i = 0; i < count; i++) {
        struct chunk *chunk = arena_chunk(blocks[i]->start);
        uintptr_t start = (uintptr_t)ranges[i].iov_base, end = start + ranges[i].iov_len;
        if (together)
            guarded_revoked(chunk, start, end);
        else
            guarded_revoke(local, chunk, blocks[i], start, end, NULL);
    }
}

/* Revokes what waits, but for blocks that were written to and not reported yet: they stay
 * accessible. Returns how many those are; they are what is left in the window. */
static uint32_t revoke_sound(struct heap_local *local)
{
    struct block **blocks = local->window.blocks;
    uint32_t count = local->window.count, damaged = 0;
    for (uint32_t i = 0; i < count; i++)
        if (unlikely(blocks[i]->flags & BLOCK_WAITING && poison_damage(blocks[i]))) {
            struct block *block = blocks[i];
            blocks[i] = blocks[damaged];
            blocks[damaged++] = block;
        }
    for (uint32_t i = damaged; i < count; i++)
        GUARD_ASSERT(blocks[i]->state == BLOCK_FREED);
    for (uint32_t i = damaged; i < count; i++)
        blocks[i]->flags &= (uint8_t)~BLOCK_WAITING;
    for (uint32_t done = damaged; done < count; done += AT_ONCE)
        revoke_some(local, blocks + done, (uint32_t)min_size(count - done, AT_ONCE));
    local->window.count = damaged;
    return damaged;
}

/* One block that was written to is to be reported now, and revoked the next time, when what it
 * holds has been looked at; others wait for the next time, or for the sweep at the end. */
static struct compact_late window_flush(struct heap_local *local, uint32_t length)
{
    uint32_t damaged = revoke_sound(local);
    if (likely(!damaged))
        return (struct compact_late){NULL, 0};
    struct block *block = local->window.blocks[0];
    if (damaged > length / 2) /* no room to let them wait here: they stay accessible */
        local->window.count = 0;
    block->flags &= (uint8_t)~BLOCK_WAITING;
    return (struct compact_late){block, poison_damage(block)};
}

void window_end(struct heap_local *local)
{
    revoke_sound(local);
    local->window.count = 0;
}

struct compact_late window_put(struct heap_local *local, struct block *block)
{
    struct compact_late late = {NULL, 0};
    uint32_t length = (uint32_t)min_size(policy_window(), WINDOW_MOST);
    struct chunk *chunk = arena_chunk(block->start);
    struct span span = span_of(chunk, block);
    if (unlikely(!local_enter(local))) {
        guarded_revoke(local, chunk, block, span.start, span.end, NULL);
        return late;
    }
    if (unlikely(!local->window.blocks))
        local->window.blocks = own_alloc(length * sizeof(*local->window.blocks));
    if (unlikely(!local->window.blocks)) {
        local_leave(local);
        guarded_revoke(local, chunk, block, span.start, span.end, NULL);
        return late;
    }
    if (unlikely(!poison_fill(block))) {
        local_leave(local);
        guarded_revoke(local, chunk, block, span.start, span.end, NULL);
        return late;
    }
    block->flags |= BLOCK_WAITING;
    local->window.blocks[local->window.count++] = block;
    if (local->window.count == length)
        late = window_flush(local, length);
    local_leave(local);
    return late;
}
