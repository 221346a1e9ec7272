/* SPDX-License-Identifier: MIT
 *
 * Binary search in arrays that are sorted by a 64-bit key, which each element begins with.
 */
#ifndef UTIL_LOWBOUND_H
#define UTIL_LOWBOUND_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Returns the index of the first of `count` elements of `size` bytes whose key is `least` or more;
 * `count` if there is none. */
static inline size_t lowbound(const void *items, size_t count, size_t size, uint64_t least)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint64_t key;
        memcpy(&key, (const char *)items + middle * size, sizeof key);
        if (key < least)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
