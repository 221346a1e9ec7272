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
    size_t words = words_for(buckets->count);
    return (buckets->count + words + words_for(words)) * sizeof(uint64_t);
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
    buckets->filled = (uint64_t *)(buckets->heads + buckets->count);
    buckets->summary = buckets->filled + words_for(buckets->count);
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
    buckets->filled[at / 64] |= (uint64_t)1 << at % 64;
    buckets->summary[at / 4096] |= (uint64_t)1 << at / 64 % 64;
}

/* The first bit that is set from `from` on, in `words` words; -1 if there is none. */
static long first_bit(const uint64_t *bits, size_t words, size_t from)
{
    size_t word = from / 64;
    if (word >= words)
        return -1;
    uint64_t rest = bits[word] & ~(uint64_t)0 << from % 64;
    while (!rest && ++word < words)
        rest = bits[word];
    return rest ? (long)(word * 64 + (size_t)__builtin_ctzll(rest)) : -1;
}

/* From bucket `from` on. */
static bool find_from(struct buckets *buckets, size_t from)
{
    size_t words = words_for(buckets->count), word = from / 64;
    long at = first_bit(buckets->filled, word + 1 < words ? word + 1 : words, from);
    if (at < 0) {
        long next = first_bit(buckets->summary, words_for(words), word + 1);
        at = next < 0 ? -1 : first_bit(buckets->filled, words, (size_t)next * 64);
    }
    if (at >= 0)
        buckets->current = (size_t)at;
    return at >= 0;
}

struct block *buckets_take(struct buckets *buckets)
{
    if (!buckets->heads[buckets->current] && !find_from(buckets, buckets->current) &&
        !find_from(buckets, 0))
        return NULL;
    struct block *block = buckets->heads[buckets->current];
    struct block *next = (struct block *)(uintptr_t)block->leak_leader;
    buckets->heads[buckets->current] = next;
    if (!next) {
        uint64_t *word = &buckets->filled[buckets->current / 64];
        *word &= ~((uint64_t)1 << buckets->current % 64);
        if (!*word)
            buckets->summary[buckets->current / 4096] &=
                ~((uint64_t)1 << buckets->current / 64 % 64);
    }
    block->leak_leader = 0;
    return block;
}
