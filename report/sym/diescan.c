/* SPDX-License-Identifier: MIT */
#include "sym/diescan.h"

#include "sym/dwarfnumber.h"

#include <dwarf.h>
#include <gelf.h>
#include <string.h>

/* Codes are given from 1 on; a table with large holes is left to libdw. */
#define DIESCAN_CODES_MOST 65536u

#define DIESCAN_VARIES  (-1)
#define DIESCAN_UNKNOWN (-2)

struct diescan_section diescan_section(Elf *elf, const char *wanted)
{
    size_t names;
    if (gelf_getclass(elf) != ELFCLASS64 || elf_getshdrstrndx(elf, &names) != 0) {
        return (struct diescan_section){0};
    }
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        Elf_Data *data;
        const char *name =
            gelf_getshdr(section, &header) != NULL ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (name != NULL && strcmp(name, wanted) == 0 && header.sh_type == SHT_PROGBITS &&
            (header.sh_flags & SHF_COMPRESSED) == 0 &&
            (data = elf_getdata(section, NULL)) != NULL && data->d_buf != NULL) {
            return (struct diescan_section){data->d_buf, data->d_size};
        }
    }
    return (struct diescan_section){0};
}

void diescan_open(struct diescan *scan, Dwarf *dwarf)
{
    Elf *elf = dwarf_getelf(dwarf);
    *scan = (struct diescan){.units = diescan_section(elf, ".debug_info"),
                             .abbreviations = diescan_section(elf, ".debug_abbrev")};
}

void diescan_free(struct diescan *scan)
{
    VEC_FREE(&scan->table);
    VEC_FREE(&scan->attributes);
}

