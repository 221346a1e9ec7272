/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mmtrace.h"
#include "stack/depot.h"
#include "stack/module_file.h"
#include "stack/modules.h"
#include "unit.h"

SUITE("modules", NULL, NULL);

/* In Debian's libc6, and nothing else in this program needs it. */
#define LIBRARY "libBrokenLocale.so.1"

static const struct module *module_of(const void *address)
{
    return modules_get(modules_find((uintptr_t)address));
}

TEST(main_program, "the main program")
{
    char path[PATH_MAX] = "";
    struct stat status;
    errno = 4711;
    const struct module *module = module_of(&main_program);
    CU_ASSERT_EQUAL(errno, 4711);
    CU_ASSERT_PTR_NOT_NULL_FATAL(module);
    CU_ASSERT(module->flags & MMT_MODULE_MAIN);
    CU_ASSERT(module->flags & MMT_MODULE_GUARD); /* linked into this very program */
    CU_ASSERT(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
    CU_ASSERT_STRING_EQUAL(module->path, path);
    CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(module->inode, status.st_ino);
    CU_ASSERT_EQUAL(module->device, status.st_dev);
    CU_ASSERT_EQUAL(module->size, (uint64_t)status.st_size);
    CU_ASSERT_EQUAL(module->mtime / 1000000000u, (uint64_t)status.st_mtim.tv_sec);
}

static int compare_module(struct dl_phdr_info *info, size_t size, void *argument)
{
    unsigned *seen = argument;
    (void)size;
    uintptr_t code = 0, end = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) && !code)
            code = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD)
            end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;
    }
    const struct module *module = module_of((void *)code);
    CU_ASSERT_PTR_NOT_NULL_FATAL(module);
    CU_ASSERT_EQUAL(module->bias, info->dlpi_addr);
    CU_ASSERT(module->start <= code && module->end >= end && module->end < end + 4096);
    if (info->dlpi_name[0] == '/')
        CU_ASSERT_STRING_EQUAL(module->path, info->dlpi_name);
    bool found = false;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_NOTE)
            continue;
        const char *notes = (const char *)(info->dlpi_addr + segment->p_vaddr);
        found |= memmem(notes, segment->p_memsz, module->build_id, module->build_id_length) != NULL;
    }
    CU_ASSERT(module->build_id_length == 0 || found);
    *seen |= module->build_id_length == 20;
    return 0;
}

TEST(all_loaded_modules, "every module that the loader knows")
{
    unsigned seen = 0;
    dl_iterate_phdr(compare_module, &seen);
    CU_ASSERT(seen);
    uint32_t count = modules_count();
    dl_iterate_phdr(compare_module, &seen);
    CU_ASSERT_EQUAL(modules_count(), count);
    for (uint32_t id = 1; id <= count; id++)
        CU_ASSERT_EQUAL(modules_get(id)->id, id);
    CU_ASSERT_PTR_NULL(modules_get(0));
    CU_ASSERT_PTR_NULL(modules_get(count + 1));
}

TEST(vdso, "the vdso")
{
    const void *header = (const void *)getauxval(AT_SYSINFO_EHDR);
    if (!header)
        return;
    const struct module *module = module_of((const char *)header + 64);
    CU_ASSERT_PTR_NOT_NULL_FATAL(module);
    CU_ASSERT(module->flags & MMT_MODULE_VDSO);
    CU_ASSERT_STRING_EQUAL(module->path, "linux-vdso.so.1");
}

TEST(nothing_elsewhere, "addresses in no module")
{
    int local;
    CU_ASSERT_EQUAL(modules_find(0), 0);
    CU_ASSERT_EQUAL(modules_find(UINTPTR_MAX), 0);
    CU_ASSERT_EQUAL(modules_find((uintptr_t)&local), 0);
}

TEST(generations, "a module loaded again is another one")
{
    void *library = dlopen(LIBRARY, RTLD_NOW);
    CU_ASSERT_PTR_NOT_NULL_FATAL(library);
    struct link_map *map = library;
    uintptr_t place = (uintptr_t)map->l_ld;
    struct depot_frame frame = {place, MMT_FRAME_EXACT};
    uint32_t first = modules_find(place), stack = depot_put(&frame, 1);
    CU_ASSERT_NOT_EQUAL_FATAL(first, 0);
    modules_changed();
    CU_ASSERT_EQUAL(modules_find(place), first);
    CU_ASSERT_EQUAL(depot_put(&frame, 1), stack);

    dlclose(library);
    modules_changed();
    CU_ASSERT(modules_get(first)->flags & MMT_MODULE_UNLOADED);
    CU_ASSERT_EQUAL(modules_find(place), 0);

    library = dlopen(LIBRARY, RTLD_NOW);
    CU_ASSERT_PTR_NOT_NULL_FATAL(library);
    map = library;
    frame.pc = (uintptr_t)map->l_ld;
    uint32_t second = modules_find(frame.pc);
    CU_ASSERT_NOT_EQUAL(second, 0);
    CU_ASSERT_NOT_EQUAL(second, first);
    CU_ASSERT_NOT_EQUAL(depot_put(&frame, 1), stack);
    CU_ASSERT_STRING_EQUAL(modules_get(second)->path, modules_get(first)->path);
    CU_ASSERT_EQUAL(modules_get(stack ? depot_node(stack)->module & MMT_FRAME_MODULE_MASK : 0)->id,
                    first);
    dlclose(library);
    modules_changed();
}

TEST(damaged_headers, "damaged headers")
{
    enum { SIZE = 4096 };
    uint8_t *room =
        mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const struct module *libc = module_of(&abort);
    uint8_t id[MODULE_BUILD_ID_MAX];
    CU_ASSERT_FATAL(room != MAP_FAILED);
    mprotect(room + SIZE, SIZE, PROT_NONE);
    memcpy(room, (const void *)libc->start, SIZE);
    uintptr_t start = (uintptr_t)room;
    uint32_t length = module_file_build_id(start, start + SIZE, id);
    CU_ASSERT_EQUAL(length, libc->build_id_length);
    CU_ASSERT_EQUAL(memcmp(id, libc->build_id, length), 0);
    srand(1);
    for (int round = 0; round < 20000; round++) {
        memcpy(room, (const void *)libc->start, 2048);
        for (int i = 0; i < 8; i++)
            room[rand() % 2048] = (uint8_t)(rand() % 4 ? rand() : 0xff);
        CU_ASSERT(module_file_build_id(start, start + SIZE - (size_t)(rand() % 2) * 4000, id) <=
                  MODULE_BUILD_ID_MAX);
    }
    munmap(room, 2 * SIZE);
}
