/* SPDX-License-Identifier: MIT
 *
 * mlockall(). Locking everything at once would fill in all that is reserved: pages are locked when
 * they are first touched, which is when the heap's appear anyway. The kernel refuses where more is
 * mapped than may be locked, and counts what is reserved: if the program without us would come
 * through, its mappings are locked one by one.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "base/maps.h"
#include "base/notice.h"
#include "base/own_memory.h"
#include "base/sys.h"
#include "guard/guard.h"
#include "heap/heap.h"

#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif
#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif

/* Calls `visit` for each mapping that is not ours; returns how many bytes they are, 0 if that
 * cannot be found out. */
static uint64_t each_of_program(void (*visit)(uintptr_t start, size_t length, int flags), int flags)
{
    struct maps_reader reader;
    struct maps_entry entry;
    uint64_t bytes = 0;
    if (heap_in_sandbox() || maps_open(&reader))
        return 0;
    while (maps_next(&reader, &entry)) {
        if (heap_owns(entry.start) || own_contains(entry.start))
            continue;
        bytes += entry.end - entry.start;
        if (visit)
            visit(entry.start, entry.end - entry.start, flags);
    }
    maps_close(&reader);
    return bytes;
}

/* What cannot be locked, the kernel's own pages for one, does not make mlockall() fail either. */
static void lock_one(uintptr_t start, size_t length, int flags)
{
    sys_call3(SYS_mlock2, (long)start, (long)length, flags & MCL_ONFAULT ? MLOCK_ONFAULT : 0);
}

static long lock_without_ours(int flags)
{
    struct rlimit limit;
    uint64_t bytes = each_of_program(NULL, 0);
    long result = sys_call4(SYS_prlimit64, 0, RLIMIT_MEMLOCK, 0, (long)&limit);
    if (result || !bytes || bytes > limit.rlim_cur)
        return -ENOMEM;
    each_of_program(lock_one, flags);
    if (flags & MCL_FUTURE)
        notice_once(MMT_NOTE_INFO, "mlockall: what is mapped later is not locked, since tables of "
                                   "libguard would count (ulimit -l)");
    return 0;
}

EXPORT int mlockall(int flags)
{
    guard_enter();
    long result = sys_call3(SYS_mlockall, flags | MCL_ONFAULT, 0, 0);
    if (result == -ENOMEM && flags & MCL_CURRENT && !guard.passthrough)
        result = lock_without_ours(flags);
    if (!sys_failed(result))
        return (int)result;
    errno = (int)-result;
    return -1;
}
