/* SPDX-License-Identifier: MIT */
#include "heap/compact.h"

#include <sys/mman.h>

#include "base/data_limit.h"
#include "base/lock.h"
#include "base/own_memory.h"
#include "base/sys.h"
#include "heap/poison.h"
#include "heap/policy.h"

/* Slot sizes: 48 .. 256 in steps of 16, then four to an octave up to COMPACT_LARGEST. */
#define SMALLEST_SLOT 48
#define FINE_SLOTS    14
#define FINE_LARGEST  256

/* The quarantine holds so many bytes, records included, or so many blocks, whichever is less; of a
 * small budget a quarter, of a small limit of writable memory a sixteenth. */
#define QUARANTINE_BYTES  ((size_t)64 << 20)
#define QUARANTINE_BLOCKS ((uint64_t)1 << 20)
#define EVICTED_AT_ONCE   (2 * RETIRING)

static struct {
    struct block *free[COMPACT_CLASSES]; /* linked by leak_leader */
    struct chunk *begun[COMPACT_CLASSES]; /* chunks with slots left, of threads that ended */
    struct block **ring; /* the quarantine, oldest at `out` */
    uint64_t in, out;
    size_t bytes;
    _Atomic uint32_t chunks; /* counted where writable memory is limited */
} compact;

static unsigned class_of(size_t slot)
{
    if (slot <= SMALLEST_SLOT)
        return 0;
    if (slot <= FINE_LARGEST)
        return (unsigned)((slot - SMALLEST_SLOT + 15) / 16);
    unsigned log = log2_floor(slot - 1), step = log - 2;
    unsigned quarter = (unsigned)((slot - 1 - ((size_t)1 << log)) >> step);
    return FINE_SLOTS + (log - 8) * 4 + quarter;
}

static uint32_t class_size(unsigned class)
{
    if (class < FINE_SLOTS)
        return SMALLEST_SLOT + class * 16;
    unsigned log = 8 + (class - FINE_SLOTS) / 4, quarter = (class - FINE_SLOTS) % 4;
    return (1u << log) + ((quarter + 1) << (log - 2));
}

static struct block *next_free(const struct block *block)
{
    return (struct block *)block->leak_leader;
}

/* Free slots from the common list into the thread's. */
static bool compact_refill(struct heap_local *local, unsigned class)
{
    if (!__atomic_load_n(&compact.free[class], __ATOMIC_RELAXED))
        return false;
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    uint32_t count = 0;
    while (compact.free[class] && count < COMPACT_CACHE / 2) {
        struct block *block = compact.free[class];
        compact.free[class] = next_free(block);
        local->compact[class].free[count++] = block;
    }
    local->compact[class].count = count;
    lock_leave(LOCK_HEAP_CHUNK, mask);
    return count != 0;
}

static struct chunk *take_begun(unsigned class)
{
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    struct chunk *chunk = compact.begun[class];
    if (chunk)
        compact.begun[class] = chunk->next;
    lock_leave(LOCK_HEAP_CHUNK, mask);
    return chunk;
}

/* Where writable memory is limited, whether the kernel would still give the program what is in
 * compact chunks beside all else that it has, but for a part-filled one of each size. */
static bool within_limit(void)
{
    uint32_t chunks = atomic_fetch_add(&compact.chunks, 1);
    if (chunks < COMPACT_CLASSES)
        return true;
    size_t size = (chunks + 1 - COMPACT_CLASSES) * CHUNK_SIZE;
    void *trial = sys_map(NULL, size, PROT_READ | PROT_WRITE, 0);
    if (trial)
        sys_unmap(trial, size);
    else
        atomic_fetch_sub(&compact.chunks, 1);
    return trial != NULL;
}

static struct block *compact_take_fresh(struct heap_local *local, unsigned class)
{
    for (;;) {
        struct chunk *chunk = local->compact[class].current;
        if (chunk) {
            uint32_t slot = local_take_slot(local, chunk);
            if (slot < chunk->slots) {
                struct block *block = &chunk->blocks[slot];
                block->start =
                    chunk_slot_start(chunk, slot); /* so that the slot is found from the record */
                return block;
            }
        }
        chunk = take_begun(class);
        if (!chunk && (likely(!data_uncounted_flag()) || within_limit()))
            chunk = arena_take_chunk(ARENA_COMPACT, class_size(class), &local->compact_segment);
        if (!chunk)
            return NULL;
        local->compact[class].current = chunk;
    }
}

struct block *compact_take(struct heap_local *local, size_t size, size_t alignment,
                           uintptr_t *start, uintptr_t *end)
{
    /* Slots are aligned to 16 at most by themselves. */
    size_t need = align_up(size, 16) + 2 * COMPACT_RED_ZONE + (alignment > 16 ? alignment : 0);
    if (need > COMPACT_LARGEST || need < size)
        return NULL;
    unsigned class = class_of(need);
    struct block *block = NULL;
    if (likely(local_enter(local))) {
        if (local->compact[class].count || compact_refill(local, class))
            block = local->compact[class].free[--local->compact[class].count];
        local_leave(local);
    }
    if (!block)
        block = compact_take_fresh(local, class);
    if (!block)
        return NULL;
    const struct chunk *chunk = arena_chunk(block->start);
    *start = chunk_slot_start(chunk, chunk_slot(chunk, block->start));
    *end = *start + chunk->slot_size;
    return block;
}

