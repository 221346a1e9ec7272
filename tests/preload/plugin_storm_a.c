// SPDX-License-Identifier: MIT
// A library that is loaded and unloaded all the time. plugin_storm_b.c is another, which comes to lie at the same addresses.
#include <stdlib.h>

static void *deep_a(int depth, size_t size)
{
    void *block = depth ? deep_a(depth - 1, size) : malloc(size);
    return block;
}

void *storm_make(size_t size)
{
    void *block = deep_a(2, size);
    return block;
}
