/* SPDX-License-Identifier: MIT
 *
 * Buckets: the numbers of pages that the pages of blocks in slots are rounded up to, so that a
 * spare slot fits the next block. Every number up to 31, then eighths of a power of two. Pure
 * functions.
 */
#ifndef HEAP_BUCKET_H
#define HEAP_BUCKET_H

#include <stddef.h>

#include "base/bits.h"

#define BUCKET_EXACT 31 /* pages up to which every number is a bucket */
#define BUCKET_MOST  448 /* pages of the last bucket */
#define BUCKETS      (BUCKET_EXACT + 16)

/* The smallest bucket with room for `pages`, 1 .. BUCKET_MOST. */
static inline unsigned bucket_of(size_t pages)
{
    if (likely(pages <= BUCKET_EXACT))
        return (unsigned)pages - 1;
    unsigned log = log2_floor(pages),
             step = log - 2; /* quarters of the octave [2^log, 2^(log+1)) */
    size_t quarter = (pages - ((size_t)1 << log) + ((size_t)1 << step) - 1) >> step;
    if (quarter == 4) {
        log++;
        quarter = 0;
    }
    return BUCKET_EXACT + (log - 5) * 4 + (unsigned)quarter;
}

static inline size_t bucket_pages(unsigned bucket)
{
    if (likely(bucket < BUCKET_EXACT))
        return bucket + 1;
    unsigned log = 5 + (bucket - BUCKET_EXACT) / 4, quarter = (bucket - BUCKET_EXACT) % 4;
    return ((size_t)1 << log) + ((size_t)quarter << (log - 2));
}

/* The class of slot for `pages`: a slot of class c is 2^(c+1) pages, at least one of which is a
 * guard. */
static inline unsigned bucket_class(size_t pages)
{
    return log2_floor(pages);
}

#endif
