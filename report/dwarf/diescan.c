/* SPDX-License-Identifier: MIT */
#include "dwarf/diescan.h"

#include "elf/elfsection.h"

#include <dwarf.h>
#include <gelf.h>
#include <string.h>

/* Codes are given from 1 on, one for each abbreviation. */
#define DIESCAN_CODES_MOST (1u << 20)

#define DIESCAN_VARIES  (-1)
#define DIESCAN_UNKNOWN (-2)

void diescan_free(struct diescan *scan)
{
    VEC_FREE(&scan->table);
    VEC_FREE(&scan->attributes);
}

/* The position that the 4 bytes at the cursor refer to, or 0 if it is not in the unit. */
static uint64_t diescan_refer(const struct diescan *scan, struct cursor *at)
{
    uint64_t position = cursor_number(at, 4);
    return position < scan->unit.size ? position : 0;
}

/* The size of an attribute in this form. */
static int diescan_form_size(const struct diescan *scan, unsigned form)
{
    switch (form) {
    case DW_FORM_flag_present:
    case DW_FORM_implicit_const:
        return 0;
    case DW_FORM_data1:
    case DW_FORM_ref1:
    case DW_FORM_flag:
    case DW_FORM_strx1:
    case DW_FORM_addrx1:
        return 1;
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2:
        return 2;
    case DW_FORM_strx3:
    case DW_FORM_addrx3:
        return 3;
    case DW_FORM_data4:
    case DW_FORM_ref4:
    case DW_FORM_ref_sup4:
    case DW_FORM_strx4:
    case DW_FORM_addrx4:
        return 4;
    case DW_FORM_addr:
    case DW_FORM_data8:
    case DW_FORM_ref8:
    case DW_FORM_ref_sig8:
    case DW_FORM_ref_sup8:
        return 8;
    case DW_FORM_data16:
        return 16;
    case DW_FORM_ref_addr:
        return scan->version > 2 ? (int)scan->offset_size : 8;
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_sec_offset:
    case DW_FORM_strp_sup:
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_GNU_strp_alt:
        return (int)scan->offset_size;
    case DW_FORM_udata:
    case DW_FORM_sdata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_GNU_addr_index:
    case DW_FORM_GNU_str_index:
    case DW_FORM_string:
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
    case DW_FORM_exprloc:
    case DW_FORM_indirect:
        return DIESCAN_VARIES;
    default:
        return DIESCAN_UNKNOWN;
    }
}

bool diescan_nests(unsigned tag)
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
        return true;
    default:
        return false;
    }
}

/* Reads the attributes of one abbreviation. Returns false if entries that have it cannot be read.
 */
static bool diescan_attributes(struct diescan *scan, struct cursor *at,
                               struct diescan_abbreviation *abbreviation)
{
    bool code = false, good = true;
    abbreviation->first = (uint32_t)scan->attributes.count;
    abbreviation->sibling = -1;
    for (;;) {
        uint64_t name = cursor_unsigned(at), form = cursor_unsigned(at);
        if (at->failed || (name == 0 && form == 0))
            break;
        struct diescan_attribute attribute = {.name = (uint16_t)name, .form = (uint16_t)form};
        if (form == DW_FORM_implicit_const)
            attribute.constant = cursor_signed(at);
        int size = diescan_form_size(scan, attribute.form);
        good &= size != DIESCAN_UNKNOWN && name <= UINT16_MAX && form <= UINT16_MAX;
        attribute.size = (int16_t)size;
        attribute.matters = name == DW_AT_sibling || name == DW_AT_low_pc ||
                            name == DW_AT_high_pc || name == DW_AT_ranges;
        code |= attribute.matters && name != DW_AT_sibling;
        if (name == DW_AT_sibling && form == DW_FORM_ref4)
            abbreviation->sibling = abbreviation->size;
        abbreviation->size = size < 0 || abbreviation->size < 0 ? -1 : abbreviation->size + size;
        *VEC_PUSH(&scan->attributes) = attribute;
    }
    abbreviation->count = (uint32_t)scan->attributes.count - abbreviation->first;
    abbreviation->sibling = abbreviation->size < 0 ? -1 : abbreviation->sibling;
    bool function =
        abbreviation->tag == DW_TAG_subprogram || abbreviation->tag == DW_TAG_inlined_subroutine;
    abbreviation->nests = diescan_nests(abbreviation->tag) && (code || !function);
    return good && !at->failed;
}

