/* SPDX-License-Identifier: MIT
 *
 * Guard regions, madvise(2) MADV_GUARD_INSTALL and MADV_GUARD_REMOVE: markers in the page table
 * that make a page fault without splitting the mapping, so that any number of blocks share one.
 * Installing a marker also drops the page, which is a whole revocation in one call. Markers survive
 * fork, madvise(MADV_DONTNEED) and mprotect.
 */
#include "page/backend.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "base/sys.h"

/* The kernel answers EINTR when a signal is pending and the range is long; the work done so far
 * stays. */
static int advise(void *address, size_t length, int advice)
{
    long result;
    do
        result = sys_advise(address, length, advice);
    while (result == -EINTR || result == -EAGAIN);
    return (int)result;
}

static int guard_commit(void *address, size_t length)
{
    return advise(address, length, MADV_GUARD_REMOVE);
}

static int guard_revoke(void *address, size_t length)
{
    int result = advise(address, length, MADV_GUARD_INSTALL);
    if (unlikely(result == -EINVAL)) { /* locked by mlock or mlockall */
        sys_call3(SYS_munlock, (long)address, (long)length, 0);
        result = advise(address, length, MADV_GUARD_INSTALL);
    }
    return result;
}

static int guard_revoke_many(const struct iovec *ranges, size_t count)
{
    return page_advise_many(ranges, count, MADV_GUARD_INSTALL);
}

static int guard_prepare(void *address, size_t length)
{
    long result = sys_protect(address, length, PROT_READ | PROT_WRITE);
    if (sys_failed(result))
        return (int)result;
    /* A huge page would be split at the first marker anyway. */
    sys_advise(address, length, MADV_NOHUGEPAGE);
    result = guard_revoke(address, length);
    if (result)
        page_map_afresh(address, length);
    return (int)result;
}

static int guard_probe(void)
{
    char *page = sys_map(NULL, 2 * PAGE_SIZE, PROT_NONE, 0);
    if (!page)
        return -ENOMEM;
    int result = guard_prepare(page, 2 * PAGE_SIZE);
    if (!result && !page_faults(page))
        result = -ENOSYS;
    if (!result)
        result = guard_commit(page, PAGE_SIZE);
    if (!result) {
        *(volatile char *)page = 1;
        result = guard_revoke(page, PAGE_SIZE);
    }
    if (!result && !page_faults(page))
        result = -ENOSYS;
    if (!result)
        result = guard_commit(page, PAGE_SIZE);
    if (!result && *(volatile char *)page)
        result = -ENOSYS;
    sys_unmap(page, 2 * PAGE_SIZE);
    return result;
}

const struct page_backend page_guard = {
    .name = "guard",
    .probe = guard_probe,
    .prepare = guard_prepare,
    .commit = guard_commit,
    .revoke = guard_revoke,
    .revoke_many = guard_revoke_many,
    .retire = page_retire_afresh,
    .segment = (size_t)2 << 20,
    .guards = true,
};
