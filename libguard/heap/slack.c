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

#define PATTERN_WORD (SLACK_PATTERN * 0x0101010101010101u)

/* In steps of 16 bytes, the last of which overlaps the one before: a call of memset costs more for so few. */
static void fill(uintptr_t from, uintptr_t to)
{
    typedef uint64_t wide __attribute__((vector_size(16), aligned(1), may_alias));
    const wide pattern = {PATTERN_WORD, PATTERN_WORD};
    if (to - from < sizeof(wide)) {
        for (; from < to; from++)
            *(unsigned char *)from = SLACK_PATTERN;
        return;
    }
    for (; from < to - sizeof(wide); from += sizeof(wide))
        *(wide *)from = pattern;
    *(wide *)(to - sizeof(wide)) = pattern;
}

void slack_fill(const struct block *block, uintptr_t span_start, uintptr_t span_end)
{
    fill(lead_start(block, span_start), block->start);
    fill(block->start + block->size, tail_end(block, span_end));
}

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

void slack_details(const struct block *block, uintptr_t damaged, uint8_t *found, uint16_t *length)
{
    uintptr_t end =
        damaged < block->start ? block->start : align_down(damaged, PAGE_SIZE) + PAGE_SIZE;
    uintptr_t at = damaged;
    end = min_size(end, damaged + SLACK_LOOKED_AT);
    *found = 0;
    for (uintptr_t word; at < end; at++) {
        uintptr_t aligned = align_down(at, sizeof(word));
        if (!probe_word(aligned, &word))
            break;
        uint8_t byte = (uint8_t)(word >> (8 * (at - aligned)));
        if (at == damaged)
            *found = byte;
        else if (byte == SLACK_PATTERN)
            break;
    }
    *length = (uint16_t)(at - damaged);
}
