/* SPDX-License-Identifier: MIT */
#include "guard/damage.h"

#include "guard/aftermath.h"
#include "guard/guard.h"
#include "heap/heap.h"
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

bool damage_report(struct block *block, uintptr_t address, uint32_t stack)
{
    struct mmt_finding finding = {0};
    struct block copy = *block;
    if (copy.flags & BLOCK_WRITTEN)
        return false;
    block->flags |= BLOCK_WRITTEN;
    struct diagnose_damage damage = damage_at(&copy, address);
    diagnose_late(&damage, &copy, &finding);
    finding.stack = stack;
    aftermath_enter(&finding, NULL, NULL);
    return true;
}

void damage_report_late(struct block *block, uintptr_t address)
{
    if (damage_report(block, address, 0))
        block->flags |= BLOCK_REPORTED;
}

static void report_swept(struct block *block, uintptr_t address, void *unused)
{
    (void)unused;
    damage_report_late(block, address);
}

void damage_sweep(void)
{
    guard_enter();
    heap_sweep(report_swept, NULL);
}
