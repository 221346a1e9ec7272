/* SPDX-License-Identifier: MIT
 *
 * A module with a C++ runtime of its own is known by two signs: it imports no operator new or
 * delete, and it holds the type name of the exception that operator new throws, which libsupc++
 * brings along. Layout of the tables: System V ABI, chapters 4 and 5, and the GNU hash section.
 */
#include <elf.h>
#include <link.h>

#include "alloc/operators_inside.h"
#include "base/bits.h"
#include "mmtrace.h"
#include "stack/modules.h"

struct symbols {
    const Elf64_Sym *table;
    const char *names;
    const uint32_t *gnu_hash;
};

static struct symbols symbols_of(const struct link_map *map)
{
    struct symbols symbols = {0};
    for (const Elf64_Dyn *entry = map->l_ld; entry && entry->d_tag != DT_NULL; entry++) {
        /* ld.so has made addresses of these. */
        if (entry->d_tag == DT_SYMTAB)
            symbols.table = (const Elf64_Sym *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_STRTAB)
            symbols.names = (const char *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_GNU_HASH)
            symbols.gnu_hash = (const uint32_t *)entry->d_un.d_ptr;
    }
    return symbols;
}

static bool is_operator(const char *name)
{
    return name[0] == '_' && name[1] == 'Z' &&
           ((name[2] == 'n' && (name[3] == 'w' || name[3] == 'a')) ||
            (name[2] == 'd' && (name[3] == 'l' || name[3] == 'a'))) &&
           (name[4] == 'm' || name[4] == 'P');
}

/* Imported symbols are not in the hash table; they come before those that are. */
static bool imports_operators(const struct link_map *map)
{
    struct symbols symbols = symbols_of(map);
    if (!symbols.table || !symbols.names || !symbols.gnu_hash)
        return true; /* not known: as usual */
    uint32_t first_hashed = symbols.gnu_hash[1];
    for (uint32_t i = 1; i < first_hashed; i++)
        if (symbols.table[i].st_shndx == SHN_UNDEF &&
            is_operator(symbols.names + symbols.table[i].st_name))
            return true;
    return false;
}

static bool holds(const char *from, size_t size, const char *text, size_t length)
{
    for (size_t i = 0; i + length <= size; i++) {
        size_t same = 0;
        while (same < length && from[i + same] == text[same])
            same++;
        if (same == length)
            return true;
    }
    return false;
}

static bool holds_runtime(const struct module *module)
{
    static const char bad_alloc[] = "St9bad_alloc";
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)module->start;
    const Elf64_Phdr *segment = (const Elf64_Phdr *)(module->start + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++)
        if (segment[i].p_type == PT_LOAD && segment[i].p_flags & PF_R &&
            !(segment[i].p_flags & PF_W) &&
            holds((const char *)(module->bias + segment[i].p_vaddr), segment[i].p_filesz, bad_alloc,
                  sizeof(bad_alloc)))
            return true;
    return false;
}

bool operators_inside_module(uintptr_t pc)
{
    const struct module *module = modules_get(modules_find(pc));
    if (!module || !module->link_map ||
        module->flags & (MMT_MODULE_UNLOADED | MMT_MODULE_VDSO | MMT_MODULE_GUARD))
        return false;
    return !imports_operators(module->link_map) && holds_runtime(module);
}
