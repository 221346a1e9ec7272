/* SPDX-License-Identifier: MIT */
#include "leak/buckets.h"

#include <stdbool.h>

#include "base/bits.h"
#include "base/own_memory.h"

#define FIRST_SHIFT 21
#define LAST_SHIFT  48

static size_t words_for(size_t bits)
{
    return (bits + 63) / 64;
}

static size_t length_of(const struct buckets *buckets)
{
    size_t length = buckets->count, words = buckets->count;
    for (unsigned level = 0; level < BUCKET_LEVELS; level++)
        length += words = words_for(words);
    return length * sizeof(uint64_t);
}

void buckets_make(struct buckets *buckets, uintptr_t low, uintptr_t high)
{
    *buckets = (struct buckets){.low = low};
    for (unsigned shift = FIRST_SHIFT; !buckets->heads && shift <= LAST_SHIFT; shift += 3) {
        buckets->shift = shift;
        buckets->count = ((high - low) >> shift) + 1;
        buckets->heads = own_map(length_of(buckets));
    }
    if (!buckets->heads)
        return;
    uint64_t *next = (uint64_t *)(buckets->heads + buckets->count);
    size_t words = buckets->count;
    for (unsigned level = 0; level < BUCKET_LEVELS; level++) {
        buckets->levels[level] = next;
        words = words_for(words);
        next += words;
    }
    buckets->top_words = words;
}

void buckets_free(struct buckets *buckets)
{
    if (buckets->heads)
        own_unmap(buckets->heads, length_of(buckets));
    buckets->heads = NULL;
}

void buckets_put(struct buckets *buckets, struct block *block)
{
    size_t at = (block->start - buckets->low) >> buckets->shift;
    if (at >= buckets->count)
        at = 0;
    block->leak_leader = (uintptr_t)buckets->heads[at];
    buckets->heads[at] = block;
    for (unsigned level = 0; level < BUCKET_LEVELS; level++, at /= 64)
        buckets->levels[level][at / 64] |= (uint64_t)1 << at % 64;
}

/* The first bit of a level that is set from `from` on, in the same word; in the top level, in any.
 * -1 if there is none. */
static long first_bit(const struct buckets *buckets, unsigned level, size_t from)
{
    const uint64_t *bits = buckets->levels[level];
    size_t word = from / 64;
    uint64_t rest = bits[word] & ~(uint64_t)0 << from % 64;
    if (level == BUCKET_LEVELS - 1)
        while (!rest && ++word < buckets->top_words)
            rest = bits[word];
    return rest ? (long)(word * 64 + (size_t)__builtin_ctzll(rest)) : -1;
}

/* From bucket `from` on: up the levels until one has something to the right, then down to the first
 * of it. */
static bool find_from(struct buckets *buckets, size_t from)
{
    unsigned level = 0;
    size_t bits = buckets->count;
    long at = -1;
    for (;; level++) {
        if (from < bits)
            at = first_bit(buckets, level, from);
        if (at >= 0 || level == BUCKET_LEVELS - 1)
            break;
        from = from / 64 + 1;
        bits = words_for(bits);
    }
    if (at < 0)
        return false;
    while (level--)
        at = at * 64 + __builtin_ctzll(buckets->levels[level][at]);
    buckets->current = (size_t)at;
    return true;
}

static void mark_empty(struct buckets *buckets, size_t at)
{
    for (unsigned level = 0; level < BUCKET_LEVELS; level++, at /= 64) {
        uint64_t *word = &buckets->levels[level][at / 64];
        *word &= ~((uint64_t)1 << at % 64);
        if (*word)
            return;
    }
}

struct block *buckets_take(struct buckets *buckets)
{
    if (!buckets->heads[buckets->current] && !find_from(buckets, buckets->current) &&
        !find_from(buckets, 0))
        return NULL;
    struct block *block = buckets->heads[buckets->current];
    struct block *next = (struct block *)(uintptr_t)block->leak_leader;
    buckets->heads[buckets->current] = next;
    if (!next)
        mark_empty(buckets, buckets->current);
    block->leak_leader = 0;
    return block;
}
