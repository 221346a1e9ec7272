/* SPDX-License-Identifier: MIT
 *
 * What overwrote the slack of a block, or a freed block: the details that a report of late damage has. When a block is freed its memory
 * is gone before anything is reported, and heap_free() has them.
 */
#ifndef ENTRY_DAMAGE_H
#define ENTRY_DAMAGE_H

#include "diag/diagnose.h"

/* Details of damage that was found at `address`, around a live `block` or in a freed one. Never faults. */
struct diagnose_damage damage_at(const struct block *block, uintptr_t address);

#endif