static size_t cost_of(const struct block *block)
{
    return block->size + 2 * COMPACT_RED_ZONE + sizeof(*block);
}

/* Blocks into the quarantine, and the oldest out of it as far as it is over its limits. Returns how
 * many came out. */
static uint32_t compact_exchange(struct block *const *blocks, uint32_t count,
                                 struct block **evicted)
{
    uint32_t out = 0;
    size_t most = min_size(policy_budget() / 4, QUARANTINE_BYTES);
    most = min_size(most, data_limit() / 16);
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    if (!compact.ring)
        compact.ring = own_map(QUARANTINE_BLOCKS * sizeof(*compact.ring));
    for (uint32_t i = 0; compact.ring && i < count; i++) {
        compact.ring[compact.in++ % QUARANTINE_BLOCKS] = blocks[i];
        compact.bytes += cost_of(blocks[i]);
    }
    while (
        out < EVICTED_AT_ONCE && compact.out != compact.in &&
        (compact.bytes > most || compact.in - compact.out > QUARANTINE_BLOCKS - EVICTED_AT_ONCE)) {
        evicted[out] = compact.ring[compact.out++ % QUARANTINE_BLOCKS];
        GUARD_ASSERT(evicted[out]->state == BLOCK_FREED && evicted[out]->flags & BLOCK_WAITING);
        GUARD_ASSERT(compact.bytes >= cost_of(evicted[out]));
        compact.bytes -= cost_of(evicted[out++]);
    }
    lock_leave(LOCK_HEAP_CHUNK, mask);
    return out;
}

static void make_free(struct block *const *blocks, uint32_t count)
{
    uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
    for (uint32_t i = 0; i < count; i++) {
        GUARD_ASSERT(arena_chunk(blocks[i]->start)->arena == ARENA_COMPACT);
        unsigned class = class_of(arena_chunk(blocks[i]->start)->slot_size);
        blocks[i]->leak_leader = (uintptr_t)compact.free[class];
        compact.free[class] = blocks[i];
    }
    lock_leave(LOCK_HEAP_CHUNK, mask);
}

/* Of the blocks that leave the quarantine, those that were written to are not used again. One is
 * returned, to be reported now; the others are left to the sweep at the end, as all are if `sweep`
 * says so. */
static struct compact_late into_quarantine(struct block *const *blocks, uint32_t count, bool sweep)
{
    struct compact_late late = {NULL, 0};
    struct block *evicted[EVICTED_AT_ONCE];
    uint32_t out = compact_exchange(blocks, count, evicted), sound = 0;
    for (uint32_t i = 0; i < out; i++) {
        struct block *block = evicted[i];
        uintptr_t damaged = poison_damage(block);
        if (damaged && (sweep || late.block))
            continue;
        block->flags &= (uint8_t)~BLOCK_WAITING;
        if (!damaged)
            evicted[sound++] = block;
        else
            late = (struct compact_late){block, damaged};
    }
    if (sound)
        make_free(evicted, sound);
    return late;
}

struct compact_late compact_retire(struct heap_local *local, struct block *block)
{
    struct compact_late late = {NULL, 0};
    if (unlikely(!poison_fill(block))) /* not to be used again */
        return late;
    block->flags |= BLOCK_WAITING;
    if (unlikely(!local_enter(local)))
        return into_quarantine(&block, 1, false);
    local->retiring.blocks[local->retiring.count++] = block;
    if (local->retiring.count == RETIRING) {
        late = into_quarantine(local->retiring.blocks, RETIRING, false);
        local->retiring.count = 0;
    }
    local_leave(local);
    return late;
}

void compact_stock_up(struct heap_local *local)
{
    struct segment fresh;
    if (local->compact_segment.end - local->compact_segment.next < page_unguarded.segment / 2 &&
        arena_new_segment(ARENA_COMPACT, &fresh))
        local->compact_segment = fresh;
    if (!compact.ring)
        compact.ring = own_map(QUARANTINE_BLOCKS * sizeof(*compact.ring));
}

/* What the thread has at hand goes to others. */
void compact_thread_end(struct heap_local *local)
{
    if (local->retiring.count)
        into_quarantine(local->retiring.blocks, local->retiring.count, true);
    local->retiring.count = 0;
    for (unsigned class = 0; class < COMPACT_CLASSES; class ++) {
        make_free(local->compact[class].free, local->compact[class].count);
        local->compact[class].count = 0;
        struct chunk *chunk = local->compact[class].current;
        local->compact[class].current = NULL;
        if (!chunk || atomic_load(&chunk->taken) >= chunk->slots)
            continue;
        uint64_t mask = lock_enter(LOCK_HEAP_CHUNK);
        chunk->next = compact.begun[class];
        compact.begun[class] = chunk;
        lock_leave(LOCK_HEAP_CHUNK, mask);
    }
    arena_give_segment(ARENA_COMPACT, &local->compact_segment);
}
