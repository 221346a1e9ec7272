/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/maps.h"
#include "unit.h"

SUITE("base/maps", NULL, NULL);

TEST(entries_in_order, "entries come in order")
{
    struct maps_reader reader;
    struct maps_entry entry;
    uintptr_t last = 0, here = (uintptr_t)entries_in_order, on_stack = (uintptr_t)&reader;
    int wrong = 0, code = 0, stack = 0;
    CU_ASSERT_EQUAL_FATAL(maps_open(&reader), 0);
    while (maps_next(&reader, &entry)) {
        wrong += entry.start < last || entry.end <= entry.start || entry.start % PAGE_SIZE != 0;
        last = entry.end;
        if (here >= entry.start && here < entry.end)
            code += entry.readable && entry.executable && !entry.writable && !entry.shared;
        if (on_stack >= entry.start && on_stack < entry.end)
            stack += entry.writable && !strcmp(entry.path, "[stack]");
    }
    maps_close(&reader);
    CU_ASSERT(wrong == 0 && code == 1 && stack == 1);
}

TEST(file_with_odd_name, "a file with a space in its name")
{
    char name[] = "/tmp/maps test-XXXXXX", path[64], cut[5];
    int fd = mkstemp(name);
    struct stat status;
    struct maps_entry entry;
    CU_ASSERT_FATAL(fd >= 0 && ftruncate(fd, 3 * PAGE_SIZE) == 0 && fstat(fd, &status) == 0);
    char *pages = mmap(NULL, PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 2 * PAGE_SIZE);
    close(fd);
    CU_ASSERT_TRUE(maps_find((uintptr_t)pages + PAGE_SIZE - 1, &entry, path, sizeof(path)));
    CU_ASSERT_STRING_EQUAL(path, name);
    CU_ASSERT_PTR_EQUAL(entry.path, path);
    CU_ASSERT(entry.start == (uintptr_t)pages && entry.end == entry.start + PAGE_SIZE);
    CU_ASSERT(entry.readable && !entry.writable && !entry.executable && entry.shared);
    CU_ASSERT_EQUAL(entry.offset, 2 * PAGE_SIZE);
    CU_ASSERT_EQUAL(entry.inode, status.st_ino);
    CU_ASSERT_EQUAL(entry.device, (uint64_t)major(status.st_dev) << 32 | minor(status.st_dev));
    CU_ASSERT_TRUE(maps_find((uintptr_t)pages, &entry, cut, sizeof(cut)));
    CU_ASSERT_STRING_EQUAL(cut, "/tmp");
    unlink(name);
    munmap(pages, PAGE_SIZE);
    CU_ASSERT_FALSE(maps_find((uintptr_t)pages, &entry, path, sizeof(path)));
}

/* More text than the reader's buffer holds: each of many mappings must come once and whole. */
TEST(many_mappings, "more than a buffer full")
{
    enum { PAIRS = 400 };
    char *pages = mmap(NULL, 2 * PAIRS * PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(pages != MAP_FAILED);
    for (int i = 0; i < PAIRS; i++)
        mprotect(pages + 2 * i * PAGE_SIZE, PAGE_SIZE, PROT_READ);
    struct maps_reader reader;
    struct maps_entry entry;
    int seen = 0;
    CU_ASSERT_EQUAL_FATAL(maps_open(&reader), 0);
    while (maps_next(&reader, &entry))
        seen += entry.start >= (uintptr_t)pages && entry.readable &&
                entry.end <= (uintptr_t)pages + 2 * PAIRS * PAGE_SIZE &&
                entry.end - entry.start == PAGE_SIZE;
    maps_close(&reader);
    munmap(pages, 2 * PAIRS * PAGE_SIZE);
    CU_ASSERT_EQUAL(seen, PAIRS);
}
