/* SPDX-License-Identifier: MIT */
#include "dwarf/dwarfunits.h"

#include "util/lowbound.h"

#include <dwarf.h>
#include <stdlib.h>

static void dwarfunits_ranges(struct dwarfunits *units, Dwarf_Die *die, uint32_t unit)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t offset = 0;
    while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0) {
        /* A range at 0 belongs to a section the linker threw away. */
        if (start != 0 && start < end)
            *VEC_PUSH(&units->ranges) = (struct dwarfrange){start, end, unit};
    }
}

/* Of two ranges the better one comes later: it begins later, or is the longer one. */
static int dwarfunits_compare(const void *left, const void *right)
{
    const struct dwarfrange *a = left, *b = right;
    if (a->start != b->start)
        return a->start > b->start ? 1 : -1;
    if (a->end != b->end)
        return a->end > b->end ? 1 : -1;
    return a->unit > b->unit ? -1 : a->unit < b->unit;
}

void dwarfunits_read(struct dwarfunits *units, Dwarf *dwarf)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die, sub;
    uint8_t type;
    while (dwarf_get_units(dwarf, unit, &unit, NULL, &type, &die, &sub) == 0) {
        int tag = dwarf_tag(&die);
        if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit)
            continue;
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

/* The first address from `i` on that no range was given to. `next` leads there from those that have
 * one, and is shortened. */
static uint32_t dwarfunits_free_one(uint32_t *next, uint32_t i)
{
    while (next[i] != i) {
        next[i] = next[next[i]];
        i = next[i];
    }
    return i;
}

void dwarfunits_cover(const struct dwarfunits *units, const uint64_t *addresses, size_t count,
                      uint32_t *ranges)
{
    uint32_t *next = xalloc_resize(NULL, count + 1, sizeof *next);
    for (size_t i = 0; i < count; i++) {
        ranges[i] = DWARFUNITS_NONE;
        next[i] = (uint32_t)i;
    }
    next[count] = (uint32_t)count;
    /* The best range comes first, and each address is given one once, however many ranges overlap.
     */
    for (size_t r = units->ranges.count; r-- != 0;) {
        const struct dwarfrange *range = &units->ranges.items[r];
        size_t first = lowbound(addresses, count, sizeof *addresses, range->start);
        for (uint32_t i = dwarfunits_free_one(next, (uint32_t)first);
             i < count && addresses[i] < range->end; i = dwarfunits_free_one(next, i)) {
            ranges[i] = (uint32_t)r;
            next[i] = i + 1;
        }
    }
    free(next);
}

void dwarfunits_free(struct dwarfunits *units)
{
    VEC_FREE(&units->units);
    VEC_FREE(&units->ranges);
}
