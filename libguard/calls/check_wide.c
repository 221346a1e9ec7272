/* SPDX-License-Identifier: MIT
 *
 * The functions for texts and arrays of wide characters. Sizes are in characters.
 */
#include "calls/check.h"

#include <wchar.h>

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE
#define WIDTH sizeof(wchar_t)

_Static_assert(WIDTH == 4, "texts are scanned four bytes at a time");

/* ---- arrays */

static size_t check_wide_copy(const struct check *check, wchar_t *to, const wchar_t *from,
                              size_t count, bool overlap)
{
    size_t readable = check_array(check, from, count, WIDTH, READ);
    size_t writable = check_array(check, to, count, WIDTH, WRITE);
    if (overlap && readable == count * WIDTH && writable == readable)
        check_overlap(check, to, count * WIDTH, from, count * WIDTH);
    return min_size(count, min_size(readable, writable) / WIDTH);
}

CHECKED(wchar_t *, wmemcpy, (wchar_t * to, const wchar_t *from, size_t count))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        count = check_wide_copy(CHECK("wmemcpy"), to, from, count, true);
    return check_move(to, from, count * WIDTH);
}

CHECKED(wchar_t *, wmempcpy, (wchar_t * to, const wchar_t *from, size_t count))
{
    size_t usable = count;
    if (unlikely(check_ours(to) || check_ours(from)))
        usable = check_wide_copy(CHECK("wmempcpy"), to, from, count, true);
    return (wchar_t *)check_move(to, from, usable * WIDTH) + count;
}

CHECKED(wchar_t *, wmemmove, (wchar_t * to, const wchar_t *from, size_t count))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        count = check_wide_copy(CHECK("wmemmove"), to, from, count, false);
    return check_move(to, from, count * WIDTH);
}

static size_t check_wide_fill(const struct check *check, wchar_t *to, size_t count)
{
    return min_size(count, check_array(check, to, count, WIDTH, WRITE) / WIDTH);
}

CHECKED(wchar_t *, wmemset, (wchar_t * to, wchar_t value, size_t count))
{
    if (unlikely(check_ours(to)))
        count = check_wide_fill(CHECK("wmemset"), to, count);
    return NEXT(wmemset)(to, value, count);
}

CHECKED(int, wmemcmp, (const wchar_t *left, const wchar_t *right, size_t count))
{
    if (unlikely(check_ours(left) || check_ours(right))) {
        const struct check *check = CHECK("wmemcmp");
        size_t usable = check_array(check, left, count, WIDTH, READ);
        count = min_size(count,
                         min_size(usable, check_array(check, right, count, WIDTH, READ)) / WIDTH);
    }
    return NEXT(wmemcmp)(left, right, count);
}

CHECKED(wchar_t *, wmemchr, (const wchar_t *memory, wchar_t value, size_t count))
{
    if (unlikely(check_ours(memory))) {
        size_t room = check_room(memory) / WIDTH;
        if (count > room) {
            wchar_t *found = NEXT(wmemchr)(memory, value, room);
            if (found)
                return found;
            count =
                min_size(count, check_array(CHECK("wmemchr"), memory, count, WIDTH, READ) / WIDTH);
        }
    }
    return NEXT(wmemchr)(memory, value, count);
}

/* ---- texts */

CHECKED(size_t, wcslen, (const wchar_t *text))
{
    if (unlikely(check_ours(text)))
        return check_text(CHECK("wcslen"), text, SIZE_MAX, WIDTH);
    return NEXT(wcslen)(text);
}

CHECKED(size_t, wcsnlen, (const wchar_t *text, size_t most))
{
    if (unlikely(check_ours(text)))
        return check_text(CHECK("wcsnlen"), text, most, WIDTH);
    return NEXT(wcsnlen)(text, most);
}

CHECKED(wchar_t *, wcscpy, (wchar_t * to, const wchar_t *from))
{
    if (likely(!check_ours(to) && !check_ours(from)))
        return NEXT(wcscpy)(to, from);
    check_text_copy(CHECK("wcscpy"), to, from, WIDTH);
    return to;
}

CHECKED(wchar_t *, wcpcpy, (wchar_t * to, const wchar_t *from))
{
    if (likely(!check_ours(to) && !check_ours(from)))
        return NEXT(wcpcpy)(to, from);
    return to + check_text_copy(CHECK("wcpcpy"), to, from, WIDTH);
}

CHECKED(wchar_t *, wcsncpy, (wchar_t * to, const wchar_t *from, size_t size))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        size = check_text_field(CHECK("wcsncpy"), to, from, size, WIDTH);
    return NEXT(wcsncpy)(to, from, size);
}

