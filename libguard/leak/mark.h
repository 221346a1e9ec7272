/* SPDX-License-Identifier: MIT
 *
 * Finds out which blocks can be reached, and of what kind the others are. Used with the world
 * stopped, in this order: mark_begin(), any number of mark_root() and mark_range(), mark_finish(),
 * the results, mark_end(). Between mark_begin() and mark_end() the marks of the blocks belong to
 * the one struct mark; only one exists at a time (LOCK_LEAK_CHECK).
 */
#ifndef LEAK_MARK_H
#define LEAK_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap/block.h"
#include "leak/buckets.h"
#include "leak/hidden.h"
#include "leak/present.h"
#include "leak/regions.h"

/* What the leak check asks of a heap: as the functions of heap/heap.h named heap_record,
 * heap_each_live and heap_owns. Unit tests bring a heap of their own. */
struct leak_heap {
    /* As heap_record(): not read yet. */
    struct block *(*record)(uintptr_t address);
    void (*each)(bool (*visit)(struct block *block, void *argument), void *argument);
    bool (*owns)(uintptr_t address);
    /* NULL, or: the first piece of a pool that ends behind `address`. Pieces are blocks that lie in
     * other memory, and are not looked at as part of that. */
    const struct block *(*next_piece)(uintptr_t address);
};

#define MARK_AHEAD 16
#define MARK_EDGES 64

struct mark_leader;

struct mark {
    const struct leak_heap *heap;
    const struct regions *regions; /* NULL: tables of virtual functions are not recognised */
    struct present *present; /* NULL: every page of a block is looked at */
    struct hidden hidden; /* pages that the program has made inaccessible */
    bool hiding; /* such are what is being looked at */
    int pointers; /* option leak_pointers */
    bool careful; /* memory may become inaccessible: some thread still runs */
    uintptr_t low, high; /* every live block lies in [low, high) */
    uint8_t wave; /* what a block that is found now becomes; see mark.c */
    const char *failure; /* constant text; NULL while all is well */
    bool doubted; /* blocks count as possible because hidden pages could not be read */
    struct block **pending; /* found, not yet scanned; from the other end, candidates */
    struct buckets buckets; /* found, not yet scanned, unless `careful` */
    size_t pending_count, candidates, capacity, reserved;
    struct block *ahead[MARK_AHEAD]; /* taken from `pending`, on their way into the cache */
    unsigned ahead_first, ahead_count;
    struct mark_edge { /* a word that may point to a block, whose record is on its way */
        uintptr_t value;
        struct block *record;
        bool exact;
    } edges[MARK_EDGES];
    unsigned edge_first, edge_count;
    struct mark_leader *leaders;
    size_t leader_capacity;
    struct mark_leader *leader; /* whose blocks are being found */
};

/* Reserves room for a mark of as many blocks as live now, so that little memory has to be had with
 * the world stopped. 0 or -ENOMEM. May be called before the world is stopped. */
int mark_reserve(struct mark *mark, const struct leak_heap *heap);

/* Starts over the blocks that live now. `regions` and `present` may be NULL. */
void mark_begin(struct mark *mark, const struct regions *regions, struct present *present,
                bool careful);

/* A word of the program's. `exact`: it is known to be a pointer to the start of something, though
 * it may point inside. */
void mark_root(struct mark *mark, uintptr_t value, bool exact);

/* All words of [start, end), which ones says `pointers`. Pages that cannot be read are left out. */
void mark_range(struct mark *mark, uintptr_t start, uintptr_t end);

/* The same of pages that the program has made inaccessible and that hold something. If they cannot
 * be read, no block is said to be lost for sure. */
void mark_hidden(struct mark *mark, uintptr_t start, uintptr_t end);

/* The program holds on to this block, whatever points to it. */
void mark_held(struct mark *mark, struct block *block);

/* The same, and what it holds is dead: it leads nowhere. Before all that may lead to it. */
void mark_held_empty(struct mark *mark, struct block *block);

/* Follows everything and decides. NULL, or a constant text that says what failed. */
const char *mark_finish(struct mark *mark);

/* ---- after mark_finish(), for a block that was live then */

/* enum mmt_leak_kind */
unsigned mark_kind(const struct block *block);
/* Of an indirect leak: the stack of the definite one that it was found from; 0: not known. */
uint32_t mark_holder(const struct mark *mark, const struct block *block);
/* Of a definite leak: blocks and bytes that only it holds, inherited ones not counted; else 0. */
void mark_indirect(const struct mark *mark, const struct block *block, uint64_t *blocks,
                   uint64_t *bytes);
/* Whether the block came over fork from the parent process, whose leak it would be. */
bool mark_inherited(const struct block *block);

/* Takes the marks off all live blocks and gives the memory back. Also after a failure, and after
 * mark_reserve() alone. */
void mark_end(struct mark *mark);

#endif
