/* SPDX-License-Identifier: MIT
 *
 * What a program tells the kernel about memory that is the heap's. Garbage collectors give pages of
 * their blocks back with madvise(); a page that is given back would be a missing one to
 * userfaultfd, so the effect is produced here instead.
 */
#include <errno.h>
#include <sys/mman.h>

#include "base/sys.h"
#include "guard/guard.h"
#include "heap/heap.h"

EXPORT int madvise(void *address, size_t length, int advice)
{
    const struct block *block = guard.ready && length ? heap_find_live((uintptr_t)address) : NULL;
    if (unlikely(block != NULL &&
                 (uintptr_t)address - block->start + length <= align_up(block->size, PAGE_SIZE))) {
        size_t inside = min_size(length, block->start + block->size - (uintptr_t)address);
        switch (advice) {
        case MADV_DONTNEED:
            __builtin_memset(address, 0, inside);
            return 0;
        case MADV_FREE: /* the kernel may do it later, or not at all */
        case MADV_HUGEPAGE: /* blocks of a slot share a mapping whose pages are small; */
        case MADV_NOHUGEPAGE: /* splitting it would gain nothing */
            return 0;
        }
    }
    return guard_result_of(sys_call3(SYS_madvise, (long)address, (long)length, advice));
}
