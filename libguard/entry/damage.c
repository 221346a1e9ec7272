/* SPDX-License-Identifier: MIT */
#include "entry/damage.h"

#include "heap/poison.h"
#include "heap/slack.h"

struct diagnose_damage damage_at(const struct block *block, uintptr_t address)
{
    struct diagnose_damage damage = {.address = address, .expected = SLACK_PATTERN};
    if (atomic_load_explicit(&block->state, memory_order_relaxed) == BLOCK_LIVE)
        slack_details(block, address, 0, &damage.found, &damage.length);
    else
        poison_details(block, address, &damage.expected, &damage.found, &damage.length);
    return damage;
}
