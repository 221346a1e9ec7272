/* SPDX-License-Identifier: MIT
 *
 * Conversions of texts: between bytes and wide characters, of times and addresses, for comparing.
 * Most write less than they are allowed to; only what would be written beyond the block counts.
 */
#include "calls/check_format.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

/* ---- bytes and wide characters */

/* Wide characters that a text of bytes makes until its end (which counts), an invalid one, or
 * `most`: reported if its block ends before. */
static size_t check_bytes_as_wide(const struct check *check, const char *text, size_t most)
{
    size_t room = check_room(text), at = 0, count = 0;
    mbstate_t state = {0};
    wchar_t character;
    int saved = errno;
    while (count < most) {
        size_t left = room - at, length;
        if (unlikely(!left)) {
            check_access(check, text, at + 1, READ);
            break;
        }
        length = (unsigned char)text[at] < 128
                     ? 1
                     : mbrtowc(&character, text + at, min_size(left, MB_LEN_MAX), &state);
        if (length == (size_t)-2 && left < MB_LEN_MAX) {
            check_access(check, text, room + 1, READ);
            break;
        }
        if (length > MB_LEN_MAX)
            break;
        count++;
        if (!text[at])
            break;
        at += length;
    }
    errno = saved;
    return count;
}

/* How much of `most` characters may be written to `to`, of which `needed` will be. */
static size_t check_target(const struct check *check, void *to, size_t needed, size_t most,
                           size_t width)
{
    if (!to || check_inside(to, needed * width))
        return most;
    size_t usable = check_access(check, to, needed * width, WRITE) / width;
    return usable < needed ? usable : most;
}

static NOINLINE size_t check_to_wide(const wchar_t *to, const char *from, size_t most,
                                     const char *name)
{
    const struct check *check = CHECK(name);
    size_t needed = check_bytes_as_wide(check, from, to ? most : SIZE_MAX);
    return check_target(check, (void *)to, needed, most, sizeof(*to));
}

static NOINLINE size_t check_to_bytes(const char *to, const wchar_t *from, size_t most,
                                      const char *name)
{
    const struct check *check = CHECK(name);
    size_t needed = check_wide_as_bytes(check, from, to ? most : SIZE_MAX);
    return check_target(check, (void *)to, needed, most, 1);
}

CHECKED(size_t, mbstowcs, (wchar_t * to, const char *from, size_t most))
{
    if (check_ours(to) || check_ours(from))
        most = check_to_wide(to, from, most, "mbstowcs");
    return NEXT(mbstowcs)(to, from, most);
}

CHECKED(size_t, wcstombs, (char *to, const wchar_t *from, size_t most))
{
    if (check_ours(to) || check_ours(from))
        most = check_to_bytes(to, from, most, "wcstombs");
    return NEXT(wcstombs)(to, from, most);
}

/* What the real one would end the program for goes to it. */
CHECKED(size_t, __mbstowcs_chk, (wchar_t * to, const char *from, size_t most, size_t room))
{
    if (check_ours(to) || check_ours(from)) {
        size_t usable = check_to_wide(to, from, most, "mbstowcs");
        most = most <= room / sizeof(*to) ? usable : most;
    }
    return NEXT(__mbstowcs_chk)(to, from, most, room);
}

CHECKED(size_t, __wcstombs_chk, (char *to, const wchar_t *from, size_t most, size_t room))
{
    if (check_ours(to) || check_ours(from)) {
        size_t usable = check_to_bytes(to, from, most, "wcstombs");
        most = most <= room ? usable : most;
    }
    return NEXT(__wcstombs_chk)(to, from, most, room);
}

/* Without a character that was begun earlier, which only the real one knows how to go on with. */
static bool at_begin(const mbstate_t *state)
{
    return state && mbsinit(state);
}

CHECKED(size_t, mbsrtowcs, (wchar_t * to, const char **from, size_t most, mbstate_t *state))
{
    if ((check_ours(to) || check_ours(*from)) && at_begin(state))
        most = check_to_wide(to, *from, most, "mbsrtowcs");
    return NEXT(mbsrtowcs)(to, from, most, state);
}

CHECKED(size_t, wcsrtombs, (char *to, const wchar_t **from, size_t most, mbstate_t *state))
{
    if ((check_ours(to) || check_ours(*from)) && at_begin(state))
        most = check_to_bytes(to, *from, most, "wcsrtombs");
    return NEXT(wcsrtombs)(to, from, most, state);
}

CHECKED(size_t, __mbsrtowcs_chk,
        (wchar_t * to, const char **from, size_t most, mbstate_t *state, size_t room))
{
    if ((check_ours(to) || check_ours(*from)) && at_begin(state)) {
        size_t usable = check_to_wide(to, *from, most, "mbsrtowcs");
        most = most <= room / sizeof(*to) ? usable : most;
    }
    return NEXT(__mbsrtowcs_chk)(to, from, most, state, room);
}

CHECKED(size_t, __wcsrtombs_chk,
        (char *to, const wchar_t **from, size_t most, mbstate_t *state, size_t room))
{
    if ((check_ours(to) || check_ours(*from)) && at_begin(state)) {
        size_t usable = check_to_bytes(to, *from, most, "wcsrtombs");
        most = most <= room ? usable : most;
    }
    return NEXT(__wcsrtombs_chk)(to, from, most, state, room);
}

/* ---- for comparing. A text that does not fit is written in part. */

CHECKED(size_t, strxfrm, (char *to, const char *from, size_t size));

static NOINLINE size_t transform_checked(char *to, const char *from, size_t size)
{
    const struct check *check = CHECK("strxfrm");
    check_text(check, from, SIZE_MAX, 1);
    size_t fits = min_size(size, size ? check_room(to) : 0);
    size_t length = NEXT(strxfrm)(fits ? to : NULL, from, fits);
    if (length < fits || fits == size)
        return length;
    size_t usable = check_access(check, to, min_size(size, length + 1), WRITE);
    return usable ? NEXT(strxfrm)(to, from, min_size(size, usable)) : length;
}

