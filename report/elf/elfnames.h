/* SPDX-License-Identifier: MIT
 *
 * Function names from ELF symbol tables.
 *
 * They are sorted once. libdwfl goes through a table for each address: it takes 2.8 s for 10,000
 * addresses of libpython3.11-dbg, for which the whole of the symbolizer takes 0.04.
 */
#ifndef ELF_ELFNAMES_H
#define ELF_ELFNAMES_H

#include "util/vec.h"

#include <libelf.h>
#include <stdint.h>

struct elfname {
    uint64_t start,
        end; /* end is exclusive; for a symbol without a size, the next symbol's start */
    const char *name; /* in the ELF file; mangled */
    int rank; /* of several names of one address the lowest is the best */
};

struct elfnames {
    VEC(struct elfname) items; /* by start, one for each */
};

/* Adds the functions of .symtab, or of .dynsym if there is no .symtab and `dynamic`. `elf` may be
 * NULL. Returns whether there were any. */
int elfnames_add(struct elfnames *names, Elf *elf, int dynamic);

/* To be called after the last elfnames_add(). */
void elfnames_sort(struct elfnames *names);

/* The name of the function that covers the address, or NULL. */
const char *elfnames_find(const struct elfnames *names, uint64_t address);

void elfnames_free(struct elfnames *names);

#endif
