/* SPDX-License-Identifier: MIT
 *
 * No protection at all: pages stay accessible, a revoked one is emptied. Blocks land here when the
 * kernel has no mapping left for a guarded one, so that the program goes on; double and invalid
 * frees, damaged slack and leaks are still found.
 */
#include "page/backend.h"

#include <sys/mman.h>

#include "base/sys.h"

static int unguarded_probe(void)
{
    return 0;
}

static int unguarded_prepare(void *address, size_t length)
{
    long result = sys_protect(address, length, PROT_READ | PROT_WRITE);
    if (!sys_failed(result))
        sys_advise(address, length, MADV_NOHUGEPAGE);
    return (int)result;
}

static int unguarded_commit(void *address, size_t length)
{
    (void)address, (void)length;
    return 0;
}

static int unguarded_revoke(void *address, size_t length)
{
    return (int)sys_advise(address, length, MADV_DONTNEED);
}

const struct page_backend page_unguarded = {
    .name = "unguarded",
    .probe = unguarded_probe,
    .prepare = unguarded_prepare,
    .commit = unguarded_commit,
    .revoke = unguarded_revoke,
    .retire = page_retire_afresh,
    .segment = (size_t)64 << 20,
    .guards = false,
};