/* Reads a table of abbreviations, but those that no entry can be read by. */
static void diescan_table(struct diescan *scan, uint64_t offset)
{
    struct cursor at = cursor_from(&scan->abbreviations, offset);
    uint64_t code;
    scan->table.count = scan->attributes.count = 0;
    while ((code = cursor_unsigned(&at)) != 0) {
        struct diescan_abbreviation one = {0};
        uint64_t tag = cursor_unsigned(&at);
        one.children = cursor_number(&at, 1) == DW_CHILDREN_yes;
        one.tag = (uint16_t)tag;
        if (!diescan_attributes(scan, &at, &one) || tag > UINT16_MAX || code > DIESCAN_CODES_MOST) {
            scan->attributes.count = one.first;
            continue;
        }
        /* A tag of 0 is a code that no abbreviation has. */
        while (scan->table.count < code)
            *VEC_PUSH(&scan->table) = (struct diescan_abbreviation){0};
        struct diescan_abbreviation *place = &scan->table.items[code - 1];
        *place = place->tag == 0 ? one : *place;
    }
}

static bool diescan_within(const struct cursor *section, const uint8_t *address)
{
    return section->data != NULL && address >= section->data &&
           address < section->data + section->size;
}

/* Finds the sections of the file that the unit which begins at `head` is in. */
static bool diescan_sections(struct diescan *scan, Dwarf_CU *unit, const uint8_t *head)
{
    if (diescan_within(&scan->units, head))
        return true;
    static const char *const names[][2] = {{".debug_info", ".debug_abbrev"},
                                           {".debug_info.dwo", ".debug_abbrev.dwo"}};
    Elf *elf = dwarf_getelf(dwarf_cu_getdwarf(unit));
    scan->table.count = 0;
    for (size_t i = 0; i < 2; i++) {
        scan->units = elfsection_bytes(elf, names[i][0]);
        scan->abbreviations = elfsection_bytes(elf, names[i][1]);
        if (diescan_within(&scan->units, head))
            return true;
    }
    return false;
}

bool diescan_unit(struct diescan *scan, const Dwarf_Die *unit)
{
    Dwarf_Die die = *unit;
    if (dwarf_tag(&die) == DW_TAG_invalid)
        return false;
    const uint8_t *head = (const uint8_t *)die.addr - dwarf_cuoffset(&die);
    if (!diescan_sections(scan, die.cu, head))
        return false;
    scan->unit = cursor_from(&scan->units, (uint64_t)(head - scan->units.data));
    scan->unit.data = head;
    scan->unit.size -= scan->unit.position;
    scan->unit.position = 0;
    struct cursor at = scan->unit;
    uint64_t length = cursor_number(&at, 4);
    scan->offset_size = length == UINT32_MAX ? 8 : 4;
    length = length == UINT32_MAX ? cursor_number(&at, 8) : length;
    /* libdw takes any length. */
    if (length < cursor_left(&at))
        scan->unit.size = at.position + length;
    unsigned version = (unsigned)cursor_number(&at, 2), address_size;
    uint64_t offset;
    if (version < 5) {
        offset = cursor_number(&at, scan->offset_size);
        address_size = (unsigned)cursor_number(&at, 1);
    } else {
        cursor_number(&at, 1); /* its kind */
        address_size = (unsigned)cursor_number(&at, 1);
        offset = cursor_number(&at, scan->offset_size);
    }
    if (at.failed || version < 2 || version > 5 || address_size != 8 ||
        dwarf_cuoffset(&die) > scan->unit.size)
        return false;
    bool same = scan->table.count != 0 && scan->table_offset == offset &&
                scan->version == version && scan->table_offset_size == scan->offset_size;
    scan->unit.position = dwarf_cuoffset(&die);
    scan->handle = die.cu;
    scan->version = version;
    scan->table_offset = offset;
    scan->table_offset_size = scan->offset_size;
    if (!same)
        diescan_table(scan, offset);
    return true;
}

/* Passes by an attribute whose size is written in it. */
static inline void diescan_pass(struct cursor *at, unsigned form)
{
    switch (form) {
    case DW_FORM_string:
        cursor_text(at);
        break;
    case DW_FORM_block1:
        cursor_pass(at, cursor_number(at, 1));
        break;
    case DW_FORM_block2:
        cursor_pass(at, cursor_number(at, 2));
        break;
    case DW_FORM_block4:
        cursor_pass(at, cursor_number(at, 4));
        break;
    case DW_FORM_block:
    case DW_FORM_exprloc:
        cursor_pass(at, cursor_unsigned(at));
        break;
    default:
        cursor_unsigned(at);
        break;
    }
}

/* Takes note of an attribute at the cursor that matters. */
static void diescan_note(const struct diescan *scan, struct diescan_entry *entry,
                         const struct diescan_attribute *attribute, struct cursor *at,
                         unsigned *found)
{
    int size = attribute->size;
    switch (attribute->name) {
    case DW_AT_sibling:
        if (attribute->form == DW_FORM_ref4)
            entry->sibling = diescan_refer(scan, at);
        break;
    case DW_AT_low_pc:
        *found |= 1;
        if (attribute->form == DW_FORM_addr)
            entry->low = cursor_number(at, 8);
        else
            entry->has_other = true;
        break;
    case DW_AT_high_pc:
        *found |= attribute->form == DW_FORM_addr ? 6 : 2;
        if (attribute->form == DW_FORM_implicit_const)
            entry->high = (uint64_t)attribute->constant;
        else if (size == 1 || size == 2 || size == 4 || size == 8)
            entry->high = cursor_number(at, (size_t)size);
        else
            entry->has_other = true;
        break;
    case DW_AT_ranges:
        entry->has_other = true;
        break;
    default:
        break;
    }
}

