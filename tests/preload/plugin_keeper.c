// SPDX-License-Identifier: MIT
// A library whose data holds blocks.
#include <stdlib.h>

static void *kept;
static __thread void *kept_by_thread;

void keep_in(int slot, size_t size)
{
    static void *slots[8];
    slots[slot] = malloc(size);
    kept_by_thread = malloc(size);
}

void keep_one(size_t size)
{
    kept = malloc(size);
    kept_by_thread = malloc(size);
}
