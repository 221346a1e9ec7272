/* SPDX-License-Identifier: MIT
 *
 * Address space of the heap and the page map: from an address to its chunk and block by arithmetic,
 * without a lock.
 *
 * One reservation is cut into arenas. An arena is handed out in chunks of 2 MiB (a block that needs
 * more gets a run of them), each once: address space is never used again. A chunk's record holds
 * the records of its blocks. One table, indexed by the 2 MiB, leads from an address to its chunk.
 *
 *   slots    chunks of equal slots with guard pages, one arena for each class of slot
 *   huge     a run for each block, the last 2 MiB of which stay inaccessible
 *   compact  chunks of the compact heap: no guard pages, slots are used again
 *   loose    as huge, without protection
 *
 * Records of chunks whose blocks are all freed are the history. They are dropped, oldest first,
 * when they hold more frees than the option allows; the addresses then lead to the forgotten chunk.
 */
#ifndef HEAP_ARENA_H
#define HEAP_ARENA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "base/guard_assert.h"
#include "base/single.h"
#include "heap/block.h"
#include "page/backend.h"

#define CHUNK_SHIFT  21
#define CHUNK_SIZE   ((size_t)1 << CHUNK_SHIFT)
#define SLOT_CLASSES 9

enum arena_id { /* ARENA_SLOTS + class, for class 0 .. SLOT_CLASSES - 1, come first */
                ARENA_SLOTS,
                ARENA_HUGE = ARENA_SLOTS + SLOT_CLASSES,
                ARENA_LOOSE,
                ARENA_COMPACT,
                ARENAS,
};

struct chunk {
    const struct page_backend *backend;
    uintptr_t base;
    size_t length;
    uint8_t arena; /* enum arena_id */
    _Atomic bool retired;
    /* Pages of slots not in use may be accessible: an error was reported there. */
    _Atomic bool opened;
    uint32_t slots;
    uint32_t slot_size; /* bytes; not for runs */
    uintptr_t run_start, run_end; /* of a run: its accessible pages */
    uint64_t reciprocal; /* of slot_size, in units of 2^-42 */
    _Atomic uint32_t taken; /* slots handed out; may run past `slots` */
    /* Slots not yet freed, those never handed out included; the chunk is retired at 0. */
    _Atomic uint32_t held;
    struct chunk *next; /* in a pool of chunks with slots left, or in the history */
    struct block blocks[]; /* one a slot */
};

/* Address space taken and prepared by one thread for one arena, of which it makes its chunks. */
struct segment {
    uintptr_t next, end;
};

/* 0, or -ENOMEM if no useful amount of address space can be had. `backend` serves slots; `history`
 * is the number of frees kept. */
int arena_init(const struct page_backend *backend, size_t history);

bool arena_in_some(uintptr_t address);

/* What lookups need, set once; `shrunk` when address space between the arenas was given up. */
struct arena_map {
    uintptr_t base;
    size_t size;
    struct chunk *_Atomic *table; /* by index of the 2 MiB in the reservation */
    bool shrunk;
};
extern struct arena_map arena_map __attribute__((visibility("hidden")));
extern struct chunk arena_forgotten __attribute__((visibility("hidden")));

static inline bool arena_owns(uintptr_t address)
{
    return address - arena_map.base < arena_map.size &&
           (likely(!arena_map.shrunk) || arena_in_some(address));
}

/* Unmaps address space that was not handed out yet, so that all that is left fits half of `limit`
 * if it can. */
void arena_shrink(size_t limit);

/* From now on retired address space is no longer writable to the kernel: it costs a system call a
 * chunk, and mappings. */
void arena_save_writable(void);

/* The chunk that holds `address`; NULL if none does, the chunk with 0 slots if it is forgotten. */
static inline struct chunk *arena_chunk(uintptr_t address)
{
    uintptr_t offset = address - arena_map.base;
    if (offset >= arena_map.size)
        return NULL;
    struct chunk *chunk =
        atomic_load_explicit(&arena_map.table[offset >> CHUNK_SHIFT], memory_order_acquire);
    /* A record that was dropped from the history and is in use again, for other address space,
     * since the table was read. */
    if (unlikely(chunk && address - chunk->base >= chunk->length))
        return &arena_forgotten;
    return chunk;
}

/* Whether `chunk` is a run of address space for one block. */
static inline bool chunk_is_run(const struct chunk *chunk)
{
    return chunk->arena == ARENA_HUGE || chunk->arena == ARENA_LOOSE;
}

/* Which slot of `chunk` `address` lies in; 0 in a run, whose reciprocal is 0. */
static inline uint32_t chunk_slot(const struct chunk *chunk, uintptr_t address)
{
    return (uint32_t)((address - chunk->base) * chunk->reciprocal >> 42);
}

static inline uintptr_t chunk_slot_start(const struct chunk *chunk, uint32_t slot)
{
    return chunk->base + (uintptr_t)slot * chunk->slot_size;
}

/* The record of the block in the slot of `address`; NULL if there is no such slot. */
static inline struct block *chunk_block(struct chunk *chunk, uintptr_t address)
{
    uint32_t slot = chunk_slot(chunk, address);
    return slot < chunk->slots ? &chunk->blocks[slot] : NULL;
}

/* A chunk of slots of `slot_size` bytes: from the pool or new, of address space from `segment`.
 * NULL without memory or address space. */
struct chunk *arena_take_chunk(enum arena_id arena, uint32_t slot_size, struct segment *segment);
/* Back to the pool, if it has slots left. */
void arena_give_chunk(struct chunk *chunk);
/* Address space for a segment, prepared. False if there is none. */
bool arena_new_segment(enum arena_id arena, struct segment *segment);
/* Segments too: an ended thread's is used by the next. */
void arena_give_segment(enum arena_id arena, struct segment *segment);

/* A run for one block that needs `length` bytes ending at a multiple of `alignment`; prepared by
 * `backend`. */
struct chunk *arena_take_run(enum arena_id arena, size_t length, size_t alignment,
                             const struct page_backend *backend);

/* All slots of `chunk`, of slots or a run, are done with: into the history. */
void arena_retire(struct chunk *chunk);

/* One slot of `chunk`, of slots or a run, is done with. */
static inline void arena_release_slot(struct chunk *chunk)
{
    GUARD_ASSERT(atomic_load(&chunk->held) != 0 && !atomic_load(&chunk->retired));
    if (unlikely(single_drop(&chunk->held)))
        arena_retire(chunk);
}

/* Every chunk that is not forgotten, in address order; stops when `visit` returns false. Lock-free.
 */
bool arena_each_chunk(bool (*visit)(struct chunk *chunk, void *argument), void *argument);

#endif
