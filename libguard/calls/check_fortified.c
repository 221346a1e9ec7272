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

static NOINLINE void report_excess(const void *to, size_t count, size_t width, const char *name)
{
    check_array(CHECK(name), to, count, width, WRITE);
}

/* `count` elements of `width` bytes, where there is room for `room` of them. */
ALWAYS_INLINE void check_excess(const void *to, size_t count, size_t room, size_t width,
                                const char *name)
{
    if (unlikely(count > room && check_ours(to)))
        report_excess(to, count, width, name);
}

CHECKED(int, __gethostname_chk, (char *to, size_t size, size_t room))
{
    check_excess(to, size, room, 1, "gethostname");
    return NEXT(__gethostname_chk)(to, size, room);
}

CHECKED(int, __getdomainname_chk, (char *to, size_t size, size_t room))
{
    check_excess(to, size, room, 1, "getdomainname");
    return NEXT(__getdomainname_chk)(to, size, room);
}

CHECKED(int, __getlogin_r_chk, (char *to, size_t size, size_t room))
{
    check_excess(to, size, room, 1, "getlogin_r");
    return NEXT(__getlogin_r_chk)(to, size, room);
}

CHECKED(int, __ttyname_r_chk, (int fd, char *to, size_t size, size_t room))
{
    check_excess(to, size, room, 1, "ttyname_r");
    return NEXT(__ttyname_r_chk)(fd, to, size, room);
}

CHECKED(int, __ptsname_r_chk, (int fd, char *to, size_t size, size_t room))
{
    check_excess(to, size, room, 1, "ptsname_r");
    return NEXT(__ptsname_r_chk)(fd, to, size, room);
}

CHECKED(size_t, __confstr_chk, (int name, char *to, size_t size, size_t room))
{
    check_excess(to, size, room, 1, "confstr");
    return NEXT(__confstr_chk)(name, to, size, room);
}

/* Here the room is in bytes. A negative count is the function's own error. */
CHECKED(int, __getgroups_chk, (int count, gid_t *list, size_t room))
{
    if (count > 0)
        check_excess(list, (size_t)count, room / sizeof(*list), sizeof(*list), "getgroups");
    return NEXT(__getgroups_chk)(count, list, room);
}

CHECKED(int, __wctomb_chk, (char *to, wchar_t character, size_t room))
{
    check_excess(to, MB_CUR_MAX, room, 1, "wctomb");
    return NEXT(__wctomb_chk)(to, character, room);
}

CHECKED(size_t, __wcrtomb_chk, (char *to, wchar_t character, mbstate_t *state, size_t room))
{
    check_excess(to, MB_CUR_MAX, room, 1, "wcrtomb");
    return NEXT(__wcrtomb_chk)(to, character, state, room);
}

CHECKED(size_t, __mbsnrtowcs_chk,
        (wchar_t * to, const char **from, size_t bytes, size_t most, mbstate_t *state, size_t room))
{
    check_excess(to, most, room, sizeof(*to), "mbsnrtowcs");
    return NEXT(__mbsnrtowcs_chk)(to, from, bytes, most, state, room);
}

CHECKED(size_t, __wcsnrtombs_chk,
        (char *to, const wchar_t **from, size_t characters, size_t most, mbstate_t *state,
         size_t room))
{
    check_excess(to, most, room, 1, "wcsnrtombs");
    return NEXT(__wcsnrtombs_chk)(to, from, characters, most, state, room);
}

CHECKED(int, __poll_chk, (struct pollfd * array, nfds_t count, int patience, size_t room))
{
    check_excess(array, count, room / sizeof(*array), sizeof(*array), "poll");
    return NEXT(__poll_chk)(array, count, patience, room);
}

CHECKED(int, __ppoll_chk,
        (struct pollfd * array, nfds_t count, const struct timespec *patience,
         const sigset_t *signals, size_t room))
{
    sigset_t copy;
    check_excess(array, count, room / sizeof(*array), sizeof(*array), "ppoll");
    return NEXT(__ppoll_chk)(array, count, patience, own_signals_left_out_of(signals, &copy), room);
}