/* The entry that the 4 bytes at `at` refer to, or NULL if it is not in the unit. */
static const unsigned char *diescan_refer(const struct diescan *scan, const unsigned char *at)
{
    uint64_t offset = dwarfnumber_fixed(at, 4);
    return offset < (uint64_t)(scan->end - scan->unit) ? scan->unit + offset : NULL;
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

/* Reads the attributes of one abbreviation. Returns what follows, or NULL. */
static const unsigned char *diescan_attributes(struct diescan *scan, const unsigned char *at,
                                               const unsigned char *end,
                                               struct diescan_abbreviation *abbreviation)
{
    uint64_t name, form;
    bool code = false;
    abbreviation->first = (uint32_t)scan->attributes.count;
    abbreviation->sibling = -1;
    for (;;) {
        if ((at = dwarfnumber_unsigned(at, end, &name)) == NULL ||
            (at = dwarfnumber_unsigned(at, end, &form)) == NULL || name > UINT16_MAX ||
            form > UINT16_MAX) {
            return NULL;
        }
        if (name == 0 && form == 0) {
            break;
        }
        struct diescan_attribute attribute = {.name = (uint16_t)name, .form = (uint16_t)form};
        if (form == DW_FORM_implicit_const) {
            if ((at = dwarfnumber_signed(at, end, &attribute.constant)) == NULL) {
                return NULL;
            }
        }
        int size = diescan_form_size(scan, attribute.form);
        if (size == DIESCAN_UNKNOWN) {
            return NULL;
        }
        attribute.size = (int16_t)size;
        attribute.matters = name == DW_AT_sibling || name == DW_AT_low_pc ||
                            name == DW_AT_high_pc || name == DW_AT_ranges;
        code |= attribute.matters && name != DW_AT_sibling;
        if (name == DW_AT_sibling && form == DW_FORM_ref4) {
            abbreviation->sibling = abbreviation->size;
        }
        abbreviation->size = size < 0 || abbreviation->size < 0 ? -1 : abbreviation->size + size;
        *VEC_PUSH(&scan->attributes) = attribute;
    }
    abbreviation->count = (uint32_t)scan->attributes.count - abbreviation->first;
    abbreviation->sibling = abbreviation->size < 0 ? -1 : abbreviation->sibling;
    bool function =
        abbreviation->tag == DW_TAG_subprogram || abbreviation->tag == DW_TAG_inlined_subroutine;
    abbreviation->nests = diescan_nests(abbreviation->tag) && (code || !function);
    return at;
}

static bool diescan_table(struct diescan *scan, uint64_t offset)
{
    const unsigned char *at = scan->abbreviations.bytes + offset;
    const unsigned char *end = scan->abbreviations.bytes + scan->abbreviations.size;
    uint64_t code, tag;
    scan->table.count = scan->attributes.count = 0;
    while ((at = dwarfnumber_unsigned(at, end, &code)) != NULL && code != 0) {
        struct diescan_abbreviation one = {0};
        if ((at = dwarfnumber_unsigned(at, end, &tag)) == NULL || at == end || tag > UINT16_MAX ||
            code > DIESCAN_CODES_MOST) {
            return false;
        }
        one.tag = (uint16_t)tag;
        one.children = *at++ == DW_CHILDREN_yes;
        if ((at = diescan_attributes(scan, at, end, &one)) == NULL) {
            return false;
        }
        /* A tag of 0 is a code that no abbreviation has. */
        while (scan->table.count < code) {
            *VEC_PUSH(&scan->table) = (struct diescan_abbreviation){0};
        }
        struct diescan_abbreviation *place = &scan->table.items[code - 1];
        *place = place->tag == 0 ? one : *place;
    }
    return at != NULL;
}

bool diescan_unit(struct diescan *scan, const Dwarf_Die *unit)
{
    Dwarf_Die die = *unit;
    if (scan->abbreviations.bytes == NULL || dwarf_tag(&die) == DW_TAG_invalid) {
        return false;
    }
    const unsigned char *head = (const unsigned char *)die.addr - dwarf_cuoffset(&die), *at = head;
    const unsigned char *bound = scan->units.bytes + scan->units.size;
    if (scan->units.bytes == NULL || head < scan->units.bytes || head >= bound) {
        return false; /* of another section or file */
    }
    /* libdw has found an entry behind the unit's head, so that is there, but it takes any length.
     */
    uint64_t length = dwarfnumber_fixed(at, 4), offset;
    scan->offset_size = length == UINT32_MAX ? 8 : 4;
    at += 4;
    if (scan->offset_size == 8) {
        length = dwarfnumber_fixed(at, 8);
        at += 8;
    }
    const unsigned char *end = length < (uint64_t)(bound - at) ? at + length : bound;
    unsigned version = (unsigned)dwarfnumber_fixed(at, 2);
    unsigned address_size = version < 5 ? at[2 + scan->offset_size] : at[3];
    at += version < 5 ? 2 : 4;
    offset = dwarfnumber_fixed(at, scan->offset_size);
    if (version < 2 || version > 5 || address_size != 8 || offset >= scan->abbreviations.size) {
        return false;
    }
    bool same = scan->table.count != 0 && scan->table_offset == offset &&
                scan->version == version && scan->table_offset_size == scan->offset_size;
    scan->unit = head;
    scan->end = end;
    scan->handle = die.cu;
    scan->version = version;
    scan->table_offset = offset;
    scan->table_offset_size = scan->offset_size;
    if (!same && !diescan_table(scan, offset)) {
        scan->table.count = 0;
        return false;
    }
    return true;
}

/* Passes by an attribute whose size is written in it. Returns what follows, or NULL. */
static const unsigned char *diescan_pass(const struct diescan *scan, const unsigned char *at,
                                         unsigned form)
{
    const unsigned char *end = scan->end;
    uint64_t number;
    size_t size = form == DW_FORM_block1 ? 1 : form == DW_FORM_block2 ? 2 : 4;
    switch (form) {
    case DW_FORM_string:
        at = memchr(at, '\0', (size_t)(end - at));
        return at != NULL ? at + 1 : NULL;
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
        if ((size_t)(end - at) < size) {
            return NULL;
        }
        number = dwarfnumber_fixed(at, size);
        at += size;
        return number <= (uint64_t)(end - at) ? at + number : NULL;
    case DW_FORM_block:
    case DW_FORM_exprloc:
        at = dwarfnumber_unsigned(at, end, &number);
        return at != NULL && number <= (uint64_t)(end - at) ? at + number : NULL;
    default:
        return dwarfnumber_unsigned(at, end, &number);
    }
}

/* Takes note of an attribute at `at` that matters. */
static void diescan_note(const struct diescan *scan, struct diescan_entry *entry,
                         const struct diescan_attribute *attribute, const unsigned char *at,
                         size_t size, unsigned *found)
{
    switch (attribute->name) {
    case DW_AT_sibling:
        if (attribute->form == DW_FORM_ref4) {
            entry->sibling = diescan_refer(scan, at);
        }
        break;
    case DW_AT_low_pc:
        *found |= 1;
        if (attribute->form == DW_FORM_addr) {
            entry->low = dwarfnumber_fixed(at, 8);
        } else {
            entry->has_other = true;
        }
        break;
    case DW_AT_high_pc:
        *found |= attribute->form == DW_FORM_addr ? 6 : 2;
        if (attribute->form == DW_FORM_implicit_const) {
            entry->high = (uint64_t)attribute->constant;
        } else if (size == 1 || size == 2 || size == 4 || size == 8) {
            entry->high = dwarfnumber_fixed(at, size);
        } else {
            entry->has_other = true;
        }
        break;
    case DW_AT_ranges:
        entry->has_other = true;
        break;
    default:
        break;
    }
}

static bool diescan_read(const struct diescan *scan,
                         const struct diescan_abbreviation *abbreviation, const unsigned char *at,
                         struct diescan_entry *entry)
{
    const struct diescan_attribute *attribute = &scan->attributes.items[abbreviation->first];
    unsigned found = 0; /* 1: low, 2: high, 4: high is an address */
    for (uint32_t i = 0; i < abbreviation->count; i++, attribute++) {
        int size = attribute->size;
        const unsigned char *next;
        if (size < 0) {
            next = diescan_pass(scan, at, attribute->form);
        } else {
            next = size <= scan->end - at ? at + size : NULL;
        }
        if (next == NULL) {
            return false;
        }
        if (attribute->matters) {
            diescan_note(scan, entry, attribute, at, size < 0 ? 3 : (size_t)size, &found);
        }
        at = next;
    }
    entry->next = at;
    if ((found & 3) == 3) {
        entry->high += (found & 4) != 0 ? 0 : entry->low;
        entry->has_range = !entry->has_other;
    }
    return true;
}

int diescan_entry(const struct diescan *scan, const unsigned char *at, bool code,
                  struct diescan_entry *entry)
{
    uint64_t number;
    const unsigned char *next = dwarfnumber_unsigned(at, scan->end, &number);
    if (next == NULL || number > scan->table.count) {
        return -1;
    }
    entry->next = next;
    if (number == 0) {
        return 0;
    }
    const struct diescan_abbreviation *abbreviation = &scan->table.items[number - 1];
    if (abbreviation->tag == 0) {
        return -1;
    }
    entry->tag = abbreviation->tag;
    entry->children = abbreviation->children;
    entry->has_range = entry->has_other = false;
    entry->sibling = NULL;
    bool read = code && (entry->tag == DW_TAG_subprogram || entry->tag == DW_TAG_compile_unit ||
                         entry->tag == DW_TAG_inlined_subroutine);
    if (read) {
        entry->die = (Dwarf_Die){.addr = (void *)at, .cu = scan->handle};
    }
    if (abbreviation->size < 0 || read) {
        return diescan_read(scan, abbreviation, next, entry) ? 1 : -1;
    }
    if (abbreviation->size > scan->end - next) {
        return -1;
    }
    if (abbreviation->sibling >= 0) {
        entry->sibling = diescan_refer(scan, next + abbreviation->sibling);
    }
    entry->next = next + abbreviation->size;
    return 1;
}

const unsigned char *diescan_hurry(const struct diescan *scan, const unsigned char *at)
{
    const struct diescan_abbreviation *table = scan->table.items;
    const unsigned char *end = scan->end;
    uint64_t number;
    const unsigned char *next;
    while ((next = dwarfnumber_unsigned(at, end, &number)) != NULL && number != 0 &&
           number <= scan->table.count) {
        const struct diescan_abbreviation *one = &table[number - 1];
        if (one->tag == 0 || one->nests || one->size < 0 || one->size > end - next) {
            break;
        }
        if (one->children) {
            const unsigned char *sibling =
                one->sibling >= 0 ? diescan_refer(scan, next + one->sibling) : NULL;
            if (sibling == NULL || sibling <= at) {
                break;
            }
            at = sibling;
        } else {
            at = next + one->size;
        }
    }
    return at;
}

const unsigned char *diescan_skip(const struct diescan *scan, const unsigned char *at)
{
    size_t depth = 1;
    while (depth != 0 && at < scan->end) {
        struct diescan_entry entry;
        int kind = diescan_entry(scan, at, false, &entry);
        if (kind < 0) {
            return NULL;
        }
        bool jump = kind > 0 && entry.children && entry.sibling != NULL && entry.sibling > at;
        depth += kind > 0 && entry.children && !jump;
        depth -= kind == 0;
        at = jump ? entry.sibling : entry.next;
    }
    return at;
}
