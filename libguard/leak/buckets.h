/* SPDX-License-Identifier: MIT
 *
 * Blocks that wait to be scanned, by address, 2 MiB at a time: their pages then share page tables,
 * whose cache misses cost more than those of the pages. The lists run through the blocks'
 * leak_leader, so it is out of the question while a thread runs that may free a block.
 */
#ifndef LEAK_BUCKETS_H
#define LEAK_BUCKETS_H

#include <stddef.h>
#include <stdint.h>

#include "heap/block.h"

#define BUCKET_LEVELS 4

struct buckets {
    struct block **heads; /* NULL: not made */
    /* Which buckets are not empty, a bit each; above that, which words of the level below are not
     * 0. The arenas lie far apart: of two levels, the upper would have thousands of words to look
     * through for each block of a list that goes to and fro. */
    uint64_t *levels[BUCKET_LEVELS];
    size_t top_words;
    size_t count, current;
    uintptr_t low;
    unsigned shift;
};

/* For blocks that start in [low, high). Where there is no memory for that, larger pieces will do;
 * without any, heads is NULL. */
void buckets_make(struct buckets *buckets, uintptr_t low, uintptr_t high);
void buckets_free(struct buckets *buckets);

void buckets_put(struct buckets *buckets, struct block *block);
/* A block, whose leak_leader is 0 again; NULL if there is none. */
struct block *buckets_take(struct buckets *buckets);

#endif
