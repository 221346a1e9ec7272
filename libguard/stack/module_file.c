/* SPDX-License-Identifier: MIT */
#include "stack/module_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "base/bits.h"
#include "base/maps.h"
#include "base/own_memory.h"
#include "base/print.h"
#include "base/probe.h"
#include "base/sys.h"
#include "mmtrace.h"

#define MAX_PROGRAM_HEADERS 64
#define MAX_NOTES           64
#define DELETED             " (deleted)"

/* Too large for the stack of a small thread; LOCK_MODULES is held. */
static struct {
    char path[PATH_MAX], directory[PATH_MAX];
    struct maps_reader maps;
} scratch;

/* Copies `length` bytes, a multiple of 8, from inside [start, end). */
static bool peek(uintptr_t start, uintptr_t end, uintptr_t from, void *to, size_t length)
{
    if (from < start || from > end || end - from < length)
        return false;
    for (size_t i = 0; i < length; i += 8) {
        uintptr_t word;
        if (!probe_word(from + i, &word))
            return false;
        copy_bytes((char *)to + i, &word, sizeof(word));
    }
    return true;
}

/* A note is three words of 32 bits (length of name, length of contents, type), the name and the
 * contents. */
static uint32_t build_id_in_notes(uintptr_t at, uintptr_t end, uint8_t id[MODULE_BUILD_ID_MAX])
{
    struct {
        uint32_t name_size, size, type;
        char name[4];
    } note;
    uintptr_t start = at;
    for (int i = 0; i < MAX_NOTES && peek(start, end, at, &note, sizeof(note)); i++) {
        uintptr_t contents = at + 12 + align_up(note.name_size, 4);
        if (note.type == NT_GNU_BUILD_ID && note.name_size == 4 && text_equal(note.name, "GNU")) {
            if (note.size > MODULE_BUILD_ID_MAX || contents > end || end - contents < note.size)
                return 0;
            for (uint32_t n = 0; n < note.size; n++) {
                uintptr_t word;
                /* the word that ends with the byte, since the contents may end where the mapping
                 * does */
                if (!probe_word(contents + n - 7, &word))
                    return 0;
                id[n] = (uint8_t)(word >> 56);
            }
            return note.size;
        }
        at = contents + align_up(note.size, 4);
    }
    return 0;
}

uint32_t module_file_build_id(uintptr_t start, uintptr_t end, uint8_t id[MODULE_BUILD_ID_MAX])
{
    Elf64_Ehdr header;
    if (!peek(start, end, start, &header, sizeof(header)) || header.e_ident[EI_MAG0] != ELFMAG0 ||
        header.e_ident[EI_MAG1] != ELFMAG1 || header.e_ident[EI_MAG2] != ELFMAG2 ||
        header.e_ident[EI_MAG3] != ELFMAG3 || header.e_phentsize != sizeof(Elf64_Phdr) ||
        header.e_phoff > end - start)
        return 0;
    unsigned count = header.e_phnum < MAX_PROGRAM_HEADERS ? header.e_phnum : MAX_PROGRAM_HEADERS;
    uintptr_t bias = start;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < count; i++) {
            Elf64_Phdr segment;
            if (!peek(start, end, start + header.e_phoff + i * sizeof(segment), &segment,
                      sizeof(segment)))
                return 0;
            if (pass == 0 && segment.p_type == PT_LOAD) { /* the lowest one comes first */
                bias = start - align_down(segment.p_vaddr, PAGE_SIZE);
                break;
            }
            if (pass == 0 || segment.p_type != PT_NOTE)
                continue;
            uintptr_t notes = bias + segment.p_vaddr;
            if (notes < start || notes > end || segment.p_memsz > end - notes)
                continue;
            uint32_t length = build_id_in_notes(notes, notes + segment.p_memsz, id);
            if (length)
                return length;
        }
    }
    return 0;
}

/* getauxval() without its effect on errno. */
static uintptr_t auxiliary(unsigned long type)
{
    int saved = errno;
    uintptr_t value = getauxval(type);
    errno = saved;
    return value;
}

static const char *module_file_keep(const char *directory, const char *name)
{
    size_t before = text_length(directory), length = text_length(name);
    bool slash = before && directory[before - 1] != '/';
    char *kept = own_alloc(before + slash + length + 1);
    if (!kept)
        return "";
    copy_bytes(kept, directory, before);
    if (slash)
        kept[before] = '/';
    copy_bytes(kept + before + slash, name, length + 1);
    return kept;
}

