/* SPDX-License-Identifier: MIT
 *
 * The backend that every kernel has: committed pages are a mapping of their own between
 * inaccessible ones. Each live block costs two mappings, and the process may have vm.max_map_count
 * of them (65530 unless set otherwise), so commits are counted and refused early enough to leave
 * the program the mappings that it needs itself.
 */
#include "page/backend.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "base/sys.h"

#define DEFAULT_MAX_MAPPINGS 65530

static struct {
    _Atomic int64_t committed; /* ranges */
    _Atomic int64_t limit; /* 0: not read yet */
} counts;

static int64_t read_limit(void)
{
    char text[32];
    int64_t mappings = 0;
    if (sys_read_file("/proc/sys/vm/max_map_count", text, sizeof(text)) > 0)
        for (const char *c = text; *c >= '0' && *c <= '9' && mappings < INT32_MAX; c++)
            mappings = mappings * 10 + (*c - '0');
    if (mappings <= 0)
        mappings = DEFAULT_MAX_MAPPINGS;
    /* Two mappings a range; a quarter of all is left to the program. */
    int64_t limit = mappings * 3 / 8;
    atomic_store_explicit(&counts.limit, limit, memory_order_relaxed);
    return limit;
}

static int mprotect_prepare(void *address, size_t length)
{
    (void)address, (void)length;
    return 0;
}

static int mprotect_commit(void *address, size_t length)
{
    int64_t limit = atomic_load_explicit(&counts.limit, memory_order_relaxed);
    if (unlikely(!limit))
        limit = read_limit();
    if (atomic_fetch_add_explicit(&counts.committed, 1, memory_order_relaxed) >= limit) {
        atomic_fetch_sub_explicit(&counts.committed, 1, memory_order_relaxed);
        return -ENOMEM;
    }
    long result = sys_protect(address, length, PROT_READ | PROT_WRITE);
    if (sys_failed(result))
        atomic_fetch_sub_explicit(&counts.committed, 1, memory_order_relaxed);
    return (int)result;
}

static int mprotect_revoke(void *address, size_t length)
{
    /* Mapping afresh drops the pages, makes them inaccessible and lets the kernel merge the mapping
     * with its neighbours, all in one call. */
    if (!page_map_afresh(address, length)) {
        sys_advise(address, length, MADV_DONTNEED);
        long result = sys_protect(address, length, PROT_NONE);
        if (sys_failed(result))
            return (int)result;
    }
    atomic_fetch_sub_explicit(&counts.committed, 1, memory_order_relaxed);
    return 0;
}

static bool mprotect_crowded(void)
{
    int64_t limit = atomic_load_explicit(&counts.limit, memory_order_relaxed);
    return limit && atomic_load_explicit(&counts.committed, memory_order_relaxed) > limit / 8 * 7;
}

void page_mprotect_count(int ranges)
{
    atomic_fetch_add_explicit(&counts.committed, ranges, memory_order_relaxed);
}

static int mprotect_probe(void)
{
    char *page = sys_map(NULL, PAGE_SIZE, PROT_NONE, 0);
    if (!page)
        return -ENOMEM;
    int result = mprotect_commit(page, PAGE_SIZE);
    if (!result) {
        *(volatile char *)page = 1;
        result = mprotect_revoke(page, PAGE_SIZE);
    }
    if (!result && !page_faults(page))
        result = -ENOSYS;
    sys_unmap(page, PAGE_SIZE);
    return result;
}

const struct page_backend page_mprotect = {
    .name = "mprotect",
    .probe = mprotect_probe,
    .prepare = mprotect_prepare,
    .commit = mprotect_commit,
    .revoke = mprotect_revoke,
    .crowded = mprotect_crowded,
    .retire = page_retire_afresh,
    .segment = (size_t)2 << 20,
    .guards = true,
};
