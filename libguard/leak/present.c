/* SPDX-License-Identifier: MIT
 *
 * See the kernel's Documentation/admin-guide/mm/pagemap.rst for both interfaces. The ioctl (Linux
 * 6.7) skips what was never touched a page table at a time; reading pagemap costs 8 bytes a page.
 */
#include "leak/present.h"

#include <linux/ioctl.h>

#include "base/bits.h"
#include "base/sys.h"

struct scan_range {
    uint64_t start, end, categories;
};

struct scan_request {
    uint64_t size, flags, start, end, walk_end, vector, vector_length, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};

#define SCAN_REQUEST _IOWR('f', 16, struct scan_request)
#define SCAN_FILE    ((uint64_t)1 << 2)
#define SCAN_PRESENT ((uint64_t)1 << 3)
#define SCAN_SWAPPED ((uint64_t)1 << 4)
#define SCAN_ZERO    ((uint64_t)1 << 5)
#define SCAN_GUARD   ((uint64_t)1 << 8) /* Linux 6.16 */

#define ENTRY_GUARD   ((uint64_t)1 << 58) /* Linux 6.15 */
#define ENTRY_FILE    ((uint64_t)1 << 61)
#define ENTRY_PRESENT ((uint64_t)1 << 63)
#define ENTRY_SWAPPED ((uint64_t)1 << 62)

typedef void visit_range(uintptr_t start, uintptr_t end, void *argument);

void present_close(struct present *present)
{
    if (present->fd >= 0)
        sys_close(present->fd);
    present->fd = -1;
    present->scan = false;
}

/* How far it came: the rest has to be looked at in another way. */
static uintptr_t each_by_scan(struct present *present, bool own, uintptr_t at, uintptr_t end,
                              visit_range *visit, void *argument)
{
    const uint64_t unwanted =
        SCAN_ZERO | (own ? SCAN_FILE : 0) | (present->knows_guards ? SCAN_GUARD : 0);
    struct scan_range ranges[32];
    while (at < end) {
        struct scan_request request = {
            .size = sizeof(request),
            .start = at,
            .end = end,
            .vector = (uint64_t)(uintptr_t)ranges,
            .vector_length = ARRAY_LENGTH(ranges),
            .category_inverted = unwanted,
            .category_mask = unwanted,
            .category_anyof_mask = SCAN_PRESENT | SCAN_SWAPPED,
            .return_mask = SCAN_PRESENT | SCAN_SWAPPED,
        };
        long found = sys_call3(SYS_ioctl, present->fd, (long)SCAN_REQUEST, (long)&request);
        if (sys_failed(found)) {
            present->scan = false;
            return at;
        }
        for (long i = 0; i < found; i++)
            visit(ranges[i].start, ranges[i].end, argument);
        if (request.walk_end <= at)
            return at;
        at = request.walk_end;
    }
    return end;
}

static void ignore(uintptr_t start, uintptr_t end, void *argument)
{
    (void)start, (void)end, (void)argument;
}

void present_open(struct present *present)
{
    long fd = sys_open_proc("/proc/thread-self/pagemap");
    present->fd = sys_failed(fd) ? -1 : (int)fd;
    present->scan = present->fd >= 0;
    present->most = UINT64_MAX;
    /* To know whether the kernel can. */
    uintptr_t page = align_down((uintptr_t)&fd, PAGE_SIZE);
    present->knows_guards = true;
    if (present->scan)
        each_by_scan(present, false, page, page + PAGE_SIZE, ignore, NULL);
    if (present->scan || present->fd < 0)
        return;
    present->scan = true;
    present->knows_guards = false;
    each_by_scan(present, false, page, page + PAGE_SIZE, ignore, NULL);
}

static bool is_wanted(uint64_t entry, bool own)
{
    return entry & (ENTRY_PRESENT | ENTRY_SWAPPED) && !(entry & ENTRY_GUARD) &&
           !(own && entry & ENTRY_FILE);
}

static uintptr_t each_by_entries(struct present *present, bool own, uintptr_t at, uintptr_t end,
                                 visit_range *visit, void *argument)
{
    uint64_t entries[256];
    while (at < end && present->most) {
        size_t wanted = min_size((end - at) >> PAGE_SHIFT, ARRAY_LENGTH(entries));
        long got =
            sys_call4(SYS_pread64, present->fd, (long)entries, (long)(wanted * sizeof(*entries)),
                      (long)((at >> PAGE_SHIFT) * sizeof(*entries)));
        if (sys_failed(got) || got < (long)sizeof(*entries))
            return at;
        size_t count = (size_t)got / sizeof(*entries);
        for (size_t i = 0; i < count;) {
            size_t first = i;
            while (i < count && is_wanted(entries[i], own))
                i++;
            present->most -= min_size(i - first, present->most);
            if (i > first)
                visit(at + first * PAGE_SIZE, at + i * PAGE_SIZE, argument);
            else
                i++;
        }
        at += count * PAGE_SIZE;
    }
    return end;
}

void present_each(struct present *present, uintptr_t start, uintptr_t end, visit_range *visit,
                  void *argument)
{
    if (present->scan)
        start = each_by_scan(present, false, start, end, visit, argument);
    if (present->fd >= 0)
        start = each_by_entries(present, false, start, end, visit, argument);
    if (start < end)
        visit(start, end, argument);
}

void present_each_own(struct present *present, uintptr_t start, uintptr_t end, visit_range *visit,
                      void *argument)
{
    if (present->scan)
        start = each_by_scan(present, true, start, end, visit, argument);
    if (present->fd >= 0)
        each_by_entries(present, true, start, end, visit, argument);
}
