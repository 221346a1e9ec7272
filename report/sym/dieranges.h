/* SPDX-License-Identifier: MIT
 *
 * Reads the ranges of an entry whose code is in several places: .debug_ranges up to DWARF 4,
 * .debug_rnglists from 5 on.
 *
 * Lists that refer to tables of addresses, and damage, are left to libdw.
 */
#ifndef DIERANGES_H
#define DIERANGES_H

#include "sym/diescan.h"

/* Ranges of code, one after the other. */
struct dieranges {
    const unsigned char *at, *end;
    uint64_t base;
    bool pairs; /* as up to DWARF 4 */
};

/* Begins with the ranges of an entry. `unit` is the unit's own entry, read with `code`. Returns
 * false if they are for libdw. */
bool dieranges_begin(const struct diescan *scan, const struct diescan_entry *unit,
                     const struct diescan_entry *entry, struct dieranges *ranges);

/* Reads the next one. Returns 1, 0 at the end, -1 if what follows is for libdw. */
int dieranges_next(struct dieranges *ranges, uint64_t *start, uint64_t *end);

#endif