static const char *absolute(const char *name)
{
    if (name[0] == '/' || name[0] == 0)
        return module_file_keep("", name);
    /* a directory outside the root of this process is not a path, and does not begin with a slash
     */
    long result = sys_call3(SYS_getcwd, (long)scratch.directory, sizeof(scratch.directory), 0);
    bool found = !sys_failed(result) && scratch.directory[0] == '/';
    return module_file_keep(found ? scratch.directory : "", name);
}

/* The path of what is mapped at `address`, as the kernel tells it; NULL if it does not. */
static const char *mapped_path(uintptr_t address)
{
    struct maps_entry entry;
    const char *path = NULL;
    if (maps_open(&scratch.maps))
        return NULL;
    while (!path && maps_next(&scratch.maps, &entry))
        if (address >= entry.start && address < entry.end && entry.path[0] == '/')
            path = module_file_keep("", entry.path);
    maps_close(&scratch.maps);
    return path;
}

/* A file that has been removed or replaced since the start: say what its path was, not what the
 * kernel appends. */
static void cut_deleted(char *path)
{
    size_t length = text_length(path), mark = sizeof(DELETED) - 1;
    if (length > mark && text_equal(path + length - mark, DELETED))
        path[length - mark] = 0;
}

static const char *main_path(uintptr_t start)
{
    /* Without an interpreter of its own, what the kernel started is ld.so, and the program was an
     * argument to it. */
    const char *mapped = auxiliary(AT_BASE) ? NULL : mapped_path(start);
    if (mapped)
        return mapped;
    long length = sys_call4(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)scratch.path,
                            sizeof(scratch.path) - 1);
    if (!sys_failed(length) && length > 0 && scratch.path[0] == '/') {
        scratch.path[length] = 0;
        cut_deleted(scratch.path);
        return module_file_keep("", scratch.path);
    }
    const char *given = (const char *)auxiliary(AT_EXECFN);
    return given ? absolute(given) : "";
}

static void describe_file(struct module *module)
{
    struct stat status;
    if (module->path[0] != '/' ||
        sys_failed(sys_call3(SYS_stat, (long)module->path, (long)&status, 0)))
        return;
    module->device = status.st_dev;
    module->inode = status.st_ino;
    module->size = (uint64_t)status.st_size;
    module->mtime =
        (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec;
}

/* By the name up to the version: libc.so.6, libstdc++.so.6.0.30, libc-2.35.so. */
static bool is_runtime(const char *path)
{
    static const char *const names[] = {"libc",     "libstdc++", "libc++",     "libc++abi",
                                        "libgcc_s", "libm",      "libpthread", "ld-linux-x86-64"};
    const char *name = last_component(path);
    for (unsigned i = 0; i < ARRAY_LENGTH(names); i++) {
        size_t length = text_length(names[i]);
        if (__builtin_strncmp(name, names[i], length))
            continue;
        const char *rest = name + length;
        if (!__builtin_strncmp(rest, ".so", 3) ||
            (rest[0] == '-' && rest[1] >= '0' && rest[1] <= '9'))
            return true;
    }
    return false;
}

void module_file_describe(struct module *module, const struct dl_find_object *object)
{
    const struct link_map *map = object->dlfo_link_map;
    const char *name = map->l_name ? map->l_name : "";
    uintptr_t vdso = auxiliary(AT_SYSINFO_EHDR), own = (uintptr_t)&module_file_describe;
    *module = (struct module){.bias = map->l_addr,
                              .start = (uintptr_t)object->dlfo_map_start,
                              .end = (uintptr_t)object->dlfo_map_end,
                              .link_map = map};
    module->build_id_length = module_file_build_id(module->start, module->end, module->build_id);
    if (own >= module->start && own < module->end)
        module->flags |= MMT_MODULE_GUARD;
    if (vdso && vdso >= module->start && vdso < module->end) {
        module->flags |= MMT_MODULE_VDSO;
        module->path = "linux-vdso.so.1";
        return;
    }
    if (name[0] == 0) {
        module->flags |= MMT_MODULE_MAIN;
        module->path = main_path(module->start);
    } else {
        module->path = absolute(name);
    }
    module->runtime = module->flags & MMT_MODULE_GUARD || is_runtime(module->path);
    describe_file(module);
}
