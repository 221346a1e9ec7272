/* SPDX-License-Identifier: MIT
 *
 * The functions for texts and arrays of wide characters. Sizes are in characters.
 */
#include "calls/check.h"

#include <time.h>
#include <wchar.h>
#include <wctype.h>

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

#define CHARACTER        wchar_t
#define VALUE            wchar_t
#define STR(name)        wcs##name
#define STP(name)        wcp##name
#define FOLD(character)  towlower((wint_t)(character))
#define EARLY(name, own) /* nothing asks for them then */

#include "calls/text_calls.def"

_Static_assert(WIDTH == 4, "texts are scanned four bytes at a time");

/* ---- arrays */

static NOINLINE size_t check_copy(const wchar_t *to, const wchar_t *from, size_t count,
                                  bool overlap, const char *name)
{
    const struct check *check = CHECK(name);
    size_t readable = check_array(check, from, count, WIDTH, READ);
    size_t writable = check_array(check, to, count, WIDTH, WRITE);
    if (overlap && readable == count * WIDTH && writable == readable)
        check_overlap(check, to, count * WIDTH, from, count * WIDTH);
    return min_size(count, min_size(readable, writable) / WIDTH);
}

#define COPIES(name, end, overlap)                                                                 \
    FORTIFIED(                                                                                     \
        wchar_t *, name, (wchar_t * to, const wchar_t *from, size_t count), (to, from, count),     \
        if (EITHER(to, from)) {                                                                    \
            size_t usable = check_copy(to, from, count, overlap && count <= room, name_);          \
            if (count <= room)                                                                     \
                return (wchar_t *)check_move(to, from, usable * WIDTH) + (end);                    \
        })
COPIES(wmemcpy, 0, true)
COPIES(wmemmove, 0, false)
COPIES(wmempcpy, count, true)
FORTIFIED(wchar_t *, wmemset, (wchar_t * to, wchar_t value, size_t count), (to, value, count),
          TARGET(to, count))

CHECKED_APART(int, wmemcmp, (const wchar_t *left, const wchar_t *right, size_t count),
              (left, right, count), check_ours(left) || check_ours(right))
{
    const struct check *check = CHECK(name_);
    size_t usable = check_array(check, left, count, WIDTH, READ);
    usable = min_size(usable, check_array(check, right, count, WIDTH, READ));
    return NEXT(wmemcmp)(left, right, min_size(count, usable / WIDTH));
}

CHECKED_APART(wchar_t *, wmemchr, (const wchar_t *memory, wchar_t value, size_t count),
              (memory, value, count), check_ours(memory))
{
    size_t room = check_room(memory) / WIDTH;
    if (likely(count <= room))
        return NEXT(wmemchr)(memory, value, count);
    wchar_t *found = NEXT(wmemchr)(memory, value, room);
    if (found)
        return found;
    size_t usable = check_array(CHECK(name_), memory, count, WIDTH, READ) / WIDTH;
    return NEXT(wmemchr)(memory, value, min_size(count, usable));
}
