/* SPDX-License-Identifier: MIT
 *
 * Blocks too big for a slot. Each has a run of address space of its own and ends right before an
 * inaccessible page, its end on a multiple of 2 MiB so that huge pages fit. The pages of a freed
 * one go, unfreed, to fresh address space by mremap(MREMAP_DONTUNMAP), where they wait for the next
 * block of about the size.
 */
#ifndef HEAP_HUGE_H
#define HEAP_HUGE_H

#include <stdbool.h>

#include "heap/arena.h"

/* A run whose accessible pages, chunk->run_start .. chunk->run_end, have room for `size` bytes that
 * end where they end, after rounding up to `alignment` or to pages, whichever is less; and the
 * record of its block. NULL if there is no memory, address space or mapping left. *dirty: the pages
 * are not zero. */
struct block *huge_take(size_t size, size_t alignment, struct chunk **chunk, bool *dirty);

/* The same without protection. */
struct block *huge_take_loose(size_t size, size_t alignment, struct chunk **chunk);

/* Revokes the pages of a freed block and gives up the run. */
void huge_revoke(struct chunk *chunk);

#endif
