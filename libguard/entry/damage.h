/* SPDX-License-Identifier: MIT
 *
 * What overwrote the slack of a block: the details that a report of late damage has. The memory is gone once the block is freed, so they are
 * looked at before.
 */
#ifndef ENTRY_DAMAGE_H
#define ENTRY_DAMAGE_H

#include "diag/diagnose.h"

/* What is wrong right behind the live block that starts at `address`, if there is one; address 0 if nothing is. Never faults. */
struct diagnose_damage damage_behind(uintptr_t address);

/* Details of damage that was found at `address`. Never faults. */
struct diagnose_damage damage_at(uintptr_t address);

#endif
