/* SPDX-License-Identifier: MIT */
#include "util/unguardable.h"

#include <elf.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define DAMAGED "damaged ELF file"

/* Only with a program header that says PT_INTERP does ld.so, and with it LD_PRELOAD, take part. */
static const char *unguardable_headers(int file, const Elf64_Ehdr *header)
{
    if (header->e_phentsize != sizeof(Elf64_Phdr))
        return DAMAGED;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        off_t offset = (off_t)(header->e_phoff + i * sizeof segment);
        if (pread(file, &segment, sizeof segment, offset) != sizeof segment)
            return DAMAGED;
        if (segment.p_type == PT_INTERP)
            return NULL;
    }
    return "statically linked; it cannot be guarded by preloading";
}

const char *unguardable_file(int file)
{
    Elf64_Ehdr header;
    struct stat status;
    if (pread(file, &header, sizeof header, 0) != sizeof header || fstat(file, &status) != 0)
        return DAMAGED;
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != EM_X86_64)
        return "not an x86-64 program; libguard.so is for x86-64 only";
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
        return "an ELF file that is not a program";
    if ((status.st_mode & S_ISUID) != 0)
        return "setuid program; the system ignores preloaded libraries for it";
    if ((status.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
        return "setgid program; the system ignores preloaded libraries for it";
    if (fgetxattr(file, "security.capability", NULL, 0) > 0)
        return "has file capabilities; the system ignores preloaded libraries for it";
    return unguardable_headers(file, &header);
}

bool unguardable_is_loader(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    return strcmp(name, "ld.so") == 0 || (strncmp(name, "ld-", 3) == 0 && strstr(name, ".so"));
}

const char *unguardable_path(const char *path)
{
    char magic[SELFMAG];
    const char *reason = NULL;
    if (unguardable_is_loader(path))
        return NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return NULL;
    if (pread(file, magic, sizeof magic, 0) == sizeof magic &&
        memcmp(magic, ELFMAG, sizeof magic) == 0)
        reason = unguardable_file(file);
    close(file);
    return reason;
}
