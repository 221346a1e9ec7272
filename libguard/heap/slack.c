/* SPDX-License-Identifier: MIT */
#include "heap/slack.h"

#include "base/bits.h"
#include "base/probe.h"

static uintptr_t lead_start(const struct block *block, uintptr_t span_start)
{
    return block->start - min_size(block->start - span_start, SLACK_LEAD);
}

static uintptr_t tail_end(const struct block *block, uintptr_t span_end)
{
    uintptr_t end = block->start + block->size;
    return end + min_size(span_end - end, SLACK_TAIL);
}

void slack_fill(const struct block *block, uintptr_t span_start, uintptr_t span_end)
{
    uintptr_t lead = lead_start(block, span_start), end = block->start + block->size;
    span_end = tail_end(block, span_end);
    if (lead < block->start)
        __builtin_memset((void *)lead, SLACK_PATTERN, block->start - lead);
    if (end < span_end)
        __builtin_memset((void *)end, SLACK_PATTERN, span_end - end);
}

#define PATTERN_WORD (SLACK_PATTERN * 0x0101010101010101u)

/* Where the `length` bytes from `from` on first differ from the pattern, by whole words from the end that lies at the block; 0 if they do not. The memory may
 * be made inaccessible by the program, or by another thread's free, at any moment; it then counts as sound. Spans are at least a word long, so
 * that the word that ends at from + length can be read. */
static uintptr_t tail_damage(uintptr_t from, size_t length)
{
    size_t words = length / 8, rest = length % 8,
           sound = probe_equal_words(from, words, PATTERN_WORD);
    uintptr_t word, at = from + 8 * sound;
    if (sound == words) {
        if (!rest || !probe_word(from + length - 8, &word) ||
            word >> (64 - 8 * rest) == PATTERN_WORD >> (64 - 8 * rest))
            return 0;
        word >>= 64 - 8 * rest;
    } else if (!probe_word(at, &word)) {
        return 0;
    }
    while ((unsigned char)word == SLACK_PATTERN) {
        word >>= 8;
        at++;
    }
    return at;
}

/* The damaged byte of [from, to) that is nearest to `to`; 0 if none is. */
static uintptr_t lead_damage(uintptr_t from, uintptr_t to)
{
    size_t words = (to - from) / 8, rest = (to - from) % 8;
    if (probe_equal_words(to - 8 * words, words, PATTERN_WORD) == words && !rest)
        return 0;
    for (uintptr_t at = to, word; at-- > from;) {
        uintptr_t aligned = align_down(at, sizeof(word));
        if (!probe_word(aligned, &word))
            return 0;
        if ((unsigned char)(word >> (8 * (at - aligned))) != SLACK_PATTERN)
            return at;
    }
    return 0;
}

uintptr_t slack_damage(const struct block *block, uintptr_t span_start, uintptr_t span_end)
{
    uintptr_t end = block->start + block->size, lead = lead_start(block, span_start), damaged = 0;
    span_end = tail_end(block, span_end);
    if (end < span_end)
        damaged = tail_damage(end, span_end - end);
    if (!damaged && lead < block->start)
        damaged = lead_damage(lead, block->start);
    return damaged;
}
