/* SPDX-License-Identifier: MIT */
#include "entry/damage.h"

#include "heap/slack.h"

struct diagnose_damage damage_at(const struct block *block, uintptr_t address)
{
    struct diagnose_damage damage = {.address = address, .expected = SLACK_PATTERN};
    slack_details(block, address, &damage.found, &damage.length);
    return damage;
}
