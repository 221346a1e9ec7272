/* SPDX-License-Identifier: MIT
 *
 * What the checked functions for texts have in common, whether their characters are bytes or wide.
 */
#include "calls/check.h"

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

/* A copy of more than there is room for was reported as that; what else it would have run into says
 * nothing of the program. */
static void check_overlap_within(const struct check *check, const void *to, size_t usable,
                                 size_t written, const void *from, size_t read)
{
    if (likely(usable == written))
        check_overlap(check, to, written, from, read);
}

NOINLINE size_t check_text_of(const void *text, size_t most, size_t width, const char *name)
{
    return check_text(CHECK(name), text, most, width);
}

NOINLINE size_t check_counted(const void *memory, size_t count, size_t width,
                              enum mmt_direction direction, size_t room, const char *name)
{
    size_t usable = check_array(CHECK(name), memory, count, width, direction);
    return count > room || !width ? count : min_size(count, usable / width);
}

NOINLINE size_t check_text_copy(void *to, const void *from, size_t room, size_t width,
                                const char *name)
{
    const struct check *check = CHECK(name);
    size_t length = check_text(check, from, SIZE_MAX, width), size = (length + 1) * width;
    size_t usable = check_access(check, to, size, WRITE);
    if (length >= room)
        return CHECK_ENDS;
    check_overlap_within(check, to, usable, size, from, size);
    check_move(to, from, usable);
    return length;
}

NOINLINE bool check_text_append(void *to, const void *from, size_t most, size_t room, size_t width,
                                const char *name)
{
    const struct check *check = CHECK(name);
    size_t length = check_text(check, from, most, width), size = length * width;
    size_t before = check_text(check, to, SIZE_MAX, width);
    char *end = (char *)to + before * width;
    size_t usable = check_access(check, end, size + width, WRITE);
    if (before + length >= room)
        return false;
    check_overlap_within(check, end, usable, size + width, from,
                         length < most ? size + width : size);
    check_move(end, from, min_size(usable, size));
    if (usable == size + width)
        fill_bytes(end + size, 0, width);
    return true;
}

NOINLINE size_t check_text_field(void *to, const void *from, size_t size, size_t room, size_t width,
                                 const char *name)
{
    const struct check *check = CHECK(name);
    size_t length = check_text(check, from, size, width), bytes;
    if (__builtin_mul_overflow(size, width, &bytes))
        bytes = SIZE_MAX;
    size_t usable = check_access(check, to, bytes, WRITE);
    check_overlap_within(check, to, usable, bytes, from,
                         (length < size ? length + 1 : length) * width);
    return usable == bytes || size > room ? size : usable / width;
}

/* After the first `room` characters compared equal: reports the text whose block ends there without
 * an end of the text. Returns whether there was one, or the texts may go on; false if they are the
 * same. */
static bool compare_on(const struct check *check, const void *left, const void *right, size_t room,
                       size_t most, size_t width)
{
    if (room >= most || check_text(check, left, room, width) < room)
        return false;
    const void *shorter = check_room(left) / width == room ? left : right;
    check_access(check, shorter, (room + 1) * width, READ);
    return true;
}

NOINLINE int check_text_compare(const void *left, const void *right, size_t most,
                                check_comparison *compare, size_t width, const char *name)
{
    size_t room = min_size(most, min_size(check_room(left), check_room(right)) / width);
    int result = compare(left, right, room);
    if (result || !compare_on(CHECK(name), left, right, room, most, width))
        return result;
    return compare(left, right, most);
}

size_t check_needed(const struct check *check, void *to, size_t needed, size_t most, size_t width)
{
    if (!to || check_inside(to, needed * width))
        return most;
    size_t usable = check_access(check, to, needed * width, WRITE) / width;
    return usable < needed ? usable : most;
}
