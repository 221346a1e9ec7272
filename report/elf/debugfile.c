/* SPDX-License-Identifier: MIT */
#include "elf/debugfile.h"

#include "elf/elfsection.h"
#include "util/xalloc.h"

#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static Elf *debugfile_elf(const char *path, int *descriptor)
{
    *descriptor = symsearch_open_file(path);
    if (*descriptor < 0)
        return NULL;
    Elf *elf = elf_begin(*descriptor, ELF_C_READ_MMAP, NULL);
    GElf_Ehdr header;
    if (elf != NULL && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header) != NULL &&
        header.e_machine == EM_X86_64 && (header.e_type == ET_DYN || header.e_type == ET_EXEC))
        return elf;
    elf_end(elf);
    close(*descriptor);
    *descriptor = -1;
    return NULL;
}

static bool debugfile_has_dwarf(Elf *elf)
{
    GElf_Shdr header;
    return elfsection_find(elf, ".debug_info", &header) != NULL ||
           elfsection_find(elf, ".zdebug_info", &header) != NULL;
}

/* Says whether the file is of the build that ran. Without a build-id, size and modification time
 * must do. */
static bool debugfile_same_build(Elf *elf, int descriptor, const struct module *module)
{
    const void *bits = NULL;
    ssize_t size = dwelf_elf_gnu_build_id(elf, &bits);
    if (module->build_id_size != 0 || size > 0) {
        return size > 0 && (size_t)size == module->build_id_size &&
               memcmp(bits, module->build_id, module->build_id_size) == 0;
    }
    struct stat status;
    if (module->size == 0 || fstat(descriptor, &status) != 0)
        return true;
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

/* Takes a separate debug file if it belongs to the module; with `crc`, a file without a build-id is
 * known by that. */
static bool debugfile_try(struct debugfile *file, const char *path, const struct module *module,
                          const uint32_t *crc)
{
    int descriptor;
    Elf *elf = debugfile_elf(path, &descriptor);
    if (elf == NULL)
        return false;
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
    file->debug_path = xalloc_text(path, strlen(path));
    file->debug_fd = descriptor;
    return true;
}

/* Writes the build-id as hexadecimal digits. Returns false if it is too short or too long for a
 * path. */
static bool debugfile_digits(const uint8_t *build_id, size_t size, char digits[2 * 64 + 1])
{
    if (size < 2 || size > 64)
        return false;
    for (size_t i = 0; i < size; i++) {
        static const char hex[] = "0123456789abcdef";
        digits[2 * i] = hex[build_id[i] >> 4];
        digits[2 * i + 1] = hex[build_id[i] & 15];
    }
    digits[2 * size] = '\0';
    return true;
}

/* The place number `i` at which a file of this build-id may be: folders of debug files, then
 * debuginfod's cache. */
static char *debugfile_build_id_place(const struct symsearch *search, const uint8_t *build_id,
                                      size_t size, unsigned i)
{
    char digits[2 * 64 + 1];
    if (!debugfile_digits(build_id, size, digits))
        return NULL;
    char *root = symsearch_debug(search, i), *place = NULL;
    if (root != NULL) {
        place = xalloc_format("%s/.build-id/%.2s/%s.debug", root, digits, digits + 2);
    } else if (search->debuginfod != NULL) {
        char *before = i != 0 ? symsearch_debug(search, i - 1) : NULL;
        if (before != NULL)
            place = xalloc_format("%s/%s/debuginfo", search->debuginfod, digits);
        free(before);
    }
    free(root);
    return place;
}

static bool debugfile_by_build_id(struct debugfile *file, const struct module *module)
{
    char *path;
    bool found = false;
    for (unsigned i = 0;
         !found && (path = debugfile_build_id_place(file->search, module->build_id,
                                                    module->build_id_size, i)) != NULL;
         i++) {
        found = debugfile_try(file, path, module, NULL);
        free(path);
    }
    return found;
}

static bool debugfile_link_in(struct debugfile *file, const struct module *module, const char *root,
                              const char *name, uint32_t crc)
{
    const char *paths[] = {file->path, module->path};
    bool found = false;
    /* Below a folder of debug files the path is the recorded one, beside the file it is that where
     * it was found. */
    const char *path = paths[root != NULL];
    int directory = (int)(strrchr(path, '/') - path);
    static const char *const folders[] = {"", "/.debug"};
    for (int i = 0; i < (root != NULL ? 1 : 2) && !found; i++) {
        char *place = xalloc_format("%s%.*s%s/%s", root != NULL ? root : "", directory, path,
                                    folders[i], name);
        found = debugfile_try(file, place, module, &crc);
        free(place);
    }
    return found;
}

static bool debugfile_by_link(struct debugfile *file, const struct module *module)
{
    GElf_Word crc;
    const char *name = dwelf_elf_gnu_debuglink(file->elf, &crc);
    if (name == NULL || *name == '\0' || strchr(name, '/') != NULL ||
        strchr(module->path, '/') == NULL || strchr(file->path, '/') == NULL)
        return false;
    bool found = debugfile_link_in(file, module, NULL, name, crc);
    char *root;
    for (unsigned i = 0; !found && (root = symsearch_debug(file->search, i)) != NULL; i++) {
        found = debugfile_link_in(file, module, root, name, crc);
        free(root);
    }
    return found;
}

/* The file .gnu_debugaltlink names, seen from the file with the link. */
static int debugfile_named_alternate(struct debugfile *file, const char *name)
{
    if (name[0] == '/')
        return symsearch_open(file->search, name);
    const char *slash = file->path != NULL ? strrchr(file->path, '/') : NULL;
    if (slash == NULL || file->debug_elf != NULL)
        return -1;
    char *path = xalloc_format("%.*s/%s", (int)(slash - file->path), file->path, name);
    int descriptor = symsearch_open_file(path);
    file->alternate_path = path;
    return descriptor;
}

/* Gives libdw the file that dwz moved common parts to, if DWARF refers to one. */
static void debugfile_alternate(struct debugfile *file)
{
    const char *name = NULL;
    const void *build_id = NULL;
    ssize_t size = dwelf_dwarf_gnu_debugaltlink(file->dwarf, &name, &build_id);
    if (size <= 0)
        return;
    char *path;
    int descriptor = -1;
    for (unsigned i = 0;
         descriptor < 0 &&
         (path = debugfile_build_id_place(file->search, build_id, (size_t)size, i)) != NULL;
         i++) {
        descriptor = symsearch_open_file(path);
        if (descriptor >= 0)
            file->alternate_path = path;
        else
            free(path);
    }
    if (descriptor < 0)
        descriptor = debugfile_named_alternate(file, name);
    Elf *elf = NULL;
    if (descriptor >= 0) {
        file->alternate = dwarf_begin(descriptor, DWARF_C_READ);
        elf = file->alternate != NULL ? dwarf_getelf(file->alternate) : NULL;
    }
    const void *found = NULL;
    if (elf != NULL && dwelf_elf_gnu_build_id(elf, &found) == size &&
        memcmp(found, build_id, (size_t)size) == 0) {
        dwarf_setalt(file->dwarf, file->alternate);
        file->alternate_fd = descriptor;
        return;
    }
    file->note = "needs the file that dwz made for it, and that cannot be found";
    if (descriptor >= 0) {
        dwarf_end(file->alternate);
        file->alternate = NULL;
        close(descriptor);
    }
}

/* The module's own file: the first place that has one of the same build. */
static void debugfile_own(struct debugfile *file, const struct module *module)
{
    char *place;
    for (unsigned i = 0; (place = symsearch_place(file->search, module->path, i)) != NULL; i++) {
        file->elf = debugfile_elf(place, &file->elf_fd);
        if (file->elf == NULL) {
            if (file->note == NULL) {
                file->note = access(place, F_OK) != 0 ? "cannot be found"
                                                      : "cannot be read as an x86-64 ELF file";
            }
        } else if (debugfile_same_build(file->elf, file->elf_fd, module)) {
            file->note = NULL;
            file->path = place;
            return;
        } else {
            file->note = "is not the file that ran (its build-id differs)";
            elf_end(file->elf);
            close(file->elf_fd);
            file->elf = NULL;
            file->elf_fd = -1;
        }
        free(place);
    }
}

/* Unpacks .gnu_debugdata, a symbol table in a file of its own inside of the module's. */
static void debugfile_mini(struct debugfile *file)
{
    GElf_Shdr header;
    Elf_Scn *section = elfsection_find(file->elf, ".gnu_debugdata", &header);
    Elf_Data *data = section != NULL ? elf_rawdata(section, NULL) : NULL;
    file->mini_fd = data != NULL ? memfd_create("debugdata", MFD_CLOEXEC) : -1;
    if (file->mini_fd >= 0 &&
        write(file->mini_fd, data->d_buf, data->d_size) == (ssize_t)data->d_size) {
        lseek(file->mini_fd, 0, SEEK_SET);
        /* Inflates what is compressed as a whole. */
        file->mini_elf = dwelf_elf_begin(file->mini_fd);
    }
}

/* Units in files of their own are found beside the file, which one in memory has no place for. */
static bool debugfile_is_split(Dwarf *dwarf)
{
    Dwarf_CU *unit = NULL;
    uint8_t type;
    while (dwarf != NULL && dwarf_get_units(dwarf, unit, &unit, NULL, &type, NULL, NULL) == 0)
        if (type == DW_UT_skeleton)
            return true;
    return false;
}

static void debugfile_dwarf(struct debugfile *file, Elf *source)
{
    if (source == NULL)
        return;
    elfinflate_open(&file->inflated, source);
    if (file->inflated.trouble != NULL)
        return;
    if (file->inflated.elf != NULL) {
        file->dwarf = dwarf_begin_elf(file->inflated.elf, DWARF_C_READ, NULL);
        if (!debugfile_is_split(file->dwarf))
            return;
        dwarf_end(file->dwarf);
        elfinflate_close(&file->inflated);
    }
    file->dwarf = dwarf_begin_elf(source, DWARF_C_READ, NULL);
}

void debugfile_open(struct debugfile *file, const struct module *module,
                    const struct symsearch *search)
{
    *file = (struct debugfile){
        .search = search, .elf_fd = -1, .debug_fd = -1, .alternate_fd = -1, .mini_fd = -1};
    elf_version(EV_CURRENT);
    debugfile_own(file, module);
    Elf *source = NULL;
    if (file->elf != NULL && debugfile_has_dwarf(file->elf))
        source = file->elf;
    else if (debugfile_by_build_id(file, module) ||
             (file->elf != NULL && debugfile_by_link(file, module)))
        source = file->debug_elf;
    if (source == NULL && file->elf != NULL)
        debugfile_mini(file);
    debugfile_dwarf(file, source);
    if (file->dwarf != NULL)
        debugfile_alternate(file);
    if (file->inflated.trouble != NULL)
        file->note = file->inflated.trouble;
    else if (file->inflated.elf == NULL && source != NULL && elfinflate_unreadable(source))
        file->note = "has debug information in a compressed form that libelf cannot read";
}

void debugfile_names(const struct debugfile *file, struct elfnames *names)
{
    if (!elfnames_add(names, file->elf, 0) && !elfnames_add(names, file->debug_elf, 0)) {
        /* What .gnu_debugdata has does not repeat what is exported. */
        elfnames_add(names, file->mini_elf, 0);
        elfnames_add(names, file->elf, 1);
    }
    elfnames_sort(names);
}

uint32_t debugfile_build_id(const char *path, uint8_t build_id[64])
{
    int descriptor;
    elf_version(EV_CURRENT);
    Elf *elf = debugfile_elf(path, &descriptor);
    if (elf == NULL)
        return 0;
    const void *bits = NULL;
    ssize_t size = dwelf_elf_gnu_build_id(elf, &bits);
    if (size > 0 && size <= 64)
        memcpy(build_id, bits, (size_t)size);
    elf_end(elf);
    close(descriptor);
    return size > 0 && size <= 64 ? (uint32_t)size : 0;
}

void debugfile_close(struct debugfile *file)
{
    free(file->path);
    free(file->debug_path);
    free(file->alternate_path);
    dwarf_end(file->dwarf);
    dwarf_end(file->alternate);
    elfinflate_close(&file->inflated);
    elf_end(file->debug_elf);
    elf_end(file->mini_elf);
    elf_end(file->elf);
    const int descriptors[] = {file->elf_fd, file->debug_fd, file->alternate_fd, file->mini_fd};
    for (int i = 0; i < 4; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
}
