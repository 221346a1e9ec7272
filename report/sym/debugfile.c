/* SPDX-License-Identifier: MIT */
#include "sym/debugfile.h"

#include "util/xalloc.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define DEBUGFILE_ROOT "/usr/lib/debug"

/* Opens a regular file only: the path comes from a trace and might name a device. */
static int debugfile_descriptor(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return -1;
    }
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static Elf *debugfile_elf(const char *path, int *descriptor)
{
    *descriptor = debugfile_descriptor(path);
    if (*descriptor < 0) {
        return NULL;
    }
    Elf *elf = elf_begin(*descriptor, ELF_C_READ_MMAP, NULL);
    GElf_Ehdr header;
    if (elf != NULL && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) != NULL &&
        header.e_machine == EM_X86_64 && (header.e_type == ET_DYN || header.e_type == ET_EXEC)) {
        return elf;
    }
    elf_end(elf);
    close(*descriptor);
    *descriptor = -1;
    return NULL;
}

static bool debugfile_has_dwarf(Elf *elf)
{
    size_t names;
    if (elf_getshdrstrndx(elf, &names) != 0) {
        return false;
    }
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        const char *name =
            gelf_getshdr(section, &header) != NULL ? elf_strptr(elf, names, header.sh_name) : NULL;
        if (name != NULL && header.sh_type != SHT_NOBITS &&
            (strcmp(name, ".debug_info") == 0 || strcmp(name, ".zdebug_info") == 0)) {
            return true;
        }
    }
    return false;
}

