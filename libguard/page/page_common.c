/* SPDX-License-Identifier: MIT */
#include "page/backend.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#include "base/bits.h"
#include "base/sys.h"

bool page_faults(const void *address)
{
    /* A write of one byte from `address` into a pipe or file would tell as well, but needs a descriptor. rt_sigprocmask reads the
     * set before it looks at anything else, and an invalid `how` makes sure that nothing changes: EFAULT if the set cannot be
     * read, EINVAL if it can. */
    long result = sys_call4(SYS_rt_sigprocmask, 0x7fff, (long)address, 0, 8);
    return result == -EFAULT;
}

void page_retire(void *address, size_t length)
{
    sys_map(address, length, PROT_NONE, MAP_FIXED);
}

void *page_reserve(size_t length, size_t alignment)
{
    char *start = sys_map(NULL, length + alignment, PROT_NONE, 0);
    if (!start)
        return NULL;
    char *aligned = (char *)align_up((uintptr_t)start, alignment);
    if (aligned != start)
        sys_unmap(start, (size_t)(aligned - start));
    sys_unmap(aligned + length, (size_t)(start + alignment - aligned));
    return aligned;
}
