/* SPDX-License-Identifier: MIT */
#include "sym/dwarfunits.h"

#include <dwarf.h>
#include <stdlib.h>

static void dwarfunits_ranges(struct dwarfunits *units, Dwarf_Die *die, uint32_t unit)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t offset = 0;
    while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0) {
        /* A range at 0 belongs to a section the linker threw away. */
        if (start != 0 && start < end) {
            *VEC_PUSH(&units->ranges) = (struct dwarfrange){start, end, unit};
        }
    }
}

static int dwarfunits_compare(const void *left, const void *right)
{
    const struct dwarfrange *a = left, *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return a->end < b->end ? -1 : a->end > b->end;
}

void dwarfunits_read(struct dwarfunits *units, Dwarf *dwarf)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die, sub;
    uint8_t type;
    while (dwarf_get_units(dwarf, unit, &unit, NULL, &type, &die, &sub) == 0) {
        int tag = dwarf_tag(&die);
        if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit) {
            continue;
        }
        bool split = type == DW_UT_skeleton && dwarf_tag(&sub) == DW_TAG_compile_unit;
        units->split |= type == DW_UT_skeleton;
        *VEC_PUSH(&units->units) = (struct dwarfunit){die, split ? sub : die};
        dwarfunits_ranges(units, &die, (uint32_t)units->units.count - 1);
    }
    if (units->ranges.count != 0) {
        qsort(units->ranges.items, units->ranges.count, sizeof *units->ranges.items,
              dwarfunits_compare);
    }
}

uint32_t dwarfunits_find(const struct dwarfunits *units, uint64_t address)
{
    size_t low = 0, high = units->ranges.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (units->ranges.items[middle].start <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t tries = 0; tries < 16 && low > 0; tries++) {
        const struct dwarfrange *range = &units->ranges.items[--low];
        if (address < range->end) {
            return range->unit;
        }
    }
    return DWARFUNITS_NONE;
}

void dwarfunits_free(struct dwarfunits *units)
{
    VEC_FREE(&units->units);
    VEC_FREE(&units->ranges);
}
