// SPDX-License-Identifier: MIT
#include <stdlib.h>

static void *deep_b(int depth, size_t size)
{
    void *block = depth ? deep_b(depth - 1, size) : malloc(size);
    return block;
}

void *storm_make(size_t size)
{
    void *block = deep_b(2, size);
    return block;
}
