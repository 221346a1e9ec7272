/* SPDX-License-Identifier: MIT */
#include "entry/damage.h"

#include "base/bits.h"
#include "base/probe.h"
#include "heap/heap.h"
#include "heap/slack.h"

/* Bytes that are looked at. */
#define FAR 64

/* First byte in [from, to) that is (`damaged`) or is not overwritten; `to` if there is none. */
static uintptr_t find(uintptr_t from, uintptr_t to, bool damaged)
{
    const uintptr_t pattern = SLACK_PATTERN * 0x0101010101010101u;
    for (uintptr_t at = align_down(from, sizeof(at)), word; at < to; at += sizeof(at)) {
        if (!probe_word(at, &word))
            return to;
        if (damaged && word == pattern)
            continue;
        for (size_t i = from > at ? from - at : 0; i < sizeof(word) && at + i < to; i++)
            if (((word >> (8 * i) & 0xff) != SLACK_PATTERN) == damaged)
                return at + i;
    }
    return to;
}

static uintptr_t page_end(uintptr_t address)
{
    return min_size(align_down(address, PAGE_SIZE) + PAGE_SIZE, address + FAR);
}

struct diagnose_damage damage_at(uintptr_t address)
{
    struct diagnose_damage damage = {.address = address, .expected = SLACK_PATTERN};
    uintptr_t word, aligned = align_down(address, sizeof(word));
    if (!probe_word(aligned, &word))
        return damage;
    damage.found = (uint8_t)(word >> (8 * (address - aligned)));
    damage.length = (uint16_t)(find(address, page_end(address), false) - address);
    return damage;
}

struct diagnose_damage damage_behind(uintptr_t address)
{
    const struct block *block = heap_block_at(address);
    uintptr_t end = block ? block->start + block->size : 0;
    if (!(end % PAGE_SIZE))
        return (struct diagnose_damage){0};
    uintptr_t damaged = find(end, page_end(end), true);
    return likely(damaged == page_end(end)) ? (struct diagnose_damage){0} : damage_at(damaged);
}
