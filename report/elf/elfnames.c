/* SPDX-License-Identifier: MIT */
#include "elf/elfnames.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

/* Exported names before local ones, weak aliases last; then the fewest leading underscores. */
static int elfnames_rank(const GElf_Sym *symbol, const char *name)
{
    int binding = GELF_ST_BIND(symbol->st_info);
    int rank = binding == STB_GLOBAL ? 0 : binding == STB_WEAK ? 64 : 128;
    return rank + (int)(strspn(name, "_") & 63);
}

static int elfnames_section(struct elfnames *names, Elf *elf, Elf_Scn *section,
                            const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    if (data == NULL || header->sh_entsize == 0)
        return 0;
    size_t before = names->items.count;
    size_t count = data->d_size / header->sh_entsize;
    for (size_t i = 1; i < count && i <= INT32_MAX; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL)
            break;
        int type = GELF_ST_TYPE(symbol.st_info);
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if ((type != STT_FUNC && type != STT_GNU_IFUNC) || symbol.st_shndx == SHN_UNDEF ||
            symbol.st_value == 0 || name == NULL || *name == '\0')
            continue;
        uint64_t end;
        if (__builtin_add_overflow(symbol.st_value, symbol.st_size, &end))
            continue;
        *VEC_PUSH(&names->items) = (struct elfname){
            .start = symbol.st_value,
            .end = end,
            .name = name,
            .rank = elfnames_rank(&symbol, name),
        };
    }
    return names->items.count != before;
}

int elfnames_add(struct elfnames *names, Elf *elf, int dynamic)
{
    static const GElf_Word types[] = {SHT_SYMTAB, SHT_DYNSYM};
    int found = 0;
    for (int pass = 0; elf != NULL && !found && pass <= dynamic; pass++) {
        for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
            GElf_Shdr header;
            if (gelf_getshdr(section, &header) != NULL && header.sh_type == types[pass])
                found |= elfnames_section(names, elf, section, &header);
        }
    }
    return found;
}

static int elfnames_compare(const void *left, const void *right)
{
    const struct elfname *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank - b->rank;
    return strcmp(a->name, b->name);
}

void elfnames_sort(struct elfnames *names)
{
    struct elfname *items = names->items.items;
    size_t count = names->items.count, kept = 0;
    if (count == 0)
        return;
    qsort(items, count, sizeof *items, elfnames_compare);
    for (size_t i = 1; i < count; i++)
        if (items[i].start != items[kept].start)
            items[++kept] = items[i];
        else if (items[i].end > items[kept].end)
            items[kept].end = items[i].end;
    names->items.count = kept + 1;
    for (size_t i = 0; i < kept; i++)
        if (items[i].end == items[i].start)
            items[i].end = items[i + 1].start;
}

const char *elfnames_find(const struct elfnames *names, uint64_t address)
{
    size_t low = 0, high = names->items.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->items.items[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    /* A symbol may lie inside a larger one that goes on behind it. */
    for (size_t tries = 0; tries < 16 && low > 0; tries++) {
        const struct elfname *name = &names->items.items[--low];
        if (address < name->end)
            return name->name;
    }
    return NULL;
}

void elfnames_free(struct elfnames *names)
{
    VEC_FREE(&names->items);
}
