/* SPDX-License-Identifier: MIT
 *
 * Which compilation unit covers an address. The index is made from the ranges of the units themselves: .debug_aranges is
 * optional and some compilers leave it out.
 */
#ifndef DWARFUNITS_H
#define DWARFUNITS_H

#include "util/vec.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct dwarfunit {
    Dwarf_Die lines; /* the unit's entry that has the line table */
    Dwarf_Die tree;  /* the one that has the functions: another one for split units */
};

struct dwarfrange {
    uint64_t start, end; /* end is exclusive */
    uint32_t unit;
};

struct dwarfunits {
    VEC(struct dwarfunit) units;
    VEC(struct dwarfrange) ranges; /* by start */
    bool split;                    /* some units are in files of their own */
};

#define DWARFUNITS_NONE UINT32_MAX

void dwarfunits_read(struct dwarfunits *units, Dwarf *dwarf);

/* The index of the unit that covers the address, or DWARFUNITS_NONE. */
uint32_t dwarfunits_find(const struct dwarfunits *units, uint64_t address);

void dwarfunits_free(struct dwarfunits *units);

#endif
