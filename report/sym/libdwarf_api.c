/* SPDX-License-Identifier: MIT */
#include "sym/libdwarf_api.h"

#include <dlfcn.h>

/* Releases up to 2021 are numbered by their date. Those after them, from 0.1, have the same soname,
 * but other parameters in dwarf_init_b. */
#ifdef DW_LIBDWARF_VERSION
#define LIBDWARF_IS_0_X 1
#else
#define LIBDWARF_IS_0_X 0
#endif

bool libdwarf_load(struct libdwarf_api *api)
{
    /* Calls inside the library must not end in libdw either. */
    void *library = dlopen("libdwarf.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    bool good = library != NULL;
#define LIBDWARF_FIND(name)                                                                        \
    api->name = good ? (__typeof__(api->name))dlsym(library, #name) : NULL;                        \
    good = good && api->name != NULL;
    LIBDWARF_FUNCTIONS(LIBDWARF_FIND)
#undef LIBDWARF_FIND
    return good && (dlsym(library, "dwarf_init_path_a") != NULL) == LIBDWARF_IS_0_X;
}

/* Without a handler the library aborts; what failed is said by the return value. */
static void libdwarf_error(Dwarf_Error error, Dwarf_Ptr argument)
{
    (void)error, (void)argument;
}

bool libdwarf_open(const struct libdwarf_api *api, int descriptor, Dwarf_Debug *debug)
{
#if LIBDWARF_IS_0_X
    return api->dwarf_init_b(descriptor, DW_GROUPNUMBER_ANY, libdwarf_error, NULL, debug, NULL) ==
           DW_DLV_OK;
#else
    return api->dwarf_init_b(descriptor, DW_DLC_READ, DW_GROUPNUMBER_ANY, libdwarf_error, NULL,
                             debug, NULL) == DW_DLV_OK;
#endif
}

static size_t libdwarf_add(struct libdwarf_range *ranges, size_t count, size_t room, uint64_t start,
                           uint64_t end)
{
    /* A range at 0 belongs to a section the linker threw away. */
    if (count < room && start != 0 && start < end)
        ranges[count++] = (struct libdwarf_range){start, end};
    return count;
}

/* .debug_ranges, up to DWARF 4. */
static size_t libdwarf_old_ranges(const struct libdwarf_api *api, Dwarf_Debug debug, Dwarf_Die die,
                                  uint64_t offset, uint64_t base, struct libdwarf_range *ranges,
                                  size_t room)
{
    Dwarf_Ranges *entries;
    Dwarf_Signed entry_count;
    Dwarf_Unsigned bytes;
    Dwarf_Off real;
    size_t count = 0;
    if (api->dwarf_get_ranges_b(debug, offset, die, &real, &entries, &entry_count, &bytes, NULL) !=
        DW_DLV_OK)
        return 0;
    for (Dwarf_Signed i = 0; i < entry_count; i++) {
        if (entries[i].dwr_type == DW_RANGES_ADDRESS_SELECTION) {
            base = entries[i].dwr_addr2;
        } else if (entries[i].dwr_type == DW_RANGES_ENTRY) {
            count = libdwarf_add(ranges, count, room, base + entries[i].dwr_addr1,
                                 base + entries[i].dwr_addr2);
        }
    }
    return count;
}

/* .debug_rnglists */
static size_t libdwarf_new_ranges(const struct libdwarf_api *api, Dwarf_Attribute attribute,
                                  Dwarf_Half form, uint64_t value, struct libdwarf_range *ranges,
                                  size_t room)
{
    Dwarf_Rnglists_Head head;
    Dwarf_Unsigned entry_count, offset;
    size_t count = 0;
    if (api->dwarf_rnglists_get_rle_head(attribute, form, value, &head, &entry_count, &offset,
                                         NULL) != DW_DLV_OK)
        return 0;
    for (Dwarf_Unsigned i = 0; i < entry_count; i++) {
        unsigned length, kind;
        Dwarf_Unsigned raw1, raw2, start, end;
        Dwarf_Bool unavailable;
        if (api->dwarf_get_rnglists_entry_fields_a(head, i, &length, &kind, &raw1, &raw2,
                                                   &unavailable, &start, &end, NULL) != DW_DLV_OK)
            break;
        if (kind != DW_RLE_end_of_list && kind != DW_RLE_base_address &&
            kind != DW_RLE_base_addressx && !unavailable)
            count = libdwarf_add(ranges, count, room, start, end);
    }
    return count;
}

size_t libdwarf_ranges(const struct libdwarf_api *api, Dwarf_Debug debug, Dwarf_Die die,
                       unsigned version, uint64_t base, struct libdwarf_range *ranges, size_t room)
{
    Dwarf_Attribute attribute;
    Dwarf_Half form;
    Dwarf_Addr low, high;
    enum Dwarf_Form_Class class;
    if (api->dwarf_attr(die, DW_AT_ranges, &attribute, NULL) == DW_DLV_OK &&
        api->dwarf_whatform(attribute, &form, NULL) == DW_DLV_OK) {
        Dwarf_Unsigned value = 0;
        Dwarf_Off offset;
        if (form != DW_FORM_rnglistx &&
            api->dwarf_global_formref(attribute, &offset, NULL) == DW_DLV_OK)
            value = offset;
        else if (api->dwarf_formudata(attribute, &value, NULL) != DW_DLV_OK)
            return 0;
        return version >= 5 ? libdwarf_new_ranges(api, attribute, form, value, ranges, room)
                            : libdwarf_old_ranges(api, debug, die, value, base, ranges, room);
    }
    if (api->dwarf_lowpc(die, &low, NULL) != DW_DLV_OK ||
        api->dwarf_highpc_b(die, &high, &form, &class, NULL) != DW_DLV_OK)
        return 0;
    return libdwarf_add(ranges, 0, room, low, class == DW_FORM_CLASS_ADDRESS ? high : low + high);
}
