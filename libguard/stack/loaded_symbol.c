/* SPDX-License-Identifier: MIT
 *
 * Layout of the tables: System V ABI, chapters 4 and 5; the GNU hash section as the GNU linker
 * writes it: number of buckets, first hashed symbol, words of the filter, its shift, the filter,
 * the buckets, and for each hashed symbol its hash, whose lowest bit ends a chain. Where a name has
 * several versions, all but the default one are marked as hidden.
 */
#include "stack/loaded_symbol.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "base/sys.h"

#define GET_AUXILIARY 0x41555856 /* PR_GET_AUXV; kernel headers of Debian 12 lack it */

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
    const uint16_t *versions; /* NULL: there are none */
};

#define VERSION_HIDDEN 0x8000

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
        else if (entry->d_tag == DT_VERSYM)
            tables.versions = (const uint16_t *)address;
    }
    return tables;
}

static bool defines(const struct tables *tables, uint32_t index, const char *name)
{
    const Elf64_Sym *symbol = &tables->symbols[index];
    unsigned binding = ELF64_ST_BIND(symbol->st_info);
    return symbol->st_shndx != SHN_UNDEF && (binding == STB_GLOBAL || binding == STB_WEAK) &&
           !(tables->versions && tables->versions[index] & VERSION_HIDDEN) &&
           text_equal(tables->names + symbol->st_name, name);
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
        if ((other | 1) == (hash | 1) && defines(tables, at, name))
            return &tables->symbols[at];
        if (other & 1)
            return NULL;
    }
}

static uint32_t hash_of(const char *name)
{
    uint32_t hash = 5381;
    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash;
}

/* NULL if the module does not define it. */
static void *look_in(uintptr_t bias, const Elf64_Dyn *dynamic, uint32_t hash, const char *name)
{
    struct tables tables = tables_of(bias, dynamic);
    const Elf64_Sym *symbol = find_in(&tables, hash, name);
    if (!symbol)
        return NULL;
    uintptr_t address = bias + symbol->st_value;
    if (ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC)
        return ((void *(*)(void))address)();
    return (void *)address;
}

/* ---- once the program runs */

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
    search->found = look_in(info->dlpi_addr, dynamic, search->hash, search->name);
    return search->found != NULL;
}

void *loaded_symbol(const char *name, bool behind_us)
{
    struct search search = {.name = name, .hash = hash_of(name), .behind_us = behind_us};
    dl_iterate_phdr(look, &search);
    return search.found;
}

/* ---- before that: nothing here may need a relocation */

bool loaded_relocated(void)
{
    static const void *const volatile relocated = &__ehdr_start;
    return relocated == &__ehdr_start;
}

/* Where ld.so is, from what the kernel gave the process. Run as a program it is the program. */
static uintptr_t loader_base(void)
{
    enum { WORDS = 128 };
    uintptr_t auxiliary[WORDS], headers = 0;
    long fd = sys_open_proc("/proc/self/auxv");
    long length = sys_failed(fd) ? sys_call6(SYS_prctl, GET_AUXILIARY, (long)auxiliary,
                                             sizeof(auxiliary), 0, 0, 0)
                                 : sys_read((int)fd, auxiliary, sizeof(auxiliary));
    if (!sys_failed(fd))
        sys_close((int)fd);
    size_t words = sys_failed(length) ? 0 : min_size((size_t)length / sizeof(uintptr_t), WORDS);
    for (size_t i = 0; i + 1 < words && auxiliary[i] != AT_NULL; i += 2) {
        if (auxiliary[i] == AT_BASE && auxiliary[i + 1])
            return auxiliary[i + 1];
        if (auxiliary[i] == AT_PHDR)
            headers = auxiliary[i + 1];
    }
    return align_down(headers, PAGE_SIZE);
}

static const struct link_map *first_module(void)
{
    static const char name[] = "_r_debug";
    uintptr_t base = loader_base();
    if (!base)
        return NULL;
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)base;
    const Elf64_Phdr *segment = (const Elf64_Phdr *)(base + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++) {
        if (segment[i].p_type != PT_DYNAMIC)
            continue;
        const struct r_debug *debug =
            look_in(base, (const Elf64_Dyn *)(base + segment[i].p_vaddr), hash_of(name), name);
        return debug ? debug->r_map : NULL;
    }
    return NULL;
}

extern const Elf64_Dyn own_dynamic[] __asm__("_DYNAMIC") __attribute__((visibility("hidden")));

void *loaded_symbol_early(const char *name)
{
    uint32_t hash = hash_of(name);
    bool behind_us = false;
    for (const struct link_map *map = first_module(); map; map = map->l_next) {
        void *found = behind_us ? look_in(map->l_addr, map->l_ld, hash, name) : NULL;
        if (found)
            return found;
        behind_us |= map->l_ld == own_dynamic;
    }
    return NULL;
}
