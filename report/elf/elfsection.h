/* SPDX-License-Identifier: MIT
 *
 * Sections of an ELF file by their names.
 */
#ifndef ELF_ELFSECTION_H
#define ELF_ELFSECTION_H

#include "util/cursor.h"

#include <gelf.h>

/* The first section of this name that has bytes in the file, and its header; NULL if there is none.
 */
Elf_Scn *elfsection_find(Elf *elf, const char *name, GElf_Shdr *header);

/* A cursor over a section of data of a 64-bit file that is not compressed, or no longer; over
 * nothing if there is none. */
struct cursor elfsection_bytes(Elf *elf, const char *name);

#endif
