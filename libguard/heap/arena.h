/* SPDX-License-Identifier: MIT
 *
 * Address space of the heap and the page map: from an address to its block and neighbours by arithmetic, without a lock.
 *
 * One reservation is cut into arenas of equal size: for each set (guarded, unguarded) one an class of slot. A slot of class c is
 * 2^(c+1) pages: at least one guard page, then at most 2^(c+1) - 1 pages that a block ends. Arenas are cut into chunks of 2 MiB that are
 * handed out once and never again; a chunk's record holds its blocks' records. Blocks too big for a slot get a run of chunks
 * of their own (class ARENA_HUGE), the last of which stays inaccessible.
 */
#ifndef HEAP_ARENA_H
#define HEAP_ARENA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "heap/block.h"
#include "page/backend.h"

#define CHUNK_SHIFT 21
#define CHUNK_SIZE ((size_t)1 << CHUNK_SHIFT)
#define ARENA_SLOT_CLASSES 9
#define ARENA_HUGE ARENA_SLOT_CLASSES
#define ARENA_CLASSES (ARENA_SLOT_CLASSES + 1)

enum arena_set {
    ARENA_GUARDED,
    ARENA_UNGUARDED,
    ARENA_SETS,
};

struct chunk {
    const struct page_backend *backend;
    uintptr_t base;
    size_t length;
    uint8_t set, class;
    _Atomic bool retired;
    uint32_t slots;
    _Atomic uint32_t taken; /* slots handed out; may run past `slots` */
    _Atomic uint32_t held;  /* slots not yet freed, those never handed out included; the chunk is retired at 0 */
    struct chunk *next;     /* in a pool of chunks with slots left */
    struct block blocks[];  /* one a slot */
};

/* Bytes of a slot of class `class`. */
static inline size_t arena_slot_size(unsigned class)
{
    return PAGE_SIZE << (class + 1);
}

/* 0, or -ENOMEM if no useful amount of address space can be had. `guarded` serves ARENA_GUARDED. */
int arena_init(const struct page_backend *guarded);

bool arena_owns(uintptr_t address);

/* The chunk that holds `address`; NULL if none does. */
struct chunk *arena_chunk(uintptr_t address);

/* A chunk of slots: from the pool or new. NULL without memory or address space. */
struct chunk *arena_take_chunk(enum arena_set set, unsigned class);
/* Back to the pool, if it has slots left. */
void arena_give_chunk(struct chunk *chunk);

/* A run of chunks for one block that needs `length` bytes ending at a multiple of `alignment`. */
struct chunk *arena_take_huge(enum arena_set set, size_t length, size_t alignment);

/* One slot of `chunk` is done with. */
void arena_release_slot(struct chunk *chunk);

/* Which slot `address` lies in. */
static inline uint32_t chunk_slot(const struct chunk *chunk, uintptr_t address)
{
    return chunk->class == ARENA_HUGE ? 0 : (uint32_t)((address - chunk->base) >> (PAGE_SHIFT + chunk->class + 1));
}

/* Every chunk there ever was, in address order within an arena; stops when `visit` returns false. Lock-free. */
bool arena_each_chunk(bool (*visit)(struct chunk *chunk, void *argument), void *argument);

#endif
