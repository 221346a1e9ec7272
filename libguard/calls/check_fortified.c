/* SPDX-License-Identifier: MIT
 *
 * Fortified functions that are not checked otherwise. libc ends the process when the size it is
 * given exceeds the `room` that the compiler knows of: that is reported first.
 */
#include "calls/check.h"
#include "guard/own_signals.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/types.h>
#include <wchar.h>

#define WRITE MMT_DIRECTION_WRITE

/* `count` elements, where there is room for `room` of them. */
#define EXCESS(to, count, room)                                                                    \
    if (unlikely((size_t)(count) > (room) && check_ours(to)))                                      \
        report_excess(to, (size_t)(count), sizeof(*(to)), name_);

static NOINLINE void report_excess(const void *to, size_t count, size_t width, const char *name)
{
    check_array(CHECK(name), to, count, width, WRITE);
}

FORTIFIED_ONLY(int, gethostname, (char *to, size_t size), (to, size), EXCESS(to, size, room))
FORTIFIED_ONLY(int, getdomainname, (char *to, size_t size), (to, size), EXCESS(to, size, room))
FORTIFIED_ONLY(int, getlogin_r, (char *to, size_t size), (to, size), EXCESS(to, size, room))
FORTIFIED_ONLY(int, ttyname_r, (int fd, char *to, size_t size), (fd, to, size),
               EXCESS(to, size, room))
FORTIFIED_ONLY(int, ptsname_r, (int fd, char *to, size_t size), (fd, to, size),
               EXCESS(to, size, room))
FORTIFIED_ONLY(size_t, confstr, (int name, char *to, size_t size), (name, to, size),
               EXCESS(to, size, room))
FORTIFIED_ONLY(int, wctomb, (char *to, wchar_t character), (to, character),
               EXCESS(to, MB_CUR_MAX, room))
FORTIFIED_ONLY(size_t, wcrtomb, (char *to, wchar_t character, mbstate_t *state),
               (to, character, state), EXCESS(to, MB_CUR_MAX, room))
FORTIFIED_ONLY(size_t, mbsnrtowcs,
               (wchar_t * to, const char **from, size_t bytes, size_t most, mbstate_t *state),
               (to, from, bytes, most, state), EXCESS(to, most, room))
FORTIFIED_ONLY(size_t, wcsnrtombs,
               (char *to, const wchar_t **from, size_t characters, size_t most, mbstate_t *state),
               (to, from, characters, most, state), EXCESS(to, most, room))

/* Here the room is in bytes. A negative count is the function's own error. */
FORTIFIED_ONLY(int, getgroups, (int count, gid_t *list), (count, list),
               if (count > 0) EXCESS(list, count, room / sizeof(*list)))
FORTIFIED_ONLY(int, poll, (struct pollfd * array, nfds_t count, int patience),
               (array, count, patience), EXCESS(array, count, room / sizeof(*array)))

CHECKED(int, __ppoll_chk,
        (struct pollfd * array, nfds_t count, const struct timespec *patience,
         const sigset_t *signals, size_t room))
{
    const char *const name_ = "ppoll";
    sigset_t copy;
    EXCESS(array, count, room / sizeof(*array))
    return NEXT(__ppoll_chk)(array, count, patience, own_signals_left_out_of(signals, &copy), room);
}
