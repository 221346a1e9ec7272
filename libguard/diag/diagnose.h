/* SPDX-License-Identifier: MIT
 *
 * Diagnosis: from an address and a snapshot of the blocks around it to a finding. Pure functions: they read nothing but their
 * arguments.
 */
#ifndef DIAG_DIAGNOSE_H
#define DIAG_DIAGNOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "heap/heap.h"
#include "mmtrace.h"

/* What a faulting access means. False if it is no error of the heap's: the address is not the heap's, or lies inside a live block (whose
 * pages the program itself may have made inaccessible). On true, kind, address, direction and the block's fields of *finding are set, and
 * *record is the block's record, NULL if there is none. */
bool diagnose_access(uintptr_t address, enum mmt_direction direction, const struct heap_view *view,
                     struct mmt_finding *finding, struct block **record);

/* What a deallocation's outcome means. False if nothing is wrong. `block` is a copy of the outcome's block (NULL if it has none). */
struct diagnose_release {
    uintptr_t address;
    uint8_t function;             /* enum mmt_function; REALLOC for the freeing half of a realloc */
    bool has_size, has_alignment; /* a sized or aligned deallocation function */
    uint64_t size, alignment;
};
bool diagnose_release(const struct diagnose_release *release, const struct heap_outcome *outcome,
                      const struct block *block, struct mmt_finding *finding);

/* Damage found late: of a live block's slack, or of a freed block. */
void diagnose_late(uintptr_t damaged, const struct block *block, struct mmt_finding *finding);

/* Damaged slack found when `block`, given as it was before, was freed. */
void diagnose_slack(uintptr_t damaged, const struct block *block, struct mmt_finding *finding);

#endif
