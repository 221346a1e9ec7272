/* SPDX-License-Identifier: MIT
 *
 * The compact heap, for blocks that are not given guard pages: slots of the block's size with a red
 * zone on both sides, records elsewhere, freed blocks poisoned and kept in a quarantine until
 * others need the room. A 64-byte block takes 96 bytes and a record of 40. What is lost against the
 * guarded heap is the fault at the instruction; double and invalid frees, damage around a block and
 * to a freed one, and leaks are found all the same.
 */
#ifndef HEAP_COMPACT_H
#define HEAP_COMPACT_H

#include "heap/local.h"

#define COMPACT_RED_ZONE 16
#define COMPACT_LARGEST  ((size_t)1 << 20) /* bytes of the largest slot */

/* A record with its slot [*start, *end). NULL if the size is too large or there is no memory. */
struct block *compact_take(struct heap_local *local, size_t size, size_t alignment,
                           uintptr_t *start, uintptr_t *end);

/* A freed block whose poison was overwritten, found when its slot was about to be used again. Its
 * slot stays out of use. */
struct compact_late {
    struct block *block; /* NULL: none */
    uintptr_t damaged;
};

/* Poisons a freed block and puts it into the quarantine. */
struct compact_late compact_retire(struct heap_local *local, struct block *block);

/* Prepares address space for the calling thread, so that it needs no system call for its next 64
 * MiB. */
void compact_stock_up(struct heap_local *local);

void compact_thread_end(struct heap_local *local);

#endif
