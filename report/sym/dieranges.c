/* SPDX-License-Identifier: MIT */
#include "sym/dieranges.h"

#include "sym/dwarfnumber.h"

#include <dwarf.h>

bool dieranges_begin(const struct diescan *scan, const struct diescan_entry *unit,
                     const struct diescan_entry *entry, struct dieranges *ranges)
{
    const struct diescan_section *section = scan->version < 5 ? &scan->ranges : &scan->range_lists;
    if (!unit->has_low || entry->ranges >= section->size) {
        return false;
    }
    *ranges = (struct dieranges){.at = section->bytes + entry->ranges,
                                 .end = section->bytes + section->size,
                                 .base = unit->low,
                                 .pairs = scan->version < 5};
    return true;
}

static int dieranges_pair(struct dieranges *ranges, uint64_t *start, uint64_t *end)
{
    while (ranges->end - ranges->at >= 16) {
        uint64_t first = dwarfnumber_fixed(ranges->at, 8),
                 second = dwarfnumber_fixed(ranges->at + 8, 8);
        ranges->at += 16;
        if (first == UINT64_MAX) {
            ranges->base = second;
            continue;
        }
        *start = ranges->base + first;
        *end = ranges->base + second;
        return first != 0 || second != 0;
    }
    return -1;
}

int dieranges_next(struct dieranges *ranges, uint64_t *start, uint64_t *end)
{
    if (ranges->pairs) {
        return dieranges_pair(ranges, start, end);
    }
    while (ranges->at < ranges->end) {
        unsigned kind = *ranges->at++;
        const unsigned char *at = ranges->at;
        size_t left = (size_t)(ranges->end - at);
        uint64_t number;
        switch (kind) {
        case DW_RLE_end_of_list:
            return 0;
        case DW_RLE_base_address:
            if (left < 8) {
                return -1;
            }
            ranges->base = dwarfnumber_fixed(at, 8);
            ranges->at = at + 8;
            break;
        case DW_RLE_offset_pair:
            if ((at = dwarfnumber_unsigned(at, ranges->end, start)) == NULL ||
                (at = dwarfnumber_unsigned(at, ranges->end, end)) == NULL) {
                return -1;
            }
            *start += ranges->base;
            *end += ranges->base;
            ranges->at = at;
            return 1;
        case DW_RLE_start_end:
            if (left < 16) {
                return -1;
            }
            *start = dwarfnumber_fixed(at, 8);
            *end = dwarfnumber_fixed(at + 8, 8);
            ranges->at = at + 16;
            return 1;
        case DW_RLE_start_length:
            if (left < 8 ||
                (ranges->at = dwarfnumber_unsigned(at + 8, ranges->end, &number)) == NULL) {
                return -1;
            }
            *start = dwarfnumber_fixed(at, 8);
            *end = *start + number;
            return 1;
        default:
            return -1;
        }
    }
    return -1;
}
