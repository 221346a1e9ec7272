/* SPDX-License-Identifier: MIT
 *
 * Layout of the tables: System V ABI, chapters 4 and 5; the GNU hash section as the GNU linker
 * writes it: number of buckets, first hashed symbol, words of the filter, its shift, the filter,
 * the buckets, and for each hashed symbol its hash, whose lowest bit ends a chain.
 */
#include "stack/loaded_symbol.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"

struct search {
    const char *name;
    uint32_t hash;
    bool behind_us, seen_us;
    void *found;
};

struct tables {
    const Elf64_Sym *symbols;
    const char *names;
    const uint32_t *hash;
};

static struct tables tables_of(uintptr_t bias, const Elf64_Dyn *entry)
{
    struct tables tables = {0};
    for (; entry && entry->d_tag != DT_NULL; entry++) {
        uintptr_t address = entry->d_un.d_ptr;
        /* ld.so has made addresses of these, but where it cannot write. */
        if (address < bias)
            address += bias;
        if (entry->d_tag == DT_SYMTAB)
            tables.symbols = (const Elf64_Sym *)address;
        else if (entry->d_tag == DT_STRTAB)
            tables.names = (const char *)address;
        else if (entry->d_tag == DT_GNU_HASH)
            tables.hash = (const uint32_t *)address;
    }
    return tables;
}

static bool defines(const Elf64_Sym *symbol, const char *names, const char *name)
{
    unsigned binding = ELF64_ST_BIND(symbol->st_info);
    return symbol->st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol->st_info) == STT_FUNC &&
           (binding == STB_GLOBAL || binding == STB_WEAK) &&
           text_equal(names + symbol->st_name, name);
}

static const Elf64_Sym *find_in(const struct tables *tables, uint32_t hash, const char *name)
{
    enum { BUCKETS, FIRST, FILTER_WORDS, SHIFT, HEADER };
    const uint32_t *header = tables->hash;
    if (!tables->symbols || !tables->names || !header || !header[BUCKETS] || !header[FILTER_WORDS])
        return NULL;
    const uint64_t *filter = (const uint64_t *)(header + HEADER);
    uint64_t word = filter[hash / 64 % header[FILTER_WORDS]];
    if (!(word >> hash % 64 & word >> (hash >> header[SHIFT]) % 64 & 1))
        return NULL;
    const uint32_t *buckets = (const uint32_t *)(filter + header[FILTER_WORDS]);
    const uint32_t *chain = buckets + header[BUCKETS];
    uint32_t at = buckets[hash % header[BUCKETS]];
    if (at < header[FIRST])
        return NULL;
    for (;; at++) {
        uint32_t other = chain[at - header[FIRST]];
        if ((other | 1) == (hash | 1) && defines(&tables->symbols[at], tables->names, name))
            return &tables->symbols[at];
        if (other & 1)
            return NULL;
    }
}

/* The linker's name for the start of this module. */
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

static int look(struct dl_phdr_info *info, size_t size, void *argument)
{
    (void)size;
    struct search *search = argument;
    const Elf64_Dyn *dynamic = NULL;
    bool us = false;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const Elf64_Phdr *header = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_DYNAMIC)
            dynamic = (const Elf64_Dyn *)start;
        else if (header->p_type == PT_LOAD)
            us |= (uintptr_t)&__ehdr_start - start < header->p_memsz;
    }
    if (us) {
        search->seen_us = true;
        return 0;
    }
    if (search->behind_us && !search->seen_us)
        return 0;
    struct tables tables = tables_of(info->dlpi_addr, dynamic);
    const Elf64_Sym *symbol = find_in(&tables, search->hash, search->name);
    if (!symbol)
        return 0;
    search->found = (void *)(info->dlpi_addr + symbol->st_value);
    return 1;
}

void *loaded_symbol(const char *name, bool behind_us)
{
    struct search search = {.name = name, .hash = 5381, .behind_us = behind_us};
    for (const char *at = name; *at; at++)
        search.hash = search.hash * 33 + (unsigned char)*at;
    dl_iterate_phdr(look, &search);
    return search.found;
}
