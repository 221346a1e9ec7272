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

#define ARRAY(direction)                                                                           \
    if (check_ours(array))                                                                         \
        count = check_counted(array, count, size, direction, room, name_);

CALL(void, qsort, (void *array, size_t count, size_t size, compare *function),
     (array, count, size, function), ARRAY(WRITE))
CALL(void, qsort_r,
     (void *array, size_t count, size_t size, compare_with *function, void *argument),
     (array, count, size, function, argument), ARRAY(WRITE))
CALL(void *, bsearch,
     (const void *key, const void *array, size_t count, size_t size, compare *function),
     (key, array, count, size, function), ARRAY(READ))

static char *(*next_realpath)(const char *path, char *to);

/* How long the path will be is known only when it has been found. */
static NOINLINE char *realpath_checked(const char *path, char *to, const char *name)
{
    char *found = NEXT(realpath)(path, NULL);
    if (!found)
        return NEXT(realpath)(path, to);
    size_t size = text_length(found) + 1;
    check_move(to, found, check_access(CHECK(name), to, size, WRITE));
    free(found);
    return to;
}

FORTIFIED(char *, realpath, (const char *path, char *to), (path, to),
          if (check_ours(to)) return realpath_checked(path, to, name_);)
