/* SPDX-License-Identifier: MIT
 *
 * Conversions of texts: between bytes and wide characters, and of addresses. Most write less than
 * they are allowed to; only what would be written beyond the block counts.
 */
#include "calls/check_format.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
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

static NOINLINE size_t check_to_wide(wchar_t *to, const char *from, size_t most, const char *name)
{
    const struct check *check = CHECK(name);
    size_t needed = check_bytes_as_wide(check, from, to ? most : SIZE_MAX);
    return check_needed(check, to, needed, most, sizeof(*to));
}

static NOINLINE size_t check_to_bytes(char *to, const wchar_t *from, size_t most, const char *name)
{
    const struct check *check = CHECK(name);
    size_t needed = check_wide_as_bytes(check, from, to ? most : SIZE_MAX);
    return check_needed(check, to, needed, most, 1);
}

/* Without a character that was begun earlier, which only the real one knows how to go on with. */
static bool at_begin(const mbstate_t *state)
{
    return state && mbsinit(state);
}

/* The room is in bytes. What the real one would end the program for goes to it. */
#define CONVERT(text, sane, check_to)                                                              \
    if ((check_ours(to) || check_ours(text)) && (sane)) {                                          \
        size_t usable = check_to(to, text, most, name_);                                           \
        most = room == SIZE_MAX || most <= room / sizeof(*to) ? usable : most;                     \
    }

FORTIFIED(size_t, mbstowcs, (wchar_t * to, const char *from, size_t most), (to, from, most),
          CONVERT(from, true, check_to_wide))
FORTIFIED(size_t, wcstombs, (char *to, const wchar_t *from, size_t most), (to, from, most),
          CONVERT(from, true, check_to_bytes))
FORTIFIED(size_t, mbsrtowcs, (wchar_t * to, const char **from, size_t most, mbstate_t *state),
          (to, from, most, state), CONVERT(*from, at_begin(state), check_to_wide))
FORTIFIED(size_t, wcsrtombs, (char *to, const wchar_t **from, size_t most, mbstate_t *state),
          (to, from, most, state), CONVERT(*from, at_begin(state), check_to_bytes))

/* ---- addresses */

static size_t address_size(int family)
{
    return family == AF_INET    ? sizeof(struct in_addr)
           : family == AF_INET6 ? sizeof(struct in6_addr)
                                : 0;
}

CHECKED_APART(int, inet_pton, (int family, const char *text, void *to), (family, text, to),
              check_ours(to) || check_ours(text))
{
    const struct check *check = CHECK(name_);
    char address[sizeof(struct in6_addr)];
    check_text(check, text, SIZE_MAX, 1);
    int result = NEXT(inet_pton)(family, text, address);
    if (result == 1)
        check_move(to, address, check_access(check, to, address_size(family), WRITE));
    return result;
}

CHECKED_APART(const char *, inet_ntop, (int family, const void *from, char *to, socklen_t size),
              (family, from, to, size), check_ours(to) || check_ours(from))
{
    const struct check *check = CHECK(name_);
    char text[INET6_ADDRSTRLEN];
    check_access(check, from, address_size(family), READ);
    if (!NEXT(inet_ntop)(family, from, text, (socklen_t)min_size(size, sizeof(text))))
        return NULL;
    size_t length = strlen(text) + 1;
    check_move(to, text, check_access(check, to, length, WRITE));
    return to;
}
