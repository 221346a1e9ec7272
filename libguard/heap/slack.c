/* SPDX-License-Identifier: MIT */
#include "heap/slack.h"

#include "base/bits.h"
#include "base/probe.h"

static uintptr_t lead_start(const struct block *block, uintptr_t span_start)
{
    return block->start - min_size(block->start - span_start, SLACK_LEAD);
}

void slack_fill(const struct block *block, uintptr_t span_start, uintptr_t span_end)
{
    uintptr_t lead = lead_start(block, span_start), end = block->start + block->size;
    if (lead < block->start)
        __builtin_memset((void *)lead, SLACK_PATTERN, block->start - lead);
    if (end < span_end)
        __builtin_memset((void *)end, SLACK_PATTERN, span_end - end);
}

/* The program may have made pages of its block inaccessible; such slack cannot be checked. */
static bool readable(uintptr_t address)
{
    uintptr_t value;
    return probe_word(align_down(address, sizeof(value)), &value);
}

uintptr_t slack_damage(const struct block *block, uintptr_t span_start, uintptr_t span_end)
{
    uintptr_t end = block->start + block->size, lead = lead_start(block, span_start);
    if (end < span_end && readable(end))
        for (uintptr_t at = end; at < span_end; at++)
            if (*(const unsigned char *)at != SLACK_PATTERN)
                return at;
    if (lead < block->start && readable(lead))
        for (uintptr_t at = block->start; at-- > lead;)
            if (*(const unsigned char *)at != SLACK_PATTERN)
                return at;
    return 0;
}
