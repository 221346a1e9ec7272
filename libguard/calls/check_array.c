/* SPDX-License-Identifier: MIT
 *
 * Sorting and searching arrays, and paths that are written into a buffer of the caller's.
 */
/* libc's headers define some of these functions as inline ones or macros otherwise. */
#undef __NO_INLINE__
#define __NO_INLINE__ 1

#include "calls/check.h"

#include <stdlib.h>

#define READ  MMT_DIRECTION_READ
#define WRITE MMT_DIRECTION_WRITE

typedef int compare(const void *left, const void *right);
typedef int compare_with(const void *left, const void *right, void *argument);

static size_t checked_count(const struct check *check, const void *array, size_t count, size_t size,
                            enum mmt_direction direction)
{
    size_t usable = check_array(check, array, count, size, direction);
    return size ? min_size(count, usable / size) : count;
}

CHECKED(void, qsort, (void *array, size_t count, size_t size, compare *function))
{
    if (check_ours(array))
        count = checked_count(CHECK("qsort"), array, count, size, WRITE);
    NEXT(qsort)(array, count, size, function);
}

CHECKED(void, qsort_r,
        (void *array, size_t count, size_t size, compare_with *function, void *argument))
{
    if (check_ours(array))
        count = checked_count(CHECK("qsort_r"), array, count, size, WRITE);
    NEXT(qsort_r)(array, count, size, function, argument);
}

CHECKED(void *, bsearch,
        (const void *key, const void *array, size_t count, size_t size, compare *function))
{
    if (check_ours(array))
        count = checked_count(CHECK("bsearch"), array, count, size, READ);
    return NEXT(bsearch)(key, array, count, size, function);
}

CHECKED(char *, realpath, (const char *path, char *to));

/* How long the path will be is known only when it has been found. */
static NOINLINE char *realpath_checked(const char *path, char *to, const struct check *check)
{
    char *found = NEXT(realpath)(path, NULL);
    if (!found)
        return NEXT(realpath)(path, to);
    size_t size = text_length(found) + 1;
    check_move(to, found, check_access(check, to, size, WRITE));
    free(found);
    return to;
}

EXPORT char *realpath(const char *path, char *to)
{
    if (check_ours(to))
        return realpath_checked(path, to, CHECK("realpath"));
    return NEXT(realpath)(path, to);
}

CHECKED(char *, __realpath_chk, (const char *path, char *to, size_t room))
{
    if (check_ours(to))
        return realpath_checked(path, to, CHECK("realpath"));
    return NEXT(__realpath_chk)(path, to, room);
}
