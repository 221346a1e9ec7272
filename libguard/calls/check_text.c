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

size_t check_text_copy(const struct check *check, void *to, const void *from, size_t width)
{
    size_t length = check_text(check, from, SIZE_MAX, width), size = (length + 1) * width;
    size_t usable = check_access(check, to, size, WRITE);
    check_overlap_within(check, to, usable, size, from, size);
    check_move(to, from, usable);
    return length;
}

void check_text_append(const struct check *check, void *to, const void *from, size_t most,
                       size_t width)
{
    size_t length = check_text(check, from, most, width), size = length * width;
    char *end = (char *)to + check_text(check, to, SIZE_MAX, width) * width;
    size_t usable = check_access(check, end, size + width, WRITE);
    check_overlap_within(check, end, usable, size + width, from,
                         length < most ? size + width : size);
    check_move(end, from, min_size(usable, size));
    if (usable == size + width)
        fill_bytes(end + size, 0, width);
}

size_t check_text_field(const struct check *check, void *to, const void *from, size_t size,
                        size_t width)
{
    size_t length = check_text(check, from, size, width), bytes;
    if (__builtin_mul_overflow(size, width, &bytes))
        bytes = SIZE_MAX;
    size_t usable = check_access(check, to, bytes, WRITE);
    check_overlap_within(check, to, usable, bytes, from,
                         (length < size ? length + 1 : length) * width);
    return usable == bytes ? size : usable / width;
}

size_t check_common_room(const void *left, const void *right, size_t most, size_t width)
{
    return min_size(most, min_size(check_room(left), check_room(right)) / width);
}

bool check_compare_on(const struct check *check, const void *left, const void *right, size_t room,
                      size_t most, size_t width)
{
    if (room >= most || check_text(check, left, room, width) < room)
        return false;
    const void *shorter = check_room(left) / width == room ? left : right;
    check_access(check, shorter, (room + 1) * width, READ);
    return true;
}
