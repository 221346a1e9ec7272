/* SPDX-License-Identifier: MIT
 *
 * The files that describe a module: its ELF file, the file with its DWARF (itself or a separate one), and the
 * alternate file that dwz moved common parts to.
 */
#ifndef DEBUGFILE_H
#define DEBUGFILE_H

#include "model/profile.h"

#include <elfutils/libdw.h>
#include <libelf.h>

struct debugfile {
    Elf *elf;       /* the module's own file; NULL if it is gone or not the one that ran */
    Elf *debug_elf; /* the separate file with debug information, or NULL */
    Dwarf *dwarf;   /* NULL if there is no DWARF */
    Dwarf *alternate;
    int elf_fd, debug_fd, alternate_fd; /* -1 if there is none */
    const char *note;                   /* why the module's file is not used, or NULL */
};

/* Opens what there is for the module. Separate debug information is looked for by build-id under /usr/lib/debug, then by the
 * name in .gnu_debuglink beside the file, in .debug there, and under /usr/lib/debug. Files of another build are not used. */
void debugfile_open(struct debugfile *file, const struct module *module);

void debugfile_close(struct debugfile *file);

#endif
