/* SPDX-License-Identifier: MIT
 *
 * Lines of wide characters. As those of bytes in check_stdio.c: what is read may be less than the program has asked for.
 */
#include "entry/check.h"

#include <pthread.h>
#include <stdio.h>
#include <wchar.h>

#define WRITE MMT_DIRECTION_WRITE

typedef wchar_t *get_wide_line(wchar_t *to, int size, FILE *stream);

static bool more_to_read(FILE *stream)
{
    wint_t next = getwc_unlocked(stream);
    if (next == WEOF)
        return false;
    ungetwc(next, stream);
    return true;
}

static void unlock(void *stream)
{
    funlockfile(stream);
}

static wchar_t *get_in_parts(get_wide_line *get, wchar_t *to, int size, FILE *stream,
                             const struct check *check)
{
    size_t room = check_room(to) / sizeof(*to), got = 0;
    wchar_t *result = to;
    if (room > 1) {
        result = get(to, (int)room, stream);
        while (result && got < room - 1 && to[got] != L'\n')
            got++;
        if (!result || got < room - 1 || to[got - 1] == L'\n')
            return result;
    }
    if (more_to_read(stream)) {
        size_t usable = check_access(check, to, (size_t)size * sizeof(*to), WRITE) / sizeof(*to);
        if (usable > got + 1)
            get(to + got, (int)(usable - got), stream);
    } else if (!got) {
        result = NULL;
    }
    return result;
}

static NOINLINE wchar_t *get_checked(get_wide_line *get, wchar_t *to, int size, FILE *stream,
                                     const struct check *check)
{
    if (likely(check_room(to) / sizeof(*to) >= (size_t)size))
        return get(to, size, stream);
    wchar_t *result;
    flockfile(stream);
    pthread_cleanup_push(unlock, stream);
    result = get_in_parts(get, to, size, stream, check);
    pthread_cleanup_pop(1);
    return result;
}

CHECKED(wchar_t *, fgetws, (wchar_t * to, int size, FILE *stream))
{
    if (unlikely(size > 0 && check_ours(to)))
        return get_checked(NEXT(fgetws), to, size, stream, CHECK("fgetws"));
    return NEXT(fgetws)(to, size, stream);
}

CHECKED(wchar_t *, fgetws_unlocked, (wchar_t * to, int size, FILE *stream))
{
    if (unlikely(size > 0 && check_ours(to)))
        return get_checked(NEXT(fgetws_unlocked), to, size, stream, CHECK("fgetws_unlocked"));
    return NEXT(fgetws_unlocked)(to, size, stream);
}

/* What libc's fortified functions end the process with. */
extern _Noreturn void __chk_fail(void);

/* A size beyond the `room` that the compiler knows of does no harm, to libc as well, until more arrives than that. */
static NOINLINE wchar_t *get_fortified(get_wide_line *get, wchar_t *to, size_t room, int size,
                                       FILE *stream, const struct check *check)
{
    wchar_t *line = get_checked(get, to, size, stream, check);
    if (!line || (size_t)size <= room)
        return line;
    size_t length = check_length(line, SIZE_MAX, sizeof(*line));
    bool cut = length == room - 1 && line[length - 1] != L'\n' && !feof_unlocked(stream);
    if (length >= room || cut)
        __chk_fail();
    return line;
}

CHECKED(wchar_t *, __fgetws_chk, (wchar_t * to, size_t room, int size, FILE *stream))
{
    if (unlikely(size > 0 && room > 1 && check_ours(to)))
        return get_fortified(NEXT(fgetws), to, room, size, stream, CHECK("fgetws"));
    return NEXT(__fgetws_chk)(to, room, size, stream);
}

CHECKED(wchar_t *, __fgetws_unlocked_chk, (wchar_t * to, size_t room, int size, FILE *stream))
{
    if (unlikely(size > 0 && room > 1 && check_ours(to)))
        return get_fortified(NEXT(fgetws_unlocked), to, room, size, stream,
                             CHECK("fgetws_unlocked"));
    return NEXT(__fgetws_unlocked_chk)(to, room, size, stream);
}