/* The same for one whose form is written before it. */
static void diescan_pass_indirect(const struct diescan *scan, struct cursor *at)
{
    uint64_t form = cursor_unsigned(at);
    int size = form <= UINT16_MAX && form != DW_FORM_indirect
                   ? diescan_form_size(scan, (unsigned)form)
                   : DIESCAN_UNKNOWN;
    if (size >= 0)
        cursor_pass(at, (uint64_t)size);
    else if (size == DIESCAN_VARIES)
        diescan_pass(at, (unsigned)form);
    else
        at->failed = true;
}

static bool diescan_read(const struct diescan *scan,
                         const struct diescan_abbreviation *abbreviation, struct cursor *at,
                         struct diescan_entry *entry)
{
    const struct diescan_attribute *attribute = &scan->attributes.items[abbreviation->first];
    struct cursor cursor = *at;
    unsigned found = 0; /* 1: low, 2: high, 4: high is an address */
    for (uint32_t i = 0; i < abbreviation->count; i++, attribute++) {
        uint64_t start = cursor.position;
        if (attribute->form == DW_FORM_indirect) {
            struct cursor value = cursor;
            diescan_pass_indirect(scan, &value);
            cursor = value;
        } else if (attribute->size < 0) {
            diescan_pass(&cursor, attribute->form);
        } else {
            cursor_pass(&cursor, (uint64_t)attribute->size);
        }
        if (cursor.failed)
            return false;
        if (attribute->matters) {
            struct cursor value = cursor;
            value.position = start;
            diescan_note(scan, entry, attribute, &value, &found);
        }
    }
    at->position = cursor.position;
    if ((found & 3) == 3) {
        entry->high += (found & 4) != 0 ? 0 : entry->low;
        entry->has_range = !entry->has_other;
    }
    return true;
}

int diescan_entry(const struct diescan *scan, struct cursor *at, bool code,
                  struct diescan_entry *entry)
{
    const uint8_t *start = at->data + at->position;
    uint64_t number = cursor_unsigned(at);
    if (at->failed || number > scan->table.count)
        return -1;
    if (number == 0)
        return 0;
    const struct diescan_abbreviation *abbreviation = &scan->table.items[number - 1];
    if (abbreviation->tag == 0)
        return -1;
    entry->tag = abbreviation->tag;
    entry->children = abbreviation->children;
    entry->has_range = entry->has_other = false;
    entry->sibling = 0;
    bool read = code && (entry->tag == DW_TAG_subprogram || entry->tag == DW_TAG_compile_unit ||
                         entry->tag == DW_TAG_inlined_subroutine);
    if (read)
        entry->die = (Dwarf_Die){.addr = (void *)(uintptr_t)start, .cu = scan->handle};
    if (abbreviation->size < 0 || read)
        return diescan_read(scan, abbreviation, at, entry) ? 1 : -1;
    struct cursor sibling = *at;
    cursor_pass(at, (uint64_t)abbreviation->size);
    if (at->failed)
        return -1;
    if (abbreviation->sibling >= 0) {
        sibling.position += (uint64_t)abbreviation->sibling;
        entry->sibling = diescan_refer(scan, &sibling);
    }
    return 1;
}

void diescan_hurry(const struct diescan *scan, struct cursor *at)
{
    const struct diescan_abbreviation *table = scan->table.items;
    struct cursor cursor = *at;
    for (;;) {
        uint64_t number = cursor_unsigned(&cursor);
        if (cursor.failed || number == 0 || number > scan->table.count)
            return;
        const struct diescan_abbreviation *one = &table[number - 1];
        struct cursor sibling = cursor;
        if (one->tag == 0 || one->nests || one->size < 0 ||
            (uint64_t)one->size > cursor_left(&cursor))
            return;
        cursor.position += (uint64_t)one->size;
        if (one->children) {
            sibling.position += one->sibling >= 0 ? (uint64_t)one->sibling : 0;
            cursor.position = one->sibling >= 0 ? diescan_refer(scan, &sibling) : 0;
            if (cursor.position <= at->position)
                return;
        }
        at->position = cursor.position;
    }
}

bool diescan_skip(const struct diescan *scan, struct cursor *at)
{
    size_t depth = 1;
    while (depth != 0 && cursor_left(at) != 0) {
        struct diescan_entry entry;
        uint64_t start = at->position;
        int kind = diescan_entry(scan, at, false, &entry);
        if (kind < 0)
            return false;
        bool jump = kind > 0 && entry.children && entry.sibling > start;
        depth += kind > 0 && entry.children && !jump;
        depth -= kind == 0;
        at->position = jump ? entry.sibling : at->position;
    }
    return true;
}
