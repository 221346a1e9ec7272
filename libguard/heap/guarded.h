/* SPDX-License-Identifier: MIT
 *
 * The guarded heap: blocks in slots between guard pages. Freed address space is never used again;
 * where the backend can, the pages of a freed block go to a fresh slot in the same call that
 * revokes them, and wait there, spare, for the next block.
 */
#ifndef HEAP_GUARDED_H
#define HEAP_GUARDED_H

#include "heap/local.h"
#include "heap/slack.h"

#define GUARDED_LARGEST (BUCKET_MOST * PAGE_SIZE)

/* A slot whose last `bucket_pages(bucket)` pages are accessible. NULL if there is none to be had.
 * *dirty: the pages are not zero. */
struct block *guarded_take(struct heap_local *local, unsigned bucket, struct chunk **chunk,
                           uintptr_t *slot_end, bool *dirty);

/* A slot of class `class`, none of its pages accessible. */
struct block *guarded_take_bare(struct heap_local *local, unsigned class, struct chunk **chunk,
                                uintptr_t *slot_end);

/* Revokes the pages [start, end) of a freed block and gives up its slot. Unless `found` is NULL,
 * the slack is checked on the way, where the pages go: at the new address they have to be looked up
 * anyway, at the old one that may cost as much as a third of the system call. */
void guarded_revoke(struct heap_local *local, struct chunk *chunk, const struct block *block,
                    uintptr_t start, uintptr_t end, struct slack_found *found);

/* Gives up the slot of a freed block whose pages [start, end) the caller has revoked. */
void guarded_revoked(struct chunk *chunk, uintptr_t start, uintptr_t end);

/* Pages of small guarded blocks and spares: what guarding costs in memory. */
uint64_t guarded_pages(void);

/* Threads together keep at most so many accessible pages without a block, beside the few each has
 * for itself. */
void guarded_limit_spares(uint64_t pages);

void guarded_thread_end(struct heap_local *local);

/* Has the thread prepare address space for each class of slot for which it has none at hand. */
void guarded_stock_up(struct heap_local *local);

#endif