CHECKED(wchar_t *, wcpncpy, (wchar_t * to, const wchar_t *from, size_t size))
{
    if (unlikely(check_ours(to) || check_ours(from)))
        size = check_text_field(CHECK("wcpncpy"), to, from, size, WIDTH);
    return NEXT(wcpncpy)(to, from, size);
}

CHECKED(wchar_t *, wcscat, (wchar_t * to, const wchar_t *from))
{
    if (likely(!check_ours(to) && !check_ours(from)))
        return NEXT(wcscat)(to, from);
    check_text_append(CHECK("wcscat"), to, from, SIZE_MAX, WIDTH);
    return to;
}

CHECKED(wchar_t *, wcsncat, (wchar_t * to, const wchar_t *from, size_t most))
{
    if (likely(!check_ours(to) && !check_ours(from)))
        return NEXT(wcsncat)(to, from, most);
    check_text_append(CHECK("wcsncat"), to, from, most, WIDTH);
    return to;
}

CHECKED(wchar_t *, wcsdup, (const wchar_t *text))
{
    if (unlikely(check_ours(text)))
        check_text(CHECK("wcsdup"), text, SIZE_MAX, WIDTH);
    return NEXT(wcsdup)(text);
}

/* ---- comparing and searching */

CHECKED(int, wcsncmp, (const wchar_t *left, const wchar_t *right, size_t most))
{
    if (likely(!check_ours(left) && !check_ours(right)))
        return NEXT(wcsncmp)(left, right, most);
    size_t room = check_common_room(left, right, most, WIDTH);
    int result = NEXT(wcsncmp)(left, right, room);
    if (result || !check_compare_on(CHECK("wcsncmp"), left, right, room, most, WIDTH))
        return result;
    return NEXT(wcsncmp)(left, right, most);
}

CHECKED(int, wcscmp, (const wchar_t *left, const wchar_t *right))
{
    if (likely(!check_ours(left) && !check_ours(right)))
        return NEXT(wcscmp)(left, right);
    size_t room = check_common_room(left, right, SIZE_MAX, WIDTH);
    int result = NEXT(wcsncmp)(left, right, room);
    if (result || !check_compare_on(CHECK("wcscmp"), left, right, room, SIZE_MAX, WIDTH))
        return result;
    return NEXT(wcscmp)(left, right);
}

CHECKED(int, wcsncasecmp, (const wchar_t *left, const wchar_t *right, size_t most))
{
    if (likely(!check_ours(left) && !check_ours(right)))
        return NEXT(wcsncasecmp)(left, right, most);
    size_t room = check_common_room(left, right, most, WIDTH);
    int result = NEXT(wcsncasecmp)(left, right, room);
    if (result || !check_compare_on(CHECK("wcsncasecmp"), left, right, room, most, WIDTH))
        return result;
    return NEXT(wcsncasecmp)(left, right, most);
}

CHECKED(int, wcscasecmp, (const wchar_t *left, const wchar_t *right))
{
    if (likely(!check_ours(left) && !check_ours(right)))
        return NEXT(wcscasecmp)(left, right);
    size_t room = check_common_room(left, right, SIZE_MAX, WIDTH);
    int result = NEXT(wcsncasecmp)(left, right, room);
    if (result || !check_compare_on(CHECK("wcscasecmp"), left, right, room, SIZE_MAX, WIDTH))
        return result;
    return NEXT(wcscasecmp)(left, right);
}

/* Reports a text that ends with its block, unless `value` is found before. */
static void check_until(const struct check *check, const wchar_t *text, wchar_t value)
{
    size_t room = check_room(text) / WIDTH;
    for (size_t i = 0; i < room; i++)
        if (!text[i] || text[i] == value)
            return;
    check_access(check, text, (room + 1) * WIDTH, READ);
}

CHECKED(wchar_t *, wcschr, (const wchar_t *text, wchar_t value))
{
    if (unlikely(check_ours(text)))
        check_until(CHECK("wcschr"), text, value);
    return NEXT(wcschr)(text, value);
}

CHECKED(wchar_t *, wcsrchr, (const wchar_t *text, wchar_t value))
{
    if (unlikely(check_ours(text)))
        check_text(CHECK("wcsrchr"), text, SIZE_MAX, WIDTH);
    return NEXT(wcsrchr)(text, value);
}

static void check_both(const struct check *check, const wchar_t *text, const wchar_t *other)
{
    check_text(check, text, SIZE_MAX, WIDTH);
    check_text(check, other, SIZE_MAX, WIDTH);
}

CHECKED(int, wcscoll, (const wchar_t *left, const wchar_t *right))
{
    if (unlikely(check_ours(left) || check_ours(right)))
        check_both(CHECK("wcscoll"), left, right);
    return NEXT(wcscoll)(left, right);
}

