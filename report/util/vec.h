/* SPDX-License-Identifier: MIT
 *
 * Growable arrays: `VEC(struct point) points = {0};`, `*VEC_PUSH(&points) = p;`, `points.items[i]`,
 * `points.count`.
 */
#ifndef UTIL_VEC_H
#define UTIL_VEC_H

#include "util/xalloc.h"

#include <stdlib.h>

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, capacity;                                                                    \
    }

/* Address of a new last element, uninitialised. Elements move when the array grows. */
#define VEC_PUSH(vec)                                                                              \
    ((vec)->items = vec_room((vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items),  \
     &(vec)->items[(vec)->count++])

#define VEC_FREE(vec) (free((vec)->items), (vec)->items = NULL, (vec)->count = (vec)->capacity = 0)

/* Returns `items` with room for at least one more than `count`. */
static inline void *vec_room(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity != 0 ? *capacity * 2 : 16;
    return xalloc_resize(items, *capacity, size);
}

#endif
