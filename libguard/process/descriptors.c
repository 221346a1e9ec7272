/* SPDX-License-Identifier: MIT
 *
 * The functions that close descriptors, so that the one libguard keeps (for userfaultfd) survives
 * programs that close all they do not know. Its number is seen in /proc/self/fd: closing it, and
 * dup2() onto it, works, and ours gets another one first.
 */
#include <errno.h>
#include <unistd.h>

#include "base/sys.h"
#include "guard/guard.h"
#include "page/backend.h"

/* Descriptors of a vfork child are its own copies: it may do with them what it likes. */
static bool descriptors_is_ours(int fd)
{
    return unlikely(fd >= 0 && fd == page_move_descriptor()) && sys_getpid() == guard.pid;
}

NEXT_FUNCTION(int, close, (int));
NEXT_FUNCTION(void, closefrom, (int));

/* Without another number left ours stays where it is. */
EXPORT int close(int fd)
{
    if (descriptors_is_ours(fd) && sys_failed(page_move_relocate()))
        return 0;
    return NEXT(close)(fd);
}

/* The descriptor's own close function in libc's FILE and directory code does not come by here, and
 * need not: no stream is on our number. */

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    int own = page_move_descriptor();
    if (own < 0 || (unsigned)own < first || (unsigned)own > last || !descriptors_is_ours(own))
        return guard_result_of(sys_call3(SYS_close_range, first, last, flags));
    long result = 0;
    if (first < (unsigned)own)
        result = sys_call3(SYS_close_range, first, own - 1, flags);
    if (!sys_failed(result) && (unsigned)own < last)
        result = sys_call3(SYS_close_range, own + 1, last, flags);
    return guard_result_of(result);
}

EXPORT void closefrom(int lowest)
{
    int own = page_move_descriptor();
    if (own >= lowest && descriptors_is_ours(own)) {
        for (int fd = lowest > 0 ? lowest : 0; fd < own; fd++)
            sys_close(fd);
        lowest = own + 1;
    }
    NEXT(closefrom)(lowest);
}

EXPORT int dup2(int from, int to)
{
    if (descriptors_is_ours(to) && from != to)
        page_move_relocate();
    return guard_result_of(sys_call3(SYS_dup2, from, to, 0));
}

EXPORT int dup3(int from, int to, int flags)
{
    if (descriptors_is_ours(to) && from != to)
        page_move_relocate();
    return guard_result_of(sys_call3(SYS_dup3, from, to, flags));
}
