/* SPDX-License-Identifier: MIT
 *
 * The slack pattern: what surrounds a block inside its own pages. A byte that changed was written
 * by an overflow or underflow too short to reach a guard page. Bytes farther than SLACK_LEAD before
 * the block or SLACK_TAIL behind it are not covered.
 */
#ifndef HEAP_SLACK_H
#define HEAP_SLACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"
#include "heap/block.h"

#define SLACK_PATTERN 0xb5
#define SLACK_LEAD    64
#define SLACK_TAIL    4096

/* Writes the pattern around a block whose pages are accessible. `span_start` and `span_end` bound
 * its pages. */
void slack_fill(const struct block *block, uintptr_t span_start, uintptr_t span_end);

/* The first overwritten byte of the slack: the nearest behind the block, else the nearest before
 * it; 0 if none is, or if the slack cannot be read. The block may be freed by another thread
 * meanwhile. `moved` is how much higher, modulo 2^64, its pages are found by now, where nobody else
 * knows of them; 0 if they were not moved. */
uintptr_t slack_damage(const struct block *block, uintptr_t span_start, uintptr_t span_end,
                       uintptr_t moved);

/* Damage around a block when it was freed. */
struct slack_found {
    uintptr_t at; /* slack_damage() */
    uint8_t value;
    uint16_t length; /* slack_details() */
};

/* What stands at the damaged byte, and how many bytes from there on, in its page and outside the
 * block, are overwritten, up to SLACK_LOOKED_AT. Never faults. */
#define SLACK_LOOKED_AT 64
void slack_details(const struct block *block, uintptr_t damaged, uintptr_t moved, uint8_t *found,
                   uint16_t *length);

/* Both. */
static inline void slack_check(const struct block *block, uintptr_t span_start, uintptr_t span_end,
                               uintptr_t moved, struct slack_found *found)
{
    found->at = slack_damage(block, span_start, span_end, moved);
    if (unlikely(found->at))
        slack_details(block, found->at, moved, &found->value, &found->length);
}

#endif