CHECKED(wchar_t *, wcsstr, (const wchar_t *text, const wchar_t *part))
{
    if (unlikely(check_ours(text) || check_ours(part)))
        check_both(CHECK("wcsstr"), text, part);
    return NEXT(wcsstr)(text, part);
}

CHECKED(size_t, wcsspn, (const wchar_t *text, const wchar_t *set))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_both(CHECK("wcsspn"), text, set);
    return NEXT(wcsspn)(text, set);
}

CHECKED(size_t, wcscspn, (const wchar_t *text, const wchar_t *set))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_both(CHECK("wcscspn"), text, set);
    return NEXT(wcscspn)(text, set);
}

CHECKED(wchar_t *, wcspbrk, (const wchar_t *text, const wchar_t *set))
{
    if (unlikely(check_ours(text) || check_ours(set)))
        check_both(CHECK("wcspbrk"), text, set);
    return NEXT(wcspbrk)(text, set);
}

/* ---- the same where the compiler knew `room` characters to be there. The real one ends the
 * program where that is not enough; we say of which block first. */

CHECKED(wchar_t *, __wmemcpy_chk, (wchar_t * to, const wchar_t *from, size_t count, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        size_t usable = check_wide_copy(CHECK("wmemcpy"), to, from, count, count <= room);
        count = count <= room ? usable : count;
    }
    return NEXT(__wmemcpy_chk)(to, from, count, room);
}

CHECKED(wchar_t *, __wmemmove_chk, (wchar_t * to, const wchar_t *from, size_t count, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        size_t usable = check_wide_copy(CHECK("wmemmove"), to, from, count, false);
        count = count <= room ? usable : count;
    }
    return NEXT(__wmemmove_chk)(to, from, count, room);
}

CHECKED(wchar_t *, __wmempcpy_chk, (wchar_t * to, const wchar_t *from, size_t count, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        size_t usable = check_wide_copy(CHECK("wmempcpy"), to, from, count, count <= room);
        count = count <= room ? usable : count;
    }
    return NEXT(__wmempcpy_chk)(to, from, count, room);
}

CHECKED(wchar_t *, __wmemset_chk, (wchar_t * to, wchar_t value, size_t count, size_t room))
{
    if (unlikely(check_ours(to))) {
        size_t usable = check_wide_fill(CHECK("wmemset"), to, count);
        count = count <= room ? usable : count;
    }
    return NEXT(__wmemset_chk)(to, value, count, room);
}

CHECKED(wchar_t *, __wcsncpy_chk, (wchar_t * to, const wchar_t *from, size_t count, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        size_t usable = check_text_field(CHECK("wcsncpy"), to, from, count, WIDTH);
        count = count <= room ? usable : count;
    }
    return NEXT(__wcsncpy_chk)(to, from, count, room);
}

CHECKED(wchar_t *, __wcpncpy_chk, (wchar_t * to, const wchar_t *from, size_t count, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        size_t usable = check_text_field(CHECK("wcpncpy"), to, from, count, WIDTH);
        count = count <= room ? usable : count;
    }
    return NEXT(__wcpncpy_chk)(to, from, count, room);
}

CHECKED(wchar_t *, __wcscpy_chk, (wchar_t * to, const wchar_t *from, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        const struct check *check = CHECK("wcscpy");
        size_t length = check_text(check, from, SIZE_MAX, WIDTH);
        check_array(check, to, length + 1, WIDTH, WRITE);
    }
    return NEXT(__wcscpy_chk)(to, from, room);
}

CHECKED(wchar_t *, __wcpcpy_chk, (wchar_t * to, const wchar_t *from, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        const struct check *check = CHECK("wcpcpy");
        size_t length = check_text(check, from, SIZE_MAX, WIDTH);
        check_array(check, to, length + 1, WIDTH, WRITE);
    }
    return NEXT(__wcpcpy_chk)(to, from, room);
}

CHECKED(wchar_t *, __wcscat_chk, (wchar_t * to, const wchar_t *from, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        const struct check *check = CHECK("wcscat");
        size_t length = check_text(check, from, SIZE_MAX, WIDTH);
        check_array(check, to + check_text(check, to, SIZE_MAX, WIDTH), length + 1, WIDTH, WRITE);
    }
    return NEXT(__wcscat_chk)(to, from, room);
}

CHECKED(wchar_t *, __wcsncat_chk, (wchar_t * to, const wchar_t *from, size_t most, size_t room))
{
    if (unlikely(check_ours(to) || check_ours(from))) {
        const struct check *check = CHECK("wcsncat");
        size_t length = check_text(check, from, most, WIDTH);
        check_array(check, to + check_text(check, to, SIZE_MAX, WIDTH), length + 1, WIDTH, WRITE);
    }
    return NEXT(__wcsncat_chk)(to, from, most, room);
}
