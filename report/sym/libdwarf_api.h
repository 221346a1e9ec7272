/* SPDX-License-Identifier: MIT
 *
 * The functions of libdwarf. They have the same names as those of libdw, with other parameters, so
 * the library is loaded at run time into a place of its own, and only when it is asked for. No file
 * that includes this may include a header of elfutils' libdw.
 */
#ifndef SYM_LIBDWARF_API_H
#define SYM_LIBDWARF_API_H

#include <libdwarf/dwarf.h>
#include <libdwarf/libdwarf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIBDWARF_FUNCTIONS(X)                                                                      \
    X(dwarf_init_b)                                                                                \
    X(dwarf_next_cu_header_d)                                                                      \
    X(dwarf_siblingof_b)                                                                           \
    X(dwarf_child)                                                                                 \
    X(dwarf_tag)                                                                                   \
    X(dwarf_attr)                                                                                  \
    X(dwarf_whatform)                                                                              \
    X(dwarf_formstring)                                                                            \
    X(dwarf_formudata)                                                                             \
    X(dwarf_formsdata)                                                                             \
    X(dwarf_global_formref)                                                                        \
    X(dwarf_offdie_b)                                                                              \
    X(dwarf_lowpc)                                                                                 \
    X(dwarf_highpc_b)                                                                              \
    X(dwarf_get_ranges_b)                                                                          \
    X(dwarf_rnglists_get_rle_head)                                                                 \
    X(dwarf_get_rnglists_entry_fields_a)                                                           \
    X(dwarf_srclines_b)                                                                            \
    X(dwarf_srclines_from_linecontext)                                                             \
    X(dwarf_srcfiles)                                                                              \
    X(dwarf_lineaddr)                                                                              \
    X(dwarf_lineno)                                                                                \
    X(dwarf_linesrc)                                                                               \
    X(dwarf_lineoff_b)                                                                             \
    X(dwarf_lineendsequence)

struct libdwarf_api {
#define LIBDWARF_POINTER(name) __typeof__(name) *name;
    LIBDWARF_FUNCTIONS(LIBDWARF_POINTER)
#undef LIBDWARF_POINTER
};

/* Loads the library. Returns false if there is none, it lacks a function, or it is of another
 * generation than the headers. */
bool libdwarf_load(struct libdwarf_api *api);

/* Opens the debug information in a file that stays the caller's. Returns false if there is none. */
bool libdwarf_open(const struct libdwarf_api *api, int descriptor, Dwarf_Debug *debug);

struct libdwarf_range {
    uint64_t start, end; /* end is exclusive */
};

/* Gives the addresses of an entry, at most `room` ranges; `base` is the low pc of its unit. Returns
 * their number. */
size_t libdwarf_ranges(const struct libdwarf_api *api, Dwarf_Debug debug, Dwarf_Die die,
                       unsigned version, uint64_t base, struct libdwarf_range *ranges, size_t room);

#endif
