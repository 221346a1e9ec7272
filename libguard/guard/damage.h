/* SPDX-License-Identifier: MIT
 *
 * What overwrote the slack of a block, or a freed block: the details that a report of late damage
 * has. When a block is freed its memory is gone before anything is reported, and heap_free() has
 * them.
 */
#ifndef GUARD_DAMAGE_H
#define GUARD_DAMAGE_H

#include <stdbool.h>

#include "diag/diagnose.h"

/* Details of damage that was found at `address`, around a live `block` or in a freed one. Never
 * faults. */
struct diagnose_damage damage_at(const struct block *block, uintptr_t address);

/* Reports damage that was found at `address` some time after it was done; `stack` is where it was
 * noticed, 0 if that says nothing. False if it had been reported. */
bool damage_report(struct block *block, uintptr_t address, uint32_t stack);

/* The same where the stack says nothing, and later accesses to the block are no news either. */
void damage_report_late(struct block *block, uintptr_t address);

/* Reports every live block whose slack was overwritten. */
void damage_sweep(void);

#endif
