/* SPDX-License-Identifier: MIT */
#include "elf/elfsection.h"

#include "util/xalloc.h"

#include <stdlib.h>

Elf_Scn *elfsection_find(Elf *elf, const char *name, GElf_Shdr *header)
{
    size_t names;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return NULL;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        const char *text =
            gelf_getshdr(section, header) != NULL ? elf_strptr(elf, names, header->sh_name) : NULL;
        if (text != NULL && strcmp(text, name) == 0 && header->sh_type != SHT_NOBITS)
            return section;
    }
    return NULL;
}

/* The section, or the one in GNU's old way of compression: .zdebug_info for .debug_info. */
static Elf_Scn *elfsection_either(Elf *elf, const char *name, GElf_Shdr *header)
{
    Elf_Scn *section = elfsection_find(elf, name, header);
    if (section == NULL) {
        char *old = xalloc_format(".z%s", name + 1);
        section = elfsection_find(elf, old, header);
        free(old);
    }
    return section;
}

struct cursor elfsection_bytes(Elf *elf, const char *name)
{
    static const char compressed[] = {'Z', 'L', 'I', 'B'};
    GElf_Shdr header;
    Elf_Scn *section =
        gelf_getclass(elf) == ELFCLASS64 ? elfsection_either(elf, name, &header) : NULL;
    Elf_Data *data = NULL;
    if (section != NULL && header.sh_type == SHT_PROGBITS &&
        (header.sh_flags & SHF_COMPRESSED) == 0)
        data = elf_getdata(section, NULL);
    bool good = data != NULL && data->d_buf != NULL &&
                (data->d_size < sizeof compressed ||
                 memcmp(data->d_buf, compressed, sizeof compressed) != 0);
    return good ? (struct cursor){.section = name, .data = data->d_buf, .size = data->d_size}
                : (struct cursor){.section = name};
}
