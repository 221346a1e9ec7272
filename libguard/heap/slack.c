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

/* Reads a byte of a page that the program may have made inaccessible, or another thread's free may be revoking. */
static bool careful_byte(uintptr_t address, unsigned char *value)
{
    uintptr_t aligned = align_down(address, sizeof(uintptr_t)), word;
    if (!probe_word(aligned, &word))
        return false;
    *value = (unsigned char)(word >> (8 * (address - aligned)));
    return true;
}

static uintptr_t first_damage(uintptr_t from, uintptr_t to, int step)
{
    for (uintptr_t at = from; at != to; at += (uintptr_t)(intptr_t)step)
        if (*(const unsigned char *)at != SLACK_PATTERN)
            return at;
    return 0;
}

static uintptr_t first_damage_careful(uintptr_t from, uintptr_t to, int step)
{
    unsigned char value;
    for (uintptr_t at = from; at != to && careful_byte(at, &value); at += (uintptr_t)(intptr_t)step)
        if (value != SLACK_PATTERN)
            return at;
    return 0;
}

uintptr_t slack_damage(const struct block *block, uintptr_t span_start, uintptr_t span_end,
                       bool careful)
{
    uintptr_t (*scan)(uintptr_t, uintptr_t, int) = careful ? first_damage_careful : first_damage;
    uintptr_t end = block->start + block->size, lead = lead_start(block, span_start), damaged = 0;
    unsigned char value;
    span_end = tail_end(block, span_end);
    if (end < span_end && careful_byte(end, &value))
        damaged = scan(end, span_end, 1);
    if (!damaged && lead < block->start && careful_byte(lead, &value))
        damaged = scan(block->start - 1, lead - 1, -1);
    return damaged;
}
