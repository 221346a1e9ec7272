/* SPDX-License-Identifier: MIT */
#include "dwarf/dwarfwalk.h"

#include "util/lowbound.h"

#include <dwarf.h>
#include <stdbool.h>

/* Entries nest no deeper in what compilers write; damage must not exhaust the stack. */
#define DWARFWALK_DEEPEST 512

static bool dwarfwalk_nests(const struct dwarfwalk *walk, unsigned tag)
{
    switch (tag) {
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_enumeration_type:
        return walk->depth != DWARFWALK_FUNCTIONS;
    default:
        return diescan_nests(tag);
    }
}

/* Gives the queries in [start, end) that have the function's parent to the function; `node` is its
 * node, made for the first one. */
static void dwarfwalk_cover(struct dwarfwalk *walk, const Dwarf_Die *die, uint32_t parent,
                            uint64_t start, uint64_t end, uint32_t *node)
{
    size_t i = lowbound(walk->queries, walk->count, sizeof *walk->queries, start);
    for (; i < walk->count && walk->queries[i].address < end; i++) {
        if (*node == DWARFWALK_NONE) {
            *node = (uint32_t)walk->nodes.count;
            *VEC_PUSH(&walk->nodes) = (struct dwarfnode){*die, parent};
        }
        if (walk->queries[i].node == parent)
            walk->queries[i].node = *node;
    }
}

/* Makes a node for the function if it covers a query, and gives it to the queries that had its
 * parent. Returns the node, or DWARFWALK_NONE. */
static uint32_t dwarfwalk_function(struct dwarfwalk *walk, struct diescan_entry *entry,
                                   uint32_t parent)
{
    Dwarf_Addr base, start, end;
    ptrdiff_t offset = 0;
    uint32_t node = DWARFWALK_NONE;
    if (entry->has_range)
        dwarfwalk_cover(walk, &entry->die, parent, entry->low, entry->high, &node);
    while (entry->has_other &&
           (offset = dwarf_ranges(&entry->die, offset, &base, &start, &end)) > 0)
        dwarfwalk_cover(walk, &entry->die, parent, start, end, &node);
    return node;
}

/* Walks a list of children that begins at the cursor, and passes over it. Returns false if it
 * cannot be read. */
static bool dwarfwalk_list(struct dwarfwalk *walk, struct cursor *at, uint32_t parent,
                           unsigned depth)
{
    const struct diescan *scan = &walk->scan;
    for (;;) {
        struct diescan_entry entry;
        if (walk->depth == DWARFWALK_FUNCTIONS)
            diescan_hurry(scan, at);
        if (cursor_left(at) == 0)
            return true;
        int kind = diescan_entry(scan, at, true, &entry);
        if (kind <= 0)
            return kind == 0;
        uint32_t function = parent;
        bool descend = dwarfwalk_nests(walk, entry.tag), good = true;
        if (entry.tag == DW_TAG_subprogram || entry.tag == DW_TAG_inlined_subroutine) {
            uint32_t caller = entry.tag == DW_TAG_subprogram ? DWARFWALK_NONE : parent;
            uint32_t node = dwarfwalk_function(walk, &entry, caller);
            function = node != DWARFWALK_NONE ? node : caller;
            descend = node != DWARFWALK_NONE || walk->depth == DWARFWALK_ALL;
        }
        if (entry.children && descend && depth < DWARFWALK_DEEPEST) {
            uint64_t first = at->position;
            good = dwarfwalk_list(walk, at, function, depth + 1);
            if (!good && entry.sibling > first) {
                *at = scan->unit;
                at->position = entry.sibling;
                good = true;
            }
        } else if (entry.children && entry.sibling > at->position) {
            at->position = entry.sibling;
        } else if (entry.children) {
            good = diescan_skip(scan, at);
        }
        if (!good)
            return false;
    }
}

static bool dwarfwalk_found_all(const struct dwarfwalk *walk)
{
    for (size_t i = 0; i < walk->count; i++)
        if (walk->queries[i].node == DWARFWALK_NONE)
            return false;
    return true;
}

void dwarfwalk_unit(struct dwarfwalk *walk, Dwarf_Die *unit, struct dwarfquery *queries,
                    size_t count)
{
    struct diescan_entry head;
    walk->queries = queries;
    walk->count = count;
    walk->nodes.count = 0;
    for (size_t i = 0; i < count; i++)
        queries[i].node = DWARFWALK_NONE;
    if (!diescan_unit(&walk->scan, unit) ||
        diescan_entry(&walk->scan, &walk->scan.unit, true, &head) <= 0 || !head.children)
        return;
    /* A deeper walk leaves alone what has its function. */
    for (walk->depth = DWARFWALK_FUNCTIONS; walk->depth <= DWARFWALK_ALL; walk->depth++) {
        struct cursor at = walk->scan.unit;
        dwarfwalk_list(walk, &at, DWARFWALK_NONE, 0);
        if (dwarfwalk_found_all(walk))
            break;
    }
}

void dwarfwalk_free(struct dwarfwalk *walk)
{
    diescan_free(&walk->scan);
    VEC_FREE(&walk->nodes);
}
