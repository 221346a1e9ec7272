/* SPDX-License-Identifier: MIT
 *
 * sprintf and its relatives. How much they write is known only when they have written: into a block
 * they write at most as much as fits, and if that was not all, the overflow is reported and the
 * call is made as it was meant.
 */
#include "calls/check_format.h"

#include <errno.h>
#include <stdio.h>
#include <wchar.h>

#define WRITE MMT_DIRECTION_WRITE

CHECKED(int, vsnprintf, (char *to, size_t size, const char *format, va_list arguments));
CHECKED(int, __vsnprintf_chk,
        (char *to, size_t size, int flag, size_t room, const char *format, va_list arguments));
CHECKED(int, __vsprintf_chk,
        (char *to, int flag, size_t room, const char *format, va_list arguments));
CHECKED(int, vsprintf, (char *to, const char *format, va_list arguments));
CHECKED(int, vswprintf, (wchar_t * to, size_t size, const wchar_t *format, va_list arguments));
CHECKED(int, __vswprintf_chk,
        (wchar_t * to, size_t size, int flag, size_t room, const wchar_t *format,
         va_list arguments));

/* `flag` < 0: called without the compiler's checks. `room` is what the compiler knew to be there.
 */
static int print_bytes(const struct check *check, char *to, size_t size, int flag, size_t room,
                       const char *format, va_list arguments)
{
    size_t inside = size && to ? check_room(to) : SIZE_MAX, first = min_size(size, inside);
    check_printed(check, format, 1, arguments);
    if (unlikely(room < size && size != SIZE_MAX)) { /* the real one ends the program */
        check_access(check, to, size, WRITE);
        first = size;
    }
    va_list again;
    va_copy(again, arguments);
    int result = flag < 0
                     ? NEXT(vsnprintf)(first ? to : NULL, first, format, arguments)
                     : NEXT(__vsnprintf_chk)(first ? to : NULL, first, flag,
                                             first == size ? room : SIZE_MAX, format, arguments);
    if (unlikely(result >= 0 && first < size && (size_t)result >= first)) {
        size_t usable = check_access(check, to, min_size(size, (size_t)result + 1), WRITE);
        if ((size_t)result >= room)
            result = NEXT(__vsprintf_chk)(to, flag, room, format, again);
        else if (usable)
            NEXT(vsnprintf)(to, min_size(size, usable), format, again);
    }
    va_end(again);
    return result;
}

static int print_unbounded(const struct check *check, char *to, const char *format,
                           va_list arguments)
{
    if (check_ours(to))
        return print_bytes(check, to, SIZE_MAX, -1, SIZE_MAX, format, arguments);
    check_printed(check, format, 1, arguments);
    return NEXT(vsprintf)(to, format, arguments);
}

static int print_unbounded_chk(const struct check *check, char *to, int flag, size_t room,
                               const char *format, va_list arguments)
{
    if (check_ours(to))
        return print_bytes(check, to, SIZE_MAX, flag, room, format, arguments);
    check_printed(check, format, 1, arguments);
    return NEXT(__vsprintf_chk)(to, flag, room, format, arguments);
}

/* No result tells how long the text would be: -1 is all there is, for an invalid character or no
 * format as well. */
static int print_wide(const struct check *check, wchar_t *to, size_t size, int flag, size_t room,
                      const wchar_t *format, va_list arguments)
{
    size_t inside = size ? check_room(to) / sizeof(*to) : SIZE_MAX, first = min_size(size, inside);
    check_printed(check, format, sizeof(*format), arguments);
    if (unlikely(room < size)) {
        check_array(check, to, size, sizeof(*to), WRITE);
        first = size;
    }
    va_list again;
    va_copy(again, arguments);
    int saved = errno, result = -1;
    errno = 0;
    if (first || !size)
        result = flag < 0 ? NEXT(vswprintf)(to, first, format, arguments)
                          : NEXT(__vswprintf_chk)(to, first, flag, room, format, arguments);
    if (unlikely(result < 0 && first < size && errno != EILSEQ && errno != EINVAL &&
                 errno != ENOMEM)) {
        size_t usable = check_access(check, to, (first + 1) * sizeof(*to), WRITE) / sizeof(*to);
        if (usable > first)
            result =
                NEXT(vswprintf)(to, min_size(size, first + PAGE_SIZE / sizeof(*to)), format, again);
    }
    if (!errno)
        errno = saved;
    va_end(again);
    return result;
}

#define WITH_ARGUMENTS(last, call)                                                                 \
    va_list arguments;                                                                             \
    va_start(arguments, last);                                                                     \
    int result = call;                                                                             \
    va_end(arguments);                                                                             \
    return result

EXPORT int vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
    return print_bytes(CHECK("vsnprintf"), to, size, -1, SIZE_MAX, format, arguments);
}

CHECKED(int, snprintf, (char *to, size_t size, const char *format, ...))
{
    WITH_ARGUMENTS(format,
                   print_bytes(CHECK("snprintf"), to, size, -1, SIZE_MAX, format, arguments));
}

EXPORT int __vsnprintf_chk(char *to, size_t size, int flag, size_t room, const char *format,
                           va_list arguments)
{
    return print_bytes(CHECK("vsnprintf"), to, size, flag, room, format, arguments);
}

CHECKED(int, __snprintf_chk,
        (char *to, size_t size, int flag, size_t room, const char *format, ...))
{
    WITH_ARGUMENTS(format, print_bytes(CHECK("snprintf"), to, size, flag, room, format, arguments));
}

EXPORT int vsprintf(char *to, const char *format, va_list arguments)
{
    return print_unbounded(CHECK("vsprintf"), to, format, arguments);
}

CHECKED(int, sprintf, (char *to, const char *format, ...))
{
    WITH_ARGUMENTS(format, print_unbounded(CHECK("sprintf"), to, format, arguments));
}

EXPORT int __vsprintf_chk(char *to, int flag, size_t room, const char *format, va_list arguments)
{
    return print_unbounded_chk(CHECK("vsprintf"), to, flag, room, format, arguments);
}

CHECKED(int, __sprintf_chk, (char *to, int flag, size_t room, const char *format, ...))
{
    WITH_ARGUMENTS(format,
                   print_unbounded_chk(CHECK("sprintf"), to, flag, room, format, arguments));
}

EXPORT int vswprintf(wchar_t *to, size_t size, const wchar_t *format, va_list arguments)
{
    return print_wide(CHECK("vswprintf"), to, size, -1, SIZE_MAX, format, arguments);
}

CHECKED(int, swprintf, (wchar_t * to, size_t size, const wchar_t *format, ...))
{
    WITH_ARGUMENTS(format,
                   print_wide(CHECK("swprintf"), to, size, -1, SIZE_MAX, format, arguments));
}

EXPORT int __vswprintf_chk(wchar_t *to, size_t size, int flag, size_t room, const wchar_t *format,
                           va_list arguments)
{
    return print_wide(CHECK("vswprintf"), to, size, flag, room, format, arguments);
}

CHECKED(int, __swprintf_chk,
        (wchar_t * to, size_t size, int flag, size_t room, const wchar_t *format, ...))
{
    WITH_ARGUMENTS(format, print_wide(CHECK("swprintf"), to, size, flag, room, format, arguments));
}
