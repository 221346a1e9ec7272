/* SPDX-License-Identifier: MIT */
#include "elf/modulefile.h"

#include "elf/debugfile.h"

#include <stdlib.h>

void modulefile_open(struct modulefile *file, const struct module *module,
                     const struct symsearch *search, struct elfnames *names)
{
    struct debugfile *files = xalloc(sizeof *files);
    debugfile_open(files, module, search);
    debugfile_names(files, names);
    file->files = files;
    file->dwarf_fd = files->dwarf == NULL       ? -1
                     : files->debug_elf != NULL ? files->debug_fd
                                                : files->elf_fd;
    file->note = files->note;
    if (files->alternate != NULL)
        file->note = "needs the file that dwz made for it, which libdwarf does not read";
}

void modulefile_close(struct modulefile *file)
{
    debugfile_close(file->files);
    free(file->files);
}
