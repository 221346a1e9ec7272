/* SPDX-License-Identifier: MIT */
#include "sym/dwarfwalk.h"

#include <dwarf.h>
#include <stdbool.h>

/* Entries nest no deeper in what compilers write; damage must not exhaust the stack. */
#define DWARFWALK_DEEPEST 512

static bool dwarfwalk_nests(int tag)
{
    switch (tag) {
    case DW_TAG_compile_unit:
    case DW_TAG_partial_unit:
    case DW_TAG_module:
    case DW_TAG_namespace:
    case DW_TAG_subprogram:
    case DW_TAG_inlined_subroutine:
    case DW_TAG_lexical_block:
    case DW_TAG_try_block:
    case DW_TAG_catch_block:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_enumeration_type:
        return true;
    default:
        return false;
    }
}

static size_t dwarfwalk_first(const struct dwarfwalk *walk, uint64_t address)
{
    size_t low = 0, high = walk->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (walk->queries[middle].address < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Makes a node for the function if it covers a query, and gives it to the queries that had its parent. Returns the node,
 * or DWARFWALK_NONE. */
static uint32_t dwarfwalk_function(struct dwarfwalk *walk, Dwarf_Die *die, uint32_t parent)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t offset = 0;
    uint32_t node = DWARFWALK_NONE;
    while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0) {
        size_t i = dwarfwalk_first(walk, start);
        for (; i < walk->count && walk->queries[i].address < end; i++) {
            if (node == DWARFWALK_NONE) {
                node = (uint32_t)walk->nodes.count;
                *VEC_PUSH(&walk->nodes) = (struct dwarfnode){*die, parent};
            }
            if (walk->queries[i].node == parent) {
                walk->queries[i].node = node;
            }
        }
    }
    return node;
}

static void dwarfwalk_children(struct dwarfwalk *walk, Dwarf_Die *above, uint32_t parent, bool full,
                               unsigned depth)
{
    Dwarf_Die die;
    if (depth == DWARFWALK_DEEPEST || dwarf_child(above, &die) != 0) {
        return;
    }
    do {
        int tag = dwarf_tag(&die);
        uint32_t function = parent;
        bool descend = dwarfwalk_nests(tag);
        if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) {
            uint32_t caller = tag == DW_TAG_subprogram ? DWARFWALK_NONE : parent;
            uint32_t node = dwarfwalk_function(walk, &die, caller);
            function = node != DWARFWALK_NONE ? node : caller;
            descend = node != DWARFWALK_NONE || full;
        }
        if (descend) {
            dwarfwalk_children(walk, &die, function, full, depth + 1);
        }
    } while (dwarf_siblingof(&die, &die) == 0);
}

void dwarfwalk_unit(struct dwarfwalk *walk, Dwarf_Die *unit, struct dwarfquery *queries,
                    size_t count)
{
    walk->nodes.count = 0;
    walk->queries = queries;
    walk->count = count;
    for (size_t i = 0; i < count; i++) {
        queries[i].node = DWARFWALK_NONE;
    }
    dwarfwalk_children(walk, unit, DWARFWALK_NONE, false, 0);
    for (size_t i = 0; i < count; i++) {
        if (queries[i].node == DWARFWALK_NONE) {
            dwarfwalk_children(walk, unit, DWARFWALK_NONE, true, 0);
            break;
        }
    }
}

void dwarfwalk_free(struct dwarfwalk *walk)
{
    VEC_FREE(&walk->nodes);
}
