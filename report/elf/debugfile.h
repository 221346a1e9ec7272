/* SPDX-License-Identifier: MIT
 *
 * The files that describe a module: its ELF file, the file with its DWARF (itself or a separate
 * one), and the alternate file that dwz moved common parts to.
 *
 * libdwfl finds separate files too, but not those of a file that lies elsewhere than where it ran
 * (symsearch.h). eu-addr2line, which is made of it, takes 0.83 s for 1,000 addresses of
 * libpython3.11-dbg, which take 0.02 here.
 */
#ifndef ELF_DEBUGFILE_H
#define ELF_DEBUGFILE_H

#include "elf/elfinflate.h"
#include "elf/elfnames.h"
#include "elf/symsearch.h"
#include "model/profile.h"

#include <elfutils/libdw.h>
#include <libelf.h>

struct debugfile {
    const struct symsearch *search;
    char *path; /* of the module's own file, where it was found */
    char *debug_path, *alternate_path; /* of the other two; NULL if there is none */
    Elf *elf; /* the module's own file; NULL if it is gone or not the one that ran */
    Elf *debug_elf; /* the separate file with debug information, or NULL */
    Elf *mini_elf; /* the symbol table that .gnu_debugdata holds, or NULL */
    struct elfinflate inflated; /* of the file with DWARF, if that has compressed sections */
    Dwarf *dwarf; /* NULL if there is no DWARF */
    Dwarf *alternate;
    int elf_fd, debug_fd, alternate_fd, mini_fd; /* -1 if there is none */
    const char *note; /* why the module's file is not used, or NULL */
};

/* Opens what there is for the module. The module's own file is looked for where symsearch.h says;
 * separate debug information by build-id in the folders of debug files and in debuginfod's cache,
 * then by the name in .gnu_debuglink beside the file, in .debug there, and below the folders of
 * debug files. Files of another build are not used. `search` must outlive the file. */
void debugfile_open(struct debugfile *file, const struct module *module,
                    const struct symsearch *search);

/* Fills `names`, sorted, from the best symbol table there is. */
void debugfile_names(const struct debugfile *file, struct elfnames *names);

/* Copies the build-id of an ELF file. Returns its size, 0 if there is none or it does not fit. */
uint32_t debugfile_build_id(const char *path, uint8_t build_id[64]);

void debugfile_close(struct debugfile *file);

#endif
