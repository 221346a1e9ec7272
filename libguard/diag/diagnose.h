/* SPDX-License-Identifier: MIT
 *
 * Diagnosis: from an address and a snapshot of the blocks around it to a finding. Pure functions:
 * they read nothing but their arguments.
 */
#ifndef DIAG_DIAGNOSE_H
#define DIAG_DIAGNOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "heap/heap.h"
#include "mmtrace.h"

/* What a faulting access means. False if it is no error of the heap's: the address is not the
 * heap's, or lies inside a live block (whose pages the program itself may have made inaccessible).
 * On true, kind, address, direction and the block's fields of *finding are set, and *record is the
 * block's record, NULL if there is none. */
bool diagnose_access(uintptr_t address, enum mmt_direction direction, const struct heap_view *view,
                     struct mmt_finding *finding, struct block **record);

/* The same for the whole range a library call is about to access, `size` bytes (not 0) from
 * `address`. False, too, if all of it lies in one live block. */
bool diagnose_range(uintptr_t address, size_t size, enum mmt_direction direction,
                    const struct heap_view *view, struct mmt_finding *finding,
                    struct block **record);

/* A copy of `size` bytes to `address` whose source overlaps. */
void diagnose_overlap(uintptr_t address, size_t size, const struct heap_view *view,
                      struct mmt_finding *finding);

/* What is known of a block whose record was dropped. */
#define DIAGNOSE_FORGOTTEN "freed longer ago than the history kept (option history)"

/* A fault outside the heap that ends the program. `registers` of *finding are set. Without a known
 * address, as for one that is no address at all, the registers are searched for it. */
void diagnose_crash(uintptr_t address, bool address_known, struct mmt_finding *finding);

/* What a deallocation's outcome means. False if nothing is wrong. */
bool diagnose_release(const struct heap_release *release, const struct heap_outcome *outcome,
                      struct mmt_finding *finding);

/* The wrong form of deallocation for a live `block`, off by a cookie (diag/cookie.h). */
void diagnose_cookie(const struct heap_release *release, const struct block *block,
                     struct mmt_finding *finding);

/* Damaged slack found when `block`, given as it was before, was freed or checked. */
struct diagnose_damage {
    uintptr_t address; /* first damaged byte */
    uint8_t expected, found;
    uint16_t length; /* damaged bytes in a row; 0: this and the two above are not known */
};
void diagnose_slack(const struct diagnose_damage *damage, const struct block *block,
                    struct mmt_finding *finding);

/* Damage found late: of a live block's slack, or of a freed block. */
void diagnose_late(const struct diagnose_damage *damage, const struct block *block,
                   struct mmt_finding *finding);

/* A wild pointer is poison that was read from the freed block at `start`: sets the block's fields
 * of *finding. False if `block` is not that one. */
bool diagnose_origin(const struct block *block, uintptr_t start, struct mmt_finding *finding);

#endif
