/* SPDX-License-Identifier: MIT
 *
 * The functions for texts of bytes. As for memcpy, the ones that may be called while the program is
 * being relocated have simple stand-ins.
 */
#include "calls/check.h"

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

/* ---- length */

CHECKED(size_t, strlen, (const char *text))
{
    if (unlikely(check_ours(text)))
        return check_text(CHECK("strlen"), text, SIZE_MAX, 1);
    return likely(next_strlen != NULL) ? next_strlen(text) : text_length(text);
}

CHECKED(size_t, strnlen, (const char *text, size_t most))
{
    if (unlikely(check_ours(text)))
        return check_text(CHECK("strnlen"), text, most, 1);
    return NEXT(strnlen)(text, most);
}

/* ---- copying */

static NOINLINE char *copy_checked(char *to, const char *from, const char *name)
{
    check_text_copy(CHECK(name), to, from, 1);
    return to;
}

static NOINLINE char *copy_end_checked(char *to, const char *from, const char *name)
{
    return to + check_text_copy(CHECK(name), to, from, 1);
}

static NOINLINE char *append_checked(char *to, const char *from, size_t most, const char *name)
{
    check_text_append(CHECK(name), to, from, most, 1);
    return to;
}

CHECKED(char *, strcpy, (char *to, const char *from))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return copy_checked(to, from, "strcpy");
    return NEXT(strcpy)(to, from);
}

CHECKED(char *, stpcpy, (char *to, const char *from))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return copy_end_checked(to, from, "stpcpy");
    return NEXT(stpcpy)(to, from);
}

CHECKED(char *, __stpcpy, (char *to, const char *from))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return copy_end_checked(to, from, "stpcpy");
    return NEXT(__stpcpy)(to, from);
}

CHECKED(char *, strncpy, (char *to, const char *from, size_t size))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        size = check_text_field(CHECK("strncpy"), to, from, size, 1);
    return NEXT(strncpy)(to, from, size);
}

CHECKED(char *, stpncpy, (char *to, const char *from, size_t size))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        size = check_text_field(CHECK("stpncpy"), to, from, size, 1);
    return NEXT(stpncpy)(to, from, size);
}

CHECKED(char *, strcat, (char *to, const char *from))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return append_checked(to, from, SIZE_MAX, "strcat");
    return NEXT(strcat)(to, from);
}

CHECKED(char *, strncat, (char *to, const char *from, size_t most))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        return append_checked(to, from, most, "strncat");
    return NEXT(strncat)(to, from, most);
}

/* ---- the same where the compiler knew `room` bytes to be there. What the real one would end the
 * program for goes to it. */

static NOINLINE void check_before_end(const char *to, const char *from, size_t most,
                                      const char *name)
{
    const struct check *check = CHECK(name);
    size_t length = check_text(check, from, most, 1);
    check_access(check, to, length < most ? length + 1 : length, WRITE);
}

CHECKED(char *, __strcpy_chk, (char *to, const char *from, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        if (check_text(CHECK("strcpy"), from, SIZE_MAX, 1) < room)
            return copy_checked(to, from, "strcpy");
        check_before_end(to, from, SIZE_MAX, "strcpy");
    }
    return NEXT(__strcpy_chk)(to, from, room);
}

CHECKED(char *, __stpcpy_chk, (char *to, const char *from, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        if (check_text(CHECK("stpcpy"), from, SIZE_MAX, 1) < room)
            return copy_end_checked(to, from, "stpcpy");
        check_before_end(to, from, SIZE_MAX, "stpcpy");
    }
    return NEXT(__stpcpy_chk)(to, from, room);
}

CHECKED(char *, __strncpy_chk, (char *to, const char *from, size_t size, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        size_t usable = check_text_field(CHECK("strncpy"), to, from, size, 1);
        size = size <= room ? usable : size;
    }
    return NEXT(__strncpy_chk)(to, from, size, room);
}

CHECKED(char *, __stpncpy_chk, (char *to, const char *from, size_t size, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        size_t usable = check_text_field(CHECK("stpncpy"), to, from, size, 1);
        size = size <= room ? usable : size;
    }
    return NEXT(__stpncpy_chk)(to, from, size, room);
}

static bool append_fits(const struct check *check, const char *to, const char *from, size_t most,
                        size_t room)
{
    return check_text(check, to, SIZE_MAX, 1) + check_text(check, from, most, 1) < room;
}

CHECKED(char *, __strcat_chk, (char *to, const char *from, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        if (append_fits(CHECK("strcat"), to, from, SIZE_MAX, room))
            return append_checked(to, from, SIZE_MAX, "strcat");
        check_before_end(to + check_text(CHECK("strcat"), to, SIZE_MAX, 1), from, SIZE_MAX,
                         "strcat");
    }
    return NEXT(__strcat_chk)(to, from, room);
}

CHECKED(char *, __strncat_chk, (char *to, const char *from, size_t most, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        if (append_fits(CHECK("strncat"), to, from, most, room))
            return append_checked(to, from, most, "strncat");
        check_before_end(to + check_text(CHECK("strncat"), to, SIZE_MAX, 1), from, most, "strncat");
    }
    return NEXT(__strncat_chk)(to, from, most, room);
}

/* ---- duplicating */

static NOINLINE void check_source(const char *text, size_t most, const char *name)
{
    check_text(CHECK(name), text, most, 1);
}

CHECKED(char *, strdup, (const char *text))
{
    if (unlikely(check_ours(text)))
        check_source(text, SIZE_MAX, "strdup");
    return NEXT(strdup)(text);
}

CHECKED(char *, __strdup, (const char *text))
{
    if (unlikely(check_ours(text)))
        check_source(text, SIZE_MAX, "strdup");
    return NEXT(__strdup)(text);
}

CHECKED(char *, strndup, (const char *text, size_t most))
{
    if (unlikely(check_ours(text)))
        check_source(text, most, "strndup");
    return NEXT(strndup)(text, most);
}

CHECKED(char *, __strndup, (const char *text, size_t most))
{
    if (unlikely(check_ours(text)))
        check_source(text, most, "strndup");
    return NEXT(__strndup)(text, most);
}