/* Says whether the file is of the build that ran. Without a build-id, size and modification time must do. */
static bool debugfile_same_build(Elf *elf, int descriptor, const struct module *module)
{
    const void *bits = NULL;
    ssize_t size = dwelf_elf_gnu_build_id(elf, &bits);
    if (module->build_id_size != 0 || size > 0) {
        return size > 0 && (size_t)size == module->build_id_size &&
               memcmp(bits, module->build_id, module->build_id_size) == 0;
    }
    struct stat status;
    if (module->size == 0 || fstat(descriptor, &status) != 0) {
        return true;
    }
    uint64_t mtime =
        (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec;
    return (uint64_t)status.st_size == module->size &&
           (module->mtime == 0 || mtime == module->mtime);
}

static bool debugfile_crc_matches(int descriptor, uint32_t wanted)
{
    unsigned char buffer[65536];
    uLong crc = crc32(0, NULL, 0);
    off_t offset = 0;
    ssize_t got;
    while ((got = pread(descriptor, buffer, sizeof buffer, offset)) > 0) {
        crc = crc32(crc, buffer, (uInt)got);
        offset += got;
    }
    return got == 0 && crc == wanted;
}

/* Takes a separate debug file if it belongs to the module; with `crc`, a file without a build-id is known by that. */
static bool debugfile_try(struct debugfile *file, const char *path, const struct module *module,
                          const uint32_t *crc)
{
    int descriptor;
    Elf *elf = debugfile_elf(path, &descriptor);
    if (elf == NULL) {
        return false;
    }
    const void *bits;
    bool same = dwelf_elf_gnu_build_id(elf, &bits) > 0
                    ? debugfile_same_build(elf, descriptor, module)
                    : crc != NULL && debugfile_crc_matches(descriptor, *crc);
    if (!same || !debugfile_has_dwarf(elf)) {
        elf_end(elf);
        close(descriptor);
        return false;
    }
    file->debug_elf = elf;
    file->debug_fd = descriptor;
    return true;
}

/* The path of a build-id under the root; NULL if the build-id is too short. */
static char *debugfile_build_id_path(const uint8_t *build_id, size_t size)
{
    if (size < 2 || size > 64) {
        return NULL;
    }
    char digits[2 * 64 + 1];
    for (size_t i = 0; i < size; i++) {
        static const char hex[] = "0123456789abcdef";
        digits[2 * i] = hex[build_id[i] >> 4];
        digits[2 * i + 1] = hex[build_id[i] & 15];
    }
    digits[2 * size] = '\0';
    return xalloc_format(DEBUGFILE_ROOT "/.build-id/%.2s/%s.debug", digits, digits + 2);
}

static bool debugfile_by_build_id(struct debugfile *file, const struct module *module)
{
    char *path = debugfile_build_id_path(module->build_id, module->build_id_size);
    bool found = path != NULL && debugfile_try(file, path, module, NULL);
    free(path);
    return found;
}

static bool debugfile_by_link(struct debugfile *file, const struct module *module)
{
    GElf_Word crc;
    const char *name = dwelf_elf_gnu_debuglink(file->elf, &crc);
    const char *slash = strrchr(module->path, '/');
    if (name == NULL || *name == '\0' || strchr(name, '/') != NULL || slash == NULL) {
        return false;
    }
    static const struct {
        const char *root, *folder;
    } places[] = {{"", ""}, {"", "/.debug"}, {DEBUGFILE_ROOT, ""}};
    int directory = (int)(slash - module->path);
    uint32_t wanted = crc;
    bool found = false;
    for (int i = 0; i < 3 && !found; i++) {
        char *path = xalloc_format("%s%.*s%s/%s", places[i].root, directory, module->path,
                                   places[i].folder, name);
        found = debugfile_try(file, path, module, &wanted);
        free(path);
    }
    return found;
}

/* Gives libdw the file that dwz moved common parts to, if DWARF refers to one. */
static void debugfile_alternate(struct debugfile *file)
{
    const char *name = NULL;
    const void *build_id = NULL;
    ssize_t size = dwelf_dwarf_gnu_debugaltlink(file->dwarf, &name, &build_id);
    if (size <= 0) {
        return;
    }
    char *path = debugfile_build_id_path(build_id, (size_t)size);
    if (path == NULL) {
        return;
    }
    Elf *elf = NULL;
    int descriptor = debugfile_descriptor(path);
    if (descriptor < 0 && name[0] == '/') {
        descriptor = debugfile_descriptor(name);
    }
    if (descriptor >= 0) {
        file->alternate = dwarf_begin(descriptor, DWARF_C_READ);
        elf = file->alternate != NULL ? dwarf_getelf(file->alternate) : NULL;
    }
    const void *found = NULL;
    if (elf != NULL && dwelf_elf_gnu_build_id(elf, &found) == size &&
        memcmp(found, build_id, (size_t)size) == 0) {
        dwarf_setalt(file->dwarf, file->alternate);
        file->alternate_fd = descriptor;
    } else if (descriptor >= 0) {
        dwarf_end(file->alternate);
        file->alternate = NULL;
        close(descriptor);
    }
    free(path);
}

void debugfile_open(struct debugfile *file, const struct module *module)
{
    *file = (struct debugfile){.elf_fd = -1, .debug_fd = -1, .alternate_fd = -1};
    elf_version(EV_CURRENT);
    file->elf = debugfile_elf(module->path, &file->elf_fd);
    if (file->elf == NULL) {
        file->note = "cannot be read as an x86-64 ELF file";
    } else if (!debugfile_same_build(file->elf, file->elf_fd, module)) {
        file->note = "is not the file that ran (its build-id differs)";
        elf_end(file->elf);
        close(file->elf_fd);
        file->elf = NULL;
        file->elf_fd = -1;
    }
    Elf *source = NULL;
    if (file->elf != NULL && debugfile_has_dwarf(file->elf)) {
        source = file->elf;
    } else if (debugfile_by_build_id(file, module) ||
               (file->elf != NULL && debugfile_by_link(file, module))) {
        source = file->debug_elf;
    }
    file->dwarf = source != NULL ? dwarf_begin_elf(source, DWARF_C_READ, NULL) : NULL;
    if (file->dwarf != NULL) {
        debugfile_alternate(file);
    }
}

void debugfile_close(struct debugfile *file)
{
    dwarf_end(file->dwarf);
    dwarf_end(file->alternate);
    elf_end(file->debug_elf);
    elf_end(file->elf);
    const int descriptors[] = {file->elf_fd, file->debug_fd, file->alternate_fd};
    for (int i = 0; i < 3; i++) {
        if (descriptors[i] >= 0) {
            close(descriptors[i]);
        }
    }
}