EXPORT size_t strxfrm(char *to, const char *from, size_t size)
{
    return check_ours(to) || check_ours(from) ? transform_checked(to, from, size)
                                              : NEXT(strxfrm)(to, from, size);
}

CHECKED(size_t, wcsxfrm, (wchar_t * to, const wchar_t *from, size_t size));

static NOINLINE size_t transform_wide_checked(wchar_t *to, const wchar_t *from, size_t size)
{
    const struct check *check = CHECK("wcsxfrm");
    check_text(check, from, SIZE_MAX, sizeof(*from));
    size_t fits = min_size(size, size ? check_room(to) / sizeof(*to) : 0);
    size_t length = NEXT(wcsxfrm)(fits ? to : NULL, from, fits);
    if (length < fits || fits == size)
        return length;
    size_t usable = check_array(check, to, min_size(size, length + 1), sizeof(*to), WRITE);
    usable /= sizeof(*to);
    return usable ? NEXT(wcsxfrm)(to, from, min_size(size, usable)) : length;
}

EXPORT size_t wcsxfrm(wchar_t *to, const wchar_t *from, size_t size)
{
    return check_ours(to) || check_ours(from) ? transform_wide_checked(to, from, size)
                                              : NEXT(wcsxfrm)(to, from, size);
}

/* ---- times. Nothing tells how long the text will be, so it is made elsewhere first. */

enum { TIME_MOST = 256 };

CHECKED(size_t, strftime, (char *to, size_t size, const char *format, const struct tm *time));

static NOINLINE size_t time_checked(char *to, size_t size, const char *format,
                                    const struct tm *time)
{
    const struct check *check = CHECK("strftime");
    char copy[TIME_MOST];
    check_text(check, format, SIZE_MAX, 1);
    size_t length = NEXT(strftime)(copy, min_size(size, sizeof(copy)), format, time);
    if (length)
        size = check_target(check, to, length + 1, size, 1);
    return NEXT(strftime)(to, size, format, time);
}

EXPORT size_t strftime(char *to, size_t size, const char *format, const struct tm *time)
{
    return check_ours(to) || check_ours(format) ? time_checked(to, size, format, time)
                                                : NEXT(strftime)(to, size, format, time);
}

CHECKED(size_t, wcsftime,
        (wchar_t * to, size_t size, const wchar_t *format, const struct tm *time));

static NOINLINE size_t wide_time_checked(wchar_t *to, size_t size, const wchar_t *format,
                                         const struct tm *time)
{
    const struct check *check = CHECK("wcsftime");
    wchar_t copy[TIME_MOST];
    check_text(check, format, SIZE_MAX, sizeof(*format));
    size_t length = NEXT(wcsftime)(copy, min_size(size, TIME_MOST), format, time);
    if (length)
        size = check_target(check, to, length + 1, size, sizeof(*to));
    return NEXT(wcsftime)(to, size, format, time);
}

EXPORT size_t wcsftime(wchar_t *to, size_t size, const wchar_t *format, const struct tm *time)
{
    return check_ours(to) || check_ours(format) ? wide_time_checked(to, size, format, time)
                                                : NEXT(wcsftime)(to, size, format, time);
}

/* ---- addresses */

static size_t address_size(int family)
{
    return family == AF_INET    ? sizeof(struct in_addr)
           : family == AF_INET6 ? sizeof(struct in6_addr)
                                : 0;
}

CHECKED(int, inet_pton, (int family, const char *text, void *to));

static NOINLINE int to_address(int family, const char *text, void *to)
{
    const struct check *check = CHECK("inet_pton");
    char address[sizeof(struct in6_addr)];
    check_text(check, text, SIZE_MAX, 1);
    int result = NEXT(inet_pton)(family, text, address);
    if (result == 1)
        check_move(to, address, check_access(check, to, address_size(family), WRITE));
    return result;
}

EXPORT int inet_pton(int family, const char *text, void *to)
{
    return check_ours(to) || check_ours(text) ? to_address(family, text, to)
                                              : NEXT(inet_pton)(family, text, to);
}

CHECKED(const char *, inet_ntop, (int family, const void *from, char *to, socklen_t size));

static NOINLINE const char *from_address(int family, const void *from, char *to, socklen_t size)
{
    const struct check *check = CHECK("inet_ntop");
    char text[INET6_ADDRSTRLEN];
    check_access(check, from, address_size(family), READ);
    if (!NEXT(inet_ntop)(family, from, text, (socklen_t)min_size(size, sizeof(text))))
        return NULL;
    size_t length = strlen(text) + 1;
    check_move(to, text, check_access(check, to, length, WRITE));
    return to;
}

EXPORT const char *inet_ntop(int family, const void *from, char *to, socklen_t size)
{
    return check_ours(to) || check_ours(from) ? from_address(family, from, to, size)
                                              : NEXT(inet_ntop)(family, from, to, size);
}

/* ---- paths */

static NOINLINE void check_path(const char *path, const char *name)
{
    check_text(CHECK(name), path, SIZE_MAX, 1);
}

CHECKED(char *, basename, (const char *path))
{
    if (check_ours(path))
        check_path(path, "basename");
    return NEXT(basename)(path);
}

CHECKED(char *, __xpg_basename, (char *path))
{
    if (check_ours(path))
        check_path(path, "basename");
    return NEXT(__xpg_basename)(path);
}

CHECKED(char *, dirname, (char *path))
{
    if (check_ours(path))
        check_path(path, "dirname");
    return NEXT(dirname)(path);
}
