/* SPDX-License-Identifier: MIT
 *
 * What debugfile.h finds, for a reader that cannot include the headers of libdw.
 */
#ifndef ELF_MODULEFILE_H
#define ELF_MODULEFILE_H

#include "elf/elfnames.h"
#include "elf/symsearch.h"
#include "model/profile.h"

struct debugfile;

struct modulefile {
    struct debugfile *files;
    int dwarf_fd; /* the file with DWARF, -1 if there is none */
    const char *note; /* why names are missing, or NULL */
};

/* Opens the files of a module and fills `names`, sorted, from their symbol tables. The names live
 * as long as the file is open. */
void modulefile_open(struct modulefile *file, const struct module *module,
                     const struct symsearch *search, struct elfnames *names);

void modulefile_close(struct modulefile *file);

#endif
