/* SPDX-License-Identifier: MIT
 *
 * Which compilation unit covers an address. The index is made from the ranges that libdw reads of
 * each unit. libdw's own index, dwarf_addrdie(), is as fast, but comes from .debug_aranges, which
 * clang does not write.
 */
#ifndef DWARF_DWARFUNITS_H
#define DWARF_DWARFUNITS_H

#include "util/vec.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct dwarfunit {
    Dwarf_Die lines; /* the unit's entry that has the line table */
    Dwarf_Die tree; /* the one that has the functions: another one for split units */
};

struct dwarfrange {
    uint64_t start, end; /* end is exclusive */
    uint32_t unit;
};

struct dwarfunits {
    VEC(struct dwarfunit) units;
    VEC(struct dwarfrange) ranges; /* by start, end, and unit backwards */
    bool split; /* some units are in files of their own */
};

#define DWARFUNITS_NONE UINT32_MAX

void dwarfunits_read(struct dwarfunits *units, Dwarf *dwarf);

/* Gives each of `count` addresses, which are sorted, the index of the range that covers it, or
 * DWARFUNITS_NONE: of several, that which begins last, and of equal ones the first unit's. A
 * function that several units have, such as a template's instance, is claimed by each of them, but
 * the linker kept the first one's code. */
void dwarfunits_cover(const struct dwarfunits *units, const uint64_t *addresses, size_t count,
                      uint32_t *ranges);

void dwarfunits_free(struct dwarfunits *units);

#endif
