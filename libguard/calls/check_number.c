/* SPDX-License-Identifier: MIT
 *
 * Reading numbers from texts. How far a number goes is known only when it has been read: then the
 * character it ended at was read as well.
 *
 * libc's headers give these functions other names, by the standard that a program is compiled for;
 * they are not included here.
 */
#include "calls/check.h"

/* Before: one character is read in any case. */
static NOINLINE void check_first(const void *text, size_t width, const char *name)
{
    check_access(CHECK(name), text, width, MMT_DIRECTION_READ);
}

/* "infinity" and "nan(...)" end with themselves: what follows is not read. */
static bool is_complete(const void *end, size_t width)
{
    int last = width == 1 ? ((const char *)end)[-1] : (int)((const wchar_t *)end)[-1];
    return last == 'y' || last == 'Y' || last == ')';
}

/* After: all up to the character at `end`, which is where the number ends. */
static NOINLINE void check_number(const void *text, const void *end, size_t width, const char *name)
{
    size_t read = (uintptr_t)end - (uintptr_t)text;
    if (!read || !is_complete(end, width))
        read += width;
    if (unlikely(!check_inside(text, read)))
        check_access(CHECK(name), text, read, MMT_DIRECTION_READ);
}

#define READER_AS(symbol, name, result, character, parameters, arguments, sane)                    \
    CHECKED(result, symbol, (const character *text, character **end PLAIN parameters))             \
    {                                                                                              \
        if (likely(!check_ours(text)) || !(sane))                                                  \
            return NEXT(symbol)(text, end PLAIN arguments);                                        \
        character *ended = NULL;                                                                   \
        check_first(text, sizeof(character), name);                                                \
        result number = NEXT(symbol)(text, &ended PLAIN arguments);                                \
        if (!ended)                                                                                \
            return number;                                                                         \
        check_number(text, ended, sizeof(character), name);                                        \
        if (end)                                                                                   \
            *end = ended;                                                                          \
        return number;                                                                             \
    }

/* Nothing is read where the base is none. */
#define IS_BASE (base >= 0 && base != 1 && base <= 36)

/* Integers, also by the names of C23, where 0b begins a number. */
#define INTEGER(name, result, character)                                                           \
    READER_AS(name, #name, result, character, (, int base), (, base), IS_BASE)                     \
    READER_AS(__isoc23_##name, #name, result, character, (, int base), (, base), IS_BASE)
#define FLOATING(name, result, character) READER_AS(name, #name, result, character, (), (), true)

INTEGER(strtol, long, char)
INTEGER(strtoul, unsigned long, char)
INTEGER(strtoll, long long, char)
INTEGER(strtoull, unsigned long long, char)
INTEGER(strtoimax, long, char)
INTEGER(strtoumax, unsigned long, char)
INTEGER(wcstol, long, wchar_t)
INTEGER(wcstoul, unsigned long, wchar_t)
INTEGER(wcstoll, long long, wchar_t)
INTEGER(wcstoull, unsigned long long, wchar_t)
FLOATING(strtof, float, char)
FLOATING(strtod, double, char)
FLOATING(strtold, long double, char)
FLOATING(wcstof, float, wchar_t)
FLOATING(wcstod, double, wchar_t)
FLOATING(wcstold, long double, wchar_t)

/* By what the standard defines these to be. */
#define WHOLE(name, result, reader, ...)                                                           \
    CHECKED(result, name, (const char *text))                                                      \
    {                                                                                              \
        if (likely(!check_ours(text)))                                                             \
            return NEXT(name)(text);                                                               \
        char *ended;                                                                               \
        check_first(text, 1, #name);                                                               \
        result number = (result)NEXT(reader)(text, &ended __VA_ARGS__);                            \
        check_number(text, ended, 1, #name);                                                       \
        return number;                                                                             \
    }

WHOLE(atoi, int, strtol, , 10)
WHOLE(atol, long, strtol, , 10)
WHOLE(atoll, long long, strtoll, , 10)
WHOLE(atof, double, strtod, )
