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

static int (*next_vsnprintf)(char *to, size_t size, const char *format, va_list list);
static int (*next___vsnprintf_chk)(char *to, size_t size, int flag, size_t room, const char *format,
                                   va_list list);
static int (*next_vsprintf)(char *to, const char *format, va_list list);
static int (*next___vsprintf_chk)(char *to, int flag, size_t room, const char *format,
                                  va_list list);
static int (*next_vswprintf)(wchar_t *to, size_t size, const wchar_t *format, va_list list);
static int (*next___vswprintf_chk)(wchar_t *to, size_t size, int flag, size_t room,
                                   const wchar_t *format, va_list list);

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

static int print_unbounded(const struct check *check, char *to, int flag, size_t room,
                           const char *format, va_list arguments)
{
    if (check_ours(to))
        return print_bytes(check, to, SIZE_MAX, flag, room, format, arguments);
    check_printed(check, format, 1, arguments);
    return flag < 0 ? NEXT(vsprintf)(to, format, arguments)
                    : NEXT(__vsprintf_chk)(to, flag, room, format, arguments);
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

/* Defines NAME, with `...`, and vNAME, with a va_list; reports call both as they are called without
 * the compiler's checks. `call` uses what it is called as, `check`. */
#define PRINTS(variadic, listed, name, parameters, call)                                           \
    CHECKED(int, listed, (PLAIN parameters, va_list list))                                         \
    {                                                                                              \
        const struct check *check = CHECK("v" #name);                                              \
        return call;                                                                               \
    }                                                                                              \
    CHECKED(int, variadic, (PLAIN parameters, ...))                                                \
    {                                                                                              \
        const struct check *check = CHECK(#name);                                                  \
        va_list list;                                                                              \
        va_start(list, format);                                                                    \
        int result = call;                                                                         \
        va_end(list);                                                                              \
        return result;                                                                             \
    }
#define PRINTS_CHK(name, parameters, call)                                                         \
    PRINTS(__##name##_chk, __v##name##_chk, name, parameters, call)

PRINTS(snprintf, vsnprintf, snprintf, (char *to, size_t size, const char *format),
       print_bytes(check, to, size, -1, SIZE_MAX, format, list))
PRINTS_CHK(snprintf, (char *to, size_t size, int flag, size_t room, const char *format),
           print_bytes(check, to, size, flag, room, format, list))
PRINTS(sprintf, vsprintf, sprintf, (char *to, const char *format),
       print_unbounded(check, to, -1, SIZE_MAX, format, list))
PRINTS_CHK(sprintf, (char *to, int flag, size_t room, const char *format),
           print_unbounded(check, to, flag, room, format, list))
PRINTS(swprintf, vswprintf, swprintf, (wchar_t * to, size_t size, const wchar_t *format),
       print_wide(check, to, size, -1, SIZE_MAX, format, list))
PRINTS_CHK(swprintf, (wchar_t * to, size_t size, int flag, size_t room, const wchar_t *format),
           print_wide(check, to, size, flag, room, format, list))
