/* SPDX-License-Identifier: MIT
 *
 * What each thread keeps for itself of the heap (THREAD_SLOT_HEAP).
 *
 * A signal handler that allocates shares it with what it interrupted. `busy` keeps the two apart:
 * while it is set, spares, windows and caches are left alone and blocks are made and revoked the
 * long way. Slots of chunks are taken by one atomic addition, which needs no such care. Counters
 * may lose an increment to a handler; they are statistics only.
 */
#ifndef HEAP_LOCAL_H
#define HEAP_LOCAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"
#include "base/thread.h"
#include "heap/arena.h"
#include "heap/bucket.h"

#define COMPACT_CLASSES 62
#define COMPACT_CACHE   64
#define RETIRING        64

struct spare_list {
    uint32_t count;
    uintptr_t *slots; /* starts of slots; NULL until the first is put in */
};

struct heap_local {
    volatile bool busy;
    bool shared; /* by several threads */
    uint64_t allocations, frees, bytes_allocated;
    uint64_t turn; /* of guard=N */
    uint32_t share; /* of guard=auto: blocks that the thread may still guard without choosing */
    struct chunk *current[SLOT_CLASSES];
    struct segment segments[SLOT_CLASSES];
    struct spare_list spares[BUCKETS];
    struct {
        uint32_t count;
        struct block **blocks;
    } window; /* freed blocks whose pages are not revoked yet */
    struct {
        uint32_t count;
        struct block *blocks[RETIRING];
    } retiring; /* freed blocks of the compact heap, on their way into the quarantine */
    struct segment compact_segment;
    struct {
        struct chunk *current;
        uint32_t count;
        struct block *free[COMPACT_CACHE];
    } compact[COMPACT_CLASSES];
};

/* The calling thread's; one shared by all threads for which there is no memory, whose `busy` stays
 * set. */
struct heap_local *local_make(struct thread *self);
static inline struct heap_local *local_get(void)
{
    struct thread *self = thread_self();
    struct heap_local *local = self->slot[THREAD_SLOT_HEAP];
    return likely(local != NULL) ? local : local_make(self);
}

/* Takes the next slot of a chunk that the thread has for itself. One instruction, so that a signal
 * handler of the thread comes before or after it; only where the chunk is several threads' it must
 * be one for other processors too, which waits for all earlier stores. */
static inline uint32_t local_take_slot(const struct heap_local *local, struct chunk *chunk)
{
    uint32_t slot = 1;
    if (unlikely(local->shared))
        return atomic_fetch_add_explicit(&chunk->taken, 1, memory_order_relaxed);
    __asm__ volatile("xaddl %0, %1" : "+r"(slot), "+m"(chunk->taken) : : "memory");
    return slot;
}

/* True if the caller may use the thread's lists; it then calls local_leave(). */
static inline bool local_enter(struct heap_local *local)
{
    if (unlikely(local->busy))
        return false;
    local->busy = true;
    __asm__ volatile("" ::: "memory");
    return true;
}

static inline void local_leave(struct heap_local *local)
{
    __asm__ volatile("" ::: "memory");
    local->busy = false;
}

#endif
