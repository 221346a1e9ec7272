/* SPDX-License-Identifier: MIT */
#include "heap/poison.h"

#include "base/bits.h"
#include "base/probe.h"
#include "heap/slack.h"
#include "page/backend.h"

#define MARK      ((uintptr_t)0xfdb5 << 48)
#define MARK_MASK ((uintptr_t)0xffff << 48)

static uintptr_t poison_word(const struct block *block)
{
    return MARK | (block->start & ~MARK_MASK);
}

/* Blocks need not start at a multiple of 8 (option align); the words are laid from the block's
 * start all the same. */
bool poison_fill(const struct block *block)
{
    if (!page_make_writable((void *)block->start, (void *)(block->start + block->size)))
        return false;
    uintptr_t word = poison_word(block);
    char *at = (char *)block->start;
    size_t whole = block->size & ~(sizeof(word) - 1);
    for (size_t i = 0; i < whole; i += sizeof(word))
        __builtin_memcpy(at + i, &word, sizeof(word));
    for (size_t i = whole; i < block->size; i++)
        at[i] = (char)(word >> (8 * (i - whole)));
    return true;
}

static uintptr_t byte_damage(const struct block *block, size_t from, size_t to)
{
    uintptr_t word = poison_word(block), seen;
    for (size_t i = from; i < to; i++) {
        uintptr_t at = block->start + i, aligned = align_down(at, sizeof(seen));
        if (!probe_word(aligned, &seen))
            return 0;
        if ((unsigned char)(seen >> (8 * (at - aligned))) !=
            (unsigned char)(word >> (8 * (i % sizeof(word)))))
            return at;
    }
    return 0;
}

uintptr_t poison_damage(const struct block *block)
{
    uintptr_t word = poison_word(block);
    size_t words = block->size / sizeof(word), sound = probe_equal_words(block->start, words, word),
           from = sound * sizeof(word);
    return byte_damage(block, from, sound < words ? from + sizeof(word) : block->size);
}

void poison_details(const struct block *block, uintptr_t damaged, uint8_t *expected, uint8_t *found,
                    uint16_t *length)
{
    uintptr_t word = poison_word(block), at = damaged,
              end = min_size(block->start + block->size, damaged + SLACK_LOOKED_AT);
    for (uintptr_t seen; at < end; at++) {
        uintptr_t aligned = align_down(at, sizeof(seen));
        uint8_t sound = (uint8_t)(word >> (8 * ((at - block->start) % sizeof(word))));
        if (!probe_word(aligned, &seen))
            break;
        uint8_t byte = (uint8_t)(seen >> (8 * (at - aligned)));
        if (byte == sound)
            break;
        if (at == damaged)
            *expected = sound, *found = byte;
    }
    *length = (uint16_t)(at - damaged);
}

uintptr_t poison_origin(uintptr_t value)
{
    return (value & MARK_MASK) == MARK ? value & ~MARK_MASK : 0;
}
