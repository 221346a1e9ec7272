/* SPDX-License-Identifier: MIT */
#include "heap/slack.h"

#include <emmintrin.h>

#include "base/bits.h"
#include "base/probe.h"

static uintptr_t lead_start(uintptr_t block_start, uintptr_t span_start)
{
    return block_start - min_size(block_start - span_start, SLACK_LEAD);
}

static uintptr_t tail_end(uintptr_t block_end, uintptr_t span_end)
{
    return block_end + min_size(span_end - block_end, SLACK_TAIL);
}

#define PATTERN_WORD (SLACK_PATTERN * 0x0101010101010101u)

/* In steps of 16 bytes, the last of which overlaps the one before: a call of memset costs more for
 * so few. */
static void slack_fill_span(uintptr_t from, uintptr_t to)
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

HOT void slack_fill(const struct block *block, uintptr_t span_start, uintptr_t span_end)
{
    uintptr_t end = block->start + block->size;
    slack_fill_span(lead_start(block->start, span_start), block->start);
    slack_fill_span(end, tail_end(end, span_end));
}

/* Where the `length` bytes from `from` on first differ from the pattern, by whole words from the
 * end that lies at the block; 0 if they do not. The memory may be made inaccessible by the program,
 * or by another thread's free, at any moment; it then counts as sound. Spans are at least a word
 * long, so that the word that ends at from + length can be read. */
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

/* Whether the slack that most blocks have, at most 16 bytes behind them and all that is covered
 * before them, is sound. Without a branch, so that the loads of both ends, which are not in the
 * cache when there are many blocks, wait for memory together. The memory must be accessible. */
static inline bool both_sound(uintptr_t start, uintptr_t tail_end, size_t tail)
{
    const __m128i pattern = _mm_set1_epi8((char)SLACK_PATTERN), *lead = (const __m128i *)start;
    __m128i equal = _mm_cmpeq_epi8(_mm_loadu_si128(lead - 1), pattern);
    for (int i = 2; i <= SLACK_LEAD / 16; i++)
        equal = _mm_and_si128(equal, _mm_cmpeq_epi8(_mm_loadu_si128(lead - i), pattern));
    __m128i behind = _mm_loadu_si128((const __m128i *)tail_end - 1);
    int differs = 0xffff ^ _mm_movemask_epi8(_mm_cmpeq_epi8(behind, pattern));
    return !(differs >> (16 - tail) | (0xffff ^ _mm_movemask_epi8(equal)));
}

HOT uintptr_t slack_damage(const struct block *block, uintptr_t span_start, uintptr_t span_end,
                           uintptr_t moved)
{
    uintptr_t start = block->start + moved, end = start + block->size, damaged = 0;
    uintptr_t lead = lead_start(start, span_start + moved), tail = tail_end(end, span_end + moved);
    if (likely(moved && tail - end <= 16 && start - lead == SLACK_LEAD) &&
        likely(both_sound(start, tail, tail - end)))
        return 0;
    if (end < tail)
        damaged = tail_damage(end, tail - end);
    if (!damaged && lead < start)
        damaged = lead_damage(lead, start);
    return unlikely(damaged) ? damaged - moved : 0;
}

void slack_details(const struct block *block, uintptr_t damaged, uintptr_t moved, uint8_t *found,
                   uint16_t *length)
{
    uintptr_t end =
        damaged < block->start ? block->start : align_down(damaged, PAGE_SIZE) + PAGE_SIZE;
    uintptr_t at = damaged;
    end = min_size(end, damaged + SLACK_LOOKED_AT);
    *found = 0;
    for (uintptr_t word; at < end; at++) {
        uintptr_t aligned = align_down(at, sizeof(word));
        if (!probe_word(aligned + moved, &word))
            break;
        uint8_t byte = (uint8_t)(word >> (8 * (at - aligned)));
        if (at == damaged)
            *found = byte;
        else if (byte == SLACK_PATTERN)
            break;
    }
    *length = (uint16_t)(at - damaged);
}
